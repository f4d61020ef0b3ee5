"""What candidates do: they come, by an import or by themselves, ask, and take their application back."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from portal.applications.actions import withdraw_application
from portal.applications.actions.applying import apply, confirm_application
from portal.applications.actions.asking import ask_to_apply
from portal.applications.queries import find_application_of
from portal.applications.queries.applying import find_apply_page
from portal.applications.rules import AlreadyEnded
from portal.applications.rules.applying import NotAccepting, NotAgain, Sent
from portal.applications.states import ApplicationStatus
from portal.conversations.actions import ask
from portal.conversations.rules import TooOften
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.tokens import TokenKind
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.people.queries import known_person
from tests.accounts.visitors import Letter
from tests.applications.machine.oracle import By, Told, Word, days_in
from tests.applications.machine.world import World

MOST = 4
PLACE = st.integers(0, MOST - 1)
#: Nobody waits longer for a first answer than the company's pace, fifteen working days, with holidays in between.
_LONGEST_PACE = timedelta(days=40)
_OFTEN = 3


class Candidates(World):
    """How applications come, and what their owners do."""

    @precondition(lambda self: len(self.told) < MOST)
    @rule()
    def applies_with_an_account(self) -> None:
        person_id, email, zone = self.somebody()
        if self.opening_state() is not OpeningState.PUBLISHED:
            self.is_refused(person_id)
            return
        before = self.newest_delivery()
        public_id = apply(person_id, self.slug, Sent("Ada"), channel="", now=clock.now())
        self.has_applied(Told(person_id, public_id, email, zone), before)

    def is_refused(self, person_id: int) -> None:
        with suppress(NotAccepting):
            apply(person_id, self.slug, Sent("Ada"), channel="", now=clock.now())
            raise AssertionError("this opening takes no applications")

    def has_applied(self, told: Told, before: int) -> None:
        """The page is there at once, with a day, and a receipt is on its way that says the same."""
        end_reading()
        shown = find_application_of(told.person_id, told.public_id)
        assert shown is not None
        assert shown.next_update_by is not None
        assert self.today() < shown.next_update_by < self.today() + _LONGEST_PACE
        receipts = [days_in(self.text_of(one)) for one in self.made_after(before, told)]
        assert any(shown.next_update_by in days for days in receipts)
        self.told.append(told)
        self.is_said(told, Word(By.CANDIDATE, ApplicationStatus.RECEIVED, shown.next_update_by))
        self.has_worked = False

    def text_of(self, delivery_id: int) -> str:
        return session().scalars(select(Delivery.text).where(Delivery.id == delivery_id)).one()

    @precondition(lambda self: self.told)
    @rule(place=PLACE)
    def applies_again(self, place: int) -> None:
        """Only who has an ending may, and whoever took it back three times is asked to write instead."""
        told = self.one(place)
        if len(self.told) >= MOST or self.opening_state() is not OpeningState.PUBLISHED:
            return
        before = self.newest_delivery()
        is_open = any(one.is_open for one in self.told if one.person_id == told.person_id)
        theirs = [one.newest.status for one in self.told if one.person_id == told.person_id]
        with suppress(NotAgain):
            public_id = apply(told.person_id, self.slug, Sent("Ada"), channel="", now=clock.now())
            assert not is_open, "twice in one opening"
            self.has_applied(Told(told.person_id, public_id, told.email, told.zone), before)
            return
        assert is_open or theirs.count(ApplicationStatus.WITHDRAWN) >= _OFTEN

    @precondition(lambda self: len(self.told) < MOST)
    @rule(minutes=st.integers(0, 59))
    def applies_without_an_account(self, minutes: int) -> None:
        """They are somebody we know, and their application is there, when the link of the mail is followed."""
        page = find_apply_page(self.slug, None, clock.now())
        if page is None:
            return
        number = self.new_name()
        email = f"stranger{number}@place{number}.example"
        ask_to_apply(email, page, Sent("Nora"), cv_id=None, channel="", browser_secret="", now=clock.now())
        end_reading()
        mail = session().scalars(select(Delivery).where(Delivery.to_address == email)).one()
        token = Letter(mail.kind, mail.key, mail.subject, mail.text, mail.html).token(TokenKind.APPLY)
        assert known_person(email) is None, "nobody is known by what somebody typed"
        self.passes(minutes=minutes)
        before = self.newest_delivery()
        confirmed = confirm_application(token, "A phone", clock.now())
        person = known_person(email)
        assert person is not None
        self.has_applied(Told(person.person_id, confirmed.public_id, email, person.timezone), before)

    @precondition(lambda self: self.told)
    @rule(place=PLACE, says_why=st.booleans())
    def withdraws(self, place: int, says_why: bool) -> None:
        told = self.one(place)
        why = f"Why-{self.new_name()}" if says_why else ""
        was_open = told.is_open
        with suppress(AlreadyEnded):
            withdraw_application(told.person_id, told.public_id, why=why, now=clock.now())
            assert was_open
            self.is_said(told, Word(By.CANDIDATE, ApplicationStatus.WITHDRAWN, None, {why} if why else set()))
            self.has_worked = False
            return
        assert not was_open, "who is in the race may leave it"

    @precondition(lambda self: self.told)
    @rule(place=PLACE)
    def asks_a_question(self, place: int) -> None:
        told = self.one(place)
        with suppress(TooOften):
            key = self.new_name()
            ask(told.person_id, text="And now?", application=told.public_id, form_key=key, now=clock.now())
            self.has_worked = False
