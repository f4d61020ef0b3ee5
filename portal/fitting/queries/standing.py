"""Whether one person may be invited to an opening at this moment, asked of everybody who decides a part of it."""

from datetime import date, datetime

from sqlalchemy import exists, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import SHOWN_ID
from portal.applications.states import ApplicationStatus
from portal.contact.queries import consent_states, is_suppressed
from portal.core.db import fetch
from portal.fitting.models import Invitation
from portal.fitting.queries.conditions import PURPOSE
from portal.fitting.rules import OpeningFacts, Standing
from portal.fitting.states import STANDING
from portal.openings.queries import viewer_of
from portal.people.queries import addresses_of


def standing_of(person_id: int, opening: OpeningFacts, now: datetime, today: date, *, besides: int = 0) -> Standing:
    """What decides whether a person may be invited; `besides`: the id of the invitation that is meant itself.

    `today` is the day in the company's zone.
    """
    address = next((one.email for one in addresses_of(person_id) if one.is_primary), "")
    said = consent_states(person_id).get(PURPOSE)
    has_applied, is_hired, is_invited = fetch(
        select(
            exists().where(Application.person_id == person_id).where(Application.opening_id == opening.id),
            exists()
            .where(Application.person_id == person_id)
            .where(ApplicationEvent.application_id == Application.id)
            .where(ApplicationEvent.id == SHOWN_ID)
            .where(ApplicationEvent.status == ApplicationStatus.HIRED),
            exists()
            .where(Invitation.person_id == person_id)
            .where(Invitation.opening_id == opening.id)
            .where(Invitation.state.in_(STANDING))
            .where(Invitation.id != besides),
        )
    ).one()
    return Standing(
        has_address=bool(address),
        is_suppressed=bool(address) and is_suppressed(address),
        has_said_yes=said is not None and said.is_given,
        has_applied=bool(has_applied),
        is_invited=bool(is_invited),
        is_hired=bool(is_hired),
        may_see=opening.is_visible_to(viewer_of(person_id), now, today),
    )
