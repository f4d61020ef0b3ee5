"""The pages of imports, as a recruiter walks through them."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.ats.models import Import
from portal.ats.queries import imports_on_page
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.people.actions import change_staff
from tests.accounts.visitors import ADA, RITA, hire, join, sign_in
from tests.ats.exports import GREENHOUSE, find_application, how_many, newest_event, row, run, upload, work, write_file
from tests.conftest import counted_statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    """Rita's desk."""
    signed_in = Browser(app)
    sign_in(signed_in, RITA)
    return signed_in


def send(desk: Browser, path: Path, *, expect: int = 200, **values: Any) -> Page:
    """Upload a file with the form on /recruiting/imports."""
    page = desk.get("/recruiting/imports")
    return desk.submit(page, file=(io.BytesIO(path.read_bytes()), path.name), expect=expect, **values)


def only_import() -> str:
    """The address of the one import."""
    (row_,), _total = imports_on_page(1, 50)
    return f"/recruiting/imports/{row_.public_id}"


def test_an_empty_list_says_what_would_fill_it(desk: Browser) -> None:
    page = desk.get("/recruiting/imports")
    assert page.heading == "Imports"
    assert "Nothing was imported yet" in page.text


def test_from_upload_to_release(desk: Browser) -> None:
    page = send(desk, GREENHOUSE)
    assert "The file waits for its turn." in page.text
    assert page.find("data-poll") is not None
    work()
    page = desk.get(page.path)
    assert "491 applications would be added or changed" in page.text
    assert "9 rows cannot be read and stay out." in page.text
    assert "Gender" in page.text
    assert "Thursday 5 March 2026" in page.text
    assert 'End reason "Position closed" is not mapped' in page.text
    assert how_many(Application) == 0
    page = desk.submit(page, action="/apply", all_the_same="y")
    assert "Being imported" in page.text
    work()
    page = desk.get(page.path)
    assert "491 applications were added from this file." in page.text
    assert "It is held" in page.text
    page = desk.get(f"{page.path}/release")
    assert page.heading == "Release this import"
    page = desk.submit(page, action="/release", all_the_same="y")
    assert "Released" in page.text
    listed = desk.get("/recruiting/imports")
    assert "applications-greenhouse.csv" in listed.text


def test_without_a_file_the_form_says_so(desk: Browser) -> None:
    page = desk.submit(desk.get("/recruiting/imports"), having="owner", expect=422)
    assert "Please choose a file." in page.text


