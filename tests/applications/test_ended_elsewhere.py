"""A later import ends an application: a draft that a person words, or, told there, a page that says so in a day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from portal.applications import jobs
from portal.applications.actions import write_to_candidate
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import due_for
from portal.applications.queries.finishing import source_says
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.tasks.states import TaskKind
from tests.applications.elsewhere import HEADER, page_of, scope, view_of
from tests.applications.promise_jobs import open_tasks, run_jobs, send_what_is_due
from tests.ats.exports import RITA, run
from tests.conftest import Time
from tests.factories import make_staff, signed_in

pytestmark = pytest.mark.both_in_soak

OPEN = "ada@example.org,Nurse,Ada Lind,7,In review,active,2026-03-01\n"
ENDED = "ada@example.org,Nurse,Ada Lind,7,In review,rejected,2026-03-03\n"
Import = Callable[..., None]
NO = ApplicationStatus.NOT_SELECTED


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email=RITA)


@pytest.fixture
def imports(rita: int, tmp_path: Path) -> Import:
    def once(row: str, told: bool | None = None) -> None:
        path = tmp_path / "file.csv"
        path.write_text(HEADER + row)
        run(path, source="teamtool", told=told)

    return once


def release(promised: date) -> None:
    """Nobody holds the import any more, and this is the day they were promised."""
    with transaction() as own:
        own.execute(update(Application).values(is_held=False))
        own.execute(update(ApplicationEvent).values(next_update_by=promised))
    end_reading()


def test_it_is_a_draft_and_nothing_goes_by_itself(app: Flask, imports: Import, rita: int, time: Time) -> None:
    imports(OPEN)
    imports(ENDED, told=False)
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).status is ApplicationStatus.IN_REVIEW
    assert source_says(view_of(rita).id).drafted is NO
    desk = signed_in(app, rita)
    path = f"/recruiting/applications/{view_of(rita).public_id}"
    page = desk.get(path)
    assert "It has ended there: Not selected." in page.text
    letter = desk.get(f"{path}/end")
    assert "It ends as: Not selected" in letter.text
    assert letter.form(having="message").values["message"].strip()


def test_told_there_stands_on_the_page_a_day_later(imports: Import, rita: int, time: Time) -> None:
    imports(OPEN)
    imports(ENDED, told=True)
    jobs.settle_endings(clock.now())
    assert page_of(rita).status is ApplicationStatus.IN_REVIEW
    assert view_of(rita).change_reported_at is None
    time.pass_by(hours=24, minutes=1)
    jobs.settle_endings(clock.now())
    page = page_of(rita)
    assert (page.status, page.kind) == (NO, EventKind.TOLD_ELSEWHERE)
    assert page.events[0].happened_on == date(2026, 3, 3)
    assert [event.delivery_state for event in view_of(rita).events] == [None, None]
    jobs.settle_endings(clock.now())
    assert len(page_of(rita).events) == 2


def test_whom_the_other_system_told_gets_no_note_meanwhile_and_nobody_is_asked(
    imports: Import, rita: int, time: Time
) -> None:
    imports(OPEN)
    release(promised=date(2026, 3, 4))
    imports(ENDED, told=True)
    time.pass_by(hours=23)
    run_jobs()
    assert [event.kind for event in view_of(rita).events] == [EventKind.IMPORTED]
    assert due_for(scope(rita), date(2026, 3, 5), rita, 0, 5)[0] == [], "no second letter is asked for"
    assert open_tasks(TaskKind.MISSED_PROMISE, TaskKind.ESCALATED, TaskKind.UPDATE_DUE) == []
    time.pass_by(hours=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).kind is EventKind.TOLD_ELSEWHERE


def test_a_note_that_waited_when_the_import_came_does_not_go(imports: Import, rita: int, time: Time) -> None:
    imports(OPEN)
    release(promised=date(2026, 3, 3))
    time.pass_by(hours=14)
    run_jobs()
    assert view_of(rita).events[0].kind is EventKind.HOLDING_NOTE
    imports(ENDED, told=True)
    assert [event.kind for event in view_of(rita).events] == [EventKind.IMPORTED]
    time.pass_by(hours=12)
    run_jobs()
    assert send_what_is_due() == 0


def test_the_promise_is_not_forgotten_when_it_has_not_ended_after_all(
    app: Flask, imports: Import, rita: int, time: Time
) -> None:
    imports(OPEN)
    release(promised=date(2026, 3, 4))
    imports(ENDED, told=True)
    time.pass_by(hours=23)
    run_jobs()
    desk = signed_in(app, rita)
    desk.submit(desk.get(f"/recruiting/applications/{view_of(rita).public_id}"), action="/not-ended")
    run_jobs()
    assert view_of(rita).events[0].kind is EventKind.HOLDING_NOTE


def test_the_page_of_whom_the_other_system_told_says_that_word_may_come_there(
    app: Flask, imports: Import, rita: int, time: Time
) -> None:
    imports(OPEN)
    release(promised=date(2026, 3, 4))
    imports(ENDED, told=True)
    time.pass_by(hours=23)
    view = view_of(rita)
    page = signed_in(app, view.person_id).get(f"/me/applications/{view.public_id}")
    assert "Word is on its way: from a person, as an automatic note with a new date, or here on this page." in page.text


def test_what_was_said_of_a_source_once_is_remembered(imports: Import, rita: int, time: Time) -> None:
    imports(OPEN, told=True)
    imports(ENDED)
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).kind is EventKind.TOLD_ELSEWHERE


def test_an_import_that_opens_it_again_in_time_leaves_no_trace(imports: Import, rita: int, time: Time) -> None:
    imports(OPEN, told=True)
    imports(ENDED)
    imports(OPEN)
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).kind is EventKind.IMPORTED


def test_a_colleague_who_knows_better_stops_it(app: Flask, imports: Import, rita: int, time: Time) -> None:
    imports(OPEN, told=True)
    imports(ENDED)
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/applications/{view_of(rita).public_id}")
    assert "teamtool told them that it ended: Not selected" in page.text
    assert "Their page says nothing of it." in desk.submit(page, action="/not-ended").text
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).kind is EventKind.IMPORTED
    assert source_says(view_of(rita).id).drafted is NO


def test_whom_a_colleague_wrote_to_since_is_asked_about_instead(imports: Import, rita: int, time: Time) -> None:
    imports(OPEN, told=True)
    imports(ENDED)
    view = view_of(rita)
    word = Proposal(ApplicationStatus.INTERVIEWING, "Shall we meet?", view.next_update_by, "")
    seen = view.newest_event_id
    write_to_candidate(view.public_id, scope=scope(rita), proposal=word, seen_event_id=seen, now=clock.now())
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    assert page_of(rita).kind is EventKind.IMPORTED
    assert view_of(rita).change_reported_at is not None


def test_both_pages_say_who_told_them_and_when(app: Flask, imports: Import, rita: int, time: Time) -> None:
    imports(OPEN, told=True)
    imports(ENDED)
    time.pass_by(days=2)
    jobs.settle_endings(clock.now())
    view = view_of(rita)
    desk = signed_in(app, rita).get(f"/recruiting/applications/{view.public_id}").text
    assert "Import from teamtool" in desk
    assert "Told by teamtool on Tuesday 3 March 2026, as an import from there said. Not selected" in desk
    own = signed_in(app, view.person_id).get(f"/me/applications/{view.public_id}").text
    assert "The system in which you applied told you on Tuesday 3 March 2026" in own
    assert "teamtool" not in own
