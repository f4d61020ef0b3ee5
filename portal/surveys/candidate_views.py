"""A candidate's own surveys: what waits for an answer, the pages on which it is given, the tap on the receipt."""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.surveys.forms.answering import Answer, Steps
from portal.surveys.forms.pulse import agree_to_pulse, pulse_words
from portal.surveys.forms.receipt import answer_on_receipt, receipt_card, waiting_card
from portal.surveys.queries.answering import find_own_survey, own_surveys
from portal.surveys.queries.posts import posts_for
from portal.surveys.rules.answers import Stand
from portal.surveys.states import TOUCHPOINT_LABELS
from portal.web.failures import without_lines
from portal.web.identity import identity

__all__ = ["blueprint", "receipt_card", "waiting_card"]

blueprint = without_lines(Blueprint("surveys", __name__))


@blueprint.get("/surveys")
def index() -> str:
    found = own_surveys(identity().person_id, now())
    return render_template(
        "candidate/surveys/index.html",
        waiting=[one for one in found if one.stand is Stand.OPEN],
        answered=[one for one in found if one.stand is Stand.ANSWERED],
        posts=posts_for(identity().person_id),
        labels=TOUCHPOINT_LABELS,
        pulse_words=pulse_words(),
    )


@blueprint.get("/surveys/<public_id>")
def show(public_id: str) -> Answer:
    return _steps(public_id).start()


@blueprint.route("/surveys/<public_id>/questions/<question_id>", methods=["GET", "POST"])
def question(public_id: str, question_id: str) -> Answer:
    return _steps(public_id).question(question_id)


@blueprint.route("/surveys/<public_id>/all", methods=["GET", "POST"])
def all_questions(public_id: str) -> Answer:
    return _steps(public_id).all_questions()


@blueprint.get("/surveys/<public_id>/finish")
def finish(public_id: str) -> Answer:
    return _steps(public_id).finish()


@blueprint.get("/surveys/<public_id>/contact")
def contact(public_id: str) -> Answer:
    return _steps(public_id).contact()


@blueprint.post("/surveys/<public_id>/send")
def send(public_id: str) -> Answer:
    return _steps(public_id).send()


@blueprint.get("/surveys/<public_id>/thanks")
def thanks(public_id: str) -> Answer:
    return _steps(public_id).thanks()


@blueprint.post("/surveys/pulse")
def pulse() -> Response:
    return agree_to_pulse()


@blueprint.post("/applications/<public_id>/received/survey")
def tap(public_id: str) -> Response:
    return answer_on_receipt(public_id)


def _steps(public_id: str) -> Steps:
    """One's own survey; raises NotFound for anybody else's, and for one that one was not asked."""
    own = find_own_survey(identity().person_id, public_id, now())
    if own is None or own.stand is Stand.NOT_FOR_YOU:
        raise NotFound
    return Steps(own, partial(_address, public_id), is_own_page=True)


def _address(public_id: str, page: str, **values: Any) -> str:
    return url_for(f".{page}", public_id=public_id, **values)
