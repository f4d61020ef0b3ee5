"""An admin holds feedback back with a reason; the candidate is told by mail first, then by their page."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.feedback.actions import Hold, hold_feedback, lift_hold
from portal.feedback.rules.owing import NothingOwed
from portal.feedback.states import DebtState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.states import TaskState
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_staff,
    public_id_of,
    settle_mail,
    signed_in,
)
from tests.feedback.debts import debts, meet, note, states, tasks, told, write_feedback
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

SECRET = "She has complained about Hugo"
WORDS = "We look into what you told us about your second interview first."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def alma(app: Flask) -> int:
    return make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")


@pytest.fixture
def ada(rita: int, alma: int) -> Made:
    made = make_application(make_opening("Nurse", recruiter_id=rita), rita)
    meet(made, rita)
    told(made, rita)
    return made


@pytest.fixture
def admin(app: Flask, alma: int) -> Browser:
    return signed_in(app, alma)


def path(made: Made, page: str) -> str:
    return f"/recruiting/feedback/{made.public_id}{page}"


def hold(browser: Browser, made: Made, contact: int, *, expect: int = 200, **values: str) -> Page:
    page = browser.get(path(made, "/hold"))
    filled = {"words": WORDS, "ask": public_id_of(contact), "reason": SECRET, **values}
    return browser.submit(page, having="reason", expect=expect, **filled)


def mails() -> list[tuple[str, DeliveryState]]:
    end_reading()
    found = select(Delivery.kind, Delivery.state).where(Delivery.kind.startswith("feedback/")).order_by(Delivery.id)
    return [(kind, state) for kind, state in session().execute(found)]


def own_page(app: Flask, made: Made) -> str:
    return signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}").text


def test_the_page_says_it_once_the_mail_was_accepted(app: Flask, admin: Browser, ada: Made, rita: int) -> None:
    there = hold(admin, ada, rita)
    assert "The mail that says so has not gone yet" in there.text
    assert states(ada) == [DebtState.HELD]
    assert tasks() == [(rita, TaskState.DONE)]
    before = own_page(app, ada)
    assert WORDS not in before
    assert "You have it by Wednesday 11 March 2026" in before
    settle_mail()
    after = own_page(app, ada)
    assert WORDS in after
    assert "ask Rita Sander: rita@example.org" in after
    assert SECRET not in before + after


def test_the_mail_names_whom_to_ask_and_goes_in_office_hours(admin: Browser, ada: Made, rita: int, time: Time) -> None:
    hold(admin, ada, rita)
    end_reading()
    mail = session().scalars(select(Delivery).where(Delivery.kind == "feedback/held")).one()
    assert mail.reply_to == "Rita Sander <rita@example.org>"
    assert (mail.timing, mail.mail_class) == ("office", "own")
    assert WORDS in mail.text
    assert SECRET not in mail.text + mail.html


def test_a_mail_that_reaches_nobody_leaves_it_to_the_page(app: Flask, admin: Browser, ada: Made, rita: int) -> None:
    hold(admin, ada, rita)
    settle_mail(DeliveryState.DEAD, "550")
    assert WORDS in own_page(app, ada)


def test_a_hold_is_taken_back_without_a_trace_until_its_mail_goes(
    app: Flask, admin: Browser, ada: Made, rita: int
) -> None:
    there = hold(admin, ada, rita)
    lifted = admin.submit(there, action="/lift")
    assert "It is owed again, by Wednesday 11 March 2026" in lifted.text
    assert mails() == [("feedback/held", DeliveryState.CANCELLED)]
    debt = debts(ada)[0]
    assert (debt.state, debt.hold_reason, debt.hold_words, debt.ask_id) == (DebtState.OPEN, "", "", None)
    note()
    assert tasks() == [(rita, TaskState.DUE)]
    assert WORDS not in own_page(app, ada)


def test_who_was_told_of_it_is_told_that_it_is_not_held_any_more(
    app: Flask, admin: Browser, ada: Made, rita: int, alma: int, time: Time
) -> None:
    hold(admin, ada, rita)
    settle_mail()
    time.at = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
    admin = signed_in(app, alma)
    lifted = admin.submit(admin.get(f"/recruiting/applications/{ada.public_id}"), action="/lift")
    assert "It is owed again, by Monday 23 March 2026" in lifted.text
    assert mails()[-1] == ("feedback/not_held_any_more", DeliveryState.QUEUED)
    assert debts(ada)[0].due_on == date(2026, 3, 23)
    with pytest.raises(NothingOwed):
        lift_hold(ada.public_id, scope=StaffScope(alma, Role.ADMIN), now=clock.now())


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"words": " "}, "Please say why in words for the candidate"),
        ({"reason": ""}, "Please say why, for your colleagues"),
        ({"reason": "a" * 501}, "under 500 characters"),
        ({"ask": ""}, "choose"),
    ],
)
def test_a_hold_says_why_twice_and_whom_to_ask(
    admin: Browser, ada: Made, rita: int, values: dict[str, str], problem: str
) -> None:
    refused = hold(admin, ada, rita, expect=422, **values)
    assert problem in refused.text
    assert states(ada) == [DebtState.OPEN]


def test_only_admins_hold_it_back(app: Flask, ada: Made, rita: int) -> None:
    desk = signed_in(app, rita)
    desk.get(path(ada, "/hold"), expect=404)
    assert "Hold it back" not in desk.get("/recruiting/feedback").text
    with pytest.raises(NotFound):
        hold_feedback(
            ada.public_id,
            Hold(SECRET, WORDS, public_id_of(rita)),
            scope=StaffScope(rita, Role.RECRUITER),
            now=clock.now(),
        )


def test_nobody_holds_back_what_is_their_own(app: Flask, rita: int, alma: int) -> None:
    own = make_application(make_opening("Cook", recruiter_id=rita), rita, person_id=alma)
    meet(own, rita)
    told(own, rita)
    signed_in(app, alma).get(path(own, "/hold"), expect=404)


def test_what_is_approved_and_on_its_way_is_taken_back_first(admin: Browser, ada: Made, rita: int, alma: int) -> None:
    write_feedback(ada, rita)
    there = admin.get(path(ada, "/hold"))
    assert "Take it back first" in there.text
    with pytest.raises(NothingOwed):
        hold_feedback(
            ada.public_id,
            Hold(SECRET, WORDS, public_id_of(rita)),
            scope=StaffScope(alma, Role.ADMIN),
            now=clock.now(),
        )


def test_an_ending_that_is_taken_back_stops_the_mail_about_a_hold(admin: Browser, ada: Made, rita: int) -> None:
    hold(admin, ada, rita)
    # What opens it again is read at once, and the mail about the hold waits for its time.
    add_event(ada.id, EventKind.REVERTED, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 3, 20), actor_id=rita)
    note()
    assert states(ada) == [DebtState.VOID]
    assert mails() == [("feedback/held", DeliveryState.CANCELLED)]


def test_a_hold_is_recorded_without_its_reason(admin: Browser, ada: Made, rita: int, alma: int) -> None:
    hold(admin, ada, rita)
    settle_mail()
    lift_hold(ada.public_id, scope=StaffScope(alma, Role.ADMIN), now=clock.now())
    end_reading()
    found = (
        session()
        .scalars(select(AuditRecord).where(AuditRecord.action.startswith("feedback.")).order_by(AuditRecord.id))
        .all()
    )
    assert [(one.action, one.actor_id, one.person_id) for one in found] == [
        ("feedback.hold", alma, ada.person_id),
        ("feedback.lift_hold", alma, ada.person_id),
    ]
    assert all(SECRET not in str(one.details) for one in found)
