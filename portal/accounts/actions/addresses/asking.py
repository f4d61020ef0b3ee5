"""Asking for another address, and confirming it as the person who asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from portal.accounts import emails
from portal.accounts.actions.addresses import rows
from portal.accounts.actions.addresses.standing import AddressNotPossible, refuse_while_invited
from portal.accounts.actions.sessions import end_all_sessions
from portal.accounts.actions.signing_in import confirm_address, send_own
from portal.accounts.actions.tokens import (
    UsedToken,
    check_code,
    issue_token,
    token_cause,
    use_checked_code,
    use_token,
)
from portal.accounts.models import AddressRequest, LeavingAddress, OneTimeToken
from portal.accounts.queries import AskedAddress, asked_address, find_token, own_addresses
from portal.accounts.rules import code_refused, token_refused
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import cancel
from portal.people.models import Person
from portal.people.queries import recipient

#: How long two records wait to be joined after the address was confirmed.
_TO_DECIDE = timedelta(hours=1)


@dataclass(frozen=True)
class ConfirmedAddress:
    """What came of a confirmation; not settled when the address belongs to another record, which can be joined."""

    email: str
    is_change: bool
    is_settled: bool


def ask_for_address(person_id: int, email: str, *, is_change: bool, browser_secret: str, now: datetime) -> None:
    """Mail a link and a code to `email`, whoever it belongs to; nothing changes before they are used.

    Of what one person asked for, only the newest can be confirmed; addresses of another record that they have shown to
    be theirs wait beside it. Raises AddressNotPossible for one that is theirs already, and for a change from the
    address of an invitation that waits.
    """
    if any(one.email == email and one.confirmed_at is not None for one in own_addresses(person_id)):
        raise AddressNotPossible(_("This is one of your addresses already."))
    person = recipient(person_id)
    mail = emails.new_address(person) if is_change else emails.second_address(person)
    with transaction() as session:
        rows.lock(person_id)
        before = rows.primary(person_id)
        if is_change and before is not None:
            refuse_while_invited(before)
        _forget_unproven(person_id, email, now)
        token_id = issue_token(
            TokenKind.NEW_ADDRESS, mail, subject=email, person_id=person_id, now=now, browser_secret=browser_secret
        )
        session.add(
            AddressRequest(
                token_id=token_id,
                person_id=person_id,
                email=email,
                is_change=is_change,
                created_at=now,
                expires_at=now + RULES[TokenKind.NEW_ADDRESS].lifetime,
            )
        )
        send_own(mail, email, "", person_id, now, carries=(TokenKind.NEW_ADDRESS, _asked_by(person_id, email)))


def _asked_by(person_id: int, email: str) -> str:
    """What a mail is caused by: two people who ask for one address do not stop each other's mail."""
    return f"{person_id}:{email}"


def _forget_unproven(person_id: int, email: str, now: datetime) -> None:
    """Let go of what the person asked for and has not confirmed, and of this address; joins the transaction."""
    with transaction() as session:
        _void_requests(person_id, now)
        session.execute(
            delete(AddressRequest)
            .where(AddressRequest.person_id == person_id)
            .where(or_(AddressRequest.proven_at.is_(None), AddressRequest.email == email))
        )


def forget_address_requests_of(person_id: int, now: datetime) -> None:
    """Let go of what somebody asked for: its links are dead, and mails with them are stopped. Joins the transaction."""
    with transaction() as session:
        _void_requests(person_id, now)
        session.execute(delete(AddressRequest).where(AddressRequest.person_id == person_id))


def _void_requests(person_id: int, now: datetime) -> None:
    with transaction() as session:
        asked = select(AddressRequest.token_id).where(AddressRequest.person_id == person_id).scalar_subquery()
        voided = session.scalars(
            update(OneTimeToken)
            .where(OneTimeToken.id.in_(asked))
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .values(voided_at=now)
            .returning(OneTimeToken.subject)
            .execution_options(synchronize_session=False)
        )
        for email in voided.all():
            cancel(token_cause(TokenKind.NEW_ADDRESS, _asked_by(person_id, email)), now)


