"""Letters that did not arrive, and whose readers nobody has told what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import String, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import Shown, StaffScope, is_in_scope, with_people, with_shown
from portal.applications.states import AUTOMATIC, OPEN_STATUSES, ApplicationStatus
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class UntoldLetter:
    """The last letter that somebody wrote about an application; it did not arrive."""

    public_id: str
    person_name: str
    email: str
    opening_title: str
    #: What their page says.
    shown_status: ApplicationStatus
    event_id: str
    #: What the letter says.
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email

    @property
    def key(self) -> str:
        """Names the letter in a form."""
        return f"{self.public_id}.{self.event_id}"

    def needs_a_day(self, today: date) -> bool:
        """Whether the day it names has passed, so that somebody has to choose another."""
        return self.status in OPEN_STATUSES and (self.next_update_by is None or self.next_update_by < today)


_Letter = aliased(ApplicationEvent, name="letter")
_Since = aliased(ApplicationEvent, name="since")
_UNTOLD: Final[Any] = (
    with_shown(
        with_people(
            select(
                Application.public_id,
                Person.name,
                func.coalesce(Address.email, ""),
                Opening.title,
                Shown.status,
                _Letter.public_id,
                _Letter.status,
                _Letter.next_update_by,
                _Letter.date_reason,
            )
        )
    )
    .join(_Letter, _Letter.application_id == Application.id)
    .join(Delivery, Delivery.id == _Letter.delivery_id)
    .where(Application.public_id.in_(bindparam("public_ids", expanding=True, type_=String())))
    .where(Delivery.state == DeliveryState.DEAD)
    .where(_Letter.kind.not_in(AUTOMATIC))
    .where(
        ~exists()
        .where(_Since.application_id == _Letter.application_id)
        .where(_Since.id > _Letter.id)
        .where(_Since.kind.not_in(AUTOMATIC))
        .correlate(_Letter)
    )
    .order_by(Opening.title, Opening.id, Person.name, Application.id)
)


def untold_letters(public_ids: Sequence[str], scope: StaffScope) -> list[UntoldLetter]:
    """Of these applications, as far as the asker may see them, those whose last letter reached nobody; by opening."""
    statement = _UNTOLD.where(is_in_scope(scope.person_id, scope.role))
    return [UntoldLetter(*row) for row in fetch(statement, {"public_ids": list(public_ids)})]
