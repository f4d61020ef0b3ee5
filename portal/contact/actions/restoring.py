"""Saying no again for whoever said so after the backup that was restored, and letting run out what had run out."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from portal.contact.actions.consents import record_consent
from portal.contact.actions.wishes import preferences_row
from portal.contact.adapters import SURVEYS, Said, said_in
from portal.contact.queries import address_hash, consent_states
from portal.contact.rules import TEXT_VERSION, WITHDRAW_WORDS, to_say_again
from portal.contact.states import Purpose
from portal.core.db import end_reading, fetch, transaction
from portal.core.i18n import reader
from portal.core.journal import Line
from portal.people.models import Address, Person

_SOURCE = "restore"
_WHO_HAS_AN_ADDRESS = select(Person.id, Person.public_id, Person.created_at, Address.email).join(
    Address, Address.person_id == Person.id
)


def say_no_again(lines: Iterable[Line], now: datetime) -> int:
    """Let every no hold that these lines of the journal know and the database lacks, and what had run out be over
    again; how many people it was.

    A yes that somebody gave after their no stands, in the journal and in the database. Safe to run twice.
    """
    people = set()
    for (person_id, about), said in _last_words(said for said in said_in(lines) if said.at <= now).items():
        if said.is_no and _end(person_id, about, said):
            people.add(person_id)
        end_reading()
    return len(people)


def _last_words(entries: Iterable[Said]) -> Mapping[tuple[int, str], Said]:
    """What each person said last about each kind of mail; whoever joined after it was said is somebody new."""
    by_public_id: dict[str, int] = {}
    by_hash: dict[str, tuple[int, datetime]] = {}
    for row in fetch(_WHO_HAS_AN_ADDRESS).all():
        by_public_id[row.public_id] = row.id
        by_hash[address_hash(row.email)] = (row.id, row.created_at)
    last: dict[tuple[int, str], Said] = {}
    for said in entries:
        meant = {by_public_id[said.public_id]} if said.public_id in by_public_id else set()
        for one in said.address_hashes:
            person_id, created_at = by_hash.get(one, (0, said.at))
            if created_at < said.at:
                meant.add(person_id)
        last.update({(person_id, said.about): said for person_id in meant})
    return last


def _end(person_id: int, about: str, said: Said) -> bool:
    """Whether the database did not know it yet."""
    if about == SURVEYS:
        return _refuse_surveys(person_id, said.at)
    if about not in set(Purpose):
        return False
    purpose = Purpose(about)
    before = consent_states(person_id).get(purpose)
    action = to_say_again(before, said.at, is_lapse=said.is_lapse)
    if action is None:
        return False
    lapsed_words = before.decided_by.words if before is not None else ""
    record_consent(
        person_id,
        purpose,
        action,
        words=lapsed_words if said.is_lapse else str(WITHDRAW_WORDS[purpose]),
        text_version=TEXT_VERSION,
        locale=reader().locale,
        source=_SOURCE,
        now=said.at,
    )
    return True


def _refuse_surveys(person_id: int, at: datetime) -> bool:
    with transaction() as session:
        row = preferences_row(session, person_id)
        if row.surveys_off_at is not None:
            return False
        row.surveys_off_at = at
        session.flush()
        return True
