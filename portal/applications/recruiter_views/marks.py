"""Near-fit and silver medal, and the letters to those who were told "not yet"."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional

from portal.applications.actions import preview_letter
from portal.applications.actions.ending import Marking, furthest_of, remove_mark, set_mark
from portal.applications.actions.staying import stay_in_touch as write_to_stay
from portal.applications.actions.staying import stay_words
from portal.applications.queries import StaffView
from portal.applications.queries.endings import Stay, marks_on, next_stay
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    readable,
    undo_words,
    what_happens,
    when_of,
)
from portal.applications.rules import (
    MESSAGE_LENGTH,
    EndingWaits,
    GoneAlready,
    Proposal,
    ProposalRefused,
    StaleApplication,
)
from portal.applications.rules.endings import MARK_LASTS, MARK_LENGTH
from portal.applications.states import FINAL_STEPS, MARK_LABELS, STATUS_LABELS, MarkKind
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, at_most, options, required
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


class MarkForm(Form):
    """That somebody was close, why, and until when it counts."""

    kind = RadioField(_l("What do you set?"), [required(_l("Please choose one."))])
    reason = TextAreaField(
        _l("Why, for your colleagues"), [required(_l("Please say why, for your colleagues.")), at_most(MARK_LENGTH)]
    )
    expires_on = DateField(_l("It counts until"), [Optional()])
    is_meant = BooleanField(_l("They had not reached the final stage, and I mean it"))

    def __init__(self, today: date) -> None:
        super().__init__(data={"expires_on": today + MARK_LASTS})
        self.kind.choices = options([(str(one), str(label)) for one, label in MARK_LABELS.items()])

    @property
    def marking(self) -> Marking:
        """What was filled in."""
        return Marking(MarkKind(self.kind.data), self.reason.data or "", self.expires_on.data, bool(self.is_meant.data))


class StayForm(Form):
    """A letter to somebody whom we told "not yet"."""

    message = TextAreaField(
        _l("What you write to them"),
        [required(_l("Please write what the candidate will read.")), at_most(MESSAGE_LENGTH)],
    )
    seen_event_id = HiddenField()


@blueprint.route("/applications/<public_id>/mark", methods=["GET", "POST"])
def mark(public_id: str) -> Answer:
    """Set a near-fit or a silver medal."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    today = day_of(at, company_zone())
    form = MarkForm(today)
    if form.validate_on_submit():
        try:
            set_mark(public_id, form.marking, scope=scope, now=at)
        except ProposalRefused as error:
            form.put_error(error.field if error.field in form else "", error)
        else:
            flash(_("Set: %(what)s. Only colleagues see it.", what=MARK_LABELS[form.marking.kind]), "success")
            return _back(public_id)
    page = render_template(
        "recruiting/applications/mark.html",
        view=view,
        form=form,
        is_final=furthest_of(view) in FINAL_STEPS,
        furthest=STATUS_LABELS[furthest_of(view)],
        marks=marks_on(view.id, today),
        mark_labels=MARK_LABELS,
        hints={
            str(MarkKind.NEAR_FIT): _("Much fits, for another role or at another time."),
            str(MarkKind.SILVER_MEDAL): _("They reached the final stage, and somebody else was hired."),
        },
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/applications/<public_id>/unmark")
def unmark(public_id: str) -> Response:
    """Take a mark away."""
    scope = writer()
    find(public_id, scope)
    kind = request.form.get("kind", "")
    if kind in set(MarkKind) and remove_mark(public_id, MarkKind(kind), scope=scope, now=now()):
        flash(_("Taken away: %(what)s.", what=MARK_LABELS[MarkKind(kind)]), "success")
    else:
        flash(_("It was taken away already."), "warning")
    return _back(public_id)


@blueprint.route("/applications/<public_id>/stay-in-touch", methods=["GET", "POST"])
def stay_in_touch(public_id: str) -> Answer:
    """The draft of the next letter to somebody whom we told "not yet"."""
    at = now()
    view = find(public_id, writer())
    stay = next_stay(public_id)
    if stay is None:
        flash(_("They have moved on, or all is written: nothing is left to do here."), "info")
        return _back(public_id)
    form = StayForm()
    if request.method == "GET":
        form.seen_event_id.data = view.newest_event_id
        form.message.data = _begun(form, view, stay)
    if not form.validate_on_submit():
        return _stay_page(view, form, stay, 422 if form.is_submitted() else 200)
    return _send(view, form, stay, at)


def _begun(form: StayForm, view: StaffView, stay: Stay) -> str:
    try:
        return stay_words(view, stay)
    except MissingValue as error:
        form.put_error("", error)
        return ""


def _send(view: StaffView, form: StayForm, stay: Stay, at: datetime) -> Answer:
    scope, wanted, words = writer(), request.form.get("do"), form.message.data or ""
    try:
        if wanted == PREVIEW:
            proposal = Proposal(view.status, words, None, "")
            mail, going = preview_letter(view.public_id, scope=scope, proposal=proposal, now=at)
            return _stay_page(view, form, stay, 200, readable(mail, view.status, when_of(going, view, at)))
        going = write_to_stay(
            view.public_id,
            words,
            scope=scope,
            seen_event_id=form.seen_event_id.data or "",
            now=at,
            is_hurried=wanted == NOW,
        )
    except ProposalRefused as error:
        form.put_error(error.field if error.field in form else "", error)
        return _stay_page(view, form, stay, 422)
    except GoneAlready as error:
        flash(error.message, "warning")
        return _back(view.public_id)
    except (EndingWaits, StaleApplication, MissingValue) as error:
        form.put_error("", error)
        form.seen_event_id.data = find(view.public_id, scope).newest_event_id
        return _stay_page(view, form, stay, 422 if isinstance(error, MissingValue) else 409)
    flash(what_happens(view.person_name or view.email, going, at), "success")
    return _back(view.public_id)


def _stay_page(view: StaffView, form: StayForm, stay: Stay, status: int, preview: Preview | None = None) -> Answer:
    page = render_template(
        "recruiting/applications/stay.html",
        view=view,
        form=form,
        stay=stay,
        preview=preview,
        undo=undo_words(),
        marks=marks_on(view.id, day_of(now(), company_zone())),
        mark_labels=MARK_LABELS,
    )
    return page, status


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
