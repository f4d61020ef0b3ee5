"""Pictures are known by their bytes, checked, and freed of what the camera noted."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.adapters import PICTURE_LIMIT, CleanPicture, PictureRefused, read_picture

#: A 2 x 1 JPEG and a 2 x 2 WebP, as a browser draws them.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh"
    "Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB"
    "UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA"
    "AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y"
    "WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM"
    "ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBC"
    "YFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/"
    "xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhED"
    "EQA/AIQCQn//2Q=="
)
WEBP = base64.b64decode(
    "UklGRhQCAABXRUJQVlA4WAoAAAAgAAAAAQAAAQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh"
    "Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB"
    "UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA"
    "AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y"
    "WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM"
    "ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggJgAAAJABAJ0BKgIAAgAEAGgloAJ0ugADmAD+"
    "6mX9aFoQOfoUbKJfMAAA"
)
SECRET = b"52.2297N 21.0122E Canon of Ada"


def png(width: int = 2, height: int = 2, *, extra: bytes = b"") -> bytes:
    rows = b"".join(b"\0" + b"\x80" * 3 * min(width, 4) for _ in range(min(height, 4)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = part(b"IHDR", header) + extra + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def exif(turn: int, order: str = ">") -> bytes:
    """What a camera notes: how it was held, and where."""
    mark = b"MM" if order == ">" else b"II"
    tags = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0) + struct.pack(f"{order}HHII", 0x8825, 2, 30, 50)
    tiff = mark + struct.pack(f"{order}HIH", 42, 8, 2) + tags + struct.pack(f"{order}I", 0) + SECRET
    return b"Exif\0\0" + tiff


def with_segment(marker: int, body: bytes) -> bytes:
    return JPEG[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + JPEG[2:]


def webp_with(name: bytes, body: bytes) -> bytes:
    more = WEBP[8:] + name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(more)) + more


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(png(), "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")],
    ids=["png", "jpeg", "webp"],
)
def test_a_picture_without_notes_is_kept_as_it_is(data: bytes, media_type: str) -> None:
    clean = read_picture(data)
    assert clean.media_type == media_type
    assert read_picture(clean.content) == clean


@pytest.mark.parametrize(
    "data",
    [
        png(extra=part(b"tEXt", b"Author\0" + SECRET)),
        png(extra=part(b"eXIf", SECRET)),
        png() + SECRET,
        with_segment(0xE1, exif(6)),
        with_segment(0xE1, exif(6, "<")),
        with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        with_segment(0xED, SECRET),
        with_segment(0xFE, SECRET),
        with_segment(0xE2, b"MPF\0" + SECRET),
        JPEG + SECRET,
        webp_with(b"EXIF", SECRET),
        webp_with(b"XMP ", SECRET),
        WEBP + SECRET,
    ],
)
def test_what_the_camera_noted_is_gone(data: bytes) -> None:
    assert SECRET in data
    clean = read_picture(data).content
    assert SECRET not in clean
    assert read_picture(clean).content == clean


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_how_it_was_held_stays_so_that_it_is_shown_upright(turn: int, order: str) -> None:
    clean = read_picture(with_segment(0xE1, exif(turn, order))).content
    assert b"Exif\0\0MM" in clean
    assert struct.pack(">HHIH", 0x0112, 3, 1, turn) in clean


def test_colours_of_a_profile_stay() -> None:
    profile = b"ICC_PROFILE\0\x01\x01" + b"colours"
    assert profile in read_picture(with_segment(0xE2, profile)).content


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + part(b"IEND", b""),
        png()[:-20],
        png().replace(b"IDAT", b"IDAX"),
        b"\xff\xd8\xff",
        JPEG[:-2],
        JPEG[:40],
        b"\xff\xd8\xff\xd9",
        WEBP[:-4],
        b"RIFF\x04\0\0\0WEBP",
        png(width=0),
        png(width=20_000, height=20_000),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PictureRefused) as refusal:
        read_picture(data)
    assert refusal.value.message.endswith(".")


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(PictureRefused, match="at most 1 MB"):
        read_picture(png() + bytes(PICTURE_LIMIT))


def test_moving_pictures_are_refused() -> None:
    body = bytes([0x02, 0, 0, 0, 1, 0, 0, 1, 0, 0])
    with pytest.raises(PictureRefused, match="does not move"):
        read_picture(b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + body)


@given(st.sampled_from([png(), JPEG, WEBP]), st.integers(0, 4000), st.integers(0, 255), st.integers(0, 4000))
def test_any_damage_gives_a_picture_or_the_named_error(data: bytes, at: int, byte: int, end: int) -> None:
    broken = bytearray(data)
    broken[at % len(data)] = byte
    try:
        clean = read_picture(bytes(broken[: max(4, end)]))
    except PictureRefused:
        return
    assert isinstance(clean, CleanPicture)
    assert read_picture(clean.content).content == clean.content


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x40\0\0\0WEBP"]), st.binary(max_size=200))
def test_any_bytes_after_a_known_beginning_give_the_named_error_or_a_picture(start: bytes, rest: bytes) -> None:
    try:
        read_picture(start + rest)
    except PictureRefused:
        return
