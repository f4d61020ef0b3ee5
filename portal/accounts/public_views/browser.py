"""What a browser keeps for us: which mail it asked for, where it wanted to go, where it has signed in before."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, session, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.accounts.actions import end_session
from portal.core.clock import now
from portal.core.identifiers import new_secret
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, keyed_hash
from portal.web.audiences import local_path
from portal.web.identity import identity, maybe_identity
from portal.web.signing_in import remember

blueprint = Blueprint("accounts", __name__)

_ASKED = "asked"
_KNOWN_FOR = 2 * 365 * 24 * 60 * 60
_KNOWN_ADDRESSES = 5


@dataclass(frozen=True)
class Asked:
    """A mail that this browser asked for; `secret` makes its code good here and nowhere else."""

    email: str
    secret: str
    wanted: str


def note_asking(kind: TokenKind, email: str, wanted: str | None) -> str:
    """Keep in the signed cookie that this browser asks for a mail; the secret that ties the code to it."""
    secret = new_secret()
    session[_ASKED] = {"kind": str(kind), "email": email, "secret": secret, "wanted": wanted or ""}
    return secret


def asked_for(kind: TokenKind) -> Asked | None:
    """The mail of this kind that this browser asked for last, if any."""
    kept = session.get(_ASKED) or {}
    if kept.get("kind") != kind:
        return None
    return Asked(kept["email"], kept["secret"], kept["wanted"])


def let_in(secret: str, wanted: str | None = None) -> Response:
    """Sign this browser in with a new device session, and go on: to `wanted`, if it is ours, else home."""
    before = maybe_identity()
    if before is not None:
        end_session(before.session_id, before.person_id, now())
    remember(secret)
    return redirect(way_on(wanted), 303)


def way_on(wanted: str | None) -> str:
    """Where somebody who is signed in goes next."""
    path = local_path(wanted or "")
    is_staff = identity().is_staff
    if path and (is_staff or not path.startswith("/recruiting")):
        return path
    return url_for("recruiting.desk.home" if is_staff else "candidate.journey.home")


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
