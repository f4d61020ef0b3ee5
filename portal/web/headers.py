"""Headers on every response, errors too."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from portal.core.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
V = TypeVar("V", bound=Callable[..., Any])
_WEEK = 7 * 24 * 60 * 60
_YEAR = 365 * 24 * 60 * 60


def add_headers(app: Flask, settings: Settings) -> None:
    """Send the security headers with everything."""
    app.session_interface = PageSessions()

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        _stay_here(response)
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer" if _holds_a_token() else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers.setdefault("X-Frame-Options", "DENY")
        if settings.is_https:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        lasting = _lasting()
        if lasting and response.status_code < 400:
            headers["Cache-Control"] = lasting
        else:
            headers["Cache-Control"] = "no-store"
            response.vary.update(("Cookie", "Accept-Language"))
        return response


def lasts(view: V) -> V:
    """Mark a view whose answer to one address never changes, as long as the address names a version (`v`)."""
    view.lasting = f"public, max-age={_YEAR}, immutable"  # type: ignore[attr-defined]  # a mark on a function
    return view


def lasts_for_the_reader(view: V) -> V:
    """Mark a view whose answer never changes but may be taken away: browsers keep it for a week, nobody between."""
    view.lasting = f"private, max-age={_WEEK}, immutable"  # type: ignore[attr-defined]  # a mark on a function
    view.names_itself = True  # type: ignore[attr-defined]
    return view


class PageSessions(SecureCookieSessionInterface):
    """What a browser keeps sets no cookie, and is the same whatever cookies it is asked for with."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not _lasting() or response.status_code >= 400:
            super().save_session(app, session, response)


def _lasting() -> str:
    """How long browsers may keep the answer of the view that was asked; empty: not at all."""
    has_version = bool(request.args.get("v"))
    if request.endpoint == "static":
        return f"public, max-age={_YEAR}, immutable" if has_version else "public, max-age=300"
    view = current_app.view_functions.get(request.endpoint or "")
    lasting: str = getattr(view, "lasting", "")
    return lasting if has_version or getattr(view, "names_itself", False) else ""


def _stay_here(response: Response) -> None:
    """Name only the path when we lead to ourselves: the router would repeat whatever `Host` the request claims."""
    target, own = response.headers.get("Location", ""), request.host_url
    if target.startswith(own):
        response.headers["Location"] = "/" + target.removeprefix(own).lstrip("/")


def _holds_a_token() -> bool:
    return "token" in (request.view_args or {})
