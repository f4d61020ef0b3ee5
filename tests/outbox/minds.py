"""What a reader says about mail: done in the program, and noted in what we know without asking it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.company.rules import Hours
from portal.contact.actions import choose, let_run_out, stop_everything, write_less
from portal.contact.actions.wishes import change_preferences, stop_surveys
from portal.contact.queries import contact_preferences
from portal.contact.rules import Less
from portal.contact.states import Purpose, Rhythm
from tests.outbox.oracle import PURPOSES, Reader

#: A change of mind about a purpose, with a number below 20 to choose by.
Change = Callable[[Reader, Purpose, int, datetime], None]
#: Hours of quiet, most of them over midnight.
_QUIET = ((time(22, 30), time(2, 30)), (time(1), time(3, 30)), (time(12), time(14)), (time(20), time(6)))


def says_yes(reader: Reader, purpose: Purpose, _number: int, now: datetime) -> None:
    """Yes to a purpose."""
    choose(reader.person_id, purpose, True, source="/test", now=now)
    reader.hears(purpose, is_wanted=True)


def says_no(reader: Reader, purpose: Purpose, _number: int, now: datetime) -> None:
    """A yes is taken back."""
    choose(reader.person_id, purpose, False, source="/test", now=now)
    reader.hears(purpose, is_wanted=False)


def pauses(reader: Reader, _purpose: Purpose, number: int, now: datetime) -> None:
    """A pause of some days, or until they say."""
    until = _in_days(reader, number, now) if number < 15 else None
    wanted = replace(contact_preferences(reader.person_id), is_paused=True, paused_until_on=until)
    change_preferences(reader.person_id, wanted, now)
    reader.paused_until = until or date.max


def ends_the_pause(reader: Reader, _purpose: Purpose, _number: int, now: datetime) -> None:
    """Mail may come again."""
    wanted = replace(contact_preferences(reader.person_id), is_paused=False, paused_until_on=None)
    change_preferences(reader.person_id, wanted, now)
    reader.paused_until = None


def chooses_a_rhythm(reader: Reader, purpose: Purpose, number: int, now: datetime) -> None:
    """How often about one topic; one time of four our default again."""
    reader.rhythms.pop(purpose, None)
    if number % 4:
        reader.rhythms[purpose] = list(Rhythm)[number % 4 - 1]
    wanted = replace(contact_preferences(reader.person_id), rhythms=dict(reader.rhythms))
    change_preferences(reader.person_id, wanted, now)


def chooses_quiet_hours(reader: Reader, _purpose: Purpose, number: int, now: datetime) -> None:
    """Hours of their own, or the company's again."""
    reader.quiet = _QUIET[number] if number < len(_QUIET) else None
    quiet = Hours(*reader.quiet) if reader.quiet else None
    change_preferences(reader.person_id, replace(contact_preferences(reader.person_id), quiet=quiet), now)


def wants_less_by_a_link(reader: Reader, purpose: Purpose, number: int, now: datetime) -> None:
    """A purpose stops without signing in, sometimes with a pause."""
    until = _in_days(reader, number, now) if number < 10 else None
    less = Less(stop=frozenset({purpose}), pause=(until is not None, until))
    write_less(reader.person_id, less, source="/unsubscribe", now=now)
    reader.said[purpose] = False
    if until is not None:
        reader.paused_until = max(until, reader.paused_until or until)


def wants_no_surveys(reader: Reader, _purpose: Purpose, _number: int, now: datetime) -> None:
    """No survey any more."""
    stop_surveys(reader.person_id, now)
    reader.is_without_surveys = True


def wants_nothing(reader: Reader, _purpose: Purpose, number: int, now: datetime) -> None:
    """Sometimes: everything stops."""
    if number < 5:
        stop_everything(reader.person_id, source="/unsubscribe", now=now)
        reader.said, reader.is_without_surveys = dict.fromkeys(PURPOSES, False), True


def is_silent_for_too_long(reader: Reader, _purpose: Purpose, _number: int, now: datetime) -> None:
    """What was given runs out."""
    if any(reader.said.values()):
        let_run_out(reader.person_id, now)
        reader.said = {purpose: is_given for purpose, is_given in reader.said.items() if not is_given}


#: Saying yes comes more often than the rest, so that there is something to send.
CHANGES: tuple[Change, ...] = (
    *(says_yes, says_yes, says_yes, says_no, pauses, ends_the_pause, chooses_a_rhythm, chooses_quiet_hours),
    *(wants_less_by_a_link, wants_no_surveys, wants_nothing, is_silent_for_too_long),
)


def _in_days(reader: Reader, days: int, now: datetime) -> date:
    """So many days from today on their calendar."""
    return now.astimezone(ZoneInfo(reader.zone)).date() + timedelta(days=days)
