"""Whatever happens to two records of one person, no consent comes back by itself and no application is lost."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.actions import ask_for_address, confirm_new_address, let_addresses_go, remove_address
from portal.accounts.queries import devices_of, own_addresses
from portal.applications.models import Application
from portal.community.actions import join as join_community
from portal.community.actions import leave_community
from portal.contact.actions import choose
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people.queries import known_person
from portal.privacy.actions import join_records, keep_apart
from tests import factories
from tests.accounts.visitors import import_person, join, last_letter, letters
from tests.conftest import START, Time, _empty

ADDRESSES = ("one@demo.example", "two@demo.example", "three@demo.example")
WATCHED = (Purpose.EVENTS, Purpose.JOB_ALERTS)
#: What is done, by whom, with which other address, about what.
Step = tuple[str, str, str, Purpose]
#: Taking back, adding and changing come twice as often as the rest.
WHAT = "say-yes say-no say-no join leave import add add change change remove part part wait".split()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHAT),
        st.sampled_from(ADDRESSES),
        st.sampled_from(ADDRESSES),
        st.sampled_from(WATCHED),
    ),
    min_size=4,
    max_size=14,
)


@dataclass
class History:
    """What was done, and what must hold: which address took which purpose back last, and every application."""

    owner_id: int
    opening_id: int
    applications: dict[str, str] = field(default_factory=dict)
    #: Addresses whose reader has taken the purpose back and not said yes again.
    taken_back: dict[str, set[Purpose]] = field(default_factory=dict)


def _person(email: str) -> int | None:
    end_reading()
    known = known_person(email)
    return known.person_id if known else None


def _session(app: Flask, person_id: int) -> int:
    factories.signed_in(app, person_id)
    end_reading()
    return devices_of(person_id, clock.now())[0].session_id


def _same_person(email: str) -> set[str]:
    person_id = _person(email)
    return {row.email for row in own_addresses(person_id)} if person_id else {email}


def _do(app: Flask, history: History, step: Step) -> None:
    what, email, other, purpose = step
    person_id = _person(email)
    if what == "import":
        person_id = person_id or import_person(email, "")
        made = factories.make_application(history.opening_id, history.owner_id, person_id=person_id)
        history.applications[made.public_id] = email
    elif person_id is None:
        join(email, "Ada Lind", password="")
    elif what in {"say-yes", "say-no"}:
        choose(person_id, purpose, what == "say-yes", source="/test", now=clock.now())
        _note(history, email, {purpose}, is_wanted=what == "say-yes")
    elif what == "join":
        join_community(person_id, [purpose], clock.now())
        _note(history, email, {purpose}, is_wanted=True)
    elif what == "leave" and leave_community(person_id, clock.now()):
        _note(history, email, set(Purpose), is_wanted=False)
    elif what in {"add", "change"}:
        _take(app, history, person_id, email, other, is_change=what == "change")
    else:
        _undo(history, what, person_id, email, other)


def _undo(history: History, what: str, person_id: int, email: str, other: str) -> None:
    if what == "remove":
        remove_address(person_id, other, clock.now())
    elif what == "part":
        _part(history, email)


def _part(history: History, email: str) -> None:
    """Somebody presses the newest link that parts what was joined."""
    both = _same_person(email)
    taken_back = set().union(*[history.taken_back.get(one, set()) for one in both])
    told = [letter for letter in letters(email) if letter.kind == "accounts/records_joined"]
    if not told:
        return
    keep_apart(told[-1].token(TokenKind.KEEP_APART), clock.now())
    rows = {row.public_id: row.person_id for row in session().scalars(select(Application))}
    for public_id, owner in history.applications.items():
        # One that an import brought after they were joined stays with the record that was kept.
        if owner in both and rows[public_id] != _person(owner):
            assert rows[public_id] in {_person(one) for one in both}
            history.applications[public_id] = ""
    for one in both:
        history.taken_back[one] = set(taken_back)


def _note(history: History, email: str, purposes: set[Purpose], *, is_wanted: bool) -> None:
    """What somebody says counts for all their addresses."""
    said = {purpose for purpose, state in consent_states(_person(email) or 0).items() if not state.is_given}
    for one in _same_person(email):
        before = history.taken_back.setdefault(one, set())
        history.taken_back[one] = before - purposes if is_wanted else before | (purposes & said)


def _take(app: Flask, history: History, person_id: int, email: str, other: str, *, is_change: bool) -> None:
    both = [history.taken_back.get(one, set()) for one in _same_person(email) | _same_person(other)]
    ask_for_address(person_id, other, is_change=is_change, browser_secret="", now=clock.now())
    token = last_letter(other).token(TokenKind.NEW_ADDRESS)
    session_id = _session(app, person_id)
    if not confirm_new_address(token, person_id, session_id, clock.now()).is_settled:
        join_records(person_id, session_id, clock.now())
    for one in _same_person(email):
        history.taken_back[one] = set().union(*both)


def _wait(history: History, time: Time) -> None:
    """Days go by; an address that went is nobody's, and whoever has it next begins anew."""
    before = {email for email in ADDRESSES if _person(email)}
    time.at += timedelta(days=8)
    let_addresses_go(clock.now())
    for email in before - {email for email in ADDRESSES if _person(email)}:
        history.taken_back.pop(email, None)
        for public_id in [key for key, value in history.applications.items() if value == email]:
            history.applications[public_id] = ""


def _check(history: History) -> None:
    end_reading()
    for email in ADDRESSES:
        person_id = _person(email)
        if person_id is None:
            continue
        states = consent_states(person_id)
        for purpose in history.taken_back.get(email, set()):
            assert states[purpose].action is ConsentAction.WITHDRAWN, (email, purpose)
        assert [row.is_primary for row in own_addresses(person_id)].count(True) == 1
    rows = {row.public_id: row.person_id for row in session().scalars(select(Application))}
    assert set(rows) == set(history.applications)
    for public_id, email in history.applications.items():
        assert own_addresses(rows[public_id]), "an application that nobody can read"
        assert not email or rows[public_id] == _person(email), (public_id, email)


@pytest.mark.only("sqlite")  # what is decided does not depend on the database; the races have tests on both
@settings(max_examples=15)
@given(steps=STEPS)
def test_no_history_revives_a_consent_or_loses_an_application(app: Flask, time: Time, steps: list[Step]) -> None:
    _empty(app, "sqlite")
    time.at = START
    rita = factories.make_staff("Rita Sander", Role.RECRUITER, "rita@staff.example")
    history = History(rita, factories.make_opening("Baker"))
    for email in ADDRESSES:
        for what in ("join", "import", "say-yes"):
            for purpose in WATCHED:
                _do(app, history, (what, email, email, purpose))
    for step in steps:
        time.at += timedelta(hours=7)
        with suppress(PortalError):  # what is refused changes nothing
            _do(app, history, step)
        if step[0] == "wait":
            _wait(history, time)
        _check(history)
