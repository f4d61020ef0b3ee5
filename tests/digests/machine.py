"""A state machine over updates by mail: readers, recruiters, workers and clocks do as they like, in any order.

What may be sent, and what is owed in the end, is decided a second time here, from a record of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select

from portal.community.actions import leave_community
from portal.contact.actions import choose, stop
from portal.contact.states import Purpose, Rhythm
from portal.core.db import end_reading, fetch, transaction
from portal.core.pausing import ToldToLeave, pausing_for
from portal.digests.actions import pause_mailing, resume_mailing, stop_mailing
from portal.digests.jobs import collect_letters, mail_updates, send_digests
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.outbox.models import DevMail
from portal.people.models import Person
from portal.updates.actions import note_seen, withdraw_update
from portal.updates.states import Audience
from tests.conftest import Time
from tests.digests.mails import choose_rhythm, deliver, pause_mail, reader, update_id
from tests.factories import make_staff, primary_email
from tests.openings.early import like
from tests.updates.posting import post

ZONES = ("Europe/Warsaw", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
WHO = st.integers(0, len(ZONES) - 1)
WHICH = st.integers(0, 30)
UPDATES = Purpose.INSIDER_UPDATES
_MOST_UPDATES = 12
_OFTEN_ENOUGH = 8


@dataclass
class Somebody:
    """A reader as this record knows them."""

    person_id: int
    address: str
    says_yes: bool = True
    is_paused: bool = False
    is_member: bool = True


@dataclass
class Posted:
    """An update as this record knows it."""

    slug: str
    title: str
    audience: set[int]
    is_decided: bool = False
    is_withdrawn: bool = False
    #: What a colleague said of its mailing.
    is_paused: bool = False
    is_stopped: bool = False
    #: Who must have it in the end, who has it, and who read it on its page.
    owed: set[int] = field(default_factory=set)
    got: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)


class Digests(RuleBasedStateMachine):
    """Needs `app` and `time` of the suite and a way to empty the database; see `machine_on`."""

    app: Flask
    time: Time

    @initialize()
    def people_are_known(self) -> None:
        self.rita = make_staff()
        self.people: list[Somebody] = []
        self.posted: list[Posted] = []
        self.seen_mails = 0
        for number, zone in enumerate(ZONES):
            person_id = reader(f"Reader {number}", list(Rhythm)[number % 3] if number < 3 else None)
            with transaction() as own:
                own.get_one(Person, person_id).timezone = zone
            if number % 2:
                like(person_id, "data")
            self.people.append(Somebody(person_id, primary_email(person_id)))

    # What colleagues do.

    @precondition(lambda self: len(self.posted) < _MOST_UPDATES)
    @rule(is_for_some=st.booleans())
    def somebody_posts(self, is_for_some: bool) -> None:
        title = f"News {chr(ord('A') + len(self.posted))}"
        facts = {"audience": Audience.AREAS, "areas": ("data",)} if is_for_some else {"audience": Audience.MEMBERS}
        slug = post(self.rita, title, **facts)
        audience = {
            one.person_id for number, one in enumerate(self.people) if one.is_member and (number % 2 or not is_for_some)
        }
        self.posted.append(Posted(slug, title, audience))

    @precondition(lambda self: self.posted)
    @rule(which=WHICH)
    def it_is_withdrawn(self, which: int) -> None:
        one = self._one(which)
        if not one.is_withdrawn:
            withdraw_update(update_id(one.slug), words="", actor_id=self.rita, now=self.time.at)
            one.is_withdrawn = True
            one.owed.clear()

    @precondition(lambda self: self.posted)
    @rule(which=WHICH, is_stopped=st.booleans())
    def a_mailing_rests_goes_on_or_ends(self, which: int, is_stopped: bool) -> None:
        one = self._one(which)
        end_reading()
        if one.is_stopped or one.is_withdrawn or not self._has_begun(one):
            return
        move = stop_mailing if is_stopped and which % 3 == 0 else resume_mailing if one.is_paused else pause_mailing
        move(update_id(one.slug), actor_id=self.rita, now=self.time.at)
        if move is stop_mailing:
            one.is_stopped = True
            one.owed.clear()
        one.is_paused = move is pause_mailing

    # What readers do.

    @rule(who=WHO)
    def says_yes_or_no(self, who: int) -> None:
        one = self.people[who]
        if not one.is_member:
            return
        if one.says_yes:
            stop(one.person_id, [UPDATES], source="/unsubscribe", now=self.time.at)
            self._is_owed_nothing(one)
        else:
            choose(one.person_id, UPDATES, True, source="/me/preferences", now=self.time.at)
        one.says_yes = not one.says_yes
        self.time.pass_by(seconds=1)

    @rule(who=WHO, rhythm=st.sampled_from(list(Rhythm)))
    def chooses_a_rhythm(self, who: int, rhythm: Rhythm) -> None:
        choose_rhythm(self.people[who].person_id, rhythm)

    @rule(who=WHO)
    def pauses_or_comes_back(self, who: int) -> None:
        one = self.people[who]
        one.is_paused = not one.is_paused
        pause_mail(one.person_id, one.is_paused)

    @precondition(lambda self: self.posted)
    @rule(who=WHO, which=WHICH)
    def reads_on_the_page(self, who: int, which: int) -> None:
        one, posted = self.people[who], self._one(which)
        end_reading()
        if one.is_member and not posted.is_withdrawn and one.person_id in posted.audience:
            note_seen(posted.slug, one.person_id, self.time.at)
            posted.read.add(one.person_id)
            posted.owed.discard(one.person_id)

    @rule(who=WHO, how_sure=st.integers(0, 3))
    def leaves(self, who: int, how_sure: int) -> None:
        one = self.people[who]
        if how_sure == 0 and one.is_member and who != 0:
            end_reading()
            leave_community(one.person_id, self.time.at)
            one.is_member = one.says_yes = False
            self._is_owed_nothing(one)

    # What time and workers do.

    @rule(hours=st.sampled_from([1, 7, 24, 50, 170, 400]))
    def time_passes(self, hours: int) -> None:
        self.time.pass_by(hours=hours)

    @rule(hours=st.sampled_from([0, 3, 11, 24]), killed_after=st.sampled_from([None, None, 0, 1, 2]))
    def a_worker_works(self, hours: int, killed_after: int | None) -> None:
        self.time.pass_by(hours=hours)
        self._work(killed_after)

    @rule()
    def in_the_end_everybody_has_what_is_theirs(self) -> None:
        """Months go by in which nobody does anything but the workers."""
        for one in self.people:
            if one.is_paused:
                one.is_paused = False
                pause_mail(one.person_id, False)
        for posted in self.posted:
            if posted.is_paused and not posted.is_withdrawn and not posted.is_stopped:
                resume_mailing(update_id(posted.slug), actor_id=self.rita, now=self.time.at)
                posted.is_paused = False
        for _day in range(40 * 2):
            self.time.pass_by(hours=12)
            self._work(None)
        for posted in self.posted:
            assert posted.owed <= posted.got, f"{posted.title} is owed to {posted.owed - posted.got}"

    def _work(self, killed_after: int | None) -> None:
        end_reading()
        for job in (mail_updates, collect_letters, send_digests):
            with _killed_after(killed_after):
                job(self.time.at)
            end_reading()
        if killed_after is not None:
            mail_updates(self.time.at)
        self._note_decisions()
        deliver()
        self._look_at_mails()

    def _note_decisions(self) -> None:
        end_reading()
        for posted in self.posted:
            if not posted.is_decided and self._is_decided(posted):
                posted.is_decided = True
                wanting = {one.person_id for one in self.people if one.says_yes}
                if not posted.is_withdrawn and not posted.is_stopped:
                    posted.owed = (posted.audience & wanting) - posted.read

    def _look_at_mails(self) -> None:
        statement = (
            select(DevMail.kind, DevMail.to_address, DevMail.subject, DevMail.text)
            .where(DevMail.kind.in_(["updates/update", "digests/digest"]))
            .order_by(DevMail.id)
        )
        mails = fetch(statement).all()
        by_address = {one.address: one for one in self.people}
        for kind, address, subject, text in mails[self.seen_mails :]:
            to = by_address[address]
            assert to.says_yes, "somebody who said no got a mail"
            assert not to.is_paused, "somebody got a mail in a pause"
            held = [one for one in self.posted if one.title in subject or f"{one.title}\n" in text]
            assert held, f"an empty mail: {subject}"
            for posted in held:
                self._check(posted, to, is_digest=kind == "digests/digest")
                posted.got.add(to.person_id)
        self.seen_mails = len(mails)

    def _check(self, posted: Posted, to: Somebody, *, is_digest: bool) -> None:
        assert to.person_id in posted.audience, f"{posted.title} went to somebody outside its audience"
        assert to.person_id not in posted.got, f"{posted.title} went twice"
        assert not posted.is_withdrawn, f"{posted.title} went after it was withdrawn"
        assert not posted.is_stopped, f"{posted.title} went after its mailing was stopped"
        assert not posted.is_paused, f"{posted.title} went in a pause"
        assert not (is_digest and to.person_id in posted.read), f"{posted.title} came though it was read"

    def _is_owed_nothing(self, one: Somebody) -> None:
        for posted in self.posted:
            posted.owed.discard(one.person_id)

    def _one(self, which: int) -> Posted:
        return self.posted[which % len(self.posted)]

    def _has_begun(self, posted: Posted) -> bool:
        statement = select(UpdateMailing.update_id).where(UpdateMailing.update_id == update_id(posted.slug))
        return fetch(statement).first() is not None

    def _is_decided(self, posted: Posted) -> bool:
        statement = select(MailedUpdate.person_id).where(MailedUpdate.update_id == update_id(posted.slug)).limit(1)
        return fetch(statement).first() is not None


@contextmanager
def _killed_after(steps: int | None) -> Iterator[None]:
    """Let the work inside the block end at its so-manieth pause, wherever that is; None: not at all."""
    left = [steps]

    def end() -> None:
        if left[0] is None:
            return
        if left[0] <= 0:
            raise ToldToLeave
        left[0] -= 1

    try:
        with pausing_for(end):
            yield
    except ToldToLeave:
        pass


def machine_on(app: Flask, time: Time, empty: Callable[[], None]) -> type[Digests]:
    """The machine on this app's database, which `empty` empties for each example."""
    start = time.at

    class OnThis(Digests):
        def __init__(self) -> None:
            super().__init__()
            empty()
            time.at = start

    OnThis.app, OnThis.time = app, time
    return OnThis
