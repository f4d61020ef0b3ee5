"""What a later file says differently, and whether somebody has to write."""

from dataclasses import replace
from datetime import date

import pytest

from portal.applications.states import ApplicationStatus as S
from portal.ats.rules import (
    SourceFacts,
    changed_fields,
    compared_fields,
    describe_change,
    is_due,
    keep_unspoken,
    map_columns,
    safe_cell,
    safe_reason,
)
from portal.ats.states import ImportField as F

STORED = SourceFacts("Recruiter Screen", "Active", "", date(2026, 3, 1), date(2026, 3, 2), "LinkedIn", ("python", "EU"))


def test_same_words_are_no_change() -> None:
    assert changed_fields(STORED, replace(STORED)) == ()


def test_case_punctuation_and_order_of_tags_are_no_change() -> None:
    now = replace(STORED, stage="recruiter  screen", status="ACTIVE", tags=("eu", "Python"))
    assert changed_fields(STORED, now) == ()


def test_each_difference_is_named() -> None:
    now = SourceFacts("Offer", "Rejected", "culture fit", None, date(2026, 3, 3), "", ())
    assert set(changed_fields(STORED, now)) == {
        F.STAGE,
        F.STATUS,
        F.REJECT_REASON,
        F.APPLIED_ON,
        F.LAST_ACTIVITY_ON,
        F.CHANNEL,
        F.TAGS,
    }


def test_a_file_without_a_column_says_nothing_about_it() -> None:
    fields = compared_fields(map_columns(["Email", "Job", "Stage"], {}, {}))
    row = SourceFacts("Offer", "", "", None, None, "", ())
    assert keep_unspoken(STORED, row, fields) == replace(STORED, stage="Offer")


@pytest.mark.parametrize(
    ("fields", "before", "after", "told", "expected"),
    [
        ((F.STAGE,), S.IN_REVIEW, S.INTERVIEWING, S.IN_REVIEW, True),
        ((F.STAGE,), S.IN_REVIEW, S.IN_REVIEW, S.IN_REVIEW, True),
        ((F.STATUS,), S.IN_REVIEW, S.NOT_SELECTED, S.IN_REVIEW, True),
        ((F.STAGE, F.STATUS), S.IN_REVIEW, S.HIRED, S.NOT_SELECTED, False),
        ((F.STAGE,), S.IN_REVIEW, S.INTERVIEWING, S.INTERVIEWING, False),
        ((F.STATUS,), S.NOT_SELECTED, S.IN_REVIEW, S.NOT_SELECTED, True),
        ((F.STATUS,), S.IN_REVIEW, S.IN_REVIEW, S.INTERVIEWING, False),
        ((F.TAGS, F.CHANNEL, F.LAST_ACTIVITY_ON), S.IN_REVIEW, S.IN_REVIEW, S.IN_REVIEW, False),
        ((), S.IN_REVIEW, S.IN_REVIEW, S.IN_REVIEW, False),
    ],
)
def test_somebody_writes_when_it_moved_or_ended_and_the_candidate_does_not_know(
    fields: tuple[F, ...], before: S, after: S, told: S, expected: bool
) -> None:
    assert is_due(fields, before, after, told) is expected


def test_a_change_is_described_without_addresses() -> None:
    now = replace(STORED, stage="with boss@corp.example", tags=())
    text = describe_change((F.STAGE, F.TAGS), STORED, now, S.IN_REVIEW, S.NOT_SELECTED)
    assert text == "Stage: Recruiter Screen → with …. Ended there: Not selected. Changed: Tags."


def test_reasons_about_addresses_keep_nothing_of_the_cell() -> None:
    said = safe_reason(True, 'There is more than one address: "a@x.org, Zoë Nguyễn <b@x.org>". Keep one.')
    assert said == 'There is more than one address: "…". Keep one.'
    assert safe_reason(False, '"ada@example.org" cannot be read as a date.') == '"…" cannot be read as a date.'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    assert safe_cell("The address is missing.") == "The address is missing."


@pytest.mark.parametrize("text", [" =cmd", "\n=cmd", "＝cmd", "\u200b=cmd", "\ufeff+1", "－1"])
def test_a_formula_in_disguise_stays_text(text: str) -> None:
    assert safe_cell(text).startswith("'")
