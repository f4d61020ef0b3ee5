"""Whoever works here and applies here: colleagues look after it, and nothing of it is theirs to read or change."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions.closing import close_opening
from portal.applications.jobs import pass_on_own_work
from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.rules.finishing import StillOpen
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.people.actions import change_staff
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_staff,
    make_task,
    public_id_of,
    signed_in,
)

FRIDAY = date(2026, 3, 6)
LEFT_OUT = "Your own application is not shown here"
NOBODY = "Nobody may look after their own."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def own(rita: int) -> Made:
    """Rita's own application to an opening that she recruits for, with a task of hers about it."""
    made = make_application(make_opening("Nurse", recruiter_id=rita), rita, person_id=rita, promised=FRIDAY)
    make_task(rita, TaskKind.UPDATE_DUE, person_id=rita, title="Nurse", about=made.public_id)
    return made


def owner() -> int:
    end_reading()
    return session().scalars(select(Application.owner_id)).one()


def owes_about(person_id: int) -> list[int]:
    """Who has open tasks about this person."""
    end_reading()
    about = select(Task.owner_id).where(Task.person_id == person_id).where(Task.state.in_(OPEN_STATES))
    return list(session().scalars(about.order_by(Task.id)))


def test_it_goes_to_their_lead_with_what_is_owed(rita: int, own: Made) -> None:
    make_staff("Alma Reyes", Role.ADMIN)
    lena = make_staff("Lena Lead")
    with transaction():
        change_staff(rita, role=Role.RECRUITER, lead_id=lena, is_active=True)
    pass_on_own_work(clock.now())
    assert owner() == lena
    assert owes_about(rita) == [lena]
    pass_on_own_work(clock.now())
    assert owner() == lena
    told = session().scalars(select(Task.kind).where(Task.owner_id == lena).where(Task.person_id.is_(None))).all()
    assert told == [TaskKind.REASSIGNED]


def test_without_a_lead_it_goes_to_an_admin(rita: int, own: Made) -> None:
    make_staff("Hugo Berg", Role.HIRING_MANAGER)
    make_staff("Omar Diaz")
    alma = make_staff("Alma Reyes", Role.ADMIN)
    pass_on_own_work(clock.now())
    assert owner() == alma


def test_in_a_team_of_one_it_waits_and_the_lists_say_so(app: Flask, rita: int, own: Made) -> None:
    make_staff("Hugo Berg", Role.HIRING_MANAGER)
    pass_on_own_work(clock.now())
    assert owner() == rita
    desk = signed_in(app, rita)
    opening = session().scalars(select(Opening.public_id)).one()
    for path in ("/recruiting/applications", f"/recruiting/openings/{opening}/pipeline"):
        text = desk.get(path).text
        assert LEFT_OUT in text, path
        assert NOBODY in text, path
        assert f'/recruiting/applications/{own.public_id}"' not in desk.get(path).body, path
    omar = make_staff("Omar Diaz")
    pass_on_own_work(clock.now())
    assert owner() == omar
    text = desk.get("/recruiting/applications").text
    assert LEFT_OUT in text
    assert NOBODY not in text


def test_who_has_not_applied_reads_no_such_line(app: Flask, rita: int, own: Made) -> None:
    assert LEFT_OUT not in signed_in(app, make_staff("Omar Diaz")).get("/recruiting/applications").text


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.ADMIN])
def test_nothing_of_it_is_found_on_the_recruiting_side(app: Flask, rita: int, own: Made, role: Role) -> None:
    with transaction():
        change_staff(rita, role=role, lead_id=None, is_active=True)
    desk, person = signed_in(app, rita), public_id_of(rita)
    for path in (
        f"applications/{own.public_id}",
        f"applications/{own.public_id}/read",
        f"candidates/{person}",
        f"conversations/{person}",
        f"candidates/{person}/notes",
        f"candidates/{person}/tags",
    ):
        assert desk.client.get(f"/recruiting/{path}").status_code in {404, 405}, path
    for path in ("", "tasks", "tasks?whose=team", "search?q=rita", "candidates", "conversations?whose=all"):
        body = desk.get(f"/recruiting/{path}").body
        assert own.public_id not in body, path
        assert f"/candidates/{person}" not in body, path


def test_nobody_is_given_their_own(app: Flask, rita: int, own: Made) -> None:
    omar = make_staff("Omar Diaz")
    pass_on_own_work(clock.now())
    assert owner() == omar
    opening = session().scalars(select(Opening.public_id)).one()
    desk = signed_in(app, omar)
    path = f"/recruiting/openings/{opening}/pipeline/owner?a={own.public_id}"
    desk.submit(desk.get(path), having="owner", owner=public_id_of(rita))
    assert owner() == omar


def test_an_opening_is_not_finished_over_the_own_application_of_whoever_finishes_it(rita: int, own: Made) -> None:
    opening = session().scalars(select(Opening.public_id)).one()
    with pytest.raises(StillOpen):
        close_opening(opening, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())
