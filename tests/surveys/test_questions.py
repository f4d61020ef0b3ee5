"""What a survey asks: the ready ones, the fixed words, and that what is stored comes back as it was."""

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.i18n import reading_as
from portal.surveys.data.ready import ready_content
from portal.surveys.rules.editing import lacking
from portal.surveys.rules.questions import (
    Content,
    Option,
    Question,
    content_as_json,
    content_from_json,
    scale_ends,
    words_of,
)
from portal.surveys.states import SCALES, QuestionKind, Touchpoint

pytestmark = pytest.mark.both_in_soak
_WORDS = st.text(max_size=40)
_IDS = st.text("abcdefghijk0123456789-", min_size=1, max_size=24)
OPTIONS = st.lists(st.builds(Option, id=_IDS, words=_WORDS), max_size=5).map(tuple)
QUESTIONS = st.builds(
    Question,
    id=_IDS,
    kind=st.sampled_from(QuestionKind),
    words=_WORDS,
    help=_WORDS,
    is_required=st.booleans(),
    options=OPTIONS,
)
CONTENTS = st.builds(
    Content,
    title=_WORDS,
    introduction=_WORDS,
    questions=st.lists(QUESTIONS, max_size=6).map(tuple),
    thanks=_WORDS,
)


@given(content=CONTENTS)
def test_what_is_stored_comes_back_as_it_was(content: Content) -> None:
    assert content_from_json(json.loads(json.dumps(content_as_json(content)))) == content


@pytest.mark.parametrize("touchpoint", Touchpoint)
def test_the_ready_survey_can_be_published_as_it_is(app: Flask, touchpoint: Touchpoint) -> None:
    with app.test_request_context():
        content = ready_content(touchpoint)
        assert lacking(content) == []
    assert 1 <= len(content.questions) <= 6
    ids = [one.id for one in content.questions]
    assert len(set(ids)) == len(ids)
    # Whoever has nothing to say to one of the others leaves it out.
    assert [one.is_required for one in content.questions] == [True] + [False] * (len(ids) - 1)


def test_after_applying_one_tap_is_all_that_is_asked(app: Flask) -> None:
    with app.test_request_context():
        assert [one.kind for one in ready_content(Touchpoint.APPLIED).questions] == [QuestionKind.EFFORT]


def test_whether_they_would_recommend_us_is_asked_in_the_same_words_everywhere(app: Flask) -> None:
    typed = Question("any", QuestionKind.RECOMMEND, "You would recommend us, would you not?")
    with app.test_request_context(), reading_as("en", "Europe/Warsaw"):
        assert words_of(typed, "Kindred") == (
            "How likely are you to recommend applying to Kindred to a friend or colleague?"
        )
        assert scale_ends(QuestionKind.RECOMMEND) == ("Not at all likely", "Extremely likely")


def test_every_scale_says_what_its_two_ends_mean(app: Flask) -> None:
    with app.test_request_context():
        ends = {kind: scale_ends(kind) for kind in SCALES}
    assert all(lowest and highest and lowest != highest for lowest, highest in ends.values())
    assert ends[QuestionKind.EFFORT] == ("Very easy", "Very hard")
