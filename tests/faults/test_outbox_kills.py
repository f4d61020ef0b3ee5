"""Two workers, one of them killed again and again: nothing is lost, at most one message goes twice for each kill."""

import random

import pytest
from flask import Flask

from tests.soak.killing import TroubledSink, kill_and_count

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


# Each of the two databases stays in every run with one of these: SQLite with what test_mail.py tries.
@pytest.mark.both_in_soak("sqlite")
def test_two_workers_that_are_killed_lose_nothing(app: Flask) -> None:
    account = kill_and_count(TroubledSink(chance=random.Random(7), pace=0.01), 90, 4)
    assert account.lost == 0
    assert account.duplicates <= account.kills


@pytest.mark.soak
@pytest.mark.only("sqlite")  # what is tried here is the conversation with the server; databases are tried above
def test_a_server_that_misbehaves_all_the_time_gets_everything_in_the_end(app: Flask) -> None:
    sink = TroubledSink(chance=random.Random(8), pace=0.002, busy=30, not_now=30, refused=30, cut_off=15)
    account = kill_and_count(sink, 100, 1)
    assert account.lost == 0
    assert account.duplicates <= account.kills + account.cuts
    assert account.refused == len(sink.refusals) > 0
