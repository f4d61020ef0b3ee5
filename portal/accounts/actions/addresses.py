"""One's own addresses: asked for, confirmed, written to, removed; whoever reads an old one is told and can object.

An address goes seven days after it was changed or removed. Until then its mail has a link that takes everything back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import emails
from portal.accounts.actions.sessions import end_all_sessions
from portal.accounts.actions.signing_in import confirm_address, send_own
from portal.accounts.actions.tokens import UsedToken, check_code, issue_token, use_checked_code, use_token, void_tokens
from portal.accounts.models import Account, AddressRequest, DeviceSession, LeavingAddress, OneTimeToken
from portal.accounts.queries import AskedAddress, asked_address, find_token, own_addresses
from portal.accounts.rules import code_refused, token_refused
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.tokens import RULES, TokenKind
from portal.people.models import Address, Person
from portal.people.queries import recipient

#: How long an address stays after it was changed or removed: as long as the link that objects.
GRACE = RULES[TokenKind.KEEP_ADDRESS].lifetime
#: Whoever objects takes back every address that came in this time: the seven days of the link, and seven before.
_TAKEN_BACK = 2 * GRACE
#: How long two records wait to be joined after the address was confirmed.
_TO_DECIDE = timedelta(hours=1)
_MAILED_TO = (TokenKind.SIGN_IN, TokenKind.RESET, TokenKind.CONFIRM)


class AddressNotPossible(PortalError):
    """What was asked does not fit how the person's addresses stand."""


@dataclass(frozen=True)
class ConfirmedAddress:
    """What came of a confirmation; not settled when the address belongs to another record, which can be joined."""

    email: str
    is_change: bool
    is_settled: bool


def ask_for_address(person_id: int, email: str, *, is_change: bool, browser_secret: str, now: datetime) -> None:
    """Mail a link and a code to `email`, whoever it belongs to; nothing changes before they are used.

    Of one person only the newest request counts. Raises AddressNotPossible for one that is theirs already.
    """
    if any(one.email == email and one.confirmed_at is not None for one in own_addresses(person_id)):
        raise AddressNotPossible(_("This is one of your addresses already."))
    person = recipient(person_id)
    mail = emails.new_address(person) if is_change else emails.second_address(person)
    with transaction() as session:
        _lock(person_id)
        forget_address_requests_of(person_id, now)
        token_id = issue_token(
            TokenKind.CONFIRM, mail, subject=email, person_id=person_id, now=now, browser_secret=browser_secret
        )
        session.add(
            AddressRequest(
                token_id=token_id,
                person_id=person_id,
                email=email,
                is_change=is_change,
                created_at=now,
                expires_at=now + RULES[TokenKind.CONFIRM].lifetime,
            )
        )
        send_own(mail, email, "", person_id, now)


def forget_address_requests_of(person_id: int, now: datetime) -> None:
    """Let go of what somebody asked for: its links are dead. Joins the transaction."""
    with transaction() as session:
        asked = select(AddressRequest.token_id).where(AddressRequest.person_id == person_id).scalar_subquery()
        session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.id.in_(asked))
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .values(voided_at=now)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(AddressRequest).where(AddressRequest.person_id == person_id))


def confirm_new_address(token: str, person_id: int, session_id: int, now: datetime) -> ConfirmedAddress:
    """Use the mailed link up, as the person who asked, signed in on this device.

    A free address is theirs from now on; one of another record waits to be joined. Raises TokenRefused.
    """
    found = find_token(TokenKind.CONFIRM, token, now)
    asked = asked_address(found.id, now) if found else None
    if asked is None or asked.person_id != person_id:
        raise token_refused()
    notice = address_notice(asked)
    with transaction():
        _lock(person_id)
        return _confirm(use_token(TokenKind.CONFIRM, token, now), person_id, session_id, notice, now)


def confirm_new_address_by_code(
    code: str, browser_secret: str, person_id: int, session_id: int, now: datetime
) -> ConfirmedAddress:
    """The same with the six digits, in the browser that asked. Raises TokenRefused."""
    token_id = check_code(TokenKind.CONFIRM, code, browser_secret, now)
    asked = asked_address(token_id, now)
    if asked is None or asked.person_id != person_id:
        raise code_refused()
    notice = address_notice(asked)
    with transaction():
        _lock(person_id)
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
        if _add_or_find(person_id, email, now).person_id != person_id:
            request.proven_at, request.expires_at = now, now + _TO_DECIDE
            session.flush()
            return ConfirmedAddress(email, is_change, is_settled=False)
        settle_address(request.id, session_id, notice, now)
        return ConfirmedAddress(email, is_change, is_settled=True)


