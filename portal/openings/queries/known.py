"""Reading openings."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch, session
from portal.core.i18n import format_short_day
from portal.core.i18n import gettext as _
from portal.openings.models import Opening, OpeningPlace
from portal.openings.rules.naming import what_differs
from portal.openings.states import STATE_LABELS, OpeningState
from portal.people.models import Person


def openings_by_key(source: str, keys: Collection[str]) -> dict[str, Opening]:
    """The openings of `source` that have one of these external keys, by key."""
    statement = select(Opening).where(Opening.source == source).where(Opening.external_key.in_(keys))
    return {opening.external_key: opening for opening in session().scalars(statement.order_by(Opening.id))}


def openings_by_id(ids: Collection[int]) -> dict[int, Opening]:
    """The openings with these ids, by id; nothing is asked for none."""
    if not ids:
        return {}
    return {opening.id: opening for opening in session().scalars(select(Opening).where(Opening.id.in_(ids)))}


_FIRST_PLACE = (
    select(func.min(OpeningPlace.label))
    .where(OpeningPlace.opening_id == Opening.id)
    .correlate(Opening)
    .scalar_subquery()
)


@dataclass(frozen=True)
class OpeningName:
    """As much of an opening as tells it from others."""

    id: int
    public_id: str
    title: str
    #: Empty for one of our own.
    source: str
    state: OpeningState
    #: What tells it from another one that reads alike, see `told_apart`; empty where none does.
    apart: str = ""

    @property
    def label(self) -> str:
        """Its title, where it stands and, unless it is our own, where it comes from: titles are not unique."""
        state = str(STATE_LABELS[self.state]) + (f", {self.apart}" if self.apart else "")
        if self.source:
            return _("%(title)s (%(state)s, from %(source)s)", title=self.title, state=state, source=self.source)
        return _("%(title)s (%(state)s)", title=self.title, state=state)


def that_read_alike(names: Sequence[OpeningName]) -> list[int]:
    """The ids of those whose label another one has too."""
    so_often = Counter(one.label for one in names)
    return [one.id for one in names if so_often[one.label] > 1]


def told_apart(names: Sequence[OpeningName], counted: Mapping[int, str] | None = None) -> list[OpeningName]:
    """`names` so that no two read alike: with place, number there and the day on which they came, where these differ.

    `counted`: how many are in those that read alike, in words, where that is known.
    """
    alike = that_read_alike(names)
    if not alike:
        return list(names)
    words = {row[0]: _words_of(row, (counted or {}).get(row[0], "")) for row in fetch(_APART, {"ids": alike})}
    last = {one.id: one.public_id for one in names}
    groups: dict[str, dict[int, list[str]]] = {}
    for one in names:
        if one.id in words:
            groups.setdefault(one.label, {})[one.id] = words[one.id]
    apart = {key: text for group in groups.values() for key, text in what_differs(group, last).items()}
    return [replace(one, apart=apart.get(one.id, "")) for one in names]


_APART = (
    select(Opening.id, Opening.title, Opening.source, Opening.external_key, Opening.created_at, _FIRST_PLACE)
    .where(Opening.id.in_(bindparam("ids", expanding=True)))
    .order_by(Opening.id)
)


def _words_of(row: Any, counted: str) -> list[str]:
    _id, title, source, key, created_at, place = row
    number = _("no. %(number)s", number=key) if source and key != title.casefold() else ""
    day = format_short_day(day_of(created_at, company_zone()))
    return [place or "", number, _("here since %(day)s", day=day), counted]


def openings_to_join(and_ids: Collection[int] = ()) -> list[OpeningName]:
    """Every opening that is not finished, by title; of those that are, the ones with an id of `and_ids`."""
    statement = (
        select(Opening.id, Opening.public_id, Opening.title, Opening.source, Opening.state)
        .where((Opening.state != OpeningState.FINISHED) | Opening.id.in_(and_ids))
        .order_by(Opening.title, Opening.source, Opening.id)
    )
    return told_apart([OpeningName(*row) for row in fetch(statement)])


@dataclass(frozen=True)
class OpeningHere:
    """An opening with what decides whether it can be put together with another one."""

    id: int
    public_id: str
    title: str
    #: Empty for one of our own.
    source: str
    external_key: str
    state: OpeningState
    recruiter_name: str | None
    manager_name: str | None
    #: People may have read its page: it is nobody's double any more.
    is_published: bool
    #: What came to it is in another opening now.
    is_joined: bool

    @property
    def may_join(self) -> bool:
        """Whether it is only known from an import, so that it can go into one of ours."""
        return bool(self.source) and not self.is_published and not self.is_joined

    @property
    def is_ours(self) -> bool:
        """Whether it was written here, so that others can come into it."""
        return not self.source or self.is_published


def is_joined() -> ColumnElement[bool]:
    """That an opening from an import went into another one: finished, with no day on which anybody finished it."""
    return and_(
        Opening.source != "",
        Opening.state == OpeningState.FINISHED,
        Opening.published_at.is_(None),
        Opening.finished_at.is_(None),
    )


_IS_OURS = (Opening.source == "") | (Opening.version_number > 0)
_NAME = select(Opening.id, Opening.public_id, Opening.title, Opening.source, Opening.state)
_Recruiter = aliased(Person, name="recruiter")
_Manager = aliased(Person, name="manager")
_HERE = (
    select(
        Opening.id,
        Opening.public_id,
        Opening.title,
        Opening.source,
        Opening.external_key,
        Opening.state,
        _Recruiter.name,
        _Manager.name,
        Opening.version_number > 0,
        is_joined(),
    )
    .outerjoin(_Recruiter, _Recruiter.id == Opening.recruiter_id)
    .outerjoin(_Manager, _Manager.id == Opening.hiring_manager_id)
)


def find_opening_here(public_id: str) -> OpeningHere | None:
    """The opening with this public id."""
    row = fetch(_HERE.where(Opening.public_id == public_id)).one_or_none()
    return OpeningHere(*row) if row else None


def ours_to_join() -> list[OpeningName]:
    """Every opening of ours that is not finished, by title."""
    statement = _NAME.where(_IS_OURS).where(Opening.state != OpeningState.FINISHED)
    return told_apart([OpeningName(*row) for row in fetch(statement.order_by(Opening.title, Opening.id))])


def openings_of_imports() -> list[OpeningHere]:
    """Every opening that is only known from an import, by title."""
    statement = _HERE.where(~_IS_OURS).where(~is_joined())
    return [OpeningHere(*row) for row in fetch(statement.order_by(Opening.title, Opening.source, Opening.id))]
