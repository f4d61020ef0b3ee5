"""That an opening of an import is the same as one of ours: choosing, looking at what it means, doing, undoing."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.joining import WorkUnderWay
from portal.ats.actions.joining import CannotJoin, join_openings, part_openings
from portal.ats.forms import PartForm, SameForm
from portal.ats.queries.joining import NAMED, comes_along, join_of, joined_with, went_along
from portal.ats.rules import told_apart
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import ngettext
from portal.openings.queries.known import (
    OpeningHere,
    OpeningName,
    find_opening_here,
    openings_of_imports,
    ours_to_join,
)
from portal.openings.states import OpeningState
from portal.web.forms import Form
from portal.web.identity import identity

blueprint = Blueprint("joining", __name__)
Answer = Response | tuple[str, int]


def _find(public_id: str) -> OpeningHere:
    found = find_opening_here(public_id)
    if found is None:
        raise NotFound
    return found


@blueprint.route("/openings/<public_id>/same", methods=["GET", "POST"])
def same(public_id: str) -> Answer:
    """Which opening of ours it is; of one that is ours or has gone into ours: what belongs together."""
    opening = _find(public_id)
    if opening.is_joined:
        return _joined(opening, PartForm(formdata=None), 200)
    if not opening.may_join:
        return _ours(opening)
    ours = ours_to_join()
    form = SameForm(ours=ours, title=opening.title)
    if form.validate_on_submit():
        return redirect(url_for(".join", public_id=public_id, ours=form.ours.data), 303)
    page = render_template("recruiting/joining/same.html", opening=opening, form=form, has_ours=bool(ours))
    return page, 422 if form.is_submitted() else 200


def _ours(opening: OpeningHere) -> Answer:
    return (
        render_template(
            "recruiting/joining/ours.html",
            opening=opening,
            joined=joined_with(opening.public_id),
            others=_named(openings_of_imports()) if opening.state is not OpeningState.FINISHED else [],
        ),
        200,
    )


def _named(openings: Sequence[OpeningHere]) -> list[tuple[OpeningHere, str]]:
    """Each with what it is called in its system, so that no two read the same."""
    names = {
        (source, key): name
        for source in {one.source for one in openings}
        for key, name in told_apart({one.external_key: one.title for one in openings if one.source == source}).items()
    }
    return [(one, names[one.source, one.external_key]) for one in openings]


def _joined(opening: OpeningHere, form: PartForm, status: int) -> Answer:
    join = join_of(opening.public_id)
    if join is None:
        raise NotFound
    count = len(went_along(opening.public_id, join.joined_at))
    page = render_template("recruiting/joining/joined.html", opening=opening, join=join, count=count, form=form)
    return page, status


@blueprint.get("/openings/<public_id>/leads-to")
def leads_to(public_id: str) -> Response:
    """From the address of an opening that went into one of ours to that one; any other leads to itself."""
    opening = _find(public_id)
    join = join_of(public_id) if opening.is_joined else None
    return redirect(url_for("recruiting.openings.show", public_id=join.public_id if join else public_id), 303)


@blueprint.route("/openings/<public_id>/join", methods=["GET", "POST"])
def join(public_id: str) -> Answer:
    """What comes along and what candidates read differently; then it is done."""
    opening = _find(public_id)
    ours = _find_ours(request.values.get("ours", ""))
    if not opening.may_join or ours is None:
        return redirect(url_for(".same", public_id=public_id), 303)
    if Form().validate_on_submit():
        try:
            count = join_openings(public_id, ours.public_id, actor_id=identity().person_id, now=now())
        except (CannotJoin, WorkUnderWay) as error:
            flash(error.message, "warning")
            return redirect(url_for(".same", public_id=public_id), 303)
        flash(_what_came(opening, count), "success")
        return redirect(url_for("recruiting.openings.show", public_id=ours.public_id), 303)
    page = render_template(
        "recruiting/joining/join.html",
        opening=opening,
        ours=_find(ours.public_id),
        along=comes_along(opening.id, ours.id),
        named=NAMED,
    )
    return page, 422 if request.method == "POST" else 200


def _find_ours(public_id: str) -> OpeningName | None:
    return next((one for one in ours_to_join() if one.public_id == public_id), None)


def _what_came(opening: OpeningHere, count: int) -> str:
    return ngettext(
        "Joined: %(count)s application from %(source)s is in this opening now. Nobody was told.",
        "Joined: %(count)s applications from %(source)s are in this opening now. Nobody was told.",
        count,
        source=opening.source,
    )


@blueprint.post("/openings/<public_id>/part")
def part(public_id: str) -> Answer:
    """Let an opening that was joined be one of its own again."""
    opening = _find(public_id)
    if not opening.is_joined:
        return redirect(url_for("recruiting.openings.show", public_id=public_id), 303)
    form = PartForm()
    if not form.validate():
        return _joined(opening, form, 422)
    try:
        count = part_openings(public_id, form.reason, actor_id=identity().person_id, now=now())
    except (CannotJoin, WorkUnderWay) as error:
        flash(error.message, "warning")
        return redirect(url_for(".same", public_id=public_id), 303)
    words = ngettext(
        "Separated: %(count)s application is back in this opening. Nobody was told.",
        "Separated: %(count)s applications are back in this opening. Nobody was told.",
        count,
    )
    flash(words, "success")
    return redirect(url_for("recruiting.openings.show", public_id=public_id), 303)
