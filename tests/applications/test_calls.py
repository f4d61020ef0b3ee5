"""A call is logged on its own page: the candidate reads one sentence of it at once, and it keeps a promise."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from portal.applications.queries import find_application_of
from portal.applications.states import ApplicationStatus, Channel, EventKind
from portal.core.permissions import Role
from tests.applications.promise_jobs import events, open_tasks, run_jobs, send_what_is_due
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
FILLED = {"channel": "telephone", "happened_on": "2026-03-04", "message": "We spoke about your start.", "when": "5"}
LATER = {**FILLED, "date_reason": "The team is away."}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, name="Ada Lind", promised=TODAY)


def log(desk: Browser, made: Made, expect: int = 200, **values: str | None) -> Page:
    page = desk.get(f"/recruiting/applications/{made.public_id}/call")
    return desk.submit(page, having="happened_on", expect=expect, **{**LATER, **values})


def test_the_candidate_reads_it_at_once_and_no_mail_goes(desk: Browser, ada: Made) -> None:
    page = log(desk, ada)
    assert "Logged. Ada Lind reads it on their page now." in page.text
    assert send_what_is_due() == 0
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert (view.kind, view.next_update_by) == (EventKind.CALL, date(2026, 3, 11))
    newest = view.events[0]
    assert (newest.message, newest.channel, newest.happened_on) == (
        "We spoke about your start.",
        Channel.TELEPHONE,
        TODAY,
    )


def test_it_keeps_the_promise(desk: Browser, ada: Made, time: Time) -> None:
    log(desk, ada)
    time.at = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
    run_jobs()
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, EventKind.CALL]
    assert open_tasks() == []


def test_a_note_that_waits_for_the_morning_does_not_go_after_it(desk: Browser, ada: Made, time: Time) -> None:
    time.at = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
    run_jobs()
    log(signed_in(desk.app, make_staff("Otto Berg")), ada)
    time.pass_by(hours=12)
    assert send_what_is_due() == 0
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED, EventKind.CALL]


@pytest.mark.only("sqlite")  # the rules do not depend on the database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"message": ""}, "what you talked about"),
        ({"message": "x" * 501}, "under 500 characters"),
        ({"happened_on": "2026-03-05"}, "still to come"),
        ({"happened_on": ""}, "on which day"),
        ({"happened_on": "2026-02-01"}, "They applied on"),
        ({"date_reason": ""}, "say why the next date is later"),
        ({"when": "other", "next_update_by": "2026-03-08"}, "Nobody works here"),
        ({"when": "other"}, "by when they hear"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field_and_the_rest_is_kept(
    desk: Browser, ada: Made, values: dict[str, str], words: str
) -> None:
    page = log(desk, ada, expect=422, **values)
    assert words in page.text
    if "message" not in values:
        assert "We spoke about your start." in page.body
    assert [kind for kind, _day in events(ada.id)] == [EventKind.IMPORTED]


def test_a_call_does_not_overtake_a_letter_that_waits(desk: Browser, ada: Made) -> None:
    desk.submit(
        desk.get(f"/recruiting/applications/{ada.public_id}"),
        having="message",
        button="send",
        message="A word.",
        when="5",
        date_reason="We need more time.",
    )
    page = log(desk, ada, expect=409)
    assert "A letter waits to go" in page.text
    assert "We spoke about your start." in page.body


def test_the_second_of_two_colleagues_is_told_and_keeps_what_they_typed(desk: Browser, ada: Made) -> None:
    other = signed_in(desk.app, make_staff("Otto Berg"))
    page = other.get(f"/recruiting/applications/{ada.public_id}/call")
    log(desk, ada)
    again = other.submit(page, having="happened_on", expect=409, **{**LATER, "message": "I rang them."})
    assert "A colleague has written in the meantime" in again.text
    assert "I rang them." in again.body


def test_one_that_has_ended_and_one_of_others_are_not_there(desk: Browser, rita: int) -> None:
    ended = make_application(make_opening(), rita, status=ApplicationStatus.NOT_SELECTED)
    desk.get(f"/recruiting/applications/{ended.public_id}/call", expect=404)
    manager = make_staff("Hugo Roth", Role.HIRING_MANAGER)
    own = make_application(make_opening(manager_id=manager), rita)
    signed_in(desk.app, manager).get(f"/recruiting/applications/{own.public_id}/call", expect=404)
