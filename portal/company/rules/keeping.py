"""How long people are kept whose application was for a place of its own rules, as an admin types it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_PLACES: Final = 50
_LINE = re.compile(r"(?P<place>[^:\n]{1,100}):\s*(?P<months>\d{1,3})(?:\s*,\s*sealed\s+(?P<years>\d{1,2}))?", re.I)
_MOST_MONTHS: Final = 120


class InvalidPlaces(PortalError):
    """A line does not say a place and months."""


def places_from(text: str) -> list[dict[str, Any]]:
    """The places in a text of one a line: "Germany: 6", or "Toronto: 6, sealed 3" where a record must stay for years.

    Raises InvalidPlaces.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in (line.strip() for line in text.splitlines()):
        if line:
            one = _read(line)
            found[one["place"].casefold()] = one
    if len(found) > MAX_PLACES:
        raise InvalidPlaces(_("Please keep to %(limit)s places.", limit=MAX_PLACES))
    return list(found.values())


def places_text(places: Sequence[Mapping[str, Any]]) -> str:
    """The places as `places_from` reads them."""
    return "\n".join(
        f"{one['place']}: {one['months']}" + (f", sealed {one['sealed_years']}" if one["sealed_years"] else "")
        for one in places
    )


def _read(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line)
    if found is None or not 1 <= int(found["months"]) <= _MOST_MONTHS:
        raise InvalidPlaces(_("“%(line)s” is not like “Germany: 6” or “Toronto: 6, sealed 3”.", line=line[:40]))
    place = " ".join(found["place"].split())
    return {"place": place, "months": int(found["months"]), "sealed_years": int(found["years"] or 0)}
