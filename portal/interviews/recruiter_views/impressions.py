"""How interviews began, as those said who were interviewed: totals of five and more."""

from flask import render_template

from portal.core.clock import now
from portal.interviews.queries.impressions import impressions_for
from portal.interviews.recruiter_views.finding import asker, blueprint
from portal.interviews.rules.afterwards import FEWEST_SHOWN


@blueprint.get("/interviews/impressions")
def impressions() -> str:
    scope = asker()
    shown = impressions_for(scope.person_id, scope.role, now())
    return render_template("recruiting/interviews/impressions.html", shown=shown, fewest=FEWEST_SHOWN)
