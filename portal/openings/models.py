"""Openings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class Opening(Model):
    """A role that people apply to; so far as an import knows it."""

    __tablename__ = "opening"
    __table_args__ = (UniqueConstraint("source", "external_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    #: The system it comes from; empty for one of our own.
    source: Mapped[str] = mapped_column(String(60))
    #: Its id there, else its folded title.
    external_key: Mapped[str] = mapped_column(String(210))
    recruiter_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    hiring_manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    created_at: Mapped[datetime]
