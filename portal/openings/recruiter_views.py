"""The staff's pages of openings: the list, one opening with all that may be done with it, and writing it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import areas, company_zone
from portal.company.queries.service import promises_today
from portal.company.rules.service import feedback_in_words
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import babel_locale, format_moment
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission
from portal.openings.actions import (
    NotAtWork,
    Published,
    change_people,
    create_opening,
    open_again,
    publish_opening,
    save_draft,
    stop_accepting,
)
from portal.openings.forms import AgainForm, DraftForm, FilterForm, NewForm, PeopleForm, PublishForm, changed_groups
from portal.openings.queries import (
    Colleague,
    DraftView,
    OpeningScope,
    OpeningView,
    colleagues,
    draft_for_staff,
    find_opening_for_staff,
    find_version,
    list_for_staff,
    openings_to_copy,
    versions_of,
)
from portal.openings.queries.ways import feedback_way_of
from portal.openings.rules import (
    EARLY_DAYS,
    MISSING_WORDS,
    Missing,
    MoveRefused,
    NothingChanged,
    OpeningContent,
    PublishingBlocked,
    ReasonTooShort,
    StaleDraft,
    content_in_words,
    differences,
    early_days,
    missing,
)
from portal.openings.states import STATE_LABELS, OpeningState
from portal.people.queries import active_recruiters, active_staff
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("openings", __name__)
Answer = Response | tuple[str, int]
_PREVIEW = "preview"
#: Where on the page on which it is written each missing part is put right.
_FIELD_OF = {
    Missing.PLACE: "places",
    Missing.PAY: "pay_lowest",
    Missing.VACANCY: "is_pool",
    Missing.AI: "is_ai_used",
    Missing.DECISION: "decision_by",
    Missing.LAST_DAY: "closes_on",
}
_PEOPLE = frozenset({Missing.RECRUITER, Missing.MANAGER})


def _asker() -> OpeningScope:
    me = identity()
    return OpeningScope(me.person_id, me.role)


def _may_write() -> bool:
    return identity().may(Permission.WRITE_OPENINGS)


def _find(public_id: str) -> OpeningView:
    view = find_opening_for_staff(public_id, _asker())
    if view is None:
        raise NotFound
    return view


def _to_write(public_id: str) -> OpeningView:
    """The opening, for somebody who may change it; for everybody else there is nothing here."""
    if not _may_write():
        abort(404)
    return _find(public_id)


@blueprint.get("/openings")
def index() -> Response | str:
    form = FilterForm(active_recruiters())
    number = page_number()
    found, total = list_for_staff(form.wanted, _asker(), (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/openings/index.html",
        form=form,
        page=Page(found, number, total),
        labels=STATE_LABELS,
        at=now(),
        may_write=_may_write(),
        is_narrowed=any(request.args.get(name) for name in ("q", "state", "owner")),
    )


@blueprint.route("/openings/new", methods=["GET", "POST"])
def new() -> Answer:
    if not _may_write():
        abort(404)
    form = NewForm(openings_to_copy())
    if not form.validate_on_submit():
        page = render_template("recruiting/openings/new.html", form=form)
        return page, 422 if form.is_submitted() else 200
    copy_of = form.copy_of.data or ""
    public_id = create_opening(form.title.data or "", copy_of=copy_of, actor_id=identity().person_id, now=now())
    flash(_("Saved as a draft. Nobody but the staff sees it until you publish it."), "success")
    return redirect(url_for(".edit", public_id=public_id), 303)


@blueprint.get("/openings/<public_id>")
def show(public_id: str) -> Answer:
    view = _find(public_id)
    if view.is_joined and identity().may(Permission.IMPORT):
        return redirect(url_for("recruiting.joining.leads_to", public_id=public_id), 303)
    return _overview(view, draft_for_staff(view))


@blueprint.route("/openings/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    view = _to_write(public_id)
    draft = draft_for_staff(view)
    moved = changed_groups(request.form, request.form.get("do", ""))
    if moved is not None:
        return _writing(view, _draft_form(draft, formdata=moved), 200)
    form = _draft_form(draft)
    if not form.validate_on_submit():
        return _writing(view, form, 422 if form.is_submitted() else 200)
    try:
        save_draft(view.id, form.content, revision=form.seen_revision, actor_id=identity().person_id, now=now())
    except StaleDraft as error:
        return _both(view, form, error)
    flash(_("Saved. What people read changes only when you publish it."), "success")
    where = ".preview" if request.form.get("do") == _PREVIEW else ".show"
    return redirect(url_for(where, public_id=public_id), 303)


def _draft_form(draft: DraftView, **rest: object) -> DraftForm:
    return DraftForm(areas(), draft.content, draft.revision, str(babel_locale()).replace("_", "-"), **rest)


def _both(view: OpeningView, form: DraftForm, error: StaleDraft) -> Answer:
    """What a colleague saved beside what was typed here; saving once more is then a decision."""
    form.put_error("", error)
    # What this request read at first is from before the colleague saved.
    end_reading()
    saved = draft_for_staff(view)
    form.revision.data = str(saved.revision)
    return _writing(view, form, 409, saved=saved, found=differences(saved.content, form.content, areas()))


def _writing(view: OpeningView, form: DraftForm, status: int, **shown: object) -> Answer:
    page = render_template(
        "recruiting/openings/edit.html",
        view=view,
        form=form,
        is_published=view.version_number > 0,
        **({"saved": None, "found": []} | shown),
    )
    return page, status


@blueprint.get("/openings/<public_id>/preview")
def preview(public_id: str) -> str:
    view = _find(public_id)
    content, promised = draft_for_staff(view).content, promises_today()
    return render_template(
        "recruiting/openings/preview.html",
        view=view,
        title=content.title,
        shown=content_in_words(content, areas()),
        feedback=feedback_in_words(feedback_way_of(content, promised), promised.feedback_days),
        people=_people(view),
        may_write=_may_write() and view.state is not OpeningState.FINISHED,
    )


@blueprint.get("/openings/<public_id>/versions/<int:number>")
def version(public_id: str, number: int) -> str:
    view = _find(public_id)
    # Numbers beyond are no question to a database, which may not even hold them.
    found = find_version(view.id, number) if number <= view.version_number else None
    if found is None:
        raise NotFound
    before = find_version(view.id, number - 1)
    return render_template(
        "recruiting/openings/version.html",
        view=view,
        line=found.line,
        title=found.content.title,
        shown=content_in_words(found.content, areas()),
        changed=differences(before.content, found.content, areas()) if before else [],
    )


@blueprint.post("/openings/<public_id>/publish")
def publish(public_id: str) -> Answer:
    view = _to_write(public_id)
    draft = draft_for_staff(view)
    form = PublishForm(draft.revision, _days(view))
    if not form.validate():
        return _overview(view, draft, publish_form=form, status=422)
    try:
        done = publish_opening(
            view.id,
            early_days=form.days,
            reason=form.reason.data or "",
            revision=form.seen_revision,
            actor_id=identity().person_id,
            now=now(),
        )
    except NothingChanged as error:
        flash(error.message, "info")
        return redirect(url_for(".show", public_id=public_id), 303)
    except (PublishingBlocked, ReasonTooShort) as error:
        form.put_error("reason" if isinstance(error, ReasonTooShort) else "", error)
        return _overview(view, draft, publish_form=form, status=422)
    except (StaleDraft, MoveRefused) as error:
        return _changed_meanwhile(public_id, form, error)
    flash(_what_was_published(done), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


def _changed_meanwhile(public_id: str, form: PublishForm, error: StaleDraft | MoveRefused) -> Answer:
    """The page as it stands now, with what was typed; publishing once more is then a decision."""
    end_reading()
    view = _find(public_id)
    draft = draft_for_staff(view)
    form.put_error("", error)
    form.revision.data = str(draft.revision)
    return _overview(view, draft, publish_form=form, status=409)


def _what_was_published(done: Published) -> str:
    if done.public_at > now():
        return _("Published. Everybody sees it from %(moment)s.", moment=format_moment(done.public_at))
    return _("Published. Everybody sees it now.")


@blueprint.post("/openings/<public_id>/stop")
def stop(public_id: str) -> Response:
    view = _to_write(public_id)
    try:
        stop_accepting(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Nobody can apply any more. Whoever has applied still waits for an ending from you."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/openings/<public_id>/open-again")
def reopen(public_id: str) -> Answer:
    """Undo that it was finished; nobody is told of it."""
    view = _to_write(public_id)
    form = AgainForm()
    if not form.validate():
        return _overview(view, draft_for_staff(view), again_form=form, status=422)
    try:
        open_again(view.id, why=form.reason, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Opened again. Nobody was told, and nobody can apply until you publish it."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/openings/<public_id>/people")
def people(public_id: str) -> Answer:
    view = _to_write(public_id)
    form = PeopleForm(view, active_staff())
    if not form.validate():
        return _overview(view, draft_for_staff(view), people_form=form, status=422)
    try:
        is_changed = change_people(
            view.id,
            recruiter_id=form.recruiter_id,
            manager_id=form.manager_id,
            actor_id=identity().person_id,
            now=now(),
        )
    except NotAtWork as error:
        form.put_error("", error)
        return _overview(view, draft_for_staff(view), people_form=form, status=422)
    flash(_("Saved.") if is_changed else _("Nothing was changed."), "success" if is_changed else "info")
    return redirect(url_for(".show", public_id=public_id), 303)


def _days(view: OpeningView) -> int:
    """For how many days members see it first, as it was published or as we suggest."""
    if view.published_at is None or view.public_at is None:
        return EARLY_DAYS
    return early_days(view.published_at, view.public_at, company_zone())


def _people(view: OpeningView) -> list[tuple[str, Colleague]]:
    """Recruiter and hiring manager as candidates read of them."""
    known = colleagues([one for one in (view.recruiter_id, view.manager_id) if one is not None])
    roles = ((_("Recruiter"), view.recruiter_id), (_("Hiring manager"), view.manager_id))
    return [(role, known[one]) for role, one in roles if one in known]


def _where(one: Missing, public_id: str) -> str:
    """The address at which something that is missing is put right."""
    if one in _PEOPLE:
        return url_for(".show", public_id=public_id, _anchor=str(one))
    return url_for(".edit", public_id=public_id, _anchor=_FIELD_OF.get(one, str(one)))


def _overview(
    view: OpeningView,
    draft: DraftView,
    *,
    publish_form: PublishForm | None = None,
    people_form: PeopleForm | None = None,
    again_form: AgainForm | None = None,
    status: int = 200,
) -> Answer:
    at = now()
    versions = versions_of(view.id)
    published = find_version(view.id, view.version_number) if versions else None
    today = day_of(at, company_zone())
    found = missing(draft.content, view.recruiter_id is not None, view.manager_id is not None, today)
    page = render_template(
        "recruiting/openings/show.html",
        view=view,
        draft=draft,
        labels=STATE_LABELS,
        is_public=view.public_at is not None and view.public_at <= at,
        missing=[(str(MISSING_WORDS[one]), _where(one, view.public_id)) for one in found],
        changed=_unpublished(published.content if published else None, draft.content),
        decision_by=published.content.decision_by if published else draft.content.decision_by,
        stages=[stage.name for stage in published.content.stages if stage.name] if published else [],
        versions=versions,
        may_write=_may_write(),
        publish_form=publish_form or PublishForm(draft.revision, _days(view), formdata=None),
        people_form=people_form or PeopleForm(view, active_staff(), formdata=None),
        again_form=again_form or AgainForm(formdata=None),
    )
    return page, status


def _unpublished(published: OpeningContent | None, written: OpeningContent) -> list[str]:
    """The parts that were changed since the last version."""
    return [one.label for one in differences(published, written, areas())] if published else []
