"""How often something may be tried: counters in the database, shared by all processes.

A limit slows guessing; it never locks the owner out, because the counter of a known device is a counter of its own
(callers put the device into the key) and every window ends by itself.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, insert_into, transaction


@dataclass(frozen=True)
class Limit:
    """At most `count` tries of `name` for one key within `window`."""

    name: str
    count: int
    window: timedelta


class TryCount(Model):
    """How many tries one key had in one window."""

    __tablename__ = "try_count"

    #: A hash of limit, key and window: neither an address nor a network address is kept.
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(index=True)


def count_try(limit: Limit, key: str, now: datetime) -> bool:
    """Count one more try; say whether it is still within the limit."""
    seconds = int(limit.window.total_seconds())
    number = int(now.timestamp()) // seconds
    digest = hashlib.sha256(f"{limit.name}:{key}".encode()).hexdigest()
    values = {"key_hash": digest, "window_number": number, "count": 1, "ends_at": now + limit.window}
    with transaction() as session:
        statement = insert_into(TryCount, session.get_bind().dialect.name).values(**values)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["key_hash", "window_number"], set_={"count": TryCount.count + 1}
            )
        )
        count = session.scalar(
            select(TryCount.count).where(TryCount.key_hash == digest).where(TryCount.window_number == number)
        )
    return count is not None and count <= limit.count


def forget_old_tries(now: datetime) -> None:
    """Delete the counters of windows that have ended."""
    with transaction() as session:
        session.execute(delete(TryCount).where(TryCount.ends_at < now))
