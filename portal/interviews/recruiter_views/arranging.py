"""Proposing an interview: one page with a preview, its mail, and what the arranger may have overlooked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.calling import LetterWaits
from portal.applications.queries import Going, StaffScope, StaffView, find_for_staff
from portal.applications.rules import GoneAlready, StaleApplication
from portal.applications.states import OPEN_STATUSES
from portal.company.queries import calendar_from, company_zone, office_hours, undo_minutes
from portal.contact.rules import Hold, Never, why_for_staff
from portal.core.clock import day_of, now
from portal.core.errors import Busy, NotFound, PortalError
from portal.core.i18n import format_moment, join_words, local, ngettext, reader
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail, token_place
from portal.core.tokens import TokenKind
from portal.interviews.actions.proposing import Arrangement, is_proposed, plan_proposal, propose
from portal.interviews.actions.taking_back import TakenBack, find_to_arrange, send_proposal_now, take_back_proposal
from portal.interviews.forms.arranging import ProposalForm, details_of
from portal.interviews.queries.arranged import last_one
from portal.interviews.queries.panel import has_read_guide
from portal.interviews.queries.staff import application_id_of, criteria_of_opening, taken_by, usual_number
from portal.interviews.recruiter_views.finding import arranger, blueprint
from portal.interviews.rules.arranging import ArrangementRefused, NotPossible
from portal.interviews.rules.conflicts import conflict_words, conflicts_of
from portal.interviews.rules.times import TimesRefused, as_lines, hints, place_of, read_times
from portal.people.queries import StaffRow, active_staff
from portal.web.identity import identity
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]
#: What the buttons of a form ask for, besides sending.
PREVIEW, NOW = "preview", "now"
#: What a link to the page asks for: all but times and words as this colleague arranged it last for the opening.
AS_LAST = "last"
#: What names an interview: see `core.identifiers.new_public_id`.
_KEY = re.compile("[2-9A-HJ-NP-Za-km-z]{12}")


@dataclass(frozen=True)
class Preview:
    """A mail as the candidate will read it, and when it goes."""

    subject: str
    text: str
    when: str
    #: Why it would never arrive; else empty.
    refusal: str = ""


@blueprint.route("/applications/<public_id>/interviews/new", methods=["GET", "POST"])
def new(public_id: str) -> Answer:
    """Propose times for an interview."""
    at, scope = now(), arranger()
    view = _find(public_id, scope)
    staff = colleagues_for(view.person_id)
    form = ProposalForm(staff, **_beginning(view, staff, scope))
    if request.method == "GET":
        form.key.data, form.seen_event_id.data = new_public_id(), view.newest_event_id
        return _page(view, form, staff, 200)
    if not form.validate():
        return _page(view, form, staff, 422)
    if not _KEY.fullmatch(form.key.data or ""):
        raise NotFound
    try:
        return _sent(view, form, staff, scope, at)
    except TimesRefused as error:
        form.refuse_times(error)
    except ArrangementRefused as error:
        form.refuse(error)
    except MissingValue as error:
        form.put_error("", error)
    except (LetterWaits, StaleApplication, NotPossible, Busy) as error:
        return _changed_meanwhile(public_id, form, staff, error)
    return _page(view, form, staff, 422)


@blueprint.post("/interviews/<public_id>/take-back")
def take_back(public_id: str) -> Answer:
    """Undo a proposal that has not gone yet; what was typed stands in a new form."""
    scope = arranger()
    try:
        said = take_back_proposal(public_id, scope=scope, now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id), 303)
    view = _find(said.arranged.application_public_id, scope)
    flash(_("Taken back. Nothing was sent. This is what you had written."), "success")
    return _page(view, _typed_before(view, said), colleagues_for(view.person_id), 200)


@blueprint.post("/interviews/<public_id>/send-now")
def send_now(public_id: str) -> Response:
    """Let a proposal go that waits for its while."""
    if send_proposal_now(public_id, scope=arranger(), now=now()):
        flash(_("Sent. They see the times once the mail is accepted."), "success")
    else:
        flash(_("It is on its way already."), "info")
    return redirect(url_for(".show", public_id=public_id), 303)


def colleagues_for(candidate_id: int) -> list[StaffRow]:
    """Who can take part: everybody who works here, except for the candidate."""
    return [row for row in active_staff() if row.person_id != candidate_id]


def readable(mail: RenderedMail) -> str:
    """The text of a mail with dots where the secrets of its links will stand."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return text


def pointed_out(
    times: Sequence[datetime], minutes: int, panel: Sequence[StaffRow], *, zone: str, at: datetime, except_id: int = 0
) -> list[str]:
    """What an arranger may have overlooked in times: other interviews of the panel, and odd hours.

    `except_id`: the interview that is being changed.
    """
    taken = taken_by([row.person_id for row in panel], times, except_id)
    found = [conflict_words(one) for one in conflicts_of(times, minutes, taken)]
    return found + hints(times, minutes, zone, calendar_from(day_of(at, company_zone())), office_hours())


def unread_pointed_out(panel: Sequence[StaffRow], at: datetime) -> list[str]:
    """Who of these has not read the guide, in one sentence; nothing when all have."""
    read = has_read_guide([row.person_id for row in panel], day_of(at, company_zone()))
    unread = [row.name or row.email for row in panel if row.person_id not in read]
    if not unread:
        return []
    words = ngettext(
        "%(names)s has not read the guide to interviews this year.",
        "%(names)s have not read the guide to interviews this year.",
        len(unread),
        names=join_words(unread),
    )
    return [words]


