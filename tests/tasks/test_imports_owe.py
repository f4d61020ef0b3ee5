"""What an import leaves to do: words without a meaning, and people who are held; asked of one, until it is done."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.states import ApplicationStatus
from portal.ats.actions import ask_to_apply, create_import, import_file, map_labels, release_import
from portal.ats.jobs import look_for_work_left, run_imports
from portal.ats.queries import find_import, labels_of
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.permissions import Role
from portal.desk.jobs import send_morning_mails
from portal.outbox.models import Delivery
from portal.people.actions import change_staff
from portal.people.models import Person
from portal.privacy.actions import erase_person
from portal.tasks.actions import finish_task
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_staff, signed_in, task_id_of
from tests.tasks.test_where_they_come_from import led_by, mails, tasks

pytestmark = pytest.mark.both_in_soak

#: Work is found on Wednesday 4 March and due on the next working day.
DUE = date(2026, 3, 5)
HEADERS = "Application ID,Candidate Name,Email,Job,Current Stage,Status"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def admin(app: Flask) -> int:
    return make_staff("Mo Admin", Role.ADMIN)


def a_file(folder: Path, stage: str, number: int = 1) -> Path:
    path = folder / f"people{number}.csv"
    path.write_text(f"{HEADERS}\n{number},Ada Lind,ada{number}@example.org,Nurse,{stage},Active\n")
    return path


def imported(folder: Path, by: int, stage: str = "Panel 2B", number: int = 1) -> str:
    """A file that somebody has uploaded and imported on the pages; its public id."""
    path = a_file(folder, stage, number)
    public_id = create_import(
        path, path.name, source="greenhouse", owner_id=by, told=None, created_by_id=by, now=clock.now()
    )
    run_imports(clock.now())
    ask_to_apply(find_import(public_id).id, actor_id=by, now=clock.now())
    run_imports(clock.now())
    return public_id


def by_command(folder: Path, stage: str = "Panel 2B") -> None:
    import_file(
        a_file(folder, stage),
        source="greenhouse",
        dry_run=False,
        on_error="skip",
        owner_email="rita@example.org",
        column_map={},
        dates="",
        told=None,
        now=clock.now(),
        progress=lambda _done, _total: None,
    )


def map_all(public_id: str, by: int, to: ApplicationStatus | None = ApplicationStatus.INTERVIEWING) -> None:
    row = find_import(public_id)
    map_labels(row.id, {one.id: to for one in labels_of(row.source_id)}, actor_id=by, now=clock.now())


def look() -> None:
    for _ in range(2):
        look_for_work_left(clock.now())


def of_kind(kind: TaskKind) -> list[Task]:
    return [task for task in tasks() if task.kind is kind]


def labels_tasks() -> list[Task]:
    return of_kind(TaskKind.LABELS_TO_MAP)


def release_tasks() -> list[Task]:
    return of_kind(TaskKind.IMPORT_TO_RELEASE)


def test_whoever_imported_is_asked_once_and_led_to_the_very_page(rita: int, app: Flask, tmp_path: Path) -> None:
    public_id = imported(tmp_path, rita)
    look()
    (labels,), (release,) = labels_tasks(), release_tasks()
    assert (labels.owner_id, labels.due_on, labels.title) == (rita, DUE, "greenhouse")
    assert (release.owner_id, release.due_on, release.title) == (rita, DUE, "people1.csv")
    labels_id, release_id = labels.public_id, release.public_id
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/tasks/{labels_id}")
    assert "Words in the import from greenhouse have no meaning yet" in page.text
    assert f"/recruiting/imports/{public_id}/labels" in page.links
    page = desk.get(f"/recruiting/tasks/{release_id}")
    assert "The import of people1.csv waits to be released" in page.text
    assert f"/recruiting/imports/{public_id}/release" in page.links


def test_a_file_that_is_only_checked_leaves_nothing_to_do(rita: int, tmp_path: Path) -> None:
    path = a_file(tmp_path, "Panel 2B")
    create_import(path, path.name, source="greenhouse", owner_id=rita, told=None, created_by_id=rita, now=clock.now())
    run_imports(clock.now())
    look()
    assert tasks() == []


def test_words_that_are_mapped_before_anybody_looks_are_no_task(rita: int, tmp_path: Path) -> None:
    map_all(imported(tmp_path, rita), rita)
    look()
    assert labels_tasks() == []


def test_it_finishes_itself_when_all_have_a_meaning_and_is_back_when_one_is_taken_away(
    rita: int, tmp_path: Path
) -> None:
    public_id = imported(tmp_path, rita)
    look()
    map_all(public_id, rita)
    look()
    (task,) = labels_tasks()
    assert (task.state, task.closed_by_id) == (TaskState.DONE, None)
    map_all(public_id, rita, None)
    look()
    assert [one.state for one in labels_tasks()] == [TaskState.DUE]


def test_a_second_import_of_the_same_source_asks_nobody_twice(rita: int, tmp_path: Path) -> None:
    first = imported(tmp_path, rita)
    look()
    second = imported(tmp_path, rita, "Panel 3C", number=2)
    look()
    assert [task.about for task in labels_tasks()] == [first]
    # What the first one used has a meaning now, what the second brought has none.
    row = find_import(first)
    one = next(label for label in labels_of(row.source_id) if label.label == "Panel 2B")
    map_labels(row.id, {one.id: ApplicationStatus.IN_REVIEW}, actor_id=rita, now=clock.now())
    look()
    look()
    assert [(task.about, task.state) for task in labels_tasks()] == [
        (first, TaskState.DONE),
        (second, TaskState.DUE),
    ]


def test_what_somebody_called_done_is_not_asked_again_of_the_same_import(rita: int, tmp_path: Path) -> None:
    imported(tmp_path, rita)
    look()
    for task in tasks():
        finish_task(task.id, actor_id=rita, now=clock.now())
    look()
    assert {task.state for task in tasks()} == {TaskState.DONE}


def test_who_may_not_import_any_more_or_has_left_is_not_asked(rita: int, admin: int, tmp_path: Path) -> None:
    imported(tmp_path, rita)
    with transaction():
        change_staff(rita, role=Role.HIRING_MANAGER, lead_id=None, is_active=True)
    look()
    assert {task.owner_id for task in tasks()} == {admin}


def test_who_has_left_is_not_asked(rita: int, admin: int, tmp_path: Path) -> None:
    imported(tmp_path, rita)
    with transaction():
        change_staff(rita, role=Role.RECRUITER, lead_id=None, is_active=False)
    look()
    assert {task.owner_id for task in tasks()} == {admin}


def test_what_came_by_command_is_asked_of_an_admin(rita: int, admin: int, tmp_path: Path) -> None:
    by_command(tmp_path)
    look()
    assert {(task.kind, task.owner_id) for task in tasks()} == {
        (TaskKind.LABELS_TO_MAP, admin),
        (TaskKind.IMPORT_TO_RELEASE, admin),
    }


def test_without_an_admin_what_came_by_command_is_asked_of_nobody(rita: int, tmp_path: Path) -> None:
    by_command(tmp_path)
    look()
    assert tasks() == []


def test_the_release_finishes_the_task(rita: int, tmp_path: Path) -> None:
    public_id = imported(tmp_path, rita)
    look()
    release_import(find_import(public_id).id, actor_id=rita, now=clock.now())
    look()
    (task,) = release_tasks()
    assert (task.state, task.closed_by_id) == (TaskState.DONE, None)


def test_an_import_of_which_everybody_was_erased_needs_no_release(rita: int, tmp_path: Path, app: Flask) -> None:
    imported(tmp_path, rita)
    look()
    erase_person(session().scalars(select(Person.id).where(Person.name == "Ada Lind")).one(), rita, clock.now())
    look()
    assert [task.state for task in release_tasks()] == [TaskState.DONE]
    assert "is held" not in signed_in(app, rita).get("/recruiting/").text


def test_on_its_day_the_home_says_it_once_and_the_mail_leads_to_the_one_task(
    app: Flask, rita: int, time: Time, tmp_path: Path
) -> None:
    desk = signed_in(app, rita)
    imported(tmp_path, rita)
    look()
    before = desk.get("/recruiting/").text
    assert "An import of 1 application is held" in before
    assert "1 stage or end reason from greenhouse is not mapped" in before
    time.pass_by(days=1)
    after = signed_in(app, rita).get("/recruiting/").text
    assert "waits to be released" in after
    assert "Words in the import from greenhouse have no meaning yet" in after
    assert "is held" not in after
    assert "is not mapped" not in after
    release_import(find_import(release_tasks()[0].about).id, actor_id=rita, now=clock.now())
    look()
    send_morning_mails(clock.now())
    (mail,) = morning_mails()
    assert "1 import uses words without a meaning, due today" in mail.text
    assert f"/recruiting/tasks/{task_id_of(labels_tasks()[0].id)}" in mail.text


def morning_mails() -> list[Delivery]:
    return mails("tasks/morning")


def test_two_working_days_late_it_is_with_the_lead_too(rita: int, time: Time, tmp_path: Path) -> None:
    lena = make_staff("Lena Lead", email="lena@example.org")
    led_by(lena, rita)
    imported(tmp_path, rita)
    look()
    time.pass_by(days=5)
    escalate_late_tasks(clock.now())
    (mail,) = mails("tasks/escalated")
    late = [task for task in tasks() if task.state is TaskState.ESCALATED]
    assert {task.escalated_to_id for task in late} == {lena}
    assert mail.to_address == "lena@example.org"


def test_a_hiring_manager_cannot_be_handed_such_a_task(app: Flask, rita: int, tmp_path: Path) -> None:
    make_staff("Hugo Meier", Role.HIRING_MANAGER)
    imported(tmp_path, rita)
    look()
    one = labels_tasks()[0].public_id
    assert "Hugo Meier" not in signed_in(app, rita).get(f"/recruiting/tasks/{one}").text
