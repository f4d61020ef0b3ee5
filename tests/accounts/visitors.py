"""People for these tests: known, joined, on the staff; the mail they get, and their way in."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.actions import confirm_address, invite_staff, set_password
from portal.accounts.queries import find_account
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.mail import code_place, token_place
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import RULES, TokenKind, mail_code, mail_token
from portal.outbox.models import Delivery
from portal.people.actions import add_person, add_staff
from tests.pages import Browser, Page

ADA = "ada@demo.example"
NORA = "nora@demo.example"
RITA = "rita@demo.example"
ADMIN = "admin@demo.example"
PASSWORD = "demo-password"
WRONG = "not-the-password"


def import_person(email: str = ADA, name: str = "Ada Lind") -> int:
    """Somebody from an import, who has confirmed nothing; returns the person's id."""
    return add_person(name, email, "en", "Europe/Warsaw", clock.now()).id


def join(email: str = ADA, name: str = "Ada Lind", password: str = PASSWORD) -> int:
    """Somebody who can sign in, with a password unless it is empty; returns the person's id."""
    with transaction():
        confirm_address(email, name=name, locale="en", timezone="Europe/Warsaw", now=clock.now())
    account = find_account(email)
    assert account is not None
    if password:
        set_password(account, password, clock.now(), except_session=None)
    return account.person_id


def hire(email: str = RITA, role: Role = Role.RECRUITER, name: str = "Rita Sander") -> int:
    """A member of staff who can sign in; returns the person's id."""
    person_id = join(email, name)
    with transaction():
        add_staff(person_id, role, None, clock.now())
    return person_id


def sign_in(browser: Browser, email: str = ADA, password: str = PASSWORD) -> Page:
    """Sign in with a password; the page that answers, not yet the one it leads to."""
    return browser.submit(browser.get("/sign-in"), email=email, password=password, expect=303, follow=False)


def ask(browser: Browser, email: str = ADA, path: str = "/sign-in") -> Page:
    """Ask for a mail with a link and a code."""
    return browser.submit(browser.get(path), email=email)


def is_in(browser: Browser, path: str = "/me/account") -> bool:
    """Whether the browser is signed in."""
    return browser.client.get(path).status_code == 200


@dataclass(frozen=True)
class Letter:
    """A message as its reader sees it."""

    kind: str
    key: str
    subject: str
    text: str
    html: str

    def token(self, kind: TokenKind) -> str:
        return mail_token(current_settings().secret_key, self.key, kind)

    def code(self, kind: TokenKind) -> str:
        return mail_code(current_settings().secret_key, self.key, kind)


def letters(email: str = ADA) -> list[Letter]:
    """All messages to an address, oldest first, with their links and codes in place."""
    end_reading()
    rows = session().scalars(select(Delivery).where(Delivery.to_address == email).order_by(Delivery.id))
    return [
        Letter(row.kind, row.key, row.subject, _filled(row.text, row.key), _filled(row.html, row.key)) for row in rows
    ]


def last_letter(email: str = ADA) -> Letter:
    """The newest message to an address."""
    return letters(email)[-1]


def _filled(text: str, key: str) -> str:
    secret = current_settings().secret_key
    for kind in RULES:
        text = text.replace(token_place(key, kind), mail_token(secret, key, kind))
        text = text.replace(code_place(key, kind), mail_code(secret, key, kind))
    return text


def sign_in_link(email: str = ADA) -> str:
    """The path in the newest sign-in mail."""
    return f"/sign-in/{last_letter(email).token(TokenKind.SIGN_IN)}"


def invite(email: str = RITA, role: Role = Role.RECRUITER, name: str = "Rita Sander") -> str:
    """Invite somebody; the path of the link."""
    link = invite_staff(email, name, role, lead_id=None, actor_id=None, now=clock.now())
    return link.removeprefix(current_settings().base_url)
