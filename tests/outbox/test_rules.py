"""How long a message waits, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.outbox import rules
from portal.outbox.rules import Reason, TryLater
from portal.outbox.states import MOVES, DeliveryState

WRITTEN = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

attempts = st.integers(1, 10_000)
keys = st.text(min_size=1, max_size=24)


@given(attempts, keys)
def test_every_wait_is_between_a_minute_and_six_hours(attempts: int, key: str) -> None:
    assert MINUTE <= rules.wait_before_next_try(attempts, key) <= timedelta(hours=6)


@given(st.integers(1, 8), keys)
def test_the_next_wait_is_longer(attempts: int, key: str) -> None:
    assert rules.wait_before_next_try(attempts, key) < rules.wait_before_next_try(attempts + 1, key)


@given(attempts, keys)
def test_the_same_message_always_waits_equally_long(attempts: int, key: str) -> None:
    assert rules.wait_before_next_try(attempts, key) == rules.wait_before_next_try(attempts, key)


def test_messages_that_failed_together_do_not_come_back_together() -> None:
    assert len({rules.wait_before_next_try(3, f"key{number}") for number in range(100)}) > 90


@given(keys)
def test_a_server_that_is_down_for_a_day_and_a_half_loses_nothing(key: str) -> None:
    now, tries = WRITTEN, 0
    while now < WRITTEN + timedelta(hours=36):
        tries += 1
        assert not rules.is_given_up(tries, WRITTEN, now)
        now += rules.wait_before_next_try(tries, key)


@given(keys)
def test_a_message_nobody_takes_is_given_up_within_three_days(key: str) -> None:
    now, tries = WRITTEN, 1
    while not rules.is_given_up(tries, WRITTEN, now):
        now += rules.wait_before_next_try(tries, key)
        tries += 1
        assert now < WRITTEN + timedelta(days=3)
    assert now >= WRITTEN + timedelta(hours=48)


def test_a_worker_that_was_away_for_three_days_does_not_give_up_at_the_first_failure() -> None:
    assert not rules.is_given_up(1, WRITTEN, WRITTEN + timedelta(days=3))


@given(st.integers(1, 10_000))
def test_a_troubled_server_rests_ten_seconds_to_a_minute(troubles: int) -> None:
    assert timedelta(seconds=10) <= rules.pause_after(troubles) <= MINUTE


@pytest.mark.parametrize("reason", [Reason.NOT_NOW, Reason.REFUSED, Reason.MALFORMED])
def test_what_concerns_one_message_does_not_stop_the_others(reason: Reason) -> None:
    assert not TryLater(reason).is_about_server


def test_what_is_over_stays_over() -> None:
    assert not MOVES[DeliveryState.SENT]
    assert not MOVES[DeliveryState.CANCELLED]


def test_only_what_is_being_sent_becomes_sent() -> None:
    assert rules.states_before(DeliveryState.SENT) == [DeliveryState.LEASED]
