"""The staff's home begins with the interviews of today and tomorrow that one takes part in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.interviews.models import Interview, InterviewWish
from portal.interviews.states import InterviewState, Relationship, WishKind
from tests.conftest import START, counted_statements
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.both_in_soak
HOME = "/recruiting/"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, name="Ada Lind")


def test_todays_and_tomorrows_interviews_stand_there_by_the_clock(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    panel = [(hugo, None)]
    today = make_interview(ada.id, rita, starts_at=START + timedelta(hours=5), panel=panel)
    make_interview(ada.id, rita, starts_at=START + timedelta(days=1), panel=[(hugo, Relationship.NONE)], title="Task")
    make_interview(ada.id, rita, starts_at=START + timedelta(days=2), panel=panel, title="Too far")
    page = signed_in(app, hugo).get(HOME)
    assert "Today 14:00 Ada Lind Talk with the team, Data Analyst. Say how you know them" in page.text
    assert "Tomorrow, Thursday 5 March 2026 09:00 Ada Lind Task, Data Analyst" in page.text
    assert "Too far" not in page.text
    assert f"/recruiting/interviews/{today}" in page.links
    # Whoever arranges it sees it as well.
    assert f"/recruiting/interviews/{today}" in signed_in(app, rita).get(HOME).links


def test_who_is_running_late_or_cannot_come_is_named_beside_the_time(
    app: Flask, ada: Made, rita: int, hugo: int
) -> None:
    at = START + timedelta(hours=5)
    kinds = (WishKind.RUNNING_LATE, WishKind.CANNOT_COME, WishKind.ANOTHER_TIME)
    made = [make_interview(ada.id, rita, starts_at=at, panel=[(hugo, None)], title=kind.name) for kind in kinds]
    with transaction() as own:
        for public_id, kind in zip(made, kinds, strict=True):
            row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
            wish = InterviewWish(public_id=new_public_id(), interview_id=row.id, kind=kind, words="")
            wish.created_at = clock.now()
            own.add(wish)
    page = signed_in(app, hugo).get(HOME).text
    assert "RUNNING_LATE, Data Analyst. They are running late" in page
    assert "CANNOT_COME, Data Analyst. They cannot come" in page
    # What only whoever arranges it has to know.
    assert "They ask for another time" not in page


def test_what_is_called_off_or_of_others_does_not_stand_there(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    at = START + timedelta(hours=5)
    make_interview(ada.id, rita, starts_at=at, panel=[(hugo, None)], state=InterviewState.CANCELLED)
    make_interview(ada.id, rita, starts_at=at, panel=[(make_staff("Lena Walczak"), None)])
    assert "Your interviews" not in signed_in(app, hugo).get(HOME).text


def test_interviews_cost_the_home_one_statement(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    browser = signed_in(app, hugo)
    with counted_statements() as without:
        browser.get(HOME)
    for hours in range(4):
        make_interview(ada.id, rita, starts_at=START + timedelta(hours=hours), panel=[(hugo, None)])
    with counted_statements() as with_four:
        browser.get(HOME)
    assert len(with_four) <= len(without) + 1
