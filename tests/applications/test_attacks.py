"""Somebody who tries: what waits, what is for colleagues, other people's files, addresses and applications."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.actions import end_all_sessions
from portal.applications import jobs
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.actions.elsewhere import refuse_told_elsewhere
from portal.applications.actions.ending import Marking, set_mark
from portal.applications.actions.reverting import revert_ending
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason, MarkKind
from portal.community.actions import join
from portal.contact.actions import record_consent
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.openings.models import Opening
from portal.outbox.actions import claim_next
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Staff
from portal.privacy.actions import step_down
from portal.tasks.states import TaskKind
from tests.applications.applying import GOOD, fill, made, opening, public_id_in, secrets_of, upload
from tests.conftest import Time
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_submission,
    make_task,
    public_id_of,
    settle_mail,
    signed_in,
    visitor,
)
from tests.outbox.letters import put
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

HELD = "/me/privacy"
FRIDAY = date(2026, 3, 6)
NO = Proposal(
    ApplicationStatus.NOT_SELECTED, "We chose somebody else.", None, "", end_reason=EndReason.STRONGER_CANDIDATE
)
AGAIN = Proposal(ApplicationStatus.INTERVIEWING, "I had mixed up two letters.", FRIDAY, "")
NIA: dict[str, Any] = {**GOOD, "name": "Nia New", "email": "nia@example.org"}
EVE: dict[str, Any] = {**GOOD, "name": "Eve Else", "email": "eve@example.org"}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Nurse", recruiter_id=rita), rita, promised=FRIDAY)


@pytest.fixture
def reader(app: Flask, ada: Made) -> Browser:
    """Ada, who looks everywhere."""
    return signed_in(app, ada.person_id)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def newest(made_one: Made, rita: int) -> str:
    end_reading()
    view = find_for_staff(made_one.public_id, scope(rita))
    assert view is not None
    return view.newest_event_id


def write(made_one: Made, rita: int, proposal: Proposal = NO) -> None:
    write_to_candidate(
        made_one.public_id,
        scope=scope(rita),
        proposal=proposal,
        seen_event_id=newest(made_one, rita),
        now=clock.now(),
    )
    end_reading()


def csrf(browser: Browser) -> str:
    return str(browser.get("/join").form(having="csrf_token").values["csrf_token"])


# What has not gone yet, or is for colleagues: nobody reads it off what we hold about them.


def test_a_rejection_that_waits_does_not_show_among_what_we_hold(reader: Browser, ada: Made, rita: int) -> None:
    before = reader.get(HELD).text
    write(ada, rita)
    assert reader.get(HELD).text == before


def test_once_they_were_told_it_shows_with_how_long_they_are_left_in_peace(
    reader: Browser, ada: Made, rita: int
) -> None:
    write(ada, rita)
    settle_mail()
    text = reader.get(HELD).text
    assert "An answer about your application" in text
    assert "Left in peace after this decision" in text
    assert "until Wednesday 11 March 2026" in text


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.DEAD])
def test_a_rejection_that_no_mail_server_took_does_not_show_among_what_we_hold(
    reader: Browser, ada: Made, rita: int, state: DeliveryState
) -> None:
    write(ada, rita)
    with transaction() as own:
        letter = own.scalars(select(Delivery)).one()
        # Put off once ("greylisted"), or refused for good: the candidate was not told, and the owner sees to it.
        letter.state, letter.first_tried_at, letter.attempts = state, clock.now(), 1
    assert "An answer about your application" not in reader.get(HELD).text


def test_a_rejection_that_waits_is_not_why_other_mail_waits(reader: Browser, ada: Made, rita: int) -> None:
    join(ada.person_id, [], clock.now())
    record_consent(
        ada.person_id,
        Purpose.INSIDER_UPDATES,
        ConsentAction.GIVEN,
        words="Yes.",
        text_version="2026-03",
        locale="en",
        source="/join",
        now=clock.now(),
    )
    write(ada, rita)
    put(7, person_id=ada.person_id, mail_class=MailClass.COMMUNITY, purpose=Purpose.INSIDER_UPDATES)
    claim_next("a-worker", clock.now())
    assert "You had a decision from us" not in reader.get("/me/preferences").text
    with transaction() as own:
        letter = own.scalars(select(Delivery).where(Delivery.mail_class == MailClass.OWN)).one()
        letter.state, letter.sent_at = DeliveryState.SENT, clock.now()
    assert "You had a decision from us" in reader.get("/me/preferences").text


def test_an_ending_taken_back_and_undone_again_leaves_no_trace(reader: Browser, ada: Made, rita: int) -> None:
    write(ada, rita)
    settle_mail()
    before = reader.get(HELD).text
    revert_ending(ada.public_id, scope=scope(rita), proposal=AGAIN, seen_event_id=newest(ada, rita), now=clock.now())
    while_it_waits = reader.get(HELD).text
    take_back_letter(ada.public_id, newest(ada, rita), scope=scope(rita), now=clock.now())
    after = reader.get(HELD).text
    assert after == before
    assert while_it_waits == before


def test_who_was_close_does_not_read_of_it(reader: Browser, ada: Made, rita: int) -> None:
    before = reader.get(HELD).text
    marking = Marking(MarkKind.NEAR_FIT, "A year more of nights", date(2026, 9, 1))
    set_mark(ada.public_id, marking, scope=scope(rita), now=clock.now())
    assert reader.get(HELD).text == before


def test_an_imported_ending_that_does_not_hold_is_never_heard_of(reader: Browser, ada: Made, rita: int) -> None:
    with transaction() as own:
        row = own.get_one(Application, ada.id)
        row.source_ending = ApplicationStatus.NOT_SELECTED
        row.source_tells_from = clock.now() + timedelta(hours=24)
    before = reader.get(HELD).text
    assert refuse_told_elsewhere(ada.public_id, scope=scope(rita), now=clock.now())
    assert reader.get(HELD).text == before


def test_a_letter_that_waits_shows_on_no_page_of_its_reader(reader: Browser, ada: Made, rita: int) -> None:
    write(ada, rita)
    for path in ("/me/", "/me/applications", f"/me/applications/{ada.public_id}", HELD, "/me/conversation"):
        body = reader.get(path).body
        assert "We chose somebody else." not in body, path
        assert "Not selected" not in body, path


# Files, and the computer that several people use.


def test_the_next_one_at_a_computer_does_not_send_the_cv_of_the_one_before(app: Flask) -> None:
    slug, shared = opening(), visitor(app)
    nias = b"%PDF-1.4 the life of Nia"
    fill(shared, shared.get(f"/openings/{slug}/apply"), **NIA, cv=upload(nias, "Nia New.pdf"))
    link_of_nia = secrets_of()[0]
    fill(shared, shared.get(f"/openings/{slug}/apply"), **EVE)
    eve = visitor(app)
    page = eve.get(f"/apply/{secrets_of()[0]}")
    receipt = eve.submit(page, action=page.path)
    assert eve.client.get(f"/me/applications/{public_id_in(receipt)}/cv/file").data != nias
    nia = visitor(app)
    page = nia.get(f"/apply/{link_of_nia}")
    receipt = nia.submit(page, action=page.path)
    assert nia.client.get(f"/me/applications/{public_id_in(receipt)}/cv/file").data == nias


@pytest.mark.only("sqlite")  # files and headers; the database only keeps the name
@pytest.mark.parametrize(
    "name",
    [
        "'><svg onload=alert(1)>.pdf",
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "\u202efdp.exe",
        "=cmd|' /C calc'!A0.pdf",
        "cv.html",
        "\uff0e\uff0e\uff0fcv.pdf",
        "x" * 3000 + ".pdf",
    ],
)
def test_a_file_that_is_a_page_as_well_is_only_ever_saved(app: Flask, name: str) -> None:
    slug = opening()
    browser = signed_in(app, make_person())
    page = browser.get(f"/openings/{slug}/apply")
    both = b"<html><script>alert(1)</script>%PDF-1.4"
    answers: dict[str, Any] = GOOD
    receipt = fill(browser, page, **answers, cv=upload(both, name))
    assert "<svg onload" not in receipt.body
    answer = browser.client.get(f"/me/applications/{public_id_in(receipt)}/cv/file")
    assert answer.data == both
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    desk = signed_in(app, session().scalars(select(Staff.person_id)).one())
    shown = desk.client.get(f"/recruiting/applications/{public_id_in(receipt)}/cv")
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


# Links and tokens.


@pytest.fixture
def follower(app: Flask, rita: int, ada: Made) -> Browser:
    """A browser in which the link of one mail about Ada's application was used; nobody is signed in."""
    make_submission(ada.public_id, ada.person_id)
    write(ada, rita, Proposal(ApplicationStatus.IN_REVIEW, "We read it on Friday.", FRIDAY, ""))
    settle_mail()
    key = session().scalars(select(Delivery.key).order_by(Delivery.id.desc())).first()
    assert key is not None
    link = f"/follow/{mail_token(current_settings().secret_key, key, TokenKind.FOLLOW)}"
    browser = visitor(app)
    browser.submit(browser.get(link), action=link)
    return browser


