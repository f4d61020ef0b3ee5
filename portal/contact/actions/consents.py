"""Writing to the consent ledger: entries are added and never changed."""

from collections.abc import Collection
from datetime import datetime

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions.life import locked_person, note_life, settle
from portal.contact.adapters import note_said
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION, WITHDRAW_WORDS
from portal.contact.states import ConsentAction, Purpose
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.i18n import reader

#: Where an entry comes from that nobody made.
_RETENTION = "retention"


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
    Raises NotFound.
    """
    with transaction() as session:
        person = locked_person(session, person_id)
        takes_back = action is ConsentAction.GIVEN and actor_id is None and _is_over(person_id, purpose)
        if action is not ConsentAction.EXPIRED:
            note_life(person_id, now, is_own=actor_id is None)
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
            actor_id=None if action is ConsentAction.EXPIRED else actor_id or person_id,
            now=now,
            person_id=person_id,
            purpose=str(purpose),
            said=str(action),
        )
        session.flush()
        if action is not ConsentAction.GIVEN or takes_back:
            is_lapse = action is ConsentAction.EXPIRED
            note_said(person_id, person.public_id, str(purpose), is_no=not takes_back, now=now, is_lapse=is_lapse)


def _is_over(person_id: int, purpose: Purpose) -> bool:
    """Whether they had said no, or what they had agreed to has run out."""
    state = consent_states(person_id).get(purpose)
    return state is not None and not state.is_given


def choose(person_id: int, purpose: Purpose, is_wanted: bool, *, source: str, now: datetime) -> None:
    """The person says yes or no to a purpose with the words we show now; saying the same again adds nothing."""
    with transaction() as session:
        # One at a time for each person, so that a double click is one entry.
        locked_person(session, person_id)
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


def stop(person_id: int, purposes: Collection[Purpose], *, source: str, now: datetime, words: str = "") -> None:
    """The person wants no more of `purposes`, also where they never said yes: only they can say so again.

    `words` are those of the button; without them each purpose has its own. Saying it twice is one entry.
    """
    with transaction() as session:
        locked_person(session, person_id)
        states = consent_states(person_id)
        for purpose in [one for one in Purpose if one in purposes]:
            if purpose in states and states[purpose].action is ConsentAction.WITHDRAWN:
                continue
            record_consent(
                person_id,
                purpose,
                ConsentAction.WITHDRAWN,
                words=words or str(WITHDRAW_WORDS[purpose]),
                text_version=TEXT_VERSION,
                locale=reader().locale,
                source=source,
                now=now,
            )


def let_run_out(person_id: int, now: datetime) -> None:
    """Nobody answered when we asked: what the person agreed to holds no longer. Joins the transaction."""
    with transaction() as session:
        locked_person(session, person_id)
        for purpose, state in consent_states(person_id).items():
            if state.is_given:
                record_consent(
                    person_id,
                    purpose,
                    ConsentAction.EXPIRED,
                    words=state.decided_by.words,
                    text_version=TEXT_VERSION,
                    locale=reader().locale,
                    source=_RETENTION,
                    now=now,
                )
        settle(person_id, day_of(now, company_zone()))
