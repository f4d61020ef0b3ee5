"""The rules of offers, by themselves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from portal.company.rules import WorkCalendar, working_days_after
from portal.offers.rules import (
    DAYS_TO_DECIDE,
    IllegalMove,
    NoOffer,
    OfferChanged,
    OfferClosed,
    ProposalRefused,
    changed_parts,
    check_answerable,
    check_move,
    check_sayable,
    check_wanted,
    checked_terms,
    days_more,
    is_short,
    next_word_by,
    reads_as,
)
from portal.offers.states import MOVES, OfferState, WordKind
from tests.offers.offering import terms

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2025, 1, 1), date(2030, 1, 1))
CALENDARS = st.builds(
    WorkCalendar,
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=12),
    st.frozensets(st.integers(0, 6), min_size=1),
)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": "  \t "}),
        ("title", {"title": "x" * 201}),
        ("terms", {"terms": "\u200b"}),
        ("terms", {"terms": "x" * 10_001}),
        ("words", {"words": ""}),
        ("contact_phone", {"contact_phone": "ask me"}),
        ("contact_phone", {"contact_phone": "1234" + " 5" * 40}),
        ("decide_by", {"decide_by": TODAY}),
        ("decide_by", {"decide_by": TODAY - timedelta(days=1)}),
        ("decide_by", {"decide_by": TODAY + timedelta(days=61)}),
        ("short_reason", {"decide_by": TODAY + timedelta(days=2)}),
        ("short_reason", {"decide_by": TODAY + timedelta(days=2), "short_reason": "x" * 501}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(field: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ProposalRefused) as refused:
        checked_terms(terms(1, **wrong), TODAY)
    assert refused.value.field == field


@given(day=DAYS, calendar=CALENDARS)
def test_whoever_gets_no_reason_has_five_working_days(day: date, calendar: WorkCalendar) -> None:
    try:
        kept = checked_terms(terms(1, decide_by=day), TODAY, calendar)
    except ProposalRefused:
        return
    days = [TODAY + timedelta(days=n) for n in range(1, (kept.decide_by - TODAY).days + 1)]
    assert sum(calendar.is_working_day(one) for one in days) >= DAYS_TO_DECIDE


@given(day=DAYS, calendar=CALENDARS)
def test_a_reason_stands_only_where_the_day_is_short(day: date, calendar: WorkCalendar) -> None:
    try:
        kept = checked_terms(terms(1, decide_by=day, short_reason="The team plans."), TODAY, calendar)
    except ProposalRefused:
        return
    assert bool(kept.short_reason) is is_short(day, TODAY, calendar)


@given(decide_by=DAYS, today=DAYS, pace=st.integers(0, 20), calendar=CALENDARS)
def test_the_next_word_comes_on_a_working_day_after_they_decided(
    decide_by: date, today: date, pace: int, calendar: WorkCalendar
) -> None:
    day = next_word_by(decide_by, today, pace, calendar)
    assert day > max(decide_by, today)
    assert calendar.is_working_day(day)
    assert day == working_days_after(max(decide_by, today), max(1, pace), calendar)[-1]


@given(decide_by=DAYS, today=DAYS, calendar=CALENDARS)
def test_every_day_that_is_offered_may_be_asked_for(decide_by: date, today: date, calendar: WorkCalendar) -> None:
    for day in days_more(decide_by, today, calendar):
        assert check_wanted(day, decide_by, today) == day


def test_a_changed_offer_says_what_is_different() -> None:
    before = terms(1)
    assert changed_parts(before, terms(1, words="Other words.")) == []
    assert changed_parts(before, terms(1, terms="More.")) == ["what we offer"]
    assert len(changed_parts(before, terms(2, title="A", terms="B", decide_by=TODAY))) == 4


@given(st.sampled_from(OfferState), st.booleans(), st.booleans())
def test_it_is_open_to_them_exactly_as_long_as_they_may_answer(state: OfferState, is_open: bool, knows: bool) -> None:
    stands = reads_as(state, is_application_open=is_open, is_withdrawal_read=knows)
    may = is_open and (state is OfferState.OPEN or (state is OfferState.WITHDRAWN and not knows))
    assert (stands is OfferState.OPEN) is may
    if may:
        check_answerable(stands)
    else:
        with pytest.raises(OfferClosed):
            check_answerable(stands)


@given(st.sampled_from(WordKind), st.sampled_from([None, *OfferState]), st.booleans(), st.booleans(), st.booleans())
def test_only_what_fits_may_be_said(
    kind: WordKind, state: OfferState | None, is_said: bool, is_asked: bool, knows: bool
) -> None:
    try:
        check_sayable(kind, state, is_said=is_said, is_time_asked=is_asked, is_withdrawal_read=knows)
    except (NoOffer, OfferChanged, OfferClosed):
        return
    if kind is WordKind.MADE:
        assert not (state is OfferState.OPEN and is_said)
        assert not (state is OfferState.WITHDRAWN and not knows), "two offers would be open to them"
        assert state is not OfferState.ACCEPTED, "they would have to decide again about what they said yes to"
    else:
        assert state is OfferState.OPEN
        assert is_said
    if kind is WordKind.NO_MORE_TIME:
        assert is_asked


class OfferMachine(RuleBasedStateMachine):
    """Both sides act in any order; what has been answered stays answered, and nobody is held to what is unread."""

    def __init__(self) -> None:
        super().__init__()
        self.state: OfferState | None = None
        self.is_application_open = True
        self.is_withdrawal_read = False
        self.answer: OfferState | None = None

    @property
    def stands(self) -> OfferState:
        assert self.state is not None
        return reads_as(
            self.state, is_application_open=self.is_application_open, is_withdrawal_read=self.is_withdrawal_read
        )

    def move(self, after: OfferState) -> None:
        assert self.state is not None
        check_move(self.state, after)
        self.state = after

    @rule()
    @precondition(lambda self: self.state is None)
    def make(self) -> None:
        self.state = OfferState.OPEN

    @rule(answer=st.sampled_from([OfferState.ACCEPTED, OfferState.DECLINED]))
    @precondition(lambda self: self.state is not None)
    def reply(self, answer: OfferState) -> None:
        try:
            check_answerable(self.stands)
        except OfferClosed:
            return
        if self.state is OfferState.WITHDRAWN:
            self.move(OfferState.OPEN)
        self.move(answer)
        self.answer = answer
        self.is_application_open = answer is OfferState.ACCEPTED

    @rule()
    @precondition(lambda self: self.state is OfferState.OPEN and self.is_application_open)
    def withdraw(self) -> None:
        self.move(OfferState.WITHDRAWN)

    @rule()
    @precondition(lambda self: self.state is OfferState.WITHDRAWN)
    def the_mail_arrives(self) -> None:
        self.is_withdrawal_read = True

    @rule()
    @precondition(lambda self: self.state is OfferState.WITHDRAWN and not self.is_withdrawal_read)
    def take_the_mail_back(self) -> None:
        self.move(OfferState.OPEN)

    @rule()
    def end_the_application(self) -> None:
        self.is_application_open = False

    @rule()
    @precondition(lambda self: self.state is OfferState.OPEN and not self.is_application_open)
    def follow_it(self) -> None:
        self.move(OfferState.ENDED)

    @invariant()
    def an_answer_stays(self) -> None:
        if self.answer is not None:
            assert self.state is self.answer
            assert self.stands is self.answer

    @invariant()
    def no_closed_one_is_open_to_them(self) -> None:
        if self.state in {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.ENDED}:
            assert self.stands is not OfferState.OPEN


TestOfferMachine = OfferMachine.TestCase


def test_what_is_answered_or_ended_goes_nowhere() -> None:
    for final in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.ENDED):
        assert MOVES[final] == frozenset()
        with pytest.raises(IllegalMove):
            check_move(final, OfferState.OPEN)
