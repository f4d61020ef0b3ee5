"""Pictures as people upload them: known by their first bytes, checked, and freed of what the camera noted.

No picture is drawn anew: the parts that make up what one sees are copied, everything else (where and when it was
taken, by whom, with what, small previews, what hides behind the end) is left out.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: Bytes.
PICTURE_LIMIT: Final = 1024 * 1024
_MOST_PIXELS: Final = 6000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
)
_WEBP_PARTS: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
#: In the flags of an extended WebP: has EXIF, has XMP, is animated.
_WEBP_NOTES, _WEBP_ANIMATED = 0x0C, 0x02
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_PARTS: Final = frozenset({*_FRAMES, 0xC4, 0xCC, 0xDB, 0xDD, _APP0, _APP14})
_ORIENTATION_TAG: Final = 0x0112


class PictureRefused(PortalError):
    """What was uploaded is not a picture that we show."""


@dataclass(frozen=True)
class CleanPicture:
    """A picture that may be shown, and its media type."""

    content: bytes
    media_type: str


def read_picture(data: bytes) -> CleanPicture:
    """The picture in `data` without what the camera noted; its turn is kept. Raises PictureRefused."""
    if len(data) > PICTURE_LIMIT:
        raise PictureRefused(_("This picture is too large: at most %(count)s MB.", count=PICTURE_LIMIT // 1024**2))
    try:
        if data.startswith(_PNG):
            return CleanPicture(_clean_png(data), "image/png")
        if data.startswith(b"\xff\xd8\xff"):
            return CleanPicture(_clean_jpeg(data), "image/jpeg")
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return CleanPicture(_clean_webp(data), "image/webp")
    except (struct.error, IndexError) as error:
        raise _broken() from error
    raise PictureRefused(_("Please choose a picture in PNG, JPEG or WebP."))


def _broken() -> PictureRefused:
    return PictureRefused(_("This picture is damaged or not whole. Please save it anew and try again."))


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise _broken()
    if max(width, height) > _MOST_PIXELS:
        raise PictureRefused(_("This picture has too many pixels: at most %(count)s on a side.", count=_MOST_PIXELS))


def _clean_png(data: bytes) -> bytes:
    kept = [_PNG]
    names: list[bytes] = []
    for name, body in _png_parts(data):
        if name == b"IHDR":
            _check_size(*struct.unpack(">II", body[:8]))
        if name in _PNG_PARTS:
            names.append(name)
            kept.append(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise _broken()
    return b"".join(kept)


def _png_parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if crc != zlib.crc32(name + body):
            raise _broken()
        yield name, body
        if name == b"IEND":
            return
        at += 12 + length


def _clean_jpeg(data: bytes) -> bytes:
    kept = [b"\xff\xd8"]
    has_frame = has_scan = False
    for marker, body, scan in _jpeg_parts(data):
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", body[1:5])
            _check_size(width, height)
            has_frame = True
        if marker == _APP1:
            kept.append(_turn_only(body))
        elif marker in _JPEG_PARTS or marker == _SOS or (marker == _APP2 and body.startswith(b"ICC_PROFILE\0")):
            kept.append(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + scan)
            has_scan = has_scan or marker == _SOS
    if not has_frame or not has_scan:
        raise _broken()
    return b"".join([*kept, b"\xff\xd9"])


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, content, what follows a start of scan) up to the end of the image, which must be there."""
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        mark, marker = data[at], data[at + 1]
        if mark != 0xFF or marker == 0:
            raise _broken()
        if marker == _EOI:
            return
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise _broken()
        at += 2 + length
        end = _end_of_scan(data, at) if marker == _SOS else at
        yield marker, body, data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the coded picture ends: at the next marker that is neither an escaped byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise _broken()
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _turn_only(exif: bytes) -> bytes:
    """An EXIF part that says nothing but how the camera was held; nothing when it says nothing."""
    turn = _turn(exif)
    if turn is None:
        return b""
    tiff = b"MM\0\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION_TAG, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body


def _turn(exif: bytes) -> int | None:
    """The orientation (1 to 8) in an EXIF part; None when there is none that can be read."""
    tiff = exif[6:]
    order = {b"MM": ">", b"II": "<"}.get(tiff[:2])
    if not exif.startswith(b"Exif\0\0") or order is None:
        return None
    try:
        (first,) = struct.unpack(f"{order}I", tiff[4:8])
        (count,) = struct.unpack(f"{order}H", tiff[first : first + 2])
        for number in range(count):
            tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION_TAG and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return None
    return None


def _clean_webp(data: bytes) -> bytes:
    kept: list[bytes] = []
    for name, body in _webp_parts(data):
        if name == b"VP8X":
            if body[0] & _WEBP_ANIMATED:
                raise PictureRefused(_("Please choose a picture that does not move."))
            body = bytes([body[0] & ~_WEBP_NOTES]) + body[1:]
        if name in {b"VP8X", b"VP8 ", b"VP8L"}:
            _check_size(*_webp_size(name, body))
        if name in _WEBP_PARTS:
            kept.append(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
    if not any(part[:4] in {b"VP8 ", b"VP8L"} for part in kept):
        raise _broken()
    whole = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _webp_parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack("<I", data[4:8])
    end, at = size + 8, 12
    if end > len(data):
        raise _broken()
    while at < end:
        name, length = struct.unpack("<4sI", data[at : at + 8])
        if at + 8 + length > end:
            raise _broken()
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF
