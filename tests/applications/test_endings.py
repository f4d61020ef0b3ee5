"""Endings go in office hours on working days; until then nothing shows, and nobody hears from the community."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope, due_for, find_application_of, find_for_staff
from portal.applications.queries.missed import missed_promises
from portal.applications.rules import EndingWaits, Proposal
from portal.applications.states import END_REASONS, ENDINGS_BY_US, ApplicationStatus, Channel, EndReason
from portal.company.actions import change_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.contact.queries import contact_preferences
from portal.contact.rules import Go, Hold
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)
#: Friday 6 March 2026, 18:00 in Warsaw.
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
#: Monday 9 March 2026, 9:00 in Warsaw.
MONDAY_MORNING = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NO = Proposal(
    ApplicationStatus.NOT_SELECTED, "We have chosen somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
)
WORD = Proposal(ApplicationStatus.DECISION_PENDING, "You get our answer on Monday.", FRIDAY, "")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def newest(made: Made, rita: int) -> str:
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    return view.newest_event_id


def write(made: Made, rita: int, proposal: Proposal = NO) -> Go | Hold:
    going = write_to_candidate(
        made.public_id,
        scope=scope(rita),
        proposal=proposal,
        seen_event_id=newest(made, rita),
        now=clock.now(),
        is_hurried=True,
    )
    assert isinstance(going.verdict, Go | Hold)
    return going.verdict


def send_what_is_due() -> int:
    """As a worker does: everything that may go now is accepted by the mail server; how many that were."""
    count = 0
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        assert mark_sent(claimed, clock.now())
        count += 1
    end_reading()
    return count


def status_of(made: Made) -> ApplicationStatus:
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status


def rests_until(made: Made) -> datetime | None:
    end_reading()
    return contact_preferences(made.person_id).rests_until


def test_an_ending_of_friday_evening_goes_on_monday_at_nine(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    verdict = write(ada, rita)
    assert isinstance(verdict, Hold)
    assert verdict.until == MONDAY_MORNING
    assert send_what_is_due() == 0
    time.at = MONDAY_MORNING - timedelta(minutes=1)
    assert send_what_is_due() == 0
    assert status_of(ada) is ApplicationStatus.IN_REVIEW
    time.at = MONDAY_MORNING
    assert send_what_is_due() == 1
    assert status_of(ada) is ApplicationStatus.NOT_SELECTED


def test_an_ending_in_office_hours_goes_now(rita: int, ada: Made) -> None:
    assert isinstance(write(ada, rita), Go)
    assert send_what_is_due() == 1


def test_an_ending_waits_for_the_end_of_a_holiday_of_the_company(rita: int, ada: Made, time: Time) -> None:
    days = {Setting.OWN_DAYS: [{"on": "2026-03-09", "name": "Founders' day"}]}
    change_settings(days, version_of({Setting.OWN_DAYS: []}), actor_id=rita, now=clock.now())
    time.at = FRIDAY_EVENING
    verdict = write(ada, rita)
    assert isinstance(verdict, Hold)
    assert verdict.until == MONDAY_MORNING + timedelta(days=1)


@pytest.mark.only("sqlite")  # which status is which does not depend on the database
@pytest.mark.parametrize("status", sorted(ApplicationStatus))
def test_what_is_no_ending_of_ours_goes_at_any_hour(
    rita: int, ada: Made, time: Time, status: ApplicationStatus
) -> None:
    time.at = FRIDAY_EVENING
    why = END_REASONS[status][0] if status in END_REASONS else None
    word = Proposal(status, "A word.", date(2026, 3, 9), "Hugo is away.", end_reason=why, channel=Channel.TELEPHONE)
    verdict = write(ada, rita, word)
    assert isinstance(verdict, Hold) == (status in ENDINGS_BY_US)
    assert send_what_is_due() == (0 if status in ENDINGS_BY_US else 1)


def test_nobody_waits_for_a_word_while_their_ending_waits(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    today = date(2026, 3, 6)
    assert due_for(scope(rita), today, rita, 0, 10)[1].total == 1
    write(ada, rita)
    end_reading()
    assert due_for(scope(rita), today, rita, 0, 10)[1].total == 0
    assert missed_promises(date(2026, 3, 9)) == []


def test_nothing_is_written_after_an_ending_that_waits(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    write(ada, rita)
    with pytest.raises(EndingWaits):
        write(ada, rita, WORD)
    time.at = MONDAY_MORNING
    send_what_is_due()
    write(
        ada,
        rita,
        Proposal(ApplicationStatus.NOT_SELECTED, "Here is what we saw.", None, "", end_reason=EndReason.MISSING_SKILL),
    )
    send_what_is_due()
    assert status_of(ada) is ApplicationStatus.NOT_SELECTED


def test_a_word_first_and_then_the_ending_keeps_the_promise_and_the_order(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    write(ada, rita, Proposal(WORD.status, WORD.message, date(2026, 3, 9), "We decided late today."))
    write(ada, rita)
    assert send_what_is_due() == 1
    assert status_of(ada) is ApplicationStatus.DECISION_PENDING
    time.at = MONDAY_MORNING
    assert send_what_is_due() == 1
    assert status_of(ada) is ApplicationStatus.NOT_SELECTED


def test_community_mail_rests_from_writing_until_seven_days_after_they_were_told(
    rita: int, ada: Made, time: Time
) -> None:
    time.at = FRIDAY_EVENING
    write(ada, rita)
    told = None
    while time.at < MONDAY_MORNING + 2 * WEEK:
        if send_what_is_due():
            told = time.at
        if not told or time.at < told + WEEK:
            end = rests_until(ada)
            assert end is not None
            assert end > time.at
        jobs.count_rests(time.at)
        if told:
            assert rests_until(ada) == told + WEEK
        time.pass_by(hours=5)
    assert told is not None


def test_a_mail_server_that_is_down_for_days_leaves_no_gap(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    write(ada, rita)
    for _day in range(12):
        time.pass_by(days=1)
        jobs.count_rests(time.at)
        assert rests_until(ada) > time.at
    time.at = datetime(2026, 3, 19, 10, 0, tzinfo=UTC)
    send_what_is_due()
    jobs.count_rests(time.at)
    assert rests_until(ada) == time.at + WEEK
    jobs.count_rests(time.at + timedelta(days=1))
    assert rests_until(ada) == time.at + WEEK


def test_a_worker_that_was_away_counts_from_when_they_were_told(rita: int, ada: Made, time: Time) -> None:
    write(ada, rita)
    send_what_is_due()
    told = time.at
    time.pass_by(days=3)
    jobs.count_rests(time.at)
    assert rests_until(ada) == told + WEEK


def test_an_ending_that_is_taken_back_leaves_no_rest(rita: int, ada: Made, time: Time) -> None:
    time.at = FRIDAY_EVENING
    write(ada, rita)
    take_back_letter(ada.public_id, newest(ada, rita), scope=scope(rita), now=time.at)
    assert rests_until(ada) is None


def test_the_rest_after_another_ending_stays_when_one_is_taken_back(rita: int, ada: Made, time: Time) -> None:
    other = make_application(make_opening("Nurse"), rita, person_id=ada.person_id, promised=FRIDAY)
    write(other, rita)
    send_what_is_due()
    told = time.at
    jobs.count_rests(told)
    time.at = FRIDAY_EVENING
    write(ada, rita)
    assert rests_until(ada) == MONDAY_MORNING + WEEK
    take_back_letter(ada.public_id, newest(ada, rita), scope=scope(rita), now=time.at)
    assert rests_until(ada) == told + WEEK


def test_a_letter_that_died_and_is_tried_again_counts_when_it_arrives(rita: int, ada: Made, time: Time) -> None:
    write(ada, rita)
    settle_mail(DeliveryState.DEAD, "refused 550")
    jobs.count_rests(time.at)
    time.pass_by(days=5)
    with transaction() as own:
        letter = own.scalars(select(Delivery)).one()
        letter.state, letter.sent_at = DeliveryState.SENT, time.at
    jobs.count_rests(time.at)
    assert rests_until(ada) == time.at + WEEK


def test_more_words_after_an_ending_do_not_begin_another_rest(rita: int, ada: Made, time: Time) -> None:
    write(ada, rita)
    send_what_is_due()
    jobs.count_rests(time.at)
    time.pass_by(days=2)
    write(
        ada,
        rita,
        Proposal(ApplicationStatus.NOT_SELECTED, "Here is what we saw.", None, "", end_reason=EndReason.MISSING_SKILL),
    )
    end_reading()
    assert session().scalars(select(ApplicationEvent).where(ApplicationEvent.rest_open_since.is_not(None))).all() == []
