"""Approving feedback: who may, when it goes, sending it back, taking it back before and after it went."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.models import AuditRecord
from portal.contact.states import Timing
from portal.core import clock
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.feedback.actions.approving import (
    approve_feedback,
    return_feedback,
    take_back_feedback,
)
from portal.feedback.actions.retracting import retract_feedback
from portal.feedback.jobs import stop_what_must_wait
from portal.feedback.queries.own import own_feedback, own_words
from portal.feedback.rules.writing import FeedbackRefused, NotNow, RetractReason, StaleFeedback
from portal.feedback.states import FeedbackState
from portal.interviews.states import Relationship
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import Time
from tests.factories import add_event, signed_in
from tests.feedback.test_writing import hold
from tests.feedback.written import (
    SECRET,
    WORDS,
    People,
    approved,
    draft,
    handed_in,
    mails,
    make_people,
    open_tasks,
    retracted,
    row,
    scope,
    sent,
)

pytestmark = pytest.mark.both_in_soak


def page_of(people: People, more: str = "") -> str:
    return f"/recruiting/applications/{people.ada.public_id}/feedback{more}"


def audit(action: str) -> list[AuditRecord]:
    return list(session().scalars(select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)))


def test_a_recruiter_reads_it_and_lets_it_go(app: Flask, time: Time) -> None:
    people = make_people()
    handed_in(people)
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people, "/approve"))
    assert WORDS.strong in page.text
    assert "Written by Hugo Berg" in page.text
    page = rita.submit(page, having="revision", button="approve")
    assert "Approved, and not sent yet" in page.text
    assert open_tasks() == []
    (mail,) = mails("feedback/given")
    assert (mail.timing, mail.state) == (Timing.OFFICE, DeliveryState.QUEUED)
    assert SECRET not in (mail.text + mail.html + mail.subject).lower()
    assert (row(people).approver_id, row(people).is_alone) == (people.rita, False)


def test_the_mail_waits_for_office_hours(app: Flask, time: Time) -> None:
    time.at = datetime(2026, 3, 6, 19, 0, tzinfo=UTC)
    people = make_people()
    approved(people)
    time.at += timedelta(hours=2)
    send_what_is_due()
    assert mails("feedback/given")[0].state is DeliveryState.QUEUED
    assert own_feedback(people.ada.person_id, people.ada.public_id) is None
    time.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    send_what_is_due()
    assert mails("feedback/given")[0].state is DeliveryState.SENT
    assert own_feedback(people.ada.person_id, people.ada.public_id) is not None


def test_its_author_does_not_approve_it_and_reads_why(app: Flask) -> None:
    people = make_people()
    revision = handed_in(people)
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people, "/approve"))
    assert "You wrote it, or changed it last, so somebody else approves it." in page.text
    assert not any("words" in form.names for form in page.forms)
    with pytest.raises(NotNow, match="You wrote it"):
        approve_feedback(
            people.ada.public_id, revision=revision, scope=scope(people.hugo, Role.HIRING_MANAGER), now=clock.now()
        )
    assert row(people).state is FeedbackState.FOR_APPROVAL


def test_who_knows_them_well_is_not_asked_and_does_not_approve_it(app: Flask) -> None:
    people = make_people(knows=Relationship.FORMER_MANAGER)
    revision = handed_in(people)
    assert open_tasks() == [people.admin]
    page = signed_in(app, people.rita).get(page_of(people, "/approve"))
    assert "You said that you know them well" in page.text
    for action in (approve_feedback, lambda *given, **named: return_feedback(given[0], "No.", **named)):
        with pytest.raises(NotNow, match="know them well"):
            action(people.ada.public_id, revision=revision, scope=scope(people.rita), now=clock.now())


def test_the_hiring_manager_approves_what_a_recruiter_wrote(app: Flask) -> None:
    people = make_people()
    revision = draft(people, author=people.rita, role=Role.RECRUITER)
    hugo = scope(people.hugo, Role.HIRING_MANAGER)
    signed = signed_in(app, people.rita)
    signed.submit(signed.get(page_of(people, "/preview")), having="revision", button="Hand it in")
    assert open_tasks() == [people.admin]
    approve_feedback(people.ada.public_id, revision=revision + 1, scope=hugo, now=clock.now())
    assert row(people).approver_id == people.hugo
    assert open_tasks() == []


def test_whoever_only_took_part_and_whoever_leads_another_opening_approve_nothing(app: Flask) -> None:
    people = make_people()
    revision = handed_in(people)
    for person_id in (people.omar, people.lena):
        with pytest.raises(NotFound):
            approve_feedback(
                people.ada.public_id, revision=revision, scope=scope(person_id, Role.HIRING_MANAGER), now=clock.now()
            )


def test_what_was_changed_since_it_was_read_is_not_approved(app: Flask) -> None:
    people = make_people()
    handed_in(people)
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people, "/approve"))
    handed_in(people, words=replace(WORDS, strong="You asked a better question."))
    page = rita.submit(page, having="revision", button="approve", expect=409)
    assert "A colleague has changed it since you opened this page" in page.text
    assert "You asked a better question." in page.text
    rita.submit(page, having="revision", button="approve")
    assert row(people).state is FeedbackState.APPROVED


def test_sent_back_it_is_a_draft_and_its_author_reads_why(app: Flask) -> None:
    people = make_people()
    handed_in(people)
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people, "/approve"))
    page = rita.submit(page, having="words", button="return", expect=422)
    assert "Say what should change" in page.text
    rita.submit(page, having="words", button="return", words="Name the query.")
    assert (row(people).state, row(people).author_id) == (FeedbackState.DRAFT, people.hugo)
    assert open_tasks() == []
    (mail,) = mails("feedback/returned")
    assert mail.to_address == "hugo@example.org"
    assert "Name the query" not in mail.text
    assert "Ada" not in mail.text
    page = signed_in(app, people.hugo).get(page_of(people))
    assert "Rita Sander sent it back, with this" in page.text
    assert "Name the query." in page.text
    handed_in(people)
    assert open_tasks() == [people.rita]
    assert row(people).returned_words == ""


def test_until_it_goes_it_can_be_taken_back_without_a_trace_for_the_candidate(app: Flask, time: Time) -> None:
    people = make_people()
    approved(people)
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people))
    rita.submit(page, action="take-back")
    assert row(people).state is FeedbackState.DRAFT
    assert row(people).delivery_id is None
    time.at += timedelta(hours=1)
    send_what_is_due()
    assert [mail.state for mail in session().scalars(select(Delivery).where(Delivery.kind == "feedback/given"))] == [
        DeliveryState.CANCELLED
    ]
    assert own_feedback(people.ada.person_id, people.ada.public_id) is None


def test_whoever_only_took_part_takes_back_nothing_of_others(app: Flask) -> None:
    people = make_people()
    approved(people)
    omar = signed_in(app, people.omar)
    page = omar.get(page_of(people))
    assert "Approved, and not sent yet" in page.text
    assert not any(form.action.endswith("take-back") for form in page.forms)
    with pytest.raises(NotFound):
        take_back_feedback(people.ada.public_id, scope=scope(people.omar, Role.HIRING_MANAGER), now=clock.now())
    assert row(people).state is FeedbackState.APPROVED


def test_what_has_gone_is_not_taken_back_in_silence(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    with pytest.raises(NotNow, match="with words"):
        take_back_feedback(people.ada.public_id, scope=scope(people.rita), now=clock.now())


def test_when_the_ending_is_taken_back_what_waits_is_a_draft_again(app: Flask, time: Time) -> None:
    people = make_people()
    approved(people)
    stop_what_must_wait(clock.now())
    assert row(people).state is FeedbackState.APPROVED
    add_event(people.ada.id, EventKind.REVERTED, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 3, 10))
    stop_what_must_wait(clock.now())
    assert row(people).state is FeedbackState.DRAFT
    assert "not read yet how it ended" in row(people).returned_words
    time.at += timedelta(hours=1)
    send_what_is_due()
    assert own_feedback(people.ada.person_id, people.ada.public_id) is None


def test_what_an_admin_holds_meanwhile_does_not_go(app: Flask) -> None:
    people = make_people()
    approved(people)
    hold(people.ada.id)
    stop_what_must_wait(clock.now())
    assert row(people).state is FeedbackState.DRAFT


def test_approving_is_recorded_with_whether_it_was_alone(app: Flask) -> None:
    people = make_people()
    approved(people)
    (found,) = audit("feedback.approve")
    assert (found.actor_id, found.details["is_alone"]) == (people.rita, False)
    assert SECRET not in str(found.details)


def test_taken_back_after_it_went_their_page_says_so_and_a_mail_tells_them(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people, "/retract"))
    page = rita.submit(page, having="words", expect=422)
    assert "Please say why." in page.text
    rita.submit(page, having="words", reason="wrong_facts", words="One line was not true. I am sorry.")
    assert row(people).state is FeedbackState.RETRACTED
    assert own_words(people.ada.person_id, people.ada.public_id) is None
    send_what_is_due()
    (mail,) = mails("feedback/retracted")
    assert mail.state is DeliveryState.SENT
    assert "One line was not true." in mail.text
    assert SECRET not in (mail.text + mail.html).lower()
    ada = signed_in(app, people.ada.person_id)
    for path in ("", "/feedback"):
        page = ada.get(f"/me/applications/{people.ada.public_id}{path}")
        assert "One line was not true." in page.text
        assert SECRET not in page.body.lower()


def test_the_audit_log_keeps_who_took_it_back_when_and_why_and_colleagues_its_text(app: Flask, time: Time) -> None:
    people = make_people()
    retracted(people, time)
    (found,) = audit("feedback.retract")
    assert (found.actor_id, found.details["why"]) == (people.rita, "wrong_facts")
    assert SECRET not in str(found.details)
    assert "sorry" not in str(found.details)
    page = signed_in(app, people.hugo).get(page_of(people))
    assert "Taken back on" in page.text
    assert SECRET in page.text.lower()


def test_only_who_wrote_or_approved_it_and_admins_take_it_back(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    for person_id, role in ((people.omar, Role.HIRING_MANAGER), (people.lena, Role.HIRING_MANAGER)):
        with pytest.raises((NotNow, NotFound)):
            retract_feedback(
                people.ada.public_id,
                RetractReason.ANOTHER,
                "Sorry.",
                scope=scope(person_id, role),
                now=clock.now(),
            )
    retract_feedback(
        people.ada.public_id,
        RetractReason.ANOTHER,
        "Sorry.",
        scope=scope(people.admin, Role.ADMIN),
        now=clock.now(),
    )
    assert row(people).state is FeedbackState.RETRACTED


def test_words_to_them_are_needed_to_take_it_back(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    with pytest.raises(FeedbackRefused):
        retract_feedback(people.ada.public_id, RetractReason.HURTFUL, " ", scope=scope(people.rita), now=clock.now())


def test_written_anew_they_choose_anew_to_read_it(app: Flask, time: Time) -> None:
    people = make_people()
    retracted(people, time)
    hugo = signed_in(app, people.hugo)
    hugo.submit(hugo.get(page_of(people)), action="anew")
    assert row(people).state is FeedbackState.DRAFT
    ada = signed_in(app, people.ada.person_id)
    assert "Taken back" in ada.get(f"/me/applications/{people.ada.public_id}/feedback").text
    handed_in(people, words=replace(WORDS, strong="You asked whom it is for."))
    approve_feedback(people.ada.public_id, revision=row(people).revision, scope=scope(people.rita), now=clock.now())
    assert "Taken back" in ada.get(f"/me/applications/{people.ada.public_id}/feedback").text
    time.at += timedelta(minutes=30)
    send_what_is_due()
    page = ada.get(f"/me/applications/{people.ada.public_id}/feedback")
    assert "Hugo Berg has written feedback for you." in page.text
    assert "Taken back" not in page.text


def test_a_stale_page_takes_nothing_back_twice(app: Flask) -> None:
    people = make_people()
    revision = handed_in(people)
    approve_feedback(people.ada.public_id, revision=revision, scope=scope(people.rita), now=clock.now())
    with pytest.raises(NotNow):
        approve_feedback(people.ada.public_id, revision=revision, scope=scope(people.rita), now=clock.now())
    assert len(mails("feedback/given")) == 1
    with pytest.raises((StaleFeedback, NotNow)):
        return_feedback(people.ada.public_id, "No.", revision=revision, scope=scope(people.rita), now=clock.now())


def test_a_task_leads_to_where_it_is_approved(app: Flask) -> None:
    people = make_people()
    handed_in(people)
    page = signed_in(app, people.rita).get("/recruiting/tasks")
    assert "Feedback for Ada Lind waits to be approved: Data Analyst" in page.text
    assert page_of(people, "/approve") in page.links
    assert session().scalars(select(Task.person_id)).all() == [people.ada.person_id]
