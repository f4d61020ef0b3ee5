"""Consent is asked for again before it runs out, by one tap; without an answer it ends, and never without asking."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.accounts.actions import start_session
from portal.accounts.queries import find_account
from portal.contact.actions import choose, decide, record_consent, stop
from portal.contact.models import ConsentEvent, SignOfLife
from portal.contact.queries import consent_states, life_of
from portal.contact.rules import TEXT_VERSION, AskToStay, Life, Never, RunOut, Wanted, next_step
from portal.contact.states import Budget, ConsentAction, MailClass, Purpose, Timing, WhyNot
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.outbox.models import Delivery
from portal.privacy.jobs import ask_who_wants_to_stay
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA, NORA, import_person
from tests.conftest import Time
from tests.contact import links
from tests.contact.links import send_mail
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
ALERTS = Purpose.JOB_ALERTS
#: 24 months after 4 March 2026.
END = date(2028, 3, 4)


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to job alerts on 4 March 2026, and whose open application keeps them from being erased."""
    person_id = visitors.join()
    factories.make_application(factories.make_opening("Baker"), factories.make_staff(), person_id=person_id)
    choose(person_id, ALERTS, True, source="/join", now=clock.now())
    return person_id


def run() -> None:
    """The job, twice as a worker might, and the mail goes out."""
    for _time in range(2):
        ask_who_wants_to_stay(clock.now())
        end_reading()
    send_mail()


def go_to(time: Time, day: date) -> None:
    time.pass_by(days=(day - clock.now().date()).days)


def letters() -> list[str]:
    end_reading()
    rows = session().scalars(select(Delivery).where(Delivery.kind == "contact/keep_me").order_by(Delivery.id))
    return [row.text for row in rows]


def state_of(person_id: int) -> ConsentAction:
    end_reading()
    return consent_states(person_id)[ALERTS].action


def test_we_ask_30_7_and_2_days_before_and_then_it_ends(app: Flask, ada: int, time: Time) -> None:
    for days, expected in ((31, 0), (30, 1), (29, 1), (8, 1), (7, 2), (3, 2), (2, 3), (1, 3)):
        go_to(time, END - timedelta(days=days))
        run()
        assert len(letters()) == expected, f"{days} days before"
        assert state_of(ada) is ConsentAction.GIVEN
    assert all("Saturday 4 March 2028" in text and "job alerts" in text for text in letters())
    go_to(time, END)
    run()
    assert state_of(ada) is ConsentAction.EXPIRED
    assert len(letters()) == 3
    wanted = Wanted(MailClass.COMMUNITY, ALERTS, Timing.AT_ONCE, Budget.JOB_ALERTS)
    assert decide(ada, ADA, wanted, "key", clock.now()) == Never(WhyNot.NO_CONSENT)
    event = session().scalars(select(ConsentEvent).order_by(ConsentEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.source) == (ConsentAction.EXPIRED, "retention")


def test_one_tap_keeps_everything(app: Flask, ada: int, time: Time) -> None:
    go_to(time, END - timedelta(days=30))
    run()
    browser, path = Browser(app), links.stay(ada)
    page = browser.get(path)
    assert page.heading == "Shall we stay in touch?"
    assert "Saturday 4 March 2028" in page.text
    end_reading()
    assert life_of(ada) == Life(date(2026, 3, 4), clock.now().date(), clock.now().date(), 30)
    page = browser.submit(page, action=path)
    assert page.heading == "Good to have you here"
    # Two years from the day of the tap, 3 February 2028.
    assert "Sunday 3 February 2030" in page.text
    go_to(time, END)
    run()
    assert state_of(ada) is ConsentAction.GIVEN
    assert len(letters()) == 1


@pytest.mark.parametrize("sign", ["signs in", "asks for less", "says yes to something"])
def test_any_sign_of_life_keeps_everything(app: Flask, ada: int, time: Time, sign: str) -> None:
    go_to(time, END - timedelta(days=7))
    run()
    account = find_account(ADA)
    assert account is not None
    if sign == "signs in":
        start_session(account.account_id, "Firefox", clock.now())
    elif sign == "asks for less":
        browser = Browser(app)
        browser.submit(browser.get(links.preferences(ada)), having="pause", pause="1")
    else:
        choose(ada, Purpose.EVENTS, True, source="/me", now=clock.now())
    go_to(time, END + timedelta(days=30))
    run()
    assert state_of(ada) is ConsentAction.GIVEN
    assert len(letters()) == 1


def test_whoever_comes_too_late_is_told_how_to_come_back(app: Flask, ada: int, time: Time) -> None:
    for days in (30, 7, 2, 0):
        go_to(time, END - timedelta(days=days))
        run()
    browser = Browser(app)
    page = browser.get(links.stay(ada))
    assert page.heading == "This has ended"
    browser.client.post(links.stay(ada))
    assert state_of(ada) is ConsentAction.EXPIRED


def test_what_was_taken_back_is_not_asked_for(app: Flask, ada: int, time: Time) -> None:
    stop(ada, [ALERTS], source="/unsubscribe", now=clock.now())
    go_to(time, END - timedelta(days=30))
    run()
    assert letters() == []
    assert state_of(ada) is ConsentAction.WITHDRAWN


def test_a_consent_that_others_entered_is_no_sign_of_life(app: Flask, ada: int, time: Time) -> None:
    nora = import_person(NORA, "Nora Berg")
    for _month in range(2):
        record_consent(
            ada,
            Purpose.EVENTS,
            ConsentAction.GIVEN,
            words="Invite me.",
            text_version=TEXT_VERSION,
            locale="en",
            source="import",
            now=clock.now(),
            actor_id=nora,
        )
        time.pass_by(days=60)
    end_reading()
    assert session().get_one(SignOfLife, ada).last_on == date(2026, 3, 4)


def test_somebody_silent_for_years_before_we_came_is_asked_and_has_a_month(app: Flask, ada: int, time: Time) -> None:
    with transaction() as own:
        own.execute(update(SignOfLife).values(last_on=date(2019, 1, 1)))
    run()
    assert len(letters()) == 1
    assert "Friday 3 April 2026" in letters()[0]
    go_to(time, date(2026, 4, 2))
    run()
    assert state_of(ada) is ConsentAction.GIVEN
    go_to(time, date(2026, 4, 4))
    run()
    assert state_of(ada) is ConsentAction.EXPIRED


@hypothesis_settings(max_examples=300)
@given(st.dates(date(2015, 1, 1), date(2027, 1, 1)), st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_whenever_the_worker_runs_nothing_ends_without_a_fair_warning(last_on: date, gaps: list[int]) -> None:
    life, today = Life(last_on), date(2026, 1, 1)
    asked: list[tuple[date, AskToStay]] = []
    for gap in gaps:
        today += timedelta(days=gap)
        step = next_step(life, 24, today)
        if isinstance(step, AskToStay):
            assert not asked or step.days < asked[-1][1].days
            assert step.ends_on >= today + timedelta(days=2)
            asked.append((today, step))
            life = Life(last_on, life.first_asked_on or today, today, step.days)
            assert next_step(life, 24, today) is None
        elif isinstance(step, RunOut):
            assert today >= asked[0][0] + timedelta(days=30)
            assert today >= asked[-1][1].ends_on
            assert asked[-1][1].days == 2
            return
    assert len(asked) <= 3
