"""Whom an update would reach, person by person, with why each is in and what mail to them would come to."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import join_words
from portal.updates.queries import Reached, draft_for_staff, reached_people
from portal.updates.recruiter_views.finding import blueprint, find, names_for
from portal.updates.rules import CAN_HAVE, audience_in_words, reason_about_one, reason_words
from portal.updates.states import UpdateState
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url


@blueprint.get("/updates/<public_id>/reach")
def reach(public_id: str) -> Response | str:
    """While it is not published: then the mail has a page of its own, and who read it nobody sees."""
    view = find(public_id)
    if view.state not in {UpdateState.DRAFT, UpdateState.SCHEDULED}:
        return redirect(url_for("recruiting.digests.show", public_id=public_id), 303)
    content, number = draft_for_staff(view).content, page_number()
    known = names_for(content)
    why = request.args.get("why", "")
    why = why if reason_words(why) else ""
    first = (number - 1) * PAGE_SIZE
    found = reached_people(content, why or None, first, PAGE_SIZE, asker_id=identity().person_id, now=now())
    if found.total and not found.lines:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/updates/reach.html",
        view=view,
        content=content,
        audience=audience_in_words(content, known),
        page=Page(found.lines, number, found.total),
        why=why,
        reasons=_reasons(found),
        words={one: reason_about_one(one) for one in found.counts},
        everybody=sum(found.counts.values()),
        is_cut=found.is_cut,
        areas={one.public_id: join_words([known.get(key, key) for key in one.areas]) for one in found.lines},
    )


def _reasons(found: Reached) -> list[tuple[str, str, int]]:
    """What can be asked for, in words, with how many there are: whoever can have it now first."""
    counts = sorted(found.counts.items(), key=lambda pair: (pair[0] != CAN_HAVE, -pair[1], pair[0]))
    return [(one, reason_words(one), count) for one, count in counts]
