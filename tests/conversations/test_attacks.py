"""Somebody who tries, in the conversation: other people's, what waits, what is for colleagues, fields of the staff."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.conversations.actions import need_no_answer, take_back_reply
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from tests.conversations.talking import answer, ask_us, scope, thread_of
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

HELD, OWN = "/me/privacy", "/me/conversation"
FRIDAY = date(2026, 3, 6)
POLYGLOT = "\"'><svg onload=alert(1)>{{7*7}}=cmd|' /C calc'!A0"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Nurse", recruiter_id=rita), rita, promised=FRIDAY)


@pytest.fixture
def bo(rita: int) -> Made:
    return make_application(make_opening("Cook", recruiter_id=rita), rita, name="Bo Ek", promised=FRIDAY)


@pytest.fixture
def reader(app: Flask, ada: Made) -> Browser:
    return signed_in(app, ada.person_id)


def csrf(browser: Browser) -> str:
    return str(browser.get("/join").form(having="csrf_token").values["csrf_token"])


def count() -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(ConversationMessage)) or 0


# What has not gone yet, or is for colleagues


def test_an_answer_that_waits_does_not_show_among_what_we_hold(reader: Browser, ada: Made, rita: int) -> None:
    ask_us(ada.person_id)
    before = reader.get(HELD).text
    answer(ada.person_id, rita, "Yes, there is a lift.")
    assert reader.get(HELD).text == before


def test_an_answer_that_was_taken_back_leaves_no_trace(reader: Browser, ada: Made, rita: int) -> None:
    ask_us(ada.person_id)
    before = reader.get(HELD).text
    answer(ada.person_id, rita, "Yes, there is a lift.")
    message = thread_of(ada.person_id, rita).messages[-1]
    take_back_reply(public_id_of(ada.person_id), message.public_id, scope=scope(rita), now=clock.now())
    assert reader.get(HELD).text == before


def test_nobody_reads_that_their_words_need_no_answer(reader: Browser, ada: Made, rita: int) -> None:
    ask_us(ada.person_id, "You are all fools.")
    newest = thread_of(ada.person_id, rita).newest_id
    person = public_id_of(ada.person_id)
    need_no_answer(person, scope=scope(rita), reason="Only anger", seen_id=newest, now=clock.now())
    for path in (HELD, OWN):
        text = reader.get(path).text
        assert "Said that a message needs no answer" not in text, path
        assert "Only anger" not in text, path


# Other people's conversations


def test_a_message_cannot_be_about_somebody_elses_application(reader: Browser, ada: Made, bo: Made) -> None:
    reader.get(f"{OWN}?application={bo.public_id}", expect=404)
    for foreign in (bo.public_id, "nothing", "1"):
        sent = {"csrf_token": csrf(reader), "message": "Hello.", "application": foreign, "form_key": "k"}
        assert reader.client.post(OWN, data=sent).status_code == 422
    assert count() == 0


def test_fields_of_the_staff_change_nothing_when_a_candidate_sends_them(reader: Browser, ada: Made, rita: int) -> None:
    more = {
        "author_id": str(rita),
        "person_id": str(rita),
        "read_at": "2026-03-04",
        "closed_at": "2026-03-04",
        "delivery_id": "1",
        "next_update_by": "2027-03-04",
        "when": "10",
        "no_answer_reason": "x",
        "seen_id": "x",
    }
    sent = {"csrf_token": csrf(reader), "message": POLYGLOT, "application": ada.public_id, "form_key": "k", **more}
    assert reader.client.post(OWN, data=sent).status_code == 303
    end_reading()
    message = session().scalars(select(ConversationMessage)).one()
    assert (message.person_id, message.author_id, message.read_at) == (ada.person_id, None, None)
    assert (message.closed_at, message.delivery_id, message.no_answer_reason) == (None, None, "")


def test_what_a_candidate_wrote_is_never_markup_for_who_reads_it(app: Flask, ada: Made, rita: int) -> None:
    ask_us(ada.person_id, POLYGLOT, ada.public_id)
    desk, person = signed_in(app, rita), public_id_of(ada.person_id)
    for path in ("/recruiting/", "/recruiting/conversations", f"/recruiting/conversations/{person}"):
        assert "<svg onload" not in desk.get(path).body, path
    assert "<svg onload" not in desk.get(f"/recruiting/candidates/{person}").body
    assert "svg" not in "".join(session().scalars(select(Delivery.text)))


def test_a_hiring_manager_reads_what_is_about_their_openings_and_nothing_around_it(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    ada = make_person("Ada Lind")
    own = make_application(make_opening("Crane Driver", recruiter_id=rita, manager_id=hugo), rita, person_id=ada)
    other = make_application(make_opening("Chief Whip", recruiter_id=rita), rita, person_id=ada)
    ask_us(ada, "About the crane.", own.public_id)
    ask_us(ada, "About the whip.", other.public_id)
    ask_us(ada, "About my health.")
    desk, person = signed_in(app, hugo), public_id_of(ada)
    paths = (
        "/recruiting/conversations?whose=all",
        f"/recruiting/conversations/{person}",
        f"/recruiting/conversations/{person}?application={other.public_id}",
        f"/recruiting/applications/{own.public_id}",
        "/recruiting/search?q=whip",
    )
    for path in paths:
        text = desk.get(path).text
        assert "About the whip." not in text, path
        assert "About my health." not in text, path
        assert "Chief Whip" not in text, path
    for door in ("", "/read", "/no-answer", "/throw-away"):
        sent = {"csrf_token": csrf(desk), "message": "Hello.", "reason": "None", "seen_id": ""}
        assert desk.client.post(f"/recruiting/conversations/{person}{door}", data=sent).status_code == 404, door
    assert count() == 3


def test_a_message_of_one_conversation_is_not_taken_back_by_the_address_of_another(
    app: Flask, ada: Made, bo: Made, rita: int
) -> None:
    ask_us(bo.person_id)
    answer(bo.person_id, rita, "Yes, there is a lift.")
    message = thread_of(bo.person_id, rita).messages[-1].public_id
    desk, person = signed_in(app, rita), public_id_of(ada.person_id)
    for act in ("take-back", "send-now"):
        path = f"/recruiting/conversations/{person}/messages/{message}/{act}"
        desk.client.post(path, data={"csrf_token": csrf(desk)})
    end_reading()
    stands = thread_of(bo.person_id, rita).messages[-1]
    assert stands.public_id == message
    assert stands.goes_from is not None
    assert stands.goes_from > clock.now()
