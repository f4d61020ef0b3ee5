"""Tying a browser to a device session, and untying it."""

from flask import g, request, session
from flask_login import login_user, logout_user

from portal.core.clock import now
from portal.web.identity import Identity, forget_identity, login_manager


def remember(secret: str) -> None:
    """Sign this browser in with the device session's `secret`; what it held before sign-in is dropped."""
    kept = {name: session[name] for name in ("following",) if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session["seen"] = int(now().timestamp())
    load = login_manager._user_callback
    found = load(secret) if load else None
    if isinstance(found, Identity):
        login_user(found, remember=False)
        g.has_just_signed_in = True
    forget_identity()


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
