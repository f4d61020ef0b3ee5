"""How far a change of many has come, and taking it back."""

from datetime import datetime
from itertools import groupby
from typing import Any, Final

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.moving_many import take_change_back
from portal.applications.queries.changes import ChangeView, find_change
from portal.applications.recruiter_views.finding import blueprint, writer
from portal.applications.recruiter_views.selecting import filters
from portal.applications.recruiter_views.showing import goes_words
from portal.applications.states import ItemState, ManyKind
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext

#: What is done to many, as the heading of its pages.
TITLES: Final = {
    ManyKind.MOVE: _l("Move to another stage"),
    ManyKind.DELAY: _l("Tell them it takes longer"),
    ManyKind.WRITE: _l("Write to them"),
}


@blueprint.get("/pipeline/changes/<change_id>")
def changed_many(change_id: str) -> str:
    """How far it has come, and how it is taken back."""
    return _changed_page("recruiting/pipeline/changed.html", change_id)


@blueprint.get("/pipeline/changes/<change_id>/progress")
def change_progress(change_id: str) -> str:
    """The part of that page that changes."""
    return _changed_page("recruiting/pipeline/_progress.html", change_id)


def _found_change(change_id: str) -> ChangeView:
    view = find_change(change_id, writer().person_id)
    # What was done to the list of applications has a page of its own.
    if view is None or not view.opening_public_id:
        raise NotFound
    return view


def _changed_page(template: str, change_id: str) -> str:
    view = _found_change(change_id)
    return render_template(
        template,
        **how_far(view, now()),
        title=str(TITLES[view.kind]),
        filters=filters(),
        back=url_for(".pipeline", public_id=view.opening_public_id, **filters()),
    )


def how_far(view: ChangeView, at: datetime) -> dict[str, Any]:
    """What a page of progress says of a change of many: how many are done, and who was left out by the reason why."""
    left_out = sorted(view.having(ItemState.LEFT_OUT), key=lambda item: item.why)
    return {
        "view": view,
        "done_count": len(view.having(ItemState.DONE)),
        "waiting_count": len(view.having(ItemState.WAITING)),
        "back_count": len(view.having(ItemState.TAKEN_BACK)),
        "left_out": [(why, list(items)) for why, items in groupby(left_out, key=lambda item: item.why)],
        "goes": goes_words(view.goes_at, at) if view.goes_at and view.goes_at > at else "",
    }


@blueprint.post("/pipeline/changes/<change_id>/take-back")
def take_change(change_id: str) -> Response:
    """Undo all of it that has not gone yet."""
    view = _found_change(change_id)
    count = take_change_back(view, scope=writer(), now=now())
    if count:
        flash(_words_of_back(count), "success")
    say_what_was_not_taken_back(view, count)
    return redirect(url_for(".pipeline", public_id=view.opening_public_id, **filters()), 303)


def say_what_was_not_taken_back(view: ChangeView, count: int) -> None:
    """Beside the `count` that were: those that had not been begun, and those that had gone already."""
    stopped = len(view.having(ItemState.WAITING))
    if stopped:
        flash(ngettext("%(count)s was not begun.", "%(count)s were not begun.", stopped), "info")
    gone = len(view.having(ItemState.DONE)) - count
    if gone:
        flash(ngettext("%(count)s had gone already.", "%(count)s had gone already.", gone), "warning")


def _words_of_back(count: int) -> str:
    return ngettext(
        "%(count)s was taken back. Nothing of it was sent.",
        "%(count)s were taken back. Nothing of them was sent.",
        count,
    )
