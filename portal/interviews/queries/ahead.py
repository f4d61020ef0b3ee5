"""The interviews that a colleague takes part in or arranges, in the order in which they come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, exists, func, or_, select

from portal.applications.models import Application
from portal.core.db import UTCDateTime, fetch
from portal.interviews.models import Interview, InterviewWish, PanelMember
from portal.interviews.queries.panel import takes_part
from portal.interviews.states import TOLD_TO_ALL, InterviewFormat, InterviewState, WishKind
from portal.openings.models import Opening
from portal.people.models import Address, Person

#: How colleagues read a candidate.
_NAME: Final = func.coalesce(func.nullif(Person.name, ""), Address.email, "")


@dataclass(frozen=True)
class AheadLine:
    """An interview of somebody's, in a list by time."""

    public_id: str
    starts_at: datetime
    minutes: int
    title: str
    format: InterviewFormat
    person_name: str
    opening_title: str
    #: Whether the asker takes part and has not said how they know the candidate.
    is_to_declare: bool
    #: What the candidate told everybody about it last, where nobody has answered that.
    told: WishKind | None


_TOLD: Final = (
    select(InterviewWish.kind)
    .where(InterviewWish.interview_id == Interview.id)
    .where(InterviewWish.kind.in_(TOLD_TO_ALL))
    .where(InterviewWish.closed_at.is_(None))
    .order_by(InterviewWish.id.desc())
    .limit(1)
    .correlate(Interview)
    .scalar_subquery()
)
_AHEAD = (
    select(
        Interview.public_id,
        Interview.starts_at,
        Interview.minutes,
        Interview.title,
        Interview.format,
        _NAME,
        Opening.title,
        func.coalesce(PanelMember.staff_id.is_not(None) & PanelMember.relationship.is_(None), False),
        _TOLD,
    )
    .select_from(Interview)
    .join(Application, Application.id == Interview.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    .outerjoin(
        PanelMember, (PanelMember.interview_id == Interview.id) & (PanelMember.staff_id == bindparam("asker_id"))
    )
    .where(Application.person_id != bindparam("asker_id"))
    .where(or_(PanelMember.staff_id.is_not(None), Interview.arranged_by_id == bindparam("asker_id")))
    .where(Interview.state.in_([InterviewState.CONFIRMED, InterviewState.MOVED]))
    .where(Interview.starts_at >= bindparam("since"))
    .where(Interview.starts_at < bindparam("until"))
    .order_by(Interview.starts_at, Interview.id)
)
#: Whether the asker has one between `since` and `until`: for a statement that asks about many things at once.
HAS_AHEAD: Final = (
    exists()
    .where(Interview.state.in_([InterviewState.CONFIRMED, InterviewState.MOVED]))
    .where(Interview.starts_at >= bindparam("since", type_=UTCDateTime()))
    .where(Interview.starts_at < bindparam("until_at", type_=UTCDateTime()))
    .where(
        or_(
            Interview.arranged_by_id == bindparam("asker_id", type_=Integer),
            takes_part(bindparam("asker_id", type_=Integer)),
        )
    )
)


def ahead_for(staff_id: int, since: datetime, until: datetime) -> list[AheadLine]:
    """The interviews that this colleague takes part in or arranges and that begin in this time, the next first."""
    return [AheadLine(*row) for row in fetch(_AHEAD, {"asker_id": staff_id, "since": since, "until": until})]
