"""What each candidate knows, decided a second time: by the mails that a server accepted and by what needs no mail.

Nothing here asks a rule or a query of the program.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from portal.applications.states import ApplicationStatus

COMPANY_ZONE = "Europe/Warsaw"
OPEN = frozenset(
    {
        ApplicationStatus.RECEIVED,
        ApplicationStatus.IN_REVIEW,
        ApplicationStatus.INTERVIEWING,
        ApplicationStatus.DECISION_PENDING,
        ApplicationStatus.OFFER_MADE,
    }
)
_MONTHS = "January February March April May June July August September October November December".split()
_DAY = re.compile(rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")
_MARK = re.compile(r"\b(?:Word|Why|Aside)-\d+\b")
_A_DAY = timedelta(days=1)
#: Where a word stands among all that was written: by its mail, or after the mails that were written before it.
Place = tuple[int, int]


class By(Enum):
    """Who says it."""

    PERSON = auto()
    CANDIDATE = auto()
    IMPORT = auto()
    NOTE = auto()
    ESCALATION = auto()


MACHINES = frozenset({By.NOTE, By.ESCALATION})


@dataclass
class Word:
    """Something about one application that was written down for its candidate."""

    by: By
    status: ApplicationStatus
    day: date | None
    #: Words that stand nowhere else, by which it is found on a page.
    marks: set[str] = field(default_factory=set)
    place: Place = (0, 0)
    known_at: datetime | None = None
    written_at: datetime | None = None
    #: A reply in the conversation need not be about what an import says.
    is_reply: bool = False


@dataclass
class Source:
    """What an import said last of an application that is open here, and since when it has said so."""

    status: ApplicationStatus | None = None
    has_told_them: bool = False
    since: datetime | None = None


@dataclass
class Told:
    """One application, as its candidate knows it."""

    person_id: int
    public_id: str
    email: str
    zone: str
    import_ref: str = ""
    is_held: bool = False
    words: list[Word] = field(default_factory=list)
    source: Source = field(default_factory=Source)

    @property
    def known(self) -> list[Word]:
        """What they know, in the order in which it was written."""
        return sorted((one for one in self.words if one.known_at is not None), key=lambda one: one.place)

    @property
    def newest(self) -> Word:
        """What was written last of all that they know: it says where they stand."""
        return self.known[-1]

    @property
    def is_open(self) -> bool:
        return self.newest.status in OPEN

    @property
    def automatic(self) -> list[Word]:
        """What they know that no person wrote."""
        return [one for one in self.known if one.by in MACHINES]

    def hears(self, word: Word, now: datetime) -> None:
        """They know it from now on."""
        if word not in self.words:
            self.words.append(word)
        word.known_at = word.known_at or now

    def notes_in_a_row(self, but: Word | None = None) -> int:
        """How many automatic notes they have got since a person's last word, in the order in which they got them.

        `but` does not count: what they read on their page already, and get by mail when its letter is tried again.
        """
        count = 0
        others = [one for one in self.known if one is not but]
        for one in sorted(others, key=lambda word: (word.known_at, word.place)):
            if one.by is By.PERSON:
                count = 0
            count += one.by is By.NOTE
        return count

    def check_automatic(self, word: Word, now: datetime) -> None:
        """A message that no person wrote is accepted just now: promise 1 says when that may be."""
        assert not self.is_held, "nothing automatic goes while an import is held"
        assert self.is_open, "nothing automatic goes after an ending"
        is_known = self.newest is word
        assert is_known or self.newest.by is not By.ESCALATION, "after we said that we kept no promise, no more goes"
        for zone in (COMPANY_ZONE, self.zone):
            days = {_day(one.known_at, zone) for one in self.automatic if one.known_at and one is not word}
            assert _day(now, zone) not in days, f"two automatic messages on one day in {zone}"
        row = self.notes_in_a_row(but=word)
        assert row < 2 if word.by is By.NOTE else row >= 2, f"{row} notes in a row, and now {word.by}"
        if word.by is By.NOTE:
            assert word.day is not None
            assert word.day >= _day(now, COMPANY_ZONE), "the day that it names has passed"

    def check_source(self, status: ApplicationStatus, now: datetime) -> None:
        """Their page says just now what an import said, without a mail: a day after, and nobody wrote in between."""
        said = self.source
        assert said.status is status, "no import says so"
        assert said.since is not None
        assert now - said.since >= _A_DAY, "it was said less than a day ago"
        if status not in OPEN:
            assert said.has_told_them, "nobody has told them"
        written = (one for one in self.known if one.by is By.PERSON and not (one.is_reply and status in OPEN))
        assert not any(one.written_at and one.written_at > said.since for one in written), "somebody wrote since"

    def is_told_there(self) -> bool:
        """Another system has told them how it ended: their page says so soon, and no note is due."""
        return self.source.has_told_them and self.source.status not in OPEN


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def days_in(text: str) -> list[date]:
    """The days that a text names, such as Friday 6 March 2026."""
    return [
        date(int(year), _MONTHS.index(month) + 1, int(day)) for day, month, year in _DAY.findall(" ".join(text.split()))
    ]


def marks_in(text: str) -> set[str]:
    """Which of the words that stand nowhere else are in a text."""
    return set(_MARK.findall(text))


def marks_of(words: Iterable[Word]) -> set[str]:
    """All that these words are found by."""
    return {mark for word in words for mark in word.marks}
