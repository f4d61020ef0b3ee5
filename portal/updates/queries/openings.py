"""The openings that updates are about."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.openings.queries import Asker, find_opening
from portal.openings.states import OpeningState
from portal.updates.rules import OpeningFacts

_OPENINGS: Final = (
    select(Opening.public_id, Opening.title)
    .where(Opening.state == OpeningState.PUBLISHED)
    .order_by(Opening.published_at.desc(), Opening.id.desc())
    .limit(100)
)
_FACTS: Final = select(Opening.state, Opening.public_at, Opening.area).where(
    Opening.public_id == bindparam("public_id")
)
_SLUG: Final = select(Opening.slug).where(Opening.public_id == bindparam("public_id"))


def openings_to_name() -> list[tuple[str, str]]:
    """Public id and title of the openings that people may apply to, the newest first."""
    return [(public_id, title) for public_id, title in fetch(_OPENINGS)]


def opening_facts(public_id: str) -> OpeningFacts | None:
    """What decides whether an update may name this opening; None where none is meant."""
    row = fetch(_FACTS, {"public_id": public_id}).one_or_none() if public_id else None
    return OpeningFacts(row[0] is OpeningState.PUBLISHED, row[1], row[2]) if row is not None else None


def opening_for(public_id: str, person_id: int | None, now: datetime) -> tuple[str, str] | None:
    """Slug and title of the opening, if this person (None: a visitor) may see its page now."""
    slug = fetch(_SLUG, {"public_id": public_id}).scalar() if public_id else None
    if slug is None:
        return None
    found = find_opening(slug, Asker(person_id, now, day_of(now, company_zone())))
    return (found.slug, found.content.title) if found is not None else None
