"""What is an answer: whatever is sent, only what the questions offer is stored."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.answers import (
    LONGEST,
    NotComplete,
    NotOpen,
    Stand,
    asked_of,
    clean_answers,
    first_open,
    minutes_for,
    must_be_complete,
    must_be_open,
    stand_of,
    still_missing,
)
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.states import CHOICES, SCALES, QuestionKind, SurveyState, WhyNotAsked
from tests.surveys.rows import CONTENT

TODAY = date(2026, 3, 4)
_ids = st.sampled_from([f"q{number}" for number in range(6)])
_options = st.lists(st.sampled_from("abcde"), min_size=2, max_size=5, unique=True)


@st.composite
def contents(draw: Any) -> Content:
    """A survey with questions of any kind."""
    questions = []
    for one in draw(st.lists(_ids, min_size=1, max_size=6, unique=True)):
        kind = draw(st.sampled_from(QuestionKind))
        options = tuple(Option(o, o.upper()) for o in draw(_options)) if kind in CHOICES else ()
        questions.append(Question(one, kind, "Words?", is_required=draw(st.booleans()), options=options))
    return Content("Title", "", tuple(questions), "")


_values = st.lists(
    st.one_of(
        st.integers(-2, 12).map(str),
        st.sampled_from(["a", "b", "c", "z", "", " ", "1.0", "٣", "+3", "1e1", "csrf_token", "a\x00b", "\r\n"]),
        st.text(max_size=20),
        st.text("xy", min_size=195, max_size=205),
    ),
    max_size=4,
)


@given(contents(), st.dictionaries(st.one_of(_ids, st.text(max_size=8)), _values, max_size=8))
def test_only_what_is_offered_is_stored(content: Content, sent: dict[str, list[str]]) -> None:
    cleaned = clean_answers(content, sent)
    asked = {one.id: one for one in content.questions}
    assert set(cleaned.answers) <= set(asked) & set(sent)
    for question_id, answer in cleaned.answers.items():
        question = asked[question_id]
        if question.kind in SCALES:
            lowest, highest = SCALES[question.kind]
            assert type(answer) is int
            assert lowest <= answer <= highest
        elif question.kind in CHOICES:
            chosen = [answer] if isinstance(answer, str) else answer
            assert chosen
            assert [one.id for one in question.options if one.id in chosen] == chosen
            assert isinstance(answer, str) is (question.kind is QuestionKind.ONE_OF)
        else:
            assert answer == answer.strip()
            assert 0 < len(answer) <= LONGEST[question.kind]


@given(contents(), st.dictionaries(_ids, _values, max_size=6))
def test_each_question_on_the_form_is_answered_empty_or_wrong(content: Content, sent: dict[str, list[str]]) -> None:
    cleaned = clean_answers(content, sent)
    found = [*cleaned.answers, *cleaned.errors, *cleaned.empty]
    assert sorted(found) == sorted({one.id for one in content.questions} & set(sent))


@given(contents(), st.dictionaries(_ids, _values, max_size=6))
def test_what_is_stored_reads_the_same_when_it_is_sent_again(content: Content, sent: dict[str, list[str]]) -> None:
    answers = clean_answers(content, sent).answers
    again = {key: answer if isinstance(answer, list) else [str(answer)] for key, answer in answers.items()}
    assert clean_answers(content, again).answers == answers


@given(contents(), st.dictionaries(_ids, _values, max_size=6))
def test_it_can_be_sent_when_nothing_required_is_missing(content: Content, sent: dict[str, list[str]]) -> None:
    answers = clean_answers(content, sent).answers
    missing = still_missing(content, answers)
    assert all(one.is_required and one.id not in answers for one in missing)
    if missing or not answers:
        with pytest.raises(NotComplete):
            must_be_complete(content, answers)
    else:
        must_be_complete(content, answers)


@pytest.mark.parametrize(
    ("question_id", "sent", "stored"),
    [
        ("q-recommend", "0", 0),
        ("q-recommend", "10", 10),
        ("q-happy", "5", 5),
        ("q-who", "b", "b"),
        ("q-word", "  kind ", "kind"),
        ("q-long", "One\r\ntwo", "One\ntwo"),
        ("q-word", "x" * 200, "x" * 200),
        ("q-long", "y\r\n" * 1500, ("y\n" * 1500).strip()),
    ],
)
def test_an_answer_as_people_give_it(question_id: str, sent: str, stored: Any) -> None:
    assert clean_answers(CONTENT, {question_id: [sent]}).answers == {question_id: stored}


@pytest.mark.parametrize(
    ("question_id", "sent", "said"),
    [
        ("q-recommend", ["11"], "from 0 to 10"),
        ("q-recommend", ["-1"], "from 0 to 10"),
        ("q-happy", ["0"], "from 1 to 5"),
        ("q-effort", ["6"], "from 1 to 5"),
        ("q-fair", ["3", "4"], "from 0 to 10"),
        ("q-who", ["z"], "from what is offered"),
        ("q-who", ["a", "b"], "from what is offered"),
        ("q-what", ["a", "z"], "from what is offered"),
        ("q-word", ["x" * 201], "has 201 characters"),
        ("q-long", ["x" * 4001], "room for 4000"),
    ],
)
def test_what_is_no_answer_is_said_beside_its_question(question_id: str, sent: list[str], said: str) -> None:
    cleaned = clean_answers(CONTENT, {question_id: sent})
    assert cleaned.answers == {}
    assert said in cleaned.errors[question_id]


def test_several_choices_are_stored_in_the_order_of_the_question() -> None:
    assert clean_answers(CONTENT, {"q-what": ["b", "a", "b"]}).answers == {"q-what": ["a", "b"]}


def test_somebody_goes_on_after_their_last_answer() -> None:
    assert first_open(CONTENT, {}) == CONTENT.questions[0]
    assert first_open(CONTENT, {"q-recommend": 3, "q-happy": 4}) == CONTENT.question("q-effort")
    assert first_open(CONTENT, {"q-long": "x"}) is None


@pytest.mark.parametrize(
    ("facts", "stand"),
    [
        ({}, Stand.OPEN),
        ({"closes_on": TODAY}, Stand.OPEN),
        ({"state": SurveyState.PAUSED}, Stand.OPEN),
        ({"is_answered": True}, Stand.ANSWERED),
        ({"is_answered": True, "state": SurveyState.CLOSED}, Stand.ANSWERED),
        ({"state": SurveyState.CLOSED}, Stand.CLOSED),
        ({"closes_on": date(2026, 3, 3)}, Stand.CLOSED),
        ({"why_not": WhyNotAsked.OPTED_OUT}, Stand.NOT_FOR_YOU),
        ({"is_theirs": False, "is_answered": True}, Stand.NOT_FOR_YOU),
    ],
)
def test_when_answers_are_taken(facts: dict[str, Any], stand: Stand) -> None:
    usual = {
        "why_not": None,
        "is_theirs": True,
        "is_answered": False,
        "state": SurveyState.LIVE,
        "closes_on": date(2026, 4, 3),
        "today": TODAY,
    }
    found = stand_of(**(usual | facts))
    assert found is stand
    if stand is Stand.OPEN:
        must_be_open(found)
    else:
        with pytest.raises(NotOpen):
            must_be_open(found)


def test_the_minutes_are_not_flattered() -> None:
    assert minutes_for(CONTENT) == 4
    assert minutes_for(Content("One tap", "", (Question("q", QuestionKind.EFFORT, "Easy?"),), "")) == 1


@pytest.mark.parametrize(("kind", "count"), [(QuestionKind.RECOMMEND, 11), (QuestionKind.SATISFACTION, 5)])
def test_a_scale_names_its_ends(kind: QuestionKind, count: int) -> None:
    asked = asked_of(Question("q", kind), "Lumen")
    assert len(asked.numbers) == count
    assert asked.lowest
    assert asked.highest != asked.lowest
