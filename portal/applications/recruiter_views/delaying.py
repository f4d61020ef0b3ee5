"""Telling one or many that it takes longer: who gets it, what they read, and how far it has come."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import Delay, Told, preview_delay, take_notices_back, tell_of_delay
from portal.applications.forms import DelayForm, FilterForm
from portal.applications.queries import StaffFilter, StaffScope, openings_for_filter
from portal.applications.queries.delaying import Affected, affected_by_delay, notices_like
from portal.applications.recruiter_views.finding import blueprint, find, narrowing, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    days_ahead,
    goes_words,
    readable,
    undo_words,
    when_of,
)
from portal.applications.rules import LEFT_OUT_WORDS, LeftOut, ProposalRefused
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext
from portal.people.queries import active_recruiters
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@blueprint.route("/applications/delay", methods=["GET", "POST"])
def delay() -> Answer:
    """Whom it concerns stands in the address: the filters of the list, or `only` one application."""
    scope = writer()
    form = DelayForm(days_ahead(day_of(now(), company_zone())))
    if not form.validate_on_submit():
        return _page(form, _affected(scope, form.day), 422 if form.is_submitted() else 200)
    affected = _affected(scope, form.day)
    wanted = request.form.get("do")
    notice = Delay(form.day, form.date_reason.data or "", is_hurried=wanted == NOW)
    first = next((one for one in affected if one.left_out is None), None)
    if first is None:
        return _nobody(form, affected)
    try:
        preview = _preview(first, scope, notice)
    except ProposalRefused as error:
        form.refuse(error)
        return _page(form, affected, 422)
    except MissingValue as error:
        form.put_error("", error)
        return _page(form, affected, 422)
    if wanted == PREVIEW:
        return _page(form, affected, 200, preview, first)
    return _went_on(tell_of_delay(affected, scope=scope, delay=notice, now=now()), "")


def _nobody(form: DelayForm, affected: list[Affected]) -> Answer:
    if form.day is None:
        form.when.errors = [*form.when.errors, _("Please say by when they hear from us next.")]
    else:
        form.form_errors.append(_("Nobody here would be told. The reasons stand below."))
    return _page(form, affected, 422)


def _went_on(told: Told, event_id: str) -> Response:
    """To the page that says how far it has come."""
    if told.failed:
        names = join_words([one.person_name or one.email for one in told.failed])
        flash(_("Not told, because something changed just now: %(names)s.", names=names), "warning")
    followed = event_id or told.first_event_id
    if not followed:
        return redirect(url_for(".delay", **narrowing("only")), 303)
    return redirect(url_for(".delayed", event_id=followed, **narrowing("only")), 303)


@blueprint.route("/applications/delayed/<event_id>", methods=["GET", "POST"])
def delayed(event_id: str) -> Answer:
    """How far it has come; by POST the next step, until everybody was told."""
    scope = writer()
    notices = notices_like(event_id, scope.person_id)
    if notices is None:
        raise NotFound
    left = [one for one in _affected(scope, notices.next_update_by) if one.left_out is None]
    if request.method == "POST":
        notice = Delay(notices.next_update_by, notices.date_reason)
        return _went_on(tell_of_delay(left, scope=scope, delay=notice, now=now()), event_id)
    at = now()
    page = render_template(
        "recruiting/applications/delayed.html",
        notices=notices,
        event_id=event_id,
        left_count=len(left),
        arguments=narrowing("only"),
        goes=goes_words(notices.goes_at, at) if notices.goes_at and notices.goes_at > at else "",
        back=_back(),
    )
    return page, 200


@blueprint.post("/applications/delayed/<event_id>/take-back")
def take_notices(event_id: str) -> Response:
    """Undo what has not gone yet."""
    scope = writer()
    notices = notices_like(event_id, scope.person_id)
    if notices is None:
        raise NotFound
    count = take_notices_back(notices, scope=scope, now=now())
    flash(
        ngettext(
            "%(count)s notice was taken back. Nothing of it was sent.",
            "%(count)s notices were taken back. Nothing of them was sent.",
            count,
        ),
        "success" if count else "info",
    )
    gone = len(notices.notices) - count
    if gone:
        flash(ngettext("%(count)s had gone already.", "%(count)s had gone already.", gone), "warning")
    return redirect(_back(), 303)


def _only() -> str:
    return request.args.get("only", "")


def _back() -> str:
    """Where they came from: the one application, or the list."""
    return url_for(".show", public_id=_only()) if _only() else url_for(".index", **narrowing())


def _affected(scope: StaffScope, day: Any) -> list[Affected]:
    today = day_of(now(), company_zone())
    if _only():
        find(_only(), scope)
        return affected_by_delay(StaffFilter(), scope, today, day, only=_only())
    wanted = FilterForm(openings_for_filter(scope), active_recruiters()).wanted
    return affected_by_delay(wanted, scope, today, day)


def _preview(first: Affected, scope: StaffScope, notice: Delay) -> Preview:
    at = now()
    mail, going = preview_delay(first.public_id, scope=scope, delay=notice, now=at)
    view = find(first.public_id, scope)
    return readable(mail, view.standing, when_of(going, view, at))


def _left_out(affected: list[Affected]) -> list[tuple[str, list[Affected]]]:
    """Who gets none, by the reason why."""
    grouped: dict[LeftOut, list[Affected]] = {}
    for one in affected:
        if one.left_out is not None:
            grouped.setdefault(one.left_out, []).append(one)
    return [(str(LEFT_OUT_WORDS[reason]), grouped[reason]) for reason in LeftOut if reason in grouped]


def _page(
    form: DelayForm,
    affected: list[Affected],
    status: int,
    preview: Preview | None = None,
    first: Affected | None = None,
) -> Answer:
    page = render_template(
        "recruiting/applications/delay.html",
        form=form,
        told=[one for one in affected if one.left_out is None],
        left_out=_left_out(affected),
        preview=preview,
        view=first,
        arguments=narrowing("only"),
        undo=undo_words(),
        is_one=bool(_only()),
        back=_back(),
    )
    return page, status
