"""A candidate writes to us: where it stands, who owes the answer, who is told."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.conversations.models import ConversationMessage
from portal.conversations.queries import own_messages
from portal.conversations.rules import ProposalRefused, TooOften
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.people.actions import note_absence
from portal.people.models import Staff
from portal.tasks.actions import finish_task
from tests.conftest import START, Time
from tests.conversations.talking import ask_us, open_tasks
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    public_id_of,
)

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person, promised=FRIDAY)


def mails() -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).order_by(Delivery.id)))


def leave(person_id: int) -> None:
    with transaction() as own:
        own.get_one(Staff, person_id).is_active = False


def test_what_they_write_stands_in_their_conversation_at_once(ada: Made) -> None:
    ask_us(ada.person_id, "Is there a lift?\r\nI use a wheelchair.", ada.public_id)
    (said,) = own_messages(ada.person_id)
    assert said.body == "Is there a lift?\nI use a wheelchair."
    assert (said.author_name, said.opening_title, said.read_at) == (None, "Data Analyst", None)


def test_whoever_looks_after_the_application_owes_the_answer_by_the_next_working_day(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    (task,) = open_tasks()
    assert (task.owner_id, task.due_on, task.title) == (rita, date(2026, 3, 5), "Data Analyst")
    assert task.about == public_id_of(ada.person_id)


def test_on_friday_it_is_due_on_monday(ada: Made, time: Time) -> None:
    time.pass_by(days=2)
    ask_us(ada.person_id)
    assert open_tasks()[0].due_on == date(2026, 3, 9)


def test_the_mail_to_the_colleague_leads_there_and_names_nobody(ada: Made) -> None:
    ask_us(ada.person_id, "A secret matter", ada.public_id)
    (mail,) = mails()
    assert mail.to_address == "rita@example.org"
    for part in (mail.text, mail.html):
        assert f"/recruiting/conversations/{public_id_of(ada.person_id)}" in part
        assert "Data Analyst" in part
        assert "Thursday 5 March 2026" in part
        assert "secret" not in part
        assert "Lind" not in part


def test_a_colleague_who_is_away_owes_it_and_the_stand_in_gets_the_mail(rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad", email="omar@example.org")
    note_absence(rita, omar, date(2026, 3, 4), date(2026, 3, 10), actor_id=rita, today=date(2026, 3, 4), now=START)
    ask_us(ada.person_id, application=ada.public_id)
    assert mails()[0].to_address == "omar@example.org"
    assert open_tasks()[0].owner_id == rita


def test_two_messages_in_a_row_are_one_task_and_two_mails(ada: Made) -> None:
    ask_us(ada.person_id)
    ask_us(ada.person_id, "And a canteen?")
    assert len(open_tasks()) == 1
    assert len(mails()) == 2


def test_sending_a_form_twice_writes_once(ada: Made) -> None:
    ask_us(ada.person_id, key="one")
    ask_us(ada.person_id, key="one")
    assert len(own_messages(ada.person_id)) == 1
    assert len(mails()) == 1


def test_anothers_form_key_does_not_swallow_a_message(ada: Made) -> None:
    bob = make_person("Bob")
    ask_us(ada.person_id, key="one")
    ask_us(bob, key="one")
    assert len(own_messages(bob)) == 1


def test_nothing_in_particular_goes_to_who_looks_after_the_newest_open_application(rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    make_application(make_opening("Nurse"), omar, person_id=ada.person_id, promised=FRIDAY)
    make_application(make_opening("Baker"), rita, person_id=ada.person_id, status=ApplicationStatus.NOT_SELECTED)
    ask_us(ada.person_id)
    assert open_tasks()[0].owner_id == omar


def test_when_who_looked_after_it_has_left_the_openings_recruiter_owes_it(rita: int) -> None:
    omar = make_staff("Omar Haddad")
    make_staff("Zoe Zest")
    made = make_application(make_opening("Nurse", recruiter_id=omar), rita, promised=FRIDAY)
    leave(rita)
    ask_us(made.person_id, application=made.public_id)
    assert open_tasks()[0].owner_id == omar


def test_somebody_without_an_application_goes_to_the_recruiter_with_the_least_to_do(rita: int) -> None:
    omar = make_staff("Omar Haddad")
    make_staff("Alma Reyes", Role.ADMIN)
    make_task(rita)
    ask_us(make_person("Nora"))
    assert open_tasks()[0].owner_id == omar


def test_where_nobody_works_the_message_is_kept_all_the_same(app: Flask) -> None:
    nora = make_person("Nora")
    ask_us(nora)
    assert len(own_messages(nora)) == 1
    assert (open_tasks(), mails()) == ([], [])


def test_a_question_after_one_that_somebody_ticked_off_is_a_new_task(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    finish_task(open_tasks()[0].id, actor_id=rita, now=START)
    ask_us(ada.person_id, "Hello?")
    assert [task.owner_id for task in open_tasks()] == [rita]


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001])
def test_nothing_and_too_much_are_refused(ada: Made, text: str) -> None:
    with pytest.raises(ProposalRefused):
        ask_us(ada.person_id, text)
    assert own_messages(ada.person_id) == []


def test_nobody_writes_about_anothers_application(ada: Made) -> None:
    bob = make_person("Bob")
    with pytest.raises(NotFound):
        ask_us(bob, application=ada.public_id)
    assert session().scalar(select(func.count(ConversationMessage.id))) == 0


def test_after_ten_messages_an_hour_one_has_to_wait_and_then_goes_on(ada: Made, time: Time) -> None:
    for number in range(10):
        ask_us(ada.person_id, f"Message {number}")
    with pytest.raises(TooOften):
        ask_us(ada.person_id, "Message 11")
    time.pass_by(hours=1)
    ask_us(ada.person_id, "Message 11")
    assert len(own_messages(ada.person_id)) == 11


def test_it_is_recorded_without_its_words(ada: Made) -> None:
    ask_us(ada.person_id, "A secret matter")
    end_reading()
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "conversations.ask")).one()
    assert (record.actor_id, record.person_id, record.details) == (ada.person_id, ada.person_id, {})
