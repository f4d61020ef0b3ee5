"""Questions sent ahead, and what makes an interview accessible."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from portal.interviews.actions.asking import ask_ahead, change_question, remove_question
from portal.interviews.actions.needing import say_needs
from portal.interviews.models import InterviewNeed, QuestionAhead
from portal.interviews.rules.own import NotGood, NotNow
from tests.conftest import Time
from tests.factories import Made, make_person, make_staff, signed_in
from tests.interviews.meeting import TUESDAY, make_candidate
from tests.interviews.rows import make_interview
from tests.pages import Browser


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def ada(app: Flask, made: Made) -> Browser:
    return signed_in(app, made.person_id)


@pytest.fixture
def agreed(made: Made, rita: int) -> str:
    return make_interview(made.id, rita, starts_at=TUESDAY)


def questions() -> list[str]:
    end_reading()
    return list(session().scalars(select(QuestionAhead.words).order_by(QuestionAhead.id)))


def needs() -> list[str]:
    end_reading()
    return list(session().scalars(select(InterviewNeed.words)))


def question_id() -> str:
    return session().scalars(select(QuestionAhead.public_id).order_by(QuestionAhead.id).limit(1)).one()


def test_a_question_is_sent_changed_and_taken_back(ada: Browser, agreed: str) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    assert "Everybody you meet reads them" in page.text, "who reads it is said before"
    page = ada.submit(page, having="question", question="Is there a lift?")
    assert questions() == ["Is there a lift?"]
    change = ada.get(f"/me/interviews/{agreed}/questions/{question_id()}")
    assert change.form(having="question").values["question"] == "Is there a lift?"
    ada.submit(change, having="question", expect=422, question="")
    page = ada.submit(change, having="question", question="Is there a ramp?")
    assert questions() == ["Is there a ramp?"]
    page = ada.submit(page, action="/remove")
    assert "Taken back." in page.text
    assert questions() == []


def test_nothing_typed_is_no_question_and_too_much_is_kept(ada: Browser, agreed: str) -> None:
    page = ada.submit(ada.get(f"/me/interviews/{agreed}"), having="question", expect=422)
    assert "Please write what you would like to ask." in page.text
    page = ada.submit(page, having="question", question="x" * 1001, expect=422)
    assert page.form(having="question").values["question"] == "x" * 1001
    assert questions() == []


def test_ten_questions_are_as_many_as_fit(ada: Browser, made: Made, agreed: str) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    for number in range(10):
        ask_ahead(made.person_id, agreed, f"Question {number}?", now=clock.now())
    page = ada.submit(page, having="question", question="One more?", expect=422)
    assert "10 questions are as many as fit." in page.text
    assert len(questions()) == 10
    with pytest.raises(NotGood):
        ask_ahead(made.person_id, agreed, "One more?", now=clock.now())


def test_the_same_question_twice_is_one(made: Made, agreed: str) -> None:
    ask_ahead(made.person_id, agreed, "Is there a lift?", now=clock.now())
    ask_ahead(made.person_id, agreed, " Is there a lift? ", now=clock.now())
    assert questions() == ["Is there a lift?"]


def test_nobody_touches_the_questions_of_others(made: Made, agreed: str, rita: int) -> None:
    ask_ahead(made.person_id, agreed, "Is there a lift?", now=clock.now())
    bob, one = make_person("Bob"), question_id()
    with pytest.raises(NotFound):
        ask_ahead(bob, agreed, "Mine?", now=clock.now())
    with pytest.raises(NotFound):
        change_question(bob, agreed, one, "Mine?", now=clock.now())
    own = make_candidate(rita, "Cleo")
    of_cleo = make_interview(own.id, rita, starts_at=TUESDAY)
    remove_question(own.person_id, of_cleo, one, now=clock.now())
    assert questions() == ["Is there a lift?"]


def test_after_the_interview_nobody_reads_more(ada: Browser, made: Made, agreed: str, time: Time) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    time.at = TUESDAY + timedelta(hours=1)
    page = ada.submit(page, having="question", question="Is there a lift?")
    assert "This interview is over" in page.text
    assert "What would make it work for you" not in page.text
    with pytest.raises(NotNow):
        say_needs(made.person_id, agreed, "A ramp", now=clock.now())
    assert questions() == needs() == []


def test_what_they_need_is_kept_changed_and_taken_away(ada: Browser, agreed: str) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    assert "Only those who arrange the interview read this." in page.text
    page = ada.submit(page, having="need", need="Subtitles, please.")
    assert page.form(having="need").values["need"] == "Subtitles, please."
    page = ada.submit(page, having="need", need="Subtitles and a break.")
    assert needs() == ["Subtitles and a break."]
    page = ada.submit(page, having="need", need="x" * 2001, expect=422)
    assert page.form(having="need").values["need"] == "x" * 2001
    ada.submit(page, having="need", need="")
    assert needs() == []


def test_nobody_says_what_somebody_else_needs(agreed: str) -> None:
    with pytest.raises(NotFound):
        say_needs(make_person("Bob"), agreed, "A ramp", now=clock.now())
