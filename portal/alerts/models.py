"""Which openings fit which members, the mails that told them, and how far the looking has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.alerts.states import WhyWaiting
from portal.core.db import Model, Word

_IS_OPEN = text("settled_at IS NULL")
_IS_WAITING = text("alert_id IS NULL")


class AlertRound(Model):
    """How far the members have been gone through for one opening, as it says and is seen at present."""

    __tablename__ = "alert_round"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    #: The version of the opening that the round is about; another one begins the round anew.
    version_number: Mapped[int] = mapped_column(Integer)
    #: Whether everybody sees it by now; while only members do, this is False.
    is_public: Mapped[bool] = mapped_column(Boolean)
    #: For whoever had said yes by then it is news; who said so later found it on the site.
    news_from: Mapped[datetime]
    #: All members up to this person were looked at.
    after_person_id: Mapped[int] = mapped_column(Integer)
    #: Members whom it fits and who have not said yes to job alerts.
    no_yes_count: Mapped[int] = mapped_column(Integer)
    finished_at: Mapped[datetime | None]
    #: Since when it is not open any more; opening it again begins the round anew.
    interrupted_at: Mapped[datetime | None]


class JobAlert(Model):
    """One mail about openings to one member; whether it arrived stands with its delivery."""

    __tablename__ = "job_alert"
    __table_args__ = (Index("ix_job_alert_open", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime]
    #: When its delivery had come to an end, whichever.
    settled_at: Mapped[datetime | None]


class AlertMatch(Model):
    """An opening that fits a member; once for ever, so that nobody is told twice."""

    __tablename__ = "alert_match"
    __table_args__ = (
        CheckConstraint("alert_id IS NOT NULL OR NOT is_early", name="early_is_told"),
        Index(
            "ix_alert_match_waiting",
            "person_id",
            "opening_id",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True, index=True)
    found_at: Mapped[datetime]
    #: The mail that tells them; None while it waits.
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("job_alert.id"), index=True)
    #: Why it fits, as `rules.why_as_json` makes it; empty while it waits, because it is looked at once more.
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Whether they were told before everybody could see it.
    is_early: Mapped[bool] = mapped_column(Boolean)


class AlertTurn(Model):
    """When a member's waiting openings are looked at next; there is one for each member for whom some wait."""

    __tablename__ = "alert_turn"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    look_at: Mapped[datetime] = mapped_column(index=True)
    why: Mapped[WhyWaiting] = mapped_column(Word(WhyWaiting))
