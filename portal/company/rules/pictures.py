"""A company's logo: which shapes it can have."""

from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: Bytes of the file that is uploaded; what is kept is drawn anew and smaller.
MAX_LOGO_SIZE: Final = 1024 * 1024
#: A longer one would push the menu off a phone.
_WIDEST: Final = 5


class InvalidLogo(PortalError):
    """The file cannot be a logo."""


def check_logo_shape(width: int, height: int) -> None:
    """Raise InvalidLogo when a picture of these measures does not fit the head of a page."""
    if width > _WIDEST * height or height > width * 2:
        raise InvalidLogo(_("This picture is too long for the head of a page. Choose one that is less stretched."))
