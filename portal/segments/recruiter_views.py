"""Segments: the list, the builder with its live count, who is in one, and why."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.core.clock import now
from portal.core.clock import today as today_in
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.segments import actions
from portal.segments.forms import Builder, SegmentForm, changed
from portal.segments.queries import (
    SegmentView,
    choices_for,
    count_of,
    find_known,
    find_segment,
    labels_for,
    page_of,
    people_called,
    segments_for,
)
from portal.segments.rules import READY_MADE, Group, ReadyMade, SegmentRefused, sentence, why
from portal.segments.states import Field, Match
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("segments", __name__)
_LOOK = "look"
#: People of a name that are shown to choose from.
_NAMESAKES = 8
_LONGEST_SEARCH = 100


def _today() -> date:
    return today_in(company_zone())


@blueprint.get("/segments")
def index() -> str:
    asker = identity().person_id
    saved = segments_for(asker)
    labels = labels_for([*(one.tree for one in saved if one.tree), *(one.tree for one in READY_MADE.values())])
    lines = [(one, sentence(one.tree, labels) if one.tree else "") for one in saved]
    return render_template(
        "recruiting/segments/index.html",
        own=[line for line in lines if line[0].owner_id == asker],
        shared=[line for line in lines if line[0].owner_id != asker],
        ready=[(one, sentence(one.tree, labels)) for one in READY_MADE.values()],
    )


@blueprint.get("/segments/ready/<ready>")
def show_ready(ready: str) -> Response | str:
    """Who is in one that is there from the first day."""
    found = _ready(ready)
    return _shown(found.tree, ready=found)


@blueprint.get("/segments/<public_id>")
def show(public_id: str) -> Response | str:
    """Who is in a segment now."""
    view = _found(public_id)
    return _shown(view.tree, view=view)


def _shown(tree: Group | None, *, view: SegmentView | None = None, ready: ReadyMade | None = None) -> Response | str:
    asker, number, today = identity().person_id, page_number(), _today()
    people = page_of(tree, today, asker, (number - 1) * PAGE_SIZE, PAGE_SIZE) if tree else ([], 0)
    if number > 1 and not people[0]:
        return redirect(page_url(1), 303)
    searched = request.args.get("who", "")[:_LONGEST_SEARCH]
    return render_template(
        "recruiting/segments/show.html",
        view=view,
        ready=ready,
        name=view.name if view else str(ready.name if ready else ""),
        sentence=sentence(tree, labels_for([tree])) if tree else "",
        page=Page(people[0], number, people[1]),
        is_own=view is not None and view.owner_id == asker,
        why_base=f"{request.path}/why/",
        searched=searched,
        called=people_called(searched, asker, _NAMESAKES),
    )


@blueprint.get("/segments/ready/<ready>/why/<person_id>")
def why_ready(ready: str, person_id: str) -> str:
    """Why somebody is in one that is there from the first day, or not."""
    found = _ready(ready)
    return _why(found.tree, str(found.name), url_for(".show_ready", ready=ready), person_id)


@blueprint.get("/segments/<public_id>/why/<person_id>")
def why_in(public_id: str, person_id: str) -> str:
    """Why somebody is in a segment, or not."""
    view = _found(public_id)
    if view.tree is None:
        raise NotFound
    return _why(view.tree, view.name, url_for(".show", public_id=public_id), person_id)


def _why(tree: Group, name: str, back: str, person_id: str) -> str:
    today = _today()
    person = find_known(person_id, today, identity().person_id)
    if person is None:
        raise NotFound
    labels = labels_for([tree])
    areas: Any = {**labels, **choices_for({Field.AREA})}
    lines = why(tree, person.known, areas, today)
    held = [line.is_met for line in lines if line.depth == 0]
    is_met = all(held) if tree.match is Match.ALL else any(held) is (tree.match is Match.ANY)
    return render_template(
        "recruiting/segments/why.html",
        person=person,
        name=name,
        back=back,
        match=tree.match,
        sentence=sentence(tree, labels),
        lines=lines,
        is_in=is_met and person.is_known,
    )


@blueprint.route("/segments/new", methods=["GET", "POST"])
def new() -> Any:
    """Build a segment, from nothing or from another one."""
    name, tree = _start()
    form = SegmentForm(name=name)
    if not form.is_submitted():
        return _builder_page(form, Builder.of(tree))
    answer = _pressed(form)
    if answer is not None:
        return answer
    builder = Builder(request.form)
    if not _is_whole(form, builder):
        return _builder_page(form, builder), 422
    public_id = actions.save_segment(
        form.name.data or "",
        builder.tree,
        is_shared=bool(form.is_shared.data),
        actor_id=identity().person_id,
        form_key=form.form_key.data or "",
        now=now(),
    )
    flash(_("Saved. Whoever fits from now on is in it, too."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


def _start() -> tuple[str, Group]:
    """What a new segment begins with: nothing, one that is ready-made, or a copy of one the asker may use."""
    if (ready := READY_MADE.get(request.args.get("from", ""))) is not None:
        return "", ready.tree
    copied = find_segment(request.args.get("copy", ""), identity().person_id)
    if copied is not None and copied.tree is not None:
        return _("Copy of %(name)s", name=copied.name)[: actions.NAME_LENGTH], copied.tree
    return "", Group(Match.ALL)


@blueprint.route("/segments/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Any:
    """Change one's own segment; a colleague's is the start of one of one's own."""
    view = _found(public_id)
    if view.owner_id != identity().person_id:
        return redirect(url_for(".new", copy=public_id), 303)
    form = SegmentForm(name=view.name, is_shared=view.is_shared, seen=actions.as_seen(view.changed_at))
    if not form.is_submitted():
        return _builder_page(form, Builder.of(view.tree or Group(Match.ALL)), view)
    answer = _pressed(form, view)
    if answer is not None:
        return answer
    builder = Builder(request.form)
    if not _is_whole(form, builder):
        return _builder_page(form, builder, view), 422
    try:
        actions.change_segment(
            public_id,
            form.name.data or "",
            builder.tree,
            is_shared=bool(form.is_shared.data),
            actor_id=view.owner_id,
            seen_at=form.seen.data or "",
            now=now(),
        )
    except SegmentRefused as error:
        form.put_error(error.part, error)
        return _builder_page(form, builder, view), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


