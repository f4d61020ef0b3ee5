"""A candidate's own interviews: what is agreed, and what they say to it."""

from flask import Blueprint, g, render_template
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView
from portal.applications.rules import Ahead
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.interviews.actions.asking import change_question, remove_question
from portal.interviews.forms.answering import Answer, Visit, add_pages
from portal.interviews.forms.own import QuestionForm
from portal.interviews.queries.own import OwnInterview, ahead_of, find_own_interview, interviews_of
from portal.interviews.rules.own import NotGood
from portal.interviews.states import FORMAT_LABELS
from portal.web.identity import identity, maybe_identity
from portal.web.panels import page_of

blueprint = Blueprint("interviews", __name__)


def _visit(public_id: str) -> Visit:
    """One's own interview; raises NotFound for anybody else's."""
    page = find_own_interview(identity().person_id, public_id, now())
    if page is None:
        raise NotFound
    return Visit(page, {"public_id": public_id}, "candidate", reads_back=True)


add_pages(blueprint, "/interviews/<public_id>", _visit)


@blueprint.route("/interviews/<public_id>/questions/<question_id>", methods=["GET", "POST"])
def question(public_id: str, question_id: str) -> Answer:
    """Change a question that was sent ahead."""
    visit = _visit(public_id)
    asked = next((one for one in visit.page.questions if one.public_id == question_id), None)
    if asked is None:
        raise NotFound
    form = QuestionForm(asked)
    if form.validate_on_submit():
        words = form.question.data or ""
        try:
            return visit.do(change_question, question_id, words, thanks=_("Changed."), anchor="questions")
        except NotGood as error:
            form.refuse(error)
    return visit.template("question", 422 if form.is_submitted() else 200, asked=asked, form=form)


@blueprint.post("/interviews/<public_id>/questions/<question_id>/remove")
def take_question_back(public_id: str, question_id: str) -> Response:
    thanks = _("Taken back. Nobody reads it any more.")
    return _visit(public_id).do(remove_question, question_id, thanks=thanks, anchor="questions")


def say_first(application: str) -> str:
    """In the first box of an application's page: what is ahead. Given its public id."""
    ahead = [one for one in _of(application) if _comes_first(one)]
    if not ahead:
        return ""
    values = {"ahead": ahead, "is_own": _is_own(ahead[0]), "formats": FORMAT_LABELS}
    return render_template("candidate/interviews/_first.html", **values)


def cards(application: str) -> str:
    """On an application's page: a card with its other interviews; those who follow read only when."""
    found = [one for one in _of(application) if not _comes_first(one)]
    if not found:
        return ""
    values = {"found": found, "is_own": _is_own(found[0]), "formats": FORMAT_LABELS}
    return render_template("candidate/interviews/_cards.html", **values)


def interviews_ahead(person_id: int) -> dict[str, list[Ahead]]:
    """What the interviews of each application of this person are to them, by its public id."""
    return ahead_of(_own_interviews(person_id))


def _own_interviews(person_id: int) -> list[OwnInterview]:
    """All that this person knows of, read once for all parts of a page."""
    known: dict[int, list[OwnInterview]] = g.setdefault("own_interviews", {})
    if person_id not in known:
        known[person_id] = interviews_of(person_id, now())
    return known[person_id]


def _of(application: str) -> list[OwnInterview]:
    """Those of the application whose page asks."""
    around = page_of(ApplicationView)
    return [one for one in _own_interviews(around.person_id) if one.application_public_id == application]


def _comes_first(one: OwnInterview) -> bool:
    """Whether it is still to take place: then all that is said of it stands in the first box."""
    return one.is_their_turn or one.has_time_ahead


def _is_own(one: OwnInterview) -> bool:
    me = maybe_identity()
    return me is not None and me.person_id == one.person_id
