"""Who an update is for and what came to whom, decided a second time, from a record of its own.

Nothing here asks a rule or a query of the program; what `contact` allows is decided by the oracle of the outbox.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from portal.contact.states import Purpose, Rhythm
from portal.segments.rules import Condition, Group
from portal.segments.states import Field, Match, Operator
from portal.updates.states import Audience, UpdateKind
from tests.outbox.oracle import Reader

#: Words by which an update is found in whatever mail or page; none is part of another.
NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima")
_TITLE = re.compile(rf"\b({'|'.join(NAMES)}) news (\d+)\b")
#: What has waited for longer is no news any more, and what nobody mailed for a week is not mailed any more.
LONGEST_WAIT = timedelta(days=92)
LONGEST_ABSENCE = timedelta(days=7)


class Stands(Enum):
    """Where an update stands."""

    DRAFT = auto()
    SCHEDULED = auto()
    PUBLISHING = auto()
    OUT = auto()
    WITHDRAWN = auto()


@dataclass(eq=False)
class Somebody(Reader):
    """A person, with what they say of themselves."""

    is_member: bool = False
    #: When they joined or left last.
    membership_at: datetime | None = None
    areas: set[str] = field(default_factory=set)
    skills: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    is_remote: bool = False
    #: Each yes that ended, and when.
    refusals: list[tuple[Purpose, datetime]] = field(default_factory=list)

    @property
    def has_left(self) -> bool:
        return not self.is_member and self.membership_at is not None

    def has_refused_since(self, purpose: Purpose, at: datetime) -> bool:
        """Whether a yes to `purpose` ended at `at` or later."""
        return any(one is purpose and when >= at for one, when in self.refusals)

    def becomes_one_with(self, other: Reader) -> None:
        """As people see it: all that either said of themselves, and the last word about being a member."""
        super().becomes_one_with(other)
        assert isinstance(other, Somebody)
        self.areas |= other.areas
        self.skills |= other.skills
        self.places |= other.places
        self.is_remote = self.is_remote or other.is_remote
        self.refusals += other.refusals
        words = [one for one in (self, other) if one.membership_at is not None]
        if words:
            last = max(words, key=lambda one: (one.membership_at, one is self))
            self.is_member, self.membership_at = last.is_member, last.membership_at


@dataclass
class Decided:
    """It was decided how an update comes to one reader by mail."""

    at: datetime
    #: Whether they wanted it then, could get it, and had not read it.
    was_wanted: bool


@dataclass(eq=False)
class Posted:
    """An update, and what became of it."""

    number: int
    kind: UpdateKind
    audience: Audience
    areas: tuple[str, ...] = ()
    segment: str = ""
    event_on: date | None = None
    public_id: str = ""
    update_id: int = 0
    slug: str = ""
    stands: Stands = Stands.DRAFT
    #: Of a scheduled one: when it goes out.
    publish_at: datetime | None = None
    published_at: datetime | None = None
    #: The rules of its segment when it was published.
    tree: Group | None = None
    version: int = 1
    #: Whether each was in its audience whenever its audience was being written down.
    looks: dict[Somebody, set[bool]] = field(default_factory=dict)
    #: Whom it was for when it was published.
    readers: set[Somebody] = field(default_factory=set)
    read: set[Somebody] = field(default_factory=set)
    #: Whether mail about it has begun, rests or ended, and whether the worker has done all of that since.
    has_begun: bool = False
    is_paused: bool = False
    is_stopped: bool = False
    is_settled: bool = True
    decided: dict[Somebody, Decided] = field(default_factory=dict)
    #: By whom it was got, with the letters that brought it.
    got: dict[Somebody, set[int]] = field(default_factory=dict)
    #: Who must have it by mail in the end.
    owed: set[Somebody] = field(default_factory=set)
    #: For whom mail has gone astray in a way that nobody owes anything for, such as an address that died.
    astray: set[Somebody] = field(default_factory=set)

    @property
    def name(self) -> str:
        return NAMES[self.number]

    @property
    def title(self) -> str:
        return f"{self.name} news {self.version}"

    @property
    def purpose(self) -> Purpose:
        return Purpose.EVENTS if self.kind is UpdateKind.EVENT else Purpose.INSIDER_UPDATES

    def is_over(self, today: date) -> bool:
        return self.event_on is not None and self.event_on < today

    def look(self, people: list[Somebody]) -> None:
        """Its audience is being written down at this moment."""
        for one in people:
            self.looks.setdefault(one, set()).add(is_in_audience(one, self))

    def are_one(self, kept: Somebody, gone: Somebody) -> None:
        """Two of its readers turn out to be one person."""
        if gone in self.looks:
            self.looks.setdefault(kept, set()).update(self.looks.pop(gone))
        for group in (self.readers, self.read, self.owed, self.astray):
            if gone in group:
                group.discard(gone)
                group.add(kept)
        if gone in self.got:
            self.got.setdefault(kept, set()).update(self.got.pop(gone))
        if gone in self.decided:
            theirs, ours = self.decided.pop(gone), self.decided.get(kept)
            was_wanted = theirs.was_wanted or (ours is not None and ours.was_wanted)
            self.decided[kept] = Decided(min(theirs.at, ours.at) if ours else theirs.at, was_wanted)
        decided = self.decided.get(kept)
        is_refused = decided is not None and kept.has_refused_since(self.purpose, decided.at)
        if kept in self.read or self.got.get(kept) or is_refused:
            self.owed.discard(kept)

    def forgets(self, one: Somebody) -> None:
        """Somebody is erased."""
        for group in (self.readers, self.read, self.owed, self.astray):
            group.discard(one)
        for known in (self.looks, self.decided, self.got):
            known.pop(one, None)


def is_in_audience(one: Somebody, posted: Posted) -> bool:
    """Whether an update that is published now comes for this person."""
    if posted.audience is Audience.SEGMENT:
        return posted.tree is not None and not one.has_left and fits(one, posted.tree)
    return one.is_member and (posted.audience is not Audience.AREAS or bool(one.areas & set(posted.areas)))


def sees(one: Somebody | None, posted: Posted) -> bool:
    """Whether this person, None: a visitor, may read it at this moment, or know that it was withdrawn."""
    if posted.audience is Audience.EVERYBODY:
        return True
    if one is None:
        return False
    if posted.audience is Audience.MEMBERS:
        return one.is_member
    if posted.audience is Audience.AREAS:
        return one.is_member and one in posted.readers
    return one in posted.readers


def fits(one: Somebody, part: Group | Condition) -> bool:
    """Whether the rules of a segment hold for this person, as its page reads to a colleague."""
    if isinstance(part, Group):
        held = [fits(one, each) for each in part.of]
        return {Match.ALL: all(held), Match.ANY: any(held), Match.NONE: not any(held)}[part.match]
    has: set[str] = {
        Field.MEMBER: set(),
        Field.AREA: one.areas,
        Field.SKILL: one.skills,
        Field.PLACE: one.places,
        Field.PURPOSE: {str(purpose) for purpose, is_given in one.said.items() if is_given},
    }[part.field]
    asked = set(part.keys)
    return {
        Operator.YES: one.is_member,
        Operator.NO: not one.is_member,
        Operator.ANY_OF: bool(asked & has),
        Operator.ALL_OF: asked <= has,
        Operator.NONE_OF: not asked & has,
        Operator.OR_REMOTE: bool(asked & has) or one.is_remote,
    }[part.operator]


def titles_in(text: str) -> dict[str, int]:
    """The updates that a text names, each with its version."""
    return {name: int(version) for name, version in _TITLE.findall(text)}


def first_digest_after(at: datetime, rhythm: Rhythm | None, zone: str) -> datetime:
    """When what began to wait at `at` may come at the earliest: Thursday or the first of a month, at nine there."""
    day = at.astimezone(ZoneInfo(zone)).date()
    while True:
        nine = datetime.combine(day, time(9), ZoneInfo(zone))
        is_day = {Rhythm.WEEKLY: day.weekday() == 3, Rhythm.MONTHLY: day.day == 1}.get(rhythm) if rhythm else None
        if is_day is None:
            return at
        if is_day and nine.timestamp() > at.timestamp():
            return nine
        day += timedelta(days=1)
