"""The staff's list of applications, and the page on which one is read, moved and written about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import (
    latest_promise,
    preview_letter,
    send_letter_now,
    take_back_letter,
    throw_draft_away,
    untold_letter,
    write_to_candidate,
)
from portal.applications.forms import FilterForm, LetterForm
from portal.applications.queries import (
    StaffEvent,
    StaffScope,
    StaffView,
    due_for,
    kept_draft,
    list_applications,
    openings_for_filter,
    planned,
    waiting_letters,
)
from portal.applications.queries.applying import received_of
from portal.applications.queries.endings import marks_on, stay_of
from portal.applications.queries.own import left_out_for
from portal.applications.queries.staying import said_yes_on
from portal.applications.recruiter_views import (
    calls,
    changed_many,
    changing,
    changing_many,
    delaying,
    early_access,
    endings,
    finishing,
    marks,
    numbers,
    pipeline,
    received,
    reverting,
    telling,
)
from portal.applications.recruiter_views.beside import beside_in_pipeline
from portal.applications.recruiter_views.finding import asker, blueprint, find, narrowing
from portal.applications.recruiter_views.history import entries_of
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    When,
    days_ahead,
    readable,
    say_what_it_replaces,
    undo_window,
    undo_words,
    usual_pace,
    what_happens,
    when_of,
)
from portal.applications.rules import EndingWaits, GoneAlready, ProposalRefused, StaleApplication, Told, say_first
from portal.applications.rules.promises import DraftFacts, ready_draft
from portal.applications.states import (
    ENDINGS_BY_US,
    MARK_LABELS,
    OPEN_STATUSES,
    STATUS_LABELS,
    ApplicationStatus,
    EventKind,
)
from portal.company.queries import company_zone, end_reason_labels
from portal.core.clock import day_of, now
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.permissions import Permission, Role
from portal.people.queries import active_recruiters
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url
from portal.web.panels import Spot, panels_at
from portal.wording.rules import MissingValue

#: The blueprint, and the modules that add pages to it.
__all__ = [
    "blueprint",
    "calls",
    "changed_many",
    "changing",
    "changing_many",
    "delaying",
    "early_access",
    "endings",
    "finishing",
    "marks",
    "numbers",
    "pipeline",
    "received",
    "reverting",
    "telling",
]

Answer = Response | tuple[str, int]
#: What a link asks for that leads to a letter in which only the reason of the new day is missing.
UPDATE = "update"
#: For so long after writing a page leads on to the next who waits.
_JUST_NOW = timedelta(minutes=10)


@blueprint.get("/applications")
def index() -> Response | str:
    scope = asker()
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
        delay_href=url_for(".delay", **narrowing()) if identity().may(Permission.WRITE_TO_CANDIDATES) else "",
        is_narrowed=bool(narrowing()),
        own=left_out_for(scope),
    )


@blueprint.route("/applications/<public_id>", methods=["GET", "POST"])
def show(public_id: str) -> Answer:
    at = now()
    scope = asker()
    view = find(public_id, scope)
    form = _letter_form(view, at)
    if request.method == "POST" and not identity().may(Permission.WRITE_TO_CANDIDATES):
        abort(404)
    if not form.validate_on_submit():
        return _page(view, form, at, 422 if form.is_submitted() else 200)
    try:
        if request.form.get("do") == PREVIEW:
            mail, going = preview_letter(public_id, scope=scope, proposal=form.proposal, now=at)
            preview = readable(mail, form.proposal.status, when_of(going, view, at))
            return _page(view, form, at, 200, preview=preview)
        move = view.source_move
        going = write_to_candidate(
            public_id,
            scope=scope,
            proposal=form.proposal,
            seen_event_id=form.seen_event_id.data or "",
            now=at,
            is_hurried=request.form.get("do") == NOW,
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
    flash(what_happens(_name(view), going, at), "success")
    say_what_it_replaces(view, move, form.proposal.status)
    # A fragment of its own: the browser would keep the form's, and scroll past what has just been said.
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.post("/applications/<public_id>/letters/<event_id>/take-back")
def take_back(public_id: str, event_id: str) -> Response:
    try:
        take_back_letter(public_id, event_id, scope=asker(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
    flash(_("Taken back. Nothing was sent."), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.post("/applications/<public_id>/letters/<event_id>/send-now")
def send_now(public_id: str, event_id: str) -> Response:
    view = find(public_id, asker())
    try:
        send_letter_now(public_id, event_id, scope=asker(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
    else:
        flash(_("Sent. %(name)s sees it on their page once the mail is accepted.", name=_name(view)), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.post("/applications/<public_id>/throw-away")
def throw_away(public_id: str) -> Response:
    throw_draft_away(public_id, scope=asker())
    flash(_("The letter was thrown away."), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _letter_form(view: StaffView, at: datetime) -> LetterForm:
    today = day_of(at, company_zone())
    usual = usual_pace(view.standing)
    ahead = days_ahead(today, usual)
    form = LetterForm(view.standing, latest_promise(view), ahead, today, kept_draft(view.id))
    if not form.is_submitted():
        ready = _ready_draft(view, today) if request.args.get("draft") == UPDATE and form.draft is None else ""
        if ready:
            form.begin_with(ready)
        if usual and (ready or form.when.data is None):
            form.when.data = str(usual)
        form.seen_event_id.data = view.newest_event_id
    return form


def _ready_draft(view: StaffView, today: date) -> str:
    """A letter that keeps a promise before its day has passed; empty where there is none to keep."""
    promised = latest_promise(view)
    if promised is None or promised < today or view.standing not in OPEN_STATUSES or view.waiting_ending is not None:
        return ""
    return ready_draft(DraftFacts(view.person_name, view.opening_title, view.standing, promised))


def _name(view: StaffView) -> str:
    return view.person_name or view.email


def _both(public_id: str, scope: StaffScope, form: LetterForm, at: datetime) -> Answer:
    """A colleague wrote in between: what they wrote, and what was typed, side by side; nothing was sent."""
    view = find(public_id, scope)
    seen = form.seen_event_id.data
    since: list[StaffEvent] = []
    for event in view.events:
        if event.public_id == seen:
            break
        since.append(event)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, at, 409, since=since)


@dataclass(frozen=True)
class _Waiting:
    """A letter that the candidate has not got yet."""

    event_id: str
    is_ending: bool
    may_be_taken_back: bool
    #: Whether it waits for nothing but its time to undo, so that it can be sent now.
    may_be_hurried: bool
    when: When


def _waiting(view: StaffView, at: datetime) -> dict[str, _Waiting]:
    """The letters that wait, by the event each tells of."""
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    return {
        one.event.public_id: _Waiting(
            one.event.public_id,
            one.event.status in ENDINGS_BY_US and view.status not in ENDINGS_BY_US,
            may_write and one.event.may_be_taken_back,
            may_write and one.event.may_be_taken_back and one.undo_until is not None,
            when_of(one.going, view, at),
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
    lines, _counts = due_for(asker(), day_of(at, company_zone()), own, 0, 1)
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
    preview: Preview | None = None,
    since: list[StaffEvent] | None = None,
) -> Answer:
    today = day_of(at, company_zone())
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    is_free = may_write and (view.waiting_ending is None or form.is_submitted())
    ends = ApplicationStatus.NOT_SELECTED
    has_ended = view.standing not in OPEN_STATUSES
    beside = beside_in_pipeline(view, today)
    entries, people = entries_of(view)
    ending = planned(view.person_id, view.email, ends, at + undo_window()) if is_free and has_ended else None
    page = render_template(
        "recruiting/applications/show.html",
        view=view,
        form=form,
        preview=preview,
        since=since or [],
        say=say_first(view.status, view.kind, view.next_update_by, view.owner_name, today, Told(is_held=view.is_held)),
        today=today,
        status_labels=STATUS_LABELS,
        is_open=view.status in OPEN_STATUSES,
        may_write=is_free,
        ending=when_of(ending, view, at),
        undo=undo_words(),
        untold=untold_letter(view) if may_write else None,
        may_be_told=may_write and view.standing in OPEN_STATUSES and view.waiting_ending is None,
        waiting=_waiting(view, at),
        entries=entries,
        people=people,
        panels=panels_at(Spot.APPLICATION, view.public_id, view),
        beside=beside,
        next=_next(view, at) if may_write and beside is None and not form.is_submitted() else None,
        draft=form.draft if is_free else None,
        may_see_person=identity().may(Permission.SEE_CANDIDATES),
        may_see_import=identity().may(Permission.IMPORT),
        received=None if view.source else received_of(view.id),
        source=view.source_says,
        source_move=view.source_move,
        may_revert=may_write and view.kind is not EventKind.ENDED_BEFORE_US,
        ending_kept=is_free and form.has_ending,
        end_reasons=end_reason_labels(),
        marks=marks_on(view.id, today),
        mark_labels=MARK_LABELS,
        may_mark=may_write,
        **_staying(view),
    )
    return page, status


def _staying(view: StaffView) -> dict[str, Any]:
    """The days to stay in touch, and whether they said yes to them."""
    stay = stay_of(view.public_id) if view.status is ApplicationStatus.NOT_SELECTED else None
    return {"stay": stay, "has_said_yes": bool(stay and stay.days) and said_yes_on(view.person_id) is not None}
