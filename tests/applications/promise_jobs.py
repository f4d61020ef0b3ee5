"""What a worker does about promises, as tests call it: the jobs, and a mail server that takes what is due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.applications import jobs
from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import EventKind
from portal.company.queries import company_zone
from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.actions import claim_next, mark_failed_try, mark_sent
from portal.outbox.models import Delivery
from portal.outbox.rules import Refused, TryLater
from portal.outbox.states import DeliveryState, Reason
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

HOUR = timedelta(hours=1)
#: Hours of the company's day at which something becomes due: a day begins, and its office hours begin and end.
_TURNS = frozenset({0, 9, 17})
_FAILURES: dict[str, Refused | TryLater] = {
    "refused": Refused(Reason.REFUSED, 550, "5.1.1 no such user", is_about_recipient=True),
    "later": TryLater(Reason.NOT_NOW, 450, "4.2.0 later"),
}


def run_jobs() -> None:
    """All jobs of the engine, once."""
    now = clock.now()
    jobs.settle_lost_notes(now)
    jobs.break_silences(now)
    jobs.look_after_escalated(now)
    jobs.remind_of_promises(now)
    jobs.look_for_missed_promises(now)
    jobs.fold_promises(now)
    end_reading()


def send_what_is_due(outcome: str | None = None) -> int:
    """As a worker does with everything that may go now; how many that were.

    The mail server accepts it, or says "later" or "refused" to each.
    """
    count = 0
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        if outcome is None:
            assert mark_sent(claimed, clock.now())
        else:
            mark_failed_try(claimed, _FAILURES[outcome], clock.now())
        count += 1
    end_reading()
    return count


def work(time: object, until: datetime) -> None:
    """Let the jobs run and mail go until then, at every hour at which anything can become due."""
    at = clock.now()
    while at < until:
        at = min(until, _next_turn(at))
        time.at = at  # type: ignore[attr-defined]  # the tests' clock
        run_jobs()
        send_what_is_due()


def _next_turn(at: datetime) -> datetime:
    """The next full hour of those; sooner where a mail waits that goes before."""
    zone, turn = ZoneInfo(company_zone()), at.replace(minute=0) + HOUR
    while turn.astimezone(zone).hour not in _TURNS:
        turn += HOUR
    end_reading()
    waiting = select(func.min(Delivery.next_try_at)).where(Delivery.state == DeliveryState.QUEUED)
    mail = session().scalar(waiting.where(Delivery.next_try_at > at))
    return min(turn, mail) if mail is not None else turn


def events(application_id: int) -> list[tuple[EventKind, date | None]]:
    """What happened, the oldest first, each with its date."""
    end_reading()
    statement = select(ApplicationEvent.kind, ApplicationEvent.next_update_by)
    rows = session().execute(
        statement.where(ApplicationEvent.application_id == application_id).order_by(ApplicationEvent.id)
    )
    return [(row[0], row[1]) for row in rows]


def open_tasks(*kinds: TaskKind) -> list[tuple[TaskKind, int, date]]:
    """Open tasks of these kinds: kind, owner, and when they are due."""
    end_reading()
    rows = session().execute(
        select(Task.kind, Task.owner_id, Task.due_on)
        .where(Task.state.in_(OPEN_STATES))
        .where(Task.kind.in_(kinds or tuple(TaskKind)))
        .order_by(Task.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def application(application_id: int) -> Application:
    """The application as it stands in the database."""
    end_reading()
    return session().get_one(Application, application_id)
