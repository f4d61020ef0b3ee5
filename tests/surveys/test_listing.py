"""The list of surveys: what stands for each, and how many answers wait where nothing can be shown yet."""

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.surveys.jobs import count_reached
from portal.surveys.rules.questions import Content
from portal.surveys.states import TEXTS, Touchpoint
from tests.factories import make_staff, signed_in
from tests.pages import Browser
from tests.surveys.box import Asking, release
from tests.surveys.results import address_of
from tests.surveys.rows import CONTENT, make_survey

pytestmark = pytest.mark.both_in_soak
_LIST = "/recruiting/surveys"
REJECTED = ApplicationStatus.NOT_SELECTED


@pytest.fixture
def rita(app: Flask) -> Browser:
    return signed_in(app, make_staff("Rita Sander", email="rita@example.org"))


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


def test_below_five_it_says_how_many_are_here(asking: Asking, rita: Browser) -> None:
    for score in (9, 9, 3):
        asking.answered("Analyst", "data", REJECTED, score=score)
    release()
    page = rita.get(_LIST)
    assert "Nothing to show yet" in page.text
    assert "3 of 5 answers are here" in page.text


def test_a_figure_says_what_it_is(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered("Analyst", "data", REJECTED, score=score)
    release()
    text = rita.get(_LIST).text
    assert "candidate NPS, from −100 to +100" in text
    assert "5 responses" in text
    assert "answers are here" not in text


def test_what_waits_for_a_decision_is_counted_and_not_promised_at_five(app: Flask, rita: Browser) -> None:
    asking = Asking(make_survey(Touchpoint.INTERVIEWED))
    for _ in range(6):
        asking.answered("Analyst", "data", ApplicationStatus.IN_REVIEW)
    release()
    text = rita.get(_LIST).text
    assert "6 answers wait." in text
    assert "of 5 answers" not in text


def test_results_say_how_many_of_those_asked_answered(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered(score=9)
        asking.ask()
    release()
    count_reached(clock.now())
    page = rita.get(address_of(asking.survey_id))
    assert "Answered, and shown here (50%)" in page.text
    assert f"/recruiting/surveys/posts/new?survey={address_of(asking.survey_id).rpartition('/')[2]}" in page.links


def test_where_no_words_are_asked_for_nobody_is_led_to_any(app: Flask, rita: Browser) -> None:
    without = Content("", "", tuple(one for one in CONTENT.questions if one.kind not in TEXTS), "")
    for content, is_led in ((CONTENT, True), (without, False)):
        asking = Asking(make_survey(Touchpoint.LEFT if is_led else Touchpoint.HIRED, content))
        for _ in range(5):
            asking.answered(score=9)
        release()
        where = address_of(asking.survey_id)
        assert (f"{where}/comments" in rita.get(where).links) == is_led
