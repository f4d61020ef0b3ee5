"""A person's own conversation with us."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries.own_notices import OpenQuestion, notices_for
from portal.company.queries import company_zone
from portal.conversations.actions import answer_due_on, ask, owner_for
from portal.conversations.forms import AskForm
from portal.conversations.queries import LinkedApplication, OwnMessage, applications_to_write_about, own_messages
from portal.conversations.rules import ProposalRefused, TooOften
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_day, join_words, ngettext
from portal.core.i18n import gettext as _
from portal.people.queries import active_recruiters
from portal.web.identity import identity

blueprint = Blueprint("conversations", __name__)
Answer = Response | tuple[str, int]
#: So many who can read it are named.
_NAMED = 6


@blueprint.route("/conversation", methods=["GET", "POST"])
def show() -> Answer:
    me, at = identity(), now()
    linked = applications_to_write_about(me.person_id)
    messages = own_messages(me.person_id)
    form = AskForm(linked, _begins_with(linked, messages))
    if not form.validate_on_submit():
        return _page(linked, messages, form, at, 422 if form.is_submitted() else 200)
    try:
        asked = ask(
            me.person_id,
            text=form.message.data or "",
            application=form.application.data or "",
            form_key=form.form_key.data or "",
            now=at,
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _page(linked, messages, form, at, 422)
    except TooOften as error:
        form.put_error("", error)
        return _page(linked, messages, form, at, 429)
    day = format_day(asked.due_on)
    if asked.owner_name:
        flash(_("Sent. %(name)s is asked to answer by %(day)s.", name=asked.owner_name, day=day), "success")
    else:
        flash(_("Sent. We mean to answer by %(day)s.", day=day), "success")
    return redirect(url_for(".show", _anchor="newest"), 303)


def _begins_with(linked: list[LinkedApplication], messages: list[OwnMessage]) -> str:
    """The application that the link leading here was about, else what was spoken of last.

    What is not theirs does not exist.
    """
    asked = request.args.get("application", "")
    if asked and asked not in {one.public_id for one in linked}:
        raise NotFound
    return asked or (messages[-1].application_public_id if messages else None) or ""


def _page(
    linked: list[LinkedApplication], messages: list[OwnMessage], form: AskForm, at: datetime, status: int
) -> Answer:
    about = next((one for one in linked if one.public_id == form.application.data), None)
    here = active_recruiters()
    names = {row.person_id: row.name for row in here}
    owner_id = owner_for(linked, about)
    others = [row.name for row in here if row.person_id != owner_id]
    notices = notices_for(identity().person_id, identity().email)
    page = render_template(
        "candidate/conversations/show.html",
        form=form,
        lines=_lines(messages, notices.questions, at),
        owner_name=names.get(owner_id, "") if owner_id else "",
        others=_named(others),
        due_on=answer_due_on(at),
        dead_address=notices.dead_address,
        about=about,
    )
    return page, status


def _lines(
    messages: list[OwnMessage], questions: list[OpenQuestion], at: datetime
) -> list[tuple[OwnMessage, str, bool]]:
    """Each message; beside one that waits, by when it is answered or that it has not been, and whether we are late."""
    today = day_of(at, company_zone())
    waiting = {one.message_id: one for one in questions}
    lines = []
    for message in messages:
        question = waiting.get(message.id)
        lines.append((message, question.words(today) if question else "", bool(question and question.is_late(today))))
    return lines


def _named(names: list[str]) -> str:
    """The names in one phrase; beyond a handful they are counted."""
    left = len(names) - _NAMED
    if left <= 1:
        return join_words(names)
    more = ngettext("%(count)s more colleague", "%(count)s more colleagues", left)
    return join_words([*names[:_NAMED], more])
