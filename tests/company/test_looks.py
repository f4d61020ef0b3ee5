"""A company's colour, its logo and its texts."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.company.adapters import read_logo
from portal.company.rules import (
    MAX_LOGO_SIZE,
    Block,
    BlockKind,
    InvalidColour,
    InvalidLogo,
    blocks_of,
    clean_colour,
    contrast,
    look_of,
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


def picture(width: int, height: int, kind: str = "PNG", mode: str = "RGBA") -> bytes:
    into = BytesIO()
    Image.new(mode, (width, height), (12, 90, 80, 0)[: len(mode)]).save(into, kind)
    return into.getvalue()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGBA")])
def test_a_png_a_jpeg_and_a_webp_can_be_a_logo(kind: str, mode: str) -> None:
    logo = read_logo(picture(120, 40, kind, mode))
    assert (logo.media_type, logo.width, logo.height) == ("image/webp", 120, 40)


def test_a_large_logo_is_drawn_smaller_and_what_can_be_seen_through_stays_so() -> None:
    logo = read_logo(picture(2400, 800))
    assert (logo.width, logo.height) == (512, 171)
    corner = Image.open(BytesIO(logo.content)).convert("RGBA").getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "PNG, JPEG or WebP"),
        (b"GIF89a" + bytes(40), "PNG, JPEG or WebP"),
        (PNG, "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x00" + bytes(50), "damaged"),
        (picture(120, 40)[:90], "damaged"),
        (picture(900, 30), "too long"),
        (picture(30, 90), "too long"),
        (picture(10, 10) + bytes(MAX_LOGO_SIZE), "at most 1 MB"),
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
