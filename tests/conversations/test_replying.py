"""A colleague answers: the mail first, then the page; what it keeps, what undoes it, what is refused."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import OneTimeToken
from portal.applications.actions import write_to_candidate
from portal.applications.models import ApplicationEvent
from portal.applications.queries import find_application_of, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason, EventKind
from portal.company.queries import undo_minutes
from portal.conversations.actions import need_no_answer, note_read, send_reply_now, take_back_reply
from portal.conversations.jobs import forget_old_replies, look_for_lost_replies
from portal.conversations.models import ConversationMessage
from portal.conversations.queries import kept_reply, own_messages
from portal.conversations.rules import AnswersAtOnce, GoneAlready, ProposalRefused, StaleConversation
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.states import TaskKind
from tests.conftest import Time
from tests.conversations.talking import answer, ask_us, open_tasks, scope, thread_of
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, settle_mail

pytestmark = pytest.mark.both_in_soak

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person, promised=FRIDAY)


def shown(made: Made) -> tuple[ApplicationStatus, EventKind, date | None]:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status, found.kind, found.next_update_by


def read_by(made: Made) -> list[str]:
    end_reading()
    return [one.body for one in own_messages(made.person_id)]


def the_mail() -> Delivery:
    end_reading()
    found = session().scalars(select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()
    return found


def newest(made: Made, staff_id: int) -> str:
    return thread_of(made.person_id, staff_id).newest_id


def test_the_candidate_reads_the_answer_when_the_mail_server_has_accepted_it(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    answer(ada.person_id, rita)
    assert read_by(ada) == ["Is there a lift?"]
    settle_mail()
    assert read_by(ada) == ["Is there a lift?", "Yes, there is."]


def test_the_mail_says_it_all_and_leads_to_both_pages(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita, application=ada.public_id)
    mail = the_mail()
    assert (mail.to_address, mail.reply_to) == ("ada@example.org", "Rita Sander <rita@example.org>")
    for part in (mail.text, mail.html):
        for words in ("Yes, there is.", "Rita Sander", "In review", "Friday 6 March 2026", "/me/conversation"):
            assert words in part
        assert "/follow/" in part
    assert mail.subject == "Rita Sander wrote to you about Data Analyst"


def test_about_nothing_in_particular_it_says_no_date_and_touches_no_application(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita)
    settle_mail()
    assert "March" not in the_mail().text
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, EventKind.IMPORTED, FRIDAY)


def test_about_an_open_application_it_is_a_persons_word_there_too(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    answer(ada.person_id, rita, application=ada.public_id)
    assert shown(ada)[1] is EventKind.IMPORTED
    settle_mail()
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, EventKind.REPLY, FRIDAY)


def test_a_later_day_needs_a_reason_that_they_read(rita: int, ada: Made) -> None:
    with pytest.raises(ProposalRefused) as refused:
        answer(ada.person_id, rita, application=ada.public_id, day=MONDAY)
    assert refused.value.field == "date_reason"
    answer(ada.person_id, rita, application=ada.public_id, day=MONDAY, reason="The team is away.")
    assert "The team is away." in the_mail().text
    settle_mail()
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, EventKind.REPLY, MONDAY)


def test_after_the_promised_day_the_next_one_must_be_said(rita: int, ada: Made, time: Time) -> None:
    time.pass_by(days=5)
    with pytest.raises(ProposalRefused) as refused:
        answer(ada.person_id, rita, application=ada.public_id)
    assert refused.value.field == "when"
    answer(ada.person_id, rita, application=ada.public_id, day=TUESDAY, reason="We were late.")
    settle_mail()
    assert shown(ada)[2] == TUESDAY


def test_where_there_is_no_date_none_can_be_changed(rita: int, ada: Made) -> None:
    ended = make_application(
        make_opening("Nurse"), rita, person_id=ada.person_id, status=ApplicationStatus.NOT_SELECTED
    )
    for application in ("", ended.public_id):
        with pytest.raises(ProposalRefused):
            answer(ada.person_id, rita, application=application, day=MONDAY)
    answer(ada.person_id, rita, application=ended.public_id)
    settle_mail()
    assert shown(ended)[1] is EventKind.ENDED_BEFORE_US
    assert read_by(ada) == ["Yes, there is."]


@pytest.mark.parametrize("status", [ApplicationStatus.INTERVIEWING, ApplicationStatus.NOT_SELECTED])
def test_while_a_letter_waits_an_answer_neither_overtakes_nor_hides_it(
    rita: int, ada: Made, status: ApplicationStatus
) -> None:
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    day = None if status is ApplicationStatus.NOT_SELECTED else FRIDAY
    why = EndReason.MISSING_SKILL if day is None else None
    letter = Proposal(status, "About your application.", day, "", end_reason=why)
    write_to_candidate(
        ada.public_id, scope=scope(rita), proposal=letter, seen_event_id=view.newest_event_id, now=clock.now()
    )
    with pytest.raises(ProposalRefused):
        answer(ada.person_id, rita, application=ada.public_id, day=MONDAY, reason="Later.")
    answer(ada.person_id, rita, application=ada.public_id)
    assert str(status) not in the_mail().text
    settle_mail()
    assert shown(ada) == (status, EventKind.MESSAGE, day)
    assert read_by(ada) == ["Yes, there is."]


def test_an_answer_settles_what_waited_and_its_task(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    ask_us(ada.person_id, "And a canteen?")
    answer(ada.person_id, rita)
    assert open_tasks() == []
    assert thread_of(ada.person_id, rita).waiting == []


def test_an_answer_waits_for_the_companys_while_unless_it_is_to_go_at_once(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita)
    assert the_mail().next_try_at == clock.now() + timedelta(minutes=undo_minutes())
    answer(ada.person_id, rita, "And a canteen.", is_hurried=True)
    assert the_mail().next_try_at == clock.now()


def test_one_that_waits_can_be_sent_now(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita)
    send_reply_now(public_id_of(ada.person_id), newest(ada, rita), scope=scope(rita), now=clock.now())
    assert the_mail().next_try_at == clock.now()


def test_taken_back_it_leaves_no_trace_but_its_words_and_the_question_waits_again(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    answer(ada.person_id, rita, "Not really.", ada.public_id, day=MONDAY, reason="The team is away.")
    tokens = select(func.count()).select_from(OneTimeToken)
    assert session().scalar(tokens) == 1
    take_back_reply(public_id_of(ada.person_id), newest(ada, rita), scope=scope(rita), now=clock.now())
    settle_mail()
    assert read_by(ada) == ["Is there a lift?"]
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, EventKind.IMPORTED, FRIDAY)
    assert session().scalar(tokens) == 0
    assert [task.owner_id for task in open_tasks()] == [rita]
    assert len(thread_of(ada.person_id, rita).waiting) == 1
    kept = kept_reply(ada.person_id)
    assert kept is not None
    assert (kept.body, kept.application_public_id, kept.next_update_by) == ("Not really.", ada.public_id, MONDAY)


def test_the_words_of_two_that_were_taken_back_are_kept_and_an_answer_uses_them_up(rita: int, ada: Made) -> None:
    for text in ("First.", "Second."):
        answer(ada.person_id, rita, text)
    for _one in range(2):
        take_back_reply(public_id_of(ada.person_id), newest(ada, rita), scope=scope(rita), now=clock.now())
    end_reading()
    kept = kept_reply(ada.person_id)
    assert kept is not None
    assert kept.body == "First.\n\nSecond."
    answer(ada.person_id, rita, "Third.")
    end_reading()
    assert kept_reply(ada.person_id) is None


def test_words_that_nobody_uses_are_forgotten_after_a_month(rita: int, ada: Made, time: Time) -> None:
    answer(ada.person_id, rita)
    take_back_reply(public_id_of(ada.person_id), newest(ada, rita), scope=scope(rita), now=clock.now())
    time.pass_by(days=31)
    forget_old_replies(clock.now())
    end_reading()
    assert kept_reply(ada.person_id) is None


def test_what_a_worker_has_in_hand_cannot_be_taken_back(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita, is_hurried=True)
    assert claim_next("worker", clock.now()) is not None
    with pytest.raises(GoneAlready):
        take_back_reply(public_id_of(ada.person_id), newest(ada, rita), scope=scope(rita), now=clock.now())
    with pytest.raises(GoneAlready):
        take_back_reply(public_id_of(ada.person_id), "nothing", scope=scope(rita), now=clock.now())


def test_the_second_of_two_who_answer_is_told_and_nothing_is_sent_twice(rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    ask_us(ada.person_id)
    seen = newest(ada, rita)
    answer(ada.person_id, rita)
    with pytest.raises(StaleConversation):
        answer(ada.person_id, omar, "No idea.", seen=seen)
    settle_mail()
    assert read_by(ada) == ["Is there a lift?", "Yes, there is."]


def test_two_who_answer_in_the_same_instant_send_one_answer(app: Flask, rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    ask_us(ada.person_id)
    seen = newest(ada, rita)
    end_reading()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def answers(staff_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                answer(ada.person_id, staff_id, seen=seen)
                outcomes.append("sent")
            except StaleConversation:
                outcomes.append("told")
            finally:
                end_reading()

    both = [threading.Thread(target=answers, args=(one,)) for one in (rita, omar)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["sent", "told"]


def test_a_form_that_is_sent_twice_is_one_answer_and_not_a_colleagues(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    seen = newest(ada, rita)
    for _click in range(2):
        answer(ada.person_id, rita, seen=seen, key="form")
    settle_mail()
    assert len(read_by(ada)) == 2


def test_when_the_candidate_wrote_meanwhile_one_reads_it_first(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    seen = newest(ada, rita)
    ask_us(ada.person_id, "I found it, thank you.")
    with pytest.raises(StaleConversation):
        answer(ada.person_id, rita, seen=seen)


def test_a_hiring_manager_and_a_stranger_write_to_nobody(rita: int, ada: Made) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    person = public_id_of(ada.person_id)
    for changes in (
        lambda: note_read(person, scope=scope(hugo, Role.HIRING_MANAGER), seen_id="", now=clock.now()),
        lambda: take_back_reply(person, "x", scope=scope(hugo, Role.HIRING_MANAGER), now=clock.now()),
        lambda: note_read("nobody", scope=scope(rita), seen_id="", now=clock.now()),
    ):
        with pytest.raises(NotFound):
            changes()


def test_nobody_begins_with_somebody_who_never_applied_nor_wrote(rita: int) -> None:
    nora = make_person("Nora")
    with pytest.raises(AssertionError):
        thread_of(nora, rita)
    ask_us(nora)
    answer(nora, rita)
    settle_mail()
    assert len(own_messages(nora)) == 2


def test_needs_no_answer_ends_the_wait_with_a_reason_that_only_colleagues_read(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, "Thank you.")
    person, seen = public_id_of(ada.person_id), newest(ada, rita)
    need_no_answer(person, scope=scope(rita), reason="Only thanks", seen_id=seen, now=clock.now())
    assert open_tasks() == []
    (message,) = thread_of(ada.person_id, rita).messages
    assert (message.is_waiting, message.no_answer_reason, message.closer_name) == (False, "Only thanks", "Rita Sander")
    assert "Only thanks" not in repr(own_messages(ada.person_id))
    with pytest.raises(AnswersAtOnce):
        need_no_answer(person, scope=scope(rita), reason="Again", seen_id=seen, now=clock.now())


def test_what_came_meanwhile_is_not_said_to_need_no_answer(rita: int, ada: Made) -> None:
    ask_us(ada.person_id, "Thank you.")
    seen = newest(ada, rita)
    ask_us(ada.person_id, "One more thing?")
    with pytest.raises(StaleConversation):
        need_no_answer(
            public_id_of(ada.person_id), scope=scope(rita), reason="Only thanks", seen_id=seen, now=clock.now()
        )


def test_who_read_it_is_shown_only_after_they_said_so_and_the_first_stays(rita: int, ada: Made, time: Time) -> None:
    omar = make_staff("Omar Haddad")
    ask_us(ada.person_id)
    thread_of(ada.person_id, rita)
    assert own_messages(ada.person_id)[0].reader_name is None
    person, seen = public_id_of(ada.person_id), newest(ada, rita)
    assert note_read(person, scope=scope(rita), seen_id=seen, now=clock.now())
    time.pass_by(days=1)
    assert not note_read(person, scope=scope(omar), seen_id=seen, now=clock.now())
    end_reading()
    assert own_messages(ada.person_id)[0].reader_name == "Rita Sander"


def test_what_came_after_one_looked_is_not_said_to_be_read(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    seen = newest(ada, rita)
    ask_us(ada.person_id, "Hello?")
    note_read(public_id_of(ada.person_id), scope=scope(rita), seen_id=seen, now=clock.now())
    end_reading()
    assert [one.reader_name for one in own_messages(ada.person_id)] == ["Rita Sander", None]


def test_an_answer_that_never_arrives_is_owed_again_by_who_wrote_it(rita: int, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    ask_us(ada.person_id)
    answer(ada.person_id, omar)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    for _minute in range(2):
        look_for_lost_replies(clock.now())
    (task,) = open_tasks(TaskKind.DEAD_REPLY)
    assert (task.owner_id, task.about) == (omar, public_id_of(ada.person_id))
    assert len(thread_of(ada.person_id, rita).waiting) == 1
    assert read_by(ada) == ["Is there a lift?"]
    answer(ada.person_id, rita, "Once more.")
    settle_mail()
    look_for_lost_replies(clock.now())
    assert open_tasks(TaskKind.DEAD_REPLY) == []
    assert thread_of(ada.person_id, rita).waiting == []


def test_an_answer_that_arrives_after_all_is_owed_no_more(rita: int, ada: Made) -> None:
    ask_us(ada.person_id)
    answer(ada.person_id, rita)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_replies(clock.now())
    dead = session().scalars(select(Delivery.key).where(Delivery.kind == "conversations/reply")).one()
    retry_dead_letter(dead, may_lift=False, actor_id=rita, now=clock.now())
    settle_mail()
    look_for_lost_replies(clock.now())
    assert open_tasks(TaskKind.DEAD_REPLY) == []
    assert thread_of(ada.person_id, rita).waiting == []


def test_a_reply_is_one_event_of_its_application(rita: int, ada: Made) -> None:
    answer(ada.person_id, rita, application=ada.public_id)
    end_reading()
    kinds = select(func.count()).select_from(ApplicationEvent).where(ApplicationEvent.kind == EventKind.REPLY)
    assert session().scalar(kinds) == 1
    assert session().scalar(select(func.count(ConversationMessage.id))) == 1
