"""Taking up the message that is due: under a lease, when `contact` says that it may go."""

from datetime import datetime, timedelta
from email.headerregistry import Address as Mailbox
from email.utils import parseaddr
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import aliased

from portal.contact import actions as contact
from portal.contact.queries import is_suppressed, verdict_for
from portal.contact.rules import Go, Hold, Never, Verdict, Wanted, link_subject
from portal.contact.states import Budget, MailClass, WhyHeld, WhyNot
from portal.core.clock import monotonic
from portal.core.db import end_reading, in_transaction, transaction
from portal.core.mail import code_place, token_place
from portal.core.settings import Settings, current_settings
from portal.core.tokens import STATELESS, STATELESS_LIFETIME, TokenKind, mail_code, mail_token, signed_token
from portal.outbox import rules
from portal.outbox.actions.marking import (
    LEASE,
    ClaimedMail,
    IllegalMove,
    hold_claimed,
    mark_sent,
    release,
    stop_claimed,
    stopped_state,
)
from portal.outbox.actions.slowness import put_off
from portal.outbox.models import Delivery, SlowDomain
from portal.outbox.queries import WAITING, goes_into_conversation, is_due, is_still_leased, is_waiting
from portal.outbox.rules import Letter, incoming
from portal.outbox.states import DeliveryState, Reason, WhyStopped
from portal.people.models import Person

#: Messages looked at in one transaction: others want to write as well.
_MOST_LOOKS = 25
_AFTER_A_FAULT = timedelta(minutes=10)
#: Seconds after which a decision is no longer of this moment.
_FRESH = 0.02
#: Reasons that count the message itself, once it is claimed.
_COUNT_ITSELF = frozenset({WhyHeld.BUDGET, WhyHeld.RHYTHM})

#: When an older letter about the same to the same person is tried again: a correction must not overtake what it
#: corrects. One that was never tried, is held or had many tries of its own holds nobody back; nor does one that the
#: same worker has in hand, for it hands them over in order. The small index of what was tried keeps this cheap.
_Older = aliased(Delivery, name="older_delivery")
_OLDER_GOES_FIRST = (
    select(func.max(_Older.next_try_at))
    .where(_Older.person_id == Delivery.person_id)
    .where(_Older.cause == Delivery.cause)
    .where(_Older.id < Delivery.id)
    .where(_Older.first_tried_at.is_not(None))
    .where(_Older.held_reason.is_(None))
    .where(_Older.attempts < rules.TRIES_OF_ITS_OWN)
    .where(_Older.state.in_(bindparam("waiting", WAITING, expanding=True, literal_execute=True)))
    .where(_Older.lease_owner.is_(None) | (_Older.lease_owner != bindparam("owner")))
    .correlate(Delivery)
    .scalar_subquery()
)
_NEXT_DUE = (
    select(
        Delivery.id,
        Delivery.key,
        Delivery.kind,
        Delivery.mail_class,
        Delivery.purpose,
        Delivery.timing,
        Delivery.budget,
        Delivery.person_id,
        Person.public_id,
        Delivery.to_address,
        Delivery.to_name,
        Delivery.to_domain,
        Delivery.reply_to,
        Delivery.subject,
        Delivery.text,
        Delivery.html,
        Delivery.calendar,
        Delivery.places,
        Delivery.state,
        Delivery.attempts,
        Delivery.first_tried_at,
        Delivery.expires_at,
        Delivery.created_at,
        SlowDomain.until.label("slow_until"),
        _OLDER_GOES_FIRST.label("older_until"),
    )
    .outerjoin(Person, Person.id == Delivery.person_id)
    .outerjoin(SlowDomain, SlowDomain.domain == Delivery.to_domain)
    .where(is_due())
    .order_by(Delivery.next_try_at, Delivery.id)
    .limit(1)
    .with_for_update(of=Delivery, skip_locked=True)
)
_LEASED = (
    update(Delivery)
    .where(Delivery.id == bindparam("delivery_id"))
    .values(
        state=DeliveryState.LEASED,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("ends", type_=Delivery.next_try_at.type),
        next_try_at=bindparam("ends", type_=Delivery.next_try_at.type),
        attempts=bindparam("tries"),
        first_tried_at=bindparam("began"),
        held_reason=None,
        held_until=None,
    )
)
_PERSON_FREE = (
    select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True, skip_locked=True)
)


class _LookOn(Enum):
    """There may be more that is due than one transaction looks at."""

    LOOK_ON = 0


def claim_next(owner: str, now: datetime) -> ClaimedMail | None:
    """Take the message that has been due longest and may go under a lease of `owner`; None when there is none.

    A message whose lease has ended is due again. Its tokens are the same at every resend. One that may not go yet
    is put back with the reason, one that may never go or came too late is stopped.
    """
    while True:
        found = _claim(owner, now)
        if not isinstance(found, _LookOn):
            return found


