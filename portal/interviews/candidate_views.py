"""A candidate's own interviews: what is agreed, and what they say to it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView
from portal.applications.rules import Ahead
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.interviews.actions.asking import ask_ahead, change_question, remove_question
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.needing import say_needs
from portal.interviews.actions.wishing import take_back_wish, tell_us
from portal.interviews.forms.own import (
    AnotherTimeForm,
    ChooseForm,
    DeclineForm,
    LateForm,
    NeedForm,
    QuestionForm,
    is_done,
    page_values,
)
from portal.interviews.queries.own import (
    OwnInterview,
    OwnPage,
    ahead_of,
    find_own_interview,
    interviews_of,
)
from portal.interviews.queries.own_calendar import calendar_of
from portal.interviews.rules.own import NotGood, own_zone
from portal.interviews.states import FORMAT_LABELS, WishKind
from portal.web.identity import identity, maybe_identity
from portal.web.panels import page_of

blueprint = Blueprint("interviews", __name__)
Answer = Response | tuple[str, int]
_PLACES = (
    *("show", "choose", "another_time", "decline", "late", "cannot_come", "after_all", "calendar"),
    *("needs", "ask"),
)


@blueprint.get("/interviews/<public_id>")
def show(public_id: str) -> Answer:
    return _shown(_find(public_id))


@blueprint.post("/interviews/<public_id>/time")
def choose(public_id: str) -> Answer:
    page = _find(public_id)
    form = ChooseForm(page.times)
    time_id = request.form.get("time", "")
    if not time_id and not form.validate():
        return _shown(page, 422, choose_form=form)
    return _try(
        public_id,
        lambda: choose_time(identity().person_id, public_id, time_id, now=now()),
        _("Thank you, the time is yours. A mail with an entry for your calendar is on its way."),
    )


@blueprint.route("/interviews/<public_id>/another-time", methods=["GET", "POST"])
def another_time(public_id: str) -> Answer:
    page, form = _find(public_id), AnotherTimeForm()
    return _told_in_words(page, WishKind.ANOTHER_TIME, form, "candidate/interviews/another_time.html")


@blueprint.route("/interviews/<public_id>/decline", methods=["GET", "POST"])
def decline(public_id: str) -> Answer:
    return _told_in_words(_find(public_id), WishKind.DECLINED, DeclineForm(), "candidate/interviews/decline.html")


@blueprint.post("/interviews/<public_id>/late")
def late(public_id: str) -> Answer:
    _find(public_id)
    form = LateForm()
    minutes = form.minutes.data if form.validate() else 0
    return _try(
        public_id,
        lambda: tell_us(identity().person_id, public_id, WishKind.RUNNING_LATE, minutes=minutes, now=now()),
        to="told",
    )


@blueprint.post("/interviews/<public_id>/cannot-come")
def cannot_come(public_id: str) -> Answer:
    _find(public_id)
    return _try(
        public_id,
        lambda: tell_us(identity().person_id, public_id, WishKind.CANNOT_COME, now=now()),
        to="told",
    )


@blueprint.post("/interviews/<public_id>/after-all")
def after_all(public_id: str) -> Answer:
    _find(public_id)
    return _try(
        public_id,
        lambda: take_back_wish(identity().person_id, public_id, now=now()),
        _("Good. The time stays as it was, and we have told them."),
    )


@blueprint.get("/interviews/<public_id>/told")
def told(public_id: str) -> Answer:
    """The answer to one tap: they know, and whom to call."""
    page = _find(public_id)
    wish = page.last(WishKind.RUNNING_LATE, WishKind.CANNOT_COME)
    if wish is None:
        return redirect(url_for(".show", public_id=public_id), 303)
    return render_template("candidate/interviews/told.html", page=page, one=page.one, wish=wish, go=_ways(page)), 200


@blueprint.get("/interviews/<public_id>/interview.ics")
def calendar(public_id: str) -> Response:
    file = Response(calendar_of(_find(public_id), now()), mimetype="text/calendar")
    file.headers["Content-Disposition"] = "attachment; filename=interview.ics"
    return file


@blueprint.post("/interviews/<public_id>/needs")
def needs(public_id: str) -> Answer:
    page = _find(public_id)
    form = NeedForm(page.need)
    if not form.validate():
        return _shown(page, 422, need_form=form)
    try:
        return _try(
            public_id,
            lambda: say_needs(identity().person_id, public_id, form.need.data or "", now=now()),
            _("Saved. Only those who arrange the interview read it.") if form.need.data else _("Saved."),
            anchor="needs",
        )
    except NotGood as error:
        form.refuse(error)
        return _shown(page, 422, need_form=form)


@blueprint.post("/interviews/<public_id>/questions")
def ask(public_id: str) -> Answer:
    page = _find(public_id)
    form = QuestionForm()
    if not form.validate():
        return _shown(page, 422, question_form=form)
    try:
        return _try(
            public_id,
            lambda: ask_ahead(identity().person_id, public_id, form.question.data or "", now=now()),
            _("Sent. Whoever you meet reads it before the interview."),
            anchor="questions",
        )
    except NotGood as error:
        form.refuse(error)
        return _shown(page, 422, question_form=form)


@blueprint.route("/interviews/<public_id>/questions/<question_id>", methods=["GET", "POST"])
def question(public_id: str, question_id: str) -> Answer:
    page = _find(public_id)
    asked = next((one for one in page.questions if one.public_id == question_id), None)
    if asked is None:
        raise NotFound
    form = QuestionForm(asked)
    if form.validate_on_submit():
        words = form.question.data or ""
        try:
            return _try(
                public_id,
                lambda: change_question(identity().person_id, public_id, question_id, words, now=now()),
                _("Changed."),
                anchor="questions",
            )
        except NotGood as error:
            form.refuse(error)
    status = 422 if form.is_submitted() else 200
    values = {"page": page, "one": page.one, "asked": asked, "form": form, "go": _ways(page)}
    return render_template("candidate/interviews/question.html", **values), status


@blueprint.post("/interviews/<public_id>/questions/<question_id>/remove")
def take_question_back(public_id: str, question_id: str) -> Answer:
    _find(public_id)
    return _try(
        public_id,
        lambda: remove_question(identity().person_id, public_id, question_id, now=now()),
        _("Taken back. Nobody reads it any more."),
        anchor="questions",
    )


def say_first(application: str) -> str:
    """In the first box of an application's page: what is ahead. Given its public id."""
    ahead = [one for one in _of(application) if _comes_first(one)]
    if not ahead:
        return ""
    values = {"ahead": ahead, "is_own": _is_own(ahead[0]), "formats": FORMAT_LABELS}
    return render_template("candidate/interviews/_first.html", **values)


