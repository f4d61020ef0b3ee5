"""Feedback on a phone: written and approved by colleagues, read by choice by the candidate; its pages in each state."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.feedback.states import FeedbackState
from tests.browser.conftest import Opener, faint_in_the_dark, overflow, violations
from tests.browser.test_joints import come_in
from tests.conftest import Time
from tests.feedback.written import WORDS, People, draft, handed_in, make_people, retracted, row, sent

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_from_a_first_word_to_a_question_on_a_phone(
    app: Flask, site: str, open_page: Opener, do_work: Callable[[], None], time: Time, javascript: bool
) -> None:
    people = make_people()
    staff = f"/recruiting/applications/{people.ada.public_id}/feedback"
    hugo = open_page(width=390, javascript=javascript)
    come_in(app, people.hugo, hugo, site, staff)
    _write(hugo)
    rita = open_page(width=390, javascript=javascript)
    come_in(app, people.rita, rita, site, "/recruiting/tasks")
    rita.get_by_role("link", name="Read it").first.click()
    expect(rita.get_by_text("They asked how the others did it.")).to_be_visible()
    rita.get_by_role("button", name="Approve it").click()
    expect(rita.get_by_text("Approved, and not sent yet")).to_be_visible()

    ada = open_page(width=390, javascript=javascript)
    come_in(app, people.ada.person_id, ada, site, f"/me/applications/{people.ada.public_id}")
    expect(ada.get_by_text("has written feedback for you")).to_have_count(0)
    time.pass_by(minutes=30)
    do_work()
    ada.reload()
    ada.get_by_role("link", name="Go to my feedback").click()
    expect(ada.get_by_role("button", name="Read it")).to_be_visible()
    assert WORDS.strong not in ada.content()
    ada.get_by_role("button", name="Read it").click()
    expect(ada.get_by_text(WORDS.strong)).to_be_visible()
    ada.get_by_role("button", name="It helped").click()
    expect(ada.get_by_text("You said that it helped.")).to_be_visible()
    ada.get_by_role("button", name="Say thank you").click()
    ada.get_by_label("Your question").fill("Which exercise do you mean?")
    ada.get_by_role("button", name="Ask").click()
    expect(ada.get_by_text("You asked your question on")).to_be_visible()
    assert overflow(ada) == 0
    hugo.goto(staff)
    expect(hugo.get_by_text("Asked on")).to_be_visible()
    assert overflow(hugo) == 0


def _write(hugo: Page) -> None:
    hugo.get_by_label("What was strong").fill(WORDS.strong)
    hugo.get_by_label("Which criterion it is about").select_option("SQL")
    hugo.get_by_label("What was missing").fill("Other candidates knew window functions.")
    hugo.get_by_label("One thing to try").fill(WORDS.try_this)
    assert overflow(hugo) == 0
    hugo.get_by_role("button", name="See it as they will").click()
    expect(hugo.get_by_text("“Other candidates”")).to_be_visible()
    assert overflow(hugo) == 0
    hugo.get_by_label("Why these words should stand").fill("They asked how the others did it.")
    hugo.get_by_role("button", name="Hand it in").click()
    expect(hugo.get_by_text("It waits to be approved")).to_be_visible()


def test_what_is_typed_saves_itself(app: Flask, site: str, open_page: Opener) -> None:
    people = make_people()
    hugo = open_page()
    come_in(app, people.hugo, hugo, site, f"/recruiting/applications/{people.ada.public_id}/feedback")
    hugo.get_by_label("What was strong").fill("You asked first.")
    expect(hugo.get_by_role("status").get_by_text("Saved at")).to_be_visible()
    hugo.get_by_label("One thing to try").fill("Say the figure first.")
    expect(hugo.get_by_role("status").get_by_text("Saved at")).to_be_visible()
    hugo.get_by_role("button", name="Save").click()
    expect(hugo.get_by_text("Saved as a draft.")).to_be_visible()
    assert row(people).state is FeedbackState.DRAFT
    assert (row(people).strong, row(people).try_this) == ("You asked first.", "Say the figure first.")


#: How it stands, the pages of colleagues that differ then, and those of the candidate.
STATES: dict[str, tuple[Callable[[People, Time], object], tuple[str, ...], tuple[str, ...]]] = {
    "draft": (
        lambda people, _time: draft(people, replace(WORDS, missing="Other candidates knew it. Great job.")),
        ("", "/feedback", "/feedback/preview"),
        (),
    ),
    "for approval": (lambda people, _time: handed_in(people), ("/feedback", "/feedback/approve"), ()),
    "sent": (sent, ("", "/feedback", "/feedback/retract"), ("", "/feedback")),
    "retracted": (retracted, ("/feedback",), ("", "/feedback")),
}


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_feedback_is_within_reach_of_everybody(
    app: Flask, site: str, open_page: Opener, time: Time, state: str
) -> None:
    people = make_people()
    begin, of_colleagues, of_candidates = STATES[state]
    begin(people, time)
    found: list[str] = []
    rita = open_page(width=320)
    for more in of_colleagues:
        come_in(app, people.rita, rita, site, f"/recruiting/applications/{people.ada.public_id}{more}")
        found += _look(rita)
    ada = open_page(width=320)
    for more in of_candidates:
        come_in(app, people.ada.person_id, ada, site, f"/me/applications/{people.ada.public_id}{more}")
        found += _look(ada)
    if state == "sent":
        ada.get_by_role("button", name="Read it").click()
        expect(ada.get_by_role("heading", name="What was strong")).to_be_visible()
        found += _look(ada)
    assert found == []


def _look(page: Page) -> list[str]:
    too_wide = [f"{page.url} is too wide"] if overflow(page) else []
    return [*too_wide, *(f"{page.url}: {one}" for one in [*violations(page), *faint_in_the_dark(page)])]
