"""A recruiter proposes times for an interview: one page, one mail, a promise kept, no trace when taken back."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import OneTimeToken
from portal.applications.models import Application
from portal.applications.queries import find_application_of
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.interviews.models import GuideRead, PanelMember
from portal.interviews.states import InterviewState
from portal.openings.rules import Stage
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from tests.applications.promise_jobs import run_jobs, send_what_is_due
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_version,
    public_id_of,
    signed_in,
)
from tests.interviews.arranging import (
    FILLED,
    count,
    history,
    last_event,
    newest,
    offered,
    outbox,
    page_of,
    propose,
    sent_to,
    stage_of,
)
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

TUESDAY, WEDNESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC), datetime(2026, 3, 11, 9, tzinfo=UTC)


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
def ada(rita: int, hugo: int) -> Made:
    opening = make_opening("Data Analyst", manager_id=hugo)
    make_version(
        opening,
        stages=(
            Stage("Reading", "We read it.", "Rita", "A week"),
            Stage("Talk", "We talk.", "Hugo", "A week", "interviewing"),
        ),
    )
    return make_application(opening, rita, person_id=make_person("Ada Lind", "ada@example.org"), stage="Reading")


def test_the_candidate_gets_a_mail_with_the_times_on_their_own_clock(desk: Browser, ada: Made, hugo: int) -> None:
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = "America/New_York"
    page = propose(desk, ada, [hugo])
    assert "Sent. Ada Lind sees the times once the mail is accepted." in page.text
    (mail,) = outbox()
    assert mail.kind == "interviews/proposal"
    assert mail.to_address == "ada@example.org"
    assert mail.reply_to == "Rita Sander <rita@kindred.example>"
    assert "Time 1: Tuesday 10 March 2026, 09:00 in New York (14:00 in Warsaw)" in mail.text
    assert "Dear Ada, we would like to meet you." in mail.text
    assert "With whom: Hugo Berg" in mail.text
    assert mail.calendar == ""
    assert set(mail.places) == {"token:follow", "token:interview", "token:preferences"}


def test_the_interview_is_kept_as_it_was_arranged(desk: Browser, ada: Made, rita: int, hugo: int) -> None:
    propose(desk, ada, [hugo, rita])
    one = newest()
    assert (one.state, one.starts_at, one.arranged_by_id) == (InterviewState.PROPOSED, None, rita)
    assert (one.title, one.minutes, one.zone, one.contact_id) == ("Talk with the team", 45, "Europe/Warsaw", rita)
    assert offered(one.public_id) == [TUESDAY, WEDNESDAY]
    assert set(session().scalars(select(PanelMember.staff_id))) == {hugo, rita}
    assert history(one.public_id) == ["proposed"]


def test_criteria_begin_with_what_the_opening_asks_for(desk: Browser, ada: Made, hugo: int) -> None:
    assert page_of(desk, ada).form(having="times").values["criteria"].strip() == "SQL\nPatience"
    propose(desk, ada, [hugo], criteria="- SQL\n\n* Patience\nSQL\n")
    assert newest().criteria == "SQL\nPatience"


def test_it_keeps_the_promise_and_gives_the_next_date(desk: Browser, ada: Made, hugo: int) -> None:
    propose(desk, ada, [hugo])
    assert send_what_is_due() == 1
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    # Three working days after the last of the times.
    assert (view.kind, view.status, view.next_update_by) == (
        EventKind.INTERVIEW,
        ApplicationStatus.INTERVIEWING,
        date(2026, 3, 16),
    )
    assert last_event(ada).date_reason == "We want to talk with you first."
    assert stage_of(ada) == "Talk"


def test_another_date_can_be_chosen(desk: Browser, ada: Made, hugo: int) -> None:
    propose(desk, ada, [hugo], next_update_by="2026-03-13", date_reason="We decide that week.")
    event = last_event(ada)
    assert (event.next_update_by, event.date_reason) == (date(2026, 3, 13), "We decide that week.")


def test_an_application_that_stands_further_stays_there(desk: Browser, rita: int, hugo: int) -> None:
    made = make_application(make_opening(), rita, status=ApplicationStatus.DECISION_PENDING)
    propose(desk, made, [hugo])
    assert last_event(made).status is ApplicationStatus.DECISION_PENDING


def test_the_candidate_sees_nothing_before_the_mail_is_accepted(desk: Browser, ada: Made, hugo: int) -> None:
    propose(desk, ada, [hugo], do="send")
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert view.status is ApplicationStatus.IN_REVIEW
    page = signed_in(desk.app, ada.person_id).get(f"/me/applications/{ada.public_id}")
    assert "Talk with the team" not in page.text


def test_it_waits_for_a_while_in_which_it_can_be_sent_now(desk: Browser, ada: Made, hugo: int) -> None:
    page = propose(desk, ada, [hugo], do="send")
    assert "It goes at 09:" in page.text
    assert send_what_is_due() == 0
    page = desk.submit(page, action=f"/recruiting/interviews/{newest().public_id}/send-now")
    assert "Sent." in page.text
    assert send_what_is_due() == 1


def test_taken_back_it_leaves_no_trace_and_nothing_typed_is_lost(desk: Browser, ada: Made, hugo: int) -> None:
    before = last_event(ada).id
    page = propose(desk, ada, [hugo], do="send")
    page = desk.submit(page, action=f"/recruiting/interviews/{newest().public_id}/take-back")
    assert page.heading == "Propose an interview to Ada Lind"
    kept = page.form(having="times").values
    assert kept["times"].split("\n") == ["2026-03-10 14:00", "2026-03-11 10:00"]
    assert kept["message"].strip() == FILLED["message"]
    assert count() == 0
    assert last_event(ada).id == before
    assert stage_of(ada) == "Reading"
    assert send_what_is_due() == 0
    (mail,) = session().scalars(select(OneTimeToken).where(OneTimeToken.kind == TokenKind.INTERVIEW)).all() or [None]
    assert mail is None
    again = desk.submit(page, having="times", button="now", contact=kept["contact"])
    again = desk.submit(again, having="times", button="now") if "look at this once" in again.text else again
    assert count() == 1


def test_what_a_mail_server_was_given_cannot_be_taken_back(desk: Browser, ada: Made, hugo: int) -> None:
    page = propose(desk, ada, [hugo], do="send")
    path = f"/recruiting/interviews/{newest().public_id}/take-back"
    desk.submit(page, action=path.replace("take-back", "send-now"))
    send_what_is_due()
    answer = desk.submit(page, action=path)
    assert "It has gone already" in answer.text
    assert count() == 1


def test_the_same_form_sent_twice_proposes_once(desk: Browser, ada: Made, hugo: int) -> None:
    page = page_of(desk, ada)
    filled = {**FILLED, "panel": [public_id_of(hugo)]}
    pointed = desk.submit(page, having="times", button="now", **filled)
    for _click in range(2):
        desk.submit(pointed, having="times", button="now", **filled)
    assert count() == 1
    assert len(outbox()) == 1


def test_the_preview_shows_the_mail_and_sends_nothing(desk: Browser, ada: Made, hugo: int) -> None:
    page = propose(desk, ada, [hugo], do="preview", again=False)
    assert "What Ada Lind will read" in page.text
    assert "Let us meet about Data Analyst: choose a time" in page.text
    assert "You hear from us next by Monday 16 March 2026." in page.text
    assert page.form(having="times").values["message"].strip() == FILLED["message"]
    assert outbox() == []
    assert count() == 0


def test_conflicts_of_the_panel_are_shown_once_and_block_nothing(
    desk: Browser, ada: Made, rita: int, hugo: int
) -> None:
    other = make_application(make_opening("Designer"), rita)
    make_interview(other.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    make_interview(other.id, rita, state=InterviewState.PROPOSED, times=[WEDNESDAY], panel=[(hugo, None)])
    page = propose(desk, ada, [hugo], again=False)
    assert "Tuesday 10 March 2026, 14:00: Hugo Berg has an interview for Designer then." in page.text
    assert "that candidate has not chosen yet" in page.text
    assert outbox("proposal") == []
    desk.submit(page, having="times", button="now", **{**FILLED, "panel": [public_id_of(hugo)]})
    assert len(outbox("proposal")) == 1


def test_who_has_not_read_the_guide_is_named_and_days_off_are_hinted_at(desk: Browser, ada: Made, hugo: int) -> None:
    page = propose(desk, ada, [hugo], again=False, times="14 March 10:00\n10 March 18:30")
    assert "Hugo Berg has not read the guide to interviews this year." in page.text
    assert "nobody works here on that day" in page.text
    assert "outside office hours" in page.text
    with transaction() as own:
        own.add(GuideRead(staff_id=hugo, read_at=clock.now()))
    page = propose(desk, ada, [hugo], again=False)
    assert "has not read" not in page.text
    assert count() == 1


@pytest.mark.only("sqlite")  # the rules do not depend on the database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"times": "tomorrow"}, "not a day and time that we can read"),
        ({"times": "10 March 14:00\n3 March 2026 10:00"}, "has passed"),
        ({"times": ""}, "propose at least one time"),
        ({"title": ""}, "fill this in"),
        ({"minutes": "0"}, "how long it takes"),
        ({"minutes": "600"}, "between 5 minutes and 8 hours"),
        ({"place": " "}, "where you meet"),
        ({"contact_phone": ""}, "a number that is answered"),
        ({"message": ""}, "what the candidate will read"),
        ({"next_update_by": "2026-03-08"}, "Nobody works here"),
        ({"next_update_by": "2026-03-20", "date_reason": ""}, "say why the next date is later"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field_and_the_rest_is_kept(
    desk: Browser, ada: Made, hugo: int, values: dict[str, str], words: str
) -> None:
    page = propose(desk, ada, [hugo], expect=422, **values)
    assert words in page.text
    kept = page.form(having="times").values
    assert kept["about"].strip() == FILLED["about"]
    assert kept["times"].strip() == values.get("times", FILLED["times"]).strip()
    assert count() == 0


def test_somebody_must_take_part(desk: Browser, ada: Made) -> None:
    assert "Please choose who takes part." in propose(desk, ada, [], expect=422).text


def test_it_waits_for_another_letter_of_a_person(desk: Browser, ada: Made, hugo: int) -> None:
    desk.submit(
        desk.get(f"/recruiting/applications/{ada.public_id}"),
        having="message",
        button="send",
        message="We read it.",
        date_reason="We need longer.",
        when="5",
    )
    page = propose(desk, ada, [hugo], expect=409)
    assert "A letter to them waits to go." in page.text
    assert page.form(having="times").values["message"].strip() == FILLED["message"]
    assert count() == 0


def test_what_a_colleague_wrote_meanwhile_is_seen_first(desk: Browser, ada: Made, rita: int, hugo: int) -> None:
    filled = {**FILLED, "panel": [public_id_of(hugo)]}
    page = desk.submit(page_of(desk, ada), having="times", button="preview", **filled)
    add_event(ada.id, promised=date(2026, 3, 9), message="I wrote in between.", actor_id=rita)
    page = desk.submit(page, having="times", button="now", expect=409, **filled)
    assert "A colleague has written in the meantime." in page.text
    desk.submit(page, having="times", button="now", **filled)
    assert count() == 1


def test_an_automatic_note_that_waits_does_not_go_after_it(desk: Browser, ada: Made, hugo: int, time: Time) -> None:
    time.at = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
    run_jobs()
    propose(signed_in(desk.app, make_staff("Otto Berg")), ada, [hugo])
    time.pass_by(hours=12)
    run_jobs()
    send_what_is_due()
    assert {mail.kind for mail in outbox()} == {"interviews/proposal"}
    assert last_event(ada).kind is EventKind.INTERVIEW


def test_nothing_is_arranged_for_an_application_that_has_ended(desk: Browser, rita: int) -> None:
    made = make_application(make_opening(), rita, status=ApplicationStatus.NOT_SELECTED)
    desk.get(f"/recruiting/applications/{made.public_id}/interviews/new", expect=404)


def test_nobody_arranges_an_interview_for_their_own_application(desk: Browser, rita: int) -> None:
    own = make_application(make_opening(), make_staff("Otto Berg"), person_id=rita)
    desk.get(f"/recruiting/applications/{own.public_id}/interviews/new", expect=404)


def test_nobody_sits_on_the_panel_of_their_own_interview(app: Flask, rita: int, hugo: int) -> None:
    otto = make_staff("Otto Berg")
    theirs = make_application(make_opening(), otto, person_id=rita)
    desk = signed_in(app, otto)
    assert "Rita Sander" not in page_of(desk, theirs).form(having="times").values
    propose(desk, theirs, [rita], expect=422)
    assert count() == 0


def test_hiring_managers_arrange_none(app: Flask, ada: Made, hugo: int) -> None:
    browser = signed_in(app, hugo)
    browser.get(f"/recruiting/applications/{ada.public_id}/interviews/new", expect=404)
    assert "Propose an interview" not in browser.get(f"/recruiting/applications/{ada.public_id}").text


def test_the_page_of_the_application_shows_its_interviews(desk: Browser, ada: Made, hugo: int) -> None:
    path = f"/recruiting/applications/{ada.public_id}"
    assert "None yet. Propose times, and they choose one in two taps." in desk.get(path).text
    propose(desk, ada, [hugo])
    page = desk.get(path)
    assert "They choose a time" in page.text
    assert "2 times to choose from" in page.text


def test_a_letter_that_never_arrives_makes_no_interview_vanish(desk: Browser, ada: Made, hugo: int) -> None:
    propose(desk, ada, [hugo])
    send_what_is_due("refused")
    end_reading()
    assert [mail.state for mail in outbox()] == [DeliveryState.DEAD]
    assert "They choose a time" in desk.get(f"/recruiting/applications/{ada.public_id}").text
    assert sent_to("proposal") == {"ada@example.org"}


@pytest.mark.only("sqlite")  # what is typed does not reach the database
def test_what_is_missing_is_named_from_the_top_of_the_page_to_its_end(desk: Browser, ada: Made) -> None:
    page = desk.submit(page_of(desk, ada), having="times", button="send", expect=422, times="", message="", place="")
    named = (
        "5 things need another look",
        "at least one time",
        "where you meet",
        "who takes part",
        "a number that is answered",
        "what the candidate will read",
    )
    places = [page.text.index(words) for words in named]
    assert places == sorted(places)


def test_the_number_that_was_called_last_stands_there_already(desk: Browser, ada: Made, hugo: int) -> None:
    assert page_of(desk, ada).form(having="times").values["contact_phone"] == ""
    propose(desk, ada, [hugo], contact_phone="+48 22 999 88 77")
    assert page_of(desk, ada).form(having="times").values["contact_phone"] == "+48 22 999 88 77"


def test_the_next_of_an_opening_is_filled_in_as_for_the_last_one(
    desk: Browser, ada: Made, rita: int, hugo: int
) -> None:
    noel, other = (
        make_application(opening_id, rita, person_id=make_person(name, f"{name}@example.org".lower()))
        for name, opening_id in (("Noel", opening_of(ada)), ("Bea", make_opening("Baker")))
    )
    assert "as for the last one" not in page_of(desk, noel).text
    propose(desk, ada, [hugo, rita], title="Second talk", minutes="25", about="Ways of working.")
    offer = "Fill it in as for the last one of this opening: “Second talk”, 25 minutes"
    assert offer not in page_of(desk, other).text
    page = page_of(desk, noel)
    assert offer in page.text
    page = desk.get(next(link for link in page.links if link.endswith("?as=last")))
    assert "The times and your words are still to be written." in page.text
    begun = page.form(having="times").values
    assert [begun[name] for name in ("title", "minutes", "about", "place")] == [
        "Second talk",
        "25",
        "Ways of working.",
        FILLED["place"],
    ]
    assert set(begun["panel"]) == {public_id_of(hugo), public_id_of(rita)}
    assert not begun["times"]
    assert not begun["message"]
    values = {"times": "16 March 10:00", "message": "Dear Noel, we would like to meet you."}
    page = desk.submit(page, having="times", button="now", **values)
    if "look at this once" in page.text:
        desk.submit(page, having="times", button="now", **values)
    made = newest()
    assert (made.application_id, made.title, made.minutes) == (noel.id, "Second talk", 25)


def test_what_a_colleague_arranged_is_not_offered_to_another(
    app: Flask, desk: Browser, ada: Made, rita: int, hugo: int
) -> None:
    propose(desk, ada, [hugo])
    omar = signed_in(app, make_staff("Omar Haddad", email="omar@kindred.example"))
    noel = make_application(opening_of(ada), rita, person_id=make_person("Noel", "noel@example.org"))
    assert "as for the last one" not in page_of(omar, noel).text
    begun = omar.get(f"/recruiting/applications/{noel.public_id}/interviews/new?as=last").form(having="times").values
    assert begun["title"] == "Talk with the team"
    assert not begun["place"]


def opening_of(made: Made) -> int:
    """The opening of an application."""
    end_reading()
    return session().scalars(select(Application.opening_id).where(Application.id == made.id)).one()
