"""What the export says of a conversation, and what erasing, merging and leaving do to it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.conversations import privacy
from portal.conversations.actions import need_no_answer, note_read, take_back_reply
from portal.conversations.jobs import look_for_lost_replies
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.conversations.queries import kept_reply, own_messages
from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from tests.conversations.talking import answer, ask_us, open_tasks, scope, thread_of
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, settle_mail

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person, promised=FRIDAY)


def words(person_id: int) -> str:
    end_reading()
    return " ".join(f"{section.title} {section.rows} {section.extra}" for section in privacy.export(person_id))


def count(table: type) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_the_export_is_what_they_read_and_nothing_internal(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, "Is there a lift?", ada.public_id)
    person = public_id_of(ada.person_id)
    seen = thread_of(ada.person_id, rita).newest_id
    need_no_answer(person, scope=scope(rita), reason="Asked before", seen_id=seen, now=clock.now())
    answer(ada.person_id, rita, "Yes, there is.")
    settle_mail()
    answer(ada.person_id, rita, "Not sent yet.")
    said = words(ada.person_id)
    for known in ("Is there a lift?", "Yes, there is.", "Rita Sander", "Data Analyst"):
        assert known in said
    for secret in ("Asked before", "Not sent yet."):
        assert secret not in said
    assert "needs no answer" in privacy.export(ada.person_id)[0].seen_by


def test_a_colleague_reads_that_they_wrote_and_not_what(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita, "Yes, there is.")
    said = words(rita)
    assert "Messages of yours" in said
    assert "Yes, there is." not in said


def test_erasing_removes_the_conversation_its_tasks_and_what_would_tell_of_it(rita: int, ada: Made) -> None:
    bob = make_person("Bob")
    ask_us(bob, "Mine stays.")
    ask_us(ada.person_id)
    answer(ada.person_id, rita)
    take_back_reply(
        public_id_of(ada.person_id), thread_of(ada.person_id, rita).newest_id, scope=scope(rita), now=clock.now()
    )
    erase_person(ada.person_id, None, clock.now())
    assert (count(ConversationMessage), count(ReplyDraft)) == (1, 0)
    assert [task.person_id for task in open_tasks()] == [bob]
    waiting = session().scalars(select(Delivery.cause).where(Delivery.state == DeliveryState.QUEUED)).all()
    assert waiting == [f"conversation:{public_id_of(bob)}"]


def test_a_person_who_wrote_and_read_as_staff_leaves_no_name(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    person, seen = public_id_of(ada.person_id), thread_of(ada.person_id, rita).newest_id
    note_read(person, scope=scope(rita), seen_id=seen, now=clock.now())
    privacy.erase(rita, clock.now())
    assert count(ConversationMessage) == 1


def test_two_conversations_become_one_with_one_task(rita: int, ada: Made) -> None:
    second = make_application(make_opening("Nurse"), rita, name="Ada L.", promised=FRIDAY)
    ask_us(ada.person_id, "First?", ada.public_id, key="same")
    ask_us(second.person_id, "Second?", second.public_id, key="same")
    kept, gone = public_id_of(ada.person_id), public_id_of(second.person_id)
    merge_people(ada.person_id, second.person_id, None, clock.now())
    end_reading()
    assert [one.body for one in own_messages(ada.person_id)] == ["First?", "Second?"]
    (task,) = open_tasks()
    assert (task.about, task.person_id) == (kept, ada.person_id)
    assert session().scalars(select(Task).where(Task.about == gone)).all() == []
    answer(ada.person_id, rita)
    assert open_tasks() == []


def test_words_that_were_taken_back_on_both_sides_are_kept(rita: int, ada: Made) -> None:
    second = make_application(make_opening("Nurse"), rita, promised=FRIDAY)
    for person_id, text in ((ada.person_id, "To one."), (second.person_id, "To the other.")):
        answer(person_id, rita, text)
        take_back_reply(
            public_id_of(person_id), thread_of(person_id, rita).newest_id, scope=scope(rita), now=clock.now()
        )
    merge_people(ada.person_id, second.person_id, None, clock.now())
    end_reading()
    kept = kept_reply(ada.person_id)
    assert kept is not None
    assert kept.body == "To one.\n\nTo the other."


def test_an_answer_that_was_lost_before_the_merging_is_settled_after_it(rita: int, ada: Made) -> None:
    second = make_application(make_opening("Nurse"), rita, promised=FRIDAY)
    answer(second.person_id, rita)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_replies(clock.now())
    merge_people(ada.person_id, second.person_id, None, clock.now())
    answer(ada.person_id, rita)
    settle_mail()
    look_for_lost_replies(clock.now())
    assert open_tasks(TaskKind.DEAD_REPLY) == []


def test_who_takes_over_owes_the_answers_and_the_names_stay(rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    answer(ada.person_id, rita, "From Rita.")
    settle_mail()
    ask_us(ada.person_id)
    hand_over(rita, omar, None, clock.now())
    assert [task.owner_id for task in open_tasks()] == [omar]
    end_reading()
    assert own_messages(ada.person_id)[0].author_name == "Rita Sander"
