"""Files of what people answered: under the same floor as the pages, and nothing in them runs."""

import csv
import io
from collections import Counter

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import ApplicationStatus
from portal.surveys.rules.releasing import FEWEST, Cut, Waiting, parts_of
from portal.surveys.rules.results import narrowed_by
from portal.surveys.rules.scopes import scopes_of
from portal.surveys.states import Touchpoint
from tests.factories import make_staff, signed_in
from tests.pages import Browser
from tests.surveys.box import Asking, release
from tests.surveys.results import address_of, count_on
from tests.surveys.rows import make_survey

pytestmark = pytest.mark.both_in_soak

#: Where in a line of comments the words stand.
WORDS = 4
REJECTED, WITHDRAWN = ApplicationStatus.NOT_SELECTED, ApplicationStatus.WITHDRAWN


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


@pytest.fixture
def rita(app: Flask) -> Browser:
    return signed_in(app, make_staff("Rita Sander", email="rita@example.org"))


def lines(browser: Browser, asking: Asking, name: str, **chosen: str) -> list[list[str]]:
    """The lines of a file, its head first."""
    page = browser.get(f"{address_of(asking.survey_id)}/{name}.csv", query_string=chosen)
    assert page.response.mimetype == "text/csv"
    assert "attachment" in page.response.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(page.body.removeprefix("\ufeff"))))


def test_below_five_the_files_hold_their_heads_only(asking: Asking, rita: Browser) -> None:
    for _ in range(4):
        asking.answered(words="Words")
    release()
    for name in ("responses", "numbers", "comments"):
        assert len(lines(rita, asking, name)) == 1


