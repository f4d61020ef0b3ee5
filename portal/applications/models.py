"""Applications and the events that say where each stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.states import (
    ApplicationStatus,
    Channel,
    EventKind,
    ItemState,
    ManyKind,
    MarkKind,
    PromiseOutcome,
    StayEnd,
)
from portal.core.db import Model, Word

_TELLS, _MOVES = text("source_tells_from IS NOT NULL"), text("source_moves_from IS NOT NULL")


class Application(Model):
    """One person's application to one opening. Where it stands is read from its events."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("source", "external_key"),
        Index("ix_application_source_tells", "source_tells_from", sqlite_where=_TELLS, postgresql_where=_TELLS),
        Index("ix_application_source_moves", "source_moves_from", sqlite_where=_MOVES, postgresql_where=_MOVES),
    )

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
    #: How it ended in the system it came from, as a later import said; None while it is open there.
    source_ending: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    #: That system has told them itself: from then on their page says so. None: it has not, or their page does already.
    source_tells_from: Mapped[datetime | None]
    #: Where it stands in the system it came from, while it is open here and there; None: as the candidate reads.
    source_moves_to: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    #: From then on their page reads so, unless somebody writes or another import says otherwise.
    source_moves_from: Mapped[datetime | None]
    #: Nothing automatic is sent until a recruiter releases the import.
    is_held: Mapped[bool] = mapped_column(Boolean)
    #: Which version of the opening they applied to; None for an import.
    opening_version: Mapped[int | None]
    #: Number of the company's promises that it was made under; see `company.actions.number_of_promises`.
    service_promise: Mapped[int | None]
    #: Public id of the import that added it; empty for our own.
    import_ref: Mapped[str] = mapped_column(String(12), index=True)
    #: Name of a stage of the opening; internal. Empty: in none of them yet.
    stage: Mapped[str] = mapped_column(String(200), default="", server_default="")
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
        Index(
            "ix_application_event_stay_open",
            "id",
            sqlite_where=text("stay_open_since IS NOT NULL"),
            postgresql_where=text("stay_open_since IS NOT NULL"),
        ),
        Index(
            "ix_application_event_holding_note",
            "application_id",
            sqlite_where=text("kind = 'holding_note'"),
            postgresql_where=text("kind = 'holding_note'"),
        ),
        Index(
            "ix_application_event_escalated",
            "application_id",
            sqlite_where=text("kind = 'escalated'"),
            postgresql_where=text("kind = 'escalated'"),
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
    #: How a person told them where no mail did; of a withdrawal that a colleague wrote down: how they told us.
    channel: Mapped[Channel | None] = mapped_column(Word(Channel))
    #: The day on which that was; a calendar day in the company's zone.
    happened_on: Mapped[date | None]
    #: Of what is automatic: the day by which we had promised word, and which passed without one.
    missed_on: Mapped[date | None]
    #: Why it ended, for us only: a key of the company's reasons; `internal_reason` says more. None: no ending of ours.
    end_reason: Mapped[str | None] = mapped_column(String(40))
    #: The letter said "not yet", and the tasks to stay in touch are not yet written; since when.
    stay_open_since: Mapped[datetime | None]
    #: Since when the days to stay in touch that this letter named stand no more, and why.
    stay_dropped_at: Mapped[datetime | None]
    stay_dropped_why: Mapped[StayEnd | None] = mapped_column(Word(StayEnd))
    #: The stage that this status took it out of, until the letter cannot be taken back; None: it touched no stage.
    stage_before: Mapped[str | None] = mapped_column(String(200))


class Mark(Model):
    """That somebody was close to getting the job, and why; only colleagues read it."""

    __tablename__ = "mark"
    __table_args__ = (
        Index(
            "ix_mark_standing",
            "application_id",
            "kind",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(Word(MarkKind))
    reason: Mapped[str] = mapped_column(Text)
    #: From this day on it does not count; a calendar day in the company's zone.
    expires_on: Mapped[date] = mapped_column(index=True)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    set_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class LetterDraft(Model):
    """The words of a letter that was taken back before it went, until they are sent or thrown away."""

    __tablename__ = "letter_draft"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    status: Mapped[ApplicationStatus] = mapped_column(Word(ApplicationStatus))
    message: Mapped[str] = mapped_column(Text)
    next_update_by: Mapped[date | None]
    date_reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]


class Submission(Model):
    """What somebody sent when they applied here, as it came."""

    __tablename__ = "submission"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    #: As typed then; the person may be called something else by now.
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(50))
    cover_note: Mapped[str] = mapped_column(Text)
    #: See `rules.applying.answers_as_json`: the question's words stand beside each answer.
    answers: Mapped[list[Any]] = mapped_column(JSON)
    cv_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), unique=True)


