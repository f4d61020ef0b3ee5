"""What all pages of notes and tags need: the blueprints, who asks, and what an address is about."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.core.errors import NotFound
from portal.notes.queries import About
from portal.web.identity import identity

#: About applications: hiring managers as well.
blueprint = Blueprint("notes", __name__)
#: About people: for those who may see everybody we know.
people = Blueprint("person_notes", __name__)
#: About the tags themselves: for the same.
tags = Blueprint("tags", __name__)
Answer = Response | tuple[str, int]


def asker() -> StaffScope:
    """Who asks, and what they may see."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def found_or_404(about: About | None) -> About:
    """What an address is about; 404 when there is no such thing for the asker."""
    if about is None:
        raise NotFound
    return about
