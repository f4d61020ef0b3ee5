"""Pictures are drawn anew: upright, small, and without anything that is not to be seen in them."""

import struct
import zlib
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core.pictures import CleanPicture, PictureRefused
from portal.people.adapters import PICTURE_LIMIT, read_picture
from tests import factories
from tests.pages import Browser, Page

SECRET = b"52.2297N 21.0122E Canon of Ada"
RED, BLUE = (200, 30, 30), (30, 30, 200)
PROFILE = "/recruiting/profile"
#: Where a camera notes how it was held.
ORIENTATION = 0x0112


def drawing(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    into = BytesIO()
    picture.save(into, kind, **how)
    return into.getvalue()


def opened(clean: CleanPicture) -> Image.Image:
    return Image.open(BytesIO(clean.content))


PNG, JPEG, WEBP = (saved(drawing(), kind) for kind in ("PNG", "JPEG", "WEBP"))


def part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(name: bytes, body: bytes) -> bytes:
    """A PNG with a part of its own after the head."""
    return PNG[:33] + part(name, body) + PNG[33:]


def png_head(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims these measures."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(20_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def jpeg_with(marker: int, body: bytes) -> bytes:
    return JPEG[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + JPEG[2:]


def exif(turn: int = 1) -> bytes:
    """What a camera notes: how it was held, and where."""
    notes = Image.Exif()
    notes[ORIENTATION] = turn
    notes[0x010F] = SECRET.decode()
    return notes.tobytes()


def webp_head(width: int, height: int) -> bytes:
    """A WebP that claims a canvas of these measures."""
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    more = b"WEBPVP8X" + struct.pack("<I", 10) + body + WEBP[12:]
    return b"RIFF" + struct.pack("<I", len(more)) + more


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP], ids=["png", "jpeg", "webp"])
def test_any_of_the_three_kinds_becomes_a_small_square(data: bytes) -> None:
    clean = read_picture(data)
    assert (clean.media_type, clean.width, clean.height) == ("image/webp", 40, 40)
    shown = opened(clean)
    assert (shown.format, shown.size) == ("WEBP", (40, 40))


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (513, 900), (3000, 20), (512, 512), (1, 1)])
def test_no_side_is_longer_than_what_is_shown(width: int, height: int) -> None:
    clean = read_picture(saved(drawing(width, height), "JPEG"))
    assert clean.width == clean.height == min(width, height, 512)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK", "I;16"])
def test_every_way_of_keeping_colours_can_be_shown(mode: str) -> None:
    made = Image.new("I;16", (40, 40), 40_000) if mode == "I;16" else drawing(mode=mode)
    shown = opened(read_picture(saved(made, "JPEG" if mode == "CMYK" else "PNG"))).convert("RGB")
    left = shown.getpixel((2, 20))
    assert isinstance(left, tuple)
    assert any(left), "a picture that is not black stays so"
    assert mode != "I;16" or abs(left[0] - 40_000 // 256) < 4


def test_what_can_be_seen_through_stays_so() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert opened(read_picture(saved(clear, "PNG"))).convert("RGBA").getpixel((20, 20))[3] == 0  # type: ignore[index]


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize(
    "data",
    [
        png_with(b"tEXt", b"Author\0" + SECRET),
        png_with(b"zTXt", b"Author\0\0" + zlib.compress(SECRET)),
        saved(drawing(), "PNG", exif=exif()),
        saved(drawing(), "PNG", icc_profile=SECRET * 8),
        PNG + SECRET,
        saved(drawing(), "JPEG", exif=exif(6)),
        saved(drawing(), "JPEG", comment=SECRET),
        saved(drawing(), "JPEG", icc_profile=SECRET * 8),
        jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        jpeg_with(0xED, SECRET),
        jpeg_with(0xE2, b"MPF\0" + SECRET),
        JPEG + b"PK\x03\x04" + SECRET,
        saved(drawing(), "WEBP", exif=exif()),
        saved(drawing(), "WEBP", xmp=SECRET),
        WEBP + SECRET,
    ],
)
def test_what_is_not_to_be_seen_is_gone(data: bytes) -> None:
    clean = read_picture(data).content
    assert SECRET[:12] not in clean
    assert not {b"EXIF", b"XMP ", b"ICCP"} & {clean[at : at + 4] for at in range(len(clean))}
    assert dict(opened(read_picture(data)).getexif()) == {}


@pytest.mark.parametrize(("turn", "corner"), [(1, RED), (3, BLUE), (6, RED), (8, BLUE)])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_picture_stands_upright_however_the_camera_was_held(kind: str, turn: int, corner: tuple[int, ...]) -> None:
    """Turned by a quarter, what was on the left is at the top (6) or at the bottom (8)."""
    shown = opened(read_picture(saved(drawing(80, 80), kind, exif=exif(turn)))).convert("RGB")
    top_left = shown.getpixel((5, 5))
    assert isinstance(top_left, tuple)
    assert all(abs(is_ - wanted) < 25 for is_, wanted in zip(top_left, corner, strict=True))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        saved(drawing(), "GIF"),
        saved(drawing(), "BMP"),
        saved(drawing(), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a" + PNG,
    ],
)
def test_what_is_no_picture_of_the_three_kinds_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="PNG, JPEG or WebP"):
        read_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + part(b"IEND", b""),
        PNG[:-30],
        PNG.replace(b"IDAT", b"IDAX"),
        b"\xff\xd8\xff",
        JPEG[: len(JPEG) // 2],
        JPEG[:40],
        b"\xff\xd8\xff\xd9",
        WEBP[:-8],
        b"RIFF\x04\0\0\0WEBP",
        png_head(0, 40),
        png_head(90, 900)[:60],
    ],
)
def test_what_is_broken_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PictureRefused, match=r"damaged or not whole.*try again\.$"):
        read_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        png_head(20_000, 20_000),
        png_head(60_000, 60_000),
        png_head(6_001, 10),
        png_head(6_000, 5_000),
        webp_head(16_000, 16_000),
    ],
)
def test_a_small_file_with_a_vast_picture_in_it_is_refused_before_it_is_decoded(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="too many pixels: at most 6,000 on a side"):
        read_picture(data)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(PictureRefused, match="at most 1 MB"):
        read_picture(PNG + bytes(PICTURE_LIMIT))


