"""What became of an interview: asked two hours after it, said by a colleague, put right where it was wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.permissions import Role
from portal.interviews.jobs import ask_what_became
from portal.interviews.states import InterviewState
from portal.tasks.states import TaskKind
from tests.applications.promise_jobs import open_tasks, send_what_is_due
from tests.conftest import Time
from tests.factories import Made, add_event, make_application, make_opening, make_person, make_staff, signed_in
from tests.interviews.arranging import history, last_event, outbox
from tests.interviews.meeting import row_of
from tests.interviews.rows import make_interview
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TUESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@kindred.example")


@pytest.fixture
def ada(rita: int) -> Made:
    person_id = make_person("Ada Lind", "ada@example.org")
    status, promised = ApplicationStatus.INTERVIEWING, date(2026, 3, 20)
    return make_application(make_opening("Data Analyst"), rita, person_id=person_id, status=status, promised=promised)


@pytest.fixture
def met(ada: Made, rita: int) -> str:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@kindred.example")
    return make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])


@pytest.fixture
def desk(app: Flask, rita: int, met: str, time: Time) -> Browser:
    """Rita's, after the interview."""
    time.at = TUESDAY + timedelta(hours=3)
    return signed_in(app, rita)


def close(desk: Browser, public_id: str, outcome: str, *, expect: int = 200, **values: str) -> Page:
    page = desk.get(f"/recruiting/interviews/{public_id}/close")
    return desk.submit(page, having="outcome", button="send", expect=expect, outcome=outcome, **values)


@pytest.mark.parametrize("outcome", [InterviewState.DONE, InterviewState.MISSED_BY_THEM])
def test_what_needs_no_mail_is_noted_without_one(desk: Browser, met: str, outcome: InterviewState) -> None:
    page = close(desk, met, outcome)
    assert "Noted. Thank you." in page.text
    assert (row_of(met).state, row_of(met).closed_at) == (outcome, clock.now())
    assert outbox() == []
    assert history(met) == [str(outcome)]


def test_where_we_did_not_come_we_apologise_and_ask_for_their_times(desk: Browser, ada: Made, met: str) -> None:
    close(desk, met, "missed_by_us")
    (mail,) = outbox()
    assert mail.subject == "We were not there, and we are sorry"
    assert "That was our fault, and we are sorry" in mail.text
    # Once, and not in the colleague's words as well.
    assert mail.text.count("If you still want to meet us") == 1
    assert "answer this mail with times that suit you" in mail.text
    assert "/me/" not in mail.text, "nothing in it needs signing in"
    assert mail.calendar == ""
    event = last_event(ada)
    assert (event.kind, event.next_update_by) == (EventKind.INTERVIEW, date(2026, 3, 13))
    send_what_is_due()
    page = signed_in(desk.app, ada.person_id).get(f"/me/applications/{ada.public_id}")
    assert "Friday 13 March 2026" in page.text


def test_an_apology_needs_words(desk: Browser, met: str) -> None:
    assert "what the candidate will read" in close(desk, met, "missed_by_us", message="", expect=422).text
    assert row_of(met).state is InterviewState.CONFIRMED


def test_after_an_ending_no_apology_goes_and_it_is_noted_all_the_same(desk: Browser, ada: Made, met: str) -> None:
    add_event(ada.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    close(desk, met, "missed_by_us")
    assert row_of(met).state is InterviewState.MISSED_BY_US
    assert outbox() == []


def test_what_was_said_wrongly_is_put_right(desk: Browser, met: str) -> None:
    close(desk, met, "missed_by_them")
    assert "Put it right" in desk.get(f"/recruiting/interviews/{met}").text
    page = desk.get(f"/recruiting/interviews/{met}/close")
    assert "This puts right what was said before." in page.text
    close(desk, met, "done")
    assert row_of(met).state is InterviewState.DONE
    assert history(met) == ["missed_by_them", "done"]


def test_before_its_time_nobody_can_say(app: Flask, rita: int, met: str) -> None:
    page = signed_in(app, rita).get(f"/recruiting/interviews/{met}/close")
    assert "Its time has not come yet." in page.text


def test_two_hours_after_it_the_arranger_is_asked_once(desk: Browser, rita: int, met: str, time: Time) -> None:
    time.at = TUESDAY + timedelta(hours=1, minutes=59)
    ask_what_became(clock.now())
    assert open_tasks() == []
    time.pass_by(minutes=1)
    for _run in range(2):
        ask_what_became(clock.now())
    assert [task[0] for task in open_tasks()] == [TaskKind.INTERVIEW_TO_CLOSE]
    page = desk.get("/recruiting/tasks")
    assert "Say what became of the interview with Ada Lind: Data Analyst" in page.text


def test_saying_it_ends_the_task(desk: Browser, met: str) -> None:
    ask_what_became(clock.now())
    close(desk, met, "done")
    assert open_tasks() == []
    ask_what_became(clock.now())
    assert open_tasks() == []


def test_it_can_be_moved_no_more(desk: Browser, met: str) -> None:
    page = desk.get(f"/recruiting/interviews/{met}/move")
    page = desk.submit(
        page, having="seen", button="send", expect=409, how="set", times="11 March 14:00", message="Again."
    )
    assert "Please say first what became of it." in page.text


def test_what_did_not_take_place_can_be_proposed_anew(desk: Browser, ada: Made, met: str) -> None:
    close(desk, met, "missed_by_us")
    send_what_is_due()
    page = desk.get(f"/recruiting/applications/{ada.public_id}")
    assert f"new?again={met}" in page.body
    begun = desk.get(f"/recruiting/applications/{ada.public_id}/interviews/new?again={met}").form(having="times").values
    assert (begun["place"].strip(), begun["contact_phone"]) == ("https://meet.example/talk", "+48 22 123 45 67")
    other = make_application(make_opening("Designer"), row_of(met).arranged_by_id or 0)
    path = f"/recruiting/applications/{other.public_id}/interviews/new?again={met}"
    assert desk.get(path).form(having="times").values["place"].strip() == ""


def test_nothing_ever_reads_expired(desk: Browser, ada: Made, met: str) -> None:
    pages = [desk.get(f"/recruiting/interviews/{met}"), desk.get("/recruiting/interviews?show=ours")]
    for outcome in ("done", "missed_by_them", "missed_by_us"):
        close(desk, met, outcome)
        pages += [desk.get(f"/recruiting/interviews/{met}"), desk.get("/recruiting/interviews?show=past")]
    send_what_is_due()
    pages.append(signed_in(desk.app, ada.person_id).get(f"/me/applications/{ada.public_id}"))
    assert all("xpired" not in page.text for page in pages)


def test_what_did_not_take_place_can_be_proposed_anew_from_its_page(desk: Browser, ada: Made, met: str) -> None:
    anew = f"/recruiting/applications/{ada.public_id}/interviews/new?again={met}"
    assert anew not in desk.get(f"/recruiting/interviews/{met}").links
    page = close(desk, met, "missed_by_us")
    assert anew in page.links
    assert desk.get(anew).form(having="times").values["place"].strip() == "https://meet.example/talk"
    add_event(ada.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    assert anew not in desk.get(f"/recruiting/interviews/{met}").links
