"""Mail that did not go: given up, held for now, stopped for good or waiting, for those who look after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select, true

from portal.contact.states import WhyHeld
from portal.core.db import fetch, session
from portal.outbox.models import Delivery
from portal.outbox.queries.lateness import would_come_too_late
from portal.outbox.queries.waiting import is_dead, is_waiting
from portal.outbox.states import DeliveryState, MailClass, Reason, WhyStopped
from portal.wording.queries import title_of


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up; `error` says why, without addresses."""

    delivery_id: int
    person_id: int | None
    kind: str
    cause: str
    to_address: str
    subject: str
    error: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class TroubledMail:
    """A message that did not go, in the lists of those who look after the mail."""

    key: str
    state: DeliveryState
    person_id: int | None
    kind: str
    to_address: str
    subject: str
    attempts: int
    created_at: datetime
    #: Why, one of the three; the other two are empty.
    failed_reason: Reason | None
    failed_code: int
    error: str
    held_reason: WhyHeld | None
    held_until: datetime | None
    stopped_reason: WhyStopped | None
    next_try_at: datetime

    @property
    def said(self) -> str:
        """What the other side answered, with its code; empty when it said nothing."""
        return self.error.partition(" ")[2]

    @property
    def title(self) -> str:
        """What this kind of mail is called."""
        return title_of(self.kind)


@dataclass(frozen=True)
class HeldMail:
    """A message to a person that waits, and why."""

    kind: str
    subject: str
    reason: WhyHeld
    until: datetime
    created_at: datetime


@dataclass(frozen=True)
class DeadReason:
    """Dead letters that died of the same, and how many they are."""

    reason: Reason
    code: int
    #: The enhanced status code, empty when there was none.
    status: str
    count: int
    #: Of them, those that would come too late: they are not tried again with the others.
    late_count: int

    @property
    def timely_count(self) -> int:
        """How many would be tried again with all of them."""
        return self.count - self.late_count

    @property
    def name(self) -> str:
        """What it is called in an address, such as "refused-550-5.7.1"."""
        return "-".join(part for part in (self.reason, str(self.code), self.status) if part)

    @property
    def codes(self) -> str:
        """The codes as a person reads them, such as "550 5.7.1"; empty when there are none."""
        return " ".join(part for part in (str(self.code or ""), self.status) if part)


@dataclass(frozen=True)
class MailFilter:
    """What the list shows: addresses with `text` in them, dead letters of one reason."""

    text: str = ""
    reason: Reason | None = None
    code: int = 0
    status: str = ""
    #: Who looks: mail about their own application is not in it (decision 0028). None: all of it is.
    asker_id: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text and self.reason is None


#: How the kinds begin that tell somebody of their application, or answer what they asked as a candidate.
_ABOUT_AN_APPLICATION: Final = ("applications/", "conversations/reply")
_DEAD = (
    select(
        Delivery.id,
        Delivery.person_id,
        Delivery.kind,
        Delivery.cause,
        Delivery.to_address,
        Delivery.subject,
        Delivery.last_error,
        Delivery.attempts,
        Delivery.created_at,
    )
    .where(is_dead())
    .where(Delivery.blanked_at.is_(None))
    .order_by(Delivery.created_at, Delivery.id)
)
_LINES = select(
    Delivery.key,
    Delivery.state,
    Delivery.person_id,
    Delivery.kind,
    Delivery.to_address,
    Delivery.subject,
    Delivery.attempts,
    Delivery.created_at,
    Delivery.failed_reason,
    Delivery.failed_code,
    Delivery.last_error,
    Delivery.held_reason,
    Delivery.held_until,
    Delivery.stopped_reason,
    Delivery.next_try_at,
)
_HELD_FOR = (
    select(Delivery.kind, Delivery.subject, Delivery.held_reason, Delivery.held_until, Delivery.created_at)
    .where(Delivery.held_reason.is_not(None))
    .order_by(Delivery.held_until, Delivery.id)
)

_HAS_UNTOLD = select(
    exists()
    .where(Delivery.person_id == bindparam("person_id"))
    .where(Delivery.mail_class == MailClass.OWN)
    .where(Delivery.state.not_in([DeliveryState.SENT, DeliveryState.CANCELLED]))
    .where(Delivery.blanked_at.is_(None))
)


def dead_letters() -> list[DeadLetter]:
    """Messages that were given up and whose text is still there, oldest first."""
    return [DeadLetter(*row) for row in fetch(_DEAD)]


def dead_reasons(now: datetime) -> list[DeadReason]:
    """What dead letters died of, the most frequent first, and how many of each would come too late at `now`."""
    late = func.sum(case((would_come_too_late(now), 1), else_=0))
    statement = (
        select(Delivery.failed_reason, Delivery.failed_code, Delivery.failed_status, func.count(), late)
        .where(is_dead())
        .where(Delivery.blanked_at.is_(None))
        .where(Delivery.failed_reason.is_not(None))
        .group_by(Delivery.failed_reason, Delivery.failed_code, Delivery.failed_status)
        .order_by(func.count().desc(), Delivery.failed_reason, Delivery.failed_code, Delivery.failed_status)
    )
    return [DeadReason(*row) for row in fetch(statement)]


def count_dead(wanted: MailFilter) -> int:
    """How many dead letters fit."""
    return _count(_dead(wanted))


def dead_page(wanted: MailFilter, first: int, count: int) -> list[TroubledMail]:
    """`count` dead letters that fit from the `first` (0), newest first."""
    return _lines(_dead(wanted).order_by(Delivery.id.desc()), first, count)


