"""What the telling of the demo remembers, and its clock, which runs fast."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.company.rules import WorkCalendar
from portal.core.clock import day_of, running_from
from portal.core.db import end_reading
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.demo.rules import working_day_before
from portal.outbox.jobs import MailSender


@dataclass
class Story:
    """What the telling needs to remember; `staff` has the person ids by the first part of their addresses."""

    at: datetime
    zone: str
    random: Random
    calendar: WorkCalendar
    staff: dict[str, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day up to which it is told, in the company's zone."""
        return day_of(self.at, self.zone)

    def moment(self, day: date, hour: int) -> datetime:
        """Some minute of that hour."""
        return datetime.combine(day, time(hour, self.random.randrange(60)), ZoneInfo(self.zone))

    def days_ago(self, count: int) -> date:
        """The working day that lies `count` working days before today."""
        return working_day_before(self.today, count, self.calendar)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Let it be `moment`."""
    with running_from(lambda: moment):
        yield moment


def deliver() -> None:
    """Send what is due."""
    MailSender("demo", threading.Event()).send_due_mail()
    end_reading()


def deliver_ending(written: datetime) -> None:
    """Send an ending once nobody can take it back any more."""
    with at(written + timedelta(minutes=30)):
        deliver()


def view_of(story: Story, public_id: str) -> StaffView:
    """An application as an admin sees it."""
    found = find_for_staff(public_id, StaffScope(story.staff["admin"], Role.ADMIN))
    if found is None:
        raise PortalError("The demo lost one of its applications.")
    return found
