"""Near-fit and silver medal, and the letters to those who were told "not yet"."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional

from portal.applications.actions.ending import Marking, furthest_of, remove_mark, set_mark
from portal.applications.actions.staying import FOR_GOOD, preview_stay, set_again, stay_words
from portal.applications.actions.staying import stay_in_touch as write_to_stay
from portal.applications.queries import Going, StaffView
from portal.applications.queries.endings import MarkLine, Stay, marks_on, next_stay, stay_of
from portal.applications.queries.staying import said_yes_on
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    as_letter,
    readable,
    undo_words,
    what_happens,
    when_of,
)
from portal.applications.rules import (
    MESSAGE_LENGTH,
    EndingWaits,
    GoneAlready,
    ProposalRefused,
    StaleApplication,
)
from portal.applications.rules.endings import MARK_LASTS, MARK_LENGTH
from portal.applications.rules.keeping_touch import no_yes_yet
from portal.applications.states import FINAL_STEPS, MARK_LABELS, STATUS_LABELS, MarkKind
from portal.company.queries import company_zone
from portal.contact.rules import Hold, why_for_staff
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.i18n import format_day, join_words
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

    def __init__(self, today: date, standing: MarkLine | None = None) -> None:
        """`standing`: a mark that stands already, which this changes."""
        begun = {"kind": str(standing.kind), "reason": standing.reason} if standing else {}
        super().__init__(data={**begun, "expires_on": standing.expires_on if standing else today + MARK_LASTS})
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


class AgainForm(Form):
    """From when on the days to stay in touch count."""

    from_on = DateField(_l("Count from"), [required(_l("Please choose a day."))])

    def __init__(self, today: date) -> None:
        super().__init__(data={"from_on": today})


@blueprint.route("/applications/<public_id>/mark", methods=["GET", "POST"])
def mark(public_id: str) -> Answer:
    """Set a near-fit or a silver medal; one that stands is shown, and changed or taken away here."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    today = day_of(at, company_zone())
    marks = marks_on(view.id, today)
    standing = next((one for one in marks if str(one.kind) == request.args.get("kind", str(one.kind))), None)
    form = MarkForm(today, standing)
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
        marks=marks,
        standing=standing,
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


@blueprint.route("/applications/<public_id>/stay-again", methods=["GET", "POST"])
def stay_again(public_id: str) -> Answer:
    """Set the days to stay in touch again, which fell away with an answer."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    stay = stay_of(public_id)
    if stay is None or stay.days or stay.why in FOR_GOOD:
        flash(_("Here no days can be set again: some stand, or they want none."), "info")
        return _back(public_id)
    form = AgainForm(day_of(at, company_zone()))
    if form.validate_on_submit():
        try:
            set_again(public_id, form.from_on.data, scope=scope, now=at)
        except ProposalRefused as error:
            form.put_error(error.field if error.field in form else "", error)
        except GoneAlready as error:
            flash(error.message, "warning")
            return _back(public_id)
        else:
            end_reading()
            again = stay_of(public_id)
            days = join_words([format_day(day) for day in again.days] if again else [])
            flash(_("Set again: %(days)s.", days=days), "success")
            return _back(public_id)
    page = render_template("recruiting/applications/stay_again.html", view=view, form=form, stay=stay)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/applications/<public_id>/stay-in-touch", methods=["GET", "POST"])
def stay_in_touch(public_id: str) -> Answer:
    """The draft of the next letter to somebody whom we told "not yet"; it goes only where they have said yes."""
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
    if said_yes_on(view.person_id) is None or not form.validate_on_submit():
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
            mail, going = preview_stay(view.public_id, words, scope=scope, now=at)
            preview = as_letter(readable(mail, view.status, when_of(going, view, at)))
            return _stay_page(view, form, stay, 200, preview)
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
    flash(_what_follows(view, going, at), "success")
    return _back(view.public_id)


def _what_follows(view: StaffView, going: Going, at: datetime) -> str:
    if isinstance(going.verdict, Hold) and not going.verdict.has_end:
        return why_for_staff(going.verdict)
    return what_happens(view.person_name or view.email, going, at, is_ending=False)


def _stay_page(view: StaffView, form: StayForm, stay: Stay, status: int, preview: Preview | None = None) -> Answer:
    page = render_template(
        "recruiting/applications/stay.html",
        view=view,
        form=form,
        stay=stay,
        preview=preview,
        refusal="" if said_yes_on(view.person_id) else no_yes_yet(view.person_name or view.email),
        undo=undo_words(),
        marks=marks_on(view.id, day_of(now(), company_zone())),
        mark_labels=MARK_LABELS,
    )
    return page, status


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
