"""Putting an opening that an import made away, because it is another one here, and bringing it back."""

from datetime import datetime

from portal.core.db import transaction
from portal.openings.actions.locking import locked
from portal.openings.actions.reopening import settle_look
from portal.openings.states import OpeningState


def put_away(opening_id: int, now: datetime) -> None:
    """Finish an opening without a day, as everybody in it goes to another one; part of the caller's transaction.

    Nothing finds it to work on any more; its own address still does. Raises NotFound.
    """
    with transaction() as session:
        opening = locked(session, opening_id)
        opening.state, opening.finished_at = OpeningState.FINISHED, None
        settle_look(opening, now)


def bring_back(opening_id: int) -> None:
    """Let an opening that was put away be one of its own again; part of the caller's transaction. Raises NotFound."""
    with transaction() as session:
        locked(session, opening_id).state = OpeningState.DRAFT
