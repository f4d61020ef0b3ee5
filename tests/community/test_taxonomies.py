"""The shipped skills and towns are clean, complete and credited."""

from collections import Counter
from gettext import NullTranslations

import pytest
from babel import Locale

from portal.community.adapters import DATA, places, shipped_places, shipped_skills, skills
from portal.community.rules import MAX_ENTRY_LENGTH, fold, fold_place, fold_skill, place_label, places_from, suggest
from portal.community.states import CAREER_STAGE_LABELS, WORK_MODE_LABELS, CareerStage, WorkMode
from portal.company.states import AREAS
from portal.core.i18n import add_catalogue, reading_as

LANGUAGES = ("en", "de", "fr", "es", "pl", "pt-BR", "uk")


class Shouting(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


def test_every_file_is_there_and_credits_its_source() -> None:
    credit = (DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "This service uses the ESCO classification of the European Commission." in credit
    assert "https://creativecommons.org/licenses/by/4.0/" in credit
    assert "modified version" in credit


def test_skills_are_some_hundred_with_short_clean_labels() -> None:
    known = shipped_skills()
    assert 400 <= len(known) <= 900
    for skill in known:
        assert 1 <= len(skill.label) <= MAX_ENTRY_LENGTH
        assert skill.label == skill.label.strip()
        assert not set(",;|()\t") & set(skill.label)
        assert skill.weight in (1, 2, 3)


def test_no_spelling_belongs_to_two_skills() -> None:
    spellings = Counter(fold(spelling) for skill in shipped_skills() for spelling in (skill.label, *skill.synonyms))
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_skills_from_esco_carry_its_address_and_ours_none() -> None:
    sources = Counter(skill.source for skill in shipped_skills())
    assert set(sources) == {"esco", "rapport"}
    assert sources["esco"] > 100
    for skill in shipped_skills():
        assert skill.esco_uri.startswith("http://data.europa.eu/esco/skill/") == (skill.source == "esco")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("k8s", "Kubernetes"),
        ("JS", "JavaScript"),
        ("postgres", "PostgreSQL"),
        ("golang", "Go"),
        ("excel", "Microsoft Excel"),
        ("accountancy", "Accounting"),
        ("customer service", "Customer support"),
        ("nurse", "Nursing"),
        ("fork lift", "Forklift driving"),
        ("deutsch", "German"),
        ("C++", "C++"),
        ("c#", "C#"),
        (".NET", ".NET"),
        ("hiring", "Recruiting"),
    ],
)
def test_everyday_words_find_their_skill(typed: str, label: str) -> None:
    assert fold_skill(typed, skills()).label == label


def test_every_skill_folds_to_itself() -> None:
    for skill in shipped_skills():
        assert fold_skill(skill.label, skills()) == (fold(skill.label), skill.label)
        assert all(fold_skill(synonym, skills()).label == skill.label for synonym in skill.synonyms)


def test_towns_have_more_than_a_hundred_thousand_people_and_come_by_size() -> None:
    towns = shipped_places()
    populations = [town.population for town in towns]
    assert len(towns) > 5000
    assert min(populations) > 100_000
    assert populations == sorted(populations, reverse=True)


def test_towns_are_distinct_and_well_formed() -> None:
    towns = shipped_places()
    assert len({town.geoname_id for town in towns}) == len(towns)
    assert len({(fold(town.name), town.country_code) for town in towns}) == len(towns)
    countries = Locale("en").territories
    for town in towns:
        assert town.country_code in countries
        assert town.ascii_name.isascii()
        assert not set(",;|\t") & set(town.name)
        assert -90 <= town.latitude <= 90
        assert -180 <= town.longitude <= 180


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_town_offered_can_be_given_back_in_every_language(language: str) -> None:
    index = places(language)
    for entry in index.entries[::7]:
        assert len(entry.label) <= MAX_ENTRY_LENGTH
        assert places_from(entry.label, index) == [(entry.key, entry.label)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Warszawa", "Warsaw, Poland"),
        ("Lisboa", "Lisbon, Portugal"),
        ("München", "Munich, Germany"),
        ("Koln", "Köln, Germany"),
        ("New York", "New York City, United States"),
        ("Bangalore, India", "Bengaluru, India"),
        ("Washington, DC", "Washington, United States"),
        ("sao paulo", "São Paulo, Brazil"),
    ],
)
def test_towns_are_found_by_the_names_people_use(typed: str, label: str) -> None:
    assert fold_place(typed, places("en")).label == label


def test_countries_are_named_in_the_language_of_the_reader() -> None:
    assert [entry.label for entry in suggest("warsaw", places("de").entries)] == ["Warsaw, Polen"]
    warsaw = next(town for town in shipped_places() if town.name == "Warsaw")
    assert place_label(warsaw, Locale("fr").territories) == "Warsaw, Pologne"


def test_every_choice_has_a_label() -> None:
    assert set(CAREER_STAGE_LABELS) == set(CareerStage)
    assert set(WORK_MODE_LABELS) == set(WorkMode)
    assert str(CAREER_STAGE_LABELS[CareerStage.OPEN_TO_IT]) == "Open to it"


def test_areas_are_distinct_and_translated_when_shown() -> None:
    assert len({key for key, _label in AREAS}) == len(AREAS) >= 12
    add_catalogue("xx", Shouting())
    with reading_as("xx", "UTC"):
        assert [str(label) for _key, label in AREAS][:2] == ["ENGINEERING", "DATA"]
    assert [str(label) for _key, label in AREAS][:2] == ["Engineering", "Data"]
