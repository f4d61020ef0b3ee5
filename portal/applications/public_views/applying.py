"""Applying to an opening: signed in, with a draft that saves itself, or as a stranger, who confirms by mail."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_mail
from portal.accounts.rules import TooOften, network_of
from portal.applications.actions.applying import apply as send_application
from portal.applications.actions.applying import hears_by
from portal.applications.actions.asking import ask_to_apply
from portal.applications.actions.documents import keep_document, throw_away_unsent
from portal.applications.actions.drafting import forget_draft as throw_draft_away
from portal.applications.actions.drafting import remove_draft_cv, save_draft
from portal.applications.public_views.fields import (
    OwnForm,
    StrangerForm,
    answers_typed,
    field_of,
    own_form,
    sent_in,
    stranger_form,
    typed_in,
    upload_in,
    wrong_so_far,
)
from portal.applications.public_views.following import blueprint
from portal.applications.public_views.kept import Kept, read_kept, sign_kept
from portal.applications.queries.applying import (
    ApplyPage,
    Asked,
    Draft,
    FileLine,
    apply_request_of,
    draft_of,
    earlier_to,
    find_apply_page,
    find_kept_file,
    phone_of,
    who_reads,
)
from portal.applications.rules.applying import (
    AlreadyApplied,
    NotAccepting,
    WithdrawnOften,
    check_earlier,
    clean_channel,
)
from portal.applications.rules.documents import DocumentRefused
from portal.community.queries import preferences_of
from portal.community.states import WORK_MODE_LABELS
from portal.company.queries import areas
from portal.core.clock import now
from portal.core.errors import Busy, NotFound
from portal.core.i18n import format_moment, join_words
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.core.limits import Limit, count_try
from portal.core.logs import log
from portal.people.queries import profile_of
from portal.web.audiences import accepts_upload
from portal.web.identity import Identity, maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address

Answer = Response | str | tuple[str, int]

#: In the signed cookie: who this browser has applied as. Nothing of what was sent is to be had with it.
APPLYING = "applying"
#: The request that was sent a moment ago, until the page after it has been shown.
SENT_JUST_NOW = "applied_just_now"
#: More than a CV may have, so that one that is a little too large is refused on the page and not by the server.
_LARGEST = 16 * 1024 * 1024
_AUTOSAVE = "autosave"
_LATER, _REMOVE_CV, _CHANGE = "later", "remove-cv", "change"
#: Files that strangers from one network may leave here before they have confirmed anything.
_FILES = Limit("applications.files", 30, timedelta(hours=1))


@blueprint.route("/openings/<slug>/apply", methods=["GET", "POST"])
@accepts_upload(_LARGEST)
def apply(slug: str) -> Answer:
    at, me = now(), maybe_identity()
    page = find_apply_page(slug, me.person_id if me else None, at)
    if page is None:
        raise NotFound
    return _as_oneself(page, me, at) if me else _as_stranger(page, at)


@blueprint.post("/openings/<slug>/apply/forget")
def forget_draft(slug: str) -> Response:
    me = maybe_identity()
    page = find_apply_page(slug, me.person_id if me else None, now())
    if page is None or me is None:
        raise NotFound
    throw_draft_away(me.person_id, page.id)
    flash(_("What you had typed is gone."), "success")
    return redirect(url_for("candidate.applications.index"), 303)


def _as_oneself(page: ApplyPage, me: Identity, at: datetime) -> Answer:
    earlier = earlier_to(me.person_id, page.id)
    try:
        check_earlier(earlier, at)
    except AlreadyApplied as error:
        return _already(page, error)
    except WithdrawnOften as error:
        return _often(page, error)
    draft = draft_of(me.person_id, page.id)
    form = own_form(page.content.questions, draft.typed if draft else _known_of(me))
    if request.method == "POST" and request.headers.get("X-Requested-With") == _AUTOSAVE:
        return _autosave(form, page, me, at)
    if request.method != "POST":
        return _page(page, form, draft.cv if draft else None, at, draft=draft, again=bool(earlier))
    done = _take(page, form, me, at)
    if done is not None:
        return done
    draft = draft_of(me.person_id, page.id)
    return _page(page, form, draft.cv if draft else None, at, 422, draft=draft, again=bool(earlier))


def _take(page: ApplyPage, form: OwnForm, me: Identity, at: datetime) -> Response | None:
    """Keep what came with its file, then do what the button says; None when something is wrong, said in the form."""
    is_right, do = bool(form.validate()), request.form.get("do")
    upload = _taken(form, me.person_id, at)
    if do == _REMOVE_CV and not upload:
        remove_draft_cv(me.person_id, page.id)
    wrong = wrong_so_far(form)
    if not wrong or upload:
        save_draft(me.person_id, page.id, typed_in(form), at, cv_id=upload.id if upload else None)
    if do in {_LATER, _REMOVE_CV} and not wrong and not form.cv.errors:
        return _come_back(page, do)
    if not is_right or form.cv.errors:
        return None
    try:
        return _send(page, form, me, at)
    except (NotAccepting, Busy) as error:
        form.put_error("", error)
        return None


def _send(page: ApplyPage, form: OwnForm, me: Identity, at: datetime) -> Response:
    sent, channel = sent_in(form, page.content.questions), clean_channel(request.args.get("ref", ""))
    try:
        public_id = send_application(me.person_id, page.opening.slug, sent, channel=channel, now=at)
    except AlreadyApplied as error:
        if not error.is_same:
            return redirect(url_for(".apply", slug=page.opening.slug), 303)
        public_id = error.public_id
    except WithdrawnOften:
        return redirect(url_for(".apply", slug=page.opening.slug), 303)
    return redirect(url_for("candidate.sent.receipt", public_id=public_id), 303)


def _already(page: ApplyPage, error: AlreadyApplied) -> Answer:
    if request.method == "POST" and error.is_same:
        return redirect(url_for("candidate.sent.receipt", public_id=error.public_id), 303)
    if request.method == "POST":
        return redirect(url_for(".apply", slug=page.opening.slug), 303)
    return render_template("public/applications/_already.html", page=page, public_id=error.public_id)


def _often(page: ApplyPage, error: WithdrawnOften) -> Answer:
    answer = render_template(
        "public/applications/_often.html",
        page=page,
        public_id=error.public_id,
        why=error.message,
        reads=who_reads(page),
    )
    return answer, 409 if request.method == "POST" else 200


def _autosave(form: OwnForm, page: ApplyPage, me: Identity, at: datetime) -> Answer:
    form.validate()
    wrong = wrong_so_far(form)
    if not wrong:
        save_draft(me.person_id, page.id, typed_in(form), at)
    answer = jsonify(saved_at="" if wrong else format_moment(at), errors=wrong)
    answer.status_code = 422 if wrong else 200
    return answer


def _come_back(page: ApplyPage, do: str) -> Response:
    if do == _REMOVE_CV:
        flash(_("The CV was taken out again."), "success")
        return redirect(url_for(".apply", slug=page.opening.slug, ref=request.args.get("ref"), _anchor="more"), 303)
    flash(_("Saved. You find it among your applications, and can finish it from there."), "success")
    return redirect(url_for("candidate.applications.index"), 303)


def _taken(form: OwnForm | StrangerForm, owner_id: int | None, at: datetime) -> FileLine | None:
    """The CV that came with the form, kept; what is wrong with it stands beside its field."""
    found = upload_in(form.cv)
    if found is None:
        return None
    try:
        return keep_document(*found, owner_id, at)
    except DocumentRefused as error:
        form.put_error("cv", error)
        return None


def _as_stranger(page: ApplyPage, at: datetime) -> Answer:
    if request.form.get("do") == _CHANGE:
        return _change(page, at)
    form, slug = stranger_form(page.content.questions), page.opening.slug
    if request.method != "POST":
        return _page(page, form, None, at)
    is_right, kept = bool(form.validate()), read_kept(form.kept.data or "", slug)
    if not form.website.errors:
        kept = _keep_for_stranger(form, kept, at)
    form.kept.data = sign_kept(kept, slug)
    cv = find_kept_file(kept.cv)
    if request.form.get("do") == _REMOVE_CV or not is_right or form.cv.errors:
        return _page(page, form, cv, at, 422 if form.errors else 200)
    try:
        return _ask(page, form, cv, kept.instead, at)
    except TooOften as error:
        log.info("apply_refused", reason="too often")
        form.put_error("", error)
        return _page(page, form, cv, at, 429)
    except DocumentRefused as error:
        form.put_error("cv", error)
        form.kept.data = sign_kept(replace(kept, cv=""), slug)
        return _page(page, form, None, at, 422)


def _ask(page: ApplyPage, form: StrangerForm, cv: FileLine | None, instead: int | None, at: datetime) -> Response:
    """Mail the link that sends it. From now on the file is the request's, and this browser knows nothing of it."""
    email, secret = form.email.data or "", new_secret()
    allow_mail(email, client_address(), known_device(email), at)
    token_id = ask_to_apply(
        email,
        page,
        sent_in(form, page.content.questions),
        cv_id=cv.id if cv else None,
        channel=clean_channel(request.args.get("ref", "")),
        browser_secret=secret,
        instead=instead,
        now=at,
    )
    slug = page.opening.slug
    session[APPLYING] = {"email": email, "secret": secret, "slug": slug, "title": page.content.title}
    # Only the very next page knows which request it was; it is taken out of the session there.
    session[SENT_JUST_NOW] = token_id
    return redirect(url_for(".check_mail"), 303)


