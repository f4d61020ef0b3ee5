"""Invitations to apply, and what a colleague wrote to those they invited together."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.fitting.states import InvitationState, LeftOut

#: In plain words, as the index has it: PostgreSQL tells no index by values that come with a run.
STANDS, _WAITS = text("state IN ('waiting', 'written')"), text("state = 'waiting'")


class InvitationRound(Model):
    """What a colleague wrote to those they invited together; forgotten after a while."""

    __tablename__ = "invitation_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: May hold the place of a name.
    message: Mapped[str] = mapped_column(Text)
    is_hurried: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: Since when it is taken back: who has not been written to is not written to any more.
    taken_back_at: Mapped[datetime | None]


class Invitation(Model):
    """That a colleague invited somebody to apply to an opening, why, and what they said."""

    __tablename__ = "invitation_to_apply"
    __table_args__ = (
        CheckConstraint("state <> 'written' OR delivery_id IS NOT NULL", name="written"),
        CheckConstraint("(state = 'left_out') = (left_out IS NOT NULL)", name="left_out"),
        Index(
            "ix_invitation_to_apply_once",
            "opening_id",
            "person_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_invitation_to_apply_waiting", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: With whom together; None once the round is forgotten.
    round_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_round.id", ondelete="SET NULL"), index=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[InvitationState] = mapped_column(Word(InvitationState))
    #: Why them, as they read it.
    why: Mapped[str] = mapped_column(Text)
    left_out: Mapped[LeftOut | None] = mapped_column(Word(LeftOut))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]
    #: When they said "not now".
    not_now_at: Mapped[datetime | None]
