"""Putting messages into the outbox, and stopping them."""

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_code, mail_token
from portal.outbox import queries
from portal.outbox.actions import cancel, claim_next, mark_sent
from tests.conftest import Time
from tests.outbox.letters import delivery, put, states


def test_the_same_thing_written_twice_is_one_message(app: Flask) -> None:
    first = put(1)
    assert put(1) == first
    assert states() == ["queued"]


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
    assert "--" not in first.letter.text


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
