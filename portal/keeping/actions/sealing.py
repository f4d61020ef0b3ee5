"""What the law lets nobody erase: sealed when its person goes, opened for a reason, deleted on its day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from portal.audit.actions import record
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.keeping.adapters import seal, unseal
from portal.keeping.models import SealedRecord


def seal_record(content: dict[str, Any], *, place: str, address_hash: str, keep_until: date, sealed_on: date) -> None:
    """Keep `content` until `keep_until`, readable only with our key; joins the transaction."""
    with transaction() as session:
        session.add(
            SealedRecord(
                public_id=new_public_id(),
                sealed_on=sealed_on,
                keep_until=keep_until,
                place=place,
                address_hash=address_hash,
                content=seal(content),
            )
        )
        session.flush()


def open_record(public_id: str, actor_id: int, reason: str, now: datetime) -> dict[str, Any]:
    """What a sealed record says; that an admin opened it, and why, is recorded first. Raises NotFound."""
    with transaction() as session:
        row = session.scalar(select(SealedRecord).where(SealedRecord.public_id == public_id))
        content = unseal(row.content) if row is not None else None
        if content is None:
            raise NotFound
        record("privacy.open_sealed", f"sealed_record:{public_id}", actor_id=actor_id, now=now, why=reason)
    return content


def forget_old_records(now: datetime, zone: str) -> None:
    """Delete sealed records whose day is over."""
    with transaction() as session:
        session.execute(delete(SealedRecord).where(SealedRecord.keep_until <= day_of(now, zone)))
