"""What people agreed to, chose and heard from us, and which addresses mail came back from."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from portal.contact.states import Budget, ConsentAction, Purpose
from portal.core.db import Model, Word


class ConsentEvent(Model):
    """A person agreed, or took it back; with the words they saw. Append-only: the state is the fold of the events."""

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


class Suppression(Model):
    """Mail to this address came back for good; it outlives the person, without the address."""

    __tablename__ = "suppression"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Keyed with PORTAL_PRIVACY_KEY, of the normalised address.
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: The address itself, only while it is a known person's; else empty.
    address: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: What the mail server answered: its code, and its words without addresses.
    code: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(String(300))
    suppressed_at: Mapped[datetime]
    #: When an admin let us try again; None while we do not write there.
    lifted_at: Mapped[datetime | None]


class ContactPreferences(Model):
    """How often and when a person wants mail; somebody without a row chose nothing."""

    __tablename__ = "contact_preferences"
    __table_args__ = (
        CheckConstraint("paused_until_on IS NULL OR is_paused", name="pause"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Topic and rhythm, for the topics where they chose one: {"insider_updates": "weekly"}.
    rhythms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_paused: Mapped[bool] = mapped_column(Boolean, default=False)
    #: The first day of mail after the pause, in their zone; None while paused: until they say.
    paused_until_on: Mapped[date | None]
    #: Their own quiet hours, on their clock; None: the company's.
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    #: When they asked for no more surveys.
    surveys_off_at: Mapped[datetime | None]
    #: No community mail before this: they were not selected a few days ago.
    rests_until: Mapped[datetime | None]


class CountedContact(Model):
    """A message that was taken from an allowance; its delivery counts once, however often it was tried."""

    __tablename__ = "counted_contact"
    __table_args__ = (Index("ix_counted_contact_person_budget", "person_id", "budget", "counted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delivery_key: Mapped[str] = mapped_column(String(24), unique=True)
    budget: Mapped[Budget] = mapped_column(Word(Budget))
    purpose: Mapped[Purpose | None] = mapped_column(Word(Purpose))
    counted_at: Mapped[datetime] = mapped_column(index=True)


class SignOfLife(Model):
    """The day a person last did something with us: signed in, answered, chose, clicked."""

    __tablename__ = "sign_of_life"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_on: Mapped[date] = mapped_column(index=True)
    #: Since then we asked whether they want to stay: the first time, the last time, and how many days before the end.
    first_asked_on: Mapped[date | None]
    last_asked_on: Mapped[date | None]
    last_asked_days: Mapped[int | None]
    #: Since then nothing is left to ask about: the consents ran out, or there were none.
    settled_on: Mapped[date | None]


class MergedLink(Model):
    """Links in mails name a person by their public id; whose id this was has become part of another record."""

    __tablename__ = "merged_link"

    public_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
