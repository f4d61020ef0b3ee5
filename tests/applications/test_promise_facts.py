"""What became of promises is a fact: kept, broken, put off in time, ended; each written once."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.applications import jobs
from portal.applications.actions.calling import Call, log_call
from portal.applications.models import ApplicationEvent, Promise
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.queries.promises import unfolded
from portal.applications.rules.promises import (
    DraftFacts,
    Owed,
    Past,
    Said,
    Standing,
    ends_at,
    fold_promises,
    last_day_over,
    not_before,
    owed,
    ready_draft,
    reminded_on,
    reminded_until,
)
from portal.applications.states import (
    OPEN_STATUSES,
    WORDS_OF_PEOPLE,
    ApplicationStatus,
    Channel,
    EventKind,
    PromiseOutcome,
)
from portal.company.rules import NO_HOLIDAYS, Hours
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.actions.coming_in.bouncing import Heard, note_bounce
from portal.outbox.models import Delivery
from portal.outbox.rules.incoming import Report
from portal.outbox.states import Bounce
from portal.privacy.actions import erase_person, hand_over
from tests.applications.promise_jobs import run_jobs, send_what_is_due
from tests.applications.test_promises import write
from tests.conftest import Time
from tests.factories import Made, add_event, make_application, make_opening, make_staff

TODAY = date(2026, 3, 4)
ZONE = "Europe/Warsaw"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE = Hours(clock_time(9), clock_time(17))


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def opening(rita: int) -> int:
    return make_opening("Data Analyst")


@pytest.fixture
def ada(opening: int, rita: int) -> Made:
    return make_application(opening, rita, promised=TODAY)


def promises() -> list[tuple[date, PromiseOutcome | None, EventKind | None]]:
    end_reading()
    rows = session().execute(select(Promise.promised_on, Promise.outcome, Promise.settled_by).order_by(Promise.id))
    return [(row[0], row[1], row[2]) for row in rows]


def ring(made: Made, person_id: int, day: date = date(2026, 3, 11)) -> None:
    end_reading()
    scope = StaffScope(person_id, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    call = Call(Channel.TELEPHONE, clock.now().date(), "We spoke.", day, "It takes longer.")
    log_call(made.public_id, call, scope=scope, seen_event_id=view.newest_event_id, now=clock.now())


def fold() -> None:
    jobs.fold_promises(clock.now())
    jobs.fold_promises(clock.now())


def test_a_word_in_time_keeps_it_and_makes_the_next(ada: Made, rita: int) -> None:
    fold()
    assert promises() == [(TODAY, None, None)]
    ring(ada, rita)
    fold()
    assert promises() == [(TODAY, PromiseOutcome.KEPT, EventKind.CALL), (date(2026, 3, 11), None, None)]


def test_a_note_says_that_it_was_broken(ada: Made, time: Time) -> None:
    time.at = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    run_jobs()
    send_what_is_due()
    fold()
    assert promises() == [
        (TODAY, PromiseOutcome.BROKEN, EventKind.HOLDING_NOTE),
        (date(2026, 3, 11), None, None),
    ]


def bounce(status: str = "5.1.1", kind: Bounce = Bounce.HARD) -> None:
    """A report says that the newest message did not arrive after all."""
    end_reading()
    newest = session().scalars(select(Delivery.id).order_by(Delivery.id.desc())).first()
    assert newest is not None
    with transaction():
        assert note_bounce(newest, Report(kind, status, 550, "no"), clock.now()) is Heard.BELIEVED
    end_reading()


def test_a_word_that_came_back_after_all_has_kept_nothing(ada: Made, rita: int, time: Time) -> None:
    write(ada, rita, date(2026, 3, 11))
    time.pass_by(minutes=30)
    assert send_what_is_due() == 1
    fold()
    assert promises() == [(TODAY, PromiseOutcome.KEPT, EventKind.MESSAGE), (date(2026, 3, 11), None, None)]
    time.pass_by(hours=1)
    bounce()
    fold()
    assert promises() == [(TODAY, None, None)]
    assert unfolded() == []
    time.pass_by(days=1)
    ring(ada, rita)
    fold()
    assert promises() == [(TODAY, PromiseOutcome.BROKEN, EventKind.CALL), (date(2026, 3, 11), None, None)]
    assert unfolded() == []


def test_a_word_that_came_back_and_then_arrives_counts_from_then(ada: Made, rita: int, time: Time) -> None:
    write(ada, rita, date(2026, 3, 11))
    time.pass_by(minutes=30)
    assert send_what_is_due() == 1
    fold()
    bounce("4.2.2", Bounce.SOFT)
    fold()
    assert promises() == [(TODAY, None, None)]
    time.pass_by(days=1)
    send_what_is_due()
    fold()
    assert promises() == [(TODAY, PromiseOutcome.BROKEN, EventKind.MESSAGE), (date(2026, 3, 11), None, None)]


def test_a_word_that_came_back_takes_nothing_from_the_one_before_it(ada: Made, rita: int, time: Time) -> None:
    ring(ada, rita)
    time.pass_by(hours=1)
    write(ada, rita, date(2026, 3, 13))
    time.pass_by(minutes=30)
    assert send_what_is_due() == 1
    fold()
    kept = (TODAY, PromiseOutcome.KEPT, EventKind.CALL)
    assert promises()[0] == kept
    assert len(promises()) == 3
    bounce()
    fold()
    assert promises() == [kept, (date(2026, 3, 11), None, None)]
    assert unfolded() == []


def test_what_is_held_is_no_promise_yet(opening: int, rita: int) -> None:
    make_application(opening, rita, promised=TODAY, is_held=True)
    fold()
    assert promises() == []


def test_each_is_noted_with_its_opening_and_who_looked_after_it(ada: Made, opening: int, rita: int) -> None:
    ring(ada, rita)
    fold()
    end_reading()
    noted = session().execute(select(Promise.opening_id, Promise.owner_id, Promise.outcome).order_by(Promise.id))
    assert [tuple(row) for row in noted] == [(opening, rita, PromiseOutcome.KEPT), (opening, rita, None)]


def test_with_an_erased_candidate_the_figure_stays_and_leads_to_nobody(ada: Made, opening: int, rita: int) -> None:
    ring(ada, rita)
    fold()
    erase_person(ada.person_id, rita, clock.now())
    end_reading()
    noted = session().execute(select(Promise.opening_id, Promise.application_id, Promise.outcome).order_by(Promise.id))
    assert [tuple(row) for row in noted] == [(opening, None, PromiseOutcome.KEPT), (opening, None, None)]


def test_who_takes_over_answers_for_what_is_open_only(ada: Made, rita: int) -> None:
    ring(ada, rita)
    fold()
    otto = make_staff("Otto Berg")
    hand_over(rita, otto, otto, clock.now())
    end_reading()
    assert session().scalars(select(Promise.owner_id).order_by(Promise.id)).all() == [rita, otto]


def test_the_date_of_an_escalation_is_no_promise(ada: Made) -> None:
    add_event(ada.id, EventKind.ESCALATED, promised=date(2026, 4, 1))
    fold()
    assert promises() == [(TODAY, PromiseOutcome.BROKEN, EventKind.ESCALATED)]


def test_when_a_restated_import_has_ended_nothing_is_promised(ada: Made) -> None:
    with transaction() as own:
        own.execute(update(ApplicationEvent).values(status=ApplicationStatus.WITHDRAWN, next_update_by=None))
    fold()
    assert promises() == []


_pasts = st.lists(st.builds(Past, st.sampled_from(EventKind), st.sampled_from(Standing)), max_size=8)
_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_instants = st.integers(0, 365 * 24 * 60).map(lambda minutes: LONG_AGO + timedelta(minutes=minutes))


@given(_pasts, _days, _days)
def test_nothing_is_owed_before_the_day_is_over_or_while_a_message_is_on_its_way(
    history: list[Past], promised: date, over: date
) -> None:
    what = owed(promised, over, history)
    if promised > over or any(one.standing is Standing.ON_ITS_WAY for one in history):
        assert what is Owed.NOTHING
    assert owed(None, over, history) is Owed.NOTHING


@given(_pasts)
def test_there_is_never_a_third_note_nor_a_second_escalation_in_a_row(history: list[Past]) -> None:
    seen = [one.kind for one in history if one.standing is Standing.SEEN]
    since = []
    for kind in seen:
        if kind in WORDS_OF_PEOPLE:
            break
        since.append(kind)
    what = owed(TODAY, TODAY, history)
    if what is Owed.NOTE:
        assert since.count(EventKind.HOLDING_NOTE) < 2
    if EventKind.ESCALATED in since:
        assert what is Owed.NOTHING


@given(_days, st.sampled_from(["Europe/Warsaw", "America/New_York", "Pacific/Auckland"]))
def test_a_day_is_over_at_the_end_of_office_hours_and_not_a_minute_before(day: date, zone: str) -> None:
    end = ends_at(day, OFFICE, zone)
    assert last_day_over(end, OFFICE, zone) == day
    assert last_day_over(end - timedelta(minutes=1), OFFICE, zone) == day - timedelta(days=1)


@given(_instants, st.integers(0, 48))
def test_the_next_automatic_message_comes_on_a_later_day_wherever_somebody_is(last: datetime, hours: int) -> None:
    zones = ("Europe/Warsaw", "Pacific/Honolulu")
    now = last + timedelta(hours=hours)
    start = not_before(now, last, zones)
    assert start >= now
    assert all(clock.day_of(start, zone) > clock.day_of(last, zone) for zone in zones)
    assert not_before(now, None, zones) == now


@given(_days)
def test_the_reminder_comes_two_working_days_before(promised: date) -> None:
    on = reminded_on(promised, NO_HOLIDAYS)
    assert NO_HOLIDAYS.is_working_day(on)
    assert promised <= reminded_until(on, NO_HOLIDAYS)
    assert promised > reminded_until(on - timedelta(days=1), NO_HOLIDAYS)


_said = st.lists(
    st.builds(
        Said,
        st.just(0),
        st.sampled_from(EventKind),
        st.sampled_from(ApplicationStatus),
        st.none() | _days,
        _instants,
    ),
    max_size=6,
)


@given(_said)
def test_only_a_persons_word_keeps_a_promise(said: list[Said]) -> None:
    for fact in fold_promises(said, ZONE):
        assert (fact.outcome is None) == (fact.settled_at is None)
        if fact.outcome in {PromiseOutcome.KEPT, PromiseOutcome.MOVED}:
            assert fact.settled_by in WORDS_OF_PEOPLE
    assert len([fact for fact in fold_promises(said, ZONE) if fact.outcome is None]) <= 1


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
@pytest.mark.parametrize("name", ["", "Ada Lind"])
def test_a_ready_draft_is_whole_and_leaves_nothing_to_fill_in(status: ApplicationStatus, name: str) -> None:
    draft = ready_draft(DraftFacts(name, "Data Analyst", status, TODAY))
    assert "Wednesday 4 March 2026" in draft
    assert "Data Analyst" in draft
    assert not set("[]{}…_") & set(draft)
    assert "Hello," in draft or "Hello Ada Lind," in draft
