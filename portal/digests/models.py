"""The mailing of an update, and what became of it for each person."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.contact.states import Purpose
from portal.core.db import Model, Word
from portal.digests.states import MailingState, Way, Why

_COLLECTED = "way = 'collected'"


class UpdateMailing(Model):
    """Mail about one update: how far it was written, and whether it goes out."""

    __tablename__ = "update_mailing"

    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[MailingState] = mapped_column(Word(MailingState))
    #: What people must have said yes to for this mail.
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    begun_at: Mapped[datetime]
    #: Up to which person of the audience it was decided how it comes to them.
    written_up_to: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: Whether that was decided for everybody.
    is_written: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    #: Which version what waits carries; an older one is taken back.
    version_number: Mapped[int] = mapped_column(Integer)
    #: Whether what waited was put right after the newest pause, stop or withdrawal.
    is_settled: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    #: Who paused, resumed or stopped it last, and when.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime | None]


class MailedUpdate(Model):
    """What became of one update by mail for one person of its audience."""

    __tablename__ = "mailed_update"
    __table_args__ = (
        CheckConstraint("(way IN ('own_letter', 'in_digest')) = (delivery_id IS NOT NULL)", name="sent_by_a_letter"),
        CheckConstraint("(way = 'collected') = (look_at IS NOT NULL)", name="looked_at_while_collected"),
        CheckConstraint("way <> 'left_out' OR why IS NOT NULL", name="left_out_for_a_reason"),
        Index("ix_mailed_update_person", "person_id", "purpose"),
        Index("ix_mailed_update_way", "update_id", "way", "person_id"),
        Index(
            "ix_mailed_update_look_at",
            "look_at",
            "person_id",
            sqlite_where=text(_COLLECTED),
            postgresql_where=text(_COLLECTED),
        ),
    )

    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    way: Mapped[Way] = mapped_column(Word(Way))
    why: Mapped[Why | None] = mapped_column(Word(Why))
    #: The letter that carries it, or the digest.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    #: Which version it carries.
    version_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: When it was decided that they get it: their yes must have held from then on.
    decided_at: Mapped[datetime]
    #: When to look whether their digest is due.
    look_at: Mapped[datetime | None]
