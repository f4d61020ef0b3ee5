"""What a typed list of skills or places means, and what to suggest while somebody types it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext

MAX_ENTRIES: Final = 30
#: Characters; holds for the label and for its key, so that both fit their columns.
MAX_ENTRY_LENGTH: Final = 60

_PLACE_KEY: Final = "geonames:"
#: Joiners carry meaning in Persian and in Indian scripts; every other invisible character goes.
_JOINERS: Final = "\u200c\u200d"
_COMBINING: Final = re.compile("[\u0300-\u036f]")
_WORD_BREAKS: Final = re.compile(r"[\s,/()&|_-]+")
#: Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS: Final = str.maketrans(
    dict(zip("øØłŁđĐðÐıħĦŧŦŋŊəƏ", "oOlLdDdDihHtTnNaA", strict=True))
    | {"þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS"}
    | dict.fromkeys("‘’ʻʼʿʾ`´", "'")
    | dict.fromkeys("‐‑–—", "-")
)
#: How people shorten country names that Unicode's list spells out or shortens otherwise.
_COUNTRY_SHORT_NAMES: Final = {"uk": "GB", "great britain": "GB", "usa": "US", "uae": "AE", "holland": "NL"}


class TooManyEntries(PortalError):
    """More entries were typed than a list may hold."""

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "Please keep this list to %(limit)s entries. There is %(count)s now.",
                "Please keep this list to %(limit)s entries. There are %(count)s now.",
                count,
                limit=MAX_ENTRIES,
            )
        )


class EntryTooLong(PortalError):
    """One entry is longer than a skill or a place may be."""

    def __init__(self, entry: str) -> None:
        super().__init__(
            _(
                "“%(start)s…” is too long. Please use at most %(limit)s characters, and a comma or a new line "
                "between entries.",
                start=entry[:20].rstrip(),
                limit=MAX_ENTRY_LENGTH,
            )
        )


class Skill(NamedTuple):
    """One line of the shipped skills; `weight` is 3 for what is asked for everywhere, 1 for what is rare."""

    label: str
    synonyms: tuple[str, ...]
    esco_uri: str
    source: str
    weight: int


class Place(NamedTuple):
    """One line of the shipped towns; degrees are WGS 84, the country is an ISO 3166 code of two letters."""

    geoname_id: int
    name: str
    ascii_name: str
    country_code: str
    latitude: float
    longitude: float
    population: int
    other_names: tuple[str, ...]


class Folded(NamedTuple):
    """What an entry means: `key` is equal for equal meanings, `label` is what people read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be suggested, with its plain spellings made once."""

    key: str
    label: str
    weight: int
    plain_label: str
    plain_words: str
    plain_aliases: str


@dataclass(frozen=True, slots=True)
class SkillIndex:
    """The shipped skills, ready to fold and to suggest; made by `skill_index`."""

    entries: tuple[Entry, ...]
    by_spelling: Mapping[str, Folded]


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """The shipped towns with labels in one language, ready to fold and to suggest; made by `place_index`."""

    entries: tuple[Entry, ...]
    by_key: Mapping[str, Place]
    #: Exact names, plain names and other names, in the order they are believed; towns by population.
    by_name: tuple[Mapping[str, tuple[Place, ...]], ...]
    countries: Mapping[str, str]
    labels: Mapping[str, str]


def tidy(text: str) -> str:
    """`text` as typed, without outer and doubled spaces and without characters nobody can see."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if character.isspace() else character for character in composed)
    return " ".join("".join(character for character in spaced if _is_visible(character)).split())


def fold(text: str) -> str:
    """The key of a free text: NFKC, case and spaces folded; the same text folded again stays the same."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).lower()
    folded = tidy(text).translate({ord(joiner): None for joiner in _JOINERS})
    for _round in range(2):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded).casefold())
    return tidy(folded)


def strip_accents(text: str) -> str:
    """`text` in plain letters where Latin, Greek or Cyrillic letters carry accents: Łódź is Lodz."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _COMBINING.sub("", apart).translate(_PLAIN_LETTERS))


def plain(text: str) -> str:
    """`text` as a hurried person would type it: folded, no accents, no apostrophes."""
    letters = strip_accents(fold(text.translate(_PLAIN_LETTERS)))
    return fold(letters.replace("'", ""))


