"""Times for an interview as somebody types or pastes them, one a line, and what may be said of each."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, parse, parserinfo

from portal.company.rules import Hours, WorkCalendar
from portal.core.errors import PortalError
from portal.core.i18n import format_moment, ngettext, reader, reading_as
from portal.core.i18n import gettext as _

MOST_TIMES: Final = 10
#: Nobody plans an interview further ahead.
FURTHEST: Final = timedelta(days=180)
_LINE_LENGTH: Final = 100
#: A day and a month in figures alone read differently here and there.
_FIGURES: Final = re.compile(r"(?<!\d)\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?(?!\d)")
_AT: Final = re.compile(r"\b(?:at|um|o'clock|uhr)\b|,", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_DOTTED_DAY: Final = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_HOUR: Final = re.compile(r"\d{1,2}[:.]\d{2}(?!\.?\d)|\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
#: From one time to another, as calendars write it.
_FROM_TO: Final = re.compile(
    r"\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[–—-]|to|until)\s*\d{1,2}[:.]\d{2}", re.IGNORECASE
)
#: Two leap years: whatever is the same after reading with either was written down.
_FIRST_GUESS = datetime(2000, 1, 1)  # noqa: DTZ001 - what stands on a wall is in no zone yet
_SECOND_GUESS = datetime(2004, 2, 2)  # noqa: DTZ001 - as above


class TimesRefused(PortalError):
    """Some times cannot be offered; `messages` names each line and why."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(messages[0])
        self.messages = tuple(messages)


_WEEKDAYS: Final = {name.lower(): day for day, names in enumerate(parserinfo.WEEKDAYS) for name in names}
_MONTHS: Final = {name.lower() for names in parserinfo.MONTHS for name in names}


