"""What every change has in common: the person, held, and the boxes they moved."""

from collections.abc import Sequence
from datetime import datetime

from portal.contact.actions import record_consent
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import reader
from portal.people.models import Person


def note_consents(
    person_id: int, shown: Sequence[Purpose], ticked: Sequence[Purpose], source: str, now: datetime
) -> None:
    """Only boxes that were moved count, so a page that stood open for long revives nothing that was withdrawn
    meanwhile; and what is so already is not said twice.
    """
    given = {purpose for purpose, state in consent_states(person_id).items() if state.is_given}
    for purpose in Purpose:
        is_ticked = purpose in ticked
        if is_ticked == (purpose in shown) or is_ticked == (purpose in given):
            continue
        record_consent(
            person_id,
            purpose,
            ConsentAction.GIVEN if is_ticked else ConsentAction.WITHDRAWN,
            words=str(PURPOSE_WORDS[purpose]),
            text_version=TEXT_VERSION,
            locale=reader().locale,
            source=source,
            now=now,
        )


def locked_person(person_id: int) -> Person:
    """The person, held until the end of the transaction, so that two tabs of theirs follow each other."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person
