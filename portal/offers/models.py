"""Offers, what we said about each, and what the candidate asked for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.offers.states import DeclineReason, OfferState, WordKind

_IS_OPEN = text("state = 'open'")
_IS_UNANSWERED = text("closed_at IS NULL")


class Offer(Model):
    """An offer about one application. What it says stands in its words; another one begins anew."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("decline_reason IS NULL OR state = 'declined'", name="declined_why"),
        Index("ix_offer_open", "application_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_offer_application_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    state: Mapped[OfferState] = mapped_column(Word(OfferState))
    created_at: Mapped[datetime]
    #: When it was answered, taken back or ended.
    closed_at: Mapped[datetime | None]
    #: Why they declined, where they said so.
    decline_reason: Mapped[DeclineReason | None] = mapped_column(Word(DeclineReason))
    #: What they wrote with their answer; plain text.
    answer_words: Mapped[str] = mapped_column(Text)


class OfferWord(Model):
    """Something we said about an offer, with the whole offer after it.

    The candidate reads it when its mail was accepted by the mail server.
    """

    __tablename__ = "offer_word"
    __table_args__ = (UniqueConstraint("offer_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WordKind] = mapped_column(Word(WordKind))
    #: The role in one line, for example "Data Analyst, full time".
    title: Mapped[str] = mapped_column(String(200))
    #: What is offered: pay, start, hours, place, benefits; Markdown. It stands in no mail.
    terms: Mapped[str] = mapped_column(Text)
    #: A calendar day in the company's zone.
    decide_by: Mapped[date]
    #: Why they have fewer than five working days, in words for the candidate; empty when they have more.
    short_reason: Mapped[str] = mapped_column(Text)
    #: Whom to talk to about it, and under which number; None once they were erased.
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_phone: Mapped[str] = mapped_column(String(50))
    #: What stands in the mail, and on their page; plain text.
    words: Mapped[str] = mapped_column(Text)
    #: None once they were erased.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Of the form it was sent with: sent twice, it counts once.
    form_key: Mapped[str | None] = mapped_column(String(24))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]


class TimeRequest(Model):
    """That the candidate asked for more time, until when, and why."""

    __tablename__ = "offer_time_request"
    __table_args__ = (
        Index(
            "ix_offer_time_request_open",
            "offer_id",
            unique=True,
            sqlite_where=_IS_UNANSWERED,
            postgresql_where=_IS_UNANSWERED,
        ),
        Index("ix_offer_time_request_offer_id", "offer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    wanted_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    #: When a colleague answered it or it became pointless.
    closed_at: Mapped[datetime | None]
    #: What answered it; it waits again when that is taken back.
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("offer_word.id", ondelete="SET NULL"), index=True)
