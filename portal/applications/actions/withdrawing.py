"""Taking an application back, by the candidate: their page changes at once, the confirmation follows by mail."""

from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import forget_draft, take_back_events, undo_event
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import ApplicationView, find_application_of
from portal.applications.rules import NOT_SAID_ANY_MORE, check_withdrawal
from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.queries import Recipient, recipient
from portal.tasks.actions import cancel_tasks

#: How often the confirmation is made anew because what it says has changed while it was made.
_TRIES: Final = 3


class _Outdated(Exception):
    """What the confirmation says no longer holds; nothing was written."""


def withdraw_application(person_id: int, public_id: str, *, why: str, now: datetime) -> None:
    """End the person's own open application because they say so; nothing else of theirs changes.

    `why` may be empty; whoever recruits for the opening reads it. What waits in the outbox about it is not sent, and
    leaves no trace; a letter that a mail server was tried with may still arrive. Recorded. Raises AlreadyEnded,
    NotFound, Busy when what the confirmation says keeps changing.
    """
    for _attempt in range(_TRIES):
        view = _find(person_id, public_id)
        check_withdrawal(view.status, why)
        to = recipient(person_id)
        mail = emails.withdrawn(to, view.opening_title, view.owner_name, current_settings())
        try:
            _write_down(view, to, mail, why, now)
        except _Outdated:
            continue
        return
    raise Busy(_("Your application is being changed just now. Please try again in a minute. It stands as before."))


def _find(person_id: int, public_id: str) -> ApplicationView:
    view = find_application_of(person_id, public_id)
    if view is None:
        raise NotFound
    return view


def _write_down(before: ApplicationView, to: Recipient, mail: RenderedMail, why: str, now: datetime) -> None:
    """All of it in one transaction; raises _Outdated when what the confirmation says no longer holds."""
    with transaction() as session:
        lock_people(session, before.person_id)
        # The messages before the application: the order in which a colleague's work is handed over.
        unsaid = take_back_events(session, before.id, NOT_SAID_ANY_MORE, now)
        application = session.get(Application, before.id, with_for_update=True)
        view = find_application_of(before.person_id, before.public_id)
        if application is None or view is None:
            raise NotFound
        kept = check_withdrawal(view.status, why)
        if _facts(view) != _facts(before):
            raise _Outdated
        _end(session, view, application, unsaid, _event(view, ApplicationStatus.WITHDRAWN, kept, now), now)
        _confirm(view, to, mail, now)
        record(
            "applications.withdraw",
            f"application:{view.public_id}",
            actor_id=view.person_id,
            person_id=view.person_id,
            now=now,
            status_before=str(view.status),
        )


def end_as_declined(person_id: int, public_id: str, *, why: str, now: datetime) -> None:
    """End the person's own open application because they declined our offer, as when they withdraw.

    Whoever calls confirms and records it. `why` may be empty. Joins the transaction; raises AlreadyEnded, NotFound.
    """
    with transaction() as session:
        lock_people(session, person_id)
        found = _find(person_id, public_id)
        unsaid = take_back_events(session, found.id, NOT_SAID_ANY_MORE, now)
        application = session.get_one(Application, found.id, with_for_update=True)
        view = _find(person_id, public_id)
        kept = check_withdrawal(view.status, why)
        _end(session, view, application, unsaid, _event(view, ApplicationStatus.OFFER_DECLINED, kept, now), now)


def _end(
    session: Session,
    view: ApplicationView,
    application: Application,
    unsaid: Iterable[ApplicationEvent],
    ending: ApplicationEvent,
    now: datetime,
) -> None:
    """What waited is not said any more, and nobody owes word about it."""
    for event in unsaid:
        undo_event(session, event, application, now)
    application.change_reported_at = None
    forget_draft(application.id)
    session.add(ending)
    _settle_tasks(session, view.public_id, now)


def _facts(view: ApplicationView) -> tuple[str, str, str]:
    return view.opening_title, view.owner_name, view.owner_email


def _event(view: ApplicationView, status: ApplicationStatus, why: str, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=view.id,
        kind=EventKind.WITHDRAWN,
        status=status,
        next_update_by=None,
        date_reason="",
        message=why,
        internal_reason="",
        actor_id=view.person_id,
        delivery_id=None,
        created_at=now,
        answered_change_at=None,
        rest_open_since=None,
    )


def _confirm(view: ApplicationView, to: Recipient, mail: RenderedMail, now: datetime) -> None:
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{view.public_id}",
        dedupe_key=f"withdrawn:{mail.key}",
        now=now,
        reply_to=str(Address(view.owner_name, addr_spec=view.owner_email)),
    )
    issue_token(TokenKind.FOLLOW, mail, subject=view.public_id, person_id=to.person_id, now=now)


def _settle_tasks(session: Session, public_id: str, now: datetime) -> None:
    """Nobody owes word about it any more, nor has to see after a letter that did not arrive."""
    about = f"application:{public_id}"
    cancel_tasks(about, now)
    lost = select(Delivery.key).where(Delivery.cause == about).where(Delivery.state == DeliveryState.DEAD)
    for key in session.scalars(lost.order_by(Delivery.id)).all():
        cancel_tasks(f"delivery:{key}", now)
