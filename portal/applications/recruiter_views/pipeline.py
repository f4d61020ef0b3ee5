"""The pipeline of an opening: its table, and what is done from there to one or many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.moving_many import (
    begin_change,
    go_on_with_change,
    preview_for,
    take_change_back,
)
from portal.applications.actions.reassigning import NotAnOwner, reassign_applications
from portal.applications.forms import When
from portal.applications.queries import StaffScope
from portal.applications.queries.changes import ChangeView, find_change, own_actions
from portal.applications.queries.choosing import filters_in
from portal.applications.queries.numbers import numbers_of
from portal.applications.queries.own import left_out_for
from portal.applications.queries.pipeline import (
    NO_STAGE,
    Chosen,
    PipelineOpening,
    find_pipeline,
    list_pipeline,
    stages_offered,
)
from portal.applications.recruiter_views.finding import asker, blueprint, find, writer
from portal.applications.recruiter_views.pipeline_forms import ManyForm, OwnerForm, PipelineForm
from portal.applications.recruiter_views.pipeline_rows import rows_of
from portal.applications.recruiter_views.selecting import selection_arguments, selection_of
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
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.rules.pipeline import Change, UnknownStage, is_due_by, outcome_of
from portal.applications.states import STATUS_LABELS, ItemState, ManyKind
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Permission
from portal.people.queries import active_recruiters, away_on, find_active_staff
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]
_TITLES: Final = {
    ManyKind.MOVE: _l("Move to another stage"),
    ManyKind.DELAY: _l("Tell them it takes longer"),
    ManyKind.WRITE: _l("Write to them"),
}


@dataclass(frozen=True)
class _Reads:
    """What one of many will read; no proposal: nothing, for it changes for us only."""

    who: Chosen
    proposal: Proposal | None


def _opening(public_id: str, scope: StaffScope) -> PipelineOpening:
    opening = find_pipeline(public_id, scope)
    if opening is None:
        raise NotFound
    return opening


def _today() -> date:
    return day_of(now(), company_zone())


def _filters() -> dict[str, Any]:
    return filters_in(request.args)


@blueprint.get("/openings/<public_id>/pipeline")
def pipeline(public_id: str) -> Response | str:
    """Who applied to an opening, the oldest promise on top."""
    scope, today, at = asker(), _today(), now()
    opening = _opening(public_id, scope)
    form, number = PipelineForm(public_id, active_recruiters()), page_number()
    numbers = numbers_of(opening.id, [stage.name for stage in opening.stages], scope, today)
    filters = _filters()
    known = None if filters else numbers.open_count
    found, total = list_pipeline(form.wanted, scope, today, (number - 1) * PAGE_SIZE, PAGE_SIZE, known)
    if total and not found:
        return redirect(page_url(1), 303)
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    done = own_actions(scope.person_id, at, opening.id) if may_write else []
    rows, stands = rows_of(found, today)
    return render_template(
        "recruiting/pipeline/index.html",
        opening=opening,
        form=form,
        page=Page(found, number, total),
        rows=rows,
        stands=stands,
        counts=numbers.stages,
        ended_count=numbers.ended_count,
        stage=request.args.get("stage", ""),
        no_stage=NO_STAGE,
        filters=filters,
        may_write=may_write,
        at=at,
        on_its_way=[one for one in done if one.is_open],
        gone=[one for one in done if not one.is_open],
        status_labels=STATUS_LABELS,
        own=left_out_for(scope, public_id),
    )


def _selection(opening: PipelineOpening, scope: StaffScope) -> list[Chosen]:
    """Whom the address names."""
    return selection_of(opening.id, opening.public_id, scope)


def _arguments() -> dict[str, Any]:
    """What the address says, to lead on with."""
    what = {"what": request.args["what"]} if request.args.get("what") else {}
    return selection_arguments() | what


@blueprint.route("/openings/<public_id>/pipeline/change", methods=["GET", "POST"])
def change_many(public_id: str) -> Answer:
    """Move, put off or write: who is chosen and what is done stands in the address."""
    scope = writer()
    opening = _opening(public_id, scope)
    if request.args.get("what") == "owner":
        return redirect(url_for(".reassign", public_id=public_id, **_arguments()), 303)
    people = _selection(opening, scope)
    if request.args.get("what") == "end" and people:
        return _to_endings(opening, people)
    kind = _kind()
    today = _today()
    stages = stages_offered(opening.id, opening.stages) if kind is ManyKind.MOVE else []
    form = ManyForm(kind, stages, days_ahead(today), [is_due_by(who.one.promised, today) for who in people])
    if not form.is_submitted():
        form.seen.data = _seen(people)
    if not form.validate_on_submit():
        return _change_page(opening, kind, form, people, 422 if form.is_submitted() else 200)
    try:
        change = form.change
    except UnknownStage as error:
        form.put_error("stage", error)
        return _change_page(opening, kind, form, people, 422)
    if change.day is None and form.when.data != When.KEEP:
        form.when.errors = [*form.when.errors, _("Please say by when they hear from us next.")]
        return _change_page(opening, kind, form, people, 422)
    return _preview_or_begin(opening, kind, form, people, change, scope)


def _preview_or_begin(
    opening: PipelineOpening,
    kind: ManyKind,
    form: ManyForm,
    people: list[Chosen],
    change: Change,
    scope: StaffScope,
) -> Answer:
    seen = form.seen_events
    reads, left_out, refusal = _sorted_out(change, people, seen)
    has_changed = any(seen.get(one.public_id) != one.newest_event_id for one in people)
    wanted = request.form.get("do")
    if not reads:
        if refusal is not None:
            form.refuse(refusal)
        else:
            form.form_errors.append(_("Nothing would be done. The reasons stand beside."))
        form.seen.data = _seen(people)
        return _change_page(opening, kind, form, people, 409 if has_changed else 422, left_out=left_out)
    try:
        preview = _preview(reads, kind, scope)
    except (ProposalRefused, MissingValue) as error:
        form.put_error("", error)
        return _change_page(opening, kind, form, people, 422, reads=reads, left_out=left_out)
    if wanted == PREVIEW:
        return _change_page(opening, kind, form, people, 200, reads=reads, left_out=left_out, preview=preview)
    at = now()
    shown = [replace(one.who, newest_event_id=seen[one.who.public_id]) for one in reads]
    change_id = begin_change(
        replace(change, is_hurried=wanted == NOW), shown, opening_id=opening.id, scope=scope, now=at
    )
    end_reading()
    begun = find_change(change_id, scope.person_id)
    if begun is not None:
        go_on_with_change(begun.id, at)
    for why, names in left_out:
        words = ngettext("%(count)s was left out. %(why)s", "%(count)s were left out. %(why)s", len(names), why=why)
        flash(words, "warning")
    return redirect(url_for(".changed_many", change_id=change_id, **_filters()), 303)


def _to_endings(opening: PipelineOpening, people: list[Chosen]) -> Response:
    """Where one is ended, or several."""
    if len(people) == 1:
        return redirect(url_for(".end", public_id=people[0].public_id), 303)
    return redirect(url_for(".finish", public_id=opening.public_id, **selection_arguments()), 303)


def _kind() -> ManyKind:
    wanted = request.args.get("what", "")
    return ManyKind(wanted) if wanted in set(ManyKind) else ManyKind.MOVE


def _seen(people: Sequence[Chosen]) -> str:
    return " ".join(f"{one.public_id}:{one.newest_event_id}" for one in people)


def _sorted_out(
    change: Change, people: Sequence[Chosen], seen: dict[str, str]
) -> tuple[list[_Reads], list[tuple[str, list[str]]], ProposalRefused | None]:
    """What each reads, who is left out by the reason why, and the first thing that is not right in the form."""
    today = _today()
    calendar = calendar_from(today)
    reads: list[_Reads] = []
    out: list[tuple[str, str]] = []
    refusal: ProposalRefused | None = None
    for who in people:
        one = replace(who.one, has_changed=seen.get(who.public_id) != who.newest_event_id)
        try:
            outcome = outcome_of(change, one, today, calendar)
        except ProposalRefused as error:
            refusal = refusal or error
            out.append((error.message, who.label))
            continue
        if outcome.left_out:
            out.append((outcome.left_out, who.label))
        else:
            reads.append(_Reads(who, outcome.proposal))
    out.sort(key=lambda pair: pair[0])
    grouped = [(why, [name for _why, name in pairs]) for why, pairs in groupby(out, key=lambda pair: pair[0])]
    return reads, grouped, refusal


def _preview(reads: Sequence[_Reads], kind: ManyKind, scope: StaffScope) -> Preview | None:
    """The whole mail of the first who gets one."""
    at = now()
    for one in reads:
        if one.proposal is not None:
            mail, going = preview_for(one.who.public_id, one.proposal, kind=kind, scope=scope, now=at)
            view = find(one.who.public_id, scope)
            return readable(mail, one.proposal.status, when_of(going, view, at))
    return None


def _change_page(
    opening: PipelineOpening,
    kind: ManyKind,
    form: ManyForm,
    people: list[Chosen],
    status: int,
    *,
    reads: list[_Reads] | None = None,
    left_out: list[tuple[str, list[str]]] | None = None,
    preview: Preview | None = None,
) -> Answer:
    first_field = form.stage if kind is ManyKind.MOVE else form.message if kind is ManyKind.WRITE else None
    if first_field is not None and not form.is_submitted():
        first_field.render_kw = {"autofocus": True}
    page = render_template(
        "recruiting/pipeline/change.html",
        opening=opening,
        kind=kind,
        title=str(_TITLES[kind]),
        form=form,
        people=people,
        reads=reads or [],
        told_count=sum(one.proposal is not None for one in reads or []),
        left_out=left_out or [],
        preview=preview,
        first=next((one.who for one in reads or [] if one.proposal is not None), None),
        arguments=_arguments(),
        back=url_for(".pipeline", public_id=opening.public_id, **_filters()),
        undo=undo_words(),
        status_labels=STATUS_LABELS,
    )
    return page, status


@blueprint.get("/pipeline/changes/<change_id>")
def changed_many(change_id: str) -> str:
    """How far it has come, and how it is taken back."""
    return _changed_page("recruiting/pipeline/changed.html", change_id)


@blueprint.get("/pipeline/changes/<change_id>/progress")
def change_progress(change_id: str) -> str:
    """The part of that page that changes."""
    return _changed_page("recruiting/pipeline/_progress.html", change_id)


def _found_change(change_id: str) -> ChangeView:
    view = find_change(change_id, writer().person_id)
    # What was done to the list of applications has a page of its own.
    if view is None or not view.opening_public_id:
        raise NotFound
    return view


def _changed_page(template: str, change_id: str) -> str:
    view, at = _found_change(change_id), now()
    left_out = sorted(view.having(ItemState.LEFT_OUT), key=lambda item: item.why)
    return render_template(
        template,
        view=view,
        title=str(_TITLES[view.kind]),
        done_count=len(view.having(ItemState.DONE)),
        waiting_count=len(view.having(ItemState.WAITING)),
        back_count=len(view.having(ItemState.TAKEN_BACK)),
        left_out=[(why, list(items)) for why, items in groupby(left_out, key=lambda item: item.why)],
        goes=goes_words(view.goes_at, at) if view.goes_at and view.goes_at > at else "",
        filters=_filters(),
        back=url_for(".pipeline", public_id=view.opening_public_id, **_filters()),
    )


@blueprint.post("/pipeline/changes/<change_id>/take-back")
def take_change(change_id: str) -> Response:
    """Undo all of it that has not gone yet."""
    view, at = _found_change(change_id), now()
    count = take_change_back(view, scope=writer(), now=at)
    stopped = len(view.having(ItemState.WAITING))
    if count:
        flash(_words_of_back(count), "success")
    if stopped:
        flash(ngettext("%(count)s was not begun.", "%(count)s were not begun.", stopped), "info")
    gone = len(view.having(ItemState.DONE)) - count
    if gone:
        flash(ngettext("%(count)s had gone already.", "%(count)s had gone already.", gone), "warning")
    return redirect(url_for(".pipeline", public_id=view.opening_public_id, **_filters()), 303)


def _words_of_back(count: int) -> str:
    return ngettext(
        "%(count)s was taken back. Nothing of it was sent.",
        "%(count)s were taken back. Nothing of them was sent.",
        count,
    )


@blueprint.route("/openings/<public_id>/pipeline/owner", methods=["GET", "POST"])
def reassign(public_id: str) -> Answer:
    """Give the chosen ones to a colleague."""
    scope = writer()
    opening = _opening(public_id, scope)
    people = _selection(opening, scope)
    form = OwnerForm(active_recruiters())
    back = url_for(".pipeline", public_id=public_id, **_filters())
    if form.validate_on_submit() and people:
        try:
            count = _reassign(opening, people, form.owner.data or "", scope, now())
        except NotAnOwner as error:
            form.put_error("owner", error)
        else:
            words = ngettext("%(count)s application changed hands.", "%(count)s applications changed hands.", count)
            flash(" ".join(filter(None, [words, _away_words(form.owner.data or "")])), "success" if count else "info")
            return redirect(back, 303)
    page = render_template(
        "recruiting/pipeline/owner.html",
        opening=opening,
        form=form,
        people=people,
        arguments=_arguments(),
        back=back,
    )
    return page, 422 if form.is_submitted() else 200


def _away_words(owner: str) -> str:
    """Until when this colleague is away and who stands in; empty while they are here."""
    to = find_active_staff(owner)
    away = away_on(_today()).get(to.person_id) if to else None
    if to is None or away is None:
        return ""
    words = _("%(name)s is away until %(day)s; %(other)s stands in.")
    return words % {"name": to.name or to.email, "day": format_day(away.until_on), "other": away.stand_in_name}


def _reassign(opening: PipelineOpening, people: list[Chosen], owner: str, scope: StaffScope, at: datetime) -> int:
    return reassign_applications(
        people, to_public_id=owner, opening_id=opening.public_id, opening_title=opening.title, scope=scope, now=at
    )
