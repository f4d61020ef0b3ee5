"""One row, one worker: leases, fences, order."""

import threading
from collections import Counter

import pytest
from flask import Flask

from portal.core import clock
from portal.outbox.actions import (
    blank_old_mail,
    cancel,
    claim_next,
    keep_for_developers,
    mark_failed_try,
    mark_sent,
    release,
)
from portal.outbox.queries import dead_letters, is_mail_due, waiting_since
from portal.outbox.rules import Refused, TryLater
from portal.outbox.states import Reason
from tests.conftest import Time, counted_statements, sqlite_plan
from tests.outbox.letters import CALENDAR, delivery, put, put_many, states

BUSY = TryLater(Reason.NOT_NOW, 450, "try later, ada@example.org")


def test_the_message_that_waits_longest_goes_first(app: Flask, time: Time) -> None:
    later = put(1, now=time.at.replace(hour=9))
    sooner = put(2)
    time.pass_by(hours=2)
    first, second = claim_next("one", clock.now()), claim_next("one", clock.now())
    assert [claimed.delivery_id for claimed in (first, second) if claimed] == [sooner, later]
    assert claim_next("one", clock.now()) is None


@pytest.mark.only("sqlite")  # whose plans need no statistics
def test_all_that_waits_is_not_sorted_for_each_message(app: Flask) -> None:
    put(1)
    with counted_statements() as seen:
        assert claim_next("one", clock.now()) is not None
    plan = sqlite_plan(next(one for one in seen if "delivery.next_try_at <=" in one))
    assert "ix_delivery_waiting" in plan
    assert "TEMP B-TREE" not in plan


def test_a_message_of_tomorrow_waits(app: Flask, time: Time) -> None:
    put(1, now=time.at.replace(day=5))
    assert not is_mail_due(clock.now())
    assert claim_next("one", clock.now()) is None


def test_a_leased_message_is_nobody_elses_until_the_lease_ends(app: Flask, time: Time) -> None:
    put(1)
    assert claim_next("one", clock.now()) is not None
    assert claim_next("two", clock.now()) is None
    time.pass_by(minutes=2)
    assert claim_next("two", clock.now()) is not None


def test_a_worker_that_wakes_too_late_is_not_believed(app: Flask, time: Time) -> None:
    number = put(1)
    frozen = claim_next("one", clock.now())
    time.pass_by(minutes=3)
    awake = claim_next("two", clock.now())
    assert frozen is not None
    assert awake is not None
    assert not mark_sent(frozen, clock.now())
    assert not mark_failed_try(frozen, BUSY, clock.now())
    assert not release(frozen, clock.now())
    assert not keep_for_developers(frozen, "a@example.org", {}, clock.now())
    assert delivery(number).lease_owner == "two"
    assert mark_sent(awake, clock.now())
    assert not mark_sent(awake, clock.now())


def test_a_worker_does_not_confuse_its_own_two_leases(app: Flask, time: Time) -> None:
    put(1)
    first = claim_next("one", clock.now())
    time.pass_by(minutes=3)
    assert claim_next("one", clock.now()) is not None
    assert first is not None
    assert not mark_sent(first, clock.now())


def test_what_is_cancelled_while_it_is_sent_is_not_sent_again(app: Flask, time: Time) -> None:
    put(1, cause="application:a")
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert cancel("application:a", clock.now()) == 1
    assert not mark_failed_try(claimed, BUSY, clock.now())
    time.pass_by(days=1)
    assert claim_next("one", clock.now()) is None
    assert states() == ["cancelled"]


def test_a_failed_try_waits_and_says_why_without_the_address(app: Flask, time: Time) -> None:
    number = put(1)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert mark_failed_try(claimed, BUSY, clock.now())
    row = delivery(number)
    assert row.last_error == "not_now 450 try later, [address]"
    assert claim_next("one", clock.now()) is None
    time.pass_by(minutes=2)
    assert claim_next("one", clock.now()) is not None


def test_a_refused_message_is_a_dead_letter(app: Flask) -> None:
    number = put(1)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert mark_failed_try(claimed, Refused(Reason.REFUSED, 550, "no such user"), clock.now())
    assert [(dead.delivery_id, dead.error) for dead in dead_letters()] == [(number, "refused 550 no such user")]
    assert waiting_since() == (0, None)


def test_a_message_nobody_takes_dies_after_two_days(app: Flask, time: Time) -> None:
    put(1)
    began = time.at
    while states() == ["queued"]:
        claimed = claim_next("one", clock.now())
        if claimed is not None:
            mark_failed_try(claimed, BUSY, clock.now())
        time.pass_by(minutes=30)
    assert states() == ["dead"]
    assert 48 <= (time.at - began).total_seconds() / 3600 < 56


def test_a_message_given_back_is_due_at_once_and_counts_no_try(app: Flask) -> None:
    number = put(1)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert release(claimed, clock.now())
    assert delivery(number).attempts == 0
    assert claim_next("two", clock.now()) is not None


def test_six_workers_never_claim_one_message_twice(app: Flask) -> None:
    put_many(60)
    claims: Counter[int] = Counter()

    def work(owner: str) -> None:
        with app.app_context():
            while claimed := claim_next(owner, clock.now()):
                claims[claimed.delivery_id] += 1
                assert mark_sent(claimed, clock.now())

    threads = [threading.Thread(target=work, args=(f"worker{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claims) == 60
    assert set(claims.values()) == {1}
    assert set(states()) == {"sent"}


def test_texts_are_emptied_after_a_month_and_the_rest_stays(app: Flask, time: Time) -> None:
    numbers = [put(number, calendar=CALENDAR) for number in range(3)]
    for _ in range(2):
        claimed = claim_next("one", clock.now())
        assert claimed is not None
        mark_sent(claimed, clock.now())
    time.pass_by(days=29)
    assert blank_old_mail(clock.now()) == 0
    time.pass_by(days=2)
    assert blank_old_mail(clock.now(), count=1) == 1
    assert blank_old_mail(clock.now()) == 1
    assert blank_old_mail(clock.now()) == 0
    sent, waiting = delivery(numbers[0]), delivery(numbers[2])
    assert (sent.subject, sent.text, sent.html, sent.calendar, sent.places) == ("", "", "", "", [])
    assert sent.to_address == "person0@example.org"
    assert waiting.text


def test_looking_for_due_mail_names_the_states_as_its_index_does(app: Flask) -> None:
    with counted_statements() as seen:
        is_mail_due(clock.now())
        claim_next("one", clock.now())
    assert len(seen) == 2
    assert all("IN ('queued', 'leased')" in statement for statement in seen)
