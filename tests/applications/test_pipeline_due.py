"""Many whose day has come: a letter keeps today's promise, and says by when they hear next."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.states import EventKind
from portal.core.db import end_reading, session
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from tests.factories import Made, add_event, make_application, make_opening, make_staff, make_version, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask) -> int:
    opening_id = make_opening("Nurse")
    make_version(opening_id, "Nurse")
    return opening_id


def choose(desk: Browser, opening: int, made: list[Made], what: str = "write") -> Page:
    chosen = "&".join(f"a={one.public_id}" for one in made)
    public_id = session().get_one(Opening, opening).public_id
    return desk.get(f"/recruiting/openings/{public_id}/pipeline/change?what={what}&{chosen}")


def promised(name: str, opening: int, rita: int, day: date) -> Made:
    return make_application(opening, rita, name=name, promised=day)


def test_a_day_that_has_come_is_not_offered_to_be_kept(desk: Browser, opening: int, rita: int) -> None:
    made = [promised("Ada Lind", opening, rita, TODAY), promised("Bo Ek", opening, rita, TODAY - timedelta(days=1))]
    page = choose(desk, opening, made)
    assert "Each keeps the day they were promised" not in page.text
    page = desk.submit(page, having="message", button="send", message="Hello {name}.", expect=422)
    assert "Please say by when they hear from us next." in page.text
    assert session().query(Delivery).count() == 0


def test_who_is_due_today_is_left_out_where_the_others_keep_their_day(desk: Browser, opening: int, rita: int) -> None:
    made = [promised("Ada Lind", opening, rita, TODAY), promised("Bo Ek", opening, rita, FRIDAY)]
    page = choose(desk, opening, made)
    assert page.form(having="message").values.get("when") is None
    page = desk.submit(page, having="message", button="preview", message="Hello {name}.", when="keep")
    assert "Their day has come." in page.text
    assert "Hello Bo Ek." in page.text
    desk.submit(page, having="message", button="send")
    end_reading()
    assert [row.to_name for row in session().query(Delivery)] == ["Bo Ek"]


def test_where_nobody_is_due_each_keeps_their_day_unless_said_otherwise(desk: Browser, opening: int, rita: int) -> None:
    page = choose(desk, opening, [promised("Bo Ek", opening, rita, FRIDAY)])
    assert page.form(having="message").values["when"] == "keep"


def test_another_day_is_no_answer_to_somebody_whom_we_let_down(desk: Browser, opening: int, rita: int) -> None:
    made = promised("Ada Lind", opening, rita, TODAY)
    add_event(made.id, EventKind.ESCALATED, promised=FRIDAY, missed_on=TODAY)
    page = choose(desk, opening, [made], "delay")
    page = desk.submit(page, having="date_reason", button="send", when="5", date_reason="Hugo is away.", expect=422)
    assert "Another day is no answer: please write a letter." in page.text
    assert session().query(Delivery).count() == 0
