"""What a browser keeps for us: which mail it asked for, where it wanted to go, and how far it is on its way in."""

from dataclasses import dataclass

from flask import Blueprint, redirect, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import end_session, follow_browser, trust_this_device
from portal.accounts.public_views.trusted_device import is_trusted
from portal.accounts.queries import SignedIn, find_identity, second_factor_of
from portal.accounts.rules import Step
from portal.core.clock import now
from portal.core.identifiers import new_secret
from portal.core.tokens import TokenKind
from portal.web.audiences import local_path
from portal.web.browser_zone import browser_zone
from portal.web.identity import Identity, identity, maybe_identity
from portal.web.signing_in import remember

blueprint = Blueprint("accounts", __name__)

_ASKED = "asked"
_HALFWAY = "halfway"
#: In the session: forms that were sent by somebody who was no longer signed in, and whose each is (see kept_forms).
KEPT = "kept"


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
    """Sign this browser in with a new device session, and go on: to `wanted`, if it is ours, else home.

    Staff with a second factor give it first, unless they did here within the last thirty days.
    """
    before = maybe_identity()
    if before is not None:
        end_session(before.session_id, before.person_id, now())
    remember(secret)
    found = halfway()
    trusted = _trusted_again(found) if found is not None and found.step is Step.CODE else ""
    if trusted:
        remember(trusted)
        found = None
    if found is not None:
        return redirect(url_for("public.accounts.second_factor", next=local_path(wanted or "")), 303)
    _follow_this_browser()
    return redirect(way_on(wanted), 303)


def _follow_this_browser() -> None:
    me = maybe_identity()
    if me is not None:
        follow_browser(me.person_id, browser_zone(), now())


def _trusted_again(found: SignedIn) -> str:
    """The session's secret from now on if this device remembers the second factor, else empty."""
    present = second_factor_of(found.person_id)
    if present is None or not is_trusted(found.person_id, present.trust_key):
        return ""
    return trust_this_device(found.person_id, found.session_id, present.trust_key, now())


def note_halfway(secret: str) -> None:
    """Keep the device session whose second factor is still to be given; for this browser it counts as signed out."""
    if session.get(_HALFWAY) != secret:
        session[_HALFWAY] = secret


def waiting_secret() -> str:
    """The secret of the device session that waits in this browser; empty when none does."""
    return str(session.get(_HALFWAY, ""))


def halfway() -> SignedIn | None:
    """Who has come in here but for the second factor, if anybody; `step` says what is still to be done."""
    secret = waiting_secret()
    found = find_identity(secret, now()) if secret and maybe_identity() is None else None
    return found if found is not None and found.step is not Step.IN else None


def has_kept_form(me: Identity) -> bool:
    """Whether something that this person wrote waits for them in this browser."""
    return any(entry["who"] == me.public_id for entry in session.get(KEPT, []))


def way_on(wanted: str | None) -> str:
    """Where somebody who is signed in goes next."""
    path = local_path(wanted or "")
    is_staff = identity().is_staff
    if path and (is_staff or not path.startswith("/recruiting")):
        return path
    if has_kept_form(identity()):
        return url_for("public.accounts.kept_forms")
    return url_for("recruiting.desk.home" if is_staff else "candidate.journey.home")
