"""A company's colour, its logo and its texts."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.company.rules import (
    MAX_LOGO_SIZE,
    Block,
    BlockKind,
    InvalidColour,
    InvalidLogo,
    Picture,
    blocks_of,
    clean_colour,
    contrast,
    look_of,
    read_logo,
    stylesheet_of,
)

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
#: Paper, surface and sunken of the stylesheet.
LIGHT, DARK = ("#faf8f3", "#fefdfc", "#f4f1ea"), ("#0f1314", "#171c1d", "#21292a")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@given(COLOURS)
def test_any_colour_can_be_read_on_light_and_on_dark_pages(colour: str) -> None:
    look = look_of(colour)
    for shades, grounds in ((look.light, LIGHT), (look.dark, DARK)):
        for behind in (*grounds, shades.tint, shades.on_brand):
            assert contrast(shades.brand, behind) >= 4.4
            assert contrast(shades.deep, behind) >= 4.4
        assert shades.contrast >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert look_of("#0b5fff").light.brand == "#0b5fff"
    assert look_of("#ffd400").dark.brand == "#ffd400"
    assert look_of("#ffd400").light.brand != "#ffd400"


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("typed", "colour"), [(" #0B5FFF", "#0b5fff"), ("0b5fff", "#0b5fff"), ("#abc", "#aabbcc")])
def test_a_colour_is_read_as_people_write_it(typed: str, colour: str) -> None:
    assert clean_colour(typed) == colour


@pytest.mark.parametrize("typed", ["", "blue", "#12345", "#0b5fff; }", "rgb(1,2,3)", "#ａｂｃ"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(InvalidColour):
        clean_colour(typed)


def test_the_stylesheet_holds_nothing_but_colours() -> None:
    assert stylesheet_of("#0b5fff").startswith("@layer tokens { :root { --hue: 262.2; --brand: light-dark(#0b5fff, #")


def png(width: int, height: int, size: int = 64) -> bytes:
    return (PNG + struct.pack(">II", width, height)).ljust(size, b"\0")


def jpeg(width: int, height: int) -> bytes:
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10)
    return head + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(20)


def test_a_png_and_a_jpeg_can_be_a_logo() -> None:
    assert read_logo(png(120, 40)) == Picture("image/png", 120, 40)
    assert read_logo(jpeg(80, 60)) == Picture("image/jpeg", 80, 60)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "not a PNG or JPEG"),
        (b"GIF89a" + bytes(40), "not a PNG or JPEG"),
        (PNG, "not a PNG or JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x00" + bytes(50), "not a PNG or JPEG"),
        (png(0, 40), "too large"),
        (png(3000, 3000), "pixels"),
        (png(900, 30), "too long"),
        (png(10, 10, MAX_LOGO_SIZE + 1), "at most 200 kB"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(InvalidLogo) as refused:
        read_logo(content)
    assert words in refused.value.message


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", PNG]))
def test_no_file_breaks_the_reading(content: bytes, start: bytes) -> None:
    with suppress(InvalidLogo):
        assert read_logo(start + content).width > 0


def test_a_text_has_headings_lists_and_paragraphs() -> None:
    text = "# Who we are\nKindred Ltd\nMain Street 1\n\n- one\n- two\n\n## Then\n\n-- not a list\n#\n"
    assert blocks_of(text) == [
        Block(BlockKind.HEADING, ("Who we are",)),
        Block(BlockKind.PARAGRAPH, ("Kindred Ltd", "Main Street 1")),
        Block(BlockKind.LIST, ("one", "two")),
        Block(BlockKind.HEADING, ("Then",)),
        Block(BlockKind.PARAGRAPH, ("-- not a list", "#")),
    ]


@given(st.text(max_size=200))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    shown = "".join("".join(block.lines) for block in blocks_of(text))
    letters = "".join(c for c in text if c.isalnum())
    assert "".join(c for c in shown if c.isalnum()) == letters
