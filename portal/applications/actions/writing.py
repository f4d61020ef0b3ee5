"""Writing to a candidate: the message, the new status, the next date, in one step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import func, select

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import Proposal, StaleApplication, check_proposal, settled
from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.contact.actions import rest_from_community
from portal.contact.rules import REST_DAYS
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


def preview_letter(public_id: str, *, scope: StaffScope, proposal: Proposal, now: datetime) -> RenderedMail:
    """The mail exactly as the candidate would get it; raises ProposalRefused, NotFound."""
    view = _find(public_id, scope)
    return _prepare(view, scope, proposal, now).mail


#: How often a message is made anew because what it says has changed while it was made.
_TRIES = 3
#: Messages that never reach anybody.
_LOST = (DeliveryState.DEAD, DeliveryState.CANCELLED)


def write_to_candidate(
    public_id: str, *, scope: StaffScope, proposal: Proposal, seen_event_id: str, now: datetime
) -> None:
    """Send a message now, and move the application as it says; the candidate sees it when the mail is accepted.

    `seen_event_id` is the newest event that the writer had before them. Raises StaleApplication when a colleague
    wrote in between, ProposalRefused when the message, the date or its reason is not right, NotFound, Busy when what
    the message says (whose it is, who looks after it) keeps changing.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    for _attempt in range(_TRIES):
        view = _find(public_id, scope)
        _refuse_stale(view.newest_event_id, seen_event_id)
        ready = _prepare(view, scope, proposal, now)
        if _send(public_id, ready, scope, seen_event_id, now):
            return
    raise Busy(_("This application is being changed just now. Please try again in a minute. Nothing has been sent."))


def _send(public_id: str, ready: "_Ready", scope: StaffScope, seen_event_id: str, now: datetime) -> bool:
    """Write it all down in one transaction; False when what the message says no longer holds."""
    with transaction() as session:
        application = session.get(Application, ready.application_id, with_for_update=True)
        if application is None:
            raise NotFound
        _refuse_stale(_newest_event_id(application.id), seen_event_id)
        view = _find(public_id, scope)
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
        )
        session.add(_event(event_id, application, ready.kept, scope, delivery_id, now))
        application.change_reported_at = None
        if ready.kept.status is ApplicationStatus.NOT_SELECTED:
            rest_from_community(view.person_id, now + timedelta(days=REST_DAYS), now)
        issue_token(TokenKind.FOLLOW, ready.mail, subject=view.public_id, person_id=view.person_id, now=now)
        _record(view, ready.kept, scope, now)
        return True


def _refuse_stale(newest_event_id: str | None, seen_event_id: str) -> None:
    if newest_event_id != seen_event_id:
        raise StaleApplication(_("A colleague has written in the meantime. Nothing has been sent yet."))


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
    return _Ready(view.id, kept, emails.message(facts.to, letter, settings), facts)


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
