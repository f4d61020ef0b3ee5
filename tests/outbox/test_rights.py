"""Nothing without a right to send: asked at the claim, and once more right before a message is handed over."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.contact.actions import choose, suppress
from portal.contact.models import CountedContact
from portal.contact.queries import is_suppressed
from portal.contact.states import Budget, Purpose, Timing, WhyHeld
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.outbox import queries
from portal.outbox.actions import (
    cancel,
    claim_next,
    mark_failed_try,
    mark_sent,
    may_still_go,
    release,
)
from portal.outbox.jobs import MailSender
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import DeliveryState, MailClass, Reason, WhyStopped
from portal.privacy.actions import merge_people
from tests.conftest import Time
from tests.outbox import servers
from tests.outbox.letters import delivery, person, put, settings, states

UPDATES = Purpose.INSIDER_UPDATES
LATER = TryLater(Reason.NOT_NOW, 450, "not now")


@pytest.fixture
def ada(app: Flask) -> int:
    """Somebody who agreed to insider updates."""
    person_id = person("Ada", "ada@example.org")
    choose(person_id, UPDATES, True, source="test", now=clock.now())
    return person_id


def a_moment_passes() -> None:
    """Longer than a decision counts as one of this very moment."""
    threading.Event().wait(0.03)


def update(person_id: int, number: int = 1, budget: Budget = Budget.NONE, timing: Timing = Timing.AT_ONCE) -> int:
    """An insider update for somebody, in the outbox."""
    return put(
        number,
        to="ada@example.org",
        cause=f"update:{number}",
        person_id=person_id,
        mail_class=MailClass.COMMUNITY,
        purpose=UPDATES,
        budget=budget,
        timing=timing,
    )


def counted() -> int:
    end_reading()
    return len(session().scalars(select(CountedContact.id).order_by(CountedContact.id)).all())


def withdraw(person_id: int) -> None:
    choose(person_id, UPDATES, False, source="test", now=clock.now())


def test_what_was_withdrawn_is_stopped_and_staff_read_why(ada: int) -> None:
    number = update(ada)
    withdraw(ada)
    assert claim_next("one", clock.now()) is None
    row = delivery(number)
    assert (row.state, row.stopped_reason) == ("cancelled", WhyStopped.NO_CONSENT)


def test_what_is_held_stands_in_nobodys_way(ada: int, time: Time) -> None:
    time.at = time.at.replace(hour=21)
    held = [update(ada, number, timing=Timing.WAKING) for number in range(30)]
    free = put(99)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert claimed.delivery_id == free
    row = delivery(held[0])
    assert (row.state, row.held_reason) == ("queued", WhyHeld.QUIET_HOURS)
    assert row.held_until is not None
    assert row.held_until.hour == 7
    assert row.next_try_at <= time.at + timedelta(hours=3)
    assert not queries.is_mail_due(clock.now())
    assert [mail.reason for mail in queries.held_for(ada)] == [WhyHeld.QUIET_HOURS] * 30


def test_what_was_held_goes_when_its_time_comes_and_not_sooner(ada: int, time: Time) -> None:
    time.at = time.at.replace(hour=21)
    number = update(ada, timing=Timing.WAKING)
    while states() == ["queued"]:
        if (claimed := claim_next("one", clock.now())) is not None:
            mark_sent(claimed, clock.now())
        time.pass_by(minutes=20)
    sent_at = delivery(number).sent_at
    assert sent_at is not None
    assert (sent_at.day, sent_at.hour, sent_at.minute) == (5, 7, 0)


def test_what_comes_too_late_is_stopped(app: Flask, time: Time) -> None:
    number = put(1, expires_at=time.at + timedelta(hours=1))
    time.pass_by(hours=1)
    assert claim_next("one", clock.now()) is None
    assert delivery(number).stopped_reason is WhyStopped.EXPIRED


def test_news_of_an_application_to_an_address_that_came_back_is_a_dead_letter(app: Flask) -> None:
    suppress("person1@example.org", code=550, words="no such user", now=clock.now())
    number = put(1)
    assert claim_next("one", clock.now()) is None
    assert (delivery(number).state, delivery(number).failed_reason) == ("dead", Reason.SUPPRESSED)
    assert [dead.error for dead in queries.dead_letters()] == ["suppressed"]


def test_a_contact_is_counted_when_it_goes_and_given_back_when_it_does_not(ada: int, time: Time) -> None:
    update(ada, budget=Budget.COMMUNITY)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert counted() == 1
    mark_failed_try(claimed, LATER, clock.now())
    assert counted() == 0
    time.pass_by(minutes=5)
    again = claim_next("one", clock.now())
    assert again is not None
    assert counted() == 1
    mark_sent(again, clock.now())
    assert counted() == 1


@pytest.mark.parametrize("how", ["released", "refused", "slow domain", "cancelled and refused"])
def test_what_never_arrived_leaves_the_budget_whole(ada: int, how: str) -> None:
    number = update(ada, budget=Budget.COMMUNITY)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    if how == "released":
        release(claimed, clock.now())
    elif how == "slow domain":
        mark_failed_try(claimed, TryLater(Reason.BUSY, 421, "", Blame.DOMAIN), clock.now())
    else:
        if how == "cancelled and refused":
            cancel(delivery(number).cause, clock.now())
        mark_failed_try(claimed, Refused(Reason.REFUSED, 554, "no"), clock.now())
    assert counted() == 0


def test_what_may_have_arrived_stays_counted(ada: int) -> None:
    update(ada, budget=Budget.COMMUNITY)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, TryLater(Reason.CUT_OFF), clock.now())
    assert counted() == 1


def test_five_senders_and_eight_workers_keep_the_budget(app: Flask, ada: int) -> None:
    for number in range(20):
        update(ada, number, budget=Budget.COMMUNITY)
    sent: list[int] = []

    def work(owner: str) -> None:
        with app.app_context():
            while (claimed := claim_next(owner, clock.now())) is not None:
                mark_sent(claimed, clock.now())
                sent.append(claimed.delivery_id)

    threads = [threading.Thread(target=work, args=(f"worker{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work("last")
    assert len(sent) == 2
    end_reading()
    assert states().count("queued") == 18


@pytest.mark.parametrize("what", ["withdrawn", "suppressed", "cancelled", "paused by the hour"])
def test_what_changes_between_claim_and_sending_stops_it(ada: int, time: Time, what: str) -> None:
    number = update(ada, budget=Budget.COMMUNITY, timing=Timing.WAKING)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    a_moment_passes()
    assert may_still_go(claimed, clock.now())
    if what == "withdrawn":
        withdraw(ada)
    elif what == "suppressed":
        suppress("ada@example.org", code=550, words="gone", now=clock.now())
    elif what == "cancelled":
        cancel(delivery(number).cause, clock.now())
    else:
        time.at = time.at.replace(hour=21)
    assert not may_still_go(claimed, clock.now())
    assert states() == (["queued"] if what == "paused by the hour" else ["cancelled"])
    assert counted() == 0


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_one_who_unsubscribes_while_the_connection_is_made_gets_nothing(app: Flask, ada: int) -> None:
    update(ada)
    began = threading.Event()

    def greet_slowly(connection: object, is_over: threading.Event) -> None:
        began.set()
        is_over.wait(0.3)
        servers.take_message(connection)  # type: ignore[arg-type]

    def unsubscribe() -> None:
        assert began.wait(5)
        with app.app_context():
            withdraw(ada)

    with servers.misbehaving(greet_slowly) as port:
        person_there = threading.Thread(target=unsubscribe)
        person_there.start()
        MailSender("one", threading.Event(), settings(f"smtp://127.0.0.1:{port}"), deadline=5).send_due_mail()
        person_there.join()
    assert states() == ["cancelled"]


def test_a_worker_that_lost_its_lease_hands_nothing_over(app: Flask, time: Time) -> None:
    put(1)
    claimed = claim_next("one", clock.now())
    time.pass_by(minutes=3)
    assert claim_next("two", clock.now()) is not None
    assert claimed is not None
    a_moment_passes()
    assert not may_still_go(claimed, clock.now())


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_message_that_cannot_be_looked_at_neither_hides_the_others_nor_repeats_the_last(app: Flask) -> None:
    broken = (put(1), put(2), put(3))[1]
    with transaction() as own:
        own.execute(text("UPDATE delivery SET places = '[\"nonsense\"]' WHERE id = :id"), {"id": broken})
    with servers.mail_server() as sink:
        sender = MailSender("one", threading.Event(), settings(sink.url))
        with pytest.raises(ValueError, match="unpack"):
            sender.send_due_mail()
        assert states() == ["sent", "queued", "queued"]
        with pytest.raises(ValueError, match="unpack"):
            sender.send_due_mail()
        sender.send_due_mail()
        assert states() == ["sent", "queued", "sent"]
    assert len(sink.got) == 2


def test_a_dead_address_is_written_to_no_more(app: Flask) -> None:
    put(1)
    put(2, to="person1@example.org")
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, Refused(Reason.REFUSED, 550, "5.1.1 no such user", True), clock.now())
    assert is_suppressed("Person1@example.org")
    assert claim_next("one", clock.now()) is None
    assert states() == ["dead", "dead"]


def test_a_full_mailbox_is_not_a_dead_address(app: Flask) -> None:
    put(1)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, Refused(Reason.REFUSED, 552, "5.2.2 mailbox full", True), clock.now())
    assert states() == ["dead"]
    assert not is_suppressed("person1@example.org")


def test_a_message_in_hand_while_its_reader_becomes_one_with_another_record_is_not_lost(app: Flask) -> None:
    ada, twin = person("Ada Lind", "ada@example.org"), person("Ada Lind", "twin@example.org")
    for one in (ada, twin):
        choose(one, Purpose.INSIDER_UPDATES, True, source="/test", now=clock.now())
    delivery_id = put(
        to="twin@example.org",
        person_id=twin,
        mail_class=MailClass.COMMUNITY,
        purpose=Purpose.INSIDER_UPDATES,
        timing=Timing.WAKING,
        budget=Budget.COMMUNITY,
    )
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    claimed = replace(claimed, claimed_at=0.0)
    merge_people(ada, twin, None, clock.now())
    assert not may_still_go(claimed, clock.now())
    assert delivery(delivery_id).state is DeliveryState.QUEUED
    again = claim_next("two", clock.now())
    assert again is not None
    assert again.person_id == ada
