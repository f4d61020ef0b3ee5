"""The candidate says yes, no, or asks for time: one effect however often, and never to what they have not read."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import ApplicationEvent
from portal.applications.queries import find_application_of
from portal.applications.rules import AlreadyEnded
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import Busy, NotFound
from portal.offers.actions import accept_offer, ask_for_time, decline_offer
from portal.offers.models import TimeRequest
from portal.offers.rules import Answer, OfferChanged, OfferClosed, ProposalRefused
from portal.offers.states import DeclineReason, OfferState
from portal.outbox.actions import claim_next
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, settle_mail, signed_in
from tests.offers.offering import (
    DECIDE_BY,
    LATER,
    PAY,
    change,
    give_time,
    mails,
    make,
    no,
    offer_of,
    open_tasks,
    own,
    promised_to,
    status_of,
    take_away,
    yes,
)

pytestmark = pytest.mark.both_in_soak


def accept(made: Made, answer: Answer | None = None) -> None:
    accept_offer(made.person_id, made.public_id, answer or yes(made), clock.now())
    end_reading()


def decline(made: Made, answer: Answer | None = None) -> None:
    decline_offer(made.person_id, made.public_id, answer or no(made), clock.now())
    end_reading()


def ask(made: Made, until: date | None = LATER, words: str = "") -> None:
    ask_for_time(made.person_id, made.public_id, until, words, clock.now())
    end_reading()


def test_yes_stands_at_once_and_a_mail_confirms_it(rita: int, ada: Made) -> None:
    make(ada, rita)
    accept(ada, yes(ada, "I am glad."))
    assert own(ada).state is OfferState.ACCEPTED
    assert offer_of(ada).answer_words == "I am glad."
    assert status_of(ada) is ApplicationStatus.OFFER_MADE
    mail = mails("accepted")[0]
    assert mail.to_address == "ada@example.org"
    assert PAY not in mail.text


def test_after_a_yes_a_colleague_owes_the_letter_and_reads_of_it_at_once(rita: int, ada: Made) -> None:
    make(ada, rita)
    accept(ada)
    assert [(task.owner_id, task.about, task.person_id) for task in open_tasks()] == [
        (rita, ada.public_id, ada.person_id)
    ]
    notice = mails("answered")[0]
    assert notice.to_address == "rita@example.org"
    assert "They accepted." in notice.text
    assert "Ada" not in notice.text


def test_after_a_yes_they_hear_by_the_day_on_which_a_colleague_owes_it(app: Flask, rita: int, ada: Made) -> None:
    make(ada, rita)
    reader = signed_in(app, ada.person_id)
    before = reader.get(f"/me/applications/{ada.public_id}/offer/accept").text
    accept(ada)
    assert promised_to(ada) == open_tasks()[0].due_on == date(2026, 3, 5)
    assert "You hear from us by Thursday 5 March 2026" in mails("accepted")[0].text
    page = reader.get(f"/me/applications/{ada.public_id}").text
    after = reader.get(f"/me/applications/{ada.public_id}/offer").text
    for text in (before, page, after):
        assert "Rita Sander writes to you by Thursday 5 March 2026" in text
    assert "Accepted the offer." in page


def test_no_ends_the_application_at_once_as_offer_declined(rita: int, ada: Made) -> None:
    make(ada, rita)
    decline(ada, no(ada, DeclineReason.PLACE_OR_HOURS, "Too far."))
    assert own(ada).state is OfferState.DECLINED
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert (view.status, view.kind) == (ApplicationStatus.OFFER_DECLINED, EventKind.WITHDRAWN)
    assert view.events[0].message == "The place or the hours\n\nToo far."
    assert view.events[0].is_by_candidate
    assert view.next_update_by is None
    assert "this application has ended" in mails("declined")[0].text
    assert open_tasks() == []
    assert "They declined" in mails("answered")[0].text


def test_no_needs_no_reason(rita: int, ada: Made) -> None:
    make(ada, rita)
    decline(ada)
    assert offer_of(ada).decline_reason is None


@pytest.mark.parametrize("answer", [accept, decline])
def test_the_same_answer_twice_is_one(rita: int, ada: Made, answer: object) -> None:
    assert callable(answer)
    make(ada, rita)
    version = own(ada).version.public_id
    answer(ada, Answer(version))
    answer(ada, Answer(version))
    assert len(mails("accepted") + mails("declined")) == 1
    assert len(mails("answered")) == 1


def test_who_has_said_yes_cannot_say_no_any_more_here_and_the_other_way_round(rita: int, ada: Made) -> None:
    make(ada, rita)
    accept(ada)
    with pytest.raises(OfferClosed):
        decline(ada)
    assert status_of(ada) is ApplicationStatus.OFFER_MADE


def test_what_has_changed_meanwhile_is_not_answered_unread(rita: int, ada: Made) -> None:
    make(ada, rita)
    old = yes(ada)
    change(ada, rita)
    for answer in (accept, decline):
        with pytest.raises(OfferChanged):
            answer(ada, old)
    accept(ada)
    assert own(ada).state is OfferState.ACCEPTED


def test_more_time_meanwhile_makes_no_difference_to_a_yes(rita: int, ada: Made) -> None:
    make(ada, rita)
    before = yes(ada)
    give_time(ada, rita)
    accept(ada, before)
    assert own(ada).state is OfferState.ACCEPTED


def test_an_offer_taken_back_is_not_accepted_any_more(rita: int, ada: Made) -> None:
    make(ada, rita)
    old = yes(ada)
    take_away(ada, rita)
    with pytest.raises(OfferClosed):
        accept(ada, old)
    assert offer_of(ada).state is OfferState.WITHDRAWN


def test_a_yes_counts_until_they_know_that_it_was_taken_back(rita: int, ada: Made) -> None:
    make(ada, rita)
    take_away(ada, rita, is_settled=False)
    accept(ada)
    settle_mail()
    assert own(ada).state is OfferState.ACCEPTED
    assert [mail.state for mail in mails("withdrawn")] == [DeliveryState.CANCELLED] or mails("withdrawn") == []
    assert status_of(ada) is ApplicationStatus.OFFER_MADE


def test_a_yes_to_what_they_read_takes_back_a_change_that_waits(rita: int, ada: Made) -> None:
    make(ada, rita)
    change(ada, rita, is_settled=False)
    accept(ada)
    settle_mail()
    assert PAY in own(ada).version.terms
    assert own(ada).state is OfferState.ACCEPTED


def test_while_a_change_is_in_a_mail_servers_hand_they_are_asked_to_look_again(
    rita: int, ada: Made, time: Time
) -> None:
    make(ada, rita)
    change(ada, rita, is_settled=False)
    time.pass_by(hours=1)
    assert claim_next("w1", clock.now()) is not None
    with pytest.raises(Busy):
        accept(ada)
    assert own(ada).is_open


def test_after_the_day_has_passed_it_can_still_be_answered(rita: int, ada: Made, time: Time) -> None:
    make(ada, rita)
    time.pass_by(days=20)
    assert own(ada).is_open
    accept(ada)
    assert own(ada).state is OfferState.ACCEPTED


def test_an_ended_application_takes_no_answer(rita: int, ada: Made) -> None:
    make(ada, rita)
    answer = yes(ada)
    decline(ada)
    with pytest.raises((OfferClosed, AlreadyEnded)):
        accept(ada, answer)


def test_nobody_answers_another_candidates_offer(rita: int, ada: Made) -> None:
    make(ada, rita)
    bo = make_application(make_opening("Nurse"), rita, name="Bo Ek")
    for action in (accept_offer, decline_offer):
        with pytest.raises(NotFound):
            action(bo.person_id, ada.public_id, yes(ada), clock.now())
    with pytest.raises(NotFound):
        ask_for_time(bo.person_id, ada.public_id, LATER, "", clock.now())
    assert own(ada).is_open


def test_asking_for_time_is_a_task_and_a_mail_at_once(rita: int, ada: Made) -> None:
    make(ada, rita)
    ask(ada, words="I wait for another answer.")
    assert [task.owner_id for task in open_tasks()] == [rita]
    mail = mails("answered")[0]
    assert "They ask for more time" in mail.text
    assert "another answer" not in mail.text
    assert own(ada).is_time_asked
    assert own(ada).decide_by == DECIDE_BY


def test_asking_twice_is_one_request_with_the_newer_day(rita: int, ada: Made) -> None:
    make(ada, rita)
    ask(ada)
    ask(ada)
    ask(ada, date(2026, 3, 18), "Sooner will do.")
    assert session().scalar(select(func.count(TimeRequest.id))) == 1
    assert own(ada).offer.asked[0].wanted_on == date(2026, 3, 18)
    assert (len(open_tasks()), len(mails("answered"))) == (1, 1)


@pytest.mark.parametrize("day", [None, DECIDE_BY, date(2026, 3, 1), date(2026, 12, 24)])
def test_a_day_that_is_none_or_no_later_is_refused(rita: int, ada: Made, day: date | None) -> None:
    make(ada, rita)
    with pytest.raises(ProposalRefused):
        ask(ada, day)
    assert open_tasks() == []


def test_more_words_than_fit_are_refused(rita: int, ada: Made) -> None:
    make(ada, rita)
    with pytest.raises(ProposalRefused):
        accept(ada, yes(ada, "x" * 1001))
    assert own(ada).is_open


def test_ten_at_once_accept_once(app: Flask, rita: int, ada: Made) -> None:
    make(ada, rita)
    version = own(ada).version.public_id
    failed: list[Exception] = []

    def press() -> None:
        with app.app_context():
            try:
                accept_offer(ada.person_id, ada.public_id, Answer(version), clock.now())
            except Busy as error:
                failed.append(error)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end_reading()
    assert own(ada).state is OfferState.ACCEPTED
    assert (len(mails("accepted")), len(open_tasks())) == (1, 1)


def test_yes_and_no_at_once_leave_one_of_them_whole(app: Flask, rita: int, ada: Made) -> None:
    make(ada, rita)
    version = own(ada).version.public_id

    def press(action: object) -> None:
        assert callable(action)
        with app.app_context():
            try:
                action(ada.person_id, ada.public_id, Answer(version), clock.now())
            except (Busy, OfferClosed):
                return

    threads = [threading.Thread(target=press, args=(action,)) for action in (accept_offer, decline_offer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end_reading()
    has_declined = own(ada).state is OfferState.DECLINED
    assert (status_of(ada) is ApplicationStatus.OFFER_DECLINED) is has_declined
    assert (len(mails("accepted")), len(mails("declined"))) == ((0, 1) if has_declined else (1, 0))
    kinds = session().scalars(select(ApplicationEvent.kind)).all()
    assert (EventKind.WITHDRAWN in kinds) is has_declined
    assert session().scalar(select(func.count(Delivery.id)).where(Delivery.kind == "offers/answered")) == 1


def test_where_a_promise_was_broken_no_day_that_has_passed_is_named(rita: int, ada: Made, time: Time) -> None:
    make(ada, rita)
    time.pass_by(days=40)
    accept(ada)
    assert own(ada).application.hears_by(date(2026, 4, 13)) is None
    text = mails("accepted")[0].text
    assert "You hear from us by" not in text
    assert "writes to you with all that comes before your first day" in text
