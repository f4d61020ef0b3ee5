"""What becomes of a message that a person wrote: placed, held for a colleague, given to somebody, let go of."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.contact.actions import lift_suppression
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.outbox.models import IncomingMail
from portal.outbox.states import INCOMING_MOVES, IncomingState, WhyLifted, WhyNotPlaced
from portal.people.models import Person
from portal.people.queries import addresses_of, known_person
from portal.people.rules import InvalidAddress, normalise_address


class NotThere(PortalError):
    """A message waits no more: a colleague was quicker."""


def note_placed(mail_id: int, person_id: int, before: IncomingState) -> bool:
    """Note that the message stands in the conversation of this person now; joins the transaction.

    False when it waits no more, or is somebody else's by now: then nothing may be written.
    """
    with transaction() as session:
        row = session.get(IncomingMail, mail_id, with_for_update=True)
        if row is None or row.state is not before or row.person_id != person_id:
            return False
        _move(row, IncomingState.PLACED)
        session.flush()
        return True


def hold_reply(mail_id: int, why: WhyNotPlaced) -> None:
    """Leave a message to a colleague that could not be put into the conversation."""
    with transaction() as session:
        row = session.get(IncomingMail, mail_id, with_for_update=True)
        if row is not None and row.state is IncomingState.REPLY:
            _move(row, IncomingState.HELD)
            row.why = why


def dismiss_held(public_id: str, person_id: int, *, actor_id: int, now: datetime) -> None:
    """Say that a message held for this person is not theirs. Recorded; raises NotThere."""
    with transaction() as session:
        row = _waiting(session, public_id, IncomingState.HELD)
        if row.person_id != person_id:
            raise _gone()
        _move(row, IncomingState.DONE)
        record("outbox.dismiss_mail", f"incoming:{public_id}", actor_id=actor_id, person_id=person_id, now=now)


def dismiss_unplaced(public_id: str, *, actor_id: int, now: datetime) -> None:
    """Say that nothing is to be done about a message that nobody could place. Recorded; raises NotThere."""
    with transaction() as session:
        _move(_waiting(session, public_id, IncomingState.UNPLACED), IncomingState.DONE)
        record("outbox.dismiss_mail", f"incoming:{public_id}", actor_id=actor_id, now=now)


def give_to_person(public_id: str, address: str, *, actor_id: int, now: datetime) -> None:
    """Hold a message that nobody could place for the person with this address. Recorded.

    Raises InvalidAddress when nobody is known by it, NotThere.
    """
    known = known_person(normalise_address(address))
    if known is None or known.person_id == actor_id:
        raise InvalidAddress(_("Nobody here has this address. Please check how it is spelt."))
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == known.person_id).with_for_update(key_share=True))
        row = _waiting(session, public_id, IncomingState.UNPLACED)
        _move(row, IncomingState.HELD)
        row.person_id, row.why = known.person_id, WhyNotPlaced.GIVEN
        subject = f"incoming:{public_id}"
        record("outbox.give_mail", subject, actor_id=actor_id, person_id=known.person_id, now=now)


def lift_with_reason(person_id: int, address: str, why: WhyLifted, *, actor_id: int, now: datetime) -> None:
    """Let mail go to an address of this person again, as a colleague knows that it works. Recorded.

    Raises NotFound when it may already, or the address is not theirs.
    """
    if address not in {row.email for row in addresses_of(person_id)}:
        raise NotFound
    with transaction() as session:
        person = session.scalars(select(Person).where(Person.id == person_id).with_for_update(key_share=True)).one()
        lift_suppression(address, actor_id=actor_id, now=now)
        subject = f"person:{person.public_id}"
        record("outbox.lift_with_reason", subject, actor_id=actor_id, person_id=person_id, now=now, why=str(why))


def _waiting(session: Session, public_id: str, state: IncomingState) -> IncomingMail:
    statement = select(IncomingMail).where(IncomingMail.public_id == public_id).with_for_update()
    row = session.scalars(statement).one_or_none()
    if row is None or row.state is not state:
        raise _gone()
    return row


def _gone() -> NotThere:
    return NotThere(_("This mail no longer waits. A colleague was quicker."))


def _move(row: IncomingMail, after: IncomingState) -> None:
    if after not in INCOMING_MOVES[row.state]:
        raise NotThere(_("This mail no longer waits. A colleague was quicker."))
    row.state = after
