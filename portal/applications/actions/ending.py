"""Who was close: a near-fit or a silver medal is set and taken away; the words that an ending begins with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.telling import found
from portal.applications.models import Application, Mark
from portal.applications.queries import StaffScope, StaffView, planned
from portal.applications.queries.endings import stay_days
from portal.applications.rules.endings import check_mark, reached, words_of_ending
from portal.applications.states import ApplicationStatus, MarkKind
from portal.audit.actions import record
from portal.company.queries import company_zone, undo_minutes
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.permissions import Permission, is_allowed
from portal.people.queries import recipient


@dataclass(frozen=True)
class Marking:
    """What is set, and until when; `is_meant`: a silver medal although they had not reached the final stage."""

    kind: MarkKind
    reason: str
    expires_on: date | None
    is_meant: bool = False


def furthest_of(view: StaffView) -> ApplicationStatus:
    """How far an application came, by what the candidate was told."""
    return reached([view.status, *(event.status for event in view.events if not event.is_lost)])


def ending_words(view: StaffView, outcome: ApplicationStatus, now: datetime, *, is_not_yet: bool = False) -> str:
    """The text that a letter with this ending begins with; raises MissingValue."""
    kind = words_of_ending(outcome, furthest_of(view), is_not_yet=is_not_yet)
    to = recipient(view.person_id)
    if not is_not_yet:
        return emails.ending_draft(kind, to, view.opening_title)
    # Counted, like the tasks, from the day on which they read it.
    going = planned(view.person_id, to.email, outcome, now + timedelta(minutes=undo_minutes()))
    return emails.ending_draft(kind, to, view.opening_title, stay_days(day_of(going.at, company_zone())))


def set_mark(public_id: str, marking: Marking, *, scope: StaffScope, now: datetime) -> None:
    """Say that somebody was close; one that stands already of the same kind is said anew. Recorded.

    Raises ProposalRefused, NotFound.
    """
    view = _found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        session.get_one(Application, view.id, with_for_update=True)
        view = _found(public_id, scope)
        today = day_of(now, company_zone())
        furthest = furthest_of(view)
        words = check_mark(marking.kind, marking.reason, marking.expires_on, furthest, today, is_meant=marking.is_meant)
        _take_away(view.id, marking.kind, now)
        session.flush()
        session.add(
            Mark(
                application_id=view.id,
                kind=marking.kind,
                reason=words,
                expires_on=marking.expires_on,
                set_by_id=scope.person_id,
                set_at=now,
            )
        )
        _record("applications.set_mark", view, marking.kind, scope, now)


def remove_mark(public_id: str, kind: MarkKind, *, scope: StaffScope, now: datetime) -> bool:
    """Take a mark away; what was already said in a letter stays said. Recorded; False when none stood."""
    view = _found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        if not _take_away(view.id, kind, now):
            return False
        _record("applications.remove_mark", view, kind, scope, now)
        return True


def _take_away(application_id: int, kind: MarkKind, now: datetime) -> bool:
    with transaction() as session:
        mark = session.scalars(
            select(Mark)
            .where(Mark.application_id == application_id)
            .where(Mark.kind == kind)
            .where(Mark.removed_at.is_(None))
            .with_for_update()
        ).one_or_none()
        if mark is None:
            return False
        mark.removed_at = now
        return True


def _found(public_id: str, scope: StaffScope) -> StaffView:
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return found(public_id, scope)


def _record(action: str, view: StaffView, kind: MarkKind, scope: StaffScope, now: datetime) -> None:
    record(
        action,
        f"application:{view.public_id}",
        actor_id=scope.person_id,
        person_id=view.person_id,
        now=now,
        kind=str(kind),
    )
