"""How late something is, and how several people are named in one line."""

from datetime import date

from portal.core.i18n import format_number
from portal.core.i18n import gettext as _


def days_late(promised: date | None, today: date) -> int:
    """Calendar days since the promised day; 0 when it is today, still to come, or was never promised."""
    return max(0, (today - promised).days) if promised is not None else 0


def name_alike(first: str, last: str, count: int) -> str:
    """`count` people in one line, by the first and the last of their names."""
    if count == 1:
        return first
    if count == 2:
        return _("%(first)s and %(last)s", first=first, last=last)
    return _("%(name)s and %(count)s others", name=first, count=format_number(count - 1))
