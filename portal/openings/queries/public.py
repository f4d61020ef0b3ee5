"""Openings as those who may apply see them: visitors, members who see some first, feed readers and search engines.

Every statement here asks `_is_visible()`, so what somebody may not see is in no page, list, count or choice of theirs.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import compress
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from portal.community.models import Membership, PersonArea
from portal.community.queries import member_areas
from portal.community.states import WorkMode
from portal.core.db import fetch
from portal.openings.models import Opening, OpeningPlace, OpeningVersion
from portal.openings.rules import OpeningContent, Viewer, from_json
from portal.openings.states import OpeningState, Seniority
from portal.people.models import Address, Person, Staff, StaffPicture

#: Openings on one page of the list.
PAGE_SIZE: Final = 20
#: Statements for searches of so many words are made once.
_KEPT_STATEMENTS: Final = 16
#: What so many openings say is kept as it was read.
_KEPT_CONTENTS: Final = 256
#: What LIKE reads as more than a letter.
_LIKE: Final = re.compile("[/%_]")
#: Entries of the feed, and addresses in the sitemap (https://www.sitemaps.org/protocol.html allows no more).
FEED_SIZE: Final = 50
SITEMAP_SIZE: Final = 50_000


@dataclass(frozen=True)
class Asker:
    """Who looks and when; `today` is the day in the company's zone, `person_id` is None for whoever is signed out."""

    person_id: int | None
    now: datetime
    today: date

    @property
    def values(self) -> dict[str, Any]:
        """What the statements below ask for."""
        return {"person_id": self.person_id, "now": self.now, "today": self.today}


@dataclass(frozen=True)
class Wanted:
    """What a list of openings is narrowed to; empty means all."""

    area: str = ""
    #: The key of a place.
    place: str = ""
    mode: WorkMode | None = None
    seniority: Seniority | None = None
    #: From `rules.search_words`.
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facets:
    """What the openings that somebody may see can be narrowed to."""

    areas: frozenset[str] = frozenset()
    seniorities: frozenset[Seniority] = frozenset()
    modes: frozenset[WorkMode] = frozenset()
    #: Label by key.
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpeningLine:
    """One opening in a list."""

    slug: str
    public_id: str
    title: str
    public_at: datetime
    content: OpeningContent
    #: When its page last changed for whoever sees it.
    changed_at: datetime


@dataclass(frozen=True)
class OpeningPage:
    """One opening, whole."""

    id: int
    slug: str
    public_id: str
    public_at: datetime
    recruiter_id: int | None
    hiring_manager_id: int | None
    content: OpeningContent


@dataclass(frozen=True)
class Colleague:
    """Who looks after an opening, as its page shows them."""

    person_id: int
    name: str
    email: str
    introduction: str
    picture_id: str


_PERSON: Final = bindparam("person_id", type_=Integer)
_THEIR_AREAS: Final = select(PersonArea.area).where(PersonArea.person_id == _PERSON)
_IS_MEMBER: Final = (
    select(Membership.person_id).where(Membership.person_id == _PERSON).where(Membership.left_at.is_(None)).exists()
)
_MODE_COLUMNS: Final = {
    WorkMode.REMOTE: Opening.is_remote,
    WorkMode.HYBRID: Opening.is_hybrid,
    WorkMode.ON_SITE: Opening.is_on_site,
}


def _is_public() -> ColumnElement[bool]:
    return Opening.public_at <= bindparam("now")


def _is_for_them() -> ColumnElement[bool]:
    """Whether the asker is a member to whom the opening is shown as soon as it is published."""
    is_theirs = or_(Opening.area == "", Opening.area.in_(_THEIR_AREAS))
    return and_(Opening.published_at <= bindparam("now"), _IS_MEMBER, is_theirs)


def _accepts() -> ColumnElement[bool]:
    is_in_time = or_(Opening.closes_on.is_(None), Opening.closes_on >= bindparam("today"))
    return and_(Opening.state == OpeningState.PUBLISHED, is_in_time)


def _is_visible() -> ColumnElement[bool]:
    """As `rules.is_visible`."""
    return and_(_accepts(), or_(_is_public(), _is_for_them()))


