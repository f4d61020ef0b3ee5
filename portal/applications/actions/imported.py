"""What an import does to applications: adds them, notes what changed, restates, releases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.actions.noting import drop_waiting_notes
from portal.applications.models import Application, ApplicationEvent
from portal.applications.rules.changing import IMPORTED_AFTER
from portal.applications.rules.finishing import TOLD_ELSEWHERE_AFTER
from portal.applications.states import ENDINGS, OPEN_STATUSES, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.actions import number_of_promises
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.openings.actions import open_for_those_within


@dataclass(frozen=True)
class ImportedApplication:
    """One application as an import brings it; `next_update_by` is None exactly when it has ended."""

    person_id: int
    opening_id: int
    owner_id: int
    source: str
    external_key: str
    applied_on: date | None
    last_activity_on: date | None
    channel: str
    tags: tuple[str, ...]
    source_stage: str
    source_status: str
    source_reason: str
    status: ApplicationStatus
    next_update_by: date | None
    import_ref: str


@dataclass(frozen=True)
class Restatement:
    """What a candidate is to read after a label was mapped; a date exactly when it is open."""

    application_id: int
    status: ApplicationStatus
    next_update_by: date | None


def add_imported(imported: ImportedApplication, now: datetime) -> str:
    """Add one application with its first state; returns its public id."""
    return add_imported_many([imported], now)[0]


def add_imported_many(imported: Sequence[ImportedApplication], now: datetime) -> list[str]:
    """Add applications with their first states in a few statements; returns their public ids in the same order.

    Open ones are held: nothing automatic is sent until the import is released. Ended ones are marked as ended
    before us: no letter, no clocks.
    """
    if not imported:
        return []
    with transaction() as session:
        promised = number_of_promises(now)
        rows = [_row(one, promised, now) for one in imported]
        open_for_those_within({one.opening_id for one in imported if one.status not in ENDINGS}, now)
        session.execute(insert(Application).execution_options(render_nulls=True), rows)
        public_ids = [row["public_id"] for row in rows]
        found = session.execute(
            select(Application.public_id, Application.id).where(Application.public_id.in_(public_ids))
        )
        ids = {public_id: application_id for public_id, application_id in found}
        events = [
            {
                "public_id": new_public_id(),
                "application_id": ids[public_id],
                "kind": _first_kind(one.status),
                "status": one.status,
                "next_update_by": None if one.status in ENDINGS else one.next_update_by,
                "date_reason": "",
                "message": "",
                "internal_reason": one.source_reason,
                "created_at": now,
            }
            for one, public_id in zip(imported, public_ids, strict=True)
        ]
        session.execute(insert(ApplicationEvent).execution_options(render_nulls=True), events)
    return public_ids


_FIRST_KINDS = {EventKind.IMPORTED, EventKind.ENDED_BEFORE_US}


def _first_kind(status: ApplicationStatus) -> EventKind:
    return EventKind.ENDED_BEFORE_US if status in ENDINGS else EventKind.IMPORTED


def _row(one: ImportedApplication, promised: int, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "person_id": one.person_id,
        "opening_id": one.opening_id,
        "owner_id": one.owner_id,
        "source": one.source,
        "external_key": one.external_key,
        "applied_on": one.applied_on,
        "last_activity_on": one.last_activity_on,
        "channel": one.channel,
        "imported_tags": list(one.tags),
        "source_stage": one.source_stage,
        "source_status": one.source_status,
        "source_reason": one.source_reason,
        "is_held": one.status not in ENDINGS,
        "service_promise": promised,
        "import_ref": one.import_ref,
        "created_at": now,
    }


def report_change(
    application_id: int,
    *,
    source_stage: str,
    source_status: str,
    source_reason: str,
    last_activity_on: date | None,
    is_told_differently: bool,
    now: datetime,
    ended_as: ApplicationStatus | None = None,
    has_told_them: bool = False,
    moves_to: ApplicationStatus | None = None,
) -> None:
    """Note what a later import says; due with its owner when the candidate was told something else.

    No event: the candidate's page stays as it is. `ended_as`: how it has ended there, a draft of an ending here.
    `has_told_them`: that system tells people of endings itself, so nobody has to write, and the page says so in a day
    (`tell_elsewhere`). `moves_to`: the open status in which it stands there, when the candidate reads another; the page
    says so in a day (`follow_source`). Neither, if a colleague or a later import says otherwise before.
    """
    with transaction() as session:
        if is_told_differently and ended_as is not None and has_told_them:
            _drop_notes(session, application_id, now)
        application = session.get_one(Application, application_id, with_for_update=True)
        application.source_stage = source_stage
        application.source_status = source_status
        application.source_reason = source_reason
        application.last_activity_on = last_activity_on
        said_otherwise = application.source_ending is not None or _is_moving(application)
        if said_otherwise and ended_as is None and moves_to is None and not is_told_differently:
            # It reads there again as it does here.
            application.change_reported_at = None
        _note_ending(application, ended_as, now, is_due=is_told_differently, has_told_them=has_told_them)
        _note_move(application, moves_to, now, is_due=is_told_differently)


def _drop_notes(session: Session, application_id: int, now: datetime) -> None:
    """Another system told them how it ended: an automatic note would say that there is no news."""
    lock_people(session, *session.scalars(select(Application.person_id).where(Application.id == application_id)))
    drop_waiting_notes(session, application_id, now)


def _note_ending(
    application: Application, ended_as: ApplicationStatus | None, now: datetime, *, is_due: bool, has_told_them: bool
) -> None:
    """How it has ended there; None: it is open there. Due with the owner unless that system has told them."""
    application.source_ending = ended_as
    if ended_as is None:
        application.source_tells_from = None
    if is_due and ended_as is not None and has_told_them:
        application.source_tells_from = application.source_tells_from or now + TOLD_ELSEWHERE_AFTER
    elif is_due and application.change_reported_at is None:
        application.change_reported_at = now


def _is_moving(application: Application) -> bool:
    """Whether a move waits; one that a person's word has answered does not."""
    return application.source_moves_from is not None and application.change_reported_at is not None


