"""Updates as their readers see them: visitors, members, feed readers and search engines.

Every statement here asks `is_visible()`, so what somebody may not read is in no page, list, count or choice of theirs.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import String, and_, bindparam, func, or_, select, type_coerce

from portal.core.db import fetch
from portal.people.models import Person
from portal.updates.models import InsiderUpdate, UpdateReader, UpdateVersion
from portal.updates.queries.visible import PERSON, is_known_withdrawn, is_visible
from portal.updates.rules import UpdateContent, from_json
from portal.updates.states import Audience, UpdateKind, UpdateState

#: Updates on one page of a list.
PAGE_SIZE: Final = 20
#: Entries of the feed, and addresses in the sitemap (https://www.sitemaps.org/protocol.html allows no more).
FEED_SIZE: Final = 50
SITEMAP_SIZE: Final = 50_000
#: Statements for searches of so many words are made once.
_KEPT_STATEMENTS: Final = 16
#: What LIKE reads as more than a letter.
_LIKE: Final = re.compile("[/%_]")


@dataclass(frozen=True)
class Wanted:
    """What a list of updates is narrowed to; empty means all."""

    kind: UpdateKind | None = None
    #: From `openings.rules.search_words`.
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class UpdateLine:
    """One update in a list."""

    slug: str
    title: str
    kind: UpdateKind
    audience: Audience
    published_at: datetime
    corrected_at: datetime | None
    summary: str
    author_name: str
    #: It came while the reader belonged to those it is for, and they have not read it.
    is_unread: bool
    is_helpful: bool
    #: Of an event: its day.
    event_on: date | None


@dataclass(frozen=True)
class UpdatePage:
    """One update, whole; of a withdrawn one only what its readers are told."""

    id: int
    public_id: str
    slug: str
    state: UpdateState
    audience: Audience
    published_at: datetime
    corrected_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_words: str
    version_number: int
    author_id: int | None
    content: UpdateContent
    correction: str
    seen_at: datetime | None
    seen_version: int
    is_helpful: bool

    @property
    def is_withdrawn(self) -> bool:
        return self.state is UpdateState.WITHDRAWN

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.EVERYBODY

    @property
    def was_read_before_correction(self) -> bool:
        """Whether the reader knows it as it was."""
        return 0 < self.seen_version < self.version_number


@dataclass(frozen=True)
class FeedLine:
    """One update everybody may read, whole, as machines read it."""

    public_id: str
    slug: str
    published_at: datetime
    changed_at: datetime
    author_name: str
    content: UpdateContent
    #: What was corrected last; empty where nothing was.
    correction: str


_NEWEST_VERSION = and_(
    UpdateVersion.update_id == InsiderUpdate.id, UpdateVersion.number == InsiderUpdate.version_number
)
_OWN_READING = and_(UpdateReader.update_id == InsiderUpdate.id, UpdateReader.person_id == PERSON)
_AS_ASKED = or_(
    bindparam("kind", type_=String) == "", type_coerce(InsiderUpdate.kind, String) == bindparam("kind", type_=String)
)
_COUNT = select(func.count()).select_from(InsiderUpdate).where(is_visible()).where(_AS_ASKED)
_LINES = (
    select(
        InsiderUpdate.slug,
        InsiderUpdate.title,
        InsiderUpdate.kind,
        InsiderUpdate.audience,
        InsiderUpdate.published_at,
        InsiderUpdate.corrected_at,
        UpdateVersion.content,
        func.coalesce(Person.name, ""),
        func.coalesce(and_(UpdateReader.is_in_audience, UpdateReader.seen_at.is_(None)), False),
        UpdateReader.helpful_at.is_not(None),
    )
    .join(UpdateVersion, _NEWEST_VERSION)
    .outerjoin(Person, Person.id == InsiderUpdate.author_id)
    .outerjoin(UpdateReader, _OWN_READING)
    .where(is_visible())
    .where(_AS_ASKED)
    .order_by(InsiderUpdate.published_at.desc(), InsiderUpdate.id.desc())
    .limit(bindparam("count"))
    .offset(bindparam("first"))
)
_UNREAD_LINES = _LINES.where(UpdateReader.is_in_audience).where(UpdateReader.seen_at.is_(None))
_KINDS = select(InsiderUpdate.kind).where(is_visible()).distinct().order_by(InsiderUpdate.kind)
_UNREAD = (
    select(func.count())
    .select_from(InsiderUpdate)
    .join(UpdateReader, _OWN_READING)
    .where(UpdateReader.is_in_audience)
    .where(UpdateReader.seen_at.is_(None))
    .where(is_visible())
)
_PAGE = (
    select(
        InsiderUpdate.id,
        InsiderUpdate.public_id,
        InsiderUpdate.slug,
        InsiderUpdate.state,
        InsiderUpdate.audience,
        InsiderUpdate.published_at,
        InsiderUpdate.corrected_at,
        InsiderUpdate.withdrawn_at,
        InsiderUpdate.withdrawn_words,
        InsiderUpdate.version_number,
        InsiderUpdate.author_id,
        UpdateVersion.content,
        UpdateVersion.correction,
        UpdateReader.seen_at,
        func.coalesce(UpdateReader.seen_version, 0),
        UpdateReader.helpful_at.is_not(None),
    )
    .join(UpdateVersion, _NEWEST_VERSION)
    .outerjoin(UpdateReader, _OWN_READING)
    .where(InsiderUpdate.slug == bindparam("slug"))
    .where(or_(is_visible(), is_known_withdrawn()))
)
_CHANGED_AT = func.coalesce(InsiderUpdate.corrected_at, InsiderUpdate.published_at).label("changed_at")
_FEED = (
    select(
        InsiderUpdate.public_id,
        InsiderUpdate.slug,
        InsiderUpdate.published_at,
        _CHANGED_AT,
        func.coalesce(Person.name, ""),
        UpdateVersion.content,
        UpdateVersion.correction,
    )
    .join(UpdateVersion, _NEWEST_VERSION)
    .outerjoin(Person, Person.id == InsiderUpdate.author_id)
    .where(is_visible())
    .order_by(InsiderUpdate.published_at.desc(), InsiderUpdate.id.desc())
    .limit(FEED_SIZE)
)
_SITEMAP = (
    select(InsiderUpdate.slug, _CHANGED_AT)
    .where(is_visible())
    .order_by(InsiderUpdate.published_at.desc(), InsiderUpdate.id.desc())
    .limit(SITEMAP_SIZE)
)
_LAST_GONE = select(func.max(InsiderUpdate.withdrawn_at)).where(is_known_withdrawn())
_NOBODY: Final[dict[str, Any]] = {"person_id": None}


def count_updates(person_id: int | None, wanted: Wanted) -> int:
    """How many updates this person may read that fit; None: a visitor."""
    statement = _with_words(_COUNT, len(wanted.words))
    return int(fetch(statement, {"person_id": person_id} | _narrowed(wanted)).scalar_one())


def list_updates(person_id: int | None, wanted: Wanted, first: int, count: int) -> list[UpdateLine]:
    """`count` of the updates this person may read, from number `first`, the newest first."""
    values = {"person_id": person_id, "first": first, "count": count} | _narrowed(wanted)
    return [_line(row) for row in fetch(_list_statement(len(wanted.words)), values)]


def unread_updates(person_id: int, count: int) -> list[UpdateLine]:
    """`count` of the updates that came for this person and that they have not read, the newest first."""
    values = {"person_id": person_id, "first": 0, "count": count} | _narrowed(Wanted())
    return [_line(row) for row in fetch(_UNREAD_LINES, values)]


def _line(row: Any) -> UpdateLine:
    content = from_json(row[6])
    return UpdateLine(*(*row[:6], content.summary, *row[7:], content.event_on))


def kinds_for(person_id: int | None) -> list[UpdateKind]:
    """The kinds of the updates this person may read, in the order in which we name them."""
    found = {kind for (kind,) in fetch(_KINDS, {"person_id": person_id})}
    return [kind for kind in UpdateKind if kind in found]


def unread_count(person_id: int) -> int:
    """How many updates came for this person that they have not read."""
    return int(fetch(_UNREAD, {"person_id": person_id}).scalar_one())


def find_update(slug: str, person_id: int | None) -> UpdatePage | None:
    """The update at this address, if this person may read it or know that it was withdrawn; else None."""
    row = fetch(_PAGE, {"person_id": person_id, "slug": slug}).one_or_none()
    return UpdatePage(*(*row[:11], from_json(row[11]), *row[12:])) if row is not None else None


def feed_updates() -> list[FeedLine]:
    """The newest of what everybody may read, for feed readers."""
    return [FeedLine(*(*row[:5], from_json(row[5]), row[6])) for row in fetch(_FEED, _NOBODY)]


def last_gone() -> datetime | None:
    """When the newest update left that everybody could read; None: none has."""
    found: datetime | None = fetch(_LAST_GONE, _NOBODY).scalar()
    return found


def sitemap_updates() -> list[tuple[str, datetime]]:
    """Slug and last change of what everybody may read, the newest first."""
    return [(slug, changed_at) for slug, changed_at in fetch(_SITEMAP, _NOBODY)]


def _narrowed(wanted: Wanted) -> dict[str, Any]:
    words = {f"word_{number}": "%" + _LIKE.sub(r"/\g<0>", word) + "%" for number, word in enumerate(wanted.words)}
    return {"kind": str(wanted.kind or ""), **words}


@lru_cache(_KEPT_STATEMENTS)
def _list_statement(word_count: int) -> Any:
    return _with_words(_LINES, word_count)


def _with_words(statement: Any, word_count: int) -> Any:
    """Every word must occur; wildcards in it are plain letters."""
    for number in range(word_count):
        named = bindparam(f"word_{number}", type_=String)
        statement = statement.where(InsiderUpdate.search_text.like(named, escape="/"))
    return statement