def test_a_link_to_follow_opens_nothing_else(follower: Browser, ada: Made) -> None:
    path, token = f"/me/applications/{ada.public_id}", csrf(follower)
    assert follower.client.get(path).status_code == 200
    for closed in ("received", "cv", "cv/file", "withdraw"):
        assert "/sign-in" in follower.client.get(f"{path}/{closed}").location, closed
    for closed in ("withdraw", "received/survey", "cv", "cv/remove"):
        sent = follower.client.post(f"{path}/{closed}", data={"csrf_token": token, "why": "", "value": "1"})
        assert "/sign-in" in sent.location, closed
    assert "/sign-in" in follower.client.get(f"/me/conversation?application={ada.public_id}").location
    end_reading()
    last = session().scalars(select(ApplicationEvent.status).order_by(ApplicationEvent.id.desc())).first()
    assert last is ApplicationStatus.IN_REVIEW


def test_whoever_follows_at_a_strange_computer_can_stop(follower: Browser, ada: Made) -> None:
    page = follower.get(f"/me/applications/{ada.public_id}")
    stops = [form for form in page.forms if form.method == "post"]
    assert stops, "nothing on the page ends what this browser may read for thirty days"
    follower.submit(page, action="/sign-out")
    assert "/sign-in" in follower.client.get(f"/me/applications/{ada.public_id}").location


