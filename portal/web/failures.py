"""Error pages: what happened, what to do, and the number to quote."""

import errno
import logging
import secrets

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from portal.core.clock import monotonic
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.logs import log
from portal.web.audiences import ask_to_sign_in
from portal.web.identity import maybe_identity
from portal.web.kept_forms import (
    Again,
    is_behind_a_gate,
    keep_what_was_sent,
    sendable_again,
    writer_of_form,
)
from portal.web.traces import leaves_no_trace

#: Seconds after which whoever could not be served may try again by themselves.
_TRY_AGAIN_AFTER = "30"
#: A disk that takes nothing more.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_Page = tuple[str, int] | tuple[str, int, dict[str, str]]


def number_requests(app: Flask) -> None:
    """Give each request an id, in its log lines, its header and its error page."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(6)
        g.begun = monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint != "static" and not leaves_no_trace():
            found = maybe_identity()
            log.info(
                "request",
                method=request.method,
                route=str(request.url_rule or "-"),
                status=response.status_code,
                ms=round((monotonic() - g.get("begun", monotonic())) * 1000, 1),
                who=found.public_id if found else "-",
            )
        return response


def without_lines(blueprint: Blueprint) -> Blueprint:
    """Let requests to these pages leave no line in our log: when somebody was here is part of what nobody may know."""
    blueprint.leaves_no_line = True  # type: ignore[attr-defined]  # a mark on a blueprint
    return blueprint


def _leaves_a_line(_record: logging.LogRecord) -> bool:
    return not (has_request_context() and leaves_no_trace())


def show_failures(app: Flask) -> None:
    """Answer every error with a page in plain words."""
    # It writes a line of its own for a form that has expired, before any page of ours is asked.
    logging.getLogger("flask_wtf.csrf").addFilter(_leaves_a_line)

    @app.errorhandler(NotFound)
    def missing(error: NotFound) -> tuple[str, int]:
        return _page(404)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> AnyResponse | tuple[str, int]:
        return _give_back() or _page(
            400, _("This form has expired"), _("Please go back, reload the page and send it again.")
        )

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        return _page(error.code or 500)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(NoConnectionFree)
    def database_down(error: SQLAlchemyError) -> _Page:
        log.error("database", exc_info=error)
        return _later()

    app.register_error_handler(OSError, _disk_full)
    # Before Flask-SQLAlchemy does so: with a database that has gone, a page that is done would become an error.
    app.teardown_appcontext(lambda _error: end_reading())

    @app.errorhandler(500)
    def broken(error: Exception) -> tuple[str, int]:
        _ask_nothing_more()
        return _page(500)


def _disk_full(error: OSError) -> _Page:
    if error.errno not in _FULL:
        raise error
    log.error("disk", exc_info=error)
    return _later()


def _later() -> _Page:
    """What was sent could not be saved; it stands in the page, where that is possible, and can be sent again."""
    _ask_nothing_more()
    return *_page(503, again=sendable_again()), {"Retry-After": _TRY_AGAIN_AFTER}


def _ask_nothing_more() -> None:
    """Let the page that says what broke, and the log, do without who is asking: that may be what cannot be read."""
    g.setdefault("identity", None)
    end_reading()


def _give_back() -> AnyResponse | None:
    """Lead somebody whose session has changed since they began to write to what they wrote; nobody else."""
    writer = writer_of_form()
    if not writer or not is_behind_a_gate():
        return None
    found = maybe_identity()
    if found is None:
        return ask_to_sign_in()
    if found.public_id != writer:
        return None
    kept_at = keep_what_was_sent()
    return redirect(kept_at, 303) if kept_at else None


def _page(code: int, title: str = "", text: str = "", again: Again | None = None) -> tuple[str, int]:
    if not title:
        title, text = _words(code)
    page = render_template(
        "errors/error.html",
        code=code,
        title=title,
        text=text,
        request_id=g.get("request_id", ""),
        again=again,
        is_opening=code == 404 and _is_about_an_opening(),
    )
    return page, code


def _is_about_an_opening() -> bool:
    """Whether this address is one of an opening; whether there is one, was one or will be one makes no difference."""
    return request.path.startswith("/openings/")


def _words(code: int) -> tuple[str, str]:
    if code == 404 and _is_about_an_opening():
        return _("There is no opening here"), _(
            "If there was one, it is no longer here, or the address was mistyped on the way."
        )
    if code == 404:
        return _("We cannot find this page"), _(
            "The address may be mistyped, the link may be too old, or it belongs to somebody else's account."
        )
    if code == 413:
        return _("This is too large"), _("Please send a smaller file.")
    if code == 429:
        return _("That was too often"), _("Please wait a few minutes and try again.")
    if code == 503:
        return _("We cannot save anything just now"), _("Please try again in a minute. What you typed is still there.")
    if code < 500:
        return _("We could not read that"), _("Please go back, check what you entered and try again.")
    return _("Something broke on our side"), _("We have noted it. Please try again in a minute.")
