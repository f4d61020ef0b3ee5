"""Who answers, by when, and what may be said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import STEPS, ApplicationStatus
from portal.conversations.rules import (
    MESSAGE_LENGTH,
    ProposalRefused,
    Reply,
    checked_date,
    checked_message,
    checked_reason,
    choose_owner,
    reads_for,
    wait_of,
)

WEDNESDAY, FRIDAY, MONDAY = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
ids = st.integers(1, 9)


@given(st.lists(st.none() | ids), st.lists(ids, unique=True), st.dictionaries(ids, st.integers(0, 50)))
def test_whoever_is_chosen_works_here_and_a_wish_goes_first(
    wishes: list[int | None], at_work: list[int], loads: dict[int, int]
) -> None:
    chosen = choose_owner(wishes, at_work, loads)
    assert (chosen is None) == (not at_work)
    granted = [wish for wish in wishes if wish in at_work]
    if granted:
        assert chosen == granted[0]
    elif chosen is not None:
        assert loads.get(chosen, 0) == min(loads.get(one, 0) for one in at_work)


@given(ids, st.dictionaries(ids, ids))
def test_somebody_reads_the_mail_even_when_stand_ins_stand_in_for_each_other(owner: int, away: dict[int, int]) -> None:
    reader = reads_for(owner, away)
    assert reader == owner or reader in away.values()
    if owner not in away:
        assert reader == owner


def test_who_stands_in_and_is_away_passes_it_on() -> None:
    assert reads_for(1, {1: 2, 2: 3}) == 3


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_what_was_said_says_the_same_when_it_is_cleaned_again(text: str) -> None:
    said = checked_message(f"\r\n {text}\r\n\x00 ")
    assert said == text
    assert checked_message(said) == said


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "\x00\x07"])
def test_nothing_to_see_is_nothing_said(text: str) -> None:
    for check in (checked_message, checked_reason):
        with pytest.raises(ProposalRefused):
            check(text)


def test_a_message_has_at_most_ten_thousand_characters() -> None:
    assert len(checked_message("x" * MESSAGE_LENGTH)) == MESSAGE_LENGTH
    with pytest.raises(ProposalRefused):
        checked_message("x" * (MESSAGE_LENGTH + 1))


@given(
    st.sampled_from(STEPS),
    st.none() | st.integers(-20, 120),
    st.none() | st.integers(-20, 120),
    st.sampled_from(["", "We need longer."]),
)
def test_a_reply_leaves_a_day_to_come_and_moves_none_later_without_a_reason(
    status: ApplicationStatus, promised_in: int | None, next_in: int | None, why: str
) -> None:
    promised = None if promised_in is None else WEDNESDAY + timedelta(days=promised_in)
    wanted = None if next_in is None else WEDNESDAY + timedelta(days=next_in)
    try:
        kept = checked_date(Reply("Yes.", "x", wanted, why), status, promised, WEDNESDAY)
    except ProposalRefused:
        return
    assert kept.next_update_by >= WEDNESDAY
    assert kept.next_update_by == (wanted or promised)
    is_later = promised is not None and kept.next_update_by > promised
    assert bool(kept.reason) == (is_later and bool(why))
    assert why or not is_later


def test_on_the_promised_day_the_reply_is_the_word_and_the_next_day_must_be_said() -> None:
    with pytest.raises(ProposalRefused) as refused:
        checked_date(Reply("Yes."), ApplicationStatus.IN_REVIEW, WEDNESDAY, WEDNESDAY)
    assert refused.value.field == "when"
    assert "Wednesday 4 March 2026" in refused.value.message


def test_waiting_is_counted_in_days_and_late_after_the_next_working_day() -> None:
    waits = [wait_of(FRIDAY, day) for day in (date(2026, 3, 5), FRIDAY, MONDAY, date(2026, 3, 10))]
    assert [(wait.days, wait.is_late) for wait in waits] == [(0, False), (0, False), (3, False), (4, True)]
