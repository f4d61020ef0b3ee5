"""A low score, for the one colleague who is asked to get in touch."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.surveys.actions.loop import finish_low_score, low_score_for
from portal.surveys.forms.loop import OutcomeForm
from portal.surveys.queries.loop import LowScore
from portal.surveys.rules.loop import NotYours, answer_words, is_low
from portal.surveys.rules.questions import scale_ends, words_of
from portal.surveys.states import SCALES, TOUCHPOINT_LABELS
from portal.tasks.rules import EmptyNote
from portal.web.identity import identity

blueprint = Blueprint("low_scores", __name__)
Answer = Response | tuple[str, int]


def _find(public_id: str) -> LowScore:
    low = low_score_for(public_id, identity().person_id)
    if low is None:
        raise NotFound
    return low


@blueprint.get("/surveys/low-scores/<public_id>")
def show(public_id: str) -> Answer:
    """What they answered, and how to reach them."""
    return _page(_find(public_id), OutcomeForm(), 200)


@blueprint.post("/surveys/low-scores/<public_id>/done")
def done(public_id: str) -> Answer:
    """Finished, with a word of what came of it."""
    low = _find(public_id)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _page(low, form, 422)
    try:
        finish_low_score(public_id, form.words.data or "", actor_id=identity().person_id, now=now())
    except EmptyNote as error:
        form.put_error("words", error)
        return _page(low, form, 422)
    except NotYours as error:
        flash(error.message, "info")
        return redirect(url_for("recruiting.tasks.index"), 303)
    flash(_("Noted, and done. Thank you for getting in touch."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


def _page(low: LowScore, form: OutcomeForm, status: int) -> Answer:
    org = current_settings().org_name
    page = render_template(
        "recruiting/surveys/low_score.html",
        low=low,
        label=TOUCHPOINT_LABELS[low.touchpoint],
        form=form,
        answered=[
            {
                "asked": words_of(one, org),
                "answer": answer_words(one, low.answers[one.id]),
                "ends": (SCALES[one.kind], scale_ends(one.kind)) if one.kind in SCALES else None,
                "is_low": is_low(one, low.answers[one.id]),
            }
            for one in low.content.questions
            if one.id in low.answers
        ],
    )
    return page, status
