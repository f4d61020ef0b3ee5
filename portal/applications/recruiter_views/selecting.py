"""Which pipeline it is and who was chosen in it, as the address of the page says it."""

from typing import Any

from flask import request

from portal.applications.queries.choosing import chosen_in, filters_in
from portal.applications.queries.pipeline import Chosen, PipelineOpening, find_pipeline
from portal.applications.queries.shown import StaffScope
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound


def find_opening(public_id: str, scope: StaffScope) -> PipelineOpening:
    """The opening whose pipeline it is; raises NotFound when the asker may not see it."""
    opening = find_pipeline(public_id, scope)
    if opening is None:
        raise NotFound
    return opening


def filters() -> dict[str, Any]:
    """What narrows the pipeline, to lead back with."""
    return filters_in(request.args)


def has_selection() -> bool:
    """Whether the address says who is meant."""
    return bool(request.args.getlist("a") or request.args.get("all"))


def selection_of(opening_id: int, public_id: str, scope: StaffScope) -> list[Chosen]:
    """Whom of this opening the address names: each by their id, or all that its filters find."""
    today = day_of(now(), company_zone())
    return chosen_in(request.args, request.args.getlist("a"), (opening_id, public_id), scope, today)


def selection_arguments() -> dict[str, Any]:
    """What the address says of it, to lead on with."""
    ids = request.args.getlist("a")
    everybody = {"all": request.args["all"]} if request.args.get("all") else {}
    return filters_in(request.args) | ({"a": ids} if ids else {}) | everybody


def what_is_chosen() -> dict[str, Any]:
    """Whom the address names and what is to be done to them, to lead on with."""
    what = {"what": request.args["what"]} if request.args.get("what") else {}
    return selection_arguments() | what
