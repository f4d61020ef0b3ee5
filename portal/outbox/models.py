"""The outbox: one row is one message to one person."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.contact.states import Budget, Purpose, Timing, WhyHeld
from portal.core.db import Model, Word
from portal.outbox.states import (
    Bounce,
    CameBy,
    DeliveryState,
    IncomingState,
    MailClass,
    MailSort,
    Reason,
    WhyNotPlaced,
    WhyStopped,
)


class Delivery(Model):
    """A message, stored with places for its tokens; see `core.mail.RenderedMail`."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(state = 'leased') = (lease_owner IS NOT NULL)", name="lease"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("held_reason IS NULL OR state = 'queued'", name="held"),
        CheckConstraint("(held_reason IS NULL) = (held_until IS NULL)", name="held_until"),
        Index(
            "ix_delivery_waiting",
            "next_try_at",
            "id",
            sqlite_where=text("state IN ('queued', 'leased')"),
            postgresql_where=text("state IN ('queued', 'leased')"),
        ),
        Index(
            "ix_delivery_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index(
            "ix_delivery_held",
            "held_until",
            "id",
            sqlite_where=text("held_reason IS NOT NULL"),
            postgresql_where=text("held_reason IS NOT NULL"),
        ),
        Index(
            "ix_delivery_stopped",
            "id",
            sqlite_where=text("stopped_reason IS NOT NULL"),
            postgresql_where=text("stopped_reason IS NOT NULL"),
        ),
        Index(
            "ix_delivery_tried",
            "person_id",
            "id",
            sqlite_where=text("first_tried_at IS NOT NULL AND state IN ('queued', 'leased')"),
            postgresql_where=text("first_tried_at IS NOT NULL AND state IN ('queued', 'leased')"),
        ),
        Index("ix_delivery_cause", "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random; tokens and the Message-ID are derived from it.
    key: Mapped[str] = mapped_column(String(24), unique=True)
    #: Writing the same thing twice is harmless.
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    #: feature/message, for example "applications/message".
    kind: Mapped[str] = mapped_column(String(80))
    mail_class: Mapped[MailClass] = mapped_column(Word(MailClass))
    #: What the person agreed to be written to about; None for mail about their own account or application.
    purpose: Mapped[Purpose | None] = mapped_column(Word(Purpose))
    timing: Mapped[Timing] = mapped_column(Word(Timing), server_default="at_once")
    budget: Mapped[Budget] = mapped_column(Word(Budget), server_default="none")
    #: What it is about, for example "application:Ab3..."; deliveries are cancelled by it.
    cause: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200))
    #: What follows the @ in lower case: domains slow down as a whole.
    to_domain: Mapped[str] = mapped_column(String(254), server_default="")
    #: "Name <address>" of the person who answers, or empty.
    reply_to: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    #: A calendar entry that goes with it (RFC 5545); empty: none.
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Which tokens and codes stand in the text, for example ["token:follow"].
    places: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState))
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer)
    next_try_at: Mapped[datetime]
    #: Patience is counted from here: what was held for a month has not been tried for a month.
    first_tried_at: Mapped[datetime | None]
    #: After this it makes no sense any more.
    expires_at: Mapped[datetime | None]
    held_reason: Mapped[WhyHeld | None] = mapped_column(Word(WhyHeld))
    #: Until when as far as is known today; it is looked at again sooner.
    held_until: Mapped[datetime | None]
    stopped_reason: Mapped[WhyStopped | None] = mapped_column(Word(WhyStopped))
    #: Why the newest try failed, for those who look after the mail; `last_error` says it in the server's words.
    failed_reason: Mapped[Reason | None] = mapped_column(Word(Reason))
    #: The server's reply code, 0 when it gave none.
    failed_code: Mapped[int] = mapped_column(Integer, server_default="0")
    #: Its enhanced status code such as "5.7.1", empty when it gave none.
    failed_status: Mapped[str] = mapped_column(String(12), server_default="")
    last_error: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: When subject, text and HTML were blanked (30 days after sending).
    blanked_at: Mapped[datetime | None]


class SlowDomain(Model):
    """A receiving domain that asked us to slow down, or under the name `*` our own mail server; gone once it works."""

    __tablename__ = "slow_domain"

    domain: Mapped[str] = mapped_column(String(254), primary_key=True)
    #: Nothing is tried before.
    until: Mapped[datetime]
    #: How often it said so in a row.
    troubles: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime]
    reason: Mapped[Reason] = mapped_column(Word(Reason))
    #: What it said, without addresses.
    words: Mapped[str] = mapped_column(String(300))


class MailTrouble(Model):
    """A time at which our own mail server took nothing, once it is over; kept for a week."""

    __tablename__ = "mail_trouble"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime]
    #: What was in the way last, and what the server said, without addresses.
    reason: Mapped[Reason] = mapped_column(Word(Reason))
    words: Mapped[str] = mapped_column(String(300))
    #: How many messages waited when it ended.
    late_count: Mapped[int] = mapped_column(Integer)


class DevMail(Model):
    """A message as it went out, for the development mailbox only."""

    __tablename__ = "dev_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_key: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    from_address: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime]


_TO_BE_SEEN_TO = "state IN ('new', 'reply', 'held', 'unplaced')"


class IncomingMail(Model):
    """A message that came in, as it came; what it says is emptied a month after it was dealt with."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        CheckConstraint("(state = 'new') = (sort IS NULL)", name="sorted"),
        Index(
            "ix_incoming_mail_open",
            "state",
            "id",
            sqlite_where=text(_TO_BE_SEEN_TO),
            postgresql_where=text(_TO_BE_SEEN_TO),
        ),
        Index("ix_incoming_mail_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: SHA-256 of the message: the same one is kept once, however often it comes.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    came_by: Mapped[CameBy] = mapped_column(Word(CameBy))
    received_at: Mapped[datetime]
    #: The message; None once it is emptied.
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Whether it was longer than what is kept of it.
    is_cut: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[IncomingState] = mapped_column(Word(IncomingState))
    #: What it is; None while nobody has looked. What cannot be read counts as written by a person.
    sort: Mapped[MailSort | None] = mapped_column(Word(MailSort))
    why: Mapped[WhyNotPlaced | None] = mapped_column(Word(WhyNotPlaced))
    #: How often we began to look at it: one that breaks us must not stand before the others for ever.
    tries: Mapped[int] = mapped_column(Integer)
    #: Whom it says it is from, as normalised, and what its subject says.
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    #: Whose conversation it belongs to, or whose mail came back.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Which of our letters it answers or speaks of.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    bounce: Mapped[Bounce | None] = mapped_column(Word(Bounce))
    #: The status that a bounce gives, such as "5.1.1".
    bounce_status: Mapped[str] = mapped_column(String(12))
    emptied_at: Mapped[datetime | None]


class MailboxProgress(Model):
    """How far a mailbox has been read; changed in the transaction that keeps the message."""

    __tablename__ = "mailbox_progress"

    #: A keyed hash of user, host and folder.
    mailbox: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: The server's name for this run of numbers; another one means that they began anew (RFC 3501, 2.3.1.1).
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    checked_at: Mapped[datetime | None]
    #: Since when it cannot be read, and what the server said; None and empty while it can.
    trouble_since: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(300))
