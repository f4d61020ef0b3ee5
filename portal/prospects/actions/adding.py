"""Adding somebody who neither joined nor applied: by hand, or many from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import record_consent
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import LOCALES
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.notes.actions import note_on_person
from portal.people.actions import NewPerson, add_people_many
from portal.people.models import Address, Person
from portal.people.queries import known_person
from portal.prospects.models import LookedAt, Prospect
from portal.prospects.queries import address_facts
from portal.prospects.rules import ProspectRefused, check_address, may_take_consent
from portal.prospects.states import LegalGround, ProspectSource

#: The version of words that were seen elsewhere: theirs, not ours.
_ELSEWHERE: Final = "elsewhere"
_SOURCE_LENGTH: Final = 60


@dataclass(frozen=True)
class Consent:
    """A yes that was given elsewhere, with its proof: the words, the day and where it was said."""

    purpose: Purpose
    words: str
    given_on: date
    source: str


@dataclass(frozen=True)
class Found:
    """Somebody a colleague wants to add; `email` is normalised, `areas` are keys, links are (page, how found)."""

    email: str
    name: str
    source: ProspectSource
    source_note: str
    obtained_on: date
    ground: LegalGround
    areas: tuple[str, ...] = ()
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()
    looked_on: date | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class Added:
    """What became of a list: how many were added, were known before, and how many consents were taken."""

    added: int
    known: int
    consents: int


class AlreadyKnown(ProspectRefused):
    """Somebody with this address is here; `public_id` names their card."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("We know somebody with this address already. Their card is linked here."))
        self.public_id = public_id


def add_prospect(found: Found, *, scope: StaffScope, now: datetime) -> str:
    """Add one person; their public id. Recorded. Raises ProspectRefused, AlreadyKnown, NoteRefused."""
    facts = address_facts([found.email])[found.email]
    check_address(facts)
    if facts.public_id:
        raise AlreadyKnown(facts.public_id)
    try:
        with transaction():
            _add([found], scope, now)
            added = known_person(found.email)
            if added is None:
                raise NotFound
            if found.note:
                note_on_person(added.public_id, scope=scope, text=found.note, form_key="", now=now)
            return added.public_id
    except IntegrityError as error:
        # Somebody else has just added the same address, or they joined this moment.
        known = known_person(found.email)
        if known is None:
            raise
        raise AlreadyKnown(known.public_id) from error


def add_prospects(people: Sequence[Found], *, scope: StaffScope, now: datetime) -> Added:
    """Add all of a list, or nothing: those we know get only the consents that they may have. Recorded.

    Addresses must differ. Raises ProspectRefused when one of them may not be added any more, or was just added.
    """
    try:
        with transaction():
            facts = address_facts([one.email for one in people])
            for one in people:
                check_address(facts[one.email])
            new = [one for one in people if not facts[one.email].public_id]
            _add(new, scope, now)
            consents = sum(_take_consents(one, scope, now) for one in people if one.consents)
            known = len(people) - len(new)
            subject = "company:prospects"
            record("prospects.import_list", subject, actor_id=scope.person_id, now=now, added=len(new), same=known)
            return Added(len(new), known, consents)
    except IntegrityError as error:
        raise ProspectRefused(_("Somebody on this list was added this moment. Please look at it again.")) from error


def _add(people: Sequence[Found], scope: StaffScope, now: datetime) -> None:
    """Few statements however many they are: others want to write as well."""
    with transaction() as session:
        newcomers = [NewPerson(email=one.email, name=one.name, phone="") for one in people]
        ids = add_people_many(newcomers, LOCALES[0], company_zone(), now)
        found = session.execute(select(Person.id, Person.public_id).where(Person.id.in_(list(ids.values()))))
        public_ids: dict[int, str] = {person_id: public_id for person_id, public_id in found}
        session.add_all(_prospect(one, ids[one.email], scope, now) for one in people)
        session.add_all(
            LookedAt(
                public_id=new_public_id(),
                person_id=ids[one.email],
                url=url,
                found_by=found_by,
                looked_on=one.looked_on or one.obtained_on,
                noted_by_id=scope.person_id,
                noted_at=now,
            )
            for one in people
            for url, found_by in one.links
        )
        session.flush()
        for one in people:
            person_id = ids[one.email]
            record(
                "prospects.add",
                f"person:{public_ids[person_id]}",
                actor_id=scope.person_id,
                now=now,
                person_id=person_id,
                source=str(one.source),
            )
        session.flush()


def _prospect(one: Found, person_id: int, scope: StaffScope, now: datetime) -> Prospect:
    return Prospect(
        person_id=person_id,
        source=one.source,
        source_note=one.source_note,
        obtained_on=one.obtained_on,
        ground=one.ground,
        areas=list(one.areas),
        added_by_id=scope.person_id,
        added_at=now,
    )


def _take_consents(found: Found, scope: StaffScope, now: datetime) -> int:
    """Note what may be taken over, with its own words, day and source; how many that were."""
    taken = 0
    with transaction() as session:
        theirs = select(Address.person_id).where(Address.email == found.email).scalar_subquery()
        locked = select(Person.id).where(Person.id == theirs).with_for_update(key_share=True)
        person_id = session.scalars(locked).one()
        states = consent_states(person_id)
        for one in found.consents:
            state = states.get(one.purpose)
            before = state.decided_by if state else None
            given_at = datetime.combine(one.given_on, time(12), ZoneInfo(company_zone()))
            if before is not None and not may_take_consent(before.action, before.occurred_at, given_at):
                continue
            record_consent(
                person_id,
                one.purpose,
                ConsentAction.GIVEN,
                words=one.words,
                text_version=_ELSEWHERE,
                locale=LOCALES[0],
                source=one.source[:_SOURCE_LENGTH],
                now=min(given_at, now),
                actor_id=scope.person_id,
            )
            taken += 1
    return taken
