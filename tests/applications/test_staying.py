"""Days to stay in touch after "not yet": one for letter and tasks, said when they fall away, set again, not wanted."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.actions.ending import Marking, set_mark
from portal.applications.actions.staying import rather_not, set_again, stay_in_touch
from portal.applications.queries.endings import marks_on, stay_of
from portal.applications.rules import GoneAlready, ProposalRefused
from portal.applications.rules.endings import words_for_many
from portal.applications.states import STEPS, ApplicationStatus, MarkKind, StayEnd
from portal.contact.actions import change_preferences, choose
from portal.contact.models import ConsentEvent, CountedContact
from portal.contact.rules import PURPOSE_WORDS, Preferences
from portal.contact.states import Budget, ConsentAction, Purpose, Timing, WhyHeld
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.i18n import format_day
from portal.outbox.actions import claim_next
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass, WhyStopped
from portal.wording.data import MAILS
from tests.applications.test_end_application import NOT_YET, path, scope, stays, told_not_yet, write
from tests.conftest import Time
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    public_id_of,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


def answer(ada: Made) -> None:
    ask(ada.person_id, text="Thank you.", application=ada.public_id, form_key="a", now=clock.now())
    jobs.stay_in_touch(clock.now())
    end_reading()


def press(browser: Browser, page: Page, path: str, expect: int = 200) -> Page:
    """As a button that stands on a page would, wherever it stands."""
    return browser.post(path, {"csrf_token": page.form(action="/sign-out").values["csrf_token"]}, expect=expect)


def agree(ada: Made, is_wanted: bool = True) -> None:
    """As somebody does who says yes to check-ins, or takes it back."""
    choose(ada.person_id, Purpose.CHECK_INS, is_wanted, source="test", now=clock.now())
    end_reading()


def newest_mail() -> Delivery:
    end_reading()
    found = session().scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert found is not None
    return found


def mail_count() -> int:
    end_reading()
    return len(session().scalars(select(Delivery.id).order_by(Delivery.id)).all())


def page_of(ada: Made) -> str:
    return f"/me/applications/{ada.public_id}"


def test_the_letter_names_the_days_of_the_tasks_and_what_makes_them_fall_away(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    # 30 days after a Thursday is a Saturday; on Friday at night the letter waits until Monday.
    time.at = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)
    set_mark(ada.public_id, Marking(MarkKind.NEAR_FIT, "Strong.", date(2028, 3, 4)), scope=scope(rita), now=clock.now())
    end_reading()
    desk = signed_in(app, rita)
    page = desk.get(path(ada, "/end?outcome=not_selected&not_yet=y"))
    letter = page.form(having="message").values["message"]
    assert "If you write to me or apply here before then, we talk, and these days no longer count." in letter
    desk.submit(page, button="send", having="message", end_reason="stronger_candidate")
    time.at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    settle_mail()
    jobs.stay_in_touch(clock.now())
    end_reading()
    found = stay_of(ada.public_id)
    assert found is not None
    assert found.days == stays()
    assert len(found.days) == 3
    assert [format_day(day) in letter for day in found.days] == [True] * 3


def test_a_reply_ends_the_days_and_everybody_reads_so(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    time.pass_by(days=3)
    answer(ada)
    time.pass_by(hours=1)
    found = stay_of(ada.public_id)
    assert found is not None
    assert (found.days, found.dropped_on, found.why) == ([], date(2026, 3, 7), StayEnd.WROTE)
    desk = signed_in(app, rita)
    assert "The days to stay in touch ended with their answer" in desk.get(path(ada)).text
    page = desk.get(f"/recruiting/conversations/{public_id_of(ada.person_id)}")
    assert "The days to stay in touch ended with this answer" in page.text
    page = desk.get(next(link for link in page.links if link.endswith("/stay-again")))
    page = desk.submit(page, having="from_on", from_on="2026-03-09")
    assert "Set again: Wednesday 8 April 2026, Monday 8 June 2026 and Monday 7 September 2026." in page.text
    jobs.stay_in_touch(clock.now())
    assert stays() == [date(2026, 4, 8), date(2026, 6, 8), date(2026, 9, 7)]
    assert "ended with" not in desk.get(path(ada)).text
    assert "On Wednesday 4 March 2026 I wrote to you" in desk.get(path(ada, "/stay-in-touch")).text


def test_whoever_would_rather_not_hear_says_so_with_one_button(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    candidate, other = signed_in(app, ada.person_id), signed_in(app, make_person("Ben Ray"))
    press(other, other.get("/me/"), f"{page_of(ada)}/rather-not", expect=404)
    assert len(stays()) == 3
    page = press(candidate, candidate.get("/me/"), f"{page_of(ada)}/rather-not")
    assert "We do not write to you about this any more." in page.text
    assert stays() == []
    found = stay_of(ada.public_id)
    assert found is not None
    assert found.why is StayEnd.RATHER_NOT
    desk = signed_in(app, rita)
    assert "They would rather not hear from us about this" in desk.get(path(ada)).text
    assert "no days can be set again" in desk.get(path(ada, "/stay-again")).text
    with pytest.raises(GoneAlready):
        set_again(ada.public_id, date(2026, 3, 9), scope=scope(rita), now=clock.now())


def test_rather_not_before_the_worker_came_lets_no_task_come(rita: int, ada: Made, time: Time) -> None:
    set_mark(ada.public_id, Marking(MarkKind.NEAR_FIT, "Strong.", date(2028, 3, 4)), scope=scope(rita), now=clock.now())
    write(ada, rita, NOT_YET)
    settle_mail()
    assert rather_not(ada.person_id, ada.public_id, now=clock.now())
    assert not rather_not(ada.person_id, ada.public_id, now=clock.now())
    time.pass_by(minutes=5)
    jobs.stay_in_touch(clock.now())
    assert stays() == []


def test_whoever_has_not_said_yes_is_offered_it_and_reads_what_is_true(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    told_not_yet(ada, rita, time)
    candidate, other = signed_in(app, ada.person_id), signed_in(app, make_person("Ben Ray"))
    page = candidate.get(page_of(ada))
    assert "Rita Sander would like to write to you around Friday 3 April 2026" in page.text
    assert "if you say yes." in page.text
    assert str(PURPOSE_WORDS[Purpose.CHECK_INS]) in page.text
    press(other, other.get("/me/"), f"{page_of(ada)}/write-to-me", expect=404)
    page = candidate.submit(page, action="/write-to-me")
    assert "Thank you. You hear from us around the days below" in page.text
    assert "You said yes to hearing from us on Wednesday 4 March 2026." in page.text
    assert "Rita Sander writes to you around Friday 3 April 2026" in page.text
    assert not [form for form in page.forms if form.action.endswith("/write-to-me")]
    assert [form for form in page.forms if form.action.endswith("/rather-not")]
    press(candidate, page, f"{page_of(ada)}/write-to-me")
    end_reading()
    entry = session().scalars(select(ConsentEvent).where(ConsentEvent.purpose == Purpose.CHECK_INS)).one()
    assert (entry.action, entry.words) == (ConsentAction.GIVEN, str(PURPOSE_WORDS[Purpose.CHECK_INS]))
    assert (entry.source, entry.actor_id) == ("/me/applications/write-to-me", None)


def test_a_member_who_agreed_to_check_ins_is_asked_nothing(app: Flask, rita: int, ada: Made, time: Time) -> None:
    agree(ada)
    time.pass_by(hours=1)
    told_not_yet(ada, rita, time)
    page = signed_in(app, ada.person_id).get(page_of(ada))
    assert "You said yes to hearing from us on Wednesday 4 March 2026." in page.text
    assert not [form for form in page.forms if form.action.endswith("/write-to-me")]


def test_nobody_is_asked_before_the_letter_was_accepted_or_when_no_day_stands(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    candidate = signed_in(app, ada.person_id)
    page = press(candidate, candidate.get("/me/"), f"{page_of(ada)}/write-to-me")
    assert "there was nothing to say yes to" in page.text
    set_mark(ada.public_id, Marking(MarkKind.NEAR_FIT, "Strong.", date(2028, 3, 4)), scope=scope(rita), now=clock.now())
    write(ada, rita, NOT_YET)
    jobs.stay_in_touch(clock.now())
    assert "would like to write to you around" not in candidate.get(page_of(ada)).text
    settle_mail()
    jobs.stay_in_touch(clock.now())
    assert "would like to write to you around" in candidate.get(page_of(ada)).text
    press(candidate, candidate.get("/me/"), f"{page_of(ada)}/rather-not")
    page = press(candidate, candidate.get("/me/"), f"{page_of(ada)}/write-to-me")
    assert "there was nothing to say yes to" in page.text
    assert "You would rather not hear from us about it" in page.text
    end_reading()
    assert session().scalars(select(ConsentEvent.id)).all() == []


def test_no_letter_can_go_without_a_yes(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    time.at = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
    refusal = "Ada Lind has not said yes to hearing from us, so no letter can go. If they answer or say yes, it can."
    desk = signed_in(app, rita)
    assert "They have not said yes so far." in desk.get(path(ada)).text
    page = desk.get(path(ada, "/stay-in-touch"))
    assert refusal in page.text
    assert "On Wednesday 4 March 2026 I wrote to you about Data Analyst" in page.text
    assert not [form for form in page.forms if "message" in form.names]
    before = mail_count()
    for button in ("send", "now", "preview"):
        typed = {"csrf_token": page.form(action="/sign-out").values["csrf_token"], "message": "Hi", "do": button}
        assert refusal in desk.post(path(ada, "/stay-in-touch"), typed, expect=422).text
    with pytest.raises(ProposalRefused):
        stay_in_touch(ada.public_id, "How are you?", scope=scope(rita), seen_event_id="", now=clock.now())
    assert (mail_count(), len(stays())) == (before, 3)


def test_the_letter_is_a_check_in_that_can_be_stopped_with_one_click(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    told_not_yet(ada, rita, time)
    agree(ada)
    time.at = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
    desk = signed_in(app, rita)
    assert "said yes to hearing from us, and do so around Friday 3 April 2026" in desk.get(path(ada)).text
    page = desk.submit(desk.get(path(ada, "/stay-in-touch")), having="message", button="now", message="How are you?")
    assert "Ada Lind sees it on their page once the mail is accepted." in page.text
    mail = newest_mail()
    assert (mail.mail_class, mail.purpose) == (MailClass.COMMUNITY, Purpose.CHECK_INS)
    assert (mail.timing, mail.budget, mail.kind) == (Timing.WAKING, Budget.NONE, "applications/stay_in_touch")
    assert mail.subject == "Rita Sander wrote to you, as you wished"
    assert "You get this mail because you said yes to check-ins" in mail.text
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    assert "/unsubscribe/" in claimed.letter.unsubscribe_url
    assert claimed.letter.unsubscribe_url in claimed.letter.text
    end_reading()
    assert session().scalars(select(CountedContact.delivery_key)).all() == []
    assert len(stays()) == 2


def test_the_letter_waits_for_a_pause_and_goes_nowhere_once_the_yes_is_taken_back(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    told_not_yet(ada, rita, time)
    agree(ada)
    time.at = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
    paused = Preferences(is_paused=True, paused_until_on=date(2026, 4, 10))
    change_preferences(ada.person_id, paused, clock.now())
    end_reading()
    desk = signed_in(app, rita)
    page = desk.submit(desk.get(path(ada, "/stay-in-touch")), having="message", button="now", message="How are you?")
    assert "The letter waits until Friday 10 April 2026" in page.text
    assert claim_next("worker", clock.now()) is None
    assert newest_mail().held_reason == WhyHeld.PAUSED
    agree(ada, is_wanted=False)
    time.at = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
    assert claim_next("worker", clock.now()) is None
    mail = newest_mail()
    assert (mail.state, mail.stopped_reason) == (DeliveryState.CANCELLED, WhyStopped.NO_CONSENT)
    jobs.stay_in_touch(clock.now())
    assert stays() == []
    assert "You asked us not to check in with you" in signed_in(app, ada.person_id).get(page_of(ada)).text


def test_a_day_without_a_yes_goes_by_itself_a_working_day_later(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    for friday_to_sunday in (3, 4, 5):
        time.at = datetime(2026, 4, friday_to_sunday, 9, 0, tzinfo=UTC)
        jobs.stay_in_touch(clock.now())
        assert len(stays()) == 3
    time.at = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
    jobs.stay_in_touch(clock.now())
    assert stays() == [date(2026, 6, 2), date(2026, 8, 31)]
    page = signed_in(app, ada.person_id).get(page_of(ada))
    assert (
        "would like to write to you around Tuesday 2 June 2026 and Monday 31 August 2026, if you say yes." in page.text
    )
    assert "That day has passed" not in page.text
    time.at = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    jobs.stay_in_touch(clock.now())
    end_reading()
    assert (stays(), stay_of(ada.public_id)) == ([], None)
    text = signed_in(app, ada.person_id).get(page_of(ada)).text
    assert "fell away" not in text
    assert "write to you around" not in text.partition("What has happened so far")[0]


def test_a_day_that_passed_with_a_yes_stays_owed(rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    agree(ada)
    time.at = datetime(2026, 4, 8, 9, 0, tzinfo=UTC)
    jobs.stay_in_touch(clock.now())
    assert len(stays()) == 3


def test_a_yes_after_a_no_counts(rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    for is_wanted in (True, False, True):
        time.pass_by(minutes=1)
        agree(ada, is_wanted)
    jobs.stay_in_touch(clock.now())
    assert len(stays()) == 3
    agree(ada, is_wanted=False)
    jobs.stay_in_touch(clock.now())
    assert stays() == []


@pytest.mark.parametrize("day", [None, date(2026, 3, 1), date(2026, 9, 1)])
def test_days_are_set_again_only_from_a_day_to_come(rita: int, ada: Made, time: Time, day: date | None) -> None:
    told_not_yet(ada, rita, time)
    answer(ada)
    time.pass_by(hours=1)
    with pytest.raises(ProposalRefused):
        set_again(ada.public_id, day, scope=scope(rita), now=clock.now())
    assert stays() == []


def test_a_letter_to_stay_in_touch_is_no_ending_to_anybody(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    agree(ada)
    time.at = datetime(2026, 4, 3, 20, 0, tzinfo=UTC)
    desk = signed_in(app, rita)
    page = desk.submit(desk.get(path(ada, "/stay-in-touch")), button="preview", message="How are you?")
    assert "This is an ending" not in page.text
    assert "Where it stands" not in page.text
    page = desk.submit(page, having="message", button="send")
    # Only for the morning, not for Monday: office hours are for endings.
    assert "The letter waits until Saturday 4 April 2026" in page.text
    assert "Monday 6 April 2026" not in page.text
    assert "ending waits until" not in page.text
    mail = session().scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert mail is not None
    assert "How are you?" in mail.text
    assert "Not selected" not in mail.text


def test_a_mark_that_stands_is_shown_and_changed_where_one_is_set(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    assert "What stands now" not in desk.get(path(ada, "/mark")).text
    marking = Marking(MarkKind.NEAR_FIT, "Strong in statistics.", date(2028, 3, 4))
    set_mark(ada.public_id, marking, scope=scope(rita), now=clock.now())
    end_reading()
    page = desk.get(path(ada, "/mark"))
    assert "Set by Rita Sander. It counts until Saturday 4 March 2028." in page.text
    form = page.form(having="reason").values
    assert (form["kind"], form["reason"], form["expires_on"]) == ("near_fit", "Strong in statistics.", "2028-03-04")
    desk.submit(page, having="reason", reason="Strong in statistics, and in speaking.")
    end_reading()
    assert [one.reason for one in marks_on(ada.id, date(2026, 3, 4))] == ["Strong in statistics, and in speaking."]
    desk.submit(desk.get(path(ada, "/mark")), action="/unmark")
    end_reading()
    assert marks_on(ada.id, date(2026, 3, 4)) == []


@pytest.mark.only("sqlite")  # words do not depend on the database
@pytest.mark.parametrize("outcome", [ApplicationStatus.NOT_SELECTED, ApplicationStatus.OPENING_CANCELLED])
def test_one_letter_for_people_at_different_steps_says_nothing_of_a_step(outcome: ApplicationStatus) -> None:
    for step in STEPS:
        assert words_for_many(outcome, [step, step]) == f"applications/ended_{outcome}_{step}"
    mixed = words_for_many(outcome, [ApplicationStatus.RECEIVED, ApplicationStatus.INTERVIEWING])
    words = str(MAILS[mixed].words.body)
    assert "read it properly" not in words
    assert "meet" not in words
    assert "{greeting}" in words
