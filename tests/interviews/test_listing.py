"""The list of interviews: ahead by day, what waits for whom, what is over; each sees what they may."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.permissions import Role
from portal.interviews.actions.wishing import tell_us
from portal.interviews.states import HistoryKind, InterviewState, WishKind
from tests.conftest import Time, counted_statements
from tests.factories import Made, make_application, make_opening, make_person, make_staff, signed_in
from tests.interviews.meeting import change, happened
from tests.interviews.rows import make_interview
from tests.pages import Browser

TUESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def candidate(name: str, owner: int, *, manager: int | None = None) -> Made:
    return make_application(make_opening("Data Analyst", manager_id=manager), owner, person_id=make_person(name))


def test_what_is_ahead_stands_by_day(desk: Browser, rita: int, hugo: int) -> None:
    for name, hours in (("Ada Lind", 0), ("Bob Eriksen", 2), ("Cleo Marr", 24)):
        starts_at = TUESDAY + timedelta(hours=hours)
        make_interview(candidate(name, rita).id, rita, starts_at=starts_at, panel=[(hugo, None)])
    page = desk.get("/recruiting/interviews")
    words = [
        "Tuesday 10 March 2026",
        "14:00",
        "Ada Lind",
        "16:00",
        "Bob Eriksen",
        "Wednesday 11 March 2026",
        "Cleo Marr",
    ]
    places = [page.text.index(word) for word in words]
    assert places == sorted(places)
    assert page.text.count("Tuesday 10 March 2026") == 1
    assert "Hugo Berg" in page.text
    assert "Ahead: 3" in page.text


def test_each_stands_where_it_waits(desk: Browser, rita: int, time: Time) -> None:
    ada, bob, cleo, dora, emil = (candidate(name, rita) for name in ("Ada", "Bob", "Cleo", "Dora", "Emil"))
    make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY])
    wished = make_interview(bob.id, rita, starts_at=TUESDAY)
    tell_us(bob.person_id, wished, WishKind.CANNOT_COME, now=clock.now())
    make_interview(cleo.id, rita, starts_at=clock.now() + timedelta(minutes=1))
    make_interview(dora.id, rita, starts_at=TUESDAY, state=InterviewState.DONE)
    make_interview(emil.id, rita, state=InterviewState.PROPOSED, times=[clock.now() + timedelta(minutes=1)])
    time.pass_by(minutes=2)
    shown = {show: desk.get(f"/recruiting/interviews?show={show}").text for show in ("ahead", "theirs", "ours", "past")}
    assert "No interview is ahead" in shown["ahead"]
    assert "Ada" in shown["theirs"]
    for name, words in (("Bob", "They cannot come"), ("Cleo", "Say what became of it"), ("Emil", "No time yet")):
        assert name in shown["ours"]
        assert words in shown["ours"]
    assert "Ada" not in shown["ours"]
    assert "Dora" in shown["past"]
    assert "Took place" in shown["past"]


def test_own_ones_come_first_and_all_can_be_asked_for(desk: Browser, rita: int, app: Flask) -> None:
    otto = make_staff("Otto Berg")
    make_interview(candidate("Ada Lind", rita).id, rita, starts_at=TUESDAY)
    make_interview(candidate("Bob Eriksen", otto).id, otto, starts_at=TUESDAY)
    make_interview(candidate("Cleo Marr", otto).id, otto, starts_at=TUESDAY, panel=[(rita, None)])
    mine = desk.get("/recruiting/interviews").text
    assert "Ada Lind" in mine
    assert "Cleo Marr" in mine
    assert "Bob Eriksen" not in mine
    assert "Bob Eriksen" in desk.get("/recruiting/interviews?whose=all").text


def test_hiring_managers_see_theirs_and_nothing_else(app: Flask, rita: int, hugo: int) -> None:
    make_interview(candidate("Ada Lind", rita, manager=hugo).id, rita, starts_at=TUESDAY)
    make_interview(candidate("Bob Eriksen", rita).id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    make_interview(candidate("Cleo Marr", rita).id, rita, starts_at=TUESDAY)
    browser = signed_in(app, hugo)
    for query in ("", "?whose=all", "?whose=own"):
        text = browser.get(f"/recruiting/interviews{query}").text
        assert "Ada Lind" in text
        assert "Bob Eriksen" in text
        assert "Cleo Marr" not in text
        assert "Ahead: 2" in text


def test_nobody_sees_an_interview_about_themselves(app: Flask, rita: int) -> None:
    otto = make_staff("Otto Berg")
    own = make_application(make_opening("Lead"), otto, person_id=rita)
    make_interview(own.id, otto, starts_at=TUESDAY, panel=[(rita, None)])
    assert "No interview is ahead" in signed_in(app, rita).get("/recruiting/interviews?whose=all").text


def test_an_empty_list_says_what_would_fill_it(desk: Browser) -> None:
    for show, words in (
        ("ahead", "it stands here by day"),
        ("theirs", "wait here until one is chosen"),
        ("ours", "who asks for another time"),
        ("past", "is kept here"),
        ("nonsense", "it stands here by day"),
    ):
        assert words in desk.get(f"/recruiting/interviews?show={show}").text


def test_a_long_list_has_pages_and_costs_no_more(desk: Browser, rita: int, hugo: int) -> None:
    made = candidate("Ada Lind", rita)
    make_interview(made.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    with counted_statements() as few:
        desk.get("/recruiting/interviews")
    for hours in range(1, 60):
        make_interview(made.id, rita, starts_at=TUESDAY + timedelta(hours=hours), panel=[(hugo, None)])
    with counted_statements() as many:
        page = desk.get("/recruiting/interviews")
    assert "60 interviews, page 1 of 2" in page.text
    assert len(many) == len(few)
    assert "page 2 of 2" in desk.get("/recruiting/interviews?page=2").text
    assert "page 1 of 2" in desk.get("/recruiting/interviews?page=9").text


def test_what_waits_for_us_is_said_above_the_other_parts(desk: Browser, rita: int, time: Time) -> None:
    make_interview(candidate("Ada Lind", rita).id, rita, starts_at=clock.now() + timedelta(minutes=1))
    assert "waits for us" not in desk.get("/recruiting/interviews").text
    time.pass_by(minutes=2)
    for show in ("ahead", "theirs", "past"):
        page = desk.get(f"/recruiting/interviews?show={show}&whose=all")
        assert "1 interview waits for us" in page.text
    assert "Ada Lind" in desk.get(next(link for link in page.links if "show=ours" in link)).text
    assert "1 interview waits for us" not in desk.get("/recruiting/interviews?show=ours").text


def test_who_waits_for_an_answer_comes_before_what_is_to_be_closed(desk: Browser, rita: int, time: Time) -> None:
    ada, bob, cleo = (candidate(name, rita) for name in ("Ada", "Bob", "Cleo"))
    make_interview(ada.id, rita, starts_at=clock.now() + timedelta(minutes=2))
    make_interview(bob.id, rita, starts_at=clock.now() + timedelta(minutes=1))
    wished = make_interview(cleo.id, rita, starts_at=TUESDAY)
    tell_us(cleo.person_id, wished, WishKind.ANOTHER_TIME, now=clock.now(), words="Monday.")
    time.pass_by(minutes=5)
    text = desk.get("/recruiting/interviews?show=ours").text
    assert text.index("Cleo") < text.index("Bob") < text.index("Ada")


def test_what_became_of_it_is_said_from_the_list(app: Flask, desk: Browser, rita: int, hugo: int, time: Time) -> None:
    met = make_interview(
        candidate("Ada Lind", rita).id, rita, starts_at=clock.now() + timedelta(minutes=1), panel=[(hugo, None)]
    )
    time.pass_by(minutes=2)
    page = desk.get("/recruiting/interviews?show=ours")
    assert f"/recruiting/interviews/{met}/close" in page.links
    # Whoever only takes part closes none.
    assert (
        f"/recruiting/interviews/{met}/close" not in signed_in(app, hugo).get("/recruiting/interviews?show=ours").links
    )


def test_whoever_has_waited_longest_to_choose_stands_first_with_since_when(app: Flask, rita: int, time: Time) -> None:
    make_interview(candidate("Ada", rita).id, rita, state=InterviewState.PROPOSED, times=[TUESDAY])
    time.pass_by(days=1)
    bob = make_interview(candidate("Bob", rita).id, rita, state=InterviewState.PROPOSED, times=[TUESDAY])
    happened(bob, HistoryKind.PROPOSED, None)
    time.pass_by(days=1)
    change(bob, changed_at=clock.now())
    text = signed_in(app, rita).get("/recruiting/interviews?show=theirs").text
    words = ("1 time to choose from since Wed 4 Mar 2026", "Ada", "since Thu 5 Mar 2026", "Bob")
    places = [text.index(word) for word in words]
    assert places == sorted(places)
