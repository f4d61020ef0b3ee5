"""Reading the consent ledger."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.contact.models import ConsentEvent
from portal.contact.rules import (
    OFFERED_AT_JOINING,
    PURPOSE_LABELS,
    PURPOSE_WORDS,
    ConsentFact,
    ConsentState,
    fold,
)
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import fetch


@dataclass(frozen=True)
class ConsentRow:
    """How one purpose stands for a person; `words` are those they saw, or would see now if they never answered."""

    purpose: Purpose
    label: str
    words: str
    is_given: bool
    #: None: never answered.
    action: ConsentAction | None
    decided_at: datetime | None
    source: str


_LEDGER = (
    select(
        ConsentEvent.purpose,
        ConsentEvent.action,
        ConsentEvent.actor_id.is_(None).label("is_own"),
        ConsentEvent.occurred_at,
        ConsentEvent.words,
        ConsentEvent.source,
    )
    .where(ConsentEvent.person_id == bindparam("person_id"))
    .order_by(ConsentEvent.id)
)


def consent_states(person_id: int) -> dict[Purpose, ConsentState]:
    """How every purpose stands that this person ever answered."""
    rows = fetch(_LEDGER, {"person_id": person_id})
    return fold(
        ConsentFact(row.purpose, row.action, bool(row.is_own), row.occurred_at, row.words, row.source) for row in rows
    )


def consents_of(person_id: int) -> list[ConsentRow]:
    """The purposes that are asked of everybody, and any other this person has answered, in a fixed order."""
    states = consent_states(person_id)
    return [
        _row(purpose, states.get(purpose)) for purpose in Purpose if purpose in states or purpose in OFFERED_AT_JOINING
    ]


def _row(purpose: Purpose, state: ConsentState | None) -> ConsentRow:
    decided_by = state.decided_by if state else None
    return ConsentRow(
        purpose=purpose,
        label=str(PURPOSE_LABELS[purpose]),
        words=decided_by.words if decided_by and state and state.is_given else str(PURPOSE_WORDS[purpose]),
        is_given=state is not None and state.is_given,
        action=decided_by.action if decided_by else None,
        decided_at=decided_by.occurred_at if decided_by else None,
        source=decided_by.source if decided_by else "",
    )
