"""The time zone that a browser names by itself."""

import re
from typing import Final

from portal.core.i18n import is_zone

_LENGTH: Final = 64
#: A part of the world and a place in it: what browsers say that hide where they are ("UTC", "Etc/GMT+5") is none.
_PLACE: Final = re.compile(
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(?:/[A-Za-z][A-Za-z_-]*){1,2}"
)
#: Names of former days that browsers still send; the cities are called otherwise now.
_CALLED_NOW: Final = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
}


def zone_named(said: str) -> str:
    """The IANA zone that a browser means by `said`; empty where it names no place on earth that we know."""
    name = _CALLED_NOW.get(said, said)
    is_place = len(name) <= _LENGTH and _PLACE.fullmatch(name) is not None
    return name if is_place and is_zone(name) else ""
