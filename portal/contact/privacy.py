"""What we hold about a person's consents: the ledger."""

from datetime import datetime

from sqlalchemy import delete, select

from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_LABELS, merged
from portal.contact.states import ConsentAction
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection

TABLES: tuple[type[Model], ...] = (ConsentEvent,)


def export(person_id: int) -> list[ExportSection]:
    """Every entry of the ledger with the words that were seen, newest first."""
    events = session().scalars(
        select(ConsentEvent).where(ConsentEvent.person_id == person_id).order_by(ConsentEvent.id.desc())
    )
    rows, entries = [], []
    for event in events:
        rows.append((str(PURPOSE_LABELS[event.purpose]), _in_words(event)))
        entries.append(
            {
                "purpose": str(event.purpose),
                "action": str(event.action),
                "words": event.words,
                "text_version": event.text_version,
                "locale": event.locale,
                "source": event.source,
                "occurred_at": event.occurred_at.isoformat(),
                "entered_by": "you" if event.actor_id in {None, person_id} else "somebody else",
            }
        )
    return [
        ExportSection(
            title=_("What you agreed to"),
            rows=rows,
            kept=_("For as long as we know you: it shows that we may write to you, or that we may not."),
            seen_by=_("You, and the people who recruit here."),
            empty=_("You have not agreed to any mail. You hear from us only about your own applications."),
            extra={"events": entries},
        )
    ]


def _in_words(event: ConsentEvent) -> str:
    moment, words = format_moment(event.occurred_at), event.words
    if event.action is ConsentAction.GIVEN:
        return _("yes, %(moment)s, to “%(words)s”", moment=moment, words=words)
    if event.action is ConsentAction.WITHDRAWN:
        return _("no more, %(moment)s: “%(words)s”", moment=moment, words=words)
    return _("ran out, %(moment)s", moment=moment)


def erase(person_id: int, now: datetime) -> None:
    """Delete the ledger of this person; joins the transaction."""
    with transaction() as own:
        own.execute(delete(ConsentEvent).where(ConsentEvent.person_id == person_id))


def retention(now: datetime) -> None:
    """Consents do not age by themselves yet: how long we know somebody is decided by what they do with us."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """`kept_id` gets a copy of the other's entries; a withdrawal of either side wins. Joins the transaction."""
    with transaction() as own:
        wanted = merged(consent_states(kept_id), consent_states(gone_id))
        entries = own.scalars(
            select(ConsentEvent).where(ConsentEvent.person_id.in_([kept_id, gone_id])).order_by(ConsentEvent.id)
        ).all()
        for entry in entries:
            if entry.person_id == gone_id:
                own.add(_copy(entry, kept_id))
                own.flush()
        reached = consent_states(kept_id)
        for purpose, state in wanted.items():
            if reached[purpose].action is not state.action:
                deciding = [entry for entry in entries if entry.purpose is purpose and entry.action is state.action]
                own.add(_copy(deciding[-1], kept_id))
        own.execute(delete(ConsentEvent).where(ConsentEvent.person_id == gone_id))


def _copy(entry: ConsentEvent, person_id: int) -> ConsentEvent:
    return ConsentEvent(
        person_id=person_id,
        purpose=entry.purpose,
        action=entry.action,
        words=entry.words,
        text_version=entry.text_version,
        locale=entry.locale,
        source=entry.source,
        occurred_at=entry.occurred_at,
        actor_id=entry.actor_id,
    )


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
