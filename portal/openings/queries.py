"""Reading openings."""

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import session
from portal.openings.models import Opening


def openings_by_key(source: str, keys: Collection[str]) -> dict[str, Opening]:
    """The openings of `source` that have one of these external keys, by key."""
    statement = select(Opening).where(Opening.source == source).where(Opening.external_key.in_(keys))
    return {opening.external_key: opening for opening in session().scalars(statement.order_by(Opening.id))}


def recruiter_of(source: str, external_key: str) -> int | None:
    """Who looks after an opening, if it is known and has somebody."""
    statement = select(Opening.recruiter_id).where(Opening.source == source)
    return session().scalar(statement.where(Opening.external_key == external_key))
