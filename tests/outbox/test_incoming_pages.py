"""What admins see of mail that nobody could place, and recruiters of mail that came back."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from portal.applications.jobs import look_for_lost_letters
from portal.audit.models import AuditRecord
from portal.contact.queries import is_suppressed
from portal.conversations.jobs import look_for_lost_replies
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.states import IncomingState, WhyNotPlaced
from portal.tasks.states import TaskKind
from tests.conftest import counted_statements
from tests.conversations.talking import answer, ask_us, open_tasks
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.outbox.incoming import arrive, kept, newest_delivery, reachable, report, return_path, send, written
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
LIST = "/recruiting/admin/mail/incoming"


@pytest.fixture(autouse=True)
def settings(app: Flask) -> Iterator[None]:
    with reachable():
        yield


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person_id = make_person(email="ada@example.org")
    return make_application(make_opening(recruiter_id=rita), rita, person_id=person_id, promised=date(2026, 3, 13))


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, make_staff("Alma Reyes", Role.ADMIN))


def test_a_mail_of_a_stranger_is_listed_and_taken_off(admin: Browser) -> None:
    arrive(written("Do you hire?", sender="stranger@example.net", subject="A question"))
    page = admin.get(LIST)
    assert "A question" in page.text
    assert "It answers none of our letters" in page.text
    one = admin.get(f"{LIST}/{kept()[0].public_id}")
    assert "Do you hire?" in one.text
    done = admin.submit(one, action="/dismiss")
    assert "A question" not in done.text
    assert "Everything has its place" in done.text


def test_an_admin_gives_a_mail_to_somebody_and_a_recruiter_decides(app: Flask, admin: Browser, ada: Made) -> None:
    arrive(written("I am Ada, from another address.", sender="other@example.net"))
    one = admin.get(f"{LIST}/{kept()[0].public_id}")
    wrong = admin.submit(one, expect=422, address="nobody@example.net")
    assert "Nobody here has this address" in wrong.text
    assert wrong.form(having="address").values["address"] == "nobody@example.net"
    admin.submit(wrong, address="Ada@Example.org")
    row = kept()[0]
    assert (row.state, row.person_id, row.why) == (IncomingState.HELD, ada.person_id, WhyNotPlaced.GIVEN)
    assert "I am Ada" not in signed_in(app, ada.person_id).get("/me/conversation").text


def test_a_mail_from_somebody_we_know_is_suggested_as_theirs(admin: Browser, ada: Made) -> None:
    arrive(written("When will I hear from you?", sender="ada@example.org"))
    page = admin.get(f"{LIST}/{kept()[0].public_id}")
    assert page.form(having="address").values["address"] == "ada@example.org"


def test_nobody_looks_after_their_own_mail(app: Flask) -> None:
    own_id = make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")
    arrive(written("About my application", sender="alma@example.org"))
    browser = signed_in(app, own_id)
    assert "About my application" not in browser.get(LIST).text
    browser.get(f"{LIST}/{kept()[0].public_id}", expect=404)


def test_the_list_is_cheap(admin: Browser) -> None:
    arrive(*(written(f"Number {number}", sender="stranger@example.net") for number in range(30)))
    admin.get(LIST)
    with counted_statements() as statements:
        admin.get(LIST)
    assert len(statements) <= 7, statements


def test_the_page_says_what_is_not_set_up(admin: Browser) -> None:
    assert "Nobody reads what comes in" in admin.get(LIST).text
    with reachable(reply_address="", return_address=""):
        assert "No address for answers by mail is set" in admin.get(LIST).text


def test_an_answer_that_bounced_is_taken_from_the_page_and_its_author_is_asked(
    app: Flask, ada: Made, rita: int
) -> None:
    ask_us(ada.person_id)
    answer(ada.person_id, rita, "The lift is behind the stairs.", is_hurried=True)
    send()
    assert "behind the stairs" in signed_in(app, ada.person_id).get("/me/conversation").text
    arrive(report(return_path(newest_delivery("conversations/reply").key)))
    look_for_lost_replies(clock.now())
    assert "behind the stairs" not in signed_in(app, ada.person_id).get("/me/conversation").text
    assert [task.owner_id for task in open_tasks(TaskKind.DEAD_REPLY)] == [rita]
    look_for_lost_letters(clock.now())


def test_a_date_that_nobody_was_told_is_promised_no_more(app: Flask, ada: Made, rita: int) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    words = "We need a week more."
    answer(ada.person_id, rita, words, ada.public_id, day=date(2026, 3, 20), reason="Hugo is ill.", is_hurried=True)
    send()
    candidate, path = signed_in(app, ada.person_id), f"/me/applications/{ada.public_id}"
    assert "2026-03-20" in candidate.get(path).response.get_data(as_text=True)
    arrive(report(return_path(newest_delivery("conversations/reply_about").key)))
    source = candidate.get(path).response.get_data(as_text=True)
    assert "2026-03-13" in source
    assert "2026-03-20" not in source
    assert words not in source


def test_a_recruiter_sees_what_came_back_and_lets_mail_go_again_with_a_reason(app: Flask, ada: Made, rita: int) -> None:
    ask_us(ada.person_id)
    answer(ada.person_id, rita, is_hurried=True)
    send()
    arrive(report(return_path(newest_delivery("conversations/reply").key)))
    desk, path = signed_in(app, rita), f"/recruiting/candidates/{public_id_of(ada.person_id)}/mail"
    page = desk.get(path)
    assert "The address takes no mail" in page.text
    refused = desk.submit(page, having="reason", expect=422)
    assert "Please say how you know." in refused.text
    assert is_suppressed("ada@example.org")
    done = desk.submit(refused, reason="they_said_so")
    assert "Mail may go to ada@example.org again." in done.text
    end_reading()
    assert not is_suppressed("ada@example.org")
    records = [(one.action, one.details) for one in session().query(AuditRecord).order_by(AuditRecord.id)]
    assert ("outbox.lift_with_reason", {"why": "they_said_so"}) in records


def test_nothing_came_back_is_said(app: Flask, ada: Made, rita: int) -> None:
    page = signed_in(app, rita).get(f"/recruiting/candidates/{public_id_of(ada.person_id)}/mail")
    assert "Nothing came back" in page.text


def test_a_bounce_stands_in_the_list_of_what_did_not_arrive(admin: Browser, ada: Made, rita: int) -> None:
    ask_us(ada.person_id)
    answer(ada.person_id, rita, is_hurried=True)
    send()
    arrive(report(return_path(newest_delivery("conversations/reply").key)))
    page = admin.get("/recruiting/admin/mail")
    assert "A server took it, and then it came back" in page.text
    assert "5.1.1 no such user" in page.text
