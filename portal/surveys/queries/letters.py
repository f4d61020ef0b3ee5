"""Mails of ours that somebody has before they are asked how it ended, and since when they have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, literal, select

from portal.applications.models import Application
from portal.applications.queries.shown import ON_ITS_WAY, is_on_its_way
from portal.core.db import fetch
from portal.feedback.models import Feedback
from portal.feedback.states import FeedbackState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.surveys.states import Touchpoint

_IDS: Final = bindparam("ids", expanding=True, type_=Integer)
#: The mails that say to whoever left that we know.
_CONFIRMS: Final = ("applications/withdrawn", "offers/declined")
_CONFIRMED: Final = (
    select(Application.id, Delivery.state, Delivery.sent_at)
    .join(Delivery, Delivery.cause == literal("application:") + Application.public_id)
    .where(Application.id.in_(_IDS))
    .where(Delivery.kind.in_(_CONFIRMS))
    .order_by(Delivery.id)
)
_FEEDBACK: Final = (
    select(Feedback.application_id)
    .distinct()
    .join(Delivery, Delivery.id == Feedback.delivery_id)
    .where(Feedback.application_id.in_(_IDS))
    .where(Feedback.state == FeedbackState.APPROVED)
    .where(is_on_its_way(Delivery.state))
    .order_by(Feedback.application_id)
)


@dataclass(frozen=True)
class Letters:
    """What comes before a survey, by the id of an application."""

    #: Nothing is asked while it waits: it starts the clock.
    on_its_way: frozenset[int] = frozenset()
    #: When the mail server accepted the mail that says that they left.
    confirmed: Mapping[int, datetime] = field(default_factory=dict)


def letters_before(touchpoint: Touchpoint, application_ids: Sequence[int]) -> Letters:
    """Of whoever left, our confirmation; of whoever was not selected, feedback that is approved."""
    values = {"ids": list(application_ids)}
    if touchpoint is Touchpoint.NOT_SELECTED:
        return Letters(frozenset(fetch(_FEEDBACK, values).scalars()))
    if touchpoint is not Touchpoint.LEFT:
        return Letters()
    newest = {row.id: (row.state, row.sent_at) for row in fetch(_CONFIRMED, values)}
    return Letters(
        frozenset(one for one, (state, _sent_at) in newest.items() if state in ON_ITS_WAY),
        {one: sent_at for one, (state, sent_at) in newest.items() if state is DeliveryState.SENT},
    )
