"""The ledger: what was said last holds, a withdrawal always wins, and nothing is ever rewritten."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import portal
from portal.contact import privacy
from portal.contact.actions import choose, record_consent
from portal.contact.models import ConsentEvent
from portal.contact.queries import consents_of
from portal.contact.rules import (
    OFFERED_TO_MEMBERS,
    PURPOSE_LABELS,
    PURPOSE_WORDS,
    TEXT_VERSION,
    WITHDRAW_WORDS,
    ConsentFact,
    fold,
    merged,
)
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from tests.accounts.visitors import ADA, NORA, import_person
from tests.conftest import START, Time

GIVEN, WITHDRAWN, EXPIRED = ConsentAction.GIVEN, ConsentAction.WITHDRAWN, ConsentAction.EXPIRED
facts = st.builds(
    ConsentFact,
    purpose=st.sampled_from(Purpose),
    action=st.sampled_from(ConsentAction),
    is_own=st.booleans(),
    occurred_at=st.just(START),
)


@given(st.lists(facts))
def test_every_purpose_is_decided_by_its_own_entries_alone(events: list[ConsentFact]) -> None:
    states = fold(events)
    for purpose in Purpose:
        own = [event for event in events if event.purpose is purpose]
        assert fold(own).get(purpose) == states.get(purpose)


@given(st.lists(facts), st.sampled_from(Purpose), st.booleans())
def test_a_withdrawal_counts_whoever_enters_it(events: list[ConsentFact], purpose: Purpose, is_own: bool) -> None:
    states = fold([*events, ConsentFact(purpose, WITHDRAWN, is_own, START)])
    assert not states[purpose].is_given


@given(st.lists(facts), st.lists(facts), st.sampled_from(Purpose))
def test_nobody_else_revives_what_a_person_took_back(
    before: list[ConsentFact], after: list[ConsentFact], purpose: Purpose
) -> None:
    others = [ConsentFact(e.purpose, e.action, False, e.occurred_at) for e in after]
    states = fold([*before, ConsentFact(purpose, WITHDRAWN, True, START), *others])
    assert not states[purpose].is_given


@given(st.lists(facts), st.sampled_from(Purpose))
def test_a_person_can_always_say_yes_again(events: list[ConsentFact], purpose: Purpose) -> None:
    assert fold([*events, ConsentFact(purpose, GIVEN, True, START)])[purpose].is_given


@given(st.lists(facts), st.lists(facts))
def test_of_two_records_the_withdrawal_wins_in_either_order(kept: list[ConsentFact], gone: list[ConsentFact]) -> None:
    left, right = fold(kept), fold(gone)
    one, other = merged(left, right), merged(right, left)
    assert {p: s.action for p, s in one.items()} == {p: s.action for p, s in other.items()}
    for purpose in Purpose:
        if WITHDRAWN in {side[purpose].action for side in (left, right) if purpose in side}:
            assert one[purpose].action is WITHDRAWN


def test_every_purpose_has_its_words() -> None:
    for words in (PURPOSE_LABELS, PURPOSE_WORDS, WITHDRAW_WORDS):
        assert set(words) == set(Purpose)
        assert all(str(text).strip() for text in words.values())


def _add(person_id: int, action: ConsentAction, actor_id: int | None = None) -> None:
    record_consent(
        person_id,
        Purpose.JOB_ALERTS,
        action,
        words="Send me job alerts.",
        text_version=TEXT_VERSION,
        locale="en",
        source="/join",
        now=clock.now(),
        actor_id=actor_id,
    )


def _is_given(person_id: int) -> bool:
    end_reading()
    return next(row.is_given for row in consents_of(person_id) if row.purpose is Purpose.JOB_ALERTS)


def test_nobody_has_agreed_to_anything_at_first(app: Flask) -> None:
    rows = consents_of(import_person())
    assert [row.purpose for row in rows] == list(OFFERED_TO_MEMBERS)
    assert not any(row.is_given for row in rows)
    assert all(row.decided_at is None for row in rows)


def test_what_was_given_can_be_taken_back_and_given_again(app: Flask) -> None:
    person_id = import_person()
    for action, expected in ((GIVEN, True), (WITHDRAWN, False), (GIVEN, True), (EXPIRED, False)):
        _add(person_id, action)
        assert _is_given(person_id) is expected
    assert len(session().scalars(select(ConsentEvent)).all()) == 4


def test_staff_cannot_revive_what_the_person_took_back(app: Flask) -> None:
    person_id, staff_id = import_person(), import_person(NORA, "Nora Berg")
    _add(person_id, WITHDRAWN)
    _add(person_id, GIVEN, actor_id=staff_id)
    assert not _is_given(person_id)


def test_choosing_the_same_twice_is_one_entry(app: Flask) -> None:
    person_id = import_person()
    for _ in range(2):
        choose(person_id, Purpose.JOB_ALERTS, True, source="/me/preferences", now=clock.now())
    end_reading()
    assert len(session().scalars(select(ConsentEvent)).all()) == 1
    assert _is_given(person_id)


def test_consent_of_somebody_who_is_not_there_is_refused(app: Flask) -> None:
    with pytest.raises(NotFound):
        _add(12345, GIVEN)


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_merging_records_keeps_the_withdrawal(app: Flask, time: Time, withdrawn_first: bool) -> None:
    kept, gone = import_person(ADA), import_person(NORA, "Nora Berg")
    sides = ((gone, WITHDRAWN), (kept, GIVEN)) if withdrawn_first else ((kept, GIVEN), (gone, WITHDRAWN))
    for person_id, action in sides:
        _add(person_id, action)
        time.pass_by(**{"hours": 1})
    privacy.merge(kept, gone, clock.now())
    assert not _is_given(kept)
    end_reading()
    assert {row.person_id for row in session().scalars(select(ConsentEvent))} == {kept}


def test_people_read_what_they_said_and_erasure_removes_it(app: Flask) -> None:
    ada, nora = import_person(ADA), import_person(NORA, "Nora Berg")
    for person_id in (ada, nora):
        _add(person_id, GIVEN)
    section, *_others = privacy.export(ada)
    assert "Send me job alerts." in section.rows[0][1]
    privacy.erase(ada, clock.now() + timedelta(days=1))
    end_reading()
    assert [row.person_id for row in session().scalars(select(ConsentEvent))] == [nora]


def _changes_of_the_ledger(source: str) -> Iterator[int]:
    """Lines that update or delete rows of ConsentEvent, or raw SQL that names its table."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            names = {inner.id for arg in node.args for inner in ast.walk(arg) if isinstance(inner, ast.Name)}
            if called in {"update", "delete"} and "ConsentEvent" in names:
                yield node.lineno
        elif isinstance(node, ast.Constant) and re.search(r"(?i)(update|delete)\b.*consent_event", str(node.value)):
            yield node.lineno


def test_only_privacy_changes_or_removes_entries() -> None:
    package = Path(portal.__file__).parent
    found = [
        f"{path.relative_to(package)}:{line}"
        for path in sorted(package.rglob("*.py"))
        for line in _changes_of_the_ledger(path.read_text())
    ]
    assert found
    assert all(place.startswith("contact/privacy.py:") for place in found), found


@pytest.mark.parametrize(
    "source",
    [
        "session.execute(update(ConsentEvent).values(words=''))",
        "own.execute(delete(models.ConsentEvent, ConsentEvent))",
        "text('DELETE FROM consent_event')",
    ],
)
def test_the_guard_sees_what_it_guards_against(source: str) -> None:
    assert list(_changes_of_the_ledger(source))
