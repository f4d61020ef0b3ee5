"""Sending what is due: to the mail server, to the development mailbox, and what happens when it fails."""

import socket
import threading
from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.settings import SettingsError
from portal.outbox import queries
from portal.outbox.actions import claim_next, forget_old_dev_mail
from portal.outbox.jobs import MailSender
from tests.conftest import Time
from tests.outbox import servers
from tests.outbox.letters import delivery, put, put_many, settings, states
from tests.outbox.servers import Sink

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def sender(url: str = "", env: str = "development", stop: threading.Event | None = None) -> MailSender:
    return MailSender("worker-1", stop or threading.Event(), settings(url, env))


def test_without_a_mail_server_everything_is_in_the_mailbox(app: Flask) -> None:
    put(1, reply_to="Rita <rita@kindred.example>", with_places=True)
    assert sender().send_due_mail() == 1
    (mail,) = queries.all_dev_mail("")
    assert (mail.to_address, mail.subject, mail.kind) == ("person1@example.org", "News 1", "applications/message")
    assert mail.headers["Message-ID"].endswith("@kindred.example>")
    assert mail.headers["To"] == "Ada Łyżwa <person1@example.org>"
    assert mail.headers["Reply-To"] == "Rita <rita@kindred.example>"
    assert "http://localhost/follow/" in mail.text
    assert "--token" not in mail.text + mail.html
    assert states() == ["sent"]


def test_with_a_mail_server_it_is_in_both(app: Flask) -> None:
    put_many(3)
    with servers.mail_server() as sink:
        assert sender(sink.url).send_due_mail() == 3
    assert [got.recipients for got in sink.got] == [[f"person{number}@example.org"] for number in range(3)]
    assert [mail.headers["Message-ID"] for mail in queries.all_dev_mail("")] == [got.message_id for got in sink.got]
    assert states() == ["sent"] * 3
    assert sender(sink.url).send_due_mail() == 0


def test_in_production_the_mailbox_stays_empty(app: Flask) -> None:
    put(1)
    with servers.mail_server() as sink:
        assert sender(sink.url, "production").send_due_mail() == 1
    assert len(sink.got) == 1
    assert queries.all_dev_mail("") == []


def test_a_resend_carries_the_same_message_id_and_stands_once_in_the_mailbox(app: Flask, time: Time) -> None:
    put(1)
    with servers.mail_server(Sink(to_data="451 not now")) as sink:
        assert sender(sink.url).send_due_mail() == 1
        assert states() == ["queued"]
        sink.to_data = ""
        time.pass_by(minutes=2)
        assert sender(sink.url).send_due_mail() == 1
    assert states() == ["sent"]
    (mail,) = queries.all_dev_mail("")
    assert sink.got[0].message_id == mail.headers["Message-ID"]


def test_one_refused_address_does_not_hold_up_the_others(app: Flask) -> None:
    put_many(3)
    with servers.mail_server(Sink(to_recipient={"person1@example.org": "550 no such user"})) as sink:
        assert sender(sink.url).send_due_mail() == 3
    assert states() == ["sent", "dead", "sent"]
    assert [dead.error for dead in queries.dead_letters()] == ["refused 550 no such user"]


def test_a_server_that_is_down_costs_one_try_and_not_one_a_message(app: Flask, time: Time) -> None:
    put_many(20)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    resting = sender(f"smtp://127.0.0.1:{port}")
    assert resting.send_due_mail() == 1
    assert resting.send_due_mail() == 0
    assert states() == ["queued"] * 20
    with servers.mail_server() as sink:
        time.pass_by(minutes=2)
        assert sender(sink.url).send_due_mail() == 20
    assert len(sink.got) == 20


def test_an_address_that_is_none_is_a_dead_letter(app: Flask) -> None:
    put(1, to="not an address")
    put(2)
    assert sender().send_due_mail() == 2
    assert states() == ["dead", "sent"]
    assert queries.dead_letters()[0].error.startswith("malformed")


def test_a_worker_told_to_leave_finishes_the_message_in_hand_and_takes_no_other(app: Flask) -> None:
    put_many(5)
    stop = threading.Event()
    with servers.mail_server(Sink(on_message=lambda _: stop.set())) as sink:
        assert sender(sink.url, stop=stop).send_due_mail() == 1
    assert states() == ["sent", *["queued"] * 4]
    assert sender(stop=stop).send_due_mail() == 0


def test_a_message_whose_lease_went_to_another_is_not_marked(app: Flask, time: Time) -> None:
    number = put(1)

    def other_takes_it(count: int) -> None:
        time.pass_by(minutes=3)
        with app.app_context():
            assert claim_next("other", clock.now()) is not None

    with servers.mail_server(Sink(on_message=other_takes_it)) as sink:
        sender(sink.url).send_due_mail()
    assert delivery(number).lease_owner == "other"
    assert len(sink.got) == 1


def test_what_was_claimed_ahead_goes_back_when_the_one_before_is_not_taken(app: Flask) -> None:
    numbers = [put(number) for number in range(3)]
    with servers.mail_server(Sink(to_data="451 not now")) as sink:
        sender(sink.url).send_due_mail()
    assert states() == ["queued"] * 3
    assert [delivery(number).attempts for number in numbers[1:]] == [0, 0]
    assert [delivery(number).lease_owner for number in numbers[1:]] == [None, None]


def test_a_server_that_hangs_for_longer_than_a_worker_sends_at_a_time_is_noted_and_all_rest(app: Flask) -> None:
    put_many(3)
    with servers.misbehaving(lambda _connection, is_over: is_over.wait(3) and None) as port:
        hung_up = MailSender("one", threading.Event(), settings(f"smtp://127.0.0.1:{port}"), deadline=0.3)
        assert hung_up.send_due_mail(budget=0.1) == 1
        assert queries.slow_domains()[0].is_own_server
        assert hung_up.send_due_mail() == 0
    assert states() == ["queued"] * 3


def test_two_workers_send_nothing_twice(app: Flask) -> None:
    put_many(40)

    def work(owner: str, url: str) -> None:
        with app.app_context():
            mine = MailSender(owner, threading.Event(), settings(url))
            while mine.send_due_mail():
                pass

    with servers.mail_server() as sink:
        threads = [threading.Thread(target=work, args=(owner, sink.url)) for owner in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got.recipients[0] for got in sink.got) == sorted(
        f"person{number}@example.org" for number in range(40)
    )
    assert states() == ["sent"] * 40


def test_the_mailbox_forgets_after_a_month(app: Flask, time: Time) -> None:
    put(1)
    sender().send_due_mail()
    forget_old_dev_mail(time.at + timedelta(days=29))
    assert queries.dev_mail_count("") == 1
    forget_old_dev_mail(time.at + timedelta(days=31))
    assert queries.dev_mail_count("") == 0


def test_a_mail_server_that_cannot_be_read_is_named_at_the_start() -> None:
    with pytest.raises(SettingsError, match="MAIL_URL"):
        sender("smtp://mail.example:port")
