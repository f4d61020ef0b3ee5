"""Known and unknown addresses take the same time: 200 tries of each, one after the other in random order.

What is compared is the work of the thread that answers, so that whatever else runs on the machine does not count. The
rank figure says how often a try with a known address took longer than one with an unknown one: by pure chance 0.5. What
remains of a mail is that its two letters are not of one length, hundredths of a millisecond to write; of addresses in a
network a stranger has a handful of tries in an hour.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cache
from statistics import median
from time import thread_time

import pytest
from argon2 import PasswordHasher
from flask import Flask

from portal.accounts import adapters
from portal.accounts.actions import ask_to_reset, ask_to_sign_in, sign_in_by_password
from portal.accounts.rules import WrongPassword
from portal.core import clock
from portal.core.db import end_reading
from portal.core.identifiers import new_secret
from tests.accounts.visitors import ADA, NORA, WRONG, join

pytestmark = [pytest.mark.soak, pytest.mark.only("sqlite")]
_TRIES = 200
STRONG = PasswordHasher(time_cost=adapters.PASSES, memory_cost=adapters.MEMORY_IN_KIB, parallelism=1)


def _by_password(email: str) -> None:
    with pytest.raises(WrongPassword):
        sign_in_by_password(email, WRONG, "A browser", clock.now())


def _by_mail(email: str) -> None:
    ask_to_sign_in(email, new_secret(), clock.now())


def _forgotten(email: str) -> None:
    ask_to_reset(email, new_secret(), clock.now())


@pytest.mark.parametrize("way", [_by_password, _by_mail, _forgotten])
def test_stranger_cannot_tell_a_known_address_by_its_time(
    app: Flask, way: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As strong as the site's: beside a weak one the answer of a query would already be seen.
    monkeypatch.setattr(adapters, "_hasher", STRONG)
    monkeypatch.setattr(adapters, "prepare_decoy", cache(adapters.prepare_decoy.__wrapped__))
    join(ADA)
    took: dict[str, list[float]] = {ADA: [], NORA: []}
    order = [ADA, NORA] * _TRIES
    random.Random(4).shuffle(order)
    for email in (ADA, NORA, *order):
        end_reading()
        began = thread_time()
        way(email)
        took[email].append((thread_time() - began) * 1000)
    known, unknown = took[ADA][1:], took[NORA][1:]
    rank = _rank(known, unknown)
    figures = f"known {median(known):.2f} ms, unknown {median(unknown):.2f} ms, rank {rank:.3f}"
    assert 0.95 < median(known) / median(unknown) < 1.05, figures
    assert 0.35 < rank < 0.65, figures


def _rank(left: list[float], right: list[float]) -> float:
    """How often one of `left` is the larger of two (Mann and Whitney's U as a share); half for a tie."""
    ordered = sorted(right)
    above = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in left)
    return above / (len(left) * len(right))
