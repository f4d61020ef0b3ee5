"""What all pages of updates need: the blueprint, the update that is asked for, and what things are called."""

from flask import Blueprint

from portal.company.queries import areas
from portal.core.errors import NotFound
from portal.segments.queries import segments_for
from portal.updates.queries import UpdateView, find_for_staff, openings_to_name
from portal.updates.rules import UpdateContent
from portal.updates.states import Audience
from portal.web.identity import identity

blueprint = Blueprint("updates", __name__)


def find(public_id: str) -> UpdateView:
    """The update with this public id; raises NotFound."""
    view = find_for_staff(public_id)
    if view is None:
        raise NotFound
    return view


def segment_choices() -> list[tuple[str, str]]:
    """Public id and name of the segments that the colleague may use."""
    return [(one.public_id, one.name) for one in segments_for(identity().person_id) if one.tree is not None]


def names_for(content: UpdateContent) -> dict[str, str]:
    """What those whom an update is for are called, by what stands for them in it."""
    segments = dict(segment_choices()) if content.audience is Audience.SEGMENT else {}
    return {**{area.key: area.label for area in areas()}, **segments}


def names() -> dict[str, str]:
    """What areas, openings and segments are called, by what stands for them in an update."""
    return {**{area.key: area.label for area in areas()}, **dict(openings_to_name()), **dict(segment_choices())}
