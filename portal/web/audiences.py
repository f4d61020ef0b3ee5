"""Audiences and their gates: who may enter which part of the site at all."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.web.identity import maybe_identity
from portal.web.kept_forms import keep_what_was_sent

#: A child blueprint and the permission that all its routes need (None: the audience's gate is enough).
Child = tuple[Blueprint, Permission | None]
View = Callable[..., Any]
V = TypeVar("V", bound=View)


def open_to_followers(view: V) -> V:
    """Mark a candidate's page that decides by itself whether a browser that follows an application may read it."""
    view.is_open_to_followers = True  # type: ignore[attr-defined]  # a mark on a function
    return view


def accepts_upload(limit: int) -> Callable[[V], V]:
    """Let the request of this view be as large as `limit` bytes."""

    def mark(view: V) -> V:
        view.upload_limit = limit  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def make_audience(name: str, prefix: str, gate: Callable[[], Any] | None, children: Sequence[Child]) -> Blueprint:
    """One audience's blueprint with its gate and all its children, each behind its permission."""
    parent = Blueprint(name, __name__, url_prefix=prefix)
    parent.has_gate = gate is not None  # type: ignore[attr-defined]  # a mark on a blueprint
    if gate is not None:
        parent.before_request(gate)
    for child, permission in children:
        parent.register_blueprint(_guarded(child, permission) if permission else child)
    return parent


def _guarded(child: Blueprint, permission: Permission) -> Blueprint:
    if child not in _wrapped:
        child.before_request(lambda: _refuse_without(permission))
        _wrapped.add(child)
    return child


_wrapped: set[Blueprint] = set()


def _refuse_without(permission: Permission) -> None:
    found = maybe_identity()
    if found is None or not found.may(permission):
        abort(404)


def candidate_gate() -> Response | None:
    """Only people who are signed in; staff too, for their own applications."""
    view = current_app.view_functions.get(request.endpoint or "")
    if maybe_identity() is None and not getattr(view, "is_open_to_followers", False):
        return ask_to_sign_in()
    return None


def staff_gate() -> Response | None:
    """Only staff: others are told that there is nothing here."""
    found = maybe_identity()
    if found is None:
        return ask_to_sign_in()
    if not found.is_staff:
        abort(404)
    return None


def ask_to_sign_in() -> Response:
    """To the sign-in page, and back to where the person wanted to go; what they sent is kept for them."""
    if request.method == "GET":
        wanted = request.full_path.rstrip("?")
    else:
        wanted = keep_what_was_sent() or request.referrer or ""
    return redirect(url_for("public.accounts.sign_in", next=local_path(wanted)), 303)


def local_path(target: str) -> str | None:
    """`target` if it is a path of our own, else None: `next=` never leads elsewhere."""
    own = request.host_url.rstrip("/")
    if target.startswith(own + "/"):
        target = target[len(own) :]
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    has_trick = any(c in target for c in "\\\r\n\t") or any(ord(c) < 32 for c in target)
    return target if is_path and not has_trick else None
