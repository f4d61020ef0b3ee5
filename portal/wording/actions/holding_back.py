"""Noting whose mail is held back because a value is missing, so that a job goes on with the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import transaction
from portal.core.logs import log
from portal.wording.models import HeldBack
from portal.wording.queries import is_held_back
from portal.wording.rules import MissingValue

#: Whoever was tried again is noted anew; what no job has tried for so long is not owed any more.
_REMEMBERED_FOR: Final = timedelta(days=14)


@contextmanager
def holding_back(cause: str, person_id: int | None, now: datetime) -> Iterator[None]:
    """Around what a job sends one person: when a value is missing, that is noted and the job goes on.

    `cause` says what would have been sent, without an address ("tasks/morning:12"); one is noted once. When nothing
    was missing the note goes: the mail was written, or it is not owed any more.
    """
    try:
        yield
    except MissingValue as missing:
        hold_back(missing, cause, person_id, now)
    else:
        if is_held_back(cause):
            let_go(cause)


def hold_back(missing: MissingValue, cause: str, person_id: int | None, now: datetime) -> None:
    """Note that a mail was not written to this person; doing it again says only that it was tried again."""
    values = {"kind": missing.kind, "place": missing.place, "person_id": person_id, "last_at": now}
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        noted = insert(HeldBack).values(cause=cause, first_at=now, **values)
        session.execute(noted.on_conflict_do_update(index_elements=["cause"], set_=values))
    log.warning("mail held back", kind=missing.kind, place=missing.place)


def let_go(cause: str) -> None:
    """Forget what was held back of this cause; harmless when nothing was."""
    with transaction() as session:
        session.execute(delete(HeldBack).where(HeldBack.cause == cause))


def forget_old_held_back(now: datetime) -> None:
    """Delete what no job has tried to write for two weeks."""
    with transaction() as session:
        session.execute(delete(HeldBack).where(HeldBack.last_at < now - _REMEMBERED_FOR))
