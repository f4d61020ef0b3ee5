"""A candidate's feedback: that it is there, reading it by choice, thanking, whether it helped, one question."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.conversations.actions import answer_due_on
from portal.conversations.rules import TooOften
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.feedback.actions.reading import ask_about_feedback, read_feedback, say_whether_it_helped, thank
from portal.feedback.forms.writing import QuestionForm
from portal.feedback.queries.own import OwnFeedback, feedback_notice, own_feedback, own_words
from portal.feedback.rules.writing import FeedbackRefused, NotNow
from portal.web.identity import identity, maybe_identity

blueprint = Blueprint("read_feedback", __name__)
Answer = Response | tuple[str, int]
_YES, _NO = "yes", "no"


@blueprint.route("/applications/<public_id>/feedback", methods=["GET", "POST"])
def show(public_id: str) -> Answer:
    """Their feedback, once they have chosen to read it; what is sent here is their one question."""
    found = _find(public_id)
    form = QuestionForm()
    if not form.is_submitted():
        return _page(found, form, 200)
    if not found.is_out or found.read_at is None:
        raise NotFound
    return _ask(found, form)


@blueprint.post("/applications/<public_id>/feedback/read")
def read(public_id: str) -> Response:
    read_feedback(identity().person_id, public_id, now())
    return _back(public_id)


@blueprint.post("/applications/<public_id>/feedback/thanks")
def thanks(public_id: str) -> Response:
    thank(identity().person_id, public_id, now())
    flash(_("Thank you. Whoever wrote it can see that."), "success")
    return _back(public_id)


@blueprint.post("/applications/<public_id>/feedback/helped")
def helped(public_id: str) -> Response:
    _find(public_id)
    said = request.form.get("helped", "")
    if said in {_YES, _NO}:
        say_whether_it_helped(identity().person_id, public_id, said == _YES, now())
        flash(_("Noted. It helps us to write better feedback."), "success")
    return _back(public_id)


def own_panel(public_id: str) -> str:
    """The part of the candidate's page of an application: that there is feedback; empty where there is none.

    Whoever only follows it by a link is told to sign in.
    """
    found = feedback_notice(public_id)
    if found is None:
        return ""
    me = maybe_identity()
    return render_template(
        "candidate/feedback/_read_panel.html",
        feedback=found,
        is_own=me is not None and me.person_id == found.person_id,
        href=url_for("candidate.read_feedback.show", public_id=public_id),
    )


def _find(public_id: str) -> OwnFeedback:
    found = own_feedback(identity().person_id, public_id)
    if found is None:
        raise NotFound
    return found


def _page(found: OwnFeedback, form: QuestionForm, status: int) -> Answer:
    page = render_template(
        "candidate/feedback/show.html",
        feedback=found,
        words=own_words(identity().person_id, found.application_public_id),
        form=form,
        answered_by=answer_due_on(now()),
    )
    return page, status


def _ask(found: OwnFeedback, form: QuestionForm) -> Answer:
    public_id = found.application_public_id
    if not form.validate():
        return _page(found, form, 422)
    try:
        asked = ask_about_feedback(identity().person_id, public_id, form.question.data or "", now())
    except FeedbackRefused as error:
        form.put_error(error.field, error)
        return _page(found, form, 422)
    except TooOften as error:
        form.put_error("", error)
        return _page(found, form, 429)
    except NotNow as error:
        flash(error.message, "warning")
        return _back(public_id)
    day = format_day(asked.due_on)
    if asked.owner_name:
        flash(_("Sent. %(name)s is asked to answer by %(day)s.", name=asked.owner_name, day=day), "success")
    else:
        flash(_("Sent. We mean to answer by %(day)s.", day=day), "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id), 303)
