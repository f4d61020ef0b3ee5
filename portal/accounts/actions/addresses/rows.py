"""The rows of one's addresses and what hangs on them; all of it joins the caller's transaction."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.actions.signing_in import send_own
from portal.accounts.actions.tokens import issue_token, token_cause, void_tokens
from portal.accounts.models import Account, DeviceSession, LeavingAddress, OneTimeToken
from portal.accounts.queries import open_until
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.mail import RenderedMail
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import cancel
from portal.people.models import Address, Person, Staff

#: How long an address stays after it was changed or removed: as long as the link that objects.
GRACE = RULES[TokenKind.KEEP_REMOVED].lifetime
#: What was mailed to an address and is good no more once it has gone.
MAILED_TO = (TokenKind.SIGN_IN, TokenKind.RESET, TokenKind.CONFIRM)
#: By these somebody takes more back than that one address goes.
_OBJECTIONS = (TokenKind.KEEP_ADDRESS, TokenKind.KEEP_APART)


class WorkAddress(NamedTuple):
    """The address by which a member of staff comes in; pending until they accept their invitation."""

    email: str
    is_pending: bool


def lock(person_id: int) -> Person:
    """The person, held until the end of the transaction: one change of their addresses after the other."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person


def own(person_id: int, email: str) -> Address:
    """One of the person's addresses. Raises NotFound."""
    with transaction() as session:
        address = session.scalar(select(Address).where(Address.email == email).where(Address.person_id == person_id))
        if address is None:
            raise NotFound
        return address


def primary(person_id: int) -> Address | None:
    """The one we write to; None when the person has none at all."""
    with transaction() as session:
        return session.scalar(
            select(Address)
            .where(Address.person_id == person_id)
            .order_by(Address.is_primary.desc(), Address.id)
            .limit(1)
        )


def work_address(person_id: int) -> WorkAddress | None:
    """The address with which somebody was invited to the staff; None for whoever does not work here."""
    with transaction() as session:
        row = session.execute(
            select(Staff.invited_email, Staff.invited_at).where(Staff.person_id == person_id).where(Staff.is_active)
        ).one_or_none()
    return WorkAddress(row.invited_email, row.invited_at is not None) if row and row.invited_email else None


def awaits_acceptance(address: Address) -> bool:
    """Whether its person was invited to the staff with it and has not accepted yet."""
    work = work_address(address.person_id)
    return work is not None and work.is_pending and work.email == address.email


def add_or_find(person_id: int, email: str, now: datetime) -> Address:
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


def write_to(address: Address) -> None:
    """From now on this is the one of its person's addresses that we write to, and it stays."""
    with transaction() as session:
        session.execute(update(Address).where(Address.person_id == address.person_id).values(is_primary=False))
        address.is_primary = True
        session.flush()


def let_leave(address: Address, now: datetime) -> datetime:
    """The address goes after `GRACE`, and not while its link that parts two records is good; the day."""
    with transaction() as session:
        parts_until = open_until(TokenKind.KEEP_APART, address.email, address.person_id, now)
        leaves_at = max(now + GRACE, parts_until or now)
        session.add(
            LeavingAddress(address_id=address.id, person_id=address.person_id, leaves_at=leaves_at, created_at=now)
        )
        session.flush()
        return leaves_at


def stay_until_parted(address: Address, now: datetime) -> None:
    """An address that is to go stays at least as long as the link that parts two records, which it has just got."""
    with transaction() as session:
        until = now + RULES[TokenKind.KEEP_APART].lifetime
        session.execute(
            update(LeavingAddress)
            .where(LeavingAddress.address_id == address.id)
            .where(LeavingAddress.leaves_at < until)
            .values(leaves_at=until)
        )


def stay(address: Address) -> None:
    """The address does not go; harmless when it was not to."""
    with transaction() as session:
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))


def let_go(address: Address, heir: Address | None, now: datetime) -> None:
    """Delete an address; its way to sign in goes over to `heir`, and what was mailed to it is dead.

    A colleague who came in with it comes in with `heir` from now on: by then nobody has objected. An invitation that
    waits never goes over to another address.
    """
    with transaction() as session:
        if heir is not None:
            move_account(address, heir)
            session.execute(
                update(Staff)
                .where(Staff.person_id == heir.person_id)
                .where(Staff.invited_email == address.email)
                .where(Staff.invited_at.is_(None))
                .values(invited_email=heir.email)
            )
        for kind in MAILED_TO:
            void_tokens(kind, address.email, now)
        session.execute(delete(LeavingAddress).where(LeavingAddress.address_id == address.id))
        session.delete(address)
        session.flush()


def move_account(old: Address, new: Address) -> None:
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


def tell(
    notice: RenderedMail, address: Address, person: Person, kind: TokenKind, now: datetime, *, name: str | None = None
) -> None:
    """Mail a notice, with its link of `kind` to object, to an address that somebody has confirmed.

    `name`: how whoever reads it is called, where that is not the name of the record.
    """
    if address.confirmed_at is None:
        return
    issue_token(kind, notice, subject=address.email, person_id=person.id, now=now)
    called = person.name if name is None else name
    send_own(notice, address.email, called, person.id, now, carries=(kind, address.email))


def void_objections(person_id: int, now: datetime) -> None:
    """Make every open link useless by which an address of the person takes back what happened, or parts records."""
    with transaction() as session:
        voided = session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.kind.in_(_OBJECTIONS))
            .where(OneTimeToken.person_id == person_id)
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .values(voided_at=now)
            .returning(OneTimeToken.kind, OneTimeToken.subject)
            .execution_options(synchronize_session=False)
        )
        for row in voided.all():
            cancel(token_cause(row.kind, row.subject), now)
