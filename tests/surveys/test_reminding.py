"""One reminder after three days, and what happens to mails that wait while everything changes."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.contact.actions.wishes import stop_surveys
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import session, transaction
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.actions.editing import close_survey, pause_survey
from portal.surveys.models import SurveyInvitation
from portal.surveys.states import Touchpoint
from tests.conftest import Time
from tests.factories import ZONE, Made, make_staff, settle_mail
from tests.interviews.rows import make_interview
from tests.surveys.asking import asked, candidate, survey_mails, told, withdrew, work
from tests.surveys.rows import make_survey

pytestmark = pytest.mark.both_in_soak
ANSWERS = {"q-recommend": ["9"]}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return candidate(rita)


@pytest.fixture
def survey_id(ada: Made, rita: int, time: Time) -> int:
    """Ada took her application back yesterday and was asked by a mail that the server accepted."""
    made = make_survey(Touchpoint.LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    work()
    settle_mail()
    return made


def kinds() -> list[str]:
    return [one.kind for one in survey_mails()]


def test_after_three_days_they_are_reminded_once(survey_id: int, time: Time) -> None:
    time.pass_by(days=2, hours=23)
    work()
    assert kinds() == ["surveys/left"]
    time.pass_by(hours=1)
    work()
    assert kinds() == ["surveys/left", "surveys/reminder"]
    (one,) = asked()
    reminder = survey_mails()[1]
    assert one.reminder_id == reminder.id
    assert "This is the only reminder." in reminder.html
    assert "The survey is open until Saturday 4 April 2026" in reminder.text
    settle_mail()
    time.pass_by(days=4)
    work()
    assert len(kinds()) == 2


def test_having_begun_is_no_answer(survey_id: int, time: Time) -> None:
    save_answers(asked()[0].id, ANSWERS, now=clock.now())
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/left", "surveys/reminder"]


def test_who_has_answered_is_not_reminded(survey_id: int, time: Time) -> None:
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/left"]


def test_after_a_rejection_nobody_is_reminded(ada: Made, time: Time) -> None:
    make_survey(Touchpoint.NOT_SELECTED)
    told(ada)
    time.pass_by(days=7)
    work()
    settle_mail()
    time.pass_by(days=4)
    work()
    assert kinds() == ["surveys/not_selected"]


def test_what_stood_in_the_portal_only_is_not_reminded_of(survey_id: int, time: Time) -> None:
    with transaction() as own:
        own.execute(update(SurveyInvitation).values(delivery_id=None))
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/left"]


def test_the_reminder_asks_again_whether_it_may_go(survey_id: int, ada: Made, rita: int, time: Time) -> None:
    letter = told(candidate(rita, person_id=ada.person_id, title="Engineer"), state=DeliveryState.QUEUED)
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/left"]
    with transaction() as own:
        own.get_one(Delivery, letter).state = DeliveryState.SENT
        own.get_one(Delivery, letter).sent_at = clock.now()
    work()
    assert kinds() == ["surveys/left", "surveys/reminder"]


def test_what_could_not_go_for_a_week_does_not_go_any_more(survey_id: int, ada: Made, rita: int, time: Time) -> None:
    other = candidate(rita, person_id=ada.person_id, title="Engineer")
    time.pass_by(days=10)
    withdrew(other)
    work()
    assert kinds() == ["surveys/left"]


@pytest.mark.parametrize("how", ["opted out", "paused", "closed"])
def test_no_reminder_for_who_opted_out_or_while_nobody_is_asked(
    survey_id: int, ada: Made, rita: int, time: Time, how: str
) -> None:
    if how == "opted out":
        stop_surveys(ada.person_id, clock.now())
    else:
        (pause_survey if how == "paused" else close_survey)(survey_id, actor_id=rita, now=clock.now())
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/left"]


def test_about_an_interview_nobody_is_reminded_who_knows_how_it_ended(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    work()
    settle_mail()
    told(ada)
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/interviewed"]


# Mails that wait


def waiting(ada: Made, time: Time) -> int:
    """A mail that asks Ada and that no server has taken; its id."""
    make_survey(Touchpoint.LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    work()
    (mail,) = survey_mails()
    assert mail.state is DeliveryState.QUEUED
    return mail.id


def stands(mail: int) -> Delivery:
    return session().scalars(select(Delivery).where(Delivery.id == mail)).one()


def test_a_mail_that_waits_does_not_go_to_who_has_answered(ada: Made, time: Time) -> None:
    mail = waiting(ada, time)
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    assert stands(mail).state is DeliveryState.QUEUED
    time.pass_by(minutes=30)
    work()
    stopped = stands(mail)
    assert (stopped.state, stopped.text) == (DeliveryState.CANCELLED, "")
    assert len(asked()) == 1


def test_of_the_moment_only_the_day_is_kept(ada: Made, time: Time) -> None:
    mail = waiting(ada, time)
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    time.pass_by(minutes=30)
    work()
    stopped = stands(mail)
    midnight = stopped.blanked_at
    assert midnight is not None
    assert (stopped.next_try_at, midnight.hour, midnight.minute) == (midnight, 23, 0)
    assert day_of(midnight, ZONE) == day_of(clock.now(), ZONE)


def test_a_mail_that_waits_goes_away_for_an_outcome_and_comes_back_after_it(ada: Made, rita: int, time: Time) -> None:
    mail = waiting(ada, time)
    letter = told(candidate(rita, person_id=ada.person_id, title="Engineer"), state=DeliveryState.QUEUED)
    work()
    assert stands(mail).state is DeliveryState.CANCELLED
    assert asked() == []
    with transaction() as own:
        own.get_one(Delivery, letter).state = DeliveryState.SENT
        own.get_one(Delivery, letter).sent_at = clock.now()
    time.pass_by(hours=1)
    work()
    assert len(asked()) == 1
    assert [one.state for one in survey_mails() if one.text] == [DeliveryState.QUEUED]


def test_closing_a_survey_stops_its_mails(ada: Made, rita: int, time: Time) -> None:
    mail = waiting(ada, time)
    close_survey(asked()[0].survey_id, actor_id=rita, now=clock.now())
    work()
    assert stands(mail).state is DeliveryState.CANCELLED


def test_the_pulse_is_reminded_of_too(ada: Made, time: Time) -> None:
    from portal.community.actions import join
    from portal.contact.actions.consents import choose

    make_survey(Touchpoint.COMMUNITY)
    join(ada.person_id, (), clock.now())
    choose(ada.person_id, Purpose.COMMUNITY_PULSE, True, source="/me/preferences", now=clock.now())
    time.pass_by(days=31)
    work()
    settle_mail()
    time.pass_by(days=3)
    work()
    assert kinds() == ["surveys/community", "surveys/community_reminder"]
    assert asked()[0].asked_on + timedelta(days=30) == asked()[0].closes_on
