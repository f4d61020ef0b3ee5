"""What the company had promised those who applied, as each application keeps it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application
from portal.company.models import ServicePromise
from portal.company.queries.service import promises_today
from portal.company.rules.service import promised_in
from portal.company.states import FeedbackWay
from portal.core.db import fetch
from portal.openings.models import Opening, OpeningVersion
from portal.openings.queries.ways import feedback_way_of
from portal.openings.rules import from_json


@dataclass(frozen=True)
class FeedbackPromise:
    """What somebody was promised about feedback after interviews."""

    way: FeedbackWay
    #: Calendar days from the ending to the feedback.
    days: int


_WAYS = (
    select(Application.id, ServicePromise.content, OpeningVersion.content)
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(ServicePromise, ServicePromise.number == Application.service_promise)
    .outerjoin(
        OpeningVersion,
        (OpeningVersion.opening_id == Application.opening_id)
        & (OpeningVersion.number == func.coalesce(Application.opening_version, Opening.version_number)),
    )
    .where(Application.id.in_(bindparam("ids", expanding=True)))
    .order_by(Application.id)
)


def feedback_promises(application_ids: Collection[int]) -> dict[int, FeedbackPromise]:
    """What was promised about feedback to each of these applications, by id.

    As the promises said under which it was made, for the opening as it was applied to; of an import, as the opening
    says now. What a company decides later holds for those who apply later.
    """
    if not application_ids:
        return {}
    rows = fetch(_WAYS, {"ids": sorted(set(application_ids))})
    return {application_id: _promise(promised, said) for application_id, promised, said in rows}


def _promise(content: dict[str, Any] | None, said: dict[str, Any] | None) -> FeedbackPromise:
    promised = promised_in(content) if content else promises_today()
    return FeedbackPromise(feedback_way_of(from_json(said) if said else None, promised), promised.feedback_days)