def mark_sent_and_claim_next(claimed: ClaimedMail, owner: str, now: datetime) -> tuple[bool, ClaimedMail | None]:
    """`mark_sent` and `claim_next` in one transaction, half the work for the database."""
    is_marked = False
    try:
        with transaction():
            is_ours = mark_sent(claimed, now)
            found = _claim(owner, now)
        is_marked = True
    finally:
        if not is_marked:
            # What breaks while looking for the next must not make us send this one again.
            mark_sent(claimed, now)
    return is_ours, claim_next(owner, now) if isinstance(found, _LookOn) else found


def may_still_go(claimed: ClaimedMail, now: datetime) -> bool:
    """A last look right before the message is handed over: it is still ours, and the person still allows it.

    Whatever was withdrawn, paused or cancelled since the claim stops it here. A claim of this very moment is such a
    look itself.
    """
    if monotonic() - claimed.claimed_at < _FRESH:
        return True
    try:
        return _look_again(claimed, now)
    finally:
        # Else the database would keep what it showed us until the mail server has answered.
        end_reading()


def _look_again(claimed: ClaimedMail, now: datetime) -> bool:
    if not is_still_leased(claimed.delivery_id, claimed.owner, claimed.attempts, claimed.person_id):
        release(claimed, now)
        return False
    verdict = _last_verdict(claimed, now)
    if isinstance(verdict, Never):
        stop_claimed(claimed, verdict)
        return False
    if isinstance(verdict, Hold) and verdict.reason not in _COUNT_ITSELF:
        hold_claimed(claimed, verdict, now)
        return False
    return True


def _last_verdict(claimed: ClaimedMail, now: datetime) -> Verdict:
    address = claimed.letter.to_address
    if claimed.wanted.mail_class is MailClass.OWN:
        return Never(WhyNot.SUPPRESSED) if is_suppressed(address) else Go()
    return verdict_for(claimed.person_id, address, claimed.wanted, now)


def _claim(owner: str, now: datetime) -> ClaimedMail | _LookOn | None:
    watched: list[int] = []
    try:
        with transaction() as session:
            return _search(session.connection(), owner, now, watched)
    finally:
        if watched and not in_transaction():
            # A message that cannot even be looked at must not stand in the way of all others.
            _put_behind(watched[0], now + _AFTER_A_FAULT)


def _search(connection: Connection, owner: str, now: datetime, watched: list[int]) -> ClaimedMail | _LookOn | None:
    """The first that may go; `watched` holds the one that is being looked at."""
    busy: list[int] = []
    for _look in range(_MOST_LOOKS):
        statement = _NEXT_DUE.where(Delivery.id.not_in(busy)) if busy else _NEXT_DUE
        row = connection.execute(statement, {"now": now, "owner": owner}).first()
        if row is None:
            return None
        watched[:] = [row.id]
        claimed = _look_at(connection, row, owner, now, busy)
        watched.clear()
        if claimed is not None:
            return claimed
    return _LookOn.LOOK_ON


def _look_at(
    connection: Connection, row: Row[*tuple[Any, ...]], owner: str, now: datetime, busy: list[int]
) -> ClaimedMail | None:
    if row.slow_until is not None and row.slow_until > now:
        _let_wait(connection, row, row.slow_until)
        put_off(connection, row.to_domain, row.slow_until, now)
        return None
    if row.expires_at is not None and row.expires_at <= now:
        _stop(connection, row, DeliveryState.CANCELLED, WhyStopped.EXPIRED)
        return None
    if row.older_until is not None:
        _let_wait(connection, row, rules.behind(row.older_until, now))
        return None
    wanted = Wanted(row.mail_class, row.purpose, row.timing, row.budget)
    if not _is_person_free(connection, row.person_id, wanted):
        busy.append(row.id)
        return None
    verdict = contact.decide(row.person_id, row.to_address, wanted, row.key, now)
    if isinstance(verdict, Go):
        return _lease(connection, row, wanted, owner, now)
    if isinstance(verdict, Hold):
        _let_wait(connection, row, rules.look_again_at(verdict.until, now), verdict)
    else:
        _stop(connection, row, stopped_state(row.mail_class, verdict.reason), WhyStopped(verdict.reason))
    return None


def _is_person_free(connection: Connection, person_id: int | None, wanted: Wanted) -> bool:
    """Whether nobody else is deciding about this person or changing them at this moment.

    `contact` would wait for them, with our message locked; they may be waiting for just that. SQLite has one writer
    at a time, and that is us.
    """
    if person_id is None or (wanted.mail_class is MailClass.OWN and wanted.budget is Budget.NONE):
        return True
    if connection.dialect.name == "sqlite":
        return True
    return connection.execute(_PERSON_FREE, {"person_id": person_id}).first() is not None


