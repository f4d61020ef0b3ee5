"""Where tasks come from: letters that were lost, promises that were missed; and how they finish themselves."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.actions import invite_staff, renew_invitation
from portal.accounts.jobs import look_for_lost_mails
from portal.applications.jobs import look_for_lost_letters, look_for_missed_promises
from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.actions import change_staff
from portal.tasks.actions import finish_task
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def tasks() -> list[Task]:
    end_reading()
    return list(session().scalars(select(Task).order_by(Task.id)))


def write(desk: Browser, to: Made, words: str = "A word.") -> None:
    page = desk.get(f"/recruiting/applications/{to.public_id}")
    desk.submit(page, button="send", message=words, when="5", date_reason="We need more time.")


def lose_a_letter(desk: Browser, to: Made) -> None:
    write(desk, to)
    settle_mail(DeliveryState.DEAD, "550 no such user")


def test_a_lost_letter_is_owed_by_who_looks_after_the_application(desk: Browser, rita: int) -> None:
    ada = make_application(make_opening("Data Analyst"), rita, name="Ada Lind")
    lose_a_letter(desk, ada)
    for _ in range(3):
        look_for_lost_letters(clock.now())
    (task,) = tasks()
    assert (task.kind, task.owner_id, task.about) == (TaskKind.DEAD_LETTER, rita, ada.public_id)
    assert (task.person_id, task.title, task.due_on) == (ada.person_id, "Data Analyst", TODAY)
    assert "Our letter to Ada Lind about Data Analyst did not arrive" in desk.get("/recruiting/").text


def test_a_letter_that_went_makes_no_task(desk: Browser, rita: int) -> None:
    write(desk, make_application(make_opening(), rita))
    look_for_lost_letters(clock.now())
    settle_mail()
    look_for_lost_letters(clock.now())
    assert tasks() == []


def test_the_task_finishes_itself_when_the_letter_goes_after_all(desk: Browser, rita: int) -> None:
    lose_a_letter(desk, make_application(make_opening(), rita))
    look_for_lost_letters(clock.now())
    try_again()
    look_for_lost_letters(clock.now())
    (task,) = tasks()
    assert (task.state, task.closed_by_id) == (TaskState.DONE, None)


def try_again() -> None:
    with transaction() as own:
        own.execute(update(Delivery).where(Delivery.state == DeliveryState.DEAD).values(state=DeliveryState.QUEUED))


def test_a_letter_that_is_lost_once_more_opens_it_again(desk: Browser, rita: int) -> None:
    lose_a_letter(desk, make_application(make_opening(), rita))
    look_for_lost_letters(clock.now())
    try_again()
    look_for_lost_letters(clock.now())
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_letters(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DUE]


def test_a_later_letter_that_arrived_finishes_it(desk: Browser, rita: int) -> None:
    ada = make_application(make_opening(), rita)
    lose_a_letter(desk, ada)
    look_for_lost_letters(clock.now())
    write(desk, ada, "Here is the same, to your other address.")
    look_for_lost_letters(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DUE]
    settle_mail()
    look_for_lost_letters(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DONE]


def test_a_second_lost_letter_replaces_the_task_about_the_first(desk: Browser, rita: int) -> None:
    ada, ben = (make_application(make_opening(), rita, name=name) for name in ("Ada Lind", "Ben Ode"))
    lose_a_letter(desk, ada)
    look_for_lost_letters(clock.now())
    lose_a_letter(desk, ada)
    lose_a_letter(desk, ben)
    for _ in range(3):
        look_for_lost_letters(clock.now())
    found = [(task.about, task.state) for task in tasks()]
    assert found == [
        (ada.public_id, TaskState.CANCELLED),
        (ada.public_id, TaskState.DUE),
        (ben.public_id, TaskState.DUE),
    ]


def test_two_lost_letters_about_one_application_are_one_task(desk: Browser, rita: int) -> None:
    ada = make_application(make_opening(), rita)
    lose_a_letter(desk, ada)
    lose_a_letter(desk, ada)
    for _ in range(3):
        look_for_lost_letters(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DUE]


def test_what_somebody_finished_by_telephone_stays_finished(desk: Browser, rita: int) -> None:
    lose_a_letter(desk, make_application(make_opening(), rita))
    look_for_lost_letters(clock.now())
    finish_task(tasks()[0].id, actor_id=rita, now=clock.now())
    look_for_lost_letters(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DONE]


def test_a_lost_invitation_is_owed_by_an_admin_until_another_arrives(app: Flask, rita: int) -> None:
    admin = make_staff("Mo Admin", Role.ADMIN)
    invite_staff("new@example.org", "New Colleague", Role.RECRUITER, None, admin, clock.now())
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_mails(clock.now())
    look_for_lost_mails(clock.now())
    (task,) = tasks()
    assert (task.kind, task.owner_id) == (TaskKind.DEAD_INVITATION, admin)
    invited_id = task.person_id or 0
    page = signed_in(app, admin).get("/recruiting/?whose=mine")
    assert "The invitation of New Colleague did not arrive" in page.text
    renew_invitation(invited_id, admin, clock.now())
    settle_mail()
    look_for_lost_mails(clock.now())
    assert tasks()[0].state is TaskState.DONE


def test_mail_to_somebody_we_do_not_know_is_owed_by_nobody(app: Flask, rita: int) -> None:
    make_staff("Mo Admin", Role.ADMIN)
    stranger = Browser(app)
    stranger.submit(stranger.get("/sign-in"), email="nobody@example.org", password="")
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_mails(clock.now())
    assert tasks() == []


def led_by(lead_id: int, person_id: int) -> None:
    with transaction():
        change_staff(person_id, role=Role.RECRUITER, lead_id=lead_id, is_active=True)


def test_a_promise_that_was_missed_by_two_working_days_comes_to_the_lead(rita: int) -> None:
    lena = make_staff("Lena Lead")
    led_by(lena, rita)
    opening = make_opening("Data Analyst")
    ada = make_application(opening, rita, name="Ada Lind", promised=TODAY - timedelta(days=2))
    make_application(opening, rita, promised=TODAY - timedelta(days=1))
    make_application(opening, rita, promised=TODAY - timedelta(days=9), is_held=True)
    look_for_missed_promises(clock.now())
    look_for_missed_promises(clock.now())
    (task,) = tasks()
    assert (task.kind, task.owner_id, task.about) == (TaskKind.MISSED_PROMISE, lena, ada.public_id)


def test_it_finishes_itself_when_the_candidate_reads_another_date(desk: Browser, rita: int) -> None:
    led_by(make_staff("Lena Lead"), rita)
    ada = make_application(make_opening(), rita, promised=TODAY - timedelta(days=5))
    look_for_missed_promises(clock.now())
    write(desk, ada)
    look_for_missed_promises(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DUE]
    settle_mail()
    look_for_missed_promises(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DONE]


def test_who_has_no_lead_and_is_the_only_admin_is_not_asked_by_themselves(app: Flask) -> None:
    admin = make_staff("Mo Admin", Role.ADMIN)
    make_application(make_opening(), admin, promised=TODAY - timedelta(days=5))
    look_for_missed_promises(clock.now())
    assert tasks() == []


def mails(kind: str) -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def test_what_is_two_working_days_late_goes_to_the_lead_who_is_told_once(desk: Browser, rita: int, time: Time) -> None:
    lena = make_staff("Lena Lead", email="lena@example.org")
    led_by(lena, rita)
    for number in range(3):
        lose_a_letter(desk, make_application(make_opening(), rita, name=f"Person {number}"))
    look_for_lost_letters(clock.now())
    time.pass_by(days=1)
    escalate_late_tasks(clock.now())
    assert {task.state for task in tasks()} == {TaskState.DUE}
    time.pass_by(days=1)
    for _ in range(3):
        escalate_late_tasks(clock.now())
        time.pass_by(minutes=5)
    assert {(task.state, task.escalated_to_id, task.owner_id) for task in tasks()} == {
        (TaskState.ESCALATED, lena, rita)
    }
    (mail,) = mails("tasks/escalated")
    assert mail.to_address == "lena@example.org"
    assert mail.subject == "Two days late: 3 letters did not arrive"
    assert "It is with Rita Sander." in mail.text
    assert "3 letters did not arrive, since Wednesday 4 March 2026" in mail.text
    assert "http://localhost/recruiting/tasks?kind=dead_letter" in mail.text
    assert "Person 1" not in mail.text


def test_at_night_and_on_days_off_nobody_is_told(rita: int, time: Time) -> None:
    led_by(make_staff("Lena Lead"), rita)
    make_application(make_opening(), rita, promised=TODAY - timedelta(days=9))
    look_for_missed_promises(clock.now())
    time.pass_by(hours=14)
    escalate_late_tasks(clock.now())
    time.pass_by(days=2, hours=10)
    escalate_late_tasks(clock.now())
    assert mails("tasks/escalated") == []
    time.pass_by(days=2)
    escalate_late_tasks(clock.now())
    (mail,) = mails("tasks/escalated")
    assert mail.subject == "Two days late: 1 person did not hear from us as promised"
    assert "/recruiting/tasks/" in mail.text


def test_a_letter_that_is_lost_is_owed_by_who_looks_after_the_application_now(desk: Browser, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    ada = make_application(make_opening(), rita)
    lose_a_letter(desk, ada)
    with transaction() as own:
        own.execute(update(Application).values(owner_id=omar))
    look_for_lost_letters(clock.now())
    assert [task.owner_id for task in tasks()] == [omar]
