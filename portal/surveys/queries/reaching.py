"""How many came past a touchpoint and were asked; read from counts that a job keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from portal.core.db import fetch
from portal.surveys.models import NOT_COUNTED, SurveyInvitation, SurveyReach
from portal.surveys.queries.inviting import members_who_did_not_agree
from portal.surveys.rules.reaching import ASKED, BEGAN, why_of
from portal.surveys.states import Touchpoint, WhyNotAsked


@dataclass(frozen=True)
class Reached:
    """How many were asked, began to answer, or were passed over and why; those who were erased since among them."""

    asked: int
    opened: int
    passed_over: Mapping[WhyNotAsked, int]


_COUNTS: Final = (
    select(SurveyReach.what, SurveyReach.count)
    .where(SurveyReach.survey_id == bindparam("survey_id"))
    .order_by(SurveyReach.what)
)
_UNCOUNTED: Final = select(SurveyInvitation.id).where(NOT_COUNTED)


def reached(survey_id: int, touchpoint: Touchpoint) -> Reached:
    """How many were asked, how many of them began, and why others were not asked.

    Members who did not agree to the pulse are counted as of now: nothing is noted of them.
    """
    counts: dict[str, int] = {what: count for what, count in fetch(_COUNTS, {"survey_id": survey_id})}
    why = {found: count for what, count in counts.items() if (found := why_of(what)) is not None}
    if touchpoint is Touchpoint.COMMUNITY and (count := members_who_did_not_agree()):
        why[WhyNotAsked.NO_CONSENT] = why.get(WhyNotAsked.NO_CONSENT, 0) + count
    return Reached(counts.get(ASKED, 0), counts.get(BEGAN, 0), why)


def uncounted() -> list[int]:
    """The invitations that were not counted as what they are by now."""
    return list(fetch(_UNCOUNTED).scalars())
