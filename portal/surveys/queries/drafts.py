"""Who wrote at a survey last: read from the audit log, which notes each save."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from portal.audit.models import AuditRecord
from portal.core.db import fetch
from portal.people.models import Person

_WRITES: Final = ("surveys.begin", "surveys.save_draft")


@dataclass(frozen=True)
class Written:
    """The last save of a draft."""

    at: datetime
    #: Empty once they were erased.
    by_name: str


_LAST: Final = (
    select(AuditRecord.occurred_at, func.coalesce(Person.name, ""))
    .outerjoin(Person, Person.id == AuditRecord.actor_id)
    .where(AuditRecord.subject == bindparam("subject"))
    .where(AuditRecord.action.in_(_WRITES))
    .order_by(AuditRecord.id.desc())
    .limit(1)
)


def written_last(public_id: str) -> Written | None:
    """When the draft of this survey was saved last, and by whom; None when the log does not reach back so far."""
    row = fetch(_LAST, {"subject": f"survey:{public_id}"}).one_or_none()
    return Written(*row) if row is not None else None
