"""A candidate and their feedback: it is there once its mail was taken, and they choose to read it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.feedback.actions.reading import ask_about_feedback, read_feedback, say_whether_it_helped, thank
from portal.feedback.models import FeedbackReading
from portal.feedback.rules.writing import NotNow
from portal.outbox.states import DeliveryState
from portal.people.actions import set_picture
from portal.people.models import StaffPicture
from portal.tasks.states import TaskKind
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import Time
from tests.factories import settle_mail, signed_in
from tests.feedback.written import SECRET, WORDS, People, approved, make_people, open_tasks, row, sent

pytestmark = pytest.mark.both_in_soak


def own(people: People, more: str = "/feedback") -> str:
    return f"/me/applications/{people.ada.public_id}{more}"


def reading() -> FeedbackReading:
    end_reading()
    return session().scalars(select(FeedbackReading)).one()


def test_the_page_says_that_it_is_there_and_shows_it_when_they_choose(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    page = ada.get(own(people, ""))
    assert "Hugo Berg has written feedback for you." in page.text
    assert own(people) in page.links
    page = ada.get(own(people))
    assert SECRET not in page.body.lower()
    assert "Read it" in page.text
    assert session().scalar(select(FeedbackReading)) is None
    page = ada.submit(page, action="/read")
    assert WORDS.strong in page.text
    assert WORDS.missing in page.text
    assert WORDS.try_this in page.text
    assert "The opening asks for: SQL" in page.text
    assert "Written by Hugo Berg" in page.text
    assert WORDS.resource_url in page.links
    assert reading().read_at == clock.now()
    assert "Read it again" in ada.get(own(people, "")).text


def test_whoever_wrote_it_has_their_picture_beside_it(app: Flask, time: Time) -> None:
    people = make_people()
    set_picture(people.hugo, b"picture", "image/png", people.hugo, clock.now())
    sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    page = ada.submit(ada.get(own(people)), action="/read")
    end_reading()
    picture = session().scalars(select(StaffPicture.public_id).where(StaffPicture.person_id == people.hugo)).one()
    assert picture in page.body


def test_a_look_at_the_page_reads_nothing(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    for _time in range(2):
        ada.get(own(people))
    assert session().scalar(select(FeedbackReading)) is None
    ada.get(own(people, "/feedback/read"), expect=405)


def test_they_say_thank_you_and_whether_it_helped_with_one_tap(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    page = ada.submit(ada.get(own(people)), action="/read")
    page = ada.submit(page, action="/thanks")
    assert "You said thank you on Wednesday 4 March 2026" in page.text
    page = ada.submit(page, action="/helped", button="no")
    assert "You said that it did not help" in page.text
    assert reading().has_helped is False
    page = ada.submit(page, action="/helped", button="yes")
    assert "You said that it helped" in page.text
    assert reading().has_helped is True
    hugo = signed_in(app, people.hugo)
    page = hugo.get(f"/recruiting/applications/{people.ada.public_id}/feedback")
    assert "Said on Wednesday 4 March 2026" in page.text
    assert "They chose to read it on" in page.text


def test_their_one_question_opens_the_conversation_and_somebody_owes_the_answer(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    ada = signed_in(app, people.ada.person_id)
    page = ada.submit(ada.get(own(people)), action="/read")
    page = ada.submit(page, having="question", expect=422)
    assert "Please write what you want to ask." in page.text
    assert WORDS.strong in page.text
    page = ada.submit(page, having="question", question="Which exercise do you mean?")
    assert "Rita Sander is asked to answer by" in page.text
    assert "You asked your question on" in page.text
    assert not any("question" in form.names for form in page.forms)
    message = session().scalars(select(ConversationMessage)).one()
    assert (message.body, message.application_id) == ("Which exercise do you mean?", people.ada.id)
    assert open_tasks(TaskKind.QUESTION) == [people.rita]
    with pytest.raises(NotNow):
        ask_about_feedback(people.ada.person_id, people.ada.public_id, "And another?", clock.now())


def test_a_question_that_was_kept_and_not_marked_is_asked_once(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    ask_about_feedback(people.ada.person_id, people.ada.public_id, "Which one?", clock.now())
    with transaction() as own_session:
        own_session.scalars(select(FeedbackReading)).one().asked_at = None
    ask_about_feedback(people.ada.person_id, people.ada.public_id, "Which one?", clock.now())
    assert len(list(session().scalars(select(ConversationMessage)))) == 1
    assert reading().asked_at is not None


def test_reading_twice_keeps_the_first_time(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    first = clock.now()
    read_feedback(people.ada.person_id, people.ada.public_id, first)
    time.at += timedelta(days=2)
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    thank(people.ada.person_id, people.ada.public_id, clock.now())
    time.at += timedelta(days=1)
    thank(people.ada.person_id, people.ada.public_id, clock.now())
    assert reading().read_at == first
    assert reading().thanked_at == first + timedelta(days=2)


def test_before_they_read_it_there_is_nothing_to_thank_for(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    for action in (
        lambda: thank(people.ada.person_id, people.ada.public_id, clock.now()),
        lambda: say_whether_it_helped(people.ada.person_id, people.ada.public_id, True, clock.now()),
        lambda: ask_about_feedback(people.ada.person_id, people.ada.public_id, "Why?", clock.now()),
    ):
        with pytest.raises(NotFound):
            action()


def test_whoever_follows_the_application_by_a_link_is_asked_to_sign_in(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    page = signed_in(app, people.ada.person_id).get(own(people, ""))
    assert "Go to my feedback" in page.text
    answer = app.test_client().get(own(people))
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_where_no_mail_server_takes_the_mail_their_page_tells_them(app: Flask, time: Time) -> None:
    people = make_people()
    approved(people)
    ada = signed_in(app, people.ada.person_id)
    ada.get(own(people), expect=404)
    time.at += timedelta(minutes=30)
    send_what_is_due("refused")
    assert "has written feedback for you" in ada.get(own(people)).text
    page = signed_in(app, people.rita).get(f"/recruiting/applications/{people.ada.public_id}/feedback")
    assert "The mail did not arrive" in page.text
    assert "Call them" in page.text


def test_what_came_back_later_stays_readable(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    settle_mail(DeliveryState.DEAD)
    assert WORDS.strong in signed_in(app, people.ada.person_id).get(own(people)).text
    assert row(people).delivery_id is not None
