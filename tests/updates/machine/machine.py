"""The machine as a whole, and what holds at each of its steps."""

from collections.abc import Callable

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import func, select

from portal.contact.actions import change_preferences
from portal.contact.rules import Preferences
from portal.core import clock
from portal.core.db import end_reading, fetch
from portal.digests.actions import resume_mailing
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.segments.rules import Group
from portal.updates.queries import Wanted, feed_updates, find_update, kinds_for, list_updates, unread_count
from portal.updates.queries.reading import count_updates
from portal.updates.states import Audience
from tests.conftest import Time
from tests.factories import signed_in, visitor
from tests.outbox.minds import chooses_a_rhythm
from tests.pages import Browser
from tests.updates.machine.colleagues import TREES, Colleagues
from tests.updates.machine.oracle import LONGEST_WAIT, Posted, Somebody, Stands, sees
from tests.updates.machine.people import NUMBER, WHICH, WHO, People
from tests.updates.machine.worker import Worker
from tests.updates.machine.world import MAILS, UPDATES

#: Six weeks: longer than the month of a rhythm that begins after the month of a budget.
_GOOD_DAYS = 42


class Machine(People, Colleagues, Worker):
    """Everything can happen to everybody."""

    @initialize(tree=TREES, audience=st.sampled_from(Audience), numbers=st.lists(NUMBER, min_size=5, max_size=5))
    def all_begin(self, tree: Group, audience: Audience, numbers: list[int]) -> None:
        """People look for this and that, and two updates are posted."""
        self.begin()
        for one, number in zip(self.people, numbers, strict=True):
            self.looks_for_something_else(one, number)
            chooses_a_rhythm(one, UPDATES, number, self.time.at)
        self.makes_or_changes_a_segment(tree, 0)
        for each in (Audience.SEGMENT, audience):
            self.writes_an_update(audience=each, is_event=1, areas=("data",), which=0, days=1, when=0)

    # Who sees what.

    @invariant()
    def nobody_outside_an_audience_sees_it_and_everybody_inside_does(self) -> None:
        if not hasattr(self, "people"):
            return
        end_reading()
        for one in (*self.people, None):
            shown = {line.title for line in list_updates(one.person_id if one else None, Wanted(), 0, 50)}
            assert shown == {posted.title for posted in self.seen_by(one)}, one
        for one in self.people:
            new = [each for each in self.seen_by(one) if one in each.readers and one not in each.read]
            assert unread_count(one.person_id) == len(new), one
        assert {line.content.title for line in feed_updates()} == {posted.title for posted in self.seen_by(None)}

    def seen_by(self, one: Somebody | None) -> list[Posted]:
        return [posted for posted in self.posted if posted.stands is Stands.OUT and sees(one, posted)]

    @precondition(lambda self: self.posted)
    @rule(who=st.none() | WHO, which=WHICH)
    def somebody_looks(self, who: int | None, which: int) -> None:
        """In their browser: their list, the archive, the search, one update under both of its addresses."""
        posted = self.which(which)
        if who is None:
            self.strangers_look(posted)
            return
        one = self.who(who)
        browser = signed_in(self.app, one.person_id)
        self.looks(browser, one, posted)
        titles = {each.title for each in self.seen_by(one)}
        assert self.titles_on(browser.get("/me/updates").text) == titles
        is_known = sees(one, posted) and posted.published_at is not None
        is_shown = is_known and posted.stands in {Stands.OUT, Stands.WITHDRAWN}
        page = browser.client.get(f"/me/updates/{posted.slug or posted.public_id}")
        assert page.status_code == (200 if is_shown else 404), (posted.title, one)
        assert ("We publish" in page.text) == (is_shown and posted.stands is Stands.OUT)
        found = find_update(posted.slug, one.person_id)
        assert found is None or (found.seen_at is not None) == (one in posted.read)
        assert count_updates(one.person_id, Wanted()) == len(titles)
        assert set(kinds_for(one.person_id)) == {each.kind for each in self.seen_by(one)}

    def strangers_look(self, posted: Posted) -> None:
        """Whoever is not signed in, a colleague who is nobody's reader, and machines."""
        stranger = visitor(self.app)
        self.looks(stranger, None, posted)
        public = {each.title for each in self.seen_by(None)}
        assert self.titles_on(stranger.client.get("/feeds/updates.xml").text) == public
        sitemap = stranger.client.get("/sitemap-updates.xml").text
        for each in self.posted:
            assert (f"/updates/{each.slug}<" in sitemap) == (each.title in public and bool(each.slug)), each.title
        self.looks(signed_in(self.app, self.rita), None, posted)

    def looks(self, browser: Browser, one: Somebody | None, posted: Posted) -> None:
        """What is for everybody, and once somebody is signed in what is for them, on the public pages."""
        titles = {each.title for each in self.seen_by(one)}
        assert self.titles_on(browser.get("/updates").text) == titles
        found = self.titles_on(browser.client.get(f"/updates?q={posted.name}").text)
        assert found == titles & {posted.title}, one
        is_known = sees(one, posted) and posted.published_at is not None
        expected = {Stands.OUT: 200, Stands.WITHDRAWN: 410}.get(posted.stands, 404) if is_known else 404
        page = browser.client.get(f"/updates/{posted.slug or posted.public_id}")
        assert page.status_code == expected, (posted.title, one)
        assert ("We publish" in page.text) == (expected == 200)

    def titles_on(self, text: str) -> set[str]:
        """Which titles stand on a page, in whatever version."""
        return {
            f"{each.name} news {version}"
            for each in self.posted
            for version in range(1, each.version + 1)
            if f"{each.name} news {version}" in text
        }

    # What is owed.

    @precondition(lambda self: any(posted.owed for posted in self.posted))
    @rule()
    def good_weeks(self) -> None:
        """The worker is there, the mail server takes everything, nobody rests: everybody has what they wanted."""
        for posted in self.posted:
            if posted.is_paused and posted.stands is Stands.OUT:
                end_reading()
                resume_mailing(posted.update_id, actor_id=self.rita, now=clock.now())
                posted.is_paused, posted.is_settled = False, False
        for one in self.people:
            end_reading()
            one.paused_until, one.quiet = None, None
            change_preferences(one.person_id, Preferences(rhythms=dict(one.rhythms)), clock.now())
            self.counts_as_before(one)
        for _time in range(_GOOD_DAYS * 24 // 11):
            # Wherever somebody is, they are awake at one of two such times.
            self.works(11, None)
        end_reading()
        for posted in self.posted:
            late = {one for one in posted.owed if self.is_still_due(posted, one)}
            assert not late, (posted.title, late)
        waiting = fetch(
            select(func.count()).select_from(Delivery).where(is_waiting()).where(Delivery.kind.in_(MAILS))
        ).scalar_one()
        assert waiting == 0, "nothing waits for ever"

    def is_still_due(self, posted: Posted, one: Somebody) -> bool:
        age = clock.now() - posted.decided[one].at
        return age <= LONGEST_WAIT and not posted.is_over(self.today())


def machine_on(app: Flask, time: Time, empty: Callable[[], None]) -> type[Machine]:
    """The machine on the tests' clock; each run begins with what `empty` leaves."""
    return type("UpdatesMachine", (Machine,), {"app": app, "time": time, "empty": staticmethod(empty)})
