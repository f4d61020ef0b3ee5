"""Tasks, what happened to each, and who wants a mail in the morning."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.tasks.states import TaskEventKind, TaskKind, TaskState

_IS_OPEN = "state IN ('due', 'escalated')"


class Task(Model):
    """Something that a member of staff owes by a day."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'cancelled')) = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state <> 'escalated' OR escalated_to_id IS NOT NULL", name="escalated"),
        Index("ix_task_open", "due_on", "id", sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
        Index("ix_task_closed", "closed_by_id", "closed_at"),
        Index("ix_task_cause", "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    state: Mapped[TaskState] = mapped_column(Word(TaskState))
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), index=True)
    #: The lead who looks after it too, since it was too late.
    escalated_to_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    #: What brought it about, for example "delivery:Ab3..."; tasks are cancelled by it.
    cause: Mapped[str] = mapped_column(String(120))
    #: The public id of what its link leads to.
    about: Mapped[str] = mapped_column(String(120))
    #: What it is about in words, for example the title of an opening; nobody's name.
    title: Mapped[str] = mapped_column(String(200))
    #: The candidate or colleague it is about; with their erasure it goes.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: A calendar day in the company's zone.
    due_on: Mapped[date]
    #: Adding the same task twice is harmless.
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    #: When the lead was told by mail.
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: Who said it was done; None when it finished itself or was cancelled.
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TaskEvent(Model):
    """Something that happened to a task."""

    __tablename__ = "task_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TaskEventKind] = mapped_column(Word(TaskEventKind))
    #: None: the system.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: To whom it was handed over, or escalated.
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: A note, or why it was handed over; only colleagues read it.
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class MorningMail(Model):
    """Whether a member of staff wants the mail in the morning, and the last day that was looked at for them."""

    __tablename__ = "morning_mail"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True)
    is_wanted: Mapped[bool] = mapped_column(Boolean)
    #: A calendar day in the person's zone; there is one look a day, whether or not anything was due.
    looked_on: Mapped[date | None]
