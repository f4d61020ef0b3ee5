"""Passwords: set, changed, chosen anew. Every other device is signed out, and the owner is told by mail."""

from datetime import datetime

from portal.accounts import emails
from portal.accounts.actions.sessions import end_all_sessions, renew_session, start_session
from portal.accounts.actions.signing_in import confirm_known, send_own
from portal.accounts.actions.tokens import UsedToken, check_code, use_checked_code, use_token, void_tokens
from portal.accounts.adapters import fits, hash_password
from portal.accounts.models import Account
from portal.accounts.queries import AccountRow, find_token
from portal.accounts.rules import WrongPassword, code_refused, token_refused
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.people.models import Address, Person
from portal.people.queries import KnownPerson, known_person, recipient


def reset_by_token(token: str, password: str, device: str, now: datetime) -> str:
    """Use a reset link up: the new password counts and this browser is signed in; its session's secret.

    The password has passed `rules.check_password`. Raises TokenRefused.
    """
    found = find_token(TokenKind.RESET, token, now)
    person = _person_behind(found.subject if found else "")
    mail, hashed = emails.password_changed(person), hash_password(password)
    with transaction():
        return _reset(use_token(TokenKind.RESET, token, now), hashed, mail, device, now)


def reset_by_code(
    code: str, email: str, browser_secret: str, password: str, device: str, now: datetime, *, secret: str = ""
) -> str:
    """The same with the six digits, in the browser that asked with `email`; `secret` as in `start_session`.

    Raises TokenRefused.
    """
    token_id = check_code(TokenKind.RESET, code, browser_secret, now)
    mail, hashed = emails.password_changed(_person_behind(email)), hash_password(password)
    with transaction():
        used = use_checked_code(token_id, now)
        if used.subject != email:
            raise code_refused()
        return _reset(used, hashed, mail, device, now, secret)


def _person_behind(email: str) -> KnownPerson:
    person = known_person(email)
    if person is None:
        raise token_refused()
    return person


def _reset(used: UsedToken, hashed: str, mail: RenderedMail, device: str, now: datetime, secret: str = "") -> str:
    account_id = confirm_known(used, now)
    store_password(account_id, hashed, mail, now, except_session=None)
    return start_session(account_id, device, now, is_by_mail=True, secret=secret)


def set_password(account: AccountRow, password: str, now: datetime, *, except_session: int | None) -> None:
    """Give an account a password (first or new) that has passed `rules.check_password`.

    Every session of the person ends, except perhaps the one that asked; the owner is told by mail.
    """
    mail, hashed = emails.password_changed(recipient(account.person_id)), hash_password(password)
    with transaction():
        store_password(account.account_id, hashed, mail, now, except_session=except_session)


def change_own_password(account: AccountRow, password: str, session_id: int, now: datetime, *, secret: str = "") -> str:
    """As `set_password`, by its owner: the secret that this device is signed in with from now on.

    The former one is good nowhere, so a copy of its cookie is out, too. `secret`: as in `renew_session`.
    """
    mail, hashed = emails.password_changed(recipient(account.person_id)), hash_password(password)
    with transaction():
        store_password(account.account_id, hashed, mail, now, except_session=session_id)
        return renew_session(session_id, account.person_id, now, secret=secret)


def check_present_password(account: AccountRow, password: str) -> None:
    """Raise WrongPassword unless `password` is the account's; an account without one has nothing to check."""
    if account.password_hash is not None and not fits(account.password_hash, password):
        raise WrongPassword(_("This is not your present password."))


def store_password(
    account_id: int, hashed: str, mail: RenderedMail | None, now: datetime, *, except_session: int | None
) -> None:
    """Store a password's hash, end the other sessions, tell the owner; recorded. Joins the transaction."""
    with transaction() as session:
        account = session.get(Account, account_id, with_for_update=True)
        if account is None:
            raise NotFound
        account.password_hash = hashed
        person = session.get_one(Person, account.person_id)
        email = session.get_one(Address, account.address_id).email
        void_tokens(TokenKind.RESET, email, now)
        end_all_sessions(person.id, now, except_session=except_session, actor_id=person.id)
        record("accounts.set_password", f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
        if mail is not None:
            send_own(mail, email, person.name, person.id, now)
