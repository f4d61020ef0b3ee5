"""People who were added without an opening, pages about people that were looked at, and addresses of the erased."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.prospects.states import LegalGround, ProspectSource


class Prospect(Model):
    """Somebody who was added by a colleague: where they were found, and the one invitation they get."""

    __tablename__ = "prospect"
    __table_args__ = (
        CheckConstraint("(invited_at IS NULL) = (delivery_id IS NULL)", name="invitation_is_whole"),
        CheckConstraint("(invited_at IS NULL) = (invited_by_id IS NULL)", name="invitation_has_a_sender"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    source: Mapped[ProspectSource] = mapped_column(Word(ProspectSource))
    #: Which event, who told us, which page; the person reads it.
    source_note: Mapped[str] = mapped_column(String(200))
    #: The day we got what we know, in the company's calendar.
    obtained_on: Mapped[date]
    ground: Mapped[LegalGround] = mapped_column(Word(LegalGround))
    #: Keys of areas they may fit, as a colleague guessed; what they say themselves stands elsewhere.
    areas: Mapped[list[Any]] = mapped_column(JSON)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(index=True)
    #: The newest invitation; a second one only where no mail server ever took the first.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    invited_at: Mapped[datetime | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: When they asked to be deleted, or a colleague did; the worker erases them within a minute.
    leaves_at: Mapped[datetime | None] = mapped_column(index=True)


class LookedAt(Model):
    """A public page about a person that a colleague looked at."""

    __tablename__ = "looked_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    #: How it was found: "a talk at PyCon", "a search for Rust in Warsaw".
    found_by: Mapped[str] = mapped_column(String(200))
    looked_on: Mapped[date]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    noted_at: Mapped[datetime]


class ErasedAddress(Model):
    """An address whose person was erased: nobody here adds or invites it again. They may join by themselves."""

    __tablename__ = "erased_address"

    #: Keyed with PORTAL_PRIVACY_KEY, of the normalised address.
    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    invited_on: Mapped[date | None]
    erased_on: Mapped[date]
    #: What they had said last about each purpose, and when: {"job_alerts": ["withdrawn", "2026-03-04"]}.
    purposes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
