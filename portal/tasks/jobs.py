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
from portal.tasks.queries import leads_to_tell, tasks_past_due
from portal.tasks.rules import escalates_to, is_too_late
from portal.wording.actions import holding_back

#: Nobody is late by more working days than lie in so many days.
_BACK = timedelta(days=60)


def escalate_late_tasks(now: datetime) -> None:
    """Let leads look after what is two working days late, in office hours, and tell them in one mail each."""
    zone = company_zone()
    today = day_of(now, zone)
    calendar = work_calendar(today - _BACK, today)
    if not calendar.is_working_day(today) or not office_hours().covers(now.astimezone(ZoneInfo(zone)).time()):
        return
    staff = active_staff()
    at_work = [row.person_id for row in staff]
    admins = sorted(row.person_id for row in staff if row.role is Role.ADMIN)
    for late in tasks_past_due(today):
        lead_id = escalates_to(late.owner_id, late.lead_id, at_work, admins)
        if lead_id is not None and is_too_late(late.due_on, today, calendar):
            end_reading()
            escalate_task(late.task_id, lead_id, now)
            pause()
    for lead_id in leads_to_tell():
        end_reading()
        with holding_back(f"tasks/escalated:{lead_id}", lead_id, now):
            tell_lead(lead_id, now)
        pause()
