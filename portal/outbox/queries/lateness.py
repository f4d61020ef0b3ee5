"""Mail that would come too late: its day has passed, its link has run out, or a newer one has taken its place."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.wording.queries import every_mail

_Newer = aliased(Delivery, name="newer_delivery")
_VOIDED_BY_NEWER = [mail.kind for mail in every_mail() if mail.is_voided_by_newer]


def would_come_too_late(now: datetime) -> ColumnElement[bool]:
    """For another query: whether nobody is helped by a message that goes out at `now`."""
    return or_(Delivery.expires_at.is_not(None) & (Delivery.expires_at <= now), _is_replaced(), *_links_ran_out(now))


def is_too_late(key: str, now: datetime) -> bool:
    """Whether the message with this key would come too late at `now`."""
    return fetch(select(Delivery.id).where(Delivery.key == key).where(would_come_too_late(now))).first() is not None


def _is_replaced() -> ColumnElement[bool]:
    return Delivery.kind.in_(_VOIDED_BY_NEWER) & (
        exists()
        .where(_Newer.id > Delivery.id)
        .where(_Newer.kind == Delivery.kind)
        .where(func.lower(_Newer.to_address) == func.lower(Delivery.to_address))
        .correlate(Delivery)
    )


def _links_ran_out(now: datetime) -> Iterator[ColumnElement[bool]]:
    for lasting in sorted({mail.links_last for mail in every_mail() if mail.links_last is not None}):
        kinds = [mail.kind for mail in every_mail() if mail.links_last == lasting]
        yield Delivery.kind.in_(kinds) & (Delivery.created_at <= now - lasting)
