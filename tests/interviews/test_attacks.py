"""Who tries to get at what is not theirs by way of interviews, and what must not go once somebody has left."""

from datetime import timedelta

import pytest
import vobject
from flask import Flask

from portal.applications.actions import withdraw_application
from portal.applications.queries import StaffScope
from portal.core import clock
from portal.core.db import end_reading
from portal.core.permissions import Role
from portal.interviews.actions.changing import NewDetails, change_interview
from portal.interviews.jobs import call_off_ended, thank_candidates
from portal.interviews.rules.arranging import Details, Said
from portal.interviews.states import HistoryKind, InterviewFormat, InterviewState
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person
from tests.conftest import Time
from tests.factories import Made, make_staff, settle_mail, signed_in, visitor
from tests.interviews.arranging import calendar_in, newest, outbox, propose, sent_to
from tests.interviews.meeting import (
    TUESDAY,
    WEDNESDAY,
    change,
    happened,
    link_to,
    make_candidate,
    row_of,
    time_id,
)
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.both_in_soak
OVER = [
    InterviewState.CANCELLED,
    InterviewState.DONE,
    InterviewState.MISSED_BY_THEM,
    InterviewState.MISSED_BY_US,
]


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_candidate(rita)


@pytest.mark.parametrize("state", OVER)
def test_no_file_puts_what_does_not_take_place_into_a_calendar(
    app: Flask, ada: Made, rita: int, state: InterviewState
) -> None:
    one = make_interview(ada.id, rita, state=state, starts_at=TUESDAY)
    signed_in(app, ada.person_id).get(f"/me/interviews/{one}/interview.ics", expect=404)
    visitor(app).get(f"{link_to(one, ada.person_id)}/interview.ics", expect=404)


def test_a_file_from_before_a_move_gives_way_to_the_mail_about_it(app: Flask, ada: Made, rita: int) -> None:
    one = make_interview(ada.id, rita, state=InterviewState.MOVED, starts_at=WEDNESDAY)
    change(one, sequence=3)
    happened(one, HistoryKind.MOVED, DeliveryState.QUEUED, TUESDAY)
    said = signed_in(app, ada.person_id).client.get(f"/me/interviews/{one}/interview.ics").get_data(as_text=True)
    read = vobject.readOne(said).vevent
    assert (read.dtstart.value, int(read.sequence.value)) == (TUESDAY, 2)


def test_nobody_waits_for_a_candidate_who_was_erased(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    one = make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    erase_person(ada.person_id, None, clock.now())
    end_reading()
    assert sent_to("panel_cancelled") == {"hugo@example.org", "rita@example.org"}
    to_hugo = next(mail for mail in outbox("panel_cancelled") if mail.to_address == "hugo@example.org")
    assert calendar_in(to_hugo) == ("CANCEL", 1, TUESDAY)
    assert one in to_hugo.calendar
    assert "Ada" not in to_hugo.text + to_hugo.html + to_hugo.calendar


def test_of_what_was_over_or_had_no_time_an_erasure_says_nothing(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=TUESDAY, panel=[(hugo, None)])
    make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY], panel=[(hugo, None)])
    erase_person(ada.person_id, None, clock.now())
    end_reading()
    assert outbox() == []


def test_thanks_that_wait_for_the_morning_stop_with_the_next_look_at_what_has_ended(
    ada: Made, rita: int, time: Time
) -> None:
    one = make_interview(ada.id, rita, starts_at=TUESDAY)
    time.at = TUESDAY.replace(hour=22)
    change(one, state=InterviewState.DONE, closed_at=clock.now())
    thank_candidates(clock.now())
    assert [mail.state for mail in outbox("thanks")] == [DeliveryState.QUEUED]
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    call_off_ended(clock.now() + timedelta(minutes=1))
    assert [mail.state for mail in outbox("thanks")] == [DeliveryState.CANCELLED]


@pytest.mark.parametrize(
    "evil",
    [
        "Room 1\nBEGIN:VEVENT\nUID:x\nSUMMARY:Come at once\nEND:VEVENT",
        "Room 1\r\nATTACH:http://evil.example/x",
        "one; two, three \\n:four",
        "Room\u2028BEGIN:VEVENT",
        "Room\x0bEND:VCALENDAR",
    ],
)
def test_words_of_a_colleague_stay_words_in_every_calendar(
    app: Flask, ada: Made, rita: int, hugo: int, evil: str
) -> None:
    propose(signed_in(app, rita), ada, [hugo], place=evil, title=f"Talk {evil}", about=evil)
    settle_mail()
    one = newest()
    browser = signed_in(app, ada.person_id)
    browser.submit(browser.get(f"/me/interviews/{one.public_id}"), having="time", time=time_id(one.public_id))
    assert row_of(one.public_id).state is InterviewState.CONFIRMED
    file = browser.client.get(f"/me/interviews/{one.public_id}/interview.ics").get_data(as_text=True)
    mails = outbox()
    for said in [file, *(mail.calendar for mail in mails if mail.calendar)]:
        read = vobject.readOne(said)
        assert len(read.vevent_list) == 1
        assert not hasattr(read.vevent, "attach")
        assert read.vevent.uid.value.startswith(one.public_id)
    assert all(len(mail.subject.splitlines()) == 1 for mail in mails)


def test_a_link_of_a_scheme_that_runs_is_words_on_every_page(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    evil = "javascript:alert(1) data:text/html,x <a href='javascript:1'>x</a>"
    propose(signed_in(app, rita), ada, [hugo], place=evil, about=evil, prepare=evil)
    settle_mail()
    one = newest().public_id
    pages = [
        signed_in(app, ada.person_id).client.get(f"/me/interviews/{one}"),
        visitor(app).client.get(link_to(one, ada.person_id)),
        signed_in(app, hugo).client.get(f"/recruiting/interviews/{one}"),
    ]
    said = [page.get_data(as_text=True) for page in pages] + [mail.html for mail in outbox()]
    for html in said:
        assert "alert(1)" in html
        assert 'href="javascript:' not in html
        assert "<a href='javascript" not in html
        assert 'href="data:' not in html


def test_two_changes_within_a_second_are_two_pieces_of_news(ada: Made, rita: int, hugo: int) -> None:
    one = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY], panel=[(hugo, None)])
    said = Said("Dear Ada, it is another room.", None, "")
    for place in ("Room 1", "Room 2"):
        details = Details("Talk with the team", InterviewFormat.ON_SITE, 45, place, "", "", "", "+48 22 123 45 67")
        new = NewDetails(details, (hugo,), rita, said)
        change_interview(one, new, scope=StaffScope(rita, Role.RECRUITER), seen=None, now=clock.now())
    assert ["Room 2" in mail.text for mail in outbox("changed")] == [False, True]