def test_each_response_is_a_line_without_its_words(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered(score=score, words="Secret words")
    release()
    head, *rows = lines(rita, asking, "responses")
    place = next(index for index, words in enumerate(head) if "recommend applying" in words)
    assert sorted(row[place] for row in rows) == ["0", "10", "7", "9", "9"]
    assert "What should we do otherwise?" not in head
    assert not any("Secret words" in cell for row in rows for cell in row)
    assert {row[2] for row in rows} == {"Analyst"}


def test_responses_stand_in_another_order_than_they_were_sent_in(asking: Asking, rita: Browser) -> None:
    for number in range(40):
        asking.answered(score=min(number // 4, 10))
    release()
    head, *rows = lines(rita, asking, "responses")
    place = next(index for index, words in enumerate(head) if "recommend applying" in words)
    assert [row[place] for row in rows] != sorted((row[place] for row in rows), key=int)


def test_signed_answers_are_in_no_file_of_responses(asking: Asking, rita: Browser) -> None:
    for number in range(7):
        asking.answered(is_signed=number < 2)
    release()
    assert len(lines(rita, asking, "responses")) == 1 + 5


def test_files_are_narrowed_as_the_page_is(asking: Asking, rita: Browser) -> None:
    for _ in range(5):
        asking.answered("Analyst", "data", REJECTED, score=10, words="Data")
        asking.answered("Analyst", "data", REJECTED, score=10, words="Data")
        asking.answered("Cook", "people", WITHDRAWN, score=0, words="Kitchen")
    release()
    assert len(lines(rita, asking, "responses", where="area:people")) == 1 + 5
    assert len(lines(rita, asking, "responses", outcome="not_selected")) == 1 + 10
    assert len(lines(rita, asking, "responses", where="area:people", outcome="not_selected")) == 1
    assert len(lines(rita, asking, "numbers", where="area:people", outcome="not_selected")) == 1
    words = [row[WORDS] for row in lines(rita, asking, "comments", where="area:data")[1:]]
    assert words == ["Data"] * 10


def test_numbers_are_those_on_the_page(asking: Asking, rita: Browser) -> None:
    for score in (10, 9, 9, 7, 0):
        asking.answered(score=score)
    release()
    head, *rows = lines(rita, asking, "numbers")
    recommend = [dict(zip(head, row, strict=True)) for row in rows if "recommend applying" in row[0]]
    assert {row["Answered"] for row in recommend} == {"5"}
    assert {row["Figure"] for row in recommend} == {"40.00"}
    assert {row["Margin"] for row in recommend} == {"70.12"}
    assert sum(int(row["Count"]) for row in recommend) == 5


def test_a_score_below_zero_is_a_number_and_a_file_says_whose_it_is(asking: Asking, rita: Browser) -> None:
    for score in (0, 0, 3, 6, 9):
        asking.answered("Analyst", "data", REJECTED, score=score)
    release()
    head, *rows = lines(rita, asking, "numbers")
    recommend = [dict(zip(head, row, strict=True)) for row in rows if "recommend applying" in row[0]]
    assert {row["Figure"] for row in recommend} == {"-60.00"}
    assert {row["Which responses"] for row in recommend} == {"All"}
    head, *rows = lines(rita, asking, "numbers", where="area:data", outcome="not_selected")
    assert {row[head.index("Which responses")] for row in rows} == {"Data, Not selected"}


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\uff1d"])
def test_nothing_that_somebody_wrote_runs_in_a_spreadsheet(asking: Asking, rita: Browser, begins: str) -> None:
    for _ in range(10):
        asking.answered(words=f"{begins}1+1|cmd")
    release()
    for row in lines(rita, asking, "comments")[1:]:
        assert not row[WORDS].startswith(("=", "+", "-", "@", "\t", "\uff1d"))


def test_whatever_is_chosen_and_subtracted_nobody_stands_alone(asking: Asking, rita: Browser) -> None:
    places = [("Analyst", "data"), ("Modeller", "data"), ("Cook", "people"), ("Import", "")]
    for number in range(40):
        title, area = places[(number * 7) % 4 if number % 3 else 0]
        asking.answered(title, area, REJECTED if number % 4 else WITHDRAWN, score=number % 11, is_signed=not number % 9)
        if number % 13 == 12:
            release()
    release()
    page = rita.get(address_of(asking.survey_id))
    everything = count_on(page)
    assert everything >= 30
    shown = Counter({("", ""): everything})
    for where in ["", *page_choices(page.body, "where")]:
        for outcome in ["", *page_choices(page.body, "outcome")]:
            chosen = {name: value for name, value in (("where", where), ("outcome", outcome)) if value}
            shown[where, outcome] = count_on(rita.get(address_of(asking.survey_id), query_string=chosen))
            rows = len(lines(rita, asking, "responses", **chosen)) - 1
            assert rows == 0 or rows >= FEWEST
    for (where, outcome), count in shown.items():
        assert count == 0 or count >= FEWEST
        for wider in (("", outcome), (where, ""), ("", "")):
            assert shown[wider] - count == 0 or shown[wider] - count >= FEWEST


def page_choices(body: str, name: str) -> list[str]:
    """What a field of filters offers."""
    field = body.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
    return [part.split('"', 1)[0] for part in field.split('value="')[1:] if not part.startswith('"')]


AREAS = {1: "data", 2: "data", 3: "kitchen", 4: ""}
CUTS = [Cut(opening, AREAS[opening], outcome) for opening in AREAS for outcome in (REJECTED, WITHDRAWN, None)]


@given(st.lists(st.lists(st.sampled_from(CUTS), max_size=30), max_size=4))
def test_a_file_and_the_page_are_about_the_same_responses(releases: list[list[Cut]]) -> None:
    """What is narrowed by columns of a part holds what the tally counted in the scope of the same name."""
    tally: Counter[str] = Counter()
    parts, box = [], {}
    for number, cuts in enumerate(releases):
        box |= {f"{number}-{place}": Waiting(f"{number}-{place}", "1", cut) for place, cut in enumerate(cuts)}
        for part in parts_of(box.values()):
            parts.append(part)
            for scope in scopes_of(part.cut):
                tally[scope] += len(part.keys)
            for key in part.keys:
                del box[key]
    for scope, count in tally.items():
        narrowed = narrowed_by(scope)
        kind, _colon, key = narrowed.where.partition(":")
        rows = sum(
            len(part.keys)
            for part in parts
            if (kind != "area" or part.cut.area == key)
            and (kind != "opening" or part.cut.opening_id == int(key))
            and (narrowed.outcome is None or part.cut.outcome == narrowed.outcome)
        )
        assert rows == count >= FEWEST
