"""Logging that somebody spoke with a candidate: it needs no mail, stands on their page at once, and keeps a promise."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.applications.actions.locking import lock_people
from portal.applications.actions.noting import drop_waiting_notes
from portal.applications.actions.telling import found, latest_promise
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView
from portal.applications.rules import Proposal, StaleApplication, check_date, settled
from portal.applications.rules.promises import check_call
from portal.applications.states import AUTOMATIC, OPEN_STATUSES, Channel, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, is_allowed


@dataclass(frozen=True)
class Call:
    """A conversation as it is logged; `words` and the next date stand on the candidate's page."""

    channel: Channel
    happened_on: date | None
    words: str
    next_update_by: date | None
    date_reason: str


class LetterWaits(PortalError):
    """A letter waits to go that a call would overtake; nothing has been logged."""


def log_call(public_id: str, call: Call, *, scope: StaffScope, seen_event_id: str, now: datetime) -> None:
    """Log that somebody spoke with them; they read of it at once. Recorded.

    `seen_event_id` is the newest event that the writer had before them. Raises StaleApplication when something
    happened in between, LetterWaits while a letter waits that would say something else afterwards, ProposalRefused
    when the sentence, the day, the next date or its reason is not right, NotFound also when it has ended.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    person_id = found(public_id, scope).person_id
    with transaction() as session:
        lock_people(session, person_id, scope.person_id)
        view = found(public_id, scope)
        _refuse_out_of_turn(view, seen_event_id)
        # Messages before the application: the order in which a colleague's work is handed over.
        drop_waiting_notes(session, view.id, now)
        application = session.get_one(Application, view.id, with_for_update=True)
        kept = _checked(view, application, call, now)
        session.add(_event(application, kept, call, scope, now))
        application.change_reported_at = None
        record(
            "applications.log_call",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
            channel=str(call.channel),
            next_update_by=kept.next_update_by.isoformat() if kept.next_update_by else None,
        )


def _refuse_out_of_turn(view: StaffView, seen_event_id: str) -> None:
    if view.status not in OPEN_STATUSES:
        raise NotFound
    if any(event.is_on_its_way and event.kind not in AUTOMATIC for event in view.events):
        raise LetterWaits(_("A letter waits to go. Send it or take it back first, then log the call."))
    for event in view.events:
        if event.public_id == seen_event_id:
            return
        # An automatic note that came in between says nothing that the writer need have read.
        if event.kind not in AUTOMATIC:
            break
    raise StaleApplication(_("A colleague has written in the meantime. Nothing has been logged yet."))


def first_day_of_calls(view: StaffView, application_day: date) -> date:
    """Nobody spoke about an application before it was made."""
    return min(view.applied_on or application_day, application_day)


def _checked(view: StaffView, application: Application, call: Call, now: datetime) -> Proposal:
    zone = company_zone()
    today = day_of(now, zone)
    first_day = first_day_of_calls(view, day_of(application.created_at, zone))
    check_call(call.words, call.happened_on, first_day=first_day, today=today)
    promised = latest_promise(view)
    kept = settled(Proposal(view.status, call.words, call.next_update_by, call.date_reason), promised)
    check_date(kept, promised, today, calendar_from(today))
    return kept


def _event(application: Application, kept: Proposal, call: Call, scope: StaffScope, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application.id,
        kind=EventKind.CALL,
        status=kept.status,
        next_update_by=kept.next_update_by,
        date_reason=kept.date_reason,
        message=kept.message,
        internal_reason="",
        actor_id=scope.person_id,
        delivery_id=None,
        created_at=now,
        answered_change_at=application.change_reported_at,
        channel=call.channel,
        happened_on=call.happened_on,
    )
