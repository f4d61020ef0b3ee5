"""What the worker does for offers: lost mails become tasks, days that pass are noticed, ends are followed."""

from datetime import datetime, timedelta
from typing import Final

from portal.applications.queries import StaffScope, find_for_staff
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.permissions import Role
from portal.offers.actions import close_with_application, forget_word, notice_overdue, overdue_key
from portal.offers.queries.jobs import offers_over, overdue_offers, overdue_tasks, tasks_over, words_taken_back
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import due_from, newest_lost_letters
from portal.tasks.states import TaskKind

_CAUSE: Final = "application:"
#: What was taken back before it went is kept for colleagues for so long.
_WORDS_KEPT: Final = timedelta(days=30)


def look_for_lost_offers(now: datetime) -> None:
    """Whoever looks after an application owes something when a mail about its offer did not arrive.

    The tasks of letters about applications are settled where those are.
    """
    for letter in newest_lost_letters("offers/"):
        if not letter.cause.startswith(_CAUSE):
            continue
        end_reading()
        view = find_for_staff(letter.cause.removeprefix(_CAUSE), StaffScope(0, Role.ADMIN))
        if view is not None:
            add_task(
                owner_id=view.owner_id,
                kind=TaskKind.DEAD_LETTER,
                cause=letter.task_cause,
                about=view.public_id,
                due_on=due_from(TaskKind.DEAD_LETTER, day_of(now, company_zone())),
                dedupe_key=letter.task_cause,
                title=view.opening_title,
                person_id=view.person_id,
                now=now,
            )
        pause()


def follow_applications(now: datetime) -> None:
    """An offer ends with its application, and so does what a colleague owed because of it."""
    for offer_id, person_id in offers_over():
        end_reading()
        close_with_application(offer_id, person_id, now)
        pause()
    for task_id in tasks_over():
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def look_for_overdue_offers(now: datetime) -> None:
    """Whoever looks after it is asked to ring when the day of an offer has passed; the offer itself stands."""
    overdue = overdue_offers(day_of(now, company_zone()))
    for offer in overdue:
        end_reading()
        notice_overdue(offer, now)
        pause()
    still = {overdue_key(offer) for offer in overdue}
    for key, task_id in overdue_tasks().items():
        if key not in still:
            end_reading()
            finish_task(task_id, actor_id=None, now=now)
            pause()


def forget_words(now: datetime) -> None:
    """What was taken back 30 days ago and never said is forgotten."""
    for word_id in words_taken_back(now - _WORDS_KEPT):
        end_reading()
        forget_word(word_id)
        pause()
