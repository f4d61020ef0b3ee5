"""A colleague hands over their seats: who takes over has it in their calendar, who goes has it there no more."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.interviews.actions.leaving import ready_to_hand_over
from portal.interviews.states import InterviewState
from portal.privacy.actions import NotPossible, hand_over, let_go, step_down
from portal.privacy.actions import people as privacy_actions
from portal.privacy.queries import left_when_stepping_down, looked_after_by
from portal.tasks.models import Task
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.interviews.arranging import calendar_in, outbox, sent_to
from tests.interviews.meeting import change, row_of
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.both_in_soak
TUESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC)


def make_claimed(app: Flask, name: str, role: Role, email: str) -> int:
    """Somebody who works here and has signed in."""
    person_id = make_staff(name, role, email)
    signed_in(app, person_id)
    return person_id


@pytest.fixture
def vera(app: Flask) -> int:
    return make_claimed(app, "Vera Admin", Role.ADMIN, "vera@kindred.example")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_claimed(app, "Rita Sander", Role.RECRUITER, "rita@kindred.example")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_claimed(app, "Hugo Berg", Role.HIRING_MANAGER, "hugo@kindred.example")


@pytest.fixture
def otto(app: Flask) -> int:
    return make_claimed(app, "Otto Lund", Role.RECRUITER, "otto@kindred.example")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, person_id=make_person("Ada Lind", "ada@example.org"))


@pytest.fixture
def met(ada: Made, rita: int, hugo: int) -> str:
    """On Tuesday, with Hugo and Rita."""
    return make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(hugo, None), (rita, None)])


def test_who_takes_over_has_it_in_their_calendar(met: str, hugo: int, otto: int, vera: int) -> None:
    let_go(hugo, otto, vera, clock.now())
    (mail,) = outbox()
    assert (mail.kind, mail.to_address) == ("interviews/panel_confirmed", "otto@kindred.example")
    assert calendar_in(mail) == ("REQUEST", 1, TUESDAY)
    assert f"UID:{met}@localhost" in mail.calendar
    assert "Ada" not in mail.text + mail.calendar
    assert row_of(met).sequence == 1
    assert session().scalars(select(Task.title).where(Task.owner_id == otto)).all() == ["1 interview"]


def test_who_stays_at_the_company_has_it_in_theirs_no_more(met: str, hugo: int, otto: int, vera: int) -> None:
    hand_over(hugo, otto, vera, clock.now())
    (gone,) = outbox("panel_cancelled")
    assert gone.to_address == "hugo@kindred.example"
    assert calendar_in(gone) == ("CANCEL", 1, TUESDAY)
    assert f"UID:{met}@localhost" in gone.calendar
    assert sent_to("panel_confirmed") == {"otto@kindred.example"}
    assert len(outbox()) == 2


def test_a_recruiter_who_becomes_a_hiring_manager_hears_of_the_seats_that_went(
    met: str, rita: int, otto: int, vera: int
) -> None:
    step_down(rita, lead_id=None, to_id=otto, actor_id=vera, now=clock.now())
    assert sent_to("panel_cancelled") == {"rita@kindred.example"}
    (mail,) = outbox("panel_confirmed")
    assert mail.to_address == "otto@kindred.example"
    # Whoever arranged it hands that over in the same step: answers from calendars go to who arranges it now.
    assert "otto@kindred.example" in next(line for line in mail.calendar.splitlines() if "ORGANIZER" in line)


def test_who_sits_there_already_gets_no_second_entry(met: str, hugo: int, rita: int, vera: int) -> None:
    let_go(hugo, rita, vera, clock.now())
    assert outbox() == []


def test_what_has_no_time_or_is_over_is_in_no_calendar(ada: Made, rita: int, hugo: int, otto: int, vera: int) -> None:
    make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=[TUESDAY], panel=[(hugo, None)])
    make_interview(ada.id, rita, starts_at=clock.now() - timedelta(hours=1), panel=[(hugo, None)])
    make_interview(ada.id, rita, starts_at=TUESDAY, state=InterviewState.CANCELLED, panel=[(hugo, None)])
    let_go(hugo, otto, vera, clock.now())
    assert outbox() == []


def test_of_their_own_interview_nobody_gets_an_entry_from_the_panel(rita: int, hugo: int, otto: int, vera: int) -> None:
    theirs = make_application(make_opening("Lead"), rita, person_id=otto)
    make_interview(theirs.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    hand_over(hugo, otto, vera, clock.now())
    assert [(mail.kind, mail.to_address) for mail in outbox()] == [
        ("interviews/panel_cancelled", "hugo@kindred.example")
    ]


def test_nobody_leaves_whom_a_candidate_is_still_to_meet(app: Flask, met: str, hugo: int, otto: int, vera: int) -> None:
    with pytest.raises(NotPossible, match="still look after"):
        let_go(hugo, None, vera, clock.now())
    page = signed_in(app, vera).get(f"/recruiting/admin/staff/{public_id_of(hugo)}/leave")
    assert "Interviews they take part in 1" in page.text
    let_go(hugo, otto, vera, clock.now())
    assert looked_after_by(hugo) == []


def test_a_hiring_manager_arranges_none_and_can_still_take_part(ada: Made, rita: int, otto: int) -> None:
    make_interview(ada.id, otto, starts_at=TUESDAY, panel=[(rita, None)])
    assert {one.kind for one in left_when_stepping_down(rita)} == {"applications"}
    assert {one.kind for one in left_when_stepping_down(otto)} == {"arranging"}


def test_an_interview_that_changes_meanwhile_is_not_told_as_it_was(met: str, hugo: int, otto: int, vera: int) -> None:
    seats = ready_to_hand_over(hugo, otto, clock.now(), stays=True)
    change(met, place="Mill Lane 3")
    with pytest.raises(NotPossible, match="being changed just now"):
        privacy_actions._hand_over(hugo, otto, vera, seats, clock.now())
    assert {one.kind for one in looked_after_by(hugo)} == {"interviews"}
    assert outbox() == []
