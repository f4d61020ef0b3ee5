"""The blueprint of a candidate's applications, and which one the asker may read."""

from flask import Blueprint, session
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView, find_application_of, find_followed
from portal.applications.queries.following import has_signed_out_everywhere
from portal.applications.rules import FOLLOWING, followed_since
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.tokens import RULES, TokenKind
from portal.web.audiences import ask_to_sign_in
from portal.web.identity import identity, maybe_identity

blueprint = Blueprint("applications", __name__)


def find_to_read(public_id: str) -> tuple[ApplicationView, bool] | Response:
    """The asker's own application, or one that this browser follows, and whether it is their own.

    Visitors are asked to sign in; raises NotFound.
    """
    me = maybe_identity()
    own = find_application_of(me.person_id, public_id) if me else None
    if own is not None:
        return own, True
    followed = _find_followed(public_id)
    if followed is not None:
        return followed, False
    if me is None:
        return ask_to_sign_in()
    raise NotFound


def _find_followed(public_id: str) -> ApplicationView | None:
    """The application if this browser follows it, unless its candidate has signed out everywhere since it began to."""
    since = followed_since(session.get(FOLLOWING), public_id, now(), RULES[TokenKind.FOLLOW].lifetime)
    view = find_followed(public_id) if since is not None else None
    if view is None or since is None or has_signed_out_everywhere(view.person_id, since):
        return None
    return view


def find_own(public_id: str) -> ApplicationView:
    """The asker's own application; raises NotFound."""
    view = find_application_of(identity().person_id, public_id)
    if view is None:
        raise NotFound
    return view