def read_times(text: str, zone: str, now: datetime) -> list[datetime]:
    """The instants that `text` names, one a line, in the IANA `zone`; the earliest first.

    Without a year the next such day is meant. Raises TimesRefused with every line that cannot be offered, and why.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise TimesRefused([_("Please propose at least one time.")])
    found: list[datetime] = []
    problems: list[str] = []
    for line in lines:
        try:
            at = _instant(_read_line(line, zone, now), zone)
            _refuse_unfit(line, at, found, now)
        except TimesRefused as error:
            problems += error.messages
        else:
            found.append(at)
    if len(found) > MOST_TIMES:
        most = ngettext("Please propose at most %(count)s time.", "Please propose at most %(count)s times.", MOST_TIMES)
        problems.append(most)
    if problems:
        raise TimesRefused(problems)
    return sorted(found)


def as_lines(times: Sequence[datetime], zone: str) -> str:
    """These instants as they can be typed, one a line, in the IANA `zone`."""
    return "\n".join(f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for at in sorted(times))


def hints(times: Sequence[datetime], minutes: int, zone: str, calendar: WorkCalendar, office: Hours) -> list[str]:
    """What an arranger may have overlooked: days on which nobody works, and hours outside the office's in `zone`."""
    found = []
    for at in times:
        with reading_as(reader().locale, zone):
            words = format_moment(at)
        starts, ends = at.astimezone(ZoneInfo(zone)), (at + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
        if not calendar.is_working_day(starts.date()):
            found.append(_("%(time)s: nobody works here on that day.", time=words))
        elif starts.time() < office.start or ends.time() > office.end or ends.date() != starts.date():
            found.append(_("%(time)s: that is outside office hours.", time=words))
    return found


def place_of(zone: str) -> str:
    """The IANA `zone` as people know it: its city."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def named_moment(at: datetime) -> str:
    """The instant on the reader's clock, and whose clock that is: nobody takes it for that of the place they are in."""
    return _("%(time)s (%(place)s time)", time=format_moment(at), place=place_of(reader().zone))


def moment_in_both(at: datetime, zone: str) -> str:
    """The instant on the reader's clock and, where it shows another time, on that of the IANA `zone`; both named."""
    here, there = at.astimezone(ZoneInfo(reader().zone)), at.astimezone(ZoneInfo(zone))
    if here.utcoffset() == there.utcoffset():
        return named_moment(at)
    with reading_as(reader().locale, zone):
        words = format_moment(at) if here.date() != there.date() else f"{there:%H:%M}"
    return _(
        "%(time)s in %(here)s (%(other)s in %(there)s)",
        time=format_moment(at),
        here=place_of(reader().zone),
        other=words,
        there=place_of(zone),
    )


def _read_line(line: str, zone: str, now: datetime) -> datetime:
    """What stands on the clock; a year that is not written is the one in which that day comes next."""
    if _FROM_TO.search(line):
        message = _(
            "“%(line)s”: please write only when it begins. How long it takes has a field of its own.", line=line
        )
        raise TimesRefused([message])
    if len(line) > _LINE_LENGTH or len(_HOUR.findall(line)) != 1:
        raise _unreadable(line)
    if _FIGURES.search(line) and not _ISO_DAY.search(line):
        message = _("“%(line)s”: please write the month as a word, so that nobody swaps day and month.", line=line)
        raise TimesRefused([message])
    if not (_ISO_DAY.search(line) or _DOTTED_DAY.search(line) or _MONTHS & _words(line)):
        raise _unreadable(line)
    first, second = (_parsed(line, guess) for guess in (_FIRST_GUESS, _SECOND_GUESS))
    if (first.month, first.day, first.hour, first.minute) != (second.month, second.day, second.hour, second.minute):
        raise _unreadable(line)
    today = now.astimezone(ZoneInfo(zone)).date()
    if first.second or first.microsecond:
        raise _unreadable(line)
    read = first if first.year == second.year else _next_such_day(line, first, today)
    _refuse_other_weekday(line, read)
    return read


def _words(line: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]+", line)}


def _parsed(line: str, guess: datetime) -> datetime:
    dotted = re.sub(r"(?<!\d)(\d{1,2})\.(\d{2})(?=\s*(?:[ap]\.?m\b\.?)?\s*$)", r"\1:\2", _AT.sub(" ", line), flags=re.I)
    spoken = re.sub(r"\b([ap])\.m\.?", r"\1m", dotted, flags=re.IGNORECASE)
    try:
        # With the day first it would read an ISO date with its month last.
        read = parse(spoken, default=guess, dayfirst=not _ISO_DAY.search(line), tzinfos=_named_zone)
    except (ParserError, OverflowError, ValueError) as error:
        raise _unreadable(line) from error
    if read.tzinfo is not None:
        raise TimesRefused([_("“%(line)s”: please leave the time zone out; the one above counts.", line=line)])
    return read


def _named_zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Any zone that a line names: it is refused, so which one does not matter."""
    return None if name is None and offset is None else UTC


def _next_such_day(line: str, read: datetime, today: date) -> datetime:
    for year in range(today.year, today.year + 9):
        try:
            day = read.replace(year=year)
        except ValueError:
            # 29 February in a year that has none.
            continue
        if day.date() >= today:
            return day
    raise _unreadable(line)


def _refuse_other_weekday(line: str, read: datetime) -> None:
    named = [day for name, day in _WEEKDAYS.items() if name in _words(line)]
    if named and read.weekday() not in named:
        with reading_as(reader().locale, "UTC"):
            really = format_moment(read.replace(tzinfo=UTC))
        raise TimesRefused([_("“%(line)s”: the weekday does not fit, that is %(day)s.", line=line, day=really)])


def _instant(wall: datetime, zone: str) -> datetime:
    """The instant at which a clock in `zone` shows `wall`; refused where it never does, or twice."""
    here = ZoneInfo(zone)
    first, second = wall.replace(tzinfo=here, fold=0), wall.replace(tzinfo=here, fold=1)
    shown = f"{wall:%Y-%m-%d %H:%M}"
    if first.astimezone(UTC).astimezone(here).replace(tzinfo=None) != wall:
        raise TimesRefused([_("%(time)s does not exist: the clocks are put forward then.", time=shown)])
    if first.utcoffset() != second.utcoffset():
        raise TimesRefused([_("%(time)s comes twice: the clocks are put back then. Please take another.", time=shown)])
    return first.astimezone(UTC)


def _refuse_unfit(line: str, at: datetime, found: Sequence[datetime], now: datetime) -> None:
    if at <= now:
        raise TimesRefused([_("“%(line)s” has passed.", line=line)])
    if at - now > FURTHEST:
        raise TimesRefused([_("“%(line)s” is more than half a year ahead.", line=line)])
    if at in found:
        raise TimesRefused([_("“%(line)s” is there twice.", line=line)])


def _unreadable(line: str) -> TimesRefused:
    shown = line if len(line) <= _LINE_LENGTH else line[:_LINE_LENGTH] + "…"
    return TimesRefused([_("“%(line)s” is not a day and time that we can read, such as 3 March 14:00.", line=shown)])
