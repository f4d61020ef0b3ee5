"""People we know nothing of are on the company's clock, as an admin set it, not as the machine was set up."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.models import JoinRequest
from portal.company.actions import change_settings
from portal.company.rules import version_of
from portal.company.states import DEFAULTS, Setting
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.people.queries import known_person
from tests.accounts.visitors import ADMIN, NORA, RITA, hire, invite
from tests.pages import Browser


@pytest.fixture
def tokyo(app: Flask) -> None:
    """The company works in Tokyo; the machine was set up for Warsaw."""
    admin = hire(ADMIN, Role.ADMIN, "Vera Admin")
    seen = version_of({Setting.ZONE: DEFAULTS[Setting.ZONE]})
    change_settings({Setting.ZONE: "Asia/Tokyo"}, seen, actor_id=admin, now=clock.now())
    end_reading()


@pytest.mark.usefixtures("tokyo")
def test_invited_colleague_is_on_the_company_clock(app: Flask) -> None:
    invite()
    known = known_person(RITA)
    assert known is not None
    assert known.timezone == "Asia/Tokyo"


@pytest.mark.usefixtures("tokyo")
def test_visitor_who_joins_is_on_the_company_clock(app: Flask) -> None:
    browser = Browser(app)
    browser.submit(browser.get("/join"), having="areas", name="Nora Berg", email=NORA)
    assert session().scalar(select(JoinRequest.timezone)) == "Asia/Tokyo"
