"""What comes with applications that belong to another record again."""

from collections.abc import Sequence

from sqlalchemy import select, update

from portal.applications.models import Application
from portal.core.db import transaction
from portal.surveys.models import SignedResponse, SurveyInvitation


def give_back(from_id: int, to_id: int, applications: Sequence[str]) -> None:
    """What `from_id` was asked about these applications (public ids), and what was signed, is `to_id`'s again.

    Both people are held by the caller. Joins the transaction.
    """
    theirs = select(Application.id).where(Application.public_id.in_(applications))
    with transaction() as own:
        for table in (SurveyInvitation, SignedResponse):
            own.execute(
                update(table)
                .where(table.person_id == from_id)
                .where(table.application_id.in_(theirs))
                .values(person_id=to_id)
                .execution_options(synchronize_session=False)
            )
