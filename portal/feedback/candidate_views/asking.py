"""What the page of an application tells its candidate of feedback they are owed, and asking for it."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView, find_application_of
from portal.applications.states import ENDINGS
from portal.company.queries import company_zone
from portal.company.states import FeedbackWay
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.feedback.actions import ask_for_feedback
from portal.feedback.candidate_views.finding import blueprint
from portal.feedback.queries import OwnDebt, facts_about, own_debt
from portal.feedback.rules import given_at, is_none_given, may_ask, owed
from portal.feedback.rules.owing import NothingToAskFor
from portal.feedback.states import DebtState, FeedbackForm
from portal.outbox.states import DeliveryState
from portal.web.identity import identity, maybe_identity
from portal.web.panels import page_of

#: States of the mail about a hold until which their page says nothing of it.
_UNTOLD = frozenset({DeliveryState.QUEUED, DeliveryState.LEASED})


@blueprint.get("/applications/<public_id>/feedback/ask")
def ask(public_id: str) -> str:
    """What comes when they ask, and one button; where there is nothing to ask for, that."""
    view = _own(public_id)
    facts, _debts = facts_about([view.id])[view.id]
    return render_template(
        "candidate/feedback/ask.html",
        application=view,
        may_ask=may_ask(facts, now()),
        days=facts.days,
        is_by_telephone=facts.way is FeedbackWay.TELEPHONE,
    )


@blueprint.post("/applications/<public_id>/feedback/ask")
def ask_now(public_id: str) -> Response:
    view = _own(public_id)
    try:
        due_on = ask_for_feedback(identity().person_id, public_id, now=now())
    except NothingToAskFor as error:
        flash(error.message, "info")
    else:
        flash(
            _("%(name)s knows. You have your feedback by %(day)s.", name=view.owner_name, day=format_day(due_on)),
            "success",
        )
    return _back(public_id)


def _own(public_id: str) -> ApplicationView:
    view = find_application_of(identity().person_id, public_id)
    if view is None:
        raise NotFound
    return view


def _back(public_id: str) -> Response:
    return redirect(url_for("candidate.applications.show", public_id=public_id), 303)


def own_owed_panel(public_id: str) -> str:
    """On the page of their application: by when they have it, that it is held back, or that they may ask for it.

    A browser that follows the application reads the same, but for what somebody told them or wrote to them.
    """
    if page_of(ApplicationView).status not in ENDINGS:
        return ""
    debt = own_debt(public_id)
    if debt is None or not debt.interview_count:
        return ""
    if debt.state is None:
        return _without_a_debt(debt, public_id)
    if debt.is_there or (debt.state is DebtState.GIVEN and debt.called_on is None):
        return ""
    is_held = debt.state is DebtState.HELD and debt.delivery_state not in _UNTOLD
    return _panel(debt, public_id, "held" if is_held else "given" if debt.called_on else "open")


def _without_a_debt(debt: OwnDebt, public_id: str) -> str:
    """Before it was noted, where they can ask, and where our promises said that there is none."""
    at = now()
    facts, _debts = facts_about([debt.application_id])[debt.application_id]
    if may_ask(facts, at):
        return _panel(debt, public_id, "ask")
    if is_none_given(facts, at):
        return _panel(debt, public_id, "none")
    due = owed(facts, company_zone(), at)
    if due is None or given_at(facts, at) is not None:
        return ""
    return _panel(replace(debt, form=due.form, way=due.way, due_on=due.due_on), public_id, "open")


def _panel(debt: OwnDebt, public_id: str, state: str) -> str:
    """`state` names the partial: open, held, given (by telephone), ask, none."""
    zone, me = company_zone(), maybe_identity()
    return render_template(
        "candidate/feedback/owed.html",
        debt=debt,
        public_id=public_id,
        state=state,
        is_own=me is not None and me.person_id == debt.person_id,
        is_late=debt.due_on is not None and debt.due_on < day_of(now(), zone),
        is_by_telephone=debt.way is FeedbackWay.TELEPHONE,
        is_short=debt.form is FeedbackForm.SHORT,
        asked_on=day_of(debt.asked_at, zone) if debt.asked_at else None,
    )
