"""The pipeline of an opening: its table, and giving some of it to a colleague."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.reassigning import NotAnOwner, reassign_applications
from portal.applications.queries import StaffScope
from portal.applications.queries.changes import own_actions
from portal.applications.queries.numbers import numbers_of
from portal.applications.queries.own import left_out_for
from portal.applications.queries.pipeline import NO_STAGE, Chosen, PipelineOpening, list_pipeline
from portal.applications.recruiter_views.finding import asker, blueprint, writer
from portal.applications.recruiter_views.pipeline_forms import OwnerForm, PipelineForm
from portal.applications.recruiter_views.pipeline_rows import rows_of
from portal.applications.recruiter_views.selecting import filters, find_opening, selection_of, what_is_chosen
from portal.applications.states import STATUS_LABELS
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission
from portal.people.queries import active_recruiters, away_on, find_active_staff
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

Answer = Response | tuple[str, int]


@blueprint.get("/openings/<public_id>/pipeline")
def pipeline(public_id: str) -> Response | str:
    """Who applied to an opening, the oldest promise on top."""
    scope, at = asker(), now()
    today = day_of(at, company_zone())
    opening = find_opening(public_id, scope)
    form, number = PipelineForm(public_id, active_recruiters()), page_number()
    numbers = numbers_of(opening.id, [stage.name for stage in opening.stages], scope, today)
    known = None if filters() else numbers.open_count
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
        filters=filters(),
        may_write=may_write,
        at=at,
        on_its_way=[one for one in done if one.is_open],
        gone=[one for one in done if not one.is_open],
        status_labels=STATUS_LABELS,
        own=left_out_for(scope, public_id),
    )


@blueprint.route("/openings/<public_id>/pipeline/owner", methods=["GET", "POST"])
def reassign(public_id: str) -> Answer:
    """Give the chosen ones to a colleague."""
    scope = writer()
    opening = find_opening(public_id, scope)
    people = selection_of(opening.id, opening.public_id, scope)
    form = OwnerForm(active_recruiters())
    back = url_for(".pipeline", public_id=public_id, **filters())
    if form.validate_on_submit() and people:
        try:
            count = _give(opening, people, form.colleague, scope)
        except NotAnOwner as error:
            form.put_error("owner", error)
        else:
            words = ngettext("%(count)s application changed hands.", "%(count)s applications changed hands.", count)
            flash(" ".join(filter(None, [words, _away_words(form.colleague)])), "success" if count else "info")
            return redirect(back, 303)
    page = render_template(
        "recruiting/pipeline/owner.html",
        opening=opening,
        form=form,
        people=people,
        arguments=what_is_chosen(),
        back=back,
    )
    return page, 422 if form.is_submitted() else 200


def _give(opening: PipelineOpening, people: Sequence[Chosen], colleague: str, scope: StaffScope) -> int:
    return reassign_applications(
        people,
        to_public_id=colleague,
        opening_id=opening.public_id,
        opening_title=opening.title,
        scope=scope,
        now=now(),
    )


def _away_words(colleague: str) -> str:
    """Until when they are away and who stands in; empty while they are here."""
    to = find_active_staff(colleague)
    away = away_on(day_of(now(), company_zone())).get(to.person_id) if to else None
    if to is None or away is None:
        return ""
    words = _("%(name)s is away until %(day)s; %(other)s stands in.")
    return words % {"name": to.name or to.email, "day": format_day(away.until_on), "other": away.stand_in_name}
