"""What several pages of an application show alike: the mail before it goes, when it goes, the days to choose from."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import flash

from portal.applications.queries import Going, StaffView
from portal.applications.queries.imported import SourceMove
from portal.applications.rules import is_promised_before
from portal.applications.states import ENDINGS_BY_US, STATUS_LABELS, ApplicationStatus
from portal.company.queries import calendar_from, company_zone, pace, undo_minutes
from portal.company.rules import working_days_after
from portal.contact.rules import Hold, Never, why_for_staff
from portal.core.clock import day_of
from portal.core.i18n import format_moment, local, ngettext
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, token_place
from portal.core.tokens import TokenKind

#: What the buttons of a form ask for, besides sending.
PREVIEW, NOW = "preview", "now"
#: Working days that are offered for the next word, beside the company's own pace.
_AHEAD = (3, 5, 10)


@dataclass(frozen=True)
class When:
    """When a letter would go."""

    #: Why it would never go; else empty.
    refusal: str = ""
    #: When it goes if it waits, in a sentence; empty when it goes now.
    words: str = ""
    #: Until when it waits for office hours.
    until: datetime | None = None
    #: The day the candidate was promised, if it passes before it goes.
    promised: date | None = None


@dataclass(frozen=True)
class Preview:
    """A mail as the candidate will read it."""

    subject: str
    text: str
    is_ending: bool
    when: When


def when_of(going: Going | None, view: StaffView, at: datetime) -> When:
    """When it goes, as seen at `at`; None: it is on its way."""
    if going is None:
        return When()
    if isinstance(going.verdict, Never):
        return When(refusal=why_for_staff(going.verdict))
    if going.at <= at:
        return When()
    is_late = is_promised_before(view.expected_on, day_of(going.at, company_zone()))
    return When(
        words=goes_words(going.at, at),
        until=going.verdict.until if isinstance(going.verdict, Hold) else None,
        promised=view.expected_on if is_late else None,
    )


def goes_words(goes_at: datetime, at: datetime) -> str:
    """When something goes, on the reader's clock; the day is left out when it is today."""
    if local(goes_at).date() == local(at).date():
        return _("It goes at %(time)s.", time=f"{local(goes_at):%H:%M}")
    return _("It goes out on %(moment)s.", moment=format_moment(goes_at))


def what_happens(name: str, going: Going, at: datetime, *, is_ending: bool = True) -> str:
    """What becomes of what was just written to somebody; `is_ending`: what waits for office hours ends something."""
    if isinstance(going.verdict, Hold) and not is_ending:
        return _("The letter waits until %(moment)s.", moment=format_moment(going.verdict.until))
    if isinstance(going.verdict, Hold):
        return _("The ending waits until %(moment)s.", moment=format_moment(going.verdict.until))
    if going.at > at:
        return goes_words(going.at, at) + " " + _("Until then you can take it back or send it now.")
    return _("Sent. %(name)s sees it on their page once the mail is accepted.", name=name)


def say_what_it_replaces(view: StaffView, move: SourceMove | None, status: ApplicationStatus) -> None:
    """Tell whoever has just written that an import had moved the application, of which they may not have read."""
    if move is None or move.status is status:
        return
    words = _("%(source)s had moved them to: %(status)s. What you wrote goes instead of that.")
    flash(words % {"source": view.source, "status": STATUS_LABELS[move.status]}, "info")


def as_letter(preview: Preview) -> Preview:
    """The same of a letter after an ending, which ends nothing any more."""
    return replace(preview, is_ending=False, when=replace(preview.when, until=None))


def readable(mail: RenderedMail, status: ApplicationStatus, when: When) -> Preview:
    """The mail with dots where the secrets of its links will stand: they are made when the mail is sent."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return Preview(mail.subject, text, status in ENDINGS_BY_US, when)


def days_ahead(today: date, usual: int | None = None) -> list[tuple[int, date]]:
    """Counts of working days that are offered, with the day each leads to; `usual` is the company's pace."""
    counts = sorted({*_AHEAD, usual} if usual else _AHEAD)
    days = working_days_after(today, max(counts), calendar_from(today))
    return [(count, days[count - 1]) for count in counts]


def usual_pace(status: ApplicationStatus) -> int | None:
    """Working days until the next word at this status; None once it has ended."""
    return pace().get(status)


def undo_window() -> timedelta:
    """How long what is written can be undone."""
    return timedelta(minutes=undo_minutes())


def undo_words() -> str:
    """How long something waits before it goes, in words; empty when it goes at once."""
    count = undo_minutes()
    return ngettext("%(count)s minute", "%(count)s minutes", count) if count else ""
