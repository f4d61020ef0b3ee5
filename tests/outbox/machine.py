"""A state machine over the outbox and `contact`: people, senders, workers and clocks do as they like, in any order.

What may be sent is decided a second time by `oracle`, from a record of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Row, select

from portal.accounts.actions import ask_for_address, confirm_new_address
from portal.accounts.queries import devices_of
from portal.contact.actions import choose, lift_suppression, record_consent, rest_from_community, suppress
from portal.contact.queries import is_suppressed
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
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
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import DeliveryState, Reason, WhyStopped
from portal.people.actions import add_person
from portal.privacy.actions import join_records
from tests import factories
from tests.accounts.visitors import RITA, last_letter
from tests.ats.exports import find_person, row, run, write_file
from tests.conftest import START, Time
from tests.outbox.letters import put
from tests.outbox.minds import CHANGES, Change, chooses_a_rhythm
from tests.outbox.oracle import HOME, PURPOSES, SENDERS, Reader, Sender, Written, may_arrive

#: Clocks of all of them change in the weeks that the machine runs through.
ZONES = ("Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
_MARGIN = timedelta(seconds=60)
_MOST_READERS = 5
#: However long a message is held, a change of mind counts within a day.
_LONGEST_WAIT = timedelta(days=1)
WHO = st.integers(0, _MOST_READERS - 1)


class Outbox(RuleBasedStateMachine):
    """Needs `app` and `time` of the suite and a way to empty the database; see `machine_on`."""

    app: Flask
    time: Time
    folder: Path

    @initialize()
    def people_are_known(self) -> None:
        self.rita = factories.make_staff("Rita Sander", Role.RECRUITER, RITA)
        self.readers: list[Reader] = []
        self.written: dict[int, Written] = {}
        self.in_hand: dict[str, ClaimedMail] = {}
        self.dead: set[str] = set()
        self.imported = 0
        for number, zone in enumerate(ZONES):
            address = f"reader{number}@example.org"
            person = add_person(f"Reader {number}", address, "en", zone, self.time.at)
            reader = Reader(person.id, [address], zone)
            self.readers.append(reader)
            for purpose in PURPOSES:
                choose(reader.person_id, purpose, True, source="machine", now=self.time.at)
                reader.hears(purpose, is_wanted=True)

    def _who(self, who: int) -> Reader:
        return self.readers[who % len(self.readers)]

    # What people do.

    @rule(who=WHO, change=st.sampled_from(CHANGES), purpose=st.sampled_from(PURPOSES), number=st.integers(0, 19))
    def changes_their_mind(self, who: int, change: Change, purpose: Purpose, number: int) -> None:
        """One rule for all of it, so that workers have their share of the steps."""
        change(self._who(who), purpose, number, self.time.at)
        if change is chooses_a_rhythm:
            self._counts_as_before(self._who(who))

    @precondition(lambda self: len(self.readers) > 2)
    @rule(who=WHO, other=WHO)
    def two_records_turn_out_to_be_one_person(self, who: int, other: int) -> None:
        """The first adds an address of the other, and confirms it."""
        kept, gone = self._who(who), self._who(other)
        if kept is gone or len(gone.addresses) > 1:
            return
        factories.signed_in(self.app, kept.person_id)
        end_reading()
        session_id = devices_of(kept.person_id, self.time.at)[0].session_id
        address = gone.addresses[0]
        ask_for_address(kept.person_id, address, is_change=False, browser_secret="", now=self.time.at)
        token = last_letter(address).token(TokenKind.NEW_ADDRESS)
        assert not confirm_new_address(token, kept.person_id, session_id, self.time.at).is_settled
        join_records(kept.person_id, session_id, self.time.at)
        self.readers.remove(gone)
        kept.becomes_one_with(gone)
        for written in self.written.values():
            if written.reader is gone:
                written.reader = kept
        self._counts_as_before(kept)

    def _counts_as_before(self, reader: Reader) -> None:
        """What a worker has in hand was counted under what was allowed then."""
        for claimed in self.in_hand.values():
            written = self.written[claimed.delivery_id]
            if written.reader is reader:
                written.is_counted_before = True

    # What colleagues and senders do.

    @rule(numbers=st.sets(WHO, min_size=1), is_newcomer=st.booleans())
    def imports_people_with_consents(self, numbers: set[int], is_newcomer: bool) -> None:
        """A file of another system says that everybody has agreed to everything; nobody told us."""
        addresses = [address for number in numbers for address in self._who(number).addresses]
        is_newcomer = is_newcomer and len(self.readers) < _MOST_READERS
        if is_newcomer:
            addresses.append(f"newcomer{self.imported}@example.org")
        lines = []
        for address in dict.fromkeys(addresses):
            self.imported += 1
            line = row(id=str(self.imported), name="Somebody", email=address)
            lines.append({**line, "Consent": "yes", "Insider updates": "yes", "Marketing opt-in": "true"})
        report = run(write_file(self.folder, lines))
        assert report.added == len(lines)
        if is_newcomer:
            self.readers.append(Reader(find_person(addresses[-1]).id, [addresses[-1]], HOME))

    @rule(who=WHO, purpose=st.sampled_from(PURPOSES))
    def a_colleague_enters_a_consent(self, who: int, purpose: Purpose) -> None:
        reader = self._who(who)
        record_consent(
            reader.person_id,
            purpose,
            ConsentAction.GIVEN,
            words="said on the telephone",
            text_version="1",
            locale="en",
            source="machine",
            now=self.time.at,
            actor_id=self.rita,
        )
        reader.said.setdefault(purpose, True)

    @rule(who=WHO, what=st.integers(0, 9))
    def has_bad_luck(self, who: int, what: int) -> None:
        """They are not selected, or an address dies, until an admin lets all of them be tried again."""
        reader = self._who(who)
        if what == 0:
            reader.rests_until = max(reader.rests_until or self.time.at, self.time.at + timedelta(days=7))
            rest_from_community(reader.person_id, reader.rests_until, self.time.at)
        elif what == 1:
            suppress(reader.addresses[-1], code=550, words="gone", now=self.time.at)
            self.dead.add(reader.addresses[-1])
        else:
            for address in sorted(self.dead):
                lift_suppression(address, actor_id=self.rita, now=self.time.at)
            self.dead.clear()

    @rule(sender=st.sampled_from(SENDERS), count=st.integers(1, 3), hours=st.none() | st.integers(1, 400))
    def writes_to_everybody(self, sender: Sender, count: int, hours: int | None) -> None:
        for reader in self.readers * count:
            self._write(reader, sender, hours)

    @rule(who=WHO, sender=st.sampled_from(SENDERS), hours=st.none() | st.integers(1, 400))
    def writes(self, who: int, sender: Sender, hours: int | None) -> None:
        self._write(self._who(who), sender, hours)

    def _write(self, reader: Reader, sender: Sender, hours: int | None) -> None:
        number = len(self.written)
        expires_at = None if hours is None else self.time.at + timedelta(hours=hours)
        address = reader.addresses[number % len(reader.addresses)]
        delivery_id = put(
            number,
            to=address,
            person_id=reader.person_id,
            cause=f"machine:{number}",
            mail_class=sender.mail_class,
            purpose=sender.purpose,
            timing=sender.timing,
            budget=sender.budget,
            expires_at=expires_at,
        )
        self.written[delivery_id] = Written(number, reader, address, sender, expires_at=expires_at)

    @precondition(lambda self: self.written)
    @rule(which=st.integers(0, 1000))
    def takes_back(self, which: int) -> None:
        written = list(self.written.values())[which % len(self.written)]
        if cancel(f"machine:{written.number}", self.time.at):
            written.is_cancelled = True

    # What workers do.

    @rule(owners=st.sets(st.sampled_from(("one", "two", "three")), min_size=1))
    def claim(self, owners: set[str]) -> None:
        for owner in sorted(owners - set(self.in_hand)):
            claimed = self._claim(owner)
            if claimed is not None:
                # Long ago enough to look again before it is handed over.
                self.in_hand[owner] = replace(claimed, claimed_at=0.0)

    def _claim(self, owner: str) -> ClaimedMail | None:
        """The next of the messages that the machine wrote; letters about accounts arrive at once."""
        while (claimed := claim_next(owner, self.time.at)) and claimed.delivery_id not in self.written:
            assert claimed.letter.to_address not in self.dead
            assert mark_sent(claimed, self.time.at)
        return claimed

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
            self.dead.add(written.address)
        else:
            written.mishaps += 1
            if outcome == "cut off":
                mark_failed_try(claimed, TryLater(Reason.CUT_OFF), now)

    @rule(hours=st.integers(0, 30), step=st.integers(17, 90))
    def a_worker_is_left_alone_for_hours(self, hours: int, step: int) -> None:
        until = self.time.at + timedelta(hours=hours)
        while True:
            self._sends_all_that_is_due()
            if self.time.at >= until:
                return
            self.time.pass_by(minutes=step)

    def _sends_all_that_is_due(self) -> None:
        while claimed := self._claim("four"):
            self._arrives(self.written[claimed.delivery_id])
            assert mark_sent(claimed, self.time.at)

    # What clocks do.

    @rule(count=st.integers(1, 50), unit=st.sampled_from(("minutes", "hours", "days")))
    def time_passes(self, count: int, unit: str) -> None:
        self.time.pass_by(**{unit: count if unit == "minutes" else count / 2})

    # What must hold whenever a message is handed over, always, and in the end.

    def _arrives(self, written: Written) -> None:
        assert not written.is_cancelled
        assert written.expires_at is None or self.time.at < written.expires_at + LEASE
        assert written.address not in self.dead
        may_arrive(written, self.time.at, list(self.written.values()))
        written.arrived_at.append(self.time.at)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "written"):
            return
        rows = self._rows()
        assert set(rows) >= set(self.written)
        for delivery_id, written in self.written.items():
            assert written.arrived_at or rows[delivery_id].state is not DeliveryState.SENT
        for reader in self.readers:
            for address in reader.addresses:
                assert is_suppressed(address) == (address in self.dead)

    def _rows(self) -> dict[int, Row[DeliveryState, WhyStopped | None, datetime]]:
        end_reading()
        columns = (Delivery.id, Delivery.state, Delivery.stopped_reason, Delivery.next_try_at)
        return {found.id: found for found in session().execute(select(*columns))}  # type: ignore[misc]

    def teardown(self) -> None:
        """What was stopped has a reason, and what waits is looked at again soon."""
        if not hasattr(self, "written"):
            return
        for delivery_id, found in self._rows().items():
            if found.state is DeliveryState.CANCELLED and delivery_id in self.written:
                assert self.written[delivery_id].is_cancelled or found.stopped_reason is not None
                # Nobody is erased here, so nobody is gone: records that become one take their mail along.
                assert found.stopped_reason is not WhyStopped.GONE
            if found.state in {DeliveryState.QUEUED, DeliveryState.LEASED}:
                assert found.next_try_at <= self.time.at + _LONGEST_WAIT


def machine_on(app: Flask, time: Time, folder: Path, empty: Callable[[], None]) -> type[Outbox]:
    """The machine on the database of `app`, which `empty` empties, beginning late in winter."""

    class Here(Outbox):
        def __init__(self) -> None:
            super().__init__()
            empty()
            self.app, self.time, self.folder = app, time, folder
            time.at = START

    return Here
