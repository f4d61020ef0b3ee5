"""What the staff reads of openings: the list, one opening whole, its draft and its versions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import aliased

from portal.company.queries import team
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.openings.models import Opening, OpeningDraft, OpeningVersion
from portal.openings.queries.known import OpeningName, is_joined, told_apart
from portal.openings.rules import OpeningContent, from_json
from portal.openings.states import OpeningState
from portal.people.models import Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_Recruiter = aliased(Person, name="recruiter")
_Manager = aliased(Person, name="manager")
_Writer = aliased(Person, name="writer")


@dataclass(frozen=True)
class OpeningScope:
    """Who asks; hiring managers see their own openings only."""

    person_id: int
    role: Role


@dataclass(frozen=True)
class OpeningFilter:
    """What the list of openings is narrowed to; empty means all."""

    q: str = ""
    state: str = ""
    owner: str = ""


@dataclass(frozen=True)
class StaffLine:
    """One opening in the staff's list."""

    public_id: str
    title: str
    source: str
    state: OpeningState
    recruiter_name: str | None
    manager_name: str | None
    published_at: datetime | None
    public_at: datetime | None
    closes_on: date | None
    decision_by: date | None
    #: What tells it from another one on the page that reads alike; empty where none does.
    apart: str = ""


@dataclass(frozen=True)
class OpeningView:
    """One opening, without what it says."""

    id: int
    public_id: str
    title: str
    source: str
    state: OpeningState
    slug: str | None
    version_number: int
    created_at: datetime
    published_at: datetime | None
    public_at: datetime | None
    closes_on: date | None
    stopped_at: datetime | None
    finished_at: datetime | None
    recruiter_id: int | None
    recruiter_public_id: str | None
    recruiter_name: str | None
    manager_id: int | None
    manager_public_id: str | None
    manager_name: str | None

    @property
    def is_joined(self) -> bool:
        """Whether it came with an import and went into another one; see `queries.known.is_joined`."""
        is_unfinished = self.published_at is None and self.finished_at is None
        return bool(self.source) and self.state is OpeningState.FINISHED and is_unfinished


@dataclass(frozen=True)
class DraftView:
    """What is being written; revision 0 and nobody's where nothing was saved yet."""

    content: OpeningContent
    revision: int
    changed_by_name: str | None
    changed_at: datetime | None


@dataclass(frozen=True)
class VersionLine:
    """One publishing of an opening."""

    number: int
    published_by_name: str | None
    published_at: datetime
    override_reason: str


@dataclass(frozen=True)
class VersionView:
    """What an opening said from one publishing to the next."""

    line: VersionLine
    content: OpeningContent


#: Those that people can apply to now, then those to be worked on.
_RANK = case({OpeningState.PUBLISHED: 0, OpeningState.DRAFT: 1, OpeningState.STOPPED: 2}, value=Opening.state, else_=3)
_NEWEST = (OpeningVersion.opening_id == Opening.id) & (OpeningVersion.number == Opening.version_number)
_LISTED = (
    select(
        Opening.id,
        Opening.public_id,
        Opening.title,
        Opening.source,
        Opening.state,
        _Recruiter.name,
        _Manager.name,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        OpeningVersion.content["decision_by"].as_string(),
    )
    .outerjoin(_Recruiter, _Recruiter.id == Opening.recruiter_id)
    .outerjoin(_Manager, _Manager.id == Opening.hiring_manager_id)
    .outerjoin(OpeningVersion, _NEWEST)
    .order_by(_RANK, Opening.created_at.desc(), Opening.id.desc())
)
_COUNT = select(func.count()).select_from(Opening).outerjoin(_Recruiter, _Recruiter.id == Opening.recruiter_id)
_VIEW = (
    select(
        Opening.id,
        Opening.public_id,
        Opening.title,
        Opening.source,
        Opening.state,
        Opening.slug,
        Opening.version_number,
        Opening.created_at,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        Opening.stopped_at,
        Opening.finished_at,
        Opening.recruiter_id,
        _Recruiter.public_id,
        _Recruiter.name,
        Opening.hiring_manager_id,
        _Manager.public_id,
        _Manager.name,
    )
    .outerjoin(_Recruiter, _Recruiter.id == Opening.recruiter_id)
    .outerjoin(_Manager, _Manager.id == Opening.hiring_manager_id)
)
_VERSIONS = (
    select(
        OpeningVersion.number,
        _Writer.name,
        OpeningVersion.published_at,
        OpeningVersion.override_reason,
    )
    .outerjoin(_Writer, _Writer.id == OpeningVersion.published_by_id)
    .order_by(OpeningVersion.number.desc())
)
_DRAFT = select(OpeningDraft.content, OpeningDraft.revision, _Writer.name, OpeningDraft.changed_at).outerjoin(
    _Writer, _Writer.id == OpeningDraft.changed_by_id
)


