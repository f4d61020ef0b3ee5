"""Somebody who was invited says "not now", with the link from the mail or on their own page."""

from datetime import datetime

from sqlalchemy import select

from portal.applications.actions.locking import lock_people
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.fitting.models import Invitation
from portal.fitting.queries import invitations_for
from portal.openings.models import Opening


def say_not_now(person_id: int, public_id: str, *, now: datetime, is_by_link: bool = True) -> bool:
    """Note that they would rather not, now; False when they said so before. Recorded.

    Raises NotFound for an invitation that is not theirs, or never reached them.
    """
    with transaction() as session:
        lock_people(session, person_id)
        today = day_of(now, company_zone())
        if public_id not in {one.public_id for one in invitations_for(person_id, now, today)}:
            raise NotFound
        invitation = session.scalars(
            select(Invitation).where(Invitation.public_id == public_id).with_for_update()
        ).one()
        if invitation.not_now_at is not None:
            return False
        invitation.not_now_at = now
        opening = session.get_one(Opening, invitation.opening_id)
        subject = f"opening:{opening.public_id}"
        record("fitting.not_now", subject, actor_id=None, person_id=person_id, now=now, by_link=is_by_link)
        return True
