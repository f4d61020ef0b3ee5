"""Random histories of applications against promise 1: at every step, once the jobs ran, nobody is left in silence."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from portal.applications.actions import (
    ImportedApplication,
    add_imported,
    latest_promise,
    release_import,
    take_back_letter,
    write_to_candidate,
)
from portal.applications.actions.calling import Call, LetterWaits, log_call
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import EndingWaits, GoneAlready, Proposal
from portal.applications.states import (
    AUTOMATIC,
    END_REASONS,
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
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.actions import change_staff
from portal.people.models import Staff
from portal.privacy.actions import hand_over
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.applications.promise_jobs import run_jobs, send_what_is_due
from tests.conftest import START, Time
from tests.factories import ZONE, make_opening, make_person, make_staff

SCOPE_ROLE = Role.ADMIN


class PromiseMachine(RuleBasedStateMachine):
    """Two applications, three colleagues, a mail server with moods, and a worker that may be away."""

    time: Time
    empty: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        type(self).empty()
        self.time.at = START
        self.rita, self.lena = make_staff("Rita Sander"), make_staff("Lena Vogel")
        self.admin = make_staff("Mo Admin", Role.ADMIN)
        with transaction():
            change_staff(self.rita, role=Role.RECRUITER, lead_id=self.lena, is_active=True)
        self.opening = make_opening("Data Analyst", recruiter_id=self.rita)
        self.known: list[str] = []
        self.has_worked = False

    def today(self) -> date:
        return day_of(clock.now(), ZONE)

    @precondition(lambda self: len(self.known) < 2)
    @rule(status=st.sampled_from(STEPS), days=st.integers(0, 12))
    def import_one(self, status: ApplicationStatus, days: int) -> None:
        imported = ImportedApplication(
            person_id=make_person(f"Person {len(self.known)}"),
            opening_id=self.opening,
            owner_id=self.owner(),
            source="greenhouse",
            external_key=f"key-{len(self.known)}",
            applied_on=None,
            last_activity_on=None,
            channel="",
            tags=(),
            source_stage="",
            source_status="",
            source_reason="",
            status=status,
            next_update_by=self.today() + timedelta(days=days),
            import_ref=f"import-{len(self.known)}",
        )
        self.known.append(add_imported(imported, clock.now()))
        self.has_worked = False

    def owner(self) -> int:
        end_reading()
        return self.rita if session().get_one(Staff, self.rita).is_active else self.lena

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 1))
    def release(self, place: int) -> None:
        release_import(f"import-{place}", self.admin, clock.now())
        self.has_worked = False

    def view(self, place: int) -> StaffView:
        end_reading()
        found = find_for_staff(self.known[place % len(self.known)], self.scope())
        assert found is not None
        return found

    def scope(self) -> StaffScope:
        return StaffScope(self.admin, SCOPE_ROLE)

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 1), status=st.sampled_from(ApplicationStatus), ahead=st.integers(1, 8))
    def write(self, place: int, status: ApplicationStatus, ahead: int) -> None:
        view = self.view(place)
        if view.status not in OPEN_STATUSES and status in OPEN_STATUSES:
            return
        day = self.in_working_days(ahead) if status in OPEN_STATUSES else None
        why = END_REASONS[status][0] if status in END_REASONS else None
        proposal = Proposal(
            status, "A word.", day, "It takes longer.", end_reason=why, channel=Channel.TELEPHONE if why else None
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
        self.has_worked = False

    def in_working_days(self, count: int) -> date:
        return working_days_after(self.today(), count, calendar_from(self.today()))[-1]

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 1), ahead=st.integers(1, 8))
    def ring(self, place: int, ahead: int) -> None:
        view = self.view(place)
        if view.status not in OPEN_STATUSES:
            return
        call = Call(Channel.TELEPHONE, self.today(), "We spoke.", self.in_working_days(ahead), "It takes longer.")
        try:
            log_call(view.public_id, call, scope=self.scope(), seen_event_id=view.newest_event_id, now=clock.now())
        except LetterWaits:
            return
        after = self.view(place)
        assert (after.kind, after.next_update_by) == (EventKind.CALL, call.next_update_by)
        assert latest_promise(after) == call.next_update_by
        self.has_worked = False

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 1))
    def take_back(self, place: int) -> None:
        view = self.view(place)
        waiting = next((event for event in view.events if event.may_be_taken_back), None)
        if waiting is None:
            return
        try:
            take_back_letter(view.public_id, waiting.public_id, scope=self.scope(), now=clock.now())
        except GoneAlready:
            return
        self.has_worked = False

    @rule(quarters=st.integers(1, 24))
    def wait(self, quarters: int) -> None:
        """The worker is there the whole time."""
        for _quarter in range(quarters):
            self.time.pass_by(hours=6, minutes=7)
            self.works()
            self.check()

    @rule(minutes=st.integers(1, 600))
    def wait_a_little(self, minutes: int) -> None:
        self.time.pass_by(minutes=minutes)
        self.works()

    @rule(days=st.integers(1, 9))
    def worker_is_away(self, days: int) -> None:
        self.time.pass_by(days=days)
        self.has_worked = False

    @rule()
    def works(self) -> None:
        run_jobs()
        self.has_worked = True
        self.mail_goes(None)
        run_jobs()

    @rule(outcome=st.sampled_from([None, "later", "refused"]))
    def mail_goes(self, outcome: str | None) -> None:
        send_what_is_due(outcome)
        run_jobs()

    @precondition(lambda self: hasattr(self, "lena"))
    @rule()
    def owner_leaves(self) -> None:
        if self.owner() == self.lena:
            return
        hand_over(self.rita, self.lena, self.admin, clock.now())
        with transaction():
            change_staff(self.rita, role=Role.RECRUITER, lead_id=None, is_active=False)
        self.has_worked = False

    @invariant()
    def nobody_is_left_in_silence(self) -> None:
        self.check()

    def check(self) -> None:
        if not getattr(self, "has_worked", False):
            return
        for place in range(len(self.known)):
            view = self.view(place)
            if view.is_held or view.status not in OPEN_STATUSES:
                continue
            has_date = view.kind is not EventKind.ESCALATED and (view.next_update_by or date.min) >= self.today()
            on_its_way = [event for event in view.events if event.is_on_its_way]
            assert has_date or on_its_way or self.is_looked_after(view), (clock.now(), view)
            if view.kind is EventKind.ESCALATED or any(one.kind is EventKind.ESCALATED for one in on_its_way):
                assert self.is_looked_after(view), (clock.now(), view)

    def is_looked_after(self, view: StaffView) -> bool:
        """Escalated, with a task on somebody who works here."""
        owners = session().scalars(
            select(Task.owner_id)
            .join(Staff, Staff.person_id == Task.owner_id)
            .where(Task.about == view.public_id)
            .where(Task.kind.in_((TaskKind.ESCALATED, TaskKind.ESCALATED_TOO_LONG)))
            .where(Task.state.in_(OPEN_STATES))
            .where(Staff.is_active)
        )
        return owners.first() is not None

    @invariant()
    def nothing_automatic_comes_twice_a_day_or_a_third_time(self) -> None:
        end_reading()
        rows = session().execute(
            select(ApplicationEvent.application_id, ApplicationEvent.kind, Delivery.state, Delivery.sent_at)
            .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
            .order_by(ApplicationEvent.application_id, ApplicationEvent.id)
        )
        days: set[tuple[int, date]] = set()
        in_a_row: dict[int, int] = {}
        for application_id, kind, state, sent_at in rows:
            if kind in AUTOMATIC and state is DeliveryState.SENT:
                day = sent_at.astimezone(ZoneInfo(ZONE)).date()
                assert (application_id, day) not in days
                days.add((application_id, day))
            if state in {None, DeliveryState.SENT}:
                in_a_row[application_id] = in_a_row.get(application_id, 0) + 1 if kind is EventKind.HOLDING_NOTE else 0
            assert in_a_row.get(application_id, 0) <= 2

    @invariant()
    def what_is_held_gets_nothing_automatic(self) -> None:
        end_reading()
        automatic = (
            select(ApplicationEvent.id)
            .join(Application, Application.id == ApplicationEvent.application_id)
            .where(Application.is_held)
            .where(ApplicationEvent.kind.in_(AUTOMATIC))
        )
        assert session().scalars(automatic).first() is None


def machine_on(time: Time, empty: Callable[[], None]) -> type[PromiseMachine]:
    """The machine on the tests' clock; each run begins with what `empty` leaves."""
    return type("Machine", (PromiseMachine,), {"time": time, "empty": staticmethod(empty)})