def skill_index(skills: Iterable[Skill]) -> SkillIndex:
    """Prepare `skills`; a label always means itself, a synonym that two of them claim stays with the first."""
    by_spelling: dict[str, Folded] = {}
    others: list[tuple[str, Folded]] = []
    entries = []
    for skill in skills:
        folded = Folded(fold(skill.label), skill.label)
        entries.append(_entry(folded, skill.weight, skill.synonyms))
        others.extend((synonym, folded) for synonym in skill.synonyms)
        by_spelling.setdefault(folded.key, folded)
    for synonym, folded in others:
        by_spelling.setdefault(fold(synonym), folded)
    for spelling, folded in list(by_spelling.items()):
        by_spelling.setdefault(plain(spelling), folded)
    return SkillIndex(tuple(entries), by_spelling)


def fold_skill(text: str, skills: SkillIndex) -> Folded:
    """The skill that `text` names under any of its spellings, else the text as typed with a key of its own."""
    key = fold(text)
    return skills.by_spelling.get(key) or skills.by_spelling.get(plain(text)) or Folded(key, tidy(text))


def place_index(places: Iterable[Place], *territories: Mapping[str, str]) -> PlaceIndex:
    """Prepare `places`, given by falling population, for a reader.

    `territories` maps country codes to names: first the reader's language, which labels use, then any others in which
    a country may be typed.
    """
    known = tuple(places)
    labels = {place_key(place): place_label(place, territories[0]) for place in known}
    entries = tuple(
        _entry(Folded(place_key(place), labels[place_key(place)]), place.population, _place_aliases(place))
        for place in known
    )
    by_name = (
        _by_spelling((fold(place.name), place) for place in known),
        _by_spelling((name, place) for place in known for name in {plain(place.name), plain(place.ascii_name)}),
        _by_spelling((plain(name), place) for place in known for name in place.other_names),
    )
    return PlaceIndex(
        entries, {place_key(place): place for place in known}, by_name, _country_codes(known, territories), labels
    )


def place_key(place: Place) -> str:
    """The key under which a known town is stored; the same in every language."""
    return f"{_PLACE_KEY}{place.geoname_id}"


def place_label(place: Place, territories: Mapping[str, str]) -> str:
    """Town and country as a reader of the language of `territories` sees them: `Warsaw, Poland`."""
    return f"{place.name}, {territories.get(place.country_code, place.country_code)}"


def fold_place(text: str, places: PlaceIndex) -> Folded:
    """The town that `text` names, alone, with its country or by its key, else the text as typed.

    An exact name wins over one without accents, that over a name in another language; then the larger town.
    """
    place = find_place(text, places)
    if place is None:
        return Folded(fold(text), tidy(text))
    key = place_key(place)
    return Folded(key, places.labels[key])


def find_place(text: str, places: PlaceIndex) -> Place | None:
    """The known town that `text` names, by the rule of `fold_place`."""
    by_key = places.by_key.get(fold(text))
    return by_key or _town(text, None, places) or _town_and_country(text, places)


def _town_and_country(text: str, places: PlaceIndex) -> Place | None:
    """Some languages write a comma inside the name of a country, so each comma may be the one before it."""
    for comma in re.finditer(",", text):
        code = places.countries.get(plain(text[comma.end() :]))
        place = _town(text[: comma.start()], code, places) if code else None
        if place:
            return place
    return None


def skills_from(text: str, skills: SkillIndex) -> list[Folded]:
    """The skills in a typed list; commas, semicolons and lines all separate. Errors as `split_entries`."""
    typed = split_entries(";".join(text.splitlines()), lambda entry: fold_skill(entry, skills))
    return [fold_skill(entry, skills) for entry in typed]


def places_from(text: str, places: PlaceIndex) -> list[Folded]:
    """The places in a typed list, `Town, Country` kept together. Errors as `split_entries`.

    A single line that has its end is one place, whatever commas it holds: so the page sends back what it has shown.
    """
    typed = split_entries(
        text,
        lambda entry: fold_place(entry, places),
        lambda words: find_place(words, places) is not None,
        by_lines=text.endswith("\n"),
    )
    return [fold_place(entry, places) for entry in typed]


