"""Writing a survey: questions and options that are added, moved and removed, ids that stay, two who write at once."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.surveys.models import Survey
from portal.surveys.queries.surveys import survey_at
from portal.surveys.rules.editing import MOST_OPTIONS, MOST_QUESTIONS, rearranged, with_ids, with_results_apart
from portal.surveys.rules.questions import Content, Question
from portal.surveys.states import QuestionKind, SurveyState, Touchpoint
from tests.accounts.visitors import PASSWORD, RITA, hire, sign_in
from tests.conftest import Time
from tests.factories import make_staff, signed_in
from tests.pages import Browser, Page
from tests.surveys.test_questions import CONTENTS

pytestmark = pytest.mark.both_in_soak

_LIST = "/recruiting/surveys"


@pytest.fixture
def rita(app: Flask) -> Browser:
    return signed_in(app, make_staff("Rita Sander", email="rita@example.org"))


def begin(browser: Browser, touchpoint: Touchpoint = Touchpoint.LEFT) -> Page:
    """The page on which the ready survey of a touchpoint is changed."""
    return browser.submit(browser.get(f"{_LIST}/ready/{touchpoint}"), action="/begin")


def draft(touchpoint: Touchpoint = Touchpoint.LEFT) -> Content:
    """What is written."""
    end_reading()
    found = survey_at(touchpoint)
    assert found is not None
    return found.draft


def press(browser: Browser, page: Page, do: str, **typed: Any) -> Page:
    """Press a button of the page on which a survey is written that changes its rows."""
    values = {**page.form(having="thanks").values, **typed, "do": do}
    assert any(value == do for _name, value, _words in page.form(having="thanks").buttons), do
    return browser.post(page.path, values)


def typed(page: Page, ending: str) -> list[str]:
    """What the fields of all questions whose name ends so hold, in their order."""
    return [str(v) for name, v in page.form(having="thanks").values.items() if name.endswith(ending)]


def fresh() -> Iterator[str]:
    return (f"new{number}" for number in count())


# Rules


@given(
    rows=st.lists(st.integers(), max_size=8),
    verb=st.sampled_from(["up", "down", "remove", "else"]),
    number=st.integers(-2, 9),
)
def test_moving_loses_nothing_and_removing_takes_one(rows: list[int], verb: str, number: int) -> None:
    found = rearranged(rows, verb, number)
    if verb == "remove" and 0 <= number < len(rows):
        assert found == rows[:number] + rows[number + 1 :]
    else:
        assert sorted(found) == sorted(rows)


@given(rows=st.lists(st.integers(), min_size=2, max_size=8), data=st.data())
def test_down_takes_back_what_up_did(rows: list[int], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(rows) - 1))
    assert rearranged(rearranged(rows, "up", number), "down", number - 1) == rows


@given(content=CONTENTS)
def test_ids_are_unique_and_whoever_had_one_first_keeps_it(content: Content) -> None:
    new = fresh()
    found = with_ids(content, lambda: next(new))
    ids = [one.id for one in found.questions]
    assert len(set(ids)) == len(ids) == len(content.questions)
    seen: set[str] = set()
    for before, after in zip(content.questions, found.questions, strict=True):
        assert (after.kind, after.words, after.help) == (before.kind, before.words, before.help)
        assert (after.id == before.id) == (before.id not in seen)
        seen.add(before.id)
        options = [one.id for one in after.options]
        assert len(set(options)) == len(options)
        assert [one.words for one in after.options] == [one.words for one in before.options]


@given(content=CONTENTS, earlier=st.lists(CONTENTS, max_size=2))
def test_an_id_is_never_answered_in_two_ways(content: Content, earlier: list[Content]) -> None:
    new = fresh()
    written = with_ids(content, lambda: next(new))
    found = with_results_apart(written, earlier, lambda: next(new))
    kinds = {one.id: one.kind for one in found.questions}
    for version in earlier:
        for one in version.questions:
            assert kinds.get(one.id, one.kind) is one.kind
    unchanged = [one for one in found.questions if one in written.questions]
    assert [replaced.words for replaced in found.questions] == [one.words for one in written.questions]
    known = {one.id for version in earlier for one in version.questions}
    assert all(one in unchanged for one in written.questions if one.id not in known)


def test_what_came_in_without_an_id_or_with_a_wrong_one_gets_its_own() -> None:
    content = Content("T", "", (Question("", QuestionKind.SHORT_TEXT, "A"), Question("a b", QuestionKind.EFFORT)), "")
    new = fresh()
    assert [one.id for one in with_ids(content, lambda: next(new)).questions] == ["new0", "new1"]


# Pages


def test_a_question_is_added_of_the_kind_that_was_chosen_and_saved(rita: Browser) -> None:
    page = press(rita, begin(rita), "questions:add", add_kind="some_of")
    assert page.text.count("How it is answered") == 4
    values = {"questions-3-words": "What did you look at?", "questions-3-options-0-words": "Our page"}
    page = rita.submit(page, button="Save", **values, **{"questions-3-options-1-words": "Reviews"})
    assert "Saved. What people are asked changes only when you publish it." in page.text
    question = draft().questions[3]
    assert (question.kind, question.words) == (QuestionKind.SOME_OF, "What did you look at?")
    assert [one.words for one in question.options] == ["Our page", "Reviews"]
    assert len({one.id for one in question.options} - {""}) == 2


def test_nothing_that_was_typed_is_lost_when_rows_move(rita: Browser) -> None:
    page = begin(rita)
    first = {"questions-2-words": "Typed and not saved", "introduction": "Also typed"}
    page = press(rita, page, "questions:up:2", **first)
    assert typed(page, "-kind") == ["recommend", "long_text", "one_of"]
    assert "Typed and not saved" in page.body
    assert "Also typed" in page.body
    page = press(rita, page, "options:up:2:1")
    page = press(rita, page, "questions:remove:0")
    assert draft().questions[0].kind is QuestionKind.RECOMMEND, "only saving changes the draft"
    rita.submit(page, button="Save", having="thanks")
    assert [one.kind for one in draft().questions] == [QuestionKind.LONG_TEXT, QuestionKind.ONE_OF]
    assert [one.id for one in draft().questions[1].options][:2] == ["pay", "other-offer"]


def test_an_option_keeps_its_id_when_it_is_reworded_and_moved(rita: Browser) -> None:
    page = begin(rita)
    page = press(rita, page, "options:remove:1:2", **{"questions-1-options-1-words": "What you pay"})
    page = press(rita, page, "options:up:1:1")
    rita.submit(page, button="Save", having="thanks")
    options = [(one.id, one.words) for one in draft().questions[1].options]
    assert options[:3] == [
        ("pay", "What you pay"),
        ("other-offer", "I took another offer"),
        ("place", "The place or the working hours"),
    ]
    assert len(options) == 7


def test_an_option_that_was_emptied_is_gone(rita: Browser) -> None:
    rita.submit(begin(rita), button="Save", **{"questions-1-options-0-words": "  "})
    assert "other-offer" not in [one.id for one in draft().questions[1].options]


def test_the_fixed_words_are_shown_and_cannot_be_changed(rita: Browser) -> None:
    page = begin(rita)
    assert "How likely are you to recommend applying to" in page.text
    rita.post(page.path, {**page.form(having="thanks").values, "questions-0-words": "Are we not great?"})
    assert draft().questions[0].words == ""


def test_whoever_words_a_question_reads_what_the_ends_of_its_scale_say(rita: Browser) -> None:
    page = press(rita, begin(rita), "questions:add", add_kind="effort")
    assert "Answered from “Very easy” to “Very hard”: let your words fit." in page.text


def test_what_is_too_long_is_said_beside_its_field_and_kept(rita: Browser) -> None:
    long = "How satisfied are you? " * 12
    many = {"questions-1-options-0-words": "x" * 100}
    page = rita.submit(begin(rita), button="Save", expect=422, **{"questions-1-words": long}, **many)
    assert "Please keep this under 200 characters." in page.text
    assert "Please keep this under 80 characters." in page.text
    assert long.strip() in page.body
    assert "#questions-1-words" in page.links
    assert "#questions-1-options-0-words" in page.links
    assert draft().questions[1].words == "What was your main reason?"


def test_a_kind_that_does_not_exist_is_refused(rita: Browser) -> None:
    page = begin(rita)
    values = {**page.form(having="thanks").values, "questions-0-kind": "horoscope"}
    rita.post(page.path, values, expect=422)


def test_no_more_than_twenty_questions_fit(rita: Browser) -> None:
    page = begin(rita)
    for _more in range(MOST_QUESTIONS - 3):
        page = press(rita, page, "questions:add")
    assert "These are 20 questions, and no more fit." in page.text
    again = {**page.form(having="thanks").values, "do": "questions:add"}
    assert len(typed(rita.post(page.path, again), "questions-19-kind")) == 1


def test_no_more_than_twelve_options_fit(rita: Browser) -> None:
    page = begin(rita)
    for _more in range(MOST_OPTIONS - 8):
        page = press(rita, page, "options:add:1")
    again = {**page.form(having="thanks").values, "do": "options:add:1"}
    assert "options:add:1" not in page.body
    assert len(typed(rita.post(page.path, again), "-words")) == 3 + MOST_OPTIONS


def test_of_two_who_write_the_second_is_shown_both_and_loses_nothing(app: Flask, rita: Browser) -> None:
    omar = signed_in(app, make_staff("Omar Nasser", Role.ADMIN, "omar@example.org"))
    first = begin(rita)
    second = omar.get(first.path)
    rita.submit(first, button="Save", **{"questions-1-words": "Why, mainly?"})
    page = omar.submit(second, button="Save", expect=409, **{"questions-1-words": "What was decisive?"})
    assert "A colleague saved this survey while your page was open." in page.text
    assert "Rita Sander saved this survey while your page was open." in page.text
    assert "Why, mainly?" in page.text
    assert "What was decisive?" in page.body
    assert draft().questions[1].words == "Why, mainly?"
    omar.submit(page, button="Save", having="thanks")
    assert draft().questions[1].words == "What was decisive?"
    assert draft().questions[1].id == "reason"
    assert "Written last by Omar Nasser on" in rita.get(first.path).text


def test_what_was_taken_out_of_the_form_is_back_until_it_is_saved(rita: Browser) -> None:
    first = begin(rita)
    page = press(rita, first, "questions:remove:1")
    assert "Question 2 is out of the form" in page.text
    assert page.path in page.links
    assert len(typed(rita.get(page.path), "-kind")) == len(typed(page, "-kind")) + 1
    page = press(rita, page, "questions:up:1")
    assert "is out of the form" not in page.text


def test_whether_they_would_recommend_us_can_be_added_once(rita: Browser) -> None:
    page = begin(rita)
    assert '<option value="recommend"' not in page.body.split('name="add_kind"', 1)[1]
    place = next(n for n, one in enumerate(draft().questions) if one.kind is QuestionKind.RECOMMEND)
    page = press(rita, page, f"questions:remove:{place}")
    assert '<option value="recommend"' in page.body.split('name="add_kind"', 1)[1]


def test_half_a_survey_can_be_saved_and_is_not_asked(rita: Browser) -> None:
    page = press(rita, begin(rita), "questions:add", title="")
    page = rita.submit(page, button="Save", having="thanks")
    assert "Saved." in page.text
    survey = session().scalars(select(Survey)).one()
    assert survey.state is SurveyState.DRAFT
    assert len(draft().questions) == 3, "a question of which nothing was written is left out"


def test_begun_twice_it_is_the_same_survey(rita: Browser) -> None:
    page = rita.get(f"{_LIST}/ready/left")
    again = rita.submit(page, action="/begin")
    assert rita.submit(page, action="/begin").path == again.path
    assert len(session().scalars(select(Survey)).all()) == 1


def test_the_preview_shows_the_draft_question_by_question_and_sends_nothing(rita: Browser) -> None:
    page = rita.submit(begin(rita), button="Preview", title="Why did you go?")
    assert page.heading == "Preview of the survey: Withdrew or declined"
    for words in ("Why did you go?", "Question 2 of 3", "The pay", "Not at all likely", "Good luck"):
        assert words in page.text
    assert not any("surveys" in form.action and form.method == "post" for form in page.forms)


def test_a_hiring_manager_finds_no_surveys(app: Flask) -> None:
    hugo = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org"))
    hugo.get(_LIST, expect=404)


def test_what_was_typed_while_the_session_ended_is_given_back(app: Flask, time: Time) -> None:
    hire()
    browser = Browser(app)
    sign_in(browser, RITA)
    page = press(browser, begin(browser), "questions:add", add_kind="effort")
    time.pass_by(hours=3)
    page = browser.submit(page, button="Save", **{"questions-3-words": "Written meanwhile"})
    page = browser.submit(page, email=RITA, password=PASSWORD)
    page = browser.get(next(link for link in page.links if "kept=" in link))
    assert "Written meanwhile" in page.body
    assert typed(page, "-kind") == ["recommend", "one_of", "long_text", "effort"]
    assert len(draft().questions) == 3
