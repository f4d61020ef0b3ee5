"""A later letter about the same thing to the same person never overtakes an older one that was put off."""

import socket
import threading

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.outbox.actions import cancel, claim_next, mark_failed_try, mark_sent
from portal.outbox.jobs import MailSender
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, TryLater
from portal.outbox.states import Reason
from tests.conftest import Time, counted_statements
from tests.outbox import servers
from tests.outbox.letters import delivery, person, put, settings
from tests.outbox.servers import Sink

AT_MAIL = TryLater(Reason.BUSY, 421, "come back later", Blame.SERVER)
NOT_NOW = TryLater(Reason.NOT_NOW, 450, "greylisted")


@pytest.fixture
def ada(app: Flask) -> int:
    return person("Ada", "ada@example.org")


def write(number: int, person_id: int, cause: str = "application:one") -> int:
    return put(number, to="ada@example.org", person_id=person_id, cause=cause)


def taken(owner: str = "one") -> int | None:
    claimed = claim_next(owner, clock.now())
    return None if claimed is None else claimed.delivery_id


def put_off(outcome: TryLater) -> int:
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, outcome, clock.now())
    return claimed.delivery_id


@pytest.mark.parametrize("outcome", [AT_MAIL, NOT_NOW])
def test_a_correction_goes_before_the_ending_although_it_was_put_off(ada: int, time: Time, outcome: TryLater) -> None:
    correction = write(1, ada)
    assert put_off(outcome) == correction
    ending = write(2, ada)
    assert taken() is None, "the ending waits for the correction"
    time.pass_by(minutes=2)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert claimed.delivery_id == correction
    assert taken("two") is None, "it is still on its way, in the hands of another worker"
    mark_sent(claimed, clock.now())
    time.pass_by(seconds=20)
    assert taken("two") == ending


def test_letters_about_something_else_or_to_others_do_not_wait(ada: int, time: Time) -> None:
    write(1, ada)
    put_off(NOT_NOW)
    other_matter = write(2, ada, "application:two")
    other_person = put(3, person_id=person("Bob", "bob@example.org"), cause="application:one")
    stranger = put(4, cause="application:one")
    assert [taken() for _each in range(4)] == [other_matter, other_person, stranger, None]


def test_when_the_older_one_is_cancelled_the_later_one_goes(ada: int, time: Time) -> None:
    write(1, ada)
    put_off(NOT_NOW)
    cancel("application:one", clock.now())
    later = write(2, ada)
    assert taken() == later


def test_one_that_is_held_or_was_never_tried_holds_nobody_back(ada: int, time: Time) -> None:
    held = write(1, ada)
    with transaction() as own:
        row = own.get_one(Delivery, held)
        row.next_try_at = time.at.replace(day=20)
    later = write(2, ada)
    assert taken() == later


def test_one_that_is_tried_again_and_again_for_its_own_sake_holds_nobody_back_for_ever(ada: int, time: Time) -> None:
    older = write(1, ada)
    later = write(2, ada)
    for _hour in range(30):
        claimed = claim_next("one", clock.now())
        if claimed is not None and claimed.delivery_id == later:
            break
        if claimed is not None:
            mark_failed_try(claimed, NOT_NOW, clock.now())
        time.pass_by(minutes=5)
    else:
        raise AssertionError("it waits for ever")
    assert delivery(older).attempts == 5


def test_a_campaign_of_one_cause_does_not_look_at_all_of_it_for_each(ada: int) -> None:
    for number in range(5):
        write(number, ada, "campaign:one")
    with counted_statements() as seen:
        assert taken() is not None
    assert len(seen) < 10


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_that_is_down_all_night_lets_letters_out_in_the_order_in_which_they_were_written(
    ada: int, time: Time
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        closed = f"smtp://127.0.0.1:{one.getsockname()[1]}"
    down = MailSender("one", threading.Event(), settings(closed, "production"), deadline=2)
    for number in range(6):
        write(number, ada)
        down.send_due_mail()
        time.pass_by(minutes=30)
    with servers.mail_server(Sink()) as sink:
        up = MailSender("one", threading.Event(), settings(sink.url, "production"), deadline=2)
        for _try in range(3):
            up.send_due_mail()
            time.pass_by(minutes=1)
    assert [str(got.message["Subject"]) for got in sink.got] == [f"News {number}" for number in range(6)]
