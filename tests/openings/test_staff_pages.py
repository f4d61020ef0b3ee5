"""The staff's pages on which openings are written, previewed, published and stopped."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.actions import save_draft
from portal.openings.models import Opening, OpeningDraft
from portal.openings.rules import OpeningContent, from_json
from portal.openings.states import QuestionKind
from tests.conftest import Time
from tests.factories import make_opening, make_staff, public_id_of, published_content, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

#: What the page on which an opening is written holds when nothing is missing.
WHOLE: dict[str, Any] = {
    "summary": "You find out what our numbers say.",
    "area": "data",
    "places": "Warsaw, Poland\nThe moon\n",
    "work_modes": ["hybrid"],
    "work": "You ask, you count, you tell.\n\n# Mondays\n\n- We plan",
    "hard": "Half of the numbers are wrong.",
    "team": "Five people.",
    "pay_lowest": "60,000",
    "pay_highest": "75 000",
    "pay_currency": "eur",
    "is_pool": "no",
    "is_ai_used": "no",
    "stages-0-name": "A talk",
    "stages-0-what_happens": "We talk about your work.",
    "stages-0-with_whom": "Hugo",
    "stages-0-how_long": "45 minutes",
    "decision_by": "2026-05-29",
}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return {
        "rita": make_staff("Rita Sander", email="rita@example.org"),
        "hugo": make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org"),
        "lena": make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org"),
    }


@pytest.fixture
def rita(app: Flask, people: dict[str, int]) -> Browser:
    return signed_in(app, people["rita"])


def begin(browser: Browser, title: str = "Data Analyst", **values: Any) -> Page:
    """The page on which a new opening is written."""
    return browser.submit(browser.get("/recruiting/openings/new"), title=title, **values)


def opening() -> Opening:
    """The opening that was begun last."""
    end_reading()
    return session().scalars(select(Opening).order_by(Opening.id.desc()).limit(1)).one()


def written() -> OpeningContent:
    """What its draft says."""
    opening_id = opening().id
    return from_json(session().get_one(OpeningDraft, opening_id).content)


def named(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields whose names are no names in Python."""
    return fields


def page_of(part: str = "") -> str:
    return f"/recruiting/openings/{opening().public_id}{part}"


def write_whole(browser: Browser, people: dict[str, int]) -> Page:
    """Write an opening in which nothing is missing; its page."""
    page = browser.submit(begin(browser), button="Save", **WHOLE)
    return browser.submit(page, manager=public_id_of(people["hugo"]))


def test_an_opening_is_written_previewed_published_and_stopped(rita: Browser, people: dict[str, int]) -> None:
    page = write_whole(rita, people)
    assert "Nothing is missing" in page.text
    preview = rita.get(page_of("/preview"))
    for words in ("€60,000 to €75,000 a year", "Warsaw, Poland; The moon", "Mondays", "A talk", "Hugo Berg"):
        assert words in preview.text
    page = rita.submit(page, having="early_days")
    assert "Published. Everybody sees it from Saturday 7 March 2026" in page.text
    assert "Members whose interests fit see it now." in page.text
    assert "Version 1" in page.text
    page = rita.submit(page, action="/stop", having="csrf_token")
    assert "Nobody can apply any more" in page.text
    page = rita.submit(page, having="early_days")
    assert "Members whose interests fit see it now." in page.text


def test_what_is_missing_is_listed_with_links_to_where_it_is_said(rita: Browser) -> None:
    begin(rita)
    page = rita.get(page_of())
    assert "14 things are missing" in page.text or "things are missing" in page.text
    edit = rita.get(page_of("/edit"))
    assert edit.tree is not None
    assert page.tree is not None
    ids = {e.get("id") for tree in (edit.tree, page.tree) for e in tree.iter()}
    anchors = [link.partition("#")[2] for link in page.links if "#" in link and page_of() in link]
    assert {"hard", "pay_lowest", "stages", "is_ai_used", "manager", "decision_by"} <= set(anchors)
    assert set(anchors) <= ids


def test_publishing_too_early_says_what_is_missing_and_a_reason_lets_it_through(rita: Browser) -> None:
    begin(rita)
    page = rita.submit(rita.get(page_of()), having="early_days", early_days="5", expect=422)
    assert "It is not published yet" in page.text
    assert page.form(having="early_days").values["early_days"] == "5"
    page = rita.submit(page, having="early_days", reason="soon", expect=422)
    assert "Please say in a sentence" in page.text
    page = rita.submit(page, having="early_days", reason="The board wants it out today.")
    assert "Published although something was missing: The board wants it out today." in page.text


@pytest.mark.parametrize("days", ["-1", "31", "many", ""])
def test_early_days_that_make_no_sense_are_refused(rita: Browser, people: dict[str, int], days: str) -> None:
    page = write_whole(rita, people)
    page = rita.submit(page, having="early_days", early_days=days, expect=422)
    assert "whole number from 0 to 30" in page.text
    assert opening().version_number == 0