def test_what_is_no_table_is_refused_beside_the_file(desk: Browser, tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    assert "not a table" in send(desk, path, expect=422).text
    assert how_many(Import) == 0


def test_an_unknown_system_is_asked_for(desk: Browser, tmp_path: Path) -> None:
    path = write_file(tmp_path, [{"Email": "ada@demo.example", "Job": "Designer"}])
    page = send(desk, path, expect=422)
    assert "Give it a name, for example “spreadsheet”." in page.text
    assert "export.csv is here already." in page.text
    desk.submit(page, new_source="Our Sheet")
    work()
    assert "1 application would be added or changed" in desk.get(only_import()).text


def test_a_file_that_somebody_else_sent_is_not_there(desk: Browser, app: Flask, tmp_path: Path) -> None:
    path = write_file(tmp_path, [{"Email": "ada@demo.example", "Job": "Designer"}])
    kept = send(desk, path, expect=422).form(having="kept").values["kept"]
    assert kept
    hire("otto@demo.example")
    other = Browser(app)
    sign_in(other, "otto@demo.example")
    page = other.submit(other.get("/recruiting/imports"), kept=kept, new_source="sheet", expect=422)
    assert "is here already" not in page.text
    assert "Please choose a file." in page.text
    assert how_many(Import) == 0


def test_the_question_about_dates_stands_on_the_page(desk: Browser, tmp_path: Path) -> None:
    page = send(desk, write_file(tmp_path, [row(applied="03/04/2025", active="")]))
    work()
    page = desk.get(page.path)
    assert "03/04/2025" in page.text
    assert desk.submit(page, action="/dates", expect=422).text.count("Please choose one.") >= 1
    desk.submit(desk.get(only_import()), dates="dmy")
    work()
    assert "1 application would be added or changed" in desk.get(only_import()).text


def test_columns_are_mapped_on_a_page_that_shows_examples(desk: Browser, tmp_path: Path) -> None:
    rows = [{"Wohin": "ada@demo.example", "Was": "Designer", "Geschlecht": "w", "Wer": "Ada"}]
    send(desk, write_file(tmp_path, rows), new_source="sheet")
    work()
    page = desk.get(only_import())
    assert "Say what the columns hold" in page.text
    page = desk.get(f"{only_import()}/columns")
    assert "Designer" in page.text
    assert "Geschlecht" in page.text
    assert "column-2" not in page.form(action="/columns").names
    twice = {"column-0": "email", "column-1": "email"}
    assert "cannot both be email" in desk.submit(page, action="/columns", expect=422, **twice).text
    right = {"column-0": "email", "column-1": "opening", "column-3": "name"}
    desk.submit(page, action="/columns", **right)
    work()
    assert "1 application would be added or changed" in desk.get(only_import()).text


def test_a_demographic_column_cannot_be_mapped_by_a_forged_form(desk: Browser, tmp_path: Path) -> None:
    rows = [{"Email": "ada@demo.example", "Job": "Designer", "Gender": "w"}]
    send(desk, write_file(tmp_path, rows), new_source="sheet")
    work()
    page = desk.get(f"{only_import()}/columns")
    values = {**page.form(action="/columns").values, "column-2": "tags"}
    desk.post(f"{only_import()}/columns", values)
    work()
    desk.submit(desk.get(only_import()), action="/apply")
    work()
    assert find_application("ada@demo.example").imported_tags == []


def test_labels_are_prefilled_and_count_once_saved(desk: Browser, rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row(stage="Technical Interview")]), rita)
    path = f"/recruiting/imports/{found.public_id}"
    page = desk.get(f"{path}/labels")
    (chosen,) = [value for name, value in page.form(action="/labels").values.items() if name.startswith("label-")]
    assert chosen == "interviewing"
    assert "is not mapped" in desk.get(path).text
    page = desk.submit(page, action="/labels")
    assert "Saved: 1 label has a new meaning." in page.text
    work()
    assert "is not mapped" not in desk.get(path).text


def test_an_import_waits_until_labels_have_a_meaning(desk: Browser, rita: int, tmp_path: Path) -> None:
    rows = [row(stage="Absage erteilt am Telefon"), row(id="2", email="bea@demo.example", stage="Zwischenablage")]
    path = f"/recruiting/imports/{upload(write_file(tmp_path, rows), rita).public_id}"
    page = desk.get(path)
    notice, button = page.text.index("Nobody has said yet"), page.text.index("Import 2 applications")
    assert notice < button
    assert (
        'Stage "Absage erteilt am Telefon" is not mapped: 1 row reads In review. Our guess: Not selected.' in page.text
    )
    refused = desk.submit(page, action="/apply", expect=422)
    assert "Please say first what these labels mean" in refused.text
    labels = desk.get(f"{path}/labels")
    assert "It means nothing to us: please choose." in labels.text
    chosen = {name: value for name, value in labels.form(action="/labels").values.items() if name.startswith("label-")}
    assert sorted(chosen.values()) == ["", "not_selected"]
    desk.submit(labels, action="/labels", **{name: value or "in_review" for name, value in chosen.items()})
    work()
    page = desk.get(path)
    assert "Nobody has said yet" not in page.text
    assert "1 application is still open." in page.text
    desk.submit(page, action="/apply")
    work()
    assert newest_event(find_application("ada@demo.example")).status is ApplicationStatus.NOT_SELECTED


