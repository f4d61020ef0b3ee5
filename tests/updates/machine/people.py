"""What readers do: they come, change their minds, read, leave, are erased, and turn out to be one person."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import delete, select

from portal.community.actions import join, leave_community
from portal.community.models import PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.states import WorkMode
from portal.contact.actions import lift_suppression, rest_from_community
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, fetch, transaction
from portal.outbox.actions.retrying import retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead
from portal.people.models import Person
from portal.privacy.actions import erase_person, merge_people
from portal.updates.actions import note_seen, say_helpful
from tests.outbox.minds import CHANGES, Change, chooses_a_rhythm
from tests.outbox.oracle import PURPOSES
from tests.updates.machine.oracle import Somebody, Stands, sees
from tests.updates.machine.world import EVENTS, MOST_PEOPLE, UPDATES, ZONES, World

WHO = st.integers(0, MOST_PEOPLE - 1)
WHICH = st.integers(0, 30)
AREAS, SKILLS, PLACES = ("data", "design"), ("sql", "figma"), ("geonames:756135", "geonames:2950159")
#: More than there are ways to do one thing.
NUMBER = st.integers(0, 63)
_FEWEST = 3
_REST = timedelta(days=7)
_TOPICS = st.sampled_from((UPDATES, UPDATES, EVENTS))


class People(World):
    """Everybody who reads, or could."""

    @rule(who=WHO, change=st.sampled_from(CHANGES), purpose=_TOPICS, number=st.integers(0, 19))
    def changes_their_mind(self, who: int, change: Change, purpose: Purpose, number: int) -> None:
        """About a topic, how often, a pause, quiet hours, everything."""
        one = self.who(who)
        had = {topic for topic, is_given in one.said.items() if is_given}
        change(one, purpose, number, clock.now())
        for topic in sorted(had - {topic for topic, is_given in one.said.items() if is_given}):
            self.takes_back(one, topic)
        if change is chooses_a_rhythm:
            self.counts_as_before(one)
        self.time.pass_by(seconds=1)

    def takes_back(self, one: Somebody, purpose: Purpose) -> None:
        one.refusals.append((purpose, clock.now()))
        self.is_owed_nothing(one, purpose)

    def counts_as_before(self, one: Somebody) -> None:
        """What a worker has in hand was counted under what was allowed then."""
        for claimed in self.in_hand:
            written = self.written.get(claimed.delivery_id)
            if written is not None and written.reader is one:
                written.is_counted_before = True

    # All the rest, each with a number to choose by.

    def comes(self, _one: Somebody, number: int) -> None:
        if len(self.people) < MOST_PEOPLE:
            self.somebody_comes(is_member=number % 4 > 0, says_yes=number % 5 > 0)

    def looks_for_something_else(self, one: Somebody, number: int) -> None:
        if one.has_left:
            return
        one.areas, one.skills = _some(AREAS, number), _some(SKILLS, number >> 2)
        one.places, one.is_remote = _some(PLACES, number >> 3), number % 3 == 0
        with transaction() as own:
            for table in (PersonArea, PersonSkill, PersonPlace, Preferences):
                own.execute(delete(table).where(table.person_id == one.person_id))
            own.add_all(PersonArea(person_id=one.person_id, area=area) for area in one.areas)
            own.add_all(PersonSkill(person_id=one.person_id, skill=skill, label=skill) for skill in one.skills)
            own.add_all(PersonPlace(person_id=one.person_id, place=place, label=place) for place in one.places)
            modes = [str(WorkMode.REMOTE)] if one.is_remote else []
            own.add(Preferences(person_id=one.person_id, work_modes=modes, changed_at=clock.now()))

    def moves(self, one: Somebody, number: int) -> None:
        one.zone = ZONES[number % len(ZONES)]
        self.counts_as_before(one)
        with transaction() as own:
            own.get_one(Person, one.person_id).timezone = one.zone

    def reads_on_its_page(self, one: Somebody, number: int) -> None:
        if not self.posted:
            return
        posted = self.which(number)
        if posted.stands is not Stands.OUT or not sees(one, posted):
            return
        if number % 2:
            say_helpful(posted.slug, one.person_id, is_helpful=True, now=clock.now())
        else:
            note_seen(posted.slug, one.person_id, clock.now())
        posted.read.add(one)
        posted.owed.discard(one)

    def leaves_or_joins(self, one: Somebody, number: int) -> None:
        if not one.is_member:
            join(one.person_id, [], clock.now())
            one.is_member, one.membership_at = True, clock.now()
        elif number % 2:
            leave_community(one.person_id, clock.now())
            one.is_member, one.membership_at, one.is_without_surveys = False, clock.now(), True
            for purpose in PURPOSES:
                self.takes_back(one, purpose)
            one.said = dict.fromkeys(PURPOSES, False)
            one.areas, one.skills, one.places, one.is_remote = set(), set(), set(), False
        self.time.pass_by(seconds=1)

    def is_erased(self, one: Somebody, number: int) -> None:
        if len(self.people) > _FEWEST and number % 2:
            erase_person(one.person_id, None, clock.now())
            self.people.remove(one)
            for posted in self.posted:
                posted.forgets(one)

    def turns_out_to_be_another(self, gone: Somebody, number: int) -> None:
        kept = self.who(number)
        if kept is gone or len(self.people) <= _FEWEST:
            return
        merge_people(kept.person_id, gone.person_id, None, clock.now())
        self.people.remove(gone)
        had = dict(kept.said)
        kept.becomes_one_with(gone)
        for posted in self.posted:
            posted.are_one(kept, gone)
        for purpose in PURPOSES:
            if not had.get(purpose) or not kept.said.get(purpose):
                self.is_owed_nothing(kept, purpose)
        for written in self.written.values():
            if written.reader is gone:
                written.reader = kept
        self.counts_as_before(kept)

    def has_luck(self, one: Somebody, number: int) -> None:
        """Bad luck: they are not selected. Good luck: an admin lets all that was given up be tried again."""
        if number % 3 == 0:
            one.rests_until = max(one.rests_until or clock.now(), clock.now() + _REST)
            rest_from_community(one.person_id, one.rests_until, clock.now())
            return
        for address in sorted(self.dead):
            lift_suppression(address, actor_id=self.rita, now=clock.now())
        self.dead.clear()
        given_up = select(Delivery.key).where(is_dead()).where(Delivery.blanked_at.is_(None)).order_by(Delivery.id)
        for key in fetch(given_up).scalars().all():
            retry_dead_letter(key, may_lift=False, actor_id=self.rita, now=clock.now())

    @rule(
        who=WHO,
        deed=st.sampled_from(
            (
                *(comes, looks_for_something_else, looks_for_something_else, moves, has_luck),
                *(reads_on_its_page, reads_on_its_page, leaves_or_joins, is_erased, turns_out_to_be_another),
            )
        ),
        number=NUMBER,
    )
    def somebody_does(self, who: int, deed: "Callable[[People, Somebody, int], None]", number: int) -> None:
        """One rule for all of it, so that workers have their share of the steps."""
        end_reading()
        deed(self, self.who(who), number)


def _some(words: Sequence[str], number: int) -> set[str]:
    """Some of two words, by the last bits of a number."""
    return {word for place, word in enumerate(words) if number >> place & 1}
