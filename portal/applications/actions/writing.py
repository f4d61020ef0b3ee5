"""Writing to a candidate: the message, the new status, the next date, in one step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import func, select

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import forget_draft
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff, when_it_goes
from portal.applications.rules import EndingWaits, Proposal, StaleApplication, check_proposal, settled, wanted_for
from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.contact.actions import rest_from_community
from portal.contact.rules import REST_DAYS, Hold, Verdict
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import DeliveryState, MailClass
from portal.people.queries import Recipient, StaffRow, find_staff, recipient


def preview_letter(
    public_id: str, *, scope: StaffScope, proposal: Proposal, now: datetime
) -> tuple[RenderedMail, Verdict]:
    """The mail exactly as the candidate would get it, and when it would go; raises ProposalRefused, NotFound."""
    view = _find(public_id, scope)
    ready = _prepare(view, scope, proposal, now)
    return ready.mail, ready.verdict


#: How often a message is made anew because what it says has changed while it was made.
_TRIES = 3
#: Messages that never reach anybody.
_LOST = (DeliveryState.DEAD, DeliveryState.CANCELLED)


def write_to_candidate(
    public_id: str, *, scope: StaffScope, proposal: Proposal, seen_event_id: str, now: datetime
) -> Verdict:
    """Send a message, and move the application as it says; the candidate sees it when the mail is accepted.

    An ending waits for office hours, anything else goes at once; returns which of the two it will be.
    `seen_event_id` is the newest event that the writer had before them. Raises StaleApplication when a colleague
    wrote in between, EndingWaits while an ending waits that it would overtake, ProposalRefused when the message, the
    date or its reason is not right, NotFound, Busy when what the message says (whose it is, who looks after it) keeps
    changing.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    for _attempt in range(_TRIES):
        view = _find(public_id, scope)
        _refuse_stale(view.newest_event_id, seen_event_id)
        _refuse_to_overtake(view)
        ready = _prepare(view, scope, proposal, now)
        if _send(public_id, ready, scope, seen_event_id, now):
            return ready.verdict
    raise Busy(_("This application is being changed just now. Please try again in a minute. Nothing has been sent."))


def _send(public_id: str, ready: "_Ready", scope: StaffScope, seen_event_id: str, now: datetime) -> bool:
    """Write it all down in one transaction; False when what the message says no longer holds."""
    with transaction() as session:
        lock_people(session, ready.facts.to.person_id, scope.person_id)
        application = session.get(Application, ready.application_id, with_for_update=True)
        if application is None:
            raise NotFound
        _refuse_stale(_newest_event_id(application.id), seen_event_id)
        view = _find(public_id, scope)
        _refuse_to_overtake(view)
        if _facts(view, scope) != ready.facts:
            return False
        event_id = new_public_id()
        delivery_id = enqueue(
            ready.mail,
            to_address=ready.facts.to.email,
            to_name=ready.facts.to.name,
            person_id=ready.facts.to.person_id,
            mail_class=MailClass.OWN,
            cause=f"application:{view.public_id}",
            dedupe_key=f"application-event:{event_id}",
            now=now,
            reply_to=str(Address(ready.facts.author.name, addr_spec=ready.facts.author.email)),
            timing=wanted_for(ready.kept.status).timing,
        )
        event = _event(event_id, application, ready.kept, scope, delivery_id, now)
        session.add(event)
        application.change_reported_at = None
        forget_draft(application.id)
        if ready.kept.status is ApplicationStatus.NOT_SELECTED and view.status is not ready.kept.status:
            event.rest_open_since = now
            rest_from_community(view.person_id, _goes_at(ready.verdict, now) + timedelta(days=REST_DAYS), now)
        issue_token(TokenKind.FOLLOW, ready.mail, subject=view.public_id, person_id=view.person_id, now=now)
        _record(view, ready.kept, scope, now)
        return True


def _refuse_stale(newest_event_id: str | None, seen_event_id: str) -> None:
    if newest_event_id != seen_event_id:
        raise StaleApplication(_("A colleague has written in the meantime. Nothing has been sent yet."))


def _refuse_to_overtake(view: StaffView) -> None:
    """What was written after an ending would be the newest word once both have gone, and hide it."""
    if view.waiting_ending is not None:
        raise EndingWaits(_("An ending waits to go. Take it back before you write something else."))


def _goes_at(verdict: Verdict, now: datetime) -> datetime:
    return verdict.until if isinstance(verdict, Hold) else now


def _find(public_id: str, scope: StaffScope) -> StaffView:
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    return view


@dataclass(frozen=True)
class _Facts:
    """What a message says besides the words of its author."""

    opening_title: str
    owner_name: str
    status: ApplicationStatus
    to: Recipient
    author: StaffRow


@dataclass(frozen=True)
class _Ready:
    """A message that only has to be written down."""

    application_id: int
    kept: Proposal
    mail: RenderedMail
    facts: _Facts
    #: Whether it would go now.
    verdict: Verdict


def _prepare(view: StaffView, scope: StaffScope, proposal: Proposal, now: datetime) -> _Ready:
    settings = current_settings()
    promised = latest_promise(view)
    kept = settled(proposal, promised)
    today = day_of(now, company_zone())
    check_proposal(kept, promised, today, calendar_from(today))
    facts = _facts(view, scope)
    letter = emails.Letter(
        opening_title=facts.opening_title,
        author_name=facts.author.name,
        owner_name=facts.owner_name,
        is_new_status=kept.status != facts.status,
        proposal=kept,
    )
    verdict = when_it_goes(facts.to.person_id, facts.to.email, kept.status, now)
    return _Ready(view.id, kept, emails.message(facts.to, letter, settings), facts, verdict)


def _facts(view: StaffView, scope: StaffScope) -> _Facts:
    author = find_staff(scope.person_id)
    if author is None:
        raise NotFound
    return _Facts(view.opening_title, view.owner_name, view.status, recipient(view.person_id), author)


def latest_promise(view: StaffView) -> date | None:
    """The date the candidate goes by: the one they see, or an earlier one that is on its way to them.

    What never reached them is no promise, so a date later than this one needs its reason, said again if need be.
    """
    days = [view.next_update_by]
    for event in view.events:
        if event.delivery_state in {None, DeliveryState.SENT}:
            break
        if event.delivery_state not in _LOST:
            days.append(event.next_update_by)
    return min((day for day in days if day is not None), default=None)


def _newest_event_id(application_id: int) -> str | None:
    with transaction() as session:
        newest = select(func.max(ApplicationEvent.id)).where(ApplicationEvent.application_id == application_id)
        return session.scalar(select(ApplicationEvent.public_id).where(ApplicationEvent.id == newest.scalar_subquery()))


def _event(
    event_id: str, application: Application, kept: Proposal, scope: StaffScope, delivery_id: int, now: datetime
) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=event_id,
        application_id=application.id,
        kind=EventKind.MESSAGE,
        status=kept.status,
        next_update_by=kept.next_update_by,
        date_reason=kept.date_reason,
        message=kept.message,
        internal_reason="",
        actor_id=scope.person_id,
        delivery_id=delivery_id,
        created_at=now,
        answered_change_at=application.change_reported_at,
        rest_open_since=None,
    )


def _record(view: StaffView, kept: Proposal, scope: StaffScope, now: datetime) -> None:
    record(
        "applications.write_to_candidate",
        f"application:{view.public_id}",
        actor_id=scope.person_id,
        person_id=view.person_id,
        now=now,
        status_before=str(view.status),
        status_after=str(kept.status),
        next_update_by=kept.next_update_by.isoformat() if kept.next_update_by else None,
    )