def list_for_staff(wanted: OpeningFilter, scope: OpeningScope, first: int, count: int) -> tuple[list[StaffLine], int]:
    """`count` openings from number `first`, those open to applications on top, and how many there are in all."""
    total = session().scalar(_narrowed(_COUNT, wanted, scope)) or 0
    rows = fetch(_narrowed(_LISTED, wanted, scope).offset(first).limit(count)).all()
    apart = {one.id: one.apart for one in told_apart([OpeningName(*row[:5]) for row in rows])}
    return [_line(row, apart[row[0]]) for row in rows], total


def find_opening_for_staff(public_id: str, scope: OpeningScope) -> OpeningView | None:
    """The opening with this public id, if the asker may see it."""
    row = fetch(_VIEW.where(Opening.public_id == public_id).where(_is_in_scope(scope))).one_or_none()
    return OpeningView(*row) if row else None


def draft_for_staff(view: OpeningView) -> DraftView:
    """The draft; where none was saved, what was published last, else a page with its title and the company's team."""
    row = fetch(_DRAFT.where(OpeningDraft.opening_id == view.id)).one_or_none()
    if row is not None:
        return DraftView(from_json(row[0]), *row[1:])
    newest = find_version(view.id, view.version_number)
    content = newest.content if newest else OpeningContent(title=view.title, team=team())
    return DraftView(content, 0, None, None)


def versions_of(opening_id: int) -> list[VersionLine]:
    """Every publishing of an opening, the newest first."""
    return [VersionLine(*row) for row in fetch(_VERSIONS.where(OpeningVersion.opening_id == opening_id))]


def find_version(opening_id: int, number: int) -> VersionView | None:
    """What an opening said in this version."""
    statement = _VERSIONS.add_columns(OpeningVersion.content).where(OpeningVersion.opening_id == opening_id)
    row = fetch(statement.where(OpeningVersion.number == number)).one_or_none()
    return VersionView(VersionLine(*row[:-1]), from_json(row[-1])) if row else None


def openings_to_copy() -> list[tuple[str, str]]:
    """Public id and title of every opening that says something, by title."""
    has_draft = select(OpeningDraft.opening_id).where(OpeningDraft.opening_id == Opening.id).exists()
    statement = select(Opening.public_id, Opening.title).where((Opening.version_number > 0) | has_draft)
    return [(public_id, title) for public_id, title in fetch(statement.order_by(Opening.title, Opening.id))]


def ended_openings(today: date) -> list[int]:
    """The published openings whose last day to apply came before `today`."""
    statement = (
        select(Opening.id)
        .where(Opening.state == OpeningState.PUBLISHED)
        .where(Opening.closes_on < today)
        .order_by(Opening.id)
    )
    return list(session().scalars(statement))


def decisions_to_look_at(today: date) -> list[int]:
    """The published openings that people were told would be decided before `today`, and those somebody was asked about.

    ISO dates sort as days do.
    """
    late = (
        select(Opening.id)
        .join(OpeningVersion, _NEWEST)
        .where(Opening.state == OpeningState.PUBLISHED)
        .where(OpeningVersion.content["decision_by"].as_string() < today.isoformat())
    )
    asked = (
        select(Opening.id)
        .join(Task, Task.about == Opening.public_id)
        .where(Task.kind == TaskKind.DECISION_LATE)
        .where(Task.state.in_(OPEN_STATES))
    )
    return sorted(set(session().scalars(late.union(asked))))


def _line(row: Any, apart: str) -> StaffLine:
    _id, *known, decision_by = row
    return StaffLine(*[*known, date.fromisoformat(decision_by) if decision_by else None, apart])


def _is_in_scope(scope: OpeningScope) -> ColumnElement[bool]:
    if scope.role in {Role.RECRUITER, Role.ADMIN}:
        return true()
    return Opening.hiring_manager_id == scope.person_id


def _narrowed(statement: Any, wanted: OpeningFilter, scope: OpeningScope) -> Any:
    statement = statement.where(_is_in_scope(scope)).where(~is_joined())
    if wanted.q:
        statement = statement.where(func.lower(Opening.title).contains(wanted.q.lower(), autoescape=True))
    if wanted.state:
        statement = statement.where(Opening.state == wanted.state)
    if wanted.owner:
        statement = statement.where(_Recruiter.public_id == wanted.owner)
    return statement
