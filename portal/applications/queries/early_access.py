"""Early access in numbers, and who stands behind each: who could see an opening first, who applied when, how far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, literal, or_, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import Shown, is_accepted, with_shown
from portal.applications.rules.early_access import (
    INTERVIEW_OR_FURTHER,
    OFFER_OR_FURTHER,
    Counts,
    Group,
    Reached,
)
from portal.applications.states import ApplicationStatus
from portal.community.models import Membership, PersonArea
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.people.models import Address, Person

#: Stands beside the groups for what came with an import: when those people applied, or as whom, is not known here.
_IMPORTED: Final = "imported"


@dataclass(frozen=True)
class EarlyOpening:
    """An opening that members could see first."""

    id: int
    public_id: str
    title: str
    state: OpeningState
    published_at: datetime
    public_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether everybody could see it by now, so that there are others to compare with."""
        return self.public_at <= now


@dataclass(frozen=True)
class EarlyNumbers:
    """What came of early access to one opening."""

    groups: dict[Group, Counts] = field(default_factory=lambda: {one: Counts() for one in Group})
    #: Applications that an import brought; they are in no group.
    imported: int = 0

    def plus(self, other: "EarlyNumbers") -> "EarlyNumbers":
        """Both together."""
        groups = {one: self.groups[one] + other.groups[one] for one in Group}
        return EarlyNumbers(groups, self.imported + other.imported)


@dataclass(frozen=True)
class EarlyPerson:
    """Somebody behind a number: a member who could see it first, or an application."""

    person_public_id: str
    name: str
    email: str
    #: When they applied; of a member who only could see it, when they joined.
    at: datetime
    application_public_id: str | None
    opening_title: str
    #: What they read now; None in a list of members.
    status: ApplicationStatus | None = None

    @property
    def label(self) -> str:
        """As colleagues call them."""
        return self.name or self.email


_HAD_EARLY = Opening.published_at.is_not(None) & (Opening.public_at > Opening.published_at)
#: The early days end when everybody sees it, or when it stops before.
_EARLY_UNTIL = case((Opening.stopped_at < Opening.public_at, Opening.stopped_at), else_=Opening.public_at)
_OPENINGS = (
    select(Opening.id, Opening.public_id, Opening.title, Opening.state, Opening.published_at, Opening.public_at)
    .where(_HAD_EARLY)
    .order_by(Opening.public_at.desc(), Opening.id.desc())
)
_IS_INTERESTED = or_(
    Opening.area == "",
    exists()
    .where(PersonArea.person_id == Membership.person_id)
    .where(PersonArea.area == Opening.area)
    .correlate(Membership, Opening),
)
#: Of an opening and a membership: this member could see it before everybody.
_COULD_SEE = and_(
    Membership.joined_at < _EARLY_UNTIL,
    or_(Membership.left_at.is_(None), Membership.left_at > Opening.published_at),
    _IS_INTERESTED,
)
_WAS_MEMBER = and_(
    Membership.joined_at <= Application.created_at,
    or_(Membership.left_at.is_(None), Membership.left_at > Application.created_at),
)
_GROUP = case(
    (Application.source != "", literal(_IMPORTED)),
    (Application.created_at < Opening.public_at, literal(str(Group.EARLY))),
    (_WAS_MEMBER, literal(str(Group.MEMBER))),
    else_=literal(str(Group.OTHER)),
)


def _has_read(statuses: frozenset[ApplicationStatus]) -> ColumnElement[bool]:
    """The candidate has read one of these on their page, at some time."""
    return (
        select(ApplicationEvent.id)
        .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(ApplicationEvent.application_id == Application.id)
        .where(ApplicationEvent.status.in_(sorted(statuses)))
        .where(is_accepted())
        .correlate(Application)
        .exists()
    )


_REACHED: Final[dict[Reached, ColumnElement[bool]]] = {
    Reached.INTERVIEW: _has_read(INTERVIEW_OR_FURTHER),
    Reached.OFFER: _has_read(OFFER_OR_FURTHER),
    Reached.HIRED: Shown.status == ApplicationStatus.HIRED,
}


