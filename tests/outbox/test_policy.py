"""A relay that refuses everything for policy's sake is not the fault of the messages."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.contact.queries import is_suppressed
from portal.outbox import queries
from portal.outbox.jobs import MailSender
from portal.outbox.rules import Blame, Doubts, Refused, TryLater, is_about_policy, is_address_dead
from portal.outbox.states import Reason
from tests.conftest import Time
from tests.outbox import servers
from tests.outbox.letters import delivery, put, put_many, settings, states
from tests.outbox.servers import Sink

pytestmark = [pytest.mark.both_in_soak, pytest.mark.allow_hosts(["127.0.0.1"])]
DENIED = "550 5.7.1 Relaying denied"


def sender(url: str) -> MailSender:
    return MailSender("worker-1", threading.Event(), settings(url, "production"), deadline=2)


def everybody(count: int, reply: str) -> Sink:
    return Sink(to_recipient={f"person{number}@example.org": reply for number in range(count)})


@pytest.mark.parametrize("reply", [DENIED, "554 Your host is blocked"])
def test_a_relay_that_refuses_everything_costs_no_message(app: Flask, time: Time, reply: str) -> None:
    put_many(25)
    with servers.mail_server(everybody(25, reply)) as sink:
        mine = sender(sink.url)
        for _minute in range(15):
            mine.send_due_mail()
            time.pass_by(minutes=1)
        assert states() == ["queued"] * 25
        (server,) = queries.slow_domains()
        assert server.is_own_server
        assert server.reason is Reason.REFUSED
        assert server.said == reply
        # A worker that begins anew learns of it from the first.
        sender(sink.url).send_due_mail()
        assert states() == ["queued"] * 25
        sink.to_recipient.clear()
        for _minute in range(15):
            mine.send_due_mail()
            time.pass_by(minutes=1)
    assert states() == ["sent"] * 25
    assert queries.slow_domains() == []
    (night,) = queries.past_troubles()
    assert night.ended_at - night.since >= timedelta(minutes=14)


def test_a_relay_that_was_wrong_for_three_messages_and_was_mended_delivers_them(app: Flask, time: Time) -> None:
    put_many(3)
    with servers.mail_server(everybody(3, DENIED)) as sink:
        mine = sender(sink.url)
        mine.send_due_mail()
        assert states() == ["queued"] * 3
        assert queries.slow_domains() == []
        sink.to_recipient.clear()
        time.pass_by(minutes=2)
        mine.send_due_mail()
    assert states() == ["sent"] * 3


def test_one_message_refused_for_policy_among_others_that_go_is_refused_at_the_second_look(
    app: Flask, time: Time
) -> None:
    numbers = [put(number) for number in range(5)]
    with servers.mail_server(Sink(to_recipient={"person2@example.org": DENIED})) as sink:
        mine = sender(sink.url)
        mine.send_due_mail()
        assert states() == ["sent", "sent", "queued", "sent", "sent"]
        assert delivery(numbers[2]).last_error == f"refused {DENIED}"
        time.pass_by(minutes=2)
        mine.send_due_mail()
    assert states() == ["sent", "sent", "dead", "sent", "sent"]
    assert delivery(numbers[2]).failed_status == "5.7.1"
    assert not is_suppressed("person2@example.org")
    assert queries.slow_domains() == []


def test_one_message_alone_that_is_refused_for_policy_does_not_blame_the_server(app: Flask, time: Time) -> None:
    put(1)
    with servers.mail_server(Sink(to_recipient={"person1@example.org": DENIED})) as sink:
        mine = sender(sink.url)
        for _hour in range(70):
            mine.send_due_mail()
            time.pass_by(hours=1)
            assert queries.slow_domains() == []
    assert states() == ["dead"]


def test_an_address_that_does_not_exist_is_dead_at_once_whatever_the_relay_thinks_of_us(app: Flask) -> None:
    put_many(8)
    with servers.mail_server(everybody(8, "550 5.1.1 No such user")) as sink:
        sender(sink.url).send_due_mail()
    assert states() == ["dead"] * 8
    assert queries.slow_domains() == []
    assert is_suppressed("person0@example.org")


@pytest.mark.parametrize(
    ("text", "is_policy"),
    [
        ("5.7.1 Relaying denied", True),
        ("5.7.26 unauthenticated sender", True),
        ("Relay access denied", True),
        ("5.0.0 listed in RBL zen", True),
        ("5.1.1 relay says no such user", False),
        ("5.7.17 the owner has changed", False),
        ("no such user", False),
        ("5.2.2 mailbox full, policy applies", False),
    ],
)
def test_what_is_about_policy(text: str, is_policy: bool) -> None:
    refused = Refused(Reason.REFUSED, 550, text, True)
    assert is_about_policy(refused) is is_policy
    assert not (is_policy and is_address_dead(refused))


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(("accepted", "policy", "no user")))))
def test_whatever_comes_a_message_is_only_believed_to_be_refused_when_others_were_taken_after_its_first_refusal(
    said: list[tuple[int, str]],
) -> None:
    doubts = Doubts()
    refused_at: dict[str, int] = {}
    accepted: list[int] = []
    row: set[str] = set()
    for moment, (number, answer) in enumerate(said):
        key = str(number)
        if answer == "accepted":
            doubts.note_accepted(key)
            accepted.append(moment)
            row.clear()
            continue
        refused = Refused(Reason.REFUSED, 550, "5.7.1 no" if answer == "policy" else "5.1.1 no", True)
        judged = doubts.judge(key, refused, is_server_in_doubt=False)
        if answer == "no user":
            assert judged is refused
            continue
        if judged is refused:
            assert key in refused_at
            assert any(refused_at[key] < at for at in accepted)
            continue
        assert isinstance(judged, TryLater)
        row.add(key)
        assert (judged.blame is Blame.SERVER) == (len(row) == 5)
        if judged.blame is Blame.SERVER:
            row.clear()
        refused_at[key] = moment
