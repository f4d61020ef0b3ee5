"""Copies, erasures that were asked for, who was asked whether they want to stay, and what the law lets nobody erase."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.keeping.states import CopyState


class PersonalCopy(Model):
    """A copy of all that we hold about somebody, in a file that is deleted after a day."""

    __tablename__ = "personal_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[CopyState] = mapped_column(Word(CopyState), index=True)
    asked_at: Mapped[datetime]
    #: How often it was begun; the third time is the last.
    tries_count: Mapped[int] = mapped_column(Integer)
    #: When it was begun last.
    begun_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    #: After this it cannot be fetched any more, and a job deletes it.
    good_until: Mapped[datetime | None]
    #: Bytes.
    size: Mapped[int] = mapped_column(BigInteger)


class ErasureRequest(Model):
    """Somebody is to be erased, as soon as their last mail was accepted by the mail server or cannot be."""

    __tablename__ = "erasure_request"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime]
    #: The admin who did it for them; None: themselves, or a command.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Their last mail.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)


class StayQuestion(Model):
    """Somebody whose time with us ends was asked whether they want to stay; without an answer they are erased."""

    __tablename__ = "stay_question"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: What the time was counted from; once it is another day, the question is as if it had never been asked.
    counted_from: Mapped[date]
    #: How often they were asked: three times at most.
    asked_count: Mapped[int] = mapped_column(Integer)
    asked_on: Mapped[date]
    #: The day that the last mail names.
    ends_on: Mapped[date]
    #: The last mail.
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)


class SealedRecord(Model):
    """What the law says must outlive an erasure, readable only with our key and for a reason."""

    __tablename__ = "sealed_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    sealed_on: Mapped[date]
    keep_until: Mapped[date] = mapped_column(index=True)
    #: Whose law: a country or a town, as the settings name it.
    place: Mapped[str] = mapped_column(String(100))
    #: Keyed with PORTAL_PRIVACY_KEY, of the address: so that the person themselves can be given it.
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
