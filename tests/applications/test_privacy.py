"""What the export says of applications, and what erasing, merging and handing over do to them."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications import privacy
from portal.applications.models import Application, ApplicationEvent
from portal.core import clock
from portal.core.db import session
from tests.factories import add_event, make_application, make_opening, make_person, make_staff

FRIDAY = date(2026, 3, 6)
INTERNAL = {"source_stage": "Panel 2B", "source_reason": "Wants too much", "imported_tags": ["boomerang"]}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def words(person_id: int) -> str:
    return " ".join(f"{section.title} {section.rows} {section.extra}" for section in privacy.export(person_id))


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_the_export_says_what_the_candidate_may_read_and_names_what_is_internal(rita: int) -> None:
    made = make_application(make_opening("Data Analyst"), rita, promised=FRIDAY, **INTERNAL)
    add_event(made.id, promised=FRIDAY, message="We would like to meet you.", actor_id=rita)
    said = words(made.person_id)
    for known in ("Data Analyst", "In review", "Friday 6 March 2026", "We would like to meet you.", "Rita Sander"):
        assert known in said
    (section,) = privacy.export(made.person_id)
    assert "the stage, the end reason and the labels" in section.seen_by
    for secret in ("Panel 2B", "Wants too much", "boomerang"):
        assert secret not in said


def test_somebody_without_applications_reads_that_there_are_none(app: Flask) -> None:
    (section,) = privacy.export(make_person())
    assert section.rows == []
    assert section.empty


def test_erasing_removes_theirs_and_nobody_elses(rita: int) -> None:
    gone = make_application(make_opening(), rita, promised=FRIDAY)
    add_event(gone.id, promised=FRIDAY, message="A word.", actor_id=rita)
    make_application(make_opening(), rita, promised=FRIDAY)
    privacy.erase(gone.person_id, clock.now())
    assert (count(Application), count(ApplicationEvent)) == (1, 1)
    assert privacy.export(gone.person_id)[0].rows == []


def test_merging_gives_all_to_the_one_who_stays(rita: int) -> None:
    kept = make_application(make_opening(), rita, promised=FRIDAY)
    gone = make_application(make_opening(), rita, promised=FRIDAY)
    privacy.merge(kept.person_id, gone.person_id, clock.now())
    assert set(session().scalars(select(Application.person_id))) == {kept.person_id}


def test_handing_over_moves_the_work_and_leaves_who_wrote_what(rita: int) -> None:
    otto = make_staff("Otto Berg")
    made = make_application(make_opening(), rita, promised=FRIDAY)
    add_event(made.id, promised=FRIDAY, message="A word.", actor_id=rita)
    privacy.hand_over(rita, otto, clock.now())
    assert session().scalars(select(Application.owner_id)).one() == otto
    assert rita in set(session().scalars(select(ApplicationEvent.actor_id)))
