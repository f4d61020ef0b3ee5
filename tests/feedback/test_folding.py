"""What is owed is noted from how applications ended, stands among somebody's tasks, and goes when it was given."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.applications.actions import take_back_letter, withdraw_application
from portal.applications.actions.reassigning import let_look_after
from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope
from portal.applications.states import ApplicationStatus, EventKind
from portal.company.queries import company_zone
from portal.company.states import FeedbackWay
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.feedback.actions import note_debts
from portal.feedback.models import Feedback
from portal.feedback.queries import debt_of, facts_about
from portal.feedback.rules import settle
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Staff
from portal.people.queries import find_staff
from portal.tasks.actions import finish_task
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import Made, add_event, make_application, make_opening, make_staff, settle_mail
from tests.feedback.debts import (
    call_it,
    change_interview,
    debts,
    end,
    meet,
    note,
    open_again,
    states,
    tasks,
    told,
    write_feedback,
)

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> int:
    return make_opening("Nurse", recruiter_id=rita)


@pytest.fixture
def ada(opening: int, rita: int) -> Made:
    return make_application(opening, rita)


def test_it_is_owed_from_the_day_on_which_the_letter_was_accepted(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    end(ada, rita)
    note()
    assert debts(ada) == []
    time.pass_by(days=2)
    settle_mail()
    note()
    debt = debts(ada)[0]
    assert (debt.state, debt.due_on, debt.form) == (DebtState.OPEN, date(2026, 3, 13), FeedbackForm.FULL)
    assert debt.way is FeedbackWay.WRITTEN


def test_noting_it_twice_is_once(ada: Made, rita: int) -> None:
    meet(ada, rita)
    told(ada, rita)
    before = [one.id for one in debts(ada)]
    note()
    assert not note_debts(ada.id, clock.now())
    assert [one.id for one in debts(ada)] == before


def test_an_ending_that_is_taken_back_before_it_goes_brings_nothing(ada: Made, rita: int) -> None:
    meet(ada, rita)
    end(ada, rita)
    scope = StaffScope(rita, Role.RECRUITER)
    newest = session().scalars(select(ApplicationEvent.public_id).order_by(ApplicationEvent.id.desc())).first()
    take_back_letter(ada.public_id, newest or "", scope=scope, now=clock.now())
    settle_mail()
    note()
    assert debts(ada) == []


def test_an_ending_that_was_taken_back_voids_it_and_another_is_a_new_debt(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    told(ada, rita)
    open_again(ada, rita)
    note()
    assert states(ada) == [DebtState.VOID]
    time.pass_by(days=1)
    told(ada, rita)
    assert states(ada) == [DebtState.VOID, DebtState.OPEN]
    assert debts(ada)[1].due_on == date(2026, 3, 12)


def test_it_is_given_once_the_mail_that_says_so_is_accepted(ada: Made, rita: int) -> None:
    meet(ada, rita)
    told(ada, rita)
    write_feedback(ada, rita, FeedbackState.DRAFT)
    note()
    assert states(ada) == [DebtState.OPEN]
    with transaction() as own:
        own.delete(own.scalars(select(Feedback)).one())
    write_feedback(ada, rita)
    note()
    assert states(ada) == [DebtState.OPEN]
    settle_mail()
    note()
    assert states(ada) == [DebtState.GIVEN]
    assert tasks() == [(rita, TaskState.DONE)]


def test_what_comes_back_after_all_was_not_given(ada: Made, rita: int) -> None:
    meet(ada, rita)
    told(ada, rita)
    write_feedback(ada, rita)
    settle_mail()
    note()
    with transaction() as own:
        row = own.scalars(select(Delivery).where(Delivery.cause == "feedback")).one()
        row.state, row.sent_at = DeliveryState.DEAD, None
    note()
    assert states(ada) == [DebtState.OPEN]
    assert tasks()[-1] == (rita, TaskState.DUE)


def test_feedback_that_was_retracted_is_owed_again_within_seven_days(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    told(ada, rita)
    write_feedback(ada, rita)
    settle_mail()
    note()
    time.pass_by(days=30)
    with transaction() as own:
        one = own.scalars(select(Feedback)).one()
        one.state, one.retracted_at = FeedbackState.RETRACTED, clock.now()
    note()
    debt = debts(ada)[0]
    assert (debt.state, debt.due_on) == (DebtState.OPEN, date(2026, 4, 10))


def test_feedback_covers_a_second_ending_and_is_owed_again_after_another_interview(
    ada: Made, rita: int, time: Time
) -> None:
    meet(ada, rita)
    told(ada, rita)
    write_feedback(ada, rita)
    settle_mail()
    open_again(ada, rita)
    time.pass_by(days=1)
    told(ada, rita)
    assert states(ada)[-1] is DebtState.GIVEN
    time.pass_by(days=1)
    open_again(ada, rita)
    meet(ada, rita, ago=timedelta(hours=2))
    time.pass_by(days=1)
    told(ada, rita)
    assert states(ada)[-1] is DebtState.OPEN


def test_calling_an_interview_missed_does_not_do_away_with_what_is_owed(ada: Made, rita: int, time: Time) -> None:
    interview = meet(ada, rita)
    told(ada, rita)
    time.pass_by(hours=1)
    for state in (InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US, InterviewState.DONE):
        call_it(interview, state)
        note()
        assert states(ada) == [DebtState.OPEN]
    assert tasks() == [(rita, TaskState.DUE)]


def test_what_was_called_missed_before_the_ending_is_owed_nothing_and_a_slip_is_put_right(
    ada: Made, rita: int, time: Time
) -> None:
    interview = meet(ada, rita)
    call_it(interview, InterviewState.DONE)
    time.pass_by(minutes=40)
    call_it(interview, InterviewState.MISSED_BY_THEM)
    told(ada, rita)
    assert debts(ada) == []


def test_what_stood_as_done_is_owed_whatever_it_is_called_before_the_ending(ada: Made, rita: int, time: Time) -> None:
    interview = meet(ada, rita)
    call_it(interview, InterviewState.DONE)
    time.pass_by(minutes=90)
    call_it(interview, InterviewState.MISSED_BY_US)
    told(ada, rita)
    assert states(ada) == [DebtState.OPEN]


def test_one_that_nobody_closed_is_owed_although_it_is_called_missed_after_the_ending(
    ada: Made, rita: int, time: Time
) -> None:
    interview = meet(ada, rita)
    change_interview(interview, state=InterviewState.CONFIRMED)
    end(ada, rita)
    settle_mail()
    time.pass_by(minutes=5)
    call_it(interview, InterviewState.MISSED_BY_THEM)
    note()
    assert states(ada) == [DebtState.OPEN]


def test_an_interview_that_is_noted_after_the_ending_brings_it(ada: Made, rita: int) -> None:
    interview = meet(ada, rita)
    change_interview(interview, state=InterviewState.MISSED_BY_THEM)
    told(ada, rita)
    assert debts(ada) == []
    change_interview(interview, state=InterviewState.DONE)
    note()
    assert states(ada) == [DebtState.OPEN]


def test_a_short_screen_brings_the_short_form_until_another_interview_is_noted(ada: Made, rita: int) -> None:
    interview = meet(ada, rita, minutes=30)
    change_interview(interview, format="video")
    told(ada, rita)
    assert debts(ada)[0].form is FeedbackForm.SHORT
    meet(ada, rita)
    note()
    assert [(one.form, one.state) for one in debts(ada)] == [(FeedbackForm.FULL, DebtState.OPEN)]


def test_who_withdrew_is_owed_nothing_by_itself(ada: Made, rita: int) -> None:
    meet(ada, rita)
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    note()
    assert debts(ada) == []


def test_what_ended_before_it_came_here_is_owed_nothing(opening: int, rita: int) -> None:
    earlier = make_application(opening, rita, status=ApplicationStatus.NOT_SELECTED)
    meet(earlier, rita)
    note()
    assert debts(earlier) == []


def test_what_another_system_told_them_counts_from_then(ada: Made, rita: int) -> None:
    meet(ada, rita)
    add_event(ada.id, EventKind.TOLD_ELSEWHERE, status=ApplicationStatus.NOT_SELECTED)
    note()
    assert debts(ada)[0].due_on == date(2026, 3, 11)


def test_a_worker_that_was_away_for_days_notes_the_same(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    end(ada, rita)
    settle_mail()
    time.pass_by(days=9)
    note()
    assert debts(ada)[0].due_on == date(2026, 3, 11)
    assert tasks() == [(rita, TaskState.DUE)]


def test_whoever_looks_after_it_has_it_among_their_tasks_and_their_lead_on_the_last_day(
    ada: Made, rita: int, time: Time
) -> None:
    lead = make_staff("Lea Lind", email="lea@example.org")
    with transaction() as own:
        own.execute(update(Staff).where(Staff.person_id == rita).values(lead_id=lead))
    meet(ada, rita)
    told(ada, rita)
    due = session().scalars(select(Task).where(Task.kind == TaskKind.FEEDBACK_DUE)).one()
    # On the last day that the candidate was told of, and not on the day of the reminder.
    assert (due.owner_id, due.due_on) == (rita, debts(ada)[0].due_on)
    time.at = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    escalate_late_tasks(clock.now())
    assert tasks() == [(rita, TaskState.DUE)]
    time.pass_by(days=1)
    escalate_late_tasks(clock.now())
    assert tasks() == [(rita, TaskState.ESCALATED)]


def test_said_to_be_done_although_nothing_was_given_it_comes_again(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    told(ada, rita)
    for _number in range(2):
        newest = session().scalars(select(Task.id).order_by(Task.id.desc())).first()
        finish_task(newest or 0, actor_id=rita, now=clock.now())
        note()
    assert tasks() == [(rita, TaskState.DONE), (rita, TaskState.DONE), (rita, TaskState.DUE)]


def test_the_task_goes_along_with_the_application(ada: Made, rita: int) -> None:
    omar = make_staff("Omar Haddad", email="omar@example.org")
    meet(ada, rita)
    told(ada, rita)
    row = find_staff(omar)
    assert row is not None
    let_look_after(ada.id, row, rita, clock.now())
    note()
    assert tasks() == [(omar, TaskState.DUE)]


def test_the_debt_that_stands_is_found_for_who_writes(ada: Made, rita: int) -> None:
    assert debt_of(ada.id) is None
    meet(ada, rita)
    told(ada, rita)
    found = debt_of(ada.id)
    assert found is not None
    assert (found.state, found.public_id, found.owner_name) == (DebtState.OPEN, ada.public_id, "Rita Sander")
    open_again(ada, rita)
    note()
    assert debt_of(ada.id) is None


_STEPS = st.lists(
    st.sampled_from(["end", "accept", "open again", "meet", "missed", "held", "write", "retract", "day", "note"]),
    min_size=3,
    max_size=12,
)


@given(_STEPS)
@settings(max_examples=25)
@pytest.mark.only("sqlite")  # what is decided stands in the rules; how it is found, in the tests above
def test_the_job_misses_nothing_whatever_happens(app: Flask, time: Time, steps: list[str]) -> None:
    rita = make_staff("Rita Sander")
    ada = make_application(make_opening("Nurse", recruiter_id=rita), rita)
    interviews = [meet(ada, rita)]
    for step in steps:
        time.pass_by(minutes=7)
        _do(step, ada, rita, interviews, time)
        # The job finds by its own questions what the rules say of the facts.
        note()
        facts, known = facts_about([ada.id])[ada.id]
        end_reading()
        assert settle(facts, known, company_zone(), clock.now()) == []
    assert sum(state in {DebtState.OPEN, DebtState.HELD} for state in states(ada)) <= 1


def _do(step: str, ada: Made, rita: int, interviews: list[str], time: Time) -> None:
    facts, _debts = facts_about([ada.id])[ada.id]
    end_reading()
    is_ended = facts.reached[-1].status is ApplicationStatus.NOT_SELECTED
    if step == "end" and not is_ended:
        settle_mail()
        add_event(ada.id, status=ApplicationStatus.NOT_SELECTED, kind=EventKind.TOLD_HERE)
    elif step == "accept":
        settle_mail()
    elif step == "open again" and is_ended:
        add_event(ada.id, EventKind.REVERTED, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 12, 1))
    elif step == "meet":
        interviews.append(meet(ada, rita, ago=timedelta(hours=1)))
    elif step in {"missed", "held"}:
        call_it(interviews[-1], InterviewState.MISSED_BY_THEM if step == "missed" else InterviewState.DONE)
    elif step in {"write", "retract"}:
        _write(step, ada, rita)
    elif step == "day":
        time.pass_by(days=1)


def _write(step: str, ada: Made, rita: int) -> None:
    with transaction() as own:
        before = own.scalars(select(Feedback).where(Feedback.application_id == ada.id)).first()
        if step == "retract" and before is not None:
            before.state, before.retracted_at = FeedbackState.RETRACTED, clock.now()
        if step == "write" and before is not None:
            own.delete(before)
    if step == "write":
        write_feedback(ada, rita)
