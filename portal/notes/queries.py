"""Reading notes and tags, for the staff who may."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.core.db import fetch
from portal.core.permissions import Permission, Role, is_allowed
from portal.notes.models import Note, NoteRound, PersonTag, TagChange
from portal.notes.rules import may_change, tag_key
from portal.openings.models import Opening
from portal.people.models import Address, Person

_SUGGESTED = 12


@dataclass(frozen=True)
class NoteLine:
    """One note, as colleagues read it."""

    public_id: str
    body: str
    author_id: int
    author_name: str
    created_at: datetime
    changed_at: datetime | None
    #: What it is about; None: the person.
    application_public_id: str | None
    opening_title: str | None
    person_public_id: str
    person_name: str
    #: The note on several people that it is a part of; None: it stands by itself.
    round_public_id: str | None

    def may_be_changed_by(self, asker_id: int, now: datetime) -> bool:
        """Whether the asker may change its words now."""
        return may_change(self.author_id, asker_id, self.created_at, now)


@dataclass(frozen=True)
class RoundView:
    """A note that was written on several people at once, as its author reads it."""

    id: int
    public_id: str
    author_id: int
    created_at: datetime
    opening_public_id: str
    opening_title: str
    #: Those that are still there, the oldest first.
    notes: list[NoteLine] = field(default_factory=list)

    @property
    def unchanged(self) -> list[NoteLine]:
        """Those whose words nobody has changed since."""
        return [note for note in self.notes if note.changed_at is None]


@dataclass(frozen=True)
class TagLine:
    """A tag, and how many have it."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class TaggedLine:
    """Somebody who has a tag."""

    public_id: str
    name: str
    added_by_name: str
    added_at: datetime


@dataclass(frozen=True)
class About:
    """What a note can be about: a person, or one of their applications."""

    person_id: int
    person_public_id: str
    person_name: str
    #: None: the person.
    application_id: int | None = None
    application_public_id: str | None = None
    opening_title: str | None = None


