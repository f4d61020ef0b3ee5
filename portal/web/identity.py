"""Who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g, has_request_context, request
from flask_login import LoginManager, current_user

from portal.core.permissions import Permission, Role, is_allowed

V = TypeVar("V", bound=Callable[..., Any])

login_manager = LoginManager()
# Our own session rows end sessions; Flask-Login's fingerprint would only sign people out who change networks.
login_manager.session_protection = None


@dataclass(frozen=True)
class Identity:
    """A signed-in person, as far as every page needs to know them."""

    person_id: int
    public_id: str
    name: str
    email: str
    role: Role
    locale: str
    timezone: str
    session_id: int
    session_secret: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the signed cookie holds: the device session's secret."""
        return self.session_secret

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.CANDIDATE

    def may(self, permission: Permission) -> bool:
        """Whether this person's role allows `permission`."""
        return is_allowed(self.role, permission)


def identity() -> Identity:
    """The person who is signed in; only where the audience's gate has let them in."""
    found = maybe_identity()
    if found is None:
        raise RuntimeError("this page has no gate")
    return found


def for_machines(view: V) -> V:
    """Mark a view that answers alike whoever asks: a session cookie is not looked at, so no database is needed."""
    view.is_for_machines = True  # type: ignore[attr-defined]  # a mark on a function
    return view


def maybe_identity() -> Identity | None:
    """The person who is signed in, if any."""
    if "identity" not in g:
        user = None if is_for_machines() else current_user._get_current_object()
        g.identity = user if isinstance(user, Identity) else None
    found: Identity | None = g.identity
    return found


def is_for_machines() -> bool:
    """Whether the view that answers looks at nobody; see `for_machines`."""
    view = current_app.view_functions.get(request.endpoint or "") if has_request_context() else None
    return getattr(view, "is_for_machines", False)


def forget_identity() -> None:
    """Ask again at the next use: somebody has just signed in or out."""
    g.pop("identity", None)
