"""What people wrote, from ten on and never beside their numbers; and what they put their name to."""

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.privacy.actions import erase_person
from portal.surveys.states import Touchpoint
from tests.factories import make_staff, signed_in
from tests.pages import Browser
from tests.surveys.box import Asking, release, tell
from tests.surveys.results import address_of
from tests.surveys.rows import make_survey


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


@pytest.fixture
def rita(app: Flask) -> Browser:
    return signed_in(app, make_staff("Rita Sander", email="rita@example.org"))


def write(asking: Asking, count: int, *, title: str = "Analyst", area: str = "data", words: str = "Thought") -> None:
    for number in range(count):
        asking.answered(title, area, words=f"{words} number {number}")
    release()


def test_nine_texts_are_read_by_nobody(asking: Asking, rita: Browser) -> None:
    write(asking, 9)
    page = rita.get(address_of(asking.survey_id) + "/comments")
    assert "Nothing to read yet" in page.text
    assert "Thought" not in page.text
    assert "Thought" not in rita.get(address_of(asking.survey_id)).text


def test_ten_texts_are_read_with_their_question_and_nothing_else_of_whoever_wrote(
    asking: Asking, rita: Browser
) -> None:
    write(asking, 10)
    page = rita.get(address_of(asking.survey_id) + "/comments")
    assert all(f"Thought number {number}" in page.text for number in range(10))
    assert page.text.count("What should we do otherwise?") >= 10
    assert "10 texts" in page.text


def test_texts_stand_in_another_order_than_they_were_sent_in(asking: Asking, rita: Browser) -> None:
    write(asking, 40)
    text = rita.get(address_of(asking.survey_id) + "/comments").text
    places = [text.index(f"Thought number {number} ") for number in range(40)]
    assert places != sorted(places)


def test_texts_are_found_by_words_and_by_question(asking: Asking, rita: Browser) -> None:
    write(asking, 12)
    address = address_of(asking.survey_id) + "/comments"
    found = rita.get(address, query_string={"q": "NUMBER 11"}).text
    assert "Thought number 11" in found
    assert "Thought number 10" not in found
    assert "Nothing fits" in rita.get(address, query_string={"question": "q-word"}).text
    assert "Thought number 3" in rita.get(address, query_string={"question": "q-long"}).text
    assert "Nothing fits" in rita.get(address, query_string={"q": "100%_"}).text


def test_texts_are_found_however_their_letters_are_typed(asking: Asking, rita: Browser) -> None:
    write(asking, 10, words="Grüße aus Łódź, and I don't\nknow")
    address = address_of(asking.survey_id) + "/comments"
    for typed in ("łódź", "LODZ", "grusse", "dont know", "don’t", "  Lodz,  10 "):
        found = rita.get(address, query_string={"q": typed}).text
        assert ("Grüße" in found) == ("10" not in typed), typed
    assert "10 texts" in rita.get(address, query_string={"q": "lodz"}).text


def test_a_search_says_how_many_there_are_on_every_page(asking: Asking, rita: Browser) -> None:
    write(asking, 61)
    address = address_of(asking.survey_id) + "/comments"
    for number, shown in ((1, 50), (2, 11)):
        page = rita.get(address, query_string={"q": "thought", "page": str(number)})
        assert page.body.count("<bdi>Thought number") == shown
        assert "61 texts" in page.text
    assert "61 texts" in rita.get(address, query_string={"q": "thought", "page": "9"}, follow=True).text


def test_texts_narrow_to_what_was_released_for_ten(asking: Asking, rita: Browser) -> None:
    write(asking, 10, words="Data")
    write(asking, 6, title="Cook", area="people", words="Kitchen")
    address = address_of(asking.survey_id) + "/comments"
    assert "Data number" in rita.get(address, query_string={"where": "area:data"}).text
    narrowed = rita.get(address, query_string={"where": "area:people"}).text
    assert "Nothing fits" in narrowed
    assert "Kitchen" not in narrowed


def test_what_somebody_wrote_is_text_and_nothing_else(asking: Asking, rita: Browser) -> None:
    write(asking, 10, words="<script>alert(1)</script> {{ 7 * 7 }}")
    page = rita.get(address_of(asking.survey_id) + "/comments")
    assert "<script>alert(1)" not in page.body
    assert "{{ 7 * 7 }}" in page.text


def test_many_texts_come_in_pages(asking: Asking, rita: Browser) -> None:
    write(asking, 55)
    address = address_of(asking.survey_id) + "/comments"
    assert "page 1 of 2" in rita.get(address).text
    assert "page 2 of 2" in rita.get(address, query_string={"page": "2"}).text
    assert "page 1 of 2" in rita.get(address, query_string={"page": "9"}).text


def test_signed_answers_stand_with_their_name(asking: Asking, rita: Browser) -> None:
    asking.answered(score=3, words="You never wrote.", is_signed=True)
    page = rita.get(address_of(asking.survey_id) + "/signed")
    assert "3 of 10" in page.text
    assert "You never wrote." in page.text
    assert "Not to be written to about it" in page.text


def test_unsigned_answers_never_stand_there(asking: Asking, rita: Browser) -> None:
    write(asking, 10)
    page = rita.get(address_of(asking.survey_id) + "/signed")
    assert "Nobody signed yet" in page.text


def test_what_was_signed_before_the_decision_is_read_after_it(app: Flask, rita: Browser) -> None:
    asking = Asking(make_survey(Touchpoint.INTERVIEWED))
    made = asking.answered(status=ApplicationStatus.INTERVIEWING, words="It was kind.", is_signed=True)
    address = address_of(asking.survey_id) + "/signed"
    assert "It was kind." not in rita.get(address).text
    tell(made)
    assert "It was kind." in rita.get(address).text


def test_what_was_signed_goes_with_the_person(asking: Asking, rita: Browser) -> None:
    made = asking.answered(words="You never wrote.", is_signed=True)
    erase_person(made.person_id, None, clock.now())
    assert "You never wrote." not in rita.get(address_of(asking.survey_id) + "/signed").text
