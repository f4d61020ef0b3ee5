"""What is sent to arrange an interview: to the candidate, in a colleague's words, and to those who take part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from portal.core.i18n import format_day, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.interviews.emails import facts
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.times import moment_in_both
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows

#: So much of a message stands beside its subject in a list of mail.
_BEGINNING: Final = 110


class Letter(StrEnum):
    """A mail to the candidate in which a person says something about an interview."""

    PROPOSAL = "interviews/proposal"
    #: A colleague set the time, or moved it.
    TIME_SET = "interviews/time_set"
    MOVED = "interviews/moved"
    #: Its time or its times are no more, and there are others to choose from.
    CHOOSE_AGAIN = "interviews/choose_again"
    #: Another place or another length, at the same time.
    CHANGED = "interviews/changed"
    CALLED_OFF = "interviews/called_off"
    #: We did not come.
    MISSED_BY_US = "interviews/missed_by_us"


class PanelNews(StrEnum):
    """What a colleague hears of an interview that they take part in or arrange."""

    CONFIRMED = "interviews/panel_confirmed"
    MOVED = "interviews/panel_moved"
    CANCELLED = "interviews/panel_cancelled"


@dataclass(frozen=True)
class Written:
    """What a colleague writes, by when the candidate hears next, and why that is later than promised, if it is."""

    author_name: str
    words: str
    next_day: date | None
    date_reason: str
    times: Sequence[datetime] = ()


def letter(kind: Letter, to: Recipient, one: Arranged, written: Written, panel: Sequence[str]) -> RenderedMail:
    """To the candidate: a person wrote about an interview; what it is like, and by when they hear next."""
    with reading_as(to.locale, to.timezone):
        values: dict[str, object] = {"our_promise": _promise(written)}
        if kind is Letter.CALLED_OFF:
            values["interview"] = ((_("Called off"), _which(one)),)
        elif kind is not Letter.MISSED_BY_US:
            values["interview"] = _facts(one, panel)
        if kind in {Letter.PROPOSAL, Letter.CHOOSE_AGAIN}:
            numbered = enumerate(sorted(written.times), start=1)
            values["times"] = tuple(
                (_("Time %(number)s", number=number), moment_in_both(at, one.zone)) for number, at in numbered
            )
        if kind in {Letter.TIME_SET, Letter.MOVED}:
            values["time"] = facts.time_of(one)
    return render(
        kind,
        to.locale,
        to.timezone,
        opening=one.opening_title,
        author=written.author_name,
        first_words=_beginning(written.words),
        message=written.words,
        **values,
    )


def confirmed(to: Recipient, one: Arranged, answers_name: str, panel: Sequence[str]) -> RenderedMail:
    """To the candidate: the time they chose is set; automatic."""
    with reading_as(to.locale, to.timezone):
        said, time = _facts(one, panel), facts.time_of(one)
    return render(
        "interviews/confirmed",
        to.locale,
        to.timezone,
        name=to.name,
        opening=one.opening_title,
        answers=answers_name,
        time=time,
        interview=said,
    )


def ended(to: Recipient, one: Arranged) -> RenderedMail:
    """To the candidate: their application has ended, so an interview that had a time does not take place; automatic."""
    with reading_as(to.locale, to.timezone):
        time = facts.time_of(one)
    return render("interviews/ended", to.locale, to.timezone, name=to.name, opening=one.opening_title, time=time)


def to_panel(to: Recipient, one: Arranged, news: PanelNews) -> RenderedMail:
    """To a colleague who takes part or arranges it; it does not name the candidate, who may be erased one day."""
    with reading_as(to.locale, to.timezone):
        time = facts.time_of(one)
        values: dict[str, object] = {"page": facts.way_to_its_page(one)}
        if news is not PanelNews.CANCELLED:
            values["interview"] = facts.time_and_place(one)
    return render(news, to.locale, to.timezone, title=one.title, opening=one.opening_title, time=time, **values)


def _facts(one: Arranged, panel: Sequence[str]) -> Rows:
    return facts.filled(
        (
            (_("What"), one.title),
            *facts.time_and_place(one),
            (_("With whom"), facts.with_whom(panel)),
            (_("What it is about"), one.about),
            (_("How to prepare"), one.prepare),
            (_("To call on the day"), facts.to_call(one)),
        )
    )


def _which(one: Arranged) -> str:
    """Which of perhaps several; it may never have had a time."""
    return f"{one.title}, {moment_in_both(one.starts_at, one.zone)}" if one.starts_at else one.title


def _promise(written: Written) -> Rows:
    rows: list[tuple[str, str]] = []
    if written.next_day is not None:
        words = _("You hear from us next by %(day)s.", day=format_day(written.next_day))
        rows.append((_("Our promise"), words))
    rows.append((_("Why this date is later"), written.date_reason))
    return tuple(rows)


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + "…"
