"""What goes without a person when a promised day is over: a note that there is no news, or that the lead is asked.

Both are one event and one mail in one transaction, and nothing of either goes twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.actions.escalating import Asked, ask, whom_to_ask
from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import take_back_events, undo_event
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.promised import Silent, find_silent
from portal.applications.queries.shown import SHOWN_ID
from portal.applications.rules.promises import (
    Owed,
    answer_by,
    ends_at,
    last_day_over,
    next_day,
    not_before,
    notes_in_a_row,
    owed,
)
from portal.applications.states import AUTOMATIC, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone, office_hours, pace
from portal.contact.queries import verdict_for
from portal.contact.rules import Hold, Wanted
from portal.contact.states import Budget, MailClass, Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.queries import Recipient, StaffRow, find_staff, recipient

#: How often a message is made anew because what it says has changed while it was made; the next run tries again.
_TRIES: Final = 2
_WANTED: Final = Wanted(MailClass.OWN, None, Timing.WAKING, Budget.NONE)


@dataclass(frozen=True)
class _Facts:
    """What an automatic message says, and all that it was decided by."""

    silent: Silent
    to: Recipient
    #: Who reads an answer: whoever is asked to write, else whoever looks after the application.
    reads: StaffRow | None
    #: Of an escalation: who is asked to write.
    asked: Asked | None


@dataclass(frozen=True)
class _Ready:
    """A message that only has to be written down."""

    kind: EventKind
    facts: _Facts
    missed_on: date
    next_update_by: date
    mail: RenderedMail
    goes_from: datetime
    expires_at: datetime | None


def break_silence(application_id: int, now: datetime) -> Owed:
    """Send what is owed about an application whose promised day is over with no word on its way; says what it was.

    Recorded. Safe to run twice: what was sent moves the date, and so does a person's word in between. Raises
    MissingValue when the words of the mail need something that this person lacks.
    """
    for _attempt in range(_TRIES):
        silent = find_silent(application_id)
        what = _owed(silent, now)
        if silent is None or what is Owed.NOTHING:
            return Owed.NOTHING
        ready = _prepare(silent, what, now)
        if ready is not None and _write_down(ready, what, now):
            return what
    return Owed.NOTHING


def _owed(silent: Silent | None, now: datetime) -> Owed:
    if silent is None or silent.is_held or silent.is_told_there:
        return Owed.NOTHING
    return owed(silent.promised, last_day_over(now, office_hours(), company_zone()), silent.history)


def _prepare(silent: Silent, what: Owed, now: datetime) -> _Ready | None:
    if silent.promised is None:
        return None
    zone = company_zone()
    today = day_of(now, zone)
    facts = _facts(silent, what)
    start = not_before(now, silent.last_note_at, (zone, facts.to.timezone))
    verdict = verdict_for(silent.person_id, facts.to.email, _WANTED, start)
    # Counted from when they can read it, not from the night before.
    goes_on = max(today, day_of(verdict.until if isinstance(verdict, Hold) else start, zone))
    calendar = calendar_from(today)
    is_note = what is Owed.NOTE
    day = next_day(silent.status, pace(), goes_on, calendar) if is_note else answer_by(goes_on, calendar)
    return _Ready(
        kind=EventKind.HOLDING_NOTE if is_note else EventKind.ESCALATED,
        facts=facts,
        missed_on=silent.promised,
        next_update_by=day,
        mail=_mail(facts, silent.promised, day, is_note),
        goes_from=start,
        # A date that has passed before it could be told is none; then another note is made.
        expires_at=ends_at(day, office_hours(), zone) if is_note else None,
    )


def _facts(silent: Silent, what: Owed) -> _Facts:
    asked = whom_to_ask(silent.owner_id, silent.lead_id) if what is Owed.ESCALATION else None
    reads = find_staff(asked.person_id if asked else silent.owner_id)
    return _Facts(silent, recipient(silent.person_id), reads, asked)


def _mail(facts: _Facts, missed_on: date, day: date, is_note: bool) -> RenderedMail:
    silent = facts.silent
    silence = emails.Silence(
        opening_title=silent.opening_title,
        owner_name=silent.owner_name,
        status=silent.status,
        missed_on=missed_on,
        next_update_by=day,
        number=notes_in_a_row(silent.history) + 1,
        asked_name=facts.asked.name if facts.asked else "",
        is_lead=bool(facts.asked and facts.asked.is_lead),
        asked_on=day_of(silent.asked_at, company_zone()) if silent.asked_at else None,
    )
    make = emails.holding_note if is_note else emails.escalated
    return make(facts.to, silence, current_settings())


def _write_down(ready: _Ready, what: Owed, now: datetime) -> bool:
    """All of it in one transaction; False when what the message says no longer holds."""
    before = ready.facts.silent
    with transaction() as session:
        lock_people(session, before.person_id)
        application = session.get(Application, before.id, with_for_update=True)
        silent = find_silent(before.id)
        if application is None or silent != before or _facts(before, what) != ready.facts:
            return False
        event_id = new_public_id()
        session.add(_event(event_id, ready, _enqueue(event_id, ready, now), now))
        session.flush()
        issue_token(TokenKind.FOLLOW, ready.mail, subject=before.public_id, person_id=before.person_id, now=now)
        if ready.facts.asked is not None:
            ask(before, ready.facts.asked, event_id, now)
        _record(ready, now)
    return True


def _enqueue(event_id: str, ready: _Ready, now: datetime) -> int:
    to, reads = ready.facts.to, ready.facts.reads
    return enqueue(
        ready.mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{ready.facts.silent.public_id}",
        dedupe_key=f"application-event:{event_id}",
        now=now,
        not_before=ready.goes_from,
        reply_to=str(Address(reads.name, addr_spec=reads.email)) if reads is not None else "",
        timing=_WANTED.timing,
        expires_at=ready.expires_at,
    )


def _event(event_id: str, ready: _Ready, delivery_id: int, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=event_id,
        application_id=ready.facts.silent.id,
        kind=ready.kind,
        status=ready.facts.silent.status,
        next_update_by=ready.next_update_by,
        date_reason="",
        message="",
        internal_reason="",
        actor_id=None,
        delivery_id=delivery_id,
        created_at=now,
        missed_on=ready.missed_on,
    )


def _record(ready: _Ready, now: datetime) -> None:
    silent = ready.facts.silent
    about = f"application:{silent.public_id}"
    missed_on, day = ready.missed_on.isoformat(), ready.next_update_by.isoformat()
    if ready.kind is EventKind.HOLDING_NOTE:
        record(
            "applications.send_holding_note",
            about,
            actor_id=None,
            person_id=silent.person_id,
            now=now,
            promised=missed_on,
            next_update_by=day,
        )
    else:
        record("applications.escalate", about, actor_id=None, person_id=silent.person_id, now=now, promised=missed_on)


def settle_lost_note(event_id: int, now: datetime) -> None:
    """An automatic message reached nobody: the page itself tells them, or, when its date has passed, nothing does.

    Whoever looks after the application is asked about the letter in any case; its mail goes no more. Safe to run twice.
    """
    with transaction() as session:
        event = session.get(ApplicationEvent, event_id)
        application = session.get(Application, event.application_id) if event is not None else None
        if event is None or application is None:
            return
        lock_people(session, application.person_id)
        delivery = session.get(Delivery, event.delivery_id, with_for_update=True) if event.delivery_id else None
        session.refresh(application, with_for_update=True)
        lost = {DeliveryState.DEAD, DeliveryState.CANCELLED}
        if event.kind not in AUTOMATIC or delivery is None or delivery.state not in lost:
            return
        # From now on the page speaks for it: tried again, it would come after whatever is said since.
        delivery.expires_at = min(delivery.expires_at or now, now)
        if delivery.state is DeliveryState.DEAD and _may_stand_on_the_page(session, event, now):
            event.delivery_id = None
        else:
            undo_event(session, event, application, now)


def _may_stand_on_the_page(session: Session, event: ApplicationEvent, now: datetime) -> bool:
    """Whether its date is still to come, and nothing that the candidate has seen since says more."""
    shown = session.scalar(select(SHOWN_ID).select_from(Application).where(Application.id == event.application_id))
    is_newest = shown is None or shown < event.id
    today = day_of(now, company_zone())
    return is_newest and event.next_update_by is not None and event.next_update_by >= today


def drop_waiting_notes(session: Session, application_id: int, now: datetime) -> None:
    """A person has told them: what is automatic and was not handed over yet does not go; joins the transaction.

    The caller has locked the person.
    """
    gone = take_back_events(session, application_id, AUTOMATIC, now)
    if gone:
        application = session.get_one(Application, application_id, with_for_update=True)
        for event in gone:
            undo_event(session, event, application, now)


def drop_outdated_notes(application_id: int, person_id: int, now: datetime) -> None:
    """What is automatic and waits does not go when something was said since, whoever said it."""
    with transaction() as session:
        lock_people(session, person_id)
        drop_waiting_notes(session, application_id, now)
