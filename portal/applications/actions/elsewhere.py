"""An application that ended in the system it came from, which has told the candidate itself."""

from datetime import datetime, timedelta

from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import take_back_events, undo_event
from portal.applications.actions.telling import found
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView
from portal.applications.queries.finishing import source_says
from portal.applications.rules import NOT_SAID_ANY_MORE
from portal.applications.rules.finishing import TOLD_ELSEWHERE_AFTER
from portal.applications.states import OPEN_STATUSES, WORDS_OF_PEOPLE, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import rest_from_community
from portal.contact.rules import REST_DAYS
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, Role, is_allowed
from portal.tasks.actions import cancel_tasks


def tell_elsewhere(public_id: str, now: datetime) -> None:
    """Let the page say how it ended, because another system told the candidate, and when; no letter goes. Recorded.

    Where a colleague wrote since the import, nothing is said: it is due with the owner instead. Safe to run twice.
    Raises NotFound.
    """
    scope = StaffScope(0, Role.ADMIN)
    view = found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id)
        unsaid = take_back_events(session, view.id, NOT_SAID_ANY_MORE - WORDS_OF_PEOPLE, now)
        application = session.get_one(Application, view.id, with_for_update=True)
        ending, tells_from = application.source_ending, application.source_tells_from
        view = found(public_id, scope)
        if tells_from is None or tells_from > now:
            return
        application.source_tells_from = None
        if ending is None or view.status not in OPEN_STATUSES:
            return
        if _was_written_since(view, tells_from - TOLD_ELSEWHERE_AFTER):
            application.change_reported_at = now
            return
        for event in unsaid:
            undo_event(session, event, application, now)
        application.change_reported_at = None
        session.add(_event(application, ending, now))
        cancel_tasks(f"application:{public_id}", now)
        if ending is ApplicationStatus.NOT_SELECTED:
            rest_from_community(view.person_id, now + timedelta(days=REST_DAYS), now)
        record(
            "applications.tell_elsewhere",
            f"application:{public_id}",
            actor_id=None,
            person_id=view.person_id,
            now=now,
            source=application.source,
            status_before=str(view.status),
            status_after=str(ending),
        )


def refuse_told_elsewhere(public_id: str, *, scope: StaffScope, now: datetime) -> bool:
    """A colleague knows better than the import: the page says nothing of it, and the change is due with the owner.

    Returns whether there was something to refuse. Recorded. Raises NotFound.
    """
    view = found(public_id, scope)
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        application = session.get_one(Application, view.id, with_for_update=True)
        if source_says(view.id).tells_from is None:
            return False
        application.source_tells_from = None
        application.change_reported_at = now
        record(
            "applications.refuse_told_elsewhere",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
        )
        return True


def _was_written_since(view: StaffView, since: datetime) -> bool:
    return any(
        event.kind in WORDS_OF_PEOPLE and event.created_at >= since and not event.is_lost for event in view.events
    )


def _event(application: Application, ending: ApplicationStatus, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application.id,
        kind=EventKind.TOLD_ELSEWHERE,
        status=ending,
        next_update_by=None,
        date_reason="",
        message="",
        internal_reason=application.source_reason,
        actor_id=None,
        delivery_id=None,
        created_at=now,
        # The source says on which day it was last touched, and nothing nearer to when it told them.
        happened_on=application.last_activity_on or day_of(now, company_zone()),
    )
