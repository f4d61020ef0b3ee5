"""How many were told of an opening, for the page of the opening."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from portal.alerts.queries import OpeningAlerts, numbers_of_alerts
from portal.alerts.states import WAITING_LABELS

blueprint = Blueprint("alerts", __name__)


@blueprint.app_context_processor
def alerts_for_templates() -> dict[str, Callable[[int], OpeningAlerts] | Any]:
    """Lets the page of an opening, which belongs to a feature below this one, ask how many were told of it."""
    return {"alerts_of_opening": numbers_of_alerts, "waiting_labels": WAITING_LABELS}