_Author = aliased(Person, name="note_author")
_NOTES = (
    select(
        Note.public_id,
        Note.body,
        Note.author_id,
        _Author.name,
        Note.created_at,
        Note.changed_at,
        Application.public_id,
        Opening.title,
        Person.public_id,
        Person.name,
        NoteRound.public_id,
    )
    .select_from(Note)
    .join(Person, Person.id == Note.person_id)
    .join(_Author, _Author.id == Note.author_id)
    .outerjoin(Application, Application.id == Note.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .outerjoin(NoteRound, NoteRound.id == Note.round_id)
    .order_by(Note.id.desc())
)
_ROUND = (
    select(
        NoteRound.id,
        NoteRound.public_id,
        NoteRound.author_id,
        NoteRound.created_at,
        Opening.public_id,
        Opening.title,
    )
    .join(Opening, Opening.id == NoteRound.opening_id)
    .where(NoteRound.public_id == bindparam("public_id"))
    .where(NoteRound.author_id == bindparam("author_id"))
)
_TAGS = select(PersonTag.name).where(PersonTag.person_id == bindparam("person_id")).order_by(PersonTag.key)
#: One's own tags are not one's to read.
_KNOWN_TAGS = (
    select(func.min(PersonTag.name))
    .where(PersonTag.person_id != bindparam("asker_id"))
    .group_by(PersonTag.key)
    .order_by(func.count().desc(), PersonTag.key)
    .limit(_SUGGESTED)
)
_TAG_LINES = (
    select(PersonTag.key, func.min(PersonTag.name), func.count())
    .where(PersonTag.person_id != bindparam("asker_id"))
    .group_by(PersonTag.key)
)
_TAG_COUNT = select(func.count(PersonTag.key.distinct())).where(PersonTag.person_id != bindparam("asker_id"))
_NAME = func.coalesce(func.nullif(Person.name, ""), Address.email, "")
_TAGGED = (
    select(Person.public_id, _NAME, _Author.name, PersonTag.added_at)
    .select_from(PersonTag)
    .join(Person, Person.id == PersonTag.person_id)
    .join(_Author, _Author.id == PersonTag.added_by_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(PersonTag.key == bindparam("key"))
    .where(PersonTag.person_id != bindparam("asker_id"))
    .order_by(func.lower(_NAME), Person.id)
)
_PERSON = (
    select(Person.id, Person.public_id, _NAME)
    .join(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(Person.public_id == bindparam("public_id"))
)
_APPLICATION = (
    select(Person.id, Person.public_id, _NAME, Application.id, Application.public_id, Opening.title)
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
)


def may_read_note(scope: StaffScope) -> ColumnElement[bool]:
    """Of a note with its application and opening: hiring managers read those about applications to their openings.

    Nobody reads what colleagues noted about themselves: who works here may apply here, too.
    """
    is_about_another = Note.person_id != scope.person_id
    if scope.role in {Role.RECRUITER, Role.ADMIN}:
        return is_about_another
    return is_about_another & (Opening.hiring_manager_id == scope.person_id)


def notes_of(person_id: int, scope: StaffScope) -> list[NoteLine]:
    """What the asker may read of what was noted about a person and their applications, the newest first."""
    return _read(_NOTES.where(Note.person_id == person_id), scope)


def notes_about(application_id: int, scope: StaffScope) -> list[NoteLine]:
    """What was noted about one application, the newest first."""
    return _read(_NOTES.where(Note.application_id == application_id), scope)


def find_note(public_id: str, scope: StaffScope) -> NoteLine | None:
    """The note with this public id, if the asker may read it."""
    found = _read(_NOTES.where(Note.public_id == public_id), scope)
    return found[0] if found else None


def notes_with(words: str, scope: StaffScope, count: int) -> list[NoteLine]:
    """The `count` newest notes that contain all `words`; wildcards in them are plain letters."""
    has_all = (func.lower(Note.body).contains(word, autoescape=True) for word in words.lower().split())
    return _read(_NOTES.where(*has_all).limit(count), scope)


def _read(statement: Any, scope: StaffScope) -> list[NoteLine]:
    return [NoteLine(*row) for row in fetch(statement.where(may_read_note(scope)))]


def find_person_to_note(public_id: str, scope: StaffScope) -> About | None:
    """The person with this public id, for those who may see everybody we know; not for themselves."""
    if not is_allowed(scope.role, Permission.SEE_CANDIDATES):
        return None
    row = fetch(_PERSON.where(Person.id != scope.person_id), {"public_id": public_id}).one_or_none()
    return About(*row) if row else None


def find_application_to_note(public_id: str, scope: StaffScope) -> About | None:
    """The application with this public id, if the asker may see it."""
    row = fetch(_applications(scope).where(Application.public_id == public_id)).one_or_none()
    return About(*row) if row else None


def applications_to_note(opening_id: int, public_ids: Collection[str], scope: StaffScope) -> list[About]:
    """Those of an opening with these public ids, if the asker may see them, the oldest first."""
    statement = _applications(scope).where(Application.opening_id == opening_id).order_by(Application.id)
    statement = statement.where(Application.public_id.in_(bindparam("ids", expanding=True)))
    return [About(*row) for row in fetch(statement, {"ids": list(public_ids)})]


def _applications(scope: StaffScope) -> Any:
    of_others = _APPLICATION.where(Person.id != scope.person_id)
    if scope.role in {Role.RECRUITER, Role.ADMIN}:
        return of_others
    return of_others.where(Opening.hiring_manager_id == scope.person_id)


def find_note_round(public_id: str, scope: StaffScope) -> RoundView | None:
    """The asker's own note on several people, with those that are left of it and that they may read."""
    row = fetch(_ROUND, {"public_id": public_id, "author_id": scope.person_id}).one_or_none()
    if row is None:
        return None
    return replace(RoundView(*row), notes=_read(_NOTES.where(Note.round_id == row[0]), scope)[::-1])


def tags_of(person_id: int) -> list[str]:
    """The tags of a person, in order."""
    return list(fetch(_TAGS, {"person_id": person_id}).scalars())


def tags_like(start: str, asker_id: int) -> list[str]:
    """Tags of others than the asker that begin like this, the most used first; none for an empty start."""
    if not start.strip():
        return []
    found = _KNOWN_TAGS.where(PersonTag.key.startswith(tag_key(start), autoescape=True))
    return list(fetch(found, {"asker_id": asker_id}).scalars())


def tags_in_use(search: str, asker_id: int, first: int, count: int) -> tuple[list[TagLine], int]:
    """`count` tags from number `first` that contain `search`, in order, and how many there are in all."""
    which = [PersonTag.key.contains(tag_key(search), autoescape=True)] if search else []
    total = int(fetch(_TAG_COUNT.where(*which), {"asker_id": asker_id}).scalar_one())
    lines = _TAG_LINES.where(*which).order_by(PersonTag.key).offset(first).limit(count)
    return [TagLine(*row) for row in fetch(lines, {"asker_id": asker_id})] if total else [], total


def other_tags(key: str, asker_id: int) -> list[TagLine]:
    """All tags but this one, in order."""
    lines = _TAG_LINES.where(PersonTag.key != key).order_by(PersonTag.key)
    return [TagLine(*row) for row in fetch(lines, {"asker_id": asker_id})]


def most_used_tags(asker_id: int, count: int) -> list[TagLine]:
    """The `count` tags that most people have, in order of their words."""
    lines = fetch(_TAG_LINES.order_by(func.count().desc(), PersonTag.key).limit(count), {"asker_id": asker_id})
    return sorted((TagLine(*row) for row in lines), key=lambda line: line.key)


def find_tag(key: str, asker_id: int) -> TagLine | None:
    """The tag with this key; None when nobody but the asker has it."""
    row = fetch(_TAG_LINES.where(PersonTag.key == key), {"asker_id": asker_id}).one_or_none()
    return TagLine(*row) if row else None


def people_tagged(key: str, asker_id: int, first: int, count: int) -> list[TaggedLine]:
    """`count` people with a tag from number `first`, by name; never the asker."""
    found = fetch(_TAGGED.offset(first).limit(count), {"key": key, "asker_id": asker_id})
    return [TaggedLine(*row) for row in found]


def count_with_both(key: str, other: str, asker_id: int) -> int:
    """How many have both tags."""
    both = select(PersonTag.person_id).where(PersonTag.key == other)
    count = select(func.count()).where(PersonTag.key == key).where(PersonTag.person_id.in_(both))
    return int(fetch(count.where(PersonTag.person_id != asker_id)).scalar_one())


def tags_among(person_ids: Collection[int], asker_id: int) -> list[TagLine]:
    """The tags that any of these people have, in order, and how many of them."""
    lines = _TAG_LINES.where(PersonTag.person_id.in_(bindparam("ids", expanding=True))).order_by(PersonTag.key)
    return [TagLine(*row) for row in fetch(lines, {"ids": list(person_ids), "asker_id": asker_id})]


def has_tag_like(words: str) -> ColumnElement[bool]:
    """Of a joined `Person`: one of their tags contains `words`."""
    return Person.id.in_(select(PersonTag.person_id).where(PersonTag.key.contains(tag_key(words), autoescape=True)))


_TAG_CHANGES = select(TagChange.key, TagChange.became, TagChange.changed_at).order_by(TagChange.id)


def tag_changes() -> list[tuple[str, str, datetime]]:
    """Which tag became which, by their keys, and when; the oldest first."""
    return [(key, became, changed_at) for key, became, changed_at in fetch(_TAG_CHANGES)]
