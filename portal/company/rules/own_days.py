"""Days off that a company names itself, as an admin types them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_OWN_DAYS: Final = 100
_NAME_LENGTH = 80
_LINE = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[\s,:;]+(?P<name>.*))?")
#: A year that has every day there is.
_LEAP_YEAR = 2024


class InvalidDays(PortalError):
    """A line is not a day."""


def own_days_from(text: str) -> list[dict[str, str]]:
    """The days in a text of one a line, "2026-12-24 Christmas Eve", or "12-24 ..." for every year; each once, in order.

    Raises InvalidDays.
    """
    found: dict[str, str] = {}
    for line in (line.strip() for line in text.splitlines()):
        if line:
            on, name = _read(line)
            found[on] = name
    if len(found) > MAX_OWN_DAYS:
        raise InvalidDays(_("Please keep to %(limit)s days.", limit=MAX_OWN_DAYS))
    return [{"on": on, "name": found[on]} for on in sorted(found, key=lambda on: (len(on), on))]


def own_days_text(days: Sequence[Mapping[str, str]]) -> str:
    """The days as `own_days_from` reads them."""
    return "\n".join(f"{day['on']} {day['name']}".strip() for day in days)


def _read(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError
        day = date(int(found["year"] or _LEAP_YEAR), int(found["month"]), int(found["day"]))
    except ValueError as problem:
        message = _("“%(line)s” does not begin with a day such as 2026-12-24 or 12-24.", line=line[:40])
        raise InvalidDays(message) from problem
    name = " ".join((found["name"] or "").split())
    if len(name) > _NAME_LENGTH:
        raise InvalidDays(_("“%(start)s…” is too long for the name of a day.", start=name[:30]))
    return (day.isoformat() if found["year"] else day.strftime("%m-%d")), name
