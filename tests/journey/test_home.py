"""The candidate's home: what waits, where applications stand, what is new."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus, EventKind
from portal.community.actions import join
from portal.community.models import PersonSkill
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.updates.states import Audience
from tests.applications.test_withdraw import letter
from tests.conftest import START, Time, counted_statements
from tests.factories import (
    add_event,
    make_application,
    make_opening,
    make_person,
    make_published,
    make_staff,
    opening_id_of,
    signed_in,
    visitor,
)
from tests.fitting.fits import invite, member, send_due
from tests.openings.early import make_member
from tests.pages import Browser
from tests.updates.posting import post

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind")


@pytest.fixture
def reader(app: Flask, ada: int) -> Browser:
    return signed_in(app, ada)


def test_a_visitor_is_asked_to_sign_in(app: Flask) -> None:
    assert visitor(app).client.get("/me/").status_code == 303
    assert visitor(app).client.get("/me").status_code in {303, 308}


def test_the_nearest_promise_is_said_first(reader: Browser, rita: int, ada: int) -> None:
    make_application(make_opening("Later role"), rita, person_id=ada, promised=FRIDAY)
    make_application(make_opening("Sooner role"), rita, person_id=ada, promised=TODAY)
    page = reader.get("/me/")
    assert page.heading == "Hello Ada Lind"
    assert "Our turn: Sooner role" in page.text
    assert page.text.index("Sooner role") < page.text.index("Later role")


def test_what_waits_for_them_comes_before_what_waits_for_us(reader: Browser, rita: int, ada: int) -> None:
    make_application(make_opening("Late role"), rita, person_id=ada, promised=TODAY - timedelta(days=3))
    offer = make_application(make_opening("Offer role"), rita, person_id=ada, promised=TODAY)
    add_event(offer.id, status=ApplicationStatus.OFFER_MADE, promised=FRIDAY, message="An offer", actor_id=rita)
    assert "Your turn: Offer role" in reader.get("/me/").text


def test_what_people_wrote_is_new_for_two_weeks(reader: Browser, time: Time, rita: int, ada: int) -> None:
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)
    add_event(made.id, promised=date(2026, 6, 1), message="We would like to meet you.", actor_id=rita)
    page = reader.get("/me/")
    assert "We would like to meet you." in page.text
    assert f"/me/applications/{made.public_id}" in page.links
    time.pass_by(days=15)
    page = reader.get("/me/")
    assert "We would like to meet you." not in page.text
    assert "We wrote nothing to you in the last two weeks" in page.text


def test_a_letter_to_somebody_else_is_not_mine(reader: Browser, rita: int) -> None:
    other = make_application(make_opening("Secret role"), rita, name="Bo Ek")
    add_event(other.id, promised=FRIDAY, message="A secret.", actor_id=rita)
    page = reader.get("/me/")
    assert "A secret." not in page.body
    assert "Secret role" not in page.body


def test_a_new_member_is_told_the_next_step(reader: Browser, ada: int) -> None:
    join(ada, [], clock.now())
    page = reader.get("/me/")
    assert "Tell us what you look for" in page.text
    assert "/me/preferences" in page.links
    assert "See what joining means" not in page.text


def test_a_member_who_said_what_they_look_for_has_nothing_to_do(reader: Browser, ada: int) -> None:
    join(ada, [], clock.now())
    with transaction() as own:
        own.add(PersonSkill(person_id=ada, skill="sql", label="SQL"))
    assert "Nothing waits for you" in reader.get("/me/").text


def test_somebody_who_is_no_member_is_invited_with_or_without_applications(
    reader: Browser, rita: int, ada: int
) -> None:
    assert "/me/preferences#join" in reader.get("/me/").links
    make_application(make_opening(), rita, person_id=ada, promised=FRIDAY)
    assert "/me/preferences#join" in reader.get("/me/").links


def test_ended_ones_stay_in_sight_without_being_open(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening("Ended role"), rita, person_id=ada, status=ApplicationStatus.NOT_SELECTED)
    page = reader.get("/me/")
    assert "No application of yours is open" in page.text
    assert f"/me/applications/{made.public_id}" in page.links


def test_staff_find_their_own_applications_here_not_those_they_look_after(app: Flask, rita: int) -> None:
    make_application(make_opening("Candidates role"), rita)
    make_application(make_opening("Own role"), make_staff("Otto Berg", Role.ADMIN), person_id=rita)
    page = signed_in(app, rita).get("/me/")
    assert "Own role" in page.text
    assert "Candidates role" not in page.text


def test_somebody_without_a_name_is_greeted_all_the_same(app: Flask) -> None:
    assert signed_in(app, make_person("")).get("/me/").heading == "Hello"


def test_home_costs_few_statements_however_much_there_is(reader: Browser, rita: int, ada: int) -> None:
    for _ in range(12):
        made = make_application(make_opening(), rita, person_id=ada, promised=FRIDAY)
        add_event(made.id, promised=FRIDAY, message="A word.", actor_id=rita)
    with counted_statements() as seen:
        reader.get("/me/")
    assert len(seen) <= 12


def test_from_every_own_page_it_is_one_click_to_what_is_held(reader: Browser) -> None:
    for path in ("/me/", "/me/account", "/openings"):
        assert "/me/privacy" in reader.get(path).links


NO = ApplicationStatus.NOT_SELECTED


def test_after_a_rejection_the_page_opens_with_the_letter_for_a_week(
    app: Flask, time: Time, rita: int, ada: int
) -> None:
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)
    add_event(made.id, status=NO, message="Thank you for the time you took.", actor_id=rita)
    page = signed_in(app, ada).get("/me/")
    assert "this application ended on Wednesday 4 March 2026" in page.text
    assert page.text.count("Thank you for the time you took.") == 1
    assert f"/me/applications/{made.public_id}" in page.links
    assert "See what joining means" not in page.text
    time.pass_by(days=6)
    assert "See what joining means" not in signed_in(app, ada).get("/me/").text
    time.pass_by(days=1)
    assert "See what joining means" in signed_in(app, ada).get("/me/").text


def test_an_open_application_comes_before_one_that_ended(reader: Browser, rita: int, ada: int) -> None:
    ended = make_application(make_opening("Ended role"), rita, person_id=ada, promised=FRIDAY)
    add_event(ended.id, status=NO, message="We chose another.", actor_id=rita)
    make_application(make_opening("Open role"), rita, person_id=ada, promised=FRIDAY)
    page = reader.get("/me/")
    assert "Our turn: Open role" in page.text
    assert "We chose another." in page.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.ESCALATED, "somebody else was asked to write to you"),
        (EventKind.APPLIED, "You sent your application."),
        (EventKind.CALL, "We spoke of May."),
    ],
)
def test_whatever_happened_lately_is_new(reader: Browser, rita: int, ada: int, kind: EventKind, words: str) -> None:
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)
    actor = {EventKind.APPLIED: ada, EventKind.CALL: rita}.get(kind)
    message = words if kind is EventKind.CALL else ""
    add_event(made.id, kind, promised=FRIDAY, actor_id=actor, message=message)
    text = reader.get("/me/").text
    assert words in text
    assert "We wrote nothing to you" not in text


def test_a_letter_bears_the_time_at_which_they_could_read_it_everywhere(
    app: Flask, time: Time, rita: int, ada: int
) -> None:
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=date(2026, 6, 1))
    delivery_id = letter(made)
    time.pass_by(days=16)
    with transaction() as own:
        row = own.get_one(Delivery, delivery_id)
        row.state, row.sent_at = DeliveryState.SENT, clock.now()
    reader = signed_in(app, ada)
    for target in ("/me/", f"/me/applications/{made.public_id}"):
        assert "Friday 20 March 2026, 09:00" in reader.get(target).text


def test_a_name_stands_in_its_own_script(app: Flask) -> None:
    page = signed_in(app, make_person("ليلى")).get("/me/")
    assert page.heading == "Hello \u2068ليلى\u2069"


def test_an_update_that_came_stands_here_until_it_is_read(app: Flask, rita: int) -> None:
    ada = make_member("Mia Berg")
    reader = signed_in(app, ada)
    assert "New to read" not in reader.get("/me/").text
    slug = post(rita)
    page = reader.get("/me/")
    assert "New to read" in page.text
    assert "1 update is new for you" in page.text
    assert f"/me/updates/{slug}" in page.links
    reader.submit(reader.get(f"/me/updates/{slug}"), action="/seen")
    assert "New to read" not in reader.get("/me/").text


def test_beside_letters_only_the_newest_update_stands_here_and_how_many_there_are(
    app: Flask, rita: int, time: Time
) -> None:
    ada = make_member("Mia Berg")
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)
    add_event(made.id, promised=date(2026, 6, 1), message="We would like to meet you.", actor_id=rita)
    for title in ("One", "Two", "Three", "Four"):
        post(rita, f"Update {title}")
        time.pass_by(minutes=1)
    text = signed_in(app, ada).get("/me/").text
    assert "4 updates are new for you" in text
    assert "Update Four" in text
    assert "Update Three" not in text


def test_what_is_for_others_is_not_announced(app: Flask, rita: int, reader: Browser) -> None:
    bob = make_member("Bob Eriksen", "design")
    post(rita, "Secret numbers", audience=Audience.AREAS, areas=("data",))
    post(rita, "Members only", audience=Audience.MEMBERS)
    text = signed_in(app, bob).get("/me/").text
    assert "1 update is new for you" in text
    assert "Members only" in text
    assert "Secret numbers" not in text
    assert "New to read" not in reader.get("/me/").text


def test_an_invitation_stands_here_until_they_answer_it(app: Flask, rita: int) -> None:
    opening = opening_id_of(make_published(recruiter_id=rita))
    ada, bob = member("Mia Berg", areas=["data"]), member("Bob Eriksen", areas=["data"])
    invite(opening, rita, ada, bob, is_hurried=True)
    reader = signed_in(app, ada)
    assert "An invitation" not in reader.get("/me/").text, "it has not reached them yet"
    send_due()
    page = reader.get("/me/")
    assert "An invitation: Data Analyst" in page.text
    assert "Rita Sander invited you to apply on Wednesday 4 March 2026." in page.text
    assert "You told us about Mia Berg." in page.text
    theirs = signed_in(app, bob).get("/me/").form(action="/not-now").action
    reader.post(theirs, page.form(action="/not-now").values, expect=404)
    done = reader.submit(page, action="/not-now")
    assert "Thank you for telling us. You may still apply." in done.text
    assert "An invitation" not in done.text
    assert "An invitation" in signed_in(app, bob).get("/me/").text


def test_an_invitation_to_what_is_closed_by_now_is_gone(app: Flask, rita: int, time: Time) -> None:
    opening = opening_id_of(make_published(recruiter_id=rita, closes_on=FRIDAY))
    ada = member("Mia Berg", areas=["data"])
    invite(opening, rita, ada, is_hurried=True)
    send_due()
    time.pass_by(days=2)
    assert "An invitation" in signed_in(app, ada).get("/me/").text
    time.pass_by(days=1)
    assert "An invitation" not in signed_in(app, ada).get("/me/").text


def test_what_they_are_invited_to_is_not_told_twice(app: Flask, rita: int) -> None:
    slug = make_published(recruiter_id=rita, public_at=START + timedelta(days=3))
    ada = member("Mia Berg", areas=["data"])
    assert "You see it first" in signed_in(app, ada).get("/me/").text
    invite(opening_id_of(slug), rita, ada, is_hurried=True)
    [(_kind, text)] = send_due()
    page = signed_in(app, ada).get("/me/")
    assert "An invitation: Data Analyst" in page.text
    assert "You see it first" not in page.text
    assert f"/sign-in?next=/openings/{slug}" in text, "a visitor finds nothing at the opening's own address yet"
    link = re.search(r"http://[^/\s]+(/not-now/\S+)", text)
    assert link is not None
    assert f"/sign-in?next=/openings/{slug}" in visitor(app).get(link[1]).links
