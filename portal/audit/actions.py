"""Writing the audit record."""

from datetime import datetime

from portal.audit.models import AuditRecord
from portal.core.db import transaction


def record(
    action: str,
    subject: str,
    *,
    actor_id: int | None,
    now: datetime,
    person_id: int | None = None,
    **details: str | int | bool | None,
) -> None:
    """Note that `actor_id` (None: the system) did `action` to `subject`; part of the caller's transaction.

    `details` hold facts, never names, addresses or texts: the record outlives an erasure.
    """
    with transaction() as session:
        session.add(
            AuditRecord(
                occurred_at=now,
                actor_id=actor_id,
                action=action,
                subject=subject,
                person_id=person_id,
                details=details,
            )
        )
