"""How long a message waits, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.outbox import rules
from portal.outbox.rules import Refused
from portal.outbox.states import MOVES, DeliveryState, Reason

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


@given(st.integers(1, 10_000), st.text(max_size=20))
def test_a_slow_domain_waits_a_minute_to_an_hour(troubles: int, domain: str) -> None:
    assert MINUTE <= rules.slow_down_for(troubles, domain) <= timedelta(hours=1)


@given(st.timedeltas(timedelta(), timedelta(days=400)))
def test_what_is_held_is_looked_at_in_time_and_never_at_once(wait: timedelta) -> None:
    again = rules.look_again_at(WRITTEN + wait, WRITTEN)
    assert WRITTEN + MINUTE <= again <= max(WRITTEN + wait, WRITTEN + MINUTE)
    assert again <= WRITTEN + rules.LOOK_AGAIN


@pytest.mark.parametrize(("minutes", "rests"), [(0, False), (0.5, True), (1, True), (60, False), (-1, False)])
def test_a_rest_ends_and_a_clock_that_goes_back_makes_none_longer(minutes: float, rests: bool) -> None:
    assert rules.is_resting(WRITTEN + timedelta(minutes=minutes), WRITTEN) is rests


def test_a_domain_is_given_up_after_five_days() -> None:
    assert not rules.is_domain_given_up(WRITTEN, WRITTEN + timedelta(days=4, hours=23))
    assert rules.is_domain_given_up(WRITTEN, WRITTEN + timedelta(days=5))


#: A reply, whether it answered RCPT, and whether the address is dead.
REPLIES = [
    ("550 5.1.1 no such user", True, True),
    ("550 5.1.1 no such user", False, True),
    ("554 5.1.1 no such user", True, True),
    ("550 5.1.10 null MX", True, True),
    ("550 5.2.1 mailbox disabled", True, True),
    ("550 5.7.17 mailbox owner has changed", True, True),
    ("550 5.2.2 mailbox full", True, False),
    ("550 5.4.1 no answer from host", True, False),
    ("550 5.7.1 relaying denied", True, False),
    ("550 5.7.26 unauthenticated mail", False, False),
    ("550 5.7.13 our own account is disabled", True, False),
    ("550 5.1.8 bad sender", True, False),
    ("550 5.11.1 nonsense", True, False),
    ("550 5.1.0 address rejected", True, True),
    ("550 5.1.0 sender rejected", True, False),
    ("550 5.0.0 no such user", False, False),
    ("550 no such user", True, True),
    ("550 no such user", False, False),
    ("550 relay not permitted", True, False),
    ("550 your address is on a blacklist", True, False),
    ("551 user not local", True, True),
    ("553 mailbox name not allowed", True, True),
    ("556 domain takes no mail", True, True),
    ("552 too much stored", True, False),
    ("554 we do not like the contents", False, False),
    ("554 transaction failed", True, False),
    ("500 what", True, False),
]


@pytest.mark.parametrize(("reply", "is_at_recipient", "is_dead"), REPLIES)
def test_only_words_about_the_mailbox_end_an_address(reply: str, is_at_recipient: bool, is_dead: bool) -> None:
    code, _space, words = reply.partition(" ")
    assert rules.is_address_dead(Refused(Reason.REFUSED, int(code), words, is_at_recipient)) is is_dead


def test_a_message_we_cannot_make_says_nothing_about_the_address() -> None:
    assert not rules.is_address_dead(Refused(Reason.MALFORMED, 0, "5.1.1 nonsense", True))


@pytest.mark.parametrize(
    ("address", "domain"), [("Ada@Example.ORG", "example.org"), ("nobody", ""), ("a@b@c.de", "c.de"), ("", "")]
)
def test_the_domain_is_what_follows_the_last_at(address: str, domain: str) -> None:
    assert rules.domain_of(address) == domain


def test_what_is_over_stays_over() -> None:
    # What was sent can come back, and nothing else can happen to it.
    assert MOVES[DeliveryState.SENT] == {DeliveryState.DEAD, DeliveryState.QUEUED}
    assert not MOVES[DeliveryState.CANCELLED]


def test_only_what_is_being_sent_becomes_sent() -> None:
    assert rules.states_before(DeliveryState.SENT) == [DeliveryState.LEASED]
