"""Writing a survey, looking at it, publishing it, pausing it and closing it for good."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.surveys.actions.editing import close_survey, pause_survey, publish_survey, resume_survey, save_draft
from portal.surveys.forms.editing import DraftForm, PublishForm, changed_rows
from portal.surveys.queries.drafts import written_last
from portal.surveys.queries.surveys import SurveyView, content_of, versions_of
from portal.surveys.recruiter_views.finding import blueprint, find, find_to_write
from portal.surveys.rules.answers import asked_of
from portal.surveys.rules.comparing import changes, in_words
from portal.surveys.rules.editing import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MoveRefused,
    NothingChanged,
    PublishingBlocked,
    StaleDraft,
    lacking,
)
from portal.surveys.rules.questions import Question, scale_ends, words_of
from portal.surveys.rules.releasing import questionnaires
from portal.surveys.states import (
    BEFORE_THE_DECISION,
    CHOICES,
    SCALES,
    TOUCHPOINT_LABELS,
    TOUCHPOINT_MOMENTS,
    QuestionKind,
    SurveyState,
)
from portal.web.identity import identity

Answer = Response | tuple[str, int]
#: Where the buttons that save lead to.
_AFTER_SAVING = {"preview": ".preview", "publish": ".publish"}


@blueprint.route("/surveys/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    view = find_to_write(public_id)
    if request.method == "GET" and view.state is SurveyState.CLOSED:
        return redirect(url_for(".preview", public_id=public_id), 303)
    do = request.form.get("do", "")
    moved = changed_rows(request.form, do)
    if moved is not None:
        removed = int(do.rpartition(":")[2]) if do.startswith("questions:remove:") else None
        return _writing(view, DraftForm(view.draft, view.draft_number, formdata=moved), 200, removed=removed)
    form = DraftForm(view.draft, view.draft_number)
    if not form.validate_on_submit():
        return _writing(view, form, 422 if form.is_submitted() else 200)
    try:
        save_draft(
            view.id,
            form.content,
            draft_number=form.seen_draft_number,
            actor_id=identity().person_id,
            now=now(),
        )
    except StaleDraft as error:
        return _both(public_id, form, error)
    except MoveRefused as error:
        form.put_error("", error)
        return _writing(view, form, 409)
    flash(_("Saved. What people are asked changes only when you publish it."), "success")
    return redirect(url_for(_AFTER_SAVING.get(do, ".edit"), public_id=public_id), 303)


def _both(public_id: str, form: DraftForm, error: StaleDraft) -> Answer:
    """What a colleague saved beside what was typed here; saving once more is then a decision."""
    form.put_error("", error)
    # What this request read at first may be from before the colleague saved.
    end_reading()
    view = find(public_id)
    form.draft_number.data = str(view.draft_number)
    return _writing(view, form, 409, found=changes(view.draft, form.content, _org()), is_stale=True)


def _writing(view: SurveyView, form: DraftForm, status: int, **shown: object) -> Answer:
    page = render_template(
        "recruiting/surveys/edit.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        form=form,
        choices=CHOICES,
        ends={str(kind): scale_ends(kind) for kind in SCALES},
        fixed_words=words_of(Question("", QuestionKind.RECOMMEND), _org()),
        most_questions=MOST_QUESTIONS,
        most_options=MOST_OPTIONS,
        written=written_last(view.public_id),
        **({"found": [], "is_stale": False, "removed": None} | shown),
    )
    return page, status


@blueprint.get("/surveys/<public_id>/preview")
def preview(public_id: str) -> str:
    """The draft as people would answer it on a phone; of a closed survey, what was asked last."""
    view = find(public_id)
    return render_template(
        "recruiting/surveys/preview.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        content=view.draft,
        asked=[asked_of(one, _org()) for one in view.draft.questions],
        is_changed=_is_changed(view),
    )


@blueprint.get("/surveys/<public_id>/versions/<int:number>")
def version(public_id: str, number: int) -> str:
    """What one version asks, and what changed with it."""
    view = find(public_id)
    # Numbers beyond are no question to a database, which may not even hold them.
    content = content_of(view.id, number) if number <= view.version_number else None
    line = next((one for one in versions_of(view.id) if one.number == number), None)
    if content is None or line is None:
        raise NotFound
    before = content_of(view.id, number - 1)
    return render_template(
        "recruiting/surveys/version.html",
        view=view,
        line=line,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        content=content,
        asked=[asked_of(one, _org()) for one in content.questions],
        found=changes(before, content, _org()) if before else [],
    )


@blueprint.route("/surveys/<public_id>/publish", methods=["GET", "POST"])
def publish(public_id: str) -> Answer:
    """What is missing, else what changes and what happens to results; and then it."""
    view = find_to_write(public_id)
    if view.state is SurveyState.CLOSED:
        return redirect(url_for(".preview", public_id=public_id), 303)
    form = PublishForm(view.draft_number)
    if not form.validate_on_submit():
        return _before_publishing(view, form, 422 if form.is_submitted() else 200)
    try:
        number = publish_survey(view.id, draft_number=form.seen_draft_number, actor_id=identity().person_id, now=now())
    except NothingChanged as error:
        flash(error.message, "info")
        return redirect(url_for(".index"), 303)
    except (PublishingBlocked, StaleDraft, MoveRefused) as error:
        form.put_error("", error)
        end_reading()
        view = find(public_id)
        form.draft_number.data = str(view.draft_number)
        return _before_publishing(view, form, 422 if isinstance(error, PublishingBlocked) else 409)
    flash(_("Published: version %(number)s is asked from now on.", number=number), "success")
    return redirect(url_for(".index"), 303)


def _before_publishing(view: SurveyView, form: PublishForm, status: int) -> Answer:
    published = content_of(view.id, view.version_number)
    page = render_template(
        "recruiting/surveys/publish.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        moment=TOUCHPOINT_MOMENTS[view.touchpoint],
        form=form,
        lacking=lacking(view.draft),
        found=changes(published, view.draft, _org()) if published else [],
        questions=[in_words(one, _org()) for one in view.draft.questions],
        wait_together=published is not None and len(set(questionnaires({1: published, 2: view.draft}).values())) == 1,
    )
    return page, status


@blueprint.post("/surveys/<public_id>/pause")
def pause(public_id: str) -> Response:
    view = find_to_write(public_id)
    try:
        pause_survey(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Paused. Nobody new is asked; whoever was asked can still answer."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/surveys/<public_id>/resume")
def resume(public_id: str) -> Response:
    view = find_to_write(public_id)
    try:
        resume_survey(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Live again. Whoever comes to this moment from now on is asked."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.route("/surveys/<public_id>/close", methods=["GET", "POST"])
def close(public_id: str) -> Answer:
    """What closing for good does; and then it."""
    view = find_to_write(public_id)
    if not view.is_open:
        return redirect(url_for(".index"), 303)
    if request.method == "GET":
        return _closing(view), 200
    try:
        close_survey(view.id, actor_id=identity().person_id, now=now())
    except MoveRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("Closed for good. Its results stay."), "success")
    return redirect(url_for(".index"), 303)


def _closing(view: SurveyView) -> str:
    return render_template(
        "recruiting/surveys/close.html",
        view=view,
        label=TOUCHPOINT_LABELS[view.touchpoint],
        waits_for_decision=view.touchpoint in BEFORE_THE_DECISION,
    )


def _is_changed(view: SurveyView) -> bool:
    """Whether the draft says something else than what is asked."""
    return view.state is not SurveyState.CLOSED and content_of(view.id, view.version_number) != view.draft


def _org() -> str:
    return current_settings().org_name
