"""The tags of a person and of those chosen in a pipeline; and all tags, to rename, merge and delete them."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries.choosing import chosen_in, filters_in
from portal.applications.queries.pipeline import find_pipeline
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.notes import actions
from portal.notes.actions.tagging import TaggedMany
from portal.notes.forms import ManyTagsForm, MergeForm, TagNameForm, TagSearchForm
from portal.notes.queries import (
    TagLine,
    count_with_both,
    find_person_to_note,
    find_tag,
    most_used_tags,
    other_tags,
    people_tagged,
    tags_among,
    tags_in_use,
    tags_like,
    tags_of,
)
from portal.notes.recruiter_views.finding import Answer, asker, found_or_404, people, tags
from portal.notes.rules import NoteRefused, TagGone, TagTaken, tags_to_tick
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url
from portal.web.tag_forms import TagsForm

#: So many tags are offered to tick; the rest is found while typing.
_OFFERED = 30


@people.route("/candidates/<public_id>/tags", methods=["GET", "POST"], endpoint="tags")
def tags_of_person(public_id: str) -> Answer:
    scope = asker()
    found = found_or_404(find_person_to_note(public_id, scope))
    theirs, in_use = tags_of(found.person_id), most_used_tags(scope.person_id, _OFFERED)
    form = TagsForm(theirs, tags_to_tick(theirs, [line.name for line in in_use]))
    if form.validate_on_submit():
        try:
            actions.change_tags(public_id, scope=scope, names=form.names, seen=form.seen_names, now=now())
        except NoteRefused as error:
            form.put_error("tags", error)
        else:
            flash(_("The tags were saved."), "success")
            return redirect(url_for("recruiting.candidates.show", public_id=public_id, _anchor="main"), 303)
    page = render_template("recruiting/person_notes/tags.html", about=found, form=form)
    return page, 422 if form.is_submitted() else 200


@people.get("/tags/suggestions")
def suggestions() -> Response:
    return jsonify(tags_like(request.args.get("q", "")[:60], identity().person_id))


@tags.route("/openings/<public_id>/pipeline/tags", methods=["GET", "POST"])
def many(public_id: str) -> Answer:
    """Tags come and go for those who are chosen in a pipeline; who they are stands in the address, as there."""
    scope = asker()
    opening = find_pipeline(public_id, scope)
    if opening is None:
        raise NotFound
    today, here = day_of(now(), company_zone()), (opening.id, opening.public_id)
    found = chosen_in(request.args, request.args.getlist("a"), here, scope, today)
    chosen = [one for one in found if one.person_id != scope.person_id]
    form = ManyTagsForm(tags_among({one.person_id for one in chosen}, scope.person_id))
    back = url_for("recruiting.applications.pipeline", public_id=public_id, **filters_in(request.args))
    if form.validate_on_submit():
        # Those who stood on the page are meant, whatever the filters in its address find by now.
        meant, names, gone = form.seen_ids, form.names, form.gone.data or []
        try:
            done = actions.tag_many(opening.id, meant, scope=scope, added=names, removed=gone, now=now())
        except NoteRefused as error:
            form.put_error("tags", error)
        else:
            _say(done)
            return redirect(back, 303)
    if not form.is_submitted():
        form.seen.data = " ".join(one.public_id for one in chosen)
    page = render_template(
        "recruiting/tags/many.html",
        opening=opening,
        people=chosen,
        form=form,
        here=request.full_path if request.query_string else request.path,
        back=back,
    )
    return page, 422 if form.is_submitted() else 200


def _say(done: TaggedMany) -> None:
    """What came of it; nothing changed is said as well."""
    said = (
        (
            done.added_count,
            "success",
            ngettext("%(count)s person got it.", "%(count)s people got it.", done.added_count),
        ),
        (
            done.removed_count,
            "success",
            ngettext(
                "It was removed from %(count)s person.", "It was removed from %(count)s people.", done.removed_count
            ),
        ),
        (
            done.full_count,
            "warning",
            ngettext(
                "%(count)s person has as many tags as there may be, and got none.",
                "%(count)s people have as many tags as there may be, and got none.",
                done.full_count,
            ),
        ),
    )
    for count, tone, words in said:
        if count:
            flash(words, tone)
    if not any(count for count, _tone, _words in said):
        flash(_("Nothing changed: they had these tags already, or never."), "info")


@tags.get("/tags")
def index() -> Response | str:
    form, number = TagSearchForm(), page_number()
    found, total = tags_in_use(form.search, identity().person_id, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template("recruiting/tags/index.html", form=form, page=Page(found, number, total))


@tags.get("/tags/one")
def show() -> Response | str:
    """A tag: who has it, and what can be done with it."""
    tag = _asked()
    if tag is None:
        return _gone()
    number = page_number()
    found = people_tagged(tag.key, identity().person_id, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if not found:
        return redirect(_to(tag.key), 303)
    return render_template("recruiting/tags/show.html", tag=tag, page=Page(found, number, tag.count))


@tags.route("/tags/rename", methods=["GET", "POST"])
def rename() -> Answer:
    tag = _asked()
    if tag is None:
        return _gone()
    form = TagNameForm(tag.name)
    if form.validate_on_submit():
        try:
            count = actions.rename_tag(tag.key, form.name.data or "", actor_id=identity().person_id, now=now())
        except NoteRefused as error:
            form.put_error("name", error)
        except TagTaken as error:
            flash(error.message, "info")
            return redirect(url_for(".merge", tag=tag.key, into=error.key), 303)
        except TagGone:
            return _gone()
        else:
            words = ngettext("Renamed for %(count)s person.", "Renamed for %(count)s people.", count)
            flash(words, "success")
            return redirect(url_for(".index"), 303)
    page = render_template("recruiting/tags/rename.html", tag=tag, form=form)
    return page, 422 if form.is_submitted() else 200


@tags.route("/tags/merge", methods=["GET", "POST"])
def merge() -> Answer:
    """One tag goes into another: choose which, see how many, confirm."""
    tag, me = _asked(), identity()
    if tag is None:
        return _gone()
    asked = request.args.get("into", "")
    into = find_tag(asked, me.person_id) if asked and asked != tag.key else None
    if request.method == "POST" and into is not None:
        try:
            count = actions.merge_tags(tag.key, into.key, actor_id=me.person_id, now=now())
        except TagGone:
            return _gone()
        words = ngettext(
            "%(count)s person has “%(tag)s” now.", "%(count)s people have “%(tag)s” now.", count, tag=into.name
        )
        flash(words, "success")
        return redirect(_to(into.key), 303)
    page = render_template(
        "recruiting/tags/merge.html",
        tag=tag,
        into=into,
        both=count_with_both(tag.key, into.key, me.person_id) if into else 0,
        form=None if into else MergeForm(other_tags(tag.key, me.person_id)),
    )
    return page, 422 if request.method == "POST" else 200


@tags.route("/tags/delete", methods=["GET", "POST"])
def delete() -> Answer:
    tag = _asked()
    if tag is None:
        return _gone()
    if request.method == "POST":
        try:
            count = actions.delete_tag(tag.key, actor_id=identity().person_id, now=now())
        except TagGone:
            return _gone()
        words = ngettext("Deleted; %(count)s person had it.", "Deleted; %(count)s people had it.", count)
        flash(words, "success")
        return redirect(url_for(".index"), 303)
    return render_template("recruiting/tags/delete.html", tag=tag), 200


def _asked() -> TagLine | None:
    """The tag that the address is about, while somebody has it."""
    return find_tag(request.args.get("tag", ""), identity().person_id)


def _gone() -> Response:
    """To all tags, with a word: a colleague may have renamed, merged or deleted this one."""
    flash(_("Nobody has this tag any more: a colleague has renamed, merged or deleted it."), "info")
    return redirect(url_for(".index"), 303)


def _to(key: str) -> str:
    return url_for(".show", tag=key)
