"""Moving, putting off or writing to many of a pipeline at once: what each would read, then the change itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.moving_many import begin_change, go_on_with_change, preview_for
from portal.applications.queries import StaffScope
from portal.applications.queries.changes import find_change
from portal.applications.queries.pipeline import Chosen, PipelineOpening, stages_offered
from portal.applications.recruiter_views.changed_many import TITLES
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.pipeline_forms import ManyForm
from portal.applications.recruiter_views.selecting import (
    filters,
    find_opening,
    selection_arguments,
    selection_of,
    what_is_chosen,
)
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    days_ahead,
    readable,
    undo_words,
    when_of,
)
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.rules.pipeline import is_due_by, outcome_of
from portal.applications.states import STATUS_LABELS, ManyKind
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class _Many:
    """Those who were chosen in an opening, what is to be done to them, and who does it."""

    kind: ManyKind
    opening: PipelineOpening
    people: Sequence[Chosen]
    scope: StaffScope

    @property
    def newest_events(self) -> str:
        """How each stands now, for a page that is sent back later."""
        return " ".join(f"{one.public_id}:{one.newest_event_id}" for one in self.people)


@dataclass(frozen=True)
class _Reads:
    """What one of many will read; no proposal: nothing, for it changes for us only."""

    who: Chosen
    proposal: Proposal | None


@dataclass(frozen=True)
class _Plan:
    """What each would read, and who is left out, by the reason why."""

    reads: Sequence[_Reads] = ()
    left_out: Sequence[tuple[str, list[str]]] = ()
    #: The first thing that is not right in what was typed.
    refusal: ProposalRefused | None = None

    @property
    def told(self) -> list[tuple[Chosen, Proposal]]:
        """Those who get a mail."""
        return [(one.who, one.proposal) for one in self.reads if one.proposal is not None]


@blueprint.route("/openings/<public_id>/pipeline/change", methods=["GET", "POST"])
def change_many(public_id: str) -> Answer:
    """Who is chosen and what is done stands in the address; some of it has pages of its own."""
    scope = writer()
    opening = find_opening(public_id, scope)
    what = request.args.get("what", "")
    if what == "owner":
        return redirect(url_for(".reassign", public_id=public_id, **what_is_chosen()), 303)
    people = selection_of(opening.id, opening.public_id, scope)
    if what == "end" and people:
        return _to_endings(opening, people)
    kind = ManyKind(what) if what in set(ManyKind) else ManyKind.MOVE
    return _change(_Many(kind, opening, people, scope))


def _to_endings(opening: PipelineOpening, people: Sequence[Chosen]) -> Response:
    """Where one is ended, or several."""
    if len(people) == 1:
        return redirect(url_for(".end", public_id=people[0].public_id), 303)
    return redirect(url_for(".finish", public_id=opening.public_id, **selection_arguments()), 303)


def _change(many: _Many) -> Answer:
    form = _form(many)
    if not form.validate_on_submit():
        return _page(many, form, 422 if form.is_submitted() else 200)
    plan = _plan(many, form)
    if not plan.reads:
        return _nothing_to_do(many, form, plan)
    try:
        preview = _preview(many, plan)
    except (ProposalRefused, MissingValue) as error:
        form.put_error("", error)
        return _page(many, form, 422, plan)
    if request.form.get("do") == PREVIEW:
        return _page(many, form, 200, plan, preview)
    return _begin(many, form, plan)


def _form(many: _Many) -> ManyForm:
    today = day_of(now(), company_zone())
    stages = stages_offered(many.opening.id, many.opening.stages) if many.kind is ManyKind.MOVE else []
    due = [is_due_by(who.one.promised, today) for who in many.people]
    return ManyForm(many.kind, stages, days_ahead(today), due, many.newest_events)


def _plan(many: _Many, form: ManyForm) -> _Plan:
    """What the rules say of each who is chosen."""
    today = day_of(now(), company_zone())
    change, calendar, seen = form.change, calendar_from(today), form.seen_events
    reads: list[_Reads] = []
    left_out: list[tuple[str, str]] = []
    refusal: ProposalRefused | None = None
    for who in many.people:
        one = replace(who.one, has_changed=seen.get(who.public_id) != who.newest_event_id)
        try:
            outcome = outcome_of(change, one, today, calendar)
        except ProposalRefused as error:
            refusal = refusal or error
            left_out.append((error.message, who.label))
            continue
        if outcome.left_out:
            left_out.append((outcome.left_out, who.label))
        else:
            reads.append(_Reads(who, outcome.proposal))
    left_out.sort(key=lambda pair: pair[0])
    by_reason = groupby(left_out, key=lambda pair: pair[0])
    return _Plan(reads, [(why, [name for _why, name in pairs]) for why, pairs in by_reason], refusal)


def _nothing_to_do(many: _Many, form: ManyForm, plan: _Plan) -> Answer:
    """Nobody is left: what was typed, and how they stand now; sending it again means having seen that."""
    if plan.refusal is not None:
        form.refuse(plan.refusal)
    else:
        form.form_errors.append(_("Nothing would be done. The reasons stand beside."))
    seen = form.seen_events
    has_changed = any(seen.get(one.public_id) != one.newest_event_id for one in many.people)
    form.seen.data = many.newest_events
    return _page(many, form, 409 if has_changed else 422, plan)


def _preview(many: _Many, plan: _Plan) -> Preview | None:
    """The whole mail of the first who gets one."""
    if not plan.told:
        return None
    at = now()
    who, proposal = plan.told[0]
    mail, going = preview_for(who.public_id, proposal, kind=many.kind, scope=many.scope, now=at)
    return readable(mail, proposal.status, when_of(going, find(who.public_id, many.scope), at))


def _begin(many: _Many, form: ManyForm, plan: _Plan) -> Response:
    """Begin with as many as one request can take; a job goes on with the others."""
    at, seen = now(), form.seen_events
    change_id = begin_change(
        replace(form.change, is_hurried=request.form.get("do") == NOW),
        [replace(one.who, newest_event_id=seen[one.who.public_id]) for one in plan.reads],
        opening_id=many.opening.id,
        scope=many.scope,
        now=at,
    )
    end_reading()
    begun = find_change(change_id, many.scope.person_id)
    if begun is not None:
        go_on_with_change(begun.id, at)
    for why, names in plan.left_out:
        words = ngettext("%(count)s was left out. %(why)s", "%(count)s were left out. %(why)s", len(names), why=why)
        flash(words, "warning")
    return redirect(url_for(".changed_many", change_id=change_id, **filters()), 303)


def _page(
    many: _Many, form: ManyForm, status: int, plan: _Plan | None = None, preview: Preview | None = None
) -> Answer:
    plan = plan or _Plan()
    page = render_template(
        "recruiting/pipeline/change.html",
        opening=many.opening,
        kind=many.kind,
        title=str(TITLES[many.kind]),
        form=form,
        people=many.people,
        reads=plan.reads,
        told_count=len(plan.told),
        left_out=plan.left_out,
        preview=preview,
        first=plan.told[0][0] if plan.told else None,
        arguments=what_is_chosen(),
        back=url_for(".pipeline", public_id=many.opening.public_id, **filters()),
        undo=undo_words(),
        status_labels=STATUS_LABELS,
    )
    return page, status
