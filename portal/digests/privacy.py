"""What the mailing of updates holds about a person: which updates came to them by mail, or wait for their digest."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.digests.actions import take_letters_back
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.states import Way
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.updates.models import InsiderUpdate
from portal.updates.states import READABLE

TABLES: tuple[type[Model], ...] = (UpdateMailing, MailedUpdate)

#: Of two records, the one by which an update has come further stands.
_FURTHEST = (Way.OWN_LETTER, Way.IN_DIGEST, Way.COLLECTED, Way.TO_WRITE, Way.LEFT_OUT)


def export(person_id: int) -> list[ExportSection]:
    """The updates that came to them by mail, and those that wait for their next digest; the newest first."""
    found = fetch(
        select(InsiderUpdate.title, MailedUpdate.way, MailedUpdate.decided_at, Delivery.sent_at)
        .join(InsiderUpdate, InsiderUpdate.id == MailedUpdate.update_id)
        .outerjoin(Delivery, Delivery.id == MailedUpdate.delivery_id)
        .where(MailedUpdate.person_id == person_id)
        .where(InsiderUpdate.state.in_(sorted(READABLE)))
        .order_by(MailedUpdate.decided_at.desc(), MailedUpdate.update_id.desc())
    ).all()
    return [
        ExportSection(
            title=_("Updates by mail"),
            rows=[(row.title, _in_words(row.way, row.sent_at)) for row in found],
            kept=_("For as long as we know you."),
            seen_by=_("Recruiters see how many got an update by mail, not who."),
            empty=_("No update has come to you by mail yet."),
            extra={
                "updates_by_mail": [
                    {
                        "title": row.title,
                        "way": row.way.value,
                        "decided_at": row.decided_at.isoformat(),
                        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
                    }
                    for row in found
                ]
            },
        )
    ]


def _in_words(way: Way, sent_at: datetime | None) -> str:
    if sent_at is not None and way is Way.IN_DIGEST:
        return _("came with others on %(moment)s", moment=format_moment(sent_at))
    if sent_at is not None:
        return _("came on %(moment)s", moment=format_moment(sent_at))
    if way is Way.COLLECTED:
        return _("waits for your next mail with several updates")
    if way is Way.LEFT_OUT:
        return _("did not come by mail")
    return _("is on its way")


def erase(person_id: int, now: datetime) -> None:
    """Forget what came to them; the letters themselves are the outbox's. Joins the transaction."""
    with transaction() as own:
        own.execute(delete(MailedUpdate).where(MailedUpdate.person_id == person_id))
        _sign(person_id, None)


def retention(now: datetime) -> None:
    """What came to somebody goes with them."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What came to either came to `kept_id`; of two letters about one update that wait, one goes. Joins it all."""
    with transaction() as own:
        kept = {row.update_id: row for row in _rows(kept_id)}
        for gone in _rows(gone_id):
            other = kept.get(gone.update_id)
            if other is not None:
                _join(other, gone, now)
        own.flush()
        own.execute(update(MailedUpdate).where(MailedUpdate.person_id == gone_id).values(person_id=kept_id))
        _sign(gone_id, kept_id)


def _rows(person_id: int) -> list[MailedUpdate]:
    with transaction() as own:
        statement = select(MailedUpdate).where(MailedUpdate.person_id == person_id).order_by(MailedUpdate.update_id)
        return list(own.scalars(statement.with_for_update()))


def _join(kept: MailedUpdate, gone: MailedUpdate, now: datetime) -> None:
    """Of one update: the row that has come further stands, and no letter of the other goes any more."""
    with transaction() as own:
        best, other = sorted((kept, gone), key=_distance)
        take_letters_back([other], now)
        values = (best.way, best.why, best.delivery_id, best.version_number, best.look_at)
        own.delete(gone)
        own.flush()
        kept.way, kept.why, kept.delivery_id, kept.version_number, kept.look_at = values
        kept.decided_at = min(kept.decided_at, gone.decided_at)


def _distance(row: MailedUpdate) -> tuple[bool, int]:
    """What was sent stands before all else."""
    with transaction() as own:
        delivery = own.get(Delivery, row.delivery_id) if row.delivery_id is not None else None
        return delivery is None or delivery.state is not DeliveryState.SENT, _FURTHEST.index(row.way)


def _sign(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        own.execute(update(UpdateMailing).where(UpdateMailing.changed_by_id == from_id).values(changed_by_id=to_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever paused or stopped a mailing keeps having done it; anybody who may can resume it."""
