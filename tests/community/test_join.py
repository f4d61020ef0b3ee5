"""Joining: what is typed at /join, the mail, and what happens when the address is confirmed."""

import re
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from portal.accounts.models import OneTimeToken
from portal.community import privacy
from portal.community.jobs import forget_unconfirmed
from portal.community.models import JoinRequest, Membership
from portal.community.queries import is_member, preferences_of
from portal.contact.models import ConsentEvent
from portal.contact.queries import consents_of
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.tokens import TokenKind
from portal.people.models import Person
from portal.people.queries import find_by_email
from tests.accounts import visitors
from tests.accounts.visitors import ADA, NORA, import_person, is_in, last_letter, letters, sign_in
from tests.conftest import Time, counted_statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
JOB_ALERTS, UPDATES = str(Purpose.JOB_ALERTS), str(Purpose.INSIDER_UPDATES)


def ask(browser: Browser, email: str = ADA, name: str = "Ada Lind", **values: Any) -> Page:
    """Fill in /join."""
    return browser.submit(browser.get("/join"), having="areas", name=name, email=email, **values)


def link(email: str = ADA) -> str:
    """The path in the newest mail."""
    return f"/confirm/{last_letter(email).token(TokenKind.CONFIRM)}"


def press(browser: Browser, path: str) -> Page:
    """Open the mailed link and press its button."""
    return browser.submit(browser.get(path), action=path[-20:], expect=303, follow=False)


def come_in(email: str = ADA, **values: Any) -> Browser:
    """Join from end to end."""
    browser = Browser(visitors_app())
    ask(browser, email, **values)
    press(browser, link(email))
    return browser


def visitors_app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # a proxy


def count(table: type) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_nothing_is_known_of_somebody_who_has_not_confirmed(app: Flask) -> None:
    browser = Browser(app)
    page = ask(browser, areas=["data"], consents=[JOB_ALERTS])
    assert page.heading == "Check your mail"
    assert ADA in page.text
    assert find_by_email(ADA) is None
    assert [count(table) for table in (Person, Membership, ConsentEvent, JoinRequest)] == [0, 0, 0, 1]
    assert not is_in(browser)


def test_joining_makes_this_browser_one_that_the_address_knows(app: Flask) -> None:
    """So that strangers who use up the tries of an address do not lock its owner out."""
    by_link, by_code = Browser(app), Browser(app)
    ask(by_link)
    press(by_link, link())
    page = ask(by_code, NORA, "Nora Berg")
    by_code.submit(page, code=last_letter(NORA).code(TokenKind.CONFIRM))
    assert by_link.client.get_cookie("known") is not None
    assert by_code.client.get_cookie("known") is not None


def test_link_makes_a_member_and_signs_in(app: Flask) -> None:
    browser = Browser(app)
    ask(browser, areas=["data", "design"])
    assert press(browser, link()).response.location == "/me/"
    assert is_in(browser)
    person = find_by_email(ADA)
    assert person is not None
    assert person.name == "Ada Lind"
    assert is_member(person.id)
    assert preferences_of(person.id).areas == ("data", "design")
    assert count(JoinRequest) == 0


def test_new_member_is_greeted_by_name(app: Flask) -> None:
    browser = Browser(app)
    ask(browser)
    press(browser, link())
    assert "Welcome, Ada Lind." in browser.get("/me/account").text