def _as_asked() -> ColumnElement[bool]:
    """Narrowed to area, place, way of working and experience, each unless it is empty; the words come on top."""
    place = bindparam("place", type_=String)
    has_place = (
        select(OpeningPlace.opening_id)
        .where(OpeningPlace.opening_id == Opening.id)
        .where(OpeningPlace.place == place)
        .exists()
    )
    mode = bindparam("mode", type_=String)
    area, seniority = bindparam("area", type_=String), bindparam("seniority", type_=String)
    return and_(
        or_(area == "", Opening.area == area),
        or_(place == "", has_place),
        or_(mode == "", *(and_(mode == str(one), column) for one, column in _MODE_COLUMNS.items())),
        or_(seniority == "", type_coerce(Opening.seniority, String) == seniority),
    )


_COUNT = select(func.count()).select_from(Opening).where(_is_visible()).where(_as_asked())
_IDS = (
    select(Opening.id)
    .where(_is_visible())
    .where(_as_asked())
    .order_by(Opening.public_at.desc(), Opening.id.desc())
    .limit(bindparam("count", type_=Integer))
    .offset(bindparam("first", type_=Integer))
)
_CHANGED_AT = case(
    (Opening.public_at > OpeningVersion.published_at, Opening.public_at), else_=OpeningVersion.published_at
)
_WITH_VERSION = and_(OpeningVersion.opening_id == Opening.id, OpeningVersion.number == Opening.version_number)
#: As it is stored, for `_content_of`.
_CONTENT = cast(OpeningVersion.content, Text)
_LINES = (
    select(Opening.slug, Opening.public_id, Opening.title, Opening.public_at, _CONTENT, _CHANGED_AT)
    .join(OpeningVersion, _WITH_VERSION)
    .order_by(Opening.public_at.desc(), Opening.id.desc())
)
_EARLY = _LINES.where(_accepts()).where(Opening.public_at > bindparam("now")).where(_is_for_them())
_SITEMAP = (
    select(Opening.slug, _CHANGED_AT)
    .join(OpeningVersion, _WITH_VERSION)
    .where(_accepts())
    .where(_is_public())
    .order_by(Opening.public_at.desc(), Opening.id.desc())
    .limit(SITEMAP_SIZE)
)
_PAGE = (
    select(
        Opening.id,
        Opening.slug,
        Opening.public_id,
        Opening.public_at,
        Opening.recruiter_id,
        Opening.hiring_manager_id,
        OpeningVersion.content,
    )
    .join(OpeningVersion, _WITH_VERSION)
    .where(Opening.slug == bindparam("slug"))
    .where(_is_visible())
)
_VISIBLE = (
    select(Opening.id, Opening.area, Opening.seniority, *_MODE_COLUMNS.values()).where(_is_visible()).cte("visible")
)
#: Every combination that occurs, and every place: a line says one or the other.
_FACETS: CompoundSelect[Any] = union_all(
    select(
        literal("").label("place"),
        literal("").label("label"),
        _VISIBLE.c.area.label("area"),
        func.coalesce(type_coerce(_VISIBLE.c.seniority, String), "").label("seniority"),
        *(_VISIBLE.c[column.key].label(column.key) for column in _MODE_COLUMNS.values()),
    ).distinct(),
    select(
        OpeningPlace.place,
        func.min(OpeningPlace.label),
        literal(""),
        literal(""),
        *(literal(False) for _column in _MODE_COLUMNS),
    )
    .where(OpeningPlace.opening_id.in_(select(_VISIBLE.c.id)))
    .group_by(OpeningPlace.place),
)


def visible_versions(*columns: Any) -> Select[Any]:
    """A statement for `columns` of the openings that an asker may see and of what each says now."""
    return select(*columns).select_from(Opening).join(OpeningVersion, _WITH_VERSION).where(_is_visible())


