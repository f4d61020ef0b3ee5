"""What recruiters see of what people answered: five and more, as narrowly as it may be, and what it means."""

from datetime import date
from itertools import pairwise
from math import isclose, sqrt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import ApplicationStatus
from portal.core.permissions import Role
from portal.surveys.rules.charts import columns_of, trend_of
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.rules.results import (
    Narrowed,
    Score,
    asked_in,
    by_month,
    headline_of,
    mean_of,
    narrowed_by,
    results_of,
    score_of,
)
from portal.surveys.rules.scopes import scope_of
from portal.surveys.states import QuestionKind, SurveyState, Touchpoint, WhyNotAsked
from tests.conftest import Time, counted_statements
from tests.factories import make_staff, signed_in
from tests.pages import Browser, Page
from tests.surveys.box import Asking, publish, release
from tests.surveys.results import address_of, count_on, pass_over, reach_of
from tests.surveys.rows import CONTENT, make_survey

REJECTED, WITHDRAWN = ApplicationStatus.NOT_SELECTED, ApplicationStatus.WITHDRAWN


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


@pytest.fixture
def rita(app: Flask) -> Browser:
    return signed_in(app, make_staff("Rita Sander", email="rita@example.org"))


def results(browser: Browser, asking: Asking, **chosen: str) -> Page:
    """The page of results, narrowed to what was chosen."""
    return browser.get(address_of(asking.survey_id), query_string=chosen)


def test_below_five_the_page_says_how_many_wait_and_shows_nothing(asking: Asking, rita: Browser) -> None:
    for score in (9, 3, 10):
        asking.answered(score=score)
    release()
    page = results(rita, asking)
    assert count_on(page) == 0
    assert "3 of 5" in page.text
    assert "nobody can be known" in page.text
    assert "Question by question" not in page.text


