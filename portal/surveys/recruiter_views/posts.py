"""Posts "You said, we did", as recruiters write and publish them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.surveys.actions import posts as actions
from portal.surveys.forms.posts import PostForm
from portal.surveys.queries.posts import PostView, find_post, posts_listed
from portal.surveys.queries.surveys import SurveyView, surveys_listed
from portal.surveys.rules.posts import PostLacks, PostMoved
from portal.surveys.states import TOUCHPOINT_LABELS
from portal.web.identity import identity

blueprint = Blueprint("posts", __name__)
Answer = Response | tuple[str, int]


@blueprint.get("/surveys/posts")
def index() -> str:
    found = posts_listed()
    return render_template(
        "recruiting/surveys/posts.html",
        drafts=[one for one in found if not one.is_published],
        published=[one for one in found if one.is_published],
        may_write=bool(_asked()),
        labels=TOUCHPOINT_LABELS,
    )


@blueprint.route("/surveys/posts/new", methods=["GET", "POST"])
def new() -> Answer:
    surveys = _asked()
    if not surveys:
        raise NotFound
    # A survey that is no choice chooses none.
    form = PostForm(_named(surveys), survey=request.args.get("survey", ""))
    if not form.validate_on_submit():
        return _writing(None, form, 422 if form.is_submitted() else 200)
    try:
        public_id = actions.write_post(
            surveys[form.survey.data].id,
            form.said.data or "",
            form.did.data or "",
            actor_id=identity().person_id,
            now=now(),
        )
    except PostLacks as error:
        form.refuse(error)
        return _writing(None, form, 422)
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.get("/surveys/posts/<public_id>")
def show(public_id: str) -> str:
    """As those who answered read it; from here it is published, changed or taken back."""
    post = _find(public_id)
    return render_template("recruiting/surveys/post.html", post=post, labels=TOUCHPOINT_LABELS)


@blueprint.route("/surveys/posts/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    post, surveys = _find(public_id), _asked()
    if post.is_published:
        return redirect(url_for(".show", public_id=public_id), 303)
    of = next((key for key, one in surveys.items() if one.id == post.survey_id), "")
    form = PostForm(_named(surveys), survey=of, said=post.said, did=post.did)
    if not form.validate_on_submit():
        return _writing(post, form, 422 if form.is_submitted() else 200)
    try:
        actions.change_post(
            post.id,
            surveys[form.survey.data].id,
            form.said.data or "",
            form.did.data or "",
            actor_id=identity().person_id,
            now=now(),
        )
    except PostLacks as error:
        form.refuse(error)
        return _writing(post, form, 422)
    except PostMoved as error:
        form.put_error("", error)
        return _writing(post, form, 409)
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/surveys/posts/<public_id>/publish")
def publish(public_id: str) -> Response:
    post = _find(public_id)
    try:
        actions.publish_post(post.id, actor_id=identity().person_id, now=now())
    except PostMoved as error:
        return _moved(error, public_id)
    flash(_("Published. Those who answered find it beside their surveys, and everybody on the public page."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/surveys/posts/<public_id>/take-back")
def take_back(public_id: str) -> Response:
    post = _find(public_id)
    try:
        actions.take_back_post(post.id, actor_id=identity().person_id, now=now())
    except PostMoved as error:
        return _moved(error, public_id)
    flash(_("Taken back. Nobody reads it now; it is a draft again."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.route("/surveys/posts/<public_id>/discard", methods=["GET", "POST"])
def discard(public_id: str) -> Answer:
    """Asked once, as what was written is then gone."""
    post = _find(public_id)
    if post.is_published:
        return redirect(url_for(".show", public_id=public_id), 303)
    if request.method == "GET":
        return render_template("recruiting/surveys/discard_post.html", post=post, labels=TOUCHPOINT_LABELS), 200
    try:
        actions.discard_post(post.id, actor_id=identity().person_id, now=now())
    except PostMoved as error:
        return _moved(error, public_id)
    flash(_("Thrown away."), "success")
    return redirect(url_for(".index"), 303)


def _find(public_id: str) -> PostView:
    post = find_post(public_id)
    if post is None:
        raise NotFound
    return post


def _asked() -> dict[str, SurveyView]:
    """The surveys that were ever published, by public id."""
    return {one.public_id: one for one in surveys_listed() if one.version_number}


def _named(surveys: dict[str, SurveyView]) -> list[tuple[str, str]]:
    return [(key, _name(one)) for key, one in surveys.items()]


def _name(survey: SurveyView) -> str:
    label = str(TOUCHPOINT_LABELS[survey.touchpoint])
    if survey.closed_at is None:
        return label
    return _("%(survey)s, closed on %(day)s", survey=label, day=format_day(survey.closed_at))


def _writing(post: PostView | None, form: PostForm, status: int) -> Answer:
    return render_template("recruiting/surveys/write_post.html", post=post, form=form), status


def _moved(error: PostMoved, public_id: str) -> Response:
    flash(error.message, "warning")
    return redirect(url_for(".show", public_id=public_id), 303)
