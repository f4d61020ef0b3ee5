"""A domain that asks us to slow down, and a server that is down all night: mail waits and no try is counted."""

import socket
import threading
from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.outbox import queries
from portal.outbox.actions import claim_next, forget_quiet_domains, mark_failed_try, mark_sent
from portal.outbox.jobs import MailSender
from portal.outbox.rules import Blame, TryLater
from portal.outbox.states import Reason
from tests.conftest import Time, counted_statements
from tests.outbox import servers
from tests.outbox.letters import delivery, put, put_many, settings, states
from tests.outbox.servers import Sink

pytestmark = [pytest.mark.both_in_soak, pytest.mark.allow_hosts(["127.0.0.1"])]
BUSY = TryLater(Reason.BUSY, 421, "slow down", Blame.DOMAIN)


def sender(url: str) -> MailSender:
    return MailSender("worker-1", threading.Event(), settings(url, "production"), deadline=2)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return f"smtp://127.0.0.1:{one.getsockname()[1]}"


@pytest.mark.parametrize("reply", ["421 slow down", "451 greylisted"])
def test_one_domain_slows_down_and_the_others_flow(app: Flask, time: Time, reply: str) -> None:
    slow = [put(number, to=f"reader{number}@slow.example") for number in range(5)]
    others = [put(number) for number in range(10, 15)]
    sink = Sink(to_recipient={f"reader{number}@slow.example": reply for number in range(5)})
    with servers.mail_server(sink):
        sender(sink.url).send_due_mail()
        assert states() == ["queued"] * 5 + ["sent"] * 5
        assert delivery(others[0]).attempts == 1
        assert [delivery(number).attempts for number in slow] == [0] * 5
        assert [(row.domain, row.waiting_count) for row in queries.slow_domains()] == [("slow.example", 5)]
        sender(sink.url).send_due_mail()
        assert len(sink.got) == 5
        sink.to_recipient.clear()
        time.pass_by(minutes=3)
        sender(sink.url).send_due_mail()
    assert set(states()) == {"sent"}
    assert queries.slow_domains() == []


def test_a_domain_that_stays_slow_is_asked_less_and_less_often(app: Flask, time: Time) -> None:
    put(1, to="ada@slow.example")
    asked = []
    until = time.at + timedelta(hours=12)
    while time.at < until:
        claimed = claim_next("one", clock.now())
        if claimed is not None:
            asked.append(time.at)
            mark_failed_try(claimed, BUSY, clock.now())
        time.pass_by(minutes=1)
    assert 12 <= len(asked) <= 25
    assert asked[-1] - asked[-2] > asked[1] - asked[0]


def test_a_domain_that_takes_nothing_for_five_days_is_given_up(app: Flask, time: Time) -> None:
    put(1, to="ada@slow.example")
    began = time.at
    while states() == ["queued"]:
        claimed = claim_next("one", clock.now())
        if claimed is not None:
            mark_failed_try(claimed, BUSY, clock.now())
        time.pass_by(hours=1)
    assert states() == ["dead"]
    assert timedelta(days=5) <= time.at - began < timedelta(days=5, hours=5)


def test_thousands_of_messages_to_a_slow_domain_are_put_off_in_few_steps(app: Flask, time: Time) -> None:
    with transaction():
        for number in range(600):
            put(number, to=f"reader{number}@slow.example")
    free = put(1000)
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, BUSY, clock.now())
    with counted_statements() as seen:
        claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert claimed.delivery_id == free
    assert len(seen) < 20
    mark_sent(claimed, clock.now())


def test_a_server_that_was_down_all_night_cost_no_message_a_try(app: Flask, time: Time) -> None:
    waiting = [put(number) for number in range(20)]
    down = sender(closed_port())
    for _quarter in range(10 * 4):
        down.send_due_mail()
        time.pass_by(minutes=15)
    assert states() == ["queued"] * 20
    assert max(delivery(number).attempts for number in waiting) == 0
    (server,) = queries.slow_domains()
    assert server.is_own_server
    assert server.reason is Reason.UNREACHABLE
    with servers.mail_server() as sink:
        sender(sink.url).send_due_mail()
    assert states() == ["sent"] * 20
    assert queries.slow_domains() == []


def test_all_workers_rest_while_the_server_is_down(app: Flask, time: Time) -> None:
    put_many(3)
    url = closed_port()
    assert sender(url).send_due_mail() == 1
    assert sender(url).send_due_mail() == 0
    time.pass_by(seconds=11)
    assert sender(url).send_due_mail() == 1


def test_one_message_that_no_server_survives_does_not_stop_the_others(app: Flask, time: Time) -> None:
    poison = put(1, to="poison@example.org")
    for number in range(2, 6):
        put(number)

    def hangs_up(connection: socket.socket, is_over: threading.Event) -> None:
        connection.sendall(b"220 hello\r\n")
        reader = connection.makefile("rb")
        for line in reader:
            if b"poison" in line:
                return
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                while reader.readline() not in {b".\r\n", b""}:
                    pass
            connection.sendall(b"250 OK\r\n")

    with servers.misbehaving(hangs_up) as port:
        for _round in range(60):
            sender(f"smtp://127.0.0.1:{port}").send_due_mail()
            time.pass_by(minutes=60)
    assert states() == ["dead", "sent", "sent", "sent", "sent"]
    assert delivery(poison).failed_reason is Reason.CUT_OFF


def test_a_domain_of_long_ago_is_forgotten(app: Flask, time: Time) -> None:
    put(1, to="ada@slow.example")
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, BUSY, clock.now())
    forget_quiet_domains(time.at + timedelta(days=6))
    assert len(queries.slow_domains()) == 1
    forget_quiet_domains(time.at + timedelta(days=8))
    assert queries.slow_domains() == []
