"""Reading a mailbox: each message once, whatever is killed, deleted, renumbered, slow or wrong on the way."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import trustme
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.settings import current_settings
from portal.outbox import jobs
from portal.outbox.adapters import MailboxReader, MailboxTrouble, mailbox_address
from portal.outbox.models import MailboxProgress
from portal.outbox.queries import mailbox_standing
from tests.outbox.imap import Postbox, postbox
from tests.outbox.incoming import kept, reachable, written
from tests.outbox.servers import misbehaving, server_tls


class Killed(Exception):
    """The process ended here."""


@contextmanager
def reading(box: Postbox) -> Iterator[None]:
    with reachable(mailbox_url=box.url):
        yield


def fetch() -> None:
    end_reading()
    jobs.fetch_mail(clock.now())


def subjects() -> list[str]:
    return [next(line for line in (one.raw or b"").decode().splitlines() if "Subject" in line) for one in kept()]


@pytest.mark.only("sqlite")  # the server is what is asked
def test_without_a_mailbox_nothing_is_looked_for(app: Flask) -> None:
    fetch()
    assert kept() == []


def test_new_messages_are_kept_once_and_marked_as_seen(app: Flask) -> None:
    with postbox() as box, reading(box):
        box.put(written(subject="one"))
        fetch()
        box.put(written(subject="two"))
        fetch()
        fetch()
        assert box.seen() == 2
    assert subjects() == ["Subject: one", "Subject: two"]


def test_killed_before_it_is_marked_nothing_is_kept_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with postbox() as box, reading(box):
        for name in ("one", "two", "three"):
            box.put(written(subject=name))
        with monkeypatch.context() as dying:
            dying.setattr(MailboxReader, "mark_seen", _die)
            for _time in range(2):
                with pytest.raises(Killed):
                    fetch()
        assert len(kept()) == 2
        fetch()
    assert subjects() == ["Subject: one", "Subject: two", "Subject: three"]


def _die(*_anything: object) -> None:
    raise Killed


def test_killed_before_it_is_kept_nothing_is_lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with postbox() as box, reading(box):
        box.put(written(subject="one"))
        with monkeypatch.context() as dying:
            dying.setattr("portal.outbox.actions.coming_in.keeping._note_progress", _die)
            with pytest.raises(Killed):
                fetch()
        assert kept() == []
        fetch()
    assert subjects() == ["Subject: one"]


def test_when_the_numbers_begin_anew_what_is_known_is_not_kept_again(app: Flask) -> None:
    with postbox() as first, reading(first):
        first.put(written(subject="one"))
        fetch()
    with postbox() as second, reading(second):
        # The same messages, set up again: the numbers are others.
        second.put(written(subject="one"))
        second.put(written(subject="two"))
        _known(mailbox_address(second.url).name(current_settings().secret_key), uid_validity=1, last_uid=4_000)
        fetch()
    assert subjects() == ["Subject: one", "Subject: two"]


def _known(name: str, *, uid_validity: int, last_uid: int) -> None:
    with transaction() as own:
        own.add(MailboxProgress(mailbox=name, uid_validity=uid_validity, last_uid=last_uid, words=""))


def test_a_message_that_is_gone_when_we_come_to_it_is_passed_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with postbox() as box, reading(box):
        box.put(written(subject="two"))
        numbers = MailboxReader.new_numbers
        with monkeypatch.context() as meanwhile:
            # 1 was deleted after we had asked which there are.
            meanwhile.setattr(MailboxReader, "new_numbers", lambda reader, after: [1, *numbers(reader, after)])
            fetch()
        fetch()
    assert subjects() == ["Subject: two"]


def test_a_very_large_message_is_cut_and_says_so(app: Flask) -> None:
    with postbox() as box, reading(box):
        box.put(written("Hello\n" + "x" * 70 + "\n", subject="large") + b"y" * 3_200_000)
        fetch()
    row = kept()[0]
    assert row.is_cut
    assert len(row.raw or b"") == 3 * 1024 * 1024


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
@pytest.mark.only("sqlite")  # the server is what is asked
def test_the_connection_is_encrypted_and_the_certificate_checked(app: Flask, scheme: str) -> None:
    authority = trustme.CA()
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    with postbox(scheme, server_tls(authority)) as box:
        box.put(written())
        where = mailbox_address(box.url)
        with MailboxReader(where, ours) as reader:
            assert len(reader.new_numbers(0)) == 1
        with pytest.raises(MailboxTrouble, match="certificate"), MailboxReader(where):
            raise AssertionError("the certificate was not looked at")


@pytest.mark.only("sqlite")  # the server is what is asked
def test_a_wrong_password_is_trouble_and_the_next_success_ends_it(app: Flask) -> None:
    with postbox() as box:
        wrong = box.url.replace("pass%2Fword", "guess")
        with reachable(mailbox_url=wrong):
            fetch()
            name = mailbox_address(wrong).name(current_settings().secret_key)
            standing = mailbox_standing(name)
            assert standing is not None
            assert standing.trouble_since == clock.now()
            assert "guess" not in standing.words
        with reading(box):
            fetch()
            standing = mailbox_standing(name)
            assert standing is not None
            assert standing.trouble_since is None


@pytest.mark.only("sqlite")  # the server is what is asked
@pytest.mark.parametrize("said", [b"", b"* BYE no\r\n", b"hello\r\n", b"* OK " + b"x" * 100])
def test_a_server_that_makes_no_sense_is_trouble_and_no_more(app: Flask, said: bytes) -> None:
    def babble(connection: socket.socket, is_over: threading.Event) -> None:
        connection.sendall(said)
        connection.close()

    with misbehaving(babble) as port, reachable(mailbox_url=f"imap://a:b@127.0.0.1:{port}/INBOX"):
        fetch()
    end_reading()
    assert session().scalars(select(MailboxProgress.trouble_since)).one() is not None


@pytest.mark.only("sqlite")  # the server is what is asked
def test_a_server_that_answers_byte_by_byte_is_left_in_time(app: Flask) -> None:
    def drip(connection: socket.socket, is_over: threading.Event) -> None:
        while not is_over.wait(0.05):
            connection.sendall(b"*")

    with misbehaving(drip) as port:
        where = mailbox_address(f"imap://a:b@127.0.0.1:{port}/INBOX")
        with pytest.raises(MailboxTrouble, match="no answer within"), MailboxReader(where, step=0.4):
            raise AssertionError("nothing was said")
