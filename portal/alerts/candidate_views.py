"""What a member was told of openings lately, and why."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from portal.alerts.queries import alerts_of, count_alerts_of
from portal.alerts.rules import why_in_words
from portal.community.queries import is_member
from portal.company.queries import areas, company_zone
from portal.contact.queries import consent_states
from portal.contact.states import Purpose
from portal.core.clock import day_of, now
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("alerts", __name__)


@blueprint.get("/job-alerts")
def index() -> Response | str:
    """Every mail about openings that reached a mail server, the newest first."""
    person_id, number, at = identity().person_id, page_number(), now()
    first, today = (number - 1) * PAGE_SIZE, day_of(at, company_zone())
    total = count_alerts_of(person_id)
    found = alerts_of(person_id, first, PAGE_SIZE, at, today)
    if total and not found:
        return redirect(page_url(1), 303)
    labels = {area.key: area.label for area in areas()}
    state = consent_states(person_id).get(Purpose.JOB_ALERTS)
    return render_template(
        "candidate/alerts/index.html",
        page=Page(
            [(one.sent_at, [(it, why_in_words(it.why, labels)) for it in one.openings]) for one in found], number, total
        ),
        is_on=state is not None and state.is_given and is_member(person_id),
    )
