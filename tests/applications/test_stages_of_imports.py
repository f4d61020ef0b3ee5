"""The stages of another system, in the pipeline of an opening that an import brought."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.actions import write_to_candidate
from portal.applications.models import Application
from portal.applications.queries import StaffScope, find_for_staff, openings_for_filter
from portal.applications.rules import Proposal
from portal.applications.rules.pipeline import StageOf, with_stood_in
from portal.applications.states import STEPS, ApplicationStatus
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.rules import Stage
from tests.factories import Made, make_application, make_opening, make_staff, make_version, signed_in
from tests.pages import Browser, Page

FRIDAY = date(2026, 3, 6)
NAMES = st.sampled_from(("", "Screen", "Panel", "Talk"))
STATUSES = st.sampled_from(tuple(ApplicationStatus))


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask) -> int:
    return make_opening("Nurse")


def someone(opening: int, rita: int, stage: str, status: ApplicationStatus = ApplicationStatus.IN_REVIEW) -> Made:
    return make_application(opening, rita, name="Ada Lind", promised=FRIDAY, source_stage=stage, status=status)


def move(desk: Browser, opening: int, made: Made) -> Page:
    end_reading()
    public_id = session().get_one(Opening, opening).public_id
    return desk.get(f"/recruiting/openings/{public_id}/pipeline/change?what=move&a={made.public_id}")


def stage_of(made: Made) -> str:
    end_reading()
    return session().get_one(Application, made.id).stage


@given(
    named=st.lists(
        st.builds(StageOf, NAMES.filter(bool), st.sampled_from(tuple(STEPS))), unique_by=lambda one: one.name
    ),
    people=st.lists(st.tuples(NAMES, STATUSES, st.integers(1, 9))),
)
def test_each_stage_is_offered_once_and_none_reads_as_an_ending(
    named: list[StageOf], people: list[tuple[str, ApplicationStatus, int]]
) -> None:
    offered = with_stood_in(named, people)
    assert offered[: len(named)] == named
    assert len({one.name for one in offered}) == len(offered)
    assert all(one.name and one.status in STEPS for one in offered)


def test_the_stages_people_are_in_are_offered_although_the_opening_names_none(
    desk: Browser, opening: int, rita: int
) -> None:
    made = someone(opening, rita, "Recruiter Screen")
    someone(opening, rita, "Panel 2B", ApplicationStatus.INTERVIEWING)
    someone(opening, rita, "Done with", ApplicationStatus.NOT_SELECTED)
    page = move(desk, opening, made)
    assert "Recruiter Screen (they read: In review)" in page.text
    assert "Panel 2B (they read: Interviewing)" in page.text
    assert "Done with" not in page.text
    desk.submit(page, having="stage", button="send", stage="Panel 2B")
    assert stage_of(made) == "Panel 2B"


def test_they_stay_on_offer_beside_those_of_the_page_that_was_published(desk: Browser, opening: int, rita: int) -> None:
    make_version(opening, "Nurse", stages=(Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),))
    page = move(desk, opening, someone(opening, rita, "Recruiter Screen"))
    assert page.text.index("Talk (they read") < page.text.index("Recruiter Screen (they read")


def test_where_nobody_is_in_a_stage_and_none_is_named_the_page_says_so(desk: Browser, opening: int, rita: int) -> None:
    assert "This opening has no stages" in move(desk, opening, someone(opening, rita, "")).text


def test_moving_somebody_into_the_stage_they_are_in_does_nothing(desk: Browser, opening: int, rita: int) -> None:
    page = move(desk, opening, someone(opening, rita, "Recruiter Screen"))
    again = desk.submit(page, having="stage", button="send", stage="Recruiter Screen", expect=422)
    assert "They are in this stage already." in again.text


def test_a_letter_that_changes_no_status_leaves_somebody_in_such_a_stage(opening: int, rita: int) -> None:
    made = make_application(
        opening, rita, promised=FRIDAY, stage="Panel 2B", source_stage="Screen", status=ApplicationStatus.INTERVIEWING
    )
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    word = Proposal(ApplicationStatus.INTERVIEWING, "A word.", FRIDAY, "")
    write_to_candidate(made.public_id, scope=scope, proposal=word, seen_event_id=view.newest_event_id, now=clock.now())
    assert stage_of(made) == "Panel 2B"


def test_a_filter_tells_openings_with_the_same_title_apart(opening: int, rita: int) -> None:
    make_opening("Nurse")
    make_opening("Baker")
    end_reading()
    labels = [one.label for one in openings_for_filter(StaffScope(rita, Role.RECRUITER))]
    assert labels[0] == "Baker"
    assert len(set(labels)) == 3
    assert all(one.startswith("Nurse (Draft, no. ") and one.endswith(", from greenhouse)") for one in labels[1:])
