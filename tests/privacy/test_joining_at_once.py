"""Confirming, joining, parting and objecting at the same moment: one effect, and nobody loses what is theirs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from portal.accounts.actions import confirm_new_address
from portal.accounts.queries import devices_of
from portal.core import clock
from portal.core.db import end_reading
from portal.core.errors import PortalError
from portal.core.tokens import TokenKind
from portal.privacy.actions import join_records, keep_address, keep_apart
from tests.accounts.addresses import (
    NEW,
    add,
    addresses,
    applicant,
    apply_for,
    ask_for,
    join_both,
    keep_link,
    person_at,
    signed_in_browser,
)
from tests.accounts.visitors import (
    ADA,
    NORA,
    join,
    last_letter,
)

SHARED = "family@home.example"
_APART = TokenKind.KEEP_APART


def _at_once(app: Flask, *works: Callable[[], object]) -> list[object]:
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            start.wait()
            try:
                return work()
            except PortalError as error:
                return error
            finally:
                end_reading()

    end_reading()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _session_id(person_id: int) -> int:
    end_reading()
    return devices_of(person_id, clock.now())[0].session_id


def test_joining_and_an_objection_of_its_owner_at_once(app: Flask) -> None:
    """Whoever is first, the record stays with its owner, and the address that a thief put there is gone."""
    for number in range(4):
        email, own, thief = f"ada{number}@demo.example", f"new{number}@new.example", f"thief{number}@demo.example"
        ada, other = join(email), join(thief, "A thief")
        add(signed_in_browser(app, email), own)
        token = keep_link(email).rsplit("/", 1)[1]
        browser = signed_in_browser(app, thief)
        add(browser, own)
        session_id = _session_id(other)
        _at_once(
            app,
            lambda other=other, session_id=session_id: join_records(other, session_id, clock.now()),
            lambda token=token: keep_address(token, clock.now()),
        )
        assert addresses(email) == [(email, True)]
        assert person_at(email) == ada


def test_parting_by_both_sides_and_joining_again_at_once(app: Flask) -> None:
    ada, bo = join(), join(SHARED, "Bo Lind", "the other password")
    theirs = apply_for(bo)
    browser = signed_in_browser(app)
    join_both(browser, add(browser, SHARED))
    tokens = [keep_link(email, _APART).rsplit("/", 1)[1] for email in (ADA, SHARED)]
    results = _at_once(app, *[lambda token=token: keep_apart(token, clock.now()) for token in tokens])
    assert sum(not isinstance(one, PortalError) for one in results) == 1
    assert addresses(ADA) == [(ADA, True)]
    assert addresses(SHARED) == [(SHARED, True)]
    assert applicant(theirs) == person_at(SHARED) != ada


def test_two_who_confirm_one_address_at_once_do_not_both_get_it(app: Flask) -> None:
    ada, nora = join(), join(NORA, "Nora Berg")
    sides = []
    for person_id, email in ((ada, ADA), (nora, NORA)):
        browser = signed_in_browser(app, email)
        ask_for(browser, NEW, "add")
        sides.append((last_letter(NEW).token(TokenKind.NEW_ADDRESS), person_id, _session_id(person_id)))
    results = _at_once(
        app, *[lambda side=side: confirm_new_address(side[0], side[1], side[2], clock.now()) for side in sides]
    )
    settled = [one for one in results if getattr(one, "is_settled", False)]
    assert len(settled) == 1
    assert len(addresses(NEW)) == 2
