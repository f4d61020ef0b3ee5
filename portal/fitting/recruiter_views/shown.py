"""Who may fit and who was invited, as boxes on the pages of openings and of people, which other features have."""

from collections.abc import Callable

from flask import render_template
from markupsafe import Markup

from portal.core.permissions import Permission
from portal.fitting.queries import came_of, invitations_of
from portal.fitting.recruiter_views.finding import blueprint
from portal.openings.queries import OpeningView
from portal.web.identity import identity


@blueprint.app_context_processor
def boxes_for_templates() -> dict[str, Callable[..., Markup]]:
    """Lets the page of an opening show what came of inviting, and the card of a person to what they were invited."""
    return {"fitting_of_opening": _of_opening, "fitting_of_person": _of_person}


def _of_opening(view: OpeningView) -> Markup:
    """Nothing for an opening that was never published, and for colleagues who invite nobody."""
    me = identity()
    if view.published_at is None or not me.may(Permission.WRITE_TO_CANDIDATES):
        return Markup()
    came = came_of(view.id, me.person_id)
    return Markup(render_template("recruiting/fitting/_opening.html", view=view, came=came))  # noqa: S704 - escaped


def _of_person(person_id: int) -> Markup:
    """Nothing on one's own card, where nobody was invited, and for colleagues who invite nobody."""
    me = identity()
    if person_id == me.person_id or not me.may(Permission.WRITE_TO_CANDIDATES):
        return Markup()
    found = invitations_of(person_id)
    return Markup(render_template("recruiting/fitting/_card.html", invitations=found))  # noqa: S704 - escaped
