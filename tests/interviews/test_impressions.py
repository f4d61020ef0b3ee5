"""The one tap after an interview: counted once, without a name, and shown from five answers on."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.interviews.jobs import forget_what_is_over, thank_candidates
from portal.interviews.models import ImpressionTicket, Interview, InterviewImpression
from portal.interviews.rules.afterwards import FEWEST_SHOWN, Impressions, InWeek, shown_impressions
from portal.interviews.states import InterviewState
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from tests.conftest import START, Time
from tests.factories import Made, make_application, make_opening, make_staff, signed_in, visitor
from tests.interviews.rows import make_interview
from tests.pages import Browser

TOTALS = "/recruiting/interviews/impressions"
#: The tests begin on Wednesday 4 March 2026.
THIS_WEEK = date(2026, 3, 2)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, name="Ada Lind")


@pytest.fixture
def link(app: Flask, ada: Made, rita: int, time: Time) -> str:
    """What stands in the mail of thanks that Ada has got."""
    interview = make_interview(ada.id, rita, starts_at=START)
    time.pass_by(hours=1)
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == interview)).one()
        row.state, row.closed_at = InterviewState.DONE, clock.now()
    thank_candidates(clock.now())
    end_reading()
    key = session().scalars(select(Delivery.key).where(Delivery.kind == "interviews/thanks")).one()
    return f"/interviews/began/{mail_token(current_settings().secret_key, key, TokenKind.INTERVIEW)}"


@pytest.fixture
def phone(app: Flask) -> Browser:
    """Nobody is signed in."""
    return visitor(app)


def totals() -> list[tuple[date, bool, bool, int]]:
    end_reading()
    columns = (
        InterviewImpression.week_on,
        InterviewImpression.was_on_time,
        InterviewImpression.had_time_to_ask,
        InterviewImpression.count,
    )
    return [tuple(row) for row in session().execute(select(*columns)).all()]


def test_one_tap_counts_in_the_week_and_leaves_no_trace_of_who(phone: Browser, link: str) -> None:
    page = phone.get(link)
    assert page.heading == "How did it begin?"
    assert totals() == []
    after = phone.submit(page, having="said", button="On time, but no time for my questions")
    assert "Your answer is counted, without your name." in after.text
    assert totals() == [(date(2026, 3, 2), True, False, 1)]
    assert session().scalar(select(func.count()).select_from(ImpressionTicket)) == 0


def test_whoever_taps_twice_has_said_it_once(phone: Browser, link: str) -> None:
    page = phone.get(link)
    for label in ("On time, and I could ask what I wanted", "Late, and no time for my questions"):
        phone.submit(page, having="said", button=label)
    assert [row[1:] for row in totals()] == [(True, True, 1)]


def test_what_no_button_says_is_not_counted(phone: Browser, link: str) -> None:
    token = phone.get(link).form(having="said").values["csrf_token"]
    assert phone.client.post(link, data={"csrf_token": token, "said": "great"}).status_code == 303
    assert totals() == []
    assert "How did it begin?" in phone.get(link).text


def test_two_weeks_later_it_is_too_long_ago(phone: Browser, link: str, time: Time) -> None:
    time.pass_by(days=15)
    forget_what_is_over(clock.now())
    assert "too long ago" in phone.get(link).text


def test_a_link_that_is_none_is_not_found(phone: Browser, link: str) -> None:
    phone.get(f"/interviews/began/{'A' * 43}", expect=404)
    phone.get(link[:-1] + ("A" if link[-1] != "A" else "B"), expect=404)


def say(opening_id: int, count: int, *, on_time: bool = True, asked: bool = True, weeks_ago: int = 1) -> None:
    with transaction() as own:
        own.add(
            InterviewImpression(
                opening_id=opening_id,
                week_on=THIS_WEEK - timedelta(weeks=weeks_ago),
                was_on_time=on_time,
                had_time_to_ask=asked,
                count=count,
            )
        )


def test_totals_are_shown_from_five_answers_on(app: Flask, rita: int) -> None:
    desk = signed_in(app, rita)
    assert "Nothing to show yet" in desk.get(TOTALS).text
    analyst, nurse = make_opening("Data Analyst"), make_opening("Nurse")
    say(analyst, 4, weeks_ago=9)
    say(nurse, 3)
    say(nurse, 2, on_time=False)
    text = desk.get(TOTALS).text
    assert "Nurse 5 3 of 5 5 of 5" in text
    assert "Data Analyst" not in text
    assert "All others together" not in text
    say(make_opening("Cook"), 1, asked=False, weeks_ago=8)
    assert "All others together 5 5 of 5 4 of 5" in desk.get(TOTALS).text


def test_hiring_managers_see_their_own_openings_only(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    say(make_opening("Data Analyst", manager_id=hugo), 6)
    say(make_opening("Nurse"), 9)
    text = signed_in(app, hugo).get(TOTALS).text
    assert "Data Analyst 6" in text
    assert "Nurse" not in text


def test_the_totals_go_with_their_opening_and_hold_nobody(app: Flask, rita: int) -> None:
    names = {column.name for column in InterviewImpression.__table__.columns}
    assert names == {"opening_id", "week_on", "was_on_time", "had_time_to_ask", "count"}
    assert session().scalar(select(func.count()).select_from(Opening)) == 0


@st.composite
def _answers(draw: st.DrawFn) -> list[InWeek]:
    weeks = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 20), st.integers(0, 9)), max_size=40))
    return [
        InWeek(opening_id, THIS_WEEK - timedelta(weeks=weeks_ago), Impressions(count, count, 0))
        for opening_id, weeks_ago, count in weeks
    ]


def parts(answers: list[InWeek], week_on: date) -> dict[int, int]:
    """How many stand in each part; the others are 0."""
    shown, others = shown_impressions(answers, week_on)
    return {key: one.count for key, one in shown.items()} | ({0: others.count} if others else {})


@given(_answers())
def test_nobody_learns_one_answer_by_looking_before_and_after(answers: list[InWeek]) -> None:
    before: dict[int, int] = {}
    for weeks_ago in range(21, -2, -1):
        week_on = THIS_WEEK - timedelta(weeks=weeks_ago)
        # What is told while the week goes on is not seen before it is over.
        assert parts([one for one in answers if one.week_on < week_on], week_on) == parts(answers, week_on)
        now = parts(answers, week_on)
        assert set(before) <= set(now)
        grown = [now[key] - before.get(key, 0) for key in now]
        assert all(count == 0 or count >= FEWEST_SHOWN for count in grown)
        assert sum(now.values()) <= sum(one.said.count for one in answers if one.week_on < week_on)
        before = now
