"""What stands in the places of a mail, and that nothing else is ever replaced."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.i18n import reading_as
from portal.core.mail import TokenPlaces
from portal.core.tokens import TokenKind
from portal.wording.rules import (
    Button,
    Code,
    Facts,
    Filled,
    Form,
    Letter,
    Links,
    Mail,
    MissingValue,
    Word,
    Words,
    as_text,
    fill,
)

MAIL = Mail(
    kind="apples/harvest",
    title="Harvest",
    when="In autumn",
    words=Words("News from {org}", "", "Hello", "Hello {name}"),
    why="You get this because you like {fruit}.",
    places=(
        Word("name", "their name", "Ada"),
        Word("fruit", "what they like", "apples", may_be_empty=True),
        Word("on", "the day", date(2026, 3, 10)),
        Button("harvest_button", "the link", "See {org}", "/follow/", TokenKind.FOLLOW),
        Button("plain_link", "a link", "More", "/more", is_quiet=True, is_needed=False),
        Code("code", "six digits", TokenKind.CONFIRM, is_needed=False),
        Letter("letter", "what was written", "Dear Ada", is_needed=False),
        Facts("facts", "how it stands", (("Colour", "red"),), is_needed=False, may_be_empty=True),
        Links("links", "what waits", (("One", "/1"),), is_needed=False),
    ),
)
VALUES: dict[str, object] = {"org": "Kindred", "name": "Ada", "fruit": "apples", "on": date(2026, 3, 10)}
#: What people type to see whether a template is behind it.
TRICKS = [
    "{{7*7}}",
    "{config}",
    "%(name)s",
    "{% import os %}",
    "{name}",
    "{{name}}",
    "${7*7}",
    "{0}",
    "{name!r}",
    "{}",
]
anything = st.one_of(st.text(max_size=80), st.sampled_from(TRICKS)).map(lambda text: text.replace("\x00", ""))


def filled(body: str = "x", subject: str = "x", **values: object) -> Filled:
    words = Words(subject, "", "x", body)
    return fill(MAIL, words, {**VALUES, **values}, base_url="https://kindred.example", places=TokenPlaces("KEY"))


def spoken(body: str, **values: object) -> list[str]:
    return [part.text for part in filled(body, **values).parts]


def test_values_take_the_place_of_their_names() -> None:
    assert spoken("Hello {name} of {org}, {name}.") == ["Hello Ada of Kindred, Ada."]


def test_a_day_is_written_with_its_weekday_and_a_moment_on_the_readers_clock() -> None:
    assert spoken("On {on}.") == ["On Tuesday 10 March 2026."]
    with reading_as("en", "Europe/Warsaw"):
        assert spoken("At {on}.", on=datetime(2026, 3, 10, 23, 30, tzinfo=UTC)) == [
            "At Wednesday 11 March 2026, 00:30."
        ]


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if trick != "{name}"])
def test_only_what_the_mail_declares_is_replaced(trick: str) -> None:
    assert spoken(f"Look: {trick}") == [f"Look: {trick}"]
    assert filled(subject=trick).subject == trick


@given(value=anything.filter(str.strip))
def test_what_stands_in_a_value_is_never_looked_at_again(value: str) -> None:
    assert spoken("Hello {name}, {org}", name=value) == [f"Hello {value.strip()}, Kindred"]
    assert filled(subject="For {name}", name=value).subject == " ".join(f"For {value.strip()}".split())


@given(text=anything)
def test_words_without_a_declared_name_come_out_as_they_went_in(text: str) -> None:
    kept = text.replace("{", "{ ")
    lines = "\n\n".join(part.text for part in filled(kept).parts)
    assert "".join(lines.split()) == "".join(kept.split())


@pytest.mark.parametrize("empty", [None, "", "   ", "\n"])
def test_a_placeholder_without_a_value_holds_the_mail_back(empty: str | None) -> None:
    with pytest.raises(MissingValue) as held:
        filled("Hello {name}", name=empty)
    assert (held.value.kind, held.value.place) == ("apples/harvest", "name")
    assert "their name" in held.value.message


def test_a_missing_value_in_the_subject_or_the_foot_holds_it_back_too() -> None:
    with pytest.raises(MissingValue):
        filled(subject="For {name}", name="")
    with pytest.raises(MissingValue):
        filled(fruit="")


@pytest.mark.parametrize("block", ["letter", "links"])
def test_a_block_with_nothing_in_it_holds_the_mail_back(block: str) -> None:
    with pytest.raises(MissingValue):
        filled(f"{{{block}}}")


@given(present=st.booleans(), absent=st.sampled_from([None, "", " "]))
def test_no_gap_and_no_none_ever_goes_out(present: bool, absent: str | None) -> None:
    value = "pears" if present else absent
    mail = Mail(**{**vars(MAIL), "why": "Because."})
    words = Words("x", "", "x", "First.\n\nYou like {fruit}.\n\nLast.")
    found = fill(mail, words, {**VALUES, "fruit": value}, base_url="", places=TokenPlaces("KEY"))
    texts = [part.text for part in found.parts]
    assert texts == (["First.", "You like pears.", "Last."] if present else ["First.", "Last."])


def test_blocks_stand_between_the_lines_around_them() -> None:
    parts = filled("Look:\n{harvest_button}\nThanks.\n\n{code}\n\n{plain_link}").parts
    assert [part.form for part in parts] == [
        Form.PARAGRAPH, Form.BUTTON, Form.PARAGRAPH, Form.CODE, Form.LINK
    ]  # fmt: skip
    assert parts[1].text == "See Kindred"
    assert parts[1].href == "https://kindred.example/follow/--token-follow-KEY--"
    assert parts[3].text == "--code-confirm-KEY--"
    assert parts[4].href == "https://kindred.example/more"


def test_a_letter_keeps_its_paragraphs_and_its_braces() -> None:
    assert spoken("{letter}", letter="Dear Ada,\r\n\r\n\r\nit is {name}\nand {{7*7}}.") == [
        "Dear Ada,",
        "it is {name}\nand {{7*7}}.",
    ]


def test_facts_without_a_value_are_left_out() -> None:
    found = filled("{facts}", facts=(("Colour", "red"), ("Until", None), ("By", date(2026, 3, 10)))).parts
    assert found[0].rows == (("Colour", "red"), ("By", "Tuesday 10 March 2026"))
    assert filled("{facts}", facts=()).parts == ()


def test_text_part_puts_addresses_on_lines_of_their_own() -> None:
    body = "Hello {name},\n\n{harvest_button}\n\n{code}\n\n{facts}\n\n{links}"
    found = filled(body, facts=(("Colour", "red"),), links=(("Two letters", "/recruiting/x"),))
    assert (
        as_text(found, (found.why,))
        == """\
Hello Ada,

See Kindred:
https://kindred.example/follow/--token-follow-KEY--

    --code-confirm-KEY--

Colour: red

Two letters
https://kindred.example/recruiting/x

--
You get this because you like apples.
"""
    )


@given(name=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip))
def test_a_subject_is_always_one_line(name: str) -> None:
    assert len(filled(subject="For {name}", name=name).subject.splitlines()) == 1
