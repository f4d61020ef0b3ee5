"""A browser that has signed in with an address before proves it: it counts its own tries, whatever strangers use up."""

from flask import Response, request
from itsdangerous import BadData, URLSafeSerializer

from portal.core.identifiers import new_secret
from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash

_KNOWN_FOR = 2 * 365 * 24 * 60 * 60
_KNOWN_ADDRESSES = 5


def has_mark() -> bool:
    """Whether this browser sends a mark of a known device at all, good or not."""
    return _cookie_name() in request.cookies


def known_device(email: str) -> str:
    """The name of this browser if it has signed in with `email` before, else empty: it counts its own tries."""
    device, marks = _read_known()
    return device if device and _mark(device, email) in marks else ""


def remember_address(response: Response, email: str) -> None:
    """Let this browser prove for two years that it has signed in with `email`; sent with `response`."""
    device, marks = _read_known()
    device = device or new_secret()
    mark = _mark(device, email)
    kept = [mark, *(other for other in marks if other != mark)][:_KNOWN_ADDRESSES]
    settings = current_settings()
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps([device, kept]),
        max_age=_KNOWN_FOR,
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
    )


def _read_known() -> tuple[str, list[str]]:
    try:
        device, marks = _serializer().loads(request.cookies.get(_cookie_name(), ""))
    except (BadData, ValueError, TypeError):
        return "", []
    return device, marks


def _mark(device: str, email: str) -> str:
    """Stands for an address in the cookie, which must not say which addresses were used here."""
    return keyed_hash(current_settings().secret_key, f"known-device:{device}:{email}")[:24]


def _cookie_name() -> str:
    return "__Host-known" if current_settings().is_https else "known"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt="known-device")