def test_of_a_photograph_with_others_behind_it_the_first_is_shown() -> None:
    many = saved(drawing(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), BLUE)])
    left = opened(read_picture(many)).convert("RGB").getpixel((2, 20))
    assert isinstance(left, tuple)
    assert left[0] > 150


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_moving_pictures_are_refused(kind: str) -> None:
    frames = [drawing(), Image.new("RGB", (60, 40), BLUE)]
    with pytest.raises(PictureRefused, match="does not move"):
        read_picture(saved(frames[0], kind, save_all=True, append_images=frames[1:]))


@given(st.sampled_from([PNG, JPEG, WEBP]), st.integers(0, 4000), st.integers(0, 255), st.integers(0, 4000))
def test_any_damage_gives_a_picture_or_the_named_error(data: bytes, at: int, byte: int, end: int) -> None:
    broken = bytearray(data)
    broken[at % len(data)] = byte
    try:
        clean = read_picture(bytes(broken[: max(4, end)]))
    except PictureRefused:
        return
    assert max(opened(clean).size) <= 512


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x40\0\0\0WEBP"]), st.binary(max_size=200))
def test_any_bytes_after_a_known_beginning_give_the_named_error(start: bytes, rest: bytes) -> None:
    with pytest.raises(PictureRefused):
        read_picture(start + rest)


def upload(browser: Browser, data: bytes, name: str, expect: int = 200) -> Page:
    form = browser.get(PROFILE).form(having="picture")
    return browser.post(form.action or PROFILE, {**form.values, "picture": (BytesIO(data), name)}, expect=expect)


@pytest.mark.only("sqlite")  # pictures are bytes to both
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (saved(drawing(), "WEBP", save_all=True, append_images=[drawing().rotate(180)]), "me.webp", "does not move"),
        (JPEG[:400], "me.jpg", "damaged or not whole"),
        (webp_head(16_000, 16_000), "me.webp", "too many pixels"),
        (b"GIF89a" + JPEG, "me.jpg", "PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.png", "PNG, JPEG or WebP"),
    ],
    ids=["animated", "truncated", "vast", "polyglot", "mislabelled"],
)
def test_what_is_wrong_stands_beside_the_field(app: Flask, data: bytes, name: str, words: str) -> None:
    rita = factories.signed_in(app, factories.make_staff())
    page = upload(rita, data, name, expect=422)
    assert words in page.text


@pytest.mark.only("sqlite")  # pictures are bytes to both
def test_a_picture_is_served_as_it_was_drawn_anew(app: Flask) -> None:
    rita = factories.signed_in(app, factories.make_staff())
    page = upload(rita, saved(drawing(900, 700), "JPEG", exif=exif(6)), "me.jpg")
    assert page.tree is not None
    images = [e.get("src", "") for e in page.tree.iter("{http://www.w3.org/1999/xhtml}img")]
    answer = Browser(app).client.get(next(src for src in images if src.startswith("/pictures/")))
    assert answer.mimetype == "image/webp"
    assert Image.open(BytesIO(answer.data)).size == (512, 512)
    assert SECRET not in answer.data
