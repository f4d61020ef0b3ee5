"""The list of pools, and each of them: made, shown, changed, looked at again, closed."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.people.queries import active_recruiters, recipient
from portal.pools import actions
from portal.pools.forms import CloseForm, KeepForm, MembersForm, PoolForm
from portal.pools.queries import closed_pools, members_of, open_pools
from portal.pools.recruiter_views.finding import blueprint, chosen_arguments, closed_meanwhile, found_pool, to_pool
from portal.pools.rules import (
    PoolChanged,
    PoolClosed,
    PoolRefused,
    is_review_due,
    usual_review,
)
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

Answer = Response | tuple[str, int]


@blueprint.get("/pools")
def index() -> Response | str:
    is_closed = bool(request.args.get("closed"))
    found = (closed_pools if is_closed else open_pools)(identity().person_id)
    number = page_number()
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    if found and not shown:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/pools/index.html",
        page=Page(shown, number, len(found)),
        is_closed=is_closed,
        today=day_of(now(), company_zone()),
    )


@blueprint.route("/pools/new", methods=["GET", "POST"])
def new() -> Answer:
    """A new pool; where somebody was choosing people for one, it leads back there."""
    me, today = identity(), day_of(now(), company_zone())
    form = PoolForm(active_recruiters(), {"owner": recipient(me.person_id).public_id, "review_on": usual_review(today)})
    if form.validate_on_submit():
        try:
            public_id = actions.create_pool(
                name=form.name.data or "",
                purpose=form.purpose.data or "",
                review_on=form.review_on.data,
                owner=form.owner.data or "",
                form_key=form.form_key.data or "",
                actor_id=me.person_id,
                now=now(),
            )
        except PoolRefused as error:
            form.put_error(error.field, error)
        else:
            flash(_("The pool is there. Nobody is in it yet."), "success")
            return redirect(_way_back(public_id), 303)
    page = render_template(
        "recruiting/pools/new.html",
        form=form,
        here=request.full_path if request.query_string else request.path,
        is_on_the_way=bool(request.args.get("opening") or request.args.get("p")),
    )
    return page, 422 if form.is_submitted() else 200


def _way_back(public_id: str) -> str:
    """To those who were being chosen, with the new pool; else to the pool itself."""
    opening, chosen = request.args.get("opening"), chosen_arguments()
    if opening:
        return url_for(".put_many", public_id=opening, pool=public_id, **chosen)
    if "p" in chosen:
        return url_for(".put", p=chosen["p"], pool=public_id)
    return url_for(".show", public_id=public_id)


@blueprint.get("/pools/<public_id>")
def show(public_id: str) -> Response | str:
    pool, form, at = found_pool(public_id), MembersForm(), now()
    number = page_number()
    first = (number - 1) * PAGE_SIZE
    found, total = members_of(pool.id, identity().person_id, form.search, first, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/pools/show.html",
        pool=pool,
        form=form,
        page=Page(found, number, total),
        is_due=is_review_due(pool.review_on, day_of(at, company_zone())),
        here=request.full_path if request.query_string else request.path,
    )


@blueprint.route("/pools/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    pool = found_pool(public_id)
    if pool.closed_at is not None:
        return closed_meanwhile(public_id)
    form, newest = PoolForm.of(pool, active_recruiters()), None
    if form.validate_on_submit():
        try:
            actions.change_pool(
                public_id,
                name=form.name.data or "",
                purpose=form.purpose.data or "",
                review_on=form.review_on.data,
                owner=form.owner.data or "",
                seen_version=form.seen_version,
                actor_id=identity().person_id,
                now=now(),
            )
        except PoolRefused as error:
            form.put_error(error.field, error)
        except PoolChanged as error:
            form.put_error("", error)
            newest = found_pool(public_id)
            form.seen.data = str(newest.version)
        except PoolClosed:
            return closed_meanwhile(public_id)
        else:
            flash(_("The pool was changed."), "success")
            return to_pool(public_id)
    page = render_template("recruiting/pools/edit.html", pool=pool, form=form, newest=newest)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/pools/<public_id>/review", methods=["GET", "POST"])
def review(public_id: str) -> Answer:
    """Whether a pool is still right: keep it to a new day, go through the people, or close it."""
    pool, at = found_pool(public_id), now()
    if pool.closed_at is not None:
        return closed_meanwhile(public_id)
    today = day_of(at, company_zone())
    form = KeepForm(usual_review(today))
    if form.validate_on_submit():
        try:
            day = actions.keep_pool(public_id, review_on=form.review_on.data, actor_id=identity().person_id, now=at)
        except PoolRefused as error:
            form.put_error(error.field, error)
        except PoolClosed:
            return closed_meanwhile(public_id)
        else:
            flash(_("Kept. You will be asked again on %(day)s.", day=format_day(day)), "success")
            return to_pool(public_id)
    _members, count = members_of(pool.id, identity().person_id, "", 0, 1)
    page = render_template(
        "recruiting/pools/review.html",
        pool=pool,
        form=form,
        count=count,
        is_due=is_review_due(pool.review_on, today),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/pools/<public_id>/close", methods=["GET", "POST"])
def close(public_id: str) -> Answer:
    pool = found_pool(public_id)
    if pool.closed_at is not None:
        return closed_meanwhile(public_id)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            count = actions.close_pool(
                public_id, reason=form.reason.data or "", actor_id=identity().person_id, now=now()
            )
        except PoolRefused as error:
            form.put_error(error.field, error)
        except PoolClosed:
            return closed_meanwhile(public_id)
        else:
            words = ngettext(
                "The pool is closed; %(count)s person has left it.",
                "The pool is closed; %(count)s people have left it.",
                count,
            )
            flash(words, "success")
            return redirect(url_for(".index"), 303)
    _members, count = members_of(pool.id, identity().person_id, "", 0, 1)
    page = render_template("recruiting/pools/close.html", pool=pool, form=form, count=count)
    return page, 422 if form.is_submitted() else 200
