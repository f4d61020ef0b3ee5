"""Who is moved while something waits to go to them: a move that tells them nothing new is done beside a letter."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.applications.actions import move_application, take_back_letter, write_to_candidate
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.rules.pipeline import TakenBack, reads_as, stage_without, stages_of
from portal.applications.states import STEPS, ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.rules import Stage
from tests.factories import Made, make_application, make_opening, make_staff, make_version, settle_mail, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
FRIDAY = date(2026, 3, 6)
REVIEW, MEETING, DECIDING = (
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.DECISION_PENDING,
)
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Second reading", "Hugo reads.", "Hugo", "A week", "in_review"),
    Stage("Test", "You try a task.", "Hugo", "An hour", "interviewing"),
    Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),
)
LETTER_WAITS = "A letter is on its way to them."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def ada(rita: int) -> Made:
    opening = make_opening("Nurse")
    make_version(opening, "Nurse", stages=STAGES)
    return make_application(opening, rita, name="Ada Lind", promised=FRIDAY, stage="Reading")


def scope(rita: int) -> StaffScope:
    return StaffScope(rita, Role.RECRUITER)


def view_of(made: Made, rita: int) -> StaffView:
    end_reading()
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    return view


def write(made: Made, rita: int, status: ApplicationStatus) -> None:
    view = view_of(made, rita)
    word = Proposal(status, "A word.", FRIDAY, "")
    write_to_candidate(
        made.public_id, scope=scope(rita), proposal=word, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()


def stage_of(made: Made) -> str:
    end_reading()
    return session().get_one(Application, made.id).stage


def kinds(made: Made) -> list[EventKind]:
    end_reading()
    asked = select(ApplicationEvent.kind).where(ApplicationEvent.application_id == made.id)
    return list(session().scalars(asked.order_by(ApplicationEvent.id)))


def move_many(desk: Browser, made: Made, stage: str, expect: int = 200) -> Page:
    opening_id = session().get_one(Application, made.id).opening_id
    opening = session().get_one(Opening, opening_id).public_id
    page = desk.get(f"/recruiting/openings/{opening}/pipeline/change?what=move&a={made.public_id}")
    return desk.submit(page, having="stage", button="send", stage=stage, expect=expect)


@pytest.mark.parametrize(("status", "stage"), [(REVIEW, "Second reading"), (MEETING, "Talk")])
def test_a_letter_that_waits_keeps_nobody_from_a_move_that_tells_nothing_new(
    desk: Browser, ada: Made, rita: int, status: ApplicationStatus, stage: str
) -> None:
    write(ada, rita, status)
    move_many(desk, ada, stage)
    assert stage_of(ada) == stage
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE]
    settle_mail()
    assert view_of(ada, rita).status is status
    assert stage_of(ada) == stage


@pytest.mark.parametrize(("status", "stage"), [(REVIEW, "Talk"), (MEETING, "Second reading"), (DECIDING, "Talk")])
def test_one_that_says_otherwise_than_the_letter_waits_for_it(
    desk: Browser, ada: Made, rita: int, status: ApplicationStatus, stage: str
) -> None:
    write(ada, rita, status)
    before = stage_of(ada)
    assert LETTER_WAITS in move_many(desk, ada, stage, expect=422).text
    assert stage_of(ada) == before
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE]


def written_and_moved_on(ada: Made, rita: int) -> None:
    """A letter that says Interviewing waits, and after it a move to Decision pending."""
    write(ada, rita, MEETING)
    move = Proposal(DECIDING, "", FRIDAY, "")
    move_application(ada.public_id, scope=scope(rita), proposal=move, seen_event_id="", now=clock.now())
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE, EventKind.MOVED]


def test_nobody_is_put_where_the_letter_before_the_move_says_otherwise(desk: Browser, ada: Made, rita: int) -> None:
    written_and_moved_on(ada, rita)
    before = stage_of(ada)
    assert LETTER_WAITS in move_many(desk, ada, "Second reading", expect=422).text
    assert stage_of(ada) == before
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE, EventKind.MOVED]


def test_moving_back_to_what_a_letter_says_takes_the_later_move_back_and_leaves_the_letter(
    desk: Browser, ada: Made, rita: int
) -> None:
    written_and_moved_on(ada, rita)
    move_many(desk, ada, "Talk")
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE]
    assert stage_of(ada) == "Talk"
    settle_mail()
    assert view_of(ada, rita).status is MEETING


def take_back(made: Made, rita: int) -> None:
    """The newest that waits."""
    take_back_letter(made.public_id, view_of(made, rita).newest_event_id, scope=scope(rita), now=clock.now())


@pytest.mark.parametrize("stage", ["Reading", "Second reading", ""])
def test_taking_back_the_letter_that_moved_them_leaves_nobody_where_it_said(
    desk: Browser, ada: Made, rita: int, stage: str
) -> None:
    with transaction() as own:
        own.execute(update(Application).values(stage=stage))
    write(ada, rita, MEETING)
    move_many(desk, ada, "Talk")
    assert stage_of(ada) == "Talk"
    take_back(ada, rita)
    # Who was in no stage is put where people are who read the same.
    assert stage_of(ada) == (stage or "Reading")


def test_whoever_was_moved_on_within_what_they_read_stays_when_the_letter_is_taken_back(
    desk: Browser, ada: Made, rita: int
) -> None:
    write(ada, rita, REVIEW)
    move_many(desk, ada, "Second reading")
    take_back(ada, rita)
    assert stage_of(ada) == "Second reading"


def test_a_letter_that_takes_the_place_of_a_move_leaves_them_in_its_stage(desk: Browser, ada: Made, rita: int) -> None:
    move_many(desk, ada, "Talk")
    write(ada, rita, MEETING)
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MESSAGE]
    assert stage_of(ada) == "Talk"
    take_back(ada, rita)
    assert stage_of(ada) == "Reading"


def test_one_that_says_otherwise_takes_them_where_it_says(desk: Browser, ada: Made, rita: int) -> None:
    move_many(desk, ada, "Talk")
    write(ada, rita, REVIEW)
    assert stage_of(ada) == "Reading"
    take_back(ada, rita)
    assert stage_of(ada) == "Reading"


def test_a_move_of_many_that_was_moved_on_since_is_taken_back_to_where_they_were(
    desk: Browser, ada: Made, rita: int
) -> None:
    with transaction() as own:
        own.execute(update(Application).values(stage="Second reading"))
    move_many(desk, ada, "Test")
    move_many(desk, ada, "Talk")
    assert kinds(ada) == [EventKind.IMPORTED, EventKind.MOVED]
    take_back(ada, rita)
    assert stage_of(ada) == "Second reading"


NAMES = ["", "Reading", "Second reading", "Test", "Talk", "Elsewhere"]
FOUR = stages_of([(stage.name, stage.status) for stage in STAGES])
taken_back = st.builds(
    TakenBack,
    st.sampled_from(STEPS),
    st.sampled_from(STEPS),
    st.none() | st.sampled_from(NAMES),
    st.sampled_from(NAMES),
)


@given(st.sampled_from(NAMES), taken_back)
def test_nobody_is_left_where_only_what_was_taken_back_put_them(stage: str, taken: TakenBack) -> None:
    after = stage_without(stage, taken, FOUR)
    if taken.before is not None and stage == taken.put:
        assert after == taken.before
    elif taken.announced is not taken.reads and reads_as(stage, taken.announced, FOUR):
        assert after in {"", taken.before} or reads_as(after, taken.reads, FOUR)
        assert not reads_as(after, taken.announced, FOUR)
    else:
        assert after == stage