def test_what_was_typed_is_read_as_it_was_meant(rita: Browser) -> None:
    rita.submit(begin(rita), button="Save", **WHOLE)
    content = written()
    assert (content.pay.lowest, content.pay.highest, content.pay.currency) == (Decimal(60_000), Decimal(75_000), "EUR")
    assert [(place.key, place.label) for place in content.places] == [
        ("geonames:756135", "Warsaw, Poland"),
        ("the moon", "The moon"),
    ]
    assert content.is_pool is False
    assert len(content.stages) == 1


def test_what_cannot_be_read_is_said_beside_the_field_and_everything_typed_stays(rita: Browser) -> None:
    wrong: dict[str, Any] = {"title": "", "pay_lowest": "a lot", "pay_currency": "gold", "stages-0-name": "x" * 81}
    page = rita.submit(begin(rita), button="Save", expect=422, **{**WHOLE, **wrong})
    values = page.form(having="hard").values
    for name, typed in {**WHOLE, **wrong}.items():
        assert values[name] == typed, name
    for words in ("Please give it a title.", "an amount in figures", "three letters", "under 80 characters"):
        assert words in page.text
    assert written().hard == ""


def test_a_range_the_wrong_way_round_is_said(rita: Browser) -> None:
    page = rita.submit(begin(rita), button="Save", pay_lowest="5", pay_highest="4", expect=422)
    assert "This is less than where the range begins." in page.text


def test_stages_are_added_moved_and_removed_without_a_script_and_nothing_is_saved(rita: Browser) -> None:
    page = begin(rita)
    page = rita.submit(page, button="stages:add", **WHOLE, pay_note="?" * 400)
    values = page.form(having="hard").values
    assert (values["pay_lowest"], values["stages-0-name"], values["stages-1-name"]) == ("60,000", "A talk", "")
    assert len(values["pay_note"]) == 400
    page = rita.submit(page, button="stages:up:1", **named({"stages-1-name": "A task"}))
    values = page.form(having="hard").values
    assert (values["stages-0-name"], values["stages-1-name"]) == ("A task", "A talk")
    page = rita.submit(page, having="hard", button="stages:remove:0")
    assert page.form(having="hard").values["stages-0-name"] == "A talk"
    assert "stages-1-name" not in page.form(having="hard").names
    assert written().stages == ()


def test_questions_are_written_and_one_of_several_needs_answers(rita: Browser) -> None:
    page = rita.submit(begin(rita), button="questions:add", title="Nurse")
    asked: dict[str, Any] = {"questions-0-words": "Which shift?", "questions-0-kind": "single_choice"}
    page = rita.submit(page, button="Save", expect=422, **asked, **named({"questions-0-choices": "Nights"}))
    assert "at least two answers" in page.text
    rita.submit(page, button="Save", **named({"questions-0-choices": "Nights\nDays\n\nDays"}))
    (question,) = written().questions
    assert (question.words, question.kind, question.choices) == (
        "Which shift?",
        QuestionKind.SINGLE_CHOICE,
        ("Nights", "Days"),
    )
    rita.submit(rita.get(page_of("/edit")), button="Save", **named({"questions-0-words": "Which shift suits you?"}))
    assert written().questions == (replace(question, words="Which shift suits you?"),)


def test_enter_in_a_field_saves(rita: Browser) -> None:
    page = begin(rita)
    first = page.form(having="hard").buttons[0]
    assert first == ("", "", "Save")


def test_save_and_preview_saves_and_shows_it(rita: Browser) -> None:
    page = rita.submit(begin(rita), button="preview", **WHOLE)
    assert page.path.endswith("/preview")
    assert "Half of the numbers are wrong." in page.text


def test_two_who_write_at_once_see_both_and_lose_nothing(rita: Browser, people: dict[str, int]) -> None:
    page = begin(rita)
    theirs = published_content(hard="Their words.")
    save_draft(opening().id, theirs, revision=1, actor_id=people["hugo"], now=clock.now())
    page = rita.submit(page, button="Save", expect=409, **{**WHOLE, "hard": "My words."})
    for words in ("Hugo Berg saved this opening while your page was open", "Their words.", "My words."):
        assert words in page.text
    assert page.form(having="hard").values["hard"] == "My words."
    assert written() == theirs
    rita.submit(page, having="hard", button="Save")
    assert written().hard == "My words."


def test_publishing_what_a_colleague_changed_meanwhile_asks_again(rita: Browser, people: dict[str, int]) -> None:
    page = write_whole(rita, people)
    changed = replace(written(), hard="Their words.")
    save_draft(opening().id, changed, revision=2, actor_id=people["hugo"], now=clock.now())
    page = rita.submit(page, having="early_days", expect=409)
    assert "Nothing was published" in page.text
    rita.submit(page, having="early_days")
    assert opening().version_number == 1