def count_held(wanted: MailFilter) -> int:
    """How many messages that fit are held."""
    return _count(_held(wanted))


def held_page(wanted: MailFilter, first: int, count: int) -> list[TroubledMail]:
    """`count` held messages that fit from the `first` (0), those that go soonest first."""
    return _lines(_held(wanted).order_by(Delivery.held_until, Delivery.id), first, count)


def count_stopped(wanted: MailFilter) -> int:
    """How many messages that fit were stopped."""
    return _count(_stopped(wanted))


def stopped_page(wanted: MailFilter, first: int, count: int) -> list[TroubledMail]:
    """`count` messages that fit and were stopped before they went, from the `first` (0), newest first."""
    return _lines(_stopped(wanted).order_by(Delivery.id.desc()), first, count)


def count_waiting(wanted: MailFilter) -> int:
    """How many messages that fit wait to go, without those that are held."""
    return _count(_waiting(wanted))


def waiting_page(wanted: MailFilter, first: int, count: int) -> list[TroubledMail]:
    """`count` messages that fit and wait to go, from the `first` (0), those that go soonest first."""
    return _lines(_waiting(wanted).order_by(Delivery.next_try_at, Delivery.id), first, count)


def tried_again() -> tuple[int, str]:
    """How many messages wait for another try, and what the newest of them was answered."""
    tried = select(func.count(), func.max(Delivery.id)).where(_is_tried_again())
    count, newest = fetch(tried).one()
    error = fetch(select(Delivery.last_error).where(Delivery.id == newest)).scalar() if count else ""
    return count, (error or "").partition(" ")[2]


def find_troubled(key: str, asker_id: int) -> TroubledMail | None:
    """The message with this key if it did not go and its text is still there: one that was sent is nobody's.

    Nor is there one about the asker's own application.
    """
    statement = _LINES.where(Delivery.key == key).where(_is_troubled()).where(~_is_own(asker_id))
    row = fetch(statement).one_or_none()
    return TroubledMail(*row) if row else None


def has_own(asker_id: int) -> bool:
    """Whether a list leaves out mail about the asker's own application."""
    statement = select(Delivery.id).where(_is_troubled()).where(_is_own(asker_id)).limit(1)
    return fetch(statement).first() is not None


def held_for(person_id: int) -> list[HeldMail]:
    """What waits for this person and why, those that go soonest first."""
    return [HeldMail(*row) for row in fetch(_HELD_FOR.where(Delivery.person_id == person_id))]


def has_untold(person_id: int) -> bool:
    """Whether something about their application or account waits, or died, so that they were not told of it (yet)."""
    return bool(session().scalar(_HAS_UNTOLD, {"person_id": person_id}))


def _is_troubled() -> ColumnElement[bool]:
    """It did not go, and its text is still there."""
    return and_(is_dead() | is_waiting() | Delivery.stopped_reason.is_not(None), Delivery.blanked_at.is_(None))


def _dead(wanted: MailFilter) -> Select[*tuple[object, ...]]:
    fits = _LINES.where(is_dead()).where(Delivery.blanked_at.is_(None)).where(_is_in(wanted))
    if wanted.reason is not None:
        fits = fits.where(Delivery.failed_reason == wanted.reason).where(Delivery.failed_code == wanted.code)
        fits = fits.where(Delivery.failed_status == wanted.status)
    return fits


def _held(wanted: MailFilter) -> Select[*tuple[object, ...]]:
    return _LINES.where(Delivery.held_reason.is_not(None)).where(_is_in(wanted))


def _waiting(wanted: MailFilter) -> Select[*tuple[object, ...]]:
    return _LINES.where(is_waiting()).where(Delivery.held_reason.is_(None)).where(_is_in(wanted))


def _is_tried_again() -> ColumnElement[bool]:
    """The receiver's own no for now; what our server or a slow domain put off counts no try."""
    return is_waiting() & Delivery.held_reason.is_(None) & (Delivery.attempts > 0) & Delivery.failed_reason.is_not(None)


def _stopped(wanted: MailFilter) -> Select[*tuple[object, ...]]:
    return (
        _LINES.where(Delivery.stopped_reason.is_not(None))
        .where(Delivery.state == DeliveryState.CANCELLED)
        .where(Delivery.blanked_at.is_(None))
        .where(_is_in(wanted))
    )


def _is_in(wanted: MailFilter) -> ColumnElement[bool]:
    return _is_to(wanted.text) & (true() if wanted.asker_id is None else ~_is_own(wanted.asker_id))


def _is_own(asker_id: int) -> ColumnElement[bool]:
    """About the asker's own application; false, and not unknown, of mail to nobody we know."""
    is_about_one = or_(*(Delivery.kind.startswith(name, autoescape=True) for name in _ABOUT_AN_APPLICATION))
    return and_(Delivery.person_id.is_not(None), Delivery.person_id == asker_id, is_about_one)


def _is_to(text: str) -> ColumnElement[bool]:
    wanted = text.strip().lower()
    return func.lower(Delivery.to_address).contains(wanted, autoescape=True) if wanted else true()


def _count(statement: Select[*tuple[object, ...]]) -> int:
    return session().scalar(select(func.count()).select_from(statement.subquery())) or 0


def _lines(statement: Select[*tuple[object, ...]], first: int, count: int) -> list[TroubledMail]:
    return [TroubledMail(*row) for row in fetch(statement.offset(first).limit(count))]
