"""The shipped lists of skills and towns, read once from the package's folder."""

import csv
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel import Locale

from portal.community.rules import Place, PlaceIndex, Skill, SkillIndex, place_index, skill_index
from portal.core.i18n import babel_locale

DATA: Final = Path(__file__).parent / "data"
#: Languages whose labels of all towns are kept in memory at a time, about 6 MB each.
_LANGUAGES_KEPT: Final = 8


@cache
def shipped_skills() -> tuple[Skill, ...]:
    """The skills of `data/skills.tsv`, those asked for everywhere first."""
    return tuple(
        Skill(row["label"], _listed(row["synonyms"]), row["esco_uri"], row["source"], int(row["weight"]))
        for row in _rows(DATA / "skills.tsv")
    )


@cache
def shipped_places() -> tuple[Place, ...]:
    """The towns of `data/places.tsv`, largest first."""
    return tuple(
        Place(
            geoname_id=int(row["geoname_id"]),
            name=row["name"],
            ascii_name=row["ascii_name"],
            country_code=row["country_code"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            population=int(row["population"]),
            other_names=_listed(row["other_names"]),
        )
        for row in _rows(DATA / "places.tsv")
    )


@cache
def skills() -> SkillIndex:
    """The shipped skills, ready to fold and to suggest."""
    return skill_index(shipped_skills())


@lru_cache(maxsize=_LANGUAGES_KEPT)
def places(locale: str) -> PlaceIndex:
    """The shipped towns with countries named in `locale` (`de`, `pt-BR`); countries are understood in English too.

    Raises what `babel.Locale.parse` raises for a locale that nobody knows.
    """
    return place_index(shipped_places(), babel_locale(locale).territories, Locale("en").territories)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
