"""How far the members were gone through for each opening, and what the next of them are told."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, select, union

from portal.alerts.models import AlertMatch, AlertRound
from portal.alerts.queries.looking import Member, members_after
from portal.alerts.queries.openings import LiveOpening, live_openings
from portal.applications.models import Application
from portal.core.db import fetch
from portal.openings.rules import match


@dataclass(frozen=True)
class Round:
    """How far the members were gone through for one opening."""

    opening_id: int
    version_number: int
    is_public: bool
    news_from: datetime
    after_person_id: int
    is_finished: bool
    is_interrupted: bool


@dataclass(frozen=True)
class Found:
    """An opening that fits a member."""

    person_id: int
    opening_id: int


@dataclass(frozen=True)
class Chunk:
    """Some members after one another, gone through for all the openings that had come equally far."""

    rounds: tuple[Round, ...]
    #: The last of the members; None: there are no more.
    last_person_id: int | None
    found: tuple[Found, ...]
    #: How many members an opening fits who have not said yes, by opening.
    no_yes: dict[int, int] = field(default_factory=dict)


_ROUNDS = select(
    AlertRound.opening_id,
    AlertRound.version_number,
    AlertRound.is_public,
    AlertRound.news_from,
    AlertRound.after_person_id,
    AlertRound.finished_at.is_not(None),
    AlertRound.interrupted_at.is_not(None),
).order_by(AlertRound.opening_id)
_UNFINISHED = _ROUNDS.where(AlertRound.finished_at.is_(None)).where(AlertRound.interrupted_at.is_(None))
_OPENINGS: BindParameter[Any] = bindparam("openings", expanding=True)
_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
#: Who needs not be told of what: they were, they wait to be, or they have applied.
_KNOWN = union(
    select(AlertMatch.person_id, AlertMatch.opening_id)
    .where(AlertMatch.person_id.in_(_PEOPLE))
    .where(AlertMatch.opening_id.in_(_OPENINGS)),
    select(Application.person_id, Application.opening_id)
    .where(Application.person_id.in_(_PEOPLE))
    .where(Application.opening_id.in_(_OPENINGS)),
)


def rounds_that_differ(now: datetime, today: date) -> tuple[list[tuple[LiveOpening, datetime]], list[int]]:
    """The openings whose round begins, with since when it is news, and those of rounds that are not open any more.

    A round begins anew when the opening says something else, becomes everybody's to see, or is opened again.
    """
    live = live_openings(now, today)
    rounds = {one.opening_id: one for one in _rounds(_ROUNDS)}
    begin = [
        (one, _news_from(rounds.get(one.id), one, now))
        for one in live.values()
        if not _is_up_to_date(rounds.get(one.id), one, now)
    ]
    interrupt = [one.opening_id for one in rounds.values() if one.opening_id not in live and not one.is_interrupted]
    return begin, interrupt


def _is_up_to_date(there: Round | None, opening: LiveOpening, now: datetime) -> bool:
    if there is None or there.is_interrupted:
        return False
    return (there.version_number, there.is_public) == (opening.version_number, opening.is_public(now))


def _news_from(there: Round | None, opening: LiveOpening, now: datetime) -> datetime:
    """Since when members, or everybody, can see it; now, where it came back or says something else."""
    is_back = there is not None and (there.is_interrupted or there.version_number != opening.version_number)
    seen_from = opening.public_at if opening.is_public(now) else opening.published_at
    return now if is_back or seen_from is None else seen_from


def chunk_to_look_at(count: int, now: datetime, today: date) -> Chunk | None:
    """The next `count` members for the rounds that have come least far; None when all are finished."""
    unfinished = _rounds(_UNFINISHED)
    if not unfinished:
        return None
    live = live_openings(now, today)
    least = min(one.after_person_id for one in unfinished)
    rounds = tuple(one for one in unfinished if one.after_person_id == least)
    members = members_after(least, count)
    if not members:
        return Chunk(rounds, None, ())
    openings = [(live[one.opening_id], one.news_from) for one in rounds if one.opening_id in live]
    known = _known([one.person_id for one in members], [one.id for one, _ in openings])
    found, no_yes = [], dict.fromkeys((one.id for one, _ in openings), 0)
    for member in members:
        for opening, news_from in openings:
            if not _fits(member, opening, now, today) or (member.person_id, opening.id) in known:
                continue
            if member.yes_since is None:
                no_yes[opening.id] += 1
            elif member.yes_since <= news_from:
                found.append(Found(member.person_id, opening.id))
    return Chunk(rounds, members[-1].person_id, tuple(found), no_yes)


def _fits(member: Member, opening: LiveOpening, now: datetime, today: date) -> bool:
    wants = member.wants
    return match(wants, opening.offer) is not None and opening.is_visible_to(wants.areas, now, today)


def _known(people: Collection[int], openings: Collection[int]) -> set[tuple[int, int]]:
    rows = fetch(_KNOWN, {"people": list(people), "openings": list(openings)})
    return {(person_id, opening_id) for person_id, opening_id in rows}


def _rounds(statement: Executable) -> list[Round]:
    rows = fetch(statement)
    return [
        Round(opening_id, version, bool(is_public), news_from, after, bool(is_finished), bool(is_interrupted))
        for opening_id, version, is_public, news_from, after, is_finished, is_interrupted in rows
    ]
