"""By which right somebody hears from us again who was told "not yet", and when, in words for them and for us."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from portal.company.rules import WorkCalendar
from portal.contact.rules import Wanted
from portal.contact.states import Budget, MailClass, Purpose, Timing
from portal.core.errors import PortalError
from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.tasks.rules import first_working_day

#: A letter to stay in touch needs a yes; it is taken from no allowance, because they said yes to these very days.
STAY_WANTED: Final = Wanted(MailClass.COMMUNITY, Purpose.CHECK_INS, Timing.WAKING, Budget.NONE)
#: One that a pause holds for so long is outdated, and does not go any more.
STAY_WAITS: Final = timedelta(days=30)


class SignInToSayYes(PortalError):
    """They said no to such mail before, and a link alone does not undo that."""


def about_keeping_touch(
    days: Sequence[date], today: date, owner_name: str, *, yes_on: date | None, is_own: bool = True
) -> str:
    """On which of the `days` they hear, in order, or that one has passed; `today` is a day in the company's zone.

    `yes_on`: since when they agree to hear from us; None: they have not said yes, so nobody writes. Not `is_own`: a
    browser with the link reads it, which learns nothing of when they agreed. Empty where there is nothing to say.
    """
    passed = [day for day in days if day < today]
    to_come = join_words([format_day(day) for day in days if day >= today])
    if yes_on is None:
        words = _("%(name)s would like to write to you around %(days)s, if you say yes.", name=owner_name, days=to_come)
        return words if to_come else ""
    if not days:
        return ""
    if not passed:
        writes = _("%(name)s writes to you around %(days)s.", name=owner_name, days=to_come)
        said_yes = _("You said yes to hearing from us on %(day)s.", day=format_day(yes_on))
        return f"{said_yes} {writes}" if is_own else writes
    words = _(
        "%(name)s wanted to write to you around %(day)s. That day has passed, and %(name)s is asked.",
        name=owner_name,
        day=format_day(passed[-1]),
    )
    return f"{words} {_('After that you hear around %(days)s.', days=to_come)}" if to_come else words


def is_past_waiting(due_on: date, today: date, calendar: WorkCalendar) -> bool:
    """Whether a day to write came and a working day began after it, so that nobody waits for a yes any more."""
    return today >= first_working_day(due_on + timedelta(days=1), calendar)


def no_yes_yet(name: str) -> str:
    """Why no letter can go to somebody who has not said yes, for colleagues."""
    return _(
        "%(name)s has not said yes to hearing from us, so no letter can go. If they answer or say yes, it can.",
        name=name,
    )
