"""Becoming a hiring manager: what only recruiters look after goes to somebody who may, in the same step."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.people.actions import change_staff
from portal.people.models import Staff
from portal.people.queries import find_staff
from portal.privacy.actions import NotPossible, step_down
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.factories import make_application, make_opening, make_staff, make_task, public_id_of, signed_in

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def admin(app: Flask) -> int:
    return make_staff("Alma Reyes", Role.ADMIN)


@pytest.fixture
def rita(admin: int) -> int:
    """A recruiter with an application, a task, somebody who reports to her, and an opening she hires for herself."""
    rita = make_staff()
    make_application(make_opening("Nurse", recruiter_id=rita, manager_id=rita), rita, promised=FRIDAY)
    make_task(rita, TaskKind.UPDATE_DUE)
    with transaction():
        change_staff(make_staff("Omar Diaz"), role=Role.RECRUITER, lead_id=rita, is_active=True)
    return rita


def owners() -> tuple[set[int], set[int]]:
    """Who looks after applications, and who owes what."""
    end_reading()
    tasks = session().scalars(select(Task.owner_id).where(Task.state.in_(OPEN_STATES))).all()
    return set(session().scalars(select(Application.owner_id)).all()), set(tasks)


def role_of(person_id: int) -> Role:
    end_reading()
    row = find_staff(person_id)
    assert row is not None
    return row.role


def test_the_page_asks_who_takes_over_and_all_of_it_goes_there(app: Flask, rita: int, admin: int) -> None:
    desk = signed_in(app, admin)
    page = desk.submit(
        desk.get(f"/recruiting/admin/staff/{public_id_of(rita)}"), having="role", role="hiring-manager", lead=""
    )
    assert "Rita Sander becomes a hiring manager" in page.text
    assert "Applications" in page.text
    assert role_of(rita) is Role.RECRUITER
    desk.submit(page, action="/hiring-manager", receiver=public_id_of(admin))
    assert role_of(rita) is Role.HIRING_MANAGER
    assert owners() == ({admin}, {admin})
    assert session().scalars(select(Opening.recruiter_id)).all() == [admin]
    assert session().scalars(select(Staff.person_id).where(Staff.lead_id == rita)).all() == []


def test_they_keep_the_openings_they_hire_for(rita: int, admin: int) -> None:
    step_down(rita, lead_id=None, to_id=admin, actor_id=admin, now=clock.now())
    end_reading()
    assert session().scalars(select(Opening.hiring_manager_id)).all() == [rita]


def test_nobody_steps_down_from_what_nobody_takes_over(rita: int, admin: int) -> None:
    with pytest.raises(NotPossible):
        step_down(rita, lead_id=None, to_id=None, actor_id=admin, now=clock.now())
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    with pytest.raises(NotPossible):
        step_down(rita, lead_id=None, to_id=hugo, actor_id=admin, now=clock.now())
    assert role_of(rita) is Role.RECRUITER
    assert owners() == ({rita}, {rita})


def test_a_page_without_a_choice_says_so(app: Flask, rita: int, admin: int) -> None:
    desk = signed_in(app, admin)
    path = f"/recruiting/admin/staff/{public_id_of(rita)}/hiring-manager"
    page = desk.submit(desk.get(path), action="/hiring-manager", receiver="", expect=422)
    assert "Please choose who takes over." in page.text
    assert role_of(rita) is Role.RECRUITER


def test_the_last_admin_stays_one(app: Flask, admin: int) -> None:
    desk = signed_in(app, admin)
    path = f"/recruiting/admin/staff/{public_id_of(admin)}/hiring-manager"
    desk.submit(desk.get(path), action="/hiring-manager", expect=422)
    assert role_of(admin) is Role.ADMIN


def test_whoever_is_one_already_has_no_such_page(app: Flask, admin: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    signed_in(app, admin).get(f"/recruiting/admin/staff/{public_id_of(hugo)}/hiring-manager", expect=404)
