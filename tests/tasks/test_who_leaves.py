"""A colleague leaves: whoever takes over has one task that says what is theirs now."""

from datetime import date

import pytest
from flask import Flask

from portal.core import clock
from portal.core.permissions import Role
from portal.desk.jobs import send_morning_mails
from portal.people.actions import change_staff
from portal.privacy.actions import erase_person, let_go
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import (
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    public_id_of,
    signed_in,
    task_id_of,
)
from tests.tasks.test_where_they_come_from import mails, tasks

#: They leave on Wednesday 4 March, and it is due two working days later.
DUE = date(2026, 3, 6)


@pytest.fixture
def admin(app: Flask) -> int:
    return make_staff("Mo Admin", Role.ADMIN)


@pytest.fixture
def nora(admin: int) -> int:
    """Nora looks after two applications and an opening, and owes three things."""
    nora = make_staff("Nora Berg")
    opening = make_opening("Nurse", recruiter_id=nora)
    make_application(opening, nora, name="Ada Lind", promised=date(2026, 4, 1))
    make_application(opening, nora, name="Bo Ek", promised=date(2026, 4, 1))
    for name in ("Cy", "Dee", "Eli"):
        make_task(nora, person_id=make_person(name), due=date(2026, 4, 1))
    return nora


@pytest.fixture
def omar(app: Flask) -> int:
    omar = make_staff("Omar Haddad", email="omar@example.org")
    signed_in(app, omar)
    return omar


def handed_over() -> list[Task]:
    return [task for task in tasks() if task.kind is TaskKind.HANDED_OVER]


def test_one_task_says_who_left_and_what_is_theirs_now(app: Flask, admin: int, nora: int, omar: int) -> None:
    let_go(nora, omar, admin, clock.now())
    (task,) = handed_over()
    assert (task.owner_id, task.due_on, task.person_id) == (omar, DUE, nora)
    one = task.public_id
    desk = signed_in(app, omar)
    page = desk.get(f"/recruiting/tasks/{one}")
    assert "Nora Berg left: take over 2 applications, 1 opening and 3 tasks" in page.text
    theirs = desk.get(next(link for link in page.links if f"owner={public_id_of(omar)}" in link))
    assert all(name in theirs.text for name in ("Ada Lind", "Bo Ek"))


def test_it_is_on_the_home_on_its_day_and_done_with_one_tap(
    app: Flask, admin: int, nora: int, omar: int, time: Time
) -> None:
    let_go(nora, omar, admin, clock.now())
    assert "Nora Berg left" not in signed_in(app, omar).get("/recruiting/").text
    time.pass_by(days=2)
    send_morning_mails(clock.now())
    (mail,) = [mail for mail in mails("tasks/morning") if mail.to_address == "omar@example.org"]
    assert mail.subject == "1 colleague left their work to you"
    assert f"/recruiting/tasks/{task_id_of(handed_over()[0].id)}" in mail.text
    assert "Nora" not in mail.text + mail.html
    desk = signed_in(app, omar)
    desk.submit(desk.get("/recruiting/"), action="/done")
    assert [task.state for task in handed_over()] == [TaskState.DONE]


def test_who_takes_over_from_two_has_two(admin: int, nora: int, omar: int) -> None:
    ben = make_staff("Ben Ray")
    make_application(make_opening(), ben)
    let_go(ben, nora, admin, clock.now())
    let_go(nora, omar, admin, clock.now())
    assert [(task.owner_id, task.person_id) for task in handed_over()] == [(omar, ben), (omar, nora)]
    assert [task.title for task in handed_over()] == ["1 application", "3 applications, 1 opening and 4 tasks"]


def test_who_leaves_nothing_makes_no_task(admin: int, omar: int) -> None:
    gone = make_staff("Ben Ray")
    let_go(gone, omar, admin, clock.now())
    assert handed_over() == []


def test_a_team_alone_is_work_too(app: Flask, admin: int, omar: int) -> None:
    lead = make_staff("Lena Lead")
    change_staff(omar, role=Role.RECRUITER, lead_id=lead, is_active=True)
    let_go(lead, admin, admin, clock.now())
    page = signed_in(app, admin).get(f"/recruiting/tasks/{handed_over()[0].public_id}")
    assert "Lena Lead left: take over their work" in page.text


def test_a_hiring_manager_finds_what_is_theirs_in_their_own_list(app: Flask, admin: int) -> None:
    hugo, lena = (make_staff(name, Role.HIRING_MANAGER) for name in ("Hugo Meier", "Lena Walczak"))
    make_application(make_opening("Nurse", manager_id=lena), make_staff(), name="Ada Lind")
    let_go(lena, hugo, admin, clock.now())
    desk = signed_in(app, hugo)
    page = desk.get(f"/recruiting/tasks/{handed_over()[0].public_id}")
    assert "Lena Walczak left: take over 1 opening" in page.text
    assert "Ada Lind" in desk.get(next(link for link in page.links if "applications?owner=" in link)).text


def test_it_goes_with_the_one_who_left(admin: int, nora: int, omar: int) -> None:
    let_go(nora, omar, admin, clock.now())
    erase_person(nora, admin, clock.now())
    assert handed_over() == []