def test_a_release_asks_again_about_labels_without_a_meaning(desk: Browser, rita: int, tmp_path: Path) -> None:
    report = run(write_file(tmp_path, [row(stage="Zwischenablage")]))
    assert any(
        line.startswith('WARNING: nobody has said what these mean: "Zwischenablage".') for line in report.lines()
    )
    path = f"{only_import()}/release"
    page = desk.submit(desk.get(path), action="/release", expect=422)
    assert "Please say first what these labels mean" in page.text
    assert "Released" in desk.submit(page, action="/release", all_the_same="y").text


def test_a_status_that_is_not_known_stops_the_button_though_a_stage_stands_beside_it(
    desk: Browser, rita: int, tmp_path: Path
) -> None:
    rows = [row(stage="In review", status="Ad acta")]
    page = desk.get(f"/recruiting/imports/{upload(write_file(tmp_path, rows), rita).public_id}")
    assert 'Status "Ad acta" is not known: 1 row reads what its stage says.' in page.text
    assert "best changed in the file" in page.text
    desk.submit(page, action="/apply", expect=422)


def test_an_end_reason_without_a_meaning_reads_what_the_status_says(desk: Browser, rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row(status="Rejected", reason="ZZ", stage="QQ")]), rita)
    page = desk.get(f"/recruiting/imports/{found.public_id}/labels")
    assert "What their status says (not mapped)" in page.text
    rows = [{"Email": "ada@demo.example", "Job": "Designer", "Rejection Reason": "ZZ"}]
    found = upload(write_file(tmp_path, rows), rita, source="sheet")
    page = desk.get(f"/recruiting/imports/{found.public_id}/labels")
    assert "What their status says" not in page.text
    assert "In review (not mapped)" in page.text


def test_refused_rows_are_listed_and_downloaded(desk: Browser, rita: int, tmp_path: Path) -> None:
    rows = [row(id=str(number), email="n/a") for number in range(60)]
    found = upload(write_file(tmp_path, rows), rita)
    path = f"/recruiting/imports/{found.public_id}"
    assert "10 of 60" in desk.get(path).text
    assert "page 1 of 2" in desk.get(f"{path}/rows/refused").text
    assert "page 2 of 2" in desk.get(f"{path}/rows/refused?page=2").text
    response = desk.client.get(f"{path}/refused.csv")
    assert response.headers["Content-Disposition"].startswith("attachment")
    lines = response.get_data(as_text=True).splitlines()
    assert len(lines) == 61
    assert lines[1] == '2,Email,"The address is missing: the cell says ""n/a""."'


def test_a_refused_row_with_a_formula_for_a_header_is_quoted(desk: Browser, rita: int, tmp_path: Path) -> None:
    rows = [{"=cmd()": "n/a", "Job": "Designer"}]
    found = upload(write_file(tmp_path, rows), rita, source="sheet")
    desk.submit(
        desk.get(f"/recruiting/imports/{found.public_id}/columns"),
        action="/columns",
        **{"column-0": "email", "column-1": "opening"},
    )
    work()
    body = desk.client.get(f"/recruiting/imports/{found.public_id}/refused.csv").get_data(as_text=True)
    assert "'=cmd()" in body


