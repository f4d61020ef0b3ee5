"""Nobody is kept for ever, and nobody is erased without three mails in time."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.actions import start_session
from portal.accounts.queries import find_account
from portal.applications.states import ApplicationStatus
from portal.community.actions import join as join_community
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.keeping.queries.lives import standing_of
from portal.keeping.rules import Asked, AskNow, EraseNow, PlaceRule, next_question, rule_of
from portal.outbox.models import Delivery
from portal.privacy.jobs import ask_who_wants_to_stay
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA
from tests.conftest import Time
from tests.contact import links
from tests.interviews.meeting import link_to_follow
from tests.pages import Browser
from tests.privacy.erasing import is_gone, journal, send_mail

__all__ = ["journal"]
#: 24 months after 4 March 2026, when members said their last word.
END = date(2028, 3, 4)
#: 6 months after it, when somebody was told that they were not selected.
END_OF_APPLICANT = date(2026, 9, 4)

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def member(app: Flask) -> int:
    person_id = visitors.join()
    join_community(person_id, [Purpose.JOB_ALERTS], clock.now())
    return person_id


@pytest.fixture
def applicant(app: Flask) -> int:
    """Somebody from an import who never joined and was not selected."""
    person_id = factories.make_person("Bo Ek", "bo@canary.example")
    ended = ApplicationStatus.NOT_SELECTED
    factories.make_application(factories.make_opening(), factories.make_staff(), person_id=person_id, status=ended)
    return person_id


def go_to(time: Time, day: date) -> None:
    time.pass_by(days=(day - clock.now().date()).days)


def run(*, sends: bool = True) -> list[str]:
    """The job, twice as a worker might; the kinds of our mails that went."""
    for _time in range(2):
        ask_who_wants_to_stay(clock.now())
        end_reading()
    return [kind for kind, _to in send_mail() if kind.startswith("privacy/")] if sends else []


@pytest.mark.parametrize(("who", "end"), [("member", END), ("applicant", END_OF_APPLICANT)])
def test_three_mails_and_then_nothing_is_left(
    app: Flask, request: pytest.FixtureRequest, time: Time, who: str, end: date
) -> None:
    person_id = request.getfixturevalue(who)
    for days, expected in ((31, 0), (30, 1), (29, 0), (8, 0), (7, 1), (3, 0), (2, 1), (1, 0)):
        go_to(time, end - timedelta(days=days))
        assert run() == [f"privacy/stay_{who}"] * expected, f"{days} days before"
        assert not is_gone(person_id)
    go_to(time, end)
    run()
    assert is_gone(person_id)


def test_each_mail_names_the_day(member: int, time: Time) -> None:
    for days in (30, 7, 2):
        go_to(time, END - timedelta(days=days))
        run()
    texts = session().scalars(select(Delivery.text).where(Delivery.kind == "privacy/stay_member")).all()
    assert len(texts) == 3
    assert all("Saturday 4 March 2028" in text for text in texts)


def test_one_tap_keeps_them_and_looking_uses_nothing_up(app: Flask, member: int, time: Time) -> None:
    go_to(time, END - timedelta(days=30))
    run()
    path = links.stay(member).replace("/stay/", "/keep/")
    browser = Browser(app)
    for _time in range(2):
        page = browser.get(path)
        assert "Saturday 4 March 2028" in page.text
    page = browser.submit(page, action=path)
    assert page.heading == "Good to have you here"
    assert "Sunday 3 February 2030" in page.text
    go_to(time, END + timedelta(days=60))
    assert run() == []
    assert not is_gone(member)


def test_a_sign_in_keeps_them(member: int, time: Time) -> None:
    for days in (30, 7, 2):
        go_to(time, END - timedelta(days=days))
        run()
    account = find_account(ADA)
    assert account is not None
    start_session(account.account_id, "Firefox", clock.now())
    go_to(time, END + timedelta(days=1))
    run()
    assert not is_gone(member)


def test_using_the_link_to_an_application_keeps_them_and_looking_at_it_does_not(app: Flask, time: Time) -> None:
    ended = ApplicationStatus.NOT_SELECTED
    rita, person_id = factories.make_staff(), factories.make_person("Bo Ek", "bo@canary.example")
    made = factories.make_application(factories.make_opening(), rita, person_id=person_id, status=ended)
    for days in (30, 7, 2):
        go_to(time, END_OF_APPLICANT - timedelta(days=days))
        assert run() == ["privacy/stay_applicant"]
    browser, link = Browser(app), link_to_follow(made)
    page = browser.get(link)
    before = standing_of(person_id, clock.now()).ends_on
    browser.submit(page, action=link)
    end_reading()
    assert before == END_OF_APPLICANT
    assert standing_of(person_id, clock.now()).ends_on == date(2027, 3, 2)
    go_to(time, END_OF_APPLICANT + timedelta(days=1))
    assert run() == []
    assert not is_gone(person_id)


@pytest.mark.parametrize("open_matter", ["application", "task"])
def test_whoever_waits_for_something_is_not_erased(member: int, time: Time, open_matter: str) -> None:
    rita = factories.make_staff()
    if open_matter == "application":
        factories.make_application(factories.make_opening(), rita, person_id=member)
    else:
        factories.make_task(rita, person_id=member)
    for days in (30, 7, 2, 0, -40):
        go_to(time, END - timedelta(days=days))
        assert run() == []
    assert not is_gone(member)


def test_what_opened_between_two_mails_stops_it(applicant: int, time: Time) -> None:
    for days in (30, 7, 2):
        go_to(time, END_OF_APPLICANT - timedelta(days=days))
        run()
    factories.make_task(factories.make_staff(), person_id=applicant)
    go_to(time, END_OF_APPLICANT)
    run()
    assert not is_gone(applicant)


def test_a_worker_away_for_three_weeks_cuts_no_distance_short(member: int, time: Time) -> None:
    go_to(time, END - timedelta(days=30))
    run()
    go_to(time, END - timedelta(days=1))
    assert run() == ["privacy/stay_member"]
    go_to(time, END + timedelta(days=1))
    assert run() == []
    go_to(time, END + timedelta(days=4))
    assert run() == ["privacy/stay_member"]
    go_to(time, END + timedelta(days=5))
    run()
    assert not is_gone(member)
    go_to(time, END + timedelta(days=6))
    run()
    assert is_gone(member)


def test_a_mail_that_waits_for_the_mail_server_is_no_warning_yet(applicant: int, time: Time) -> None:
    go_to(time, END_OF_APPLICANT - timedelta(days=30))
    run(sends=False)
    go_to(time, END_OF_APPLICANT + timedelta(days=90))
    assert run() == ["privacy/stay_applicant"]
    assert run() == []
    assert not is_gone(applicant)


def test_an_address_that_nobody_reads_keeps_nobody_beyond(applicant: int, time: Time) -> None:
    for days in (30, 7, 2):
        go_to(time, END_OF_APPLICANT - timedelta(days=days))
        run(sends=False)
        factories.settle_mail(state="dead", error="no such user")
    go_to(time, END_OF_APPLICANT)
    run()
    assert is_gone(applicant)


def test_colleagues_are_never_asked(app: Flask, time: Time) -> None:
    rita = visitors.hire()
    time.pass_by(days=4000)
    assert run() == []
    assert not is_gone(rita)


def test_the_town_goes_before_the_country() -> None:
    rules = [PlaceRule("Canada", 12), PlaceRule("Toronto", 6, 3)]
    assert rule_of(["Toronto, Canada"], rules) == rules[1]
    assert rule_of(["Montréal, canada"], rules) == rules[0]
    assert rule_of(["Warsaw, Poland"], rules) is None


@hypothesis_settings(max_examples=300)
@given(
    st.integers(-900, 60),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.booleans()), min_size=1, max_size=60),
)
def test_nobody_goes_without_fair_warning_and_nobody_stays_beyond(
    overdue: int, visits: list[tuple[int, int, bool]]
) -> None:
    """Random days on which a worker comes, mails that take days to be accepted, signs of life between."""
    today = date(2026, 1, 1)
    counted_from, end = today - timedelta(days=1), today - timedelta(days=overdue)
    asked: Asked | None = None
    accepted: list[date] = []
    for gap, slow, is_alive in visits:
        today += timedelta(days=gap)
        if is_alive and asked is not None and gap > 20:
            counted_from, end, accepted = today, today + timedelta(days=180), []
        step = next_question(counted_from, end, asked, today)
        if isinstance(step, AskNow):
            assert step.count == len(accepted) + 1
            assert today >= end - timedelta(days=30)
            reached = today + timedelta(days=slow)
            asked = Asked(counted_from, step.count, step.ends_on, reached)
            accepted.append(reached)
            today = reached
        elif isinstance(step, EraseNow):
            assert len(accepted) == 3
            assert accepted[1] >= accepted[0] + timedelta(days=23)
            assert accepted[2] >= accepted[1] + timedelta(days=5)
            assert today >= accepted[2] + timedelta(days=2)
            assert today >= end
            return


@given(st.integers(0, 2000))
def test_with_a_worker_that_runs_every_day_nobody_stays_a_day_longer(before: int) -> None:
    counted_from = date(2026, 1, 1)
    end, today, asked = counted_from + timedelta(days=before), counted_from, None
    while True:
        step = next_question(counted_from, end, asked, today)
        if isinstance(step, AskNow):
            asked = Asked(counted_from, step.count, step.ends_on, today)
        elif isinstance(step, EraseNow):
            assert today == max(end, counted_from + timedelta(days=30))
            return
        today += timedelta(days=1)
