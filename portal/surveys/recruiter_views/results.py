"""What people answered: numbers from five on, words from ten on, and what was signed."""

from urllib.parse import urlencode

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.surveys.queries.reaching import Reached, reached
from portal.surveys.queries.releasing import waiting_count
from portal.surveys.queries.results import comments_of, counts_in, signed_responses
from portal.surveys.queries.surveys import contents_of
from portal.surveys.recruiter_views.finding import blueprint, find
from portal.surveys.recruiter_views.showing import (
    beside,
    comments_form,
    course,
    org_name,
    results_form,
    said,
    shown,
    why_not,
)
from portal.surveys.rules.releasing import FEWEST, FEWEST_COMMENTS
from portal.surveys.rules.results import asked_in, headline_of, results_of
from portal.surveys.rules.scopes import EVERYTHING, RESPONSES, SIGNED
from portal.surveys.states import BEFORE_THE_DECISION, TOUCHPOINT_LABELS
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url


@blueprint.get("/surveys/<public_id>")
def results(public_id: str) -> str:
    """What people answered, as narrowly as it may be shown."""
    view = find(public_id)
    form, known_areas = results_form(view)
    asked = asked_in(contents_of(view.id), org_name())
    counts = counts_in(view.id, form.scope) if form.is_released else {}
    head = headline_of(asked)
    # Who was asked is counted of the whole survey only.
    found = reached(view.id, view.touchpoint) if not form.chosen else Reached(0, 0, {})
    by_area, by_opening, by_outcome = beside(view, form, head, known_areas) if not form.chosen else ([], [], [])
    return render_template(
        "recruiting/surveys/results.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        form=form,
        count=counts.get("", {}).get(RESPONSES, 0),
        all_count=form.scopes.get(EVERYTHING, 0),
        signed_count=counts.get("", {}).get(SIGNED, 0),
        reached=found,
        waiting=waiting_count(view.id),
        waits_for_decision=view.touchpoint in BEFORE_THE_DECISION,
        shown=[shown(one) for one in results_of(asked, counts)],
        head=head,
        course=course(view.id, form.scope, head) if counts and head is not None else None,
        by_area=by_area,
        by_opening=by_opening,
        by_outcome=by_outcome,
        passed_over=why_not(found.passed_over),
        fewest=FEWEST,
        fewest_comments=FEWEST_COMMENTS,
    )


@blueprint.get("/surveys/<public_id>/comments")
def comments(public_id: str) -> Response | str:
    """What was written, never beside anybody's numbers."""
    view = find(public_id)
    form, asked = comments_form(view)
    number = page_number()
    found, total = comments_of(view.id, form.sought, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/surveys/comments.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        form=form,
        page=Page(found, number, total),
        # Parts of addresses, made once for all texts: a tag beside what else was chosen, and where to come back to.
        without_tag="".join(f"{urlencode({key: value})}&" for key, value in form.chosen.items() if key != "tag"),
        here=urlencode(form.chosen | ({"page": number} if number > 1 else {})),
        questions={one.question.id: one.words for one in asked},
        fewest=FEWEST_COMMENTS,
    )


@blueprint.get("/surveys/<public_id>/signed")
def signed_ones(public_id: str) -> Response | str:
    """Answers with a name; none before the decision about the application is known to its candidate."""
    view = find(public_id)
    number = page_number()
    found, total = signed_responses(view.id, view.touchpoint, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    versions = contents_of(view.id)
    return render_template(
        "recruiting/surveys/signed.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        page=Page([(one, said(versions[one.version_number], one.answers)) for one in found], number, total),
        waits_for_decision=view.touchpoint in BEFORE_THE_DECISION,
    )