def test_consents_are_kept_word_for_word(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/join")
    words = str(PURPOSE_WORDS[Purpose.JOB_ALERTS])
    assert words in page.text
    ask(browser, consents=[JOB_ALERTS])
    press(browser, link())
    end_reading()
    (event,) = session().scalars(select(ConsentEvent)).all()
    assert (event.purpose, event.action, event.words) == (Purpose.JOB_ALERTS, ConsentAction.GIVEN, words)
    assert (event.text_version, event.locale, event.source) == (TEXT_VERSION, "en", "/join")
    assert event.occurred_at == clock.now()
    assert event.actor_id is None


def test_no_box_comes_ticked_and_none_ticked_records_nothing(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/join")
    assert "checked" not in page.body
    assert "you will hear only about your applications" in page.text
    assert "/privacy" in page.links
    ask(browser)
    press(browser, link())
    assert count(ConsentEvent) == 0


def test_page_of_the_link_shows_what_was_ticked_and_uses_nothing_up(app: Flask) -> None:
    browser = Browser(app)
    ask(browser, areas=["data"], consents=[UPDATES])
    for _ in range(3):
        page = Browser(app).get(link())
    assert str(PURPOSE_WORDS[Purpose.INSIDER_UPDATES]) in page.text
    assert "Ada Lind" in page.text
    assert "Data" in page.text
    assert find_by_email(ADA) is None
    press(browser, link())
    assert find_by_email(ADA) is not None


def test_getting_pages_changes_nothing(app: Flask) -> None:
    browser = Browser(app)
    ask(browser)
    end_reading()
    with counted_statements() as seen:
        for path in ("/", "/join", "/confirm/code", link()):
            browser.get(path)
    assert not [statement for statement in seen if not statement.lstrip("(").startswith("SELECT")]


def test_front_page_asks_the_database_for_the_companys_colour_and_introduction_at_most(app: Flask) -> None:
    browser = Browser(app)
    with counted_statements() as seen:
        page = browser.get("/")
    assert len(seen) <= 2
    assert {"/join", "/sign-in"} <= set(page.links)


def test_the_front_page_does_not_say_that_one_is_on_the_page_to_join(app: Flask) -> None:
    browser = Browser(app)
    assert 'href="/join" aria-current' not in browser.get("/").body
    assert 'href="/join" aria-current' in browser.get("/join").body


def _without_secrets(page: Page, email: str) -> str:
    return re.sub(r'name="(csrf_token|rendered)"[^>]*value="[^"]*"', "", page.body.replace(email, "ADDRESS"))


def test_every_address_gets_the_same_answer_and_the_same_work(app: Flask) -> None:
    known, member, unknown = "known@demo.example", "member@demo.example", "unknown@demo.example"
    import_person(known)
    come_in(member)
    answers, work = [], []
    for email in (unknown, known, member):
        browser = Browser(app)
        form = browser.get("/join")
        with counted_statements() as seen:
            page = browser.submit(form, having="areas", name="Ada Lind", email=email)
        answers.append((page.status, page.path, _without_secrets(page, email)))
        work.append([statement.split("VALUES")[0] for statement in seen])
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == work[2]


def test_mail_says_nothing_that_a_stranger_typed(app: Flask) -> None:
    ask(Browser(app), NORA, name="Buy cheap watches at evil.example")
    letter = last_letter(NORA)
    assert "watches" not in letter.subject + letter.text + letter.html
    assert "somebody typed your address" in letter.text


def test_mail_to_somebody_with_an_account_says_they_are_here(app: Flask) -> None:
    visitors.join(ADA)
    ask(Browser(app))
    letter = last_letter()
    assert "already here" in letter.text
    assert letter.code(TokenKind.CONFIRM) in letter.text
    assert letter.code(TokenKind.CONFIRM) in letter.html


def test_account_holder_becomes_a_member_by_the_link_and_keeps_their_name(app: Flask) -> None:
    person_id = visitors.join(ADA, "Ada Lind")
    browser = Browser(app)
    ask(browser, name="Somebody Else", areas=["legal"])
    press(browser, link())
    end_reading()
    assert is_member(person_id)
    assert session().get_one(Person, person_id).name == "Ada Lind"
    assert preferences_of(person_id).areas == ("legal",)


def test_imported_person_who_joins_is_the_same_person(app: Flask) -> None:
    person_id = import_person()
    browser = Browser(app)
    ask(browser, name="A. Lind")
    assert session().get_one(Person, person_id).claimed_at is None
    press(browser, link())
    end_reading()
    person = session().get_one(Person, person_id)
    assert person.claimed_at is not None
    assert person.name == "Ada Lind"
    assert is_member(person_id)
    assert count(Person) == 1


def test_who_left_and_joins_again_is_a_member_again(app: Flask) -> None:
    come_in()
    person = find_by_email(ADA)
    assert person is not None
    with transaction() as own:
        own.get_one(Membership, person.id).left_at = clock.now()
    assert not is_member(person.id)
    come_in()
    end_reading()
    assert is_member(person.id)


def test_second_press_of_the_button_makes_nobody_twice(app: Flask) -> None:
    browser, other = Browser(app), Browser(app)
    ask(browser, consents=[JOB_ALERTS])
    path = link()
    page = other.get(path)
    press(browser, path)
    dead = other.submit(page, action=path[-20:], expect=404)
    assert "does not work any more" in dead.heading
    assert "/join" in dead.links
    assert "/sign-in" in dead.links
    assert not is_in(other)
    assert [count(table) for table in (Person, Membership, ConsentEvent)] == [1, 1, 1]
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    assert browser.post(path, {"csrf_token": token}, expect=303, follow=False).response.location == "/me/"


def test_code_works_in_the_browser_that_asked(app: Flask) -> None:
    browser = Browser(app)
    page = ask(browser)
    code = last_letter().code(TokenKind.CONFIRM)
    done = browser.submit(page, code=f"{code[:3]} {code[3:]}", expect=303, follow=False)
    assert done.response.location == "/me/"
    assert is_in(browser)


def test_code_is_worth_nothing_in_another_browser(app: Flask) -> None:
    ask(Browser(app))
    code = last_letter().code(TokenKind.CONFIRM)
    other = Browser(app)
    page = ask(other, NORA)
    assert "does not fit" in other.submit(page, code=code, expect=422).text
    assert find_by_email(ADA) is None
    assert find_by_email(NORA) is None
    assert Browser(app).get("/confirm/code").path == "/join"


def test_sixth_try_of_a_code_is_refused_although_it_is_right(app: Flask) -> None:
    browser = Browser(app)
    page = ask(browser)
    code = last_letter().code(TokenKind.CONFIRM)
    for _ in range(5):
        page = browser.submit(page, code=f"{(int(code) + 1) % 1_000_000:06d}", expect=422)
    browser.submit(page, code=code, expect=422)
    assert not is_in(browser)


def test_newer_request_takes_the_place_of_the_older(app: Flask) -> None:
    browser = Browser(app)
    ask(browser, areas=["data"])
    older = link()
    ask(browser, areas=["legal"])
    browser.get(older, expect=404)
    press(browser, link())
    person = find_by_email(ADA)
    assert person is not None
    assert preferences_of(person.id).areas == ("legal",)


def test_an_hour_later_the_link_is_dead_and_what_was_typed_is_forgotten(app: Flask, time: Time) -> None:
    ask(Browser(app))
    forget_unconfirmed(clock.now())
    assert count(JoinRequest) == 1
    time.pass_by(minutes=60)
    Browser(app).get(link(), expect=404)
    forget_unconfirmed(clock.now())
    forget_unconfirmed(clock.now())
    assert count(JoinRequest) == 0


def test_sign_in_links_and_confirmation_links_are_not_each_other(app: Flask) -> None:
    visitors.join(ADA)
    ask(Browser(app))
    Browser(app).get(f"/sign-in/{last_letter().token(TokenKind.CONFIRM)}", expect=404)
    visitors.ask(Browser(app))
    Browser(app).get(f"/confirm/{last_letter().token(TokenKind.SIGN_IN)}", expect=404)


@pytest.mark.parametrize("token", ["None", "x", "0" * 43, "ä" * 43])
def test_what_is_no_token_is_refused_kindly(app: Flask, token: str) -> None:
    assert "does not work any more" in Browser(app).get(f"/confirm/{token}", expect=404).heading


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Please tell us what to call you."),
        ({"email": ""}, "Please enter your e-mail address."),
        ({"email": "ada@demo.example\r\nBcc: eve@evil.example"}, "no line breaks"),
        ({"areas": ["no-such-area"]}, "Please choose from what is offered here."),
        ({"website": "https://spam.example"}, "Please leave this field empty."),
    ],
)
def test_wrong_entries_are_said_beside_the_field_and_the_rest_is_kept(
    app: Flask, wrong: dict[str, Any], said: str
) -> None:
    browser = Browser(app)
    values: dict[str, Any] = {"name": "Ada Lind", "email": ADA, "consents": [JOB_ALERTS], **wrong}
    page = browser.submit(browser.get("/join"), having="areas", expect=422, **values)
    assert said in page.text
    assert page.form(having="areas").values["consents"] == [JOB_ALERTS]
    assert letters() == []
    assert count(JoinRequest) == 0


