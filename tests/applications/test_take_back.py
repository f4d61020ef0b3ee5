"""Until a letter is sent it can be undone without a trace."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import OneTimeToken
from portal.applications import jobs, privacy
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.models import Application, ApplicationEvent, LetterDraft
from portal.applications.queries import StaffScope, StaffView, find_application_of, find_for_staff, kept_draft
from portal.applications.rules import EndingWaits, GoneAlready, Proposal, StaleApplication
from portal.applications.states import ApplicationStatus, EndReason
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.outbox import privacy as outbox_privacy
from portal.outbox.actions import claim_next, mark_sent, release
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_person, make_staff

pytestmark = pytest.mark.both_in_soak

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
NO = Proposal(
    ApplicationStatus.NOT_SELECTED, "We have chosen somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
)
MEET = Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", MONDAY, "Hugo is away.")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    return StaffScope(person_id, role)


def view_of(made: Made, rita: int) -> StaffView:
    end_reading()
    found = find_for_staff(made.public_id, scope(rita))
    assert found is not None
    return found


def write(made: Made, rita: int, proposal: Proposal = MEET) -> str:
    seen = view_of(made, rita).newest_event_id
    write_to_candidate(
        made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=seen, now=clock.now(), is_hurried=True
    )
    return view_of(made, rita).newest_event_id


def take_back(made: Made, rita: int, event_id: str) -> None:
    take_back_letter(made.public_id, event_id, scope=scope(rita), now=clock.now())


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def the_delivery() -> Delivery:
    end_reading()
    return session().scalars(select(Delivery)).one()


@pytest.mark.parametrize("proposal", [NO, MEET], ids=["ending", "message"])
def test_what_was_taken_back_leaves_nothing_for_the_candidate(rita: int, ada: Made, proposal: Proposal) -> None:
    before = view_of(ada, rita)
    event_id = write(ada, rita, proposal)
    take_back(ada, rita, event_id)
    after = view_of(ada, rita)
    assert (after.status, after.next_update_by, after.events) == (before.status, before.next_update_by, before.events)
    assert claim_next("a-worker", clock.now()) is None
    letter = the_delivery()
    assert letter.state is DeliveryState.CANCELLED
    assert (letter.person_id, letter.to_address, letter.subject, letter.text, letter.html) == (None, "", "", "", "")
    assert count(OneTimeToken) == 0
    said = f"{outbox_privacy.export(ada.person_id)} {privacy.export(ada.person_id)}"
    assert proposal.message not in said


def test_the_words_wait_in_the_form_until_they_are_sent(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita))
    draft = kept_draft(ada.id)
    assert draft is not None
    assert (draft.status, draft.message) == (MEET.status, MEET.message)
    assert (draft.next_update_by, draft.date_reason) == (MEET.next_update_by, MEET.date_reason)
    write(ada, rita)
    assert kept_draft(ada.id) is None


def test_two_letters_that_are_taken_back_lose_no_word(rita: int, ada: Made) -> None:
    first = write(ada, rita, Proposal(ApplicationStatus.IN_REVIEW, "The first.", FRIDAY, ""))
    second = write(ada, rita, Proposal(ApplicationStatus.IN_REVIEW, "The second.", FRIDAY, ""))
    take_back(ada, rita, second)
    take_back(ada, rita, first)
    draft = kept_draft(ada.id)
    assert draft is not None
    assert draft.message == "The first.\n\nThe second."


def test_an_ordinary_letter_leaves_an_ending_that_was_taken_back(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita, NO))
    write(ada, rita)
    draft = kept_draft(ada.id)
    assert draft is not None
    assert (draft.status, draft.message) == (NO.status, NO.message)


def test_an_ordinary_letter_that_is_taken_back_never_holds_the_words_of_an_ending(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita, NO))
    take_back(ada, rita, write(ada, rita))
    draft = kept_draft(ada.id)
    assert draft is not None
    assert (draft.status, draft.next_update_by) == (NO.status, None)
    assert draft.message == f"{MEET.message}\n\n{NO.message}"


def test_the_ending_itself_uses_the_kept_words_up(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita, NO))
    write(ada, rita, NO)
    assert kept_draft(ada.id) is None


def test_words_that_nobody_uses_are_forgotten_after_a_month(rita: int, ada: Made, time: Time) -> None:
    take_back(ada, rita, write(ada, rita))
    jobs.forget_old_drafts(time.at + timedelta(days=29))
    assert count(LetterDraft) == 1
    jobs.forget_old_drafts(time.at + timedelta(days=31))
    end_reading()
    assert count(LetterDraft) == 0


def test_erasing_a_person_erases_the_words_too(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita))
    erase_person(ada.person_id, None, clock.now())
    end_reading()
    assert count(LetterDraft) == 0


def test_what_an_import_reported_is_due_again(rita: int) -> None:
    reported = clock.now() - timedelta(days=1)
    made = make_application(make_opening(), rita, promised=FRIDAY, changed_at=reported)
    event_id = write(made, rita)
    assert view_of(made, rita).change_reported_at is None
    take_back(made, rita, event_id)
    assert view_of(made, rita).change_reported_at == reported


def test_who_took_it_back_is_recorded_without_the_words(rita: int, ada: Made) -> None:
    take_back(ada, rita, write(ada, rita, NO))
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "applications.take_back_letter")).one()
    assert (record.actor_id, record.person_id, record.details) == (rita, ada.person_id, {"status": "not_selected"})


def test_a_letter_that_is_being_sent_or_was_sent_has_gone(rita: int, ada: Made) -> None:
    event_id = write(ada, rita)
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    with pytest.raises(GoneAlready, match="gone already"):
        take_back(ada, rita, event_id)
    mark_sent(claimed, clock.now())
    with pytest.raises(GoneAlready, match="gone already"):
        take_back(ada, rita, event_id)
    assert find_application_of(ada.person_id, ada.public_id).status is ApplicationStatus.INTERVIEWING


def test_a_letter_that_a_worker_gave_back_untried_can_be_taken_back(rita: int, ada: Made) -> None:
    event_id = write(ada, rita)
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    release(claimed, clock.now())
    take_back(ada, rita, event_id)
    assert the_delivery().state is DeliveryState.CANCELLED


def test_a_letter_that_may_have_arrived_is_not_taken_back(rita: int, ada: Made, time: Time) -> None:
    """The worker died with it; when the lease has ended, office hours have too, and it waits again."""
    time.at = datetime(2026, 3, 6, 15, 59, tzinfo=UTC)
    event_id = write(ada, rita, NO)
    assert claim_next("a-worker", clock.now()) is not None
    time.at = FRIDAY_EVENING
    assert claim_next("another", clock.now()) is None
    assert the_delivery().state is DeliveryState.QUEUED
    with pytest.raises(GoneAlready):
        take_back(ada, rita, event_id)


def test_taking_back_twice_says_so(rita: int, ada: Made) -> None:
    event_id = write(ada, rita)
    take_back(ada, rita, event_id)
    with pytest.raises(GoneAlready, match="taken back before"):
        take_back(ada, rita, event_id)


def test_only_a_letter_of_this_application_and_only_by_who_may_write(rita: int, ada: Made) -> None:
    other = make_application(make_opening(), rita, promised=FRIDAY)
    event_id = write(other, rita)
    with pytest.raises(GoneAlready):
        take_back(ada, rita, event_id)
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    with pytest.raises(NotFound):
        take_back_letter(other.public_id, event_id, scope=scope(hugo, Role.HIRING_MANAGER), now=clock.now())
    assert the_delivery().state is DeliveryState.QUEUED


def test_of_a_worker_and_somebody_who_takes_it_back_one_wins(app: Flask, rita: int, ada: Made) -> None:
    for _round in range(5):
        event_id = write(ada, rita)
        answers: list[str] = []

        def send(answers: list[str] = answers) -> None:
            with app.app_context():
                claimed = claim_next("a-worker", clock.now())
                if claimed is not None and mark_sent(claimed, clock.now()):
                    answers.append("sent")

        def undo(event_id: str = event_id, answers: list[str] = answers) -> None:
            with app.app_context():
                try:
                    take_back(ada, rita, event_id)
                    answers.append("taken back")
                except GoneAlready:
                    pass

        _run(send, undo)
        assert len(answers) == 1
        is_there = any(event.public_id == event_id for event in view_of(ada, rita).events)
        assert is_there == (answers == ["sent"])


def test_writing_taking_back_and_erasing_at_once_never_wait_for_each_other_forever(app: Flask, rita: int) -> None:
    """Whoever comes too late is told so; on PostgreSQL nothing ends as a deadlock."""
    opening = make_opening()
    for number in range(6):
        made = make_application(opening, rita, person_id=make_person(f"Person {number}"), promised=FRIDAY)
        event_id = write(made, rita, MEET)
        failures: list[BaseException] = []

        def attempt(work: object, failures: list[BaseException] = failures) -> None:
            with app.app_context():
                try:
                    work()  # type: ignore[operator]  # one of the three below
                except (NotFound, StaleApplication, GoneAlready, EndingWaits):
                    pass
                except BaseException as error:  # a deadlock of any driver must fail the test
                    failures.append(error)

        def write_more(made: Made = made, seen: str = event_id) -> None:
            write_to_candidate(made.public_id, scope=scope(rita), proposal=NO, seen_event_id=seen, now=clock.now())

        def undo(made: Made = made, event_id: str = event_id) -> None:
            take_back(made, rita, event_id)

        def erase(made: Made = made) -> None:
            erase_person(made.person_id, None, clock.now())

        _run(*(lambda work=work: attempt(work) for work in (write_more, undo, erase)))
        assert failures == []
        end_reading()
        assert session().get(Application, made.id) is None
    assert count(ApplicationEvent) == 0


def _run(*works: object) -> None:
    with transaction():
        pass
    threads = [threading.Thread(target=work) for work in works]  # type: ignore[arg-type]  # callables
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