def test_a_new_version_says_what_changed_and_the_old_one_is_still_there(
    rita: Browser, people: dict[str, int], time: Time
) -> None:
    page = write_whole(rita, people)
    rita.submit(page, having="early_days")
    page = rita.submit(rita.get(page_of("/edit")), button="Save", hard="All of the numbers are wrong.")
    assert "not published yet: What is hard about this role" in page.text
    rita.submit(page, having="early_days")
    assert "Half of the numbers are wrong." in rita.get(page_of("/versions/1")).text
    second = rita.get(page_of("/versions/2"))
    assert "What changed with it" in second.text
    assert "Half of the numbers are wrong." in second.text
    rita.get(page_of("/versions/3"), expect=404)


def test_the_list_is_narrowed_by_words_state_and_recruiter(rita: Browser, people: dict[str, int]) -> None:
    make_opening("100% Baker")
    make_opening("Nurse", recruiter_id=people["rita"])
    begin(rita)
    assert [title in rita.get("/recruiting/openings?q=0%25+b").text for title in ("100% Baker", "Nurse")] == [
        True,
        False,
    ]
    mine = rita.get(f"/recruiting/openings?owner={public_id_of(people['rita'])}").text
    assert "Nurse" in mine
    assert "Data Analyst" in mine
    assert "Baker" not in mine
    assert "No opening fits" in rita.get("/recruiting/openings?state=published").text
    assert "100% Baker" in rita.get("/recruiting/openings?state=nonsense").text


def test_openings_of_one_name_are_told_apart_in_the_list(rita: Browser) -> None:
    make_opening("Baker")
    for _number in range(2):
        make_opening("Nurse")
    listed = rita.get("/recruiting/openings").text.partition("Decision by")[2]
    numbers = re.findall(r"Nurse From greenhouse (no\. opening-\d+)", listed)
    assert len(set(numbers)) == 2
    assert "Baker From greenhouse Draft" in listed


def test_an_empty_list_says_what_would_fill_it(app: Flask, rita: Browser, people: dict[str, int]) -> None:
    assert "Write the first one" in rita.get("/recruiting/openings").text
    hugo = signed_in(app, people["hugo"]).get("/recruiting/openings")
    assert "as soon as a recruiter names you" in hugo.text
    assert not any(link.endswith("/new") for link in hugo.links)


def test_an_imported_opening_is_written_and_published_too(rita: Browser, people: dict[str, int]) -> None:
    make_opening("Baker", recruiter_id=people["rita"], manager_id=people["hugo"])
    assert "It came with an import" in rita.get(page_of()).text
    page = rita.submit(rita.get(page_of("/edit")), button="Save", **WHOLE)
    page = rita.submit(page, having="early_days")
    assert "Version 1" in page.text
    assert opening().slug == "baker"


def test_a_copy_begins_with_what_the_other_says(rita: Browser) -> None:
    rita.submit(begin(rita), button="Save", **WHOLE)
    page = rita.get(f"/recruiting/openings/new?copy_of={opening().public_id}")
    page = rita.submit(page, title="Data Analyst II")
    values = page.form(having="hard").values
    assert (values["title"], values["hard"], values["decision_by"]) == ("Data Analyst II", WHOLE["hard"], "")


def test_a_title_is_needed_to_begin(rita: Browser) -> None:
    assert "Please give it a title." in rita.submit(rita.get("/recruiting/openings/new"), title=" ", expect=422).text


def test_a_hiring_manager_reads_their_own_and_changes_nothing(
    app: Flask, rita: Browser, people: dict[str, int]
) -> None:
    page = write_whole(rita, people)
    rita.submit(page, having="early_days")
    hugo, lena = signed_in(app, people["hugo"]), signed_in(app, people["lena"])
    assert "Data Analyst" in hugo.get("/recruiting/openings").text
    assert "Data Analyst" not in lena.get("/recruiting/openings").text
    page = hugo.get(page_of())
    assert not [form for form in page.forms if form.action.startswith("/recruiting/openings")]
    for part in ("", "/preview", "/versions/1"):
        hugo.get(page_of(part))
        lena.get(page_of(part), expect=404)
    hugo.get(page_of("/edit"), expect=404)
    hugo.get("/recruiting/openings/new", expect=404)
    own_token = hugo.get("/me/account").form(having="csrf_token").values["csrf_token"]
    for part in ("/edit", "/publish", "/stop", "/people"):
        hugo.post(page_of(part), {"csrf_token": own_token}, expect=404)


def test_another_recruiter_gets_future_applications_only_and_the_page_says_so(
    rita: Browser, people: dict[str, int]
) -> None:
    begin(rita)
    page = rita.get(page_of())
    assert "gets the applications that come from now on" in page.text
    page = rita.submit(page, recruiter="")
    assert "The recruiter who looks after it" in page.text
    page = rita.submit(page, recruiter="not-there", expect=422)


def test_what_is_written_while_the_session_ends_is_kept(app: Flask, people: dict[str, int]) -> None:
    browser = signed_in(app, people["rita"])
    page = begin(browser)
    form = page.form(having="hard")
    with browser.client.session_transaction() as cookie:
        cookie.pop("_user_id")
    sent = {**form.values, **WHOLE, "stages-1-name": "A task"}
    answer = browser.client.post(page_of("/edit"), data=sent)
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
