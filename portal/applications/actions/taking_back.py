"""Taking back a letter that waits: nothing of it remains but its words, for whoever wrote them to use or throw away."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import OneTimeToken
from portal.applications.actions.locking import lock_people
from portal.applications.actions.staging import take_stage_back
from portal.applications.models import Application, ApplicationEvent, ChangeItem, ChangeOfMany, LetterDraft
from portal.applications.queries import StaffScope, StaffView, find_for_staff, rest_of
from portal.applications.rules import GoneAlready
from portal.applications.rules.changing import IMPORTED_AFTER
from portal.applications.states import (
    AUTOMATIC,
    ENDINGS,
    OPEN_STATUSES,
    WRITTEN_ELSEWHERE,
    ApplicationStatus,
    EventKind,
    ItemState,
)
from portal.audit.actions import record
from portal.contact.actions import rest_until
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission, Role, is_allowed
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token, token_hash
from portal.outbox.actions import take_back
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState


def take_back_letter(public_id: str, event_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Undo a letter that no mail server has been given: the application stands as before, its words are kept for us.

    Recorded. Raises GoneAlready when it is on its way or was taken back before, NotFound.
    """
    view = _find(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        event = session.scalar(
            select(ApplicationEvent)
            .where(ApplicationEvent.application_id == view.id)
            .where(ApplicationEvent.public_id == event_id)
        )
        if event is None or event.delivery_id is None or event.kind in AUTOMATIC | WRITTEN_ELSEWHERE:
            raise GoneAlready(_("This letter does not wait any more. Perhaps it was taken back before."))
        # The message before the application: the order in which a colleague's work is handed over.
        if not take_back(event.delivery_id, now):
            raise GoneAlready(_("It has gone already, so it cannot be taken back."))
        application = session.get_one(Application, view.id, with_for_update=True)
        if event.message:
            _keep_words(session, event, now)
        undo_event(session, event, application, now)
        record(
            "applications.take_back_letter",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=application.person_id,
            now=now,
            status=str(event.status),
        )


def take_back_ending(public_id: str, now: datetime) -> bool:
    """Let an ending by us that waits not go, because the candidate has just said something that it does not know of.

    Its words are kept for us. False when a mail server has been given it, so that it may arrive. Recorded; joins the
    transaction, in which the caller has locked the person, and nothing of the application yet.
    """
    view = find_for_staff(public_id, StaffScope(0, Role.ADMIN))
    ending = view.waiting_ending if view is not None else None
    if view is None or ending is None:
        return True
    with transaction() as session:
        event = session.scalars(select(ApplicationEvent).where(ApplicationEvent.public_id == ending.public_id)).one()
        if event.delivery_id is None or not take_back(event.delivery_id, now):
            return False
        application = session.get_one(Application, view.id, with_for_update=True)
        if event.message:
            _keep_words(session, event, now)
        undo_event(session, event, application, now)
        record(
            "applications.take_back_letter",
            f"application:{public_id}",
            actor_id=None,
            person_id=application.person_id,
            now=now,
            status=str(ending.status),
        )
        return True


def throw_draft_away(public_id: str, *, scope: StaffScope) -> None:
    """Delete the words of a letter that was taken back. Raises NotFound."""
    view = _find(public_id, scope)
    with transaction():
        forget_draft(view.id)


def forget_draft(application_id: int) -> None:
    """Delete the words that were kept for this application; joins the transaction."""
    with transaction() as session:
        session.execute(delete(LetterDraft).where(LetterDraft.application_id == application_id))


def forget_sent_draft(application_id: int, status: ApplicationStatus) -> None:
    """A letter with this status was written: the kept words went with it; joins the transaction.

    Those of an ending stay when the letter was none: nobody has sent or thrown them away.
    """
    with transaction() as session:
        draft = session.get(LetterDraft, application_id)
        if draft is not None and (draft.status in OPEN_STATUSES or status in ENDINGS):
            session.delete(draft)


def forget_old_drafts(before: datetime) -> None:
    """Delete words that nobody has used since then."""
    with transaction() as session:
        session.execute(delete(LetterDraft).where(LetterDraft.kept_at < before))


def _find(public_id: str, scope: StaffScope) -> StaffView:
    view = find_for_staff(public_id, scope)
    if view is None or not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return view


def _keep_words(session: Session, event: ApplicationEvent, now: datetime) -> None:
    """The words wait in the form; those of an earlier letter stand below them, so that nothing typed is lost.

    Where one of the two was an ending, they wait as one: they never stand in a letter that ends nothing.
    """
    before = session.get(LetterDraft, event.application_id)
    message = f"{event.message}\n\n{before.message}" if before is not None else event.message
    is_ending = before is not None and before.status in ENDINGS and event.status in OPEN_STATUSES
    session.merge(
        LetterDraft(
            application_id=event.application_id,
            status=before.status if before is not None and is_ending else event.status,
            message=message,
            next_update_by=None if is_ending else event.next_update_by,
            date_reason="" if is_ending else event.date_reason,
            kept_at=now,
        )
    )


def take_back_events(
    session: Session, application_id: int, kinds: Collection[EventKind], now: datetime
) -> list[ApplicationEvent]:
    """The events of these kinds whose messages waited, and do not go any more; the caller undoes them.

    What a person wrote is ours only until a server is tried with it. What is automatic says that there is no news: it
    stops even when a server has put it off, for by then there is some. Joins the transaction.
    """
    waiting = session.scalars(
        select(ApplicationEvent)
        .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(ApplicationEvent.application_id == application_id)
        .where(ApplicationEvent.kind.in_(kinds))
        .where(Delivery.state == DeliveryState.QUEUED)
        .order_by(ApplicationEvent.id)
    ).all()
    return [
        event
        for event in waiting
        if event.delivery_id is not None and take_back(event.delivery_id, now, even_if_tried=event.kind in AUTOMATIC)
    ]


def undo_event(session: Session, event: ApplicationEvent, application: Application, now: datetime) -> None:
    """Let nothing remain of an event whose message was taken back; joins the transaction.

    What an import had reported is due again; a move of which the page would say so by now waits anew.
    """
    if event.delivery_id is not None:
        _forget_token(session, event.delivery_id)
    reported = (event.answered_change_at, application.change_reported_at)
    application.change_reported_at = min((at for at in reported if at is not None), default=None)
    if event.answered_change_at is not None and application.source_moves_from is not None:
        application.source_moves_from = max(application.source_moves_from, now + IMPORTED_AFTER)
    take_stage_back(session, application, event, _forget_change(session, event))
    _remove(session, event, application.person_id, now)


def _forget_change(session: Session, event: ApplicationEvent) -> tuple[str, str] | None:
    """A move that nobody hears of has not happened; the stage before it and the one it led to, if it was of many."""
    found = session.execute(
        select(ChangeItem, ChangeOfMany.stage)
        .join(ChangeOfMany, ChangeOfMany.id == ChangeItem.change_id)
        .where(ChangeItem.event_id == event.id)
    ).one_or_none()
    if found is None:
        return None
    item, stage = found
    item.state, item.event_id = ItemState.TAKEN_BACK, None
    return None if item.stage_before is None else (item.stage_before, stage)


def _forget_token(session: Session, delivery_id: int) -> None:
    key = session.scalars(select(Delivery.key).where(Delivery.id == delivery_id)).one()
    token = mail_token(current_settings().secret_key, key, TokenKind.FOLLOW)
    session.execute(delete(OneTimeToken).where(OneTimeToken.token_hash == token_hash(token, TokenKind.FOLLOW)))


def _remove(session: Session, event: ApplicationEvent, person_id: int, now: datetime) -> None:
    had_rest = event.rest_open_since is not None or event.kind is EventKind.REVERTED
    session.delete(event)
    session.flush()
    if had_rest:
        rest_until(person_id, rest_of(person_id, now), now)
