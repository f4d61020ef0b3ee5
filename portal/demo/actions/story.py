"""What the telling of the demo remembers, and its clock, which runs fast."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.states import AUTOMATIC, ENDINGS
from portal.company.rules import WorkCalendar
from portal.core.clock import day_of, running_from
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.demo import data
from portal.demo.rules import working_day_before
from portal.outbox.jobs import MailSender
from portal.people.models import Address, Person


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


def person_at(email: str) -> int:
    """Whose address this is."""
    return session().scalars(select(Address.person_id).where(Address.email == email)).one()


def public_id_at(email: str) -> str:
    """The public id of the person with this address."""
    return session().get_one(Person, person_at(email)).public_id


def application_at(email: str) -> str:
    """The public id of the application of the person with this address, of several the one that came last."""
    wanted = select(Application.public_id).where(Application.person_id == person_at(email))
    return session().scalars(wanted.order_by(Application.id.desc()).limit(1)).one()


def scope_of(story: Story, key: str) -> StaffScope:
    """What somebody on the staff may see, by the first part of their address."""
    role = next((row[2] for row in data.STAFF if row[0].partition("@")[0] == key), Role.RECRUITER)
    return StaffScope(story.staff[key], Role(role))


def open_ones(story: Story, owner: str = "") -> Iterator[StaffView]:
    """Released applications that nobody has ended, in the order in which they came; of one colleague if named."""
    has_ended = exists().where(ApplicationEvent.application_id == Application.id)
    wanted = select(Application.public_id).where(~Application.is_held)
    wanted = wanted.where(~has_ended.where(ApplicationEvent.status.in_(ENDINGS)))
    if owner:
        wanted = wanted.where(Application.owner_id == story.staff[owner])
    for public_id in session().scalars(wanted.order_by(Application.id)).all():
        yield view_of(story, public_id)


def ready_for(story: Story, author: str, standing: str, moment: datetime) -> Iterator[StaffView]:
    """Open applications that stand so, of nobody whom this story tells of by name, and about which all is well.

    The last word about each went before `moment`, and the next is promised for a day to come.
    """
    known = {row[0] for row in data.CANDIDATES}
    for view in open_ones(story, author):
        is_so = view.status == standing
        is_in_time = view.next_update_by is not None and view.next_update_by > story.today
        is_quiet = view.kind not in AUTOMATIC and not any(event.is_on_its_way for event in view.events)
        is_before = view.events[0].created_at < moment
        if is_so and is_in_time and is_quiet and is_before and view.email not in known:
            yield view
