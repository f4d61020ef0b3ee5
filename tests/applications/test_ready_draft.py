"""A promise comes up: a draft is in the form, and what happened before is said in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.applications.actions import latest_promise, preview_letter
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, Channel, EventKind
from portal.core import clock
from portal.core.permissions import Role
from tests.applications.promise_jobs import work
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    public_id_of,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)
DRAFT = "I promised you word about your application for Data Analyst by Friday 6 March 2026"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(made: Made, asked: str = "") -> str:
    return f"/recruiting/applications/{made.public_id}{asked}"


def letter(page: Page) -> str:
    return str(page.form(having="message").values["message"])


def test_the_link_of_the_reminder_opens_a_letter_with_the_draft(desk: Browser, ada: Made) -> None:
    page = desk.get(path(ada, "?draft=update"))
    assert letter(page).startswith("Hello Ada Lind,")
    assert DRAFT in letter(page)
    assert "A draft is in the form" in page.text
    assert "Throw this letter away" not in page.text
    assert letter(desk.get(path(ada))) == ""


def test_a_draft_does_not_go_before_somebody_says_why_the_day_is_later(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada, "?draft=update")), having="message", button="send", expect=422)
    assert "Please say why the next date is later" in page.text
    assert DRAFT in letter(page)
    page = desk.submit(page, having="message", button="send", date_reason="The team reads on.")
    assert "Until then you can take it back" in page.text


def test_a_letter_that_was_taken_back_is_there_and_no_draft(desk: Browser, ada: Made) -> None:
    desk.submit(desk.get(path(ada)), having="message", button="send", message="My own words.", when="keep")
    desk.submit(desk.get(path(ada)), action="/take-back", having="csrf_token")
    page = desk.get(path(ada, "?draft=update"))
    assert letter(page) == "My own words."
    assert "A draft is in the form" not in page.text


def test_there_is_no_draft_once_the_day_has_passed_or_it_has_ended(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    late = make_application(opening, rita, promised=TODAY - timedelta(days=1))
    ended = make_application(opening, rita, status=ApplicationStatus.NOT_SELECTED)
    for made in (late, ended):
        assert letter(desk.get(path(made, "?draft=update"))) == ""


def test_nobody_is_told_of_the_day_behind_an_escalation(app: Flask, rita: int, time: Time) -> None:
    made = make_application(make_opening("Data Analyst"), rita, promised=TODAY)
    work(time, datetime(2026, 3, 18, 17, 0, tzinfo=UTC))
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    assert view.kind is EventKind.ESCALATED
    assert latest_promise(view) is None
    assert view.expected_on is None
    hidden = view.next_update_by
    assert hidden is not None
    words = Proposal(ApplicationStatus.IN_REVIEW, "We are sorry.", hidden + timedelta(days=5), "")
    mail, _going = preview_letter(made.public_id, scope=scope, proposal=words, now=clock.now())
    assert "We are sorry." in mail.text
    desk = signed_in(app, rita)
    page = desk.get(path(made, "?draft=update"))
    assert letter(page) == ""
    answer = {"message": "We are sorry.", "status": "in_review", "when": "other"}
    page = desk.submit(page, having="message", button="send", expect=422, **answer)
    assert "They were promised word by" not in page.text


def test_the_history_says_what_happened_in_words(desk: Browser, rita: int, ada: Made) -> None:
    call = {"channel": Channel.TELEPHONE, "happened_on": TODAY}
    add_event(ada.id, EventKind.CALL, promised=FRIDAY, message="We spoke.", actor_id=rita, **call)
    add_event(ada.id, EventKind.HOLDING_NOTE, promised=FRIDAY, missed_on=TODAY)
    withdrawn = ApplicationStatus.WITHDRAWN
    add_event(ada.id, EventKind.WITHDRAWN, status=withdrawn, message="Too far", actor_id=ada.person_id)
    text = desk.get(path(ada)).text
    assert "Call on Wednesday 4 March 2026, by telephone. In review, next word by Friday 6 March 2026" in text
    assert "Automatic note. In review, next word by Friday 6 March 2026" in text
    assert "Withdrawn by the candidate Too far" in text


def test_the_conversation_is_a_click_away(desk: Browser, rita: int, ada: Made) -> None:
    person = public_id_of(ada.person_id)
    thread = f"/recruiting/conversations/{person}"
    page = desk.get(path(ada))
    assert f"{thread}?application={ada.public_id}" in page.links
    assert thread in desk.get(f"/recruiting/candidates/{person}").links
    desk.get(f"{thread}?application={ada.public_id}")
    nora = public_id_of(make_person("Nora Berg"))
    card = f"/recruiting/candidates/{nora}"
    assert f"/recruiting/conversations/{nora}" not in desk.get(card).links


def test_a_hiring_manager_is_led_to_no_conversation(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Brandt", Role.HIRING_MANAGER)
    made = make_application(make_opening("Data Analyst", manager_id=hugo), rita, promised=FRIDAY)
    page = signed_in(app, hugo).get(path(made))
    assert not [link for link in page.links if "/conversations/" in link]


def test_what_somebody_wrote_stands_on_the_candidates_home_before_automatic_notes(
    app: Flask, rita: int, ada: Made
) -> None:
    add_event(ada.id, EventKind.REPLY, promised=FRIDAY, message="Yes, there is a lift.", actor_id=rita)
    moved = ApplicationStatus.INTERVIEWING
    add_event(ada.id, EventKind.MOVED, status=moved, promised=FRIDAY, actor_id=rita)
    add_event(ada.id, EventKind.HOLDING_NOTE, status=moved, promised=FRIDAY)
    settle_mail()
    page = signed_in(app, ada.person_id).get("/me/")
    assert "Yes, there is a lift." in page.text
    assert f"/me/conversation?application={ada.public_id}" in page.links
    assert "Where it stands: Interviewing. You hear from us next by Friday 6 March 2026." in page.text
    assert "There is no news yet." not in page.text
    assert "automatic note" not in page.text


def test_an_automatic_note_stands_there_where_nothing_else_came_and_says_that_it_is_one(
    app: Flask, rita: int, ada: Made
) -> None:
    add_event(ada.id, EventKind.HOLDING_NOTE, status=ApplicationStatus.IN_REVIEW, promised=FRIDAY)
    settle_mail()
    page = signed_in(app, ada.person_id).get("/me/")
    assert "There is no news yet. You hear from us next by Friday 6 March 2026." in page.text
    assert "automatic note" in page.text