def test_signing_out_everywhere_ends_what_other_browsers_follow(follower: Browser, ada: Made, time: Time) -> None:
    path = f"/me/applications/{ada.public_id}"
    time.pass_by(hours=1)
    assert follower.client.get(path).status_code == 200
    end_all_sessions(ada.person_id, clock.now(), actor_id=ada.person_id)
    end_reading()
    assert "/sign-in" in follower.client.get(path).location
    assert "/sign-in" in follower.client.get(f"{path}/opening").location


def test_a_link_that_confirms_opens_no_other_door_and_no_other_link_confirms(app: Flask, rita: int, ada: Made) -> None:
    slug, browser = opening(), visitor(app)
    fill(browser, browser.get(f"/openings/{slug}/apply"), **NIA)
    token, sent = secrets_of()[0], {"csrf_token": csrf(browser)}
    for door in ("follow", "sign-in", "join", "reset", "unsubscribe", "invitation"):
        assert browser.client.get(f"/{door}/{token}").status_code in {404, 405}, door
        assert browser.client.post(f"/{door}/{token}", data=sent).status_code in {404, 405}, door
    assert made() == []
    write(ada, rita, Proposal(ApplicationStatus.IN_REVIEW, "We read it on Friday.", FRIDAY, ""))
    key = session().scalars(select(Delivery.key).order_by(Delivery.id.desc())).first()
    assert key is not None
    for kind in TokenKind:
        other = mail_token(current_settings().secret_key, key, kind)
        assert browser.client.post(f"/apply/{other}", data=sent).status_code == 404, kind
    assert made() == []


def test_withdrawing_takes_a_form_of_ones_own(app: Flask, reader: Browser, ada: Made) -> None:
    path = f"/me/applications/{ada.public_id}/withdraw"
    reader.get(path)
    assert reader.client.post(path, data={"why": ""}).status_code == 400
    other = signed_in(app, make_person("Bo Ek"))
    assert other.client.post(path, data={"why": "", "csrf_token": csrf(other)}).status_code == 404
    count = select(func.count()).select_from(ApplicationEvent)
    assert session().scalar(count) == 1


@pytest.mark.only("sqlite")  # limits of what is read, before any database
def test_what_is_too_much_is_refused_and_breaks_nothing(app: Flask) -> None:
    browser = visitor(app)
    form = browser.get(f"/openings/{opening()}/apply").form(having="cover_note")
    many = {f"x{number}": "1" for number in range(3000)}
    for more in ({"cover_note": "x" * 2_000_000}, many):
        sent = {**form.values, **NIA, **more}
        assert browser.client.post(form.action, data=sent, content_type="multipart/form-data").status_code == 413
    for size, is_taken in ((5 * 1024 * 1024, True), (5 * 1024 * 1024 + 1, False)):
        file = (BytesIO(b"%PDF-".ljust(size, b"0")), "cv.pdf")
        sent = {**form.values, **NIA, "email": "no address", "cv": file}
        answer = browser.client.post(form.action, data=sent, content_type="multipart/form-data")
        assert ("too large" in answer.text) is not is_taken


