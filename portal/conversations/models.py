"""What was said in each person's conversation, and the words of answers that were taken back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model

_WAITS = "author_id IS NULL AND closed_at IS NULL"


class ConversationMessage(Model):
    """One message in the conversation of a person; there is one conversation for each.

    The person reads what we wrote once the mail server has accepted it.
    """

    __tablename__ = "conversation_message"
    __table_args__ = (
        UniqueConstraint("person_id", "form_key"),
        Index("ix_conversation_message_thread", "person_id", "id"),
        Index(
            "ix_conversation_message_waiting",
            "person_id",
            "id",
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: Whose conversation it is.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: What it is about; None: nothing in particular.
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    #: Which colleague wrote it; None: the person whose conversation it is.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Plain text.
    body: Mapped[str] = mapped_column(Text)
    #: Names the form it was sent with: sending that again writes nothing.
    form_key: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime]
    #: The mail that carries what a colleague wrote.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    #: When a colleague first said that they have read it; nobody is asked to.
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Since when it waits no more for an answer: a colleague has written, or said that it needs none.
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The mail that answers it; it waits again when that is taken back or lost.
    answer_delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    #: Why it needs no answer, for colleagues only; empty otherwise.
    no_answer_reason: Mapped[str] = mapped_column(Text)
    #: Whether the person wrote it as a mail.
    is_by_mail: Mapped[bool] = mapped_column(Boolean, server_default=false())
    #: The address it came from, when that is none of theirs and a colleague knows that they wrote it; else empty.
    sent_from: Mapped[str] = mapped_column(String(254), server_default="")
    #: What their mail repeated of ours; shown folded.
    quoted: Mapped[str] = mapped_column(Text, server_default="")
    #: Names of files that came with the mail and were not taken.
    left_out: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    #: Whether the mail was longer than a message may be, so that its end is missing.
    is_cut: Mapped[bool] = mapped_column(Boolean, server_default=false())


class ReplyDraft(Model):
    """The words of an answer that was taken back before it went, until they are sent or thrown away."""

    __tablename__ = "reply_draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    body: Mapped[str] = mapped_column(Text)
    next_update_by: Mapped[date | None]
    date_reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
