"""How somebody without an opening stands, and when they are erased."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contact.states import ConsentAction
from portal.outbox.states import DeliveryState
from portal.prospects.rules import (
    KEPT_DAYS,
    AddressFacts,
    NoLink,
    ProspectFacts,
    ProspectRefused,
    WordsRefused,
    check_address,
    checked_link,
    checked_words,
    erased_on,
    is_due,
    latest_erasure,
    may_invite,
    may_take_consent,
    standing_of,
)
from portal.prospects.states import Standing

DAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
days = st.dates(date(2026, 1, 1), date(2027, 1, 1))


@st.composite
def facts(draw: st.DrawFn) -> ProspectFacts:
    state = draw(st.none() | st.sampled_from(list(DeliveryState)))
    added = draw(days)
    return ProspectFacts(
        added_on=added,
        is_here=draw(st.booleans()),
        has_consent=draw(st.booleans()),
        has_said_no=draw(st.booleans()),
        is_leaving=draw(st.booleans()),
        delivery=state,
        accepted_on=added + timedelta(days=draw(st.integers(0, 40))) if state is DeliveryState.SENT else None,
    )


@given(facts(), days)
def test_nobody_who_came_to_us_is_ever_erased_for_not_answering(one: ProspectFacts, today: date) -> None:
    if one.is_here:
        assert not is_due(one, today)


@given(facts(), days)
def test_nobody_has_fewer_than_thirty_days_to_answer(one: ProspectFacts, today: date) -> None:
    if is_due(one, today) and not one.is_leaving:
        assert today >= (one.accepted_on or one.added_on) + timedelta(days=KEPT_DAYS)


@given(facts(), days)
def test_whoever_asks_to_be_deleted_is_deleted_at_once(one: ProspectFacts, today: date) -> None:
    if one.is_leaving and not one.is_here:
        assert is_due(one, today)


@given(facts())
def test_only_who_was_never_reached_and_does_not_leave_is_invited(one: ProspectFacts) -> None:
    if may_invite(one):
        assert one.delivery in {None, DeliveryState.CANCELLED}
        assert not one.is_here
        assert not one.is_leaving
        assert not one.has_said_no


@given(facts(), st.integers(0, 2))
def test_nobody_is_kept_longer_than_their_mail_says(one: ProspectFacts, waited: int) -> None:
    sent = ProspectFacts(one.added_on, delivery=DeliveryState.SENT, accepted_on=DAY + timedelta(days=waited))
    day = erased_on(sent)
    assert day is not None
    assert day <= latest_erasure(DAY)


def test_while_an_invitation_is_on_its_way_no_day_is_named() -> None:
    assert erased_on(ProspectFacts(DAY, delivery=DeliveryState.QUEUED)) is None
    assert erased_on(ProspectFacts(DAY)) == date(2026, 4, 3)
    assert standing_of(ProspectFacts(DAY, delivery=DeliveryState.DEAD)) is Standing.NOT_ARRIVED


def test_whoever_said_yes_to_mail_elsewhere_stays() -> None:
    assert erased_on(ProspectFacts(DAY, has_consent=True, delivery=DeliveryState.SENT, accepted_on=DAY)) is None


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (AddressFacts("abc", has_left=True), "left the community"),
        (AddressFacts(is_suppressed=True), "came back"),
        (AddressFacts(erased_on=DAY), "deleted here on Wednesday 4 March 2026"),
    ],
)
def test_nobody_is_added_against_their_will(known: AddressFacts, words: str) -> None:
    with pytest.raises(ProspectRefused, match=words):
        check_address(known)


def test_somebody_who_was_erased_and_came_back_is_somebody_we_know() -> None:
    check_address(AddressFacts("abc", erased_on=DAY))


@given(st.sampled_from(list(ConsentAction)), st.datetimes(timezones=st.just(UTC)))
def test_no_yes_from_elsewhere_goes_over_a_withdrawal(before: ConsentAction, given_at: datetime) -> None:
    taken = may_take_consent(before, NOON, given_at)
    if before is not ConsentAction.EXPIRED:
        assert not taken
    else:
        assert taken == (given_at > NOON)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "talks.example/maps",
        "ftp://talks.example",
        "javascript:alert(1)",
        "https://me:secret@x.example/",
        "//",
        "https://x.example/\x00",
    ],
)
def test_only_a_public_page_is_a_link(text: str) -> None:
    with pytest.raises(NoLink):
        checked_link(text)


def test_a_link_is_kept_as_it_is() -> None:
    assert checked_link(" https://talks.example/maps?n=1 ") == "https://talks.example/maps?n=1"


def test_words_keep_their_paragraphs() -> None:
    assert checked_words("One\r\ntwo\r\n\r\n\r\n  three ") == "One\ntwo\n\nthree"


@pytest.mark.parametrize("text", ["", " \n\n ", "x" * 4001, "Dear {name},"])
def test_words_that_cannot_go_are_refused(text: str) -> None:
    with pytest.raises(WordsRefused):
        checked_words(text)
