"""Reading which opening here the openings of a source are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from portal.applications.models import Application
from portal.ats.models import OpeningMapping, Source
from portal.ats.rules import joins_by_title
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.openings.queries import openings_by_id, openings_by_key
from portal.openings.states import OpeningState


@dataclass(frozen=True)
class Destination:
    """The opening here that the applications of an opening of a source come to."""

    opening_id: int
    title: str
    recruiter_id: int | None
    #: Whether it was not made for them: it is one of ours, or one of another system.
    is_joined: bool


def destinations(source: str, keys: Collection[str], joins: Mapping[str, int]) -> dict[str, Destination]:
    """Where the applications of these openings of a source go, by `opening_key`; those that are new here are left out.

    What somebody chose counts most, then the opening that was made for them, then `joins`: key to opening.
    """
    chosen = _chosen(source, keys)
    own = openings_by_key(source, keys)
    joined = {key: opening_id for key, opening_id in joins.items() if key in keys and key not in own}
    joined = {key: opening_id for key, opening_id in {**joined, **chosen}.items() if opening_id is not None}
    there = openings_by_id(set(joined.values()))
    found = {key: _destination(opening, is_joined=False) for key, opening in own.items()}
    return {**found, **{key: _destination(there[opening_id], is_joined=True) for key, opening_id in joined.items()}}


def _destination(opening: Opening, *, is_joined: bool) -> Destination:
    return Destination(opening.id, opening.title, opening.recruiter_id, is_joined)


def _chosen(source: str, keys: Collection[str]) -> dict[str, int | None]:
    rows = fetch(
        select(OpeningMapping.opening_key, OpeningMapping.opening_id)
        .join(Source, Source.id == OpeningMapping.source_id)
        .where(Source.name == source)
        .where(OpeningMapping.opening_key.in_(keys))
        .order_by(OpeningMapping.id)
    )
    return {key: opening_id for key, opening_id in rows}


def joins_of(source: str, in_file: Mapping[str, str]) -> dict[str, int]:
    """Which of a file's openings (key to title) are ours by their title, see `rules.joins_by_title`: key to opening."""
    ours = fetch(
        select(Opening.id, Opening.title)
        .where(Opening.source == "")
        .where(Opening.state != OpeningState.FINISHED)
        .order_by(Opening.id)
    )
    taken = fetch(
        select(OpeningMapping.opening_id, OpeningMapping.opening_key)
        .join(Source, Source.id == OpeningMapping.source_id)
        .where(Source.name == source)
        .where(OpeningMapping.opening_id.is_not(None))
        .order_by(OpeningMapping.id)
    )
    return joins_by_title(in_file, [(row[0], row[1]) for row in ours], {row[0]: row[1] for row in taken})


def who_applied(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these people (person, opening) have an application in that opening; nothing is asked for none."""
    if not pairs:
        return set()
    statement = (
        select(Application.person_id, Application.opening_id)
        .where(tuple_(Application.person_id, Application.opening_id).in_(pairs))
        .distinct()
    )
    return {(row[0], row[1]) for row in fetch(statement)}
