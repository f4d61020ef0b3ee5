"""Who may fit, by why, and who was invited."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.fitting.actions import note_seen
from portal.fitting.forms import NarrowForm
from portal.fitting.queries import (
    MOST_LOOKED_AT,
    Group,
    came_of,
    count_groups,
    invitations_to,
    list_fitting,
    look_at_group,
    tasks_about,
)
from portal.fitting.recruiter_views.finding import area_of, asker, blueprint, find, sought_for, today, with_words
from portal.fitting.states import LEFT_OUT_WORDS, WHY_LABELS, LeftOut, Why
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url


@blueprint.get("/openings/<public_id>/fitting")
def index(public_id: str) -> Response | str:
    opening, me, form = find(public_id), asker(), NarrowForm()
    sought, skills = sought_for(opening)
    groups = count_groups(sought)
    why, number = form.why or _first(groups), page_number()
    group = look_at_group(sought, why, is_narrowed=form.is_narrowed) if groups.get(why) else Group()
    first = (number - 1) * PAGE_SIZE
    listed = group.able[first : first + PAGE_SIZE]
    if group.able and not listed:
        return redirect(page_url(1), 303)
    found = list_fitting(sought, listed, area_of(opening)) if listed else []
    return render_template(
        "recruiting/fitting/index.html",
        opening=opening,
        form=form,
        why=why,
        groups=[(one, str(WHY_LABELS[one]), groups.get(one, 0)) for one in Why],
        area=area_of(opening),
        skills=skills,
        is_early=sought.is_early,
        is_open=opening.is_open(today()),
        page=Page(with_words(found), number, len(group.able)),
        left_out=[(str(LEFT_OUT_WORDS[one]), group.left_out[one]) for one in LeftOut if one in group.left_out],
        looked_at=MOST_LOOKED_AT if group.is_cut else 0,
        came=came_of(opening.id, me.person_id),
        has_task=bool(tasks_about(public_id)),
    )


def _first(groups: dict[Why, int]) -> Why:
    """The first group with somebody in it."""
    return next((one for one in Why if groups.get(one)), Why.SILVER_MEDAL)


@blueprint.post("/openings/<public_id>/fitting/seen")
def seen(public_id: str) -> Response:
    """To have looked is an act of its own: nobody is said to have seen what they only opened."""
    find(public_id)
    if note_seen(public_id, actor_id=identity().person_id, now=now()):
        flash(_("Done. The task is off your list; this page stays."), "success")
    else:
        flash(_("This was said already."), "info")
    return redirect(url_for(".index", public_id=public_id), 303)


@blueprint.get("/openings/<public_id>/fitting/invited")
def invited(public_id: str) -> Response | str:
    """Everybody who was invited to this opening, and what came of it."""
    opening, me, number = find(public_id), asker(), page_number()
    came = came_of(opening.id, me.person_id)
    found = invitations_to(opening.id, me.person_id, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if came.invited and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/fitting/invited.html", opening=opening, came=came, page=Page(found, number, came.invited)
    )
