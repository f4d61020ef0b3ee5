"""Who was asked, began to answer or was passed over is counted: later, by a job, and never by what it counts.

A count that goes up with an answer would be a row that all answers wait for, and its moment would say when.
"""

from collections import Counter
from collections.abc import Sequence
from secrets import SystemRandom
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from portal.core.db import insert_into, transaction
from portal.surveys.models import NOT_COUNTED, SurveyInvitation, SurveyReach
from portal.surveys.rules.reaching import ASKED, adds, counts_as
from portal.surveys.states import CountedAs

_random: Final = SystemRandom()
_COUNTED: Final = (
    update(SurveyInvitation.__table__)  # type: ignore[arg-type]
    .where(SurveyInvitation.__table__.c.id == bindparam("invitation_id"))
    .values(counted_as=bindparam("becomes"))
)


def count_some(ids: Sequence[int]) -> None:
    """Count these invitations as what they are by now; one that somebody is at work on is left for the next time."""
    with transaction() as session:
        _count(session, SurveyInvitation.id.in_(ids), skip_locked=True)


def count_before_erasing(which: ColumnElement[bool]) -> None:
    """Count the invitations that are about to be deleted: who was asked stays counted; joins the transaction."""
    with transaction() as session:
        _count(session, which, skip_locked=False)


def uncount(row: SurveyInvitation) -> None:
    """Whoever was counted and was not asked after all is counted when they are; joins the transaction."""
    if row.counted_as is CountedAs.ASKED:
        add_to_reach(Counter({(row.survey_id, ASKED): -1}))


def add_to_reach(counts: Counter[tuple[int, str]]) -> None:
    """Let counts go up or down, by survey and by what is counted; joins the transaction."""
    # In one order, so that two who count do not wait for each other.
    rows = [{"survey_id": key[0], "what": key[1], "count": count} for key, count in sorted(counts.items())]
    if not rows:
        return
    with transaction() as session:
        made = insert_into(SurveyReach, session.connection().dialect.name)
        adding = made.on_conflict_do_update(
            index_elements=["survey_id", "what"], set_={"count": SurveyReach.count + made.excluded.count}
        )
        session.execute(adding, rows)


def _count(session: Session, which: ColumnElement[bool], *, skip_locked: bool) -> None:
    found = (
        select(
            SurveyInvitation.id,
            SurveyInvitation.survey_id,
            SurveyInvitation.why_not,
            SurveyInvitation.is_opened,
            SurveyInvitation.counted_as,
        )
        .where(which)
        .where(NOT_COUNTED)
        .order_by(SurveyInvitation.id)
        .with_for_update(skip_locked=skip_locked)
    )
    counts: Counter[tuple[int, str]] = Counter()
    rows: list[dict[str, Any]] = []
    for one in session.execute(found):
        becomes = counts_as(one.why_not, is_opened=one.is_opened)
        counts.update((one.survey_id, what) for what in adds(one.counted_as, becomes, one.why_not))
        rows.append({"invitation_id": one.id, "becomes": becomes})
    if rows:
        # One by one in a drawn order: the rows are written anew, and must not lie as they were answered.
        _random.shuffle(rows)
        session.connection().execute(_COUNTED, rows)
    add_to_reach(counts)
