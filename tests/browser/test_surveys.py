"""A survey of twelve questions: with one thumb on a phone, by keyboard alone, without scripts, on two devices."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from portal.surveys.states import Touchpoint
from tests.browser.conftest import PATIENCE, Opener, faint_in_the_dark, give_session, overflow, violations
from tests.factories import signed_in
from tests.surveys.answering import TWELVE, Invited, ask_somebody, ballots, change_invitation, invitation, saved
from tests.surveys.rows import make_survey

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser

ANSWERS = {
    "q-recommend": 9,
    "q-fair": 10,
    "q-happy": 4,
    "q-effort": 2,
    "q-who": "a",
    "q-what": ["a", "b"],
    "q-word": "kind",
    "q-long": "Nothing.",
    "q-met": 5,
    "q-most": "people",
    "q-next": 1,
    "q-else": "Thank you.",
}
#: Pixels that a finger needs.
FINGER = 44


@pytest.fixture
def asked(app: Flask) -> Invited:
    return ask_somebody(survey_id=make_survey(Touchpoint.INTERVIEWED, TWELVE))


@pytest.fixture
def phone(browser: Browser, playwright: Playwright, site: str) -> Iterator[Callable[[bool], Page]]:
    """Opens a phone with touch as Chromium emulates it, 390 pixels wide; with scripts or without."""
    contexts = []

    def make(javascript: bool) -> Page:
        device = {**playwright.devices["iPhone 13"], "default_browser_type": None}
        device.pop("default_browser_type")
        contexts.append(
            browser.new_context(**device, base_url=site, java_script_enabled=javascript, reduced_motion="reduce")
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_twelve_questions_with_one_thumb(asked: Invited, phone: Callable[[bool], Page], javascript: bool) -> None:
    page = phone(javascript)
    page.goto(asked.link)
    _tap(page.get_by_role("link", name="Start"))
    for number, (question_id, answer) in enumerate(ANSWERS.items(), 1):
        expect(page.get_by_text(f"Question {number} of 12")).to_be_visible()
        if isinstance(answer, str) and question_id not in {"q-who", "q-most"}:
            page.locator(f"[name={question_id}]").fill(answer)
        else:
            for one in answer if isinstance(answer, list) else [answer]:
                _tap(page.locator("label.choice").filter(has=page.locator(f"input[value='{one}']")))
        assert overflow(page) == 0
        _tap(page.get_by_role("button", name="Next" if number < 12 else "Go on"), without_scrolling=True)
    expect(page.get_by_role("heading", name="With or without your name?")).to_be_visible()
    _tap(page.get_by_role("button", name="Go on"), without_scrolling=True)
    expect(page.get_by_role("heading", name="May somebody write to you about it?")).to_be_visible()
    _tap(page.get_by_role("button", name="Send my answers"), without_scrolling=True)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [ballot.answers for ballot in ballots()] == [ANSWERS]


def test_twelve_questions_by_keyboard_alone(asked: Invited, open_page: Opener) -> None:
    page = open_page()
    page.goto(asked.link)
    _tab_to(page, "a.button")
    page.keyboard.press("Enter")
    for number, (question_id, answer) in enumerate(ANSWERS.items(), 1):
        page.get_by_text(f"Question {number} of 12").wait_for()
        _tab_to(page, f"[name={question_id}]")
        assert _has_a_visible_focus(page)
        _give_by_keyboard(page, question_id, answer)
        _tab_to(page, "button[value=on]")
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="With or without your name?").wait_for()
    _tab_to(page, "form[action$=contact] button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="May somebody write to you about it?").wait_for()
    _tab_to(page, "form[action$=send] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [ballot.answers for ballot in ballots()] == [ANSWERS]


def test_the_enter_key_goes_on_and_never_back(asked: Invited, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{asked.link}/questions/q-word")
    page.locator("[name=q-word]").fill("kind")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 8 of 12")).to_be_visible()


def test_what_is_typed_is_saved_and_goes_on_on_another_device(
    asked: Invited, open_page: Opener, phone: Callable[[bool], Page]
) -> None:
    desk = open_page()
    desk.goto(f"{asked.link}/questions/q-long")
    desk.locator("[name=q-long]").fill("They were on time.")
    expect(desk.get_by_text("Saved, not sent yet.")).to_be_visible()
    assert saved(asked) == {"q-long": "They were on time."}
    other = phone(True)
    other.goto(asked.link)
    expect(other.get_by_text("1 of 12 questions have an answer of yours")).to_be_visible()
    _tap(other.get_by_role("link", name="Go on where you were"))
    expect(other.get_by_text("Question 9 of 12")).to_be_visible()
    _tap(other.get_by_role("button", name="Back"))
    expect(other.locator("[name=q-long]")).to_have_value("They were on time.")
    assert desk.evaluate("localStorage.length") == 0


def test_what_is_typed_and_wiped_out_again_is_not_kept(asked: Invited, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{asked.link}/all")
    page.locator("[name=q-word]").fill("rude")
    expect(page.get_by_text("Saved, not sent yet.")).to_be_visible()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("[name=q-word]").fill("")
    assert saved(asked) == {}


def test_a_script_says_when_nothing_is_taken_any_more(asked: Invited, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{asked.link}/questions/q-long")
    page.locator("[name=q-long]").press_sequentially("They were")
    expect(page.get_by_text("Saved, not sent yet.")).to_be_visible()
    change_invitation(asked, closes_on=invitation(asked).asked_on.replace(year=2025))
    page.locator("[name=q-long]").press_sequentially(" on time.")
    expect(page.get_by_text("takes no answers any more")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_all_on_one_page_and_what_is_missing_is_one_tap_away(
    asked: Invited, open_page: Opener, javascript: bool
) -> None:
    page = open_page(width=390, javascript=javascript)
    page.goto(asked.link)
    page.get_by_role("link", name="All questions on one page").click()
    page.locator("label.choice", has=page.locator("[name=q-fair][value='3']")).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="2 questions still wait")).to_be_visible()
    page.get_by_role("link", name="Answer them now").click()
    page.locator("label.choice", has=page.locator("[value='7']")).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="One question still waits")).to_be_visible()
    page.get_by_role("link", name="How was it to talk with us?").click()
    page.locator("label.choice", has=page.locator("[value='5']")).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="With or without your name?")).to_be_visible()
    assert saved(asked) == {"q-recommend": 7, "q-fair": 3, "q-met": 5}


def test_every_page_of_it_can_be_read_and_used_by_everybody(
    app: Flask, asked: Invited, open_page: Opener, site: str
) -> None:
    page, found = open_page(width=390), []
    questions = [f"questions/{one.id}" for one in TWELVE.questions if one.id not in {"q-fair", "q-happy", "q-else"}]
    before = ("", *questions, "all", "finish")
    for path in before:
        found += _look(page, f"{asked.link}/{path}".rstrip("/"))
    page.goto(f"{asked.link}/all")
    for question_id in ("q-recommend", "q-met"):
        page.locator("label.choice", has=page.locator(f"[name={question_id}][value='5']")).click()
    page.locator("[name=q-word]").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(201) }"
    )
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".error-summary")).to_be_focused()
    found += violations(page)
    for path in ("", "finish", "contact"):
        found += _look(page, f"{asked.link}/{path}".rstrip("/"))
    give_session(page, signed_in(app, asked.made.person_id), site)
    for path in ("/me/surveys", asked.own, "/me/"):
        found += _look(page, path)
    page.goto(f"{asked.link}/contact")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    found += violations(page)
    for path in (asked.link, "/me/surveys"):
        found += _look(page, path)
    change_invitation(asked, is_answered=False, lot=None, closes_on=invitation(asked).asked_on.replace(year=2025))
    found += _look(page, asked.link)
    assert found == []


def test_eleven_numbers_fit_the_smallest_phone_in_two_rows(asked: Invited, open_page: Opener) -> None:
    page = open_page(width=320)
    page.goto(f"{asked.link}/questions/q-recommend")
    boxes = [one.bounding_box() for one in page.locator("label.choice").all()]
    assert len(boxes) == 11
    assert all(box and box["width"] >= FINGER and box["height"] >= FINGER for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) == 2


def _look(page: Page, path: str) -> list[str]:
    page.goto(path)
    found = [f"{path}: {line}" for line in (*violations(page), *faint_in_the_dark(page))]
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == 0, f"{path} is wider than {width}"
    return found


def _tap(target: Locator, *, without_scrolling: bool = False) -> None:
    """Touch what is large enough for a finger; `without_scrolling`: what the thumb finds where it is."""
    box = target.bounding_box()
    assert box is not None
    assert box["width"] >= FINGER, box
    assert box["height"] >= FINGER, box
    if without_scrolling:
        height = target.page.viewport_size
        assert height is not None
        assert box["y"] + box["height"] <= height["height"], "below the edge of the phone"
    target.tap()


def _tab_to(page: Page, selector: str) -> None:
    """Press the tab key until something that matches has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


def _give_by_keyboard(page: Page, question_id: str, answer: object) -> None:
    if isinstance(answer, list):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    elif question_id in {"q-word", "q-long", "q-else"}:
        page.keyboard.type(str(answer))
    else:
        page.keyboard.press("Space")
        while page.evaluate("document.activeElement.value") != str(answer):
            page.keyboard.press("ArrowRight")


def _has_a_visible_focus(page: Page) -> bool:
    """Whether the field itself or the choice around it is outlined, or has the shadow that fields have instead."""
    script = """() => {
        const field = document.activeElement;
        const shown = [field, field.closest('.choice')].filter(Boolean).map((one) => getComputedStyle(one));
        return shown.some(({ outlineStyle, outlineColor, boxShadow }) =>
            (outlineStyle !== 'none' && outlineColor !== 'rgba(0, 0, 0, 0)') || boxShadow !== 'none');
    }"""
    return bool(page.evaluate(script))
