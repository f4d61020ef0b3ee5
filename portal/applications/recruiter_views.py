"""The staff's list of applications, and the page on which one is read, moved and written about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import (
    latest_promise,
    preview_letter,
    take_back_letter,
    throw_draft_away,
    write_to_candidate,
)
from portal.applications.forms import FilterForm, LetterForm
from portal.applications.queries import (
    StaffEvent,
    StaffScope,
    StaffView,
    due_for,
    find_for_staff,
    kept_draft,
    list_applications,
    openings_for_filter,
    waiting_letters,
    when_it_goes,
)
from portal.applications.rules import (
    EndingWaits,
    GoneAlready,
    ProposalRefused,
    StaleApplication,
    is_promised_before,
    say_first,
)
from portal.applications.states import ENDINGS_BY_US, OPEN_STATUSES, STATUS_LABELS, ApplicationStatus
from portal.company.queries import calendar_from, company_zone, pace
from portal.company.rules import working_days_after
from portal.contact.rules import Go, Hold, Never, Verdict, why_for_staff
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_moment, ngettext
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, token_place
from portal.core.permissions import Permission, Role
from portal.core.tokens import TokenKind
from portal.people.queries import active_recruiters
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url
from portal.wording.rules import MissingValue

blueprint = Blueprint("applications", __name__)
Answer = Response | tuple[str, int]
#: Working days that are offered for the next word, beside the company's own pace.
_AHEAD = (3, 5, 10)
_PREVIEW = "preview"
#: For so long after writing a page leads on to the next who waits.
_JUST_NOW = timedelta(minutes=10)


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
            mail, verdict = preview_letter(public_id, scope=scope, proposal=form.proposal, now=at)
            return _page(view, form, at, 200, preview=_readable(mail, form.proposal.status, verdict, view))
        verdict = write_to_candidate(
            public_id, scope=scope, proposal=form.proposal, seen_event_id=form.seen_event_id.data or "", now=at
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _page(view, form, at, 422)
    except MissingValue as error:
        form.put_error("", error)
        return _page(view, form, at, 422)
    except EndingWaits as error:
        form.put_error("", error)
        return _page(view, form, at, 409)
    except StaleApplication:
        return _both(public_id, scope, form, at)
    flash(_what_happens(view.person_name or view.email, verdict), "success")
    # A fragment of its own: the browser would keep the form's, and scroll past what has just been said.
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _what_happens(name: str, verdict: Verdict) -> str:
    if isinstance(verdict, Hold):
        return _("The ending waits until %(moment)s.", moment=format_moment(verdict.until))
    return _("Sent. %(name)s sees it on their page once the mail is accepted.", name=name)


@blueprint.post("/applications/<public_id>/letters/<event_id>/take-back")
def take_back(public_id: str, event_id: str) -> Response:
    try:
        take_back_letter(public_id, event_id, scope=_scope(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
    flash(_("Taken back. Nothing was sent."), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.post("/applications/<public_id>/throw-away")
def throw_away(public_id: str) -> Response:
    throw_draft_away(public_id, scope=_scope())
    flash(_("The letter was thrown away."), "success")
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
    ahead = [(count, days[count - 1]) for count in counts]
    form = LetterForm(view.status, latest_promise(view), ahead, today, kept_draft(view.id))
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
    is_ending: bool
    when: "_When"


@dataclass(frozen=True)
class _When:
    """When a letter would go."""

    is_now: bool
    #: Why it would never go; else empty.
    refusal: str
    #: When it goes if it waits.
    until: datetime | None
    #: The day the candidate was promised, if it passes before that.
    promised: date | None


def _when(verdict: Verdict, view: StaffView) -> _When:
    if not isinstance(verdict, Hold):
        return _When(isinstance(verdict, Go), why_for_staff(verdict) if isinstance(verdict, Never) else "", None, None)
    is_late = is_promised_before(view.expected_on, day_of(verdict.until, company_zone()))
    return _When(False, "", verdict.until, view.expected_on if is_late else None)


def _readable(mail: RenderedMail, status: ApplicationStatus, verdict: Verdict, view: StaffView) -> _Preview:
    """The mail with dots where the secrets of its links will stand: they are made when the mail is sent."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return _Preview(mail.subject, text, status in ENDINGS_BY_US, _when(verdict, view))


@dataclass(frozen=True)
class _Waiting:
    """A letter that the candidate has not got yet."""

    event_id: str
    is_ending: bool
    may_be_taken_back: bool
    when: _When


def _waiting(view: StaffView, at: datetime) -> dict[str, _Waiting]:
    """The letters that wait, by the event each tells of."""
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    return {
        one.event.public_id: _Waiting(
            one.event.public_id,
            one.event.status in ENDINGS_BY_US,
            may_write and one.event.may_be_taken_back,
            _when(one.hold or Go(), view),
        )
        for one in waiting_letters(view, at)
    }


@dataclass(frozen=True)
class _Next:
    """Whom to write to next."""

    label: str
    href: str


def _next(view: StaffView, at: datetime) -> _Next | None:
    """Who waits longest for a word, for somebody who has just written here."""
    newest, me = view.events[0], identity()
    if newest.actor_id != me.person_id or at - newest.created_at > _JUST_NOW:
        return None
    own = me.person_id if me.role is Role.RECRUITER else None
    lines, _counts = due_for(_scope(), day_of(at, company_zone()), own, 0, 1)
    if not lines or lines[0].public_id == view.public_id:
        return None
    line = lines[0]
    if line.alike_count == 1:
        href = url_for(".show", public_id=line.public_id, _anchor="letter")
        return _Next(_("Next: %(name)s", name=line.first_name), href)
    words = ngettext(
        "Next: %(count)s person, %(opening)s",
        "Next: %(count)s people, %(opening)s",
        line.alike_count,
        opening=line.opening_title,
    )
    narrowed: dict[str, Any] = {"due": "y", "opening": line.opening_public_id, "status": line.status}
    narrowed["promised"] = line.next_update_by.isoformat() if line.next_update_by else None
    narrowed["owner"] = me.public_id if own else None
    return _Next(words, url_for(".index", **narrowed))


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
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    is_free = may_write and (view.waiting_ending is None or form.is_submitted())
    ending = when_it_goes(view.person_id, view.email, ApplicationStatus.NOT_SELECTED, at) if is_free else Go()
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
        may_write=is_free,
        ending=_when(ending, view),
        waiting=_waiting(view, at),
        next=_next(view, at) if may_write and not form.is_submitted() else None,
        draft=form.draft if is_free else None,
        may_see_person=identity().may(Permission.SEE_CANDIDATES),
        may_see_import=identity().may(Permission.IMPORT),
    )
    return page, status
