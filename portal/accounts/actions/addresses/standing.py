"""The addresses that one has: which is written to, which go and when, and what their readers are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.accounts import emails
from portal.accounts.actions.addresses import rows
from portal.accounts.models import LeavingAddress
from portal.accounts.queries import has_open_token, own_addresses
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.people.models import Address
from portal.people.queries import KnownPerson, Recipient, recipient


class AddressNotPossible(PortalError):
    """What was asked does not fit how the person's addresses stand."""


def refuse_while_invited(address: Address) -> None:
    """Raise AddressNotPossible for the address of an invitation that waits: it is the one way to accept it."""
    if rows.awaits_acceptance(address):
        raise AddressNotPossible(
            _("You were invited to work here with %(email)s, so it stays until you have accepted.", email=address.email)
        )


def come_in_with(person_id: int, email: str, now: datetime) -> None:
    """A colleague is here with this address of theirs: we write to it, it stays, and no link from before takes
    anything back. Joins the transaction, which holds the person. Raises NotFound.
    """
    with transaction():
        address = rows.own(person_id, email)
        rows.write_to(address)
        rows.stay(address)
        rows.void_objections(person_id, now)


def choose_address(person_id: int, email: str, now: datetime) -> None:
    """Write to this confirmed address of the person from now on, and tell the one that was written to until now.

    Raises NotFound, AddressNotPossible.
    """
    notice = emails.address_chosen(recipient(person_id))
    with transaction():
        person = rows.lock(person_id)
        address = rows.own(person_id, email)
        if address.confirmed_at is None:
            raise AddressNotPossible(_("This address has not been confirmed yet. Add it, and we write to it."))
        if address.is_primary:
            return
        before = rows.primary(person_id)
        rows.write_to(address)
        rows.stay(address)
        record(
            "accounts.choose_address", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id
        )
        if before is not None:
            rows.tell(notice, before, person, TokenKind.KEEP_ADDRESS, now)


def remove_address(person_id: int, email: str, now: datetime) -> datetime | None:
    """Let an address go after `rows.GRACE`, and tell its reader; when it goes, None when it has gone at once.

    One that nobody has confirmed goes at once. Its link only lets it stay; but one that was written to until lately
    can still take back what happened since. Raises NotFound; AddressNotPossible for the one we write to and for the
    last one.
    """
    was_written_to = has_open_token(TokenKind.KEEP_ADDRESS, email, person_id, now)
    kind = TokenKind.KEEP_ADDRESS if was_written_to else TokenKind.KEEP_REMOVED
    to = recipient(person_id)
    notice = emails.address_changed(to) if was_written_to else emails.address_removed(to)
    with transaction() as session:
        person = rows.lock(person_id)
        address = rows.own(person_id, email)
        if address.is_primary:
            raise AddressNotPossible(_("We write to this address. Choose another one for that first."))
        if not any(one.email != email and one.confirmed_at for one in own_addresses(person_id)):
            raise AddressNotPossible(_("This is the only address you have confirmed. Add another one first."))
        refuse_while_invited(address)
        leaving = session.get(LeavingAddress, address.id)
        if leaving is not None:
            return leaving.leaves_at
        record(
            "accounts.remove_address", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id
        )
        if address.confirmed_at is None:
            rows.let_go(address, None, now)
            return None
        rows.tell(notice, address, person, kind, now)
        return rows.let_leave(address, now)


def stay_with_address(person_id: int, email: str, now: datetime) -> None:
    """An address that was to go stays; harmless when it was not. Raises NotFound."""
    with transaction():
        rows.lock(person_id)
        rows.stay(rows.own(person_id, email))


def let_addresses_go(now: datetime) -> None:
    """Remove the addresses whose day has come, each in a transaction of its own; safe to run twice."""
    with transaction() as session:
        due = select(LeavingAddress.address_id, LeavingAddress.person_id).where(LeavingAddress.leaves_at <= now)
        found = session.execute(due.order_by(LeavingAddress.address_id)).all()
    for address_id, person_id in found:
        with transaction() as session:
            rows.lock(person_id)
            leaving = session.get(LeavingAddress, address_id, with_for_update=True)
            heir = rows.primary(person_id)
            if leaving is None or leaving.person_id != person_id or leaving.leaves_at > now or heir is None:
                continue
            session.delete(leaving)
            session.flush()
            if heir.id != address_id:
                rows.let_go(session.get_one(Address, address_id), heir, now)


class JoiningNotice(NamedTuple):
    """What one address is told when two records become one, in the words and by the name of its own record."""

    mail: RenderedMail
    name: str


def joining_notice(reader: Recipient | KnownPerson) -> JoiningNotice:
    """What `reader` is told when their record and another become one; rendered before the transaction."""
    return JoiningNotice(emails.records_joined(reader), reader.name)


def tell_of_joining(person_id: int, notices: Mapping[str, JoiningNotice], now: datetime) -> None:
    """Mail each of the person's confirmed addresses its notice that two records became one, with a link that parts
    them again; none goes while its link is good. Joins the transaction. Raises NotFound for an address without one.
    """
    with transaction() as session:
        person = rows.lock(person_id)
        confirmed = select(Address).where(Address.person_id == person_id).where(Address.confirmed_at.is_not(None))
        for address in session.scalars(confirmed.order_by(Address.id)):
            notice = notices.get(address.email)
            if notice is None:
                raise NotFound
            rows.tell(notice.mail, address, person, TokenKind.KEEP_APART, now, name=notice.name)
            rows.stay_until_parted(address, now)
