"""A move that an import brought: the candidate's page says so after a day, unless a colleague acted before."""

from datetime import datetime

from portal.applications.actions.locking import lock_people
from portal.applications.actions.staging import follow_status
from portal.applications.actions.telling import found
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView
from portal.applications.queries.imported import source_move
from portal.applications.states import OPEN_STATUSES, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, Role, is_allowed


def follow_source(public_id: str, now: datetime) -> None:
    """Let the page say where it stands in the system it came from; no mail goes, and the promised day stays. Recorded.

    While anything is on its way to them it waits. Where we have told them that we have not kept our promise, only a
    person's word changes what they read, and the change stays due with the owner. Safe to run twice. Raises NotFound.
    """
    scope = StaffScope(0, Role.ADMIN)
    view = found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id)
        application = session.get_one(Application, view.id, with_for_update=True)
        move = source_move(view.id)
        view = found(public_id, scope)
        if move is None or move.takes_effect_at > now or any(event.is_on_its_way for event in view.events):
            return
        application.source_moves_from = None
        if view.status not in OPEN_STATUSES or view.kind is EventKind.ESCALATED:
            return
        application.change_reported_at = None
        if view.status is move.status:
            return
        event = _event(view, application, move.status, now)
        follow_status(session, application, event)
        session.add(event)
        record(
            "applications.follow_source",
            f"application:{public_id}",
            actor_id=None,
            person_id=view.person_id,
            now=now,
            status_before=str(view.status),
            status_after=str(move.status),
        )


def refuse_move(public_id: str, *, scope: StaffScope, now: datetime) -> bool:
    """A colleague knows better than the import: the page stays as it is, and nothing is due because of it.

    Returns whether there was something to refuse. Recorded. Raises NotFound.
    """
    view = found(public_id, scope)
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        application = session.get_one(Application, view.id, with_for_update=True)
        if source_move(view.id) is None:
            return False
        application.source_moves_from = None
        application.change_reported_at = None
        record(
            "applications.refuse_move",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
        )
        return True


def _event(view: StaffView, application: Application, status: ApplicationStatus, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application.id,
        kind=EventKind.IMPORTED,
        status=status,
        next_update_by=view.next_update_by,
        date_reason="",
        message="",
        internal_reason="",
        actor_id=None,
        delivery_id=None,
        created_at=now,
    )
