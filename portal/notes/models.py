"""Notes of colleagues about people, and tags; no candidate ever reads either."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class NoteRound(Model):
    """One note that a colleague wrote on several applications of an opening at once; the words stand in the notes."""

    __tablename__ = "note_round"
    __table_args__ = (UniqueConstraint("author_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Names the form it was written in: sending that again writes nothing.
    form_key: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(index=True)


class Note(Model):
    """What a colleague noted about a person, or about one of their applications."""

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("author_id", "form_key"),
        Index("ix_note_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: Whom it is about.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Which application it is about, and so who may read it; None: the person, for recruiters only.
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Plain text.
    body: Mapped[str] = mapped_column(Text)
    #: Names the form it was written in: sending that again writes nothing.
    form_key: Mapped[str | None] = mapped_column(String(24))
    #: With which others it was written; None: by itself, or so long ago that nobody takes them back together.
    round_id: Mapped[int | None] = mapped_column(ForeignKey("note_round.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    #: When its author last changed it; None: never.
    changed_at: Mapped[datetime | None]


class PersonTag(Model):
    """A word that colleagues put on a person, to find them again; written alike it is one tag."""

    __tablename__ = "person_tag"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_person_tag_key", "key", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: As it was first written, for everybody who has it.
    name: Mapped[str] = mapped_column(String(60))
    #: The name without what letter case and white space make different; see `rules.tag_key`.
    key: Mapped[str] = mapped_column(String(60))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]


class TagChange(Model):
    """That one tag became another, by a new name or by a merge: rules that name it go on with that one."""

    __tablename__ = "tag_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Keys, as in `PersonTag`.
    key: Mapped[str] = mapped_column(String(60))
    became: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime]
