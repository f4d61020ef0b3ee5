"""Tying a browser to a device session, and untying it."""

from flask import g, request, session
from flask_login import login_user, logout_user

from portal.core.clock import now
from portal.web.identity import Identity, forget_identity, login_manager
from portal.web.kept_forms import name_the_reader

#: Staff who do nothing for so long sign in again; seconds.
STAFF_IDLE = 2 * 60 * 60
_SEEN_STEP = 60
#: What a browser held before sign-in and still holds after it: each says itself whose it is.
_KEPT = ("following", "kept")


def remember(secret: str) -> None:
    """Sign this browser in with the device session's `secret`; most of what it held before is dropped."""
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session["seen"] = int(now().timestamp())
    load = login_manager._user_callback
    found = load(secret) if load else None
    if isinstance(found, Identity):
        login_user(found, remember=False)
        name_the_reader(found.public_id)
        g.has_just_signed_in = True
    forget_identity()


def is_idle() -> bool:
    """Whether the time since the last request of this browser, kept in its signed cookie, is too long for staff; if it
    is not, it begins anew. Once it is, only `remember` ends it.
    """
    at = int(now().timestamp())
    seen = session.get("seen", at)
    if at - seen > STAFF_IDLE:
        return True
    if at - seen > _SEEN_STEP or "seen" not in session:
        session["seen"] = at
    return False


def forget() -> None:
    """Sign this browser out and drop all it held."""
    logout_user()
    session.clear()
    forget_identity()


def device_name() -> str:
    """What the browser calls itself, in a few words: "Firefox on Linux"."""
    agent = request.headers.get("User-Agent", "")
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "A browser")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def client_address() -> str:
    """The network address that limits count by; behind proxies the one they vouch for."""
    return request.remote_addr or "unknown"
