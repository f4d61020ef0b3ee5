"""Interviews, the times proposed for each, who takes part, what was asked for, and what was noted."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.interviews.states import (
    HistoryKind,
    InterviewFormat,
    InterviewState,
    Relationship,
    TimeState,
    WishKind,
)

_IS_OPEN = "state IN ('proposed', 'confirmed', 'moved')"


class Interview(Model):
    """A meeting of a candidate with colleagues about one application."""

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint("state <> 'confirmed' OR starts_at IS NOT NULL", name="confirmed_has_a_time"),
        CheckConstraint("minutes > 0", name="takes_time"),
        Index("ix_interview_open", "starts_at", "id", sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
        Index("ix_interview_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: Who arranges it; None once they were erased.
    arranged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[InterviewState] = mapped_column(Word(InterviewState))
    #: What it is called, for example "Talk with the team".
    title: Mapped[str] = mapped_column(String(200))
    format: Mapped[InterviewFormat] = mapped_column(Word(InterviewFormat))
    minutes: Mapped[int] = mapped_column(Integer)
    #: An address, a number or a link; plain text.
    place: Mapped[str] = mapped_column(String(500))
    #: What it is about, and how to prepare; plain text.
    about: Mapped[str] = mapped_column(Text)
    prepare: Mapped[str] = mapped_column(Text)
    #: What the panel looks at, one criterion a line, as the opening states them; read by the candidate too.
    criteria: Mapped[str] = mapped_column(Text)
    #: Whom to call on the day, and under which number; None once they were erased.
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_phone: Mapped[str] = mapped_column(String(50))
    #: IANA name of the zone in which it was arranged.
    zone: Mapped[str] = mapped_column(String(64))
    #: None until a time is chosen.
    starts_at: Mapped[datetime | None]
    #: SEQUENCE of its calendar entry (RFC 5545, 3.8.7.4): counted up at each change of time, place or length.
    sequence: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    #: When it was said to have happened, to have been missed or to be cancelled.
    closed_at: Mapped[datetime | None]


class InterviewTime(Model):
    """A time that was proposed."""

    __tablename__ = "interview_time"
    __table_args__ = (UniqueConstraint("interview_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[TimeState] = mapped_column(Word(TimeState))


class PanelMember(Model):
    """A colleague who takes part, and how they know the candidate."""

    __tablename__ = "panel_member"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True, index=True)
    #: None until they have said so.
    relationship: Mapped[Relationship | None] = mapped_column(Word(Relationship))
    declared_at: Mapped[datetime | None]
    added_at: Mapped[datetime]


class InterviewHistory(Model):
    """Something that happened to an interview, and the mail to the candidate that tells of it."""

    __tablename__ = "interview_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    kind: Mapped[HistoryKind] = mapped_column(Word(HistoryKind))
    #: None: the candidate, or nobody any more.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The time before, where it had one.
    starts_before: Mapped[datetime | None]
    #: What the candidate reads about it; plain text.
    words: Mapped[str] = mapped_column(Text)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    created_at: Mapped[datetime]


class InterviewWish(Model):
    """What the candidate told us about it: another time, not at all, late, cannot come."""

    __tablename__ = "interview_wish"
    __table_args__ = (
        Index(
            "ix_interview_wish_open",
            "interview_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    kind: Mapped[WishKind] = mapped_column(Word(WishKind))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    #: When a colleague answered it or it became pointless.
    closed_at: Mapped[datetime | None]


class QuestionAhead(Model):
    """What the candidate wants to ask, sent ahead; the panel reads it."""

    __tablename__ = "question_ahead"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]


class InterviewNeed(Model):
    """What makes it accessible to the candidate: read only by those who arrange it, and deleted afterwards."""

    __tablename__ = "interview_need"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]


class PanelNote(Model):
    """What a colleague noted against one criterion; only colleagues of this opening read it."""

    __tablename__ = "panel_note"
    __table_args__ = (UniqueConstraint("interview_id", "author_id", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The criterion in its words at that time; empty: on the whole.
    criterion: Mapped[str] = mapped_column(String(500))
    words: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class GuideRead(Model):
    """That a colleague has read the guide to empathetic interviews; once a year."""

    __tablename__ = "guide_read"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True)
    read_at: Mapped[datetime]


class InterviewImpression(Model):
    """How interviews began: how many said so in a week, and nothing of who."""

    __tablename__ = "interview_impression"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    #: The Monday of the week, in the company's zone.
    week_on: Mapped[date] = mapped_column(primary_key=True)
    was_on_time: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    had_time_to_ask: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    count: Mapped[int]


class ImpressionTicket(Model):
    """That somebody may still say how it began; gone with the answer, and nothing says whose it was."""

    __tablename__ = "impression_ticket"

    #: A hash that needs our secret key to be made from an interview.
    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: The day on which it is forgotten unused.
    delete_on: Mapped[date] = mapped_column(index=True)
