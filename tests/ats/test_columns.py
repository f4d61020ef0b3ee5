"""Columns are found by their names, mapped by hand, or left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.adapters import open_table
from portal.ats.rules import (
    DemographicColumn,
    InvalidMapping,
    TwoColumnsForOneField,
    UnknownColumn,
    UnknownField,
    is_demographic,
    map_columns,
    recognise_source,
)
from portal.ats.states import ImportField as F

DATA = Path(__file__).parents[1] / "data"

GREENHOUSE = [
    *("Application ID", "Candidate ID", "Candidate Name", "Email", "Job ID", "Job", "Current Stage", "Status"),
    *("Applied On", "Last Activity", "Rejection Reason", "Source", "Candidate Tags", "Gender", "Notes"),
]
LEVER = [
    *("Opportunity ID", "First Name", "Last Name", "Email Address", "Posting Title", "Stage", "Archive Reason"),
    *("Created At", "Last Interaction At", "Tags"),
]


def fields_of(headers: list[str], **more: dict[str, str]) -> dict[str, str]:
    mapping = map_columns(headers, more.get("chosen", {}), more.get("remembered", {}))
    return {field.value: headers[index] for field, index in mapping.by_field.items()}


def test_greenhouse_columns_are_found() -> None:
    mapping = map_columns(GREENHOUSE, {}, {})
    assert {field: GREENHOUSE[index] for field, index in mapping.by_field.items()} == {
        F.APPLICATION_ID: "Application ID",
        F.NAME: "Candidate Name",
        F.EMAIL: "Email",
        F.OPENING_ID: "Job ID",
        F.OPENING: "Job",
        F.STAGE: "Current Stage",
        F.STATUS: "Status",
        F.APPLIED_ON: "Applied On",
        F.LAST_ACTIVITY_ON: "Last Activity",
        F.REJECT_REASON: "Rejection Reason",
        F.CHANNEL: "Source",
        F.TAGS: "Candidate Tags",
    }
    assert mapping.ignored == ("Candidate ID", "Notes")
    assert mapping.demographic == ("Gender",)
    assert mapping.missing == ()
    assert mapping.warnings == ()


def test_lever_columns_are_found_without_a_status() -> None:
    found = fields_of(LEVER)
    assert found["opening"] == "Posting Title"
    assert found["application_id"] == "Opportunity ID"
    assert found["reject_reason"] == "Archive Reason"
    assert found["last_activity_on"] == "Last Interaction At"
    assert "status" not in found
    assert len(found) == len(LEVER)


@pytest.mark.parametrize(
    ("headers", "source"),
    [
        (GREENHOUSE, "greenhouse"),
        (LEVER, "lever"),
        ([header.upper().replace(" ", "_") for header in GREENHOUSE], "greenhouse"),
        (["Name", "Email", "Job"], None),
        (["Application ID", "Email", "Job"], None),
        (GREENHOUSE + LEVER, None),
        (["Candidate Name", "Email", "Job", "Stage", "Status", "Applied On"], None),
        ([], None),
    ],
)
def test_a_source_is_recognised_only_beyond_doubt(headers: list[str], source: str | None) -> None:
    assert recognise_source(headers) == source


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("EMAIL", "email"),
        ("e_mail", "email"),
        ("E-Mail Address", "email"),
        ("candidateEmail", "email"),
        ("Primary Email Address", "email"),
        ("Correo electrónico", "email"),
        ("Adresse e-mail", "email"),
        ("Job Title", "opening"),
        ("Position applied for", "opening"),
        ("Requisition Title", "opening"),
        ("Stellenbezeichnung", "opening"),
        ("Intitulé du poste", "opening"),
        ("Full Name", "name"),
        ("Imię i nazwisko", "name"),
        ("Given Name", "first_name"),
        ("Vorname", "first_name"),
        ("Eingang am", "applied_on"),
        ("Surname", "last_name"),
        ("Nachname", "last_name"),
        ("Current Interview Stage", "stage"),
        ("Workflow step", "stage"),
        ("Application Status", "status"),
        ("Disqualification reason", "reject_reason"),
        ("Archive Reason", "reject_reason"),
        ("Absagegrund", "reject_reason"),
        ("Date Applied", "applied_on"),
        ("Application Date", "applied_on"),
        ("Created At", "applied_on"),
        ("Beworben am", "applied_on"),
        ("Last Activity At", "last_activity_on"),
        ("Letzte Aktivität", "last_activity_on"),
        ("Requisition ID", "opening_id"),
        ("Opportunity ID", "application_id"),
        ("Phone Number", "phone"),
        ("Téléphone", "phone"),
        ("Candidate Tags", "tags"),
        ("Labels", "tags"),
        ("Source", "channel"),
        ("Origin", "channel"),
        ("How did you hear about us?", "channel"),
        ("Bewerbungsquelle", "channel"),
    ],
)
def test_real_world_headers_are_known(header: str, field: str) -> None:
    assert fields_of([header]) == {field: header}


@pytest.mark.parametrize(
    "header", ["Candidate ID", "Notes", "Recruiter", "Recruiter Email", "Hiring Manager Email", "Cover letter", "City"]
)
def test_other_columns_are_ignored_and_named(header: str) -> None:
    mapping = map_columns([header, "Email", "Job"], {}, {})
    assert mapping.ignored == (header,)
    assert mapping.demographic == ()


def test_what_is_needed_and_missing_is_named() -> None:
    assert map_columns(["Name"], {}, {}).missing == (F.EMAIL, F.OPENING)
    assert map_columns(["Email", "Name"], {}, {}).missing == (F.OPENING,)


def test_a_choice_by_hand_beats_memory_which_beats_the_name() -> None:
    headers = ["Email", "Job", "Team", "Squad"]
    assert fields_of(headers)["opening"] == "Job"
    assert fields_of(headers, remembered={"Team": "opening"})["opening"] == "Team"
    assert fields_of(headers, remembered={"Team": "opening"}, chosen={"squad": "Opening"})["opening"] == "Squad"


def test_a_column_can_be_ignored_by_hand_and_by_memory() -> None:
    assert "opening" not in fields_of(["Email", "Job"], chosen={"Job": "ignore"})
    assert "opening" not in fields_of(["Email", "Job"], remembered={"Job": "ignore"})
    assert fields_of(["Email", "Job"], remembered={"Job": "ignore"}, chosen={"JOB": "opening"})["opening"] == "Job"


def test_what_is_remembered_of_other_files_does_no_harm() -> None:
    remembered = {"Gone": "email", "Job": "no_such_field", "Gender": "stage"}
    assert fields_of(["Email", "Job", "Gender"], remembered=remembered) == {"email": "Email", "opening": "Job"}


def test_two_columns_by_hand_for_one_field_are_refused_and_named() -> None:
    with pytest.raises(TwoColumnsForOneField) as refusal:
        map_columns(["Email", "Job", "Team"], {"Job": "opening", "Team": "opening"}, {})
    assert '"Job" and "Team"' in refusal.value.message


def test_of_two_columns_that_look_alike_the_better_name_is_read_with_a_warning() -> None:
    mapping = map_columns(["Created At", "Email", "Job", "Applied On"], {}, {})
    assert mapping.header(F.APPLIED_ON) == "Applied On"
    assert mapping.ignored == ("Created At",)
    assert len(mapping.warnings) == 1
    assert "Created At" in mapping.warnings[0]


def test_an_unknown_column_or_field_by_hand_is_refused() -> None:
    with pytest.raises(UnknownColumn, match="Nowhere"):
        map_columns(["Email"], {"Nowhere": "email"}, {})
    with pytest.raises(UnknownField, match="application_id"):
        map_columns(["Email"], {"Email": "adress"}, {})


@pytest.mark.parametrize(
    "header",
    [
        *("Gender", "gender_identity", "Candidate Gender (EEOC)", "candidategender", "Sex", "Pronouns", "Salutation"),
        *("Race", "Race/Ethnicity", "EthnicBackground", "Ethnic origin", "Are you Hispanic or Latino?", "Nationality"),
        *("Citizenship", "DOB", "Date of Birth", "dateofbirth", "Birthday", "Birth Year", "Place of birth"),
        *("Age", "Age group", "Candidate Age (years)", "Disability", "DisabilityStatus", "Are you disabled?"),
        *("Veteran Status", "Protected veteran", "Military service", "Religion", "Religious belief"),
        *("Marital Status", "Family status", "Sexual Orientation", "LGBTQ+", "Pregnancy", "EEOC", "Diversity survey"),
        *("Do you identify as a person of colour?", "Trade union membership", "Medical conditions"),
        *("Geschlecht", "Geburtsdatum", "Geburtsort", "Alter", "Nationalität", "Staatsangehörigkeit", "Konfession"),
        *("Behinderung", "Schwerbehinderung (GdB)", "Familienstand", "Schwangerschaft", "Ethnische Herkunft"),
        *("Sexuelle Orientierung", "Anrede", "Hautfarbe", "Rasse"),
        *("Sexe", "Genre", "Date de naissance", "Âge", "Nationalité", "Situation familiale", "État civil", "Handicap"),
        *("Origine ethnique", "Orientation sexuelle", "Grossesse", "Civilité", "Religion"),
        *("Género", "Sexo", "Edad", "Fecha de nacimiento", "Nacionalidad", "Estado civil", "Discapacidad", "Etnia"),
        *("Raza", "Religión", "Orientación sexual", "Embarazo", "Veterano"),
        *("Gênero", "Idade", "Data de nascimento", "Nacionalidade", "Deficiência", "Raça", "Religião", "Gravidez"),
        *("Sesso", "Genere", "Età", "Data di nascita", "Nazionalità", "Stato civile", "Disabilità", "Religione"),
        *("Geslacht", "Leeftijd", "Geboortedatum", "Nationaliteit", "Burgerlijke staat", "Etniciteit", "Handicap"),
        *("Godsdienst", "Seksuele geaardheid", "Zwangerschap"),
        *("Płeć", "Wiek", "Data urodzenia", "Narodowość", "Obywatelstwo", "Stan cywilny", "Niepełnosprawność"),
        *("Wyznanie", "Orientacja seksualna", "Ciąża", "Pochodzenie etniczne"),
        "Gender (2)",
    ],
)
def test_demographic_columns_are_dropped_and_cannot_be_mapped(header: str) -> None:
    mapping = map_columns(["Email", "Job", header], {}, {header: "tags"})
    assert mapping.demographic == (header,)
    assert header not in mapping.ignored
    assert 2 not in mapping.by_field.values()
    with pytest.raises(DemographicColumn) as refusal:
        map_columns(["Email", "Job", header], {header: "tags"}, {})
    assert header in refusal.value.message
    assert map_columns(["Email", "Job", header], {header: "ignore"}, {}).demographic == (header,)


@pytest.mark.parametrize(
    "header",
    [
        *("Stage", "Current Stage", "Application age (days)", "Age of application", "Language", "Agent", "Management"),
        *("Percentage", "ETA", "Origin", "Source", "International IT experience", "Veterinary licence"),
        *("Essex office", "Tracey", "Email Invalid?", "Message", "Average score", "Sextant", "Generation"),
    ],
)
def test_harmless_columns_are_not_taken_for_demographic(header: str) -> None:
    assert not is_demographic(header)


def test_no_known_name_is_demographic() -> None:
    for headers in (GREENHOUSE, LEVER):
        assert [header for header in headers if is_demographic(header)] in (["Gender"], [])


def test_the_second_of_two_columns_with_one_name_is_not_read() -> None:
    with open_table(DATA / "tables" / "duplicate-headers.csv") as table:
        mapping = map_columns(table.headers, {}, {})
    assert table.headers == ["Email", "Email (2)", "Column C", "Job", "Gender", "Gender (2)"]
    assert mapping.header(F.EMAIL) == "Email"
    assert mapping.demographic == ("Gender", "Gender (2)")
    assert len(mapping.warnings) == 1


_words = st.text(max_size=20) | st.sampled_from([*GREENHOUSE, *LEVER, "Age", "email", "ignore", *F])


@given(st.lists(_words, max_size=12), st.dictionaries(_words, _words, max_size=4), st.dictionaries(_words, _words))
def test_any_header_is_mapped_or_refused_by_name(
    headers: list[str], chosen: dict[str, str], remembered: dict[str, str]
) -> None:
    try:
        mapping = map_columns(headers, chosen, remembered)
    except InvalidMapping:
        return
    used = list(mapping.by_field.values())
    assert len(used) == len(set(used))
    assert len(used) + len(mapping.ignored) + len(mapping.demographic) == len(headers)
    assert not any(is_demographic(headers[index]) for index in used)
