"""Signing in and out, forgotten passwords, invitations; and who a request comes from."""

from flask import Flask, Response, g

from portal.accounts.actions import note_seen
from portal.accounts.adapters import prepare_decoy
from portal.accounts.public_views import addresses, invitations, kept_forms, passwords, second_factor, sign_in
from portal.accounts.public_views.browser import blueprint, note_halfway
from portal.accounts.public_views.sent_twice import answer_second_click
from portal.accounts.queries import SignedIn, find_identity
from portal.accounts.rules import SEEN_STEP, Step
from portal.core.clock import now
from portal.core.permissions import Role
from portal.web.identity import Identity, login_manager
from portal.web.kept_forms import keep_forms_with
from portal.web.known_device import has_mark, known_device, remember_address
from portal.web.signing_in import is_idle

__all__ = [
    "addresses",
    "blueprint",
    "connect_sign_in",
    "invitations",
    "kept_forms",
    "passwords",
    "second_factor",
    "sign_in",
]


def connect_sign_in(app: Flask) -> None:
    """Let every request know who it comes from; note, at most hourly, that they were here, and from which browser."""
    login_manager.user_loader(_load_identity)
    app.before_request(answer_second_click)
    app.after_request(_note_device)
    app.after_request(kept_forms.forget_what_was_sent)
    keep_forms_with(app, kept_forms.KEEPER)
    prepare_decoy()


def _load_identity(secret: str) -> Identity | None:
    found = find_identity(secret, now())
    if found is None:
        return None
    if found.step is not Step.IN:
        note_halfway(secret)
        return None
    if found.role is not Role.CANDIDATE and is_idle():
        return None
    g.signed_in = found
    return Identity(
        person_id=found.person_id,
        public_id=found.public_id,
        name=found.name,
        email=found.email,
        role=found.role,
        locale=found.locale,
        timezone=found.timezone,
        session_id=found.session_id,
        session_secret=secret,
    )


def _note_device(response: Response) -> Response:
    found: SignedIn | None = g.get("signed_in")
    if found is None:
        return response
    at = now()
    is_time = at - found.last_seen_at >= SEEN_STEP
    # Reading the mark costs a signature: not on every page.
    if (is_time or g.get("has_just_signed_in") or not has_mark()) and not known_device(found.email):
        remember_address(response, found.email)
    if is_time:
        note_seen(found.session_id, at)
    return response
