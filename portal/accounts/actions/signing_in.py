"""Ways in: a mailed link, its code, a password. The answer to a stranger never says whether an address is known."""

from datetime import datetime

from sqlalchemy import select

from portal.accounts import emails
from portal.accounts.actions.sessions import start_session
from portal.accounts.actions.tokens import UsedToken, check_code, issue_token, token_cause, use_checked_code, use_token
from portal.accounts.adapters import fits, hash_password, is_outdated
from portal.accounts.models import Account
from portal.accounts.queries import find_account
from portal.accounts.rules import token_refused, wrong_password
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.mail import RenderedMail
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.actions import claim_address
from portal.people.queries import KnownPerson, known_person


def ask_to_sign_in(email: str, browser_secret: str, now: datetime) -> None:
    """Mail a link and a code to an address we know, and to one we do not, how to join: the same work for both."""
    person = known_person(email)
    mail = emails.sign_in(person) if person else emails.unknown_address(email)
    _send_token(TokenKind.SIGN_IN, mail, email, person, browser_secret, now)


def ask_to_reset(email: str, browser_secret: str, now: datetime) -> None:
    """As `ask_to_sign_in`, for choosing a new password."""
    person = known_person(email)
    mail = emails.reset(person) if person else emails.unknown_address(email)
    _send_token(TokenKind.RESET, mail, email, person, browser_secret, now)


def _send_token(
    kind: TokenKind, mail: RenderedMail, email: str, person: KnownPerson | None, browser_secret: str, now: datetime
) -> None:
    with transaction():
        issue_token(
            kind,
            mail,
            subject=email,
            person_id=person.person_id if person else None,
            now=now,
            browser_secret=browser_secret,
            is_decoy=person is None,
        )
        name, person_id = (person.name, person.person_id) if person else ("", None)
        send_own(mail, email, name, person_id, now, carries=(kind, email))


def send_own(
    mail: RenderedMail,
    email: str,
    name: str,
    person_id: int | None,
    now: datetime,
    *,
    carries: tuple[TokenKind, str] | None = None,
) -> None:
    """Put a mail about somebody's own account into the outbox; joins the transaction.

    `carries`: the kind and the subject of the token in it. When the token runs out or is voided, the mail is stopped
    if it still waits: nobody gets a dead link.
    """
    enqueue(
        mail,
        to_address=email,
        to_name=name,
        person_id=person_id,
        mail_class=MailClass.OWN,
        cause=token_cause(*carries) if carries else f"{mail.kind}:{mail.key}",
        dedupe_key=f"{mail.kind}:{mail.key}",
        now=now,
        expires_at=now + RULES[carries[0]].lifetime if carries else None,
    )


def confirm_address(email: str, *, name: str, locale: str, timezone: str, now: datetime) -> int:
    """Somebody has shown that they read `email`: the id of the account that signs in with it.

    Makes the person when unknown, or claims the known one; fills an empty name. Recorded. Joins the transaction.
    """
    with transaction() as session:
        claimed = claim_address(email, name=name, locale=locale, timezone=timezone, now=now)
        account_id = session.scalar(
            select(Account.id).where(Account.address_id == claimed.address_id).order_by(Account.id)
        )
        if account_id is not None:
            return account_id
        account = Account(person_id=claimed.person_id, address_id=claimed.address_id, created_at=now)
        session.add(account)
        session.flush()
        record(
            "accounts.confirm_address",
            f"person:{claimed.public_id}",
            actor_id=claimed.person_id,
            now=now,
            person_id=claimed.person_id,
        )
        return account.id


def sign_in_by_token(token: str, device: str, now: datetime) -> str:
    """Use a sign-in link up and sign the browser in; the session's secret. Raises TokenRefused."""
    with transaction():
        account_id = confirm_known(use_token(TokenKind.SIGN_IN, token, now), now)
        return start_session(account_id, device, now, is_by_mail=True)


def sign_in_by_code(code: str, browser_secret: str, device: str, now: datetime, *, secret: str = "") -> str:
    """The same with the six digits, in the browser that asked; `secret` as in `start_session`. Raises TokenRefused."""
    token_id = check_code(TokenKind.SIGN_IN, code, browser_secret, now)
    with transaction():
        account_id = confirm_known(use_checked_code(token_id, now), now)
        return start_session(account_id, device, now, is_by_mail=True, secret=secret)


def sign_in_by_password(email: str, password: str, device: str, now: datetime) -> str:
    """The session's secret. Raises WrongPassword, with the same words and work for every way to be wrong."""
    account = find_account(email)
    stored = account.password_hash if account else None
    if not fits(stored, password) or account is None or stored is None:
        raise wrong_password()
    renewed = hash_password(password) if is_outdated(stored) else None
    with transaction() as session:
        row = session.get(Account, account.account_id, with_for_update=True)
        if row is None or row.password_hash != stored:
            raise wrong_password()
        row.password_hash = renewed or stored
        return start_session(row.id, device, now)


def confirm_known(used: UsedToken, now: datetime) -> int:
    """The account of the person that a used token was for; a token never makes a new person here."""
    person = known_person(used.subject)
    if person is None or person.person_id != used.person_id:
        raise token_refused()
    return confirm_address(used.subject, name="", locale=person.locale, timezone=person.timezone, now=now)
