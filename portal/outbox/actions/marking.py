"""What came of a message under a lease: sent, to be tried again, dead, given back, held or stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from portal.contact import actions as contact
from portal.contact.rules import Hold, Never, Wanted
from portal.contact.states import Budget, MailClass, WhyNot
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.logs import redact
from portal.outbox import rules
from portal.outbox.actions.queueing import one_line
from portal.outbox.actions.slowness import note_domain_trouble, note_domain_works
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, Letter, Refused, TryLater
from portal.outbox.states import DeliveryState, Reason, WhyStopped
from portal.people.models import Person

#: Longer than any conversation with a mail server; after it another worker takes the message.
LEASE = timedelta(minutes=2)
_ERROR_LENGTH = 300
#: A message that was not to blame comes after the others that wait, in case it was.
_BEHIND = timedelta(seconds=20)


class IllegalMove(PortalError):
    """A delivery cannot go from where it stands to where it was sent."""


@dataclass(frozen=True)
class ClaimedMail:
    """A message under one worker's lease, with its tokens in place.

    `owner` and `attempts` are the fence: who comes back after the lease went to another is not believed.
    """

    delivery_id: int
    person_id: int | None
    letter: Letter
    wanted: Wanted
    #: The domain it goes to, and whether that has asked us to slow down.
    domain: str
    is_slow: bool
    owner: str
    attempts: int
    lease_until: datetime
    #: On the clock that never goes back, in seconds.
    claimed_at: float


_SENT = (
    update(Delivery)
    .where(Delivery.id == bindparam("delivery_id"))
    .where(Delivery.state == DeliveryState.LEASED)
    .where(Delivery.lease_owner == bindparam("owner"))
    .where(Delivery.attempts == bindparam("tries"))
    .values(
        state=DeliveryState.SENT,
        lease_owner=None,
        lease_until=None,
        sent_at=bindparam("at"),
        failed_reason=None,
        failed_code=0,
        failed_status="",
        last_error="",
    )
)


def mark_sent(claimed: ClaimedMail, now: datetime) -> bool:
    """Note that the mail server has accepted the message; False when the lease is no longer ours."""
    with transaction() as session:
        fence: dict[str, Any] = {"delivery_id": claimed.delivery_id, "owner": claimed.owner, "tries": claimed.attempts}
        is_ours = session.connection().execute(_SENT, {**fence, "at": now}).rowcount == 1
        if claimed.is_slow:
            note_domain_works(claimed.domain)
        return is_ours


def mark_failed_try(claimed: ClaimedMail, outcome: TryLater | Refused, now: datetime) -> bool:
    """Note why the message was not accepted: it waits for its next try, or is dead; False when not ours any more.

    What is the server's or the domain's fault counts no try; a domain that is slow keeps all its mail waiting.
    """
    with transaction() as session:
        if isinstance(outcome, Refused):
            _lock_person(session, claimed)
        row = still_ours(session, claimed)
        if row is None:
            _give_back_if_cancelled(session, claimed, outcome)
            return False
        row.last_error = redact(one_line(rules.in_words(outcome)))[:_ERROR_LENGTH]
        row.failed_reason, row.failed_code = outcome.reason, outcome.code
        row.failed_status = rules.status_of(outcome.text)
        if isinstance(outcome, Refused):
            _bury(row)
            if rules.is_address_dead(outcome):
                contact.suppress(row.to_address, code=outcome.code, words=outcome.text, now=now)
        elif outcome.blame is Blame.MESSAGE:
            _try_again_or_bury(row, outcome, now)
        else:
            _wait_for_others(row, outcome, now)
        return True


def release(claimed: ClaimedMail, now: datetime) -> bool:
    """Give a message back that was not tried: the worker leaves; False when not ours any more."""
    with transaction() as session:
        row = still_ours(session, claimed)
        if row is None:
            _give_back_if_cancelled(session, claimed, None)
            return False
        _put_back(row, _its_place(row, now))
        return True


def hold_claimed(claimed: ClaimedMail, verdict: Hold, now: datetime) -> None:
    """Put a message back that may not go after all, until it may."""
    with transaction() as session:
        row = still_ours(session, claimed)
        if row is not None:
            _put_back(row, rules.look_again_at(verdict.until, now))
            row.held_reason, row.held_until = verdict.reason, verdict.until


def stop_claimed(claimed: ClaimedMail, verdict: Never) -> None:
    """Stop a message that may never go, a moment before it would have."""
    with transaction() as session:
        row = still_ours(session, claimed)
        if row is None:
            _give_back_if_cancelled(session, claimed, None)
            return
        contact.give_back(row.key)
        move(row, stopped_state(row.mail_class, verdict.reason))
        row.stopped_reason = WhyStopped(verdict.reason)
        if row.state is DeliveryState.DEAD:
            row.failed_reason, row.failed_code, row.failed_status = Reason.SUPPRESSED, 0, ""
            row.last_error = Reason.SUPPRESSED.value


def stopped_state(mail_class: MailClass, reason: WhyNot) -> DeliveryState:
    """Dead or cancelled: news about somebody's own account or application stays on the pages of those who owe it."""
    is_owed = mail_class is MailClass.OWN and reason is WhyNot.SUPPRESSED
    return DeliveryState.DEAD if is_owed else DeliveryState.CANCELLED


