"""The staff's list of applications: what is where, the oldest promise on top."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.permissions import Role
from tests.conftest import counted_statements
from tests.factories import make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.pages import Browser

TODAY = date(2026, 3, 4)
LIST = "/recruiting/applications"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def test_an_empty_list_says_where_applications_come_from(desk: Browser) -> None:
    page = desk.get(LIST)
    assert "No applications yet" in page.text
    assert "/recruiting/imports" in page.links


def test_the_oldest_promise_is_on_top_and_endings_at_the_bottom(desk: Browser, rita: int) -> None:
    opening = make_opening()
    make_application(opening, rita, name="Later Person", promised=TODAY + timedelta(days=5))
    make_application(opening, rita, name="Ended Person", status=ApplicationStatus.NOT_SELECTED)
    make_application(opening, rita, name="Late Person", promised=TODAY - timedelta(days=2))
    text = desk.get(LIST).text
    assert text.index("Late Person") < text.index("Later Person") < text.index("Ended Person")
    assert "2 days late" in text


def test_filters_stay_in_the_address_and_narrow_the_list(desk: Browser, rita: int) -> None:
    otto = make_staff("Otto Berg")
    analyst, designer = make_opening("Data Analyst"), make_opening("Designer")
    make_application(analyst, rita, person_id=make_person("Ada Lind", "ada@example.org"))
    make_application(analyst, otto, person_id=make_person("Bo Ek", "bo@example.org"), promised=TODAY + timedelta(1))
    offer = ApplicationStatus.OFFER_MADE
    make_application(designer, otto, person_id=make_person("Cy Dal", "cy@example.org"), status=offer)
    page = desk.submit(desk.get(LIST), having="q", q="BO@EXA")
    assert "q=BO" in page.path
    assert found(page.text) == ["Bo Ek"]
    assert found(desk.get(f"{LIST}?status=offer_made").text) == ["Cy Dal"]
    assert found(desk.get(f"{LIST}?owner={public_id_of(otto)}&due=1").text) == ["Cy Dal"]
    page = desk.get(LIST)
    options = page.tree.iter("{http://www.w3.org/1999/xhtml}option")
    value = next(option.get("value") for option in options if option.text == "Designer")
    assert found(desk.get(f"{LIST}?opening={value}").text) == ["Cy Dal"]


def found(text: str) -> list[str]:
    return [name for name in ("Ada Lind", "Bo Ek", "Cy Dal") if name in text]


def test_a_filter_that_finds_nothing_offers_the_way_back(desk: Browser, rita: int) -> None:
    make_application(make_opening(), rita)
    page = desk.get(f"{LIST}?q=%25&status=hired")
    assert "No application fits" in page.text
    assert LIST in page.links


@pytest.mark.parametrize("query", ["status=nonsense", "page=-1", "page=99999999", "page=7", "opening=x", "due=maybe"])
def test_nonsense_in_the_address_breaks_nothing(desk: Browser, rita: int, query: str) -> None:
    make_application(make_opening(), rita)
    desk.get(f"{LIST}?{query}")


def test_a_long_list_is_paged_and_says_how_many_there_are(desk: Browser, rita: int) -> None:
    opening = make_opening()
    for number in range(60):
        make_application(opening, rita, name=f"Person {number:02}")
    first = desk.get(f"{LIST}?status=in_review")
    assert "60 applications, page 1 of 2" in first.text
    second = desk.get(next(link for link in first.links if "page=2" in link))
    assert "status=in_review" in second.path
    names = {f"Person {number:02}" for number in range(60)}
    on_first = {name for name in names if name in first.text}
    on_second = {name for name in names if name in second.text}
    assert len(on_first) == 50
    assert on_first | on_second == names
    assert not on_first & on_second


def test_a_hiring_manager_sees_their_own_openings_only(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    make_application(make_opening("Own role", manager_id=hugo), rita, name="Own Candidate")
    make_application(make_opening("Secret role"), rita, name="Other Candidate")
    text = signed_in(app, hugo).get(LIST).text
    assert "Own Candidate" in text
    assert "Other Candidate" not in text
    assert "Secret role" not in text


def test_a_hundred_applications_cost_no_more_statements_than_one(desk: Browser, rita: int) -> None:
    opening = make_opening()
    make_application(opening, rita)
    desk.get(LIST)
    with counted_statements() as few:
        desk.get(LIST)
    for _ in range(30):
        make_application(opening, rita)
    with counted_statements() as many:
        desk.get(LIST)
    assert len(many) == len(few) <= 8


def test_an_import_that_says_something_else_is_marked(desk: Browser, rita: int) -> None:
    make_application(make_opening(), rita, promised=TODAY + timedelta(9), changed_at=clock.now())
    assert "The import says something changed" in desk.get(LIST).text


def test_a_title_with_signs_is_offered_as_it_was_written(desk: Browser, rita: int) -> None:
    make_application(make_opening('<b>R&D "lead"</b>'), rita, name="Ada Lind")
    make_application(make_opening("Nurse"), rita, name="Bo Ek")
    page = desk.get("/recruiting/applications")
    assert '<b>R&D "lead"</b>' in page.text
    assert "<b>R" not in page.body
