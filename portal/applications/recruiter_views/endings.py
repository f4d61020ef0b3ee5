"""Ending an application: the outcome first, then why, for us, and the words for the candidate."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.applications.actions import preview_letter, write_to_candidate
from portal.applications.actions.ending import ending_words
from portal.applications.queries import StaffView, kept_draft, planned
from portal.applications.queries.endings import MarkLine, marks_on
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    readable,
    undo_window,
    undo_words,
    what_happens,
    when_of,
)
from portal.applications.rules import MESSAGE_LENGTH, EndingWaits, Proposal, ProposalRefused, StaleApplication
from portal.applications.rules.endings import INTERNAL_LENGTH, WITHDREW_CHANNELS
from portal.applications.states import (
    ENDINGS_BY_US,
    MARK_LABELS,
    OPEN_STATUSES,
    STATUS_LABELS,
    ApplicationStatus,
    Channel,
)
from portal.company.queries import company_zone, end_reasons_offered
from portal.core.clock import day_of, now
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, at_most, options, required
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]
#: As the page offers them.
_OUTCOMES = (
    ApplicationStatus.NOT_SELECTED,
    ApplicationStatus.HIRED,
    ApplicationStatus.OFFER_DECLINED,
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.OPENING_CANCELLED,
)
_HINTS = {
    ApplicationStatus.NOT_SELECTED: _l("We go on with somebody else."),
    ApplicationStatus.HIRED: _l("They got the job."),
    ApplicationStatus.OFFER_DECLINED: _l("They said no to our offer."),
    ApplicationStatus.WITHDRAWN: _l("They told you so. They can also withdraw by themselves, on their page."),
    ApplicationStatus.OPENING_CANCELLED: _l("Nobody is hired for this opening."),
}


class OutcomeForm(Form):
    """How it ends; it stays in the address."""

    class Meta(Form.Meta):
        csrf = False

    outcome = RadioField(_l("How does it end?"))

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        self.outcome.choices = options([(str(one), str(STATUS_LABELS[one])) for one in _OUTCOMES])


class EndForm(Form):
    """Why, for us, and what the candidate reads."""

    end_reason = RadioField(_l("Why, for us"), [required(_l("Please say why, for us. The candidate never reads it."))])
    internal_reason = StringField(_l("More about it, for us"), [at_most(INTERNAL_LENGTH)])
    channel = RadioField(_l("How did they tell us?"), [Optional()])
    message = TextAreaField(
        _l("What you write to them"),
        [required(_l("Please write what the candidate will read.")), at_most(MESSAGE_LENGTH)],
    )
    seen_event_id = HiddenField()

    def __init__(self, outcome: ApplicationStatus, is_not_yet: bool) -> None:
        self.outcome, self.is_not_yet = outcome, is_not_yet
        super().__init__()
        self.end_reason.choices = options(list(end_reasons_offered(outcome).items()))
        self.channel.choices = options([(str(one), str(label)) for one, label in WITHDREW_CHANNELS.items()])

    @property
    def proposal(self) -> Proposal:
        """The ending as it was filled in."""
        is_withdrawn = self.outcome is ApplicationStatus.WITHDRAWN and self.channel.data
        return Proposal(
            self.outcome,
            self.message.data or "",
            None,
            "",
            end_reason=self.end_reason.data,
            internal_reason=self.internal_reason.data or "",
            is_not_yet=self.is_not_yet,
            channel=Channel(self.channel.data) if is_withdrawn else None,
        )


@blueprint.route("/applications/<public_id>/end", methods=["GET", "POST"])
def end(public_id: str) -> Answer:
    """How it ends, why, and the letter that says so, begun in the company's words."""
    at = now()
    view = find(public_id, writer())
    if view.standing not in OPEN_STATUSES:
        flash(_("An ending waits or was sent already, so there is nothing to end."), "warning")
        return _back(public_id)
    outcome = _outcome(view)
    if outcome is None:
        return _choice(view), 200
    marks = marks_on(view.id, day_of(at, company_zone()))
    form = EndForm(outcome, is_not_yet="not_yet" in request.args)
    if request.method == "GET":
        _begin(form, view, at)
    if not form.validate_on_submit():
        return _page(view, form, marks, at, 422 if form.is_submitted() else 200)
    return _send(view, form, marks, at)


def _send(view: StaffView, form: EndForm, marks: list[MarkLine], at: datetime) -> Answer:
    scope, wanted = writer(), request.form.get("do")
    try:
        if wanted == PREVIEW:
            mail, going = preview_letter(view.public_id, scope=scope, proposal=form.proposal, now=at)
            preview = readable(mail, form.outcome, when_of(going, view, at))
            return _page(view, form, marks, at, 200, preview)
        going = write_to_candidate(
            view.public_id,
            scope=scope,
            proposal=form.proposal,
            seen_event_id=form.seen_event_id.data or "",
            now=at,
            is_hurried=wanted == NOW,
        )
    except ProposalRefused as error:
        form.put_error(error.field if error.field in form else "", error)
        return _page(view, form, marks, at, 422)
    except (EndingWaits, StaleApplication, MissingValue) as error:
        return _changed_meanwhile(view, form, marks, at, error)
    flash(what_happens(view.person_name or view.email, going, at), "success")
    return _back(view.public_id)


def _changed_meanwhile(
    view: StaffView, form: EndForm, marks: list[MarkLine], at: datetime, error: PortalError
) -> Answer:
    """What is shown is how it stands now, with what was typed; sending it again means having seen that."""
    view = find(view.public_id, writer())
    form.put_error("", error)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, marks, at, 422 if isinstance(error, MissingValue) else 409)


def _outcome(view: StaffView) -> ApplicationStatus | None:
    """The outcome that the address names, else that of a letter that was taken back, else what the import says."""
    asked = request.args.get("outcome", "")
    if asked in _OUTCOMES:
        return ApplicationStatus(asked)
    draft = kept_draft(view.id) if not asked else None
    if draft and draft.status in _OUTCOMES:
        return draft.status
    return view.source_says.drafted if not asked else None


def _begin(form: EndForm, view: StaffView, at: datetime) -> None:
    """The letter begins with the words that were taken back, else with the company's."""
    form.seen_event_id.data = view.newest_event_id
    draft = kept_draft(view.id)
    if draft and draft.status is form.outcome and not form.is_not_yet:
        form.message.data = draft.message
        return
    try:
        form.message.data = ending_words(view, form.outcome, at, is_not_yet=form.is_not_yet)
    except MissingValue as error:
        form.put_error("", error)


def _choice(view: StaffView) -> str:
    return render_template(
        "recruiting/applications/end_outcome.html",
        view=view,
        form=OutcomeForm(),
        hints={str(one): str(words) for one, words in _HINTS.items()},
    )


def _page(
    view: StaffView, form: EndForm, marks: list[MarkLine], at: datetime, status: int, preview: Preview | None = None
) -> Answer:
    going = planned(view.person_id, view.email, form.outcome, at + undo_window())
    page = render_template(
        "recruiting/applications/end.html",
        view=view,
        form=form,
        outcome=form.outcome,
        is_withdrawn=form.outcome is ApplicationStatus.WITHDRAWN,
        marks=marks,
        mark_labels=MARK_LABELS,
        may_be_not_yet=form.outcome is ApplicationStatus.NOT_SELECTED,
        preview=preview,
        ending=when_of(going, view, at) if form.outcome in ENDINGS_BY_US else None,
        undo=undo_words(),
        status_labels=STATUS_LABELS,
    )
    return page, status


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
