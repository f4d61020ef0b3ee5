"""Putting messages into the outbox, and stopping them."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import fetch, transaction
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_code, mail_token
from portal.outbox import queries
from portal.outbox.actions import Message, cancel, claim_next, enqueue_many, mark_sent, take_back
from portal.outbox.models import Delivery
from portal.outbox.states import MailClass
from tests.conftest import Time
from tests.outbox.letters import CALENDAR, delivery, person, put, rendered, states


def test_the_same_thing_written_twice_is_one_message(app: Flask) -> None:
    first = put(1)
    assert put(1) == first
    assert states() == ["queued"]


def test_many_at_once_are_written_once_each_and_told_in_their_order(app: Flask) -> None:
    there = put(2)
    keys = ["test:1", "test:2", "test:3", "test:1"]
    ids = enqueue_many([_message(key) for key in keys], clock.now())
    assert len(set(ids)) == 3
    assert (ids[1], ids[3]) == (there, ids[0])
    assert fetch(select(Delivery.dedupe_key).order_by(Delivery.dedupe_key)).scalars().all() == sorted(set(keys))
    assert enqueue_many([_message(key) for key in keys], clock.now()) == ids
    assert enqueue_many([], clock.now()) == []


def test_somebody_who_is_only_just_written_down_can_get_one(app: Flask) -> None:
    with transaction():
        person_id = person("Ada", "ada@example.org")
        put(1, person_id=person_id)
    assert states() == ["queued"]


def _message(dedupe_key: str) -> Message:
    return Message(
        mail=rendered(),
        to_address="ada@example.org",
        to_name="Ada",
        person_id=None,
        mail_class=MailClass.OWN,
        cause="application:abc",
        dedupe_key=dedupe_key,
    )


def test_a_cause_that_fails_leaves_no_message(app: Flask) -> None:
    def withdraw() -> None:
        with transaction():
            put(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        withdraw()
    assert states() == []


def test_tokens_are_not_stored(app: Flask) -> None:
    row = delivery(put(1, with_places=True))
    assert sorted(row.places) == ["code:sign_in", "token:follow"]
    token = mail_token(current_settings().secret_key, row.key, TokenKind.FOLLOW)
    assert token not in row.text + row.html


def test_a_message_carries_the_same_tokens_at_every_try(app: Flask, time: Time) -> None:
    row = delivery(put(1, with_places=True))
    token = mail_token(current_settings().secret_key, row.key, TokenKind.FOLLOW)
    code = mail_code(current_settings().secret_key, row.key, TokenKind.SIGN_IN)
    first = claim_next("one", clock.now())
    time.pass_by(minutes=5)
    again = claim_next("two", clock.now())
    assert first is not None
    assert again is not None
    assert first.letter == again.letter
    assert f"/follow/{token} or {code}" in first.letter.text
    assert f'href="http://localhost/follow/{token}"' in first.letter.html
    assert "--token-" not in first.letter.text
    assert "--code-" not in first.letter.text


def test_another_messages_mark_is_not_filled_in(app: Flask) -> None:
    other = delivery(put(1, with_places=True))
    put(2, to_name="x")
    mark = f"--token-follow-{other.key}--"
    with transaction() as session:
        session.execute(other.__table__.update().where(other.__table__.c.dedupe_key == "test:2").values(text=mark))
    assert claim_next("one", clock.now()) is not None
    second = claim_next("one", clock.now())
    assert second is not None
    assert second.letter.text == mark


def test_a_name_cannot_begin_a_new_header(app: Flask) -> None:
    row = delivery(put(1, to_name="Ada\r\nBcc: all@example.org", reply_to="Rita\n<rita@example.org>"))
    assert row.to_name == "Ada Bcc: all@example.org"
    assert row.reply_to == "Rita <rita@example.org>"


def test_a_name_keeps_the_joiners_its_script_needs(app: Flask) -> None:
    assert delivery(put(1, to_name="مهد\u200cی")).to_name == "مهد\u200cی"


def test_a_cancelled_cause_sends_nothing(app: Flask) -> None:
    put(1, cause="application:a")
    put(2, cause="application:b")
    assert cancel("application:a", clock.now()) == 1
    assert cancel("application:a", clock.now()) == 0
    assert states() == ["cancelled", "queued"]
    assert queries.waiting_count() == 1


def test_what_was_sent_is_not_cancelled(app: Flask) -> None:
    put(1, cause="application:a")
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert mark_sent(claimed, clock.now())
    assert cancel("application:a", clock.now()) == 0
    assert states() == ["sent"]


def test_a_calendar_entry_goes_out_with_the_message_and_goes_with_its_words(app: Flask) -> None:
    kept, stopped = put(1, calendar=CALENDAR), put(2, calendar=CALENDAR)
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    assert claimed.letter.calendar == CALENDAR
    assert take_back(stopped, clock.now())
    assert (delivery(kept).calendar, delivery(stopped).calendar) == (CALENDAR, "")
