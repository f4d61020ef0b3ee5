"""A candidate's question that waits for an answer, in words for them."""

from datetime import date

from portal.core.i18n import format_day
from portal.core.i18n import gettext as _


def answer_words(due_on: date, today: date, asked_name: str) -> str:
    """By when a question is answered, or that it has not been and who is asked to; an empty name: one of us.

    `due_on` and `today` are days in the company's zone.
    """
    day = format_day(due_on)
    if due_on >= today:
        return _("We mean to answer by %(day)s.", day=day)
    late = _("We meant to answer by %(day)s and have not.", day=day)
    return f"{late} {_('%(name)s is asked to.', name=asked_name)}" if asked_name else late
