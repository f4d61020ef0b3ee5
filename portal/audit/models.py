"""The audit record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class AuditRecord(Model):
    """One thing that somebody did; never changed afterwards."""

    __tablename__ = "audit_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(index=True)
    #: None when the system did it by itself.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: feature.verb, for example "applications.write_to_candidate".
    action: Mapped[str] = mapped_column(String(80), index=True)
    #: What it was done to, for example "application:Ab3..."; public ids only.
    subject: Mapped[str] = mapped_column(String(120), index=True)
    #: The person it concerns, so that their records can be found and erased.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Facts without names, addresses or texts.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
