"""One search over people, openings and notes, as far as the asker may see each."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, literal, select

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.queries.shown import is_in_scope
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.desk.queries.candidates import has_name_or_address, searched, words_of
from portal.notes.queries import NoteLine, notes_with
from portal.openings.models import Opening
from portal.openings.queries.known import is_joined
from portal.openings.states import OpeningState
from portal.people.models import Address, Person
from portal.prospects.queries import IS_TO_INVITE

#: Lines of each kind; the list of people goes on with all of them.
SHOWN = 10


@dataclass(frozen=True)
class FoundPerson:
    """Somebody who was found; for hiring managers by an application to an opening of theirs."""

    public_id: str
    name: str
    email: str
    #: Where a hiring manager reads about them; empty for those who may open the card.
    application_public_id: str
    opening_title: str
    #: A colleague added them, and they neither joined nor applied since.
    is_to_invite: bool


@dataclass(frozen=True)
class FoundOpening:
    """An opening that was found."""

    public_id: str
    title: str
    state: OpeningState
    source: str


@dataclass(frozen=True)
class Found:
    """What was found, at most `SHOWN` of each kind, and of which kinds there is more."""

    people: list[FoundPerson] = field(default_factory=list)
    openings: list[FoundOpening] = field(default_factory=list)
    notes: list[NoteLine] = field(default_factory=list)
    has_more_people: bool = False
    has_more_openings: bool = False
    has_more_notes: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.people or self.openings or self.notes)


_CARDS = select(
    Person.public_id, Person.name, Address.email, literal(""), literal(""), case((IS_TO_INVITE, True), else_=False)
)
_APPLICANTS = (
    select(
        Person.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        Application.public_id,
        Opening.title,
        literal(False),
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .order_by(Application.id.desc())
    .limit(SHOWN + 1)
)
_OPENINGS = (
    select(Opening.public_id, Opening.title, Opening.state, Opening.source)
    .where(~is_joined())
    .order_by(Opening.created_at.desc(), Opening.id.desc())
    .limit(SHOWN + 1)
)


def find_all(words: str, scope: StaffScope) -> Found:
    """People, openings by title, notes by their words; the newest of each first. Every word has to be found."""
    people = [FoundPerson(*row) for row in fetch(_people(words, scope))]
    openings = [FoundOpening(*row) for row in fetch(_openings(words, scope))]
    notes = notes_with(words, scope, SHOWN + 1)
    return Found(
        people[:SHOWN],
        openings[:SHOWN],
        notes[:SHOWN],
        len(people) > SHOWN,
        len(openings) > SHOWN,
        len(notes) > SHOWN,
    )


def _people(words: str, scope: StaffScope) -> Any:
    """Tags, skills and places are for those who see everybody, so a hiring manager does not find by them."""
    if scope.role in {Role.RECRUITER, Role.ADMIN}:
        latest = searched(_CARDS, words, scope.person_id).order_by(Person.created_at.desc(), Person.id.desc())
        return latest.limit(SHOWN + 1)
    may_see = is_in_scope(scope.person_id, scope.role)
    return _APPLICANTS.where(may_see).where(*(has_name_or_address(word) for word in words_of(words)))


def _openings(words: str, scope: StaffScope) -> Any:
    has_all = (func.lower(Opening.title).contains(word, autoescape=True) for word in words_of(words))
    statement = _OPENINGS.where(*has_all)
    if scope.role is Role.HIRING_MANAGER:
        statement = statement.where(Opening.hiring_manager_id == scope.person_id)
    return statement
