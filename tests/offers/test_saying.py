"""A colleague makes an offer, changes it, gives time, takes it back: the mail first, then the page."""

from datetime import date, timedelta

import pytest

from portal.applications.actions import withdraw_application, write_to_candidate
from portal.applications.models import ApplicationEvent
from portal.applications.queries import find_for_staff
from portal.applications.rules import EndingWaits, Proposal
from portal.applications.states import ApplicationStatus, EndReason, EventKind
from portal.company.queries import undo_minutes
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.offers.actions import After, Saying, say, send_word_now, take_back_word, throw_words_away
from portal.offers.actions import ask_for_time as ask
from portal.offers.jobs import follow_applications, forget_words
from portal.offers.models import Offer
from portal.offers.rules import GoneAlready, NoOffer, OfferChanged, OfferClosed, ProposalRefused
from portal.offers.states import OfferState, WordKind
from tests.conftest import Time
from tests.factories import Made, make_staff, settle_mail
from tests.offers.offering import (
    DECIDE_BY,
    FRIDAY,
    LATER,
    PAY,
    change,
    give_time,
    mails,
    make,
    offer_of,
    open_tasks,
    own,
    own_or_none,
    promised_to,
    scope,
    seen,
    speak,
    status_of,
    take_away,
    terms,
)

pytestmark = pytest.mark.both_in_soak


def test_the_candidate_reads_it_when_the_mail_server_has_accepted_the_mail(rita: int, ada: Made) -> None:
    make(ada, rita, is_settled=False)
    assert own_or_none(ada) is None
    assert status_of(ada) is ApplicationStatus.IN_REVIEW
    settle_mail()
    assert own(ada).version.title == "Data Analyst, full time"
    assert status_of(ada) is ApplicationStatus.OFFER_MADE


def test_the_mail_says_that_an_offer_is_there_and_not_what_it_is(rita: int, ada: Made) -> None:
    make(ada, rita)
    mail = mails("made")[0]
    assert (mail.to_address, mail.reply_to) == ("ada@example.org", "Rita Sander <rita@example.org>")
    for part in (mail.text, mail.html):
        assert PAY not in part
        assert "Start: 1 May" not in part
        for words in ("we would like to work with you", "Friday 13 March 2026", "+48 22 123 45 67"):
            assert words in part
        assert f"/me/applications/{ada.public_id}/offer" in part
        assert "/follow/" in part


def test_it_keeps_the_promise_and_the_next_day_is_after_the_day_to_decide(rita: int, ada: Made) -> None:
    make(ada, rita)
    promised = promised_to(ada)
    assert promised is not None
    assert promised > DECIDE_BY
    events = session().query(ApplicationEvent).order_by(ApplicationEvent.id).all()
    assert events[-1].kind is EventKind.OFFER
    assert "Friday 13 March 2026" in events[-1].date_reason


def test_the_same_form_twice_makes_one_offer(rita: int, ada: Made) -> None:
    make(ada, rita, key="one-form", is_settled=False)
    values = {"seen_id": "", "form_key": "one-form", "terms": terms(rita)}
    speak(ada, rita, WordKind.MADE, **values)
    assert len(mails("made")) == 1
    assert session().query(Offer).count() == 1


def test_a_second_offer_beside_an_open_one_is_refused(rita: int, ada: Made) -> None:
    make(ada, rita)
    with pytest.raises(OfferChanged):
        make(ada, rita)


def test_it_can_be_taken_back_without_a_trace_and_its_words_wait(rita: int, ada: Made) -> None:
    make(ada, rita, is_settled=False)
    take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
    settle_mail()
    assert own_or_none(ada) is None
    assert status_of(ada) is ApplicationStatus.IN_REVIEW
    assert promised_to(ada) == FRIDAY
    assert [one.terms for one in offer_of(ada).said if one.is_unsaid] == [terms(rita).terms]
    make(ada, rita)
    assert [one.is_unsaid for one in offer_of(ada).said] == [False]
    assert session().query(Offer).count() == 1


def test_words_taken_back_can_be_thrown_away_and_are_forgotten_in_time(rita: int, ada: Made, time: Time) -> None:
    for how in ("thrown away", "forgotten"):
        make(ada, rita, is_settled=False)
        take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
        if how == "thrown away":
            throw_words_away(ada.public_id, scope=scope(rita))
        else:
            time.pass_by(days=31)
            forget_words(clock.now())
        end_reading()
        assert session().query(Offer).count() == 0


def test_what_has_gone_cannot_be_taken_back(rita: int, ada: Made) -> None:
    make(ada, rita)
    with pytest.raises(GoneAlready):
        take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())


