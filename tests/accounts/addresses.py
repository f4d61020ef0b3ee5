"""Asking for another address, pressing the links in its mails, and what came of it."""

from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core.db import end_reading, session
from portal.core.tokens import TokenKind
from portal.people.models import Address
from portal.people.queries import known_person, recipient
from tests import factories
from tests.accounts.visitors import ADA, PASSWORD, RITA, hire, last_letter, letters, sign_in
from tests.pages import Browser, Page

NEW = "ada.lind@new.example"
_OBJECTIONS = {
    TokenKind.KEEP_ADDRESS: "/keep-address/",
    TokenKind.KEEP_REMOVED: "/keep-address/stay/",
    TokenKind.KEEP_APART: "/keep-address/apart/",
}


def signed_in_browser(app: Flask, email: str = ADA) -> Browser:
    """A browser that signed in with a password."""
    browser = Browser(app)
    sign_in(browser, email)
    return browser


def ask_for(browser: Browser, email: str, what: str = "change", password: str = PASSWORD) -> Page:
    """Ask for an address, to change to or to add; the page with the code."""
    return browser.submit(browser.get(f"/me/account/addresses/{what}"), email=email, present=password)


def confirm_link(email: str) -> str:
    """The path in the newest mail to a new address."""
    return f"/address/{last_letter(email).token(TokenKind.NEW_ADDRESS)}"


def keep_link(email: str, kind: TokenKind = TokenKind.KEEP_ADDRESS) -> str:
    """The path in the newest notice to an address, with a link of this kind to object."""
    path = _OBJECTIONS[kind]
    notice = [letter for letter in letters(email) if f"{path}{letter.token(kind)}" in letter.text][-1]
    return f"{path}{notice.token(kind)}"


def press(browser: Browser, link: str) -> Page:
    """Open a link and press its button; the page it leads to."""
    return browser.submit(browser.get(link), action=link, having="csrf_token")


def change_to(browser: Browser, email: str) -> Page:
    """Change the address all the way."""
    ask_for(browser, email)
    return press(browser, confirm_link(email))


def join_both(browser: Browser, page: Page) -> Page:
    """Press the button that makes two records one; the page it leads to."""
    assert page.heading == "Join two records"
    return browser.submit(page, action="/addresses/join", having="csrf_token")


def add(browser: Browser, email: str) -> Page:
    """Add an address all the way, up to joining its record if it has one."""
    ask_for(browser, email, "add")
    return press(browser, confirm_link(email))


def addresses(email: str) -> list[tuple[str, bool]]:
    """The addresses of whoever has `email`, and whether each is the one we write to, that one first."""
    end_reading()
    person = known_person(email)
    if person is None:
        return []
    rows = session().scalars(
        select(Address).where(Address.person_id == person.person_id).order_by(Address.is_primary.desc(), Address.id)
    )
    return [(row.email, row.is_primary) for row in rows]


def written_to(email: str) -> str:
    """Where we write to whoever has `email`."""
    return recipient(person_at(email)).email


def person_at(email: str) -> int:
    """Whose address it is."""
    end_reading()
    known = known_person(email)
    assert known is not None
    return known.person_id


def apply_for(person_id: int, title: str = "Data Analyst") -> str:
    """An application of this person, which Rita looks after; its public id."""
    rita = known_person(RITA)
    owner_id = rita.person_id if rita else hire(RITA)
    return factories.make_application(factories.make_opening(title), owner_id, person_id=person_id).public_id


def applicant(public_id: str) -> int | None:
    """Whose application it is."""
    end_reading()
    return session().scalar(select(Application.person_id).where(Application.public_id == public_id))
