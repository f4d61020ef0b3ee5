"""A later import moves an open application: due with its owner at once, on the candidate's page a day later."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.applications import jobs
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.models import Application, Promise
from portal.applications.queries.imported import moved_there, source_move
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EventKind
from portal.ats.actions import ask_to_apply, map_labels
from portal.ats.queries import labels_of
from portal.core import clock
from portal.core.db import end_reading, fetch, session, transaction
from portal.outbox.models import Delivery
from tests.applications.elsewhere import HEADER, page_of, scope, view_of
from tests.applications.promise_jobs import run_jobs, send_what_is_due
from tests.ats.exports import RITA, counts, row, run, upload, work, write_file
from tests.conftest import START, Time, counted_statements
from tests.factories import add_event, make_staff, signed_in

REVIEW, MEETING, DECIDING = (
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.DECISION_PENDING,
)
DAY = timedelta(hours=24)
Import = Callable[..., None]


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email=RITA)


@pytest.fixture
def imports(rita: int, tmp_path: Path) -> Import:
    def once(stage: str, status: str = "active", *, on: str = "2026-03-01", told: bool | None = None) -> None:
        path = tmp_path / "file.csv"
        path.write_text(f"{HEADER}ada@example.org,Nurse,Ada Lind,7,{stage},{status},{on}\n")
        run(path, source="teamtool", told=told)

    return once


def release() -> None:
    with transaction() as own:
        own.execute(update(Application).values(is_held=False))
    end_reading()


def follow() -> None:
    end_reading()
    jobs.follow_sources(clock.now())
    end_reading()


def write(rita: int, status: ApplicationStatus = REVIEW) -> str:
    view = view_of(rita)
    word = Proposal(status, "We are still reading.", view.next_update_by, "")
    write_to_candidate(
        view.public_id, scope=scope(rita), proposal=word, seen_event_id=view.newest_event_id, now=clock.now()
    )
    return view_of(rita).newest_event_id


def test_the_page_says_so_a_day_later_without_a_mail_and_the_date_stays(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    release()
    promised = page_of(rita).next_update_by
    imports("Interviewing")
    assert view_of(rita).change_reported_at == START
    time.at = START + DAY - timedelta(seconds=1)
    follow()
    assert page_of(rita).status is REVIEW
    time.at = START + DAY
    follow()
    page = page_of(rita)
    assert (page.status, page.kind, page.next_update_by) == (MEETING, EventKind.IMPORTED, promised)
    assert view_of(rita).change_reported_at is None
    assert session().scalar(select(func.count()).select_from(Delivery)) == 0
    follow()
    assert len(page_of(rita).events) == 2


def test_the_staff_page_says_when_it_takes_effect_and_the_candidates_history_reads_well(
    app: Flask, imports: Import, rita: int, time: Time
) -> None:
    imports("In review")
    imports("Interviewing")
    desk, path = signed_in(app, rita), f"/recruiting/applications/{view_of(rita).public_id}"
    page = desk.get(path)
    assert "teamtool moved them to: Interviewing" in page.text
    assert "That takes effect at Thursday 5 March 2026" in page.text
    time.pass_by(hours=24)
    follow()
    assert "Moved by an import to: Interviewing" in signed_in(app, rita).get(path).text
    reader = signed_in(app, view_of(rita).person_id)
    text = reader.get(f"/me/applications/{view_of(rita).public_id}").text
    assert "Interviewing from now on, next word by" in text
    assert text.count("Your application came to this page.") == 1


def test_a_colleague_can_say_that_it_has_not_moved(app: Flask, imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    imports("Interviewing")
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/applications/{view_of(rita).public_id}")
    assert "Their page stays as it is." in desk.submit(page, action="/not-moved").text
    imports("Interviewing", on="2026-03-03")
    time.pass_by(days=2)
    follow()
    assert page_of(rita).kind is EventKind.IMPORTED
    assert page_of(rita).status is REVIEW
    assert view_of(rita).change_reported_at is None


def test_who_writes_without_having_seen_the_move_is_told_of_it(app: Flask, imports: Import, rita: int) -> None:
    imports("In review")
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/applications/{view_of(rita).public_id}")
    imports("Interviewing")
    after = desk.submit(page, message="We are still reading.", when="3", date_reason="Hugo is away.")
    assert "teamtool had moved them to: Interviewing. What you wrote goes instead of that." in after.text
    again = desk.get(f"/recruiting/applications/{view_of(rita).public_id}")
    assert "What you wrote goes instead" not in again.text


def test_the_same_said_again_keeps_its_time(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    imports("Interviewing")
    time.pass_by(hours=20)
    imports("Interviewing")
    imports("Interviewing", on="2026-03-04")
    time.pass_by(hours=4)
    follow()
    assert page_of(rita).status is MEETING


def test_another_move_takes_the_place_of_the_first_and_waits_a_day_itself(
    imports: Import, rita: int, time: Time
) -> None:
    imports("In review")
    imports("Interviewing")
    time.pass_by(hours=20)
    imports("Decision pending")
    time.pass_by(hours=20)
    follow()
    assert page_of(rita).status is REVIEW
    time.pass_by(hours=4)
    follow()
    assert [event.status for event in page_of(rita).events] == [DECIDING, REVIEW]


def test_one_that_moves_it_back_in_time_leaves_no_trace(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    imports("Interviewing")
    imports("In review")
    assert view_of(rita).change_reported_at is None
    time.pass_by(days=2)
    follow()
    assert len(page_of(rita).events) == 1


def test_one_that_ends_it_there_drops_the_move(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    imports("Interviewing")
    imports("Interviewing", "rejected")
    time.pass_by(days=2)
    follow()
    assert page_of(rita).status is REVIEW
    assert view_of(rita).change_reported_at is not None


def test_what_a_person_writes_before_goes_instead(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    release()
    imports("Interviewing")
    write(rita, DECIDING)
    time.pass_by(days=2)
    send_what_is_due()
    follow()
    assert [event.status for event in page_of(rita).events] == [DECIDING, REVIEW]


def test_a_letter_that_is_taken_back_lets_it_wait_anew(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    imports("Interviewing")
    time.pass_by(hours=23, minutes=55)
    letter = write(rita)
    time.pass_by(minutes=10)
    take_back_letter(view_of(rita).public_id, letter, scope=scope(rita), now=clock.now())
    follow()
    assert page_of(rita).status is REVIEW
    move = source_move(view_of(rita).id)
    assert move is not None
    assert move.takes_effect_at == clock.now() + DAY
    time.pass_by(hours=24)
    follow()
    assert page_of(rita).status is MEETING


def test_while_a_note_is_on_its_way_it_waits_so_that_the_notes_date_stands(
    imports: Import, rita: int, time: Time
) -> None:
    imports("In review")
    release()
    time.pass_by(days=1)
    imports("Interviewing")
    time.pass_by(days=1, hours=10)
    run_jobs()
    assert any(event.is_on_its_way for event in view_of(rita).events)
    follow()
    assert page_of(rita).status is REVIEW
    time.pass_by(hours=14)
    send_what_is_due()
    noted = page_of(rita)
    assert noted.kind is EventKind.HOLDING_NOTE
    follow()
    assert (page_of(rita).status, page_of(rita).next_update_by) == (MEETING, noted.next_update_by)


def test_who_was_told_that_we_kept_no_promise_waits_for_a_person(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    release()
    add_event(view_of(rita).id, EventKind.ESCALATED, promised=date(2026, 4, 1), missed_on=date(2026, 3, 4))
    imports("Interviewing")
    time.pass_by(days=2)
    follow()
    assert page_of(rita).kind is EventKind.ESCALATED
    assert view_of(rita).change_reported_at is not None
    assert moved_there(clock.now()) == []


def test_a_move_there_is_no_persons_word_and_settles_no_promise(imports: Import, rita: int, time: Time) -> None:
    imports("In review")
    release()
    jobs.fold_promises(clock.now())
    imports("Interviewing")
    time.pass_by(hours=24)
    follow()
    jobs.fold_promises(clock.now())
    end_reading()
    assert session().scalars(select(Promise.outcome)).all() == [None]
    with counted_statements() as asked:
        jobs.fold_promises(clock.now())
    assert len(asked) == 3, "nothing is folded again and again"


def test_a_label_that_a_colleague_maps_after_the_release_is_read_at_once(rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    release()
    label = next(one for one in labels_of(found.source_id) if one.key == "recruiter screen")
    promised = page_of(rita).next_update_by
    for status in (MEETING, DECIDING):
        map_labels(found.id, {label.id: status}, actor_id=rita, now=clock.now())
        work()
        assert page_of(rita).status is status
    assert page_of(rita).next_update_by == promised
    assert view_of(rita).change_reported_at is None


def test_a_label_that_is_mapped_and_taken_back_leaves_no_trace(rita: int, tmp_path: Path, time: Time) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    release()
    label = next(one for one in labels_of(found.source_id) if one.key == "recruiter screen")
    for status in (MEETING, None):
        map_labels(found.id, {label.id: status}, actor_id=rita, now=clock.now())
        work()
    assert view_of(rita).change_reported_at is None
    time.pass_by(days=2)
    follow()
    assert len(page_of(rita).events) == 1


def test_a_label_that_ends_it_after_the_release_is_a_draft_and_no_ending_in_silence(
    rita: int, tmp_path: Path, time: Time
) -> None:
    found = upload(write_file(tmp_path, [row()]), rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    release()
    label = next(one for one in labels_of(found.source_id) if one.key == "recruiter screen")
    map_labels(found.id, {label.id: ApplicationStatus.NOT_SELECTED}, actor_id=rita, now=clock.now())
    work()
    time.pass_by(days=2)
    follow()
    jobs.settle_endings(clock.now())
    assert page_of(rita).status is REVIEW
    assert view_of(rita).change_reported_at is not None


@pytest.mark.only("sqlite")  # counts what the program asks, which is the same on both
def test_a_hundred_moves_send_no_mail_and_are_found_by_one_statement(rita: int, tmp_path: Path, time: Time) -> None:
    def file(stage: str) -> Path:
        people = range(100)
        return write_file(
            tmp_path, [row(id=str(n), email=f"p{n}@demo.example", stage=stage, name=f"P {n}") for n in people]
        )

    assert counts(run(file("In review"))) == (100, 0, 0, 0)
    release()
    assert counts(run(file("Interviewing"))) == (0, 100, 0, 0)
    time.pass_by(hours=24)
    end_reading()
    with counted_statements() as asked:
        assert len(moved_there(clock.now())) == 100
    assert len(asked) == 1
    follow()
    assert fetch(select(func.count()).select_from(Delivery)).scalar() == 0
    assert fetch(select(func.count()).where(Application.change_reported_at.is_not(None))).scalar() == 0
    assert moved_there(clock.now()) == []
