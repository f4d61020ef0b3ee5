"""Reading openings."""

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import session
from portal.openings.models import Opening


def openings_by_key(source: str, keys: Collection[str]) -> dict[str, Opening]:
    """The openings of `source` that have one of these external keys, by key."""
    statement = select(Opening).where(Opening.source == source).where(Opening.external_key.in_(keys))
    return {opening.external_key: opening for opening in session().scalars(statement.order_by(Opening.id))}
