"""Moving, putting off or writing to many at once: a transaction each, safe to go on with, taken back alike."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import take_back_letter
from portal.applications.actions.telling import Telling, found, prepare, tell
from portal.applications.models import Application, ApplicationEvent, ChangeItem, ChangeOfMany
from portal.applications.queries import Going, StaffScope, StaffView, find_for_staff
from portal.applications.queries.changes import ChangeView
from portal.applications.queries.pipeline import chosen
from portal.applications.rules import EndingWaits, GoneAlready, Proposal, ProposalRefused, StaleApplication
from portal.applications.rules.pipeline import Change, StageOf, is_internal, outcome_of
from portal.applications.states import EventKind, ItemState, ManyKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.core.errors import Busy, NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, Role, is_allowed
from portal.people.queries import find_staff
from portal.wording.rules import MissingValue

#: People told in one step, so that a page answers soon; the worker goes on with the rest.
STEP: Final = 50
#: What keeps one person from it and the others not.
_KEPT_FROM = (EndingWaits, ProposalRefused, StaleApplication, Busy, NotFound, MissingValue, GoneAlready)


class Meant(Protocol):
    """Somebody to whom it is to be done, as the colleague had them before them."""

    @property
    def id(self) -> int:
        """Of the application."""

    @property
    def newest_event_id(self) -> str:
        """What was the newest about it then."""


def preview_for(
    public_id: str, proposal: Proposal, *, kind: ManyKind, scope: StaffScope, now: datetime
) -> tuple[RenderedMail, Going]:
    """The mail that one of them would get, and when it would go; raises ProposalRefused, MissingValue, NotFound."""
    ready = prepare(found(public_id, scope), Telling(public_id, scope, _event_kind(kind), proposal, False, now))
    return ready.mail, ready.going


def begin_change(
    change: Change, people: Sequence[Meant], *, opening_id: int | None, scope: StaffScope, now: datetime
) -> str:
    """Write down what is to be done to whom, so that nothing of it is lost; its public id. Recorded.

    `opening_id`: that of all of them; None when they are in several. It is done to these and to nobody who comes later.
    Nothing is told yet: `go_on_with_change` does that. Raises NotFound for who may not write to candidates.
    """
    _refuse_readers(scope)
    public_id = new_public_id()
    with transaction() as session:
        row = ChangeOfMany(
            public_id=public_id,
            opening_id=opening_id,
            actor_id=scope.person_id,
            kind=change.kind,
            stage=change.stage.name if change.stage else "",
            status=change.stage.status if change.stage else None,
            message=change.message,
            next_update_by=change.day,
            date_reason=change.date_reason,
            is_hurried=change.is_hurried,
            created_at=now,
            taken_back_at=None,
        )
        session.add(row)
        session.flush()
        for one in people:
            session.add(
                ChangeItem(
                    change_id=row.id,
                    application_id=one.id,
                    seen_event_id=one.newest_event_id,
                    state=ItemState.WAITING,
                    why="",
                    stage_before=None,
                    event_id=None,
                )
            )
        record(
            "applications.change_many",
            f"change:{public_id}",
            actor_id=scope.person_id,
            now=now,
            kind=str(change.kind),
            count=len(people),
        )
    return public_id


def go_on_with_change(change_id: int, now: datetime, count: int = STEP) -> int:
    """Do what is left of a change of many, for at most `count` of them; returns how many are left.

    Safe to run again and by several at once: who was told is recognised by the newest event that was seen.
    """
    end_reading()
    change, scope, waiting = _left_of(change_id)
    for item_id, public_id in waiting[:count]:
        end_reading()
        try:
            _change_one(item_id, public_id, change, scope, now)
        except _KEPT_FROM as error:
            end_reading()
            # Whoever else works at this change may have told them in this very moment.
            if not _note_told(item_id, public_id, change, scope, now):
                _leave_out(item_id, error)
    return max(0, len(waiting) - count)


def take_change_back(view: ChangeView, *, scope: StaffScope, now: datetime) -> int:
    """Take back what no mail server has been given yet, and begin nothing more; how many that were. Recorded."""
    _refuse_readers(scope)
    change, author, begun = _left_of(view.id)
    with transaction() as session:
        row = session.get_one(ChangeOfMany, view.id, with_for_update=True)
        row.taken_back_at = row.taken_back_at or now
        waiting = session.scalars(
            select(ChangeItem).where(ChangeItem.change_id == row.id).where(ChangeItem.state == ItemState.WAITING)
        )
        for item in waiting:
            item.state = ItemState.TAKEN_BACK
        record("applications.take_change_back", f"change:{view.public_id}", actor_id=scope.person_id, now=now)
    count = 0
    for line in view.undoable:
        end_reading()
        try:
            if line.event_id is None:
                count += _restore_stage(line.id)
            else:
                take_back_letter(line.public_id, line.event_id, scope=scope, now=now)
                count += 1
        except (GoneAlready, NotFound):
            continue
    for item_id, public_id in begun:
        end_reading()
        # Somebody who was being told while this began, or by a worker that died before it noted so.
        _note_told(item_id, public_id, change, author, now)
    return count


def forget_old_changes(before: datetime) -> None:
    """Delete what was written down of changes that were made before then; what was told stays with its event."""
    with transaction() as session:
        session.execute(delete(ChangeOfMany).where(ChangeOfMany.created_at < before))


def forget_changes(person_id: int) -> None:
    """Delete what this person changed as a colleague, and what was done to them; joins the transaction.

    A change goes with them unless others still wait for theirs: then its words, which are for many, stay 30 days.
    """
    with transaction() as session:
        theirs = select(Application.id).where(Application.person_id == person_id)
        own = select(ChangeItem.change_id).where(ChangeItem.application_id.in_(theirs))
        changes = session.scalars(own.order_by(ChangeItem.change_id)).all()
        session.execute(delete(ChangeItem).where(ChangeItem.application_id.in_(theirs)))
        waits = (
            exists()
            .where(ChangeItem.change_id == ChangeOfMany.id)
            .where(ChangeItem.state == ItemState.WAITING)
            .correlate(ChangeOfMany)
        )
        session.execute(delete(ChangeOfMany).where(ChangeOfMany.id.in_(changes)).where(~waits))
        session.execute(delete(ChangeOfMany).where(ChangeOfMany.actor_id == person_id))


def _refuse_readers(scope: StaffScope) -> None:
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound


def _event_kind(kind: ManyKind) -> EventKind:
    return EventKind.MESSAGE if kind is ManyKind.WRITE else EventKind.MOVED


def _left_of(change_id: int) -> tuple[Change, StaffScope, list[tuple[int, str]]]:
    """What is to be done, as whom, and the items that wait, with the public ids of their applications."""
    with transaction() as session:
        row = session.get(ChangeOfMany, change_id)
        if row is None or row.taken_back_at is not None:
            return Change(ManyKind.MOVE), StaffScope(0, Role.CANDIDATE), []
        actor = find_staff(row.actor_id)
        rows = session.execute(
            select(ChangeItem.id, Application.public_id)
            .join(Application, Application.id == ChangeItem.application_id)
            .where(ChangeItem.change_id == change_id)
            .where(ChangeItem.state == ItemState.WAITING)
            .order_by(ChangeItem.id)
        ).all()
        change = Change(
            kind=row.kind,
            stage=StageOf(row.stage, row.status) if row.status is not None else None,
            message=row.message,
            day=row.next_update_by,
            date_reason=row.date_reason,
            is_hurried=row.is_hurried,
        )
        scope = StaffScope(row.actor_id, actor.role if actor and actor.is_here else Role.CANDIDATE)
        return change, scope, [(item_id, public_id) for item_id, public_id in rows]


def _change_one(item_id: int, public_id: str, change: Change, scope: StaffScope, now: datetime) -> None:
    _refuse_readers(scope)
    today = day_of(now, company_zone())
    if _note_told(item_id, public_id, change, scope, now):
        # A crash came between the mail and the note of it.
        return
    view = found(public_id, scope)
    with transaction() as session:
        seen = _seen(session, item_id)
        opening_id = session.get_one(Application, view.id).opening_id
    if view.newest_event_id != seen:
        raise StaleApplication(_("A colleague has just written to them."))
    one = chosen(None, [public_id], opening_id, scope, today)[0].one
    outcome = outcome_of(change, one, today, calendar_from(today))
    if outcome.left_out:
        raise ProposalRefused("", outcome.left_out)
    if outcome.proposal is None:
        if not is_internal(change, one):
            _take_waiting_moves_back(view, scope, now)
        _note_done(item_id, view, change)
        return
    telling = Telling(
        public_id,
        scope,
        _event_kind(change.kind),
        outcome.proposal,
        change.is_hurried,
        now,
        keeps_stage=change.stage is not None,
        item_id=item_id,
    )
    tell(telling, seen)
    end_reading()
    _note_told(item_id, public_id, change, scope, now)


def _seen(session: Session, item_id: int) -> str:
    item = session.get(ChangeItem, item_id)
    return item.seen_event_id if item else ""


def _note_told(item_id: int, public_id: str, change: Change, scope: StaffScope, now: datetime) -> bool:
    """Note that they were told, if they were; what was taken back meanwhile does not go. Whether they were."""
    view = find_for_staff(public_id, scope)
    if view is None:
        return False
    with transaction() as session:
        told = session.scalar(
            select(ApplicationEvent.public_id)
            .join(ChangeItem, ChangeItem.event_id == ApplicationEvent.id)
            .where(ChangeItem.id == item_id)
        )
    if told is None:
        return False
    if not _note_done(item_id, view, change):
        end_reading()
        with suppress(GoneAlready, NotFound):
            take_back_letter(public_id, told, scope=scope, now=now)
    return True


def _take_waiting_moves_back(view: StaffView, scope: StaffScope, now: datetime) -> None:
    """Back to what the candidate reads: the word that waited is not sent, and nothing shows that it was there."""
    for event in view.events:
        if event.may_be_replaced and event.kind is EventKind.MOVED:
            take_back_letter(view.public_id, event.public_id, scope=scope, now=now)


def _note_done(item_id: int, view: StaffView, change: Change) -> bool:
    """The stage, and that it was done, all in one; False where it was taken back before it was noted."""
    with transaction() as session:
        lock_people(session, view.person_id)
        application = session.get(Application, view.id, with_for_update=True)
        item = session.get(ChangeItem, item_id, with_for_update=True)
        if application is None or item is None or item.state is not ItemState.WAITING:
            return item is None or item.state is not ItemState.TAKEN_BACK
        item.state = ItemState.DONE
        if change.stage is not None and application.stage != change.stage.name:
            item.stage_before, application.stage = application.stage, change.stage.name
    return True


def _restore_stage(item_id: int) -> bool:
    """Back to the stage before, unless somebody has moved it on; False when it was taken back already."""
    with transaction() as session:
        row = session.get_one(ChangeItem, item_id)
        application = session.get_one(Application, row.application_id, with_for_update=True)
        item = session.get_one(ChangeItem, item_id, with_for_update=True)
        change = session.get_one(ChangeOfMany, item.change_id)
        if item.state is not ItemState.DONE:
            return False
        item.state = ItemState.TAKEN_BACK
        if item.stage_before is not None and application.stage == change.stage:
            application.stage = item.stage_before
        return True


def _leave_out(item_id: int, error: PortalError) -> None:
    with transaction() as session:
        item = session.get(ChangeItem, item_id, with_for_update=True)
        if item is not None and item.state is ItemState.WAITING:
            item.state, item.why = ItemState.LEFT_OUT, error.message
