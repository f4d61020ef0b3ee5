"""What is kept of a message: the development mailbox, and the texts of what ended, for a month."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from portal.core.db import transaction
from portal.outbox.actions.marking import ClaimedMail, still_ours
from portal.outbox.models import Delivery, DevMail
from portal.outbox.states import DeliveryState

KEPT_FOR = timedelta(days=30)


def keep_for_developers(claimed: ClaimedMail, sender: str, headers: dict[str, str], now: datetime) -> bool:
    """Put the message as it goes out into the development mailbox, once; False when the lease is no longer ours."""
    letter = claimed.letter
    with transaction() as session:
        if still_ours(session, claimed) is None:
            return False
        is_kept = session.scalar(select(DevMail.id).where(DevMail.delivery_key == letter.key)) is not None
        if not is_kept:
            session.add(
                DevMail(
                    delivery_key=letter.key,
                    person_id=claimed.person_id,
                    to_address=letter.to_address,
                    from_address=sender,
                    subject=letter.subject,
                    text=letter.text,
                    html=letter.html,
                    headers=headers,
                    kind=letter.kind,
                    sent_at=now,
                )
            )
        return True


def blank_old_mail(now: datetime, count: int = 500) -> int:
    """Empty at most `count` messages that ended 30 days ago; returns how many it found.

    What remains says that there was a message, of which kind, to whom and when.
    """
    before = now - KEPT_FOR
    tried_at = func.coalesce(Delivery.first_tried_at, Delivery.created_at)
    ended = (Delivery.sent_at < before) | (
        Delivery.state.in_([DeliveryState.DEAD, DeliveryState.CANCELLED]) & (tried_at < before)
    )
    old = select(Delivery.id).where(Delivery.blanked_at.is_(None)).where(ended).order_by(Delivery.id).limit(count)
    with transaction() as session:
        ids = session.scalars(old).all()
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(subject="", text="", html="", calendar="", reply_to="", places=[], blanked_at=now)
        )
        return len(ids)


def forget_old_dev_mail(now: datetime) -> None:
    """Delete what the development mailbox has held for 30 days."""
    with transaction() as session:
        session.execute(delete(DevMail).where(DevMail.sent_at < now - KEPT_FOR))
