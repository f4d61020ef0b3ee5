"""The tags of what people wrote: put on a text and taken off, and suggested while typing."""

from typing import Any, Final

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.notes.rules import TAG_LENGTH, NoteRefused, tags_to_tick
from portal.surveys.actions.tagging import change_comment_tags
from portal.surveys.queries.surveys import contents_of
from portal.surveys.queries.tagging import find_comment_to_tag, most_used_text_tags, text_tags_like
from portal.surveys.recruiter_views.finding import blueprint, find_to_write, require_writer
from portal.surveys.recruiter_views.showing import org_name
from portal.surveys.rules.results import asked_in
from portal.surveys.states import TOUCHPOINT_LABELS
from portal.web.identity import identity
from portal.web.tag_forms import TagsForm

#: So many tags are offered to tick; the rest is found while typing.
_OFFERED: Final = 30
#: What the list was narrowed to, and its page; it leads back there.
_OF_THE_LIST: Final = ("q", "question", "where", "outcome", "tag", "page")


@blueprint.route("/surveys/<public_id>/comments/<key>/tags", methods=["GET", "POST"])
def tags(public_id: str, key: str) -> Response | tuple[str, int]:
    view = find_to_write(public_id)
    found = find_comment_to_tag(view.id, key)
    if found is None:
        raise NotFound
    here: dict[str, Any] = {name: request.args[name] for name in _OF_THE_LIST if request.args.get(name)}
    form = TagsForm(found.tags, tags_to_tick(found.tags, most_used_text_tags(_OFFERED)))
    if form.validate_on_submit():
        me = identity().person_id
        try:
            change_comment_tags(view.id, key, names=form.names, seen=form.seen_names, actor_id=me, now=now())
        except NoteRefused as error:
            form.put_error("tags", error)
        else:
            flash(_("The tags were saved."), "success")
            return redirect(url_for(".comments", public_id=public_id, _anchor=f"text-{key}", **here), 303)
    asked = {one.question.id: one.words for one in asked_in(contents_of(view.id), org_name())}
    page = render_template(
        "recruiting/surveys/tags.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        text=found,
        question=asked.get(found.question_id, ""),
        form=form,
        action=url_for(".tags", public_id=public_id, key=key, **here),
        back=url_for(".comments", public_id=public_id, _anchor=f"text-{key}", **here),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/surveys/tags/suggestions")
def tag_suggestions() -> Response:
    require_writer()
    return jsonify(text_tags_like(request.args.get("q", "")[:TAG_LENGTH]))
