"""Openings come, change and go, members change their minds, the worker is cut off: nobody is told twice or too soon."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import delete, select

from portal.alerts import jobs
from portal.community.models import PersonArea
from portal.contact.actions import change_preferences, choose
from portal.contact.rules import Preferences
from portal.contact.states import Purpose, Rhythm
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.pausing import pausing_for
from portal.openings.actions import stop_accepting
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import Viewer, as_json, is_visible
from portal.openings.states import OpeningState
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.models import Delivery
from tests.alerts.people import id_of, make_reader
from tests.conftest import START, Time
from tests.factories import ZONE, make_application, make_published, make_staff, published_content
from tests.openings.early import like

AREAS = ("data", "design")
_READERS = 4
_ROLE = re.compile(r"Role \d+")
_WHO, _WHICH = st.integers(0, _READERS - 1), st.integers(0, 30)


class Killed(Exception):
    """The worker is no more."""


class Alerts(RuleBasedStateMachine):
    """One history; `time` and `empty` are given by `machine_on`."""

    time: Time
    empty: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        self.empty()
        self.time.at = START
        self.step = 0
        self.rita = make_staff()
        self.readers = [make_reader(f"Reader {n}", *AREAS[: n % 3]) for n in range(_READERS)]
        self.areas = [set(AREAS[: n % 3]) for n in range(_READERS)]
        self.yes = [True] * _READERS
        self.changed = [0] * _READERS
        self.said = [0] * _READERS
        #: Step of the newest version, and of the first, by slug.
        self.openings: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        self.applied: set[tuple[int, str]] = set()
        self.told: dict[tuple[int, str], int] = {}
        self.days: set[tuple[int, object]] = set()

    def _at(self, which: int) -> str:
        slugs = list(self.openings)
        return slugs[which % len(slugs)]

    def _next(self) -> int:
        self.step += 1
        return self.step

    @rule(area=st.sampled_from(("", *AREAS)), early_hours=st.sampled_from((0, 0, 30, 100)))
    def publish(self, area: str, early_hours: int) -> None:
        title = f"Role {len(self.openings) + 1}"
        slug = make_published(title, area=area, public_at=clock.now() + timedelta(hours=early_hours))
        self.openings[slug] = self.first[slug] = self._next()
        self.titles[slug] = title

    @precondition(lambda self: self.openings)
    @rule(which=_WHICH)
    def stop(self, which: int) -> None:
        opening_id = id_of(self._at(which))
        end_reading()
        if self._state(opening_id) is OpeningState.PUBLISHED:
            stop_accepting(opening_id, actor_id=None, now=clock.now())

    @precondition(lambda self: self.openings)
    @rule(which=_WHICH)
    def open_again(self, which: int) -> None:
        with transaction() as own:
            opening = own.get_one(Opening, id_of(self._at(which)))
            opening.state, opening.stopped_at = OpeningState.PUBLISHED, None

    @precondition(lambda self: self.openings)
    @rule(which=_WHICH, area=st.sampled_from(AREAS))
    def write_anew(self, which: int, area: str) -> None:
        slug = self._at(which)
        self.openings[slug] = self._next()
        with transaction() as own:
            opening = own.get_one(Opening, id_of(slug))
            opening.version_number, opening.area = opening.version_number + 1, area
            content = as_json(published_content(self.titles[slug], area=area))
            number = opening.version_number
            own.add(
                OpeningVersion(
                    opening_id=opening.id,
                    number=number,
                    content=content,
                    override_reason="",
                    published_at=clock.now(),
                )
            )

    @rule(who=_WHO, area=st.sampled_from(AREAS))
    def change_areas(self, who: int, area: str) -> None:
        self.changed[who] = self._next()
        self.areas[who] ^= {area}
        with transaction() as own:
            own.execute(delete(PersonArea).where(PersonArea.person_id == self.readers[who]))
        like(self.readers[who], *self.areas[who])

    @rule(who=_WHO, is_wanted=st.booleans())
    def say(self, who: int, is_wanted: bool) -> None:
        self.said[who], self.yes[who] = self._next(), is_wanted
        choose(self.readers[who], Purpose.JOB_ALERTS, is_wanted, source="test", now=clock.now())

    @rule(who=_WHO, rhythm=st.sampled_from(Rhythm), is_paused=st.booleans())
    def choose_rhythm(self, who: int, rhythm: Rhythm, is_paused: bool) -> None:
        chosen = Preferences(rhythms={Purpose.JOB_ALERTS: rhythm}, is_paused=is_paused)
        change_preferences(self.readers[who], chosen, clock.now())

    @precondition(lambda self: self.openings)
    @rule(who=_WHO, which=_WHICH)
    def apply(self, who: int, which: int) -> None:
        slug = self._at(which)
        if (who, slug) not in self.applied:
            self.applied.add((who, slug))
            make_application(id_of(slug), self.rita, person_id=self.readers[who])

    @rule(amount=st.sampled_from((timedelta(minutes=31), timedelta(hours=5), timedelta(days=1), timedelta(days=9))))
    def wait(self, amount: timedelta) -> None:
        self.time.at += amount

    @rule(cut_off_after=st.integers(0, 3))
    def be_cut_off(self, cut_off_after: int) -> None:
        """The worker is killed between two of its steps, as often as it likes."""
        left = iter(range(cut_off_after))

        def die() -> None:
            if next(left, None) is None:
                raise Killed

        for job in (jobs.settle_alerts, jobs.look_for_matches, jobs.send_alerts):
            try:
                with pausing_for(die):
                    job(clock.now())
            except Killed:
                pass
        end_reading()

    @rule()
    def work(self) -> None:
        for job in (jobs.settle_alerts, jobs.look_for_matches, jobs.send_alerts):
            job(clock.now())
        end_reading()

    @rule()
    def send(self) -> None:
        """The mail server takes what may go; what is not true any more was called back just before."""
        jobs.settle_alerts(clock.now())
        while (claimed := claim_next("machine", clock.now())) is not None:
            mark_sent(claimed, clock.now())
            end_reading()
            mail = session().get_one(Delivery, claimed.delivery_id)
            if mail.kind.startswith("alerts/"):
                self._check(mail)
            end_reading()

    def _check(self, mail: Delivery) -> None:
        who = self.readers.index(mail.person_id or 0)
        assert self.yes[who], "a mail without a yes"
        day = (who, clock.now().astimezone(ZoneInfo(ZONE)).date())
        assert day not in self.days, "two mails on one day"
        self.days.add(day)
        by_title = {title: slug for slug, title in self.titles.items()}
        titles = set(_ROLE.findall(mail.text)) | set(_ROLE.findall(mail.subject))
        assert titles, "a mail about nothing"
        for slug in (by_title[title] for title in titles):
            assert (who, slug) not in self.told, "told twice"
            assert (who, slug) not in self.applied, "they had applied"
            assert self._sees(who, slug), "they may not see it"
            self.told[who, slug] = self._next()

    def _sees(self, who: int, slug: str) -> bool:
        one = session().scalars(select(Opening).where(Opening.slug == slug)).one()
        return is_visible(
            state=one.state,
            published_at=one.published_at,
            public_at=one.public_at,
            closes_on=one.closes_on,
            area=one.area,
            viewer=Viewer(True, frozenset(self.areas[who])),
            now=clock.now(),
            today=clock.now().date(),
        )

    def _state(self, opening_id: int) -> OpeningState:
        return session().scalars(select(Opening.state).where(Opening.id == opening_id)).one()

    def teardown(self) -> None:
        """In the end everybody knows of what is open and fits, if they wanted it all the while."""
        if not hasattr(self, "readers"):
            return
        for person_id in self.readers:
            change_preferences(person_id, Preferences(), clock.now())
        self.time.at = (self.time.at + timedelta(days=1)).replace(hour=9)
        for _day in range(6):
            self.work()
            self.time.at += timedelta(hours=1)
            self.work()
            self.time.at += timedelta(hours=23)
            self.work()
            self.send()
        for slug, since in self.openings.items():
            for who in range(_READERS):
                if self._ought_to_know(who, slug, since):
                    assert (who, slug) in self.told, f"{who} was never told of {slug}"

    def _ought_to_know(self, who: int, slug: str, since: int) -> bool:
        opening = session().scalars(select(Opening).where(Opening.slug == slug)).one()
        fits = not opening.area or not self.areas[who] or opening.area in self.areas[who]
        # Whoever said yes later found it on the site, also where it was written anew before the worker saw it.
        is_wanted = self.yes[who] and self.said[who] < self.first[slug] and self.changed[who] < since and fits
        return is_wanted and (who, slug) not in self.applied and self._sees(who, slug)


def machine_on(time: Time, empty: Callable[[], None]) -> type[RuleBasedStateMachine]:
    """The machine with this clock; `empty` begins anew."""
    return type("AlertsHere", (Alerts,), {"time": time, "empty": staticmethod(empty)})
