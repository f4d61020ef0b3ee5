"""Who withdrew, declined an offer or whose opening was cancelled has feedback within seven days of asking."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import withdraw_application
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason
from portal.audit.models import AuditRecord
from portal.company.models import CompanySetting
from portal.company.states import Setting
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.feedback.actions import ask_for_feedback
from portal.feedback.rules.owing import NothingToAskFor
from portal.feedback.states import DebtState
from portal.tasks.states import TaskState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_person, make_staff, signed_in, visitor
from tests.feedback.debts import debts, meet, note, open_again, states, tasks, told
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

CANCELLED = Proposal(
    ApplicationStatus.OPENING_CANCELLED, "We do not hire for it.", None, "", end_reason=EndReason.NO_BUDGET
)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Nurse", recruiter_id=rita), rita)


@pytest.fixture
def own(app: Flask, ada: Made) -> Browser:
    return signed_in(app, ada.person_id)


def path(made: Made, page: str = "") -> str:
    return f"/me/applications/{made.public_id}{page}"


def withdraw(made: Made) -> None:
    withdraw_application(made.person_id, made.public_id, why="", now=clock.now())
    end_reading()


def test_who_was_interviewed_and_withdrew_asks_in_two_steps(own: Browser, ada: Made, rita: int) -> None:
    meet(ada, rita)
    withdraw(ada)
    there = own.get(path(ada))
    assert "you can have feedback if you like" in there.text
    asking = own.get(path(ada, "/feedback/ask"))
    assert "within 7 days of asking" in asking.text
    done = own.submit(asking, action="/feedback/ask")
    assert "You have your feedback by Wednesday 11 March 2026" in done.text
    assert "You have it by Wednesday 11 March 2026, in writing" in done.text
    assert "You asked for it on Wednesday 4 March 2026" in done.text
    note()
    debt = debts(ada)[0]
    assert (debt.state, debt.due_on, debt.asked_at) == (DebtState.OPEN, date(2026, 3, 11), clock.now())
    assert tasks() == [(rita, TaskState.DUE)]


def test_the_day_is_counted_from_asking(ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    told(ada, rita, CANCELLED)
    assert debts(ada) == []
    time.pass_by(days=40)
    assert ask_for_feedback(ada.person_id, ada.public_id, now=clock.now()) == date(2026, 4, 20)


def test_asking_twice_is_once(own: Browser, ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    withdraw(ada)
    asking = own.get(path(ada, "/feedback/ask"))
    own.submit(asking, action="/feedback/ask")
    time.pass_by(days=1)
    assert "by Wednesday 11 March 2026" in own.submit(asking, action="/feedback/ask").text
    assert len(debts(ada)) == 1
    end_reading()
    asked = session().scalars(select(AuditRecord).where(AuditRecord.action == "feedback.ask_for")).all()
    assert [one.actor_id for one in asked] == [ada.person_id]
    assert "There is nothing to ask for here" in own.get(path(ada, "/feedback/ask")).text


def test_nobody_asks_who_was_not_interviewed_or_whose_application_is_open(own: Browser, ada: Made, rita: int) -> None:
    withdraw(ada)
    assert "feedback" not in own.get(path(ada)).text.lower()
    assert "There is nothing to ask for here" in own.get(path(ada, "/feedback/ask")).text
    with pytest.raises(NothingToAskFor):
        ask_for_feedback(ada.person_id, ada.public_id, now=clock.now())
    other = make_application(make_opening("Cook", recruiter_id=rita), rita, person_id=ada.person_id)
    meet(other, rita)
    with pytest.raises(NothingToAskFor):
        ask_for_feedback(ada.person_id, other.public_id, now=clock.now())
    assert "feedback on your interviews" not in own.get(path(other)).text.lower()


def test_not_selected_says_the_day_by_itself(own: Browser, ada: Made, rita: int) -> None:
    meet(ada, rita)
    told(ada, rita)
    there = own.get(path(ada)).text
    assert "You have it by Wednesday 11 March 2026, in writing" in there
    assert "Ask for feedback" not in there


def test_a_day_that_has_passed_is_admitted(own: Browser, ada: Made, rita: int, time: Time) -> None:
    meet(ada, rita)
    told(ada, rita)
    time.pass_by(days=8)
    there = own.get(path(ada)).text
    assert "You were to have it by Wednesday 11 March 2026. We have not kept that, and we are sorry" in there
    assert "Rita Sander still owes it to you" in there


def test_where_our_promises_said_that_there_is_none_the_page_says_so(own: Browser, ada: Made, rita: int) -> None:
    with transaction() as writing:
        said = {"way": "none", "countries": {}}
        writing.add(CompanySetting(name=Setting.FEEDBACK, value=said, changed_at=clock.now()))
    meet(ada, rita)
    told(ada, rita)
    there = own.get(path(ada))
    assert "For this opening we give no feedback after interviews. Our promises said so" in there.text
    assert "/promises" in there.links
    assert debts(ada) == []


def test_nobody_asks_about_an_application_of_another(app: Flask, ada: Made, rita: int) -> None:
    meet(ada, rita)
    withdraw(ada)
    bob = make_person("Bob Eriksen", "bob@example.org")
    stranger = signed_in(app, bob)
    stranger.get(path(ada, "/feedback/ask"), expect=404)
    with pytest.raises(NotFound):
        ask_for_feedback(bob, ada.public_id, now=clock.now())
    assert "Sign in" in visitor(app).get(path(ada, "/feedback/ask")).heading
    assert debts(ada) == []


def test_asked_and_open_again_it_is_void_and_may_be_asked_for_after_the_next_ending(
    ada: Made, rita: int, time: Time
) -> None:
    meet(ada, rita)
    told(ada, rita, CANCELLED)
    ask_for_feedback(ada.person_id, ada.public_id, now=clock.now())
    time.pass_by(hours=1)
    open_again(ada, rita)
    note()
    assert states(ada) == [DebtState.VOID]
    time.pass_by(hours=1)
    withdraw(ada)
    note()
    assert states(ada) == [DebtState.VOID]
    ask_for_feedback(ada.person_id, ada.public_id, now=clock.now())
    note()
    assert states(ada) == [DebtState.VOID, DebtState.OPEN]


def test_whoever_looks_after_it_finds_it_among_their_tasks(ada: Made, rita: int, app: Flask) -> None:
    meet(ada, rita)
    withdraw(ada)
    ask_for_feedback(ada.person_id, ada.public_id, now=clock.now())
    note()
    assert "Ada Lind is owed feedback: Nurse" in signed_in(app, rita).get("/recruiting/tasks").text
