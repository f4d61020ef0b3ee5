"""Whose turn it is and what is ahead: the page of an application, the list and the home say the same."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading
from portal.feedback.actions.reading import read_feedback
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.wishing import tell_us
from portal.interviews.states import InterviewState, WishKind
from portal.offers.actions import accept_offer
from tests.conftest import Time, counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_person, make_staff, signed_in
from tests.feedback import written
from tests.feedback.debts import note
from tests.interviews.meeting import TUESDAY, WEDNESDAY, change, proposed, time_id
from tests.interviews.rows import make_interview
from tests.offers import offering
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
FRIDAY = offering.FRIDAY
INTERVIEWING = ApplicationStatus.INTERVIEWING
AGREED = "Your interview is on Tuesday 10 March 2026, 14:00 (Warsaw time)."
PROMISE = "We are getting to know each other, and you hear from Rita Sander by Friday 6 March 2026"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def made(rita: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person, status=INTERVIEWING, promised=FRIDAY)


@pytest.fixture
def ada(app: Flask, made: Made) -> Browser:
    return signed_in(app, made.person_id)


def read(ada: Browser, made: Made) -> tuple[str, str, str]:
    """What the page, the list and the home say."""
    end_reading()
    page, listed, home = (
        ada.get(path).text for path in (f"/me/applications/{made.public_id}", "/me/applications", "/me/")
    )
    return page, listed, home


def test_times_to_choose_from_are_their_turn_everywhere(ada: Browser, made: Made, rita: int) -> None:
    proposed(made, rita)
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert "Your turn" in text
        assert "Our turn" not in text
        assert "You need not do anything" not in text
        assert PROMISE in text
    assert "Your turn: choose a time for your interview." in listed
    assert "Your turn: choose a time for your interview." in home


def test_an_agreed_interview_stands_everywhere_and_all_they_do_is_be_there(ada: Browser, made: Made, rita: int) -> None:
    choose_time(made.person_id, one := proposed(made, rita), time_id(one), now=clock.now())
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert AGREED in text
        assert PROMISE in text
        assert "Our turn" not in text
        assert "You need not do anything" not in text
    assert page.index("Agreed") < page.index(AGREED) < page.index("All you have to do is be there.")


def test_a_moved_interview_says_what_to_do_if_the_new_time_does_not_fit(ada: Browser, made: Made, rita: int) -> None:
    make_interview(made.id, rita, state=InterviewState.MOVED, starts_at=TUESDAY)
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert "Your interview was moved. It is now on Tuesday 10 March 2026, 14:00 (Warsaw time)." in text
    assert "If the new time does not suit you, tell us." in page


def test_one_that_was_called_off_says_so_first_until_there_is_more_to_say(
    ada: Browser, made: Made, rita: int, time: Time
) -> None:
    one = make_interview(made.id, rita, starts_at=TUESDAY)
    add_event(made.id, EventKind.INTERVIEW, status=INTERVIEWING, promised=FRIDAY)
    change(one, state=InterviewState.CANCELLED)
    for text in read(ada, made):
        assert "Your interview was called off, and you hear from Rita Sander by Friday 6 March 2026" in text
        assert PROMISE not in text
    again = make_interview(made.id, rita, starts_at=WEDNESDAY)
    for text in read(ada, made):
        assert "Your interview is on Wednesday" in text
        assert "Your interview was called off" not in text
    change(again, state=InterviewState.CANCELLED)
    add_event(made.id, status=INTERVIEWING, promised=FRIDAY, message="We go on without it.", actor_id=rita)
    for text in read(ada, made):
        assert PROMISE in text


def test_while_we_answer_a_wish_it_is_our_turn(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    tell_us(made.person_id, one, WishKind.ANOTHER_TIME, words="Mondays.", now=clock.now())
    page, listed, _home = read(ada, made)
    assert "Our turn" in page
    assert "You need not do anything until we answer." in page
    assert "Your turn" not in listed


def test_after_the_interview_nothing_is_asked_of_them(ada: Browser, made: Made, rita: int, time: Time) -> None:
    make_interview(made.id, rita, starts_at=clock.now() - timedelta(hours=3))
    page, listed, home = read(ada, made)
    assert "Our turn" in page
    assert "Your interview is behind you, and you need not do anything now." in page
    assert "Your interview is on" not in listed + home


def test_the_nearest_of_two_interviews_comes_first(ada: Browser, made: Made, rita: int) -> None:
    make_interview(made.id, rita, starts_at=WEDNESDAY)
    make_interview(made.id, rita, starts_at=TUESDAY)
    for text in read(ada, made):
        assert text.index("Your interview is on Tuesday") < text.index("Your interview is on Wednesday")


def test_late_words_of_ours_stay_whatever_is_agreed(ada: Browser, made: Made, rita: int, time: Time) -> None:
    make_interview(made.id, rita, starts_at=WEDNESDAY)
    time.at = TUESDAY - timedelta(hours=1)
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert "We promised to write to you by Friday 6 March 2026" in text
        assert "Your interview is on Wednesday 11 March 2026, 14:00" in text
    assert "We are late" in page
    assert "Agreed" not in page


def test_an_offer_is_their_turn_until_they_accept_it_and_then_ours(ada: Browser, made: Made, rita: int) -> None:
    offering.make(made, rita)
    page, listed, home = read(ada, made)
    assert "Your turn" in page
    assert "Your turn: Data Analyst" in home
    assert "We have made you an offer." in listed
    for text in (listed, home):
        assert "please decide about our offer by Friday 13 March 2026" in text
    assert f"/me/applications/{made.public_id}/offer" in ada.get("/me/").links
    accept_offer(made.person_id, made.public_id, offering.yes(made), clock.now())
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert "You accepted our offer, and Rita Sander writes to you by" in text
        assert "Your turn" not in text
        assert "We have made you an offer" not in text
    assert "You need not do anything until then." in page


def test_an_offer_whose_day_has_passed_still_stands_everywhere(ada: Browser, made: Made, rita: int, time: Time) -> None:
    offering.make(made, rita)
    time.pass_by(days=10)
    _page, listed, home = read(ada, made)
    for text in (listed, home):
        assert "We asked you to decide by Friday 13 March 2026" in text
        assert "the offer still stands" in text


def test_an_ended_application_says_nothing_of_an_interview_that_was_ahead(ada: Browser, made: Made, rita: int) -> None:
    make_interview(made.id, rita, starts_at=WEDNESDAY)
    add_event(made.id, EventKind.WITHDRAWN, status=ApplicationStatus.WITHDRAWN)
    page, listed, home = read(ada, made)
    for text in (page, listed, home):
        assert "Your interview is on" not in text


def test_unread_feedback_stands_above_the_interview_that_it_is_about(app: Flask, time: Time) -> None:
    people = written.make_people()
    written.sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    path = f"/me/applications/{people.ada.public_id}"
    page = ada.get(path).text
    assert page.index("has written feedback for you") < page.index("Your interview was on")
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    end_reading()
    assert "Read it again" in ada.get(path).text


def test_a_page_with_every_part_costs_few_statements(app: Flask, time: Time) -> None:
    people = written.make_people(has_ended=False)
    ada = signed_in(app, people.ada.person_id)
    path = f"/me/applications/{people.ada.public_id}"
    make_interview(people.ada.id, people.rita, starts_at=WEDNESDAY)
    offering.make(people.ada, people.rita)
    with counted_statements() as is_open:
        page = ada.get(path)
    assert "Our offer" in page.text
    assert "Your interview is on" in page.text
    assert len(is_open) <= 10
    written.end(people.ada)
    note()
    written.sent(people, time)
    note()
    with counted_statements() as has_ended:
        page = ada.get(path)
    for part in ("has written feedback for you", "Your interview was on", "Our offer"):
        assert part in page.text
    assert len(has_ended) <= 12
