"""Going through the members for each opening that is new to them; every step can be cut off and done again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.alerts.models import AlertMatch, AlertRound, AlertTurn
from portal.alerts.queries import Chunk, Found, LiveOpening, chunk_to_look_at, rounds_that_differ
from portal.alerts.rules import GATHERED_FOR
from portal.alerts.states import WhyWaiting
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, insert_into, one_at_a_time, transaction
from portal.people.models import Address, Person

#: Members in one transaction: others want to write as well.
_AT_ONCE: Final = 250
#: Who notes what fits and who writes of it take turns, so that nothing is noted just as its turn is struck off.
ONE_BY_ONE: Final = "alerts"


def keep_rounds(now: datetime) -> None:
    """Begin a round for each opening that is new, changed, everybody's by now or open again; harmless when repeated.

    What waited of an opening that is not open any more is forgotten: nobody was told, and opening it again begins
    anew.
    """
    today = day_of(now, company_zone())
    if not any(rounds_that_differ(now, today)):
        return
    with transaction() as session:
        one_at_a_time(ONE_BY_ONE)
        begin, interrupt = rounds_that_differ(now, today)
        for opening, news_from in begin:
            _begin(session, opening, news_from, now)
        for opening_id in interrupt:
            session.execute(update(AlertRound).where(AlertRound.opening_id == opening_id).values(interrupted_at=now))
            session.execute(
                delete(AlertMatch).where(AlertMatch.opening_id == opening_id).where(AlertMatch.alert_id.is_(None))
            )


def _begin(session: Session, opening: LiveOpening, news_from: datetime, now: datetime) -> None:
    values: dict[str, Any] = {
        "version_number": opening.version_number,
        "is_public": opening.is_public(now),
        "news_from": news_from,
        "after_person_id": 0,
        "no_yes_count": 0,
        "finished_at": None,
        "interrupted_at": None,
    }
    begun = insert_into(AlertRound, session.get_bind().dialect.name).values(opening_id=opening.id, **values)
    session.execute(begun.on_conflict_do_update(index_elements=["opening_id"], set_=values))


def look_at_next_members(now: datetime) -> bool:
    """Note which of the next members the openings fit; False when nothing is left to look at."""
    end_reading()
    chunk = chunk_to_look_at(_AT_ONCE, now, day_of(now, company_zone()))
    if chunk is None:
        return False
    with transaction() as session:
        one_at_a_time(ONE_BY_ONE)
        still = _unchanged(session, chunk)
        if chunk.last_person_id is None:
            _finish(session, still, now)
            return True
        found = _who_is_there(session, [one for one in chunk.found if one.opening_id in still])
        _note(session, found, now)
        for opening_id in still:
            session.execute(
                update(AlertRound)
                .where(AlertRound.opening_id == opening_id)
                .values(
                    after_person_id=chunk.last_person_id,
                    no_yes_count=AlertRound.no_yes_count + chunk.no_yes.get(opening_id, 0),
                )
            )
    return True


def _unchanged(session: Session, chunk: Chunk) -> list[int]:
    """The openings whose round stands where it stood when the members were read; the others are looked at again."""
    ids = [one.opening_id for one in chunk.rounds]
    rows = session.scalars(
        select(AlertRound).where(AlertRound.opening_id.in_(ids)).order_by(AlertRound.opening_id).with_for_update()
    )
    now_there = {
        row.opening_id: (row.version_number, row.is_public, row.after_person_id)
        for row in rows
        if row.finished_at is None and row.interrupted_at is None
    }
    return [
        one.opening_id
        for one in chunk.rounds
        if now_there.get(one.opening_id) == (one.version_number, one.is_public, one.after_person_id)
    ]


def _finish(session: Session, opening_ids: Iterable[int], now: datetime) -> None:
    session.execute(update(AlertRound).where(AlertRound.opening_id.in_(list(opening_ids))).values(finished_at=now))


def _who_is_there(session: Session, found: list[Found]) -> list[Found]:
    """Without those who were erased or joined to another record meanwhile; the others stay until we have written."""
    ids = {one.person_id for one in found}
    kept = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(read=True, key_share=True)
    locked = session.scalars(kept).all()
    # Whoever was erased or joined has left an empty row; asked once nobody can do that any more.
    there = set(session.scalars(select(Address.person_id).where(Address.person_id.in_(locked))))
    return [one for one in found if one.person_id in there]


def _note(session: Session, found: list[Found], now: datetime) -> None:
    if not found:
        return
    dialect = session.get_bind().dialect.name
    matches = [
        {"person_id": one.person_id, "opening_id": one.opening_id, "found_at": now, "why": {}, "is_early": False}
        for one in found
    ]
    session.connection().execute(insert_into(AlertMatch, dialect).on_conflict_do_nothing(), matches)
    add_turns(session, sorted({one.person_id for one in found}), now + GATHERED_FOR, WhyWaiting.GATHERING)


def add_turns(session: Session, people: Iterable[int], look_at: datetime, why: WhyWaiting) -> None:
    """Let these people be looked at; whoever has a turn already keeps it. Part of the caller's transaction."""
    turns = [{"person_id": person_id, "look_at": look_at, "why": why} for person_id in people]
    if turns:
        insert = insert_into(AlertTurn, session.get_bind().dialect.name).on_conflict_do_nothing()
        session.connection().execute(insert, turns)
