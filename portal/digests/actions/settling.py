"""What waits follows what was said: paused, stopped, corrected, withdrawn, held for long, or given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from portal.core.db import transaction
from portal.digests.actions.locking import locked_mailing, rows_of_letter
from portal.digests.actions.mailing import letter_cause
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.states import MailingState, Way, Why
from portal.outbox.actions import cancel, emptied, take_back
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from portal.updates.models import InsiderUpdate
from portal.updates.states import UpdateState

#: Letters taken back in one transaction: others want to write as well.
_AT_ONCE: Final = 100
_UNSENT: Final = frozenset({Way.TO_WRITE, Way.COLLECTED})


def settle_some(update_id: int, now: datetime) -> bool:
    """Let some of what waits follow the newest word about this update; whether there is more. Safe to run twice.

    A withdrawn update's mailing is stopped here. What a mail server has been tried with is not taken back.
    """
    with transaction() as session:
        mailing = locked_mailing(session, update_id)
        if mailing is None:
            return False
        about = session.get_one(InsiderUpdate, update_id)
        if about.state is UpdateState.WITHDRAWN and mailing.state is not MailingState.STOPPED:
            mailing.state, mailing.is_settled = MailingState.STOPPED, False
        rows = session.scalars(_next(mailing, about)).all()
        why = Why.WITHDRAWN if about.state is UpdateState.WITHDRAWN else Why.STOPPED
        for row in rows:
            if row.delivery_id is not None:
                # A digest that was taken back with an earlier row of it carries this one no more.
                _take(session, row.delivery_id, now)
            if mailing.state is MailingState.STOPPED:
                _stop(session, row, about, why, now)
        session.flush()
        if not rows:
            mailing.is_settled, mailing.version_number = True, about.version_number
        return bool(rows)


def _next(mailing: UpdateMailing, about: InsiderUpdate) -> Select[MailedUpdate]:
    """The next rows that do not follow what was said."""
    is_untried = MailedUpdate.delivery_id.in_(
        select(Delivery.id)
        .where(is_waiting())
        .where(Delivery.state == DeliveryState.QUEUED)
        .where(Delivery.attempts == 0)
    )
    found = select(MailedUpdate).where(MailedUpdate.update_id == mailing.update_id)
    if mailing.state is MailingState.STOPPED:
        is_tried = MailedUpdate.delivery_id.in_(select(Delivery.id).where(is_waiting()))
        own = (MailedUpdate.way == Way.OWN_LETTER) & is_tried
        found = found.where(or_(MailedUpdate.way.in_(sorted(_UNSENT)), is_untried, own))
    elif mailing.state is MailingState.PAUSED:
        found = found.where(is_untried)
    else:
        found = found.where(is_untried).where(MailedUpdate.version_number < about.version_number)
    return found.order_by(MailedUpdate.person_id).limit(_AT_ONCE).with_for_update()


def _stop(session: Session, row: MailedUpdate, about: InsiderUpdate, why: Why, now: datetime) -> None:
    if row.way in _UNSENT:
        row.way, row.why, row.look_at = Way.LEFT_OUT, why, None
    elif row.way is Way.OWN_LETTER:
        person = session.get_one(Person, row.person_id)
        cancel(letter_cause(about.public_id, person.public_id), now)


def _take(session: Session, delivery_id: int, now: datetime) -> bool:
    """Take a letter or a digest back if no server was tried with it: what it carried waits again."""
    if not take_back(delivery_id, now):
        return False
    for row in rows_of_letter(session, delivery_id):
        _wait_again(row, now)
    session.flush()
    return True


def _wait_again(row: MailedUpdate, now: datetime, why: Why | None = None) -> None:
    is_own = row.way is Way.OWN_LETTER and why is None
    row.way = Way.TO_WRITE if is_own else Way.COLLECTED
    row.look_at = None if is_own else now
    row.delivery_id, row.why = None, why


def take_letters_back(rows: Sequence[MailedUpdate], now: datetime) -> None:
    """Let none of the letters that carry these go that no server was tried with; joins the transaction."""
    with transaction() as session:
        for row in rows:
            if row.delivery_id is not None:
                _take(session, row.delivery_id, now)


def collect_letter(update_id: int, person_id: int, now: datetime) -> None:
    """A letter that is held for long waits for the person's next digest instead; safe to run twice."""
    with transaction() as session:
        row = session.get(MailedUpdate, (update_id, person_id), with_for_update=True)
        if row is None or row.delivery_id is None:
            return
        reason = session.scalar(select(Delivery.held_reason).where(Delivery.id == row.delivery_id))
        known = {str(why): why for why in Why}
        why = known.get(str(reason), Why.RHYTHM)
        delivery_id = row.delivery_id
        if reason is None or not take_back(delivery_id, now):
            return
        for one in rows_of_letter(session, delivery_id):
            _wait_again(one, now, why)


def collect_dead_digest(delivery_id: int, now: datetime) -> None:
    """What a digest held that was given up comes with the next, and nobody tries this one again."""
    with transaction() as session:
        rows = rows_of_letter(session, delivery_id)
        changed = session.connection().execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .where(Delivery.state == DeliveryState.DEAD)
            .where(Delivery.blanked_at.is_(None))
            .values(**emptied("in-next-digest", now))
        )
        if changed.rowcount == 1:
            for row in rows:
                _wait_again(row, now)
