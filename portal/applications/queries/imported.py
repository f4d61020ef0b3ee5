"""What an import moved and the candidate does not read yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.core.db import UTCDateTime, fetch


@dataclass(frozen=True)
class SourceMove:
    """Where an application stands in the system it came from, and from when its candidate reads so."""

    status: ApplicationStatus
    takes_effect_at: datetime


_MOVING = (
    select(Application.public_id)
    .where(Application.source_moves_from <= bindparam("now", type_=UTCDateTime()))
    # Whoever wrote since has answered what was reported.
    .where(Application.change_reported_at.is_not(None))
    .order_by(Application.id)
)
_MOVE = (
    select(Application.source_moves_to, Application.source_moves_from)
    .where(Application.id == bindparam("application_id"))
    .where(Application.source_moves_to.is_not(None))
    .where(Application.source_moves_from.is_not(None))
    .where(Application.change_reported_at.is_not(None))
)


def moved_there(now: datetime) -> list[str]:
    """Public ids of applications that an import moved so long ago that their pages say so now."""
    return list(fetch(_MOVING, {"now": now}).scalars())


def source_move(application_id: int) -> SourceMove | None:
    """The move that waits for this application; None where there is none, or a colleague has answered it."""
    row = fetch(_MOVE, {"application_id": application_id}).one_or_none()
    return SourceMove(*row) if row else None
