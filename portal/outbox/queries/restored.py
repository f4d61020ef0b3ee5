"""What waits because a backup was restored: it may have gone since the backup was made."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.queries.waiting import is_waiting
from portal.outbox.states import MailClass
from portal.wording.queries import title_of


@dataclass(frozen=True)
class WaitingKind:
    """How many messages of one kind wait."""

    title: str
    count: int


_BY_KIND = (
    select(Delivery.kind, func.count())
    .where(is_waiting())
    .where(Delivery.mail_class != MailClass.OWN)
    .group_by(Delivery.kind)
    .order_by(func.count().desc(), Delivery.kind)
)
_OWN = select(func.count()).where(is_waiting()).where(Delivery.mail_class == MailClass.OWN)


def waiting_by_kind() -> list[WaitingKind]:
    """Community mail and surveys that wait, the most frequent kind first."""
    return [WaitingKind(title_of(kind), count) for kind, count in fetch(_BY_KIND)]


def own_waiting_count() -> int:
    """How many messages about people's own accounts and applications wait."""
    return int(fetch(_OWN).scalar_one())
