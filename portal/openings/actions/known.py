"""Adding openings, so far from imports."""

from datetime import datetime

from sqlalchemy import select

from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.openings.models import Opening


def find_or_add_opening(source: str, external_key: str, title: str, recruiter_id: int | None, now: datetime) -> Opening:
    """The opening that `source` calls `external_key`, added when it is new; part of the caller's transaction.

    A title that changed at the source changes here until the opening is published; who looks after it does not.
    """
    with transaction() as session:
        statement = select(Opening).where(Opening.source == source).where(Opening.external_key == external_key)
        found = session.scalar(statement.with_for_update())
        if found is None:
            found = Opening(
                public_id=new_public_id(),
                title=title,
                source=source,
                external_key=external_key,
                recruiter_id=recruiter_id,
                created_at=now,
            )
            session.add(found)
            session.flush()
        elif found.title != title and found.version_number == 0:
            found.title = title
        return found


def assign_opening(opening_id: int, *, recruiter_id: int | None, hiring_manager_id: int | None) -> None:
    """Say who looks after an opening and who leads its team; part of the caller's transaction."""
    with transaction() as session:
        opening = session.get_one(Opening, opening_id, with_for_update=True)
        opening.recruiter_id = recruiter_id
        opening.hiring_manager_id = hiring_manager_id