def split_entries(
    text: str,
    fold_entry: Callable[[str], Folded] | None = None,
    belongs_together: Callable[[str], bool] | None = None,
    *,
    by_lines: bool = False,
) -> list[str]:
    """The entries of a typed list as typed, tidied, in order, each meaning once.

    Lines and semicolons separate; where there is one line only, commas do too, except inside what `belongs_together`
    accepts and unless `by_lines`. `fold_entry` says which entries mean the same (default: by spelling). Raises
    `TooManyEntries` (over `MAX_ENTRIES`) or `EntryTooLong` (over `MAX_ENTRY_LENGTH` characters).
    """
    lines = text.strip().splitlines()
    parts = [part for line in lines for part in line.split(";")]
    if len(lines) == 1 and not by_lines:
        parts = [piece for part in parts for piece in _split_at_commas(part, belongs_together)]
    entries: dict[str, str] = {}
    for entry in (tidy(tidy(part).strip(",")) for part in parts):
        key = fold(entry)
        if max(len(entry), len(key)) > MAX_ENTRY_LENGTH:
            raise EntryTooLong(entry)
        if key:
            entries.setdefault(fold_entry(entry).key if fold_entry else key, entry)
    if len(entries) > MAX_ENTRIES:
        raise TooManyEntries(len(entries))
    return list(entries.values())


def suggest(query: str, entries: Sequence[Entry], limit: int = 8) -> list[Entry]:
    """At most `limit` of `entries` that fit what was typed so far, best first; none for an empty query.

    The whole label, then labels that start so, labels with a word that starts so, other spellings that start so, the
    rest that contain it; within these by weight. Accents and case do not matter.
    """
    wanted = plain(query).replace("|", " ").strip()
    if not wanted:
        return []
    ranked = ((_rank(wanted, entry), entry) for entry in entries)
    found = [(rank, -entry.weight, len(entry.label), entry.label, entry) for rank, entry in ranked if rank is not None]
    found.sort(key=lambda hit: hit[:4])
    return [hit[4] for hit in found[:limit]]


def _rank(wanted: str, entry: Entry) -> int | None:
    """How well `entry` fits: 0 is best, `None` is not at all."""
    if entry.plain_label.startswith(wanted):
        return 1 if len(entry.plain_label) > len(wanted) else 0
    if f" {wanted}" in entry.plain_words:
        return 2
    if f"|{wanted}" in entry.plain_aliases:
        return 3
    return 4 if wanted in entry.plain_label or wanted in entry.plain_aliases else None


def _entry(folded: Folded, weight: int, aliases: Iterable[str]) -> Entry:
    label = plain(folded.label)
    words = " " + _WORD_BREAKS.sub(" ", label)
    return Entry(folded.key, folded.label, weight, label, words, "".join(f"|{plain(alias)}" for alias in aliases))


def _place_aliases(place: Place) -> tuple[str, ...]:
    is_other_spelling = plain(place.ascii_name) != plain(place.name)
    return (place.ascii_name, *place.other_names) if is_other_spelling else place.other_names


def _by_spelling(spellings: Iterable[tuple[str, Place]]) -> dict[str, tuple[Place, ...]]:
    towns: dict[str, tuple[Place, ...]] = {}
    for spelling, place in spellings:
        towns[spelling] = (*towns.get(spelling, ()), place)
    return towns


def _country_codes(places: Iterable[Place], territories: Iterable[Mapping[str, str]]) -> dict[str, str]:
    codes = {place.country_code for place in places}
    by_name = {code.casefold(): code for code in codes} | _COUNTRY_SHORT_NAMES
    for names in territories:
        by_name.update({plain(name): code for code, name in names.items() if code in codes})
    return by_name


def _town(name: str, country_code: str | None, places: PlaceIndex) -> Place | None:
    for spelling, by_name in zip((fold(name), plain(name), plain(name)), places.by_name, strict=True):
        for place in by_name.get(spelling, ()):
            if country_code in (None, place.country_code):
                return place
    return None


def _split_at_commas(text: str, belongs_together: Callable[[str], bool] | None) -> list[str]:
    """The pieces of `text` between commas; up to three neighbours that belong together stay one piece."""
    pieces = text.split(",")
    joined = []
    at = 0
    while at < len(pieces):
        candidates = ((size, ",".join(pieces[at : at + size])) for size in (3, 2))
        size = next((size for size, words in candidates if belongs_together and belongs_together(words)), 1)
        joined.append(",".join(pieces[at : at + size]))
        at += size
    return joined


def _is_visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
