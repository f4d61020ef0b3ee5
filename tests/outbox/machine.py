"""A state machine over the outbox and `contact`: people, senders, workers and clocks do what they like, in any order.

What may be sent is decided a second time here, from a record of its own of what people said and what arrived.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from portal.contact.actions import choose, lift_suppression, rest_from_community, suppress
from portal.contact.actions.wishes import change_preferences, stop_surveys
from portal.contact.queries import contact_preferences, is_suppressed
from portal.contact.states import Budget, Purpose, Timing
from portal.core.db import end_reading
from portal.outbox.actions import (
    LEASE,
    ClaimedMail,
    cancel,
    claim_next,
    mark_failed_try,
    mark_sent,
    may_still_go,
    release,
)
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import MailClass, Reason
from portal.people.actions import add_person
from tests.conftest import START, Time
from tests.outbox.letters import put, states

#: Clocks of all of them change in the weeks that the machine runs through.
ZONES = ("Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
HOME = "Europe/Warsaw"
_MARGIN = timedelta(seconds=60)
#: A contact is counted when a message is taken up, a moment before it is accepted.
_SLACK = timedelta(minutes=10)
#: True nine times of ten, so that the world does not come to a standstill.
MOSTLY = st.integers(0, 9).map(bool)
PURPOSES = (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS, Purpose.CHECK_INS)


@dataclass(frozen=True)
class Sender:
    """Who writes, and what for."""

    mail_class: MailClass
    purpose: Purpose | None
    timing: Timing
    budget: Budget


SENDERS = (
    Sender(MailClass.COMMUNITY, Purpose.INSIDER_UPDATES, Timing.WAKING, Budget.COMMUNITY),
    Sender(MailClass.COMMUNITY, Purpose.JOB_ALERTS, Timing.WAKING, Budget.JOB_ALERTS),
    Sender(MailClass.COMMUNITY, Purpose.CHECK_INS, Timing.WAKING, Budget.CHECK_IN),
    Sender(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE),
    Sender(MailClass.OWN, None, Timing.OFFICE, Budget.NONE),
)


@dataclass
class Reader:
    """What we know of a person without asking the program."""

    person_id: int
    address: str
    zone: str
    consents: set[Purpose] = field(default_factory=set)
    is_suppressed: bool = False
    is_paused: bool = False
    is_without_surveys: bool = False
    rests_until: datetime | None = None


@dataclass
class Written:
    """One message, and how often it arrived or may have."""

    number: int
    reader: Reader
    sender: Sender
    is_cancelled: bool = False
    expires_at: datetime | None = None
    arrived_at: list[datetime] = field(default_factory=list)
    #: Kills and cut connections that left it open whether it had arrived.
    mishaps: int = 0


class Outbox(RuleBasedStateMachine):
    """Needs `app` and `time` of the suite and a way to empty the database; see `machine_on`."""

    app: Flask
    time: Time

    @initialize()
    def people_are_known(self) -> None:
        self.readers = []
        for number, zone in enumerate(ZONES):
            person = add_person(f"Reader {number}", f"reader{number}@example.org", "en", zone, self.time.at)
            self.readers.append(Reader(person.id, f"reader{number}@example.org", zone))
        self.written: dict[int, Written] = {}
        self.in_hand: dict[str, ClaimedMail] = {}
        for reader in self.readers:
            for purpose in PURPOSES:
                self._say(reader, purpose, is_wanted=True)

    # What people do.

    @rule(who=st.integers(0, 3), purpose=st.sampled_from(PURPOSES), is_wanted=MOSTLY)
    def says(self, who: int, purpose: Purpose, is_wanted: bool) -> None:
        self._say(self.readers[who], purpose, is_wanted=is_wanted)

    def _say(self, reader: Reader, purpose: Purpose, *, is_wanted: bool) -> None:
        choose(reader.person_id, purpose, is_wanted, source="machine", now=self.time.at)
        (reader.consents.add if is_wanted else reader.consents.discard)(purpose)

    @rule(who=st.integers(0, 3), is_going_on=MOSTLY)
    def pauses(self, who: int, is_going_on: bool) -> None:
        reader, is_paused = self.readers[who], not is_going_on
        wanted = replace(contact_preferences(reader.person_id), is_paused=is_paused, paused_until_on=None)
        change_preferences(reader.person_id, wanted, self.time.at)
        reader.is_paused = is_paused

    @rule(who=st.integers(0, 3), is_fine=MOSTLY)
    def wants_no_surveys(self, who: int, is_fine: bool) -> None:
        if is_fine:
            return
        stop_surveys(self.readers[who].person_id, self.time.at)
        self.readers[who].is_without_surveys = True

    @rule(who=st.integers(0, 3), is_fine=MOSTLY)
    def is_not_selected(self, who: int, is_fine: bool) -> None:
        if is_fine:
            return
        reader = self.readers[who]
        reader.rests_until = max(reader.rests_until or self.time.at, self.time.at + timedelta(days=7))
        rest_from_community(reader.person_id, reader.rests_until, self.time.at)

    @rule(who=st.integers(0, 3), is_fine=MOSTLY)
    def address_dies(self, who: int, is_fine: bool) -> None:
        if is_fine:
            return
        suppress(self.readers[who].address, code=550, words="gone", now=self.time.at)
        self.readers[who].is_suppressed = True

    @precondition(lambda self: any(reader.is_suppressed for reader in self.readers))
    @rule()
    def admin_lets_all_addresses_be_tried_again(self) -> None:
        for reader in self.readers:
            if reader.is_suppressed:
                lift_suppression(reader.address, actor_id=self.readers[0].person_id, now=self.time.at)
                reader.is_suppressed = False

    # What senders do.

    @rule(sender=st.sampled_from(SENDERS), count=st.integers(1, 3), hours=st.none() | st.integers(1, 400))
    def writes_to_everybody(self, sender: Sender, count: int, hours: int | None) -> None:
        for reader in self.readers * count:
            self._write(reader, sender, hours)

    @rule(who=st.integers(0, 3), sender=st.sampled_from(SENDERS), hours=st.none() | st.integers(1, 400))
    def writes(self, who: int, sender: Sender, hours: int | None) -> None:
        self._write(self.readers[who], sender, hours)

    def _write(self, reader: Reader, sender: Sender, hours: int | None) -> None:
        number = len(self.written)
        expires_at = None if hours is None else self.time.at + timedelta(hours=hours)
        delivery_id = put(
            number,
            to=reader.address,
            person_id=reader.person_id,
            cause=f"machine:{number}",
            mail_class=sender.mail_class,
            purpose=sender.purpose,
            timing=sender.timing,
            budget=sender.budget,
            expires_at=expires_at,
        )
        self.written[delivery_id] = Written(number, reader, sender, expires_at=expires_at)

    @precondition(lambda self: self.written)
    @rule(which=st.integers(0, 1000))
    def takes_back(self, which: int) -> None:
        written = list(self.written.values())[which % len(self.written)]
        if cancel(f"machine:{written.number}", self.time.at):
            written.is_cancelled = True

    # What workers do.

    @rule(owner=st.sampled_from(("one", "two", "three")))
    def claims(self, owner: str) -> None:
        if owner in self.in_hand:
            return
        claimed = claim_next(owner, self.time.at)
        if claimed is not None:
            # Long ago enough to look again before it is handed over.
            self.in_hand[owner] = replace(claimed, claimed_at=0.0)

    @precondition(lambda self: self.in_hand)
    @rule(
        which=st.integers(0, 2),
        outcome=st.sampled_from(
            (
                *("accepted", "accepted", "accepted", "killed before", "killed after", "later"),
                *("busy", "cut off", "refused", "no such address", "told to leave"),
            )
        ),
    )
    def hands_over(self, which: int, outcome: str) -> None:
        owner = sorted(self.in_hand)[which % len(self.in_hand)]
        claimed = self.in_hand.pop(owner)
        now = self.time.at
        if outcome == "told to leave":
            release(claimed, now)
            return
        if outcome == "killed before" or now > claimed.lease_until - _MARGIN or not may_still_go(claimed, now):
            return
        written = self.written[claimed.delivery_id]
        if outcome in {"accepted", "killed after", "cut off"}:
            self._arrives(written)
        self._marks(claimed, written, outcome)

    def _marks(self, claimed: ClaimedMail, written: Written, outcome: str) -> None:
        now = self.time.at
        if outcome == "accepted":
            assert mark_sent(claimed, now)
        elif outcome == "later":
            mark_failed_try(claimed, TryLater(Reason.NOT_NOW, 450, "not now"), now)
        elif outcome == "busy":
            mark_failed_try(claimed, TryLater(Reason.BUSY, 421, "slow down", Blame.DOMAIN), now)
        elif outcome == "refused":
            mark_failed_try(claimed, Refused(Reason.REFUSED, 554, "5.7.1 no"), now)
        elif outcome == "no such address":
            mark_failed_try(claimed, Refused(Reason.REFUSED, 550, "5.1.1 no such user", True), now)
            written.reader.is_suppressed = True
        else:
            written.mishaps += 1
            if outcome == "cut off":
                mark_failed_try(claimed, TryLater(Reason.CUT_OFF), now)

    @rule(hours=st.integers(0, 30), step=st.integers(17, 90))
    def a_worker_is_left_alone_for_hours(self, hours: int, step: int) -> None:
        until = self.time.at + timedelta(hours=hours)
        while True:
            while claimed := claim_next("four", self.time.at):
                self._arrives(self.written[claimed.delivery_id])
                assert mark_sent(claimed, self.time.at)
            if self.time.at >= until:
                return
            self.time.pass_by(minutes=step)

    # What clocks do.

    @rule(minutes=st.integers(1, 50))
    def minutes_pass(self, minutes: int) -> None:
        self.time.pass_by(minutes=minutes)

    @rule(hours=st.integers(1, 12))
    def hours_pass(self, hours: int) -> None:
        self.time.pass_by(hours=hours)

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.time.pass_by(days=days)

    # What must hold whenever a message is handed over.

    def _arrives(self, written: Written) -> None:
        reader, sender, now = written.reader, written.sender, self.time.at
        assert not written.is_cancelled
        assert written.expires_at is None or now < written.expires_at + LEASE
        assert len(written.arrived_at) <= written.mishaps, "twice, and nobody was killed"
        assert not reader.is_suppressed
        if sender.mail_class is MailClass.SURVEY:
            assert not reader.is_without_surveys
        if sender.mail_class is MailClass.COMMUNITY:
            assert sender.purpose in reader.consents
            assert not reader.is_paused
            assert reader.rests_until is None or now >= reader.rests_until
        self._is_in_the_window(reader, sender)
        self._is_within_the_budget(written)
        written.arrived_at.append(now)

    def _is_in_the_window(self, reader: Reader, sender: Sender) -> None:
        there, here = (self.time.at.astimezone(ZoneInfo(zone)) for zone in (reader.zone, HOME))
        if sender.timing is Timing.WAKING:
            assert 8 <= there.hour < 21
        if sender.timing is Timing.OFFICE:
            assert here.weekday() < 5
            assert 9 <= here.hour < 17

    def _is_within_the_budget(self, written: Written) -> None:
        sender, zone = written.sender, ZoneInfo(written.reader.zone)
        if sender.budget is Budget.NONE:
            return
        earlier = [
            max(other.arrived_at).astimezone(zone)
            for other in self.written.values()
            if other is not written and other.reader is written.reader and other.sender.budget is sender.budget
            if other.arrived_at
        ]
        now = self.time.at.astimezone(zone)
        if sender.budget is Budget.JOB_ALERTS:
            assert now.date() not in {at.date() for at in earlier}
            return
        days, allowed = {Budget.COMMUNITY: (30, 2), Budget.CHECK_IN: (90, 1)}[sender.budget]
        recent = [at for at in earlier if now < at + timedelta(days=days) - _SLACK]
        assert len(recent) < allowed

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "written"):
            return
        end_reading()
        assert len(states()) == len(self.written)
        for reader in self.readers:
            assert is_suppressed(reader.address) == reader.is_suppressed


def machine_on(app: Flask, time: Time, empty: Callable[[], None]) -> type[Outbox]:
    """The machine on the database of `app`, which `empty` empties, beginning late in winter."""

    class Here(Outbox):
        def __init__(self) -> None:
            super().__init__()
            empty()
            self.app, self.time = app, time
            time.at = START

    return Here
