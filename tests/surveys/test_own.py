"""Signed in, a candidate finds the surveys that wait for them, and answers them on their own pages."""

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus, EventKind
from portal.community.actions import join
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.surveys.models import Survey
from portal.surveys.states import SurveyState, Touchpoint, WhyNotAsked
from tests.conftest import Time
from tests.factories import add_event, make_person, signed_in
from tests.surveys.answering import Invited, answer_all, ask_somebody, ballots, change_invitation, invitation, send
from tests.surveys.rows import CONTENT

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def asked(app: Flask) -> Invited:
    return ask_somebody()


def test_what_waits_stands_there_with_its_last_day(app: Flask, asked: Invited) -> None:
    page = signed_in(app, asked.made.person_id).get("/me/surveys")
    assert "Waiting for you" in page.text
    assert "open until Friday 3 April 2026" in page.text
    assert asked.own in page.links


def test_it_is_answered_there_and_then_only_that_it_was(app: Flask, asked: Invited) -> None:
    browser = signed_in(app, asked.made.person_id)
    page = send(browser, answer_all(browser, asked.own))
    assert page.heading == "Thank you"
    assert f"/me/applications/{asked.made.public_id}" in page.links
    page = browser.get("/me/surveys")
    assert "Waiting for you" not in page.text
    assert "Answered, thank you" in page.text
    assert asked.own not in page.links
    assert "2026" not in page.text
    assert len(ballots()) == 1


def test_what_was_begun_by_the_link_goes_on_there(app: Flask, asked: Invited) -> None:
    browser = signed_in(app, asked.made.person_id)
    browser.submit(browser.get(f"{asked.link}/questions/q-recommend"), **{"q-recommend": "7"})
    assert "1 of 8 filled in" in browser.get("/me/surveys").text
    assert browser.get(f"{asked.own}/questions/q-recommend").form(having="q-recommend").values["q-recommend"] == "7"


def test_nobody_else_finds_it(app: Flask, asked: Invited) -> None:
    stranger = signed_in(app, make_person("Bob Stone"))
    mine = signed_in(app, asked.made.person_id)
    token = mine.get(f"{asked.own}/questions/q-fair").form(having="q-fair").values["csrf_token"]
    for path in ("", "/all", "/questions/q-fair", "/finish", "/contact", "/thanks"):
        stranger.get(f"{asked.own}{path}", expect=404)
    assert "No survey waits for you" in stranger.get("/me/surveys").text
    own_token = stranger.get("/me/preferences").form(having="csrf_token").values["csrf_token"]
    for sent in (token, own_token):
        answer = stranger.client.post(f"{asked.own}/all", data={"csrf_token": sent, "q-recommend": "0"})
        assert answer.status_code in {303, 400, 404}
        answer = stranger.client.post(f"{asked.own}/send", data={"csrf_token": sent})
        assert answer.status_code in {303, 400, 404}
    assert not invitation(asked).is_opened


def test_who_was_passed_over_reads_nothing_of_it(app: Flask, asked: Invited) -> None:
    change_invitation(asked, why_not=WhyNotAsked.UNANSWERED)
    browser = signed_in(app, asked.made.person_id)
    assert "No survey waits for you" in browser.get("/me/surveys").text
    browser.get(asked.own, expect=404)


def test_a_closed_one_leads_to_a_person(app: Flask, asked: Invited, time: Time) -> None:
    with transaction() as own:
        row = own.get_one(Survey, asked.survey_id)
        row.state, row.closed_at = SurveyState.CLOSED, time.at
    browser = signed_in(app, asked.made.person_id)
    assert "No survey waits for you" in browser.get("/me/surveys").text
    page = browser.get(asked.own, expect=410)
    assert page.heading == "This survey is closed"
    assert "/me/conversation" in page.links


@pytest.mark.parametrize("touchpoint", [Touchpoint.APPLIED, Touchpoint.INTERVIEWED])
def test_who_has_read_how_it_ended_is_not_led_to_how_it_began(app: Flask, touchpoint: Touchpoint) -> None:
    asked = ask_somebody(touchpoint, status=ApplicationStatus.INTERVIEWING)
    browser = signed_in(app, asked.made.person_id)
    page = f"/me/applications/{asked.made.public_id}"
    assert asked.own in browser.get("/me/").links
    assert asked.own in browser.get(page).links
    add_event(asked.made.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    end_reading()
    assert asked.own not in browser.get("/me/").links
    assert asked.own not in browser.get(page).links
    # It stays among their surveys, for who would like to say it.
    assert asked.own in browser.get("/me/surveys").links


def test_members_find_the_yearly_pulse_among_what_we_may_write_about(app: Flask) -> None:
    one = make_person("Ada Lind", "ada@example.org")
    browser = signed_in(app, one)
    words = str(PURPOSE_WORDS[Purpose.COMMUNITY_PULSE])
    assert words not in browser.get("/me/preferences").text
    join(one, (), clock.now())
    end_reading()
    page = browser.get("/me/preferences")
    assert words in page.text
    assert page.form(having="skills").values.get("consents", []) == []
    page = browser.submit(page, having="skills", consents=[str(Purpose.COMMUNITY_PULSE)])
    assert "You said yes on Wednesday 4 March 2026" in page.text
    assert _agrees(one)
    # Taken back, it still stands there, for who thinks again.
    page = browser.submit(page, having="skills", consents=[])
    assert words in page.text
    assert "You took this back on Wednesday 4 March 2026" in page.text
    assert not _agrees(one)


def _agrees(person_id: int) -> bool:
    end_reading()
    state = consent_states(person_id).get(Purpose.COMMUNITY_PULSE)
    return state is not None and state.is_given


def test_home_says_that_a_short_survey_waits(app: Flask) -> None:
    asked = ask_somebody(Touchpoint.NOT_SELECTED)
    browser = signed_in(app, asked.made.person_id)
    home = browser.get("/me/")
    assert asked.own in home.links
    assert CONTENT.title in home.text
    send(browser, answer_all(browser, asked.own))
    assert asked.own not in browser.get("/me/").links
