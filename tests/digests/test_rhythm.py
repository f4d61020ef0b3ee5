"""Digests: on their readers' day and hour, holding exactly what came since, never empty, never twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.contact.actions import choose, stop
from portal.contact.rules import Go, Hold, Never
from portal.contact.states import Purpose, Rhythm, WhyHeld, WhyNot
from portal.core import clock
from portal.core.db import transaction
from portal.digests.jobs import mail_updates
from portal.digests.rules import LOOK_AGAIN, Waiting, digest_time, plan_digest, way_for
from portal.digests.states import Way
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, Reason
from portal.people.models import Person
from portal.updates.actions import withdraw_update
from tests.conftest import Time
from tests.digests.mails import (
    choose_rhythm,
    correct,
    mails_to,
    prepare,
    reader,
    results,
    subjects_to,
    update_id,
    way_of,
    work,
)
from tests.factories import make_staff
from tests.updates.posting import post

pytestmark = pytest.mark.both_in_soak

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
ZONES = ("Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Pacific/Apia", "UTC")


def days(time: Time, count: int) -> None:
    """Let days go by, with the worker at work twice a day."""
    for _half in range(2 * count):
        time.pass_by(hours=12)
        work()


@given(
    rhythm=st.sampled_from([Rhythm.WEEKLY, Rhythm.MONTHLY]),
    minutes=st.integers(0, 4 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
)
def test_a_digest_is_due_at_nine_of_its_day_wherever_its_reader_is(rhythm: Rhythm, minutes: int, zone: str) -> None:
    after = NOW + timedelta(minutes=minutes)
    due = digest_time(rhythm, after, zone)
    local = due.astimezone(ZoneInfo(zone))
    assert local.hour == 9
    assert local.weekday() == 3 if rhythm is Rhythm.WEEKLY else local.day == 1
    assert timedelta() < due - after <= timedelta(days=7 if rhythm is Rhythm.WEEKLY else 31, hours=2)


def test_the_hour_stays_nine_over_a_change_of_clocks() -> None:
    thursday = digest_time(Rhythm.WEEKLY, datetime(2026, 3, 26, 12, 0, tzinfo=UTC), "Europe/Warsaw")
    assert thursday == datetime(2026, 4, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verdict", "rhythm", "way"),
    [
        (Go(), None, Way.OWN_LETTER),
        (Go(), Rhythm.AS_IT_HAPPENS, Way.OWN_LETTER),
        (Hold(WhyHeld.QUIET_HOURS, NOW), None, Way.OWN_LETTER),
        (Hold(WhyHeld.BUDGET, NOW + timedelta(days=9)), None, Way.COLLECTED),
        (Hold(WhyHeld.PAUSED, NOW + timedelta(days=9)), Rhythm.AS_IT_HAPPENS, Way.COLLECTED),
        (Hold(WhyHeld.RESTING, NOW + timedelta(days=2)), None, Way.COLLECTED),
        (Go(), Rhythm.WEEKLY, Way.COLLECTED),
        (Go(), Rhythm.MONTHLY, Way.COLLECTED),
        (Never(WhyNot.NO_CONSENT), Rhythm.WEEKLY, Way.LEFT_OUT),
        (Never(WhyNot.SUPPRESSED), None, Way.LEFT_OUT),
        (None, None, Way.LEFT_OUT),
    ],
)
def test_how_an_update_comes(verdict: Go | Hold | Never | None, rhythm: Rhythm | None, way: Way) -> None:
    assert way_for(verdict, rhythm, "UTC", is_read=False, now=NOW).way is way


@given(
    flags=st.lists(st.tuples(*[st.booleans()] * 7), max_size=5),
    verdict=st.sampled_from([Go(), Hold(WhyHeld.PAUSED, NOW + timedelta(days=3)), Never(WhyNot.NO_CONSENT)]),
    rhythm=st.sampled_from([None, *Rhythm]),
    hours=st.integers(0, 24 * 40),
)
def test_a_plan_speaks_of_everything_once_and_always_comes_to_an_end(
    flags: list[tuple[bool, ...]], verdict: Go | Hold | Never, rhythm: Rhythm | None, hours: int
) -> None:
    waiting = [Waiting(number, NOW - timedelta(hours=hours), *said) for number, said in enumerate(flags)]
    plan = plan_digest(waiting, verdict, rhythm, "UTC", NOW)
    assert not set(plan.dropped) & set(plan.sent)
    left = {one.update_id for one in waiting} - set(plan.dropped) - set(plan.sent)
    assert not left or (plan.look_at is not None and NOW < plan.look_at <= NOW + LOOK_AGAIN)
    for one in waiting:
        if one.update_id in plan.sent:
            assert isinstance(verdict, Go)
            assert one.is_theirs
            assert not any((one.is_read, one.is_withdrawn, one.is_paused, one.is_stopped, one.is_refused, one.is_over))


def test_a_week_of_updates_comes_on_thursday_at_nine(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    time.pass_by(days=1, hours=2)
    for title in ("One", "Two"):
        post(rita, title)
        time.pass_by(hours=20)
        work()
    assert mails_to(ada) == []
    for _hour in range(24 * 7):
        time.pass_by(hours=1)
        work()
    (mail,) = mails_to(ada)
    assert mail.subject == "2 updates for you"
    assert mail.at == datetime(2026, 3, 12, 9, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert "/updates/" in mail.text
    assert "once a week at most, as you chose" in mail.text


def test_no_week_without_an_update_brings_a_mail(app: Flask, time: Time) -> None:
    ada = reader(rhythm=Rhythm.WEEKLY)
    post(make_staff())
    days(time, 22)
    assert subjects_to(ada) == ["What we pay"]


def test_a_month_of_updates_comes_on_the_first(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.MONTHLY), make_staff()
    for title in ("One", "Two", "Three"):
        post(rita, title)
        days(time, 7)
    assert mails_to(ada) == []
    days(time, 8)
    (mail,) = mails_to(ada)
    assert mail.subject == "3 updates for you"
    assert mail.at.astimezone(ZoneInfo("Europe/Warsaw")).date() == date(2026, 4, 1)


def test_a_worker_that_was_away_for_weeks_sends_one_not_four(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    for title in ("One", "Two", "Three", "Four"):
        post(rita, title)
        mail_updates(clock.now())
        time.pass_by(days=7)
    work()
    days(time, 3)
    assert subjects_to(ada) == ["4 updates for you"]


def test_the_next_digest_holds_only_what_came_since(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    post(rita, "One")
    days(time, 9)
    post(rita, "Two")
    post(rita, "Three")
    days(time, 9)
    first, second = mails_to(ada)
    assert first.subject == "One"
    assert second.subject == "2 updates for you"
    assert "One" not in second.text


def test_a_digest_waits_for_its_reader_s_morning(app: Flask, time: Time) -> None:
    ada = reader(rhythm=Rhythm.WEEKLY)
    with transaction() as own:
        own.get_one(Person, ada).timezone = "Pacific/Auckland"
    post(make_staff())
    for _hour in range(24 * 8):
        time.pass_by(hours=1)
        work()
    (mail,) = mails_to(ada)
    local = mail.at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert (local.weekday(), local.hour) == (3, 9)


def test_a_withdrawn_update_is_in_no_digest_and_alone_makes_none(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    gone, slug = post(rita, "Gone"), post(rita, "Stays")
    prepare()
    withdraw_update(update_id(gone), words="", actor_id=rita, now=clock.now())
    days(time, 9)
    assert subjects_to(ada) == ["Stays"]
    assert "Gone" not in mails_to(ada)[0].text
    assert results(gone).left_out == (("waited when it was withdrawn", 1),)
    assert results(slug).by_digest == 1


def test_a_yes_after_a_no_does_not_bring_what_came_before(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    post(rita, "Before")
    prepare()
    time.pass_by(hours=1)
    stop(ada, [Purpose.INSIDER_UPDATES], source="/me/preferences", now=clock.now())
    time.pass_by(seconds=1)
    choose(ada, Purpose.INSIDER_UPDATES, True, source="/me/preferences", now=clock.now())
    post(rita, "After")
    days(time, 9)
    assert subjects_to(ada) == ["After"]


def test_whoever_chooses_weekly_while_a_letter_waits_for_the_morning_gets_it_on_thursday(
    app: Flask, time: Time
) -> None:
    ada = reader()
    time.pass_by(hours=14)
    slug = post(make_staff())
    work()
    assert way_of(slug, ada) is Way.OWN_LETTER
    choose_rhythm(ada, Rhythm.WEEKLY)
    work()
    assert way_of(slug, ada) is Way.COLLECTED
    days(time, 10)
    (mail,) = mails_to(ada)
    assert mail.kind == "digests/digest"


def test_whoever_wants_everything_at_once_again_gets_what_waited_within_hours(app: Flask, time: Time) -> None:
    ada = reader(rhythm=Rhythm.MONTHLY)
    post(make_staff())
    work()
    choose_rhythm(ada, Rhythm.AS_IT_HAPPENS)
    time.pass_by(hours=3)
    work()
    assert subjects_to(ada) == ["What we pay"]


def test_a_corrected_update_comes_in_its_new_words(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    time.pass_by(hours=14)
    slug = post(rita, "What we pay")
    work()
    correct(slug, rita, "What we pay now")
    time.pass_by(minutes=1)
    work()
    time.pass_by(hours=12)
    work()
    assert subjects_to(ada) == ["What we pay now"]


def test_what_a_digest_held_that_never_arrived_comes_with_the_next_and_not_twice(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    post(rita, "One")
    days_without_mail(time, 9)
    with transaction() as own:
        (waiting,) = own.query(Delivery).where(Delivery.kind == "digests/digest").all()
        waiting.state, waiting.failed_reason, waiting.last_error = DeliveryState.DEAD, Reason.NOT_NOW, "450 full"
    post(rita, "Two")
    days(time, 9)
    assert subjects_to(ada) in (["2 updates for you"], ["One", "Two"])
    assert sum(mail.text.count("One\n") for mail in mails_to(ada)) == 1


def days_without_mail(time: Time, count: int) -> None:
    """Days on which the jobs run and no mail goes."""
    for _half in range(2 * count):
        time.pass_by(hours=12)
        prepare()
