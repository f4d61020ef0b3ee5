"""Finishing an opening: everybody gets an ending, each letter is shown first, and only then it is finished."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.actions.closing import EndingForMany, close_opening, end_many, write_ending
from portal.applications.models import Application
from portal.applications.queries import StaffScope, find_application_of, find_for_staff
from portal.applications.queries.finishing import in_opening, letters_to_write
from portal.applications.rules import ProposalRefused
from portal.applications.rules.finishing import StillOpen, check_words, personal
from portal.applications.states import ApplicationStatus, EndReason, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.states import DeliveryState
from portal.wording.models import HeldBack
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_published,
    make_staff,
    opening_id_of,
    settle_mail,
    signed_in,
)
from tests.outbox.letters import put
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

WORDS = "Hello {name},\n\nwe have stopped looking for a nurse. It says nothing about you."
ENDING = EndingForMany(ApplicationStatus.OPENING_CANCELLED, EndReason.NO_BUDGET, "", WORDS)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask, rita: int) -> int:
    return make_opening("Nurse", recruiter_id=rita)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def name_of(opening_id: int) -> str:
    return session().scalars(select(Opening.public_id).where(Opening.id == opening_id)).one()


def state_of(opening_id: int) -> OpeningState:
    end_reading()
    return session().scalars(select(Opening.state).where(Opening.id == opening_id)).one()


def status_of(made: Made) -> ApplicationStatus:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status


def end_all(opening_id: int, rita: int, ending: EndingForMany = ENDING) -> str:
    end_reading()
    seen = {one.public_id: one.newest_event_id for one in in_opening(opening_id, scope(rita))}
    round_id = end_many(opening_id, seen, ending, scope=scope(rita), now=clock.now())
    jobs.write_endings(clock.now())
    end_reading()
    return round_id


def test_it_is_finished_only_when_every_letter_was_accepted(opening: int, rita: int) -> None:
    people = [make_application(opening, rita, name=f"Person {number}") for number in range(3)]
    with pytest.raises(StillOpen) as refused:
        close_opening(name_of(opening), scope=scope(rita), now=clock.now())
    assert refused.value.names == ["Person 0", "Person 1", "Person 2"]
    end_all(opening, rita)
    with pytest.raises(StillOpen):
        close_opening(name_of(opening), scope=scope(rita), now=clock.now())
    settle_mail()
    assert {status_of(one) for one in people} == {ApplicationStatus.OPENING_CANCELLED}
    close_opening(name_of(opening), scope=scope(rita), now=clock.now())
    assert state_of(opening) is OpeningState.FINISHED


def test_each_reads_their_own_name_and_nobody_the_reason(opening: int, rita: int) -> None:
    made = make_application(opening, rita, name="Ada Lind")
    end_all(opening, rita)
    settle_mail()
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    assert found.events[0].message.startswith("Hello Ada Lind,")
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    assert view.events[0].kind is EventKind.MESSAGE


def test_a_letter_for_many_comes_before_their_names_which_are_folded(opening: int, rita: int, desk: Browser) -> None:
    for name in ("Ada Lind", "Bob Eriksen", "Cem Ay", "Dora Holm"):
        make_application(opening, rita, name=name)
    page = desk.get(f"/recruiting/openings/{name_of(opening)}/finish/letters?outcome=opening_cancelled")
    assert (
        page.body.index("<textarea") < page.body.index("<details>\n    <summary>4 people") < page.body.index("Ada Lind")
    )
    assert page.heading == "Opening cancelled: the letter"


def test_whoever_has_no_name_is_held_back_and_the_others_get_theirs(opening: int, rita: int, desk: Browser) -> None:
    nameless = make_application(opening, rita, name="")
    ada = make_application(opening, rita, name="Ada Lind")
    round_id = end_all(opening, rita)
    settle_mail()
    assert status_of(ada) is ApplicationStatus.OPENING_CANCELLED
    assert status_of(nameless) is ApplicationStatus.IN_REVIEW
    assert session().scalars(select(HeldBack.person_id)).all() == [nameless.person_id]
    page = desk.get(f"/recruiting/openings/{name_of(opening)}/finish/rounds/{round_id}")
    assert "1 person got nothing:" in page.text


def test_whom_a_colleague_wrote_to_meanwhile_is_left_out(opening: int, rita: int) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    end_many(opening, {ada.public_id: "another"}, ENDING, scope=scope(rita), now=clock.now())
    jobs.write_endings(clock.now())
    settle_mail()
    assert status_of(ada) is ApplicationStatus.IN_REVIEW


def test_the_job_may_run_twice(opening: int, rita: int) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    end_all(opening, rita)
    jobs.write_endings(clock.now())
    end_reading()
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    assert [event.kind for event in view.events] == [EventKind.MESSAGE, EventKind.IMPORTED]


def test_a_letter_that_did_not_arrive_keeps_the_opening_open(opening: int, rita: int, desk: Browser) -> None:
    make_application(opening, rita, name="Ada Lind")
    end_all(opening, rita)
    settle_mail(DeliveryState.DEAD, "no such user")
    end_reading()
    with pytest.raises(StillOpen):
        close_opening(name_of(opening), scope=scope(rita), now=clock.now())
    assert "1 letter did not arrive" in desk.get(f"/recruiting/openings/{name_of(opening)}/finish").text


@pytest.mark.parametrize("note", [None, DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DEAD])
def test_whose_letter_was_lost_stands_with_the_lost_whatever_note_went_since(
    opening: int, rita: int, desk: Browser, note: DeliveryState | None
) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    end_all(opening, rita)
    settle_mail(DeliveryState.DEAD, "no such user")
    if note is not None:
        mail = put(person_id=ada.person_id, cause=f"application:{ada.public_id}")
        add_event(ada.id, EventKind.HOLDING_NOTE, promised=date(2026, 3, 20), delivery_id=mail)
    if note in {DeliveryState.SENT, DeliveryState.DEAD}:
        settle_mail(note)
    end_reading()
    page = desk.get(f"/recruiting/openings/{name_of(opening)}/finish")
    assert "1 letter did not arrive" in page.text
    assert "still needs an ending" not in page.text
    (one,) = in_opening(opening, scope(rita))
    assert (one.is_lost, one.is_to_do) == (True, False)


def test_one_letter_for_people_at_different_steps_claims_nothing_of_any_of_them(
    opening: int, rita: int, desk: Browser
) -> None:
    make_application(opening, rita, name="Ada Lind", status=ApplicationStatus.RECEIVED)
    make_application(opening, rita, name="Bob Eriksen", status=ApplicationStatus.INTERVIEWING)
    start = f"/recruiting/openings/{name_of(opening)}/finish/letters?outcome=opening_cancelled"
    everybody = desk.get(start).form(having="message").values["message"]
    assert "We have cancelled the opening" in everybody
    assert "before we had read it properly" not in everybody
    received = desk.get(f"{start}&group=received").form(having="message").values["message"]
    assert "before we had read it properly" in received
    interviewed = desk.get(f"{start}&group=interviewing").form(having="message").values["message"]
    assert "You have put time and thought into it" in interviewed


def test_walking_through_by_page(opening: int, rita: int, desk: Browser) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    make_application(opening, rita, name="Bob Eriksen", status=ApplicationStatus.INTERVIEWING)
    start = f"/recruiting/openings/{name_of(opening)}/finish"
    page = desk.get(start)
    assert "2 people still need an ending" in page.text
    letters = desk.get(f"{start}/letters?outcome=not_selected&group=in_review")
    assert "Ada Lind" in letters.text
    assert "Bob Eriksen" not in letters.text
    form = letters.form(having="message")
    assert form.values["message"].strip()
    chosen = {"end_reason": "stronger_candidate", "message": WORDS}
    preview = desk.submit(letters, having="message", button="preview", **chosen)
    assert preview.heading == "1 letter before it goes"
    assert "Hello Ada Lind," in preview.text
    progress = desk.submit(preview, having="message", button="send")
    assert progress.heading == "1 letter: Not selected"
    jobs.write_endings(clock.now())
    settle_mail()
    assert status_of(ada) is ApplicationStatus.NOT_SELECTED
    assert "1 person still needs an ending" in desk.get(start).text


def test_who_was_being_written_to_while_all_was_taken_back_gets_no_letter(
    opening: int, rita: int, desk: Browser
) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    round_id = end_all(opening, rita)
    in_hand = letters_to_write()
    desk.submit(desk.get(f"/recruiting/openings/{name_of(opening)}/finish/rounds/{round_id}"), action="/take-back")
    for letter in in_hand:
        end_reading()
        write_ending(letter, clock.now())
    end_reading()
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    assert [event.kind for event in view.events] == [EventKind.IMPORTED]


def test_all_of_them_are_taken_back_without_a_trace(opening: int, rita: int, desk: Browser) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    round_id = end_all(opening, rita)
    path = f"/recruiting/openings/{name_of(opening)}/finish/rounds/{round_id}"
    done = desk.submit(desk.get(path), action="/take-back")
    assert "1 letter was taken back." in done.text
    end_reading()
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    assert [event.kind for event in view.events] == [EventKind.IMPORTED]


def test_the_end_is_a_button_once_everybody_knows(opening: int, rita: int, desk: Browser) -> None:
    make_application(opening, rita, name="Ada Lind")
    end_all(opening, rita)
    settle_mail()
    start = f"/recruiting/openings/{name_of(opening)}/finish"
    done = desk.submit(desk.get(start), action="/finish")
    assert "The opening is finished: everybody in it has their ending." in done.text
    assert state_of(opening) is OpeningState.FINISHED


def test_a_published_opening_asks_to_stop_first(rita: int, desk: Browser) -> None:
    public_id = opening_id_of(make_published("Nurse", recruiter_id=rita))
    page = desk.get(f"/recruiting/openings/{public_id}/finish")
    assert "People can still apply. Stop accepting first" in page.text
    assert not any(form.action.endswith("/finish") for form in page.forms)


@pytest.mark.parametrize("words", ["", "Hello {first_name}", "Hello {name"])
def test_words_that_would_be_sent_with_a_gap_are_refused(words: str) -> None:
    with pytest.raises(ProposalRefused):
        check_words(words)


def test_a_name_stands_where_it_belongs() -> None:
    assert personal("Hello {name}", "Ada") == "Hello Ada"
    assert personal("Hello {name}", " ") is None
    assert personal("Hello", "") == "Hello"


def test_hiring_many_at_once_is_refused(opening: int, rita: int, time: Time) -> None:
    ada = make_application(opening, rita)
    hired = EndingForMany(ApplicationStatus.HIRED, EndReason.BEST_FIT, "", "Welcome.")
    with pytest.raises(ProposalRefused):
        end_many(opening, {ada.public_id: "any"}, hired, scope=scope(rita), now=clock.now())
    assert session().scalars(select(Application.id)).all() == [ada.id]


def test_only_those_who_were_chosen_are_ended_and_the_opening_goes_on(opening: int, rita: int, desk: Browser) -> None:
    ada, bob, zoe = (
        make_application(opening, rita, name=name, status=status)
        for name, status in (
            ("Ada Lind", ApplicationStatus.IN_REVIEW),
            ("Bob Eriksen", ApplicationStatus.INTERVIEWING),
            ("Zoe Alm", ApplicationStatus.IN_REVIEW),
        )
    )
    start = f"/recruiting/openings/{name_of(opening)}/finish"
    page = desk.get(f"{start}?a={ada.public_id}&a={bob.public_id}")
    assert page.heading == "End 2 applications"
    assert "In review: 1 person" in page.text
    assert "Zoe Alm" not in page.text
    assert "It is not finished by this: 1 other person in it has no ending yet." in page.text
    letters = desk.get(next(link for link in page.links if "not_selected" in link and "group=in_review" in link))
    assert "Ada Lind" in letters.text
    assert "Zoe Alm" not in letters.text
    preview = desk.submit(letters, having="message", button="preview", end_reason="stronger_candidate", message=WORDS)
    assert preview.heading == "1 letter before it goes"
    back = next(link for link in preview.links if "/finish?" in link)
    assert desk.get(back).heading == "End 2 applications"
    desk.submit(preview, having="message", button="send")
    jobs.write_endings(clock.now())
    settle_mail()
    assert status_of(ada) is ApplicationStatus.NOT_SELECTED
    assert status_of(bob) is ApplicationStatus.INTERVIEWING
    assert status_of(zoe) is ApplicationStatus.IN_REVIEW
    assert desk.get(f"{start}?a={ada.public_id}").heading == "End applications"


def test_those_of_another_opening_are_never_among_the_chosen(opening: int, rita: int, desk: Browser) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    other = make_application(make_opening("Baker"), rita, name="Bob Eriksen")
    page = desk.get(f"/recruiting/openings/{name_of(opening)}/finish?a={ada.public_id}&a={other.public_id}")
    assert page.heading == "End 1 application"
    assert "Bob Eriksen" not in page.text
    assert "Nobody else in it needs an ending." in page.text


def test_end_on_a_heap_of_the_home_page_leads_to_exactly_that_heap(opening: int, rita: int, desk: Browser) -> None:
    for number in range(3):
        make_application(opening, rita, name=f"Due {number}", promised=date(2026, 3, 3))
    make_application(opening, rita, name="Another Day", promised=date(2026, 3, 4))
    make_application(opening, rita, name="Another Step", promised=date(2026, 3, 3), status=ApplicationStatus.RECEIVED)
    make_application(opening, make_staff("Omar Haddad"), name="Another Colleague", promised=date(2026, 3, 3))
    home = desk.get("/recruiting/")
    page = desk.get(next(link for link in home.links if "/finish?" in link))
    assert page.heading == "End 3 applications"
    assert "Another" not in page.text
