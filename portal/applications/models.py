"""Applications and the events that say where each stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.states import ApplicationStatus, EventKind
from portal.core.db import Model, Word


class Application(Model):
    """One person's application to one opening. Where it stands is read from its events."""

    __tablename__ = "application"
    __table_args__ = (UniqueConstraint("source", "external_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    #: Who looks after it, and whom the candidate asks.
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), index=True)
    #: The system it comes from; empty for one of our own.
    source: Mapped[str] = mapped_column(String(60))
    #: See `ats.rules.application_key`; together with `source` unique.
    external_key: Mapped[str] = mapped_column(String(500))
    applied_on: Mapped[date | None]
    last_activity_on: Mapped[date | None]
    #: How they found us, for example "Careers page".
    channel: Mapped[str] = mapped_column(String(100))
    #: Labels from the earlier system; internal.
    imported_tags: Mapped[list[Any]] = mapped_column(JSON)
    #: What the source says now; internal, never shown to a candidate.
    source_stage: Mapped[str] = mapped_column(String(200))
    source_status: Mapped[str] = mapped_column(String(200))
    source_reason: Mapped[str] = mapped_column(String(200))
    #: A later import said something else than the candidate was told; due until somebody writes.
    change_reported_at: Mapped[datetime | None] = mapped_column(index=True)
    #: Nothing automatic is sent until a recruiter releases the import.
    is_held: Mapped[bool] = mapped_column(Boolean)
    #: Public id of the import that added it; empty for our own.
    import_ref: Mapped[str] = mapped_column(String(12), index=True)
    created_at: Mapped[datetime]


class ApplicationEvent(Model):
    """Something that happened, with the whole state after it.

    A candidate sees an event when its message was accepted by the mail server, or at once when it needs none.
    """

    __tablename__ = "application_event"
    __table_args__ = (
        # The dates and messages stand in the index as well: what is due is found without reading the rows.
        Index("ix_application_event_application", "application_id", "id", "next_update_by", "delivery_id"),
        Index("ix_application_event_next_update_by", "next_update_by"),
        CheckConstraint(
            "(next_update_by IS NULL) = (status IN ('hired', 'offer_declined', 'not_selected', 'withdrawn', "
            "'opening_cancelled'))",
            name="open_has_a_date",
        ),
        Index(
            "ix_application_event_rest_open",
            "id",
            sqlite_where=text("rest_open_since IS NOT NULL"),
            postgresql_where=text("rest_open_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    status: Mapped[ApplicationStatus] = mapped_column(Word(ApplicationStatus))
    #: By when the candidate hears from us; a calendar day in the company's zone. None once it has ended.
    next_update_by: Mapped[date | None]
    #: Why the date moved later, in words for the candidate; empty otherwise.
    date_reason: Mapped[str] = mapped_column(Text)
    #: What was written to the candidate, as they read it; plain text.
    message: Mapped[str] = mapped_column(Text)
    #: Why, for us only; never shown to a candidate.
    internal_reason: Mapped[str] = mapped_column(String(200))
    #: Who did it; None for an import.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The mail that tells of it; None when none is needed.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]
    #: What an import had reported and this letter answers; it is due again when the letter is taken back.
    answered_change_at: Mapped[datetime | None]
    #: They were not selected, and their days of rest are not yet counted from when the letter was accepted; since when.
    rest_open_since: Mapped[datetime | None]


class LetterDraft(Model):
    """The words of a letter that was taken back before it went, until they are sent or thrown away."""

    __tablename__ = "letter_draft"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    status: Mapped[ApplicationStatus] = mapped_column(Word(ApplicationStatus))
    message: Mapped[str] = mapped_column(Text)
    next_update_by: Mapped[date | None]
    date_reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
