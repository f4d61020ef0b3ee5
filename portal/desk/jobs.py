"""What the worker does for the desk: the mail of the morning, and the days that candidates named."""

from datetime import date, datetime, timedelta

from portal.applications.queries.offers import OpenWork, deadline_tasks, open_work_of
from portal.community.actions import forget_other_offers
from portal.community.queries import Deadline, deadlines
from portal.community.rules import reminded_on
from portal.company.queries import company_zone, work_calendar
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.i18n import reading_as
from portal.core.pausing import pause
from portal.desk.queries import owed_in_the_morning
from portal.tasks.actions import add_task, finish_task, send_morning_mail
from portal.tasks.queries import morning_readers
from portal.tasks.rules import due_day, morning_of
from portal.tasks.states import TaskKind
from portal.wording.actions import holding_back

#: Somebody's day may be the one before or after the company's.
_AROUND = timedelta(days=1)
#: As far as working days are counted around a day that somebody named.
_FAR_AROUND = timedelta(days=30)


def send_morning_mails(now: datetime) -> None:
    """One mail a working day to each colleague who owes something, in the morning where they are; none afterwards."""
    today = day_of(now, company_zone())
    calendar = work_calendar(today - _AROUND, today + _AROUND)
    for reader in morning_readers():
        day = morning_of(now, reader.timezone, calendar)
        if day is None or (reader.looked_on is not None and reader.looked_on >= day):
            continue
        end_reading()
        with reading_as(reader.locale, reader.timezone):
            lines = owed_in_the_morning(reader.person_id, reader.role, today)
        with holding_back(f"tasks/morning:{reader.person_id}", reader.person_id, now):
            send_morning_mail(reader.person_id, day, lines, today, now)
        pause()


def look_after_other_offers(now: datetime) -> None:
    """Whoever looks after an open application is reminded two working days before its candidate must answer elsewhere.

    What somebody told of other offers is deleted as soon as no application of theirs is open.
    """
    today = day_of(now, company_zone())
    told = deadlines()
    work = open_work_of(row.person_id for row in told)
    open_tasks = deadline_tasks()
    wanted: set[str] = set()
    for row in told:
        end_reading()
        if row.person_id not in work:
            forget_other_offers(row.person_id, now)
        elif row.decide_by is not None and row.decide_by >= today:
            wanted |= _remind(row, row.decide_by, work[row.person_id], today, now)
        pause()
    for key, task_id in open_tasks.items():
        if key not in wanted:
            end_reading()
            finish_task(task_id, actor_id=None, now=now)
            pause()


def _remind(row: Deadline, decide_by: date, work: list[OpenWork], today: date, now: datetime) -> set[str]:
    """One task for each colleague who looks after an open application of theirs; returns what the tasks are."""
    cause = f"other_offers:{row.public_id}"
    calendar = work_calendar(today - _FAR_AROUND, decide_by + _FAR_AROUND)
    due_on = max(reminded_on(decide_by, today, calendar), due_day(TaskKind.OFFER_DEADLINE, today, calendar))
    first_of = {one.owner_id: one.opening_title for one in reversed(work)}
    for owner_id, title in first_of.items():
        add_task(
            owner_id=owner_id,
            kind=TaskKind.OFFER_DEADLINE,
            cause=cause,
            about=row.public_id,
            due_on=due_on,
            dedupe_key=f"{cause}:{decide_by}:{owner_id}",
            title=title,
            person_id=row.person_id,
            now=now,
        )
    return {f"{cause}:{decide_by}:{owner_id}" for owner_id in first_of}
