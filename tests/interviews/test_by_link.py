"""Answering to an interview with the link from its mail, without signing in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import end_reading, session
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.interviews.models import InterviewNeed
from portal.interviews.states import InterviewState
from tests.conftest import Time, counted_statements
from tests.factories import Made, make_staff, visitor
from tests.interviews.meeting import (
    TUESDAY,
    WEDNESDAY,
    change,
    link_to,
    link_to_follow,
    mails,
    make_candidate,
    proposed,
    row_of,
    time_id,
    wishes_of,
)
from tests.interviews.rows import make_interview
from tests.pages import Browser
from tests.whole_site.routes import fingerprint

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def anybody(app: Flask) -> Browser:
    return visitor(app)


@pytest.fixture
def agreed(made: Made, rita: int) -> str:
    return make_interview(made.id, rita, starts_at=TUESDAY, panel=[(rita, None)])


def test_from_the_mail_to_a_time_in_two_taps(anybody: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = anybody.get(link_to(one, made.person_id))
    assert "Rita Sander proposes 2 times" in page.text
    page = anybody.submit(page, having="time", time=time_id(one, WEDNESDAY))
    assert "Your interview is on Wednesday 11 March 2026, 14:00" in page.text
    assert row_of(one).state is InterviewState.CONFIRMED


def test_the_mail_that_confirms_it_opens_the_same_page(anybody: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    anybody.submit(anybody.get(link_to(one, made.person_id)), having="time", time=time_id(one))
    mail = mails("interviews/confirmed")[0]
    token = mail_token(current_settings().secret_key, mail.key, TokenKind.INTERVIEW)
    assert "Your interview is on Tuesday" in anybody.get(f"/interviews/{token}").text


def test_looking_changes_nothing(anybody: Browser, made: Made, rita: int, agreed: str) -> None:
    links = [link_to(proposed(made, rita), made.person_id), link_to(agreed, made.person_id)]
    before = fingerprint()
    for link in links * 2:
        for path in ("", "/another-time", "/decline", "/told", "/interview.ics"):
            anybody.client.get(f"{link}{path}")
    assert fingerprint() == before


def test_without_a_choice_it_asks_for_one(anybody: Browser, made: Made, rita: int) -> None:
    page = anybody.get(link_to(proposed(made, rita), made.person_id))
    assert "Please choose one of these times." in anybody.submit(page, having="time", expect=422).text


def test_another_time_and_declining_in_words(anybody: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    link = link_to(one, made.person_id)
    page = anybody.submit(anybody.get(f"{link}/another-time"), having="words", expect=422)
    assert "Please say in a few words which times would suit you." in page.text
    page = anybody.submit(page, having="words", words="Mornings.")
    assert "You asked for another time" in page.text
    page = anybody.submit(anybody.get(f"{link}/decline"), having="words", words="I moved away.")
    assert "You told us that you would rather not" in page.text
    assert wishes_of(one) == [("another_time", "Mornings.", False), ("declined", "I moved away.", True)]


def test_late_and_cannot_come_in_one_tap(anybody: Browser, made: Made, agreed: str, time: Time) -> None:
    time.at = TUESDAY - timedelta(hours=1)
    link = link_to(agreed, made.person_id)
    page = anybody.submit(anybody.get(link), action="/late", having="minutes", minutes="10")
    assert page.heading == "You are running late"
    assert "tel:+48221234567" in page.links
    page = anybody.submit(anybody.get(link), action="/cannot-come")
    assert page.heading == "You cannot come"
    page = anybody.submit(page, action="/after-all")
    assert "Your interview is on Tuesday" in page.text


def test_the_calendar_file_comes_by_link(anybody: Browser, made: Made, agreed: str) -> None:
    answer = anybody.client.get(f"{link_to(agreed, made.person_id)}/interview.ics")
    assert answer.mimetype == "text/calendar"
    assert f"UID:{agreed}@" in answer.get_data(as_text=True)


def test_needs_and_questions_are_said_by_link_and_not_read(anybody: Browser, made: Made, agreed: str) -> None:
    link = link_to(agreed, made.person_id)
    page = anybody.submit(anybody.get(link), having="need", need="A chair with a back")
    page = anybody.submit(page, having="question", question="Is there a lift?")
    assert "A chair with a back" not in page.body
    assert "Is there a lift?" not in page.body
    assert "You have told us something already." in page.text
    assert "You have sent 1 question." in page.text
    anybody.submit(page, having="need", need="  ")
    end_reading()
    assert session().scalars(select(InterviewNeed.words)).all() == ["A chair with a back"], (
        "nothing typed, nothing gone"
    )
    page = anybody.submit(page, having="need", need="x" * 2001, expect=422)
    assert page.form(having="need").values["need"] == "x" * 2001


def test_times_are_read_on_the_clock_of_the_candidate(anybody: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    change(one, zone="America/New_York")
    page = anybody.get(link_to(one, made.person_id))
    assert "Tuesday 10 March 2026, 14:00" in page.text
    assert "09:00 in New York" in page.text


@pytest.mark.parametrize("token", ["None", "A" * 43, "short"])
def test_a_made_up_link_is_not_there(anybody: Browser, agreed: str, token: str) -> None:
    for path in ("", "/told", "/interview.ics", "/another-time"):
        assert anybody.client.get(f"/interviews/{token}{path}").status_code == 404


def test_a_link_of_another_kind_or_flipped_is_not_there(anybody: Browser, made: Made, agreed: str) -> None:
    link = link_to(agreed, made.person_id)
    flipped = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert anybody.client.get(flipped).status_code == 404
    assert anybody.client.get(link.replace("/interviews/", "/follow/")).status_code == 404
    assert anybody.client.get(link.replace("/interviews/", "/no-thanks/")).status_code == 404


def test_a_link_to_somebody_elses_interview_is_not_there(anybody: Browser, rita: int, agreed: str) -> None:
    bob = make_candidate(rita, "Bob Eriksen")
    assert anybody.client.get(link_to(agreed, bob.person_id)).status_code == 404


def test_the_link_is_good_until_a_day_after_the_interview(
    anybody: Browser, made: Made, agreed: str, time: Time
) -> None:
    link = link_to(agreed, made.person_id)
    time.at = TUESDAY + timedelta(minutes=45, hours=24) - timedelta(seconds=1)
    assert "Your interview was on" in anybody.get(link).text
    time.pass_by(seconds=1)
    page = anybody.get(link, expect=410)
    assert page.heading == "This link has done its work"
    assert "/sign-in" in page.links
    assert "Talk with the team" not in page.text


def test_the_link_to_one_without_a_time_is_good_for_sixty_days(
    anybody: Browser, made: Made, rita: int, time: Time
) -> None:
    link = link_to(proposed(made, rita), made.person_id)
    time.pass_by(days=60, seconds=-1)
    anybody.get(link)
    time.pass_by(seconds=1)
    assert anybody.get(link, expect=410).heading == "This link has done its work"


def test_a_browser_that_follows_the_application_reads_only_when(
    app: Flask, anybody: Browser, made: Made, rita: int, agreed: str
) -> None:
    link = link_to_follow(made)
    anybody.submit(anybody.get(link), action=link)
    page = anybody.get(f"/me/applications/{made.public_id}")
    assert "Your interview is on Tuesday 10 March 2026, 14:00 (Warsaw time)." in page.text
    assert "meet.example" not in page.body
    assert f"/me/interviews/{agreed}" not in page.links
    assert anybody.client.get(f"/me/interviews/{agreed}").status_code == 303


def test_the_page_costs_few_statements(anybody: Browser, made: Made, agreed: str) -> None:
    link = link_to(agreed, made.person_id)
    with counted_statements() as seen:
        anybody.get(link)
    assert len(seen) <= 9
