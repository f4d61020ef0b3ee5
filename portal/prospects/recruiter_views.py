"""People without an opening: the list, adding one, inviting some, and the pages about people that were looked at."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext, reader
from portal.core.mail import RenderedMail, token_place
from portal.core.tokens import TokenKind
from portal.notes.rules import NoteRefused
from portal.people.queries import staff_name
from portal.prospects import actions
from portal.prospects.emails import first_words
from portal.prospects.forms import FilterForm, InvitationForm, LinkForm, ProspectForm
from portal.prospects.queries import (
    ProspectRow,
    find_person,
    find_prospect,
    looked_at,
    prospect_counts,
    prospects,
    prospects_named,
)
from portal.prospects.rules import KEPT_DAYS, MOST_AT_ONCE, ProspectRefused, WordsRefused, latest_erasure
from portal.prospects.states import (
    AMONG_LABELS,
    GROUND_LABELS,
    SOURCE_LABELS,
    STANDING_LABELS,
    STANDING_TONES,
    Among,
)
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url
from portal.wording.rules import MissingValue

blueprint = Blueprint("prospects", __name__)
Answer = Response | tuple[str, int]
_WORDS = {
    "source_labels": SOURCE_LABELS,
    "ground_labels": GROUND_LABELS,
    "standing_labels": STANDING_LABELS,
    "tones": STANDING_TONES,
}


@blueprint.get("/prospects")
def index() -> Response | str:
    form, number, today = FilterForm(), page_number(), day_of(now(), company_zone())
    found, total = prospects(form.wanted, form.search, today, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    counts = prospect_counts(today)
    return render_template(
        "recruiting/prospects/index.html",
        form=form,
        page=Page(found, number, total),
        counts=[(str(AMONG_LABELS[one]), counts[one], _tone(one, counts[one])) for one in Among],
        is_empty=not total and form.wanted is None and not form.search,
        may_invite=any(row.may_be_invited for row in found),
        kept_days=KEPT_DAYS,
        **_WORDS,
    )


def _tone(among: Among, count: int) -> str:
    return "warning" if among is Among.SOON_ERASED and count else ""


@blueprint.route("/prospects/new", methods=["GET", "POST"])
def add() -> Answer:
    form, known = ProspectForm(areas(), day_of(now(), company_zone())), ""
    if form.validate_on_submit():
        try:
            public_id = actions.add_prospect(form.found, scope=_scope(), now=now())
        except actions.AlreadyKnown as error:
            form.put_error("email", error)
            known = error.public_id
        except ProspectRefused as error:
            form.put_error("email", error)
        except NoteRefused as error:
            form.put_error("note", error)
        else:
            flash(_("Added. Nothing has been sent yet."), "success")
            return redirect(url_for(".show", public_id=public_id), 303)
    page = render_template("recruiting/prospects/add.html", form=form, known=known, kept_days=KEPT_DAYS)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/prospects/<public_id>")
def show(public_id: str) -> str:
    row = _found(public_id)
    labels = {area.key: area.label for area in areas()}
    return render_template(
        "recruiting/prospects/show.html",
        row=row,
        areas=[labels.get(key, key) for key in row.areas],
        pages=looked_at(row.person_id),
        **_WORDS,
    )


@blueprint.post("/prospects/<public_id>/delete")
def let_go(public_id: str) -> Response:
    """Take back that they were added; nothing of them stays but a code of their address."""
    _found(public_id)
    try:
        actions.let_go(public_id, actor_id=identity().person_id, now=now())
    except actions.NotHere as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id), 303)
    flash(_("They are being deleted. Within a minute nothing of them is left here."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.route("/prospects/invite", methods=["GET", "POST"])
def invite() -> Answer:
    """Whom it concerns stands in the address, as ticked in the list; nobody is invited who was not shown."""
    me, at = identity(), now()
    people = prospects_named(request.args.getlist("p")[:MOST_AT_ONCE])
    name = staff_name(me.person_id)
    form = InvitationForm(first_words(reader().locale, reader().zone, name), [one.public_id for one in people])
    people = [one for one in people if one.public_id in form.seen_ids]
    left_out = actions.who_is_left_out(people)
    invited = _without(people, left_out)
    if not form.validate_on_submit() or not invited:
        return _invite_page(form, people, left_out, 422 if form.is_submitted() else 200)
    words = form.words.data or ""
    try:
        if request.form.get("do") != "send":
            mail = actions.preview_invitation(invited[0], words, actor_id=me.person_id, now=at)
            return _invite_page(form, people, left_out, 200, mail)
        done = actions.invite(people, words, actor_id=me.person_id, now=at)
    except WordsRefused as error:
        form.put_error("words", error)
        return _invite_page(form, people, left_out, 422)
    except MissingValue as error:
        form.put_error("", error)
        return _invite_page(form, people, left_out, 422)
    _say(done)
    if len(people) == 1:
        return redirect(url_for(".show", public_id=people[0].public_id), 303)
    return redirect(url_for(".index", among=str(Among.INVITED)), 303)


def _say(done: actions.Invited) -> None:
    """What became of it."""
    if done.count:
        words = ngettext(
            "%(count)s invitation is on its way. It waits while it is night where they are.",
            "%(count)s invitations are on their way. They wait while it is night where people are.",
            done.count,
        )
        flash(words, "success")
    for one in done.left_out[:5]:
        flash(_("%(name)s was left out. %(why)s", name=one.prospect.name or one.prospect.email, why=one.why), "warning")
    if len(done.left_out) > 5:
        more = len(done.left_out) - 5
        flash(ngettext("%(count)s more was left out.", "%(count)s more were left out.", more), "warning")


def _without(people: Sequence[ProspectRow], left_out: Sequence[actions.LeftOut]) -> list[ProspectRow]:
    skipped = {one.prospect.person_id for one in left_out}
    return [one for one in people if one.person_id not in skipped]


def _invite_page(
    form: InvitationForm,
    people: Sequence[ProspectRow],
    left_out: Sequence[actions.LeftOut],
    status: int,
    preview: RenderedMail | None = None,
) -> Answer:
    page = render_template(
        "recruiting/prospects/invite.html",
        form=form,
        invited=_without(people, left_out),
        left_out=left_out,
        preview=preview,
        preview_text=preview.text.replace(token_place(preview.key, TokenKind.NO_THANKS), "…") if preview else "",
        here=request.full_path if request.query_string else request.path,
        erased_on=latest_erasure(day_of(now(), company_zone())),
        kept_days=KEPT_DAYS,
    )
    return page, status


@blueprint.route("/candidates/<public_id>/pages", methods=["GET", "POST"])
def pages(public_id: str) -> Answer:
    """Public pages about anybody we know that a colleague looked at."""
    about = find_person(public_id, identity().person_id)
    if about is None:
        raise NotFound
    at = now()
    form = LinkForm(day_of(at, company_zone()))
    if form.validate_on_submit() and form.looked_on.data:
        actions.note_link(
            public_id,
            url=form.link.data or "",
            found_by=form.found_by.data or "",
            looked_on=form.looked_on.data,
            actor_id=identity().person_id,
            now=at,
        )
        flash(_("Noted. It stands in what they may read about themselves."), "success")
        return redirect(url_for(".pages", public_id=public_id), 303)
    page = render_template(
        "recruiting/prospects/pages.html",
        about=about,
        form=form,
        pages=looked_at(about.person_id),
        is_prospect=find_prospect(public_id) is not None,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/pages/<public_id>/remove")
def remove_page(public_id: str) -> Response:
    about = actions.remove_link(public_id, actor_id=identity().person_id, now=now())
    flash(_("The page was removed."), "success")
    return redirect(url_for(".pages", public_id=about), 303)


def _scope() -> StaffScope:
    me = identity()
    return StaffScope(me.person_id, me.role)


def _found(public_id: str) -> ProspectRow:
    row = find_prospect(public_id)
    if row is None or row.person_id == identity().person_id:
        raise NotFound
    return row
