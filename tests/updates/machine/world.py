"""The world of the machine: its people, its updates and segments, its clock, and what it knows of each."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from portal.community.actions import join
from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, fetch
from portal.outbox.actions import ClaimedMail
from portal.outbox.models import Delivery
from portal.people.actions import add_person
from portal.segments.rules import Group
from tests.conftest import START, Time
from tests.factories import make_staff
from tests.outbox.oracle import HOME, Written
from tests.updates.machine.oracle import NAMES, Posted, Somebody

#: Clocks of all of them change in the weeks that the machine runs through, but in India, where they never do.
ZONES = ("Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
UPDATES, EVENTS = Purpose.INSIDER_UPDATES, Purpose.EVENTS
MOST_PEOPLE = 7
MAILS = ("updates/update", "digests/digest")


class Mail(NamedTuple):
    """A letter or a digest."""

    id: int
    kind: str
    person_id: int
    purpose: Purpose
    subject: str
    text: str


class World(RuleBasedStateMachine):
    """Some people, a recruiter, and all that is written for them; see `machine_on`."""

    app: Flask
    time: Time
    empty: Callable[[], None]

    def begin(self) -> None:
        """Four members and somebody who never joined; nothing has been posted."""
        type(self).empty()
        self.time.at = START
        self.rita = make_staff()
        self.people: list[Somebody] = []
        self.count = 0
        self.posted: list[Posted] = []
        #: The segments that there are, by public id.
        self.segments: dict[str, Group] = {}
        #: Every letter and digest that a server was given, by its delivery.
        self.written: dict[int, Written] = {}
        #: Deliveries that came back, and those of which nobody knows whether they have arrived.
        self.came_back: set[int] = set()
        self.uncertain: set[int] = set()
        self.in_hand: list[ClaimedMail] = []
        self.dead: set[str] = set()
        #: Up to which delivery digests were looked at.
        self.newest_digest = 0
        for number in range(5):
            self.somebody_comes(is_member=number > 0, says_yes=number != 3)

    def somebody_comes(self, *, is_member: bool, says_yes: bool) -> Somebody:
        """Somebody new, who may want updates."""
        number = self.count
        self.count += 1
        zone, address = ZONES[number % len(ZONES)], f"reader{number}@place{number}.example"
        one = Somebody(add_person(f"Reader {number}", address, "en", zone, clock.now()).id, [address], zone)
        if is_member:
            join(one.person_id, [], clock.now())
            one.is_member, one.membership_at = True, clock.now()
        for purpose in (UPDATES, EVENTS) if says_yes else ():
            choose(one.person_id, purpose, True, source="/join", now=clock.now())
            one.hears(purpose, is_wanted=True)
        self.people.append(one)
        return one

    def who(self, number: int) -> Somebody:
        return self.people[number % len(self.people)]

    def which(self, number: int) -> Posted:
        return self.posted[number % len(self.posted)]

    def person(self, person_id: int | None) -> Somebody:
        return next(one for one in self.people if one.person_id == person_id)

    def named(self, name: str) -> Posted:
        return self.posted[NAMES.index(name)]

    def today(self) -> date:
        """The day in the company's zone."""
        return day_of(clock.now(), HOME)

    def letters(self, after_id: int = 0) -> list[Mail]:
        """The letters and digests after this delivery that are for somebody, the oldest first."""
        end_reading()
        statement = (
            select(Delivery.id, Delivery.kind, Delivery.person_id, Delivery.purpose, Delivery.subject, Delivery.text)
            .where(Delivery.kind.in_(MAILS))
            .where(Delivery.id > after_id)
            .where(Delivery.person_id.is_not(None))
            .order_by(Delivery.id)
        )
        return [Mail(*row) for row in fetch(statement)]

    def is_owed_nothing(self, one: Somebody, purpose: Purpose | None = None) -> None:
        """They want no more mail about this topic, None: about anything."""
        for posted in self.posted:
            if purpose in (None, posted.purpose):
                posted.owed.discard(one)

    def check(self) -> None:
        """What holds at every step; see `Machine`."""
        raise NotImplementedError