def _note_move(application: Application, moves_to: ApplicationStatus | None, now: datetime, *, is_due: bool) -> None:
    """Where it stands there while the candidate reads something else; said again, it keeps its time."""
    is_said_again = _is_moving(application) and application.source_moves_to is moves_to
    if is_said_again or (moves_to is not None and not is_due):
        return
    application.source_moves_to = moves_to
    application.source_moves_from = now + IMPORTED_AFTER if moves_to is not None else None


def restate_imported(changes: Sequence[Restatement], now: datetime, *, has_told_them: bool = False) -> int:
    """Let what an import said read as newly mapped; returns how many did change, or will.

    A colleague says what a word means, so the first state reads so at once. Only that somebody who is open should have
    ended is never said by a label alone: it is due with the owner as any change from an import, and waits its time (see
    `report_change`). So does what was said after the first state.
    Applications that somebody has written about are left alone. Who was promised a date keeps it.
    """
    changed = 0
    opened: set[int] = set()
    ids = [change.application_id for change in changes]
    with transaction() as session:
        lock_people(session, *session.scalars(select(Application.person_id).where(Application.id.in_(ids))))
        for change in sorted(changes, key=lambda one: one.application_id):
            application = session.get(Application, change.application_id, with_for_update=True)
            events = _last_two_events(session, change.application_id)
            if application is None or not events or events[0].kind not in _FIRST_KINDS:
                continue
            if _is_first_state(application, events, change):
                changed += _restate(application, events[0], change)
                if change.status not in ENDINGS:
                    opened.add(application.opening_id)
            elif events[0].status not in ENDINGS:
                changed += _report(application, events[0], change, now, has_told_them=has_told_them)
        open_for_those_within(opened, now)
    return changed


def _last_two_events(session: Session, application_id: int) -> Sequence[ApplicationEvent]:
    return session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == application_id)
        .order_by(ApplicationEvent.id.desc())
        .limit(2)
    ).all()


def _is_first_state(application: Application, events: Sequence[ApplicationEvent], change: Restatement) -> bool:
    """Whether nothing was said but what the import brought, and it may be put right without anybody's words."""
    ends_an_open_one = change.status in ENDINGS and events[0].status not in ENDINGS and not application.is_held
    return len(events) == 1 and not ends_an_open_one and application.change_reported_at is None


def _report(
    application: Application, event: ApplicationEvent, change: Restatement, now: datetime, *, has_told_them: bool
) -> bool:
    """As a later import says it that a label means something else; whether that changes anything."""
    before = (application.source_ending, application.source_moves_to)
    if change.status in before:
        # Said before, and perhaps refused by a colleague since.
        return False
    report_change(
        application.id,
        source_stage=application.source_stage,
        source_status=application.source_status,
        source_reason=application.source_reason,
        last_activity_on=application.last_activity_on,
        is_told_differently=change.status != event.status,
        now=now,
        ended_as=change.status if change.status in ENDINGS else None,
        has_told_them=has_told_them,
        moves_to=change.status if change.status in OPEN_STATUSES and change.status != event.status else None,
    )
    return before != (application.source_ending, application.source_moves_to)


def _restate(application: Application, event: ApplicationEvent, change: Restatement) -> bool:
    if event.status == change.status:
        return False
    has_ended = change.status in ENDINGS
    if has_ended != (event.status in ENDINGS):
        application.is_held = not has_ended and _is_waiting(application.import_ref)
    event.status = change.status
    event.kind = _first_kind(change.status)
    event.next_update_by = None if has_ended else event.next_update_by or change.next_update_by
    return True


def _is_waiting(import_ref: str) -> bool:
    """Whether others of this import are held, so that nobody has released it yet."""
    with transaction() as session:
        held = select(Application.id).where(Application.import_ref == import_ref).where(Application.is_held).limit(1)
        return bool(import_ref) and session.scalar(held) is not None


def release_import(import_ref: str, actor_id: int, now: datetime) -> int:
    """Let automatic notes go to the people an import added; returns to how many applications that applies."""
    with transaction() as session:
        released = session.execute(
            update(Application)
            .where(Application.import_ref == import_ref)
            .where(Application.is_held)
            .values(is_held=False)
        )
        count = int(released.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it
        record("applications.release_import", f"import:{import_ref}", actor_id=actor_id, now=now, count=count)
    return count
