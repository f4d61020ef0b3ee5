"""Writing to the consent ledger: entries are added and never changed."""

from datetime import datetime

from portal.audit.actions import record
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION, WITHDRAW_WORDS
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import reader
from portal.people.models import Person


def record_consent(
    person_id: int,
    purpose: Purpose,
    action: ConsentAction,
    *,
    words: str,
    text_version: str,
    locale: str,
    source: str,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Add one entry to the ledger, with the `words` that were seen; joins the transaction.

    `source` says where it was said ("/join"); `actor_id` is whoever entered it for the person, None for themselves.
    """
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound
        session.add(
            ConsentEvent(
                person_id=person_id,
                purpose=purpose,
                action=action,
                words=words,
                text_version=text_version,
                locale=locale,
                source=source,
                occurred_at=now,
                actor_id=actor_id,
            )
        )
        record(
            "contact.record_consent",
            f"person:{person.public_id}",
            actor_id=actor_id or person_id,
            now=now,
            person_id=person_id,
            purpose=str(purpose),
            said=str(action),
        )
        session.flush()


def choose(person_id: int, purpose: Purpose, is_wanted: bool, *, source: str, now: datetime) -> None:
    """The person says yes or no to a purpose with the words we show now; saying the same again adds nothing."""
    with transaction() as session:
        # One at a time for each person, so that a double click is one entry.
        if session.get(Person, person_id, with_for_update=True) is None:
            raise NotFound
        state = consent_states(person_id).get(purpose)
        if is_wanted == (state is not None and state.is_given):
            return
        words = PURPOSE_WORDS if is_wanted else WITHDRAW_WORDS
        record_consent(
            person_id,
            purpose,
            ConsentAction.GIVEN if is_wanted else ConsentAction.WITHDRAWN,
            words=str(words[purpose]),
            text_version=TEXT_VERSION,
            locale=reader().locale,
            source=source,
            now=now,
        )
