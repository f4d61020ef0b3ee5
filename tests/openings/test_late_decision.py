"""The day by which an opening said to be decided has passed: its page says so, and its recruiter owes a new one."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.actions import publish_opening, save_draft, stop_accepting
from portal.openings.jobs import look_for_late_decisions
from portal.openings.models import Opening, OpeningDraft
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_published, make_staff, published_content, signed_in, visitor

pytestmark = pytest.mark.both_in_soak
#: A Friday, two days after the tests begin.
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def slug(rita: int) -> str:
    return make_published("Crane Driver", recruiter_id=rita, decision_by=FRIDAY)


def tasks() -> list[tuple[int, TaskState]]:
    end_reading()
    found = session().execute(
        select(Task.owner_id, Task.state).where(Task.kind == TaskKind.DECISION_LATE).order_by(Task.id)
    )
    return [(owner_id, state) for owner_id, state in found]


def test_the_page_says_that_we_are_late_from_the_day_after(app: Flask, slug: str, time: Time) -> None:
    reader = visitor(app)
    time.pass_by(days=2)
    assert "We expect to decide by Friday 6 March 2026" in reader.get(f"/openings/{slug}").text
    time.pass_by(days=1)
    page = reader.get(f"/openings/{slug}").text
    assert "We expected to decide by Friday 6 March 2026 . We are later than that" in page
    assert "We expect to decide" not in page


def test_its_recruiter_is_asked_for_a_new_day_once_and_is_led_to_the_field(
    app: Flask, slug: str, rita: int, time: Time
) -> None:
    time.pass_by(days=2)
    look_for_late_decisions(clock.now())
    assert tasks() == []
    time.pass_by(days=1)
    look_for_late_decisions(clock.now())
    look_for_late_decisions(clock.now())
    assert tasks() == [(rita, TaskState.DUE)]
    desk = signed_in(app, rita)
    page = desk.get("/recruiting/tasks")
    assert "Say when this opening will be decided: Crane Driver" in page.text
    (link,) = [one for one in page.links if one.endswith("#decision_by")]
    assert 'id="decision_by"' in desk.get(link.partition("#")[0]).body


def test_a_new_day_settles_it_at_once_and_the_next_one_that_passes_is_asked_for_again(
    slug: str, rita: int, time: Time
) -> None:
    time.pass_by(days=3)
    look_for_late_decisions(clock.now())
    opening_id = session().scalars(select(Opening.id).where(Opening.slug == slug)).one()
    revision = (
        session().scalars(select(OpeningDraft.revision).where(OpeningDraft.opening_id == opening_id)).one_or_none()
    )
    later = published_content("Crane Driver", decision_by=date(2026, 3, 20))
    save_draft(opening_id, later, revision=revision or 0, actor_id=rita, now=clock.now())
    publish_opening(
        opening_id,
        early_days=0,
        reason="As it was said before.",
        revision=(revision or 0) + 1,
        actor_id=rita,
        now=clock.now(),
    )
    assert tasks() == [(rita, TaskState.DONE)]
    time.pass_by(days=14)
    look_for_late_decisions(clock.now())
    assert tasks() == [(rita, TaskState.DONE), (rita, TaskState.DUE)]


def test_nothing_is_asked_about_an_opening_that_takes_no_more_applications(slug: str, rita: int, time: Time) -> None:
    time.pass_by(days=3)
    look_for_late_decisions(clock.now())
    opening_id = session().scalars(select(Opening.id).where(Opening.slug == slug)).one()
    stop_accepting(opening_id, actor_id=rita, now=clock.now())
    look_for_late_decisions(clock.now())
    assert tasks() == [(rita, TaskState.DONE)]


def test_without_a_recruiter_an_admin_is_asked(app: Flask, time: Time) -> None:
    alma = make_staff("Alma Reyes", Role.ADMIN)
    make_published("Nurse", decision_by=FRIDAY)
    time.pass_by(days=3)
    look_for_late_decisions(clock.now())
    assert tasks() == [(alma, TaskState.DUE)]
