"""The one tap on the page that shows what was sent, and the card on an application's page that a survey waits."""

from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.company.queries import company_name, company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.actions.inviting import ask_applicant
from portal.surveys.queries.answering import find_own_survey
from portal.surveys.queries.asked import on_receipt, waiting_about
from portal.surveys.queries.inviting import cases, survey_that_asks
from portal.surveys.queries.surveys import content_of
from portal.surveys.rules.answers import NotComplete, NotGood, NotOpen, Stand, asked_of
from portal.surveys.rules.inviting import Ask, cause_of, decide
from portal.surveys.rules.questions import Content
from portal.surveys.states import BEFORE_THE_DECISION, SCALES, Touchpoint
from portal.web.identity import identity, maybe_identity
from portal.web.panels import page_around

_BEFORE_INTERVIEWS: Final = frozenset({ApplicationStatus.RECEIVED, ApplicationStatus.IN_REVIEW})
#: What the buttons of the first question send.
_FIELD: Final = "value"


def receipt_card(public_id: str) -> str:
    """On the receipt of their own application: the first question of its survey, answered with one tap."""
    content, has_begun = _on_receipt(public_id)
    if content is None:
        return ""
    first = content.questions[0]
    return render_template(
        "candidate/surveys/receipt.html",
        asked=asked_of(first, company_name()),
        content=content,
        application_id=public_id,
        field=_FIELD,
        is_one_tap=first.kind in SCALES and not has_begun,
        more_count=len(content.questions) - 1,
        has_begun=has_begun,
    )


def _on_receipt(public_id: str) -> tuple[Content | None, bool]:
    """What is asked there and whether they have begun; nothing where they are not asked, or have answered.

    Looking at the page asks nobody: where the worker has not been yet, it says what it would say.
    """
    person_id, at = identity().person_id, now()
    found = on_receipt(person_id, public_id, cause_of(Touchpoint.APPLIED, public_id))
    if found is None or found.why_not is not None:
        return None, False
    if found.invitation_id:
        own = find_own_survey(person_id, found.invitation_id, at)
        is_open = own is not None and own.stand is Stand.OPEN
        return (own.content, bool(own.answers)) if own is not None and is_open else (None, False)
    asking = survey_that_asks(Touchpoint.APPLIED)
    if asking is None:
        return None, False
    today = day_of(at, company_zone())
    for came in cases(asking, [found.application_id], at):
        if isinstance(decide(asking.touchpoint, came.due_at, came.standing, at, today), Ask):
            return content_of(asking.survey_id, asking.version_number), False
    return None, False


def answer_on_receipt(public_id: str) -> Response:
    """What was tapped: all of it is sent without a name where there is one question, else it is kept and goes on.

    Whoever taps twice has said it once. Raises NotFound for what is not their own application made here.
    """
    person_id, back = identity().person_id, url_for("candidate.sent.receipt", public_id=public_id)
    invitation_id = ask_applicant(person_id, public_id, now())
    own = find_own_survey(person_id, invitation_id, now()) if invitation_id else None
    # Not back to the receipt, whose visits are logged: one that follows a tap would say when they answered.
    done = url_for("candidate.surveys.thanks", public_id=invitation_id, sent="anonymous") if invitation_id else back
    if own is None or own.stand is not Stand.OPEN:
        return redirect(done, 303)
    first, *more = own.content.questions
    value = request.form.get(_FIELD, "")
    if not value or first.kind not in SCALES:
        return redirect(url_for("candidate.surveys.show", public_id=invitation_id), 303)
    try:
        if more:
            save_answers(own.invitation_id, {first.id: [value]}, now=now())
            going_on = url_for("candidate.surveys.question", public_id=invitation_id, question_id=more[0].id)
            return redirect(going_on, 303)
        answer_survey(own.invitation_id, given={first.id: [value]}, now=now())
    except (NotGood, NotComplete, NotFound):
        return redirect(back, 303)
    except NotOpen:
        # Sent or closed since: that page says which.
        pass
    return redirect(done, 303)


def waiting_card(public_id: str) -> str:
    """On the page of their own application: that a survey about it waits, quietly; for who is signed in.

    Before any interview there is none but that of the receipt, which stands there and on their home. Who has read how
    it ended is not asked here how it began; it stays among their surveys.
    """
    me, page = maybe_identity(), page_around()
    status = page.status if isinstance(page, ApplicationView) else None
    if me is None or status in _BEFORE_INTERVIEWS:
        return ""
    found = waiting_about(me.person_id, public_id, day_of(now(), company_zone()))
    if found is None or (status in ENDINGS and found.touchpoint in BEFORE_THE_DECISION):
        return ""
    return render_template("candidate/surveys/waiting.html", waiting=found)
