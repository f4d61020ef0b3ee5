"""Telling a candidate something about their application: one mail, one event, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.reopening import refuse_finished, rest_without
from portal.applications.actions.staging import follow_status
from portal.applications.actions.taking_back import forget_sent_draft, undo_event
from portal.applications.models import Application, ApplicationEvent, ChangeItem
from portal.applications.queries import Going, StaffScope, StaffView, find_for_staff, planned
from portal.applications.queries.endings import is_marked
from portal.applications.queries.service import FeedbackPromise, feedback_promises
from portal.applications.queries.staying import said_yes_on
from portal.applications.rules import (
    EndingWaits,
    Proposal,
    ProposalRefused,
    StaleApplication,
    check_change,
    check_ending,
    check_proposal,
    goes_from,
    settled,
    wanted_for,
)
from portal.applications.rules.finishing import check_openness
from portal.applications.rules.keeping_touch import STAY_WAITS, no_yes_yet
from portal.applications.states import ApplicationStatus, EventKind, ItemState
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone, end_reasons_known, undo_minutes
from portal.contact.actions import rest_from_community
from portal.contact.rules import REST_DAYS, Wanted
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue, hurry, take_back
from portal.outbox.states import DeliveryState, MailClass
from portal.people.queries import Recipient, StaffRow, find_staff, recipient

#: The mails that are not written freely.
_MAILS: Final = {EventKind.MOVED: emails.change, EventKind.REVERTED: emails.reverted}
#: What each kind is called in the audit log.
_RECORDED: Final = {
    EventKind.MOVED: "applications.move_application",
    EventKind.REVERTED: "applications.revert_ending",
}
#: How often a message is made anew because what it says has changed while it was made.
_TRIES: Final = 3


@dataclass(frozen=True)
class Telling:
    """What is to be told, by whom, and how."""

    public_id: str
    scope: StaffScope
    #: MESSAGE: in somebody's own words; MOVED: in the company's.
    kind: EventKind
    proposal: Proposal
    #: Whether it goes without the time in which it could be undone.
    is_hurried: bool
    now: datetime
    #: Whether whoever tells sees to the stage: else it follows the status.
    keeps_stage: bool = False
    #: By which right it goes where that is not the one of mail about an application: a check-in needs a yes.
    wanted: Wanted | None = None
    #: The item of a change of many that this does; that it was done is noted with it.
    item_id: int | None = None

    @property
    def is_check_in(self) -> bool:
        """Whether it goes only to somebody who agreed to hear from us."""
        return self.wanted is not None and self.wanted.mail_class is MailClass.COMMUNITY


@dataclass(frozen=True)
class Facts:
    """What a message says besides the words of its author."""

    opening_title: str
    owner_name: str
    #: Where it stands once what waits and is not replaced has gone.
    standing: ApplicationStatus
    promised: date | None
    to: Recipient
    author: StaffRow
    #: Public ids of events that nobody has worded and that wait: they are not sent, this is said instead.
    replaced: tuple[str, ...]
    #: Whether a colleague has set a near-fit or silver medal that stands, so that a letter may say "not yet".
    is_marked: bool = False
    #: Of a rejection where we have arranged an interview with them: what they were promised about feedback.
    feedback: FeedbackPromise | None = None
    #: Of a check-in: whether they agree to hear from us.
    has_said_yes: bool = False


@dataclass(frozen=True)
class Ready:
    """A message that only has to be written down."""

    application_id: int
    kept: Proposal
    mail: RenderedMail
    facts: Facts
    going: Going


class _Outdated(Exception):
    """What the message says no longer holds; nothing was written."""


def tell(telling: Telling, seen_event_id: str) -> Going:
    """Write it down: the candidate sees it when the mail is accepted. Returns when it goes.

    `seen_event_id` is the newest event that the writer had before them; empty where nobody looked at a page of it.
    Raises StaleApplication, EndingWaits, ProposalRefused, NotFound, and Busy when what the message says keeps changing.
    """
    if not is_allowed(telling.scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    for _attempt in range(_TRIES):
        view = found(telling.public_id, telling.scope)
        seen = seen_event_id or view.newest_event_id
        _refuse_stale(view.newest_event_id, seen)
        _refuse_to_overtake(view)
        ready = prepare(view, telling)
        try:
            _write_down(ready, telling, seen)
        except _Outdated:
            continue
        return ready.going
    raise Busy(_("This application is being changed just now. Please try again in a minute. Nothing has been sent."))


def found(public_id: str, scope: StaffScope) -> StaffView:
    """The application; raises NotFound when the asker may not see it."""
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    return view


def prepare(view: StaffView, telling: Telling) -> Ready:
    """The mail, and when it would go; raises ProposalRefused, NotFound."""
    facts = _facts(view, telling, _replaceable(view))
    if telling.is_check_in and not facts.has_said_yes:
        raise ProposalRefused("", no_yes_yet(view.person_name or view.email))
    kept = settled(telling.proposal, facts.promised)
    today = day_of(telling.now, company_zone())
    if telling.kind is EventKind.MOVED:
        check_change(kept, facts.standing, facts.promised, today, calendar_from(today))
    else:
        check_openness(telling.kind, view.status, view.kind, kept.status)
        check_proposal(kept, facts.promised, today, calendar_from(today))
        check_ending(kept, facts.standing, end_reasons_known(kept.status), is_marked=facts.is_marked)
    letter = emails.Letter(
        opening_title=facts.opening_title,
        author_name=facts.author.name,
        owner_name=facts.owner_name,
        is_new_status=kept.status != facts.standing,
        proposal=kept,
        promised=facts.promised,
        ended_as=view.status if telling.kind is EventKind.REVERTED else None,
        feedback=facts.feedback,
    )
    written_as = emails.check_in if telling.is_check_in else _MAILS.get(telling.kind, emails.message)
    mail = written_as(facts.to, letter, current_settings())
    start = _start(view, facts, telling)
    going = planned(view.person_id, facts.to.email, kept.status, start, telling.wanted)
    return Ready(view.id, kept, mail, facts, going)


def latest_promise(view: StaffView) -> date | None:
    """The date the candidate goes by: the one they see, or an earlier one that is on its way to them.

    What never reached them is no promise, so a date later than this one needs its reason, said again if need be. None
    where they were told that we have not kept our promise: the date behind that is ours, and they never see it.
    """
    return _promise_without(view, _replaceable(view))


def _promise_without(view: StaffView, replaced: tuple[str, ...]) -> date | None:
    days = [] if view.kind is EventKind.ESCALATED else [view.next_update_by]
    for event in view.events:
        if event.delivery_state in {None, DeliveryState.SENT}:
            break
        if not event.is_lost and event.public_id not in replaced:
            days.append(event.next_update_by)
    return min((day for day in days if day is not None), default=None)


def _replaceable(view: StaffView) -> tuple[str, ...]:
    return tuple(event.public_id for event in view.events if event.may_be_replaced)


def _facts(view: StaffView, telling: Telling, replaced: tuple[str, ...]) -> Facts:
    author = find_staff(telling.scope.person_id)
    if author is None:
        raise NotFound
    to_come = (event.status for event in view.events if not event.is_lost and event.public_id not in replaced)
    return Facts(
        opening_title=view.opening_title,
        owner_name=view.owner_name,
        standing=next(to_come, view.status),
        promised=_promise_without(view, replaced),
        to=recipient(view.person_id),
        author=author,
        replaced=replaced,
        is_marked=telling.proposal.is_not_yet and is_marked(view.id, day_of(telling.now, company_zone())),
        feedback=_feedback_promised(view, telling.proposal),
        has_said_yes=telling.is_check_in and said_yes_on(view.person_id) is not None,
    )


def _feedback_promised(view: StaffView, proposal: Proposal) -> FeedbackPromise | None:
    is_rejection = proposal.status is ApplicationStatus.NOT_SELECTED
    if not is_rejection or not any(event.kind is EventKind.INTERVIEW for event in view.events):
        return None
    return feedback_promises([view.id])[view.id]


def _start(view: StaffView, facts: Facts, telling: Telling) -> datetime:
    """From when it may go; of a change, also an hour after the change before it."""
    others = [event for event in view.events if event.public_id not in facts.replaced]
    waiting = [event.waits_until for event in others if event.waits_until is not None]
    last_change = None
    if telling.kind is EventKind.MOVED:
        changes = (event for event in others if event.kind is EventKind.MOVED and not event.is_lost)
        # One that is in a mail server's hand just now counts as accepted now.
        last_change = next((event.accepted_at or telling.now for event in changes), None)
    return goes_from(
        telling.now,
        timedelta(minutes=undo_minutes()),
        waits_until=max(waiting, default=None),
        last_change_at=last_change,
        is_hurried=telling.is_hurried,
    )


def _write_down(ready: Ready, telling: Telling, seen: str) -> None:
    """All of it in one transaction; raises _Outdated when what the message says no longer holds."""
    with transaction() as session:
        lock_people(session, ready.facts.to.person_id, telling.scope.person_id)
        # The messages before the application: the order in which a colleague's work is handed over.
        replaced = _take_replaced_back(session, ready, telling.now)
        if telling.is_hurried:
            hurry_all(found(telling.public_id, telling.scope), telling.now)
        application = session.get(Application, ready.application_id, with_for_update=True)
        if application is None:
            raise NotFound
        _refuse_stale(_newest_event_id(session, application.id), seen)
        view = found(telling.public_id, telling.scope)
        _refuse_to_overtake(view)
        if telling.kind is EventKind.REVERTED:
            refuse_finished(session, application)
        if _facts(view, telling, ready.facts.replaced) != ready.facts:
            raise _Outdated
        stood = application.stage
        for event in replaced:
            undo_event(session, event, application, telling.now)
        event = _event(application, ready, telling)
        event.delivery_id = _enqueue(event.public_id, ready, view, telling)
        if not telling.keeps_stage:
            follow_status(session, application, event, stood)
        session.add(event)
        if telling.item_id is not None:
            _note_item(session, telling.item_id, event)
        _settle(application, event, ready, view, telling)


def _note_item(session: Session, item_id: int, event: ApplicationEvent) -> None:
    """Note what a change of many tells one of them; raises StaleApplication where it was taken back meanwhile."""
    session.flush()
    item = session.get(ChangeItem, item_id, with_for_update=True)
    if item is None or item.state is not ItemState.WAITING:
        raise StaleApplication(_("It was taken back."))
    item.event_id = event.id


def _take_replaced_back(session: Session, ready: Ready, now: datetime) -> list[ApplicationEvent]:
    events = session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == ready.application_id)
        .where(ApplicationEvent.public_id.in_(ready.facts.replaced))
        .order_by(ApplicationEvent.id)
    ).all()
    for event in events:
        if event.delivery_id is None or not take_back(event.delivery_id, now):
            raise _Outdated
    return list(events)


def hurry_all(view: StaffView, now: datetime, up_to: str = "") -> None:
    """Let what waits of this application go now, the oldest first; up to one event, or all. Joins the transaction."""
    events = list(reversed(view.events))
    for event in events:
        if event.delivery_id is not None and event.waits_until is not None:
            hurry(event.delivery_id, now)
        if event.public_id == up_to:
            return


def _settle(application: Application, event: ApplicationEvent, ready: Ready, view: StaffView, telling: Telling) -> None:
    """What follows from having written: the import is answered, the draft is used, community mail rests."""
    application.change_reported_at = None
    if telling.kind is EventKind.MESSAGE:
        forget_sent_draft(application.id, ready.kept.status)
    if telling.kind is EventKind.REVERTED:
        rest_without(view.person_id, application.id, telling.now)
    if ready.kept.status is ApplicationStatus.NOT_SELECTED and view.status is not ready.kept.status:
        event.rest_open_since = telling.now
        event.stay_open_since = telling.now if ready.kept.is_not_yet else None
        rest_from_community(view.person_id, ready.going.at + timedelta(days=REST_DAYS), telling.now)
    issue_token(TokenKind.FOLLOW, ready.mail, subject=view.public_id, person_id=view.person_id, now=telling.now)
    _record(ready, view, telling)


def _enqueue(event_id: str, ready: Ready, view: StaffView, telling: Telling) -> int:
    author = ready.facts.author
    wanted = telling.wanted or wanted_for(ready.kept.status)
    return enqueue(
        ready.mail,
        to_address=ready.facts.to.email,
        to_name=ready.facts.to.name,
        person_id=ready.facts.to.person_id,
        mail_class=wanted.mail_class,
        purpose=wanted.purpose,
        budget=wanted.budget,
        cause=f"application:{view.public_id}",
        dedupe_key=f"application-event:{event_id}",
        now=telling.now,
        not_before=ready.going.start,
        reply_to=str(Address(author.name, addr_spec=author.email)),
        timing=wanted.timing,
        expires_at=telling.now + STAY_WAITS if telling.is_check_in else None,
    )


def _event(application: Application, ready: Ready, telling: Telling) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application.id,
        kind=telling.kind,
        status=ready.kept.status,
        next_update_by=ready.kept.next_update_by,
        date_reason=ready.kept.date_reason,
        message=ready.kept.message,
        internal_reason=ready.kept.internal_reason,
        end_reason=ready.kept.end_reason,
        channel=ready.kept.channel,
        actor_id=telling.scope.person_id,
        delivery_id=None,
        created_at=telling.now,
        answered_change_at=application.change_reported_at,
        rest_open_since=None,
        stay_open_since=None,
    )


def _refuse_stale(newest_event_id: str | None, seen_event_id: str) -> None:
    if newest_event_id != seen_event_id:
        raise StaleApplication(_("A colleague has written in the meantime. Nothing has been sent yet."))


def _refuse_to_overtake(view: StaffView) -> None:
    """What was written after an ending would be the newest word once both have gone, and hide it."""
    if view.waiting_ending is not None:
        raise EndingWaits(_("An ending waits to go. Take it back before you write something else."))


def _newest_event_id(session: Session, application_id: int) -> str | None:
    newest = select(func.max(ApplicationEvent.id)).where(ApplicationEvent.application_id == application_id)
    return session.scalar(select(ApplicationEvent.public_id).where(ApplicationEvent.id == newest.scalar_subquery()))


def _record(ready: Ready, view: StaffView, telling: Telling) -> None:
    day = ready.kept.next_update_by
    record(
        _RECORDED.get(telling.kind, "applications.write_to_candidate"),
        f"application:{view.public_id}",
        actor_id=telling.scope.person_id,
        person_id=view.person_id,
        now=telling.now,
        status_before=str(view.status),
        status_after=str(ready.kept.status),
        next_update_by=day.isoformat() if day else None,
    )
