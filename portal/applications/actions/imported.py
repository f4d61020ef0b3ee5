"""What an import does to applications: adds them, notes what changed, restates, releases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal.applications.models import Application, ApplicationEvent
from portal.applications.rules.finishing import TOLD_ELSEWHERE_AFTER
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.identifiers import new_public_id


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
    """Add applications with their first states in three statements; returns their public ids in the same order.

    Open ones are held: nothing automatic is sent until the import is released. Ended ones are marked as ended
    before us: no letter, no clocks.
    """
    if not imported:
        return []
    rows = [_row(one, now) for one in imported]
    with transaction() as session:
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


def _row(one: ImportedApplication, now: datetime) -> dict[str, Any]:
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
) -> None:
    """Note what a later import says; due with its owner when the candidate was told something else.

    No event: the candidate's page stays as it is until somebody writes. `ended_as`: how it has ended there, a draft of
    an ending here. `has_told_them`: that system tells people of endings itself, so nobody has to write, and the page
    says so in a day (`tell_elsewhere`) unless a colleague or a later import says otherwise.
    """
    with transaction() as session:
        application = session.get_one(Application, application_id, with_for_update=True)
        application.source_stage = source_stage
        application.source_status = source_status
        application.source_reason = source_reason
        application.last_activity_on = last_activity_on
        application.source_ending = ended_as
        if ended_as is None:
            application.source_tells_from = None
        if is_told_differently and ended_as is not None and has_told_them:
            application.source_tells_from = application.source_tells_from or now + TOLD_ELSEWHERE_AFTER
        elif is_told_differently and application.change_reported_at is None:
            application.change_reported_at = now


def restate_imported(changes: Sequence[Restatement], now: datetime) -> int:
    """Let first states from an import read as newly mapped; returns how many did change.

    Applications that somebody has written about are left alone: their candidates were told by a person. Who was
    promised a date keeps it.
    """
    changed = 0
    with transaction() as session:
        for change in sorted(changes, key=lambda one: one.application_id):
            application = session.get(Application, change.application_id, with_for_update=True)
            events = session.scalars(
                select(ApplicationEvent)
                .where(ApplicationEvent.application_id == change.application_id)
                .order_by(ApplicationEvent.id.desc())
                .limit(2)
            ).all()
            if application is None or len(events) != 1 or events[0].kind not in _FIRST_KINDS:
                continue
            if events[0].status != change.status:
                _restate(application, events[0], change)
                changed += 1
    return changed


def _restate(application: Application, event: ApplicationEvent, change: Restatement) -> None:
    has_ended = change.status in ENDINGS
    if has_ended != (event.status in ENDINGS):
        application.is_held = not has_ended and _is_waiting(application.import_ref)
    event.status = change.status
    event.kind = _first_kind(change.status)
    event.next_update_by = None if has_ended else event.next_update_by or change.next_update_by


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
