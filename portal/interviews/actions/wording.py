"""A colleague's word about an interview as a word about the application: it keeps a promise and gives the next date."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions import latest_promise, note_word
from portal.applications.actions.calling import LetterWaits
from portal.applications.actions.noting import drop_waiting_notes
from portal.applications.actions.staging import follow_status
from portal.applications.actions.telling import found
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView
from portal.applications.rules import Proposal, ProposalRefused, StaleApplication, check_proposal, settled
from portal.applications.states import AUTOMATIC, OPEN_STATUSES, EventKind
from portal.company.queries import calendar_from, company_zone, pace
from portal.core.clock import day_of
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission, is_allowed
from portal.interviews.rules.arranging import (
    ArrangementRefused,
    NotPossible,
    Said,
    status_with,
    usual_next_day,
    usual_reason,
)


@dataclass(frozen=True)
class Word:
    """What is written, with the status and the date that it gives."""

    kept: Proposal


def view_to_write(application_public_id: str, scope: StaffScope) -> StaffView:
    """The application, for somebody who may write about it. Raises NotFound."""
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return found(application_public_id, scope)


def refuse_ended(view: StaffView) -> None:
    """Raise NotPossible unless the application is open."""
    if view.status not in OPEN_STATUSES:
        raise NotPossible(_("This application has ended, so no interview can be arranged for it."))


def refuse_change(view: StaffView, now: datetime) -> None:
    """Raise unless a change of an interview can be told now: NotPossible when the application has ended, LetterWaits
    while a letter of a person waits that can be taken back, or an ending.

    One that is only to be sent by now hinders nobody: the two arrive in their order, and perhaps somebody sets out.
    """
    refuse_ended(view)
    waiting = (event.waits_until for event in view.events if event.kind not in AUTOMATIC)
    if view.waiting_ending is not None or any(until is not None and until > now for until in waiting):
        raise LetterWaits(_waits())


def refuse_out_of_turn(view: StaffView, seen_event_id: str = "") -> None:
    """Raise unless a person may propose an interview now: NotPossible when the application has ended, LetterWaits while
    a letter of a person waits, StaleApplication when something was written after `seen_event_id` (empty: not asked).
    """
    refuse_ended(view)
    if any(event.is_on_its_way and event.kind not in AUTOMATIC for event in view.events):
        raise LetterWaits(_waits())
    if not seen_event_id:
        return
    for event in view.events:
        if event.public_id == seen_event_id:
            return
        # An automatic note that came in between says nothing that the writer need have read.
        if event.kind not in AUTOMATIC:
            break
    raise StaleApplication(_("A colleague has written in the meantime. Nothing has been sent yet."))


def _waits() -> str:
    return _("A letter to them waits to go. Send it or take it back first.")


def usual_day(last: datetime | None, now: datetime) -> date:
    """By when they hear where nobody chose a day: some working days after the last time of the interview."""
    zone = company_zone()
    today = day_of(now, zone)
    last_on = day_of(last, zone) if last is not None else today
    # Holidays are known for a year ahead of the day that is asked about.
    return usual_next_day(last_on, pace(), today, calendar_from(today))


def checked_word(view: StaffView, said: Said, last: datetime | None, now: datetime, *, proposes: bool = False) -> Word:
    """What is kept of `said`; `last`: the last time of the interview; `proposes`: the application moves with it.

    Raises ArrangementRefused.
    """
    today = day_of(now, company_zone())
    promised = latest_promise(view)
    day = said.next_update_by or usual_day(last, now)
    status = status_with(view.standing) if proposes else view.standing
    reason = said.date_reason.strip() or (usual_reason() if said.next_update_by is None else "")
    kept = settled(Proposal(status, said.words, day, reason), promised)
    try:
        check_proposal(kept, promised, today, calendar_from(today))
    except ProposalRefused as error:
        raise ArrangementRefused(error.field, error.message) from error
    return Word(kept)


def lock_application(session: Session, view: StaffView, now: datetime) -> Application:
    """The application, locked, and without automatic notes that wait; the people are locked already."""
    drop_waiting_notes(session, view.id, now)
    return session.get_one(Application, view.id, with_for_update=True)


def note(
    session: Session, application: Application, word: Word, actor_id: int, delivery_id: int, now: datetime
) -> None:
    """Note it as what a person wrote about the application, whose stage follows; joins the transaction."""
    day = word.kept.next_update_by
    if day is None:
        raise ValueError("a word about an open application gives the next date")
    note_word(
        application.id,
        EventKind.INTERVIEW,
        actor_id=actor_id,
        message=word.kept.message,
        status=word.kept.status,
        next_update_by=day,
        date_reason=word.kept.date_reason,
        delivery_id=delivery_id,
        now=now,
    )
    session.flush()
    event = session.scalars(select(ApplicationEvent).where(ApplicationEvent.delivery_id == delivery_id)).one()
    follow_status(session, application, event)
