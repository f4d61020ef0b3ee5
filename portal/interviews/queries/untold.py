"""Panels that are not told yet of a time that the candidate chose, because a letter waits that ends the application."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, exists, literal, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import ON_ITS_WAY, Shown, with_shown
from portal.applications.states import ENDINGS, ENDINGS_BY_US
from portal.core.db import UTCDateTime, fetch
from portal.interviews.models import Interview
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState

#: The kind of the mail that tells somebody on the panel when the interview is.
_CONFIRMED: Final = "interviews/panel_confirmed"
_Mail: Final = Delivery.__table__.alias("ending_mail")
_ENDING_WAITS: Final = (
    exists()
    .where(ApplicationEvent.application_id == Application.id)
    .where(ApplicationEvent.status.in_(ENDINGS_BY_US))
    .where(_Mail.c.id == ApplicationEvent.delivery_id)
    .where(_Mail.c.state.in_(ON_ITS_WAY))
    .correlate(Application)
)
_WAITS: Final = select(Application.id).where(Application.public_id == bindparam("public_id")).where(_ENDING_WAITS)


def _held(statement: Any) -> Any:
    """Mails to panels that wait for their time, of a joined `Delivery`."""
    return (
        statement.where(Delivery.kind == _CONFIRMED)
        .where(Delivery.state == DeliveryState.QUEUED)
        .where(Delivery.attempts == 0)
        .where(Delivery.next_try_at > bindparam("now", type_=UTCDateTime()))
        .order_by(Delivery.id)
    )


_HELD: Final = _held(select(Delivery.id, Delivery.person_id)).where(
    Delivery.cause == literal("interview:") + bindparam("public_id", type_=String())
)
_FREE: Final = (
    _held(
        with_shown(
            select(Delivery.id)
            .select_from(Interview)
            .join(Application, Application.id == Interview.application_id)
            .join(Delivery, Delivery.cause == literal("interview:") + Interview.public_id)
        )
    )
    .where(Shown.status.not_in(ENDINGS))
    .where(~_ENDING_WAITS)
)
_TOLD: Final = (
    select(Delivery.cause, Delivery.person_id, Delivery.state, Delivery.sent_at)
    .where(Delivery.kind == _CONFIRMED)
    .where(Delivery.cause.in_(bindparam("causes", expanding=True)))
    .where(Delivery.person_id.is_not(None))
    .order_by(Delivery.id)
)


def panel_told(public_ids: Sequence[str]) -> dict[tuple[str, int], datetime | None]:
    """When each on the panels of these interviews was told of its time; None: the mail has not gone yet.

    Who was told of it with the interview itself is left out.
    """
    rows = fetch(_TOLD, {"causes": [f"interview:{public_id}" for public_id in public_ids]})
    return {
        (row.cause.partition(":")[2], row.person_id): row.sent_at
        for row in rows
        if row.sent_at is not None or row.state in ON_ITS_WAY
    }


def ending_waits(application_public_id: str) -> bool:
    """Whether a letter that ends the application waits to go, or is on its way."""
    return fetch(_WAITS, {"public_id": application_public_id}).first() is not None


def untold(interview_public_id: str, now: datetime) -> dict[int, int | None]:
    """Mails to its panel that wait for their time: whom each is for, by the id of the delivery."""
    found = fetch(_HELD, {"public_id": interview_public_id, "now": now})
    return {row.id: row.person_id for row in found}


def told_now(now: datetime) -> list[int]:
    """Such mails whose ending neither waits any more nor was read: it was taken back, and the interview takes place."""
    return list(fetch(_FREE, {"now": now}).scalars())
