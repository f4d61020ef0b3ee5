"""The mails about signing in, as they reach the reader; their approved texts are in tests/data/mails."""

import pytest
from flask import Flask

from portal.accounts import emails
from portal.accounts.actions import invite_staff
from portal.core import clock
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people.queries import KnownPerson
from tests.accounts.visitors import ADA, ADMIN, NORA, RITA, ask, hire, import_person, join, last_letter
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
ADA_LIND = KnownPerson(1, "abc", "Ada Lind", "en", "Europe/Warsaw")


def _words(mail: RenderedMail) -> str:
    return mail.text.replace(mail.key, "KEY")


def test_sign_in_mail(app: Flask) -> None:
    mail = emails.sign_in(ADA_LIND)
    assert mail.subject == "Your sign-in link for Kindred"
    assert _words(mail).startswith("Hello Ada Lind,\n\nHere is your way in.")
    assert "\nhttp://localhost/sign-in/--token-sign_in-KEY--\n" in _words(mail)
    assert "\n    --code-sign_in-KEY--\n" in _words(mail)
    assert "http://localhost/preferences/--token-preferences-KEY--" in _words(mail).partition("--\nYou get this")[2]


def test_reset_mail(app: Flask) -> None:
    mail = emails.reset(ADA_LIND)
    assert mail.subject == "Choose a new password for Kindred"
    assert "http://localhost/reset/--token-reset-KEY--" in _words(mail)
    assert "    --code-reset-KEY--" in _words(mail)
    assert "If you did not ask for this, you need not do anything. Your password stays as it is." in mail.text


def test_mail_to_an_unknown_address(app: Flask) -> None:
    mail = emails.unknown_address(NORA)
    assert mail.subject == "We do not know this address at Kindred"
    assert f"with {NORA}. We do not know this address, so there is no link in this mail." in mail.text
    assert "http://localhost/join" in mail.text
    assert mail.key not in mail.text + mail.html


def test_mail_after_a_password_change(app: Flask) -> None:
    mail = emails.password_changed(ADA_LIND)
    assert mail.subject == "Your password for Kindred was changed"
    assert "Every other device was signed out." in mail.text
    assert "http://localhost/reset\n" in mail.text


def test_invitation_mail_names_who_invites_and_to_what(app: Flask) -> None:
    vera = hire(ADMIN, Role.ADMIN, "Vera Admin")
    invite_staff(RITA, "Rita Sander", Role.HIRING_MANAGER, None, vera, clock.now())
    letter = last_letter(RITA)
    assert letter.subject == "Your invitation to work with Kindred"
    assert "Vera Admin has invited you to the recruiting pages of Kindred." in letter.text
    assert "You will be a hiring manager there." in letter.text
    assert "7 days, once" in letter.text


def test_html_says_what_the_text_says(app: Flask) -> None:
    import_person()
    ask(Browser(app))
    letter = last_letter()
    token, code = letter.token(TokenKind.SIGN_IN), letter.code(TokenKind.SIGN_IN)
    for part in (letter.text, letter.html):
        assert f"http://localhost/sign-in/{token}" in part
        assert code in part
        assert "good for one hour, once" in part
        assert "you need not do anything" in part


def test_name_in_a_mail_is_text_and_never_a_tag_or_a_token(app: Flask) -> None:
    join(name="<b>Ada</b> {{ places.token('reset') }}", password="")
    ask(Browser(app))
    letter = last_letter()
    assert "&lt;b&gt;Ada&lt;/b&gt; {{ places.token" in letter.html
    assert letter.token(TokenKind.RESET) not in letter.text + letter.html


def test_links_never_take_the_host_that_a_request_names(app: Flask) -> None:
    import_person()
    browser = Browser(app)
    form = browser.get("/sign-in").form(having="email")
    for headers in ({"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "gopher"}):
        browser.client.post("/sign-in", data={**form.values, "email": ADA}, headers=headers)
    assert "evil.example" not in last_letter().html
    assert "http://localhost/sign-in/" in last_letter().text


def test_person_without_a_name_is_greeted_all_the_same(app: Flask) -> None:
    assert emails.sign_in(KnownPerson(1, "abc", "", "en", "UTC")).text.startswith("Hello,\n")
