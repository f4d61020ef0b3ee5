"""The guide to empathetic interviews: to read, and to say once a year that it was read."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.i18n import gettext as _
from portal.interviews.actions.acknowledging import say_guide_is_read
from portal.interviews.queries.panel import guide_read_at
from portal.interviews.recruiter_views.finding import blueprint
from portal.interviews.rules.guide import GUIDE, REFERENCES, good_until, is_read
from portal.web.identity import identity


@blueprint.get("/interviews/guide")
def guide() -> str:
    read_at, zone = guide_read_at(identity().person_id), company_zone()
    return render_template(
        "recruiting/interviews/guide.html",
        sections=GUIDE,
        references=REFERENCES,
        read_at=read_at,
        is_read=is_read(read_at, day_of(now(), zone), zone),
        good_until=good_until(read_at, zone) if read_at else None,
    )


@blueprint.post("/interviews/guide")
def say_read() -> Response:
    say_guide_is_read(identity().person_id, now())
    flash(_("Thank you. It counts for a year."), "success")
    return redirect(url_for(".guide", _anchor="main"), 303)
