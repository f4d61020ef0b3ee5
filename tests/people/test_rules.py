"""One address is one person, and names are kept as people write them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import PortalError
from portal.people.rules import (
    InvalidAddress,
    InvalidName,
    clean_name,
    initials,
    is_zone_assumed,
    normalise_address,
)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "ADA@EXAMPLE.ORG",
        "  Ada@Example.org\t",
        "ada@example.org\r\n",
        "\u200bada@example.org\ufeff",
        "a\u00adda@exa\u200dmple.org",
        "\u202aada@example.org\u202c",
        "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "𝓪𝓭𝓪@example.org",
        "𝐀𝐃𝐀@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.org",
        "ada@example。org",
    ],
)
def test_case_space_and_lookalikes_give_one_key(text: str) -> None:
    assert normalise_address(text) == "ada@example.org"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ada@münchen.de", "ada@xn--mnchen-3ya.de"),
        ("ada@MÜNCHEN.de", "ada@xn--mnchen-3ya.de"),
        ("ada@XN--MNCHEN-3YA.DE", "ada@xn--mnchen-3ya.de"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada+jobs@example.org", "ada+jobs@example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("ada@demo.example", "ada@demo.example"),
        ("ada@mail.test", "ada@mail.test"),
        ("ada@例え.jp", "ada@xn--r8jz45g.jp"),
    ],
)
def test_addresses_keep_what_tells_them_apart(text: str, key: str) -> None:
    assert normalise_address(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "@",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@test",
        "ada@localhost",
        "ada@mail.local",
        "ada@example..org",
        "ada@-example.org",
        ".ada@example.org",
        "ada.@example.org",
        "a..da@example.org",
        "ada@example.org, eve@example.org",
        "ada@eve@example.org",
        "Ada <ada@example.org>",
        "mailto:ada@example.org",
        '"ada"@example.org',
        "ada@[127.0.0.1]",
        "ada @example.org",
        "ada@exam ple.org",
        "аda@example.org",
        "ıda@example.org",
        "жда@example.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada\n@example.org",
        "ada@example.org\x00eve",
        "ada\x7f@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 64 + ".org",
        "ada@" + "a.b" * 90 + ".org",
        "ada@xn--999999999.de",
        "\ud800@example.org",
    ],
)
def test_what_is_not_one_deliverable_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddress) as refusal:
        normalise_address(text)
    assert refusal.value.message.endswith(".")


@given(st.text() | st.from_regex(r"[\w.+-]{1,20}\s?@[\w.-]{1,20}\.[a-z]{2,3}"))
def test_any_text_gives_a_stable_key_or_the_named_error(text: str) -> None:
    try:
        key = normalise_address(text)
    except InvalidAddress:
        return
    assert normalise_address(key) == key
    assert key.isascii()
    assert key == key.lower()
    assert len(key) <= 254
    assert not any(ch.isspace() for ch in key)


@given(st.emails())
def test_case_never_makes_a_second_person(address: str) -> None:
    try:
        key = normalise_address(address)
    except InvalidAddress:
        return
    assert normalise_address(address.upper()) == key
    assert normalise_address(f" {address.swapcase()} ") == key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zoë  Ström ", "Zoë Ström"),
        ("Zoe\u0308", "Zoë"),
        ("Zoë\nStröm", "Zoë Ström"),
        ("Ada\u00a0Byron", "Ada Byron"),
        ("王伟", "王伟"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("O’Neill", "O’Neill"),
        ("Ada\u202e Byron", "Ada Byron"),
        ("\u200bAda\ufeff", "Ada"),
        ("=cmd()", "=cmd()"),
        ("N" * 200, "N" * 200),
    ],
)
def test_names_are_kept_as_written_on_one_line(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u200d", "...", "A\x00da", "A\x1bda", "N" * 201, "\ud800"])
def test_what_cannot_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidName):
        clean_name(text)


@given(st.text(max_size=220))
def test_any_text_gives_a_stable_name_or_the_named_error(text: str) -> None:
    try:
        name = clean_name(text)
    except PortalError:
        return
    assert clean_name(name) == name
    assert 1 <= len(name) <= 200
    assert not any(unicodedata.category(ch) == "Cc" for ch in name)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Nguyễn Văn Wiśniewski", "NW"),
        ("Łukasz van der Berg", "ŁB"),
        ("Zoë García-López", "ZL"),
        ("王伟", "王"),
        ("Дмитрий Петров", "ДП"),
        ("محمد علي", "مع"),
        ("प्रिया शर्मा", "पश"),
        ("कीर्ति", "की"),
        ("(Bob) O’Neill", "BO"),
        ("ßeta", "ß"),
        ("", "?"),
        ("…", "?"),
    ],
)
def test_initials_fit_the_script(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text())
def test_initials_are_never_empty(name: str) -> None:
    assert initials(name)


@given(zone=st.text(), company_zone=st.text(), has_said=st.booleans())
def test_a_zone_that_somebody_said_or_is_not_ours_is_no_guess(zone: str, company_zone: str, has_said: bool) -> None:
    assert is_zone_assumed(zone, zone, has_said=has_said) == (not has_said)
    if zone != company_zone:
        assert not is_zone_assumed(zone, company_zone, has_said=has_said)
