"""The candidate's page of an interview: what they read, and what nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import ApplicationStatus
from portal.core.i18n import reading_as
from portal.core.permissions import Role
from portal.interviews.rules.own import (
    TO_COME,
    Facts,
    Said,
    Seen,
    also_at,
    as_seen,
    may_choose,
    may_tell,
    stand_of,
)
from portal.interviews.states import HistoryKind, InterviewState, WishKind
from portal.outbox.states import DeliveryState
from tests.conftest import START, Time, counted_statements
from tests.factories import Made, add_event, make_person, make_staff, signed_in, visitor
from tests.interviews.meeting import (
    TUESDAY,
    WEDNESDAY,
    change,
    happened,
    make_candidate,
    proposed,
)
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def ada(app: Flask, made: Made) -> Browser:
    return signed_in(app, made.person_id)


@pytest.fixture
def agreed(made: Made, rita: int, hugo: int) -> str:
    return make_interview(made.id, rita, starts_at=TUESDAY, panel=[(hugo, None)], criteria="- SQL\n- Patience\n")


def test_it_says_first_when_it_is_and_then_all_about_it(ada: Browser, agreed: str) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    assert page.heading == "Talk with the team"
    for words in (
        "14:00",
        "By video",
        "45 minutes",
        "Hugo Berg",
        "Patience",
        "Your work, and ours.",
        "+48 22 123 45 67",
    ):
        assert words in page.text
    assert "https://meet.example/talk" in page.links
    assert "tel:+48221234567" in page.links


def test_both_zones_are_shown_where_they_differ(ada: Browser, agreed: str, made: Made, rita: int) -> None:
    assert "That is" not in ada.get(f"/me/interviews/{agreed}").text
    change(agreed, zone="America/New_York")
    assert "That is 09:00 in New York." in ada.get(f"/me/interviews/{agreed}").text
    one = proposed(made, rita, TUESDAY, TUESDAY + timedelta(hours=12))
    change(one, zone="America/New_York")
    page = ada.get(f"/me/interviews/{one}")
    assert "Tuesday 10 March 2026, 21:00 in New York" in page.text, "there it is another day"


def test_the_calendar_file_is_the_entry_of_the_mails(ada: Browser, agreed: str) -> None:
    answer = ada.client.get(f"/me/interviews/{agreed}/interview.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    entry = vobject.readOne(answer.get_data(as_text=True))
    assert entry.method.value == "PUBLISH"
    assert entry.vevent.dtstart.value == TUESDAY
    assert entry.vevent.uid.value.startswith(f"{agreed}@")


def test_there_is_no_calendar_file_before_there_is_a_time(ada: Browser, made: Made, rita: int) -> None:
    assert ada.client.get(f"/me/interviews/{proposed(made, rita)}/interview.ics").status_code == 404


def test_it_is_nobody_elses(app: Flask, agreed: str) -> None:
    bob = signed_in(app, make_person("Bob Eriksen"))
    for path in ("", "/another-time", "/decline", "/told", "/interview.ics"):
        assert bob.client.get(f"/me/interviews/{agreed}{path}").status_code == 404
    assert visitor(app).client.get(f"/me/interviews/{agreed}").status_code == 303


def test_a_proposal_is_seen_once_its_mail_was_accepted(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    happened(one, HistoryKind.PROPOSED, DeliveryState.QUEUED)
    assert ada.client.get(f"/me/interviews/{one}").status_code == 404
    assert "interview" not in ada.get(f"/me/applications/{made.public_id}").text.lower().replace("interviewing", "")
    assert "propose" not in ada.get("/me/").text
    other = proposed(made, rita)
    happened(other, HistoryKind.PROPOSED, DeliveryState.SENT)
    assert "Rita Sander proposes 2 times" in ada.get(f"/me/interviews/{other}").text


def test_where_the_mail_came_back_the_page_itself_tells_it(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    happened(one, HistoryKind.PROPOSED, DeliveryState.DEAD)
    assert "Rita Sander proposes 2 times" in ada.get(f"/me/interviews/{one}").text


def test_a_move_is_seen_once_its_mail_was_accepted(ada: Browser, agreed: str) -> None:
    change(agreed, state=InterviewState.MOVED, starts_at=WEDNESDAY)
    happened(agreed, HistoryKind.MOVED, DeliveryState.QUEUED, before=TUESDAY)
    assert "Tuesday 10 March 2026, 14:00" in ada.get(f"/me/interviews/{agreed}").text
    change(agreed, starts_at=WEDNESDAY + timedelta(hours=1))
    happened(agreed, HistoryKind.MOVED, DeliveryState.SENT, before=WEDNESDAY)
    page = ada.get(f"/me/interviews/{agreed}")
    assert "Your interview was moved. It is now on Wednesday 11 March 2026, 15:00" in page.text
    assert "The room is taken." in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InterviewState.CANCELLED, "The interview on Tuesday 10 March 2026, 14:00 (Warsaw time) was called off."),
        (InterviewState.DONE, "Your interview was on Tuesday 10 March 2026, 14:00 (Warsaw time)."),
        (InterviewState.MISSED_BY_THEM, "We did not meet on Tuesday 10 March 2026, 14:00 (Warsaw time)."),
        (InterviewState.MISSED_BY_US, "We are sorry: that was our mistake, and it says nothing about you."),
    ],
)
def test_every_state_is_said_in_plain_words(ada: Browser, made: Made, agreed: str, state: object, words: str) -> None:
    change(agreed, state=state, closed_at=START)
    for path in (f"/me/interviews/{agreed}", f"/me/applications/{made.public_id}"):
        page = ada.get(path)
        assert words in page.text
        assert "expired" not in page.body.lower()


def test_the_application_says_it_first_and_once(ada: Browser, made: Made, agreed: str) -> None:
    page = ada.get(f"/me/applications/{made.public_id}")
    assert page.text.index("Your interview is on Tuesday 10 March") < page.text.index("Where it stands")
    assert f"/me/interviews/{agreed}" in page.links
    assert page.text.count("Tuesday 10 March 2026, 14:00") == 1


def test_an_application_without_interviews_says_nothing_of_any(ada: Browser, made: Made) -> None:
    assert "Your interview" not in ada.get(f"/me/applications/{made.public_id}").text


def test_the_home_says_it_first(ada: Browser, made: Made, rita: int, agreed: str, time: Time) -> None:
    page = ada.get("/me/")
    assert "Your interview: Data Analyst" in page.text
    assert page.text.index("Your interview is on Tuesday 10 March") < page.text.index("Your open applications")
    one = proposed(made, rita, WEDNESDAY)
    page = ada.get("/me/")
    assert "Your turn: Data Analyst" in page.text
    assert page.text.index("Rita Sander proposes a time") < page.text.index("Your interview is on")
    assert f"/me/interviews/{one}" in page.links
    time.at = TUESDAY - timedelta(hours=3)
    page = ada.get("/me/")
    assert page.text.index("Your interview is on") < page.text.index("Rita Sander proposes a time"), "it is today"


def test_the_home_forgets_what_is_over(ada: Browser, made: Made, agreed: str, time: Time) -> None:
    time.at = TUESDAY + timedelta(hours=1)
    assert "Your interview" not in ada.get("/me/").text
    add_event(made.id, status=ApplicationStatus.NOT_SELECTED, message="We chose somebody else.")
    assert "Your interview is on" not in ada.get("/me/").text


def test_the_page_costs_few_statements(ada: Browser, made: Made, rita: int, agreed: str) -> None:
    for day in range(8):
        make_interview(made.id, rita, starts_at=TUESDAY + timedelta(days=day), panel=[(rita, None)])
    with counted_statements() as seen:
        ada.get(f"/me/interviews/{agreed}")
    assert len(seen) <= 7
    with counted_statements() as seen:
        ada.get(f"/me/applications/{made.public_id}")
    assert len(seen) <= 9


def test_words_above_times_are_gone_once_one_was_chosen(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    happened(one, HistoryKind.PROPOSED, DeliveryState.SENT)
    assert "The room is taken." in ada.get(f"/me/interviews/{one}").text
    happened(one, HistoryKind.CHOSEN, DeliveryState.SENT)
    change(one, state=InterviewState.CONFIRMED, starts_at=TUESDAY)
    assert "The room is taken." not in ada.get(f"/me/interviews/{one}").text


def test_words_about_a_new_place_stay_until_it_is_over(ada: Browser, agreed: str, time: Time) -> None:
    happened(agreed, HistoryKind.CHANGED, DeliveryState.SENT)
    assert "The room is taken." in ada.get(f"/me/interviews/{agreed}").text
    time.at = TUESDAY + timedelta(days=2)
    assert "The room is taken." not in ada.get(f"/me/interviews/{agreed}").text


def test_one_that_is_over_has_no_link_and_nobody_to_call(ada: Browser, agreed: str, time: Time) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    assert "meet.example" in page.body
    assert page.body.count("tel:") == 1
    time.at = TUESDAY + timedelta(days=2)
    page = ada.get(f"/me/interviews/{agreed}")
    assert "meet.example" not in page.body
    assert "tel:" not in page.body
    assert "What it is about" in page.text


def test_that_it_was_moved_is_news_until_the_day_before(ada: Browser, made: Made, agreed: str, time: Time) -> None:
    change(agreed, state=InterviewState.MOVED)
    happened(agreed, HistoryKind.MOVED, DeliveryState.SENT, before=WEDNESDAY)
    pages = (f"/me/interviews/{agreed}", f"/me/applications/{made.public_id}", "/me/applications", "/me/")
    for path in pages:
        assert "Your interview was moved. It is now on Tuesday" in ada.get(path).text
    time.at = TUESDAY - timedelta(hours=1)
    for path in pages:
        text = ada.get(path).text
        assert "Your interview is on Tuesday 10 March 2026, 14:00" in text
        assert "moved" not in text


def test_a_move_in_the_last_hours_is_news(ada: Browser, agreed: str, time: Time) -> None:
    time.at = TUESDAY - timedelta(hours=5)
    change(agreed, state=InterviewState.MOVED)
    happened(agreed, HistoryKind.MOVED, DeliveryState.SENT, before=WEDNESDAY)
    time.at = TUESDAY - timedelta(hours=1)
    assert "Your interview was moved. It is now on" in ada.get(f"/me/interviews/{agreed}").text


def test_how_long_it_takes_stands_once_beside_times_to_choose_from(ada: Browser, made: Made, rita: int) -> None:
    assert ada.get(f"/me/interviews/{proposed(made, rita)}").text.count("45 minutes") == 1


def test_each_fact_stands_once_on_its_page(ada: Browser, agreed: str) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    for fact in ("Tuesday 10 March 2026, 14:00", "By video, 45 minutes", "meet.example/talk", "+48 22 123 45 67"):
        assert page.text.count(fact) == 1, fact


# What decides, for any history.

_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_AT = st.integers(0, 365 * 24 * 60).map(lambda minutes: _NEW_YEAR + timedelta(minutes=minutes))
_SEEN = st.builds(Seen, st.sampled_from(InterviewState), st.none() | _AT, st.booleans())
_FACTS = st.builds(Facts, st.integers(5, 240), st.integers(0, 10), st.none() | st.sampled_from(WishKind), st.booleans())
_SAID = st.builds(Said, st.sampled_from(HistoryKind), st.none() | _AT, st.none() | st.sampled_from(DeliveryState))


@given(_SEEN, _FACTS, _AT)
def test_what_is_over_takes_no_answers(seen: Seen, facts: Facts, now: datetime) -> None:
    stand = stand_of(seen, facts, now)
    if stand not in TO_COME:
        assert not may_choose(stand, seen.starts_at)
        assert not any(may_tell(kind, stand, seen.starts_at, now) for kind in WishKind)
    if may_choose(stand, seen.starts_at):
        assert seen.starts_at is None
        assert facts.is_open
    if seen.starts_at is not None and now >= seen.starts_at + timedelta(minutes=facts.minutes):
        assert stand not in TO_COME


@given(st.sampled_from(InterviewState), st.none() | _AT, st.lists(_SAID, max_size=6))
def test_what_a_mail_on_its_way_says_is_never_shown(
    state: InterviewState, starts_at: datetime | None, history: list[Said]
) -> None:
    seen = as_seen(state, starts_at, history)
    on_its_way = {DeliveryState.QUEUED, DeliveryState.LEASED}
    if history and all(one.kind is HistoryKind.PROPOSED and one.mail in on_its_way for one in history):
        assert seen is None
    changes = [one for one in history if one.kind in {HistoryKind.MOVED, HistoryKind.CANCELLED}]
    if seen is not None and changes and all(one.mail in on_its_way for one in changes) and changes == history:
        assert seen.is_changing
        assert seen.starts_at == (changes[0].starts_before or (starts_at if changes[0].kind != "moved" else None))


@given(_AT, st.sampled_from(["Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]))
def test_the_other_clock_is_named_only_where_it_shows_something_else(at: datetime, zone: str) -> None:
    with reading_as("en", zone):
        assert also_at(at, zone) == ""
        assert also_at(at, "Pacific/Kiritimati") != ""


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 10, 13, tzinfo=UTC), "09:00 in New York"),
        # Between the clock changes of America and Europe the two are an hour nearer than else.
        (datetime(2026, 3, 31, 13, tzinfo=UTC), "09:00 in New York"),
        (datetime(2026, 1, 10, 13, tzinfo=UTC), "08:00 in New York"),
        (datetime(2026, 1, 10, 2, tzinfo=UTC), "Friday 9 January 2026, 21:00 in New York"),
    ],
)
def test_the_clocks_of_the_arranger_are_right_across_clock_changes(at: datetime, words: str) -> None:
    with reading_as("en", "Europe/Warsaw"):
        assert also_at(at, "America/New_York") == words
