"""A company's logo: which pictures it can be, told by their bytes and not by their names."""

from dataclasses import dataclass
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: Bytes.
MAX_LOGO_SIZE: Final = 200 * 1024
MAX_LOGO_SIDE: Final = 2000
#: A longer one would push the menu off a phone.
_WIDEST: Final = 5
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
#: Markers of JPEG frames, which hold the measures: C0 to CF without tables (C4, CC) and the reserved C8.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class InvalidLogo(PortalError):
    """The file cannot be a logo."""


@dataclass(frozen=True)
class Picture:
    """What a picture is: its media type, and its measures in pixels."""

    media_type: str
    width: int
    height: int


def read_logo(content: bytes) -> Picture:
    """What the picture in `content` is, PNG or JPEG. Raises InvalidLogo."""
    if len(content) > MAX_LOGO_SIZE:
        raise InvalidLogo(_("This picture is too large: at most %(count)s kB.", count=MAX_LOGO_SIZE // 1024))
    picture = _measured(content)
    if picture is None:
        raise InvalidLogo(_("This is not a PNG or JPEG picture."))
    if not (0 < picture.width <= MAX_LOGO_SIDE and 0 < picture.height <= MAX_LOGO_SIDE):
        raise InvalidLogo(_("This picture is too large: at most %(count)s pixels on a side.", count=MAX_LOGO_SIDE))
    if picture.width > _WIDEST * picture.height or picture.height > picture.width * 2:
        raise InvalidLogo(_("This picture is too long for the head of a page. Choose one that is less stretched."))
    return picture


def _measured(content: bytes) -> Picture | None:
    # The eight bytes of a PNG are followed by its header: length, "IHDR", width, height.
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) > 24:
        return Picture("image/png", int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    if content.startswith(_JPEG):
        return _measured_jpeg(content)
    return None


def _measured_jpeg(content: bytes) -> Picture | None:
    """A JPEG is a row of segments: FF, a marker, the length with its own two bytes."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = int.from_bytes(content[at + 5 : at + 7]), int.from_bytes(content[at + 7 : at + 9])
            return Picture("image/jpeg", width, height)
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    return None
