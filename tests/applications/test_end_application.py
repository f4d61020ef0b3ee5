"""Ending an application: a reason for us, words for them that fit how far they came, "not yet" only with a mark."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs, privacy
from portal.applications.actions import write_to_candidate
from portal.applications.actions.ending import Marking, remove_mark, set_mark
from portal.applications.models import ApplicationEvent, Mark
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.queries.endings import marks_on, next_stay
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.rules.endings import words_of_ending
from portal.applications.states import (
    END_REASONS,
    STEPS,
    ApplicationStatus,
    Channel,
    EndReason,
    EventKind,
    MarkKind,
)
from portal.company.models import CompanySetting
from portal.company.states import Setting
from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.tasks.states import TaskKind
from portal.wording.data import MAILS
from tests.applications.promise_jobs import open_tasks
from tests.conftest import Time
from tests.factories import Made, add_event, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
TODAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
NOT_YET = Proposal(
    ApplicationStatus.NOT_SELECTED, "Not yet.", None, "", end_reason=EndReason.STRONGER_CANDIDATE, is_not_yet=True
)
NEAR_FIT = Marking(MarkKind.NEAR_FIT, "Strong in statistics.", date(2028, 3, 4))


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def write(made: Made, rita: int, proposal: Proposal) -> None:
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    seen = view.newest_event_id
    write_to_candidate(made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=seen, now=clock.now())


def newest_mail() -> str:
    end_reading()
    return session().scalars(select(Delivery.text).order_by(Delivery.id.desc())).first() or ""


def path(made: Made, more: str = "") -> str:
    return f"/recruiting/applications/{made.public_id}{more}"


def newest_event() -> ApplicationEvent:
    end_reading()
    found = session().scalars(select(ApplicationEvent).order_by(ApplicationEvent.id.desc())).first()
    assert found is not None
    return found


def stays() -> list[date]:
    return [due for _kind, _owner, due in open_tasks(TaskKind.STAY_IN_TOUCH)]


def told_not_yet(made: Made, rita: int, time: Time) -> None:
    set_mark(made.public_id, NEAR_FIT, scope=scope(rita), now=clock.now())
    write(made, rita, NOT_YET)
    settle_mail()
    time.pass_by(minutes=1)
    jobs.stay_in_touch(clock.now())


def test_from_the_button_to_the_letter_that_waits(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    assert path(ada, "/end") in desk.get(path(ada)).links
    page = desk.submit(desk.get(path(ada, "/end")), outcome="not_selected")
    letter = page.form(having="message").values["message"]
    assert letter.startswith("Hello Ada Lind,")
    assert "We have read your application for Data Analyst with care" in letter
    page = desk.submit(page, button="send", end_reason="missing_skill", internal_reason="No streaming", message="No.")
    event = newest_event()
    assert (event.status, event.end_reason) == (ApplicationStatus.NOT_SELECTED, EndReason.MISSING_SKILL)
    assert (event.internal_reason, event.message) == ("No streaming", "No.")
    assert "A skill is missing that the work needs. No streaming" in page.text


def test_without_a_reason_nothing_ends_and_the_words_are_kept(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    page = desk.submit(
        desk.get(path(ada, "/end?outcome=not_selected")), expect=422, button="send", message="We chose another."
    )
    assert "Please say why, for us." in page.text
    assert page.form(having="message").values["message"] == "We chose another."
    page = desk.submit(page, having="message", expect=422, button="send", end_reason="other")
    assert "Please say in a few words what it was." in page.text


@pytest.mark.only("sqlite")  # a rule
@pytest.mark.parametrize("outcome", sorted(END_REASONS))
def test_no_ending_goes_without_a_reason_that_fits(rita: int, ada: Made, outcome: ApplicationStatus) -> None:
    for reason in (None, *set(EndReason) - set(END_REASONS[outcome])):
        with pytest.raises(ProposalRefused) as refused:
            write(ada, rita, Proposal(outcome, "It ends.", None, "", end_reason=reason, channel=Channel.TELEPHONE))
        assert refused.value.field == "end_reason"


def test_the_reason_is_on_no_page_mail_or_export_of_the_candidate(app: Flask, rita: int, ada: Made) -> None:
    reason = "Zanzibar-secret"
    why = {"end_reason": EndReason.OTHER, "internal_reason": reason}
    set_mark(ada.public_id, Marking(MarkKind.NEAR_FIT, reason, date(2028, 1, 3)), scope=scope(rita), now=clock.now())
    write(ada, rita, Proposal(ApplicationStatus.NOT_SELECTED, "No.", None, "", **why))
    settle_mail()
    candidate = signed_in(app, ada.person_id)
    for where in (f"/me/applications/{ada.public_id}", "/me/", "/me/privacy"):
        body = candidate.get(where).body
        assert reason not in body
        assert "Near-fit" not in body
    assert reason not in str(privacy.export(ada.person_id))
    assert reason in signed_in(app, rita).get(path(ada)).body


def test_withdrawn_is_written_down_with_how_they_told_us(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    page = desk.get(path(ada, "/end?outcome=withdrawn"))
    page = desk.submit(page, expect=422, button="now", end_reason="other_offer")
    assert "Please say how they told us." in page.text
    desk.submit(page, having="message", button="now", end_reason="other_offer", channel="telephone")
    event = newest_event()
    assert (event.kind, event.status, event.channel) == (
        EventKind.MESSAGE,
        ApplicationStatus.WITHDRAWN,
        Channel.TELEPHONE,
    )
    settle_mail()
    assert (
        "You withdrew this application" in signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}").text
    )


@pytest.mark.only("sqlite")  # words do not depend on the database
def test_there_are_words_for_every_outcome_and_step() -> None:
    for outcome in END_REASONS:
        for step in STEPS:
            assert MAILS[words_of_ending(outcome, step)].is_draft
    for step in STEPS:
        assert MAILS[words_of_ending(ApplicationStatus.NOT_SELECTED, step, is_not_yet=True)].is_draft


@pytest.mark.only("sqlite")  # words do not depend on the database
def test_the_words_fit_how_far_they_came(app: Flask, rita: int, ada: Made) -> None:
    add_event(ada.id, status=ApplicationStatus.DECISION_PENDING, promised=FRIDAY)
    add_event(ada.id, status=ApplicationStatus.IN_REVIEW, promised=FRIDAY)
    text = signed_in(app, rita).get(path(ada, "/end?outcome=not_selected")).form(having="message").values["message"]
    assert "You were among the last few" in text


def test_not_yet_is_refused_without_a_mark_whoever_asks(app: Flask, rita: int, ada: Made) -> None:
    with pytest.raises(ProposalRefused, match="near-fit or a silver medal"):
        write(ada, rita, NOT_YET)
    desk = signed_in(app, rita)
    page = desk.get(path(ada, "/end?outcome=not_selected"))
    assert "Say “not yet”" not in page.text
    page = desk.get(path(ada, "/end?outcome=not_selected&not_yet=y"))
    page = desk.submit(page, expect=422, button="now", end_reason="missing_skill")
    assert "“Not yet” is said only where a near-fit or a silver medal is set." in page.text
    assert newest_event().status is ApplicationStatus.IN_REVIEW


def test_a_mark_that_has_run_out_or_was_taken_away_does_not_count(rita: int, ada: Made, time: Time) -> None:
    set_mark(ada.public_id, NEAR_FIT, scope=scope(rita), now=clock.now())
    assert remove_mark(ada.public_id, MarkKind.NEAR_FIT, scope=scope(rita), now=clock.now())
    with pytest.raises(ProposalRefused):
        write(ada, rita, NOT_YET)
    soon = Marking(MarkKind.NEAR_FIT, "Strong.", TODAY + timedelta(days=1))
    set_mark(ada.public_id, soon, scope=scope(rita), now=clock.now())
    time.pass_by(days=1)
    with pytest.raises(ProposalRefused):
        write(ada, rita, NOT_YET)
    privacy.retention(clock.now())
    end_reading()
    assert session().scalars(select(Mark)).all() == []


def test_a_mark_is_set_seen_and_taken_away(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    page = desk.submit(desk.get(path(ada, "/mark")), kind="near_fit", reason="Strong in statistics.")
    assert "Set: Near-fit. Only colleagues see it." in page.text
    assert "Strong in statistics." in page.text
    page = desk.get(path(ada, "/end?outcome=not_selected"))
    letter = desk.get(next(link for link in page.links if "not_yet" in link)).form(having="message").values["message"]
    assert "I would like to write to you around Friday 3 April 2026" in letter
    page = desk.submit(desk.get(path(ada)), action="unmark")
    assert "Taken away: Near-fit." in page.text
    assert marks_on(ada.id, TODAY) == []


def test_a_silver_medal_needs_the_final_stage_or_a_word_that_it_is_meant(app: Flask, rita: int, ada: Made) -> None:
    desk = signed_in(app, rita)
    page = desk.submit(desk.get(path(ada, "/mark")), expect=422, kind="silver_medal", reason="Great.")
    assert "They had not reached the final stage." in page.text
    desk.submit(page, having="kind", is_meant="y")
    assert [one.kind for one in marks_on(ada.id, TODAY)] == [MarkKind.SILVER_MEDAL]
    final = make_application(make_opening(), rita, status=ApplicationStatus.DECISION_PENDING, promised=FRIDAY)
    medal = Marking(MarkKind.SILVER_MEDAL, "Close.", date(2028, 3, 4))
    set_mark(final.public_id, medal, scope=scope(rita), now=clock.now())
    set_mark(final.public_id, medal, scope=scope(rita), now=clock.now())
    assert len(marks_on(final.id, TODAY)) == 1


def test_three_dated_tasks_come_when_the_letter_was_accepted(rita: int, ada: Made, time: Time) -> None:
    set_mark(ada.public_id, NEAR_FIT, scope=scope(rita), now=clock.now())
    write(ada, rita, NOT_YET)
    jobs.stay_in_touch(clock.now())
    assert stays() == []
    settle_mail()
    for _run in range(2):
        time.pass_by(minutes=1)
        jobs.stay_in_touch(clock.now())
    # 3 April is a Friday, 2 June a Tuesday, 31 August a Monday.
    assert stays() == [date(2026, 4, 3), date(2026, 6, 2), date(2026, 8, 31)]


def test_one_that_falls_on_a_day_off_moves_to_the_next_working_day(rita: int, ada: Made, time: Time) -> None:
    time.at = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    told_not_yet(ada, rita, time)
    assert stays()[0] == date(2026, 4, 6)  # 30 days later is a Saturday


def test_the_draft_is_opened_made_personal_and_sent(app: Flask, rita: int, ada: Made, time: Time) -> None:
    told_not_yet(ada, rita, time)
    choose(ada.person_id, Purpose.CHECK_INS, True, source="test", now=clock.now())
    end_reading()
    desk = signed_in(app, rita)
    page = desk.get(path(ada, "/stay-in-touch"))
    text = page.form(having="message").values["message"]
    assert "On Wednesday 4 March 2026 I wrote to you about Data Analyst" in text
    page = desk.submit(page, button="send", message="How is your talk coming along?")
    event = newest_event()
    assert (event.status, event.message) == (ApplicationStatus.NOT_SELECTED, "How is your talk coming along?")
    assert len(stays()) == 2
    stay = next_stay(ada.public_id)
    assert stay is not None
    assert stay.days == 90


@pytest.mark.parametrize("what", ["reply", "application", "hired", "unmarked", "open again"])
def test_the_tasks_go_when_they_have_moved_on(rita: int, ada: Made, time: Time, what: str) -> None:
    told_not_yet(ada, rita, time)
    assert len(stays()) == 3
    time.pass_by(days=3)
    if what == "reply":
        ask(ada.person_id, text="Thank you.", application=ada.public_id, form_key="a", now=clock.now())
    elif what == "application":
        make_application(make_opening(), rita, person_id=ada.person_id, promised=date(2026, 3, 20))
    elif what == "hired":
        other = make_application(
            make_opening(), rita, person_id=ada.person_id, promised=None, status=ApplicationStatus.HIRED
        )
        assert other.id
    elif what == "unmarked":
        remove_mark(ada.public_id, MarkKind.NEAR_FIT, scope=scope(rita), now=clock.now())
    else:
        add_event(ada.id, EventKind.REVERTED, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 3, 20))
    jobs.stay_in_touch(clock.now())
    assert stays() == []


def test_who_answered_before_the_worker_came_gets_no_tasks(rita: int, ada: Made, time: Time) -> None:
    set_mark(ada.public_id, NEAR_FIT, scope=scope(rita), now=clock.now())
    write(ada, rita, NOT_YET)
    settle_mail()
    time.pass_by(hours=3)
    ask(ada.person_id, text="Thank you.", application=ada.public_id, form_key="a", now=clock.now())
    time.pass_by(days=2)
    jobs.stay_in_touch(clock.now())
    assert stays() == []


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("written", "If we met you for an interview, you have our feedback in writing within 7 days of this letter."),
        ("telephone", "If we met you for an interview, we call you with our feedback within 7 days of this letter"),
        ("none", ""),
    ],
)
def test_a_rejection_says_what_feedback_they_have_if_they_were_met(
    app: Flask, rita: int, ada: Made, way: str, words: str
) -> None:
    with transaction() as own:
        own.add(CompanySetting(name=Setting.FEEDBACK, value={"way": way, "countries": {}}, changed_at=clock.now()))
    add_event(ada.id, EventKind.INTERVIEW, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY)
    desk: Browser = signed_in(app, rita)
    page = desk.get(path(ada, "/end?outcome=not_selected"))
    preview = desk.submit(page, button="preview", end_reason="missing_skill", message="No.").text
    write(ada, rita, Proposal(ApplicationStatus.NOT_SELECTED, "No.", None, "", end_reason=EndReason.MISSING_SKILL))
    for text in (preview, newest_mail()):
        assert ("Feedback" in text.partition("No.")[2]) == bool(words)
        assert words in " ".join(text.split())


def test_nobody_who_had_no_interview_is_told_of_feedback(rita: int, ada: Made) -> None:
    write(ada, rita, Proposal(ApplicationStatus.NOT_SELECTED, "No.", None, "", end_reason=EndReason.MISSING_SKILL))
    assert "feedback" not in newest_mail().lower()


def test_what_has_ended_is_not_ended_again(app: Flask, rita: int, ada: Made) -> None:
    desk: Browser = signed_in(app, rita)
    page = desk.get(path(ada, "/end?outcome=not_selected"))
    desk.submit(page, button="send", end_reason="missing_skill")
    page = desk.submit(page, button="send", end_reason="missing_skill")
    assert "there is nothing to end" in page.text
