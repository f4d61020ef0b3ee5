"""What a pool may be called and be for, until when it is right, and how long putting people in can be undone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

NAME_LENGTH: Final = 80
PURPOSE_LENGTH: Final = 500
REASON_LENGTH: Final = 500
#: Somebody looks at a pool again within a year.
REVIEW_DAYS: Final = 366
#: What is proposed for a new pool: half a year.
USUAL_REVIEW_DAYS: Final = 183
#: Whoever ticks the question off without a new day is asked again after so many days.
ASK_AGAIN_DAYS: Final = 30
#: How long those who were put in together can be taken out together; one by one it goes at any time.
TAKE_BACK_HOURS: Final = 24
_FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,24}")


class PoolRefused(PortalError):
    """A pool, or putting somebody into it, cannot be as it was asked; `field` is the field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class PoolChanged(PortalError):
    """A colleague has changed the pool since the page was made."""


class PoolClosed(PortalError):
    """The pool was closed in the meantime."""


class TooLateToTakeBack(PortalError):
    """It is too long ago that these people were put in together."""


@dataclass(frozen=True)
class PoolWords:
    """What a pool says of itself, checked."""

    name: str
    purpose: str
    review_on: date

    @property
    def key(self) -> str:
        return name_key(self.name)


def name_key(name: str) -> str:
    """What two ways of writing one name have in common."""
    return " ".join(name.split()).casefold()[:NAME_LENGTH]


def checked_words(name: str, purpose: str, review_on: date | None, today: date) -> PoolWords:
    """Name and purpose without white space around them, and a day to come. Raises PoolRefused."""
    name = " ".join(name.split())
    if not name:
        raise PoolRefused(_("Please give the pool a name."), "name")
    if len(name) > NAME_LENGTH:
        raise PoolRefused(_("Please keep the name under %(max)s characters.", max=NAME_LENGTH), "name")
    purpose = purpose.replace("\r\n", "\n").strip()
    if not purpose:
        raise PoolRefused(_("Please say what the pool is for, as you would say it to those in it."), "purpose")
    if len(purpose) > PURPOSE_LENGTH:
        raise PoolRefused(_("Please keep the purpose under %(max)s characters.", max=PURPOSE_LENGTH), "purpose")
    return PoolWords(name, purpose, checked_review(review_on, today))


def checked_review(review_on: date | None, today: date) -> date:
    """The day on which somebody looks at the pool again. Raises PoolRefused."""
    if review_on is None:
        raise PoolRefused(_("Please give the day on which you will look at the pool again."), "review_on")
    if review_on <= today:
        raise PoolRefused(_("Please choose a day after today."), "review_on")
    if review_on > today + timedelta(days=REVIEW_DAYS):
        raise PoolRefused(_("Please look at it again within a year."), "review_on")
    return review_on


def checked_reason(reason: str, missing: str) -> str:
    """A reason without white space around it; `missing` is said when there is none. Raises PoolRefused."""
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise PoolRefused(missing, "reason")
    if len(reason) > REASON_LENGTH:
        raise PoolRefused(_("Please keep the reason under %(max)s characters.", max=REASON_LENGTH), "reason")
    return reason


def usual_review(today: date) -> date:
    """The day that is proposed for looking at a pool again."""
    return today + timedelta(days=USUAL_REVIEW_DAYS)


def is_review_due(review_on: date, today: date) -> bool:
    """Whether its owner is asked whether the pool is still right."""
    return review_on <= today


def times_asked(review_on: date, today: date) -> int:
    """How often its owner should have been asked before, as the day passed without a new one."""
    return max(0, (today - review_on).days // ASK_AGAIN_DAYS)


def asked_on(review_on: date, times: int) -> date:
    """The day on which the question comes after it was asked `times` times."""
    return review_on + timedelta(days=times * ASK_AGAIN_DAYS)


def may_take_back(added_at: datetime, now: datetime) -> bool:
    """Whether those who were put in together may be taken out together."""
    return now - added_at < timedelta(hours=TAKE_BACK_HOURS)


def known_form_key(key: str) -> str | None:
    """The key of a form as our pages make them; None for anything else."""
    return key if _FORM_KEY.fullmatch(key) else None


def review_cause(public_id: str) -> str:
    """What a task about the review of a pool says brought it about."""
    return f"pool-review:{public_id}"