def settle_address(request_id: int, session_id: int, notice: RenderedMail, now: datetime) -> None:
    """Carry a confirmed request out: the address is the person's, and in the place of the old one if they asked so.

    With a change the account moves, sessions elsewhere end, and the old address goes after `GRACE`. Joins the
    transaction, which holds the person; `notice` goes to the address that was written to until now.
    """
    with transaction() as session:
        request = session.get(AddressRequest, request_id, with_for_update=True)
        if request is None:
            raise NotFound
        person = session.get_one(Person, request.person_id)
        address = _add_or_find(person.id, request.email, now)
        if address.person_id != person.id:
            raise NotFound
        address.confirmed_at = now
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        before = _primary(person.id)
        if request.is_change and before is not None and before.id != address.id:
            _move_account(before, address)
            _write_to(address)
            _let_leave(before, now)
        confirm_address(address.email, name="", locale=person.locale, timezone=person.timezone, now=now)
        if request.is_change:
            end_all_sessions(person.id, now, except_session=session_id, actor_id=person.id)
        what = "accounts.change_address" if request.is_change else "accounts.add_address"
        record(what, f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
        if before is not None and before.id != address.id:
            _tell(notice, before, person, now)
        session.delete(request)
        session.flush()


def choose_address(person_id: int, email: str, now: datetime) -> None:
    """Write to this confirmed address of the person from now on. Raises NotFound, AddressNotPossible."""
    with transaction() as session:
        person = _lock(person_id)
        address = _own(person_id, email)
        if address.confirmed_at is None:
            raise AddressNotPossible(_("This address has not been confirmed yet. Add it, and we write to it."))
        if address.is_primary:
            return
        _write_to(address)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        record(
            "accounts.choose_address", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id
        )


def remove_address(person_id: int, email: str, now: datetime) -> datetime | None:
    """Let an address go after `GRACE`, and tell its reader; when it goes, None when it has gone at once.

    One that nobody has confirmed goes at once. Raises NotFound; AddressNotPossible for the one we write to and for
    the last one.
    """
    notice = emails.address_removed(recipient(person_id))
    with transaction() as session:
        person = _lock(person_id)
        address = _own(person_id, email)
        if address.is_primary:
            raise AddressNotPossible(_("We write to this address. Choose another one for that first."))
        if not any(one.email != email and one.confirmed_at for one in own_addresses(person_id)):
            raise AddressNotPossible(_("This is the only address you have confirmed. Add another one first."))
        leaving = session.get(LeavingAddress, address.id)
        if leaving is not None:
            return leaving.leaves_at
        record(
            "accounts.remove_address", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id
        )
        if address.confirmed_at is None:
            _let_go(address, None, now)
            return None
        _tell(notice, address, person, now)
        return _let_leave(address, now)


def stay_with_address(person_id: int, email: str, now: datetime) -> None:
    """An address that was to go stays; harmless when it was not. Raises NotFound."""
    with transaction() as session:
        _lock(person_id)
        address = _own(person_id, email)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))


def let_addresses_go(now: datetime) -> None:
    """Remove the addresses whose day has come, each in a transaction of its own; safe to run twice."""
    with transaction() as session:
        due = select(LeavingAddress.address_id, LeavingAddress.person_id).where(LeavingAddress.leaves_at <= now)
        found = session.execute(due.order_by(LeavingAddress.address_id)).all()
    for address_id, person_id in found:
        with transaction() as session:
            _lock(person_id)
            leaving = session.get(LeavingAddress, address_id, with_for_update=True)
            heir = _primary(person_id)
            if leaving is None or leaving.leaves_at > now or heir is None:
                continue
            session.delete(leaving)
            session.flush()
            if heir.id != address_id:
                _let_go(session.get_one(Address, address_id), heir, now)


def forget_address_requests(now: datetime) -> None:
    """Delete what was asked for and never confirmed in time."""
    with transaction() as session:
        session.execute(delete(AddressRequest).where(AddressRequest.expires_at <= now))


