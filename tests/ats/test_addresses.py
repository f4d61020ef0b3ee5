"""A cell gives one address or says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.rules import MissingAddress, RefusedAddress, SeveralAddresses, UnreadableAddress, read_address
from portal.people.rules import normalise_address


@pytest.mark.parametrize(
    "cell",
    [
        "ada@example.org",
        " ADA@Example.ORG ",
        "ada@example.org\n",
        "Ada Byron <ada@example.org>",
        '"Byron, Ada" <ada@example.org>',
        '"ada@example.org" <ada@example.org>',
        "<ada@example.org>",
        "mailto:ada@example.org",
        "MAILTO:Ada@example.org?subject=Hello",
        "Ada <mailto:ada@example.org>",
        "ada@example.org;",
        "ada@example.org, ADA@EXAMPLE.ORG",
        "\ufeffada@example.org",
        "ａｄａ＠example.org",
        "ada@exam\x00ple.org",
    ],
)
def test_one_address_is_found(cell: str) -> None:
    assert read_address(cell) == "ada@example.org"


@pytest.mark.parametrize(
    "cell", ["", "  ", "\u200b", "n/a", "N/A", "#N/A", "-", "unknown@", "Unknown", "none", "null", "no email", "keine"]
)
def test_a_missing_address_is_called_missing(cell: str) -> None:
    with pytest.raises(MissingAddress, match="missing"):
        read_address(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.org; b@x.org",
        "a@x.org b@y.org",
        "a@x.org,b@y.org",
        "a@x.org / b@y.org",
        "a@x.org\nb@y.org",
        "a@x.org|b@y.org",
        "Ada <a@x.org>, Eve <b@y.org>",
        '"b@y.org" <a@x.org>',
        "a@x.org (b@y.org)",
        "a@x.org\r\nBcc: b@y.org",
    ],
)
def test_two_addresses_in_one_cell_are_refused_by_name(cell: str) -> None:
    with pytest.raises(SeveralAddresses, match="more than one"):
        read_address(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@example.org (private)",
        "call ada@example.org",
        '=HYPERLINK("mailto:ada@example.org")',
        "ada@@example.org",
        "ada at example.org",
        "жанна@example.org",
        "x" * 2000,
        "<>",
        "Ada <>",
    ],
)
def test_what_is_no_address_is_refused_and_shown(cell: str) -> None:
    with pytest.raises(UnreadableAddress) as refusal:
        read_address(cell)
    assert refusal.value.message.endswith(".")
    assert len(refusal.value.message) < 300
    assert "\n" not in refusal.value.message


@given(st.text() | st.from_regex(r"[<\"' ]{0,3}[\w.@;, <>\"']{0,60}"))
def test_any_cell_gives_a_key_or_a_named_refusal(cell: str) -> None:
    try:
        key = read_address(cell)
    except RefusedAddress:
        return
    assert normalise_address(key) == key


@given(st.emails(), st.sampled_from(["{}", " {} ", "<{}>", "Ada <{}>", "mailto:{}", "{};"]))
def test_wrapping_never_changes_the_key(address: str, wrapping: str) -> None:
    if any(ch in address for ch in "\"'/|?"):
        return
    try:
        key = read_address(address)
    except RefusedAddress:
        return
    assert read_address(wrapping.format(address)) == key
