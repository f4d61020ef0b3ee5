"""Who is asked by the worker, when, and by what mail; who is passed over, and why."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus, EventKind
from portal.community.actions import join, leave_community
from portal.contact.actions.addresses import suppress
from portal.contact.actions.consents import choose
from portal.contact.actions.wishes import stop_surveys
from portal.contact.states import MailClass, Purpose, Timing
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.interviews.states import InterviewState
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from portal.privacy.actions import erase_person
from portal.surveys.actions.editing import pause_survey, resume_survey
from portal.surveys.actions.inviting import ask
from portal.surveys.queries.inviting import cases, surveys_that_ask
from portal.surveys.states import Touchpoint, WhyNotAsked
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_staff,
    primary_email,
    settle_mail,
    signed_in,
    visitor,
)
from tests.feedback.debts import note, write_feedback
from tests.interviews.rows import make_interview
from tests.surveys.asking import (
    LATER,
    asked,
    candidate,
    settle,
    survey_mails,
    told,
    why_not,
    withdrew,
    work,
)
from tests.surveys.results import reach_of
from tests.surveys.rows import make_survey

NOT_SELECTED, LEFT, HIRED = Touchpoint.NOT_SELECTED, Touchpoint.LEFT, Touchpoint.HIRED


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return candidate(rita)


def change(made: Made, **values: object) -> None:
    with transaction() as own:
        own.execute(update(Application).where(Application.id == made.id).values(**values))


def write_to_us(person_id: int) -> int:
    """A message of theirs that nobody has answered."""
    with transaction() as own:
        one = ConversationMessage(
            public_id=new_public_id(), person_id=person_id, body="Hello?", created_at=clock.now(), no_answer_reason=""
        )
        own.add(one)
        own.flush()
        return one.id


# After a rejection


def test_seven_days_after_the_letter_was_accepted_they_are_asked_by_mail(ada: Made, time: Time) -> None:
    make_survey(NOT_SELECTED)
    letter = told(ada, state=DeliveryState.QUEUED)
    time.pass_by(days=8)
    work()
    assert asked() == []
    settle(letter)
    time.pass_by(days=6, hours=23)
    work()
    assert asked() == []
    time.pass_by(hours=1)
    work()
    (one,) = asked()
    (mail,) = survey_mails()
    assert (one.person_id, one.application_id, one.why_not) == (ada.person_id, ada.id, None)
    assert (one.delivery_id, one.closes_on) == (mail.id, one.asked_on + timedelta(days=30))
    assert mail.subject == "How did we treat you? Data Analyst"
    assert (mail.kind, mail.mail_class, mail.timing) == ("surveys/not_selected", MailClass.SURVEY, Timing.WAKING)
    assert mail.reply_to.startswith("Rita Sander <")
    assert "you need not give your name" in mail.text
    assert "The survey is open until Saturday 18 April 2026." in mail.text
    assert "Not selected" not in mail.text + mail.subject


def test_the_link_in_the_mail_opens_the_survey_without_signing_in(app: Flask, ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/left"]
    (mail,) = survey_mails()
    assert re.search(r"/surveys/\S+", mail.text)
    token = mail_token(current_settings().secret_key, mail.key, TokenKind.SURVEY)
    page = visitor(app).get(f"/surveys/{token}")
    assert "How was your interview?" in page.text


def test_the_link_opens_the_survey_until_the_end_of_the_day_that_the_mail_names(
    app: Flask, ada: Made, time: Time
) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    work()
    (mail,) = survey_mails()
    assert "open until Saturday 4 April 2026" in mail.text
    token = mail_token(current_settings().secret_key, mail.key, TokenKind.SURVEY)
    time.at = datetime(2026, 4, 4, 21, 59, tzinfo=UTC)
    assert "How was your interview?" in visitor(app).get(f"/surveys/{token}").text
    time.pass_by(minutes=1)
    visitor(app).get(f"/surveys/{token}", expect=410)


def test_after_feedback_it_is_the_next_day(ada: Made, rita: int, time: Time) -> None:
    make_survey(NOT_SELECTED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now() - timedelta(days=1))
    told(ada)
    note()
    time.pass_by(days=2)
    work()
    assert asked() == []
    write_feedback(ada, rita)
    settle_mail()
    note()
    time.pass_by(hours=23)
    work()
    assert asked() == []
    time.pass_by(hours=1)
    work()
    assert why_not() == [None]


def test_whoever_waits_for_overdue_feedback_is_asked_once_they_have_it(ada: Made, rita: int, time: Time) -> None:
    make_survey(NOT_SELECTED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now() - timedelta(days=1))
    told(ada)
    note()
    time.pass_by(days=9)
    work()
    assert asked() == []
    write_feedback(ada, rita)
    settle_mail()
    note()
    work()
    assert asked() == []
    time.pass_by(days=1)
    work()
    assert why_not() == [None]


# The other touchpoints


def test_the_day_after_they_took_it_back(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(hours=23)
    work()
    assert asked() == []
    time.pass_by(hours=1)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/left"]


def test_the_day_after_they_declined_and_two_weeks_after_they_were_hired(ada: Made, rita: int, time: Time) -> None:
    make_survey(LEFT)
    make_survey(HIRED)
    bob = candidate(rita, "Bob Berg")
    told(ada, ApplicationStatus.OFFER_DECLINED)
    told(bob, ApplicationStatus.HIRED)
    time.pass_by(days=1)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/left"]
    time.pass_by(days=13)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/left", "surveys/hired"]


def test_four_hours_after_the_end_of_the_first_interview_that_took_place(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    starts_at = clock.now()
    make_interview(ada.id, rita, state=InterviewState.MISSED_BY_US, starts_at=starts_at - timedelta(days=2))
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=starts_at, minutes=60)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=starts_at + timedelta(days=1))
    time.pass_by(hours=4, minutes=59)
    work()
    assert asked() == []
    time.pass_by(minutes=1)
    work()
    assert [one.subject for one in survey_mails()] == ["How was your interview? Data Analyst"]
    time.pass_by(days=2)
    work()
    assert len(asked()) == 1


def test_an_interview_that_nobody_has_closed_is_asked_about_in_the_evening(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(ada.id, rita, state=InterviewState.CONFIRMED, starts_at=clock.now())
    time.at = datetime(2026, 3, 4, 16, 59, tzinfo=UTC)
    work()
    assert asked() == []
    time.pass_by(minutes=1)
    work()
    assert why_not() == [None]


def test_nobody_is_asked_about_an_interview_who_knows_by_then_how_it_ended(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_survey(NOT_SELECTED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=2)
    told(ada)
    time.pass_by(hours=4)
    work()
    assert why_not() == [WhyNotAsked.TOO_LATE]
    assert survey_mails() == []
    time.pass_by(days=7)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/not_selected"]


# One mail for each application


def test_the_second_survey_about_an_application_stands_in_the_portal_only(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_survey(HIRED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    work()
    settle_mail()
    told(ada, ApplicationStatus.HIRED)
    time.pass_by(days=14)
    work()
    assert why_not() == [None, None]
    assert asked(HIRED)[0].delivery_id is None
    assert [one.kind for one in survey_mails()] == ["surveys/interviewed"]


def test_asked_once_however_often_the_worker_looks(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    for _time in range(3):
        work()
        time.pass_by(minutes=10)
    assert (len(asked()), len(survey_mails())) == (1, 1)


def test_never_twice_in_six_months_at_one_touchpoint(ada: Made, rita: int, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    work()
    settle_mail()
    again = candidate(rita, person_id=ada.person_id, title="Engineer")
    time.pass_by(days=30)
    withdrew(again)
    time.pass_by(days=1)
    work()
    assert why_not() == [None, WhyNotAsked.ASKED_LATELY]
    time.pass_by(days=160)
    third = candidate(rita, person_id=ada.person_id, title="Designer")
    withdrew(third)
    time.pass_by(days=1)
    work()
    assert why_not() == [None, WhyNotAsked.ASKED_LATELY, None]


# Nobody is asked


def test_before_a_survey_is_published_nobody_is_asked_nor_for_what_was_before(ada: Made, time: Time) -> None:
    withdrew(ada)
    time.pass_by(days=2)
    make_survey(LEFT)
    work()
    time.pass_by(days=30)
    work()
    assert asked() == []


def test_who_came_past_while_it_was_paused_is_asked_if_it_is_not_too_late(ada: Made, rita: int, time: Time) -> None:
    survey_id = make_survey(LEFT)
    withdrew(ada)
    pause_survey(survey_id, actor_id=rita, now=clock.now())
    time.pass_by(days=12)
    bob = candidate(rita, "Bob Berg")
    withdrew(bob)
    time.pass_by(days=4)
    work()
    assert asked() == []
    resume_survey(survey_id, actor_id=rita, now=clock.now())
    work()
    assert {one.person_id: one.why_not for one in asked()} == {ada.person_id: WhyNotAsked.TOO_LATE, bob.person_id: None}


def test_ended_before_us_told_elsewhere_and_told_without_a_mail_start_no_survey(rita: int, time: Time) -> None:
    survey_id = make_survey(NOT_SELECTED)
    opening = make_opening("Data Analyst")
    make_application(opening, rita, name="Ada Lind", status=ApplicationStatus.NOT_SELECTED)
    for name, kind in (("Bob Berg", EventKind.TOLD_ELSEWHERE), ("Cy Dahl", EventKind.TOLD_HERE)):
        made = candidate(rita, name)
        add_event(made.id, kind, status=ApplicationStatus.NOT_SELECTED)
    time.pass_by(days=7)
    work()
    assert survey_mails() == []
    expected = [WhyNotAsked.ENDED_BEFORE_US, WhyNotAsked.TOLD_ELSEWHERE, WhyNotAsked.NOT_TOLD_BY_MAIL]
    assert why_not() == expected
    assert reach_of(survey_id).passed_over == dict.fromkeys(expected, 1)


def test_who_wants_no_surveys_or_cannot_be_reached_is_counted(rita: int, time: Time) -> None:
    survey_id = make_survey(LEFT)
    people = [candidate(rita, name) for name in ("Ada Lind", "Bob Berg", "Cy Dahl")]
    for one in people:
        withdrew(one)
    stop_surveys(people[0].person_id, clock.now())
    suppress(primary_email(people[1].person_id), code=550, words="No such user", now=clock.now())
    time.pass_by(days=1)
    work()
    assert {one.person_id: one.why_not for one in asked()} == {
        people[0].person_id: WhyNotAsked.OPTED_OUT,
        people[1].person_id: WhyNotAsked.NO_ADDRESS,
        people[2].person_id: None,
    }
    assert reach_of(survey_id).passed_over == {WhyNotAsked.OPTED_OUT: 1, WhyNotAsked.NO_ADDRESS: 1}


def test_while_an_outcome_waits_to_be_sent_nobody_is_asked_and_afterwards_they_are(
    ada: Made, rita: int, time: Time
) -> None:
    make_survey(LEFT)
    withdrew(ada)
    other = candidate(rita, person_id=ada.person_id, title="Engineer")
    letter = told(other, state=DeliveryState.QUEUED)
    time.pass_by(days=3)
    work()
    assert asked() == []
    settle(letter)
    work()
    assert why_not() == [None]


def test_another_open_application_lets_them_wait_and_in_the_end_be_passed_over(
    ada: Made, rita: int, time: Time
) -> None:
    make_survey(LEFT)
    withdrew(ada)
    candidate(rita, person_id=ada.person_id, title="Engineer")
    time.pass_by(days=14)
    work()
    assert asked() == []
    time.pass_by(days=1)
    work()
    assert why_not() == [WhyNotAsked.ACTIVE_ELSEWHERE]


def test_an_interview_is_asked_about_while_other_applications_are_open(ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    candidate(rita, person_id=ada.person_id, title="Engineer")
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    work()
    assert why_not() == [None]


def test_who_waits_for_our_answer_is_asked_when_they_have_it(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    message = write_to_us(ada.person_id)
    time.pass_by(days=2)
    work()
    assert asked() == []
    with transaction() as own:
        own.get_one(ConversationMessage, message).closed_at = clock.now()
    work()
    assert why_not() == [None]


@pytest.mark.parametrize("how", ["overdue", "escalated", "note"])
def test_nobody_is_asked_how_an_interview_was_to_whom_our_word_is_late(
    ada: Made, rita: int, time: Time, how: str
) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    kind = {"overdue": EventKind.MESSAGE, "escalated": EventKind.ESCALATED, "note": EventKind.HOLDING_NOTE}[how]
    add_event(ada.id, kind, promised=date(2026, 3, 4) if how == "overdue" else LATER, message="Word.")
    time.pass_by(days=1)
    work()
    assert asked() == []
    add_event(ada.id, promised=LATER, message="Here is our word.")
    work()
    assert why_not() == [None]


def test_of_an_import_that_waits_nobody_is_asked(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    change(ada, is_held=True)
    time.pass_by(days=15)
    work()
    assert why_not() == [WhyNotAsked.HELD_IMPORT]


def test_who_was_erased_leaves_nothing_to_ask(ada: Made, rita: int, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    erase_person(ada.person_id, None, clock.now())
    time.pass_by(days=1)
    work()
    assert asked() == []


def test_an_ending_that_was_taken_back_is_not_asked_about(ada: Made, time: Time) -> None:
    make_survey(NOT_SELECTED)
    told(ada)
    add_event(ada.id, EventKind.REVERTED, status=ApplicationStatus.INTERVIEWING, promised=LATER)
    time.pass_by(days=8)
    work()
    assert asked() == []


# At what hour


def test_at_night_on_their_clock_no_mail_is_written_and_in_the_morning_it_is(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = "America/New_York"
    withdrew(ada)
    time.pass_by(days=1)
    work()
    # 03:00 in New York.
    assert (asked(), survey_mails()) == ([], [])
    time.pass_by(hours=5)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/left"]


# The pulse


def test_members_who_agreed_are_asked_after_a_month_and_then_once_a_year(rita: int, ada: Made, time: Time) -> None:
    survey_id = make_survey(Touchpoint.COMMUNITY)
    bob = candidate(rita, "Bob Berg")
    for one in (ada, bob):
        join(one.person_id, (), clock.now())
    choose(ada.person_id, Purpose.COMMUNITY_PULSE, True, source="/me/preferences", now=clock.now())
    time.pass_by(days=29)
    work()
    assert asked() == []
    time.pass_by(days=1, hours=1)
    work()
    (mail,) = survey_mails()
    assert (mail.kind, mail.mail_class, mail.purpose) == (
        "surveys/community",
        MailClass.COMMUNITY,
        Purpose.COMMUNITY_PULSE,
    )
    assert mail.budget == "none"
    assert [one.application_id for one in asked()] == [None]
    assert reach_of(survey_id).passed_over == {WhyNotAsked.NO_CONSENT: 1}
    settle_mail()
    add_event(ada.id, promised=date(2027, 12, 1), message="Word.")
    time.pass_by(days=340)
    work()
    assert len(asked()) == 1
    time.pass_by(days=26)
    work()
    assert len(asked()) == 2


@pytest.mark.parametrize("how", ["withdrawn", "left"])
def test_who_took_the_yes_back_or_left_is_not_asked(ada: Made, time: Time, how: str) -> None:
    make_survey(Touchpoint.COMMUNITY)
    join(ada.person_id, (), clock.now())
    choose(ada.person_id, Purpose.COMMUNITY_PULSE, True, source="/me/preferences", now=clock.now())
    time.pass_by(days=20)
    if how == "left":
        leave_community(ada.person_id, clock.now())
    else:
        choose(ada.person_id, Purpose.COMMUNITY_PULSE, False, source="/me/preferences", now=clock.now())
    time.pass_by(days=20)
    work()
    assert asked() == []


def test_members_say_yes_to_the_pulse_where_their_surveys_stand(app: Flask, ada: Made, time: Time) -> None:
    make_survey(Touchpoint.COMMUNITY)
    browser = signed_in(app, ada.person_id)
    assert "Ask me once a year" not in browser.get("/me/surveys").text
    join(ada.person_id, (), clock.now())
    page = browser.get("/me/surveys")
    assert "Ask me once a year what I think of this community." in page.text
    after = browser.submit(page, action="/me/surveys/pulse")
    assert "the first time in about a month" in after.text
    assert "Yes, ask me" not in after.text
    time.pass_by(days=31)
    work()
    assert [one.kind for one in survey_mails()] == ["surveys/community"]


def test_nobody_but_members_says_yes_to_the_pulse(app: Flask, ada: Made) -> None:
    browser = signed_in(app, ada.person_id)
    token = browser.get("/me").form(having="csrf_token").values["csrf_token"]
    browser.post("/me/surveys/pulse", {"csrf_token": token}, expect=404)


# Two at once


def test_two_who_decided_at_one_moment_ask_once(ada: Made, time: Time) -> None:
    make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    (asking,) = surveys_that_ask()
    (came,) = cases(asking, [ada.id], clock.now())
    assert [ask(asking, came, clock.now()) for _worker in range(2)] == [True, False]
    assert (len(asked()), len(survey_mails())) == (1, 1)


def test_what_was_decided_a_moment_ago_is_looked_at_again_before_anything_is_written(
    ada: Made, rita: int, time: Time
) -> None:
    survey_id = make_survey(LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    (asking,) = surveys_that_ask()
    (came,) = cases(asking, [ada.id], clock.now())
    told(candidate(rita, person_id=ada.person_id, title="Engineer"), state=DeliveryState.QUEUED)
    assert not ask(asking, came, clock.now())
    pause_survey(survey_id, actor_id=rita, now=clock.now())
    assert not ask(asking, came, clock.now())
    assert (asked(), survey_mails()) == ([], [])
