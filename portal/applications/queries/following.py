"""Whether browsers that follow an application without signing in still may."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select

from portal.audit.models import AuditRecord
from portal.core.db import session

#: How the audit log calls it that somebody is signed out in every browser.
_SIGNED_OUT = "accounts.end_all_sessions"
_HAS_SIGNED_OUT = select(
    exists()
    .where(AuditRecord.person_id == bindparam("person_id"))
    .where(AuditRecord.action == _SIGNED_OUT)
    .where(AuditRecord.occurred_at >= bindparam("since", type_=AuditRecord.occurred_at.type))
)


def has_signed_out_everywhere(person_id: int, since: datetime) -> bool:
    """Whether this person was signed out in every browser after `since`."""
    return bool(session().scalar(_HAS_SIGNED_OUT, {"person_id": person_id, "since": since}))
