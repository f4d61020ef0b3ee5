"""Uploads in the worker's hand: checked, asked for, applied, broken off, taken over, released."""

from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.ats.actions import (
    OwnerNeeded,
    SourceNeeded,
    UnreadableFile,
    WrongMoment,
    ask_to_apply,
    ask_to_check,
    choose_dates,
    choose_owner,
    discard_import,
    map_columns_by_hand,
    passes,
    release_import,
    steps,
    working,
)
from portal.ats.actions.errors import TakenOver
from portal.ats.models import Import, ImportIssue
from portal.ats.queries import ImportRow, imports_on_page, issues_on_page
from portal.ats.states import DateOrder, ImportState, IssueLevel
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.pausing import ToldToLeave, pausing_for
from portal.core.permissions import Role
from portal.files.actions import delete_due_files
from portal.people.actions import change_staff
from tests.accounts.visitors import hire
from tests.ats.exports import (
    GREENHOUSE,
    again,
    counts,
    find_application,
    how_many,
    row,
    upload,
    work,
    write_file,
)
from tests.conftest import Time, counted_statements


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


def apply(found: ImportRow, actor_id: int) -> None:
    ask_to_apply(found.id, actor_id=actor_id, now=clock.now())
    work()


def test_an_upload_is_checked_and_nothing_is_imported(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    assert found.state is ImportState.CHECKED
    assert counts(found) == (491, 0, 10, 9)
    assert how_many(Application) == 0
    assert how_many(ImportIssue) == 9 + 2 * 20


def test_what_was_checked_is_imported_when_asked(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    apply(found, rita)
    done = again(found)
    assert done.state is ImportState.APPLIED
    assert counts(done) == (491, 0, 10, 9)
    assert (done.rows_done, done.rows_total) == (510, 510)
    assert how_many(Application) == 491


def test_the_preview_of_dates_is_what_is_promised(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    apply(found, rita)
    assert again(found).findings["days"] == found.findings["days"]


def test_asking_twice_imports_once(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    work()
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    assert counts(again(found)) == (491, 0, 10, 9)
    assert how_many(Application) == 491


def test_a_second_upload_of_the_same_file_finds_nothing_new(rita: int) -> None:
    apply(upload(GREENHOUSE, rita), rita)
    assert counts(upload(GREENHOUSE, rita)) == (0, 0, 501, 9)


def dying_after_two_chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From now on the process dies when it has written two chunks; how far each had come."""
    monkeypatch.setattr(passes, "CHUNK", 100)
    heard: list[int] = []

    def die(done: int, total: int) -> None:
        heard.append(done)
        if len(heard) == 2:
            raise Killed

    monkeypatch.setattr(working, "unheard", die)
    return heard


def test_a_worker_that_was_killed_while_checking_leaves_the_file_to_the_next(
    rita: int, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    dying_after_two_chunks(monkeypatch)
    with pytest.raises(Killed):
        upload(GREENHOUSE, rita)
    (half,), _total = imports_on_page(1, 50)
    work()
    assert again(half).state is ImportState.CHECKING
    time.pass_by(minutes=11)
    work()
    assert again(half).state is ImportState.CHECKED
    assert counts(again(half)) == (491, 0, 10, 9)


def test_an_import_that_broke_off_goes_on_behind_its_last_chunk(
    rita: int, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    found = upload(GREENHOUSE, rita)
    heard = dying_after_two_chunks(monkeypatch)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    with pytest.raises(Killed):
        work()
    half = again(found)
    assert half.state is ImportState.APPLYING
    assert half.rows_done == heard[1]
    assert 0 < how_many(Application) < 491
    time.pass_by(minutes=11)
    work()
    done = again(found)
    assert done.state is ImportState.APPLIED
    assert counts(done) == (491, 0, 10, 9)
    assert how_many(Application) == 491
    assert how_many(ImportIssue) == 9 + 2 * 20


def test_who_was_taken_for_dead_is_fenced_off(rita: int, time: Time) -> None:
    found = upload(GREENHOUSE, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    first = steps.begin(found.id, clock.now())
    assert first is not None
    assert steps.begin(found.id, clock.now()) is None
    time.pass_by(minutes=11)
    second = steps.begin(found.id, clock.now())
    assert second is not None
    with pytest.raises(TakenOver):
        working.carry_through(first, clock.now(), passes.unheard)
    assert how_many(Application) == 0
    working.carry_through(second, clock.now(), passes.unheard)
    assert how_many(Application) == 491


def test_what_breaks_off_again_and_again_stops_with_a_sentence(
    rita: int, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    def die(*_arguments: int) -> None:
        raise Killed

    monkeypatch.setattr(working, "survey_table", die)
    with pytest.raises(Killed):
        upload(GREENHOUSE, rita)
    for _attempt in range(2):
        time.pass_by(minutes=11)
        with pytest.raises(Killed):
            work()
    time.pass_by(minutes=11)
    work()
    (found,), _total = imports_on_page(1, 50)
    assert found.state is ImportState.FAILED
    assert "broke off" in found.problem


def test_a_file_nobody_recognises_is_not_taken(rita: int, tmp_path: Path) -> None:
    path = write_file(tmp_path, [{"Email": "ada@demo.example", "Job": "Designer"}])
    with pytest.raises(SourceNeeded):
        upload(path, rita)
    assert counts(upload(path, rita, source="sheet")) == (1, 0, 0, 0)


def test_a_picture_is_not_taken(rita: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(UnreadableFile):
        upload(path, rita)
    assert how_many(Import) == 0


def test_dates_are_asked_for_and_remembered(rita: int, tmp_path: Path) -> None:
    path = write_file(tmp_path, [row(applied="03/04/2025", active="")])
    found = upload(path, rita)
    assert (found.state, found.findings["needs"], found.findings["example"]) == (
        ImportState.FAILED,
        "dates",
        "03/04/2025",
    )
    choose_dates(found.id, DateOrder.DMY, actor_id=rita, now=clock.now())
    work()
    assert again(found).state is ImportState.CHECKED
    apply(again(found), rita)
    applied_on = find_application("ada@demo.example").applied_on
    assert applied_on is not None
    assert applied_on.isoformat() == "2025-04-03"
    assert upload(path, rita).state is ImportState.CHECKED


def test_a_remembered_order_holds_for_dates_with_dots_too(rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row(applied="03/04/2025", active="")]), rita)
    choose_dates(found.id, DateOrder.MDY, actor_id=rita, now=clock.now())
    work()
    apply(again(found), rita)
    dotted = upload(
        write_file(tmp_path, [row(id="2", email="bea@demo.example", applied="03.04.2025", active="")]), rita
    )
    apply(dotted, rita)
    applied_on = find_application("bea@demo.example").applied_on
    assert applied_on is not None
    assert applied_on.isoformat() == "2025-03-04"


def test_columns_are_asked_for_and_remembered(rita: int, tmp_path: Path) -> None:
    path = write_file(tmp_path, [{"Wohin": "ada@demo.example", "Was": "Designer", "Geschlecht": "x"}])
    found = upload(path, rita, source="sheet")
    assert (found.state, found.findings["needs"]) == (ImportState.FAILED, "columns")
    assert found.findings["headers"] == ["Wohin", "Was", "Geschlecht"]
    map_columns_by_hand(found.id, {"Wohin": "email", "Was": "opening"}, actor_id=rita, now=clock.now())
    work()
    assert again(found).state is ImportState.CHECKED
    assert counts(again(found)) == (1, 0, 0, 0)
    assert upload(path, rita, source="sheet").state is ImportState.CHECKED


def test_an_owner_who_left_is_asked_for_again(rita: int, tmp_path: Path) -> None:
    other = hire("otto@demo.example", Role.RECRUITER, "Otto")
    found = upload(write_file(tmp_path, [row()]), other)
    with transaction():
        change_staff(other, role=Role.RECRUITER, lead_id=None, is_active=False)
    apply(found, rita)
    stopped = again(found)
    assert (stopped.state, stopped.findings["needs"]) == (ImportState.FAILED, "owner")
    assert how_many(Application) == 0
    with pytest.raises(OwnerNeeded):
        choose_owner(found.id, other, actor_id=rita, now=clock.now())
    choose_owner(found.id, rita, actor_id=rita, now=clock.now())
    work()
    assert again(found).state is ImportState.APPLIED
    assert find_application("ada@demo.example").owner_id == rita


def test_a_file_that_is_gone_says_so(rita: int, tmp_path: Path, time: Time) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    time.pass_by(days=31)
    delete_due_files(clock.now())
    apply(found, rita)
    assert "gone" in again(found).problem


def test_an_import_that_was_put_aside_is_gone(rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    discard_import(found.id, actor_id=rita, now=clock.now())
    with pytest.raises(NotFound):
        again(found)
    with pytest.raises(WrongMoment):
        ask_to_apply(found.id, actor_id=rita, now=clock.now())


def test_what_was_imported_cannot_be_put_aside_or_checked_again(rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    apply(found, rita)
    with pytest.raises(WrongMoment):
        discard_import(found.id, actor_id=rita, now=clock.now())
    with pytest.raises(WrongMoment):
        ask_to_check(found.id, actor_id=rita, now=clock.now())
    assert again(found).state is ImportState.APPLIED


def test_releasing_lets_go_of_this_import_only(rita: int, tmp_path: Path) -> None:
    first = upload(write_file(tmp_path, [row()]), rita)
    apply(first, rita)
    second = upload(write_file(tmp_path, [row(), row(id="2", email="nora@demo.example")]), rita)
    apply(second, rita)
    with pytest.raises(WrongMoment):
        release_import(upload(GREENHOUSE, rita).id, actor_id=rita, now=clock.now())
    release_import(first.id, actor_id=rita, now=clock.now())
    assert not find_application("ada@demo.example").is_held
    assert find_application("nora@demo.example").is_held
    released_at = again(first).released_at
    release_import(first.id, actor_id=rita, now=clock.now())
    assert again(first).released_at == released_at


def test_changed_rows_are_listed_with_what_changed(rita: int, tmp_path: Path) -> None:
    apply(upload(write_file(tmp_path, [row()]), rita), rita)
    found = upload(write_file(tmp_path, [row(status="Hired", stage="")]), rita)
    (changed,) = issues_on_page(found.id, IssueLevel.CHANGED, 1, 50)
    assert changed.reason == "Stage: Recruiter Screen → none. Ended there: Hired. Changed: Status."


def test_an_xlsx_is_read_as_well(rita: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(row()))
    sheet.append(list(row().values()))
    path = tmp_path / "export.xlsx"
    book.save(path)
    assert counts(upload(path, rita)) == (1, 0, 0, 0)


def test_many_rows_share_a_statement(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    with counted_statements() as seen:
        work()
    assert len(seen) < 510
    assert session().scalar(select(Application.id).limit(1))


def test_a_worker_that_is_told_to_leave_lets_the_next_one_go_on_at_once(rita: int) -> None:
    def leave() -> None:
        raise ToldToLeave

    found = upload(GREENHOUSE, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    with pausing_for(leave):
        work()
    assert 0 < how_many(Application) < 491
    work()
    assert counts(again(found)) == (491, 0, 10, 9)
    assert how_many(Application) == 491


def test_mail_has_its_turn_between_two_chunks(rita: int) -> None:
    turns: list[int] = []
    found = upload(GREENHOUSE, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    with pausing_for(lambda: turns.append(how_many(Application))):
        work()
    assert turns[-1] == 491
    assert len(turns) >= 2
