"""What the jobs of offers look for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.states import ENDINGS
from portal.core.db import fetch
from portal.offers.models import Offer, OfferWord
from portal.offers.states import OfferState
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind


@dataclass(frozen=True)
class OpenOffer:
    """An open offer that the candidate knows: by when they are asked to decide, and who looks after it."""

    offer_id: int
    public_id: str
    application_public_id: str
    opening_title: str
    person_id: int
    owner_id: int
    decide_by: date


_Later = aliased(OfferWord, name="later_word")
_LaterMail = aliased(Delivery, name="later_mail")
_is_newest_read = ~(
    exists()
    .where(_Later.offer_id == OfferWord.offer_id)
    .where(_Later.id > OfferWord.id)
    .where(_LaterMail.id == _Later.delivery_id)
    .where(_LaterMail.state != DeliveryState.CANCELLED)
    .correlate(OfferWord)
)
_OVERDUE: Any = (
    with_shown(
        select(
            Offer.id,
            Offer.public_id,
            Application.public_id,
            Opening.title,
            Application.person_id,
            Application.owner_id,
            OfferWord.decide_by,
        )
        .select_from(Offer)
        .join(Application, Application.id == Offer.application_id)
        .join(Opening, Opening.id == Application.opening_id)
        .join(OfferWord, OfferWord.offer_id == Offer.id)
        .join(Delivery, Delivery.id == OfferWord.delivery_id)
    )
    .where(Offer.state == OfferState.OPEN)
    .where(Shown.status.not_in(ENDINGS))
    .where(Delivery.state != DeliveryState.CANCELLED)
    .where(_is_newest_read)
    .where(OfferWord.decide_by < bindparam("today"))
    .order_by(Offer.id)
)
_OVER: Any = (
    with_shown(
        select(Offer.id, Application.person_id)
        .select_from(Offer)
        .join(Application, Application.id == Offer.application_id)
    )
    .where(Offer.state == OfferState.OPEN)
    .where(Shown.status.in_(ENDINGS))
    .order_by(Offer.id)
)
_TASKS: Any = (
    select(Task.id)
    .where(Task.kind == TaskKind.OFFER_WAITS)
    .where(Task.state.in_(OPEN_STATES))
    .where(
        Task.about.in_(
            with_shown(select(Application.public_id).select_from(Application)).where(Shown.status.in_(ENDINGS))
        )
    )
    .order_by(Task.id)
)
_FORGOTTEN: Any = (
    select(OfferWord.id)
    .join(Delivery, Delivery.id == OfferWord.delivery_id)
    .where(Delivery.state == DeliveryState.CANCELLED)
    .where(OfferWord.created_at < bindparam("before", type_=OfferWord.created_at.type))
    .order_by(OfferWord.id)
)
_OVERDUE_TASKS: Any = (
    select(Task.id, Task.dedupe_key)
    .where(Task.kind == TaskKind.OFFER_WAITS)
    .where(Task.state.in_(OPEN_STATES))
    .where(Task.dedupe_key.startswith("offer-overdue:"))
    .order_by(Task.id)
)


def overdue_offers(today: date) -> list[OpenOffer]:
    """Open offers whose day has passed without an answer."""
    return [OpenOffer(*row) for row in fetch(_OVERDUE, {"today": today})]


def offers_over() -> list[tuple[int, int]]:
    """Offers that are open although their application has ended, as the candidate reads it; each with the person."""
    return [(offer_id, person_id) for offer_id, person_id in fetch(_OVER)]


def tasks_over() -> list[int]:
    """Open tasks about offers of applications that have ended."""
    return list(fetch(_TASKS).scalars())


def overdue_tasks() -> dict[str, int]:
    """The open tasks about offers whose day has passed, by what each is."""
    return {key: task_id for task_id, key in fetch(_OVERDUE_TASKS)}


def words_taken_back(before: datetime) -> list[int]:
    """What was taken back before it went, and that nobody has used since then."""
    return list(fetch(_FORGOTTEN, {"before": before}).scalars())
