"""Sealed records, without what they say."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core.db import fetch
from portal.keeping.models import SealedRecord


@dataclass(frozen=True)
class SealedRow:
    """A sealed record from outside."""

    public_id: str
    place: str
    sealed_on: date
    keep_until: date


def sealed_records(address_hash: str = "") -> list[SealedRow]:
    """All sealed records, the newest first; with a hash only those of that address."""
    found = select(SealedRecord.public_id, SealedRecord.place, SealedRecord.sealed_on, SealedRecord.keep_until)
    if address_hash:
        found = found.where(SealedRecord.address_hash == address_hash)
    rows = fetch(found.order_by(SealedRecord.sealed_on.desc(), SealedRecord.id.desc()))
    return [SealedRow(*row) for row in rows]
