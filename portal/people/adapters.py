"""Pictures of the people who work here, as they upload them."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.pictures import CleanPicture, PictureRefused, redraw

#: Bytes.
PICTURE_LIMIT: Final = 1024 * 1024
#: Pixels: three times what the largest circle on a page takes, for screens that have three for one.
_SIDE: Final = 512


def read_picture(data: bytes) -> CleanPicture:
    """The middle of the picture in `data`, upright, small, and without what the camera noted. Raises PictureRefused."""
    if len(data) > PICTURE_LIMIT:
        raise PictureRefused(_("This picture is too large: at most %(count)s MB.", count=PICTURE_LIMIT // 1024**2))
    return redraw(data, longest=_SIDE, is_square=True)
