"""Ten thousand posts to the address for mail that comes in: forged ones, the same ones again, in any order, at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import end_reading, session
from portal.outbox.models import IncomingMail
from tests.faults.served import note_figures
from tests.outbox.incoming import reachable, written
from tests.outbox.test_hook import SECRET, post, signature

pytestmark = pytest.mark.soak
_WRITTEN, _AGAIN, _FORGED = 6_000, 3_000, 1_000


def test_each_message_is_kept_once_and_forged_ones_never(app: Flask) -> None:
    chance = random.Random(6)
    mails = [written(subject=f"Message {number}") for number in range(_WRITTEN)]
    sent = [(raw, None) for raw in (*mails, *chance.sample(mails, _AGAIN))]
    sent += [(written(subject=f"Forged {number}"), signature(b"something else")) for number in range(_FORGED)]
    chance.shuffle(sent)
    end_reading()
    with reachable(hook_secret=SECRET), ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(lambda one: post(app, *one).status_code, sent))
    end_reading()
    kept = session().scalar(select(func.count()).select_from(IncomingMail))
    note_figures(f"10,000 posts to the hook, eight at a time: {dict(statuses)}, {kept:,} kept")
    assert statuses == {202: _WRITTEN + _AGAIN, 401: _FORGED}
    assert kept == _WRITTEN
