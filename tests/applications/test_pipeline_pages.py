"""The pages of a pipeline that has more than fit on one: every way of narrowing counts all of them."""

from datetime import date

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core.db import end_reading, session
from portal.openings.models import Opening
from tests.conftest import counted_statements
from tests.factories import add_event, make_application, make_opening, make_staff, public_id_of, signed_in
from tests.pages import Browser

LATE, TODAY, FRIDAY, MONDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
COUNT = 53
NARROWED = ("", "q=PERSON", "q=@example", "due=y", "status=in_review", "stage=Talk", "promised=2026-03-04", "due=y&q=p")


def public_id_of_opening(opening: int) -> str:
    end_reading()
    return session().get_one(Opening, opening).public_id


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def pipeline(desk: Browser, rita: int) -> str:
    """A pipeline of 53 whose promises are due today, and one elsewhere."""
    opening = make_opening("Nurse")
    for number in range(COUNT):
        make_application(
            opening,
            rita,
            name=f"Person {number:03}",
            promised=TODAY,
            stage="Talk",
            status=ApplicationStatus.IN_REVIEW,
        )
    make_application(make_opening("Baker"), rita, name="Person Elsewhere", promised=TODAY, stage="Talk")
    return f"/recruiting/openings/{public_id_of_opening(opening)}/pipeline"


def test_every_page_says_how_many_there_are_however_it_is_narrowed(desk: Browser, pipeline: str, rita: int) -> None:
    for narrowing in (*NARROWED, f"owner={public_id_of(rita)}"):
        first = desk.get(f"{pipeline}?{narrowing}")
        second = desk.get(f"{pipeline}?{narrowing}&page=2")
        assert f"{COUNT} applications, page 1 of 2" in first.text, narrowing
        assert f"{COUNT} applications, page 2 of 2" in second.text, narrowing
        assert "Person 049" in first.text
        assert "Person 050" not in first.text
        assert "Person 050" in second.text
        assert "Person 052" in second.text
        assert "Elsewhere" not in first.text + second.text


def test_a_page_behind_the_last_one_leads_to_the_first(desk: Browser, pipeline: str) -> None:
    for narrowing in ("", "due=y"):
        answer = desk.client.get(f"{pipeline}?{narrowing}&page=9")
        assert answer.status_code == 303
        assert "page=1" in answer.headers["Location"]
    assert "Nobody fits" in desk.get(f"{pipeline}?q=nobody&page=9").text


def test_counting_them_costs_no_statement(desk: Browser, pipeline: str) -> None:
    desk.get(pipeline)
    with counted_statements() as all_of_them:
        desk.get(pipeline)
    with counted_statements() as narrowed:
        desk.get(f"{pipeline}?due=y")
    assert len(narrowed) == len(all_of_them)


def test_each_row_says_its_own_day_and_status(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    for name, promised in (("Ida Due", TODAY), ("Una Due", TODAY), ("Lea Late", LATE), ("Eva Early", FRIDAY)):
        make_application(opening, rita, name=name, promised=promised)
    offered = make_application(opening, rita, name="Olga Offered", promised=MONDAY)
    add_event(offered.id, status=ApplicationStatus.OFFER_MADE, promised=MONDAY)
    page = desk.get(f"/recruiting/openings/{public_id_of_opening(opening)}/pipeline")
    assert page.text.count("Due today") == 2
    assert page.text.count("1 day late") == 1
    assert page.text.count("Fri 6 Mar 2026") == 1
    late, early, last = (page.text.index(name) for name in ("Lea Late", "Eva Early", "Olga Offered"))
    assert late < page.text.index("1 day late") < early < page.text.index("Fri 6 Mar 2026") < last
    assert page.text.index("Their turn") > last
