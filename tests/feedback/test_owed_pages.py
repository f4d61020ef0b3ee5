"""What is owed in recruiting: by its day, with who owes it and how far it is, for those whose business it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.applications.queries import StaffScope
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.feedback.actions.approving import return_feedback
from portal.feedback.actions.writing import hand_in, save_feedback
from portal.feedback.models import FeedbackDebt
from portal.feedback.states import DebtState, FeedbackState
from portal.interviews.states import InterviewState
from portal.people.models import Staff
from portal.tasks.actions import hand_over_task
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time, counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.feedback.debts import call_it, change_interview, debts, meet, note, told, write_feedback
from tests.feedback.written import WORDS, handed_in, make_people, row
from tests.feedback.written import scope as scope_of
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def lena(app: Flask) -> int:
    return make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org")


@pytest.fixture
def opening(rita: int, hugo: int) -> int:
    return make_opening("Nurse", recruiter_id=rita, manager_id=hugo)


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def owed(opening: int, rita: int, name: str, *panel: int) -> Made:
    made = make_application(opening, rita, name=name)
    meet(made, rita, *panel)
    told(made, rita)
    return made


def test_nothing_is_owed_and_the_page_says_when_it_would_be(desk: Browser) -> None:
    assert "You owe no feedback" in desk.get("/recruiting/feedback").text
    assert "No feedback is owed" in desk.get("/recruiting/feedback?whose=all").text
    assert "Nothing is held back" in desk.get("/recruiting/feedback?show=held").text
    assert "Nothing was given lately" in desk.get("/recruiting/feedback?show=given").text


def test_what_is_late_is_on_top_with_the_panel_and_how_far_it_is(
    desk: Browser, opening: int, rita: int, hugo: int, lena: int, time: Time
) -> None:
    owed(opening, rita, "Ada Lind", hugo, lena)
    time.pass_by(days=3)
    bob = owed(opening, rita, "Bob Eriksen")
    write_feedback(bob, rita, FeedbackState.FOR_APPROVAL)
    time.pass_by(days=5)
    desk = signed_in(desk.app, rita)
    there = desk.get("/recruiting/feedback").text
    assert there.index("Ada Lind") < there.index("Bob Eriksen")
    assert "Wednesday 11 March 2026 1 day late Nothing yet" in there
    assert "Panel: Hugo Berg, Lena Walczak" in there
    assert "Waits to be approved Rita Sander" in there


def test_what_was_given_lately_and_what_is_held_stand_apart(desk: Browser, opening: int, rita: int) -> None:
    ada = owed(opening, rita, "Ada Lind")
    write_feedback(ada, rita)
    settle_mail()
    note()
    assert "Ada Lind" not in desk.get("/recruiting/feedback").text
    assert "They can read it" in desk.get("/recruiting/feedback?show=given").text


def test_a_recruiter_sees_their_own_first_and_all_when_asked(app: Flask, opening: int, rita: int) -> None:
    owed(opening, rita, "Ada Lind")
    omar = signed_in(app, make_staff("Omar Haddad", email="omar@example.org"))
    assert "Ada Lind" not in omar.get("/recruiting/feedback").text
    assert "Ada Lind" in omar.get("/recruiting/feedback?whose=all").text


def test_hiring_managers_see_what_is_theirs_and_nothing_else(
    app: Flask, opening: int, rita: int, hugo: int, lena: int
) -> None:
    ada = owed(opening, rita, "Ada Lind")
    theirs = signed_in(app, hugo).get("/recruiting/feedback?whose=all")
    assert f"/recruiting/applications/{ada.public_id}" in theirs.links
    assert "Ada Lind" not in signed_in(app, lena).get("/recruiting/feedback?whose=all").text


def test_who_was_only_on_the_panel_sees_it_and_goes_to_the_interview(
    app: Flask, opening: int, rita: int, lena: int
) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    interview = meet(ada, rita, lena)
    told(ada, rita)
    page = signed_in(app, lena).get("/recruiting/feedback")
    assert "Ada Lind" in page.text
    assert f"/recruiting/interviews/{interview}" in page.links
    assert f"/recruiting/applications/{ada.public_id}" not in page.links
    change_interview(interview, state=InterviewState.MISSED_BY_US)
    assert "Ada Lind" not in signed_in(app, lena).get("/recruiting/feedback").text


def test_nobody_sees_what_they_are_owed_themselves(app: Flask, opening: int, rita: int) -> None:
    own = make_application(opening, rita, person_id=make_staff("Omar Haddad", email="omar@example.org"))
    meet(own, rita)
    told(own, rita)
    omar = signed_in(app, own.person_id)
    assert "Omar Haddad" not in omar.get("/recruiting/feedback?whose=all").text
    assert "You have it by Wednesday 11 March 2026" in omar.get(f"/me/applications/{own.public_id}").text


def test_many_are_paged_and_cost_no_more_statements(desk: Browser, opening: int, rita: int, hugo: int) -> None:
    owed(opening, rita, "Ada Lind", hugo)
    desk.get("/recruiting/feedback")
    with counted_statements() as few:
        desk.get("/recruiting/feedback")
    for number in range(52):
        made = make_application(opening, rita, name=f"Candidate {number:02}")
        meet(made, rita, hugo, ago=timedelta(days=1))
        add_event(made.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    note()
    with counted_statements() as many:
        first = desk.get("/recruiting/feedback")
    assert len(many) == len(few) <= 6
    assert "Candidate 48" in first.text
    assert "Candidate 49" not in first.text
    assert "53 people" in first.text
    assert "Candidate 51" in desk.get("/recruiting/feedback?page=2").text
    assert "Candidate 01" in desk.get("/recruiting/feedback?page=9").text


def test_the_application_says_what_is_owed(desk: Browser, opening: int, rita: int, time: Time) -> None:
    ada = owed(opening, rita, "Ada Lind")
    there = desk.get(f"/recruiting/applications/{ada.public_id}").text
    assert "They have it by Wednesday 11 March 2026. It is given in writing." in there
    time.pass_by(days=8)
    late = signed_in(desk.app, rita).get(f"/recruiting/applications/{ada.public_id}").text
    assert "They were to have it by Wednesday 11 March 2026." in late


def test_the_task_leads_to_where_it_is_written(desk: Browser, opening: int, rita: int) -> None:
    ada = owed(opening, rita, "Ada Lind")
    answer = desk.client.get(f"/recruiting/feedback/{ada.public_id}")
    assert answer.headers["Location"] == f"/recruiting/applications/{ada.public_id}/feedback"
    with transaction() as own:
        own.execute(update(FeedbackDebt).values(state=DebtState.VOID, settled_at=debts(ada)[0].created_at))
    desk.get(f"/recruiting/feedback/{ada.public_id}", expect=404)


def test_it_stands_on_the_home_of_those_who_owe_it_from_the_first_day_until_it_is_given(
    app: Flask, opening: int, rita: int, hugo: int, lena: int
) -> None:
    ada = owed(opening, rita, "Ada Lind", lena)
    homes = [signed_in(app, one) for one in (rita, hugo, lena)]
    for home in homes:
        there = home.get("/recruiting/")
        assert "Feedback you owe" in there.text
        assert "Ada Lind Nurse, due by Wednesday 11 March 2026" in there.text
        assert f"/recruiting/applications/{ada.public_id}/feedback" in there.links
    other = signed_in(app, make_staff("Omar Haddad", email="omar@example.org"))
    assert "Feedback you owe" not in other.get("/recruiting/").text
    write_feedback(ada, rita)
    settle_mail()
    note()
    for home in homes:
        assert "Feedback you owe" not in home.get("/recruiting/").text


def test_what_a_task_on_the_home_tells_of_stands_there_once(app: Flask, opening: int, rita: int, time: Time) -> None:
    owed(opening, rita, "Ada Lind")
    time.pass_by(days=5)
    home = signed_in(app, rita).get("/recruiting/").text
    assert "Ada Lind is owed feedback: Nurse" in home
    assert "Feedback you owe" not in home


def test_feedback_that_waits_for_the_askers_approval_stands_on_the_home_once(
    app: Flask, opening: int, rita: int, hugo: int, time: Time
) -> None:
    ada, scope = owed(opening, rita, "Ada Lind", hugo), StaffScope(hugo, Role.HIRING_MANAGER)
    revision = save_feedback(ada.public_id, WORDS, revision=0, scope=scope, now=clock.now())
    hand_in(ada.public_id, revision=revision, reason="", scope=scope, now=clock.now())
    time.pass_by(days=1)
    home = signed_in(app, rita).get("/recruiting/").text
    assert "Feedback for Ada Lind waits to be approved: Nurse" in home
    assert "Feedback you owe" not in home


def test_what_came_back_stands_first_on_its_authors_home_until_it_is_handed_in_again(
    app: Flask, opening: int, rita: int, hugo: int
) -> None:
    owed(opening, rita, "Ada Lind", hugo)
    bob, scope = owed(opening, rita, "Bob Eriksen", hugo), StaffScope(hugo, Role.HIRING_MANAGER)
    revision = save_feedback(bob.public_id, WORDS, revision=0, scope=scope, now=clock.now())
    hand_in(bob.public_id, revision=revision, reason="", scope=scope, now=clock.now())
    words = "Please say what you saw, not what you felt."
    asker = StaffScope(rita, Role.RECRUITER)
    return_feedback(bob.public_id, words, revision=revision + 1, scope=asker, now=clock.now())
    home = signed_in(app, hugo).get("/recruiting/").text
    assert f"Bob Eriksen Nurse, Rita Sander sent it back to you {words} Ada Lind Nurse" in home
    assert home.count("Bob Eriksen") == 1
    assert "sent it back to you" not in signed_in(app, rita).get("/recruiting/").text
    assert "Came back to its author Hugo Berg" in signed_in(app, rita).get("/recruiting/feedback").text
    page = f"/recruiting/applications/{bob.public_id}/feedback"
    assert "Rita Sander sent it back, with this" in signed_in(app, hugo).get(page).text
    hand_in(bob.public_id, revision=revision + 2, reason="", scope=scope, now=clock.now())
    assert "sent it back to you" not in signed_in(app, hugo).get("/recruiting/").text


def test_who_sent_it_back_and_then_writes_it_is_its_author_alone(app: Flask) -> None:
    people = make_people()
    revision = handed_in(people)
    asker = scope_of(people.rita)
    return_feedback(people.ada.public_id, "One more word.", revision=revision, scope=asker, now=clock.now())
    save_feedback(
        people.ada.public_id,
        replace(WORDS, strong="You drew first."),
        revision=revision + 1,
        scope=asker,
        now=clock.now(),
    )
    assert (row(people).author_id, row(people).approver_id) == (people.rita, None)


def test_every_page_counts_late_from_the_day_on_which_it_was_owed(
    app: Flask, opening: int, rita: int, hugo: int, time: Time
) -> None:
    ada = owed(opening, rita, "Ada Lind", hugo)
    time.pass_by(days=4)
    assert "Ada Lind is owed feedback" not in signed_in(app, rita).get("/recruiting/").text
    time.pass_by(days=1)
    home = signed_in(app, rita).get("/recruiting/").text
    # It stands there from two working days before, by the day of which the candidate was told.
    assert "Due on Wednesday 11 March 2026 To do by Wednesday 11 March 2026" in home
    assert "Ada Lind is owed feedback: Nurse" in home
    assert "late" not in home
    time.pass_by(days=5)
    desk = signed_in(app, rita)
    for page in (
        "/recruiting/",
        "/recruiting/tasks",
        "/recruiting/feedback",
        f"/recruiting/applications/{ada.public_id}",
    ):
        assert "3 days late" in desk.get(page).text, page
    assert "3 days late" in signed_in(app, hugo).get("/recruiting/").text
    task = next(one for one in desk.get("/recruiting/tasks").links if one.startswith("/recruiting/tasks/"))
    assert "Due on Wednesday 11 March 2026, 3 days ago" in desk.get(task).text


def test_a_task_that_was_handed_over_keeps_the_candidates_day_and_leaves_its_receiver_time(
    app: Flask, opening: int, rita: int, time: Time
) -> None:
    omar = make_staff("Omar Haddad", email="omar@example.org")
    lead = make_staff("Lea Lind", email="lea@example.org")
    with transaction() as own:
        own.execute(update(Staff).values(lead_id=lead).where(Staff.person_id != lead))
    ada = owed(opening, rita, "Ada Lind")
    time.at = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)
    task = session().scalars(select(Task).where(Task.kind == TaskKind.FEEDBACK_DUE)).one()
    hand_over_task(task.id, to_id=omar, why="You were there.", actor_id=rita, now=clock.now())
    note()
    for days, state in ((1, TaskState.DUE), (1, TaskState.ESCALATED)):
        time.pass_by(days=days)
        escalate_late_tasks(clock.now())
        end_reading()
        found = session().scalars(select(Task).where(Task.kind == TaskKind.FEEDBACK_DUE)).one()
        assert (found.owner_id, found.due_on, found.state) == (omar, debts(ada)[0].due_on, state)


def test_the_application_says_why_it_stays_owed_although_the_interview_is_called_missed(
    app: Flask, desk: Browser, opening: int, rita: int, time: Time
) -> None:
    ada = make_application(opening, rita, name="Ada Lind")
    interview = meet(ada, rita)
    told(ada, rita)
    assert "was called missed" not in desk.get(f"/recruiting/applications/{ada.public_id}").text
    time.pass_by(hours=1)
    call_it(interview, InterviewState.MISSED_BY_THEM)
    note()
    there = desk.get(f"/recruiting/applications/{ada.public_id}").text
    assert "The interview was called missed only after they had read how it ended" in there
    assert "Ada Lind" in desk.get("/recruiting/feedback").text
    own = signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}").text
    assert "You have it by Wednesday 11 March 2026" in own
