"""The list of surveys, and the ready one of a touchpoint that nobody has touched yet."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.surveys.actions.editing import begin_survey, publish_ready
from portal.surveys.data.ready import ready_content
from portal.surveys.queries.releasing import waiting_count
from portal.surveys.queries.surveys import survey_at, surveys_listed
from portal.surveys.recruiter_views.finding import blueprint, require_writer
from portal.surveys.recruiter_views.showing import headlines
from portal.surveys.rules.answers import asked_of
from portal.surveys.rules.editing import StaleDraft
from portal.surveys.rules.releasing import FEWEST
from portal.surveys.states import (
    BEFORE_THE_DECISION,
    STATE_LABELS,
    TOUCHPOINT_LABELS,
    TOUCHPOINT_MOMENTS,
    SurveyState,
    Touchpoint,
)
from portal.web.identity import identity


@blueprint.get("/surveys")
def index() -> str:
    found = surveys_listed()
    at = {one.touchpoint: one for one in found if one.state is not SurveyState.CLOSED}
    lines = headlines([one.id for one in found if one.version_number])
    return render_template(
        "recruiting/surveys/index.html",
        rows=[(touchpoint, at.get(touchpoint)) for touchpoint in Touchpoint],
        closed=[one for one in found if one.state is SurveyState.CLOSED],
        was_published=any(one.version_number for one in found),
        labels=TOUCHPOINT_LABELS,
        moments=TOUCHPOINT_MOMENTS,
        states=STATE_LABELS,
        headlines=lines,
        waiting={one.id: waiting_count(one.id) for one in found if one.is_open and one.id not in lines},
        before_decision=BEFORE_THE_DECISION,
        fewest=FEWEST,
    )


@blueprint.get("/surveys/ready/<touchpoint>")
def ready(touchpoint: str) -> Response | str:
    """What the ready survey asks, on a phone; from here it is published as it is, or changed first."""
    moment = _touchpoint(touchpoint)
    found = survey_at(moment)
    if found is not None:
        return redirect(url_for(".preview", public_id=found.public_id), 303)
    content, org = ready_content(moment), current_settings().org_name
    return render_template(
        "recruiting/surveys/ready.html",
        touchpoint=moment,
        label=TOUCHPOINT_LABELS[moment],
        moment=TOUCHPOINT_MOMENTS[moment],
        content=content,
        asked=[asked_of(one, org) for one in content.questions],
    )


@blueprint.post("/surveys/ready/<touchpoint>/publish")
def publish_as_it_is(touchpoint: str) -> Response:
    require_writer()
    moment = _touchpoint(touchpoint)
    try:
        publish_ready(moment, actor_id=identity().person_id, now=now())
    except StaleDraft as error:
        flash(error.message, "warning")
        return redirect(url_for(".ready", touchpoint=touchpoint), 303)
    flash(
        _("Published. From now on people are asked at this moment: %(moment)s", moment=TOUCHPOINT_LABELS[moment]),
        "success",
    )
    return redirect(url_for(".index"), 303)


@blueprint.post("/surveys/ready/<touchpoint>/begin")
def begin(touchpoint: str) -> Response:
    require_writer()
    public_id = begin_survey(_touchpoint(touchpoint), actor_id=identity().person_id, now=now())
    return redirect(url_for(".edit", public_id=public_id), 303)


def _touchpoint(word: str) -> Touchpoint:
    """The touchpoint that an address names; raises NotFound."""
    if word not in set(Touchpoint):
        raise NotFound
    return Touchpoint(word)
