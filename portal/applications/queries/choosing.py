"""Who was chosen in a pipeline, as the address of a page says it: each by their id, or all that its filters find."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from portal.applications.queries.pipeline import Chosen, PipelineFilter, chosen
from portal.applications.queries.shown import StaffScope
from portal.applications.queries.staff import StaffFilter
from portal.applications.states import ApplicationStatus
from portal.people.queries import active_recruiters

#: What narrows a pipeline, as its address names it.
PIPELINE_FILTERS: Final = ("q", "stage", "status", "owner", "promised", "due", "asked", "marked", "waiting", "ended")
_LENGTH: Final = 200


def filters_in(arguments: Mapping[str, str]) -> dict[str, Any]:
    """What narrows the pipeline in this address, to lead back to it."""
    return {name: arguments[name] for name in PIPELINE_FILTERS if arguments.get(name)}


def wanted_in(arguments: Mapping[str, str], opening_public_id: str, owners: Collection[str]) -> PipelineFilter:
    """What a pipeline is narrowed to; a choice that does not exist narrows nothing. `owners`: public ids."""
    status, owner = arguments.get("status", ""), arguments.get("owner", "")
    rest = StaffFilter(
        q=" ".join(arguments.get("q", "").split())[:_LENGTH],
        opening=opening_public_id,
        status=status if status in set(ApplicationStatus) else "",
        owner=owner if owner in owners else "",
        promised=_day(arguments.get("promised", "")),
        is_due_only=bool(arguments.get("due")),
        is_noted_only=bool(arguments.get("waiting")),
    )
    return PipelineFilter(
        rest,
        stage=arguments.get("stage", "")[:_LENGTH],
        is_asked_only=bool(arguments.get("asked")),
        is_marked_only=bool(arguments.get("marked")),
        is_ended=bool(arguments.get("ended")),
    )


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def chosen_in(
    arguments: Mapping[str, str],
    ids: Sequence[str],
    opening: tuple[int, str],
    scope: StaffScope,
    today: date,
) -> list[Chosen]:
    """Those of an opening (its id and its public id) that an address names, as far as the asker may see them.

    `ids`: public ids of applications; those in another opening are passed over.
    """
    opening_id, public_id = opening
    if not arguments.get("all"):
        return chosen(None, ids, opening_id, scope, today)
    owners = {row.public_id for row in active_recruiters()}
    return chosen(wanted_in(arguments, public_id, owners), [], opening_id, scope, today)
