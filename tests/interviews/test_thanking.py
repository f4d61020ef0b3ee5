"""Thanks on the day of an interview, with the date that is promised; and what is forgotten the day after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.applications.actions import withdraw_application
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.interviews.jobs import forget_what_is_over, thank_candidates
from portal.interviews.models import ImpressionTicket, Interview, InterviewNeed
from portal.interviews.rules.afterwards import Met, evening_of, thanks_from, thanks_until
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from tests.conftest import START, Time
from tests.factories import Made, add_event, make_application, make_opening, make_staff
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.both_in_soak
#: Wednesday 4 March 2026, 11:00 in Warsaw; 18:00 there is 17:00 UTC.
ELEVEN = START + timedelta(hours=2)
EVENING = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, name="Ada Lind", promised=date(2026, 3, 10))


def thanks() -> list[Delivery]:
    """The mails of thanks that were ever written."""
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == "interviews/thanks").order_by(Delivery.id)))


def close(public_id: str, state: InterviewState = InterviewState.DONE) -> None:
    """Let a colleague have said what became of it."""
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        row.state, row.closed_at = state, clock.now()


def test_thanks_go_once_it_was_said_to_have_taken_place(ada: Made, rita: int, hugo: int, time: Time) -> None:
    interview = make_interview(ada.id, rita, starts_at=ELEVEN, panel=[(hugo, None), (rita, None)])
    time.at = ELEVEN + timedelta(hours=1)
    thank_candidates(clock.now())
    assert thanks() == []
    close(interview)
    thank_candidates(clock.now())
    (mail,) = thanks()
    assert mail.subject == "Thank you for your time: Data Analyst"
    assert "on Wednesday 4 March 2026 about Data Analyst" in mail.text
    assert "This is an automatic mail in the name of Hugo Berg and Rita Sander" in mail.text
    assert "You hear from us next by Tuesday 10 March 2026." in mail.text
    assert mail.reply_to.startswith("Rita Sander <")
    assert (mail.mail_class, mail.timing) == ("own", "waking")


def test_in_the_evening_thanks_go_by_themselves(ada: Made, rita: int, time: Time) -> None:
    make_interview(ada.id, rita, starts_at=ELEVEN)
    time.at = EVENING - timedelta(minutes=1)
    thank_candidates(clock.now())
    assert thanks() == []
    time.at = EVENING
    for _run in range(3):
        thank_candidates(clock.now())
    assert len(thanks()) == 1


@pytest.mark.parametrize(
    "state", [InterviewState.CANCELLED, InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US]
)
def test_what_did_not_take_place_is_not_thanked_for(ada: Made, rita: int, time: Time, state: InterviewState) -> None:
    interview = make_interview(ada.id, rita, starts_at=ELEVEN)
    time.at = ELEVEN + timedelta(hours=1)
    close(interview, state)
    time.at = EVENING
    thank_candidates(clock.now())
    assert thanks() == []


def test_three_interviews_on_one_day_bring_one_mail_after_the_last(ada: Made, rita: int, hugo: int, time: Time) -> None:
    first = make_interview(ada.id, rita, starts_at=ELEVEN, panel=[(hugo, None)])
    second = make_interview(ada.id, rita, starts_at=ELEVEN + timedelta(hours=2), panel=[(rita, None)])
    make_interview(ada.id, rita, starts_at=ELEVEN + timedelta(hours=8))
    time.at = ELEVEN + timedelta(hours=3)
    close(first)
    close(second, InterviewState.MISSED_BY_US)
    thank_candidates(clock.now())
    time.at = EVENING
    thank_candidates(clock.now())
    assert thanks() == []
    time.at = ELEVEN + timedelta(hours=9, minutes=20)
    thank_candidates(clock.now())
    (mail,) = thanks()
    assert "in the name of Hugo Berg," in mail.text
    time.pass_by(hours=10)
    thank_candidates(clock.now())
    assert len(thanks()) == 1


def test_the_next_day_is_another_day(ada: Made, rita: int, time: Time) -> None:
    make_interview(ada.id, rita, starts_at=ELEVEN)
    make_interview(ada.id, rita, starts_at=ELEVEN + timedelta(days=1))
    for days in (0, 1):
        time.at = EVENING + timedelta(days=days)
        thank_candidates(clock.now())
    assert len(thanks()) == 2


def test_a_worker_that_was_away_for_three_days_makes_no_late_excuses(ada: Made, rita: int, time: Time) -> None:
    make_interview(ada.id, rita, starts_at=ELEVEN)
    time.at = EVENING + timedelta(days=3)
    thank_candidates(clock.now())
    assert thanks() == []


def test_a_date_that_has_passed_is_not_promised_again(rita: int, time: Time) -> None:
    late = make_application(make_opening(), rita, promised=date(2026, 3, 3))
    make_interview(late.id, rita, starts_at=ELEVEN)
    time.at = EVENING
    thank_candidates(clock.now())
    (mail,) = thanks()
    assert "You hear from us next" not in mail.text


def test_nobody_is_thanked_whose_application_has_ended(ada: Made, rita: int, time: Time) -> None:
    make_interview(ada.id, rita, starts_at=ELEVEN)
    time.at = EVENING - timedelta(hours=2)
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    time.at = EVENING
    thank_candidates(clock.now())
    assert thanks() == []


def test_thanks_do_not_overtake_a_no_that_waits_to_go(ada: Made, rita: int, time: Time) -> None:
    make_interview(ada.id, rita, starts_at=ELEVEN)
    make_interview(make_application(make_opening(), rita).id, rita, starts_at=ELEVEN)
    time.at = EVENING
    with transaction() as own:
        waiting = Delivery(
            **_row_of("an-ending"), person_id=ada.person_id, kind="applications/ending", cause="x", places=[]
        )
        own.add(waiting)
        own.flush()
        delivery_id = waiting.id
    add_event(ada.id, EventKind.MESSAGE, status=ApplicationStatus.NOT_SELECTED, actor_id=rita, delivery_id=delivery_id)
    thank_candidates(clock.now())
    assert [mail.person_id != ada.person_id for mail in thanks()] == [True]


def _row_of(key: str) -> dict[str, object]:
    texts = {name: "" for name in ("to_name", "to_domain", "reply_to", "subject", "text", "html", "last_error")}
    times = {"next_try_at": clock.now(), "created_at": clock.now()}
    row = {"key": key, "dedupe_key": key, "mail_class": "own", "state": DeliveryState.QUEUED, "attempts": 0}
    return {**texts, **times, **row, "to_address": "ada@example.org", "timing": "office", "budget": "none"}


def test_thanks_that_wait_for_the_morning_are_stopped_when_it_did_not_take_place(
    ada: Made, rita: int, time: Time
) -> None:
    interview = make_interview(ada.id, rita, starts_at=ELEVEN)
    time.at = EVENING
    thank_candidates(clock.now())
    close(interview, InterviewState.MISSED_BY_US)
    thank_candidates(clock.now())
    assert [mail.state for mail in thanks()] == [DeliveryState.CANCELLED]


def test_the_day_is_that_of_the_readers_clock(ada: Made, rita: int, time: Time) -> None:
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = "Asia/Tokyo"
    # 17:00 in Warsaw, one in the morning of Thursday in Tokyo.
    starts_at = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    close(make_interview(ada.id, rita, starts_at=starts_at))
    time.at = starts_at + timedelta(hours=1)
    thank_candidates(clock.now())
    (mail,) = thanks()
    assert "on Thursday 5 March 2026" in mail.text


def test_what_makes_it_accessible_is_forgotten_the_day_after_or_when_it_is_called_off(
    ada: Made, rita: int, time: Time
) -> None:
    today, later = (make_interview(ada.id, rita, starts_at=ELEVEN + timedelta(days=days)) for days in (0, 3))
    proposed = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[ELEVEN + timedelta(days=5)])
    with transaction() as own:
        for row in own.scalars(select(Interview)).all():
            own.add(InterviewNeed(interview_id=row.id, words="A lift", told_at=clock.now()))

    def left() -> set[str]:
        end_reading()
        found = select(Interview.public_id).join(InterviewNeed, InterviewNeed.interview_id == Interview.id)
        return set(session().scalars(found))

    time.at = EVENING
    forget_what_is_over(clock.now())
    assert left() == {today, later, proposed}
    time.at = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    forget_what_is_over(clock.now())
    assert left() == {later, proposed}
    close(proposed, InterviewState.CANCELLED)
    forget_what_is_over(clock.now())
    assert left() == {later}


def test_leave_to_say_how_it_began_is_forgotten_unused(ada: Made, rita: int, time: Time) -> None:
    close(make_interview(ada.id, rita, starts_at=START - timedelta(hours=1)))
    thank_candidates(clock.now())
    count = select(func.count()).select_from(ImpressionTicket)
    for days, left in ((0, 1), (13, 1), (14, 0)):
        time.at = START + timedelta(days=days)
        forget_what_is_over(clock.now())
        end_reading()
        assert session().scalar(count) == left


_STATES = st.sampled_from(list(InterviewState))
_ZONES = st.sampled_from(["Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"])


@example(
    day=date(2026, 1, 1),
    zone="Europe/Warsaw",
    minutes=[(0, 15, InterviewState.CONFIRMED), (841, 240, InterviewState.DONE)],
)
@given(
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    zone=_ZONES,
    minutes=st.lists(st.tuples(st.integers(0, 23 * 60), st.integers(15, 240), _STATES), min_size=1, max_size=4),
)
def test_thanks_come_after_everything_that_took_place_and_on_that_day(
    day: date, zone: str, minutes: list[tuple[int, int, InterviewState]]
) -> None:
    begins = evening_of(day, zone) - timedelta(hours=18)
    met = [
        Met(begins + timedelta(minutes=at), length, state, begins + timedelta(minutes=at + length))
        for at, length, state in minutes
    ]
    start = thanks_from(met, day, zone)
    counted = [one for one in met if one.state in {InterviewState.DONE, InterviewState.CONFIRMED, InterviewState.MOVED}]
    assert (start is None) == (not counted)
    if start is not None:
        still = [one for one in counted if one.state is not InterviewState.DONE]
        assert all(start >= one.ends_at for one in counted)
        assert not still or start >= evening_of(day, zone)
        assert start < thanks_until(day, zone)
