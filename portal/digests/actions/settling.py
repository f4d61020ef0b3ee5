"""What waits follows what was said: paused, stopped, corrected, withdrawn, held for long, or given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from portal.core.db import transaction
from portal.digests.actions.locking import locked_mailing, rows_of_letter
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.queries import may_still_go
from portal.digests.states import MailingState, Way, Why
from portal.outbox.actions import cancel, emptied, take_back
from portal.outbox.models import Delivery
from portal.outbox.queries import has_surely_not_arrived, is_dead, is_waiting
from portal.outbox.states import DeliveryState
from portal.updates.models import InsiderUpdate
from portal.updates.states import UpdateState

#: Letters taken back in one transaction: others want to write as well.
_AT_ONCE: Final = 100
_UNSENT: Final = frozenset({Way.TO_WRITE, Way.COLLECTED})


def settle_some(update_id: int, now: datetime) -> bool:
    """Let some of what waits follow the newest word about this update; whether there is more. Safe to run twice.

    A withdrawn update's mailing is stopped here. What a mail server may have taken is not taken back, but of a
    stopped mailing nothing goes any more: not even a letter that was given up, should somebody let it be tried again.
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
        is_over = mailing.state is MailingState.STOPPED
        for row in rows:
            if row.delivery_id is not None:
                # A digest that was taken back with an earlier row of it carries this one no more.
                _take(session, row.delivery_id, now, even_if_tried=is_over and row.way is Way.IN_DIGEST)
            if is_over:
                _stop(session, row, about, why, now)
        session.flush()
        if not rows:
            # What is in a worker's hand may come back from there untried, and must not go then as it is.
            mailing.is_settled = not _is_in_hand(session, mailing, about)
            mailing.version_number = about.version_number
        return bool(rows)


def _next(mailing: UpdateMailing, about: InsiderUpdate) -> Select[MailedUpdate]:
    """The next rows that do not follow what was said."""
    found = select(MailedUpdate).where(MailedUpdate.update_id == mailing.update_id)
    if mailing.state is MailingState.STOPPED:
        found = found.where(or_(MailedUpdate.way.in_(sorted(_UNSENT)), may_still_go()))
    else:
        ours = select(Delivery.id).where(is_waiting()).where(Delivery.state == DeliveryState.QUEUED)
        found = found.where(MailedUpdate.delivery_id.in_(ours.where(has_surely_not_arrived())))
    if mailing.state is MailingState.SENDING:
        found = found.where(MailedUpdate.version_number < about.version_number)
    return found.order_by(MailedUpdate.person_id).limit(_AT_ONCE).with_for_update()


def _is_in_hand(session: Session, mailing: UpdateMailing, about: InsiderUpdate) -> bool:
    held = (
        select(MailedUpdate.person_id)
        .join(Delivery, Delivery.id == MailedUpdate.delivery_id)
        .where(MailedUpdate.update_id == mailing.update_id)
        .where(is_waiting())
        .where(Delivery.state == DeliveryState.LEASED)
    )
    if mailing.state is MailingState.SENDING:
        held = held.where(MailedUpdate.version_number < about.version_number)
    return session.execute(held.limit(1)).first() is not None


def _stop(session: Session, row: MailedUpdate, about: InsiderUpdate, why: Why, now: datetime) -> None:
    if row.way in _UNSENT:
        row.way, row.why, row.look_at = Way.LEFT_OUT, why, None
    elif row.way is Way.OWN_LETTER:
        _cancel(session, row, now)


def _cancel(session: Session, row: MailedUpdate, now: datetime) -> None:
    """Stop a letter of its own wherever it is; one that was given up is emptied, so that nobody tries it again."""
    columns = select(Delivery.id, Delivery.state, Delivery.cause).where(Delivery.id == row.delivery_id)
    letter = session.execute(columns).one()
    if letter.state is DeliveryState.DEAD:
        _empty_dead(session, letter.id, "stopped", now)
    else:
        cancel(letter.cause, now)


def _empty_dead(session: Session, delivery_id: int, why: str, now: datetime) -> bool:
    """Whether there was something to empty."""
    changed = session.connection().execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .where(is_dead())
        .where(Delivery.blanked_at.is_(None))
        .values(**emptied(why, now))
    )
    return changed.rowcount == 1


def _take(session: Session, delivery_id: int, now: datetime, *, even_if_tried: bool = False) -> bool:
    """Take a letter or a digest back if no server can have taken it: what it carried waits again."""
    if not take_back(delivery_id, now, even_if_tried=even_if_tried):
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


def let_no_letter_go(rows: Sequence[MailedUpdate], now: datetime) -> None:
    """Somebody has what these carry by another mail: no letter brings it again, whatever else a digest of it held.

    Joins the transaction.
    """
    with transaction() as session:
        for row in rows:
            if row.delivery_id is None or _take(session, row.delivery_id, now, even_if_tried=True):
                continue
            if row.way is Way.OWN_LETTER:
                _cancel(session, row, now)


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
        if _empty_dead(session, delivery_id, "in-next-digest", now):
            for row in rows:
                _wait_again(row, now)
