"""Notes on pages of their own; the card of a person and the page beside the CV show them as well."""

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.applications.queries.choosing import chosen_in, filters_in
from portal.applications.queries.pipeline import find_pipeline
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.notes import actions
from portal.notes.forms import ManyNoteForm, NoteForm
from portal.notes.queries import (
    About,
    NoteLine,
    RoundView,
    find_application_to_note,
    find_note,
    find_note_round,
    find_person_to_note,
    notes_about,
    notes_of,
)
from portal.notes.recruiter_views.finding import Answer, asker, blueprint, found_or_404, people
from portal.notes.rules import CHANGE_MINUTES, TAKE_BACK_HOURS, NoteRefused, TooLateToChange, may_take_back
from portal.web.identity import identity


@blueprint.route("/applications/<public_id>/notes", methods=["GET", "POST"])
def about(public_id: str) -> Answer:
    scope = asker()
    found = found_or_404(find_application_to_note(public_id, scope))
    form = NoteForm()
    if form.validate_on_submit():
        key = form.form_key.data or ""
        try:
            actions.note_on_application(public_id, scope=scope, text=form.body.data or "", form_key=key, now=now())
        except NoteRefused as error:
            form.put_error("body", error)
        else:
            flash(_("Noted, for colleagues only."), "success")
            return _back(public_id, "")
    return _page(found, form, notes_about(found.application_id or 0, scope))


@blueprint.route("/openings/<public_id>/pipeline/note", methods=["GET", "POST"])
def many(public_id: str) -> Answer:
    """One note on several applications of an opening; whom it is about stands in the address, as in the pipeline."""
    scope = asker()
    opening = find_pipeline(public_id, scope)
    if opening is None:
        raise NotFound
    form = ManyNoteForm()
    if form.validate_on_submit():
        # Those who stood on the page are meant, whatever the filters in its address find by now.
        meant, key = form.seen_ids, form.form_key.data or ""
        try:
            round_id, count = actions.note_on_many(
                opening.id, meant, scope=scope, text=form.body.data or "", form_key=key, now=now()
            )
        except NoteRefused as error:
            form.put_error("body", error)
        else:
            return _noted(public_id, round_id, count)
    today, here = day_of(now(), company_zone()), (opening.id, opening.public_id)
    found = chosen_in(request.args, request.args.getlist("a"), here, scope, today)
    chosen = [one for one in found if one.person_id != scope.person_id]
    if not form.is_submitted():
        form.seen.data = " ".join(one.public_id for one in chosen)
        form.body.render_kw = {"autofocus": True}
    page = render_template(
        "recruiting/notes/many.html",
        opening=opening,
        people=chosen,
        form=form,
        here=request.full_path if request.query_string else request.path,
        back=url_for("recruiting.applications.pipeline", public_id=public_id, **filters_in(request.args)),
    )
    return page, 422 if form.is_submitted() else 200


def _noted(public_id: str, round_id: str, count: int) -> Response:
    """Back in the pipeline, with the way to take it back."""
    filters = filters_in(request.args)
    words = ngettext(
        "Noted on %(count)s application, for colleagues only.",
        "Noted on %(count)s applications, for colleagues only.",
        count,
    )
    undo = url_for(".noted_many", round_id=round_id, **filters)
    flash(Markup('{} <a href="{}">{}</a>').format(words, undo, _("See it, or take it back")), "success")
    return redirect(url_for("recruiting.applications.pipeline", public_id=public_id, **filters), 303)


@blueprint.get("/notes/rounds/<round_id>")
def noted_many(round_id: str) -> str:
    """What was noted on whom at once, and how it is taken back."""
    view, scope, at = _round(round_id), asker(), now()
    return render_template(
        "recruiting/notes/noted_many.html",
        view=view,
        may_take_back=bool(view.unchanged) and may_take_back(view.author_id, scope.person_id, view.created_at, at),
        hours=TAKE_BACK_HOURS,
        filters=filters_in(request.args),
        back=_pipeline_of(view),
    )


@blueprint.post("/notes/rounds/<round_id>/take-back")
def take_notes(round_id: str) -> Response:
    """Take the note back from all of them."""
    view = _round(round_id)
    try:
        count = actions.take_notes_back(round_id, scope=asker(), now=now())
    except TooLateToChange as error:
        flash(error.message, "warning")
        return redirect(url_for(".noted_many", round_id=round_id, **filters_in(request.args)), 303)
    words = ngettext(
        "The note was taken back from %(count)s application.",
        "The note was taken back from %(count)s applications.",
        count,
    )
    flash(words if count else _("There was nothing left to take back."), "success" if count else "info")
    changed = len(view.notes) - len(view.unchanged)
    if changed:
        stays = ngettext(
            "%(count)s note stays, because you changed its words since.",
            "%(count)s notes stay, because you changed their words since.",
            changed,
        )
        flash(stays, "info")
    return redirect(_pipeline_of(view), 303)


def _round(round_id: str) -> RoundView:
    view = find_note_round(round_id, asker())
    if view is None:
        raise NotFound
    return view


def _pipeline_of(view: RoundView) -> str:
    return url_for("recruiting.applications.pipeline", public_id=view.opening_public_id, **filters_in(request.args))


@people.route("/candidates/<public_id>/notes", methods=["GET", "POST"])
def about_person(public_id: str) -> Answer:
    scope = asker()
    found = found_or_404(find_person_to_note(public_id, scope))
    form = NoteForm()
    if form.validate_on_submit():
        key = form.form_key.data or ""
        try:
            actions.note_on_person(public_id, scope=scope, text=form.body.data or "", form_key=key, now=now())
        except NoteRefused as error:
            form.put_error("body", error)
        else:
            flash(_("Noted, for colleagues only."), "success")
            return _back("", public_id)
    return _page(found, form, notes_of(found.person_id, scope))


@blueprint.route("/notes/<public_id>", methods=["GET", "POST"])
def change(public_id: str) -> Answer:
    scope = asker()
    note = find_note(public_id, scope)
    if note is None or note.author_id != scope.person_id:
        raise NotFound
    form = NoteForm(note.body)
    if form.validate_on_submit():
        try:
            actions.change_note(public_id, scope=scope, text=form.body.data or "", now=now())
        except NoteRefused as error:
            form.put_error("body", error)
        except TooLateToChange as error:
            form.put_error("", error)
        else:
            flash(_("The note was changed."), "success")
            return _back(note.application_public_id or "", note.person_public_id)
    page = render_template(
        "recruiting/notes/change.html",
        note=note,
        form=form,
        may_change=note.may_be_changed_by(scope.person_id, now()),
        minutes=CHANGE_MINUTES,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/notes/<public_id>/remove")
def remove(public_id: str) -> Response:
    scope = asker()
    note = find_note(public_id, scope)
    actions.remove_note(public_id, scope=scope, now=now())
    flash(_("The note was removed."), "success")
    return _back(note.application_public_id or "" if note else "", note.person_public_id if note else "")


def _page(found: About, form: NoteForm, notes: list[NoteLine]) -> Answer:
    page = render_template(
        "recruiting/notes/about.html",
        about=found,
        form=form,
        notes=notes,
        here=request.path,
        asker_id=identity().person_id,
        at=now(),
    )
    return page, 422 if form.is_submitted() else 200


def _back(application: str, person: str) -> Response:
    """To where the notes stand: beside the CV for those about an application, else on the card."""
    if application:
        return redirect(url_for("recruiting.desk.read", public_id=application, _anchor="main"), 303)
    return redirect(url_for("recruiting.candidates.show", public_id=person, _anchor="main"), 303)
