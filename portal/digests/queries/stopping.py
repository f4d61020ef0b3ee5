"""What may still go of a mailing that is over."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from portal.core.db import fetch
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.states import MailingState, Way
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead, is_waiting
from portal.outbox.states import DeliveryState, Reason

#: After these nobody knows whether a message has arrived.
_UNCERTAIN: Final = (Reason.CUT_OFF, Reason.TOO_SLOW)


def may_still_go() -> ColumnElement[bool]:
    """Of a `MailedUpdate`: a letter that waits or was given up, or a digest that, as far as we know, has not arrived.

    What was given up goes when somebody lets it be tried again, what a full mailbox sent back goes by itself.
    """
    waiting = select(Delivery.id).where(is_waiting())
    given_up = select(Delivery.id).where(is_dead()).where(Delivery.blanked_at.is_(None))
    untaken = waiting.where(Delivery.state == DeliveryState.QUEUED).where(
        or_(Delivery.attempts == 0, Delivery.failed_reason.not_in(_UNCERTAIN))
    )
    own = MailedUpdate.delivery_id.in_(waiting) | MailedUpdate.delivery_id.in_(given_up)
    return or_(
        (MailedUpdate.way == Way.OWN_LETTER) & own,
        (MailedUpdate.way == Way.IN_DIGEST) & MailedUpdate.delivery_id.in_(untaken),
    )


_STOPPED_WITH_MAIL: Final = (
    select(MailedUpdate.update_id)
    .join(UpdateMailing, UpdateMailing.update_id == MailedUpdate.update_id)
    .where(UpdateMailing.state == MailingState.STOPPED)
    .where(may_still_go())
    .distinct()
    .order_by(MailedUpdate.update_id)
)


def stopped_with_mail() -> list[int]:
    """Updates whose mailing is over and of which a letter or digest might go nevertheless."""
    return [update_id for (update_id,) in fetch(_STOPPED_WITH_MAIL)]
