"""Words that hurt or harm in feedback: found by lists of phrases, each with why and what to write instead."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class Kind(StrEnum):
    """What is wrong with a phrase."""

    #: It sets the candidate beside somebody else.
    COMPARISON = "comparison"
    #: It is about what nobody may be judged by.
    PROTECTED = "protected"
    #: Praise that says nothing they could keep doing.
    VAGUE = "vague"
    #: Our own words for things, or words about who they are.
    HURTFUL = "hurtful"
    #: It promises what nobody can keep.
    PROMISE = "promise"


class Group(StrEnum):
    """The lists of phrases, by what they are about."""

    COMPARISON = "comparison"
    AGE = "age"
    SEX = "sex"
    FAMILY = "family"
    RELIGION = "religion"
    ORIGIN = "origin"
    HEALTH = "health"
    ORIENTATION = "orientation"
    UNION = "union"
    LOOKS = "looks"
    VAGUE = "vague"
    JARGON = "jargon"
    HURTFUL = "hurtful"
    PROMISE = "promise"


KINDS: Final[dict[Group, Kind]] = {
    **dict.fromkeys(Group, Kind.PROTECTED),
    Group.COMPARISON: Kind.COMPARISON,
    Group.VAGUE: Kind.VAGUE,
    Group.JARGON: Kind.HURTFUL,
    Group.HURTFUL: Kind.HURTFUL,
    Group.PROMISE: Kind.PROMISE,
}
#: Whoever lets such words stand says why, and whoever approves reads it.
NEEDS_REASON: Final[frozenset[Kind]] = frozenset({Kind.COMPARISON, Kind.PROTECTED})
GROUP_LABELS: Final[dict[Group, str]] = {
    Group.COMPARISON: _l("A comparison with others"),
    Group.AGE: _l("Age"),
    Group.SEX: _l("Sex or gender"),
    Group.FAMILY: _l("Family or pregnancy"),
    Group.RELIGION: _l("Religion or belief"),
    Group.ORIGIN: _l("Origin, name or accent"),
    Group.HEALTH: _l("Health or disability"),
    Group.ORIENTATION: _l("Sexual orientation"),
    Group.UNION: _l("Union or politics"),
    Group.LOOKS: _l("Looks"),
    Group.VAGUE: _l("Praise without a reason"),
    Group.JARGON: _l("Our own jargon"),
    Group.HURTFUL: _l("Words that may hurt"),
    Group.PROMISE: _l("A promise"),
}
_LAW: Final = _l("Nobody may be judged by this. Even a kind word about it can read as the reason.")
_WHAT_YOU_SAW: Final = _l(
    "Leave it out. Say what they said or did, and which criterion of the opening it has to do with."
)
WHY: Final[dict[Group, str]] = {
    **dict.fromkeys(Group, _LAW),
    Group.COMPARISON: _l("They cannot see the others and cannot learn from them. It only says that they lost."),
    Group.VAGUE: _l("It is friendly, and it says nothing that they could keep doing."),
    Group.JARGON: _l("Only we know what we mean by it. They will read the worst into it."),
    Group.HURTFUL: _l("It is about who they are, or it stings. They cannot change that, and remember only this line."),
    Group.PROMISE: _l("They will wait for it, and nobody here can be sure to keep it."),
}
INSTEAD: Final[dict[Group, str]] = {
    **dict.fromkeys(Group, _WHAT_YOU_SAW),
    Group.COMPARISON: _l("Say what the opening asks for, and what you saw of it."),
    Group.VAGUE: _l("Say what exactly they did well, and what it led to: “You asked what the figures are for.”"),
    Group.JARGON: _l("Say in plain words what you missed, and where you noticed it."),
    Group.HURTFUL: _l("Describe what happened: “When we asked about the outage, we did not hear what you did next.”"),
    Group.PROMISE: _l("Say only what is certain, for example that they may apply again at any time."),
}
#: A word of the text: letters and digits, with an apostrophe inside; or what ends a sentence.
_WORDS: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?;:\n]+")
_END: Final = "."
_GAP: Final = "~"
#: So many words may stand where a phrase says that some may.
_MOST_BETWEEN: Final = 3


@dataclass(frozen=True)
class Slot:
    """What may stand at one place of a phrase: one of these words, or a word that begins so; a gap is neither."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether up to three words may stand here, or none."""
        return not self.words and not self.beginnings

    def fits(self, word: str) -> bool:
        """Whether `word`, as `_plain` makes it, may stand here."""
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))


