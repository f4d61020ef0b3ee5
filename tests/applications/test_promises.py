"""No silence: a note when the promised day ends, the lead after two of them, an admin after twenty working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.applications.actions import withdraw_application, write_to_candidate
from portal.applications.models import Application
from portal.applications.queries import StaffScope, due_for, find_application_of, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EventKind
from portal.company.actions import change_settings
from portal.company.queries import company_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_failed_try
from portal.outbox.models import Delivery
from portal.outbox.rules import TryLater
from portal.outbox.states import DeliveryState, Reason
from portal.people.actions import change_staff
from portal.privacy.actions import hand_over
from portal.tasks.actions import finish_task
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from tests.applications.promise_jobs import events, open_tasks, run_jobs, send_what_is_due, work
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)
#: Wednesday 4 March 2026, 17:00 in Warsaw.
END_OF_DAY = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
NOTE, ESCALATED = EventKind.HOLDING_NOTE, EventKind.ESCALATED


@pytest.fixture
def lena(app: Flask) -> int:
    return make_staff("Lena Vogel", email="lena@example.org")


@pytest.fixture
def rita(app: Flask, lena: int) -> int:
    rita = make_staff("Rita Sander", email="rita@example.org")
    with transaction():
        change_staff(rita, role=Role.RECRUITER, lead_id=lena, is_active=True)
    return rita


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=TODAY)


def mails() -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind.like("applications/%")).order_by(Delivery.id)))


def seen(made: Made) -> tuple[EventKind, date | None]:
    end_reading()
    view = find_application_of(made.person_id, made.public_id)
    assert view is not None
    return view.kind, view.next_update_by


def write(
    made: Made, rita: int, day: date | None = None, status: ApplicationStatus = ApplicationStatus.IN_REVIEW
) -> None:
    end_reading()
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    proposal = Proposal(status, "We are still reading.", day, "Hugo is away.")
    write_to_candidate(
        made.public_id, scope=scope, proposal=proposal, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()


def test_no_note_goes_before_office_hours_of_the_promised_day_end(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY - timedelta(minutes=1)
    run_jobs()
    assert mails() == []


def test_a_note_goes_at_the_end_of_the_promised_day_with_a_new_date(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY
    run_jobs()
    run_jobs()
    (mail,) = mails()
    assert seen(ada) == (EventKind.IMPORTED, TODAY)
    assert send_what_is_due() == 1
    # In review: five working days.
    assert seen(ada) == (NOTE, date(2026, 3, 11))
    for words in (
        "automatically",
        "by Wednesday 4 March 2026",
        "we did not keep that promise",
        "no news",
        "If you want to ask something, answer this mail.",
        "In review",
        "Who looks after it: Rita Sander",
        "Wednesday 11 March 2026",
    ):
        assert words in mail.text
    assert mail.reply_to == "Rita Sander <rita@example.org>"


def test_a_note_says_that_a_question_of_theirs_waits_and_does_not_ask_for_one(ada: Made, time: Time) -> None:
    ask(ada.person_id, text="Is it still open?", application=ada.public_id, form_key="a", now=clock.now())
    time.at = END_OF_DAY
    run_jobs()
    (mail,) = [mail for mail in mails() if mail.kind == "applications/holding_note"]
    assert "You wrote to us on Wednesday 4 March 2026, and nobody has answered you yet." in mail.text
    assert "If you want to ask something" not in mail.text


def test_holidays_of_the_company_are_no_working_days(ada: Made, rita: int, time: Time) -> None:
    days = {Setting.OWN_DAYS: [{"on": "2026-03-11", "name": "Founders' day"}]}
    change_settings(days, version_of({Setting.OWN_DAYS: []}), actor_id=rita, now=clock.now())
    time.at = END_OF_DAY
    run_jobs()
    send_what_is_due()
    assert seen(ada) == (NOTE, date(2026, 3, 12))


def test_when_the_worker_was_away_the_note_goes_at_once_when_it_is_back(ada: Made, time: Time) -> None:
    time.at = datetime(2026, 3, 7, 11, 0, tzinfo=UTC)
    run_jobs()
    assert send_what_is_due() == 1
    assert seen(ada) == (NOTE, date(2026, 3, 13))


def test_nothing_automatic_goes_before_an_import_is_released(rita: int, time: Time) -> None:
    held = make_application(make_opening(), rita, promised=TODAY, is_held=True)
    time.at = END_OF_DAY
    run_jobs()
    assert mails() == []
    with transaction() as own:
        own.execute(update(Application).values(is_held=False))
    run_jobs()
    assert [kind for kind, _day in events(held.id)] == [EventKind.IMPORTED, NOTE]


def test_a_letter_in_its_time_to_undo_is_word_enough(ada: Made, rita: int, time: Time) -> None:
    time.at = END_OF_DAY - timedelta(minutes=2)
    write(ada, rita, date(2026, 3, 6))
    time.at = END_OF_DAY
    run_jobs()
    assert NOTE not in [kind for kind, _day in events(ada.id)]


def test_a_note_that_waits_for_the_morning_does_not_go_after_a_letter(ada: Made, rita: int, time: Time) -> None:
    time.at = END_OF_DAY + timedelta(hours=6)
    run_jobs()
    assert send_what_is_due() == 0
    write(ada, rita, date(2026, 3, 6))
    run_jobs()
    time.pass_by(hours=12)
    assert send_what_is_due() == 1
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, EventKind.MESSAGE]


def test_a_note_that_a_server_put_off_does_not_go_after_they_withdrew(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY
    run_jobs()
    assert send_what_is_due("later") == 1
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    time.pass_by(hours=12)
    assert send_what_is_due() == 1
    run_jobs()
    assert [mail.kind for mail in mails() if mail.state is DeliveryState.SENT] == ["applications/withdrawn"]
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, EventKind.WITHDRAWN]


def test_a_note_that_a_worker_holds_while_they_withdraw_is_not_tried_again(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY
    run_jobs()
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    mark_failed_try(claimed, TryLater(Reason.NOT_NOW, 450, "4.2.0 later"), clock.now())
    run_jobs()
    time.pass_by(hours=12)
    assert send_what_is_due() == 1
    assert [mail.kind for mail in mails() if mail.state is DeliveryState.SENT] == ["applications/withdrawn"]


def test_a_note_that_a_server_put_off_does_not_go_after_a_letter(ada: Made, rita: int, time: Time) -> None:
    time.at = END_OF_DAY
    run_jobs()
    assert send_what_is_due("later") == 1
    write(ada, rita, date(2026, 3, 6))
    run_jobs()
    time.pass_by(hours=12)
    assert send_what_is_due() == 1
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, EventKind.MESSAGE]


def test_a_note_lands_in_nobodys_night_and_counts_from_the_morning(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY + timedelta(hours=7)
    run_jobs()
    assert send_what_is_due() == 0
    time.pass_by(hours=8)
    assert send_what_is_due() == 1
    assert seen(ada) == (NOTE, date(2026, 3, 12))


@pytest.mark.only("sqlite")  # the same jobs for weeks; that each of them works on both is shown by the tests around
def test_after_two_notes_in_a_row_the_lead_is_asked_and_nothing_automatic_follows(
    ada: Made, lena: int, rita: int, time: Time
) -> None:
    work(time, END_OF_DAY + timedelta(days=60))
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, NOTE, NOTE, ESCALATED]
    first, second, third = mails()
    assert "This is the second such message in a row. If nobody writes to you by" in second.text
    assert "in a row" not in first.text
    assert "We have not kept our promise" in third.subject
    assert "Lena Vogel, who leads the recruiting team" in third.text
    assert "Answer this mail and Lena Vogel reads it." in third.text
    assert [mail.reply_to for mail in (second, third)] == [
        "Rita Sander <rita@example.org>",
        "Lena Vogel <lena@example.org>",
    ]
    assert "This says nothing about your application" in third.text
    assert (TaskKind.ESCALATED, lena) in [task[:2] for task in open_tasks()]


def escalate(time: Time) -> None:
    work(time, datetime(2026, 3, 18, 17, 0, tzinfo=UTC))


def test_an_escalated_application_stands_on_top_of_the_home_at_once(
    ada: Made, rita: int, lena: int, time: Time
) -> None:
    escalate(time)
    today = date(2026, 3, 18)
    lines, counts = due_for(StaffScope(rita, Role.RECRUITER), today, rita, 0, 10)
    assert seen(ada)[0] is ESCALATED
    assert (counts.total, counts.late) == (1, 0)
    assert (lines[0].next_update_by, lines[0].escalated_count) == (today, 1)
    assert due_for(StaffScope(rita, Role.RECRUITER), today + timedelta(days=3), rita, 0, 10)[1].late == 1


def test_a_persons_word_ends_the_escalation_and_its_task(ada: Made, rita: int, time: Time) -> None:
    escalate(time)
    write(ada, rita, date(2026, 3, 20))
    run_jobs()
    assert open_tasks(TaskKind.ESCALATED) != []
    time.pass_by(minutes=20)
    send_what_is_due()
    run_jobs()
    assert open_tasks(TaskKind.ESCALATED, TaskKind.ESCALATED_TOO_LONG) == []
    assert seen(ada) == (EventKind.MESSAGE, date(2026, 3, 20))
    # And the count of notes begins anew.
    work(time, datetime(2026, 3, 20, 16, 30, tzinfo=UTC))
    assert events(ada.id)[-1][0] is NOTE


def test_who_says_done_without_writing_is_asked_again(ada: Made, lena: int, time: Time) -> None:
    escalate(time)
    task_id = session().scalars(select(Task.id).where(Task.kind == TaskKind.ESCALATED)).one()
    finish_task(task_id, actor_id=lena, now=clock.now())
    run_jobs()
    assert [task[:2] for task in open_tasks(TaskKind.ESCALATED)] == [(TaskKind.ESCALATED, lena)]


@pytest.mark.only("sqlite")  # the same jobs for weeks; that each of them works on both is shown by the tests around
def test_after_twenty_working_days_an_admin_has_to_answer(ada: Made, lena: int, time: Time) -> None:
    admin = make_staff("Mo Admin", Role.ADMIN)
    escalate(time)
    work(time, datetime(2026, 4, 14, 20, 0, tzinfo=UTC))
    assert open_tasks(TaskKind.ESCALATED_TOO_LONG) == []
    work(time, datetime(2026, 4, 15, 20, 0, tzinfo=UTC))
    assert [task[:2] for task in open_tasks(TaskKind.ESCALATED_TOO_LONG)] == [(TaskKind.ESCALATED_TOO_LONG, admin)]


def test_when_the_lead_leaves_the_task_goes_to_who_takes_over(ada: Made, lena: int, rita: int, time: Time) -> None:
    escalate(time)
    hand_over(lena, rita, rita, clock.now())
    with transaction():
        change_staff(lena, role=Role.RECRUITER, lead_id=None, is_active=False)
    run_jobs()
    assert [task[:2] for task in open_tasks(TaskKind.ESCALATED)] == [(TaskKind.ESCALATED, rita)]


def test_a_note_that_reaches_nobody_is_told_by_the_page(ada: Made, time: Time) -> None:
    time.at = END_OF_DAY
    run_jobs()
    settle_mail(DeliveryState.DEAD, "550 no such user")
    run_jobs()
    assert seen(ada) == (NOTE, date(2026, 3, 11))


def test_with_a_pace_of_one_day_two_notes_still_come_on_two_days(ada: Made, rita: int, time: Time) -> None:
    pace = company_settings()[Setting.PACE]
    change_settings(
        {Setting.PACE: {**pace, "in_review": 1}}, version_of({Setting.PACE: pace}), actor_id=rita, now=clock.now()
    )
    time.at = END_OF_DAY
    run_jobs()
    time.pass_by(hours=17)
    send_what_is_due()
    work(time, END_OF_DAY + timedelta(days=6))
    sent = [mail.sent_at for mail in mails()]
    assert len({moment.date() for moment in sent if moment}) == len(sent) == 3


def test_two_working_days_before_there_is_a_task_until_word_was_given(ada: Made, rita: int, time: Time) -> None:
    time.at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    run_jobs()
    assert open_tasks() == []
    time.at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    run_jobs()
    run_jobs()
    assert open_tasks() == [(TaskKind.UPDATE_DUE, rita, TODAY)]
    write(ada, rita, date(2026, 3, 20))
    run_jobs()
    assert open_tasks() == []


def test_a_withdrawn_or_ended_application_needs_nothing(rita: int, time: Time) -> None:
    make_application(make_opening(), rita, status=ApplicationStatus.NOT_SELECTED)
    work(time, END_OF_DAY + timedelta(days=2))
    assert (mails(), open_tasks()) == ([], [])
