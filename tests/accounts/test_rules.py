"""Passwords, codes, networks, sessions and staff, as pure decisions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.adapters import common_passwords
from portal.accounts.rules import (
    LastAdmin,
    WeakPassword,
    check_an_admin_remains,
    check_password,
    clean_code,
    is_live,
    makes_a_circle,
    network_of,
    normal_password,
    to_the_hour,
    zone_choices,
)
from portal.core.permissions import Role

NOW = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("000000", "000000"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("code 123456", ""),
        ("", ""),
    ],
)
def test_code_is_read_however_it_was_copied(text: str, code: str) -> None:
    assert clean_code(text) == code


@given(st.text(max_size=40))
def test_whatever_is_read_as_a_code_has_six_digits(text: str) -> None:
    code = clean_code(text)
    assert code == "" or (len(code) == 6 and code.isascii() and code.isdecimal())


@given(st.text(min_size=8, max_size=128))
def test_good_passwords_keep_every_character(text: str) -> None:
    try:
        check_password(text, "ada@demo.example", common_passwords())
    except WeakPassword:
        return
    assert normal_password(text + "x") != normal_password(text)


@pytest.mark.parametrize("length", [7, 129])
def test_too_short_and_too_long_are_refused(length: int) -> None:
    with pytest.raises(WeakPassword):
        check_password(("abcdefg" * 20)[:length], "", ())


@pytest.mark.parametrize("length", [8, 64, 73, 128])
def test_every_length_between_is_good(length: int) -> None:
    check_password(("abcdefg hijk" * 20)[:length], "", ())


def test_own_address_is_no_password() -> None:
    for password in ("ada.lind", "Ada.Lind2024!", "x ada.lind@demo.example"):
        with pytest.raises(WeakPassword):
            check_password(password, "ada.lind@demo.example", ())
    check_password("ada.lind likes tea", "ada.lind@demo.example", ())


def test_list_of_common_passwords_is_long_and_small_letters_only() -> None:
    words = common_passwords()
    assert len(words) > 1000
    assert all(word == word.casefold().strip() for word in words)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_limits_count_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("age", "role", "live"),
    [
        (timedelta(days=89), Role.CANDIDATE, True),
        (timedelta(days=90), Role.CANDIDATE, False),
        (timedelta(hours=11), Role.ADMIN, True),
        (timedelta(hours=12), Role.ADMIN, False),
        (timedelta(hours=12), Role.HIRING_MANAGER, False),
    ],
)
def test_session_lives_as_long_as_its_role_allows(age: timedelta, role: Role, live: bool) -> None:
    began = NOW - age
    assert is_live(began, began + timedelta(days=90), None, role, NOW) is live
    assert not is_live(began, began + timedelta(days=90), NOW, role, NOW)
    assert not is_live(began, NOW, None, role, NOW)


def test_moments_are_kept_to_the_hour() -> None:
    assert to_the_hour(NOW) == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_reporting_in_a_circle_is_found() -> None:
    leads = {1: None, 2: 1, 3: 2}
    assert makes_a_circle(leads, 1, 3)
    assert makes_a_circle(leads, 1, 1)
    assert not makes_a_circle(leads, 3, 1)
    assert not makes_a_circle(leads, 4, 3)
    assert not makes_a_circle(leads, 1, None)
    assert makes_a_circle({5: 6, 6: 5}, 7, 5)


@given(st.dictionaries(st.integers(0, 8), st.none() | st.integers(0, 8)), st.integers(0, 8), st.integers(0, 8))
def test_no_change_that_passes_makes_somebody_their_own_lead(
    leads: dict[int, int | None], person: int, lead: int
) -> None:
    if makes_a_circle(leads, person, lead):
        return
    above = {**leads, person: lead}
    at: int | None = lead
    for _ in range(20):
        assert at != person
        at = above.get(at) if at is not None else None


def test_an_admin_remains() -> None:
    for role, is_active in ((Role.RECRUITER, True), (Role.ADMIN, False)):
        with pytest.raises(LastAdmin):
            check_an_admin_remains([1], 1, role, is_active=is_active)
        check_an_admin_remains([1, 2], 1, role, is_active=is_active)
        check_an_admin_remains([2], 1, role, is_active=is_active)
    check_an_admin_remains([1], 1, Role.ADMIN, is_active=True)


def test_own_zone_is_kept_among_the_choices() -> None:
    assert zone_choices(["Europe/Warsaw"], "Europe/Busingen")[0] == ("Europe/Busingen", "Europe, Busingen")
    assert zone_choices(["America/New_York"], "America/New_York") == [("America/New_York", "America, New York")]
