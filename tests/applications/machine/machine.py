"""The machine as a whole, and what holds at each of its steps."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select

from portal.applications.queries import ApplicationView, find_application_of
from portal.applications.states import STEPS, ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead
from portal.people.models import Staff
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.applications.machine.candidates import PLACE, Candidates
from tests.applications.machine.colleagues import Colleagues
from tests.applications.machine.company import Company
from tests.applications.machine.oracle import By, Told, Word, marks_in, marks_of
from tests.applications.machine.worker import AUTOMATIC, Worker
from tests.applications.machine.world import ON_ITS_WAY
from tests.conftest import Time
from tests.factories import signed_in

#: Ten days: longer than any row of days on which nobody works.
_GOOD_TIMES = 36


class Machine(Candidates, Colleagues, Company, Worker):
    """Everything can happen to everybody."""

    @initialize(status=st.sampled_from(STEPS), days=st.integers(0, 12), is_held=st.booleans())
    def two_are_there(self, status: ApplicationStatus, days: int, is_held: bool) -> None:
        """One that was made here, and one from an import."""
        self.begin()
        self.applies_with_an_account()
        self.imports(status, days)
        if not is_held:
            self.releases()

    # Promise 2, and what the page says.

    @invariant()
    def the_page_says_what_was_accepted(self) -> None:
        for told in self.told:
            shown = self.shown(told)
            self.learns_from_the_page(told, shown)
            newest = told.newest
            assert shown.status is newest.status, (clock.now(), told)
            assert (shown.kind is EventKind.ESCALATED) == (newest.by is By.ESCALATION), (clock.now(), told)
            if newest.by is not By.ESCALATION:
                assert shown.next_update_by == newest.day, (clock.now(), told)

    def shown(self, told: Told) -> ApplicationView:
        end_reading()
        found = find_application_of(told.person_id, told.public_id)
        assert found is not None
        return found

    def learns_from_the_page(self, told: Told, shown: ApplicationView) -> None:
        """What no mail said: an import did, or no mail reaches them and the page itself tells."""
        is_elsewhere = shown.kind is EventKind.TOLD_ELSEWHERE and told.is_open
        is_moved = shown.kind is EventKind.IMPORTED and shown.status is not told.newest.status
        if is_elsewhere or is_moved:
            told.check_source(shown.status, clock.now())
            day = told.newest.day if is_moved else None
            self.is_said(told, Word(By.PERSON if is_elsewhere else By.IMPORT, shown.status, day))
        automatic = sum(event.kind in {EventKind.HOLDING_NOTE, EventKind.ESCALATED} for event in shown.events)
        if automatic > len(told.automatic):
            word = self.dead_note(told)
            told.check_automatic(word, clock.now())
            told.hears(word, clock.now())
        assert automatic == len(told.automatic), (clock.now(), told)

    def dead_note(self, told: Told) -> Word:
        """The automatic message that died just now and stands on the page instead."""
        row = session().execute(
            select(Delivery.id, Delivery.kind, Delivery.text)
            .where(Delivery.cause == f"application:{told.public_id}")
            .where(Delivery.kind.in_(AUTOMATIC))
            .where(is_dead())
            .order_by(Delivery.id.desc())
        )
        delivery_id, kind, text = row.first() or (0, "", "")
        assert delivery_id not in self.letters, "it says so without a mail that did not arrive"
        word = self.automatic(told, kind, text)
        self.remember(told, word, delivery_id)
        return word

    @precondition(lambda self: self.told)
    @rule(place=PLACE)
    def the_candidate_reads(self, place: int) -> None:
        """The page, as they see it: every word that reached them, and none that did not."""
        told = self.one(place)
        page = signed_in(self.app, told.person_id).get(f"/me/applications/{told.public_id}")
        newest = told.newest
        status = page.find("data-status")
        assert status is not None
        assert status.get("data-status") == newest.status.value
        assert marks_in(page.text) == marks_of(told.known), (clock.now(), told)
        assert (page.find("data-escalated") is not None) == (newest.by is By.ESCALATION)
        if newest.day is not None:
            day = page.find("data-next-update-by")
            assert day is not None
            assert day.get("datetime") == newest.day.isoformat()

    @invariant()
    def finished_means_that_everybody_knows(self) -> None:
        if self.told and self.opening_state() is OpeningState.FINISHED:
            assert not any(one.is_open for one in self.told), (clock.now(), self.told)

    # Promise 1.

    @invariant()
    def nobody_is_left_in_silence(self) -> None:
        """Once the jobs have run: a day to come, something on its way, or a task with somebody who works here."""
        self.check()

    def check(self) -> None:
        if not self.has_worked:
            return
        self.the_page_says_what_was_accepted()
        on_their_way, looked_after = self.on_their_way(), self.looked_after()
        for told in self.told:
            if not told.is_open or told.is_held:
                continue
            is_escalated = told.newest.by is By.ESCALATION
            has_day = not is_escalated and (told.newest.day or date.min) >= self.today()
            if not has_day and told.public_id not in on_their_way and not told.is_told_there():
                assert is_escalated, (clock.now(), told)
            if is_escalated:
                assert told.public_id in looked_after, (clock.now(), told)

    def on_their_way(self) -> set[str]:
        """Public ids of the applications with something on its way that says when they hear, or how it ended."""
        end_reading()
        rows = session().execute(
            select(Delivery.id, Delivery.kind, Delivery.cause).where(Delivery.state.in_(ON_ITS_WAY))
        )
        found = set()
        for delivery_id, kind, cause in rows:
            if delivery_id in self.letters:
                found.add(self.letters[delivery_id][0].public_id)
            elif kind in {*AUTOMATIC, "applications/ending"}:
                found.add(cause.removeprefix("application:"))
        return found

    def looked_after(self) -> set[str]:
        """Public ids of the applications about which somebody who works here has been asked to write."""
        end_reading()
        rows = session().scalars(
            select(Task.about)
            .join(Staff, Staff.person_id == Task.owner_id)
            .where(Task.kind.in_((TaskKind.ESCALATED, TaskKind.ESCALATED_TOO_LONG)))
            .where(Task.state.in_(OPEN_STATES))
            .where(Staff.is_active)
        )
        return set(rows)

    @rule()
    def good_days(self) -> None:
        """The worker is there, the mail server takes everything: whatever was written before has arrived or is lost."""
        written = self.newest_delivery()
        if self.in_hand:
            self.hands_over_at_last(None)
        self.worker_is_there(_GOOD_TIMES, None)
        end_reading()
        waiting = select(Delivery.id).where(Delivery.state.in_(ON_ITS_WAY)).where(Delivery.id <= written)
        assert list(session().scalars(waiting)) == [], "nothing waits for ever"

    @invariant()
    def what_is_held_gets_nothing_automatic(self) -> None:
        held = [f"application:{one.public_id}" for one in self.told if one.is_held]
        if held:
            end_reading()
            rows = select(Delivery.id).where(Delivery.cause.in_(held)).where(Delivery.kind.in_(AUTOMATIC))
            assert session().scalars(rows).first() is None


def machine_on(app: Flask, time: Time, empty: Callable[[], None]) -> type[Machine]:
    """The machine on the tests' clock; each run begins with what `empty` leaves."""
    return type("ApplicationsMachine", (Machine,), {"app": app, "time": time, "empty": staticmethod(empty)})