def test_sixth_mail_within_an_hour_is_refused_for_every_address_alike(app: Flask) -> None:
    visitors.join(ADA, password="")
    for email in (ADA, NORA):
        for _ in range(5):
            ask(Browser(app), email)
        browser = Browser(app)
        page = browser.submit(browser.get("/join"), having="areas", name="Ada", email=email, expect=429)
        assert "too often" in page.text
        assert len(letters(email)) == 5


def test_strangers_who_use_up_the_mails_do_not_keep_out_a_browser_that_was_here_before(app: Flask) -> None:
    visitors.join(ADA)
    own = Browser(app)
    sign_in(own)
    own.get("/me/account")
    own.post("/sign-out", {"csrf_token": own.get("/me/account").form(action="/sign-out").values["csrf_token"]})
    for _ in range(5):
        ask(Browser(app), ADA)
    stranger = Browser(app)
    stranger.submit(stranger.get("/join"), having="areas", name="Ada", email=ADA, expect=429)
    page = own.submit(own.get("/join"), having="areas", name="Ada", email=ADA)
    assert page.heading == "Check your mail"
    assert len(letters(ADA)) == 7


def test_who_is_signed_in_is_led_to_their_own_page(app: Flask) -> None:
    visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    assert browser.get("/join").path == "/me/preferences"


def test_confirming_signs_out_whoever_was_here_before(app: Flask) -> None:
    visitors.join(NORA, "Nora Berg")
    browser = Browser(app)
    sign_in(browser, NORA)
    ask(Browser(app))
    press(browser, link())
    assert "Ada Lind" in browser.get("/me/account").body


def test_waiting_request_is_in_the_export_and_goes_with_the_person(app: Flask) -> None:
    person_id = import_person()
    ask(Browser(app))
    end_reading()
    assert "waits for your confirmation" in privacy.export(person_id)[-1].title
    privacy.erase(person_id, clock.now())
    assert count(JoinRequest) == 0


def test_dead_tokens_take_their_requests_with_them(app: Flask) -> None:
    ask(Browser(app))
    with transaction() as own:
        own.delete(own.scalars(select(OneTimeToken)).one())
    assert count(JoinRequest) == 0


def test_consents_of_a_member_read_as_they_were_given(app: Flask) -> None:
    come_in(consents=[JOB_ALERTS])
    person = find_by_email(ADA)
    assert person is not None
    given = {row.purpose: row.is_given for row in consents_of(person.id)}
    assert given == {Purpose.INSIDER_UPDATES: False, Purpose.JOB_ALERTS: True, Purpose.COMMUNITY_PULSE: False}
