"""What an offer must say before it may be made, and what is different in the next one."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from portal.applications.rules import ProposalRefused, clean_text
from portal.company.rules import NO_HOLIDAYS, WorkCalendar, working_days_after
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _

TITLE_LENGTH: Final = 200
TERMS_LENGTH: Final = 10_000
WORDS_LENGTH: Final = 5_000
PHONE_LENGTH: Final = 50
REASON_LENGTH: Final = 500
#: Working days that somebody has to decide, unless we say why not.
DAYS_TO_DECIDE: Final = 5
#: Working days that a form offers.
DAYS_OFFERED: Final = (5, 10, 15)
#: Nobody is asked to decide by a day further ahead.
LONGEST: Final = timedelta(days=60)
_FEWEST_DIGITS: Final = 4


@dataclass(frozen=True)
class Terms:
    """An offer, whole; `contact_id` is a person of the staff, `words` what the mail says."""

    title: str
    terms: str
    decide_by: date
    short_reason: str
    contact_id: int
    contact_phone: str
    words: str


def checked_terms(
    typed: Terms, today: date, calendar: WorkCalendar = NO_HOLIDAYS, *, said_before: date | None = None
) -> Terms:
    """The offer as it is kept. Raises ProposalRefused.

    `said_before`: by when they have been asked to decide already; that day needs no reason anew.
    """
    title = " ".join(clean_text(typed.title).split())
    kept = replace(
        typed,
        title=title,
        terms=clean_text(typed.terms),
        short_reason=clean_text(typed.short_reason),
        contact_phone=" ".join(clean_text(typed.contact_phone).split()),
        words=clean_text(typed.words),
    )
    _check_text("title", kept.title, TITLE_LENGTH, _("Please say what the role is called."))
    _check_text("terms", kept.terms, TERMS_LENGTH, _("Please say what you offer."))
    _check_text("words", kept.words, WORDS_LENGTH, _("Please write what they will read in the mail."))
    _check_phone(kept.contact_phone)
    return replace(kept, short_reason=_checked_day(kept, today, calendar, said_before))


def checked_words(text: str) -> str:
    """What somebody writes about an offer, cleaned. Raises ProposalRefused."""
    words = clean_text(text)
    _check_text("words", words, WORDS_LENGTH, _("Please write what they will read in the mail."))
    return words


def checked_day(day: date, today: date) -> None:
    """Raise ProposalRefused unless somebody can be asked to decide by `day`."""
    if day <= today:
        raise ProposalRefused("decide_by", _("Please choose a day to come, so that they have time to decide."))
    if day - today > LONGEST:
        raise ProposalRefused("decide_by", _("Please choose a day within the next 60 days."))


def is_short(day: date, today: date, calendar: WorkCalendar = NO_HOLIDAYS) -> bool:
    """Whether `day` leaves fewer than five working days to decide, counted from tomorrow and with the day itself."""
    return day < working_days_after(today, DAYS_TO_DECIDE, calendar)[-1]


def next_word_by(decide_by: date, today: date, pace: int, calendar: WorkCalendar = NO_HOLIDAYS) -> date:
    """By when they hear from us next: the company's pace after the day by which they decide, in working days."""
    return working_days_after(max(decide_by, today), max(1, pace), calendar)[-1]


def changed_parts(before: Terms, after: Terms) -> list[str]:
    """What is different, as a candidate reads it; empty when only the words of the mail are."""
    parts = [
        (_("the role"), before.title != after.title),
        (_("what we offer"), before.terms != after.terms),
        (_("the day by which you decide"), before.decide_by != after.decide_by),
        (
            _("whom to talk to"),
            (before.contact_id, before.contact_phone) != (after.contact_id, after.contact_phone),
        ),
    ]
    return [label for label, is_changed in parts if is_changed]


def _check_text(field: str, text: str, length: int, missing: str) -> None:
    if not text:
        raise ProposalRefused(field, missing)
    if len(text) > length:
        raise ProposalRefused(field, _("Please keep this under %(max)d characters.") % {"max": length})


def _check_phone(phone: str) -> None:
    if sum(ch.isdigit() for ch in phone) < _FEWEST_DIGITS:
        raise ProposalRefused("contact_phone", _("Please give a number under which they can be reached."))
    if len(phone) > PHONE_LENGTH:
        raise ProposalRefused("contact_phone", _("Please keep the number under 50 characters."))


def _checked_day(kept: Terms, today: date, calendar: WorkCalendar, said_before: date | None) -> str:
    """The reason as it is kept: it stands only where the day is a short one."""
    if kept.decide_by == said_before and kept.decide_by > today:
        return kept.short_reason
    checked_day(kept.decide_by, today)
    if not is_short(kept.decide_by, today, calendar):
        return ""
    if not kept.short_reason:
        first = working_days_after(today, DAYS_TO_DECIDE, calendar)[-1]
        message = _(
            "That is less than five working days: they would have those until %(day)s. "
            "Please say why it has to be sooner; they will read it.",
            day=format_day(first),
        )
        raise ProposalRefused("short_reason", message)
    if len(kept.short_reason) > REASON_LENGTH:
        raise ProposalRefused("short_reason", _("Please keep the reason under 500 characters."))
    return kept.short_reason
