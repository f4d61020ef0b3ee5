"""Structured logs that say who did what and never hold a secret, a token or an address."""

import logging
import re
import sys
from typing import Any

import structlog

_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"',;]+")
#: Tokens stand in paths such as /confirm/<token>: long runs of URL-safe characters.
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,}")
_PLAIN_KEYS = frozenset({"event", "level", "timestamp", "logger", "request_id", "exception", "delivery", "job"})

log: structlog.stdlib.BoundLogger = structlog.get_logger("portal")


def _redact(_logger: object, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    for key, value in entry.items():
        if isinstance(value, str):
            text = _ADDRESS.sub("[address]", value)
            entry[key] = text if key in _PLAIN_KEYS else _SECRET.sub("[secret]", text)
    return entry


def redact(text: str) -> str:
    """`text` without addresses and anything as long as a token."""
    return _SECRET.sub("[secret]", _ADDRESS.sub("[address]", text))


def configure_logs(form: str, level: int = logging.INFO) -> None:
    """Write one line an event to standard error: `form` is "text" or "json"."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("sqlalchemy.engine", "alembic", "mail.log", "_granian"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
