"""A candidate takes an application back: two clicks, at once, and nothing else of theirs changes."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import withdraw_application
from portal.applications.models import Application, ApplicationEvent
from portal.applications.rules import AlreadyEnded
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.audit.models import AuditRecord
from portal.contact.models import ContactPreferences
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.mail import RenderedMail
from portal.outbox.actions import claim_next, enqueue, mark_sent
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    signed_in,
    visitor,
)
from tests.pages import Browser

FRIDAY = date(2026, 3, 6)
LETTER = "f" * 24


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind", "ada@example.org")


@pytest.fixture
def made(rita: int, ada: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)


@pytest.fixture
def reader(app: Flask, ada: int) -> Browser:
    return signed_in(app, ada)


def path(made: Made) -> str:
    return f"/me/applications/{made.public_id}"


def events(made: Made) -> list[ApplicationEvent]:
    end_reading()
    statement = select(ApplicationEvent).where(ApplicationEvent.application_id == made.id).order_by(ApplicationEvent.id)
    return list(session().scalars(statement))


def mails(kind: str) -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind)))


def letter(
    made: Made, kind: EventKind = EventKind.MESSAGE, status: ApplicationStatus = ApplicationStatus.NOT_SELECTED
) -> int:
    """Something that waits in the outbox to be said about the application."""
    with transaction():
        delivery_id = enqueue(
            RenderedMail(LETTER, "applications/ending", "An answer", "We chose somebody else.\n", "<p>-</p>", "en"),
            to_address="ada@example.org",
            to_name="Ada Lind",
            person_id=made.person_id,
            mail_class=MailClass.OWN,
            cause=f"application:{made.public_id}",
            dedupe_key=f"letter:{made.public_id}",
            now=clock.now(),
        )
        promised = None if status in ENDINGS else FRIDAY
        words = "We chose somebody else."
        add_event(made.id, kind, status=status, promised=promised, message=words, delivery_id=delivery_id)
    return delivery_id


def withdraw(made: Made, why: str = "") -> None:
    withdraw_application(made.person_id, made.public_id, why=why, now=clock.now())


def test_two_clicks_end_it_and_a_mail_confirms_it(reader: Browser, made: Made) -> None:
    page = reader.get(path(made))
    assert f"{path(made)}/withdraw" in page.links
    asked = reader.get(f"{path(made)}/withdraw")
    assert "What ends" in asked.text
    assert "What stays" in asked.text
    assert "Rita Sander and the people who recruit for this opening read it" in asked.text
    done = reader.submit(asked, having="why")
    assert done.path == path(made)
    assert "You withdrew this application, and it ended on Wednesday 4 March 2026" in done.text
    assert "You did." in done.text
    assert "A mail confirms it" in done.text
    assert f"{path(made)}/withdraw" not in done.links
    assert done.find("data-next-update-by") is None
    confirmation = mails("applications/withdrawn")
    assert [one.subject for one in confirmation] == ["You withdrew your application for Data Analyst"]
    assert "rita@example.org" in confirmation[0].reply_to


def test_the_reason_is_kept_for_who_recruits_and_shown_back(app: Flask, reader: Browser, rita: int, made: Made) -> None:
    asked = reader.get(f"{path(made)}/withdraw")
    done = reader.submit(asked, having="why", why="  I found something nearer.  ")
    assert "I found something nearer." in done.text.partition("What has happened so far")[2]
    staff = signed_in(app, rita).get(f"/recruiting/applications/{made.public_id}")
    assert "I found something nearer." in staff.text


def test_a_reason_that_is_too_long_is_kept_in_its_field(reader: Browser, made: Made) -> None:
    asked = reader.get(f"{path(made)}/withdraw")
    page = reader.submit(asked, having="why", why="x" * 1001, expect=422)
    assert page.form(having="why").values["why"] == "x" * 1001
    assert events(made)[-1].kind is EventKind.IMPORTED


def test_a_letter_that_waited_is_not_sent_and_leaves_no_trace(reader: Browser, made: Made, ada: int) -> None:
    delivery_id = letter(made)
    withdraw(made)
    assert [event.kind for event in events(made)] == [EventKind.IMPORTED, EventKind.WITHDRAWN]
    waiting = session().get_one(Delivery, delivery_id)
    assert waiting.state is DeliveryState.CANCELLED
    assert waiting.text == ""
    assert "somebody else" not in reader.get(path(made)).text
    rests = session().scalar(select(ContactPreferences.rests_until).where(ContactPreferences.person_id == ada))
    assert rests is None


def test_an_answer_to_a_question_still_goes(reader: Browser, made: Made) -> None:
    delivery_id = letter(made, EventKind.REPLY, ApplicationStatus.IN_REVIEW)
    withdraw(made)
    assert session().get_one(Delivery, delivery_id).state is DeliveryState.QUEUED


def test_a_letter_in_flight_arrives_and_the_page_still_says_withdrawn(reader: Browser, made: Made) -> None:
    letter(made)
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    withdraw(made)
    assert mark_sent(claimed, clock.now())
    page = reader.get(path(made))
    assert "You withdrew this application" in page.text
    assert "We chose somebody else." in page.text
    assert page.find("data-status").get("data-status") == "withdrawn"  # type: ignore[union-attr]


def test_nobody_owes_word_about_it_any_more(made: Made, rita: int) -> None:
    about = f"application:{made.public_id}"
    missed = make_task(rita, TaskKind.MISSED_PROMISE, about=made.public_id, cause=about)
    question = make_task(rita, TaskKind.QUESTION, about=made.public_id, cause="thread:1")
    withdraw(made)
    end_reading()
    assert session().get_one(Task, missed).state is TaskState.CANCELLED
    assert session().get_one(Task, question).state is TaskState.DUE


def test_a_letter_that_had_not_arrived_bothers_nobody_any_more(made: Made, rita: int) -> None:
    delivery_id = letter(made)
    with transaction() as own:
        own.get_one(Delivery, delivery_id).state = DeliveryState.DEAD
    lost = make_task(rita, TaskKind.DEAD_LETTER, about=made.public_id, cause=f"delivery:{LETTER}")
    withdraw(made)
    end_reading()
    assert session().get_one(Task, lost).state is TaskState.CANCELLED


def test_what_an_import_reported_needs_no_answer_any_more(made: Made) -> None:
    with transaction() as own:
        own.get_one(Application, made.id).change_reported_at = clock.now()
    withdraw(made)
    end_reading()
    assert session().get_one(Application, made.id).change_reported_at is None


def test_it_is_recorded_without_the_reason(made: Made, ada: int) -> None:
    withdraw(made, "A private matter.")
    end_reading()
    found = session().scalars(select(AuditRecord).where(AuditRecord.action == "applications.withdraw")).one()
    assert found.actor_id == ada
    assert "private" not in str(found.details)


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_what_has_ended_cannot_be_withdrawn(reader: Browser, rita: int, ada: int, status: ApplicationStatus) -> None:
    ended = make_application(make_opening(), rita, person_id=ada, status=status)
    page = reader.get(path(ended))
    assert f"{path(ended)}/withdraw" not in page.links
    assert reader.get(f"{path(ended)}/withdraw").path == path(ended)
    with pytest.raises(AlreadyEnded):
        withdraw(ended)
    assert mails("applications/withdrawn") == []


def test_pressing_twice_is_once(reader: Browser, made: Made) -> None:
    asked = reader.get(f"{path(made)}/withdraw")
    reader.submit(asked, having="why")
    again = reader.submit(asked, having="why")
    assert again.path == path(made)
    assert len(mails("applications/withdrawn")) == 1
    assert [event.kind for event in events(made)].count(EventKind.WITHDRAWN) == 1


def test_two_tabs_at_once_are_once(app: Flask, made: Made) -> None:
    begin = threading.Barrier(2)
    refused: list[AlreadyEnded] = []

    def press() -> None:
        with app.app_context():
            begin.wait()
            try:
                withdraw(made)
            except AlreadyEnded as error:
                refused.append(error)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(mails("applications/withdrawn")) == 1


def test_only_oneself_and_only_signed_in(app: Flask, reader: Browser, rita: int, made: Made) -> None:
    other = make_application(make_opening(), rita, name="Bo Ek")
    reader.get(f"{path(other)}/withdraw", expect=404)
    with pytest.raises(NotFound):
        withdraw_application(made.person_id, other.public_id, why="", now=clock.now())
    asked = visitor(app).client.get(f"{path(made)}/withdraw")
    assert asked.status_code == 303
    assert asked.location.startswith("/sign-in")
    signed_in(app, rita).get(f"{path(made)}/withdraw", expect=404)


def test_other_applications_stand_as_before(reader: Browser, rita: int, ada: int, made: Made) -> None:
    other = make_application(make_opening("Other role"), rita, person_id=ada, promised=FRIDAY)
    withdraw(made)
    page = reader.get(path(other))
    assert "Friday 6 March 2026" in page.text
    assert f"{path(other)}/withdraw" in page.links