def forget_address_requests(now: datetime) -> None:
    """Delete what was asked for and never confirmed in time."""
    with transaction() as session:
        session.execute(delete(AddressRequest).where(AddressRequest.expires_at <= now))


def confirm_new_address(token: str, person_id: int, session_id: int, now: datetime) -> ConfirmedAddress:
    """Use the mailed link up, as the person who asked, signed in on this device.

    A free address is theirs from now on; one of another record waits to be joined. Raises TokenRefused.
    """
    found = find_token(TokenKind.NEW_ADDRESS, token, now)
    asked = asked_address(found.id, now) if found else None
    if asked is None or asked.person_id != person_id:
        raise token_refused()
    notice = address_notice(asked)
    with transaction():
        rows.lock(person_id)
        return _confirm(use_token(TokenKind.NEW_ADDRESS, token, now), person_id, session_id, notice, now)


def confirm_new_address_by_code(
    code: str, browser_secret: str, person_id: int, session_id: int, now: datetime
) -> ConfirmedAddress:
    """The same with the six digits, in the browser that asked. Raises TokenRefused."""
    token_id = check_code(TokenKind.NEW_ADDRESS, code, browser_secret, now)
    asked = asked_address(token_id, now)
    if asked is None or asked.person_id != person_id:
        raise code_refused()
    notice = address_notice(asked)
    with transaction():
        rows.lock(person_id)
        return _confirm(use_checked_code(token_id, now), person_id, session_id, notice, now)


def address_notice(asked: AskedAddress) -> RenderedMail:
    """What is told to the address that was written to until now; rendered before the transaction."""
    person = recipient(asked.person_id)
    return emails.address_changed(person) if asked.is_change else emails.address_added(person)


def _confirm(used: UsedToken, person_id: int, session_id: int, notice: RenderedMail, now: datetime) -> ConfirmedAddress:
    with transaction() as session:
        request = session.scalar(select(AddressRequest).where(AddressRequest.token_id == used.id).with_for_update())
        if request is None or request.person_id != person_id:
            raise token_refused()
        email, is_change = request.email, request.is_change
        if rows.add_or_find(person_id, email, now).person_id != person_id:
            request.proven_at, request.expires_at = now, now + _TO_DECIDE
            session.flush()
            return ConfirmedAddress(email, is_change, is_settled=False)
        settle_address(request.id, session_id, notice, now)
        return ConfirmedAddress(email, is_change, is_settled=True)


def settle_address(request_id: int, session_id: int, notice: RenderedMail | None, now: datetime) -> None:
    """Carry a confirmed request out: the address is the person's, and in the place of the old one if they asked so.

    With a change the account moves, sessions elsewhere end, and the old address goes after `rows.GRACE`, unless an
    invitation that came meanwhile waits for it. Joins the transaction, which holds the person; `notice`, if any, goes
    to the address that was written to until now.
    """
    with transaction() as session:
        request = session.get(AddressRequest, request_id, with_for_update=True)
        if request is None:
            raise NotFound
        person = session.get_one(Person, request.person_id)
        address = rows.add_or_find(person.id, request.email, now)
        if address.person_id != person.id:
            raise NotFound
        address.confirmed_at = now
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        before = rows.primary(person.id)
        if request.is_change and before is not None and before.id != address.id:
            rows.move_account(before, address)
            rows.write_to(address)
            if not rows.awaits_acceptance(before):
                rows.let_leave(before, now)
        confirm_address(address.email, name="", locale=person.locale, timezone=person.timezone, now=now)
        if request.is_change:
            end_all_sessions(person.id, now, except_session=session_id, actor_id=person.id)
        what = "accounts.change_address" if request.is_change else "accounts.add_address"
        record(what, f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
        if notice is not None and before is not None and before.id != address.id:
            rows.tell(notice, before, person, TokenKind.KEEP_ADDRESS, now)
        session.delete(request)
        session.flush()
