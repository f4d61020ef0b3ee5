"""The consent ledger: append-only, the state is the fold of its events."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.contact.states import ConsentAction, Purpose
from portal.core.db import Model, Word


class ConsentEvent(Model):
    """A person agreed, or took it back; with the words they saw."""

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_person_purpose", "person_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    action: Mapped[ConsentAction] = mapped_column(Word(ConsentAction))
    #: The sentence beside the box, as shown.
    words: Mapped[str] = mapped_column(Text)
    #: The version of those words, for example "2026-11".
    text_version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(12))
    #: Where it was said, for example "/join".
    source: Mapped[str] = mapped_column(String(60))
    occurred_at: Mapped[datetime]
    #: Who entered it; None when it was the person.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