def move(row: Delivery, after: DeliveryState) -> None:
    """The one way from state to state; a lease and a wait end with it."""
    if not rules.may_move(row.state, after):
        raise IllegalMove(f"A delivery that is {row.state} cannot become {after}.")
    row.state = after
    row.lease_owner = row.lease_until = None
    row.held_reason = row.held_until = None


def still_ours(session: Session, claimed: ClaimedMail) -> Delivery | None:
    """The row, locked, while the lease is that of `claimed`."""
    row = session.get(Delivery, claimed.delivery_id, with_for_update=True)
    if row is None or row.state is not DeliveryState.LEASED:
        return None
    return row if (row.lease_owner, row.attempts) == (claimed.owner, claimed.attempts) else None


def _try_again_or_bury(row: Delivery, outcome: TryLater, now: datetime) -> None:
    if rules.is_given_up(row.attempts, row.first_tried_at or row.created_at, now):
        _bury(row)
        return
    move(row, DeliveryState.QUEUED)
    row.next_try_at = now + rules.wait_before_next_try(row.attempts, row.key)
    # What may have arrived stays counted.
    if not outcome.may_have_arrived:
        _give_back(row)


def _wait_for_others(row: Delivery, outcome: TryLater, now: datetime) -> None:
    """The server or the domain is in trouble: this message waits with the others, behind them if it was spoken of."""
    if outcome.blame is Blame.DOMAIN and rules.is_domain_given_up(row.first_tried_at or row.created_at, now):
        _bury(row)
        return
    if outcome.is_before_message:
        _put_back(row, _its_place(row, now))
        return
    until = now
    if outcome.blame is Blame.DOMAIN:
        until = note_domain_trouble(row.to_domain, outcome, now)
    _put_back(row, until + _BEHIND)


def _its_place(row: Delivery, now: datetime) -> datetime:
    """Due at once, and before whatever was written later."""
    return min(row.created_at, now)


def _put_back(row: Delivery, until: datetime) -> None:
    move(row, DeliveryState.QUEUED)
    row.next_try_at = until
    row.attempts -= 1
    _give_back(row)


def _bury(row: Delivery) -> None:
    move(row, DeliveryState.DEAD)
    _give_back(row)


def _give_back(row: Delivery) -> None:
    if row.budget is not Budget.NONE:
        contact.give_back(row.key)


def _give_back_if_cancelled(session: Session, claimed: ClaimedMail, outcome: TryLater | Refused | None) -> None:
    """Whoever cancelled a message in flight left its contact counted, for it might have arrived; it did not."""
    if isinstance(outcome, TryLater) and outcome.may_have_arrived:
        return
    row = session.get(Delivery, claimed.delivery_id)
    if row is not None and row.state is DeliveryState.CANCELLED:
        _give_back(row)


def _lock_person(session: Session, claimed: ClaimedMail) -> None:
    """The person first, then the message: the order in which everybody else takes them."""
    if claimed.person_id is not None:
        session.execute(select(Person.id).where(Person.id == claimed.person_id).with_for_update(key_share=True))
