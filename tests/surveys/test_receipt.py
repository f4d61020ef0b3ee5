"""The one tap on the page that shows what was sent, and the card on an application's page that a survey waits."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.contact.actions.wishes import stop_surveys
from portal.core import clock
from portal.core.db import session
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.surveys.actions.editing import pause_survey
from portal.surveys.models import PartialAnswers, SurveyInvitation
from portal.surveys.rules.questions import Question
from portal.surveys.states import QuestionKind, Touchpoint, WhyNotAsked
from tests.applications.applying import GOOD, fill, made, opening
from tests.conftest import Time, counted_statements
from tests.factories import Made, add_event, make_person, make_staff, signed_in, visitor
from tests.interviews.rows import make_interview
from tests.pages import Browser, Page
from tests.surveys.answering import ballots
from tests.surveys.asking import ONE_TAP, asked, candidate, why_not, withdrew, work
from tests.surveys.rows import make_survey

pytestmark = pytest.mark.both_in_soak

ASKS = "How easy or hard was it to apply?"
TWO = replace(ONE_TAP, questions=(*ONE_TAP.questions, Question("words", QuestionKind.LONG_TEXT, "What made it hard?")))
IN_WORDS = replace(ONE_TAP, questions=(Question("words", QuestionKind.SHORT_TEXT, "One word for it?"),))


@pytest.fixture
def ada(app: Flask) -> Browser:
    return signed_in(app, make_person("Ada Lind", "ada@example.org"))


def apply(ada: Browser) -> Page:
    """Apply; the receipt."""
    return fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD)


def tap(browser: Browser, receipt: Page, value: str) -> Page:
    return browser.submit(receipt, action="/received/survey", button=value)


def person_id() -> int:
    return made()[0][0].person_id


def test_one_tap_sends_it_without_a_name(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    assert ASKS in receipt.text
    assert "1: Very easy 5: Very hard" in receipt.text
    after = tap(ada, receipt, "2")
    assert "Your answers lie in a box without your name" in after.text
    assert after.path.startswith("/me/surveys/"), "where no visit is logged"
    assert ASKS not in ada.get(receipt.path).text
    (ballot,) = ballots()
    assert (ballot.answers, ballot.opening_id) == ({"effort": 2}, made()[0][0].opening_id)
    (one,) = asked()
    assert (one.is_answered, one.delivery_id, one.why_not) == (True, None, None)


def test_whoever_taps_twice_has_said_it_once(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    tap(ada, receipt, "2")
    assert "Your answers lie in a box without your name" in tap(ada, receipt, "5").text
    assert [one.answers for one in ballots()] == [{"effort": 2}]


def test_looking_at_the_receipt_writes_nothing_and_the_worker_asks(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    assert asked() == []
    before = len(list(session().scalars(select(Delivery.id))))
    work()
    (one,) = asked()
    assert (one.person_id, one.delivery_id) == (person_id(), None)
    assert len(list(session().scalars(select(Delivery.id)))) == before
    assert ASKS in ada.get(receipt.path).text
    tap(ada, receipt, "4")
    assert [one.is_answered for one in asked()] == [True]


def test_with_more_questions_the_tap_is_kept_and_goes_on_to_the_next(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, TWO)
    receipt = apply(ada)
    assert "One more question comes after it" in receipt.text
    page = tap(ada, receipt, "4")
    assert "What made it hard?" in page.text
    assert ballots() == []
    assert session().scalars(select(PartialAnswers.answers)).all() == [{"effort": 4}]
    again = ada.get(receipt.path)
    assert "You have begun to answer. Nothing of it is sent before you say so." in again.text
    assert "How was applying?" in ada.submit(again, action="/received/survey").text


def test_a_question_without_numbers_is_answered_on_its_own_page(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, IN_WORDS)
    page = ada.submit(apply(ada), action="/received/survey")
    assert page.path.startswith("/me/surveys/")
    assert "How was applying?" in page.text


def test_what_is_no_answer_sends_nothing(ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    values = {**receipt.form(action="/received/survey").values, "value": "9"}
    ada.post(f"{receipt.path}/survey", values)
    assert ballots() == []


@pytest.mark.parametrize("how", ["unpublished", "paused", "opted out"])
def test_where_nobody_is_asked_the_receipt_asks_nothing(app: Flask, ada: Browser, how: str) -> None:
    if how != "unpublished":
        survey_id = make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    if how == "paused":
        pause_survey(survey_id, actor_id=make_staff("Lena Walczak"), now=clock.now())
    elif how == "opted out":
        stop_surveys(person_id(), clock.now())
    assert ASKS not in ada.get(receipt.path).text
    if how != "unpublished":
        tap(ada, receipt, "2")
    assert ballots() == []
    work()
    assert why_not() == ([WhyNotAsked.OPTED_OUT] if how == "opted out" else [])


def test_who_was_asked_at_the_last_application_is_not_asked_at_the_next(ada: Browser, time: Time) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    apply(ada)
    work()
    receipt = apply(ada)
    assert ASKS not in receipt.text
    work()
    assert why_not() == [None, WhyNotAsked.ASKED_LATELY]


def test_nobody_taps_for_another(app: Flask, ada: Browser) -> None:
    make_survey(Touchpoint.APPLIED, ONE_TAP)
    receipt = apply(ada)
    bob = signed_in(app, make_person("Bob Berg", "bob@example.org"))
    token = bob.get("/me").form(having="csrf_token").values["csrf_token"]
    bob.post(f"{receipt.path}/survey", {"csrf_token": token, "value": "5"}, expect=404)
    assert visitor(app).client.post(f"{receipt.path}/survey").status_code in {302, 303, 400}
    assert session().scalar(select(func.count()).select_from(SurveyInvitation)) == 0


# On the page of an application


def test_a_survey_that_waits_stands_quietly_on_the_page_of_its_application(app: Flask, time: Time) -> None:
    one = candidate(make_staff("Rita Sander"))
    browser = signed_in(app, one.person_id)
    make_survey(Touchpoint.LEFT)
    withdrew(one)
    time.pass_by(days=1)
    work()
    page = browser.get(f"/me/applications/{one.public_id}")
    assert "A short survey, if you like" in page.text
    assert f"/me/surveys/{asked()[0].public_id}" in page.links


def test_who_was_passed_over_sees_nothing_of_it(app: Flask, time: Time) -> None:
    one = candidate(make_staff("Rita Sander"))
    browser = signed_in(app, one.person_id)
    make_survey(Touchpoint.LEFT)
    stop_surveys(one.person_id, clock.now())
    withdrew(one)
    time.pass_by(days=1)
    work()
    assert why_not() == [WhyNotAsked.OPTED_OUT]
    assert "A short survey" not in browser.get(f"/me/applications/{one.public_id}").text
    assert "A short survey" not in browser.get("/me/").text


def test_an_interview_survey_stands_on_the_page_while_the_application_is_open(app: Flask, time: Time) -> None:
    rita = make_staff("Rita Sander")
    one = candidate(rita)
    add_event(one.id, status=ApplicationStatus.INTERVIEWING, promised=date(2026, 6, 1), message="Let us talk.")
    browser = signed_in(app, one.person_id)
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(one.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    work()
    assert "How was your interview?" in browser.get(f"/me/applications/{one.public_id}").text


def test_before_any_interview_the_page_of_an_application_does_not_ask_for_surveys(app: Flask) -> None:
    one: Made = candidate(make_staff("Rita Sander"))
    browser = signed_in(app, one.person_id)
    with counted_statements() as seen:
        browser.get(f"/me/applications/{one.public_id}")
    assert not any("survey_invitation" in said for said in seen)
