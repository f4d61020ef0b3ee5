"""Random histories against promise 2: how each application ends, what its page says, when an opening is finished."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.actions import (
    AnotherWay,
    ImportedApplication,
    add_imported,
    report_change,
    take_back_letter,
    tell_another_way,
    untold_letter,
    withdraw_application,
    write_to_candidate,
)
from portal.applications.actions.closing import EndingForMany, close_opening, end_many
from portal.applications.actions.reverting import revert_ending
from portal.applications.queries import StaffScope, StaffView, find_application_of, find_for_staff
from portal.applications.queries.finishing import in_opening
from portal.applications.rules import AlreadyEnded, EndingWaits, GoneAlready, Proposal
from portal.applications.rules.finishing import CannotRevert, StillOpen
from portal.applications.states import (
    END_REASONS,
    ENDINGS,
    ENDINGS_BY_US,
    OPEN_STATUSES,
    STEPS,
    ApplicationStatus,
    Channel,
    EventKind,
)
from portal.company.queries import calendar_from
from portal.company.rules import working_days_after
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.rules import MoveRefused
from portal.openings.states import OpeningState
from portal.outbox.states import DeliveryState
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import START, Time
from tests.factories import ZONE, make_opening, make_person, make_staff

#: What an application can have ended by without a mail of ours.
_WITHOUT_MAIL = frozenset(
    {EventKind.WITHDRAWN, EventKind.TOLD_HERE, EventKind.TOLD_ELSEWHERE, EventKind.ENDED_BEFORE_US}
)
_MANY = EndingForMany(
    ApplicationStatus.NOT_SELECTED, END_REASONS[ApplicationStatus.NOT_SELECTED][0], "", "Hello {name}, we chose."
)


class EndingMachine(RuleBasedStateMachine):
    """Three applications to one opening, a recruiter, a mail server with moods, another system that says things."""

    time: Time
    empty: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        type(self).empty()
        self.time.at = START
        self.rita = make_staff("Rita Sander", Role.ADMIN)
        self.opening = make_opening("Data Analyst", recruiter_id=self.rita)
        self.opening_name = session().scalars(select(Opening.public_id).where(Opening.id == self.opening)).one()
        self.known: list[str] = []

    def is_finished(self) -> bool:
        end_reading()
        state = session().scalars(select(Opening.state).where(Opening.id == self.opening)).one()
        return state is OpeningState.FINISHED

    @precondition(lambda self: len(self.known) < 3)
    @rule(status=st.sampled_from((*STEPS, ApplicationStatus.NOT_SELECTED)))
    def comes(self, status: ApplicationStatus) -> None:
        if self.is_finished():
            return
        number = len(self.known)
        imported = ImportedApplication(
            person_id=make_person(f"Person {number}"),
            opening_id=self.opening,
            owner_id=self.rita,
            source="greenhouse",
            external_key=f"key-{number}",
            applied_on=None,
            last_activity_on=None,
            channel="",
            tags=(),
            source_stage="",
            source_status="",
            source_reason="",
            status=status,
            next_update_by=None if status in ENDINGS else self.day(3),
            import_ref="",
        )
        self.known.append(add_imported(imported, clock.now()))

    def day(self, ahead: int) -> object:
        today = day_of(clock.now(), ZONE)
        return working_days_after(today, ahead, calendar_from(today))[-1]

    def view(self, place: int) -> StaffView:
        end_reading()
        found = find_for_staff(self.known[place % len(self.known)], self.scope())
        assert found is not None
        return found

    def scope(self) -> StaffScope:
        return StaffScope(self.rita, Role.ADMIN)

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2), outcome=st.sampled_from(sorted(ENDINGS)))
    def ends(self, place: int, outcome: ApplicationStatus) -> None:
        view = self.view(place)
        if view.standing not in OPEN_STATUSES:
            return
        proposal = Proposal(
            outcome, "It has ended.", None, "", end_reason=END_REASONS[outcome][0], channel=Channel.TELEPHONE
        )
        try:
            write_to_candidate(
                view.public_id,
                scope=self.scope(),
                proposal=proposal,
                seen_event_id=view.newest_event_id,
                now=clock.now(),
            )
        except EndingWaits:
            return

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2))
    def is_reverted(self, place: int) -> None:
        view = self.view(place)
        proposal = Proposal(ApplicationStatus.IN_REVIEW, "It was a mistake.", self.day(5), "It takes longer.")
        try:
            revert_ending(
                view.public_id,
                scope=self.scope(),
                proposal=proposal,
                seen_event_id=view.newest_event_id,
                now=clock.now(),
            )
        except CannotRevert:
            assert view.status in OPEN_STATUSES or view.kind is EventKind.ENDED_BEFORE_US or self.is_finished()
        except EndingWaits:
            assert view.waiting_ending is not None

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2))
    def is_taken_back(self, place: int) -> None:
        view = self.view(place)
        waiting = next((event for event in view.events if event.may_be_taken_back), None)
        if waiting is None:
            return
        try:
            take_back_letter(view.public_id, waiting.public_id, scope=self.scope(), now=clock.now())
        except GoneAlready:
            return
        assert all(event.public_id != waiting.public_id for event in self.view(place).events)

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2))
    def withdraws(self, place: int) -> None:
        view = self.view(place)
        try:
            withdraw_application(view.person_id, view.public_id, why="", now=clock.now())
        except AlreadyEnded:
            return
        assert self.view(place).status is ApplicationStatus.WITHDRAWN

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2))
    def is_told_another_way(self, place: int) -> None:
        view = self.view(place)
        letter = untold_letter(view)
        if letter is None:
            return
        way = AnotherWay(None, None, self.day(5), "It takes longer.")
        tell_another_way(view.public_id, letter.public_id, way, scope=self.scope(), now=clock.now())

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 2), ending=st.sampled_from((None, *sorted(ENDINGS))), has_told_them=st.booleans())
    def import_says(self, place: int, ending: ApplicationStatus | None, has_told_them: bool) -> None:
        view = self.view(place)
        is_open = view.status in OPEN_STATUSES
        report_change(
            view.id,
            source_stage="",
            source_status=str(ending or "active"),
            source_reason="",
            last_activity_on=None,
            is_told_differently=ending is not None and is_open,
            now=clock.now(),
            ended_as=ending if is_open else None,
            has_told_them=has_told_them,
        )
        # An import alone changes no page.
        assert self.view(place).status is view.status

    @precondition(lambda self: self.known)
    @rule()
    def many_end(self) -> None:
        end_reading()
        seen = {one.public_id: one.newest_event_id for one in in_opening(self.opening, self.scope()) if one.is_to_do}
        if seen:
            end_many(self.opening, seen, _MANY, scope=self.scope(), now=clock.now())

    @rule()
    def is_closed(self) -> None:
        end_reading()
        try:
            close_opening(self.opening_name, scope=self.scope(), now=clock.now())
        except (StillOpen, MoveRefused):
            return

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.time.pass_by(hours=hours)

    @rule()
    def works(self) -> None:
        end_reading()
        jobs.write_endings(clock.now())
        jobs.settle_endings(clock.now())

    @rule(outcome=st.sampled_from([None, "later", "refused"]))
    def mail_goes(self, outcome: str | None) -> None:
        send_what_is_due(outcome)

    @invariant()
    def every_ending_came_in_one_of_its_ways(self) -> None:
        for place in range(len(getattr(self, "known", ()))):
            view = self.view(place)
            shown = find_application_of(view.person_id, view.public_id)
            assert shown is not None
            seen = next(event for event in view.events if event.delivery_state in {None, DeliveryState.SENT})
            assert (shown.status, shown.kind) == (seen.status, seen.kind), "the page says what was accepted"
            if shown.status in ENDINGS_BY_US:
                assert seen.delivery_state is DeliveryState.SENT or seen.kind in _WITHOUT_MAIL
            assert (shown.next_update_by is None) == (shown.status in ENDINGS)

    @invariant()
    def finished_means_everybody_knows(self) -> None:
        if getattr(self, "known", ()) and self.is_finished():
            assert all(one.has_ended for one in in_opening(self.opening, self.scope()))


def machine_on(time: Time, empty: Callable[[], None]) -> type[EndingMachine]:
    """The machine with a clock in hand, and `empty` to begin with nothing."""
    return type("EndingMachineOnAClock", (EndingMachine,), {"time": time, "empty": staticmethod(empty)})
