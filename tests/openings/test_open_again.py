"""A finished opening opens again: a colleague says so, or an import puts somebody into it who has no ending."""

from contextlib import suppress
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import ImportedApplication, Restatement, add_imported, restate_imported
from portal.applications.actions.closing import close_opening
from portal.applications.queries import StaffScope
from portal.applications.rules.finishing import StillOpen
from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.actions import mark_finished, open_again, stop_accepting
from portal.openings.models import Opening
from portal.openings.rules import MoveRefused
from portal.openings.states import OpeningState, WhyAgain
from portal.people.models import Staff
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_person, make_published, make_staff, signed_in, visitor
from tests.pages import Browser

ENDED = ApplicationStatus.NOT_SELECTED


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask, rita: int) -> int:
    """A finished opening that was on the public pages."""
    slug = make_published("Nurse", recruiter_id=rita)
    opening_id = session().scalars(select(Opening.id).where(Opening.slug == slug)).one()
    stop_accepting(opening_id, actor_id=rita, now=clock.now())
    mark_finished(opening_id, clock.now())
    return opening_id


def read(opening_id: int) -> Opening:
    end_reading()
    found = session().get_one(Opening, opening_id)
    session().expunge(found)
    return found


def page_of(opening_id: int) -> str:
    return f"/recruiting/openings/{read(opening_id).public_id}"


def tasks() -> list[tuple[int, TaskState]]:
    """Whose tasks there are because an opening opened again, and how each stands."""
    end_reading()
    found = session().execute(
        select(Task.owner_id, Task.state).where(Task.kind == TaskKind.OPENED_AGAIN).order_by(Task.id)
    )
    return [(owner_id, state) for owner_id, state in found]


def audited() -> list[tuple[int | None, dict[str, object]]]:
    end_reading()
    statement = select(AuditRecord.actor_id, AuditRecord.details).where(AuditRecord.action == "openings.open_again")
    return [(actor_id, details) for actor_id, details in session().execute(statement.order_by(AuditRecord.id))]


def bring(opening_id: int, owner_id: int, status: ApplicationStatus = ApplicationStatus.IN_REVIEW) -> str:
    """An application as an import adds it."""
    person_id = make_person("Ada Lind")
    brought = ImportedApplication(
        person_id=person_id,
        opening_id=opening_id,
        owner_id=owner_id,
        source="greenhouse",
        external_key=f"late-{person_id}",
        applied_on=None,
        last_activity_on=None,
        channel="",
        tags=(),
        source_stage="",
        source_status="",
        source_reason="",
        status=status,
        next_update_by=None if status is ENDED else date(2026, 3, 20),
        import_ref="",
    )
    return add_imported(brought, clock.now())


def test_it_stands_as_before_it_was_finished_and_says_who_opened_it_and_why(opening: int, rita: int) -> None:
    open_again(opening, why=WhyAgain.LOOKING_AGAIN, actor_id=rita, now=clock.now())
    found = read(opening)
    assert (found.state, found.finished_at) == (OpeningState.STOPPED, None)
    assert found.stopped_at is not None
    assert audited() == [(rita, {"why": "looking_again"})]
    assert tasks() == []


def test_one_that_was_never_published_is_a_draft_again(rita: int) -> None:
    opening_id = make_opening("Nurse", recruiter_id=rita)
    mark_finished(opening_id, clock.now())
    open_again(opening_id, why=WhyAgain.BY_MISTAKE, actor_id=rita, now=clock.now())
    assert read(opening_id).state is OpeningState.DRAFT


def test_only_what_is_finished_opens_again(opening: int, rita: int) -> None:
    open_again(opening, why=WhyAgain.BY_MISTAKE, actor_id=rita, now=clock.now())
    with pytest.raises(MoveRefused):
        open_again(opening, why=WhyAgain.BY_MISTAKE, actor_id=rita, now=clock.now())
    assert len(audited()) == 1


def test_stopping_does_not_open_what_is_finished(opening: int, rita: int) -> None:
    with pytest.raises(MoveRefused):
        stop_accepting(opening, actor_id=rita, now=clock.now())
    assert read(opening).state is OpeningState.FINISHED


def test_an_import_that_brings_somebody_without_an_ending_opens_it_and_its_recruiter_is_told(
    opening: int, rita: int, desk: Browser
) -> None:
    bring(opening, rita)
    assert read(opening).state is OpeningState.STOPPED
    assert tasks() == [(rita, TaskState.DUE)]
    assert audited() == [(None, {"why": "import"})]
    with transaction() as own:
        task = own.scalars(select(Task)).one()
        task.due_on = date(2026, 3, 4)
    home = desk.get("/recruiting/")
    assert "Somebody is in this opening again: Nurse" in home.text
    assert f"{page_of(opening)}/finish" in home.links


