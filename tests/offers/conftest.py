"""Rita, who recruits for the opening that Hugo leads, and Ada, who applied to it."""

import pytest
from flask import Flask

from portal.core.permissions import Role
from tests.factories import Made, make_application, make_opening, make_person, make_staff
from tests.offers.offering import FRIDAY


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def ada(rita: int, hugo: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    opening = make_opening("Data Analyst", recruiter_id=rita, manager_id=hugo)
    return make_application(opening, rita, person_id=person, promised=FRIDAY)
