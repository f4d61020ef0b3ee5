"""Holding feedback back, and letting it be given after all; for admins."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.queries import undo_minutes
from portal.core.clock import now
from portal.core.errors import Busy
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.feedback.actions import hold_feedback, lift_hold
from portal.feedback.forms.owing import HoldForm
from portal.feedback.recruiter_views.finding import asker, found_debt, holds
from portal.feedback.rules.owing import NothingOwed, OwingRefused, check_may_hold
from portal.people.queries import active_recruiters, recipient

Answer = Response | tuple[str, int]


@holds.route("/feedback/<public_id>/hold", methods=["GET", "POST"])
def hold(public_id: str) -> Answer:
    """Why it is held back, and whom the candidate can ask."""
    debt, scope = found_debt(public_id), asker()
    form = HoldForm(active_recruiters(), recipient(scope.person_id).public_id)
    status = 422 if form.is_submitted() else 200
    try:
        check_may_hold(debt.state, debt.written)
        if form.validate_on_submit():
            hold_feedback(public_id, form.hold, scope=scope, now=now())
            flash(_held_words(undo_minutes()), "success")
            return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
    except NothingOwed as error:
        flash(error.message, "warning")
        return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
    except OwingRefused as error:
        form.put_error(error.field, error)
    except Busy as error:
        form.put_error("", error)
        status = 409
    return render_template("recruiting/feedback/hold.html", debt=debt, form=form), status


def _held_words(minutes: int) -> str:
    if not minutes:
        return _("Held back. They are told by mail on the next working day.")
    return ngettext(
        "Held back. The mail to them waits for at least %(count)s minute, and for office hours; until it goes you can "
        "take it back.",
        "Held back. The mail to them waits for at least %(count)s minutes, and for office hours; until it goes you can "
        "take it back.",
        minutes,
    )


@holds.post("/feedback/<public_id>/lift")
def lift(public_id: str) -> Response:
    """Let it be given after all."""
    try:
        due_on = lift_hold(public_id, scope=asker(), now=now())
    except (NothingOwed, Busy) as error:
        flash(error.message, "warning")
    else:
        flash(_("It is owed again, by %(day)s.", day=format_day(due_on)), "success")
    return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