_COLLEAGUES = (
    select(Staff.person_id, Person.name, Address.email, Staff.introduction, func.coalesce(StaffPicture.public_id, ""))
    .join(Person, Person.id == Staff.person_id)
    .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(StaffPicture, StaffPicture.person_id == Staff.person_id)
    .where(Staff.is_active)
    .where(Staff.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(Staff.person_id)
)
_LAST_GONE = (
    select(func.max(Opening.stopped_at))
    .where(Opening.public_at <= Opening.stopped_at)
    .where(Opening.stopped_at <= bindparam("now"))
)


def count_openings(asker: Asker, wanted: Wanted) -> int:
    """How many openings the asker may see that fit."""
    return int(fetch(_count_statement(len(wanted.words)), asker.values | _narrowed(wanted)).scalar_one())


def list_openings(asker: Asker, wanted: Wanted, first: int, count: int) -> list[OpeningLine]:
    """`count` of the openings the asker may see, from number `first`: those that only members see, then the newest."""
    values = asker.values | _narrowed(wanted) | {"first": first, "count": count}
    return _lines(fetch(_list_statement(len(wanted.words)), values))


def early_openings(asker: Asker) -> list[OpeningLine]:
    """What the asker sees before everybody does, what stays so longest first; empty for who is no member."""
    return _lines(fetch(_EARLY, asker.values))


def facets_of(asker: Asker) -> Facets:
    """What the openings the asker may see can be narrowed to; one statement."""
    areas: set[str] = set()
    seniorities: set[str] = set()
    modes: set[WorkMode] = set()
    places: dict[str, str] = {}
    for place, label, area, seniority, *has_modes in fetch(_FACETS, asker.values):
        if place:
            places[place] = label
            continue
        areas.add(area)
        seniorities.add(seniority)
        modes.update(compress(_MODE_COLUMNS, has_modes))
    return Facets(
        areas=frozenset(areas - {""}),
        seniorities=frozenset(Seniority(one) for one in seniorities if one),
        modes=frozenset(modes),
        places=places,
    )


def feed_openings(now: datetime, today: date) -> list[OpeningLine]:
    """The newest of what everybody may see, for feed readers."""
    return list_openings(Asker(None, now, today), Wanted(), 0, FEED_SIZE)


def last_gone(now: datetime) -> datetime | None:
    """When the newest opening left that everybody could see; None: none has."""
    found: datetime | None = fetch(_LAST_GONE, {"now": now}).scalar()
    return found


def find_opening(slug: str, asker: Asker) -> OpeningPage | None:
    """The opening at this address, if the asker may see it; None as for one that never was."""
    row = fetch(_PAGE, {**asker.values, "slug": slug}).one_or_none()
    if row is None:
        return None
    opening_id, own_slug, public_id, public_at, recruiter_id, hiring_manager_id, content = row
    return OpeningPage(opening_id, own_slug, public_id, public_at, recruiter_id, hiring_manager_id, from_json(content))


def sitemap_openings(now: datetime, today: date) -> list[tuple[str, datetime]]:
    """Slug and last change of what everybody may see, the newest first."""
    return [(slug, changed_at) for slug, changed_at in fetch(_SITEMAP, {"now": now, "today": today})]


def colleagues(ids: Sequence[int]) -> dict[int, Colleague]:
    """Those of these members of staff who work here, by person."""
    if not ids:
        return {}
    return {row[0]: Colleague(*row) for row in fetch(_COLLEAGUES, {"ids": list(ids)})}


def viewer_of(person_id: int) -> Viewer:
    """What decides which openings this person sees first, for `rules.is_visible`."""
    areas = member_areas(person_id)
    return Viewer(areas is not None, areas or frozenset())


def _lines(rows: Any) -> list[OpeningLine]:
    return [
        OpeningLine(slug, public_id, title, public_at, _content_of(content), changed_at)
        for slug, public_id, title, public_at, content, changed_at in rows
    ]


@lru_cache(maxsize=_KEPT_CONTENTS)
def _content_of(stored: str) -> OpeningContent:
    """What is stored, read; kept by its own words, so what is written anew is read anew."""
    return from_json(json.loads(stored))


def _narrowed(wanted: Wanted) -> dict[str, Any]:
    words = {f"word_{number}": "%" + _LIKE.sub(r"/\g<0>", word) + "%" for number, word in enumerate(wanted.words)}
    return {
        "area": wanted.area,
        "place": wanted.place,
        "mode": str(wanted.mode or ""),
        "seniority": str(wanted.seniority or ""),
        **words,
    }


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _count_statement(word_count: int) -> Any:
    return _with_words(_COUNT, word_count)


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _list_statement(word_count: int) -> Any:
    chosen = _with_words(_IDS, word_count).subquery()
    return _LINES.where(Opening.id.in_(select(chosen.c.id)))


def _with_words(statement: Any, word_count: int) -> Any:
    """Every word must occur; wildcards in it are plain letters."""
    for number in range(word_count):
        statement = statement.where(Opening.search_text.like(bindparam(f"word_{number}", type_=String), escape="/"))
    return statement
