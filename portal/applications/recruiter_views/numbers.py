"""How many are in an opening, for the page of the opening."""

from collections.abc import Callable, Sequence

from portal.applications.queries.numbers import OpeningNumbers, numbers_of
from portal.applications.queries.pipeline import NO_STAGE
from portal.applications.recruiter_views.finding import asker, blueprint
from portal.company.queries import company_zone
from portal.core.clock import day_of, now


@blueprint.app_context_processor
def numbers_for_templates() -> dict[str, Callable[[int, Sequence[str]], OpeningNumbers] | str]:
    """Lets the page of an opening, which belongs to a feature below this one, ask how many are in it."""
    return {"numbers_of_opening": _numbers, "no_stage_key": NO_STAGE}


def _numbers(opening_id: int, stages: Sequence[str]) -> OpeningNumbers:
    return numbers_of(opening_id, stages, asker(), day_of(now(), company_zone()))
