"""Notes and tags on pages of their own; the card of a person and the page beside the CV show them as well."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.notes import actions
from portal.notes.forms import NoteForm, TagsForm
from portal.notes.queries import (
    About,
    NoteLine,
    find_application_to_note,
    find_note,
    find_person_to_note,
    notes_about,
    notes_of,
    tags_like,
    tags_of,
)
from portal.notes.rules import CHANGE_MINUTES, NoteRefused, TooLateToChange
from portal.web.identity import identity

#: About applications: hiring managers as well.
blueprint = Blueprint("notes", __name__)
#: About people: for those who may see everybody we know.
people = Blueprint("person_notes", __name__)
Answer = Response | tuple[str, int]


@blueprint.route("/applications/<public_id>/notes", methods=["GET", "POST"])
def about(public_id: str) -> Answer:
    scope = _asker()
    found = _found(find_application_to_note(public_id, scope))
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


@people.route("/candidates/<public_id>/notes", methods=["GET", "POST"])
def about_person(public_id: str) -> Answer:
    scope = _asker()
    found = _found(find_person_to_note(public_id, scope))
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
    scope = _asker()
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
    scope = _asker()
    note = find_note(public_id, scope)
    actions.remove_note(public_id, scope=scope, now=now())
    flash(_("The note was removed."), "success")
    return _back(note.application_public_id or "" if note else "", note.person_public_id if note else "")


@people.route("/candidates/<public_id>/tags", methods=["GET", "POST"])
def tags(public_id: str) -> Answer:
    scope = _asker()
    found = _found(find_person_to_note(public_id, scope))
    form = TagsForm(tags_of(found.person_id))
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
    return jsonify(tags_like(request.args.get("q", "")[:60]))


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


def _asker() -> StaffScope:
    me = identity()
    return StaffScope(me.person_id, me.role)


def _found(about: About | None) -> About:
    if about is None:
        raise NotFound
    return about


def _back(application: str, person: str) -> Response:
    """To where the notes stand: beside the CV for those about an application, else on the card."""
    if application:
        return redirect(url_for("recruiting.desk.read", public_id=application, _anchor="main"), 303)
    return redirect(url_for("recruiting.candidates.show", public_id=person, _anchor="main"), 303)
