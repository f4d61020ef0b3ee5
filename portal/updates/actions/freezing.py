"""Writing down whom an update is for, some people at a time, and then letting them read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch, insert_into, transaction
from portal.people.models import Person
from portal.updates.actions.locking import locked, note
from portal.updates.models import InsiderUpdate, UpdateReader, UpdateVersion
from portal.updates.queries import Target, next_people, read_tree, those_in
from portal.updates.states import UpdateState

#: People written down in one transaction: others want to write as well.
CHUNK: Final = 500


def freeze_some(update_id: int, now: datetime) -> bool:
    """Write down the next of those whom the update is for; after the last, let them read it. Whether there is more.

    Killed anywhere, it goes on where it was; two that run at once write nobody down twice.
    """
    # Who is next is looked for before anybody has to wait for us.
    before = _under_way(update_id)
    if before is None:
        return False
    target, up_to = _target(before, now), before.frozen_up_to
    ids = next_people(target, up_to, CHUNK)
    with transaction() as session:
        # Nobody whom we write down is erased or merged until our transaction ends.
        _lock_people(session, ids)
        update = locked(session, update_id)
        if update.state is not UpdateState.PUBLISHING:
            return False
        if update.frozen_up_to != up_to:
            return True
        if not ids:
            _finish(update, now)
            return False
        update.reach_count += _write_down(session, update.id, those_in(target, ids))
        update.frozen_up_to = ids[-1]
        return True


def _under_way(update_id: int) -> Any:
    columns = (
        InsiderUpdate.state,
        InsiderUpdate.audience,
        InsiderUpdate.areas,
        InsiderUpdate.segment_rules,
        InsiderUpdate.frozen_up_to,
        InsiderUpdate.author_id,
        UpdateVersion.published_by_id,
    )
    newest = (UpdateVersion.update_id == InsiderUpdate.id) & (UpdateVersion.number == InsiderUpdate.version_number)
    found = select(*columns).outerjoin(UpdateVersion, newest).where(InsiderUpdate.id == update_id)
    row = fetch(found).one_or_none()
    return row if row is not None and row.state is UpdateState.PUBLISHING else None


def _target(row: Any, now: datetime) -> Target:
    tree = read_tree(row.segment_rules) if row.segment_rules else None
    without = frozenset(one for one in (row.author_id, row.published_by_id) if one is not None)
    return Target(row.audience, tuple(row.areas), tree, day_of(now, company_zone()), without)


def _lock_people(session: Session, ids: Sequence[int]) -> None:
    session.execute(
        select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(read=True, key_share=True)
    ).all()


def _write_down(session: Session, update_id: int, ids: Sequence[int]) -> int:
    """How many were new."""
    if not ids:
        return 0
    connection = session.connection()
    rows = [{"update_id": update_id, "person_id": one, "is_in_audience": True, "seen_version": 0} for one in ids]
    statement = insert_into(UpdateReader, connection.dialect.name)
    new = statement.on_conflict_do_nothing(index_elements=["update_id", "person_id"]).returning(UpdateReader.person_id)
    # The rows apart from the statement: it is compiled once, and not for each five hundred.
    return len(connection.execute(new, rows).all())


def _finish(update: InsiderUpdate, now: datetime) -> None:
    update.state, update.published_at = UpdateState.PUBLISHED, now
    note("updates.finish_publishing", update, None, now, count=update.reach_count)
