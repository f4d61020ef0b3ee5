"""A low score of somebody who may be written to: who is asked to get in touch, who never knows, when it is done."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.interviews.states import InterviewState
from portal.people.actions import change_staff
from portal.surveys.actions.answering import answer_survey
from portal.surveys.jobs import see_to_low_scores
from portal.surveys.models import SignedResponse
from portal.surveys.queries.answering import find_own_survey
from portal.surveys.rules.loop import Colleague, HiringTeam, low_answers, who_gets_in_touch, who_takes_over
from portal.surveys.states import Touchpoint
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.models import Task
from portal.tasks.queries import owed_by
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.interviews.rows import make_interview
from tests.pages import Browser
from tests.surveys.rows import CONTENT, invite, make_survey

pytestmark = pytest.mark.both_in_soak

_TASKS = "/recruiting/tasks"


@pytest.fixture
def team(app: Flask) -> dict[str, int]:
    """Rita looks after it and her lead is Mira, Hugo is the hiring manager, Lena in the panel; Alma is an admin."""
    people = {
        "rita": make_staff("Rita Sander", email="rita@example.org"),
        "mira": make_staff("Mira Roth", email="mira@example.org"),
        "lena": make_staff("Lena Walczak", email="lena@example.org"),
        "omar": make_staff("Omar Faye", email="omar@example.org"),
        "hugo": make_staff("Hugo Lind", Role.HIRING_MANAGER, "hugo@example.org"),
        "alma": make_staff("Alma Reyes", Role.ADMIN, "alma@example.org"),
    }
    with transaction():
        change_staff(people["rita"], role=Role.RECRUITER, lead_id=people["mira"], is_active=True)
    return people


@pytest.fixture
def ada(team: dict[str, int]) -> Made:
    opening_id = make_opening("Data Analyst", recruiter_id=team["rita"], manager_id=team["hugo"])
    made = make_application(opening_id, team["rita"], name="Ada Lind", status=ApplicationStatus.NOT_SELECTED)
    make_interview(
        made.id, team["rita"], state=InterviewState.DONE, starts_at=clock.now(), panel=[(team["lena"], None)]
    )
    return made


def answers(made: Made, touchpoint: Touchpoint = Touchpoint.NOT_SELECTED, contact: bool = True, **given: str) -> None:
    """They sign what they answered; the worker looks."""
    public_id, _token = invite(make_survey(touchpoint), made.person_id, made.id)
    own = find_own_survey(made.person_id, public_id, clock.now())
    assert own is not None
    sent = {"q-recommend": "9", **{name.replace("_", "-"): value for name, value in given.items()}}
    answer_survey(
        own.invitation_id,
        is_signed=True,
        may_contact=contact,
        given={name: [value] for name, value in sent.items()},
        now=clock.now(),
    )
    look()


def look() -> None:
    end_reading()
    see_to_low_scores(clock.now())
    end_reading()


def task() -> Task | None:
    """The one that there is."""
    end_reading()
    return session().scalars(select(Task).where(Task.kind == TaskKind.LOW_SCORE)).one_or_none()


def the_task() -> Task:
    found = task()
    assert found is not None
    return found


def page_of() -> str:
    return f"/recruiting/surveys/low-scores/{session().scalars(select(SignedResponse.public_id)).one()}"


def leave(person_id: int, role: Role = Role.RECRUITER) -> None:
    with transaction():
        change_staff(person_id, role=role, lead_id=None, is_active=False)


@pytest.mark.parametrize(
    ("question", "answer", "is_low"),
    [
        ("q_recommend", "0", True),
        ("q_recommend", "6", True),
        ("q_recommend", "7", False),
        ("q_fair", "4", True),
        ("q_fair", "5", False),
        ("q_happy", "2", True),
        ("q_happy", "3", False),
        ("q_effort", "4", True),
        ("q_effort", "3", False),
        ("q_long", "It was awful.", False),
    ],
)
def test_what_is_low(ada: Made, question: str, answer: str, is_low: bool) -> None:
    answers(ada, **{question: answer})
    assert (task() is not None) == is_low


def test_the_lead_of_who_looks_after_it_is_asked_within_two_working_days(ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    owed = the_task()
    assert owed.owner_id == team["mira"]
    assert owed.due_on.isoformat() == "2026-03-06"


def test_without_leave_nobody_is_asked(ada: Made) -> None:
    answers(ada, contact=False, q_happy="1")
    assert task() is None


def test_it_is_asked_once(ada: Made) -> None:
    answers(ada, q_happy="1")
    look()
    look()
    assert the_task().state is TaskState.DUE


def test_a_lead_who_was_in_the_panel_is_passed_over_for_an_admin(ada: Made, team: dict[str, int]) -> None:
    make_interview(ada.id, team["rita"], starts_at=clock.now(), panel=[(team["mira"], None)])
    answers(ada, q_happy="1")
    assert the_task().owner_id == team["alma"]


def test_without_lead_and_admin_another_recruiter_is_asked(ada: Made, team: dict[str, int]) -> None:
    leave(team["mira"])
    leave(team["alma"], Role.ADMIN)
    answers(ada, q_happy="1")
    assert the_task().owner_id == team["omar"]


def test_where_everybody_is_rated_it_waits_for_somebody_who_is_not(ada: Made, team: dict[str, int]) -> None:
    for name in ("mira", "omar", "alma"):
        leave(team[name])
    answers(ada, q_happy="1")
    assert task() is None
    new = make_staff("Nils Aas", email="nils@example.org")
    look()
    assert the_task().owner_id == new


def test_who_applied_here_is_never_asked_about_themselves(app: Flask, team: dict[str, int]) -> None:
    made = make_application(make_opening("Data Analyst"), team["rita"], person_id=team["mira"])
    answers(made, q_happy="1")
    assert the_task().owner_id == team["alma"]


def test_only_who_is_asked_sees_it(app: Flask, ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1", q_long="Nobody had read my letter.")
    public_id = the_task().public_id
    mira = signed_in(app, team["mira"])
    page = mira.get(page_of())
    for words in ("Ada Lind told us that it went badly", "1 of 5", "Nobody had read my letter.", "Low"):
        assert words in page.text, words
    assert "Ada Lind told us that it went badly" in mira.get(_TASKS).text
    with transaction():
        change_staff(team["mira"], role=Role.RECRUITER, lead_id=team["alma"], is_active=True)
    for name in ("rita", "lena", "omar", "hugo", "alma"):
        other = signed_in(app, team[name])
        other.get(page_of(), expect=404)
        other.get(f"{_TASKS}/{public_id}", expect=404)
        for address in (_TASKS, f"{_TASKS}?whose=team", "/recruiting/"):
            assert "went badly" not in other.get(address).text, (name, address)


def test_a_mail_in_the_morning_says_it_to_nobody_else(ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    owed = the_task()
    for name in ("alma", "rita"):
        assert not owed_by([team[name], team["mira"]], team[name], owed.due_on)
    assert len(owed_by([team["mira"]], team["mira"], owed.due_on)) == 1


def test_before_the_decision_the_conversation_is_no_place_for_it(app: Flask, team: dict[str, int]) -> None:
    opening_id = make_opening("Data Analyst", recruiter_id=team["rita"], manager_id=team["hugo"])
    made = make_application(opening_id, team["rita"], name="Ada Lind")
    answers(made, Touchpoint.INTERVIEWED, q_happy="1")
    mira = signed_in(app, team["mira"])
    page = mira.get(page_of())
    assert "Their application is not decided yet." in page.text
    assert any(link.startswith("mailto:") for link in page.links)
    assert f"/recruiting/conversations/{public_id_of(made.person_id)}" not in page.links
    for name in ("rita", "hugo", "omar", "alma"):
        signed_in(app, team[name]).get(page_of(), expect=404)


def test_late_it_comes_to_no_lead(ada: Made, team: dict[str, int], time: Time) -> None:
    answers(ada, q_happy="1")
    time.pass_by(days=14)
    escalate_late_tasks(clock.now())
    assert the_task().state is TaskState.DUE


def test_two_working_days_late_it_goes_to_an_admin_whom_it_is_not_about(
    app: Flask, ada: Made, team: dict[str, int], time: Time
) -> None:
    answers(ada, q_happy="1")
    assert the_task().due_on.isoformat() == "2026-03-06"
    time.pass_by(days=5)  # Monday, the first working day after it
    look()
    assert the_task().owner_id == team["mira"]
    time.pass_by(days=1)
    look()
    owed = the_task()
    assert (owed.owner_id, owed.due_on.isoformat()) == (team["alma"], "2026-03-11")
    look()
    assert the_task().owner_id == team["alma"]
    signed_in(app, team["mira"]).get(page_of(), expect=404)
    alma = signed_in(app, team["alma"])
    assert "It was two working days late." in alma.get(f"{_TASKS}/{owed.public_id}").text
    assert "Ada Lind told us that it went badly" in alma.get(page_of()).text


def test_late_again_everybody_who_may_has_a_turn_and_nobody_who_is_rated(
    ada: Made, team: dict[str, int], time: Time
) -> None:
    answers(ada, q_happy="1")
    owners = [the_task().owner_id]
    for _day in range(40):
        time.pass_by(days=1)
        look()
        if the_task().owner_id != owners[-1]:
            owners.append(the_task().owner_id)
    assert owners == [team["mira"], team["alma"], team["omar"], team["mira"]]
    assert the_task().state is TaskState.DUE


def test_late_it_stays_where_nobody_else_could(ada: Made, team: dict[str, int], time: Time) -> None:
    leave(team["alma"], Role.ADMIN)
    leave(team["omar"])
    answers(ada, q_happy="1")
    time.pass_by(days=14)
    look()
    assert the_task().owner_id == team["mira"]


def test_what_was_opened_again_is_not_late_at_once(app: Flask, ada: Made, team: dict[str, int], time: Time) -> None:
    answers(ada, q_happy="1")
    mira = signed_in(app, team["mira"])
    mira.submit(mira.get(page_of()), words="We talked.")
    time.pass_by(days=14)
    mira = signed_in(app, team["mira"])
    mira.post(f"{_TASKS}/{the_task().public_id}/reopen", {"csrf_token": csrf(mira)})
    look()
    assert (the_task().state, the_task().owner_id) == (TaskState.DUE, team["mira"])


def test_it_is_done_with_a_word_and_not_by_a_tick(app: Flask, ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    mira = signed_in(app, team["mira"])
    page = mira.get(f"{_TASKS}/{the_task().public_id}")
    assert "It is done" not in page.text
    assert "Hand it over" not in page.text
    ticked = {"task": the_task().public_id, "do": "done", "csrf_token": csrf(mira)}
    assert "the task is done with that" in mira.post(_TASKS, ticked, expect=422).text
    page = mira.submit(mira.get(page_of()), words="", expect=422)
    assert "Please say in a word what came of it." in page.text
    page = mira.submit(page, words="We talked for half an hour.")
    assert "Noted, and done." in page.text
    assert f"{_TASKS}/{the_task().public_id}" in page.links
    owed = the_task()
    assert (owed.state, owed.closed_by_id) == (TaskState.DONE, team["mira"])
    assert "We talked for half an hour." in mira.get(f"{_TASKS}/{owed.public_id}").text
    look()
    assert the_task().state is TaskState.DONE


def test_it_goes_to_nobody_whom_its_owner_chooses(app: Flask, ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    mira, owed = signed_in(app, team["mira"]), the_task()
    sent = {"to": public_id_of(team["rita"]), "why": "You know her.", "csrf_token": csrf(mira)}
    mira.post(f"{_TASKS}/{owed.public_id}/hand-over", sent, expect=422)
    mira.post(_TASKS, {**sent, "task": owed.public_id, "do": "hand_over"}, expect=422)
    assert the_task().owner_id == team["mira"]


def csrf(browser: Browser) -> str:
    return str(browser.get(_TASKS).form(having="csrf_token").values["csrf_token"])


def wrote(author_id: int, person_id: int) -> None:
    with transaction() as own:
        own.add(
            ConversationMessage(
                public_id=new_public_id(),
                person_id=person_id,
                author_id=author_id,
                body="How are you?",
                created_at=clock.now(),
                no_answer_reason="",
            )
        )


def test_who_writes_to_them_has_done_it_and_others_have_not(ada: Made, team: dict[str, int], time: Time) -> None:
    answers(ada, q_happy="1")
    time.pass_by(minutes=5)
    wrote(team["rita"], ada.person_id)
    look()
    assert the_task().state is TaskState.DUE
    wrote(team["mira"], ada.person_id)
    look()
    assert the_task().state is TaskState.DONE
    look()
    assert the_task().state is TaskState.DONE


def test_who_comes_to_decide_about_it_loses_it(app: Flask, ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    with transaction() as own:
        own.get_one(Application, ada.id).owner_id = team["mira"]
    end_reading()
    signed_in(app, team["mira"]).get(page_of(), expect=404)
    look()
    assert the_task().owner_id == team["alma"]


def test_who_leaves_leaves_it_to_somebody_else(ada: Made, team: dict[str, int]) -> None:
    answers(ada, q_happy="1")
    leave(team["mira"])
    look()
    assert the_task().owner_id == team["alma"]


def test_a_member_who_answers_the_pulse_is_rating_nobody_in_particular(app: Flask, team: dict[str, int]) -> None:
    person_id = make_person("Nora Diaz")
    public_id, _token = invite(make_survey(Touchpoint.COMMUNITY), person_id)
    own = find_own_survey(person_id, public_id, clock.now())
    assert own is not None
    answer_survey(own.invitation_id, may_contact=True, given={"q-recommend": ["2"]}, now=clock.now())
    look()
    assert the_task().owner_id == team["alma"]
    assert "Write to them" in signed_in(app, team["alma"]).get(page_of()).text


_people = st.integers(1, 8)


@st.composite
def _houses(draw: Any) -> list[Colleague]:
    ids = draw(st.sets(_people, min_size=1))
    leads = st.one_of(st.none(), _people)
    return [Colleague(one, draw(leads), draw(st.booleans()), draw(st.booleans()), draw(st.booleans())) for one in ids]


@given(_houses(), st.frozensets(_people), st.one_of(st.none(), _people), _people)
def test_whoever_is_chosen_was_never_rated_and_somebody_is_chosen_if_anybody_can(
    house: list[Colleague], rated: frozenset[int], owner: int | None, candidate: int
) -> None:
    members = rated | ({owner} if owner else frozenset())
    found = who_gets_in_touch(HiringTeam(owner, members), candidate, house)
    free = {one.person_id for one in house if one.may_write} - members - {candidate}
    assert (found in free) if free else found is None


@given(_houses(), st.frozensets(_people), st.frozensets(_people), _people)
def test_late_it_goes_to_nobody_who_was_rated_or_had_it(
    house: list[Colleague], rated: frozenset[int], had: frozenset[int], candidate: int
) -> None:
    found = who_takes_over(HiringTeam(None, rated), candidate, house, had)
    free = {one.person_id for one in house if one.may_write and not one.is_away} - rated - had - {candidate}
    assert (found in free) if free else found is None


def test_low_is_said_in_the_order_of_the_questions() -> None:
    given_low = {"q-effort": 5, "q-recommend": 0, "q-fair": 9, "q-who": "a"}
    assert [one.id for one in low_answers(CONTENT, given_low)] == ["q-recommend", "q-effort"]
