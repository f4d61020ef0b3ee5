"""What the worker does, when it is there, and what the mail server answers; what it accepts is what candidates know."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.actions import ClaimedMail, claim_next, mark_failed_try, mark_sent, may_still_go
from portal.outbox.actions.retrying import retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import Reason
from portal.timetable import TIMETABLE
from tests.applications.machine.oracle import By, Told, Word, days_in, marks_in
from tests.applications.machine.world import World

#: All that touches applications and whoever owes something about them.
JOBS = tuple(
    job.run
    for job in TIMETABLE
    if job.name.split("/")[0] in {"applications", "openings", "conversations", "tasks"} and "forget" not in job.name
)
#: What a mail server answers when it does not accept.
FAILURES: dict[str, Refused | TryLater] = {
    "later": TryLater(Reason.NOT_NOW, 450, "4.2.0 later"),
    "down": TryLater(Reason.UNREACHABLE, blame=Blame.SERVER, is_before_message=True),
    "no such user": Refused(Reason.REFUSED, 550, "5.1.1 no such user", is_about_recipient=True),
    "not this": Refused(Reason.REFUSED, 554, "5.7.1 not this message"),
}
ANSWERS = st.sampled_from((None, None, *FAILURES))
#: What nobody writes.
AUTOMATIC = {"applications/holding_note": By.NOTE, "applications/escalated": By.ESCALATION}
#: Mails about an application that say nothing new of where it stands.
SAY_NOTHING_NEW = {
    "applications/received",
    "applications/withdrawn",
    "applications/follow",
    "applications/confirm_application",
}


class Worker(World):
    """Jobs, mail in the hand of a worker, and time."""

    # Jobs.

    def all_jobs_run(self) -> None:
        for run in JOBS:
            run(clock.now())
        end_reading()

    @rule(number=st.integers(0, len(JOBS) - 1))
    def one_job_runs(self, number: int) -> None:
        JOBS[number](clock.now())
        end_reading()

    @rule()
    def works(self) -> None:
        """The worker is there: all that is due is done, and what may go is accepted."""
        self.all_jobs_run()
        self.sends(None)
        self.all_jobs_run()
        self.has_worked = True

    @rule(answer=ANSWERS)
    def sends(self, answer: str | None) -> None:
        """Everything that may go now is tried, with the same answer to each; a worker waits when the server is down."""
        while (claimed := claim_next("a-worker", clock.now())) is not None:
            self.hands_over(claimed, answer)
            if answer == "down":
                break
        end_reading()
        self.has_worked = False

    @rule(answer=ANSWERS)
    def is_slow(self, answer: str | None) -> None:
        """A slow worker takes one message into its hand; the next time it hands that over."""
        if self.in_hand:
            self.hands_over_at_last(answer)
        elif (claimed := claim_next("a-slow-worker", clock.now())) is not None:
            self.in_hand.append(claimed)
        end_reading()

    def hands_over_at_last(self, answer: str | None) -> None:
        claimed = replace(self.in_hand.pop(0), claimed_at=0.0)
        if may_still_go(claimed, clock.now()):
            self.hands_over(claimed, answer)
        self.has_worked = False

    def hands_over(self, claimed: ClaimedMail, answer: str | None) -> None:
        if answer is not None:
            assert mark_failed_try(claimed, FAILURES[answer], clock.now())
            return
        assert mark_sent(claimed, clock.now())
        self.arrives(claimed)

    @rule(place=st.integers(0, 5), may_lift=st.booleans())
    def is_tried_again(self, place: int, may_lift: bool) -> None:
        """An admin lets a letter that did not arrive be tried again."""
        end_reading()
        rows = select(Delivery.key).where(is_dead()).where(Delivery.blanked_at.is_(None)).order_by(Delivery.id.desc())
        dead = list(session().scalars(rows))
        if dead and may_lift:
            key = dead[place % len(dead)]
            retry_dead_letter(key, may_lift=True, actor_id=self.admin, now=clock.now())
            self.has_worked = False

    # What arrives.

    def arrives(self, claimed: ClaimedMail) -> None:
        """The mail server has it: from now on the candidate knows what it says."""
        end_reading()
        kind, text, now = claimed.letter.kind, claimed.letter.text, clock.now()
        found = self.letters.get(claimed.delivery_id) or self.made_by_a_job(claimed)
        if found is None:
            return
        told, word = found
        assert claimed.letter.to_address == told.email
        assert word.marks <= marks_in(text), "they read what was written"
        assert word.day is None or word.day in days_in(text), "and the day by which they hear next"
        if kind in AUTOMATIC:
            told.check_automatic(word, now)
        told.hears(word, now)

    def made_by_a_job(self, claimed: ClaimedMail) -> tuple[Told, Word] | None:
        """Of a message that nobody wrote by hand: whom it is to, and what it says."""
        kind, text = claimed.letter.kind, claimed.letter.text
        if not kind.startswith("applications/") or kind in SAY_NOTHING_NEW:
            return None
        told = self.told_of(claimed.delivery_id)
        word = self.automatic(told, kind, text) if kind in AUTOMATIC else self.of_many(told, text)
        self.remember(told, word, claimed.delivery_id)
        return told, word

    def told_of(self, delivery_id: int) -> Told:
        cause = session().scalars(select(Delivery.cause).where(Delivery.id == delivery_id)).one()
        return next(one for one in self.told if cause == f"application:{one.public_id}")

    def automatic(self, told: Told, kind: str, text: str) -> Word:
        """A note names a new day, the other message none."""
        by = AUTOMATIC[kind]
        return Word(by, told.newest.status, max(days_in(text)) if by is By.NOTE else None)

    def of_many(self, told: Told, text: str) -> Word:
        marks = marks_in(text)
        assert len(marks) == 1, f"nobody has written this: {text}"
        return Word(By.PERSON, self.for_many[min(marks)], None, marks)

    # Time.

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.passes(minutes=minutes)
        self.works()

    @rule(days=st.integers(1, 9))
    def worker_is_away(self, days: int) -> None:
        self.passes(days=days)
        self.has_worked = False

    @rule(times=st.integers(1, 12), answer=ANSWERS)
    def worker_is_there(self, times: int, answer: str | None) -> None:
        """Every few hours, not always the same, it does what is due; the mail server has one mood all the while."""
        for _time in range(times):
            self.passes(hours=7, minutes=7)
            self.all_jobs_run()
            self.has_worked = True
            self.check()
            self.sends(answer)

    def check(self) -> None:
        """What holds at every step; see `Machine`."""
        raise NotImplementedError
