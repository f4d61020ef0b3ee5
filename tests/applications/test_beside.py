"""From the pipeline through its applications: next, previous, and back to the row one came from."""

from datetime import date

import pytest
from flask import Flask

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from tests.conftest import counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_staff, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

LATE, TODAY, FRIDAY, MONDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
LINK = "{http://www.w3.org/1999/xhtml}a"
DUE = "among=pipeline&due=y"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask) -> int:
    return make_opening("Nurse")


def people(opening: int, rita: int, *promised: date) -> list[Made]:
    names = ("Ada Lind", "Bo Ek", "Cleo Berg", "Dan Holm", "Eva Falk")
    return [
        make_application(opening, rita, name=name, promised=day) for name, day in zip(names, promised, strict=False)
    ]


def url(one: Made, narrowing: str = "among=pipeline") -> str:
    return f"/recruiting/applications/{one.public_id}?{narrowing}"


def by_key(page: Page, key: str) -> str:
    """Where this key leads; empty: nowhere."""
    found = [link for link in page.parsed().iter(LINK) if link.get("data-key") == key]
    return str(found[0].get("href")) if found else ""


def back_of(page: Page) -> str:
    links = page.parsed().iter(LINK)
    return next(str(link.get("href")) for link in links if "".join(link.itertext()) == "Back to the list")


def pipeline_of(opening: int) -> str:
    end_reading()
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"


def write(desk: Browser, page: Page) -> Page:
    """A letter with a new day, as it is sent from the page of an application."""
    return desk.submit(
        page,
        having="message",
        button="send",
        message="Hello, we need some days more.",
        when="5",
        date_reason="A colleague is ill.",
    )


def test_next_and_previous_follow_the_oldest_promise(desk: Browser, opening: int, rita: int) -> None:
    monday, late, friday = people(opening, rita, MONDAY, LATE, FRIDAY)
    make_application(make_opening("Baker"), rita, name="Elsewhere", promised=TODAY)
    first = desk.get(url(late))
    assert by_key(first, "p") == ""
    second = desk.get(by_key(first, "n"))
    assert second.heading == "Cleo Berg"
    assert by_key(second, "p") == url(late)
    third = desk.get(by_key(second, "n"))
    assert third.heading == "Ada Lind"
    assert by_key(third, "p") == url(friday)
    assert by_key(third, "n") == ""
    assert by_key(second, "n") == url(monday)


def test_people_of_one_day_and_those_with_an_ending_are_walked_through_one_by_one(
    desk: Browser, opening: int, rita: int
) -> None:
    made = people(opening, rita, TODAY, TODAY, TODAY)
    over = [make_application(opening, rita, name=f"Over {n}", status=ApplicationStatus.NOT_SELECTED) for n in (1, 2, 3)]
    for narrowing, group in (("among=pipeline", made), ("among=pipeline&ended=y", over)):
        page = desk.get(url(group[0], narrowing))
        assert by_key(page, "n") == url(group[1], narrowing)
        page = desk.get(by_key(page, "n"))
        assert by_key(page, "p") == url(group[0], narrowing)
        page = desk.get(by_key(page, "n"))
        assert page.path == url(group[2], narrowing)
        assert by_key(page, "n") == ""


def test_the_filters_of_the_pipeline_are_kept(desk: Browser, opening: int, rita: int) -> None:
    ada, _bo, cleo = people(opening, rita, LATE, LATE, TODAY)
    with transaction() as own:
        for one in (ada, cleo):
            own.get_one(Application, one.id).stage = "A talk"
    page = desk.get(url(ada, "among=pipeline&stage=A+talk&due=y"))
    assert by_key(page, "n") == url(cleo, "among=pipeline&stage=A+talk&due=y")
    assert back_of(page) == f"{pipeline_of(opening)}?stage=A+talk&due=y#a-{ada.public_id}"


def test_the_way_back_leads_to_the_page_and_the_row_one_came_from(desk: Browser, opening: int, rita: int) -> None:
    made = [make_application(opening, rita, name=f"Person {number}", promised=TODAY) for number in range(52)]
    assert back_of(desk.get(url(made[49]))) == f"{pipeline_of(opening)}#a-{made[49].public_id}"
    assert back_of(desk.get(url(made[50]))) == f"{pipeline_of(opening)}?page=2#a-{made[50].public_id}"


def test_who_was_written_to_has_left_the_list_and_next_leads_on_from_where_they_stood(
    desk: Browser, opening: int, rita: int
) -> None:
    ada, bo, cleo = people(opening, rita, LATE, LATE, TODAY)
    after = write(desk, desk.get(url(bo, DUE)))
    assert after.heading == "Bo Ek"
    assert "Bo Ek is not in this list any more. Next leads on from where they stood." in after.text
    assert by_key(after, "n") == url(cleo, DUE)
    assert by_key(after, "p") == url(ada, DUE)
    assert back_of(after) == f"{pipeline_of(opening)}?due=y#a-{cleo.public_id}"
    last = write(desk, desk.get(by_key(after, "n")))
    assert "Cleo Berg is not in this list any more, and nobody comes after them." in last.text
    assert by_key(last, "n") == ""


def test_who_got_a_later_day_leaves_their_place_behind(desk: Browser, opening: int, rita: int) -> None:
    ada, bo, _cleo = people(opening, rita, TODAY, FRIDAY, MONDAY)
    page = desk.get(url(ada))
    make_later(ada)
    again = desk.get(next(link for link in page.links if f"{ada.public_id}/move" in link))
    back = next(link for link in again.links if link.startswith(url(ada).partition("?")[0] + "?"))
    assert by_key(desk.get(back), "n") == url(bo)
    assert by_key(desk.get(url(ada)), "n") == ""


def make_later(one: Made) -> None:
    add_event(one.id, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 3, 30))


def test_an_application_that_was_opened_elsewhere_has_no_neighbours(desk: Browser, opening: int, rita: int) -> None:
    ada, _bo = people(opening, rita, LATE, TODAY)
    page = desk.get(url(ada, ""))
    assert "Back to the list" not in page.text
    assert not [link for link in page.links if "among" in link]


def test_nonsense_in_the_address_breaks_nothing(desk: Browser, opening: int, rita: int) -> None:
    ada, _bo = people(opening, rita, LATE, TODAY)
    for more in ("&from=never", "&from=-", "&owner=nobody&status=x&promised=soon", "&from=2026-03-04&q=%25", "&page=x"):
        assert desk.get(url(ada, f"among=pipeline{more}")).heading == "Ada Lind"


def test_a_hiring_manager_walks_through_their_own_only(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")
    own, other = make_opening("Nurse", manager_id=hugo), make_opening("Baker")
    ada, bo = people(own, rita, LATE, TODAY)
    make_application(other, rita, name="Not Theirs", promised=LATE)
    page = signed_in(app, hugo).get(url(ada))
    assert by_key(page, "n") == url(bo)
    assert by_key(page, "p") == ""


def test_a_long_list_costs_one_statement_more_than_none(desk: Browser, opening: int, rita: int) -> None:
    made = [make_application(opening, rita, name=f"Person {number}", promised=TODAY) for number in range(30)]
    desk.get(url(made[3]))
    with counted_statements() as alone:
        desk.get(url(made[3], ""))
    with counted_statements() as among:
        desk.get(url(made[3]))
    assert len(among) == len(alone) + 1
