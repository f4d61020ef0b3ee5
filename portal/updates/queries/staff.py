"""What recruiters read of updates: the list, one whole with its numbers, its draft and its versions."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.people.models import Person
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateReader, UpdateStory, UpdateVersion
from portal.updates.rules import UpdateContent, from_json
from portal.updates.states import Audience, UpdateKind, UpdateState

_LIKE: Final = re.compile("[/%_]")
_Author = aliased(Person, name="update_author")
_Changer = aliased(Person, name="update_changer")


@dataclass(frozen=True)
class UpdateFilter:
    """What the list is narrowed to; empty means all."""

    q: str = ""
    state: UpdateState | None = None


@dataclass(frozen=True)
class Numbers:
    """How many people an update was for, and what they did."""

    reach_count: int
    seen_count: int
    helpful_count: int
    replied_count: int


@dataclass(frozen=True)
class StaffLine:
    """One update in the list."""

    public_id: str
    title: str
    kind: UpdateKind
    audience: Audience
    state: UpdateState
    author_name: str
    #: When it was published, else when it goes out, else when it was begun.
    at: datetime
    held_up: str
    numbers: Numbers


@dataclass(frozen=True)
class UpdateView:
    """One update as those who write it see it."""

    id: int
    public_id: str
    slug: str | None
    title: str
    kind: UpdateKind
    audience: Audience
    state: UpdateState
    author_id: int | None
    author_name: str
    created_at: datetime
    publish_at: datetime | None
    publish_zone: str
    held_up: str
    frozen_up_to: int
    version_number: int
    published_at: datetime | None
    corrected_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_words: str
    numbers: Numbers

    @property
    def is_out(self) -> bool:
        """Whether its readers read it now."""
        return self.state in {UpdateState.PUBLISHED, UpdateState.CORRECTED}

    @property
    def may_be_written(self) -> bool:
        """Whether its draft can be changed: while nobody waits for it to go out, and until it is withdrawn."""
        return self.is_out or self.state is UpdateState.DRAFT


@dataclass(frozen=True)
class DraftView:
    """What is being written; revision 0: nothing was saved since what is published."""

    content: UpdateContent
    revision: int
    changed_at: datetime | None
    changed_by_name: str


@dataclass(frozen=True)
class VersionLine:
    """One version in the list of all."""

    number: int
    correction: str
    published_at: datetime
    author_name: str


@dataclass(frozen=True)
class StoryView:
    """The member a story is about, and what they said."""

    person_id: int
    person_public_id: str
    name: str
    asked_at: datetime
    agreed_at: datetime | None
    agreed_to: str


def _counted(column: Any) -> Any:
    return (
        select(func.count(column))
        .where(UpdateReader.update_id == InsiderUpdate.id)
        .correlate(InsiderUpdate)
        .scalar_subquery()
    )


_NUMBERS: Final = (
    InsiderUpdate.reach_count,
    _counted(UpdateReader.seen_at),
    _counted(UpdateReader.helpful_at),
    _counted(UpdateReader.replied_at),
)
_AT = func.coalesce(InsiderUpdate.published_at, InsiderUpdate.publish_at, InsiderUpdate.created_at)
_AS_ASKED = (
    or_(
        bindparam("q", type_=String) == "%%",
        func.lower(InsiderUpdate.title).like(bindparam("q", type_=String), escape="/"),
    ),
    or_(
        bindparam("state", type_=String) == "",
        type_coerce(InsiderUpdate.state, String) == bindparam("state", type_=String),
    ),
)
_COUNT = select(func.count()).select_from(InsiderUpdate).where(*_AS_ASKED)
_IS_UNDER_WAY = case(
    (InsiderUpdate.state.in_([UpdateState.DRAFT, UpdateState.SCHEDULED, UpdateState.PUBLISHING]), 0), else_=1
)
_LINES = (
    select(
        InsiderUpdate.public_id,
        InsiderUpdate.title,
        InsiderUpdate.kind,
        InsiderUpdate.audience,
        InsiderUpdate.state,
        func.coalesce(_Author.name, ""),
        _AT.label("at"),
        InsiderUpdate.held_up,
        *_NUMBERS,
    )
    .outerjoin(_Author, _Author.id == InsiderUpdate.author_id)
    .where(*_AS_ASKED)
    .order_by(_IS_UNDER_WAY, _AT.desc(), InsiderUpdate.id.desc())
    .limit(bindparam("count"))
    .offset(bindparam("first"))
)
_VIEW = (
    select(
        InsiderUpdate.id,
        InsiderUpdate.public_id,
        InsiderUpdate.slug,
        InsiderUpdate.title,
        InsiderUpdate.kind,
        InsiderUpdate.audience,
        InsiderUpdate.state,
        InsiderUpdate.author_id,
        func.coalesce(_Author.name, ""),
        InsiderUpdate.created_at,
        InsiderUpdate.publish_at,
        InsiderUpdate.publish_zone,
        InsiderUpdate.held_up,
        InsiderUpdate.frozen_up_to,
        InsiderUpdate.version_number,
        InsiderUpdate.published_at,
        InsiderUpdate.corrected_at,
        InsiderUpdate.withdrawn_at,
        InsiderUpdate.withdrawn_words,
        *_NUMBERS,
    )
    .outerjoin(_Author, _Author.id == InsiderUpdate.author_id)
    .where(InsiderUpdate.public_id == bindparam("public_id"))
)
_DRAFT = (
    select(UpdateDraft.content, UpdateDraft.revision, UpdateDraft.changed_at, func.coalesce(_Changer.name, ""))
    .outerjoin(_Changer, _Changer.id == UpdateDraft.changed_by_id)
    .where(UpdateDraft.update_id == bindparam("update_id"))
)
_VERSIONS = (
    select(UpdateVersion.number, UpdateVersion.correction, UpdateVersion.published_at, func.coalesce(_Author.name, ""))
    .outerjoin(_Author, _Author.id == UpdateVersion.published_by_id)
    .where(UpdateVersion.update_id == bindparam("update_id"))
    .order_by(UpdateVersion.number.desc())
)
_CONTENT = (
    select(UpdateVersion.content)
    .where(UpdateVersion.update_id == bindparam("update_id"))
    .where(UpdateVersion.number == bindparam("number"))
)
_STORY = (
    select(
        UpdateStory.person_id,
        Person.public_id,
        Person.name,
        UpdateStory.asked_at,
        UpdateStory.agreed_at,
        UpdateStory.agreed_to,
    )
    .join(Person, Person.id == UpdateStory.person_id)
    .where(UpdateStory.update_id == bindparam("update_id"))
)
_DUE = (
    select(InsiderUpdate.id)
    .where(InsiderUpdate.state == UpdateState.SCHEDULED)
    .where(InsiderUpdate.publish_at <= bindparam("now"))
    .order_by(InsiderUpdate.publish_at, InsiderUpdate.id)
)
_UNDER_WAY = select(InsiderUpdate.id).where(InsiderUpdate.state == UpdateState.PUBLISHING).order_by(InsiderUpdate.id)
_TO_COPY = (
    select(InsiderUpdate.public_id, InsiderUpdate.title)
    .order_by(InsiderUpdate.created_at.desc(), InsiderUpdate.id.desc())
    .limit(50)
)


def list_for_staff(wanted: UpdateFilter, first: int, count: int) -> tuple[list[StaffLine], int]:
    """A part of the list, what is under way on top, then the newest; and how many there are in all."""
    sought = _LIKE.sub(r"/\g<0>", wanted.q.lower())
    values = {"q": f"%{sought}%", "state": str(wanted.state or "")}
    total = int(fetch(_COUNT, values).scalar_one())
    rows = fetch(_LINES, {**values, "first": first, "count": count}) if total else ()
    return [StaffLine(*(*row[:8], Numbers(*row[8:]))) for row in rows], total


def find_for_staff(public_id: str) -> UpdateView | None:
    """The update with this public id."""
    row = fetch(_VIEW, {"public_id": public_id}).one_or_none()
    return UpdateView(*(*row[:19], Numbers(*row[19:]))) if row is not None else None


def draft_for_staff(view: UpdateView) -> DraftView:
    """What is being written of it; where nothing was saved since, what is published."""
    row = fetch(_DRAFT, {"update_id": view.id}).one_or_none()
    if row is not None:
        return DraftView(from_json(row[0]), *row[1:])
    published = content_of(view.id, view.version_number)
    return DraftView(published or UpdateContent(view.title, view.kind), 0, None, "")


def content_of(update_id: int, number: int) -> UpdateContent | None:
    """What version `number` says, if there is one."""
    row = fetch(_CONTENT, {"update_id": update_id, "number": number}).one_or_none()
    return from_json(row[0]) if row is not None else None


def versions_of(update_id: int) -> list[VersionLine]:
    """Its versions, the newest first."""
    return [VersionLine(*row) for row in fetch(_VERSIONS, {"update_id": update_id})]


def story_of(update_id: int) -> StoryView | None:
    """The member whose story it is, once one was named."""
    row = fetch(_STORY, {"update_id": update_id}).one_or_none()
    return StoryView(*row) if row is not None else None


def updates_to_copy() -> list[tuple[str, str]]:
    """Public id and title of what a new update can begin as a copy of, the newest first."""
    return [(public_id, title) for public_id, title in fetch(_TO_COPY)]


def due_updates(now: datetime) -> list[int]:
    """The updates whose time has come."""
    return [update_id for (update_id,) in fetch(_DUE, {"now": now})]


def updates_under_way() -> list[int]:
    """The updates whose audience is being written down."""
    return [update_id for (update_id,) in fetch(_UNDER_WAY)]
