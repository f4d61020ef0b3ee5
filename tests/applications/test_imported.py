"""What an import does to applications: adds, reports, restates, releases."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import (
    ImportedApplication,
    Restatement,
    add_imported,
    add_imported_many,
    release_import,
    report_change,
    restate_imported,
)
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, due_for, find_application_of
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.audit.models import AuditRecord
from portal.company.actions import number_of_promises
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from tests.conftest import counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_person, make_staff

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def imported(
    rita: int, number: int = 1, status: ApplicationStatus = ApplicationStatus.IN_REVIEW
) -> ImportedApplication:
    return ImportedApplication(
        person_id=make_person(f"Person {number}"),
        opening_id=make_opening(),
        owner_id=rita,
        source="greenhouse",
        external_key=f"key-{number}",
        applied_on=date(2026, 2, 1),
        last_activity_on=None,
        channel="LinkedIn",
        tags=("boomerang",),
        source_stage="Panel 2B",
        source_status="active",
        source_reason="Too dear",
        status=status,
        next_update_by=None if status in ENDINGS else FRIDAY,
        import_ref="import-1",
    )


def view_of(person_id: int, public_id: str) -> tuple[EventKind, ApplicationStatus, date | None]:
    found = find_application_of(person_id, public_id)
    assert found is not None
    return found.kind, found.status, found.next_update_by


def application(external_key: str = "key-1") -> Application:
    return session().scalars(select(Application).where(Application.external_key == external_key)).one()


def test_an_open_one_has_a_date_at_once_and_nothing_is_sent(rita: int) -> None:
    one = imported(rita)
    public_id = add_imported(one, clock.now())
    assert view_of(one.person_id, public_id) == (EventKind.IMPORTED, ApplicationStatus.IN_REVIEW, FRIDAY)
    assert application().is_held
    assert session().scalars(select(Delivery)).all() == []


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_one_that_ended_there_is_said_to_have_ended_before_us(rita: int, status: ApplicationStatus) -> None:
    one = imported(rita, status=status)
    public_id = add_imported(one, clock.now())
    assert view_of(one.person_id, public_id) == (EventKind.ENDED_BEFORE_US, status, None)
    assert not application().is_held


def test_five_hundred_cost_no_more_statements_than_five(rita: int) -> None:
    opening, person = make_opening(), make_person()
    rows = [replace(imported(rita), opening_id=opening, person_id=person, external_key=f"n{n}") for n in range(505)]
    number_of_promises(clock.now())
    with counted_statements() as few:
        add_imported_many(rows[:5], clock.now())
    with counted_statements() as many:
        public_ids = add_imported_many(rows[5:], clock.now())
    assert len(few) == len(many) <= 6
    assert len(set(public_ids)) == 500
    assert application("n504").public_id == public_ids[-1]


def test_adding_none_does_nothing(app: Flask) -> None:
    assert add_imported_many([], clock.now()) == []


def told(made: Made, *, is_told_differently: bool) -> None:
    report_change(
        made.id,
        source_stage="Offer",
        source_status="active",
        source_reason="",
        last_activity_on=TODAY,
        is_told_differently=is_told_differently,
        now=clock.now(),
    )


def test_a_later_import_changes_nothing_the_candidate_reads_and_is_due(rita: int) -> None:
    made = make_application(make_opening(), rita, promised=FRIDAY, source_stage="Panel")
    told(made, is_told_differently=True)
    assert view_of(made.person_id, made.public_id)[1] is ApplicationStatus.IN_REVIEW
    (line,), counts = due_for(StaffScope(rita, Role.RECRUITER), TODAY, rita, 0, 10)
    assert (counts.total, counts.changed, counts.late) == (1, 1, 0)
    assert line.public_id == made.public_id
    assert session().scalars(select(Application.source_stage)).one() == "Offer"


def test_what_is_due_stays_due_since_it_was_first_reported(rita: int, time) -> None:  # type: ignore[no-untyped-def]
    made = make_application(make_opening(), rita, promised=FRIDAY)
    told(made, is_told_differently=True)
    first = clock.now()
    time.pass_by(days=1)
    told(made, is_told_differently=False)
    told(made, is_told_differently=True)
    assert session().scalars(select(Application.change_reported_at)).one() == first


def test_mapping_a_stage_restates_who_was_only_imported(rita: int) -> None:
    one = imported(rita)
    public_id = add_imported(one, clock.now())
    change = Restatement(application().id, ApplicationStatus.INTERVIEWING, date(2026, 3, 12))
    assert restate_imported([change], clock.now()) == 1
    # The date they were promised does not move.
    assert view_of(one.person_id, public_id) == (EventKind.IMPORTED, ApplicationStatus.INTERVIEWING, FRIDAY)
    assert restate_imported([change], clock.now()) == 0


def test_mapping_an_end_reason_ends_it_and_back(rita: int) -> None:
    one, other = imported(rita), imported(rita, 2)
    public_id, _other_id = add_imported_many([one, other], clock.now())
    here = application().id
    restate_imported([Restatement(here, ApplicationStatus.WITHDRAWN, None)], clock.now())
    assert view_of(one.person_id, public_id) == (EventKind.ENDED_BEFORE_US, ApplicationStatus.WITHDRAWN, None)
    assert not application().is_held
    restate_imported([Restatement(here, ApplicationStatus.RECEIVED, FRIDAY)], clock.now())
    assert view_of(one.person_id, public_id) == (EventKind.IMPORTED, ApplicationStatus.RECEIVED, FRIDAY)
    assert application().is_held


def test_one_that_opens_again_after_the_release_is_not_held(rita: int) -> None:
    add_imported_many([imported(rita, status=ApplicationStatus.HIRED), imported(rita, 2)], clock.now())
    release_import("import-1", rita, clock.now())
    restate_imported([Restatement(application().id, ApplicationStatus.RECEIVED, FRIDAY)], clock.now())
    assert not application().is_held


def test_whom_a_person_wrote_to_is_not_restated(rita: int) -> None:
    made = make_application(make_opening(), rita, promised=FRIDAY)
    add_event(made.id, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY, message="Hello", actor_id=rita)
    assert restate_imported([Restatement(made.id, ApplicationStatus.NOT_SELECTED, None)], clock.now()) == 0
    assert view_of(made.person_id, made.public_id)[1] is ApplicationStatus.INTERVIEWING


def test_restating_what_is_gone_does_nothing(app: Flask) -> None:
    assert restate_imported([Restatement(4711, ApplicationStatus.HIRED, None)], clock.now()) == 0


def test_releasing_an_import_lets_go_of_its_own_only_and_is_recorded(rita: int) -> None:
    add_imported_many([imported(rita), imported(rita, 2)], clock.now())
    add_imported(replace(imported(rita, 3), import_ref="import-2"), clock.now())
    assert release_import("import-1", rita, clock.now()) == 2
    assert release_import("import-1", rita, clock.now()) == 0
    assert [application(key).is_held for key in ("key-1", "key-2", "key-3")] == [False, False, True]
    actions = session().scalars(select(AuditRecord.action)).all()
    assert "applications.release_import" in actions


def test_the_reason_of_the_source_stays_inside(rita: int) -> None:
    one = imported(rita, status=ApplicationStatus.NOT_SELECTED)
    public_id = add_imported(one, clock.now())
    assert session().scalars(select(ApplicationEvent.internal_reason)).one() == "Too dear"
    assert "Too dear" not in repr(find_application_of(one.person_id, public_id))