def _change(page: ApplyPage, at: datetime) -> Answer:
    """The form with what was just sent, for the page that was shown after sending it, and for no other."""
    slug = page.opening.slug
    kept = read_kept(request.form.get("kept", ""), slug)
    asked = apply_request_of(kept.instead) if kept.instead is not None else None
    if asked is None or asked.slug != slug:
        flash(_("What you sent cannot be changed from that page any more. You can write it anew here."), "warning")
        return redirect(url_for(".apply", slug=slug), 303)
    form = stranger_form(page.content.questions, _typed_before(asked))
    form.kept.data = sign_kept(Kept(asked.cv.public_id if asked.cv else "", kept.instead), slug)
    return _page(page, form, asked.cv, at)


def _typed_before(asked: Asked) -> dict[str, str]:
    typed = {"name": asked.sent.name, "phone": asked.sent.phone, "cover_note": asked.sent.cover_note}
    return typed | {"email": asked.email} | answers_typed(asked.sent.answers)


def _keep_for_stranger(form: StrangerForm, kept: Kept, at: datetime) -> Kept:
    """A browser cannot fill in a file again: what came is kept for a day, and the next page names it."""
    has_file = bool(form.cv.data)
    if has_file and not count_try(_FILES, network_of(client_address()), at):
        form.put_error("cv", TooOften(_("Too many files came from here. Please try again in an hour.")))
        return kept
    before = find_kept_file(kept.cv)
    if kept.cv and before is None and not has_file:
        form.put_error("cv", DocumentRefused(_("Your CV is no longer here. Please choose it again.")))
    taken = _taken(form, None, at)
    if taken is None and before is not None and (has_file or request.form.get("do") != _REMOVE_CV):
        return kept
    throw_away_unsent([before.id if before else None])
    return replace(kept, cv=taken.public_id if taken else "")


