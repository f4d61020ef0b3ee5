"""What is sent to the staff about what they owe: in the morning, and to a lead when something is too late."""

from collections.abc import Sequence
from datetime import date

from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.tasks.rules import OwedLine, escalation_subject, line_words, morning_subject
from portal.wording.queries import render


def morning(to: Recipient, lines: Sequence[OwedLine], today: date) -> RenderedMail:
    """To a member of staff, in the morning, because something is due: what, how many, since when, where it is done."""
    with reading_as(to.locale, to.timezone):
        headline, due = morning_subject(lines, today), _rows(lines, today)
    return render("tasks/morning", to.locale, to.timezone, name=to.name, headline=headline, due=due)


def escalated(to: Recipient, lines: Sequence[OwedLine], owners: str, today: date) -> RenderedMail:
    """To a lead, at once, because tasks of their team are two working days late. `owners`: with whom, in words."""
    with reading_as(to.locale, to.timezone):
        headline, late = escalation_subject(lines, today), _rows(lines, today)
    return render("tasks/escalated", to.locale, to.timezone, name=to.name, headline=headline, owners=owners, late=late)


def _rows(lines: Sequence[OwedLine], today: date) -> tuple[tuple[str, str], ...]:
    return tuple((line_words(line, today), line.path) for line in lines)
