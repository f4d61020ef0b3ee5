"""What the mailing of updates holds about a person: which updates came to them by mail, or wait for their digest."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.digests.actions import let_no_letter_go
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.states import MailingState, Way
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.states import READABLE

TABLES: tuple[type[Model], ...] = (UpdateMailing, MailedUpdate)

#: Of two records, the one by which an update has come further stands.
_FURTHEST = (Way.OWN_LETTER, Way.IN_DIGEST, Way.COLLECTED, Way.TO_WRITE, Way.LEFT_OUT)
#: So do letters: one that came, one that is being sent, one that waits; any other never comes.
_CAME = (DeliveryState.SENT, DeliveryState.LEASED, DeliveryState.QUEUED)
_NEVER_COMES = (DeliveryState.DEAD, DeliveryState.CANCELLED)


def export(person_id: int) -> list[ExportSection]:
    """The updates that came to them by mail, and those that wait for their next digest; the newest first."""
    found = fetch(
        select(InsiderUpdate.title, MailedUpdate.way, MailedUpdate.decided_at, Delivery.sent_at, Delivery.state)
        .join(InsiderUpdate, InsiderUpdate.id == MailedUpdate.update_id)
        .outerjoin(Delivery, Delivery.id == MailedUpdate.delivery_id)
        .where(MailedUpdate.person_id == person_id)
        .where(InsiderUpdate.state.in_(sorted(READABLE)))
        .order_by(MailedUpdate.decided_at.desc(), MailedUpdate.update_id.desc())
    ).all()
    return [
        ExportSection(
            title=_("Updates by mail"),
            rows=[(row.title, _in_words(row.way, row.sent_at, row.state)) for row in found],
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


def _in_words(way: Way, sent_at: datetime | None, state: DeliveryState | None) -> str:
    if sent_at is not None and way is Way.IN_DIGEST:
        return _("came with others on %(moment)s", moment=format_moment(sent_at))
    if sent_at is not None:
        return _("came on %(moment)s", moment=format_moment(sent_at))
    if way is Way.COLLECTED:
        return _("waits for your next mail with several updates")
    if way is Way.LEFT_OUT or state in _NEVER_COMES:
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
        _write_who_was_passed(kept_id, now)
        _sign(gone_id, kept_id)


def _write_who_was_passed(kept_id: int, now: datetime) -> None:
    """A mailing that is being written has passed `kept_id`, and it was for the other: it comes to them as well."""
    with transaction() as own:
        is_written = (
            exists().where(MailedUpdate.update_id == UpdateMailing.update_id).where(MailedUpdate.person_id == kept_id)
        )
        passed = own.scalars(
            select(UpdateMailing)
            .join(UpdateReader, UpdateReader.update_id == UpdateMailing.update_id)
            .where(UpdateReader.person_id == kept_id)
            .where(UpdateReader.is_in_audience)
            .where(UpdateMailing.written_up_to >= kept_id)
            .where(UpdateMailing.is_written.is_(False))
            .where(UpdateMailing.state != MailingState.STOPPED)
            .where(~is_written)
            .order_by(UpdateMailing.update_id)
        )
        own.add_all(
            MailedUpdate(
                update_id=mailing.update_id,
                person_id=kept_id,
                purpose=mailing.purpose,
                way=Way.TO_WRITE,
                decided_at=now,
            )
            for mailing in passed
        )
        own.flush()


def _rows(person_id: int) -> list[MailedUpdate]:
    with transaction() as own:
        statement = select(MailedUpdate).where(MailedUpdate.person_id == person_id).order_by(MailedUpdate.update_id)
        return list(own.scalars(statement.with_for_update()))


def _join(kept: MailedUpdate, gone: MailedUpdate, now: datetime) -> None:
    """Of one update: the row that has come further stands, and no letter of the other goes any more."""
    with transaction() as own:
        best, other = sorted((kept, gone), key=_distance)
        let_no_letter_go([other], now)
        values = (best.way, best.why, best.delivery_id, best.version_number, best.look_at)
        own.delete(gone)
        own.flush()
        kept.way, kept.why, kept.delivery_id, kept.version_number, kept.look_at = values
        kept.decided_at = min(kept.decided_at, gone.decided_at)


def _distance(row: MailedUpdate) -> tuple[int, int]:
    """What was sent stands before all else, and a letter that never comes behind all that still can."""
    with transaction() as own:
        letter = select(Delivery.state).where(Delivery.id == row.delivery_id)
        state = own.scalar(letter) if row.delivery_id is not None else None
        if state is None:
            return (len(_CAME) if row.way is not Way.LEFT_OUT else len(_CAME) + 2, _FURTHEST.index(row.way))
        return (_CAME.index(state) if state in _CAME else len(_CAME) + 1, _FURTHEST.index(row.way))


def _sign(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        own.execute(update(UpdateMailing).where(UpdateMailing.changed_by_id == from_id).values(changed_by_id=to_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever paused or stopped a mailing keeps having done it; anybody who may can resume it."""
