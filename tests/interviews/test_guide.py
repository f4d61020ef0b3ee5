"""The guide to empathetic interviews: ten minutes to read, and said once a year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.permissions import Role
from portal.interviews.queries.panel import has_read_guide
from portal.interviews.rules.guide import GUIDE, REFERENCES, good_until, is_read
from tests.conftest import START, Time, counted_statements
from tests.factories import make_application, make_opening, make_staff, signed_in
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
GUIDE_PATH = "/recruiting/interviews/guide"
TODAY = date(2026, 3, 4)


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def browser(app: Flask, hugo: int) -> Browser:
    return signed_in(app, hugo)


def test_it_takes_about_ten_minutes_at_the_most() -> None:
    # Adults read 200 words a minute and more.
    texts = (text for one in GUIDE for text in (one.title, *one.paragraphs, *one.points))
    assert 1_000 <= sum(len(str(text).split()) for text in texts) <= 1_600


def test_every_fact_names_its_source() -> None:
    said = " ".join(str(words) for one in GUIDE for words in (*one.paragraphs, *one.points))
    for number in range(1, len(REFERENCES) + 1):
        assert f"[{number}]" in said
    assert f"[{len(REFERENCES) + 1}]" not in said


def test_everybody_on_the_staff_reads_it(browser: Browser) -> None:
    text = browser.get(GUIDE_PATH).text
    for one in GUIDE:
        assert str(one.title) in text
    assert "Rowe, M. B. (1986)" in text


def test_that_it_was_read_counts_for_a_year(app: Flask, browser: Browser, hugo: int, time: Time) -> None:
    assert has_read_guide([hugo], TODAY) == frozenset()
    page = browser.submit(browser.get(GUIDE_PATH), action="/guide")
    assert "That counts until Thursday 4 March 2027." in page.text
    assert "I have read it" not in page.text
    assert has_read_guide([hugo], TODAY) == {hugo}
    assert has_read_guide([hugo], date(2027, 3, 3)) == {hugo}
    assert has_read_guide([hugo], date(2027, 3, 4)) == frozenset()
    time.at = START + timedelta(days=370)
    again = signed_in(app, hugo).get(GUIDE_PATH).text
    assert "You last said so on Wednesday 4 March 2026." in again


def test_before_an_interview_whoever_has_not_read_it_is_led_there(app: Flask, hugo: int) -> None:
    rita = make_staff("Rita Sander")
    ada = make_application(make_opening(), rita)
    path = f"/recruiting/interviews/{make_interview(ada.id, rita, starts_at=START, panel=[(hugo, None)])}"
    browser = signed_in(app, hugo)
    assert GUIDE_PATH in browser.get(path).links
    browser.submit(browser.get(GUIDE_PATH), action="/guide")
    assert GUIDE_PATH not in browser.get(path).links
    assert GUIDE_PATH not in signed_in(app, rita).get(path).links


def test_who_of_many_has_read_it_costs_one_statement(app: Flask, hugo: int) -> None:
    staff = [hugo, *(make_staff(f"Colleague {number}") for number in range(5))]
    has_read_guide(staff, TODAY)
    with counted_statements() as statements:
        has_read_guide(staff, TODAY)
    assert len(statements) <= 2


@given(
    read_at=st.integers(0, 3 * 365 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    zone=st.sampled_from(["Europe/Warsaw", "Pacific/Auckland", "America/New_York"]),
    days=st.integers(-3, 3),
)
def test_it_is_good_up_to_the_same_day_of_the_next_year(read_at: datetime, zone: str, days: int) -> None:
    until = good_until(read_at, zone)
    assert 365 <= (until - read_at.astimezone(UTC).date()).days + 1 <= 368
    assert is_read(read_at, until + timedelta(days=days), zone) == (days < 0)
