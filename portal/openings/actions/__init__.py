"""Changes to openings."""

from portal.openings.actions.deciding import look_at_decision
from portal.openings.actions.drafting import NotAtWork, change_people, create_opening, save_draft
from portal.openings.actions.known import assign_opening, find_or_add_opening
from portal.openings.actions.publishing import (
    Published,
    mark_finished,
    publish_opening,
    stop_accepting,
    stop_if_ended,
)
from portal.openings.actions.reopening import open_again, open_for_those_within

__all__ = [
    "NotAtWork",
    "Published",
    "assign_opening",
    "change_people",
    "create_opening",
    "find_or_add_opening",
    "look_at_decision",
    "mark_finished",
    "open_again",
    "open_for_those_within",
    "publish_opening",
    "save_draft",
    "stop_accepting",
    "stop_if_ended",
]
