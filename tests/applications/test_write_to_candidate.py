"""Writing to a candidate: what is sent, when they see it, and what is refused."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from portal.accounts.models import OneTimeToken
from portal.applications import emails
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_application_of, find_for_staff
from portal.applications.rules import EndingWaits, Proposal, ProposalRefused, StaleApplication
from portal.applications.states import ENDINGS, ApplicationStatus, EndReason
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.openings.models import Opening
from portal.outbox.actions import claim_next
from portal.outbox.adapters.message import compose
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Address, Person
from tests.conftest import START, Time, settings_for
from tests.factories import Made, make_application, make_opening, make_person, make_staff, settle_mail

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)
MONDAY = date(2026, 3, 9)
MEET = Proposal(ApplicationStatus.INTERVIEWING, "Hello Ada,\n\nwe would like to meet you.", FRIDAY, "")
NO = Proposal(
    ApplicationStatus.NOT_SELECTED, "We have chosen somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person, promised=FRIDAY)


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    return StaffScope(person_id, role)


def staff_view(made: Made, person_id: int) -> StaffView:
    found = find_for_staff(made.public_id, scope(person_id))
    assert found is not None
    return found


def write(made: Made, person_id: int, proposal: Proposal = MEET, seen: str = "") -> None:
    seen = seen or staff_view(made, person_id).newest_event_id
    write_to_candidate(
        made.public_id, scope=scope(person_id), proposal=proposal, seen_event_id=seen, now=clock.now(), is_hurried=True
    )


def shown(made: Made) -> tuple[ApplicationStatus, date | None]:
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status, found.next_update_by


def the_delivery() -> Delivery:
    return session().scalars(select(Delivery).order_by(Delivery.id.desc())).first() or pytest.fail("nothing was sent")


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_the_page_changes_when_the_mail_server_has_accepted_the_message(rita: int, ada: Made) -> None:
    write(ada, rita)
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, FRIDAY)
    settle_mail()
    assert shown(ada) == (ApplicationStatus.INTERVIEWING, FRIDAY)


def test_a_message_that_is_refused_by_the_mail_server_changes_nothing(rita: int, ada: Made) -> None:
    write(ada, rita, NO)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    assert shown(ada) == (ApplicationStatus.IN_REVIEW, FRIDAY)


def test_the_mail_says_who_wrote_where_it_stands_and_by_when_they_hear(rita: int, ada: Made) -> None:
    write(ada, rita)
    mail = the_delivery()
    assert mail.to_address == "ada@example.org"
    assert mail.mail_class is MailClass.OWN
    for part in (mail.text, mail.html):
        for words in ("we would like to meet you.", "Rita Sander", "Interviewing", "Friday 6 March 2026"):
            assert words in part
        assert "/follow/" in part
        assert "What we agreed on stays as it is." in part
    assert "Data Analyst" in mail.subject
    assert mail.reply_to == "Rita Sander <rita@example.org>"


def test_an_ending_promises_nothing_any_more(rita: int, ada: Made) -> None:
    write(ada, rita, replace(NO, next_update_by=MONDAY, date_reason="because"))
    settle_mail()
    assert shown(ada) == (ApplicationStatus.NOT_SELECTED, None)
    assert "March" not in the_delivery().text
    assert "turn" not in the_delivery().text


def test_the_mail_is_in_the_time_and_words_of_its_reader_and_repeats_no_internal_word(rita: int) -> None:
    made = make_application(
        make_opening(), rita, promised=FRIDAY, source_stage="Panel 2B", source_reason="Too dear", imported_tags=["zzz"]
    )
    write(made, rita)
    whole = the_delivery().text + the_delivery().html + the_delivery().subject
    for secret in ("Panel 2B", "Too dear", "zzz", "greenhouse"):
        assert secret not in whole


def test_a_follow_token_is_issued_for_this_application_only(rita: int, ada: Made) -> None:
    write(ada, rita)
    token = session().scalars(select(OneTimeToken)).one()
    assert (token.kind, token.subject, token.person_id) == (TokenKind.FOLLOW, ada.public_id, ada.person_id)
    assert token.expires_at == clock.now() + timedelta(days=30)


def test_who_did_what_is_recorded_without_the_words(rita: int, ada: Made) -> None:
    write(ada, rita)
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "applications.write_to_candidate")).one()
    assert (record.actor_id, record.person_id) == (rita, ada.person_id)
    assert record.subject == f"application:{ada.public_id}"
    assert record.details["status_after"] == "interviewing"
    assert "meet" not in str(record.details)


def test_a_later_date_without_a_reason_is_refused_and_with_one_the_candidate_reads_it(rita: int, ada: Made) -> None:
    with pytest.raises(ProposalRefused, match="Friday 6 March 2026"):
        write(ada, rita, replace(MEET, next_update_by=MONDAY))
    assert count(Delivery) == 0
    write(ada, rita, replace(MEET, next_update_by=MONDAY, date_reason="Hugo is away until Monday."))
    assert "Hugo is away until Monday." in the_delivery().text
    settle_mail()
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert view.events[0].date_reason == "Hugo is away until Monday."


def test_a_date_that_never_reached_them_is_no_promise(rita: int, ada: Made) -> None:
    later = replace(MEET, next_update_by=MONDAY, date_reason="Hugo is away until Monday.")
    write(ada, rita, later)
    settle_mail(DeliveryState.DEAD)
    with pytest.raises(ProposalRefused):
        write(ada, rita, replace(later, date_reason=""))
    write(ada, rita, later)
    settle_mail()
    assert shown(ada)[1] == MONDAY


def test_a_date_on_its_way_to_them_does_not_hide_the_one_they_see(rita: int, ada: Made) -> None:
    later = replace(MEET, next_update_by=MONDAY, date_reason="Hugo is away until Monday.")
    write(ada, rita, later)
    with pytest.raises(ProposalRefused):
        write(ada, rita, replace(later, date_reason=""))


def test_the_reason_is_forgotten_where_the_date_did_not_move(rita: int, ada: Made) -> None:
    write(ada, rita, replace(MEET, date_reason="no reason needed"))
    assert "no reason needed" not in the_delivery().text


def test_writing_settles_what_an_import_reported(rita: int) -> None:
    made = make_application(make_opening(), rita, promised=FRIDAY, changed_at=clock.now())
    write(made, rita)
    assert session().scalars(select(Application.change_reported_at)).one() is None


def test_whoever_has_not_seen_the_newest_word_sends_nothing(rita: int, ada: Made) -> None:
    seen = staff_view(ada, rita).newest_event_id
    write(ada, rita, seen=seen)
    otto = make_staff("Otto Berg")
    with pytest.raises(StaleApplication):
        write(ada, otto, NO, seen=seen)
    # Not even to be told first that the date needs a reason.
    with pytest.raises(StaleApplication):
        write(ada, otto, replace(MEET, next_update_by=MONDAY), seen=seen)
    assert count(Delivery) == 1


def test_many_at_once_send_one_message(app: Flask, rita: int, ada: Made) -> None:
    seen = staff_view(ada, rita).newest_event_id
    answers: list[str] = []

    def send() -> None:
        with app.app_context():
            try:
                write(ada, rita, seen=seen)
                answers.append("sent")
            except StaleApplication:
                answers.append("stale")

    with transaction():
        pass
    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["sent"] + ["stale"] * 5
    with transaction() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_change_while_the_mail_is_made_is_in_the_mail(rita: int, ada: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by = emails.message
    changes = iter(["ada.new@example.org", ""])

    def make_and_change(*given: object) -> object:
        mail = made_by(*given)  # type: ignore[arg-type]
        if address := next(changes):
            with transaction() as own:
                own.execute(update(Address).where(Address.person_id == ada.person_id).values(email=address))
                own.execute(update(Opening).values(title="Senior Data Analyst"))
        return mail

    monkeypatch.setattr(emails, "message", make_and_change)
    write(ada, rita)
    mail = the_delivery()
    assert mail.to_address == "ada.new@example.org"
    assert "Senior Data Analyst" in mail.subject
    assert count(Delivery) == 1


@pytest.mark.parametrize("name", ['Sander, Rita "Ri"', "Zoë Wójcik", "王 小明", "Rita <x@y.z>", "R" * 200])
def test_an_answer_reaches_the_writer_whatever_their_name(app: Flask, name: str) -> None:
    writer = make_staff(name, email="writer@example.org")
    write(make_application(make_opening(), writer, promised=FRIDAY), writer)
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    message = compose(claimed.letter, settings_for("sqlite:////unused.sqlite3"), clock.now())
    assert "writer@example.org" in message.headers["Reply-To"]
    assert "x@y.z>" not in message.headers["Reply-To"].replace('"Rita <x@y.z>"', "")


@pytest.mark.parametrize(
    "text", ["\x00hello", "a\r\nb", "<b>&amp;</b> {{ 7*7 }} {% x %} %(x)s", "=1+1", "--token-follow-x--"]
)
def test_whatever_is_typed_arrives_as_text(rita: int, ada: Made, text: str) -> None:
    write(ada, rita, replace(MEET, message=text))
    mail = the_delivery()
    kept = text.replace("\x00", "").replace("\r\n", "\n")
    assert kept in mail.text
    assert "<b>" not in mail.html.partition("<body>")[2]


def test_a_hiring_manager_writes_to_nobody(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_application(make_opening(manager_id=hugo), rita, promised=FRIDAY)
    view = find_for_staff(own.public_id, scope(hugo, Role.HIRING_MANAGER))
    assert view is not None
    with pytest.raises(NotFound):
        write_to_candidate(
            own.public_id,
            scope=scope(hugo, Role.HIRING_MANAGER),
            proposal=MEET,
            seen_event_id=view.newest_event_id,
            now=clock.now(),
        )
    assert count(Delivery) == 0


def test_an_application_that_does_not_exist_is_not_found(rita: int) -> None:
    with pytest.raises(NotFound):
        write_to_candidate("nothing", scope=scope(rita), proposal=MEET, seen_event_id="", now=clock.now())


def test_an_ended_application_takes_another_message(rita: int, ada: Made) -> None:
    write(ada, rita, NO)
    settle_mail()
    write(ada, rita, replace(NO, message="As promised, here is what we saw."))
    settle_mail()
    view = find_application_of(ada.person_id, ada.public_id)
    assert view is not None
    assert [event.message for event in view.events[:2]] == ["As promised, here is what we saw.", NO.message]
    assert view.status is ApplicationStatus.NOT_SELECTED


def test_the_names_of_people_without_one_break_nothing(app: Flask, rita: int) -> None:
    nameless = make_application(make_opening(), rita, name="", promised=FRIDAY)
    write(nameless, rita)
    assert session().scalars(select(Person.name).where(Person.id == nameless.person_id)).one() == ""


PROPOSALS = st.builds(
    Proposal,
    st.sampled_from(sorted(ApplicationStatus)),
    st.sampled_from(["", "A word.", "Another word."]),
    st.none() | st.dates(date(2026, 3, 1), date(2026, 4, 1)),
    st.sampled_from(["", "A reason."]),
)
MOVES = st.lists(
    st.tuples(PROPOSALS, st.sampled_from(["sent", "dead", "waits", "taken back"]), st.integers(0, 3)), max_size=8
)


@pytest.mark.only("sqlite")
@settings(max_examples=25)
@given(MOVES)
def test_whatever_happens_there_is_a_date_or_an_ending_and_no_date_moves_later_in_silence(
    app: Flask, time: Time, moves: list[tuple[Proposal, str, int]]
) -> None:
    time.at = START
    rita = make_staff()
    made = make_application(make_opening(), rita, promised=FRIDAY)
    for proposal, fate, days in moves:
        before_status, promised = shown(made)
        try:
            write(made, rita, proposal)
        except (ProposalRefused, EndingWaits):
            assert shown(made) == (before_status, promised)
            fate = "waits" if fate == "taken back" else fate
        if fate == "taken back":
            newest = staff_view(made, rita).newest_event_id
            take_back_letter(made.public_id, newest, scope=scope(rita), now=clock.now())
            assert shown(made) == (before_status, promised)
        elif fate != "waits":
            settle_mail(DeliveryState.SENT if fate == "sent" else DeliveryState.DEAD)
        view = find_application_of(made.person_id, made.public_id)
        assert view is not None
        assert (view.next_update_by is None) == (view.status in ENDINGS)
        if promised and view.next_update_by and view.next_update_by > promised:
            newest = view.events[0]
            assert newest.date_reason
            assert newest.message
        time.pass_by(days=days)
    ends = [event.next_update_by for event in session().scalars(select(ApplicationEvent))]
    assert all(day is None or day.weekday() < 5 for day in ends)
