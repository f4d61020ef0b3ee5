"""The staff's home begins with the interviews of today and tomorrow that one takes part in."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.core.permissions import Role
from portal.interviews.states import InterviewState, Relationship
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
