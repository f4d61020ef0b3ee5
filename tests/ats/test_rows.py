"""A row becomes an application with warnings, or is refused with every reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.rules import (
    ImportedRow,
    InvalidSource,
    RowRead,
    application_key,
    clean_text,
    map_columns,
    normalise_source,
    read_row,
)
from portal.ats.rules.rows import MAX_LENGTHS, MAX_TAG_LENGTH, MAX_TAGS
from portal.ats.states import DateOrder, ImportField, StatusWord

TODAY = date(2026, 3, 4)
GOOD = {"Email": "zoe@example.org", "Job": "Designer", "Name": "Zoë Ström"}


def read(values: dict[str, str], order: DateOrder = DateOrder.DMY, row: int = 7) -> RowRead:
    mapping = map_columns(list(values), {}, {})
    return read_row(row, list(values.values()), mapping, order, TODAY)


def application(values: dict[str, str]) -> ImportedRow:
    outcome = read({**GOOD, **values})
    assert outcome.application is not None
    return outcome.application


def test_a_full_row_is_read() -> None:
    outcome = read(
        {
            "Application ID": " 7000011 ",
            "Candidate Name": "Zoë  Ström",
            "Email": " ZOE@Example.org ",
            "Job ID": "42",
            "Job": "Data Analyst, Finance",
            "Current Stage": "Offer",
            "Status": "Active",
            "Applied On": "01/03/2026",
            "Last Activity": "2026-03-02",
            "Rejection Reason": "",
            "Source": "LinkedIn",
            "Candidate Tags": "python; EU,remote only|Python",
            "Phone": "+48 600 100 200",
            "Gender": "x",
        }
    )
    assert outcome.refusals == ()
    assert outcome.warnings == ()
    assert outcome.application == ImportedRow(
        row=7,
        email="zoe@example.org",
        email_as_written="ZOE@Example.org",
        name="Zoë Ström",
        opening_title="Data Analyst, Finance",
        opening_id="42",
        application_id="7000011",
        stage="Offer",
        status_word=StatusWord.ACTIVE,
        status_as_written="Active",
        reject_reason="",
        applied_on=date(2026, 3, 1),
        last_activity_on=date(2026, 3, 2),
        phone="+48 600 100 200",
        tags=("python", "EU", "remote only"),
        channel="LinkedIn",
    )


def test_every_reason_of_a_refused_row_is_named_with_its_column() -> None:
    outcome = read({"E-Mail": "a@x.org; b@x.org", "Job Title": " ", "Applied On": "soon", "Last Activity": "later"})
    assert outcome.application is None
    assert outcome.warnings == ()
    assert [refusal.column for refusal in outcome.refusals] == ["E-Mail", "Job Title", "Applied On", "Last Activity"]
    assert {refusal.row for refusal in outcome.refusals} == {7}
    assert all(refusal.reason for refusal in outcome.refusals)


@pytest.mark.parametrize("cell", ["", "n/a", "unknown@", "a@x.org b@y.org", "zoe"])
def test_a_row_without_one_address_is_refused(cell: str) -> None:
    outcome = read({**GOOD, "Email": cell})
    assert outcome.application is None
    assert [refusal.column for refusal in outcome.refusals] == ["Email"]


@pytest.mark.parametrize("cell", ["", "  ", "-", "N/A", "null", "\x00", "\u200b", "\u200d"])
def test_a_row_without_an_opening_is_refused(cell: str) -> None:
    assert [refusal.column for refusal in read({**GOOD, "Job": cell}).refusals] == ["Job"]


@pytest.mark.parametrize("cell", ["", "  ", "-", "n/a", "null"])
def test_an_empty_date_is_no_date(cell: str) -> None:
    assert application({"Applied On": cell}).applied_on is None


def test_a_date_that_fits_both_ways_is_refused_while_the_order_is_unknown() -> None:
    assert read({**GOOD, "Applied On": "03/04/2026"}, DateOrder.AMBIGUOUS).application is None
    assert read({**GOOD, "Applied On": "03/02/2026"}, DateOrder.DMY).application is not None


def test_a_date_in_the_future_warns() -> None:
    outcome = read({**GOOD, "Applied On": "05/03/2026", "Last Activity": "04/03/2026"})
    assert outcome.application is not None
    assert outcome.application.applied_on == date(2026, 3, 5)
    assert [warning.column for warning in outcome.warnings] == ["Applied On"]
    assert "future" in outcome.warnings[0].reason


def test_first_and_last_name_make_a_name() -> None:
    values = {"Email": "zoe@example.org", "Job": "Designer", "First Name": " Zoë ", "Last Name": "van der Ström"}
    outcome = read(values)
    assert outcome.application is not None
    assert outcome.application.name == "Zoë van der Ström"
    assert outcome.warnings == ()


def test_a_whole_name_beats_its_parts_and_parts_fill_in() -> None:
    parts = {"First Name": "Z.", "Last Name": "S."}
    assert application({"Name": "Zoë Ström", **parts}).name == "Zoë Ström"
    assert application({"Name": "n/a", **parts}).name == "Z. S."


@pytest.mark.parametrize("cell", ["", "-", "n/a", "???"])
def test_a_missing_name_warns_and_is_never_taken_from_the_address(cell: str) -> None:
    outcome = read({**GOOD, "Name": cell})
    assert outcome.application is not None
    assert outcome.application.name == ""
    assert [warning.column for warning in outcome.warnings] == ["Name"]


def test_an_unknown_status_word_warns_and_is_kept_as_written() -> None:
    outcome = read({**GOOD, "Stage": "Offer", "Status": "Frobnicated"})
    assert outcome.application is not None
    assert (outcome.application.status_word, outcome.application.status_as_written) == (None, "Frobnicated")
    assert [warning.column for warning in outcome.warnings] == ["Status"]


@pytest.mark.parametrize(
    ("status", "word", "stage"),
    [
        ("Phone screen", None, "Phone screen"),
        ("In review", StatusWord.ACTIVE, "In review"),
        ("Interviewing", None, "Interviewing"),
        ("Active", StatusWord.ACTIVE, ""),
        ("Rejected", StatusWord.REJECTED, ""),
    ],
)
def test_one_column_may_hold_both_status_and_stage(status: str, word: StatusWord | None, stage: str) -> None:
    outcome = read({**GOOD, "Status": status})
    assert outcome.application is not None
    assert (outcome.application.status_word, outcome.application.stage) == (word, stage)
    assert outcome.warnings == ()


def test_what_is_too_long_is_cut_with_a_warning() -> None:
    headers = {
        ImportField.NAME: "Name",
        ImportField.OPENING: "Job",
        ImportField.STAGE: "Stage",
        ImportField.STATUS: "Status",
        ImportField.REJECT_REASON: "Rejection Reason",
        ImportField.CHANNEL: "Source",
        ImportField.PHONE: "Phone",
        ImportField.APPLICATION_ID: "Application ID",
        ImportField.OPENING_ID: "Job ID",
    }
    assert set(headers) == set(MAX_LENGTHS)
    outcome = read({**GOOD, **dict.fromkeys(headers.values(), "x" * 1000)})
    found = outcome.application
    assert found is not None
    assert (len(found.name), len(found.opening_title), len(found.stage), len(found.reject_reason)) == (200,) * 4
    assert (len(found.channel), len(found.phone), len(found.application_id), len(found.opening_id)) == (
        *(100, 50),
        *(200, 200),
    )
    warned = {warning.column for warning in outcome.warnings if "too long" in warning.reason}
    assert warned == set(headers.values())


def test_tags_are_cut_in_length_and_number_with_one_warning() -> None:
    many = ";".join(f"{number}" for number in range(80)) + ";" + "y" * 100
    outcome = read({**GOOD, "Tags": "z" * 100 + ";" + many})
    assert outcome.application is not None
    assert len(outcome.application.tags) == MAX_TAGS
    assert max(len(tag) for tag in outcome.application.tags) == MAX_TAG_LENGTH
    assert [warning.column for warning in outcome.warnings] == ["Tags"]


def test_control_characters_are_removed_and_formulas_stay_text() -> None:
    found = application({"Name": "Z\x00o\x07ë\nStröm", "Job": '=HYPERLINK("http://x")', "Source": "@SUM(A1)\u202e"})
    assert (found.name, found.opening_title, found.channel) == ("Zoë Ström", '=HYPERLINK("http://x")', "@SUM(A1)")


def test_text_beyond_the_last_column_warns() -> None:
    mapping = map_columns(["Email", "Job", "Name"], {}, {})
    outcome = read_row(3, ["a@x.org", "Analyst", " Finance", "Ada"], mapping, DateOrder.NONE_NEEDED, TODAY)
    assert outcome.application is not None
    assert "slipped" in outcome.warnings[0].reason
    blank = read_row(3, ["a@x.org", "Analyst", "Ada", "", " "], mapping, DateOrder.NONE_NEEDED, TODAY)
    assert blank.warnings == ()


def test_a_row_that_ends_early_has_empty_fields() -> None:
    mapping = map_columns(["Email", "Job", "Name", "Stage", "Tags"], {}, {})
    outcome = read_row(3, ["a@x.org", "Analyst", "Ada"], mapping, DateOrder.NONE_NEEDED, TODAY)
    assert outcome.application is not None
    assert (outcome.application.stage, outcome.application.tags) == ("", ())


def test_demographic_cells_appear_nowhere() -> None:
    outcome = read({**GOOD, "Gender": "CANARY", "Date of Birth": "CANARY", "Ethnicity": "CANARY", "Notes": "CANARY"})
    assert "CANARY" not in repr(outcome)


def test_an_application_is_its_id_within_its_source() -> None:
    first = application({"Application ID": "7"})
    moved = application({"Application ID": "7", "Email": "other@example.org", "Job": "Other"})
    assert application_key("lever", first) == application_key("lever", moved)
    assert application_key("lever", first) != application_key("greenhouse", first)


def test_without_an_id_it_is_the_address_and_the_opening() -> None:
    first = application_key("other", application({"Job": "Data Analyst"}))
    assert first == application_key("other", application({"Job": "DATA  analyst", "Email": "ZOE@EXAMPLE.ORG"}))
    assert first != application_key("other", application({"Job": "Data Analyst 2"}))
    assert first != application_key("other", application({"Job": "Data Analyst", "Email": "z@example.org"}))
    by_id = application_key("other", application({"Job": "Data Analyst", "Job ID": "9"}))
    assert by_id == application_key("other", application({"Job": "Renamed", "Job ID": "9"}))
    assert by_id != first
    assert "zoe" not in first


def test_keys_of_ids_and_of_addresses_never_meet() -> None:
    title = application({"Job": "id 9"})
    number = application({"Job": "x", "Job ID": "9"})
    assert application_key("s", title) != application_key("s", number)


@pytest.mark.parametrize(("text", "name"), [("Greenhouse", "greenhouse"), (" My ATS 2.0 ", "my ats 2.0")])
def test_sources_are_named_in_lower_case(text: str, name: str) -> None:
    assert normalise_source(text) == name


@pytest.mark.parametrize("text", ["", "  ", "a:b", "x" * 61, "<b>", "źródło", "-x"])
def test_other_names_of_sources_are_refused(text: str) -> None:
    with pytest.raises(InvalidSource):
        normalise_source(text)


_HEADERS = [
    *("Email", "Job", "Name", "First Name", "Last Name", "Stage", "Status", "Applied On", "Last Activity"),
    *("Rejection Reason", "Application ID", "Job ID", "Phone", "Tags", "Source"),
]


@given(
    st.text() | st.just("a@example.org"),
    st.lists(st.text(), max_size=18),
    st.sampled_from(list(DateOrder)),
)
def test_any_cells_give_an_application_that_fits_or_refusals(address: str, cells: list[str], order: DateOrder) -> None:
    outcome = read_row(2, [address, *cells], map_columns(_HEADERS, {}, {}), order, TODAY)
    assert (outcome.application is None) == bool(outcome.refusals)
    if outcome.application is None:
        return
    texts = (
        *(outcome.application.name, outcome.application.opening_title, outcome.application.stage),
        *(outcome.application.reject_reason, outcome.application.application_id, outcome.application.opening_id),
    )
    assert all(len(text) <= 200 for text in texts)
    assert all(text == clean_text(text) for text in texts)
    assert len(application_key("x" * 60, outcome.application)) <= 270


@given(st.text())
def test_cleaning_is_stable_and_leaves_nothing_invisible(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    assert "\n" not in cleaned
    cleaned.encode("utf-8")
