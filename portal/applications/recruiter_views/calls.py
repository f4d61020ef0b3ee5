"""Logging a call with a candidate, on a page of its own."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional

from portal.applications.actions import latest_promise
from portal.applications.actions.calling import Call, LetterWaits, log_call
from portal.applications.forms import DayForm, When
from portal.applications.queries import StaffView
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import days_ahead, usual_pace
from portal.applications.rules import REASON_LENGTH, ProposalRefused, StaleApplication
from portal.applications.rules.promises import CALL_LENGTH
from portal.applications.states import CALL_CHANNELS, OPEN_STATUSES, STATUS_LABELS, Channel
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import at_most, options, required

Answer = Response | tuple[str, int]


class CallForm(DayForm):
    """How and when they spoke, of what, and by when the candidate hears next."""

    channel = RadioField(_l("How did you speak?"), [required(_l("Please say how you spoke."))])
    happened_on = DateField(_l("On which day"), [Optional()])
    message = TextAreaField(
        _l("What you talked about, in a sentence"),
        [required(_l("Please say in a sentence what you talked about; they will read it.")), at_most(CALL_LENGTH)],
    )
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    seen_event_id = HiddenField()

    def __init__(
        self, promised: date | None, ahead: Sequence[tuple[int, date]], usual: int | None, today: date
    ) -> None:
        kept = promised if promised is not None and promised > today else None
        self.prepare_days(ahead, kept)
        when = str(When.KEEP) if kept else str(usual or "")
        super().__init__(data={"channel": str(Channel.TELEPHONE), "happened_on": today, "when": when})
        self.channel.choices = options([(str(one), str(label)) for one, label in CALL_CHANNELS.items()])
        self.offer_days(ahead)

    @property
    def call(self) -> Call:
        """What was filled in."""
        return Call(
            Channel(self.channel.data),
            self.happened_on.data,
            self.message.data or "",
            self.day,
            self.date_reason.data or "",
        )


@blueprint.route("/applications/<public_id>/call", methods=["GET", "POST"])
def call(public_id: str) -> Answer:
    """Log a call: the candidate reads one sentence of it, and by when they hear next."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    if view.status not in OPEN_STATUSES:
        raise NotFound
    form = _form(view, at)
    if not form.validate_on_submit():
        return _page(view, form, 422 if form.is_submitted() else 200)
    try:
        log_call(public_id, form.call, scope=scope, seen_event_id=form.seen_event_id.data or "", now=at)
    except ProposalRefused as error:
        form.refuse(error)
        return _page(view, form, 422)
    except (LetterWaits, StaleApplication) as error:
        return _changed_meanwhile(public_id, form, error)
    flash(_("Logged. %(name)s reads it on their page now.", name=view.person_name or view.email), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _form(view: StaffView, at: datetime) -> CallForm:
    today = day_of(at, company_zone())
    usual = usual_pace(view.status)
    form = CallForm(latest_promise(view), days_ahead(today, usual), usual, today)
    if request.method == "GET":
        form.seen_event_id.data = view.newest_event_id
    return form


def _changed_meanwhile(public_id: str, form: CallForm, error: PortalError) -> Answer:
    """How it stands now, with what was typed; sending it again means having seen that."""
    view = find(public_id, writer())
    form.put_error("", error)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, 409)


def _page(view: StaffView, form: CallForm, status: int) -> Answer:
    page = render_template("recruiting/applications/call.html", view=view, form=form, status_labels=STATUS_LABELS)
    return page, status
