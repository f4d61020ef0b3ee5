"""When a task is due, when it is too late, when it is morning."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.company.rules import WorkCalendar, working_days_after
from portal.tasks.rules.kinds import KINDS
from portal.tasks.states import TaskKind

#: What is owed to a candidate by a day of theirs is among the tasks so many working days before; all else on its day.
COMES_BEFORE: Final[dict[TaskKind, int]] = {TaskKind.FEEDBACK_DUE: 2}
#: So many working days late, it is the lead's concern too.
ESCALATED_AFTER: Final = 2
#: The mail of the morning is made from eight on; whoever was not reached by noon needs none any more.
MORNING: Final = (time(8), time(12))


def first_working_day(day: date, calendar: WorkCalendar) -> date:
    """`day` itself when people work then, else the next day on which they do."""
    return day if calendar.is_working_day(day) else working_days_after(day, 1, calendar)[0]


def due_day(kind: TaskKind, found_on: date, calendar: WorkCalendar) -> date:
    """By when a task that was found on `found_on` is due; always a working day."""
    first = first_working_day(found_on, calendar)
    count = KINDS[kind].days
    return working_days_after(first, count, calendar)[-1] if count else first


def begins_on(kind: TaskKind, due_on: date, calendar: WorkCalendar) -> date:
    """The day from which a task of this kind stands among what is due; `calendar` covers the weeks before `due_on`.

    For what comes before its day it counts back from the last working day up to `due_on`. Such a task goes to the lead
    two working days after it begins: on that last day, while it can still be kept.
    """
    left, day = COMES_BEFORE.get(kind, 0), due_on
    while left and not calendar.is_working_day(day):
        day -= timedelta(days=1)
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day


def begun_until(today: date, calendar: WorkCalendar) -> date:
    """The last day on which something may be due that stands among the tasks `today`, as it comes before its day.

    `calendar` covers the weeks around `today`.
    """
    until = today
    while all(begins_on(kind, until + timedelta(days=1), calendar) <= today for kind in COMES_BEFORE):
        until += timedelta(days=1)
    return until


def days_over(due_on: date, today: date, calendar: WorkCalendar) -> int:
    """Working days since `due_on`, today included; 0 when it is not over, and never more than ten are counted."""
    if today <= due_on:
        return 0
    return sum(1 for day in working_days_after(due_on, 10, calendar) if day <= today)


def is_too_late(due_on: date, today: date, calendar: WorkCalendar) -> bool:
    """Whether a task goes to the lead as well."""
    return days_over(due_on, today, calendar) >= ESCALATED_AFTER


def due_after_hand_over(kind: TaskKind, due_on: date, today: date, calendar: WorkCalendar) -> date:
    """Whoever receives a task that is due already has until the next working day.

    A day that was promised to a candidate stays: it is theirs.
    """
    return due_on if due_on > today or kind in COMES_BEFORE else working_days_after(today, 1, calendar)[0]


def escalates_to(owner_id: int, lead_id: int | None, at_work: Sequence[int], admins: Sequence[int]) -> int | None:
    """Who looks after it too: the lead who works here, else the first admin who is not the owner; perhaps nobody."""
    if lead_id is not None and lead_id in at_work and lead_id != owner_id:
        return lead_id
    return next((admin for admin in admins if admin != owner_id), None)


def morning_of(now: datetime, zone: str, calendar: WorkCalendar) -> date | None:
    """The day whose morning it is for somebody in the IANA `zone`; None at other times and on days off."""
    there = now.astimezone(ZoneInfo(zone))
    begins, ends = MORNING
    is_morning = begins <= there.time() < ends
    return there.date() if is_morning and calendar.is_working_day(there.date()) else None
