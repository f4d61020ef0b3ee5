"""The outbox for a long time: hundreds of messages and twenty kills, then twenty thousand and everything at once."""

import random
import sys

import pytest
from flask import Flask

from tests.soak.killing import Account, TroubledSink, kill_and_count

pytestmark = [pytest.mark.soak, pytest.mark.allow_hosts(["127.0.0.1"])]


def report(capsys: pytest.CaptureFixture[str], database: str, account: Account) -> None:
    """The account on a line of its own, whatever pytest captures."""
    with capsys.disabled():
        sys.stdout.write(f"\n{database}: {account}\n")


def test_twenty_kills_during_500_messages_with_two_workers(
    app: Flask, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = kill_and_count(TroubledSink(chance=random.Random(20), pace=0.02), 500, 20)
    report(capsys, database, account)
    assert account.lost == 0
    assert account.duplicates <= account.kills


def test_20000_messages_and_everything_that_can_happen_to_them(
    app: Flask, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sink = TroubledSink(chance=random.Random(21), busy=5, not_now=5, refused=5, cut_off=2)
    account = kill_and_count(sink, 20_000, 60, workers=4, freezes=6)
    report(capsys, database, account)
    assert account.lost == 0
    # A worker that was frozen past its lease had one message in flight, as one that was killed.
    assert account.duplicates <= account.kills + account.cuts + 6
    assert account.refused == len(sink.refusals)