def test_a_file_of_hostile_text_is_shown_as_text(desk: Browser, rita: int, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>{{7*7}}"
    found = upload(
        write_file(tmp_path, [row(stage=evil, job=evil, job_id="", tags=evil)], evil.replace("/", "") + ".csv"), rita
    )
    for part in ("", "/labels", "/columns", "/rows/warning"):
        page = desk.get(f"/recruiting/imports/{found.public_id}{part}")
        assert "<script>alert" not in page.body
        assert "49" not in page.heading


def test_the_progress_fragment_says_when_it_is_done(desk: Browser, rita: int) -> None:
    send(desk, GREENHOUSE)
    path = f"{only_import()}/progress"
    assert "data-done" not in desk.client.get(path).get_data(as_text=True)
    work()
    assert "data-done" in desk.client.get(path).get_data(as_text=True)


def test_an_import_is_put_aside(desk: Browser, tmp_path: Path) -> None:
    send(desk, write_file(tmp_path, [row()]))
    work()
    page = desk.submit(desk.get(only_import()), action="/discard")
    assert "was put aside" in page.text
    assert "Nothing was imported yet" in page.text


def test_pressing_a_button_of_an_old_page_says_what_happened(desk: Browser, tmp_path: Path) -> None:
    send(desk, write_file(tmp_path, [row()]))
    work()
    page = desk.get(only_import())
    desk.submit(page, action="/apply", all_the_same="y")
    work()
    assert "stands now" in desk.submit(page, action="/discard").text
    assert how_many(Application) == 1


@pytest.mark.parametrize("role", [None, Role.HIRING_MANAGER])
def test_whoever_may_not_import_finds_nothing(app: Flask, rita: int, tmp_path: Path, role: Role | None) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    if role is None:
        join(ADA, "Ada")
    else:
        hire(ADA, role, "Hugo")
    other = Browser(app)
    sign_in(other, ADA)
    for part in ("", "/labels", "/columns", "/rows/refused", "/refused.csv", "/progress", "/release"):
        other.get(f"/recruiting/imports/{found.public_id}{part}", expect=404)
    other.get("/recruiting/imports", expect=404)


def test_an_import_that_does_not_exist_is_not_found(desk: Browser) -> None:
    for part in ("", "/labels", "/columns", "/rows/refused", "/refused.csv", "/progress", "/release"):
        desk.get(f"/recruiting/imports/23456789abcd{part}", expect=404)


def test_an_import_is_shown_with_few_statements(desk: Browser, rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    with counted_statements() as seen:
        desk.get(f"/recruiting/imports/{found.public_id}")
    assert len(seen) <= 10, "\n".join(seen)
    with counted_statements() as seen:
        desk.get("/recruiting/imports")
    assert len(seen) <= 8, "\n".join(seen)


def test_the_owner_of_a_stopped_import_is_chosen_on_its_page(desk: Browser, rita: int, tmp_path: Path) -> None:
    otto = hire("otto@demo.example", Role.RECRUITER, "Otto")
    found = upload(write_file(tmp_path, [row()]), otto)
    with transaction():
        change_staff(otto, role=Role.RECRUITER, lead_id=None, is_active=False)
    path = f"/recruiting/imports/{found.public_id}"
    desk.submit(desk.get(path), action="/apply", all_the_same="y")
    work()
    page = desk.get(path)
    assert "not an active recruiter any more" in page.text
    desk.submit(page, having="owner")
    work()
    assert "1 application was added from this file." in desk.get(path).text
    assert find_application("ada@demo.example").owner_id == rita


def test_an_ending_that_system_told_asks_nobody_to_write(desk: Browser, rita: int, tmp_path: Path) -> None:
    run(write_file(tmp_path, [row(), row(id="2", email="bea@demo.example")]), told=True)
    rows = [row(status="Rejected", active="2026-03-02"), row(id="2", email="bea@demo.example", stage="Panel")]
    page = desk.get(f"/recruiting/imports/{upload(write_file(tmp_path, rows), rita).public_id}")
    assert "1 changed application waits for a word from its owner." in page.text
    told = next(line for line in page.text.split("Row ") if "Ended there: Not selected." in line)
    assert "greenhouse told them, and their page says so a day later." in told
    assert "Its owner is asked to write." not in told


def test_what_the_command_is_told_counts_in_a_dry_run_too(app: Flask, rita: int, tmp_path: Path) -> None:
    run(write_file(tmp_path, [row()]))
    path = write_file(tmp_path, [row(status="Rejected")])
    assert run(path, told=True, dry_run=True).summary.tally.due == 0
    assert run(path, told=False, dry_run=True).summary.tally.due == 1
