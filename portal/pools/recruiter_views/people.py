"""People are put into a pool, from a card or from a pipeline, taken back together, and taken out one by one."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.applications.queries.choosing import chosen_in, filters_in
from portal.applications.queries.pipeline import find_pipeline
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.notes.queries import applications_to_note
from portal.pools import actions
from portal.pools.actions.putting import PutIn
from portal.pools.forms import PutForm
from portal.pools.queries import Together, ToPut, open_pools, people_to_put, put_together
from portal.pools.recruiter_views.finding import blueprint, chosen_arguments, closed_meanwhile, found_pool, to_pool
from portal.pools.rules import TAKE_BACK_HOURS, PoolClosed, PoolRefused, TooLateToTakeBack, may_take_back
from portal.web.identity import identity

Answer = Response | tuple[str, int]
#: So many people can be named in an address; more are too long for it.
_NAMED_AT_MOST = 50


@blueprint.route("/pools/put", methods=["GET", "POST"])
def put() -> Answer:
    """Put those into a pool whom the address names, each by `p`: from a card, or from a list of people."""
    people = people_to_put(request.args.getlist("p")[:_NAMED_AT_MOST], identity().person_id)
    is_one = len(people) == 1
    back = (
        url_for("recruiting.candidates.show", public_id=people[0].public_id)
        if is_one
        else url_for("recruiting.candidates.index")
    )
    crumbs = [(_("Candidates"), url_for("recruiting.candidates.index"))]
    if is_one:
        crumbs.append((people[0].label, back))
    return _put(people, back if is_one else "", crumbs, {})


@blueprint.route("/openings/<public_id>/pipeline/pool", methods=["GET", "POST"])
def put_many(public_id: str) -> Answer:
    """Put those into a pool who are chosen in a pipeline, by the address, as it is there."""
    me = identity()
    scope = StaffScope(me.person_id, me.role)
    opening = find_pipeline(public_id, scope)
    if opening is None:
        raise NotFound
    today, here = day_of(now(), company_zone()), (opening.id, opening.public_id)
    found = chosen_in(request.args, request.args.getlist("a"), here, scope, today)
    known = applications_to_note(opening.id, [one.public_id for one in found], scope)
    people = people_to_put({one.person_public_id for one in known}, me.person_id)
    back = url_for("recruiting.applications.pipeline", public_id=public_id, **filters_in(request.args))
    crumbs = [
        (_("Openings"), url_for("recruiting.openings.index")),
        (opening.title, url_for("recruiting.openings.show", public_id=public_id)),
        (_("Pipeline"), back),
    ]
    return _put(people, back, crumbs, {"opening": public_id})


def _put(people: list[ToPut], back: str, crumbs: Sequence[tuple[str, str]], on_the_way: dict[str, Any]) -> Answer:
    """The page that asks for pool and reason; `back`: where it leads when done, empty for the pool."""
    me = identity()
    pools = open_pools(me.person_id)
    form = PutForm(pools, request.args.get("pool", ""))
    if form.validate_on_submit():
        try:
            done = actions.put_in(
                form.pool.data or "",
                # Those who stood on the page are meant, whatever the filters in its address find by now.
                form.seen_ids,
                reason=form.reason.data or "",
                form_key=form.form_key.data or "",
                actor_id=me.person_id,
                now=now(),
            )
        except PoolRefused as error:
            form.put_error(error.field, error)
        except PoolClosed:
            return closed_meanwhile(form.pool.data or "")
        else:
            _say(done)
            return redirect(back or url_for(".show", public_id=done.pool_public_id), 303)
    if not form.is_submitted():
        form.show(people)
    page = render_template(
        "recruiting/pools/put.html",
        form=form,
        people=people,
        pools=pools,
        purposes={one.public_id: one.purpose for one in pools},
        crumbs=crumbs,
        back=back,
        here=request.full_path if request.query_string else request.path,
        new_pool=url_for(".new", **on_the_way, **chosen_arguments()),
    )
    return page, 422 if form.is_submitted() else 200


def _say(done: PutIn) -> None:
    """How many were put in, and the way to see them or to take them back."""
    if done.count:
        words = ngettext(
            "%(count)s person was put into %(pool)s.",
            "%(count)s people were put into %(pool)s.",
            done.count,
            pool=done.pool_name,
        )
        see = url_for(".added", form_key=done.form_key)
        flash(Markup('{} <a href="{}">{}</a>').format(words, see, _("See it, or take it back")), "success")
    if done.already_count:
        words = ngettext(
            "%(count)s person was in it already, and stays for the reason given then.",
            "%(count)s people were in it already, and stay for the reasons given then.",
            done.already_count,
        )
        flash(words, "info")


@blueprint.get("/pools/added/<form_key>")
def added(form_key: str) -> str:
    """Whom one has put into a pool in one go, and how they are taken out again."""
    together = _together(form_key)
    return render_template(
        "recruiting/pools/added.html",
        together=together,
        form_key=form_key,
        may_take_back=may_take_back(together.added_at, now()),
        hours=TAKE_BACK_HOURS,
    )


@blueprint.post("/pools/added/<form_key>/take-back")
def take_added_back(form_key: str) -> Response:
    together = put_together(form_key, identity().person_id)
    if together is None:
        flash(_("There was nothing left to take back."), "info")
        return redirect(url_for(".index"), 303)
    pool_id = together.pool_public_id
    try:
        count = actions.take_back(form_key, actor_id=identity().person_id, now=now())
    except TooLateToTakeBack as error:
        flash(error.message, "warning")
        return to_pool(pool_id)
    except PoolClosed:
        return closed_meanwhile(pool_id)
    words = ngettext("%(count)s person was taken out again.", "%(count)s people were taken out again.", count)
    flash(words, "success")
    return to_pool(pool_id)


def _together(form_key: str) -> Together:
    together = put_together(form_key, identity().person_id)
    if together is None:
        raise NotFound
    return together


@blueprint.post("/pools/<public_id>/take-out")
def take_out(public_id: str) -> Response:
    """Take those out of a pool who are ticked; the way back names them."""
    found_pool(public_id)
    chosen = request.form.getlist("p")
    if not chosen:
        flash(_("Nobody was chosen, so nobody was taken out."), "info")
        return to_pool(public_id)
    try:
        count = actions.take_out(public_id, chosen, actor_id=identity().person_id, now=now())
    except PoolClosed:
        return closed_meanwhile(public_id)
    words = ngettext("%(count)s person was taken out.", "%(count)s people were taken out.", count)
    again = url_for(".put", p=chosen[:_NAMED_AT_MOST], pool=public_id)
    flash(Markup('{} <a href="{}">{}</a>').format(words, again, _("Put back")) if count else words, "success")
    return to_pool(public_id)
