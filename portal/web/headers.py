"""Headers on every response, errors too."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from portal.core.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
V = TypeVar("V", bound=Callable[..., Any])
_YEAR = 365 * 24 * 60 * 60


def add_headers(app: Flask, settings: Settings) -> None:
    """Send the security headers with everything."""

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
        if _is_lasting() and response.status_code < 400:
            lasting = f"public, max-age={_YEAR}, immutable" if request.args.get("v") else "public, max-age=300"
            headers["Cache-Control"] = lasting
        else:
            headers["Cache-Control"] = "no-store"
            headers.add("Vary", "Cookie, Accept-Language")
        return response


def lasts(view: V) -> V:
    """Mark a view whose answer to one address never changes, as long as the address names a version (`v`)."""
    view.is_lasting = True  # type: ignore[attr-defined]  # a mark on a function
    return view


def _is_lasting() -> bool:
    if request.endpoint == "static":
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_lasting", False) and bool(request.args.get("v"))


def _stay_here(response: Response) -> None:
    """Name only the path when we lead to ourselves: the router would repeat whatever `Host` the request claims."""
    target, own = response.headers.get("Location", ""), request.host_url
    if target.startswith(own):
        response.headers["Location"] = "/" + target.removeprefix(own).lstrip("/")


def _holds_a_token() -> bool:
    return "token" in (request.view_args or {})
