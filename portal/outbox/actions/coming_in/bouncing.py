"""A message of ours came back: it did not arrive after all, and perhaps nothing ever will there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.contact import actions as contact
from portal.contact.states import Budget
from portal.core.db import transaction
from portal.core.logs import redact
from portal.outbox import rules
from portal.outbox.actions.marking import move
from portal.outbox.models import Delivery
from portal.outbox.queries import is_followed, is_too_late, soft_bounce_count
from portal.outbox.rules.incoming import SOFT_COUNTED_FOR, Report, is_given_up, is_news, wait_after_soft
from portal.outbox.states import Bounce, DeliveryState, Reason

_ERROR_LENGTH = 300


class Heard(StrEnum):
    """What became of a report."""

    BELIEVED = "believed"
    #: The message is being sent at this moment: the report is looked at again.
    TOO_EARLY = "too_early"
    #: We know it already, or it is about something long ago: nothing changes.
    NO_NEWS = "no_news"


def note_bounce(delivery_id: int, report: Report, now: datetime) -> Heard:
    """Believe a report about a delivery; the person has been locked before. Joins the transaction.

    What came back counts as given up, whatever a server said before, so its text stands on no page and whoever wrote it
    is asked; or it is tried once more, when the mailbox was only full.
    """
    with transaction() as session:
        row = session.get_one(Delivery, delivery_id, with_for_update=True)
        if row.state is DeliveryState.LEASED:
            return Heard.TOO_EARLY
        if not is_news(row.state, row.failed_reason, row.sent_at or row.first_tried_at, now):
            return Heard.NO_NEWS
        if report.bounce is Bounce.HARD:
            _suppress(row, report, now)
            _bury(row, report)
        elif report.bounce is Bounce.SOFT:
            _try_once_more_or_bury(session, row, report, now)
        elif report.bounce is Bounce.REFUSED:
            _bury(row, report)
        session.flush()
        return Heard.BELIEVED


def _try_once_more_or_bury(session: Session, row: Delivery, report: Report, now: datetime) -> None:
    count = soft_bounce_count(row.to_address, now - SOFT_COUNTED_FOR) + 1
    if is_given_up(count):
        _suppress(row, report, now)
        _bury(row, report)
    elif is_followed(row.id) or is_too_late(row.key, now + wait_after_soft(count)):
        _bury(row, report)
    elif _came_back_after_all(row):
        _note_why(row, report)
        move(row, DeliveryState.QUEUED)
        row.sent_at = None
        row.next_try_at = now + wait_after_soft(count)
        # It must not keep back what is written to them meanwhile.
        row.attempts = max(row.attempts, rules.TRIES_OF_ITS_OWN)


def _bury(row: Delivery, report: Report) -> None:
    is_waiting = row.state is DeliveryState.QUEUED and row.attempts > 0
    if not (_came_back_after_all(row) or is_waiting):
        return
    _note_why(row, report)
    move(row, DeliveryState.DEAD)
    row.sent_at = None
    if row.budget is not Budget.NONE:
        contact.give_back(row.key)


def _came_back_after_all(row: Delivery) -> bool:
    """A server had taken it; what was blanked is too old for anybody to do anything about."""
    return row.state is DeliveryState.SENT and row.blanked_at is None


def _note_why(row: Delivery, report: Report) -> None:
    row.failed_reason, row.failed_code = Reason.BOUNCED, report.code
    row.failed_status = report.status
    said = report.words if report.status in report.words else f"{report.status} {report.words}"
    row.last_error = redact(f"{Reason.BOUNCED} {said}".strip())[:_ERROR_LENGTH]


def _suppress(row: Delivery, report: Report, now: datetime) -> None:
    if row.to_address:
        contact.suppress(row.to_address, code=report.code, words=report.words or report.status, now=now)
