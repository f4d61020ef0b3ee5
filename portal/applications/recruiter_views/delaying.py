"""Telling one or many that it takes longer: who gets it, what they read, and how far it has come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import Delay, preview_delay, tell_of_delay
from portal.applications.actions.moving_many import take_change_back
from portal.applications.forms import DelayForm, FilterForm
from portal.applications.queries import StaffFilter, StaffScope, openings_for_filter
from portal.applications.queries.changes import ChangeView, find_change
from portal.applications.queries.delaying import Affected, affected_by_delay
from portal.applications.recruiter_views.changed_many import how_far, say_what_was_not_taken_back
from portal.applications.recruiter_views.finding import blueprint, find, narrowing, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    days_ahead,
    readable,
    undo_words,
    when_of,
)
from portal.applications.rules import LEFT_OUT_WORDS, LeftOut, ProposalRefused
from portal.applications.states import ManyKind
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.people.queries import active_recruiters
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@blueprint.route("/applications/delay", methods=["GET", "POST"])
def delay() -> Answer:
    """Whom it concerns stands in the address: the filters of the list, or `only` one application."""
    scope = writer()
    form = DelayForm(days_ahead(day_of(now(), company_zone())))
    affected = _affected(scope, form.day)
    if not form.is_submitted():
        form.seen.data = seen_words(affected)
    affected = as_seen(affected, form.seen.data or "")
    if not form.validate_on_submit():
        return _page(form, affected, 422 if form.is_submitted() else 200)
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
    change_id = tell_of_delay(affected, scope=scope, delay=notice, now=now())
    return redirect(url_for(".delayed", change_id=change_id, **narrowing("only")), 303)


def seen_words(affected: Sequence[Affected]) -> str:
    """Who stands on the page with what was the newest about each, for the form to bring back."""
    return " ".join(f"{one.public_id}:{one.newest_event_id}" for one in affected)


def as_seen(affected: Sequence[Affected], seen: str) -> list[Affected]:
    """Those who stood on the page; whoever had another word since is left out, and who came since is nobody here."""
    newest = dict(pair.split(":", 1) for pair in seen.split() if ":" in pair)
    return [
        one if one.left_out or newest[one.public_id] == one.newest_event_id else replace(one, left_out=LeftOut.CHANGED)
        for one in affected
        if one.public_id in newest
    ]


def _nobody(form: DelayForm, affected: list[Affected]) -> Answer:
    if form.day is None:
        form.when.errors = [*form.when.errors, _("Please say by when they hear from us next.")]
    else:
        form.form_errors.append(_("Nobody here would be told. The reasons stand below."))
    # What is shown is how it stands now; sending it again means having seen that.
    form.seen.data = seen_words(_affected(writer(), form.day))
    return _page(form, affected, 422)


@blueprint.get("/applications/delayed/<change_id>")
def delayed(change_id: str) -> str:
    """How far it has come; looking at it tells nobody anything."""
    return _progress("recruiting/applications/delayed.html", change_id)


@blueprint.get("/applications/delayed/<change_id>/progress")
def delayed_progress(change_id: str) -> str:
    """The part of that page that changes."""
    return _progress("recruiting/applications/delayed_progress.html", change_id)


def _progress(template: str, change_id: str) -> str:
    view = _found(change_id)
    return render_template(
        template, **how_far(view, now()), total=len(view.items), arguments=narrowing("only"), back=_back()
    )


def _found(change_id: str) -> ChangeView:
    view = find_change(change_id, writer().person_id)
    if view is None or view.kind is not ManyKind.DELAY or view.opening_public_id:
        raise NotFound
    return view


@blueprint.post("/applications/delayed/<change_id>/take-back")
def take_notices(change_id: str) -> Response:
    """Undo what has not gone yet, and tell nobody else."""
    view = _found(change_id)
    count = take_change_back(view, scope=writer(), now=now())
    flash(
        ngettext(
            "%(count)s notice was taken back. Nothing of it was sent.",
            "%(count)s notices were taken back. Nothing of them was sent.",
            count,
        ),
        "success" if count else "info",
    )
    say_what_was_not_taken_back(view, count)
    return redirect(_back(), 303)


def _only() -> str:
    return request.args.get("only", "")


def _back() -> str:
    """Where they came from: the one application, or the list."""
    return url_for(".show", public_id=_only()) if _only() else url_for(".index", **narrowing())


def _affected(scope: StaffScope, day: date | None) -> list[Affected]:
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
