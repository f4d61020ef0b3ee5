"""Answers by mail: they land in the conversation, or with a colleague who decides."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.models import Delivery
from portal.outbox.privacy import erase, export
from portal.outbox.states import IncomingState, WhyNotPlaced
from portal.privacy.actions import merge_people
from portal.tasks.states import TaskKind
from tests.conftest import Time
from tests.conversations.talking import answer, ask_us, open_tasks
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.outbox.incoming import (
    answers_to,
    arrive,
    kept,
    newest_delivery,
    reachable,
    reply_address,
    send,
    work,
    written,
)


@pytest.fixture(autouse=True)
def settings(app: Flask) -> Iterator[None]:
    with reachable():
        yield


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(
        make_opening(recruiter_id=rita),
        rita,
        person_id=make_person(email="ada@example.org"),
        promised=date(2026, 3, 13),
    )


def said(person_id: int) -> list[ConversationMessage]:
    end_reading()
    found = select(ConversationMessage).where(ConversationMessage.person_id == person_id)
    return list(session().scalars(found.order_by(ConversationMessage.id)))


def test_an_answer_to_our_letter_stands_in_the_conversation_and_is_owed(ada: Made, rita: int) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    answer(ada.person_id, rita, "Would Thursday suit you?", ada.public_id, is_hurried=True)
    send()
    letter = newest_delivery("conversations/reply_about")
    assert open_tasks() == []
    arrive(
        written(
            "Thursday suits me.\n\nOn Wed, 4 Mar 2026 at 09:00, Rita Sander <rita@example.org> wrote:\n> Would it?\n",
            to=answers_to(letter),
            In_Reply_To=f"<{letter.key}@kindred.example>",
        )
    )
    newest = said(ada.person_id)[-1]
    assert (newest.body, newest.is_by_mail, newest.author_id) == ("Thursday suits me.", True, None)
    assert newest.quoted.startswith("On Wed, 4 Mar 2026")
    assert session().get_one(Application, newest.application_id).public_id == ada.public_id
    assert [task.owner_id for task in open_tasks()] == [rita]
    assert newest_delivery().kind == "conversations/question"


def test_it_is_taken_in_once_however_often_it_comes(ada: Made) -> None:
    mail = written(to=reply_address(ada.person_id))
    arrive(mail, mail)
    arrive(mail)
    work()
    assert len(said(ada.person_id)) == 1
    assert [one.state for one in kept()] == [IncomingState.PLACED]


def test_the_candidate_reads_it_as_theirs_and_that_it_came_by_mail(app: Flask, ada: Made) -> None:
    arrive(written("I can come on Friday.", to=reply_address(ada.person_id)))
    page = signed_in(app, ada.person_id).get("/me/conversation")
    assert "I can come on Friday." in page.text
    assert "By mail" in page.text


def test_mail_from_another_address_waits_for_a_colleague(app: Flask, ada: Made, rita: int) -> None:
    arrive(written("I am Ada, really.", sender="stranger@example.net", to=reply_address(ada.person_id)))
    assert said(ada.person_id) == []
    assert kept()[0].why is WhyNotPlaced.OTHER_SENDER
    assert [task.owner_id for task in open_tasks(TaskKind.HELD_MAIL)] == [rita]
    assert "I am Ada" not in signed_in(app, ada.person_id).get("/me/conversation").text
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/conversations/{public_id_of(ada.person_id)}")
    assert "stranger@example.net" in page.text
    assert "I am Ada, really." in page.text
    desk.submit(page, action="/place")
    newest = said(ada.person_id)[-1]
    assert (newest.body, newest.sent_from) == ("I am Ada, really.", "stranger@example.net")
    assert open_tasks(TaskKind.HELD_MAIL) == []
    assert len(open_tasks()) == 1


def test_what_is_not_theirs_is_let_go_of(app: Flask, ada: Made, rita: int) -> None:
    arrive(written("Buy now", sender="stranger@example.net", to=reply_address(ada.person_id)))
    desk = signed_in(app, rita)
    page = desk.get(f"/recruiting/conversations/{public_id_of(ada.person_id)}")
    desk.submit(page, action="/dismiss")
    assert said(ada.person_id) == []
    assert open_tasks(TaskKind.HELD_MAIL) == []
    assert "Buy now" not in desk.get(f"/recruiting/conversations/{public_id_of(ada.person_id)}").text


def test_files_are_refused_politely_once_a_day(ada: Made, time: Time) -> None:
    for day in range(2):
        for number in range(2):
            arrive(written(f"My CV, {day} {number}", to=reply_address(ada.person_id), files=("cv.pdf",)))
        time.pass_by(days=1)
    messages = said(ada.person_id)
    assert [one.left_out for one in messages] == [["cv.pdf"]] * 4
    end_reading()
    refusals = select(Delivery).where(Delivery.kind == "conversations/files_left_out")
    found = list(session().scalars(refusals))
    assert len(found) == 2
    assert "cv.pdf" in found[0].text
    assert {one.to_address for one in found} == {"ada@example.org"}


def test_a_mail_of_files_alone_is_told_by_its_subject(ada: Made) -> None:
    arrive(written("", subject="My CV", to=reply_address(ada.person_id), files=("cv.pdf",)))
    assert said(ada.person_id)[0].body == "My CV"


def test_html_alone_becomes_text(ada: Made) -> None:
    html = "<p>Yes &amp; gladly</p><script>alert(1)</script><blockquote>Would it suit?</blockquote>"
    arrive(written(html=html, to=reply_address(ada.person_id)))
    message = said(ada.person_id)[0]
    assert message.body == "Yes & gladly"
    assert "alert" not in message.quoted


def test_who_writes_very_often_is_taken_in_later_and_nothing_is_lost(ada: Made, time: Time) -> None:
    arrive(*(written(f"Number {number}", to=reply_address(ada.person_id)) for number in range(12)))
    assert len(said(ada.person_id)) == 10
    time.pass_by(hours=1)
    work()
    assert len(said(ada.person_id)) == 12


def test_a_mail_that_is_too_long_loses_its_end_and_says_so(ada: Made) -> None:
    arrive(written("word " * 5_000, to=reply_address(ada.person_id)))
    message = said(ada.person_id)[0]
    assert len(message.body) <= 10_000
    assert message.is_cut


def test_without_the_settings_answers_go_to_the_colleague_as_before(ada: Made, rita: int) -> None:
    with reachable(reply_address="", return_address=""):
        ask_us(ada.person_id)
        answer(ada.person_id, rita, is_hurried=True)
        send()
        assert answers_to(newest_delivery("conversations/reply")) == "rita@example.org"


def test_who_leaves_takes_their_mail_along(ada: Made, rita: int) -> None:
    arrive(
        written("One word", to=reply_address(ada.person_id)),
        written("Another", sender="stranger@example.net", to=reply_address(ada.person_id)),
        written("A third", sender="ada@example.org"),
    )
    assert len(kept()) == 3
    shown = [section.extra.get("incoming") for section in export(ada.person_id)]
    assert "One word" in str(shown)
    assert "Another" not in str(shown)
    erase(ada.person_id, clock.now())
    assert kept() == []


def test_mail_to_a_record_that_became_part_of_another_finds_the_other(ada: Made) -> None:
    before = reply_address(ada.person_id)
    kept_id = make_person("Ada Lind", "ada.lind@example.net")
    merge_people(kept_id, ada.person_id, kept_id, clock.now())
    arrive(written("Still me.", to=before))
    assert [one.body for one in said(kept_id)] == ["Still me."]