def test_whoever_ended_before_us_leaves_it_finished(opening: int, rita: int) -> None:
    bring(opening, rita, ENDED)
    assert read(opening).state is OpeningState.FINISHED
    assert tasks() == []


def test_a_label_that_means_something_else_now_opens_it(opening: int, rita: int) -> None:
    made = make_application(opening, rita, status=ENDED)
    restate_imported([Restatement(made.id, ApplicationStatus.INTERVIEWING, date(2026, 3, 20))], clock.now())
    assert read(opening).state is OpeningState.STOPPED
    assert tasks() == [(rita, TaskState.DUE)]
    restate_imported([Restatement(made.id, ENDED, None)], clock.now())
    assert read(opening).state is OpeningState.STOPPED


def test_the_task_goes_when_it_is_finished_once_more_and_comes_back_with_the_next(
    opening: int, rita: int, time: Time
) -> None:
    bring(opening, rita)
    time.pass_by(hours=1)
    mark_finished(opening, clock.now())
    assert tasks() == [(rita, TaskState.DONE)]
    time.pass_by(hours=1)
    bring(opening, rita)
    assert tasks() == [(rita, TaskState.DONE), (rita, TaskState.DUE)]


def test_several_of_one_import_are_one_task(opening: int, rita: int) -> None:
    bring(opening, rita)
    bring(opening, rita)
    assert tasks() == [(rita, TaskState.DUE)]
    assert len(audited()) == 1


def test_an_admin_is_told_when_its_recruiter_has_left(opening: int, rita: int) -> None:
    admin = make_staff("Ines Moreau", Role.ADMIN)
    with transaction() as own:
        own.get_one(Staff, rita).is_active = False
    bring(opening, admin)
    assert tasks() == [(admin, TaskState.DUE)]


def test_nobody_finishes_it_while_somebody_in_it_has_no_ending(opening: int, rita: int, desk: Browser) -> None:
    bring(opening, rita)
    page = desk.get(f"{page_of(opening)}/finish")
    assert "1 person still needs an ending" in page.text
    close = {"csrf_token": page.form(having="csrf_token").values["csrf_token"]}
    assert desk.post(f"{page_of(opening)}/finish", close, expect=409).status == 409
    assert read(opening).state is OpeningState.STOPPED


def test_by_page_with_a_reason_and_then_it_can_be_published_again(opening: int, desk: Browser) -> None:
    page = desk.get(page_of(opening))
    refused = desk.submit(page, having="why", expect=422)
    assert "Please say why." in refused.text
    done = desk.submit(refused, why="finished_by_mistake")
    assert "Opened again. Nobody was told" in done.text
    assert "Nobody can apply any more" in done.text
    assert done.form(having="early_days")


def test_no_public_page_shows_it_before_it_is_published_again(app: Flask, opening: int, rita: int) -> None:
    slug = read(opening).slug
    open_again(opening, why=WhyAgain.LOOKING_AGAIN, actor_id=rita, now=clock.now())
    anybody = visitor(app)
    assert "Nurse" not in anybody.get("/openings").text
    anybody.get(f"/openings/{slug}", expect=404)


def test_whoever_applied_keeps_the_ending_on_their_page(app: Flask, opening: int, rita: int) -> None:
    made = make_application(opening, rita, status=ENDED)
    before = signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}").text
    open_again(opening, why=WhyAgain.LOOKING_AGAIN, actor_id=rita, now=clock.now())
    assert signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}").text == before


def test_a_hiring_manager_cannot_open_it(app: Flask, opening: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    with transaction() as own:
        own.get_one(Opening, opening).hiring_manager_id = hugo
    browser = signed_in(app, hugo)
    page = browser.get(page_of(opening))
    assert "Open it again" not in page.text


def test_it_is_finished_again_as_any_other(opening: int, rita: int) -> None:
    open_again(opening, why=WhyAgain.WRONG_ENDING, actor_id=rita, now=clock.now())
    close_opening(read(opening).public_id, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())
    assert read(opening).state is OpeningState.FINISHED


def test_finished_at_the_same_moment_as_an_import_nobody_is_left_in_it(app: Flask, opening: int, rita: int) -> None:
    open_again(opening, why=WhyAgain.BY_MISTAKE, actor_id=rita, now=clock.now())
    public_id, start = read(opening).public_id, Barrier(2)

    def finish() -> None:
        with app.app_context():
            start.wait()
            with suppress(StillOpen):
                close_opening(public_id, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())

    def come() -> None:
        with app.app_context():
            start.wait()
            bring(opening, rita)

    threads = [Thread(target=work) for work in (finish, come)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(opening).state is OpeningState.STOPPED
