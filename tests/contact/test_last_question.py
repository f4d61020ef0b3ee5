"""The last question before a yes runs out: it has reached them first, and what it says is what happens."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.queries import applications_of
from portal.community.actions import join as join_community
from portal.community.queries import is_member
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading
from portal.privacy.jobs import ask_who_wants_to_stay
from tests import factories
from tests.accounts import visitors
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
    join_community(person_id, [ALERTS], clock.now())
    return person_id


def go_to(time: Time, day: date) -> None:
    time.pass_by(days=(day - clock.now().date()).days)


def ask() -> None:
    ask_who_wants_to_stay(clock.now())
    end_reading()


def state_of(person_id: int) -> ConsentAction:
    end_reading()
    return consent_states(person_id)[ALERTS].action


def test_nothing_ends_while_the_last_question_waits_for_a_mail_server(app: Flask, ada: int, time: Time) -> None:
    for days in (30, 7):
        go_to(time, END - timedelta(days=days))
        ask()
        send_mail()
    go_to(time, END - timedelta(days=2))
    ask()
    # The mail server is down for four days.
    for days in (0, 1, 2):
        go_to(time, END + timedelta(days=days))
        ask()
        assert state_of(ada) is ConsentAction.GIVEN
    send_mail()
    go_to(time, END + timedelta(days=3))
    ask()
    assert state_of(ada) is ConsentAction.GIVEN, "a day after it arrived"
    go_to(time, END + timedelta(days=4))
    ask()
    assert state_of(ada) is ConsentAction.EXPIRED


def test_only_the_mails_end_as_the_page_says(app: Flask, ada: int, time: Time) -> None:
    for days in (30, 7, 2):
        go_to(time, END - timedelta(days=days))
        ask()
        send_mail()
    page = Browser(app).get(links.stay(ada))
    assert "we stop writing to you on Saturday 4 March 2028" in page.text
    assert "Only the mails end: your account and your applications stay" in page.text
    go_to(time, END)
    ask()
    assert state_of(ada) is ConsentAction.EXPIRED
    assert is_member(ada)
    assert len(applications_of(ada)) == 1
    page = Browser(app).get(links.stay(ada))
    assert "There is no yes of yours any more" in page.text


def test_whoever_keeps_reading_hears_when_it_would_end_and_that_we_ask_before(app: Flask, ada: int) -> None:
    page = Browser(app).get(links.stay(ada))
    assert "until Saturday 4 March 2028 at least" in page.text
    assert "we ask again before it ends" in page.text
