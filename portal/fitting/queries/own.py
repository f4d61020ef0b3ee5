"""Invitations to apply as those read them who got them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, exists, select

from portal.applications.models import Application
from portal.core.db import fetch
from portal.fitting.models import Invitation
from portal.fitting.states import InvitationState
from portal.openings.models import Opening
from portal.openings.queries import viewer_of
from portal.openings.rules import is_public, is_row_visible
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person


@dataclass(frozen=True)
class OwnInvitation:
    """An invitation that reached somebody."""

    public_id: str
    opening_title: str
    #: Empty when they can not read about it any more.
    slug: str
    why: str
    #: Empty for somebody who is not here any more.
    actor_name: str
    closes_on: date | None
    #: Only members see it, so who is not signed in has to do so first.
    is_early: bool
    sent_at: datetime
    not_now_at: datetime | None
    has_applied: bool

    @property
    def path(self) -> str:
        """Where they read about it; empty when they can not any more."""
        page = f"/openings/{self.slug}" if self.slug else ""
        return f"/sign-in?next={page}" if page and self.is_early else page

    @property
    def is_open(self) -> bool:
        """Whether they could still apply, and have said nothing to it."""
        return bool(self.slug) and not self.has_applied and self.not_now_at is None


_FOR_PERSON = (
    select(
        Invitation.public_id,
        Invitation.why,
        Invitation.not_now_at,
        Delivery.sent_at,
        Person.name,
        Opening.title,
        Opening.slug,
        Opening.state,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        Opening.area,
        exists()
        .where(Application.person_id == Invitation.person_id)
        .where(Application.opening_id == Invitation.opening_id)
        .label("has_applied"),
    )
    .join(Opening, Opening.id == Invitation.opening_id)
    .join(Delivery, Delivery.id == Invitation.delivery_id)
    .outerjoin(Person, Person.id == Invitation.actor_id)
    .where(Invitation.person_id == bindparam("person_id", type_=Integer))
    .where(Invitation.state == InvitationState.WRITTEN)
    .where(Delivery.state == DeliveryState.SENT)
    .order_by(Invitation.id.desc())
)


def invitations_for(person_id: int, now: datetime, today: date) -> list[OwnInvitation]:
    """The invitations that reached a person, the newest first; `today` is the day in the company's zone."""
    rows = fetch(_FOR_PERSON, {"person_id": person_id}).all()
    viewer = viewer_of(person_id) if rows else None
    return [
        OwnInvitation(
            public_id=row.public_id,
            opening_title=row.title,
            slug=row.slug or "" if viewer is not None and is_row_visible(row, viewer, now, today) else "",
            why=row.why,
            actor_name=row.name or "",
            closes_on=row.closes_on,
            is_early=not is_public(row.public_at, now),
            sent_at=row.sent_at,
            not_now_at=row.not_now_at,
            has_applied=bool(row.has_applied),
        )
        for row in rows
    ]
