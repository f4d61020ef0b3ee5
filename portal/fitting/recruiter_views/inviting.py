"""Inviting those who were chosen: the words, a preview, how far it has come, and taking it back."""

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import undo_minutes
from portal.core.clock import now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import format_moment, local, ngettext, reader, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, token_place
from portal.core.tokens import TokenKind
from portal.fitting.actions import begin_inviting, go_on_with_round, note_seen, preview_for, take_round_back
from portal.fitting.emails import draft
from portal.fitting.forms import InviteForm, invite_form
from portal.fitting.queries import FittingPerson, RoundView, chosen_people, find_round
from portal.fitting.recruiter_views.finding import area_of, asker, blueprint, find, sought_for, today, with_words
from portal.fitting.rules import MOST_AT_ONCE, InvitationRefused, OpeningFacts, why_for_person
from portal.fitting.states import LEFT_OUT_WORDS, InvitationState, LeftOut
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]
_PREVIEW, _NOW = "preview", "now"
_NAME_PLACE = "{name}"


@blueprint.route("/openings/<public_id>/fitting/invite", methods=["GET", "POST"])
def invite(public_id: str) -> Answer:
    """Who is chosen stands in the address, so that nothing is lost when the page is opened again."""
    opening = find(public_id)
    chosen = request.args.getlist("who")[:MOST_AT_ONCE]
    if not chosen:
        flash(_("Please choose whom to invite first."), "info")
        return redirect(url_for(".index", public_id=public_id), 303)
    sought, _skills = sought_for(opening)
    people = chosen_people(sought, chosen, area_of(opening))
    form = _form(opening, people)
    if not opening.is_open(today()):
        form.form_errors.append(str(LEFT_OUT_WORDS[LeftOut.CLOSED]))
        return _page(opening, people, form, 200 if request.method == "GET" else 422)
    if not form.validate_on_submit():
        return _page(opening, people, form, 422 if form.is_submitted() else 200)
    try:
        return _preview_or_send(opening, people, form)
    except InvitationRefused as error:
        form.refuse(error)
    except MissingValue as error:
        form.put_error("", error)
    return _page(opening, people, form, 422)


def _preview_or_send(opening: OpeningFacts, people: list[FittingPerson], form: InviteForm) -> Answer:
    me, wanted = asker(), request.form.get("do")
    first = next((one for one in people if one.left_out is None), None)
    if first is None:
        raise InvitationRefused("", _("Nobody of those you chose can be invited. The reasons stand below."))
    mail = preview_for(first, opening, form.words, scope=me, now=now())
    if wanted == _PREVIEW:
        return _page(opening, people, form, 200, first, mail)
    round_id = begin_inviting(people, opening, form.words, scope=me, is_hurried=wanted == _NOW, now=now())
    note_seen(opening.public_id, actor_id=me.person_id, now=now())
    end_reading()
    go_on_with_round(_found(opening.public_id, round_id).id, now())
    return redirect(url_for(".sent", public_id=opening.public_id, round_id=round_id), 303)


def _form(opening: OpeningFacts, people: list[FittingPerson]) -> InviteForm:
    able = [one for one in people if one.left_out is None]
    whys = {}
    for one in able:
        with reading_as(one.locale, one.timezone):
            whys[one.public_id] = why_for_person(one.told)
    locale, zone = (able[0].locale, able[0].timezone) if len(able) == 1 else (reader().locale, reader().zone)
    name = able[0].name if len(able) == 1 else _NAME_PLACE
    return invite_form(draft(opening.title, name, locale, zone), able, whys)


def _page(
    opening: OpeningFacts,
    people: list[FittingPerson],
    form: InviteForm,
    status: int,
    first: FittingPerson | None = None,
    mail: RenderedMail | None = None,
) -> Answer:
    out = sorted((one for one in people if one.left_out is not None), key=lambda one: str(one.left_out))
    count = undo_minutes()
    page = render_template(
        "recruiting/fitting/invite.html",
        opening=opening,
        form=form,
        people=with_words([one for one in people if one.left_out is None]),
        left_out=[
            (str(LEFT_OUT_WORDS[why]), [one.label for one in found])
            for why, found in groupby(out, key=lambda one: one.left_out)
            if why is not None
        ],
        missing_count=len(set(request.args.getlist("who")[:MOST_AT_ONCE])) - len(people),
        first=first,
        mail=mail,
        mail_text=_without_secrets(mail) if mail else "",
        who=request.args.getlist("who")[:MOST_AT_ONCE],
        undo=ngettext("%(count)s minute", "%(count)s minutes", count) if count else "",
    )
    return page, status


def _without_secrets(mail: RenderedMail) -> str:
    """The text with dots where the secrets of its links will stand: they are made when the mail is sent."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return text


@blueprint.get("/openings/<public_id>/fitting/sent/<round_id>")
def sent(public_id: str, round_id: str) -> str:
    """How far it has come; looking at it sends nothing."""
    return _progress("recruiting/fitting/sent.html", public_id, round_id)


@blueprint.get("/openings/<public_id>/fitting/sent/<round_id>/progress")
def progress(public_id: str, round_id: str) -> str:
    """The part of that page that changes."""
    return _progress("recruiting/fitting/_progress.html", public_id, round_id)


def _progress(template: str, public_id: str, round_id: str) -> str:
    opening, view, at = find(public_id), _found(public_id, round_id), now()
    out = sorted(view.having(InvitationState.LEFT_OUT), key=lambda one: str(one.left_out))
    return render_template(
        template,
        opening=opening,
        view=view,
        written=view.having(InvitationState.WRITTEN),
        waiting_count=len(view.having(InvitationState.WAITING)),
        back_count=len(view.having(InvitationState.TAKEN_BACK)),
        left_out=[
            (str(LEFT_OUT_WORDS[why]), list(found))
            for why, found in groupby(out, key=lambda one: one.left_out)
            if why is not None
        ],
        goes=_goes_words(view) if view.goes_at is not None and view.goes_at > at else "",
    )


def _goes_words(view: RoundView) -> str:
    """When the last of them goes, on the reader's clock; the day is left out when it is today."""
    if view.goes_at is None:
        return ""
    if local(view.goes_at).date() == local(now()).date():
        return _("It goes at %(time)s.", time=f"{local(view.goes_at):%H:%M}")
    return _("It goes out on %(moment)s.", moment=format_moment(view.goes_at))


def _found(public_id: str, round_id: str) -> RoundView:
    view = find_round(round_id, public_id, asker().person_id)
    if view is None:
        raise NotFound
    return view


@blueprint.post("/openings/<public_id>/fitting/sent/<round_id>/take-back")
def take_back(public_id: str, round_id: str) -> Response:
    """Undo what has not gone yet, and write to nobody else."""
    count = take_round_back(_found(public_id, round_id), public_id, scope=asker(), now=now())
    flash(
        ngettext(
            "%(count)s invitation was taken back. Nothing of it was sent.",
            "%(count)s invitations were taken back. Nothing of them was sent.",
            count,
        ),
        "success" if count else "info",
    )
    return redirect(url_for(".sent", public_id=public_id, round_id=round_id), 303)
