"""The blueprints of feedback, and whose feedback the asker may see."""

from flask import Blueprint, g

from portal.applications.queries import StaffScope
from portal.core.errors import NotFound
from portal.feedback.queries import DebtView, find_debt
from portal.feedback.queries.staff import PanelsFound, find_panels
from portal.web.identity import identity

blueprint = Blueprint("feedback", __name__)
#: What only admins do.
holds = Blueprint("feedback_holds", __name__)


def asker() -> StaffScope:
    """Who asks."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def found_panels(public_id: str) -> PanelsFound | None:
    """What the page of this application says about its feedback, read once for all parts of that page."""
    known: dict[str, PanelsFound | None] = g.setdefault("feedback_panels", {})
    if public_id not in known:
        known[public_id] = find_panels(public_id, asker())
    return known[public_id]


def found_debt(public_id: str) -> DebtView:
    """What is or was owed on this application, if the asker may see it; raises NotFound."""
    debt = find_debt(public_id, asker())
    if debt is None:
        raise NotFound
    return debt
