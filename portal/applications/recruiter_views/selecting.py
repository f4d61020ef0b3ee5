"""Who was chosen in a pipeline, as the address of the page says it."""

from typing import Any

from flask import request

from portal.applications.queries.choosing import chosen_in, filters_in
from portal.applications.queries.pipeline import Chosen
from portal.applications.queries.shown import StaffScope
from portal.company.queries import company_zone
from portal.core.clock import day_of, now


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
