"""The staff's list of applications, and the page on which one is read, moved and written about."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import latest_promise, preview_letter, write_to_candidate
from portal.applications.forms import FilterForm, LetterForm
from portal.applications.queries import (
    StaffEvent,
    StaffScope,
    StaffView,
    find_for_staff,
    list_applications,
    openings_for_filter,
)
from portal.applications.rules import ProposalRefused, StaleApplication, say_first
from portal.applications.states import OPEN_STATUSES, STATUS_LABELS
from portal.company.queries import calendar_from, company_zone, pace
from portal.company.rules import working_days_after
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, token_place
from portal.core.permissions import Permission
from portal.core.tokens import TokenKind
from portal.people.queries import active_recruiters
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("applications", __name__)
Answer = Response | tuple[str, int]
#: Working days that are offered for the next word, beside the company's own pace.
_AHEAD = (3, 5, 10)
_PREVIEW = "preview"


@blueprint.get("/applications")
def index() -> Response | str:
    scope = _scope()
    form = FilterForm(openings_for_filter(scope), active_recruiters())
    number = page_number()
    today = day_of(now(), company_zone())
    found, total = list_applications(form.wanted, scope, today, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/applications/index.html",
        form=form,
        page=Page(found, number, total),
        today=today,
        status_labels=STATUS_LABELS,
        may_import=identity().may(Permission.IMPORT),
        is_narrowed=any(request.args.get(name) for name in ("q", "opening", "status", "owner", "promised", "due")),
    )


@blueprint.route("/applications/<public_id>", methods=["GET", "POST"])
def show(public_id: str) -> Answer:
    at = now()
    scope = _scope()
    view = _find(public_id, scope)
    form = _letter_form(view, at)
    if request.method == "POST" and not identity().may(Permission.WRITE_TO_CANDIDATES):
        abort(404)
    if not form.validate_on_submit():
        return _page(view, form, at, 422 if form.is_submitted() else 200)
    try:
        if request.form.get("do") == _PREVIEW:
            mail = preview_letter(public_id, scope=scope, proposal=form.proposal, now=at)
            return _page(view, form, at, 200, preview=_readable(mail))
        write_to_candidate(
            public_id, scope=scope, proposal=form.proposal, seen_event_id=form.seen_event_id.data or "", now=at
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _page(view, form, at, 422)
    except StaleApplication:
        return _both(public_id, scope, form, at)
    flash(
        _("Sent. %(name)s sees it on their page once the mail is accepted.", name=view.person_name or view.email),
        "success",
    )
    # A fragment of its own: the browser would keep the form's, and scroll past what has just been said.
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _scope() -> StaffScope:
    me = identity()
    return StaffScope(me.person_id, me.role)


def _find(public_id: str, scope: StaffScope) -> StaffView:
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    return view


def _letter_form(view: StaffView, at: datetime) -> LetterForm:
    today = day_of(at, company_zone())
    usual = pace().get(view.status)
    counts = sorted({*_AHEAD, usual} if usual else _AHEAD)
    days = working_days_after(today, max(counts), calendar_from(today))
    form = LetterForm(view.status, latest_promise(view), [(count, days[count - 1]) for count in counts], today)
    if not form.is_submitted():
        if form.when.data is None and usual:
            form.when.data = str(usual)
        form.seen_event_id.data = view.newest_event_id
    return form


def _both(public_id: str, scope: StaffScope, form: LetterForm, at: datetime) -> Answer:
    """A colleague wrote in between: what they wrote, and what was typed, side by side; nothing was sent."""
    view = _find(public_id, scope)
    seen = form.seen_event_id.data
    since: list[StaffEvent] = []
    for event in view.events:
        if event.public_id == seen:
            break
        since.append(event)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, at, 409, since=since)


@dataclass(frozen=True)
class _Preview:
    """A mail as the candidate will read it."""

    subject: str
    text: str


def _readable(mail: RenderedMail) -> _Preview:
    """The mail with dots where the secrets of its links will stand: they are made when the mail is sent."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return _Preview(mail.subject, text)


def _page(
    view: StaffView,
    form: LetterForm,
    at: datetime,
    status: int,
    *,
    preview: _Preview | None = None,
    since: list[StaffEvent] | None = None,
) -> Answer:
    today = day_of(at, company_zone())
    page = render_template(
        "recruiting/applications/show.html",
        view=view,
        form=form,
        preview=preview,
        since=since or [],
        say=say_first(view.status, view.kind, view.next_update_by, view.owner_name, today),
        today=today,
        status_labels=STATUS_LABELS,
        is_open=view.status in OPEN_STATUSES,
        may_write=identity().may(Permission.WRITE_TO_CANDIDATES),
        may_see_person=identity().may(Permission.SEE_CANDIDATES),
        may_see_import=identity().may(Permission.IMPORT),
    )
    return page, status
