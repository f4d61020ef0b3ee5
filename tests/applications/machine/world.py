"""The world of the machine: its people, its clock, and what it writes down of what was said to whom."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import func, select

from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import EndingWaits, GoneAlready, ProposalRefused
from portal.applications.rules.finishing import CannotRevert
from portal.applications.states import ApplicationStatus
from portal.company.queries import calendar_from
from portal.company.rules import working_days_after
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.actions import ClaimedMail
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.actions import add_person, change_staff
from portal.people.models import Staff
from tests.applications.machine.oracle import By, Told, Word
from tests.conftest import START, Time
from tests.factories import ZONE, make_published, make_staff

#: What a colleague reads instead of sending, when it is not the time for that.
REFUSALS = (CannotRevert, EndingWaits, GoneAlready, ProposalRefused)
#: Their clocks are as far apart as clocks can be, so that a day here is seldom a day there.
ZONES = (ZONE, "Pacific/Auckland", "America/Los_Angeles")
#: Mails in which somebody says where an application stands.
BY_HAND = tuple(
    f"applications/{name}"
    for name in ("message", "new_status", "moved", "delayed", "ending", "ended_as_told", "reverted")
)
ON_ITS_WAY = (DeliveryState.QUEUED, DeliveryState.LEASED)


class World(RuleBasedStateMachine):
    """One opening, three colleagues, and everybody who applies; see `machine_on`."""

    app: Flask
    time: Time
    empty: Callable[[], None]

    def begin(self) -> None:
        """Nobody has applied yet."""
        type(self).empty()
        self.time.at = START
        self.rita, self.lena = make_staff("Rita Sander"), make_staff("Lena Vogel")
        self.admin = make_staff("Mo Admin", Role.ADMIN)
        with transaction():
            change_staff(self.rita, role=Role.RECRUITER, lead_id=self.lena, is_active=True)
        self.slug = make_published("Data Analyst", recruiter_id=self.rita)
        row = session().execute(select(Opening.id, Opening.public_id).where(Opening.slug == self.slug)).one()
        self.opening_id, self.opening_name = row[0], row[1]
        self.told: list[Told] = []
        #: By the delivery that says it.
        self.letters: dict[int, tuple[Told, Word]] = {}
        #: What endings for many say, by their mark: a job makes the letters.
        self.for_many: dict[str, ApplicationStatus] = {}
        self.rounds: list[str] = []
        self.days_off: set[date] = set()
        self.in_hand: list[ClaimedMail] = []
        self.count = 0
        #: Whether all jobs have run since something changed.
        self.has_worked = False

    # The clock, and who is here.

    def today(self) -> date:
        return day_of(clock.now(), ZONE)

    def working_day(self, ahead: int) -> date:
        """The working day so many of them from today."""
        return working_days_after(self.today(), ahead, calendar_from(self.today()))[-1]

    def here(self) -> list[int]:
        """Who works here, whoever leaves first in front."""
        end_reading()
        at_work = set(session().scalars(select(Staff.person_id).where(Staff.is_active)))
        return [one for one in (self.rita, self.lena, self.admin) if one in at_work]

    def scope(self, who: int = -1) -> StaffScope:
        """As whom a colleague acts: one of those who are here."""
        here = self.here()
        person_id = here[who % len(here)]
        return StaffScope(person_id, Role.ADMIN if person_id == self.admin else Role.RECRUITER)

    def opening_state(self) -> OpeningState:
        end_reading()
        return session().scalars(select(Opening.state).where(Opening.id == self.opening_id)).one()

    # Who applies.

    def new_name(self) -> str:
        """A word that stands nowhere else."""
        self.count += 1
        return str(self.count)

    def somebody(self) -> tuple[int, str, str]:
        """Somebody new whom we know: id, address, zone."""
        number = self.new_name()
        zone = ZONES[self.count % len(ZONES)]
        person = add_person(f"Person {number}", f"person{number}@place{number}.example", "en", zone, clock.now())
        return person.id, f"person{number}@place{number}.example", zone

    def one(self, place: int) -> Told:
        return self.told[place % len(self.told)]

    def view(self, told: Told) -> StaffView:
        """As colleagues see it."""
        end_reading()
        found = find_for_staff(told.public_id, self.scope())
        assert found is not None
        return found

    # What was said to them.

    def newest_delivery(self) -> int:
        end_reading()
        return session().scalar(select(func.max(Delivery.id))) or 0

    def is_said(self, told: Told, word: Word) -> None:
        """They know it at once, without a mail."""
        word.place, word.written_at = (self.newest_delivery(), self.next_number()), clock.now()
        told.hears(word, clock.now())

    def next_number(self) -> int:
        self.count += 1
        return self.count

    def is_written(self, told: Told, word: Word, before: int) -> None:
        """A mail says it that was made after the delivery `before`; they know it when that is accepted."""
        made = self.made_after(before, told)
        assert len(made) == 1, "one message, one mail"
        self.remember(told, word, made[0])

    def remember(self, told: Told, word: Word, delivery_id: int) -> None:
        word.place, word.written_at = (delivery_id, 0), word.written_at or clock.now()
        told.words.append(word)
        self.letters[delivery_id] = (told, word)

    def made_after(self, before: int, told: Told) -> list[int]:
        """The mails to this person that were made since."""
        end_reading()
        rows = select(Delivery.id).where(Delivery.id > before).where(Delivery.person_id == told.person_id)
        return list(session().scalars(rows.order_by(Delivery.id)))

    def letters_after(self, before: int, told: Told) -> list[int]:
        """The mails about this application that somebody had made since and that nobody took back."""
        end_reading()
        rows = (
            select(Delivery.id)
            .where(Delivery.id > before)
            .where(Delivery.cause == f"application:{told.public_id}")
            .where(Delivery.kind.in_(BY_HAND))
            .where(Delivery.state != DeliveryState.CANCELLED)
        )
        return list(session().scalars(rows.order_by(Delivery.id)))

    def tries(self, told: Told, word: Word, act: Callable[[], object], refusals: tuple[type[Exception], ...]) -> bool:
        """Let a colleague write something; False when they were told why not, and nothing has happened then."""
        before = self.newest_delivery()
        with suppress(*refusals):
            act()
            self.is_written(told, word, before)
            self.has_worked = False
            return True
        assert self.made_after(before, told) == []
        return False

    def a_word(self, status: ApplicationStatus, day: date | None, mark: str) -> Word:
        return Word(By.PERSON, status, day, {mark} if mark else set())

    def passes(self, **amount: float) -> None:
        self.time.at += timedelta(**amount)
