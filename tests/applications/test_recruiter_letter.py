"""The page on which a recruiter reads an application, moves it and writes to the candidate."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_staff,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
FRIDAY = date(2026, 3, 6)
LETTER = {
    "status": "interviewing",
    "message": "We would like to meet you.",
    "when": "3",
    "date_reason": "The team is away.",
}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(
        make_opening("Data Analyst", recruiter_id=rita),
        rita,
        promised=FRIDAY,
        source_stage="Panel 2B",
        source_reason="Wants too much",
        channel="LinkedIn",
        imported_tags=["boomerang"],
    )


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(application: Made) -> str:
    return f"/recruiting/applications/{application.public_id}"


def said(page: Page) -> str:
    """The text of a page; where an element ends before a full stop, there is no space."""
    return page.text.replace(" .", ".")


def events_of(application: Made) -> int:
    return session().scalar(
        select(func.count()).select_from(ApplicationEvent).where(ApplicationEvent.application_id == application.id)
    )


def deliveries() -> int:
    return session().scalar(select(func.count()).select_from(Delivery))


def test_the_page_says_exactly_what_the_candidate_reads(app: Flask, desk: Browser, ada: Made) -> None:
    sentence = "We are reading your application, and you hear from Rita Sander by Friday 6 March 2026."
    candidate = signed_in(app, ada.person_id)
    assert sentence in said(desk.get(path(ada)))
    assert sentence in said(candidate.get(f"/me/applications/{ada.public_id}"))


def test_internal_facts_stand_under_a_heading_that_says_so(desk: Browser, ada: Made) -> None:
    text = desk.get(path(ada)).text
    internal = text.partition("Only for us")[2]
    for fact in ("Panel 2B", "Wants too much", "LinkedIn", "boomerang"):
        assert fact in internal


def test_a_letter_moves_the_application_and_waits_to_be_sent(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="send", **LETTER)
    assert "It goes at 09:15. Until then you can take it back or send it now." in page.text
    assert "It goes at 09:15." in page.text.partition("What has happened so far")[2]
    assert "Monday 9 March 2026" in page.text
    settle_mail()
    page = desk.get(path(ada))
    assert page.find("data-status").get("data-status") == "interviewing"
    assert page.find("data-next-update-by").get("datetime") == "2026-03-09"


def test_the_candidate_sees_nothing_before_the_mail_is_accepted(app: Flask, desk: Browser, ada: Made) -> None:
    desk.submit(desk.get(path(ada)), button="send", **LETTER)
    candidate = signed_in(app, ada.person_id)
    assert "We would like to meet you." not in candidate.get(f"/me/applications/{ada.public_id}").text
    settle_mail()
    assert "We would like to meet you." in candidate.get(f"/me/applications/{ada.public_id}").text


def test_internal_facts_never_reach_the_candidate(app: Flask, desk: Browser, ada: Made) -> None:
    desk.submit(desk.get(path(ada)), button="send", **LETTER)
    mail = " ".join(session().execute(select(Delivery.subject, Delivery.text, Delivery.html)).one())
    settle_mail()
    page = signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}")
    for fact in ("Panel 2B", "Wants too much", "boomerang"):
        assert fact not in page.body
        assert fact not in mail


def test_the_preview_shows_the_mail_and_sends_nothing(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="preview", **LETTER)
    assert "What Ada Lind will read" in page.text
    assert "You hear from us next by Monday 9 March 2026." in page.text
    assert "The team is away." in page.text
    assert "--token" not in page.body
    assert deliveries() == 0
    assert page.form(having="message").values["message"] == "We would like to meet you."
    assert page.form(having="message").values["when"] == "3"


def test_what_was_previewed_can_be_sent_from_there(desk: Browser, ada: Made) -> None:
    preview = desk.submit(desk.get(path(ada)), button="preview", **LETTER)
    desk.submit(preview, having="message", button="send")
    assert deliveries() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"message": "  "}, "Please write what the candidate will read."),
        ({"when": "other"}, "Please say by when they hear from us next."),
        ({"when": "other", "next_update_by": "2026-03-07"}, "Nobody works here on Saturday 7 March 2026."),
        ({"when": "other", "next_update_by": "2026-03-03"}, "This day has passed. Please choose one to come."),
        ({"when": "other", "next_update_by": "soon"}, "Not a valid date value."),
        ({"date_reason": ""}, "Please say why the next date is later; they will read it."),
    ],
)
def test_an_error_stands_beside_its_field_and_the_words_stay(
    desk: Browser, rita: int, change: dict[str, str], sentence: str
) -> None:
    due = make_application(make_opening(), rita, promised=date(2026, 3, 4))
    values = {**LETTER, "message": "A long letter.", **change}
    page = desk.submit(desk.get(path(due)), expect=422, button="send", **values)
    assert page.text.count(sentence) >= 2, "beside the field and in the summary"
    if "message" not in change:
        assert page.form(having="message").values["message"] == "A long letter."
    assert deliveries() == 0


def test_a_promise_that_stands_is_kept_unless_another_day_is_chosen(desk: Browser, ada: Made) -> None:
    page = desk.get(path(ada))
    assert page.form(having="message").values["when"] == "keep"
    desk.submit(page, button="send", message="A short word.")
    newest = session().scalars(select(ApplicationEvent).order_by(ApplicationEvent.id.desc())).first()
    assert newest.next_update_by == FRIDAY


def test_an_ending_needs_no_date(desk: Browser, ada: Made) -> None:
    page = desk.get(f"{path(ada)}/end?outcome=not_selected")
    desk.submit(page, button="send", end_reason="missing_skill", message="We chose somebody else.")
    settle_mail()
    page = desk.get(path(ada))
    assert page.find("data-status").get("data-status") == "not_selected"
    assert "We did not choose you for this role" in page.text


def test_when_a_colleague_wrote_in_between_both_are_shown_and_nothing_is_lost(
    app: Flask, desk: Browser, ada: Made
) -> None:
    mine = desk.get(path(ada))
    otto = signed_in(app, make_staff("Otto Berg"))
    otto.submit(otto.get(path(ada)), button="send", message="Otto was quicker.", status="decision_pending")
    page = desk.submit(mine, expect=409, button="send", **LETTER)
    assert "A colleague wrote while you were writing" in page.text
    assert "Otto was quicker." in page.text
    assert page.form(having="message").values["message"] == "We would like to meet you."
    assert page.form(having="message").values["status"] == "interviewing"
    assert deliveries() == 1
    desk.submit(page, having="message", button="send")
    assert deliveries() == 2


def test_sending_the_same_page_twice_writes_once(desk: Browser, ada: Made) -> None:
    page = desk.get(path(ada))
    desk.submit(page, button="send", **LETTER)
    desk.submit(page, button="send", expect=409, **LETTER)
    assert deliveries() == 1
    assert events_of(ada) == 2


def test_a_letter_that_did_not_arrive_is_said_on_top(desk: Browser, ada: Made) -> None:
    desk.submit(desk.get(path(ada)), button="send", **LETTER)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    page = desk.get(path(ada))
    assert "Our last letter did not arrive" in page.text
    assert "550 no such user" in page.text
    assert "Did not arrive" in page.text
    assert page.find("data-status").get("data-status") == "in_review"


def test_what_an_import_reported_is_said_and_writing_settles_it(app: Flask, desk: Browser, rita: int) -> None:
    moved = make_application(make_opening(), rita, changed_at=clock.now(), source_stage="Offer", promised=FRIDAY)
    assert "greenhouse now says “Offer”" in desk.get(path(moved)).text
    desk.submit(desk.get(path(moved)), button="send", message="We would like to make you an offer.")
    assert "The import says something changed" not in desk.get(path(moved)).text


def test_a_hiring_manager_reads_their_own_openings_only_and_writes_none(app: Flask, rita: int) -> None:
    hugo_id = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_application(make_opening("Own role", manager_id=hugo_id), rita)
    other = make_application(make_opening("Other role"), rita)
    hugo = signed_in(app, hugo_id)
    page = hugo.get(path(own))
    assert "Send now" not in page.text
    assert "Everything about them" not in page.text
    hugo.get(path(other), expect=404)
    writing = signed_in(app, rita).get(path(own)).form(having="message").values
    token = hugo.get(path(own)).form(action="/sign-out").values["csrf_token"]
    hugo.post(path(own), {**writing, **LETTER, "csrf_token": token, "do": "send"}, expect=404)
    assert deliveries() == 0


def test_an_application_that_does_not_exist_is_not_found(desk: Browser, app: Flask) -> None:
    desk.get("/recruiting/applications/nothing", expect=404)


def test_candidates_find_nothing_here(app: Flask, ada: Made) -> None:
    signed_in(app, ada.person_id).get(path(ada), expect=404)


def test_history_shows_every_event_with_who_and_when(desk: Browser, rita: int, ada: Made) -> None:
    add_event(ada.id, status=ApplicationStatus.IN_REVIEW, promised=FRIDAY, message="First word.", actor_id=rita)
    add_event(ada.id, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY, message="Second word.", actor_id=rita)
    text = desk.get(path(ada)).text.partition("What has happened so far")[2]
    assert text.index("Second word.") < text.index("First word.") < text.index("Came with the import as: In review")
    assert "Wednesday 4 March 2026, 09:00" in text


def test_a_day_that_was_typed_counts_whatever_is_chosen_above(app: Flask) -> None:
    rita = make_staff()
    made = make_application(make_opening(), rita, promised=date(2026, 3, 6))
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/applications/{made.public_id}")
    desk.submit(
        page, message="Hello", when="keep", next_update_by="2026-03-12", date_reason="Hugo is away.", button="send"
    )
    view = find_for_staff(made.public_id, StaffScope(rita, Role.RECRUITER))
    assert view is not None
    assert view.events[0].next_update_by == date(2026, 3, 12)
