"""Segments hold rules and nobody; they point to the colleagues who made them."""

from datetime import datetime

from sqlalchemy import select, update

from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.segments.models import Segment

TABLES: tuple[type[Model], ...] = (Segment,)


def export(person_id: int) -> list[ExportSection]:
    """For staff: the segments that are theirs. Who is in a segment is found anew each time and kept nowhere."""
    mine = select(Segment.name, Segment.changed_at).where(Segment.owner_id == person_id)
    rows = session().execute(mine.where(Segment.removed_at.is_(None)).order_by(Segment.name, Segment.id)).all()
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Segments of yours"),
            rows=[(name, _("changed on %(day)s", day=format_day(at))) for name, at in rows],
            kept=_("Until you remove them, or a colleague takes over your work."),
            seen_by=_("You, and your colleagues where you share them."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Nobody changed these segments last any more; whoever owned some has handed over. Joins the transaction."""
    with transaction() as own:
        own.execute(update(Segment).where(Segment.changed_by_id == person_id).values(changed_by_id=None))


def retention(now: datetime) -> None:
    """A segment holds nobody and does not age."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """The segments of both are the segments of `kept_id`; joins the transaction."""
    with transaction() as own:
        own.execute(update(Segment).where(Segment.owner_id == gone_id).values(owner_id=kept_id))
        own.execute(update(Segment).where(Segment.changed_by_id == gone_id).values(changed_by_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` owns the segments of `from_id`, who keeps having changed them; joins the transaction."""
    with transaction() as own:
        own.execute(update(Segment).where(Segment.owner_id == from_id).values(owner_id=to_id))
