"""Two exports as they come, read from the file to the status."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.applications.states import ApplicationStatus
from portal.ats.adapters import open_table
from portal.ats.rules import (
    ColumnMapping,
    DateEvidence,
    RowRead,
    application_key,
    candidate_status,
    map_columns,
    read_row,
    recognise_source,
)
from portal.ats.states import DATE_FIELDS, DateOrder, ImportField

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 22)


def read_file(path: Path) -> tuple[str | None, ColumnMapping, DateOrder, list[RowRead]]:
    with open_table(path) as table:
        mapping = map_columns(table.headers, {}, {})
        evidence = DateEvidence()
        for _number, cells in table.rows():
            for field in DATE_FIELDS:
                evidence.add(mapping.cell(cells, field))
        order = evidence.conclude()
        rows = [read_row(number, cells, mapping, order, TODAY) for number, cells in table.rows()]
    return recognise_source(table.headers), mapping, order, rows


@pytest.mark.parametrize(
    ("name", "source", "row_count", "distinct", "refused"),
    [
        ("applications-greenhouse.csv", "greenhouse", 510, 500, [64, 162, 180, 199, 303, 344, 361, 479, 511]),
        ("applications-lever.tsv", "lever", 306, 300, [21, 154, 166, 213, 252]),
    ],
)
def test_just_the_rows_without_an_address_are_refused(
    name: str, source: str, row_count: int, distinct: int, refused: list[int]
) -> None:
    found, mapping, order, rows = read_file(DATA / name)
    assert found == source
    assert mapping.missing == ()
    assert order is DateOrder.NONE_NEEDED
    assert len(rows) == row_count
    with open_table(DATA / name) as table:
        assert len({mapping.cell(cells, ImportField.APPLICATION_ID) for _row, cells in table.rows()}) == distinct
    refusals = [refusal for row in rows for refusal in row.refusals]
    assert [refusal.row for refusal in refusals] == refused
    assert {refusal.column for refusal in refusals} == {mapping.header(ImportField.EMAIL)}
    keys = {application_key(source, row.application) for row in rows if row.application}
    assert len(keys) == distinct - len(refused)


def test_the_same_numbers_of_two_systems_are_different_applications() -> None:
    keys = []
    for name in ("applications-greenhouse.csv", "applications-lever.tsv"):
        source, _mapping, _order, rows = read_file(DATA / name)
        keys.append({application_key(source or "", row.application) for row in rows if row.application})
    assert not keys[0] & keys[1]


def test_no_gender_of_anybody_is_read() -> None:
    _source, mapping, _order, rows = read_file(DATA / "applications-greenhouse.csv")
    assert mapping.demographic == ("Gender",)
    text = repr([row.application for row in rows])
    assert not any(word in text for word in ("Female", "'Male'", "Decline to self identify"))


def test_people_of_one_address_in_any_case_are_one() -> None:
    _source, _mapping, _order, rows = read_file(DATA / "applications-lever.tsv")
    emails = [row.application.email for row in rows if row.application]
    assert all(email == email.strip().lower() for email in emails)


def test_nobody_in_the_lever_file_is_ended_before_its_reasons_are_mapped() -> None:
    _source, mapping, _order, rows = read_file(DATA / "applications-lever.tsv")
    statuses = Counter(
        candidate_status(
            row.application.stage,
            row.application.status_word,
            row.application.reject_reason,
            {},
            {},
            mapping.has(ImportField.STATUS),
        ).status
        for row in rows
        if row.application
    )
    assert set(statuses) == {ApplicationStatus.HIRED, ApplicationStatus.IN_REVIEW}


def test_a_file_whose_dates_contradict_one_another_refuses_the_minority() -> None:
    _source, _mapping, order, rows = read_file(DATA / "tables" / "dates-contradicting.csv")
    assert order is DateOrder.DMY
    assert [row.row for row in rows if row.refusals] == [4]


def test_a_file_whose_dates_fit_both_ways_is_asked_about() -> None:
    assert read_file(DATA / "tables" / "dates-ambiguous.csv")[2] is DateOrder.AMBIGUOUS


def test_the_german_file_is_understood() -> None:
    _source, mapping, order, rows = read_file(DATA / "tables" / "semicolon-german-cp1252.csv")
    assert mapping.demographic == ("Geschlecht", "Geburtsdatum")
    assert order is DateOrder.DMY
    first = rows[0].application
    assert first is not None
    assert (first.name, first.applied_on, first.tags) == ("Jürgen Größe", date(2026, 3, 14), ("Köln", "Remote"))
    assert first.stage == "Vorstellungsgespräch"
