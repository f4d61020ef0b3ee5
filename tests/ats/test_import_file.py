"""`portal import applications`: what it adds, changes, refuses, asks for and remembers."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.ats.actions import (
    ColumnsNeeded,
    DatesNeeded,
    OwnerNeeded,
    SourceNeeded,
    UnreadableFile,
    WrongUsage,
)
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.queries import find_source
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.permissions import Role
from portal.openings.actions import assign_opening
from portal.openings.models import Opening
from portal.people.models import Person
from tests.accounts.visitors import ADMIN, NORA, hire, join
from tests.ats.exports import (
    GREENHOUSE,
    LEVER,
    counts,
    find_application,
    find_person,
    how_many,
    newest_event,
    row,
    run,
    write_file,
)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(app: Flask) -> None:
    hire()
    report = run(GREENHOUSE, dry_run=True)
    assert counts(report) == (491, 0, 10, 9)
    assert [how_many(table) for table in (Application, Import, Source, LabelMapping, Opening)] == [0] * 5
    assert how_many(Person) == 1


def test_the_greenhouse_sample_is_imported_once(app: Flask) -> None:
    hire()
    assert counts(run(GREENHOUSE)) == (491, 0, 10, 9)
    assert how_many(Application) == 491
    assert counts(run(GREENHOUSE)) == (0, 0, 501, 9)
    assert how_many(Application) == 491
    assert how_many(Import) == 1


def test_ids_of_two_systems_do_not_collide(app: Flask) -> None:
    hire()
    run(GREENHOUSE)
    assert counts(run(LEVER)) == (295, 0, 6, 5)
    assert how_many(Application) == 491 + 295
    assert counts(run(LEVER)) == (0, 0, 301, 5)
    assert counts(run(GREENHOUSE)) == (0, 0, 501, 9)


def test_every_refused_row_is_listed_with_row_column_and_reason(app: Flask) -> None:
    hire()
    refused = [(one.row, one.column, one.reason) for one in run(LEVER).refusals()]
    assert len(refused) == 5
    assert refused[0] == (21, "Email Address", 'The address is missing: the cell says "n/a".')


def test_open_ones_are_promised_a_word_within_ten_working_days_in_turn(app: Flask) -> None:
    hire()
    report = run(LEVER)
    promised = report.summary.promised
    assert len(promised) == 10
    assert all(day.weekday() < 5 for day, _count in promised)
    assert (promised[0][0].isoformat(), promised[-1][0].isoformat()) == ("2026-03-05", "2026-03-18")
    by_day = dict(promised)
    stored = session().scalars(
        select(ApplicationEvent.next_update_by).where(ApplicationEvent.next_update_by.is_not(None))
    )
    for day in stored:
        by_day[day] -= 1
    assert set(by_day.values()) == {0}
    assert max(count for _day, count in promised) - min(count for _day, count in promised) <= 1


def test_ended_ones_are_marked_as_ended_before_us_and_promise_nothing(app: Flask) -> None:
    hire()
    run(GREENHOUSE)
    events = session().execute(
        select(ApplicationEvent.kind, ApplicationEvent.status, ApplicationEvent.next_update_by, Application.is_held)
        .join(Application, Application.id == ApplicationEvent.application_id)
        .where(ApplicationEvent.kind == EventKind.ENDED_BEFORE_US)
    )
    found = list(events)
    assert len(found) == 261
    assert {row.next_update_by for row in found} == {None}
    assert {row.is_held for row in found} == {False}
    assert {row.status for row in found} == {
        ApplicationStatus.HIRED,
        ApplicationStatus.NOT_SELECTED,
        ApplicationStatus.WITHDRAWN,
    }


def test_open_ones_are_held_until_released(app: Flask) -> None:
    hire()
    run(GREENHOUSE)
    held = session().scalars(select(Application.is_held).where(Application.is_held))
    assert len(list(held)) == 230


def test_demographic_columns_are_dropped_and_named(app: Flask) -> None:
    hire()
    report = run(GREENHOUSE, dry_run=True)
    assert report.summary.demographic == ["Gender"]
    assert "Never read, because they must not decide about anybody: Gender" in list(report.lines())


def test_unmapped_labels_warn_with_the_number_of_rows(app: Flask, tmp_path: Path) -> None:
    hire()
    odd = [row(id=str(number), email=f"p{number}@x.example", stage="ZZ do not use") for number in range(3)]
    ended = row(id="9", status="Rejected", reason="culture fit ???", stage="ZZ do not use")
    lines = list(run(write_file(tmp_path, [*odd, ended]), dry_run=True).lines())
    assert 'Stage "ZZ do not use" is not mapped: 3 rows read In review.' in lines
    assert 'End reason "culture fit ???" is not mapped: 1 row reads what its status says.' in lines


def test_the_same_application_twice_is_added_once(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row(), row()])
    assert counts(run(path, dry_run=True)) == (1, 0, 1, 0)
    assert counts(run(path)) == (1, 0, 1, 0)
    assert counts(run(path)) == (0, 0, 2, 0)


def test_two_rows_that_disagree_come_to_rest_at_the_last(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row(), row(stage="Offer"), row(stage="Final Round")])
    assert counts(run(path, dry_run=True)) == (1, 1, 1, 0)
    assert counts(run(path)) == (1, 1, 1, 0)
    assert find_application("ada@demo.example").source_stage == "Final Round"
    assert counts(run(path)) == (0, 0, 3, 0)


def test_without_ids_address_and_opening_make_an_application(app: Flask, tmp_path: Path) -> None:
    hire()
    rows = [
        {"Email": "ada@demo.example", "Job": "Designer", "Name": "Ada"},
        {"Email": " ADA@demo.example", "Job": "designer", "Name": "Ada"},
        {"Email": "ada@demo.example", "Job": "Writer", "Name": "Ada"},
    ]
    path = write_file(tmp_path, rows)
    assert counts(run(path, source="sheet")) == (2, 0, 1, 0)
    assert counts(run(path, source="sheet")) == (0, 0, 3, 0)
    assert how_many(Opening) == 2


def test_a_person_with_two_applications_is_one_person(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row(name="Ada L."), row(id="2", job_id="41", job="Writer", name="Ada Lind")])
    assert counts(run(path)) == (2, 0, 0, 0)
    assert how_many(Person) == 2
    assert find_person("ada@demo.example").name == "Ada Lind"
    assert counts(run(path)) == (0, 0, 2, 0)


def test_a_changed_name_of_somebody_unclaimed_is_taken_over(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row(name="")]))
    assert counts(run(write_file(tmp_path, [row(name="Ada Lind")]))) == (0, 1, 0, 0)
    assert counts(run(write_file(tmp_path, [row(name="Ada Lindqvist")]))) == (0, 1, 0, 0)
    assert find_person("ada@demo.example").name == "Ada Lindqvist"


def test_what_a_claimed_person_says_of_themselves_stays(app: Flask, tmp_path: Path) -> None:
    hire()
    join("ada@demo.example", "Ada as she says")
    assert counts(run(write_file(tmp_path, [row(name="A. Lind")]))) == (1, 0, 0, 0)
    assert counts(run(write_file(tmp_path, [row(name="Lind, A.")]))) == (0, 0, 1, 0)
    assert find_person("ada@demo.example").name == "Ada as she says"


def test_a_later_file_that_ends_one_is_due_and_the_candidate_reads_as_before(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row()]))
    before = newest_event(find_application("ada@demo.example")).public_id
    report = run(write_file(tmp_path, [row(status="Rejected", reason="culture fit ???")]))
    assert counts(report) == (0, 1, 0, 0)
    assert report.summary.tally.due == 1
    application = find_application("ada@demo.example")
    assert application.change_reported_at == clock.now()
    assert (application.source_status, application.source_reason) == ("Rejected", "culture fit ???")
    assert newest_event(application).public_id == before
    assert newest_event(application).status is ApplicationStatus.IN_REVIEW


def test_a_later_file_that_moves_one_is_due(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row()]))
    report = run(write_file(tmp_path, [row(stage="Offer")]))
    assert counts(report) == (0, 1, 0, 0)
    assert find_application("ada@demo.example").change_reported_at is not None
    lines = [one.reason for one in report.changes()]
    assert lines == ["Stage: Recruiter Screen → Offer."]


def test_other_changes_are_kept_but_nobody_has_to_write(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row()]))
    changed = row(tags="go", channel="Referral", active="2026-03-01")
    assert counts(run(write_file(tmp_path, [changed]))) == (0, 1, 0, 0)
    application = find_application("ada@demo.example")
    assert (application.imported_tags, application.channel) == (["go"], "Referral")
    assert application.last_activity_on is not None
    assert application.last_activity_on.isoformat() == "2026-03-01"
    assert application.change_reported_at is None
    assert counts(run(write_file(tmp_path, [changed]))) == (0, 0, 1, 0)


def test_what_vanished_from_the_file_is_left_alone(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row(), row(id="2", email="nora@demo.example")]))
    assert counts(run(write_file(tmp_path, [row()]))) == (0, 0, 1, 0)
    assert find_application("nora@demo.example").change_reported_at is None


def test_a_file_with_fewer_columns_does_not_empty_the_others(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row()]))
    fewer = {name: cell for name, cell in row().items() if name not in {"Source", "Candidate Tags", "Applied On"}}
    assert counts(run(write_file(tmp_path, [fewer]))) == (0, 0, 1, 0)
    assert find_application("ada@demo.example").channel == "LinkedIn"


def test_an_application_never_moves_to_another_person(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row(), row(id="2", email="nora@demo.example", name="Nora")]))
    report = run(write_file(tmp_path, [row(email="nora@demo.example", name="Nora")]))
    assert counts(report) == (0, 0, 1, 0)
    assert find_person("ada@demo.example").name == "Ada Lind"
    assert [one.reason for one in report.read_warnings()] == [
        "This application came with another address; it stays with that person."
    ]
    assert find_application("ada@demo.example").external_key.endswith(":1")


def test_stop_applies_nothing_when_a_row_is_refused(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row(), row(id="2", email="n/a")])
    report = run(path, on_error="stop")
    assert counts(report) == (0, 0, 0, 1)
    assert how_many(Application) == 0
    assert "Nothing was imported, because 1 row is refused." in list(report.lines())
    assert counts(run(path, on_error="skip")) == (1, 0, 0, 1)


def test_dates_that_read_two_ways_are_asked_for(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row(applied="03/04/2025", active="")])
    with pytest.raises(DatesNeeded, match="03/04/2025"):
        run(path)
    run(path, dates="dmy")
    applied_on = find_application("ada@demo.example").applied_on
    assert applied_on is not None
    assert applied_on.isoformat() == "2025-04-03"


def test_dates_with_dots_begin_with_the_day_and_nobody_is_asked(app: Flask, tmp_path: Path) -> None:
    hire()
    run(write_file(tmp_path, [row(applied="03.04.2025", active="")]))
    applied_on = find_application("ada@demo.example").applied_on
    assert applied_on is not None
    assert applied_on.isoformat() == "2025-04-03"


def test_an_unknown_source_is_asked_for(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [{"Email": "ada@demo.example", "Job": "Designer"}])
    with pytest.raises(SourceNeeded):
        run(path)
    with pytest.raises(SourceNeeded):
        run(path, source="ümläut/..")
    assert counts(run(path, source="Personio")) == (1, 0, 0, 0)
    assert find_application("ada@demo.example").source == "personio"


def test_an_owner_is_asked_for_before_anything_is_written(app: Flask) -> None:
    hire()
    with pytest.raises(OwnerNeeded):
        run(GREENHOUSE, owner_email="")
    assert how_many(Application) == how_many(Import) == 0


@pytest.mark.parametrize("email", ["nora@demo.example", "nobody@demo.example", "not an address"])
def test_the_owner_must_be_a_recruiter(app: Flask, email: str) -> None:
    hire()
    join(NORA, "Nora")
    with pytest.raises(OwnerNeeded):
        run(GREENHOUSE, owner_email=email)


def test_a_hiring_manager_owns_nothing(app: Flask) -> None:
    hire("hugo@demo.example", Role.HIRING_MANAGER, "Hugo")
    with pytest.raises(OwnerNeeded):
        run(GREENHOUSE, owner_email="hugo@demo.example")


def test_the_openings_recruiter_owns_its_applications(app: Flask, tmp_path: Path) -> None:
    hire()
    boss = hire(ADMIN, Role.ADMIN, "Ida")
    run(write_file(tmp_path, [row()]))
    opening_id = session().scalar(select(Opening.id))
    assert opening_id is not None
    with transaction():
        assign_opening(opening_id, recruiter_id=boss, hiring_manager_id=None)
    run(write_file(tmp_path, [row(), row(id="2", email="nora@demo.example")]), owner_email="")
    assert find_application("nora@demo.example").owner_id == boss
    assert find_application("ada@demo.example").owner_id != boss


def test_columns_are_mapped_by_hand(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [{"Wohin": "ada@demo.example", "Was": "Designer"}])
    with pytest.raises(ColumnsNeeded):
        run(path, source="sheet")
    assert counts(run(path, source="sheet", column_map={"Wohin": "email", "Was": "opening"})) == (1, 0, 0, 0)


@pytest.mark.parametrize("columns", [{"Email": "mail"}, {"Nowhere": "email"}, {"Email": "email", "Job": "email"}])
def test_a_mapping_that_cannot_be_is_wrong_usage(app: Flask, columns: dict[str, str]) -> None:
    hire()
    with pytest.raises(WrongUsage):
        run(GREENHOUSE, column_map=columns)


def test_what_that_system_told_people_is_remembered(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(tmp_path, [row()])
    run(path, told=True, dry_run=True)
    assert find_source("greenhouse") is None
    run(path, told=True)
    run(path)
    source = find_source("greenhouse")
    assert source is not None
    assert source.told_of_endings is True
    run(path, told=False)
    session().expire_all()
    source = find_source("greenhouse")
    assert source is not None
    assert source.told_of_endings is False


def test_a_file_that_breaks_off_imports_nothing(app: Flask, tmp_path: Path) -> None:
    hire()
    path = tmp_path / "broken.csv"
    header = "Application ID,Candidate ID,Candidate Name,Email,Job,Status,Job ID"
    path.write_text(f'{header}\n1,2,A,a@x.example,J,Active,4\n2,3,B,"b@x.example,J,Active,4\n')
    with pytest.raises(UnreadableFile):
        run(path)
    assert how_many(Application) == 0


def test_progress_is_told_to_the_end(app: Flask) -> None:
    hire()
    heard: list[tuple[int, int]] = []
    run(GREENHOUSE, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (1020, 1020)
    assert heard == sorted(heard)


def test_no_remark_holds_an_address(app: Flask, tmp_path: Path) -> None:
    hire()
    path = write_file(
        tmp_path,
        [
            row(email="ada@demo.example, nora@demo.example"),
            row(id="2", applied="ada@demo.example"),
            row(id="3", email="@"),
        ],
    )
    report = run(path)
    reasons = [one.reason for one in report.refusals()]
    assert len(reasons) == 3
    assert not any("@demo" in reason or "ada" in reason for reason in reasons)
