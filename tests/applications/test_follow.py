"""Following an application with the link from a mail, without signing in."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.outbox.models import Delivery
from tests.conftest import Time
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    settle_mail,
    signed_in,
    visitor,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    person_id = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person_id, promised=FRIDAY)


@pytest.fixture
def link(rita: int, ada: Made) -> str:
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(ada.public_id, scope)
    assert view is not None
    letter = Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", FRIDAY, "")
    write_to_candidate(ada.public_id, scope=scope, proposal=letter, seen_event_id=view.newest_event_id, now=clock.now())
    settle_mail()
    return newest_link()


@pytest.fixture
def reader(app: Flask) -> Browser:
    return visitor(app)


def newest_link() -> str:
    key = session().scalars(select(Delivery.key).order_by(Delivery.id.desc())).first()
    assert key is not None
    return f"/follow/{mail_token(current_settings().secret_key, key, TokenKind.FOLLOW)}"


def path(made: Made) -> str:
    return f"/me/applications/{made.public_id}"


def follow(reader: Browser, link: str) -> None:
    reader.submit(reader.get(link), action=link)


def test_opening_the_link_shows_nothing_of_the_application(reader: Browser, link: str, ada: Made) -> None:
    page = reader.get(link)
    for secret in ("Data Analyst", "Ada", "Rita", "Interviewing", ada.public_id):
        assert secret not in page.body
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert reader.client.get(path(ada)).status_code == 303


def test_the_button_lets_this_browser_read_it_and_no_more(reader: Browser, link: str, ada: Made) -> None:
    page = reader.submit(reader.get(link), action=link)
    assert page.path == path(ada)
    assert "We would like to meet you." in page.text
    assert "You follow this by a link" in page.text
    assert "/sign-in" in page.links
    assert [form.action for form in page.forms] == ["/sign-out"]
    for private in ("/me/", "/me/applications", "/me/privacy", "/me/account"):
        assert reader.client.get(private).status_code == 303


def test_the_follower_reads_none_of_the_others(reader: Browser, link: str, rita: int, ada: Made) -> None:
    other = make_application(make_opening("Other role"), rita, person_id=ada.person_id)
    follow(reader, link)
    assert "Other role" not in reader.get(path(ada)).body
    assert reader.client.get(path(other)).status_code == 303


def test_the_link_works_any_number_of_times(app: Flask, link: str, ada: Made) -> None:
    for _ in range(3):
        reader = visitor(app)
        follow(reader, link)
        reader.get(path(ada))


def test_a_signed_in_owner_sees_the_whole_page(app: Flask, link: str, ada: Made) -> None:
    owner = signed_in(app, ada.person_id)
    page = owner.submit(owner.get(link), action=link)
    assert "You follow this by a link" not in page.text
    assert "Everything we hold about you" in page.text


def test_somebody_else_who_is_signed_in_reads_it_as_a_follower(app: Flask, link: str, ada: Made) -> None:
    friend = signed_in(app, make_person("Bo Ek"))
    friend.get(path(ada), expect=404)
    page = friend.submit(friend.get(link), action=link)
    assert "You follow this by a link" in page.text


def test_reading_ends_after_thirty_days(reader: Browser, time: Time, link: str, ada: Made) -> None:
    follow(reader, link)
    time.pass_by(days=29, hours=23)
    reader.get(path(ada))
    time.pass_by(hours=1)
    assert reader.client.get(path(ada)).status_code == 303


@pytest.mark.parametrize("change", ["flip", "cut", "longer", "empty", "other kind"])
def test_a_forged_link_is_not_found(reader: Browser, link: str, change: str) -> None:
    token = link.rpartition("/")[2]
    forged = {
        "flip": token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1],
        "cut": token[:-1],
        "longer": token + "A",
        "empty": "None",
        "other kind": mail_token(current_settings().secret_key, "other", TokenKind.SIGN_IN),
    }[change]
    csrf = reader.get(link).form(action=link).values["csrf_token"]
    reader.get(f"/follow/{forged}", expect=404)
    reader.post(f"/follow/{forged}", {"csrf_token": csrf}, expect=404)
    reader.post(f"/follow/{forged}/fresh", {"csrf_token": csrf}, expect=404)


def test_the_link_is_good_here_only(reader: Browser, link: str) -> None:
    token = link.rpartition("/")[2]
    for other in ("/confirm/", "/sign-in/", "/reset/", "/invitation/"):
        assert reader.client.get(other + token).status_code == 404


def test_an_old_link_offers_a_fresh_one_that_goes_to_the_candidate(
    reader: Browser, time: Time, link: str, ada: Made
) -> None:
    time.pass_by(days=30)
    page = reader.get(link, expect=410)
    assert "too old" in page.text
    assert "Data Analyst" not in page.body
    answer = reader.submit(page, action="/fresh")
    assert "on its way" in answer.text
    mail = session().scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert mail is not None
    assert (mail.to_address, mail.kind) == ("ada@example.org", "applications/follow")
    assert "Sunday 3 May 2026" in mail.text
    fresh = newest_link()
    assert fresh != link
    follow(reader, fresh)
    assert "Data Analyst" in reader.get(path(ada)).text


def test_a_page_left_open_until_the_link_is_old_leads_to_the_offer(reader: Browser, time: Time, link: str) -> None:
    page = reader.get(link)
    time.pass_by(days=30)
    assert "too old" in reader.submit(page, action=link, expect=410).text


def test_asking_often_sends_two_mails_an_hour_and_always_answers_the_same(
    reader: Browser, time: Time, link: str
) -> None:
    time.pass_by(days=30)
    page = reader.get(link, expect=410)
    answers = {reader.submit(page, action="/fresh").text.partition("A fresh link")[2][:60] for _ in range(5)}
    assert len(answers) == 1
    kinds = session().scalars(select(Delivery.kind)).all()
    assert kinds.count("applications/follow") == 2
    time.pass_by(hours=1)
    reader.submit(reader.get(link, expect=410), action="/fresh")
    assert session().scalars(select(Delivery.kind)).all().count("applications/follow") == 3


def test_following_survives_signing_in_and_ends_with_signing_out(app: Flask, link: str, ada: Made) -> None:
    reader = signed_in(app, make_person("Bo Ek"))
    follow(reader, link)
    reader.submit(reader.get(path(ada)), action="/sign-out")
    assert reader.client.get(path(ada)).status_code == 303


def test_the_cookie_cannot_be_widened_by_hand(reader: Browser, link: str, ada: Made) -> None:
    follow(reader, link)
    cookie = reader.client.get_cookie("rapport")
    assert cookie is not None
    reader.client.set_cookie("rapport", cookie.value[:-3] + "abc")
    assert reader.client.get(path(ada)).status_code == 303