Slots = tuple[Slot, ...]


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other, and in which company they are harmless."""

    group: Group
    slots: Slots
    unless: tuple[Slots, ...]


@dataclass(frozen=True)
class Phrases:
    """All phrases of a language: by the word with which they begin, and those that begin in several ways."""

    by_word: Mapping[str, Sequence[Phrase]]
    by_beginning: Sequence[Phrase]


@dataclass(frozen=True)
class Finding:
    """Words that stand in a text from `start` to `end` (in characters), and which list has them."""

    field: str
    words: str
    start: int
    end: int
    group: Group

    @property
    def kind(self) -> Kind:
        """What is wrong with it."""
        return KINDS[self.group]

    @property
    def needs_reason(self) -> bool:
        """Whether whoever lets it stand says why."""
        return self.kind in NEEDS_REASON


@dataclass(frozen=True)
class _Word:
    plain: str
    start: int
    end: int


def phrases_from(rows: Iterable[Mapping[str, str]]) -> Phrases:
    """The phrases of a list with the columns group, phrase and unless (several, parted by semicolons).

    In a phrase `a|b` is either word, `word*` any word that begins so, and `~` up to three words or none. Raises
    ValueError for a line that nobody can read.
    """
    by_word: dict[str, list[Phrase]] = {}
    by_beginning: list[Phrase] = []
    for row in rows:
        unless = tuple(_slots(one) for one in row["unless"].split(";") if one.strip())
        phrase = Phrase(Group(row["group"]), _slots(row["phrase"]), unless)
        for word in phrase.slots[0].words:
            by_word.setdefault(word, []).append(phrase)
        if phrase.slots[0].beginnings:
            by_beginning.append(phrase)
    return Phrases(by_word, by_beginning)


def lint(texts: Mapping[str, str], phrases: Phrases) -> list[Finding]:
    """What the lists find in `texts` (by the name of the field), in reading order.

    It knows words, not sentences: it finds harmless ones, and says nothing about what is cruel in other words.
    """
    return [finding for field, text in texts.items() for finding in _in_text(field, text, phrases)]


def _in_text(field: str, text: str, phrases: Phrases) -> list[Finding]:
    words = [_Word(_plain(one[0]), one.start(), one.end()) for one in _WORDS.finditer(text)]
    found = [
        Finding(field, text[words[first].start : words[last].end], words[first].start, words[last].end, phrase.group)
        for first in range(len(words))
        for phrase in _beginning_with(words[first].plain, phrases)
        if (last := _fit(phrase.slots, words, first)) is not None and not _is_harmless(phrase, words, first, last)
    ]
    return _widest(found)


def _beginning_with(word: str, phrases: Phrases) -> Iterator[Phrase]:
    yield from phrases.by_word.get(word, ())
    for phrase in phrases.by_beginning:
        if word not in phrase.slots[0].words and phrase.slots[0].fits(word):
            yield phrase


def _fit(slots: Slots, words: Sequence[_Word], first: int) -> int | None:
    """Where the phrase ends that begins with word number `first`; None where it does not stand there."""
    if not slots:
        return first - 1
    if slots[0].is_gap:
        return _fit_after_gap(slots[1:], words, first)
    if first >= len(words) or not slots[0].fits(words[first].plain):
        return None
    return _fit(slots[1:], words, first + 1)


def _fit_after_gap(slots: Slots, words: Sequence[_Word], first: int) -> int | None:
    for begin in range(first, first + _MOST_BETWEEN + 1):
        last = _fit(slots, words, begin)
        if last is not None:
            return last
        # No phrase goes from one sentence to the next.
        if begin >= len(words) or words[begin].plain == _END:
            return None
    return None


def _is_harmless(phrase: Phrase, words: Sequence[_Word], first: int, last: int) -> bool:
    """Whether one of the companies in which it is harmless stands around it."""
    for slots in phrase.unless:
        earliest = max(0, first - len(slots) - _MOST_BETWEEN)
        for begin in range(earliest, last + 1):
            end = _fit(slots, words, begin)
            if end is not None and begin <= last and end >= first:
                return True
    return False


def _widest(found: list[Finding]) -> list[Finding]:
    """In reading order, without those that stand within a longer one of the same kind, or in its place."""
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not any(other.kind is one.kind and other.start <= one.start and one.end <= other.end for other in kept):
            kept.append(one)
    return kept


def _plain(word: str) -> str:
    """A word as the lists have it: small letters, a straight apostrophe, no genitive; the end of a sentence as one."""
    if not word[0].isalnum():
        return _END
    plain = word.casefold().replace("’", "'")
    return plain.removesuffix("'s")


def _slots(phrase: str) -> Slots:
    made = tuple(_slot(one) for one in phrase.split())
    if not made or made[0].is_gap or made[-1].is_gap:
        raise ValueError(f"a phrase begins and ends with a word: {phrase!r}")
    return made


def _slot(text: str) -> Slot:
    if text == _GAP:
        return Slot(frozenset(), ())
    choices = [_plain(one) if one and one[0].isalnum() else "" for one in text.split("|")]
    if not all(choices):
        raise ValueError(f"this is no word: {text!r}")
    words = frozenset(one for one in choices if not one.endswith("*"))
    return Slot(words, tuple(one.removesuffix("*") for one in choices if one.endswith("*")))
