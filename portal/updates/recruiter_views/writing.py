"""The list of updates, one with its numbers, and writing it."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import format_moment, local, reader, reading_as
from portal.core.i18n import gettext as _
from portal.updates.actions import create_update, save_draft
from portal.updates.forms import DraftForm, FilterForm, NewForm, StoryForm
from portal.updates.queries import (
    UpdateView,
    content_of,
    draft_for_staff,
    list_for_staff,
    mail_that_asked,
    openings_to_name,
    story_of,
    updates_to_copy,
    versions_of,
)
from portal.updates.recruiter_views.finding import blueprint, find, names, names_for, segment_choices
from portal.updates.rules import (
    MISSING_WORDS,
    Missing,
    MoveRefused,
    StaleDraft,
    audience_in_words,
    content_in_words,
    differences,
    shown_count,
)
from portal.updates.states import AUDIENCE_LABELS, KIND_LABELS, STATE_LABELS, UpdateKind, UpdateState
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

Answer = Response | tuple[str, int]
_AUTOSAVE = "autosave"
_PREVIEW, _PUBLISH = "preview", "publish"


@blueprint.get("/updates")
def index() -> Response | str:
    form = FilterForm()
    number = page_number()
    found, total = list_for_staff(form.wanted, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/updates/index.html",
        form=form,
        page=Page(found, number, total),
        labels=STATE_LABELS,
        kinds=KIND_LABELS,
        audiences=AUDIENCE_LABELS,
        shown_count=shown_count,
        is_narrowed=bool(form.wanted.q or form.wanted.state),
    )


@blueprint.route("/updates/new", methods=["GET", "POST"])
def new() -> Answer:
    form = NewForm(updates_to_copy())
    if not form.validate_on_submit():
        page = render_template("recruiting/updates/new.html", form=form)
        return page, 422 if form.is_submitted() else 200
    public_id = create_update(
        form.title.data or "",
        UpdateKind(form.kind.data),
        copy_of=form.copy_of.data or "",
        form_key=form.form_key.data or "",
        actor_id=identity().person_id,
        now=now(),
    )
    flash(_("Saved as a draft. Nobody but recruiters sees it until you publish it."), "success")
    return redirect(url_for(".edit", public_id=public_id), 303)


@blueprint.get("/updates/<public_id>")
def show(public_id: str) -> str:
    view = find(public_id)
    draft = draft_for_staff(view)
    published = content_of(view.id, view.version_number) if view.version_number else None
    content = published or draft.content
    story = story_of(view.id) if content.kind is UpdateKind.MEMBER_STORY else None
    known = names() if published else names_for(content)
    return render_template(
        "recruiting/updates/show.html",
        view=view,
        draft=draft,
        content=content,
        shown=content_in_words(content),
        audience=audience_in_words(content, known),
        label=STATE_LABELS[view.state],
        said_at=_as_it_was_said(view),
        kinds=KIND_LABELS,
        versions=versions_of(view.id),
        changed=[one.label for one in differences(published, draft.content, known)] if published else [],
        story=story,
        # They are asked about what is being written, whatever is published.
        asked=mail_that_asked(public_id, story.person_id, draft.content.words_digest) if story else None,
        story_form=StoryForm(formdata=None),
        shown_count=shown_count,
        held_up=[str(MISSING_WORDS[Missing(one)]) for one in view.held_up.split(", ") if one],
    )


def _as_it_was_said(view: UpdateView) -> str:
    """When it goes out on the clocks on which that was said, where they are not the reader's."""
    if view.publish_at is None or view.publish_zone == reader().zone:
        return ""
    with reading_as(identity().locale, view.publish_zone):
        return format_moment(view.publish_at)


@blueprint.route("/updates/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    view = find(public_id)
    if request.method == "GET" and not view.may_be_written:
        flash(_why_not_written(view), "info")
        return redirect(url_for(".show", public_id=public_id), 303)
    form = _draft_form(view)
    if request.method == "POST" and request.headers.get("X-Requested-With") == _AUTOSAVE:
        return _autosave(view, form)
    if not form.validate_on_submit():
        return _writing(view, form, 422 if form.is_submitted() else 200)
    try:
        save_draft(view.id, form.content, revision=form.seen_revision, actor_id=identity().person_id, now=now())
    except StaleDraft as error:
        return _both(view, form, error)
    except MoveRefused as error:
        form.put_error("", error)
        return _writing(view, form, 409)
    flash(_("Saved. What people read changes only when you publish it."), "success")
    where = {_PREVIEW: ".preview", _PUBLISH: ".publish"}.get(request.form.get("do", ""), ".show")
    return redirect(url_for(where, public_id=public_id), 303)


def _why_not_written(view: UpdateView) -> str:
    if view.state is UpdateState.SCHEDULED:
        return _("It is scheduled. Take it off the schedule to change it.")
    if view.state is UpdateState.WITHDRAWN:
        return _("It was withdrawn. Begin a new one, perhaps as a copy of it.")
    return _("It is being published just now.")


def _autosave(view: UpdateView, form: DraftForm) -> Response:
    """What was typed so far, kept; a colleague's change in between, or what is wrong, is said to the script."""
    if not form.validate():
        wrong = jsonify(errors={name: [str(one) for one in found] for name, found in form.errors.items() if name})
        wrong.status_code = 422
        return wrong
    try:
        revision = save_draft(
            view.id, form.content, revision=form.seen_revision, actor_id=identity().person_id, now=now()
        )
    except (StaleDraft, MoveRefused):
        stale = jsonify(errors={})
        stale.status_code = 409
        return stale
    return jsonify(saved_at=f"{local(now()):%H:%M}", errors={}, revision=revision)


def _draft_form(view: UpdateView) -> DraftForm:
    draft = draft_for_staff(view)
    return DraftForm(
        draft.content,
        draft.revision,
        areas=areas(),
        openings=openings_to_name(),
        segments=segment_choices(),
        is_out=view.is_out,
    )


def _both(view: UpdateView, form: DraftForm, error: StaleDraft) -> Answer:
    """What a colleague saved beside what was typed here; saving once more is then a decision."""
    form.put_error("", error)
    # What this request read at first is from before the colleague saved.
    end_reading()
    saved = draft_for_staff(view)
    form.revision.data = str(saved.revision)
    return _writing(view, form, 409, saved=saved, found=differences(saved.content, form.content, names()))


def _writing(view: UpdateView, form: DraftForm, status: int, **shown: object) -> Answer:
    page = render_template(
        "recruiting/updates/edit.html",
        view=view,
        form=form,
        today=day_of(now(), company_zone()),
        **({"saved": None, "found": []} | shown),
    )
    return page, status


@blueprint.get("/updates/<public_id>/versions/<int:number>")
def version(public_id: str, number: int) -> str:
    view = find(public_id)
    content = content_of(view.id, number)
    line = next((one for one in versions_of(view.id) if one.number == number), None)
    if content is None or line is None:
        raise NotFound
    before = content_of(view.id, number - 1)
    return render_template(
        "recruiting/updates/version.html",
        view=view,
        line=line,
        shown=content_in_words(content),
        changed=differences(before, content, names()) if before else [],
    )