def _pressed(form: SegmentForm, view: SegmentView | None = None) -> Any:
    """The page after a button that saves nothing; None when it is to be saved."""
    do = request.form.get("do", "")
    moved = changed(request.form, do)
    if moved is None and do != _LOOK:
        return None
    builder = Builder(request.form if moved is None else moved)
    if moved is None:
        builder.check()
    return _builder_page(form, builder, view)


def _is_whole(form: SegmentForm, builder: Builder) -> bool:
    is_valid = form.validate_on_submit()
    wrong = builder.check()
    form.form_errors.extend(wrong)
    try:
        actions.checked_name(form.name.data or "")
    except SegmentRefused as error:
        if is_valid:
            form.put_error(error.part, error)
        return False
    return is_valid and not wrong


def _builder_page(form: SegmentForm, builder: Builder, view: SegmentView | None = None) -> str:
    return render_template(
        "recruiting/segments/edit.html",
        form=form,
        builder=builder,
        view=view,
        found=_counted(builder),
        here=request.full_path if request.query_string else request.path,
        back=url_for(".show", public_id=view.public_id) if view else url_for(".index"),
    )


def _counted(builder: Builder) -> dict[str, str]:
    """How many the rules find, and the rules in a sentence; why not, while they are not whole."""
    if builder.is_whole:
        count = count_of(builder.tree, _today(), identity().person_id)
        words = ngettext("%(count)s person", "%(count)s people", count)
        return {"count": words, "sentence": sentence(builder.tree, labels_for([builder.tree]))}
    if not builder.tree.of:
        return {"count": _("Nothing asked yet"), "sentence": _("Add a condition, and you see how many it finds.")}
    return {"count": _("Not whole yet"), "sentence": _("Fill in what is still asked, and you see how many it finds.")}


@blueprint.get("/segments/count")
def count() -> Response:
    """How many people the rules in the address find; for the builder's script."""
    return jsonify(_counted(Builder(request.args)))


@blueprint.route("/segments/<public_id>/remove", methods=["GET", "POST"])
def remove(public_id: str) -> Any:
    """Ask, and then remove one's own segment."""
    view = _found(public_id)
    is_own = view.owner_id == identity().person_id
    if request.method == "POST":
        name = actions.remove_segment(public_id, actor_id=identity().person_id, now=now())
        flash(_("“%(name)s” is removed.", name=name), "success")
        return redirect(url_for(".index"), 303)
    return render_template("recruiting/segments/remove.html", view=view, is_own=is_own)


def _found(public_id: str) -> SegmentView:
    view = find_segment(public_id, identity().person_id)
    if view is None:
        raise NotFound
    return view


def _ready(key: str) -> ReadyMade:
    if key not in READY_MADE:
        raise NotFound
    return READY_MADE[key]
