"""No mail reached a candidate: a colleague says how they were told, or lets their page tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.actions.telling import found, latest_promise
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffEvent, StaffScope, StaffView
from portal.applications.queries.untold import UntoldLetter
from portal.applications.rules import GoneAlready, Proposal, ProposalRefused, check_date, check_how_told, settled
from portal.applications.states import AUTOMATIC, OPEN_STATUSES, ApplicationStatus, Channel, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.contact.actions import rest_from_community
from portal.contact.rules import REST_DAYS
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, is_allowed
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import open_letter_tasks
from portal.tasks.states import TaskKind


@dataclass(frozen=True)
class AnotherWay:
    """How they were told: by which channel and on which day; no channel: their page tells them from now on."""

    channel: Channel | None
    happened_on: date | None
    #: By when they hear next, and why later; not asked for an ending.
    next_update_by: date | None
    date_reason: str


def untold_letter(view: StaffView) -> StaffEvent | None:
    """The last letter that somebody wrote, when it did not arrive: the candidate has to be told another way.

    An automatic note that went since tells them nothing of what it said.
    """
    newest = next((event for event in view.events if event.kind not in AUTOMATIC), None)
    return newest if newest is not None and newest.delivery_state is DeliveryState.DEAD else None


def tell_another_way(public_id: str, event_id: str, way: AnotherWay, *, scope: StaffScope, now: datetime) -> None:
    """Let what the letter said stand on the candidate's page, with how they were told; settles its task. Recorded.

    Raises GoneAlready when the letter is not the newest any more or is tried again, ProposalRefused, NotFound.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    view = found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        view = found(public_id, scope)
        letter = untold_letter(view)
        delivery = session.get(Delivery, letter.delivery_id, with_for_update=True) if letter else None
        if letter is None or letter.public_id != event_id or delivery is None:
            raise _gone()
        if delivery.state is not DeliveryState.DEAD:
            raise _gone()
        kept = _checked(view, letter, way, now)
        application = session.get_one(Application, view.id, with_for_update=True)
        session.add(_event(application, letter, kept, way, scope, now))
        _close_rest(session, letter, kept, view, now)
        _settle_task(view, delivery.key, scope, now)
        record(
            "applications.tell_another_way",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
            status_after=str(kept.status),
            channel=str(way.channel) if way.channel else None,
        )


def let_pages_tell(letters: Sequence[UntoldLetter], *, scope: StaffScope, now: datetime) -> int:
    """Let the page of each of these people tell them what the letter said that did not arrive, one by one.

    Returns how many pages do; whoever was told meanwhile, or whose letter names a day that has passed, is left out.
    """
    count = 0
    for letter in letters:
        way = AnotherWay(None, None, letter.next_update_by, letter.date_reason)
        try:
            tell_another_way(letter.public_id, letter.event_id, way, scope=scope, now=now)
        except (GoneAlready, ProposalRefused, NotFound):
            continue
        count += 1
    return count


def _gone() -> GoneAlready:
    return GoneAlready(_("Something has happened since. Please look at the letters below."))


def _checked(view: StaffView, letter: StaffEvent, way: AnotherWay, now: datetime) -> Proposal:
    zone = company_zone()
    today = day_of(now, zone)
    check_how_told(way.channel, way.happened_on, day_of(letter.created_at, zone), today)
    promised = latest_promise(view)
    proposal = settled(Proposal(letter.status, letter.message, way.next_update_by, way.date_reason), promised)
    if proposal.status in OPEN_STATUSES:
        check_date(proposal, promised, today, calendar_from(today))
    return proposal


def _event(
    application: Application, letter: StaffEvent, kept: Proposal, way: AnotherWay, scope: StaffScope, now: datetime
) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application.id,
        kind=EventKind.TOLD_HERE,
        status=kept.status,
        next_update_by=kept.next_update_by,
        date_reason=kept.date_reason,
        message=kept.message,
        internal_reason=letter.internal_reason,
        actor_id=scope.person_id,
        delivery_id=None,
        created_at=now,
        answered_change_at=None,
        rest_open_since=None,
        channel=way.channel,
        happened_on=way.happened_on if way.channel else None,
    )


def _close_rest(session: Session, letter: StaffEvent, kept: Proposal, view: StaffView, now: datetime) -> None:
    """Seven days without community mail count from now, for they know now."""
    event = session.scalars(select(ApplicationEvent).where(ApplicationEvent.public_id == letter.public_id)).one()
    event.rest_open_since = None
    if kept.status is ApplicationStatus.NOT_SELECTED and view.status is not kept.status:
        rest_from_community(view.person_id, now + timedelta(days=REST_DAYS), now)


def _settle_task(view: StaffView, key: str, scope: StaffScope, now: datetime) -> None:
    """What was owed about lost letters is done by whoever told them; where the job made no task yet, none comes."""
    cause = f"delivery:{key}"
    task_id = add_task(
        owner_id=view.owner_id,
        kind=TaskKind.DEAD_LETTER,
        cause=cause,
        about=view.public_id,
        due_on=day_of(now, company_zone()),
        dedupe_key=cause,
        title=view.opening_title,
        person_id=view.person_id,
        now=now,
    )
    for one in {task_id, *open_letter_tasks(view.public_id)}:
        finish_task(one, actor_id=scope.person_id, now=now)
