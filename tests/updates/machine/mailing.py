"""What the worker hands over, what the mail server answers, and what arrives."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from portal.contact.queries import is_suppressed
from portal.contact.rules import Wanted
from portal.core import clock
from portal.core.db import end_reading, fetch, session, transaction
from portal.outbox.actions import ClaimedMail, claim_next, mark_failed_try, mark_sent, may_still_go
from portal.outbox.actions.coming_in.bouncing import Heard, note_bounce
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.rules.incoming import Report
from portal.outbox.states import Bounce, DeliveryState, Reason
from tests.outbox.oracle import Sender, Written, may_arrive
from tests.updates.machine.oracle import Posted, Somebody, Stands, sees, titles_in
from tests.updates.machine.world import MAILS, World

#: What a mail server answers when it does not accept.
FAILURES: dict[str, Refused | TryLater] = {
    "later": TryLater(Reason.NOT_NOW, 450, "4.2.0 later"),
    "down": TryLater(Reason.UNREACHABLE, blame=Blame.SERVER, is_before_message=True),
    "no such user": Refused(Reason.REFUSED, 550, "5.1.1 no such user", is_about_recipient=True),
    "not this": Refused(Reason.REFUSED, 554, "5.7.1 not this message"),
    "cut off": TryLater(Reason.CUT_OFF),
}
#: Most of the time it accepts, or asks us to come back.
ANSWERS = st.sampled_from((*(None,) * 5, *FAILURES, "later", "later", "killed before", "killed after"))
_MARGIN = timedelta(seconds=60)


class Mailing(World):
    """Mail in the hand of a worker."""

    @rule(answer=ANSWERS, is_slow=st.booleans())
    def mail_goes(self, answer: str | None, is_slow: bool) -> None:
        if is_slow:
            self.is_slow(answer)
        else:
            self.sends(answer)

    def sends(self, answer: str | None) -> None:
        """Everything that may go now is tried, with the same answer to each; a worker waits when the server is down."""
        while (claimed := claim_next("a-worker", clock.now())) is not None:
            if not self.hands_over(claimed, answer):
                break
        end_reading()

    def is_slow(self, answer: str | None) -> None:
        """A slow worker takes one message into its hand; the next time it hands that over."""
        if self.in_hand:
            claimed = replace(self.in_hand.pop(0), claimed_at=0.0)
            if clock.now() <= claimed.lease_until - _MARGIN and may_still_go(claimed, clock.now()):
                self.hands_over(claimed, answer)
        elif (claimed := claim_next("a-slow-worker", clock.now())) is not None:
            self.in_hand.append(claimed)
            if claimed.letter.kind in MAILS:
                self.of(claimed)
        end_reading()

    def hands_over(self, claimed: ClaimedMail, answer: str | None) -> bool:
        """Whether the worker goes on."""
        if claimed.letter.kind not in MAILS:
            assert mark_sent(claimed, clock.now())
            return True
        written = self.of(claimed)
        if answer in {"killed before", "killed after", "cut off"}:
            self.uncertain.add(claimed.delivery_id)
        if answer == "killed before":
            return False
        if answer in {None, "killed after", "cut off"}:
            self.arrives(claimed, written)
        if answer is None:
            assert mark_sent(claimed, clock.now())
        elif answer == "killed after":
            written.mishaps += 1
        else:
            self.fails(claimed, written, answer)
        return answer not in {"down", "killed after"}

    def of(self, claimed: ClaimedMail) -> Written:
        """What we know of this message."""
        if claimed.delivery_id not in self.written:
            end_reading()
            row = session().get_one(Delivery, claimed.delivery_id)
            self.written[claimed.delivery_id] = Written(
                claimed.delivery_id,
                self.person(claimed.person_id),
                claimed.letter.to_address,
                _sender(claimed.wanted),
                expires_at=row.expires_at,
            )
        return self.written[claimed.delivery_id]

    def fails(self, claimed: ClaimedMail, written: Written, answer: str) -> None:
        if answer == "cut off":
            written.mishaps += 1
        assert mark_failed_try(claimed, FAILURES[answer], clock.now())
        end_reading()
        if answer == "no such user":
            self.address_dies(written)
        state = fetch(select(Delivery.state).where(Delivery.id == claimed.delivery_id)).scalar_one()
        if state is DeliveryState.DEAD and claimed.letter.kind == "updates/update":
            for name in titles_in(claimed.letter.subject):
                self.named(name).owed -= {written.reader}

    @precondition(lambda self: self.written)
    @rule(which=st.integers(0, 99), bounce=st.sampled_from((Bounce.SOFT, Bounce.REFUSED)))
    def comes_back(self, which: int, bounce: Bounce) -> None:
        """A server took it, and says later that it did not arrive after all."""
        number = list(self.written)[which % len(self.written)]
        written = self.written[number]
        end_reading()
        is_sent = fetch(select(Delivery.state).where(Delivery.id == number)).scalar_one() is DeliveryState.SENT
        if not is_sent or written.reader not in self.people:
            return
        with transaction():
            heard = note_bounce(number, Report(bounce, "4.2.2", 452, "mailbox full"), clock.now())
        if heard is not Heard.BELIEVED:
            return
        written.arrived_at.clear()
        self.came_back.add(number)
        for posted in self.posted:
            for letters in posted.got.values():
                letters.discard(number)
        if is_suppressed(written.address):
            self.address_dies(written)

    def address_dies(self, written: Written) -> None:
        self.dead.add(written.address)
        for posted in self.posted:
            posted.owed -= {written.reader}
            posted.astray |= {written.reader}  # type: ignore[arg-type]

    # What arrives.

    def arrives(self, claimed: ClaimedMail, written: Written) -> None:
        end_reading()
        assert written.address not in self.dead
        one = self.person(claimed.person_id)
        assert written.reader is one
        may_arrive(written, clock.now(), list(self.written.values()))
        written.arrived_at.append(clock.now())
        carried = titles_in(f"{claimed.letter.subject}\n{claimed.letter.text}")
        assert carried, "a mail about nothing"
        for name, version in carried.items():
            posted = self.named(name)
            self.check_arrival(posted, one, claimed, version)
            posted.got.setdefault(one, set()).add(claimed.delivery_id)
            posted.owed.discard(one)

    def check_arrival(self, posted: Posted, one: Somebody, claimed: ClaimedMail, version: int) -> None:
        is_first_try = claimed.attempts == 1
        assert one in posted.readers, f"{posted.title} went to somebody outside its audience"
        others = posted.got.get(one, set()) - {claimed.delivery_id}
        # What came back is tried once more, also when another letter to a record that is theirs by now has come.
        is_again = claimed.delivery_id in self.came_back or all(self.written[other].mishaps for other in others)
        assert is_again, f"{posted.title} came twice to {one}"
        is_uncertain = claimed.letter.kind == "digests/digest" and claimed.delivery_id in self.uncertain
        if not posted.is_settled or is_uncertain:
            # A digest of which nobody knows whether it has arrived goes again as it is.
            return
        assert posted.stands is Stands.OUT, f"{posted.title} went after it was withdrawn"
        assert sees(one, posted), f"{posted.title} went to somebody who cannot read it"
        assert not posted.is_stopped, f"{posted.title} went after its mailing was stopped"
        if is_first_try:
            assert not posted.is_paused, f"{posted.title} went in a pause"
            assert version == posted.version, f"{posted.title} went in its old words"


def _sender(wanted: Wanted) -> Sender:
    return Sender(wanted.mail_class, wanted.purpose, wanted.timing, wanted.budget)
