"""What the outbox holds about a person, and how it forgets them."""

import threading

from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox import privacy, queries
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.jobs import MailSender
from portal.outbox.models import Delivery
from tests.outbox.letters import delivery, person, put, settings, states


def send() -> None:
    MailSender("worker", threading.Event(), settings()).send_due_mail()


def test_people_read_what_was_sent_to_them(app: Flask) -> None:
    ada, bob = person("Ada", "ada@example.org"), person("Bob", "bob@example.org")
    put(1, to="ada@example.org", person_id=ada)
    put(2, to="bob@example.org", person_id=bob)
    put(3, to="ada@example.org")
    send()
    section, came_in = privacy.export(ada)
    assert came_in.rows == []
    assert [subject for _, subject in section.rows] == ["News 3", "News 1"]
    assert section.rows[0][0].startswith("Wednesday 4 March 2026")
    assert len(section.extra["messages"]) == 2  # type: ignore[arg-type]


def test_erasure_leaves_nothing_of_the_person(app: Flask) -> None:
    ada, bob = person("Ada", "ada@example.org"), person("Bob", "bob@example.org")
    put(1, to="ada@example.org", person_id=ada)
    put(2, to="bob@example.org", person_id=bob)
    put(3, to="ada@example.org")
    send()
    put(4, to="ada@example.org", person_id=ada)
    put(5, to="bob@example.org", person_id=bob)
    privacy.erase(ada, clock.now())
    assert states() == ["sent", "sent", "sent", "cancelled", "queued"]
    rows = session().execute(select(Delivery.__table__).order_by(Delivery.id)).all()
    assert not [row for row in rows if "ada@example.org" in repr(row) or ada == row.person_id]
    assert [row.text for row in rows if row.person_id == bob] == ["Hello number 2\n", "Hello number 5\n"]
    assert [mail.to_address for mail in queries.all_dev_mail("")] == ["bob@example.org"]


def test_a_message_in_the_air_during_erasure_leaves_no_trace(app: Flask) -> None:
    ada = person("Ada", "ada@example.org")
    put(1, to="ada@example.org", person_id=ada)
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    privacy.erase(ada, clock.now())
    assert not mark_sent(claimed, clock.now())
    assert states() == ["cancelled"]


def test_erased_people_may_get_the_same_message_again(app: Flask) -> None:
    first = put(1)
    privacy.erase(person("Ada", "person1@example.org"), clock.now())
    assert put(1) != first


def test_merged_people_have_all_messages(app: Flask) -> None:
    ada, other = person("Ada", "ada@example.org"), person("Ada", "ada@example.com")
    put(1, to="ada@example.com", person_id=other)
    send()
    privacy.merge(ada, other, clock.now())
    end_reading()
    assert [subject for _, subject in privacy.export(ada)[0].rows] == ["News 1"]


def test_answers_to_waiting_mail_reach_whoever_takes_over(app: Flask) -> None:
    leaving, heir = person("Rita Sander", "rita@example.org"), person("Otto Berg", "otto@example.org")
    sent = put(1, reply_to="Rita Sander <rita@example.org>")
    send()
    waiting = put(2, reply_to="Rita Sander <rita@example.org>")
    other = put(3, reply_to="Not Rita <not-rita@example.org>")
    privacy.hand_over(leaving, heir, clock.now())
    assert delivery(waiting).reply_to == "Otto Berg <otto@example.org>"
    assert delivery(sent).reply_to == "Rita Sander <rita@example.org>"
    assert delivery(other).reply_to == "Not Rita <not-rita@example.org>"
