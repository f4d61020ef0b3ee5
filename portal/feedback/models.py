"""Feedback that is owed, what was written, how it was read, and what holds it."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.company.states import FeedbackWay
from portal.core.db import Model, Word
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState


class FeedbackDebt(Model):
    """That a candidate is owed feedback after one ending, and by when; folded from the facts by a job.

    At most one of an application stands: what was owed for an ending that was taken back is void.
    """

    __tablename__ = "feedback_debt"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        Index(
            "ix_feedback_debt_open",
            "due_on",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_feedback_debt_standing",
            "application_id",
            unique=True,
            sqlite_where=text("state IN ('open', 'held')"),
            postgresql_where=text("state IN ('open', 'held')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: The event by which it ended.
    event_id: Mapped[int] = mapped_column(ForeignKey("application_event.id", ondelete="CASCADE"), unique=True)
    way: Mapped[FeedbackWay] = mapped_column(Word(FeedbackWay))
    form: Mapped[FeedbackForm] = mapped_column(Word(FeedbackForm))
    #: The last day; a calendar day in the company's zone.
    due_on: Mapped[date]
    #: When the candidate asked for it; None where nobody need ask.
    asked_at: Mapped[datetime | None]
    state: Mapped[DebtState] = mapped_column(Word(DebtState))
    settled_at: Mapped[datetime | None]
    #: Of one that is held: why, for us; what the candidate reads; whom they ask; who holds it.
    hold_reason: Mapped[str] = mapped_column(String(500))
    hold_words: Mapped[str] = mapped_column(Text)
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Of one given by telephone: when, by whom, and the sentence that the candidate reads too.
    called_on: Mapped[date | None]
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    call_words: Mapped[str] = mapped_column(Text)
    #: The mail that tells of a hold or of a call; None when none went.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]


class Feedback(Model):
    """What somebody here wrote for a candidate about their interviews, in parts."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("state <> 'approved' OR delivery_id IS NOT NULL", name="approved_goes"),
        CheckConstraint("approver_id IS NULL OR is_alone OR approver_id <> author_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    state: Mapped[FeedbackState] = mapped_column(Word(FeedbackState))
    form: Mapped[FeedbackForm] = mapped_column(Word(FeedbackForm))
    #: Who wrote it; and who approved it or, of a draft, sent it back. None once they were erased, or while nobody has.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Nobody else could approve it: the linter, a preview and the undo window stood in.
    is_alone: Mapped[bool] = mapped_column(Boolean)
    strong: Mapped[str] = mapped_column(Text)
    #: What was missing, and against which criterion that the opening states.
    missing: Mapped[str] = mapped_column(Text)
    criterion: Mapped[str] = mapped_column(String(500))
    try_this: Mapped[str] = mapped_column(Text)
    resource: Mapped[str] = mapped_column(Text)
    resource_url: Mapped[str] = mapped_column(String(500))
    #: Why the linter's findings stand, in the author's words; empty when there were none.
    lint_reason: Mapped[str] = mapped_column(String(500))
    #: What whoever looked at it last wants changed; colleagues only.
    returned_words: Mapped[str] = mapped_column(Text)
    #: Counted up at each saving: who saves over another's change is told.
    revision: Mapped[int] = mapped_column(Integer)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    retracted_at: Mapped[datetime | None]
    #: What the candidate reads about it.
    retracted_words: Mapped[str] = mapped_column(Text)


class FeedbackReading(Model):
    """What the candidate did with it: they need not read it."""

    __tablename__ = "feedback_reading"

    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime]
    thanked_at: Mapped[datetime | None]
    #: None: they have not said.
    has_helped: Mapped[bool | None] = mapped_column(Boolean)
    said_at: Mapped[datetime | None]
    #: When they asked their one question, which stands in the conversation.
    asked_at: Mapped[datetime | None]