def test_it_waits_for_its_while_unless_it_is_hurried(rita: int, ada: Made) -> None:
    start = make(ada, rita, is_settled=False)
    assert start == clock.now() + timedelta(minutes=undo_minutes())
    assert send_word_now(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
    end_reading()
    assert mails("made")[0].next_try_at == clock.now()


def test_fewer_than_five_working_days_need_a_reason_that_they_read(rita: int, ada: Made) -> None:
    with pytest.raises(ProposalRefused) as refused:
        make(ada, rita, decide_by=FRIDAY)
    assert refused.value.field == "short_reason"
    make(ada, rita, decide_by=FRIDAY, short_reason="The team plans on Monday.")
    assert "The team plans on Monday." in mails("made")[0].text
    assert own(ada).version.short_reason == "The team plans on Monday."


def test_a_change_keeps_both_and_says_what_is_different(rita: int, ada: Made) -> None:
    make(ada, rita)
    change(ada, rita)
    found = own(ada)
    assert "65,000" in found.version.terms
    assert [PAY in one.terms for one in found.earlier] == [True]
    assert "65,000" not in mails("changed")[0].text


def test_until_the_change_has_gone_they_read_the_offer_before(rita: int, ada: Made) -> None:
    make(ada, rita)
    change(ada, rita, is_settled=False)
    assert PAY in own(ada).version.terms


def test_a_change_of_nothing_is_refused(rita: int, ada: Made) -> None:
    make(ada, rita)
    with pytest.raises(ProposalRefused):
        change(ada, rita, terms=terms(rita).terms)


def test_more_time_moves_the_day_and_the_promise(rita: int, ada: Made) -> None:
    make(ada, rita)
    before = promised_to(ada)
    give_time(ada, rita)
    assert own(ada).decide_by == LATER
    after = promised_to(ada)
    assert before is not None
    assert after is not None
    assert after > before
    with pytest.raises(ProposalRefused):
        give_time(ada, rita, DECIDE_BY)


def test_a_wish_for_time_is_settled_by_the_answer_and_waits_again_when_that_is_taken_back(rita: int, ada: Made) -> None:
    make(ada, rita)
    ask(ada.person_id, ada.public_id, LATER, "", clock.now())
    assert len(open_tasks()) == 1
    give_time(ada, rita, is_settled=False)
    assert open_tasks() == []
    assert own(ada).is_time_asked
    take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
    assert len(open_tasks()) == 1
    assert offer_of(ada).open_request is not None


def test_no_more_time_answers_with_words_and_leaves_the_day(rita: int, ada: Made) -> None:
    make(ada, rita)
    with pytest.raises(OfferChanged):
        speak(ada, rita, WordKind.NO_MORE_TIME, words="The team starts then.")
    ask(ada.person_id, ada.public_id, LATER, "", clock.now())
    speak(ada, rita, WordKind.NO_MORE_TIME, words="The team starts then.")
    found = own(ada)
    assert found.decide_by == DECIDE_BY
    assert not found.is_time_asked
    assert found.time_answer is not None
    assert found.time_answer.words == "The team starts then."


def test_taken_back_by_us_it_leaves_the_application_open_with_a_day(rita: int, ada: Made) -> None:
    make(ada, rita)
    take_away(ada, rita)
    assert own(ada).state is OfferState.WITHDRAWN
    assert status_of(ada) is ApplicationStatus.DECISION_PENDING
    assert promised_to(ada) == FRIDAY
    assert "We are sorry." in mails("withdrawn")[0].text


def test_until_that_mail_has_gone_it_is_open_to_them_and_no_other_can_be_made(rita: int, ada: Made) -> None:
    make(ada, rita)
    take_away(ada, rita, is_settled=False)
    assert own(ada).is_open
    with pytest.raises(OfferChanged):
        make(ada, rita, is_settled=False)
    take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
    assert offer_of(ada).state is OfferState.OPEN
    assert status_of(ada) is ApplicationStatus.OFFER_MADE


def test_after_one_was_taken_back_another_can_be_made(rita: int, ada: Made) -> None:
    make(ada, rita)
    take_away(ada, rita)
    make(ada, rita, title="Analyst, part time")
    assert own(ada).version.title == "Analyst, part time"
    assert own(ada).is_open


def test_where_there_is_none_nothing_can_be_said_about_it(rita: int, ada: Made) -> None:
    with pytest.raises(NoOffer):
        give_time(ada, rita)


def test_two_colleagues_do_not_write_past_each_other(rita: int, ada: Made) -> None:
    olga = make_staff("Olga Nowak")
    make(ada, rita)
    before = seen(ada)
    change(ada, olga)
    with pytest.raises(OfferChanged):
        speak(ada, rita, WordKind.CHANGED, seen_id=before, terms=terms(rita, title="Senior Analyst"))
    assert len(mails("changed")) == 1


def test_withdrawing_the_application_stops_what_waits_and_ends_the_offer(rita: int, ada: Made) -> None:
    make(ada, rita)
    change(ada, rita, is_settled=False)
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    assert own(ada).state is OfferState.ENDED
    settle_mail()
    assert PAY in own(ada).version.terms
    follow_applications(clock.now())
    assert offer_of(ada).state is OfferState.ENDED
    with pytest.raises(OfferClosed):
        change(ada, rita)


def test_while_an_ending_waits_no_offer_overtakes_it(rita: int, ada: Made) -> None:
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    ending = Proposal(
        ApplicationStatus.NOT_SELECTED, "We chose somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
    )
    write_to_candidate(
        ada.public_id, scope=scope(rita), proposal=ending, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()
    with pytest.raises(EndingWaits):
        make(ada, rita)


def test_who_may_not_write_to_candidates_makes_no_offer(rita: int, hugo: int, ada: Made) -> None:
    with pytest.raises(NotFound):
        say(
            Saying(
                public_id=ada.public_id,
                scope=scope(hugo, Role.HIRING_MANAGER),
                kind=WordKind.MADE,
                seen_id="",
                form_key="",
                now=clock.now(),
                terms=terms(rita),
            )
        )


def test_taking_back_needs_a_reason_for_a_later_day(rita: int, ada: Made) -> None:
    make(ada, rita)
    after = After(ApplicationStatus.DECISION_PENDING, date(2026, 4, 30), "")
    with pytest.raises(ProposalRefused) as refused:
        speak(ada, rita, WordKind.WITHDRAWN, words="We are sorry.", after=after)
    assert refused.value.field == "date_reason"
