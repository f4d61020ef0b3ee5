"""Feedback by telephone is logged with a day and a sentence, which the candidate reads at once."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.applications.queries import StaffScope
from portal.audit.models import AuditRecord
from portal.company.states import FeedbackWay
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.feedback.actions import FeedbackCall, log_feedback_call, take_call_back
from portal.feedback.models import FeedbackDebt
from portal.feedback.rules.owing import CallInstead, NotYours
from portal.feedback.states import DebtState
from portal.people.models import Staff, StaffAbsence
from portal.tasks.states import TaskState
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.feedback.debts import debts, meet, note, states, tasks, told
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

WORDS = "Your case was clear; we missed work with many people at once."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def ada(rita: int, hugo: int) -> Made:
    made = make_application(make_opening("Nurse", recruiter_id=rita, manager_id=hugo), rita)
    meet(made, rita, hugo)
    told(made, rita)
    with transaction() as own:
        own.execute(update(FeedbackDebt).values(way=FeedbackWay.TELEPHONE))
    return made


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(made: Made, page: str) -> str:
    return f"/recruiting/feedback/{made.public_id}{page}"


def log(browser: Browser, made: Made, **values: str) -> Page:
    page = browser.get(path(made, "/call"))
    return browser.submit(page, having="words", **{"called_on": "2026-03-04", "words": WORDS, **values})


def test_the_task_leads_to_the_call_and_the_page_says_who_rings(app: Flask, desk: Browser, ada: Made) -> None:
    assert "calls you and tells you" in signed_in(app, ada.person_id).get(_own(ada)).text
    assert desk.get(path(ada, "")).heading == "Feedback by telephone for Ada Lind"


def _own(made: Made) -> str:
    return f"/me/applications/{made.public_id}"


def test_a_call_is_read_at_once_and_nothing_is_owed_any_more(app: Flask, desk: Browser, ada: Made, rita: int) -> None:
    there = log(desk, ada)
    assert "Rita Sander gave it by telephone on Wednesday 4 March 2026" in there.text
    assert "Nobody has begun to write" not in desk.get(f"/recruiting/applications/{ada.public_id}").text
    assert states(ada) == [DebtState.GIVEN]
    assert tasks() == [(rita, TaskState.DONE)]
    note()
    assert states(ada) == [DebtState.GIVEN]
    own = signed_in(app, ada.person_id).get(_own(ada)).text
    assert "Rita Sander spoke with you about it on Wednesday 4 March 2026" in own
    assert WORDS in own
    end_reading()
    recorded = session().scalars(select(AuditRecord).where(AuditRecord.action == "feedback.log_call")).one()
    assert (recorded.actor_id, recorded.person_id) == (rita, ada.person_id)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"called_on": "2026-03-05"}, "This day is still to come"),
        ({"called_on": "2026-03-03"}, "They heard how it ended on Wednesday 4 March 2026"),
        ({"called_on": ""}, "Please say on which day you spoke"),
        ({"words": "  "}, "Please say in a sentence what you told them"),
        ({"words": "a" * 501}, "under 500 characters"),
    ],
)
def test_a_call_needs_a_day_that_can_be_and_a_sentence(
    desk: Browser, ada: Made, values: dict[str, str], problem: str
) -> None:
    page = desk.get(path(ada, "/call"))
    refused = desk.submit(page, having="words", expect=422, **{"called_on": "2026-03-04", "words": WORDS, **values})
    assert problem in refused.text
    assert states(ada) == [DebtState.OPEN]


def test_a_call_that_was_logged_by_mistake_is_taken_back_by_who_did_or_an_admin(
    app: Flask, desk: Browser, ada: Made, hugo: int
) -> None:
    there = log(desk, ada)
    # A colleague who did not log it has no such button, and what they send all the same is refused.
    with pytest.raises(NotFound):
        take_call_back(ada.public_id, scope=StaffScope(hugo, Role.HIRING_MANAGER), now=clock.now())
    assert states(ada) == [DebtState.GIVEN]
    assert "owed again" in desk.submit(there, action="/call/take-back").text
    debt = debts(ada)[0]
    assert (debt.state, debt.due_on, debt.call_words) == (DebtState.OPEN, date(2026, 3, 11), "")
    assert WORDS not in signed_in(app, ada.person_id).get(_own(ada)).text
    assert "nothing to take back" in desk.submit(there, action="/call/take-back").text


def test_a_hiring_manager_logs_it_for_their_own_opening_and_for_no_other(app: Flask, ada: Made, hugo: int) -> None:
    lena = make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org")
    signed_in(app, lena).get(path(ada, "/call"), expect=404)
    signed_in(app, lena).get(path(ada, ""), expect=404)
    assert "Hugo Berg gave it by telephone" in log(signed_in(app, hugo), ada).text


def test_two_colleagues_who_log_it_at_once_log_it_once(app: Flask, desk: Browser, ada: Made, hugo: int) -> None:
    page = desk.get(path(ada, "/call"))
    log(signed_in(app, hugo), ada, words="I told them first.")
    second = desk.submit(page, called_on="2026-03-04", words=WORDS)
    assert "not owed any more" in second.text
    assert debts(ada)[0].call_words == "I told them first."


def promise_it_in_writing() -> None:
    with transaction() as own:
        own.execute(update(FeedbackDebt).values(way=FeedbackWay.WRITTEN))


def test_where_it_was_promised_in_writing_a_call_needs_a_reason(app: Flask, desk: Browser, ada: Made) -> None:
    promise_it_in_writing()
    page = desk.get(path(ada, "/call"))
    assert "Log a call only if they would rather talk" in page.text
    refused = desk.submit(page, having="words", expect=422, called_on="2026-03-04", words=WORDS)
    assert "Please say why it was a call" in refused.text
    assert WORDS in refused.body
    assert states(ada) == [DebtState.OPEN]
    log(desk, ada, instead="they_asked")
    assert states(ada) == [DebtState.GIVEN]
    own = signed_in(app, ada.person_id).get(_own(ada)).text
    assert "We promised it in writing. If you would like to have it so, tell Rita Sander" in own
    end_reading()
    recorded = session().scalars(select(AuditRecord).where(AuditRecord.action == "feedback.log_call")).one()
    assert recorded.details["instead"] == "they_asked"


def test_what_was_promised_in_writing_is_turned_into_a_call_by_who_looks_after_it_alone(
    app: Flask, ada: Made, rita: int, hugo: int
) -> None:
    promise_it_in_writing()
    omar = make_staff("Omar Haddad", email="omar@example.org")
    application = f"/recruiting/applications/{ada.public_id}"
    for colleague in (hugo, omar):
        browser = signed_in(app, colleague)
        assert path(ada, "/call") not in browser.get(application).links
        answer = browser.client.get(path(ada, "/call"))
        assert answer.headers["Location"] == application
        assert "Only Rita Sander, who looks after the application, and their lead" in browser.get(application).text
    call = FeedbackCall(date(2026, 3, 4), WORDS, CallInstead.THEY_ASKED)
    with pytest.raises(NotYours):
        log_feedback_call(ada.public_id, call, scope=StaffScope(omar, Role.RECRUITER), now=clock.now())
    assert states(ada) == [DebtState.OPEN]


@pytest.mark.parametrize("who", ["lead", "stand-in", "admin"])
def test_a_lead_a_stand_in_and_an_admin_may_as_well(app: Flask, ada: Made, rita: int, who: str) -> None:
    promise_it_in_writing()
    role = Role.ADMIN if who == "admin" else Role.RECRUITER
    lea = make_staff("Lea Lind", role, email="lea@example.org")
    with transaction() as own:
        if who == "lead":
            own.execute(update(Staff).where(Staff.person_id == rita).values(lead_id=lea))
        if who == "stand-in":
            days: dict[str, Any] = {"from_on": date(2026, 3, 1), "until_on": date(2026, 3, 8)}
            days |= {"created_at": clock.now()}
            own.add(StaffAbsence(public_id=new_public_id(), person_id=rita, stand_in_id=lea, **days))
    log(signed_in(app, lea), ada, instead="no_mail")
    assert states(ada) == [DebtState.GIVEN]