# Colleagues.


@pytest.fixture
def olga(app: Flask, rita: int) -> tuple[Browser, Made]:
    """A recruiter who has applied for other work here, which Rita looks after."""
    person_id = make_staff("Olga Orr")
    applied = make_application(make_opening("Head of Care", recruiter_id=rita), rita, person_id=person_id)
    return signed_in(app, person_id), applied


@pytest.mark.parametrize("door", ["", "/read", "/end", "/move", "/mark", "/call", "/notes"])
def test_a_colleague_does_not_work_on_their_own_application(olga: tuple[Browser, Made], door: str) -> None:
    desk, applied = olga
    assert desk.client.get(f"/recruiting/applications/{applied.public_id}{door}").status_code == 404


def test_a_colleague_who_becomes_a_hiring_manager_sees_no_candidates_of_others(app: Flask, ada: Made) -> None:
    boss, admin = make_staff("Boris Boss"), make_staff("Adam Admin", Role.ADMIN)
    make_task(boss, TaskKind.QUESTION, person_id=ada.person_id, title="Nurse", about=public_id_of(ada.person_id))
    step_down(boss, lead_id=None, to_id=admin, actor_id=admin, now=clock.now())
    desk = signed_in(app, boss)
    for path in ("/recruiting/", "/recruiting/tasks", "/recruiting/tasks?whose=team"):
        assert "Ada Lind" not in desk.client.get(path).text, path


def test_nobody_looks_after_an_application_who_may_not_write_to_its_candidate(app: Flask) -> None:
    boss, admin = make_staff("Boris Boss"), make_staff("Adam Admin", Role.ADMIN)
    make_application(make_opening("Cook", recruiter_id=boss), boss, promised=FRIDAY)
    step_down(boss, lead_id=None, to_id=admin, actor_id=admin, now=clock.now())
    end_reading()
    roles = session().scalars(select(Staff.role).join(Application, Application.owner_id == Staff.person_id)).all()
    assert set(roles) <= {Role.RECRUITER, Role.ADMIN}


def test_many_are_changed_only_in_the_opening_that_the_address_names(app: Flask, rita: int, ada: Made) -> None:
    other = make_opening("Cook", recruiter_id=rita)
    make_application(other, rita, name="Cora Cook", promised=FRIDAY)
    desk = signed_in(app, rita)
    row = session().execute(select(Application.opening_id).where(Application.id == ada.id)).scalar_one()
    cook, nurse = (desk.get(path_of_pipeline(one)) for one in (other, row))
    assert "Ada Lind" not in cook.text
    assert "Ada Lind" in nurse.text
    door = f"{path_of_pipeline(other)}/change?what=write&a={ada.public_id}"
    assert "Ada Lind" not in desk.get(door).text
    for do in ("now", "preview", "send"):
        sent = {"csrf_token": csrf(desk), "message": "Hello you.", "when": "keep", "do": do}
        answer = desk.client.post(door, data=sent | {"seen": f"{ada.public_id}:{newest(ada, rita)}"})
        assert answer.status_code == 422
        assert "Ada Lind" not in answer.text
    assert session().scalar(select(func.count()).select_from(Delivery)) == 0


def path_of_pipeline(opening_id: int) -> str:
    public_id = session().scalars(select(Opening.public_id).where(Opening.id == opening_id)).one()
    return f"/recruiting/openings/{public_id}/pipeline"


def test_what_a_hiring_manager_may_not_do_is_not_there(app: Flask, rita: int, time: Time) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    own = make_application(make_opening("Crane Driver", recruiter_id=rita, manager_id=hugo), rita, promised=FRIDAY)
    desk = signed_in(app, hugo)
    token, path = csrf(desk), f"/recruiting/applications/{own.public_id}"
    assert desk.client.get(path).status_code == 200
    for door in ("", "/call", "/end", "/mark", "/move", "/told", "/revert", "/throw-away", "/not-ended"):
        sent = {"csrf_token": token, "message": "You are out.", "when": "10", "outcome": "not_selected"}
        assert desk.client.post(f"{path}{door}", data=sent).status_code in {404, 405}, door
    time.pass_by(hours=1)
    jobs.settle_endings(clock.now())
    assert session().scalar(select(func.count()).select_from(Delivery)) == 0
