"""An interview is moved, gets other times, is changed or called off, and both sides hear of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.applications.actions.withdrawing import withdraw_application
from portal.applications.queries import find_application_of
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.permissions import Role
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.wishing import tell_us
from portal.interviews.jobs import call_off_ended
from portal.interviews.states import InterviewState, Relationship, WishKind
from portal.outbox.states import DeliveryState
from tests.applications.promise_jobs import open_tasks, send_what_is_due
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    public_id_of,
    signed_in,
)
from tests.interviews.arranging import (
    calendar_in,
    history,
    last_event,
    newest,
    offered,
    outbox,
    propose,
    sent_to,
)
from tests.interviews.meeting import row_of, time_id, wishes_of
from tests.interviews.rows import make_interview
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TUESDAY, WEDNESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC), datetime(2026, 3, 11, 13, tzinfo=UTC)
WORDS = "Hugo cannot be there, and I am sorry."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@kindred.example")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@kindred.example")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def ada(rita: int) -> Made:
    made = make_application(
        make_opening("Data Analyst"),
        rita,
        person_id=make_person("Ada Lind", "ada@example.org"),
        status=ApplicationStatus.INTERVIEWING,
        promised=date(2026, 3, 20),
    )
    return made


@pytest.fixture
def met(ada: Made, rita: int, hugo: int) -> str:
    """On Tuesday, with Hugo."""
    return make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])


def do(
    desk: Browser,
    public_id: str,
    page: str,
    *,
    button: str = "send",
    expect: int = 200,
    again: bool = False,
    **values: object,
) -> Page:
    """Fill in one of the pages of an interview and send it; `again`: what is pointed out first is looked at."""
    shown = desk.get(f"/recruiting/interviews/{public_id}/{page}")
    filled = {"message": WORDS, **values}
    answer = desk.submit(shown, having="seen", button=button, expect=expect, **filled)
    if again:
        assert "Please look at this once" in answer.text
        answer = desk.submit(answer, having="seen", button=button, expect=expect, **filled)
    return answer


def test_moved_at_once_both_sides_get_the_same_entry_with_the_new_time(desk: Browser, ada: Made, met: str) -> None:
    page = do(desk, met, "move", how="set", times="11 March 14:00")
    assert "Done. The candidate and the panel hear of it now." in page.text
    one = row_of(met)
    assert (one.state, one.starts_at, one.sequence) == (InterviewState.MOVED, WEDNESDAY, 1)
    assert sent_to("moved") == {"ada@example.org"}
    assert sent_to("panel_moved") == {"hugo@kindred.example", "rita@kindred.example"}
    to_ada, to_hugo = outbox("moved")[0], outbox("panel_moved")[0]
    for mail in (to_ada, to_hugo):
        assert calendar_in(mail) == ("REQUEST", 1, WEDNESDAY)
        assert f"UID:{met}@localhost" in mail.calendar
    assert WORDS in to_ada.text
    assert "Ada" not in to_hugo.text + to_hugo.calendar
    assert history(met) == ["moved"]


def test_whoever_arranges_it_and_does_not_take_part_gets_no_entry(desk: Browser, met: str) -> None:
    do(desk, met, "move", how="set", times="11 March 14:00")
    assert {mail.to_address: bool(mail.calendar) for mail in outbox("panel_moved")} == {
        "hugo@kindred.example": True,
        "rita@kindred.example": False,
    }


def test_moving_is_a_word_that_gives_the_next_date(desk: Browser, ada: Made, met: str) -> None:
    do(desk, met, "move", how="set", times="11 March 14:00")
    send_what_is_due()
    event = last_event(ada)
    assert (event.kind, event.message, event.next_update_by) == (EventKind.INTERVIEW, WORDS, date(2026, 3, 16))
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert view.next_update_by == date(2026, 3, 16)


def test_other_times_to_choose_from_take_the_old_one_out_of_every_calendar(desk: Browser, met: str) -> None:
    do(desk, met, "move", how="choose", times="12 March 14:00\n13 March 14:00")
    one = row_of(met)
    assert (one.state, one.starts_at) == (InterviewState.MOVED, None)
    assert offered(met) == [WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=2)]
    to_ada, to_panel = outbox("choose_again")[0], outbox("panel_cancelled")
    assert calendar_in(to_ada) == ("CANCEL", 1, TUESDAY)
    assert "Time 1: Thursday 12 March 2026, 14:00" in to_ada.text
    assert calendar_in(to_panel[0]) == ("CANCEL", 1, TUESDAY)
    assert sent_to("panel_cancelled") == {"hugo@kindred.example", "rita@kindred.example"}


def test_chosen_anew_the_entry_comes_back_with_a_higher_sequence(desk: Browser, ada: Made, met: str) -> None:
    do(desk, met, "move", how="choose", times="12 March 14:00")
    send_what_is_due()
    thursday = WEDNESDAY + timedelta(days=1)
    choose_time(ada.person_id, met, time_id(met, thursday), now=clock.now())
    assert calendar_in(outbox("confirmed")[0]) == ("REQUEST", 2, thursday)
    assert sent_to("panel_confirmed") == {"hugo@kindred.example", "rita@kindred.example"}


def test_a_proposal_gets_other_times_without_a_word_to_the_panel(
    desk: Browser, ada: Made, rita: int, hugo: int
) -> None:
    met = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY], panel=[(hugo, None)])
    do(desk, met, "move", how="choose", times="11 March 14:00")
    assert row_of(met).state is InterviewState.PROPOSED
    assert offered(met) == [WEDNESDAY]
    assert [mail.kind for mail in outbox()] == ["interviews/choose_again"]
    assert outbox()[0].calendar == ""


def test_a_time_agreed_by_telephone_is_set_at_once(desk: Browser, ada: Made, rita: int, hugo: int) -> None:
    met = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY], panel=[(hugo, None)])
    do(desk, met, "move", how="set", times="11 March 14:00")
    one = row_of(met)
    assert (one.state, one.starts_at) == (InterviewState.CONFIRMED, WEDNESDAY)
    assert offered(met) == []
    assert sent_to("time_set") == {"ada@example.org"}
    assert sent_to("panel_confirmed") == {"hugo@kindred.example", "rita@kindred.example"}


def test_what_they_asked_for_is_answered_by_other_times(desk: Browser, ada: Made, met: str) -> None:
    tell_us(ada.person_id, met, WishKind.ANOTHER_TIME, now=clock.now(), words="Thursday would do.")
    assert open_tasks()
    do(desk, met, "move", how="choose", times="12 March 14:00")
    assert [is_open for _kind, _words, is_open in wishes_of(met)] == [False]
    assert open_tasks() == []


def test_called_off_it_goes_out_of_every_calendar(desk: Browser, ada: Made, met: str) -> None:
    page = do(desk, met, "call-off")
    assert "Called off." in page.text
    one = row_of(met)
    assert (one.state, one.starts_at, one.closed_at) == (InterviewState.CANCELLED, TUESDAY, clock.now())
    assert calendar_in(outbox("called_off")[0]) == ("CANCEL", 1, TUESDAY)
    assert calendar_in(outbox("panel_cancelled")[0]) == ("CANCEL", 1, TUESDAY)
    assert last_event(ada).message == WORDS
    assert history(met) == ["cancelled"]


def test_what_was_called_off_cannot_be_changed_again(desk: Browser, met: str) -> None:
    do(desk, met, "call-off")
    page = do(desk, met, "move", how="set", times="11 March 14:00", expect=409)
    assert "was called off, so it cannot be changed" in page.text
    assert len(outbox("moved")) == 0


def test_another_place_is_told_with_the_entry(desk: Browser, met: str) -> None:
    do(desk, met, "change", place="Mill Lane 3", minutes="60")
    assert "Where: Mill Lane 3" in outbox("changed")[0].text
    assert "LOCATION:Mill Lane 3" in outbox("changed")[0].calendar
    assert calendar_in(outbox("panel_moved")[0]) == ("REQUEST", 1, TUESDAY)
    assert (row_of(met).state, row_of(met).minutes) == (InterviewState.CONFIRMED, 60)


def test_another_place_needs_words(desk: Browser, met: str) -> None:
    page = do(desk, met, "change", place="Mill Lane 3", message="", expect=422)
    assert "write what the candidate will read" in page.text
    assert row_of(met).place != "Mill Lane 3"


def test_what_they_find_on_their_page_needs_no_mail(desk: Browser, met: str) -> None:
    do(desk, met, "change", about="Another thing.", message="")
    assert row_of(met).about == "Another thing."
    assert outbox() == []
    assert history(met) == ["changed"]


def test_a_small_change_of_the_panel_is_told_to_those_it_is_about_alone(
    desk: Browser, ada: Made, rita: int, hugo: int
) -> None:
    vera = make_staff("Vera Holm", Role.HIRING_MANAGER, "vera@kindred.example")
    met = make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(rita, Relationship.NONE), (hugo, None)])
    do(desk, met, "change", panel=[public_id_of(rita), public_id_of(vera)], message="", again=True)
    assert sent_to("panel_confirmed") == {"vera@kindred.example"}
    assert sent_to("panel_cancelled") == {"hugo@kindred.example"}
    assert calendar_in(outbox("panel_cancelled")[0])[0] == "CANCEL"
    assert len(outbox()) == 2


def test_whoever_arranges_it_and_comes_to_the_panel_gets_the_entry_and_loses_it_again(
    desk: Browser, met: str, rita: int, hugo: int
) -> None:
    do(desk, met, "change", panel=[public_id_of(hugo), public_id_of(rita)], message="", again=True)
    (came,) = outbox()
    assert (came.kind, came.to_address) == ("interviews/panel_confirmed", "rita@kindred.example")
    assert calendar_in(came) == ("REQUEST", 1, TUESDAY)
    do(desk, met, "change", panel=[public_id_of(hugo)], message="")
    (left,) = outbox("panel_cancelled")
    assert left.to_address == "rita@kindred.example"
    assert calendar_in(left) == ("CANCEL", 2, TUESDAY)


def test_whoever_stays_keeps_what_they_said(desk: Browser, ada: Made, rita: int, hugo: int) -> None:
    met = make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(rita, Relationship.FRIEND), (hugo, None)])
    do(desk, met, "change", panel=[public_id_of(rita)], message="")
    assert "We are friends or family" in desk.get(f"/recruiting/interviews/{met}").text


def test_two_people_who_change_one_interview_see_each_other(desk: Browser, met: str, time: Time) -> None:
    early = desk.get(f"/recruiting/interviews/{met}/move")
    time.pass_by(minutes=1)
    do(desk, met, "change", place="Mill Lane 3")
    page = desk.submit(
        early, having="seen", button="send", expect=409, how="set", times="11 March 14:00", message="My words."
    )
    assert "has changed this interview since you opened the page" in page.text
    assert page.form(having="seen").values["message"].strip() == "My words."
    assert row_of(met).starts_at == TUESDAY
    desk.submit(page, having="seen", button="send", how="set", times="11 March 14:00", message="My words.")
    assert (row_of(met).starts_at, row_of(met).place) == (WEDNESDAY, "Mill Lane 3")


def test_the_preview_changes_nothing(desk: Browser, met: str) -> None:
    page = do(desk, met, "move", button="preview", how="set", times="11 March 14:00")
    assert "Your interview has moved: Wednesday 11 March 2026, 14:00" in page.text
    assert row_of(met).starts_at == TUESDAY
    assert outbox() == []


def test_a_conflict_at_the_new_time_is_pointed_out_once(
    desk: Browser, ada: Made, met: str, rita: int, hugo: int
) -> None:
    other = make_application(make_opening("Lead"), rita, person_id=make_person("Bob Eriksen"))
    make_interview(other.id, rita, starts_at=WEDNESDAY, panel=[(hugo, None)])
    values = {"how": "set", "times": "11 March 14:00", "message": WORDS}
    page = do(desk, met, "move", **values)
    assert "Please look at this once" in page.text
    assert "Hugo Berg" in page.text
    # He was chosen when it was arranged.
    assert "has not read the guide" not in page.text
    assert row_of(met).starts_at == TUESDAY
    desk.submit(page, having="seen", button="send", **values)
    assert row_of(met).starts_at == WEDNESDAY


def test_of_the_panel_only_who_comes_is_pointed_out(desk: Browser, met: str, hugo: int) -> None:
    vera = make_staff("Vera Holm", Role.HIRING_MANAGER, "vera@kindred.example")
    panel = [public_id_of(hugo), public_id_of(vera)]
    page = do(desk, met, "change", panel=panel, message="")
    assert "Vera Holm has not read the guide" in page.text
    assert outbox() == []
    desk.submit(page, having="seen", button="send", panel=panel, message="")
    assert sent_to("panel_confirmed") == {"vera@kindred.example"}


@pytest.mark.only("sqlite")  # the rules do not depend on the database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"how": "set", "times": "11 March 14:00\n12 March 14:00"}, "Please give one time"),
        ({"how": "set", "times": "10 March 14:00"}, "at this time already"),
        ({"how": "set", "times": "3 March 2026 14:00"}, "has passed"),
        ({"how": "set", "times": "11 March 14:00", "message": ""}, "what the candidate will read"),
    ],
)
def test_what_cannot_be_moved_so_is_said_beside_its_field(
    desk: Browser, met: str, values: dict[str, str], words: str
) -> None:
    page = do(desk, met, "move", expect=422, **values)
    assert words in page.text
    assert row_of(met).starts_at == TUESDAY


def test_a_mail_of_a_colleague_that_waits_goes_first(desk: Browser, ada: Made, met: str) -> None:
    desk.submit(
        desk.get(f"/recruiting/applications/{ada.public_id}"), having="message", button="send", message="We read it."
    )
    assert "A letter to them waits to go." in do(desk, met, "call-off", expect=409).text


def test_a_withdrawn_application_takes_its_interview_out_of_every_calendar(
    desk: Browser, ada: Made, met: str, time: Time
) -> None:
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    time.pass_by(minutes=1)
    for _run in range(2):
        call_off_ended(clock.now())
    assert row_of(met).state is InterviewState.CANCELLED
    assert [calendar_in(mail) for mail in outbox("ended")] == [("CANCEL", 1, TUESDAY)]
    assert sent_to("panel_cancelled") == {"hugo@kindred.example", "rita@kindred.example"}
    assert last_event(ada).kind is EventKind.WITHDRAWN


def test_a_proposal_that_waits_does_not_go_after_they_took_their_application_back(
    app: Flask, desk: Browser, ada: Made, hugo: int, time: Time
) -> None:
    propose(desk, ada, [hugo], do="send")
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    time.pass_by(hours=1)
    call_off_ended(clock.now())
    send_what_is_due()
    assert [mail.state for mail in outbox("proposal")] == [DeliveryState.CANCELLED]
    page = signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}")
    assert "Talk with the team" not in page.text


def test_an_ending_that_the_candidate_has_not_got_yet_calls_nothing_off(ada: Made, met: str) -> None:
    call_off_ended(clock.now())
    assert row_of(met).state is InterviewState.CONFIRMED
    add_event(ada.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    call_off_ended(clock.now())
    assert row_of(met).state is InterviewState.CANCELLED


def test_a_proposal_of_an_ended_application_goes_without_a_mail(ada: Made, rita: int) -> None:
    met = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY])
    add_event(ada.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    call_off_ended(clock.now())
    assert row_of(met).state is InterviewState.CANCELLED
    assert outbox() == []


def test_what_took_place_before_the_ending_is_not_called_off(ada: Made, met: str, time: Time) -> None:
    time.at = TUESDAY + timedelta(hours=1)
    add_event(ada.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    call_off_ended(clock.now())
    assert row_of(met).state is InterviewState.CONFIRMED


def test_from_proposal_to_moved_one_entry_in_a_calendar(desk: Browser, ada: Made, hugo: int) -> None:
    propose(desk, ada, [hugo])
    send_what_is_due()
    met = newest().public_id
    choose_time(ada.person_id, met, time_id(met, TUESDAY), now=clock.now())
    do(desk, met, "move", how="set", times="12 March 14:00")
    do(desk, met, "call-off")
    entries = [calendar_in(mail)[:2] for mail in outbox() if mail.to_address == "ada@example.org" and mail.calendar]
    assert entries == [("REQUEST", 1), ("REQUEST", 2), ("CANCEL", 3)]
    assert history(met) == ["proposed", "chosen", "moved", "cancelled"]


def test_hiring_managers_change_none(app: Flask, met: str, hugo: int) -> None:
    browser = signed_in(app, hugo)
    for page in ("move", "change", "call-off", "close"):
        browser.get(f"/recruiting/interviews/{met}/{page}", expect=404)
    assert "Call it off" not in browser.get(f"/recruiting/interviews/{met}").text
