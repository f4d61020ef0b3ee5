"""The page of one interview for those who take part and those who arrange it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.applications.queries.applying import received_of
from portal.applications.queries.service import feedback_promises
from portal.applications.rules.documents import MEDIA_TYPES, DocumentKind
from portal.applications.states import STATUS_LABELS
from portal.community.queries import profile_of
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.logs import log
from portal.files.queries import path_of
from portal.interviews.actions.noting import save_panel_notes
from portal.interviews.actions.relating import declare_relationship
from portal.interviews.forms.panel import NotesForm, notes_form
from portal.interviews.queries.panel import (
    PanelNoteLine,
    PanelPage,
    find_panel_page,
    has_read_guide,
    interviews_beside,
    need_of,
    notes_seen,
    wishes_of,
)
from portal.interviews.queries.staff import offered_times
from portal.interviews.recruiter_views.finding import asker, blueprint
from portal.interviews.recruiter_views.listing import can_arrange
from portal.interviews.rules.own import also_at, own_zone
from portal.interviews.rules.panel import NoteTooLong, criteria_of, minutes_plan
from portal.interviews.states import FORMAT_LABELS, RELATIONSHIP_LABELS, WISH_LABELS, Relationship

Answer = Response | tuple[str, int]
#: No script, no form, no request and no cookie of ours: the file is what a stranger made.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@dataclass(frozen=True)
class _NotesOf:
    """What one colleague noted, criterion by criterion."""

    name: str
    lines: list[PanelNoteLine]


@blueprint.get("/interviews/<public_id>")
def show(public_id: str) -> Answer:
    return _shown(_find(public_id), None)


@blueprint.post("/interviews/<public_id>/notes")
def note(public_id: str) -> Answer:
    page, scope = _find(public_id), asker()
    if page.member(scope.person_id) is None:
        raise NotFound
    form = notes_form(criteria_of(page.criteria), notes_seen(page, scope).own)
    if not form.validate():
        return _shown(page, form)
    try:
        save_panel_notes(public_id, form.given, scope=scope, now=now())
    except NoteTooLong as error:
        form.refuse(error)
        return _shown(page, form)
    flash(_("Your notes are saved, for colleagues only."), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="notes"), 303)


@blueprint.post("/interviews/<public_id>/relationship")
def relate(public_id: str) -> Response:
    said = request.form.get("relationship", "")
    if said in set(Relationship):
        declare_relationship(public_id, Relationship(said), scope=asker(), now=now())
        flash(_("Thank you. Whoever arranges the interview sees it."), "success")
    else:
        _find(public_id)
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.get("/interviews/<public_id>/cv")
def cv(public_id: str) -> Response:
    """The CV that came with the application, for those who may see this interview and perhaps nothing else of it."""
    page = _find(public_id)
    received = received_of(page.application_id)
    kept = received.cv if received else None
    path = path_of(kept.id) if kept else None
    if kept is None or path is None:
        raise NotFound
    is_inline = kept.kind is DocumentKind.PDF and "download" not in request.args
    log.info("cv_read", application=page.application_public_id, person=asker().person_id)
    answer = send_file(path, mimetype=MEDIA_TYPES[kept.kind], as_attachment=not is_inline, download_name=kept.name)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    # As where it stands beside the application.
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _find(public_id: str) -> PanelPage:
    page = find_panel_page(public_id, asker())
    if page is None:
        raise NotFound
    return page


def _shown(page: PanelPage, sent: NotesForm | None) -> Answer:
    """The page; `sent`: notes that could not be kept as they are."""
    scope, at = asker(), now()
    today = day_of(at, company_zone())
    notes = notes_seen(page, scope)
    member = page.member(scope.person_id)
    criteria = criteria_of(page.criteria)
    form = (sent or notes_form(criteria, notes.own)) if member else None
    shown = render_template(
        "recruiting/interviews/show.html",
        page=page,
        can=can_arrange(page.public_id) if page.may_see_application(scope) else None,
        member=member,
        form=form,
        criteria=criteria,
        plan=[(part.words, _minutes(part.minutes)) for part in minutes_plan(page.minutes)],
        others=_by_author(notes.others),
        hidden_count=notes.hidden_count,
        wishes=wishes_of(page, scope),
        wish_labels=WISH_LABELS,
        beside=interviews_beside(page),
        three_years=profile_of(page.person_id).three_years,
        received=received_of(page.application_id),
        need=need_of(page, scope),
        may_see_needs=page.may_see_needs(scope),
        may_see_application=page.may_see_application(scope),
        may_see_relationships=page.may_see_relationships(scope),
        is_guide_read=member is None or scope.person_id in has_read_guide([scope.person_id], today),
        is_over=not page.is_open or page.is_past(at),
        feedback=feedback_promises([page.application_id])[page.application_id],
        offered=offered_times(page.id) if page.starts_at is None and page.is_open else [],
        also=also_at(page.starts_at, page.person_zone) if page.starts_at else "",
        clock=own_zone(),
        today=today,
        format_labels=FORMAT_LABELS,
        status_labels=STATUS_LABELS,
        relationship_labels=RELATIONSHIP_LABELS,
    )
    return shown, 422 if sent else 200


def _minutes(count: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", count)


def _by_author(lines: list[PanelNoteLine]) -> list[_NotesOf]:
    found: dict[int, _NotesOf] = {}
    for line in lines:
        found.setdefault(line.author_id, _NotesOf(line.author_name, [])).lines.append(line)
    return list(found.values())