class ApplicationDraft(Model):
    """What somebody who is signed in has typed so far and not sent; nobody else reads it."""

    __tablename__ = "application_draft"
    __table_args__ = (UniqueConstraint("person_id", "opening_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    #: Name of the field: what stands in it.
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    cv_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), unique=True)
    saved_at: Mapped[datetime] = mapped_column(index=True)


class ApplyRequest(Model):
    """What a stranger sent to apply, until their address is confirmed; nobody can read it before."""

    __tablename__ = "apply_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("one_time_token.id", ondelete="CASCADE"), unique=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    opening_version: Mapped[int]
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(50))
    locale: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(100))
    cover_note: Mapped[str] = mapped_column(Text)
    answers: Mapped[list[Any]] = mapped_column(JSON)
    cv_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Promise(Model):
    """A day by which a candidate was promised word, and what became of it; a fact for figures, folded from the events.

    With an application that is erased go its name and the event's: what stays identifies nobody.
    """

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        Index("ix_promise_opening", "opening_id", "settled_at"),
        Index("ix_promise_owner", "owner_id", "settled_at"),
        Index(
            "ix_promise_open",
            "application_id",
            "event_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    #: The event that made it.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("application_event.id"), unique=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    #: Who looked after the application when it was settled; until then, who does. None once they were erased.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: When the candidate could read it.
    made_at: Mapped[datetime]
    promised_on: Mapped[date]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[PromiseOutcome | None] = mapped_column(Word(PromiseOutcome))
    #: What settled it.
    settled_by: Mapped[EventKind | None] = mapped_column(Word(EventKind))


class ChangeOfMany(Model):
    """What a colleague does to many applications at once: what each of them reads, or to which stage they go."""

    __tablename__ = "change_of_many"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: None: they are in several, as the list of applications finds them.
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ManyKind] = mapped_column(Word(ManyKind))
    #: The stage to move to, and what a candidate in it reads; empty and None for all but moves.
    stage: Mapped[str] = mapped_column(String(200))
    status: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    #: May hold the place of a name.
    message: Mapped[str] = mapped_column(Text)
    #: None: each keeps the day they were promised.
    next_update_by: Mapped[date | None]
    date_reason: Mapped[str] = mapped_column(Text)
    is_hurried: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: Since when it is taken back: what has not been done yet is not done any more.
    taken_back_at: Mapped[datetime | None]


class ChangeItem(Model):
    """One application of a change of many, and how far it has come."""

    __tablename__ = "change_item"
    __table_args__ = (
        UniqueConstraint("change_id", "application_id"),
        Index(
            "ix_change_item_waiting",
            "change_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change_of_many.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: The newest event that the colleague had before them.
    seen_event_id: Mapped[str] = mapped_column(String(12))
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    #: Why it was left out, for colleagues only.
    why: Mapped[str] = mapped_column(Text)
    #: The stage before and after; None where it was not touched.
    stage_before: Mapped[str | None] = mapped_column(String(200))
    #: What tells the candidate; None when nothing does.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("application_event.id", ondelete="SET NULL"), index=True)


class EndingRound(Model):
    """How a colleague ends applications of one opening together: one outcome, one reason, words for each."""

    __tablename__ = "ending_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    #: None once they were erased.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[ApplicationStatus] = mapped_column(Word(ApplicationStatus))
    end_reason: Mapped[str | None] = mapped_column(String(40))
    internal_reason: Mapped[str] = mapped_column(String(200))
    #: May hold the place of a name.
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class EndingLetter(Model):
    """One application of an ending for many, and how far it has come."""

    __tablename__ = "ending_letter"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id"),
        Index(
            "ix_ending_letter_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("ending_round.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: The newest event that the colleague had before them.
    seen_event_id: Mapped[str] = mapped_column(String(12))
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    #: Why it was left out, for colleagues only.
    why: Mapped[str] = mapped_column(Text)