def _applied(*columns: Any) -> Any:
    """These columns of all applications to openings that members could see first."""
    joined = (
        select(*columns)
        .select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .outerjoin(Membership, Membership.person_id == Application.person_id)
    )
    return with_shown(joined).where(_HAD_EARLY)


_COUNTS = _applied(
    Opening.id,
    _GROUP,
    func.count(),
    *(func.count(case((condition, 1))) for condition in _REACHED.values()),
).group_by(Opening.id, _GROUP)
_COULD_SEE_COUNT = (
    select(Opening.id, func.count())
    .select_from(Opening)
    .join(Membership, _COULD_SEE)
    .where(Opening.id.in_(bindparam("ids", expanding=True)))
    .group_by(Opening.id)
)
_APPLICANTS = (
    _applied(
        Person.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        Application.created_at,
        Application.public_id,
        Opening.title,
        Shown.status,
    )
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    .where(Application.source == "")
)
#: What a member sent to the opening; the newest, if they applied again.
_THEIRS = (
    select(Application.public_id)
    .where(Application.person_id == Membership.person_id)
    .where(Application.opening_id == Opening.id)
    .where(Application.source == "")
    .order_by(Application.id.desc())
    .limit(1)
    .correlate(Membership, Opening)
    .scalar_subquery()
)
_MEMBERS = (
    select(
        Person.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        Membership.joined_at,
        _THEIRS,
        Opening.title,
    )
    .select_from(Opening)
    .join(Membership, _COULD_SEE)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(Opening.id == bindparam("opening_id"))
)


def early_openings() -> list[EarlyOpening]:
    """Every opening that members could see first, the newest first."""
    return [EarlyOpening(*row) for row in fetch(_OPENINGS)]


def find_early_opening(public_id: str) -> EarlyOpening | None:
    """The opening with this public id, if members could see it first."""
    row = fetch(_OPENINGS.where(Opening.public_id == public_id)).one_or_none()
    return EarlyOpening(*row) if row else None


def early_numbers(opening_id: int | None = None) -> dict[int, EarlyNumbers]:
    """Who applied and how far they came, by opening; of all, or of one."""
    statement = _COUNTS.where(Opening.id == opening_id) if opening_id is not None else _COUNTS
    found: dict[int, EarlyNumbers] = {}
    for key, group, *counts in fetch(statement):
        before = found.get(key, EarlyNumbers())
        if group == _IMPORTED:
            found[key] = EarlyNumbers(before.groups, counts[0])
        else:
            found[key] = EarlyNumbers({**before.groups, Group(group): Counts(*counts)}, before.imported)
    return found


def could_see_first(opening_ids: Sequence[int]) -> dict[int, int]:
    """How many members each of these openings was open to before everybody; by the interests they have today."""
    if not opening_ids:
        return {}
    return {key: count for key, count in fetch(_COULD_SEE_COUNT, {"ids": list(opening_ids)})}


def applicants(
    opening_id: int | None, group: Group | None, reached: Reached, now: datetime, first: int, count: int
) -> tuple[list[EarlyPerson], int]:
    """Who stands behind a number of applications, the newest first, and how many they are.

    Of one opening, or of all that everybody can see by now.
    """
    where: list[Any] = [Opening.id == opening_id if opening_id is not None else Opening.public_at <= now]
    if group is not None:
        where.append(_GROUP.in_([str(group)]))
    if reached is not Reached.APPLIED:
        where.append(_REACHED[reached])
    total = fetch(_applied(func.count()).where(Application.source == "", *where)).scalar_one()
    lines = _APPLICANTS.where(*where).order_by(Application.created_at.desc(), Application.id.desc())
    rows = fetch(lines.offset(first).limit(count))
    return [EarlyPerson(*row) for row in rows], total


def members_first(opening_id: int, first: int, count: int) -> tuple[list[EarlyPerson], int]:
    """The members whom an opening was open to before everybody, by name, and how many they are."""
    total = could_see_first([opening_id]).get(opening_id, 0)
    rows = fetch(_MEMBERS.order_by(Person.name, Person.id).offset(first).limit(count), {"opening_id": opening_id})
    return [EarlyPerson(*row) for row in rows], total
