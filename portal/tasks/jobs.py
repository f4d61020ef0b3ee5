"""What the worker does for tasks: what is too late goes to the lead, who is told at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.company.queries import company_zone, office_hours, work_calendar
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.permissions import Role
from portal.people.queries import active_staff
from portal.tasks.actions import escalate_task, tell_lead
from portal.tasks.queries import begun_tasks, leads_to_tell
from portal.tasks.rules import begins_on, escalates_to, is_too_late
from portal.wording.actions import holding_back

#: Nobody is late by more working days than lie in so many days.
_BACK = timedelta(days=60)


def escalate_late_tasks(now: datetime) -> None:
    """Let leads look after what is two working days late, in office hours, and tell them in one mail each.

    What comes before its day is theirs two working days after it began, see `rules.begins_on`. Whoever received it from
    a colleague has two working days as well.
    """
    zone = company_zone()
    today = day_of(now, zone)
    calendar = work_calendar(today - _BACK, today + _BACK)
    if not calendar.is_working_day(today) or not office_hours().covers(now.astimezone(ZoneInfo(zone)).time()):
        return
    staff = active_staff()
    at_work = [row.person_id for row in staff]
    admins = sorted(row.person_id for row in staff if row.role is Role.ADMIN)
    for late in begun_tasks(today):
        lead_id = escalates_to(late.owner_id, late.lead_id, at_work, admins)
        since = begins_on(late.kind, late.due_on, calendar)
        if late.received_at is not None:
            since = max(since, day_of(late.received_at, zone))
        if lead_id is not None and is_too_late(since, today, calendar):
            end_reading()
            escalate_task(late.task_id, lead_id, now)
            pause()
    for lead_id in leads_to_tell():
        end_reading()
        with holding_back(f"tasks/escalated:{lead_id}", lead_id, now):
            tell_lead(lead_id, now)
        pause()