def keep_address(token: str, now: datetime) -> str:
    """Somebody says that this was not them: the address of this link stays and is the one we write to; the address.

    Every address that came lately goes, every device is signed out, and no password is good any more: whoever reads
    the address signs in by mail. Raises TokenRefused.
    """
    found = find_token(TokenKind.KEEP_ADDRESS, token, now)
    if found is None or found.person_id is None:
        raise token_refused()
    with transaction() as session:
        person = _lock(found.person_id)
        used = use_token(TokenKind.KEEP_ADDRESS, token, now)
        rows = session.scalars(select(Address).where(Address.person_id == person.id).order_by(Address.id)).all()
        kept = next((row for row in rows if row.email == used.subject), None)
        if kept is None:
            raise token_refused()
        forget_address_requests_of(person.id, now)
        _write_to(kept)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == kept.id))
        for row in rows:
            if row.id != kept.id and row.confirmed_at is not None and row.confirmed_at > now - _TAKEN_BACK:
                _let_go(row, kept, now)
        confirm_address(kept.email, name="", locale=person.locale, timezone=person.timezone, now=now)
        session.execute(update(Account).where(Account.person_id == person.id).values(password_hash=None))
        end_all_sessions(person.id, now, actor_id=person.id)
        record("accounts.keep_address", f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
        return kept.email


def note_arrival(person_id: int, now: datetime) -> None:
    """Count the confirmed addresses of a record that is about to join another as added today, so that they can be
    taken back with it. Joins the transaction.
    """
    with transaction() as session:
        session.execute(
            update(Address)
            .where(Address.person_id == person_id)
            .where(Address.confirmed_at.is_not(None))
            .values(confirmed_at=now)
        )


def _lock(person_id: int) -> Person:
    """The person, held until the end of the transaction: one change of their addresses after the other."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person


def _own(person_id: int, email: str) -> Address:
    with transaction() as session:
        address = session.scalar(select(Address).where(Address.email == email).where(Address.person_id == person_id))
        if address is None:
            raise NotFound
        return address


def _primary(person_id: int) -> Address | None:
    with transaction() as session:
        return session.scalar(
            select(Address)
            .where(Address.person_id == person_id)
            .order_by(Address.is_primary.desc(), Address.id)
            .limit(1)
        )


def _add_or_find(person_id: int, email: str, now: datetime) -> Address:
    """The address, whoever has it; the person's own when nobody had it."""
    with transaction() as session:
        known = select(Address).where(Address.email == email).with_for_update()
        address = session.scalar(known)
        if address is None:
            try:
                with session.begin_nested():
                    session.add(Address(person_id=person_id, email=email, is_primary=False, created_at=now))
            except IntegrityError:
                pass  # an import has just brought the same address: it belongs to another record
            address = session.scalars(known).one()
        return address


def _write_to(address: Address) -> None:
    with transaction() as session:
        session.execute(update(Address).where(Address.person_id == address.person_id).values(is_primary=False))
        address.is_primary = True
        session.flush()


def _let_leave(address: Address, now: datetime) -> datetime:
    with transaction() as session:
        leaves_at = now + GRACE
        session.add(
            LeavingAddress(address_id=address.id, person_id=address.person_id, leaves_at=leaves_at, created_at=now)
        )
        session.flush()
        return leaves_at


def _tell(notice: RenderedMail, address: Address, person: Person, now: datetime) -> None:
    """Mail a notice, with its link to object, to an address that somebody has confirmed."""
    if address.confirmed_at is None:
        return
    issue_token(TokenKind.KEEP_ADDRESS, notice, subject=address.email, person_id=person.id, now=now)
    send_own(notice, address.email, person.name, person.id, now)


def _let_go(address: Address, heir: Address | None, now: datetime) -> None:
    """Delete an address; its way to sign in goes over to `heir`, and what was mailed to it is dead."""
    with transaction() as session:
        if heir is not None:
            _move_account(address, heir)
        for kind in _MAILED_TO:
            void_tokens(kind, address.email, now)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        session.delete(address)
        session.flush()


def _move_account(old: Address, new: Address) -> None:
    """The account of `old` signs in with `new` from now on; where that has one already, the two become one."""
    with transaction() as session:
        both = select(Account).where(Account.address_id.in_([old.id, new.id])).order_by(Account.id).with_for_update()
        accounts = {row.address_id: row for row in session.scalars(both)}
        leaving, staying = accounts.get(old.id), accounts.get(new.id)
        if leaving is None:
            return
        if staying is None:
            leaving.address_id = new.id
        else:
            staying.password_hash = staying.password_hash or leaving.password_hash
            session.execute(
                update(DeviceSession).where(DeviceSession.account_id == leaving.id).values(account_id=staying.id)
            )
            session.delete(leaving)
        session.flush()
