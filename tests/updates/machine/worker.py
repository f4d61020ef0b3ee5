"""What the worker does, when it is there, and what its digests hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, fetch
from portal.core.pausing import ToldToLeave, pausing_for
from portal.digests.jobs import collect_letters, mail_updates, send_digests
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.states import Way
from portal.outbox.models import Delivery
from portal.updates.jobs import publish_due
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.states import UpdateState
from tests.updates.machine.mailing import ANSWERS, Mailing
from tests.updates.machine.oracle import (
    LONGEST_ABSENCE,
    LONGEST_WAIT,
    Decided,
    Posted,
    Somebody,
    Stands,
    first_digest_after,
    sees,
    titles_in,
)
from tests.updates.machine.world import MAILS, Mail

#: In the order in which a worker does them.
JOBS: tuple[Callable[[datetime], None], ...] = (publish_due, mail_updates, collect_letters, send_digests)
KILLS = st.sampled_from((None, None, None, 0, 1, 2, 3))
_STATES = {
    UpdateState.DRAFT: Stands.DRAFT,
    UpdateState.SCHEDULED: Stands.SCHEDULED,
    UpdateState.PUBLISHING: Stands.PUBLISHING,
    UpdateState.PUBLISHED: Stands.OUT,
    UpdateState.CORRECTED: Stands.OUT,
    UpdateState.WITHDRAWN: Stands.WITHDRAWN,
}


class Worker(Mailing):
    """Jobs, and time."""

    # Jobs.

    @rule(number=st.integers(0, len(JOBS) - 1), killed_after=KILLS)
    def one_job_runs(self, number: int, killed_after: int | None) -> None:
        end_reading()
        job = JOBS[number]
        if job is publish_due:
            self.looks_at_audiences()
        with _killed_after(killed_after) as was_killed:
            job(clock.now())
        end_reading()
        is_whole = not was_killed
        if job is publish_due:
            self.sees_what_is_published(is_whole=is_whole)
        if job is mail_updates:
            self.sees_what_is_decided(is_whole=is_whole)
        if job is send_digests:
            self.sees_digests()

    @rule(hours=st.sampled_from((0, 1, 11, 50, 190)), answer=ANSWERS)
    def works(self, hours: int, answer: str | None) -> None:
        """The worker is there: all that is due is done, and what may go goes."""
        self.time.pass_by(hours=hours)
        for number in range(len(JOBS)):
            self.one_job_runs(number, None)
        self.sends(answer)

    def looks_at_audiences(self) -> None:
        for posted in self.posted:
            if posted.stands is Stands.SCHEDULED and (posted.publish_at or clock.now()) <= clock.now():
                is_whole = not posted.is_over(self.today())
                if is_whole and (not posted.segment or posted.segment in self.segments):
                    posted.tree = self.segments.get(posted.segment)
                    posted.look(self.people)
            if posted.stands is Stands.PUBLISHING:
                posted.look(self.people)

    def sees_what_is_published(self, *, is_whole: bool) -> None:
        rows = fetch(
            select(InsiderUpdate.id, InsiderUpdate.state, InsiderUpdate.slug, InsiderUpdate.published_at).order_by(
                InsiderUpdate.id
            )
        )
        found = {row.id: row for row in rows}
        for posted in self.posted:
            row = found[posted.update_id]
            before, after = posted.stands, _STATES[row.state]
            if before is Stands.SCHEDULED and after is not before:
                self.check_scheduled(posted, after)
            assert not is_whole or after is not Stands.PUBLISHING, f"{posted.title} is never finished"
            assert not is_whole or after is not Stands.SCHEDULED or (posted.publish_at or clock.now()) > clock.now()
            posted.stands, posted.slug = after, row.slug or ""
            if after is Stands.OUT and posted.published_at is None:
                posted.published_at = row.published_at
                self.sees_the_audience(posted)

    def check_scheduled(self, posted: Posted, after: Stands) -> None:
        """Its time has come: it goes out, or something is missing by now."""
        assert posted.publish_at is not None
        assert posted.publish_at <= clock.now(), f"{posted.title} went out too soon"
        is_whole = not posted.is_over(self.today()) and (not posted.segment or posted.segment in self.segments)
        assert (after is Stands.DRAFT) == (not is_whole), f"{posted.title} went out, or did not, for no reason"
        posted.publish_at = None

    def sees_the_audience(self, posted: Posted) -> None:
        """Everybody who was in it all the while it was written down, and nobody who never was."""
        statement = (
            select(UpdateReader.person_id)
            .where(UpdateReader.update_id == posted.update_id)
            .where(UpdateReader.is_in_audience)
        )
        written = {person_id for (person_id,) in fetch(statement)}
        for one in self.people:
            looks = posted.looks.get(one, {False})
            if len(looks) == 1:
                assert (one.person_id in written) is (True in looks), (posted.title, one)
            if one.person_id in written:
                posted.readers.add(one)
        assert written == {one.person_id for one in posted.readers}

    def sees_what_is_decided(self, *, is_whole: bool) -> None:
        begun = set(fetch(select(UpdateMailing.update_id)).scalars())
        rows = fetch(select(MailedUpdate.update_id, MailedUpdate.person_id)).all()
        for posted in self.posted:
            posted.has_begun = posted.update_id in begun
            assert not posted.has_begun or posted.stands in {Stands.OUT, Stands.WITHDRAWN}
            if is_whole:
                # What is in a slow worker's hand goes on from there.
                posted.is_settled = not any(posted.name in titles_in(one.letter.text) for one in self.in_hand)
                self.check_begun(posted)
        for update_id, person_id in rows:
            posted = next(one for one in self.posted if one.update_id == update_id)
            self.is_decided(posted, self.person(person_id))

    def check_begun(self, posted: Posted) -> None:
        """What is out is mailed soon, and for everybody it is for it is decided how."""
        if posted.stands is not Stands.OUT or posted.published_at is None:
            return
        if clock.now() - posted.published_at < LONGEST_ABSENCE:
            assert posted.has_begun, f"no mail goes about {posted.title}"

    def is_decided(self, posted: Posted, one: Somebody) -> None:
        if one in posted.decided:
            return
        assert one in posted.readers, f"{posted.title} is not for them"
        is_wanted = one.said.get(posted.purpose) is True and one not in posted.read
        is_wanted = is_wanted and not self.is_out_of_reach(one)
        posted.decided[one] = Decided(clock.now(), is_wanted)
        if is_wanted and posted.stands is Stands.OUT and not posted.is_stopped:
            posted.owed.add(one)

    def is_out_of_reach(self, one: Somebody) -> bool:
        return bool(self.dead & set(one.addresses))

    # Digests.

    def sees_digests(self) -> None:
        """Each that was just written holds exactly what came since the last."""
        for mail in self.letters(self.newest_digest):
            if mail.kind == "digests/digest":
                self.check_digest(mail)
            self.newest_digest = max(self.newest_digest, mail.id)

    def check_digest(self, mail: Mail) -> None:
        one = self.person(mail.person_id)
        held = {self.named(name) for name in titles_in(mail.text)}
        assert held, f"an empty mail: {mail.subject}"
        due = {posted for posted in self.posted if self.is_due(posted, one, mail)}
        assert held == due, ([each.title for each in held], [each.title for each in due], one)
        oldest = min(posted.decided[one].at for posted in held)
        rhythm = one.rhythms.get(next(iter(held)).purpose)
        assert clock.now() >= first_digest_after(oldest, rhythm, one.zone), f"a {rhythm} digest too soon"

    def is_due(self, posted: Posted, one: Somebody, mail: Mail) -> bool:
        """Whether it waits for the digest that is being written: it has come to them by no other mail."""
        decided = posted.decided.get(one)
        if decided is None or posted.purpose is not mail.purpose or not decided.was_wanted:
            return False
        is_theirs = posted.stands is Stands.OUT and sees(one, posted) and one not in posted.read
        is_going = not posted.is_paused and not posted.is_stopped
        is_news = clock.now() - decided.at <= LONGEST_WAIT and not posted.is_over(self.today())
        if not (is_theirs and is_going and is_news) or one.has_refused_since(posted.purpose, decided.at):
            return False
        return not self.is_elsewhere(posted, one, mail.id)

    def is_elsewhere(self, posted: Posted, one: Somebody, but_id: int) -> bool:
        """Whether another mail carries it or carried it, or a letter of its own is being written anew."""
        has_come = any(not self.written[letter].mishaps for letter in posted.got.get(one, ()))
        if one in posted.astray or has_come:
            return True
        others = fetch(
            select(Delivery.subject, Delivery.text)
            .where(Delivery.kind.in_(MAILS))
            .where(Delivery.person_id == one.person_id)
            .where(Delivery.id != but_id)
        )
        if any(posted.name in titles_in(f"{subject}\n{text}") for subject, text in others):
            return True
        statement = (
            select(MailedUpdate.person_id)
            .where(MailedUpdate.update_id == posted.update_id)
            .where(MailedUpdate.person_id == one.person_id)
            .where(MailedUpdate.way == Way.TO_WRITE)
        )
        return fetch(statement).first() is not None

    # Time.

    @rule(minutes=st.integers(1, 600) | st.integers(1, 12).map(lambda days: days * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        """And the worker is away."""
        self.time.pass_by(minutes=minutes)

    @rule(days=st.integers(1, 9))
    def worker_is_there(self, days: int) -> None:
        """Every half day it does what is due, and every mail server accepts."""
        for _half in range(2 * days):
            self.works(11, None)
            self.time.pass_by(minutes=61)


@contextmanager
def _killed_after(steps: int | None) -> Iterator[list[int]]:
    """Let the work inside the block end at its so-manieth pause, wherever that is; None: not at all.

    What it gives holds something afterwards when it was killed.
    """
    left, kills = [steps], list[int]()

    def end() -> None:
        if left[0] is None:
            return
        if left[0] <= 0:
            kills.append(1)
            raise ToldToLeave
        left[0] -= 1

    try:
        with pausing_for(end):
            yield kills
    except ToldToLeave:
        pass
