"""Pictures as people upload them: decoded within limits and drawn anew, so that nothing but the picture is left."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.errors import PortalError
from portal.core.i18n import format_number
from portal.core.i18n import gettext as _

#: Pixels on a side, and in all: what is decoded takes four bytes for each.
_LONGEST_SIDE: Final = 6000
_MOST_PIXELS: Final = 24_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
#: A JPEG with smaller ones behind it, as many cameras make them, is an MPO to Pillow: the first counts.
_PHOTOGRAPHS: Final = frozenset({"JPEG", "MPO"})
_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
#: Of a photograph, 0 to 100; and how long the encoder may look for a smaller file, 0 to 6.
_QUALITY: Final = 84
_EFFORT: Final = 4
#: What Pillow raises for files that are broken in one way or another.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
#: The decoder's own guard stands behind ours, which says in words what is wrong.
Image.MAX_IMAGE_PIXELS = _LONGEST_SIDE * _LONGEST_SIDE


class PictureRefused(PortalError):
    """What was uploaded is not a picture that we show."""


@dataclass(frozen=True)
class CleanPicture:
    """A picture that may be shown: its file, its media type, its measures in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def redraw(data: bytes, *, longest: int, is_square: bool = False) -> CleanPicture:
    """The picture in `data` (JPEG, PNG or WebP) upright, at most `longest` pixels on a side, as a new WebP file.

    Where and when it was taken, by whom, with what, small previews and what hides behind the end are not in it.
    `is_square` keeps the middle. Raises PictureRefused.
    """
    try:
        with _opened(data) as picture:
            is_photograph = picture.format in _PHOTOGRAPHS
            _refuse_unfit(picture)
            # A JPEG can be decoded at a half, a quarter or an eighth of its size.
            picture.draft("RGB", (longest * 2, longest * 2))
            upright = ImageOps.exif_transpose(picture)
            drawn = _shrunk(_with_plain_colours(upright), longest, is_square)
        return _encoded(drawn, is_lossless=not is_photograph and not is_square)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise PictureRefused(_("This picture is damaged or not whole. Please save it anew and try again.")) from error


def _opened(data: bytes) -> Image.Image:
    """The picture with its measures, not decoded yet."""
    if data[:4] == b"RIFF" and max(_webp_canvas(data)) > _LONGEST_SIDE:
        # Its decoder takes memory for the whole canvas as soon as it is opened.
        raise _too_many_pixels()
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        if data.startswith(_BEGINNINGS):
            raise
        raise PictureRefused(_("Please choose a picture in PNG, JPEG or WebP.")) from error


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height as the first part of a WebP says; 0 for what is none."""
    kind, body = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


def _refuse_unfit(picture: Image.Image) -> None:
    width, height = picture.size
    if max(width, height) > _LONGEST_SIDE or width * height > _MOST_PIXELS:
        raise _too_many_pixels()
    if picture.format not in _PHOTOGRAPHS and getattr(picture, "n_frames", 1) > 1:
        raise PictureRefused(_("Please choose a picture that does not move."))


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _(
            "This picture has too many pixels: at most %(count)s on a side, and %(millions)s million in all.",
            count=format_number(_LONGEST_SIDE),
            millions=_MOST_PIXELS // 1_000_000,
        )
    )


def _with_plain_colours(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # Sixteen bits of grey.
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _shrunk(picture: Image.Image, longest: int, is_square: bool) -> Image.Image:
    if is_square:
        side = min(*picture.size, longest)
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    if max(picture.size) <= longest:
        return picture
    share = longest / max(picture.size)
    width, height = (max(1, round(side * share)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, *, is_lossless: bool) -> CleanPicture:
    # What the file said beside the picture travels with it until here.
    picture.info.clear()
    into = BytesIO()
    picture.save(into, "WEBP", lossless=is_lossless, quality=_QUALITY, method=_EFFORT)
    return CleanPicture(into.getvalue(), "image/webp", picture.width, picture.height)