def cards(application: str) -> str:
    """On an application's page: a card with its other interviews; those who follow read only when."""
    found = [one for one in _of(application) if not _comes_first(one)]
    if not found:
        return ""
    values = {"found": found, "is_own": _is_own(found[0]), "formats": FORMAT_LABELS}
    return render_template("candidate/interviews/_cards.html", **values)


def interviews_ahead(person_id: int) -> dict[str, list[Ahead]]:
    """What the interviews of each application of this person are to them, by its public id."""
    return ahead_of(_own_interviews(person_id))


def _own_interviews(person_id: int) -> list[OwnInterview]:
    """All that this person knows of, read once for all parts of a page."""
    known: dict[int, list[OwnInterview]] = g.setdefault("own_interviews", {})
    if person_id not in known:
        known[person_id] = interviews_of(person_id, now())
    return known[person_id]


def _of(application: str) -> list[OwnInterview]:
    """Those of the application whose page asks."""
    around = page_of(ApplicationView)
    return [one for one in _own_interviews(around.person_id) if one.application_public_id == application]


def _comes_first(one: OwnInterview) -> bool:
    """Whether it is still to take place: then all that is said of it stands in the first box."""
    return one.is_their_turn or one.has_time_ahead


def _is_own(one: OwnInterview) -> bool:
    me = maybe_identity()
    return me is not None and me.person_id == one.person_id


def _find(public_id: str) -> OwnPage:
    """One's own interview; raises NotFound for anybody else's."""
    page = find_own_interview(identity().person_id, public_id, now())
    if page is None:
        raise NotFound
    return page


def _shown(page: OwnPage, status: int = 200, **forms: Any) -> Answer:
    """The page; `forms`: the one that was sent, the others begin anew."""
    return render_template("candidate/interviews/show.html", **page_values(page, forms, now()), go=_ways(page)), status


def _told_in_words(page: OwnPage, kind: WishKind, form: AnotherTimeForm | DeclineForm, template: str) -> Answer:
    """A page of its own where they tell us something in words."""
    public_id, status = page.one.public_id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _try(
                public_id,
                lambda: tell_us(identity().person_id, public_id, kind, words=form.words.data or "", now=now()),
                _("Thank you. We have it, and a person answers you."),
            )
        except NotGood as error:
            form.put_error("words", error)
    if status == 200 and not page.may(kind, now()):
        return redirect(url_for(".show", public_id=public_id), 303)
    values = {"page": page, "one": page.one, "form": form, "zone": own_zone(), "go": _ways(page)}
    return render_template(template, **values), status


def _try(public_id: str, act: Callable[[], None], said: str = "", *, to: str = "show", anchor: str = "") -> Response:
    """Do it and go on; where it cannot be done any more, the page says why."""
    place = to if is_done(act, said) else "show"
    return redirect(url_for(f".{place}", public_id=public_id, _anchor=anchor or None), 303)


def _ways(page: OwnPage) -> dict[str, str]:
    """Where each thing is done."""
    return {name: url_for(f".{name}", public_id=page.one.public_id) for name in _PLACES}
