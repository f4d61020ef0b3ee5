"""What people type as skills and places is understood, and what they are offered comes in a sensible order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.community.rules import (
    MAX_ENTRIES,
    MAX_ENTRY_LENGTH,
    EntryTooLong,
    Place,
    PlaceIndex,
    Skill,
    SkillIndex,
    TooManyEntries,
    fold,
    fold_place,
    fold_skill,
    place_index,
    places_from,
    plain,
    skill_index,
    skills_from,
    split_entries,
    suggest,
    tidy,
)

SKILLS = skill_index(
    [
        Skill("JavaScript", ("js", "ecmascript"), "", "rapport", 3),
        Skill("Kubernetes", ("k8s",), "", "rapport", 3),
        Skill("Java", ("jdk",), "", "rapport", 2),
        Skill("PostgreSQL", ("postgres",), "", "rapport", 2),
        Skill("Django", (), "", "rapport", 2),
        Skill("French", ("français",), "", "rapport", 1),
        Skill("Advanced jargon", (), "", "rapport", 1),
    ]
)
TOWNS = [
    Place(1, "London", "London", "GB", 51.5, -0.1, 8_961_989, ()),
    Place(2, "Warsaw", "Warsaw", "PL", 52.2, 21.0, 1_702_139, ("Warszawa", "Warschau")),
    Place(3, "Munich", "Munich", "DE", 48.1, 11.6, 1_260_391, ("München",)),
    Place(4, "Córdoba", "Cordoba", "AR", -31.4, -64.2, 1_428_214, ()),
    Place(5, "Łódź", "Lodz", "PL", 51.8, 19.5, 768_755, ()),
    Place(6, "London", "London", "CA", 43.0, -81.2, 422_324, ()),
    Place(7, "Córdoba", "Cordoba", "ES", 37.9, -4.8, 328_428, ()),
    Place(8, "Cordoba", "Cordoba", "MX", 18.9, -96.9, 218_153, ()),
    Place(9, "Washington", "Washington", "US", 38.9, -77.0, 689_545, ("Washington, D.C.",)),
    Place(10, "New Warrington", "New Warrington", "US", 0.0, 0.0, 150_000, ()),
    Place(11, "Hong Kong", "Hong Kong", "HK", 22.3, 114.2, 7_396_076, ()),
]
ENGLISH = {
    "GB": "United Kingdom",
    "PL": "Poland",
    "DE": "Germany",
    "AR": "Argentina",
    "CA": "Canada",
    "ES": "Spain",
    "MX": "Mexico",
    "US": "United States",
    "HK": "Hong Kong",
}
PORTUGUESE = ENGLISH | {"PL": "Polônia", "HK": "Hong Kong, RAE da China"}
PLACES = place_index(TOWNS, ENGLISH)


def labels(entries: list[str], index: PlaceIndex = PLACES) -> list[str]:
    return [fold_place(entry, index).label for entry in entries]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("k8s", "Kubernetes"),
        (" KUBERNETES ", "Kubernetes"),
        ("JS", "JavaScript"),
        ("EcmaScript", "JavaScript"),
        ("postgres", "PostgreSQL"),
        ("ｊａｖａ", "Java"),
        ("Français", "French"),
        ("francais", "French"),
    ],
)
def test_other_spellings_of_a_skill_become_one(typed: str, label: str) -> None:
    assert fold_skill(typed, SKILLS) == (fold(label), label)


def test_a_skill_we_do_not_know_is_kept_as_typed() -> None:
    folded = fold_skill("  Basket   Weaving ", SKILLS)
    assert folded.label == "Basket Weaving"
    assert folded.key == fold_skill("basket weaving", SKILLS).key


def test_a_label_means_itself_even_when_another_skill_claims_it() -> None:
    skills = skill_index(
        [Skill("Sales", ("crm",), "", "rapport", 3), Skill("CRM", (), "", "rapport", 1)],
    )
    assert fold_skill("crm", skills).label == "CRM"


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("warsaw", "Warsaw, Poland"),
        ("Warsaw, Poland", "Warsaw, Poland"),
        ("Warsaw,PL", "Warsaw, Poland"),
        ("Warszawa", "Warsaw, Poland"),
        ("munchen", "Munich, Germany"),
        ("lodz", "Łódź, Poland"),
        ("London", "London, United Kingdom"),
        ("London, UK", "London, United Kingdom"),
        ("London, Canada", "London, Canada"),
        ("Cordoba", "Cordoba, Mexico"),
        ("Córdoba", "Córdoba, Argentina"),
        ("cordoba, spain", "Córdoba, Spain"),
        ("Washington, D.C.", "Washington, United States"),
        ("geonames:2", "Warsaw, Poland"),
        ("Bad  Muskau", "Bad Muskau"),
        ("Warsaw, Atlantis", "Warsaw, Atlantis"),
    ],
)
def test_a_place_is_understood_as_people_write_it(typed: str, label: str) -> None:
    assert fold_place(typed, PLACES).label == label


def test_a_town_keeps_its_key_in_every_language() -> None:
    portuguese = place_index(TOWNS, PORTUGUESE, ENGLISH)
    assert fold_place("Warsaw, Polônia", portuguese) == ("geonames:2", "Warsaw, Polônia")
    assert fold_place("Warsaw, Poland", portuguese) == ("geonames:2", "Warsaw, Polônia")
    assert fold_place("Warsaw, Poland", PLACES).key == "geonames:2"


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("", []),
        (" , ;\n, ", []),
        ("Python, Java;Go", ["Python", "Java", "Go"]),
        ("Python,\tpython , PYTHON", ["Python"]),
        ("one\ntwo\r\nthree", ["one", "two", "three"]),
        ("Warsaw, Poland\nBerlin; Paris", ["Warsaw, Poland", "Berlin", "Paris"]),
        ("a, b\n", ["a", "b"]),
        ("a,\nb,\n", ["a", "b"]),
        ("zero\u200bwidth\x00", ["zerowidth"]),
    ],
)
def test_a_typed_list_is_taken_apart(typed: str, entries: list[str]) -> None:
    assert split_entries(typed) == entries


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (
            "Warsaw, Poland, London, Remote",
            ["Warsaw, Poland", "London, United Kingdom", "Remote"],
        ),
        ("Warsaw, London, Canada", ["Warsaw, Poland", "London, Canada"]),
        ("Warsaw, Warszawa; Warsaw, Poland", ["Warsaw, Poland"]),
        (
            "Washington, D.C., Munich",
            ["Washington, United States", "Munich, Germany"],
        ),
        ("Bad Muskau, Germany\nMunich", ["Bad Muskau, Germany", "Munich, Germany"]),
    ],
)
def test_a_town_stays_with_its_country(typed: str, found: list[str]) -> None:
    assert [place.label for place in places_from(typed, PLACES)] == found


def test_a_country_with_a_comma_in_its_name_stays_whole() -> None:
    portuguese = place_index(TOWNS, PORTUGUESE, ENGLISH)
    typed = "Hong Kong, Hong Kong, RAE da China, Warsaw"
    assert [place.key for place in places_from(typed, portuguese)] == ["geonames:11", "geonames:2"]


def test_skills_are_separated_by_commas_on_several_lines_too() -> None:
    typed = "js, JavaScript\nk8s, Basket weaving"
    assert [skill.label for skill in skills_from(typed, SKILLS)] == ["JavaScript", "Kubernetes", "Basket weaving"]


def test_thirty_entries_are_taken_and_one_more_is_refused_with_the_number() -> None:
    thirty = [f"skill {number}" for number in range(MAX_ENTRIES)]
    assert split_entries(",".join(thirty)) == thirty
    with pytest.raises(TooManyEntries, match=r"30 entries\. There are 31 now"):
        split_entries(",".join([*thirty, "one more"]))


def test_repetitions_do_not_count_towards_the_limit() -> None:
    assert split_entries("same," * 50) == ["same"]


def test_an_entry_that_is_too_long_is_named() -> None:
    assert split_entries("x" * MAX_ENTRY_LENGTH) == ["x" * MAX_ENTRY_LENGTH]
    with pytest.raises(EntryTooLong, match="“I have ten years of…” is too long"):
        split_entries("Java, I have ten years of experience with 100% of everything there is to know")


def test_a_sign_that_unfolds_into_many_letters_is_not_let_through() -> None:
    with pytest.raises(EntryTooLong):
        split_entries("\ufdfa" * 10)


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("jav", ["JavaScript", "Java"]),
        ("java", ["Java", "JavaScript"]),
        ("k8", ["Kubernetes"]),
        ("j", ["JavaScript", "Java", "Advanced jargon", "Django"]),
        ("sql", ["PostgreSQL"]),
        ("franc", ["French"]),
        ("", []),
        ("  ", []),
        ("|", []),
        ("nothing like it", []),
    ],
)
def test_skills_are_offered_best_first(query: str, offered: list[str]) -> None:
    assert [entry.label for entry in suggest(query, SKILLS.entries)] == offered


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("war", ["Warsaw, Poland", "New Warrington, United States"]),
        ("WARS", ["Warsaw, Poland"]),
        ("lod", ["Łódź, Poland"]),
        ("poland", ["Warsaw, Poland", "Łódź, Poland"]),
        ("london", ["London, United Kingdom", "London, Canada"]),
        ("warsaw, po", ["Warsaw, Poland"]),
        ("münch", ["Munich, Germany"]),
    ],
)
def test_towns_are_offered_best_first(query: str, offered: list[str]) -> None:
    assert [entry.label for entry in suggest(query, PLACES.entries)] == offered


def test_no_more_is_offered_than_asked_for() -> None:
    assert [entry.label for entry in suggest("o", PLACES.entries, limit=2)] == [
        "London, United Kingdom",
        "Hong Kong, Hong Kong",
    ]


def test_among_five_thousand_towns_the_largest_that_fit_come_first() -> None:
    towns = [Place(n, f"Town {n} an der Aller", "", "DE", 0.0, 0.0, 10**7 - n, ("Stadt",)) for n in range(5000)]
    entries = place_index(towns, ENGLISH).entries
    assert [entry.label for entry in suggest("town 4999", entries)] == ["Town 4999 an der Aller, Germany"]
    assert [entry.label for entry in suggest("aller", entries, limit=2)] == [
        "Town 0 an der Aller, Germany",
        "Town 1 an der Aller, Germany",
    ]
    assert suggest("nothing of the kind", entries) == []


@given(st.text(max_size=80))
def test_a_key_folded_again_stays_the_same(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert fold(tidy(text)) == key


@given(st.text(max_size=80))
def test_tidying_and_simplifying_again_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_few_short_distinct_entries_or_a_named_error(text: str) -> None:
    try:
        entries = split_entries(text)
    except (EntryTooLong, TooManyEntries):
        return
    keys = [fold(entry) for entry in entries]
    assert len(set(keys)) == len(keys) <= MAX_ENTRIES
    assert all(1 <= len(entry) <= MAX_ENTRY_LENGTH and 1 <= len(fold(entry)) <= MAX_ENTRY_LENGTH for entry in entries)
    assert all("\x00" not in entry and entry.encode() for entry in entries)


@given(st.lists(st.sampled_from([entry.label for entry in PLACES.entries]), unique=True), st.sampled_from(",;\n"))
def test_what_was_offered_can_be_given_back_in_any_form(chosen: list[str], separator: str) -> None:
    assert [place.label for place in places_from(separator.join(chosen), PLACES)] == chosen


@given(st.text(max_size=40))
def test_folding_a_fold_changes_nothing(text: str) -> None:
    for index, fold_entry in ((SKILLS, fold_skill), (PLACES, fold_place)):
        assert_stable(text, index, fold_entry)


def assert_stable(text: str, index: SkillIndex | PlaceIndex, fold_entry: object) -> None:
    assert callable(fold_entry)
    folded = fold_entry(text, index)
    assert fold_entry(folded.key, index).key == folded.key
    assert fold_entry(folded.label, index) == folded


@given(st.text(max_size=12), st.integers(min_value=1, max_value=8))
def test_everything_offered_contains_what_was_typed(query: str, limit: int) -> None:
    offered = suggest(query, PLACES.entries, limit)
    assert len(offered) <= limit
    for entry in offered:
        wanted = plain(query).replace("|", " ").strip()
        assert wanted in entry.plain_words + "\n" + entry.plain_label + "\n" + entry.plain_aliases