def _known_of(me: Identity) -> dict[str, str]:
    return {"name": me.name, "phone": phone_of(me.person_id)}


@dataclass(frozen=True)
class _Row:
    """A question and the field that answers it."""

    field: Any
    kind: str
    help: str


def _page(
    page: ApplyPage,
    form: OwnForm | StrangerForm,
    cv: FileLine | None,
    at: datetime,
    status: int = 200,
    *,
    draft: Draft | None = None,
    again: bool = False,
) -> Answer:
    me, reads = maybe_identity(), who_reads(page)
    ref = request.args.get("ref")
    return render_template(
        "public/applications/apply.html",
        page=page,
        form=form,
        rows=[_Row(field_of(form, one), str(one.kind), one.help) for one in page.content.questions],
        cv=cv,
        draft=draft,
        again=again,
        is_stranger=me is None,
        address=me.email if me else "",
        passed_on=_passed_on(me.person_id) if me else [],
        reads=profile_of(reads.person_id) if reads else None,
        hears_by=hears_by(at),
        action=url_for(".apply", slug=page.opening.slug, ref=ref),
        key=f"apply:{page.opening.slug}:{me.public_id if me else ''}",
    ), status


def _passed_on(person_id: int) -> list[tuple[str, str]]:
    """What their profile says, as those read it who recruit for the opening; nothing that is empty."""
    said = preferences_of(person_id)
    labels = {area.key: area.label for area in areas()}
    rows = [
        (_("Interests"), join_words([labels[key] for key in said.areas if key in labels])),
        (_("Skills"), join_words([one.label for one in said.skills])),
        (_("Places"), join_words([one.label for one in said.places])),
        (_("How you would work"), join_words([str(WORK_MODE_LABELS[mode]) for mode in said.work_modes])),
    ]
    return [row for row in rows if row[1]]