def test_from_five_on_the_score_stands_there_with_its_margin_and_how_many(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered(score=score)
    release()
    page = results(rita, asking)
    assert count_on(page) == 5
    assert "+40" in page.text
    assert "± 70.1" in page.text
    assert "5 answers" in page.text
    assert "1.96" in page.text


def test_a_sixth_answer_changes_nothing_until_five_more_are_there(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered(score=score)
    release()
    asking.answered(score=0)
    release()
    page = results(rita, asking)
    assert count_on(page) == 5
    assert "+40" in page.text
    assert "1 more answer waits" in page.text


def test_only_what_was_released_can_be_chosen(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered("Analyst", "data", REJECTED)
    for _ in range(4):
        asking.answered("Cook", "people", WITHDRAWN)
    release()
    page = results(rita, asking)
    assert "Analyst (5)" in page.text
    assert '<optgroup label="Openings"><option value="' in page.body
    assert "Cook" not in page.text
    assert "Withdrawn (" not in page.text
    narrowed = results(rita, asking, where="area:people")
    assert count_on(narrowed) == 5, "what cannot be chosen narrows nothing"
    assert "fewer than five answered there" in narrowed.text
    assert "fewer than five answered there" not in page.text


def test_openings_stand_beside_each_other_and_lead_to_theirs(asking: Asking, rita: Browser) -> None:
    for number in range(6):
        asking.answered("Analyst", "data", REJECTED, score=10)
        asking.answered("Cook", "people", WITHDRAWN, score=0 if number else 10)
    release()
    page = results(rita, asking)
    assert "By opening" in page.text
    theirs = [rita.get(link) for link in page.links if "where=opening:" in link]
    assert [count_on(one) for one in theirs] == [6, 6]
    assert ["67" in one.text for one in theirs] == [False, True], "one of six would recommend us, five would not"


def test_of_many_openings_those_with_the_most_responses_stand_beside_each_other(asking: Asking, rita: Browser) -> None:
    for number in range(13):
        for _ in range(5 if number < 12 else 6):
            asking.answered(f"Opening {number}", "data", REJECTED)
    release()
    page = results(rita, asking)
    table = page.text.split("By opening")[-1].split("By how it ended")[0]
    assert "the filter above has all" in page.text
    assert "Opening 12" in table
    assert sum(f"Opening {number}" in table for number in range(2, 13)) == 10


def test_results_can_be_narrowed_and_the_address_keeps_it(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered("Analyst", "data", REJECTED, score=10)
    for _ in range(6):
        asking.answered("Cook", "people", WITHDRAWN, score=0)
    release()
    page = results(rita, asking, where="area:people")
    assert count_on(page) == 6
    assert "−100" in page.text or "-100" in page.text
    assert count_on(results(rita, asking, outcome="not_selected")) == 5
    form = page.form(having="where")
    assert form.values["where"] == "area:people"
    assert any("where=area:people" in link or "where=area%3Apeople" in link for link in page.links)


def test_two_that_cannot_be_shown_together_are_said_to_be_too_few(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered("Analyst", "data", REJECTED)
        asking.answered("Cook", "people", WITHDRAWN)
    release()
    page = results(rita, asking, where="area:people", outcome="not_selected")
    assert count_on(page) == 0
    assert "Fewer than five together" in page.text


@pytest.mark.parametrize("where", ["opening:1", "opening:x", "area:'", "area:data|outcome:hired", "x" * 300])
def test_an_address_that_somebody_made_up_narrows_nothing(asking: Asking, rita: Browser, where: str) -> None:
    for _ in range(5):
        asking.answered()
    release()
    assert count_on(results(rita, asking, where=where, outcome=where)) == 5


def test_a_question_that_fewer_than_five_answered_has_no_figures(asking: Asking, rita: Browser) -> None:
    for words in ("", "", "", "", "", "Only one wrote"):
        asking.answered(words=words)
    release()
    page = results(rita, asking)
    assert "Fewer than five answered this" in page.text
    assert "Only one wrote" not in page.text


def test_results_join_versions_where_a_question_kept_its_id(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered(score=10)
    release()
    first = CONTENT.questions[0]
    later = Question("q-new", QuestionKind.SATISFACTION, "How was our letter?")
    publish(asking.survey_id, Content(CONTENT.title, "", (later, first), ""))
    for _ in range(5):
        asking.answered(score=0)
    release()
    page = results(rita, asking)
    assert count_on(page) == 10
    assert "no longer asked" in page.text
    assert "10 answers" in page.text


def test_who_was_not_asked_is_counted_by_why(asking: Asking, rita: Browser) -> None:
    for _ in range(2):
        pass_over(asking, WhyNotAsked.OPTED_OUT)
    reach_of(asking.survey_id)
    page = results(rita, asking)
    assert "Asked for no more surveys 2" in page.text


def test_signed_answers_count_beside_the_others_and_are_said(asking: Asking, rita: Browser) -> None:
    for number in range(6):
        asking.answered(is_signed=number == 0)
    release()
    page = results(rita, asking)
    assert count_on(page) == 6
    assert "1 response signed" in page.text


def test_the_list_of_surveys_says_score_and_count(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered(score=score)
    release()
    page = rita.get("/recruiting/surveys")
    assert "+40" in page.text
    assert "5 responses" in page.text


@pytest.mark.parametrize("role", [Role.HIRING_MANAGER])
def test_hiring_managers_have_no_results(app: Flask, asking: Asking, role: Role) -> None:
    browser = signed_in(app, make_staff("Hugo", role=role, email="hugo@example.org"))
    for path in ("", "/comments", "/signed", "/responses.csv", "/numbers.csv", "/comments.csv"):
        assert browser.get(address_of(asking.survey_id) + path, expect=404).status == 404


def test_results_cost_few_statements(asking: Asking, rita: Browser) -> None:
    for number in range(12):
        asking.answered(f"Opening {number % 2}", score=number % 11, words="Words")
    release()
    address = address_of(asking.survey_id)
    rita.get(address)
    with counted_statements() as seen:
        rita.get(address)
    assert len(seen) <= 12, seen


def test_nothing_is_shown_of_a_survey_that_nobody_answered(asking: Asking, rita: Browser) -> None:
    page = results(rita, asking)
    assert count_on(page) == 0
    assert "0 of 5" in page.text


def test_before_the_decision_answers_wait_and_the_page_says_so(app: Flask, rita: Browser) -> None:
    asking = Asking(make_survey(Touchpoint.INTERVIEWED))
    for _ in range(6):
        asking.answered(status=ApplicationStatus.INTERVIEWING)
    release()
    page = results(rita, asking)
    assert count_on(page) == 0
    assert "only after it" in page.text
    assert "6 answers wait" in page.text


def test_months_of_releases_make_a_trend(app: Flask, asking: Asking, time: Time) -> None:
    for score in (10, 0):
        for _ in range(5):
            asking.answered(score=score)
        release()
        time.pass_by(days=70)
    page = results(signed_in(app, make_staff("Rita Sander")), asking)
    assert "Month by month" in page.text
    assert page.body.count('class="dot"') == 2
    assert page.body.count('class="course"') == 0, "between them lies a month without answers"


def test_a_trend_ends_with_the_last_month_and_says_that_there_were_others(
    app: Flask, asking: Asking, time: Time
) -> None:
    for days in (31 * 13, 0):
        for score in range(11):
            asking.answered(score=score)
        release()
        time.pass_by(days=days)
    page = results(signed_in(app, make_staff("Rita Sander")), asking)
    assert page.body.count('class="dot"') == 1
    assert "Earlier months count in the figures above" in page.text
    assert count_on(page) == 22


# The figures


@given(st.lists(st.integers(0, 10), max_size=60))
def test_a_score_is_promoters_less_detractors_and_needs_five(given: list[int]) -> None:
    counts = {str(number): given.count(number) for number in set(given)}
    score = score_of(counts)
    if len(given) < 5:
        assert score is None
        assert mean_of(counts) is None
        return
    assert score is not None
    mapped = [1 if one >= 9 else -1 if one <= 6 else 0 for one in given]
    mean = sum(mapped) / len(mapped)
    assert isclose(score.value, 100 * mean, abs_tol=1e-9)
    spread = sum((one - mean) ** 2 for one in mapped) / len(mapped)
    assert score.margin is None if spread < 1e-12 else isclose(score.margin or 0, 196 * sqrt(spread / len(mapped)))
    assert isclose(mean_of(counts) or 0, sum(given) / len(given), abs_tol=1e-9)


def test_a_margin_as_the_source_reckons_it() -> None:
    assert Score(promoters=250, passives=675, detractors=75).value == 17.5
    assert round(Score(promoters=250, passives=675, detractors=75).margin or 0, 2) == 3.36


def test_choices_that_no_longer_stand_are_still_shown_behind_the_others() -> None:
    def asks(*options: str) -> Content:
        question = Question("q", QuestionKind.ONE_OF, "Which?", options=tuple(Option(one, one) for one in options))
        return Content("", "", (question,), "")

    asked = asked_in({1: asks("a", "b"), 2: asks("c", "b")}, "Kindred")
    (found,) = results_of(asked, {"q": {"=asked": 9, "=answered": 9, "a": 4, "b": 3, "c": 2}})
    assert [(bar.label, bar.count) for bar in found.bars] == [("c", 2), ("b", 3), ("a", 4)]


def test_the_figure_of_a_survey_is_whether_they_recommend_us_else_the_first_number() -> None:
    def of(*kinds: QuestionKind) -> QuestionKind | None:
        questions = tuple(Question(str(place), kind, "?") for place, kind in enumerate(kinds))
        head = headline_of(asked_in({1: Content("", "", questions, "")}, "Kindred"))
        return head.question.kind if head is not None else None

    assert of(QuestionKind.EFFORT, QuestionKind.RECOMMEND) is QuestionKind.RECOMMEND
    assert of(QuestionKind.LONG_TEXT, QuestionKind.EFFORT, QuestionKind.FAIRNESS) is QuestionKind.EFFORT
    assert of(QuestionKind.LONG_TEXT) is None


@given(
    st.sampled_from(["", "area", "opening"]),
    st.sampled_from([None, *ApplicationStatus]),
)
def test_a_scope_says_what_it_is_narrowed_to(kind: str, outcome: ApplicationStatus | None) -> None:
    where = {"area": scope_of(area="data"), "opening": scope_of(opening_id=7), "": ""}[kind]
    scope = scope_of(
        area="data" if kind == "area" else "", opening_id=7 if kind == "opening" else None, outcome=outcome
    )
    assert narrowed_by(scope) == Narrowed(where, outcome)


def test_a_trend_leaves_no_month_out_and_shows_none_under_five() -> None:
    counts = [(date(2025, 11, 1), "9", 5), (date(2026, 2, 1), "0", 6), (date(2026, 2, 1), "=answered", 6)]
    counts.append((date(2026, 1, 1), "9", 4))
    months, has_more = by_month(QuestionKind.RECOMMEND, counts, most=12)
    assert [(one.month_on.month, one.count, one.value) for one in months] == [
        (11, 5, 100),
        (12, 0, None),
        (1, 4, None),
        (2, 6, -100),
    ]
    assert not has_more
    assert by_month(QuestionKind.RECOMMEND, counts, most=3)[1]


@given(st.lists(st.floats(0, 1), max_size=11))
def test_columns_stand_inside_their_chart(shares: list[float]) -> None:
    for column in columns_of(shares):
        assert 0 <= column.x <= column.x + column.width <= 100.1
        assert 22 <= column.y <= column.y + column.height <= 142.1


@given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=12))
def test_a_line_stands_inside_its_chart(values: list[float | None]) -> None:
    chart = trend_of(values, [60.0 if value is not None else None for value in values], (-100, 100))
    for dot in chart.dots:
        if dot is not None and dot.top is not None and dot.bottom is not None:
            assert 0 <= dot.x <= 100
            assert 22 <= dot.top <= dot.y <= dot.bottom <= 172
    assert len(chart.lines) == sum(one is not None and other is not None for one, other in pairwise(values))


def test_a_draft_has_no_results(app: Flask, rita: Browser) -> None:
    page = rita.get(address_of(make_survey(Touchpoint.LEFT, state=SurveyState.CLOSED)))
    assert count_on(page) == 0
