"""Openings that come with an import."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.openings import privacy
from portal.openings.actions import assign_opening, find_or_add_opening
from portal.openings.models import Opening
from portal.openings.queries import openings_by_key
from tests.factories import make_opening, make_person, make_staff

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def add(recruiter_id: int | None, title: str = "Data Analyst", source: str = "greenhouse") -> Opening:
    return find_or_add_opening(source, "key-1", title, recruiter_id, clock.now())


def count() -> int:
    return session().scalar(select(func.count()).select_from(Opening)) or 0


def test_the_same_opening_is_added_once(rita: int) -> None:
    assert add(rita).id == add(rita).id
    assert count() == 1


def test_two_systems_may_use_the_same_key(rita: int) -> None:
    assert add(rita).id != add(rita, source="lever").id


def test_a_new_title_is_taken_over_and_the_recruiter_stays(rita: int) -> None:
    add(rita)
    again = add(make_staff("Otto Berg"), title="Senior Data Analyst")
    assert (again.title, again.recruiter_id) == ("Senior Data Analyst", rita)


def test_an_opening_is_found_by_its_key_in_its_own_system(rita: int) -> None:
    opening = add(rita)
    assert openings_by_key("greenhouse", ["key-1"])["key-1"].id == opening.id
    assert openings_by_key("lever", ["key-1"]) == {}
    assert set(openings_by_key("greenhouse", ["key-1", "key-2"])) == {"key-1"}


def test_whoever_leaves_is_replaced_in_both_places(rita: int) -> None:
    hugo, otto = make_staff("Hugo Meier", Role.HIRING_MANAGER), make_staff("Otto Berg")
    opening_id = make_opening()
    assign_opening(opening_id, recruiter_id=rita, hiring_manager_id=hugo)
    privacy.hand_over(rita, otto, clock.now())
    privacy.hand_over(hugo, otto, clock.now())
    opening = session().get_one(Opening, opening_id)
    assert (opening.recruiter_id, opening.hiring_manager_id) == (otto, otto)


def test_the_export_names_the_openings_of_staff_and_nothing_for_others(rita: int) -> None:
    make_opening("Data Analyst", recruiter_id=rita)
    (section,) = privacy.export(rita)
    assert section.rows == [("Data Analyst", "Recruiter")]
    assert privacy.export(make_person()) == []
