"""What people said and what arrived, kept apart from the program, and what must hold whenever a message arrives.

Written plainly and without a rule of the program, so that a mistake there is not made here as well.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.contact.states import Budget, MailClass, Purpose, Rhythm, Timing

#: The company's own zone and hours in the tests.
HOME = "Europe/Warsaw"
NIGHT = (time(21), time(8))
#: A contact is counted when a message is taken up, a moment before it arrives.
_SLACK = timedelta(minutes=10)
_FREE = (Rhythm.AS_IT_HAPPENS, Rhythm.WEEKLY)


@dataclass(frozen=True)
class Sender:
    """Who writes, and what for."""

    mail_class: MailClass
    purpose: Purpose | None
    timing: Timing
    budget: Budget


SENDERS = (
    Sender(MailClass.COMMUNITY, Purpose.INSIDER_UPDATES, Timing.WAKING, Budget.COMMUNITY),
    Sender(MailClass.COMMUNITY, Purpose.EVENTS, Timing.WAKING, Budget.COMMUNITY),
    Sender(MailClass.COMMUNITY, Purpose.JOB_ALERTS, Timing.WAKING, Budget.JOB_ALERTS),
    Sender(MailClass.COMMUNITY, Purpose.CHECK_INS, Timing.WAKING, Budget.CHECK_IN),
    Sender(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE),
    Sender(MailClass.OWN, None, Timing.OFFICE, Budget.NONE),
)
PURPOSES = tuple(sender.purpose for sender in SENDERS if sender.purpose is not None)


@dataclass(eq=False)
class Reader:
    """What we know of a person without asking the program."""

    person_id: int
    addresses: list[str]
    zone: str
    #: True: yes; False: taken back; not there: never said, or it ran out.
    said: dict[Purpose, bool] = field(default_factory=dict)
    rhythms: dict[Purpose, Rhythm] = field(default_factory=dict)
    #: The first day of mail after a pause, on their calendar; date.max: until they say.
    paused_until: date | None = None
    quiet: tuple[time, time] | None = None
    is_without_surveys: bool = False
    rests_until: datetime | None = None

    def hears(self, purpose: Purpose, *, is_wanted: bool) -> None:
        """They say yes, or take a yes back."""
        if is_wanted or self.said.get(purpose):
            self.said[purpose] = is_wanted

    def becomes_one_with(self, other: "Reader") -> None:
        """The other's record is joined to this one: whatever was taken back or asked for on either side holds."""
        self.addresses += other.addresses
        for purpose in PURPOSES:
            sides = [side.said[purpose] for side in (self, other) if purpose in side.said]
            if sides:
                self.said[purpose] = all(sides)
        for purpose, rhythm in other.rhythms.items():
            self.rhythms[purpose] = max(rhythm, self.rhythms.get(purpose, rhythm), key=list(Rhythm).index)
        self.paused_until = max((day for day in (self.paused_until, other.paused_until) if day), default=None)
        self.rests_until = max((at for at in (self.rests_until, other.rests_until) if at), default=None)
        self.quiet = self.quiet or other.quiet
        self.is_without_surveys = self.is_without_surveys or other.is_without_surveys
        # Nobody here says where they are: whoever has the company's zone was given it.
        self.zone = other.zone if self.zone == HOME else self.zone


@dataclass(eq=False)
class Written:
    """One message, and how often it arrived or may have."""

    number: int
    reader: Reader
    address: str
    sender: Sender
    is_cancelled: bool = False
    expires_at: datetime | None = None
    arrived_at: list[datetime] = field(default_factory=list)
    #: Kills and cut connections that left it open whether it had arrived.
    mishaps: int = 0
    #: It was counted, and in a worker's hand, when the reader changed what is allowed to be counted.
    is_counted_before: bool = False


def may_arrive(written: Written, now: datetime, others: list[Written]) -> None:
    """Raise AssertionError unless this message may arrive now; `others` are all messages."""
    reader, sender = written.reader, written.sender
    assert len(written.arrived_at) <= written.mishaps, "twice, and nobody was killed"
    if sender.mail_class is MailClass.SURVEY:
        assert not reader.is_without_surveys
    if sender.mail_class is MailClass.COMMUNITY:
        assert sender.purpose is not None
        assert reader.said.get(sender.purpose) is True, "without a right to send"
        today = now.astimezone(ZoneInfo(reader.zone)).date()
        assert reader.paused_until is None or today >= reader.paused_until, "in a pause"
        assert reader.rests_until is None or now >= reader.rests_until, "in the days of rest"
    is_in_the_window(reader, sender, now)
    if sender.purpose is not None and not written.is_counted_before:
        same = [other for other in others if other is not written and other.arrived_at]
        same = [other for other in same if other.reader.person_id == reader.person_id]
        is_within_the_rhythm(written, now, same)
        is_within_the_budget(written, now, same)


def is_in_the_window(reader: Reader, sender: Sender, now: datetime) -> None:
    """The reader is awake, or our office is open, as clocks there show it."""
    if sender.timing is Timing.WAKING:
        start, end = reader.quiet or NIGHT
        there = now.astimezone(ZoneInfo(reader.zone)).time()
        is_quiet = start <= there < end if start <= end else there >= start or there < end
        assert not is_quiet, f"at {there} for somebody who sleeps from {start} to {end}"
    if sender.timing is Timing.OFFICE:
        here = now.astimezone(ZoneInfo(HOME))
        assert here.weekday() < 5
        assert 9 <= here.hour < 17


def is_within_the_rhythm(written: Written, now: datetime, earlier: list[Written]) -> None:
    """Not sooner after the last of its topic than the reader chose; job alerts never twice on one day."""
    reader, purpose, zone = written.reader, written.sender.purpose, ZoneInfo(written.reader.zone)
    days = [max(one.arrived_at).astimezone(zone).date() for one in earlier if one.sender.purpose is purpose]
    if not days or purpose is None:
        return
    last, today, rhythm = max(days), now.astimezone(zone).date(), reader.rhythms.get(purpose)
    if written.sender.budget is Budget.JOB_ALERTS:
        assert today > last, "two on one day"
    if rhythm is Rhythm.WEEKLY:
        assert today >= last + timedelta(days=7)
    if rhythm is Rhythm.MONTHLY:
        # The shortest month has 28 days, and the 31st of January leads to its last one.
        assert today >= last + timedelta(days=28)
        assert (today.year, today.month) > (last.year, last.month)


def is_within_the_budget(written: Written, now: datetime, earlier: list[Written]) -> None:
    """Two community messages in 30 days of topics without a rhythm of their own, one check-in in 90."""
    budget, zone = written.sender.budget, ZoneInfo(written.reader.zone)
    limits = {Budget.COMMUNITY: (30, 2), Budget.CHECK_IN: (90, 1)}
    if budget not in limits or _is_free(written):
        return
    days, allowed = limits[budget]
    there = now.astimezone(zone)
    taken = [one for one in earlier if one.sender.budget is budget and not _is_free(one)]
    # Between times of one zone Python adds and compares what the clock on the wall shows.
    recent = [one for one in taken if there < max(one.arrived_at).astimezone(zone) + timedelta(days=days) - _SLACK]
    assert len(recent) < allowed, "above the budget"


def _is_free(written: Written) -> bool:
    purpose = written.sender.purpose
    return purpose is not None and written.reader.rhythms.get(purpose) in _FREE
