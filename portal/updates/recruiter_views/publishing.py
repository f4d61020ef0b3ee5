"""Publishing an update now or at a time, correcting it, withdrawing it, throwing a draft away."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.contact.rules import TOPIC_WORDS
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.i18n import format_moment, reading_as
from portal.core.i18n import gettext as _
from portal.updates.actions import (
    WordsMissing,
    correct_update,
    discard_draft,
    publish_update,
    schedule_update,
    unschedule_update,
    withdraw_update,
)
from portal.updates.forms import CorrectForm, PublishForm, ScheduleForm, WithdrawForm
from portal.updates.queries import (
    DraftView,
    UpdateView,
    content_of,
    draft_for_staff,
    opening_facts,
    reach_now,
    segment_tree,
    story_of,
    zones_of_members,
)
from portal.updates.recruiter_views.finding import blueprint, find, names, names_for
from portal.updates.rules import (
    MISSING_WORDS,
    Missing,
    MoveRefused,
    NoSuchTime,
    NothingChanged,
    PublishingBlocked,
    StaleDraft,
    Surroundings,
    UpdateContent,
    audience_in_words,
    differences,
    missing,
)
from portal.updates.states import PURPOSES, UpdateKind, UpdateState
from portal.web.identity import identity

Answer = Response | tuple[str, int]
_LATER = "later"
#: Where on the page on which it is written each missing part is put right; the others by their own name.
_FIELD_OF = {
    Missing.EVENT_OVER: "event_on",
    Missing.OPENING_CLOSED: "opening",
    Missing.EARLY_AUDIENCE: "audience",
}


@blueprint.route("/updates/<public_id>/publish", methods=["GET", "POST"])
def publish(public_id: str) -> Answer:
    """Whom it reaches and what is missing; then now, or at a time; or, when people read it, the correction."""
    view = find(public_id)
    if view.is_out:
        return _correct(view)
    if view.state is not UpdateState.DRAFT:
        return redirect(url_for(".show", public_id=public_id), 303)
    draft = draft_for_staff(view)
    is_later = request.form.get("do") == _LATER
    now_form = PublishForm(draft.revision, **_only_if(not is_later))
    later_form = ScheduleForm(draft.revision, _zones(), **_only_if(is_later))
    if request.method == "POST":
        done = _schedule(view, later_form) if is_later else _publish(view, now_form)
        if isinstance(done, Response):
            return done
        # What this request read at first may be from before a colleague saved.
        end_reading()
        return _before(view, draft_for_staff(view), now_form, later_form, done)
    return _before(view, draft, now_form, later_form, 200)


def _only_if(is_sent: bool) -> dict[str, None]:
    """Lets a form look at what was sent only if that was this form."""
    return {} if is_sent else {"formdata": None}


def _zones() -> list[str]:
    return [company_zone(), identity().timezone, *zones_of_members()]


def _publish(view: UpdateView, form: PublishForm) -> Response | int:
    if not form.validate():
        return 422
    try:
        publish_update(view.id, revision=form.seen_revision, actor_id=identity().person_id, now=now())
    except (PublishingBlocked, StaleDraft, MoveRefused) as error:
        form.put_error("", error)
        return 422 if isinstance(error, PublishingBlocked) else 409
    flash(_("It is being published: we write down whom it is for, then they read it."), "success")
    return redirect(url_for(".show", public_id=view.public_id), 303)


def _schedule(view: UpdateView, form: ScheduleForm) -> Response | int:
    at = now()
    publish_at = form.instant(at) if form.validate() else None
    if publish_at is None:
        return 422
    zone = str(form.zone.data)
    try:
        schedule_update(
            view.id,
            publish_at=publish_at,
            zone=zone,
            revision=form.seen_revision,
            actor_id=identity().person_id,
            now=at,
        )
    except NoSuchTime as error:
        form.put_error("on", error)
        return 422
    except (PublishingBlocked, StaleDraft, MoveRefused) as error:
        form.put_error("", error)
        return 422 if isinstance(error, PublishingBlocked) else 409
    with reading_as(identity().locale, zone):
        moment = format_moment(publish_at)
    flash(_("It goes out on %(moment)s, on the clocks of %(zone)s.", moment=moment, zone=zone), "success")
    return redirect(url_for(".show", public_id=view.public_id), 303)


def _before(view: UpdateView, draft: DraftView, now_form: PublishForm, later_form: ScheduleForm, status: int) -> Answer:
    at = now()
    if status == 409:
        now_form.revision.data = later_form.revision.data = str(draft.revision)
    found = missing(draft.content, _around(view, draft.content))
    page = render_template(
        "recruiting/updates/publish.html",
        view=view,
        content=draft.content,
        audience=audience_in_words(draft.content, names_for(draft.content)),
        missing=[(str(MISSING_WORDS[one]), _where(one, view.public_id)) for one in found],
        reach=reach_now(draft.content, identity().person_id, at),
        topic=TOPIC_WORDS[PURPOSES[draft.content.kind]],
        now_form=now_form,
        later_form=later_form,
    )
    return page, status


def _around(view: UpdateView, content: UpdateContent) -> Surroundings:
    at = now()
    story = story_of(view.id) if content.kind is UpdateKind.MEMBER_STORY else None
    return Surroundings(
        now=at,
        today=day_of(at, company_zone()),
        opening=opening_facts(content.opening),
        agreed_to=story.agreed_to if story else "",
        has_segment=segment_tree(content.segment) is not None,
    )


def _where(one: Missing, public_id: str) -> str:
    """The address at which something that is missing is put right."""
    if one is Missing.CONSENT:
        return url_for(".show", public_id=public_id, _anchor="story")
    return url_for(".edit", public_id=public_id, _anchor=_FIELD_OF.get(one, str(one)))


def _correct(view: UpdateView) -> Answer:
    draft = draft_for_staff(view)
    form = CorrectForm(draft.revision)
    if not form.validate_on_submit():
        return _correcting(view, form, 422 if form.is_submitted() else 200)
    try:
        correct_update(
            view.id,
            words=form.words.data or "",
            revision=form.seen_revision,
            actor_id=identity().person_id,
            now=now(),
        )
    except WordsMissing as error:
        form.put_error("words", error)
        return _correcting(view, form, 422)
    except (PublishingBlocked, StaleDraft, MoveRefused, NothingChanged) as error:
        form.put_error("", error)
        return _correcting(view, form, 409 if isinstance(error, StaleDraft) else 422)
    flash(_("Published. Its page says that it was corrected, and what."), "success")
    return redirect(url_for(".show", public_id=view.public_id), 303)


def _correcting(view: UpdateView, form: CorrectForm, status: int) -> Answer:
    draft = draft_for_staff(view)
    if status == 409:
        form.revision.data = str(draft.revision)
    published = content_of(view.id, view.version_number)
    page = render_template(
        "recruiting/updates/correct.html",
        view=view,
        form=form,
        found=differences(published, draft.content, names()) if published else [],
    )
    return page, status


@blueprint.post("/updates/<public_id>/unschedule")
def unschedule(public_id: str) -> Response:
    view = find(public_id)
    try:
        unschedule_update(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("It is a draft again, and goes out only when you say so."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.route("/updates/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str) -> Answer:
    view = find(public_id)
    if not view.is_out:
        return redirect(url_for(".show", public_id=public_id), 303)
    form = WithdrawForm()
    if not form.validate_on_submit():
        page = render_template("recruiting/updates/withdraw.html", view=view, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        withdraw_update(view.id, words=form.words.data or "", actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Withdrawn. Whoever could read it reads that it is gone; nobody else finds anything."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.route("/updates/<public_id>/discard", methods=["GET", "POST"])
def discard(public_id: str) -> Answer:
    """What throwing a draft away does; and then it."""
    view = find(public_id)
    if view.state is not UpdateState.DRAFT:
        return redirect(url_for(".show", public_id=public_id), 303)
    if request.method == "GET":
        return render_template("recruiting/updates/discard.html", view=view), 200
    try:
        discard_draft(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id), 303)
    flash(_("Thrown away. Nobody had read it."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/updates/<public_id>/progress")
def progress(public_id: str) -> str:
    """How far writing down the audience has come; for the part of the page that keeps itself fresh."""
    return render_template("recruiting/updates/_progress.html", view=find(public_id))
