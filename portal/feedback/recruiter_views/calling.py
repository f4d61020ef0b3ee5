"""Logging that somebody got their feedback by telephone."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.company.states import FeedbackWay
from portal.core.clock import day_of, now
from portal.core.i18n import gettext as _
from portal.feedback.actions import is_call_theirs, log_feedback_call, take_call_back, whose_call
from portal.feedback.forms.owing import FeedbackCallForm
from portal.feedback.recruiter_views.finding import asker, blueprint, found_debt
from portal.feedback.rules.owing import NothingOwed, NotYours, OwingRefused
from portal.feedback.states import DebtState

Answer = Response | tuple[str, int]


@blueprint.route("/feedback/<public_id>/call", methods=["GET", "POST"])
def call(public_id: str) -> Answer:
    """Log a call: the candidate reads its sentence at once."""
    at, debt = now(), found_debt(public_id)
    is_by_telephone = debt.way is FeedbackWay.TELEPHONE
    form = FeedbackCallForm(day_of(at, company_zone()), is_by_telephone=is_by_telephone)
    if debt.state is not DebtState.OPEN:
        return _to_application(public_id, _("This feedback is not owed any more, so there is no call to log."))
    if not is_call_theirs(debt, asker(), at):
        return _to_application(public_id, whose_call(debt))
    if form.validate_on_submit():
        try:
            log_feedback_call(public_id, form.call, scope=asker(), now=at)
        except OwingRefused as error:
            form.put_error(error.field, error)
        except (NothingOwed, NotYours) as error:
            return _to_application(public_id, error.message)
        else:
            flash(_("Logged. %(name)s reads it on their page now.", name=debt.name), "success")
            return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
    page = render_template("recruiting/feedback/call.html", debt=debt, form=form, is_by_telephone=is_by_telephone)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/feedback/<public_id>/call/take-back")
def no_call(public_id: str) -> Response:
    """It was logged by mistake."""
    try:
        take_call_back(public_id, scope=asker(), now=now())
    except NothingOwed as error:
        return _to_application(public_id, error.message)
    flash(_("The call is taken back, and the feedback is owed again."), "success")
    return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)


def _to_application(public_id: str, why: str) -> Response:
    flash(why, "warning")
    return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
