"""The company's logo, as an admin uploads it."""

from typing import Final

from portal.company.rules import MAX_LOGO_SIZE, InvalidLogo, check_logo_shape
from portal.core.i18n import gettext as _
from portal.core.pictures import CleanPicture, PictureRefused, redraw

#: Pixels: a wide one has a hundred for its height, three times what the head of a page gives it.
_LONGEST: Final = 512


def read_logo(data: bytes) -> CleanPicture:
    """The picture in `data` as pages show it. Raises InvalidLogo."""
    if len(data) > MAX_LOGO_SIZE:
        raise InvalidLogo(_("This picture is too large: at most %(count)s MB.", count=MAX_LOGO_SIZE // 1024**2))
    try:
        picture = redraw(data, longest=_LONGEST)
    except PictureRefused as error:
        raise InvalidLogo(error.message) from error
    check_logo_shape(picture.width, picture.height)
    return picture