def undo_words() -> str:
    """How long something waits before it goes, in words; empty when it goes at once."""
    count = undo_minutes()
    return ngettext("%(count)s minute", "%(count)s minutes", count) if count else ""


def _find(public_id: str, scope: StaffScope) -> StaffView:
    view = find_for_staff(public_id, scope)
    if view is None or view.status not in OPEN_STATUSES:
        raise NotFound
    return view


def _beginning(view: StaffView, staff: Sequence[StaffRow], scope: StaffScope) -> dict[str, object]:
    """What the form holds to begin with: the opening's criteria, or all of an interview that is proposed anew."""
    if request.method != "GET":
        return {}
    again = request.args.get("again", "")
    if again and application_id_of(again) == view.id:
        return details_of(find_to_arrange(again, scope), staff)
    last = last_one(view.id, scope.person_id) if request.args.get("as") == AS_LAST else None
    if last is not None:
        return details_of(find_to_arrange(last.public_id, scope), staff)
    me = next((row.public_id for row in staff if row.person_id == scope.person_id), "")
    number = usual_number(scope.person_id) if me else ""
    return {"criteria": criteria_of_opening(view.id), "contact": me, "contact_phone": number}


def _sent(view: StaffView, form: ProposalForm, staff: Sequence[StaffRow], scope: StaffScope, at: datetime) -> Answer:
    key, do = form.key.data or "", request.form.get("do", "")
    if do != PREVIEW and is_proposed(view.public_id, key, scope):
        return redirect(url_for("recruiting.applications.show", public_id=view.public_id, _anchor="interviews"), 303)
    zone = reader().zone
    times = tuple(read_times(form.times.data or "", zone, at))
    arrangement = Arrangement(form.details, form.panel_ids, form.contact_id, zone, times, form.said)
    plan = plan_proposal(view.public_id, arrangement, scope=scope, public_id=key, is_hurried=do == NOW, now=at)
    panel = [row for row in staff if row.person_id in arrangement.panel]
    found = pointed_out(times, arrangement.details.minutes, panel, zone=zone, at=at) + unread_pointed_out(panel, at)
    is_new = form.is_new(found)
    if do == PREVIEW or is_new:
        preview = Preview(plan.mail.subject, readable(plan.mail), _goes(plan.going, at), _refusal(plan.going))
        return _page(view, form, staff, 200, preview=preview, found=found)
    going = propose(
        view.public_id,
        arrangement,
        scope=scope,
        public_id=key,
        seen_event_id=form.seen_event_id.data or "",
        is_hurried=do == NOW,
        now=at,
    )
    flash(_what_happens(view, going, at), "success")
    return redirect(url_for("recruiting.applications.show", public_id=view.public_id, _anchor="main"), 303)


def _goes(going: Going, at: datetime) -> str:
    if going.at <= at:
        return ""
    if local(going.at).date() == local(at).date():
        return _("It goes at %(time)s.", time=f"{local(going.at):%H:%M}")
    return _("It goes out on %(moment)s.", moment=format_moment(going.at))


def _refusal(going: Going) -> str:
    return why_for_staff(going.verdict) if isinstance(going.verdict, Never) else ""


def _what_happens(view: StaffView, going: Going, at: datetime) -> str:
    if isinstance(going.verdict, Hold) or going.at > at:
        return _goes(going, at) + " " + _("Until then you can take it back or send it now.")
    name = view.person_name or view.email
    return _("Sent. %(name)s sees the times once the mail is accepted.", name=name)


def _changed_meanwhile(public_id: str, form: ProposalForm, staff: Sequence[StaffRow], error: PortalError) -> Answer:
    """How it stands now, with what was typed; sending it again means having seen that."""
    view = find_for_staff(public_id, arranger())
    if view is None:
        raise NotFound
    form.put_error("", error)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, staff, 409)


def _typed_before(view: StaffView, said: TakenBack) -> ProposalForm:
    staff = colleagues_for(view.person_id)
    one = said.arranged
    begun = {**details_of(one, staff), "times": as_lines(said.times, reader().zone), "message": said.words}
    form = ProposalForm(staff, **begun)
    # The form that was sent is the button's, not this one.
    for name, value in begun.items():
        form[name].data = value
    form.key.data, form.seen_event_id.data = new_public_id(), view.newest_event_id
    return form


def _page(
    view: StaffView,
    form: ProposalForm,
    staff: Sequence[StaffRow],
    status: int,
    *,
    preview: Preview | None = None,
    found: Sequence[str] = (),
) -> Answer:
    read = has_read_guide([row.person_id for row in staff], day_of(now(), company_zone()))
    page = render_template(
        "recruiting/interviews/new.html",
        view=view,
        form=form,
        preview=preview,
        found=found,
        undo=undo_words(),
        zone=place_of(reader().zone),
        panel_hints=unread_hints(staff, read),
        last=last_one(view.id, identity().person_id) if request.method == "GET" else None,
        is_as_last=request.args.get("as") == AS_LAST,
    )
    return page, status


def unread_hints(staff: Sequence[StaffRow], read: frozenset[int]) -> dict[str, str]:
    """Beside each colleague who has not read the guide, that they have not."""
    return {row.public_id: _("Has not read the guide this year") for row in staff if row.person_id not in read}
