"""A device that has given the second factor proves it for thirty days, to whom it was given and to nobody else."""

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.accounts.rules import TRUSTED
from portal.core.clock import now
from portal.core.settings import current_settings
from portal.core.tokens import is_same, keyed_hash

_PEOPLE = 5


def is_trusted(person_id: int, trust_key: str) -> bool:
    """Whether this browser gave the second factor with this `trust_key` within the last thirty days."""
    mark, at = _mark(person_id, trust_key), int(now().timestamp())
    return any(is_same(kept, mark) and 0 <= at - since < TRUSTED.total_seconds() for kept, since in _read())


def trust(response: Response, person_id: int, trust_key: str) -> None:
    """Let this browser prove it from now on; sent with `response`."""
    mark, settings = _mark(person_id, trust_key), current_settings()
    others = [[kept, since] for kept, since in _read() if kept != mark]
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps([[mark, int(now().timestamp())], *others][:_PEOPLE]),
        max_age=int(TRUSTED.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
    )


def _read() -> list[tuple[str, int]]:
    try:
        return [(str(mark), int(since)) for mark, since in _serializer().loads(request.cookies.get(_cookie_name(), ""))]
    except (BadData, ValueError, TypeError):
        return []


def _mark(person_id: int, trust_key: str) -> str:
    """Stands for one second factor of one person: a new one, or none, and the cookie proves nothing."""
    return keyed_hash(current_settings().secret_key, f"trusted-device:{person_id}:{trust_key}")


def _cookie_name() -> str:
    return "__Host-trusted" if current_settings().is_https else "trusted"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt="trusted-device")
