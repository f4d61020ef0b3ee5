"""Tokens: what is stored says nothing, and nothing empty or foreign passes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import tokens
from portal.core.tokens import TokenKind

KEY = "a-secret-key-that-is-only-good-for-tests"


def test_a_resend_carries_the_same_token() -> None:
    assert tokens.mail_token(KEY, "one", TokenKind.FOLLOW) == tokens.mail_token(KEY, "one", TokenKind.FOLLOW)


def test_kind_delivery_and_key_all_change_the_token() -> None:
    made = {
        tokens.mail_token(key, delivery, kind)
        for key in (KEY, KEY + "2")
        for delivery in ("one", "two")
        for kind in TokenKind
    }
    assert len(made) == 4 * len(TokenKind)


def test_what_is_stored_is_bound_to_its_kind() -> None:
    token = tokens.mail_token(KEY, "one", TokenKind.FOLLOW)
    assert len({tokens.token_hash(token, kind) for kind in TokenKind}) == len(TokenKind)


@pytest.mark.parametrize("nothing", ["", "None", "null", "0", " ", "é" * 43, "a" * 42, "a" * 44])
def test_what_cannot_be_a_token_has_no_hash(nothing: str) -> None:
    assert tokens.token_hash(nothing, TokenKind.SIGN_IN) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_only_equal_non_empty_texts_are_the_same(left: str, right: str) -> None:
    assert tokens.is_same(left, right) == (left == right and left != "")


def test_codes_have_six_digits() -> None:
    codes = {tokens.mail_code(KEY, str(number), TokenKind.SIGN_IN) for number in range(300)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 290


NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=365)


def test_a_signed_token_says_what_it_is_for_until_its_day() -> None:
    token = tokens.signed_token(KEY, TokenKind.UNSUBSCRIBE, "abc:events", LATER)
    assert tokens.read_signed_token(KEY, TokenKind.UNSUBSCRIBE, token, NOW) == "abc:events"
    assert tokens.read_signed_token(KEY, TokenKind.UNSUBSCRIBE, token, LATER) is None


@given(st.data())
def test_a_signed_token_with_one_letter_changed_says_nothing(data: st.DataObject) -> None:
    token = tokens.signed_token(KEY, TokenKind.PREFERENCES, "abc:all", LATER)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda ch: ch != token[at]))
    assert tokens.read_signed_token(KEY, TokenKind.PREFERENCES, token[:at] + letter + token[at + 1 :], NOW) is None


@pytest.mark.parametrize("nothing", ["", ".", "None", "a.b", "..", "é.é", "YWJj.", ".YWJj"])
def test_what_is_not_a_signed_token_says_nothing(nothing: str) -> None:
    assert tokens.read_signed_token(KEY, TokenKind.PREFERENCES, nothing, NOW) is None


def test_a_signed_token_is_good_for_its_own_kind_and_key_only() -> None:
    token = tokens.signed_token(KEY, TokenKind.PREFERENCES, "abc:all", LATER)
    assert tokens.read_signed_token(KEY, TokenKind.UNSUBSCRIBE, token, NOW) is None
    assert tokens.read_signed_token("another key", TokenKind.PREFERENCES, token, NOW) is None
