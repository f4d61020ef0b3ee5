"""What a recruiter reads of an ending that waits, and how a letter is taken back on its page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.permissions import Role
from portal.outbox.actions import claim_next
from tests.conftest import Time
from tests.factories import Made, add_event, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # what is written stands in the tests of the actions, on both

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
MONDAY_AT_NINE = "Monday 9 March 2026, 09:00"
NO = {"end_reason": "missing_skill", "message": "We chose somebody else."}
WORD = {"status": "interviewing", "message": "A word.", "when": "other", "next_update_by": "2026-03-06"}


@pytest.fixture
def rita(app: Flask, time: Time) -> int:
    time.at = FRIDAY_EVENING
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst", recruiter_id=rita), rita, promised=MONDAY)


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(application: Made) -> str:
    return f"/recruiting/applications/{application.public_id}"


def send(desk: Browser, made: Made, **letter: str) -> object:
    if letter:
        return desk.submit(desk.get(path(made)), button="send", **letter)
    return desk.submit(desk.get(end(made)), button="send", **NO)


def end(made: Made) -> str:
    return f"{path(made)}/end?outcome=not_selected"


def test_the_preview_says_when_an_ending_goes(app: Flask, desk: Browser, rita: int, ada: Made, time: Time) -> None:
    page = desk.submit(desk.get(end(ada)), button="preview", **NO)
    assert f"This is an ending: it goes out on {MONDAY_AT_NINE}." in page.text
    assert "the day you promised" not in page.text
    time.at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    desk = signed_in(app, rita)
    page = desk.submit(desk.get(end(ada)), button="preview", **NO)
    assert "This is an ending. It goes at 09:15." in page.text


def test_the_preview_of_a_message_says_nothing_of_office_hours(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="preview", **WORD)
    assert "This is an ending" not in page.text


def test_a_promise_that_passes_before_the_ending_goes_is_said_beside_the_button(desk: Browser, rita: int) -> None:
    due = make_application(make_opening(), rita, promised=FRIDAY)
    words = "That is after Friday 6 March 2026, the day you promised."
    assert words in desk.get(end(due)).text
    page = desk.submit(desk.get(end(due)), button="preview", **NO)
    assert words in page.text.partition("Only for us")[0]
    page = desk.submit(page, having="message", button="send")
    assert "You promised them word by Friday 6 March 2026, which is before that." in page.text


def test_a_word_on_its_way_is_word_enough(desk: Browser, rita: int) -> None:
    due = make_application(make_opening(), rita, promised=FRIDAY)
    send(desk, due, **{**WORD, "next_update_by": "2026-03-09", "date_reason": "We decided late."})
    assert "the day you promised" not in desk.get(path(due)).text


def test_an_ending_that_waits_says_until_when_and_nobody_writes_past_it(desk: Browser, ada: Made) -> None:
    page = send(desk, ada)
    assert f"The ending waits until {MONDAY_AT_NINE}." in page.text
    assert f"An ending waits until {MONDAY_AT_NINE}" in page.text
    assert "Waits for office hours" in page.text.partition("What has happened so far")[2]
    assert "Send now" not in page.text
    assert "An ending waits to go" in desk.get("/recruiting/applications").text


def test_the_candidate_reads_nothing_of_an_ending_that_waits(app: Flask, desk: Browser, ada: Made) -> None:
    before = signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}")
    send(desk, ada)
    candidate = signed_in(app, ada.person_id)
    assert candidate.get(f"/me/applications/{ada.public_id}").text == before.text
    assert "We chose somebody else." not in candidate.get("/me/privacy").text


def test_taking_it_back_brings_the_words_into_the_form_and_all_is_as_before(
    app: Flask, desk: Browser, ada: Made
) -> None:
    page = desk.submit(send(desk, ada), action="take-back")
    assert "Taken back. Nothing was sent." in page.text
    assert "An ending that was taken back is kept" in page.text
    assert "Not selected" not in page.text.partition("What has happened so far")[2]
    page = signed_in(app, make_staff("Otto Berg")).get(f"{path(ada)}/end")
    assert page.form(having="message").values["message"] == "We chose somebody else."
    candidate = signed_in(app, ada.person_id)
    for where in (f"/me/applications/{ada.public_id}", "/me/privacy", "/me/"):
        assert "We chose somebody else." not in candidate.get(where).text
    page = desk.submit(desk.get(f"{path(ada)}/end"), having="message", button="send", end_reason="missing_skill")
    assert f"The ending waits until {MONDAY_AT_NINE}." in page.text


def test_a_day_and_its_reason_come_back_too(desk: Browser, ada: Made) -> None:
    typed = {**WORD, "next_update_by": "2026-03-12", "date_reason": "Hugo is away."}
    page = desk.submit(send(desk, ada, **typed), action="take-back")
    form = page.form(having="message").values
    assert {name: form[name] for name in typed} == typed


def test_the_words_can_be_thrown_away(desk: Browser, ada: Made) -> None:
    page = desk.submit(send(desk, ada), action="take-back")
    page = desk.submit(page, action="throw-away")
    assert "The letter was thrown away." in page.text
    assert page.form(having="message").values["message"] == ""
    assert "that was taken back" not in page.text


def test_a_letter_that_a_worker_has_says_it_has_gone(desk: Browser, ada: Made) -> None:
    page = send(desk, ada, **WORD)
    assert claim_next("a-worker", clock.now() + timedelta(minutes=15)) is not None
    page = desk.submit(page, action="take-back")
    assert "It has gone already, so it cannot be taken back." in page.text
    assert not [form for form in page.forms if form.action.endswith("take-back")]


def test_an_older_letter_that_waits_is_taken_back_from_the_history(desk: Browser, ada: Made) -> None:
    send(desk, ada, **WORD)
    page = send(desk, ada, **{**WORD, "message": "Another word."})
    buttons = [form for form in page.forms if form.action.endswith("take-back")]
    assert len(buttons) == 2
    page = desk.post(buttons[1].action, buttons[1].values)
    assert page.form(having="message").values["message"] == "A word."
    assert "Another word." in page.text.partition("What has happened so far")[2]


def test_a_form_that_was_open_when_the_ending_was_written_keeps_its_words(app: Flask, desk: Browser, ada: Made) -> None:
    mine = desk.get(path(ada))
    send(signed_in(app, make_staff("Otto Berg")), ada)
    page = desk.submit(mine, expect=409, button="send", **WORD)
    page = desk.submit(page, having="message", button="send", expect=409)
    assert "An ending waits to go. Take it back before you write something else." in page.text
    assert page.form(having="message").values["message"] == "A word."


def test_a_hiring_manager_reads_that_it_waits_and_takes_nothing_back(app: Flask, desk: Browser, rita: int) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_application(make_opening(manager_id=hugo), rita, promised=MONDAY)
    page = send(desk, own)
    form = page.form(action="take-back")
    browser = signed_in(app, hugo)
    page = browser.get(path(own))
    assert f"An ending waits until {MONDAY_AT_NINE}" in page.text
    assert "Take it back" not in page.text
    token = page.form(action="/sign-out").values["csrf_token"]
    browser.post(form.action, {"csrf_token": token}, expect=404)
    browser.post(f"{path(own)}/throw-away", {"csrf_token": token}, expect=404)


def test_after_sending_a_link_leads_to_the_next_who_waits(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    first = make_application(opening, rita, name="Ada Lind", promised=date(2026, 3, 4))
    then = make_application(make_opening("Baker"), rita, name="Bob Eriksen", promised=date(2026, 3, 5))
    page = send(desk, first)
    assert "Next: Bob Eriksen" in page.text
    assert f"{path(then)}#letter" in page.links
    assert "Next:" not in send(desk, then).text


def test_the_next_who_wait_alike_are_one_link_to_their_list(desk: Browser, rita: int, ada: Made) -> None:
    opening = make_opening("Nurse")
    for name in ("Bob Eriksen", "Cem Demir"):
        make_application(opening, rita, name=name, promised=FRIDAY)
    page = send(desk, ada)
    assert "Next: 2 people, Nurse" in page.text
    found = desk.get(next(link for link in page.links if "due=y" in link))
    assert "Bob Eriksen" in found.text
    assert "Cem Demir" in found.text
    assert "Next:" not in desk.get(path(make_application(opening, rita))).text


def test_once_it_has_gone_the_page_says_so(desk: Browser, ada: Made) -> None:
    send(desk, ada)
    settle_mail()
    page = desk.get(path(ada))
    assert page.find("data-status").get("data-status") == "not_selected"
    assert "An ending waits until" not in page.text
    assert "Send now" in page.text


def test_the_page_of_an_ended_application_promises_nothing(desk: Browser, ada: Made) -> None:
    add_event(ada.id, status=ApplicationStatus.NOT_SELECTED, message="No.")
    assert "the day you promised" not in desk.get(path(ada)).text
