"""The list of what is owed, where each is given, and its part of the application's page."""

from datetime import timedelta
from typing import Final

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.company.states import FEEDBACK_WAY_LABELS, FeedbackWay
from portal.core.clock import day_of, now
from portal.core.permissions import Permission, Role
from portal.feedback.actions import is_call_theirs
from portal.feedback.forms.owing import OwedFilterForm
from portal.feedback.queries import Whose, owed_to_candidates
from portal.feedback.recruiter_views.finding import asker, blueprint, found_debt, found_panels
from portal.feedback.states import FORM_LABELS, DebtState
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

#: How long what was given stands in the list.
_LATELY: Final = timedelta(days=60)


@blueprint.get("/feedback")
def index() -> Response | str:
    scope, at = asker(), now()
    filters = OwedFilterForm(Whose.ALL if scope.role is Role.ADMIN else Whose.MINE)
    number = page_number()
    found, total = owed_to_candidates(
        scope, filters.is_whose, filters.shows, at - _LATELY, (number - 1) * PAGE_SIZE, PAGE_SIZE
    )
    if number > 1 and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/feedback/index.html",
        filters=filters,
        page=Page(found, number, total),
        shows=str(filters.shows),
        is_mine=filters.is_whose is Whose.MINE,
        today=day_of(at, company_zone()),
        way_labels=FEEDBACK_WAY_LABELS,
        form_labels=FORM_LABELS,
        may_hold=identity().may(Permission.CHANGE_SETTINGS),
    )


@blueprint.get("/feedback/<public_id>")
def give(public_id: str) -> Response:
    """To where this feedback is given; where it is owed no more, to the application."""
    debt = found_debt(public_id)
    if debt.state is not DebtState.OPEN:
        return redirect(url_for("recruiting.applications.show", public_id=public_id), 303)
    if debt.way is FeedbackWay.TELEPHONE:
        return redirect(url_for(".call", public_id=public_id), 303)
    return redirect(f"{url_for('recruiting.applications.show', public_id=public_id)}/feedback", 303)


def owed_panel(public_id: str) -> str:
    """On the page of an application: what feedback is or was owed, and what can be done about it."""
    found = found_panels(public_id)
    debt = found.debt if found else None
    if debt is None:
        return ""
    at = now()
    today = day_of(at, company_zone())
    return render_template(
        "recruiting/feedback/_owed.html",
        debt=debt,
        today=today,
        days_late=max(0, (today - debt.due_on).days),
        may_log_call=debt.state is DebtState.OPEN and is_call_theirs(debt, asker(), at),
        form_labels=FORM_LABELS,
        may_hold=identity().may(Permission.CHANGE_SETTINGS),
        may_take_call_back=debt.called_by_id == identity().person_id or identity().role is Role.ADMIN,
    )
