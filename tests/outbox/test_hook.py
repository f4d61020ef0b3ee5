"""The address to which a mail server posts what comes in."""

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.outbox.incoming import kept, reachable, work, written

SECRET = "0123456789-a-secret-of-the-mail-server"
PATH = "/hooks/bounces"


@pytest.fixture(autouse=True)
def secret(app: Flask) -> Iterator[None]:
    with reachable(hook_secret=SECRET):
        yield


def signature(raw: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def post(app: Flask, raw: bytes, signed: str | None = None, kind: str = "message/rfc822") -> TestResponse:
    headers = {"X-Portal-Signature": signature(raw) if signed is None else signed}
    return app.test_client().post(PATH, data=raw, content_type=kind, headers=headers)


def test_a_signed_message_is_kept_as_it_came(app: Flask) -> None:
    raw = written(subject="Łyżwa")
    assert post(app, raw).status_code == 202
    assert [one.raw for one in kept()] == [raw]


def test_the_same_message_again_is_kept_once(app: Flask) -> None:
    raw = written()
    assert [post(app, raw).status_code for _time in range(3)] == [202, 202, 202]
    assert len(kept()) == 1


@pytest.mark.parametrize("signed", ["", "sha256=", "sha256=" + "0" * 64, signature(b"something else"), "é"])
def test_without_the_signature_nothing_is_kept(app: Flask, signed: str) -> None:
    assert post(app, written(), signed).status_code == 401
    assert kept() == []


def test_a_signature_by_another_secret_counts_for_nothing(app: Flask) -> None:
    raw = written()
    assert post(app, raw, signature(raw, "another secret")).status_code == 401
    assert kept() == []


def test_a_message_that_is_too_large_is_refused(app: Flask) -> None:
    assert post(app, b"x" * (3 * 1024 * 1024 + 1)).status_code == 413
    assert kept() == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_form_is_no_message(app: Flask, kind: str) -> None:
    assert post(app, written(), kind=kind).status_code == 415


def test_nothing_at_all_is_no_message(app: Flask) -> None:
    assert post(app, b"").status_code == 400


def test_without_a_secret_there_is_no_such_address(app: Flask) -> None:
    with reachable(hook_secret=""):
        assert post(app, written()).status_code == 404


@pytest.mark.parametrize("raw", [b"\x00", b"\xff\xfe", b"\r\n" * 1000, b"Subject: =?x?q?=00?=\r\n\r\nhello"])
def test_whatever_is_in_it_it_is_kept_and_shown(app: Flask, raw: bytes) -> None:
    assert post(app, raw).status_code == 202
    work()
    assert [one.state for one in kept()] == ["unplaced"]
