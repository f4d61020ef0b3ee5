"""What staff write reaches the candidate when its time to undo is over, or when they send it now."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.applications.actions import (
    move_application,
    send_letter_now,
    take_back_letter,
    write_to_candidate,
)
from portal.applications.models import ApplicationEvent
from portal.applications.queries import Going, StaffScope, StaffView, find_application_of, find_for_staff
from portal.applications.rules import ONE_MAIL_WITHIN, GoneAlready, Proposal, ProposalRefused, goes_from
from portal.applications.states import ApplicationStatus, EndReason, EventKind
from portal.company.actions import change_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.jobs import MailSender
from portal.outbox.models import Delivery
from portal.outbox.privacy import export
from tests.conftest import START, Time, settings_for
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.outbox.servers import mail_server
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)
MEET = Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", FRIDAY, "")
MOVE = Proposal(ApplicationStatus.INTERVIEWING, "", FRIDAY, "")
DECIDE = Proposal(ApplicationStatus.DECISION_PENDING, "", FRIDAY, "")
LATER = Proposal(ApplicationStatus.IN_REVIEW, "", MONDAY, "Hugo is away.")
WINDOW = timedelta(minutes=15)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def view_of(made: Made, rita: int) -> StaffView:
    end_reading()
    found = find_for_staff(made.public_id, scope(rita))
    assert found is not None
    return found


def write(made: Made, rita: int, proposal: Proposal = MEET, *, is_hurried: bool = False) -> Going:
    seen = view_of(made, rita).newest_event_id
    now = clock.now()
    return write_to_candidate(
        made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=seen, now=now, is_hurried=is_hurried
    )


def move(made: Made, rita: int, proposal: Proposal = MOVE, *, is_hurried: bool = False) -> Going:
    seen = view_of(made, rita).newest_event_id
    now = clock.now()
    return move_application(
        made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=seen, now=now, is_hurried=is_hurried
    )


def send_due() -> list[str]:
    """As a worker does; the subjects of what the mail server accepted, in order."""
    subjects = []
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        assert mark_sent(claimed, clock.now())
        subjects.append(claimed.letter.subject)
    end_reading()
    return subjects


def status_of(made: Made) -> ApplicationStatus:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status


def set_window(rita: int, minutes: int) -> None:
    seen = version_of({Setting.UNDO_MINUTES: 15})
    change_settings({Setting.UNDO_MINUTES: minutes}, seen, actor_id=rita, now=clock.now())


def test_a_letter_goes_when_its_time_to_undo_is_over(rita: int, ada: Made, time: Time) -> None:
    going = write(ada, rita)
    assert going.at == START + WINDOW
    time.at = START + WINDOW - timedelta(seconds=1)
    assert send_due() == []
    assert status_of(ada) is ApplicationStatus.IN_REVIEW
    time.at = START + WINDOW
    assert len(send_due()) == 1
    assert status_of(ada) is ApplicationStatus.INTERVIEWING


def test_a_real_mail_server_gets_it_then_and_not_before(app: Flask, rita: int, ada: Made, time: Time) -> None:
    write(ada, rita)
    with mail_server() as sink:
        settings = settings_for(app.config["SQLALCHEMY_DATABASE_URI"])
        settings = settings.__class__(**{**settings.__dict__, "mail_url": sink.url})
        sender = MailSender("a-worker", threading.Event(), settings)
        assert sender.send_due_mail() == 0
        time.at = START + WINDOW
        assert sender.send_due_mail() == 1
        assert [one.message["Subject"] for one in sink.got] == ["Interviewing: your application for Data Analyst"]
    assert status_of(ada) is ApplicationStatus.INTERVIEWING


def test_sending_now_skips_the_wait(rita: int, ada: Made) -> None:
    assert write(ada, rita, is_hurried=True).at == START
    assert len(send_due()) == 1


def test_a_company_without_a_time_to_undo_sends_at_once(rita: int, ada: Made) -> None:
    set_window(rita, 0)
    assert write(ada, rita).at == START
    assert len(send_due()) == 1


def test_one_that_waits_can_be_sent_now_with_whatever_waits_before_it(rita: int, ada: Made, time: Time) -> None:
    write(ada, rita, MEET)
    time.pass_by(minutes=5)
    write(ada, rita, Proposal(ApplicationStatus.INTERVIEWING, "And bring a laptop.", FRIDAY, ""))
    second = view_of(ada, rita).newest_event_id
    send_letter_now(ada.public_id, second, scope=scope(rita), now=clock.now())
    assert send_due() == [
        "Interviewing: your application for Data Analyst",
        "Rita Sander wrote to you about Data Analyst",
    ]


def test_nothing_that_is_written_later_overtakes_what_waits(rita: int, ada: Made, time: Time) -> None:
    write(ada, rita, MEET)
    set_window(rita, 0)
    time.pass_by(minutes=5)
    after = Proposal(ApplicationStatus.INTERVIEWING, "And bring a laptop.", FRIDAY, "")
    assert write(ada, rita, after).at == START + WINDOW
    assert send_due() == []
    time.at = START + WINDOW
    assert send_due()[0].startswith("Interviewing")
    write(ada, rita, after, is_hurried=True)
    assert len(send_due()) == 1


def test_a_letter_sent_now_takes_those_before_it_along(rita: int, ada: Made) -> None:
    write(ada, rita, MEET)
    write(ada, rita, Proposal(ApplicationStatus.INTERVIEWING, "And bring a laptop.", FRIDAY, ""), is_hurried=True)
    assert [subject.split()[0] for subject in send_due()] == ["Interviewing:", "Rita"]


def test_what_has_gone_cannot_be_hurried_and_says_so(rita: int, ada: Made) -> None:
    write(ada, rita, is_hurried=True)
    event_id = view_of(ada, rita).newest_event_id
    send_due()
    with pytest.raises(GoneAlready):
        send_letter_now(ada.public_id, event_id, scope=scope(rita), now=clock.now())


def test_an_ending_waits_for_its_time_to_undo_and_then_for_office_hours(rita: int, ada: Made, time: Time) -> None:
    no = Proposal(
        ApplicationStatus.NOT_SELECTED, "We have chosen somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
    )
    time.at = START + timedelta(hours=7, minutes=50)  # 16:50 in Warsaw
    assert write(ada, rita, no).at == START + timedelta(days=1)
    time.pass_by(minutes=30)
    assert send_due() == []
    time.at = START + timedelta(days=1)
    assert len(send_due()) == 1


def test_the_next_letter_begins_where_the_one_that_waits_leaves_off(app: Flask, rita: int, ada: Made) -> None:
    write(ada, rita, MEET)
    page = signed_in(app, rita).get(f"/recruiting/applications/{ada.public_id}")
    assert page.form(having="message").values["status"] == "interviewing"


def test_the_candidate_finds_no_trace_of_what_waits(app: Flask, rita: int, ada: Made) -> None:
    candidate = signed_in(app, ada.person_id)
    places = (f"/me/applications/{ada.public_id}", "/me/applications", "/me/privacy", "/me/")
    before = [candidate.get(place).text for place in places]
    write(ada, rita)
    assert [candidate.get(place).text for place in places] == before
    assert "We would like to meet you." not in str(export(ada.person_id))
    event_id = view_of(ada, rita).newest_event_id
    take_back_letter(ada.public_id, event_id, scope=scope(rita), now=clock.now())
    assert [candidate.get(place).text for place in places] == before


def test_of_a_worker_and_somebody_who_takes_it_back_at_the_last_moment_one_wins(
    app: Flask, rita: int, ada: Made, time: Time
) -> None:
    for _round in range(4):
        write(ada, rita)
        event_id = view_of(ada, rita).newest_event_id
        time.pass_by(minutes=15)
        answers: list[str] = []

        def send(answers: list[str] = answers) -> None:
            with app.app_context():
                claimed = claim_next("a-worker", clock.now())
                if claimed is not None and mark_sent(claimed, clock.now()):
                    answers.append("sent")

        def undo(event_id: str = event_id, answers: list[str] = answers) -> None:
            with app.app_context():
                try:
                    take_back_letter(ada.public_id, event_id, scope=scope(rita), now=clock.now())
                    answers.append("taken back")
                except GoneAlready:
                    pass

        _run(send, undo)
        assert len(answers) == 1
        is_there = any(event.public_id == event_id for event in view_of(ada, rita).events)
        assert is_there == (answers == ["sent"])


def test_sending_now_and_taking_back_at_once_end_in_one_of_the_two(app: Flask, rita: int, ada: Made) -> None:
    for _round in range(4):
        write(ada, rita)
        event_id = view_of(ada, rita).newest_event_id
        answers: list[str] = []

        def act(action: object, answers: list[str] = answers, event_id: str = event_id) -> None:
            with app.app_context():
                try:
                    action(ada.public_id, event_id, scope=scope(rita), now=clock.now())  # type: ignore[operator]
                    answers.append(action.__name__)  # type: ignore[attr-defined]
                except GoneAlready:
                    pass

        _run(lambda: act(send_letter_now), lambda: act(take_back_letter))
        assert "take_back_letter" in answers
        assert send_due() == []


def test_a_move_in_standard_words_says_where_it_stands_and_until_when(rita: int, ada: Made, time: Time) -> None:
    move(ada, rita)
    time.at = START + WINDOW
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    assert claimed.letter.kind == "applications/moved"
    for words in ("Interviewing", "Friday 6 March 2026", "Rita Sander", "Hello Ada Lind,"):
        assert words in claimed.letter.text
        assert words in claimed.letter.html


def test_two_moves_in_an_hour_are_one_mail_that_says_the_newest(rita: int, ada: Made, time: Time) -> None:
    move(ada, rita, MOVE)
    time.pass_by(minutes=5)
    move(ada, rita, DECIDE)
    time.pass_by(hours=2)
    assert send_due() == ["Decision pending: your application for Data Analyst"]
    found = find_application_of(ada.person_id, ada.public_id)
    assert found is not None
    assert [event.status for event in found.events] == [ApplicationStatus.DECISION_PENDING, ApplicationStatus.IN_REVIEW]


def test_a_move_within_an_hour_after_one_that_went_waits_until_the_hour_is_over(
    rita: int, ada: Made, time: Time
) -> None:
    move(ada, rita, MOVE)
    time.at = START + WINDOW
    assert len(send_due()) == 1
    time.pass_by(minutes=10)
    assert move(ada, rita, DECIDE).at == START + WINDOW + ONE_MAIL_WITHIN
    time.pass_by(minutes=20)
    offer = Proposal(ApplicationStatus.OFFER_MADE, "", FRIDAY, "")
    assert move(ada, rita, offer).at == START + WINDOW + ONE_MAIL_WITHIN
    assert send_due() == []
    time.at = START + WINDOW + ONE_MAIL_WITHIN
    assert send_due() == ["Offer made: your application for Data Analyst"]


def test_a_move_that_is_sent_now_waits_for_no_hour(rita: int, ada: Made, time: Time) -> None:
    move(ada, rita, MOVE, is_hurried=True)
    assert len(send_due()) == 1
    time.pass_by(minutes=1)
    assert move(ada, rita, DECIDE, is_hurried=True).at == time.at
    assert len(send_due()) == 1


def test_a_move_and_then_a_delay_are_one_mail_that_says_both(rita: int, ada: Made, time: Time) -> None:
    move(ada, rita, MOVE)
    move(ada, rita, Proposal(ApplicationStatus.INTERVIEWING, "", MONDAY, "Hugo is away."))
    time.pass_by(hours=1)
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    assert claimed.letter.kind == "applications/moved"
    assert "Hugo is away." in claimed.letter.text
    assert claim_next("a-worker", clock.now()) is None


def test_a_letter_of_ones_own_takes_the_place_of_a_move_that_waits(rita: int, ada: Made, time: Time) -> None:
    move(ada, rita, MOVE)
    write(ada, rita, MEET)
    time.pass_by(hours=1)
    assert send_due() == ["Interviewing: your application for Data Analyst"]
    assert view_of(ada, rita).events[0].kind is EventKind.MESSAGE


def test_what_an_import_reported_is_due_again_when_a_replaced_move_is_taken_back(rita: int) -> None:
    reported = clock.now() - timedelta(days=1)
    made = make_application(make_opening(), rita, promised=FRIDAY, changed_at=reported)
    move(made, rita, MOVE)
    move(made, rita, DECIDE)
    take_back_letter(made.public_id, view_of(made, rita).newest_event_id, scope=scope(rita), now=clock.now())
    assert view_of(made, rita).change_reported_at == reported


@pytest.mark.parametrize(
    ("proposal", "sentence"),
    [
        (Proposal(ApplicationStatus.IN_REVIEW, "", FRIDAY, ""), "Nothing would change"),
        (Proposal(ApplicationStatus.IN_REVIEW, "", date(2026, 3, 5), ""), "Nothing would change"),
        (Proposal(ApplicationStatus.NOT_SELECTED, "", None, ""), "An ending needs words of your own"),
        (Proposal(ApplicationStatus.IN_REVIEW, "", MONDAY, " "), "Please say why the next date is later"),
        (Proposal(ApplicationStatus.INTERVIEWING, "", None, ""), "Please say by when"),
    ],
)
def test_a_change_without_words_needs_something_that_changes(
    rita: int, ada: Made, proposal: Proposal, sentence: str
) -> None:
    with pytest.raises(ProposalRefused, match=sentence):
        move(ada, rita, proposal)
    assert session().scalar(select(func.count()).select_from(Delivery)) == 0


def test_many_moves_at_once_leave_one_that_waits(app: Flask, rita: int, ada: Made) -> None:
    move(ada, rita, MOVE)
    seen = view_of(ada, rita).newest_event_id
    failures: list[BaseException] = []

    def again() -> None:
        with app.app_context():
            try:
                move_application(ada.public_id, scope=scope(rita), proposal=DECIDE, seen_event_id=seen, now=clock.now())
            except BaseException as error:  # whatever it is, it is looked at below
                failures.append(error)

    _run(again, again, again)
    assert {type(error).__name__ for error in failures} == {"StaleApplication"}
    assert len(failures) == 2
    waiting = [event for event in view_of(ada, rita).events if event.is_on_its_way]
    assert [event.status for event in waiting] == [ApplicationStatus.DECISION_PENDING]


@given(
    st.integers(0, 120),
    st.none() | st.integers(-100, 100),
    st.none() | st.integers(-100, 0),
    st.booleans(),
)
def test_what_goes_goes_neither_before_its_window_nor_before_what_waits(
    window: int, waits: int | None, last: int | None, is_hurried: bool
) -> None:
    def at(minutes: int | None) -> object:
        return None if minutes is None else START + timedelta(minutes=minutes)

    goes = goes_from(
        START,
        timedelta(minutes=window),
        waits_until=at(waits),  # type: ignore[arg-type]
        last_change_at=at(last),  # type: ignore[arg-type]
        is_hurried=is_hurried,
    )
    if is_hurried:
        assert goes == START
        return
    assert goes >= START + timedelta(minutes=window)
    assert waits is None or goes >= START + timedelta(minutes=waits)
    assert last is None or goes >= START + timedelta(minutes=last) + ONE_MAIL_WITHIN


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(made: Made) -> str:
    return f"/recruiting/applications/{made.public_id}"


@pytest.mark.only("sqlite")  # what is written stands in the tests above, on both
def test_the_page_says_when_it_goes_and_sends_it_now(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="send", status="interviewing", message="We would like to meet you.")
    assert "It goes at 09:15. Take it back or send it now." in page.text
    page = desk.submit(page, action="send-now")
    assert "Sent. Ada Lind sees it on their page once the mail is accepted." in page.text
    assert "It goes at" not in page.text
    assert len(send_due()) == 1


@pytest.mark.only("sqlite")  # as above
def test_sending_now_from_the_form(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="now", status="interviewing", message="We would like to meet you.")
    assert "Sent. Ada Lind sees it" in page.text
    assert len(send_due()) == 1


@pytest.mark.only("sqlite")  # as above
def test_without_a_time_to_undo_there_is_one_button(desk: Browser, rita: int, ada: Made) -> None:
    set_window(rita, 0)
    page = desk.get(path(ada))
    assert [label for name, _value, label in page.form(having="message").buttons if name == "do"] == [
        "Preview",
        "Send now",
    ]
    assert "Until then you can take it back" not in page.text


@pytest.mark.only("sqlite")  # as above
def test_the_preview_says_when_it_would_go(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(path(ada)), button="preview", message="We would like to meet you.")
    assert "It goes at 09:15." in page.text
    assert session().scalar(select(func.count()).select_from(Delivery)) == 0


@pytest.mark.only("sqlite")  # as above
def test_moving_without_a_letter_from_the_page(desk: Browser, ada: Made) -> None:
    page = desk.get(path(ada))
    page = desk.get(next(link for link in page.links if link.endswith("/move")))
    assert "They read “In review” now." in page.text
    preview = desk.submit(page, having="status", button="preview", status="interviewing")
    assert "Interviewing: your application for Data Analyst" in preview.text
    assert "It goes at 09:15." in preview.text
    page = desk.submit(preview, having="status", button="send")
    assert "It goes at 09:15. Until then you can take it back or send it now." in page.text
    page = desk.submit(page, action="take-back")
    assert "Taken back. Nothing was sent." in page.text
    assert "A letter that was taken back is in the form" not in page.text


@pytest.mark.only("sqlite")  # as above
def test_a_move_that_is_refused_says_why_beside_its_field(desk: Browser, ada: Made) -> None:
    page = desk.get(f"{path(ada)}/move")
    page = desk.submit(page, having="status", button="send", expect=422, when="5")
    assert page.text.count("Please say why the next date is later") >= 2
    page = desk.submit(page, having="status", button="send", expect=422, when="keep")
    assert "Nothing would change." in page.text


@pytest.mark.only("sqlite")  # as above
def test_a_move_of_a_page_that_is_out_of_date_is_not_sent(app: Flask, desk: Browser, ada: Made) -> None:
    mine = desk.get(f"{path(ada)}/move")
    otto = signed_in(app, make_staff("Otto Berg"))
    otto.submit(otto.get(path(ada)), having="message", button="send", message="Otto was quicker.")
    page = desk.submit(mine, having="status", button="send", expect=409, status="decision_pending")
    assert "A colleague has written in the meantime." in page.text
    assert page.form(having="status").values["status"] == "decision_pending"


@pytest.mark.only("sqlite")  # as above
def test_a_hiring_manager_moves_and_hurries_nothing(app: Flask, desk: Browser, rita: int) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_application(make_opening(manager_id=hugo), rita, promised=FRIDAY)
    move(own, rita)
    browser = signed_in(app, hugo)
    page = browser.get(path(own))
    assert "Move, with the standard mail" not in page.text
    assert "Send it now" not in page.text
    assert "Take it back" not in page.text.replace("Take it back or send it now.", "")
    browser.get(f"{path(own)}/move", expect=404)
    token = page.form(action="/sign-out").values["csrf_token"]
    event_id = view_of(own, rita).newest_event_id
    browser.post(f"{path(own)}/letters/{event_id}/send-now", {"csrf_token": token}, expect=404)


def test_a_letter_that_died_after_the_window_is_still_no_promise(rita: int, ada: Made) -> None:
    move(ada, rita, LATER)
    settle_mail()
    assert find_application_of(ada.person_id, ada.public_id).next_update_by == MONDAY
    kinds = session().scalars(select(ApplicationEvent.kind).order_by(ApplicationEvent.id)).all()
    assert kinds == [EventKind.IMPORTED, EventKind.MOVED]


def _run(*works: object) -> None:
    end_reading()
    threads = [threading.Thread(target=work) for work in works]  # type: ignore[arg-type]  # callables
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
