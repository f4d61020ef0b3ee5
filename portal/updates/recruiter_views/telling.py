"""The member whom a story is about: naming them, and asking them for their yes."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.community.queries import is_member
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.people.queries import find_by_email
from portal.updates.actions import AskedAlready, name_member
from portal.updates.forms import StoryForm
from portal.updates.queries import UpdateView, story_of
from portal.updates.recruiter_views.finding import blueprint, find
from portal.updates.rules import MoveRefused
from portal.web.identity import identity
from portal.wording.rules import MissingValue

_AGAIN = "again"


@blueprint.post("/updates/<public_id>/story")
def story(public_id: str) -> Response | tuple[str, int]:
    """Whose story it is; they are asked by mail, and on their own page of updates."""
    view = find(public_id)
    named = story_of(view.id)
    if request.form.get("do") == _AGAIN and named is not None:
        return _ask(view, named.person_id)
    form = StoryForm()
    if form.validate():
        member = find_by_email(form.address.data or "")
        if member is None:
            form.address.errors = [*form.address.errors, _("We know nobody with this address.")]
        elif not is_member(member.id):
            form.address.errors = [*form.address.errors, _("They have not joined the community. Invite them first.")]
        else:
            return _ask(view, member.id)
    return render_template("recruiting/updates/story.html", view=view, story_form=form), 422


def _ask(view: UpdateView, person_id: int) -> Response:
    try:
        was_asked = name_member(view.id, person_id, actor_id=identity().person_id, now=now())
    except (AskedAlready, MoveRefused) as error:
        flash(error.message, "warning")
    except MissingValue:
        flash(_("The mail needs their name, and we know none. Write to them in their conversation."), "danger")
    else:
        flash(_said(was_asked=was_asked), "success")
    return redirect(url_for(".show", public_id=view.public_id, _anchor="story"), 303)


def _said(*, was_asked: bool) -> str:
    if was_asked:
        return _("They are asked by mail, and find the story under their updates.")
    return _("Saved. Write the summary and the text, then ask them: their yes is to the very words.")