def _lease(
    connection: Connection, row: Row[*tuple[Any, ...]], wanted: Wanted, owner: str, now: datetime
) -> ClaimedMail:
    if row.state is not DeliveryState.LEASED:
        _refuse_illegal(row.state, DeliveryState.LEASED)
    values = {
        "delivery_id": row.id,
        "owner": owner,
        "ends": now + LEASE,
        "tries": row.attempts + 1,
        "began": row.first_tried_at or now,
    }
    connection.execute(_LEASED, values)
    return ClaimedMail(
        delivery_id=row.id,
        person_id=row.person_id,
        letter=_ready(row, current_settings()),
        wanted=wanted,
        domain=row.to_domain,
        is_slow=row.slow_until is not None,
        owner=owner,
        attempts=row.attempts + 1,
        lease_until=now + LEASE,
        claimed_at=monotonic(),
    )


def _let_wait(connection: Connection, row: Row[*tuple[Any, ...]], until: datetime, verdict: Hold | None = None) -> None:
    if row.state is not DeliveryState.QUEUED:
        _refuse_illegal(row.state, DeliveryState.QUEUED)
    values: dict[str, Any] = {"state": DeliveryState.QUEUED, "lease_owner": None, "lease_until": None}
    values |= {"next_try_at": until, "held_reason": None, "held_until": None}
    if verdict is not None:
        values |= {"held_reason": verdict.reason, "held_until": verdict.until}
    connection.execute(update(Delivery).where(Delivery.id == row.id).values(**values))


def _stop(connection: Connection, row: Row[*tuple[Any, ...]], after: DeliveryState, why: WhyStopped) -> None:
    _refuse_illegal(row.state, after)
    values: dict[str, Any] = {"state": after, "lease_owner": None, "lease_until": None}
    values |= {"held_reason": None, "held_until": None, "stopped_reason": why}
    if after is DeliveryState.DEAD:
        values |= {"failed_reason": Reason.SUPPRESSED, "failed_code": 0, "failed_status": ""}
        values["last_error"] = Reason.SUPPRESSED.value
    connection.execute(update(Delivery).where(Delivery.id == row.id).values(**values))


def _refuse_illegal(before: DeliveryState, after: DeliveryState) -> None:
    if not rules.may_move(before, after):
        raise IllegalMove(f"A delivery that is {before} cannot become {after}.")


def _put_behind(delivery_id: int, until: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Delivery).where(Delivery.id == delivery_id).where(is_waiting()).values(next_try_at=until)
        )


def _ready(row: Row[*tuple[Any, ...]], settings: Settings) -> Letter:
    """The message as it is sent: what stood for a token is the token."""
    subject, text, html = row.subject, row.text, row.html
    for place in row.places:
        form, word = place.split(":")
        kind = TokenKind(word)
        mark = token_place(row.key, kind) if form == "token" else code_place(row.key, kind)
        value = mail_code(settings.secret_key, row.key, kind) if form == "code" else _token(row, kind, settings)
        subject, text, html = (part.replace(mark, value) for part in (subject, text, html))
    is_stoppable = row.mail_class is not MailClass.OWN and row.public_id is not None
    token = _token(row, TokenKind.UNSUBSCRIBE, settings) if is_stoppable else ""
    return Letter(
        key=row.key,
        kind=row.kind,
        to_address=row.to_address,
        to_name=row.to_name,
        reply_to=_reply_to(row, settings),
        subject=subject,
        text=text,
        html=html,
        unsubscribe_url=f"{settings.base_url}/unsubscribe/{token}" if token else "",
        return_path=_return_path(row, settings),
        calendar=row.calendar,
    )


def _return_path(row: Row[*tuple[Any, ...]], settings: Settings) -> str:
    if not settings.return_address:
        return ""
    return incoming.tagged(settings.secret_key, incoming.TagFor.RETURN, row.key, settings.return_address)


def _reply_to(row: Row[*tuple[Any, ...]], settings: Settings) -> str:
    """Under the name of whoever answers, the address that leads into the person's conversation, where there is one."""
    if not settings.reply_address or row.public_id is None or not goes_into_conversation(row.kind, row.reply_to):
        return str(row.reply_to)
    address = incoming.tagged(settings.secret_key, incoming.TagFor.REPLY, row.public_id, settings.reply_address)
    return str(Mailbox(parseaddr(row.reply_to)[0] or settings.org_name, addr_spec=address))


def _token(row: Row[*tuple[Any, ...]], kind: TokenKind, settings: Settings) -> str:
    """The same at every resend: made of the delivery, or of the person, the purpose and the day it was written."""
    if kind not in STATELESS:
        return mail_token(settings.secret_key, row.key, kind)
    subject = link_subject(row.public_id or "", row.mail_class, row.purpose)
    return signed_token(settings.secret_key, kind, subject, row.created_at + STATELESS_LIFETIME)
