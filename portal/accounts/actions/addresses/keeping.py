"""Objecting: somebody says that a change of their addresses was not theirs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from portal.accounts.actions.addresses import rows
from portal.accounts.actions.addresses.asking import forget_address_requests_of
from portal.accounts.actions.sessions import end_all_sessions
from portal.accounts.actions.signing_in import confirm_address
from portal.accounts.actions.tokens import use_token, void_tokens
from portal.accounts.models import Account, DeviceSession, LeavingAddress
from portal.accounts.queries import find_token
from portal.accounts.rules import token_refused
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.tokens import TokenKind
from portal.people.models import Address

#: Whoever objects takes back every address that came in this time: the seven days of the link, and seven before.
_TAKEN_BACK = 2 * rows.GRACE


def keep_address(token: str, now: datetime) -> str:
    """Somebody says that this was not them: the address of this link stays and is the one we write to; the address.

    Every address that came lately goes, every device is signed out, and no password is good any more: whoever reads
    the address signs in by mail. The address by which somebody came to the staff never goes by that: else a former one
    would take their rights over. Raises TokenRefused.
    """
    found = find_token(TokenKind.KEEP_ADDRESS, token, now)
    if found is None or found.person_id is None:
        raise token_refused()
    with transaction() as session:
        person = rows.lock(found.person_id)
        used = use_token(TokenKind.KEEP_ADDRESS, token, now)
        own = session.scalars(select(Address).where(Address.person_id == person.id).order_by(Address.id)).all()
        kept = next((row for row in own if row.email == used.subject), None)
        if kept is None:
            raise token_refused()
        rows.write_to(kept)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == kept.id))
        work = rows.work_address(person.id)
        for row in own:
            came_lately = row.confirmed_at is not None and row.confirmed_at > now - _TAKEN_BACK
            if came_lately and row.id != kept.id and (work is None or row.email != work.email):
                rows.let_go(row, kept, now)
        confirm_address(kept.email, name="", locale=person.locale, timezone=person.timezone, now=now)
        sign_out_for_good(person.id, now)
        record("accounts.keep_address", f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
        return kept.email


def keep_removed_address(token: str, now: datetime) -> str:
    """Whoever reads an address that was to go wants it to stay: nothing else changes; the address.

    Raises TokenRefused.
    """
    found = find_token(TokenKind.KEEP_REMOVED, token, now)
    if found is None or found.person_id is None:
        raise token_refused()
    with transaction() as session:
        person = rows.lock(found.person_id)
        used = use_token(TokenKind.KEEP_REMOVED, token, now)
        address = session.scalar(
            select(Address).where(Address.person_id == person.id).where(Address.email == used.subject)
        )
        if address is None:
            raise token_refused()
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        record("accounts.stay_with_address", f"person:{person.public_id}", actor_id=None, now=now, person_id=person.id)
        return address.email


def sign_out_for_good(person_id: int, now: datetime) -> None:
    """End every session of a person, make their passwords useless, and forget addresses that they asked for.

    They sign in by mail, and choose a new password. Joins the transaction.
    """
    with transaction() as session:
        forget_address_requests_of(person_id, now)
        session.execute(update(Account).where(Account.person_id == person_id).values(password_hash=None))
        end_all_sessions(person_id, now, actor_id=person_id)


def part_addresses(from_id: int, to_id: int, address_ids: Collection[int], now: datetime) -> bool:
    """Give these addresses of `from_id`, with their ways to sign in, to `to_id`; whether there was anything to give.

    Both keep an address that we write to; devices that are signed in with one of these are signed out, their passwords
    are good no more, and their links that part are used up. The address of a colleague who has accepted their
    invitation is not given away. Joins the transaction, which holds both people.
    """
    with transaction() as session:
        own = session.scalars(select(Address).where(Address.person_id == from_id).order_by(Address.id)).all()
        leaving = [row for row in own if row.id in address_ids]
        staying = [row for row in own if row.id not in address_ids and row.confirmed_at is not None]
        work = rows.work_address(from_id)
        is_held = work is not None and not work.is_pending and work.email in {row.email for row in leaving}
        if not leaving or not staying or is_held:
            return False
        ids = [row.id for row in leaving]
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id.in_(ids)))
        accounts = select(Account.id).where(Account.address_id.in_(ids)).scalar_subquery()
        session.execute(
            update(DeviceSession)
            .where(DeviceSession.account_id.in_(accounts))
            .values(person_id=to_id, ended_at=func.coalesce(DeviceSession.ended_at, now))
            .execution_options(synchronize_session=False)
        )
        session.execute(update(Account).where(Account.address_id.in_(ids)).values(person_id=to_id, password_hash=None))
        for row in leaving:
            for kind in (*rows.MAILED_TO, TokenKind.KEEP_APART):
                void_tokens(kind, row.email, now)
            row.person_id, row.is_primary = to_id, False
        session.flush()
        rows.write_to(leaving[0])
        if not any(row.is_primary for row in staying):
            rows.write_to(staying[0])
            session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == staying[0].id))
        return True
