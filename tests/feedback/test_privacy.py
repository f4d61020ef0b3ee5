"""What is held about feedback: exported as its reader may read it, erased with them, and kept by nobody who leaves."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.queries import StaffScope
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.feedback import privacy
from portal.feedback.actions import FeedbackCall, Hold, hold_feedback, log_feedback_call
from portal.feedback.models import Feedback, FeedbackDebt, FeedbackReading
from portal.feedback.rules.owing import CallInstead
from portal.feedback.states import FeedbackState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person
from tests.factories import Made, make_application, make_opening, make_staff, public_id_of, settle_mail
from tests.feedback.debts import debts, meet, told, write_feedback


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def alma(app: Flask) -> int:
    return make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    made = make_application(make_opening("Nurse", recruiter_id=rita), rita)
    meet(made, rita)
    told(made, rita)
    return made


def exported(person_id: int) -> str:
    end_reading()
    sections = privacy.export(person_id)
    return " | ".join(f"{one.title}: {one.rows}" for one in sections)


def test_what_is_owed_is_exported_and_no_draft(ada: Made, rita: int) -> None:
    write_feedback(ada, rita, FeedbackState.DRAFT, "Secret words")
    there = exported(ada.person_id)
    assert "Feedback that we owe you or owed you" in there
    assert "by Wednesday 11 March 2026, in writing" in there
    assert "Secret words" not in there


@pytest.mark.parametrize("state", [FeedbackState.DRAFT, FeedbackState.FOR_APPROVAL, FeedbackState.RETRACTED])
def test_what_they_cannot_read_on_their_page_is_not_exported(ada: Made, rita: int, state: FeedbackState) -> None:
    write_feedback(ada, rita, strong="Secret words")
    assert "Secret words" not in exported(ada.person_id)
    settle_mail()
    assert "Secret words" in exported(ada.person_id)
    with transaction() as own:
        own.scalars(select(Feedback)).one().state = state
    assert "Secret words" not in exported(ada.person_id)


def test_a_hold_is_exported_once_they_were_told_and_without_our_reason(ada: Made, rita: int, alma: int) -> None:
    hold = Hold("She complained", "We look into something first.", public_id_of(rita))
    hold_feedback(ada.public_id, hold, scope=StaffScope(alma, Role.ADMIN), now=clock.now())
    assert "We look into" not in exported(ada.person_id)
    settle_mail()
    there = exported(ada.person_id)
    assert "held back: We look into something first." in there
    assert "She complained" not in there


def test_a_call_is_exported_to_both(ada: Made, rita: int) -> None:
    call = FeedbackCall(clock.now().date(), "You explained well.", CallInstead.THEY_ASKED)
    log_feedback_call(ada.public_id, call, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())
    assert "Rita Sander spoke with you on Wednesday 4 March 2026: You explained well." in exported(ada.person_id)
    assert "('By telephone', '1')" in exported(rita)
    assert "You explained well" not in exported(rita)


def test_with_the_person_all_of_it_goes(ada: Made, rita: int, alma: int) -> None:
    hold = Hold("She complained", "We look into something first.", public_id_of(rita))
    hold_feedback(ada.public_id, hold, scope=StaffScope(alma, Role.ADMIN), now=clock.now())
    feedback_id = write_feedback(ada, rita)
    with transaction() as own:
        own.add(FeedbackReading(feedback_id=feedback_id, read_at=clock.now()))
    erase_person(ada.person_id, actor_id=alma, now=clock.now())
    end_reading()
    for table in privacy.TABLES:
        assert session().scalar(select(func.count()).select_from(table)) == 0
    left = session().scalars(select(Delivery.state).where(Delivery.kind == "feedback/held")).all()
    assert left == [DeliveryState.CANCELLED]


def test_what_staff_gave_stays_when_they_are_erased(ada: Made, rita: int, alma: int) -> None:
    write_feedback(ada, rita)
    with transaction():
        privacy.erase(rita, clock.now())
    end_reading()
    assert session().scalars(select(Feedback.author_id)).all() == [None]
    assert len(debts(ada)) == 1


def test_two_records_of_one_colleague_who_wrote_and_approved_were_one_person(ada: Made, rita: int, alma: int) -> None:
    feedback_id = write_feedback(ada, rita)
    with transaction() as own:
        own.get_one(Feedback, feedback_id).approver_id = alma
    with transaction():
        privacy.merge(rita, alma, clock.now())
    end_reading()
    one = session().scalars(select(Feedback)).one()
    assert (one.author_id, one.approver_id, one.is_alone) == (rita, rita, True)


def test_whom_to_ask_is_who_takes_over(ada: Made, rita: int, alma: int) -> None:
    hold = Hold("She complained", "We look into something first.", public_id_of(rita))
    hold_feedback(ada.public_id, hold, scope=StaffScope(alma, Role.ADMIN), now=clock.now())
    with transaction():
        privacy.hand_over(rita, alma, clock.now())
    end_reading()
    assert session().scalars(select(FeedbackDebt.ask_id)).all() == [alma]
