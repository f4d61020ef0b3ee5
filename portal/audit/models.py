"""The audit record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class AuditRecord(Model):
    """One thing that somebody did; never changed afterwards."""

    __tablename__ = "audit_record"
    # Every search ends in "newest first": each index serves one way to narrow it, in that order.
    __table_args__ = (
        Index("ix_audit_record_newest", "occurred_at", "id"),
        Index("ix_audit_record_newest_by_action", "action", "occurred_at", "id"),
        Index("ix_audit_record_newest_by_actor", "actor_id", "occurred_at", "id"),
        Index("ix_audit_record_newest_by_person", "person_id", "occurred_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime]
    #: None when the system did it by itself.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: feature.verb, for example "applications.write_to_candidate".
    action: Mapped[str] = mapped_column(String(80))
    #: What it was done to, for example "application:Ab3..."; public ids only.
    subject: Mapped[str] = mapped_column(String(120), index=True)
    #: The person it concerns, so that their records can be found and erased.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Facts without names, addresses or texts.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
