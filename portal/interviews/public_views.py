"""Answering to an interview with the link from the mail, without signing in: a GET shows, a POST does."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_old_token, find_token
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import set_reader
from portal.core.tokens import TokenKind
from portal.interviews.actions.asking import ask_ahead
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.impressions import say_impression
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
from portal.interviews.queries.impressions import may_say
from portal.interviews.queries.own import OwnPage, find_own_interview
from portal.interviews.queries.own_calendar import calendar_of
from portal.interviews.rules.own import NotGood, link_is_over, own_zone
from portal.interviews.states import WishKind
from portal.people.queries import recipient

blueprint = Blueprint("interviews", __name__)
Answer = Response | str | tuple[str, int]
_PLACES = (
    *("show", "choose", "another_time", "decline", "late", "cannot_come", "after_all", "calendar"),
    *("needs", "ask"),
)
#: What one tap says: whether it began on time, and whether there was time to ask.
_BEGINNINGS = {"both": (True, True), "on_time": (True, False), "asked": (False, True), "neither": (False, False)}
#: What is shown instead of the page of a link that is too old.
_Dead = tuple[str, int]


@blueprint.get("/interviews/<token>")
def show(token: str) -> Answer:
    page = _linked(token)
    return _shown(token, page) if isinstance(page, OwnPage) else page


@blueprint.post("/interviews/<token>/time")
def choose(token: str) -> Answer:
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    form, one, time_id = ChooseForm(page.times), page.one, request.form.get("time", "")
    if not time_id and not form.validate():
        return _shown(token, page, 422, choose_form=form)
    return _try(
        token,
        lambda: choose_time(one.person_id, one.public_id, time_id, now=now()),
        _("Thank you, the time is yours. A mail with an entry for your calendar is on its way."),
    )


@blueprint.route("/interviews/<token>/another-time", methods=["GET", "POST"])
def another_time(token: str) -> Answer:
    return _told_in_words(token, WishKind.ANOTHER_TIME, AnotherTimeForm(), "public/interviews/another_time.html")


@blueprint.route("/interviews/<token>/decline", methods=["GET", "POST"])
def decline(token: str) -> Answer:
    return _told_in_words(token, WishKind.DECLINED, DeclineForm(), "public/interviews/decline.html")


@blueprint.post("/interviews/<token>/late")
def late(token: str) -> Answer:
    form = LateForm()
    minutes = form.minutes.data if form.validate() else 0
    return _tell(token, WishKind.RUNNING_LATE, minutes)


@blueprint.post("/interviews/<token>/cannot-come")
def cannot_come(token: str) -> Answer:
    return _tell(token, WishKind.CANNOT_COME, 0)


@blueprint.post("/interviews/<token>/after-all")
def after_all(token: str) -> Answer:
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    one = page.one
    return _try(
        token,
        lambda: take_back_wish(one.person_id, one.public_id, now=now()),
        _("Good. The time stays as it was, and we have told them."),
    )


@blueprint.get("/interviews/<token>/told")
def told(token: str) -> Answer:
    """The answer to one tap: they know, and whom to call."""
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    wish = page.last(WishKind.RUNNING_LATE, WishKind.CANNOT_COME)
    if wish is None:
        return redirect(url_for(".show", token=token), 303)
    return render_template("public/interviews/told.html", page=page, one=page.one, wish=wish, go=_ways(token))


@blueprint.get("/interviews/<token>/interview.ics")
def calendar(token: str) -> Answer:
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    file = Response(calendar_of(page, now()), mimetype="text/calendar")
    file.headers["Content-Disposition"] = "attachment; filename=interview.ics"
    return file


@blueprint.post("/interviews/<token>/needs")
def needs(token: str) -> Answer:
    """Whoever has the link can say what they need, and cannot read what was said: mail gets forwarded."""
    page, form = _linked(token), NeedForm()
    if not isinstance(page, OwnPage):
        return page
    one, said = page.one, form.need.data or ""
    if not form.validate():
        return _shown(token, page, 422, need_form=form)
    if not said.strip():
        return redirect(url_for(".show", token=token, _anchor="needs"), 303)
    try:
        return _try(
            token,
            lambda: say_needs(one.person_id, one.public_id, said, now=now()),
            _("Saved. Only those who arrange the interview read it."),
            anchor="needs",
        )
    except NotGood as error:
        form.refuse(error)
        return _shown(token, page, 422, need_form=form)


@blueprint.post("/interviews/<token>/questions")
def ask(token: str) -> Answer:
    page, form = _linked(token), QuestionForm()
    if not isinstance(page, OwnPage):
        return page
    one = page.one
    if not form.validate():
        return _shown(token, page, 422, question_form=form)
    try:
        return _try(
            token,
            lambda: ask_ahead(one.person_id, one.public_id, form.question.data or "", now=now()),
            _("Sent. Whoever you meet reads it before the interview."),
            anchor="questions",
        )
    except NotGood as error:
        form.refuse(error)
        return _shown(token, page, 422, question_form=form)


@blueprint.get("/interviews/began/<token>")
def began(token: str) -> str:
    """One tap after an interview: did it begin on time, was there time to ask. Looking counts nothing."""
    public_id = _met(token)
    return render_template("public/interviews/began.html", token=token, may_say=may_say(public_id))


@blueprint.post("/interviews/began/<token>")
def say_how_it_began(token: str) -> Response:
    public_id, said = _met(token), request.form.get("said", "")
    if said in _BEGINNINGS:
        was_on_time, had_time_to_ask = _BEGINNINGS[said]
        # Whoever taps twice has said it once.
        if say_impression(public_id, was_on_time=was_on_time, had_time_to_ask=had_time_to_ask, now=now()):
            flash(_("Your answer is counted, without your name."), "success")
    return redirect(url_for(".began", token=token), 303)


def _met(token: str) -> str:
    """The public id of the interview that this link is about, read in its candidate's language; or NotFound."""
    found = find_token(TokenKind.INTERVIEW, token, now()) or find_old_token(TokenKind.INTERVIEW, token)
    if found is None or found.person_id is None:
        raise NotFound
    to = recipient(found.person_id)
    set_reader(to.locale, to.timezone)
    return found.subject


def _linked(token: str) -> OwnPage | _Dead:
    """The interview that the link is about, read in its candidate's language and zone; else the page to show instead.

    A wrong link, or one about an interview that they do not know of, raises NotFound.
    """
    found = find_token(TokenKind.INTERVIEW, token, now())
    is_old = found is None
    found = found or find_old_token(TokenKind.INTERVIEW, token)
    if found is None or found.person_id is None:
        raise NotFound
    to = recipient(found.person_id)
    set_reader(to.locale, to.timezone)
    page = find_own_interview(found.person_id, found.subject, now())
    if page is None:
        raise NotFound
    if is_old or link_is_over(page.one.starts_at, page.one.minutes, now()):
        return render_template("public/interviews/over.html"), 410
    return page


def _shown(token: str, page: OwnPage, status: int = 200, **forms: Any) -> Answer:
    """The page; `forms`: the one that was sent, the others begin anew."""
    values = page_values(page, {"need_form": NeedForm(is_sent=False), **forms}, now())
    return render_template("public/interviews/show.html", **values, go=_ways(token)), status


def _told_in_words(token: str, kind: WishKind, form: AnotherTimeForm | DeclineForm, template: str) -> Answer:
    """A page of its own where they tell us something in words."""
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    one, status = page.one, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        words = form.words.data or ""
        try:
            return _try(
                token,
                lambda: tell_us(one.person_id, one.public_id, kind, words=words, now=now()),
                _("Thank you. We have it, and a person answers you."),
            )
        except NotGood as error:
            form.put_error("words", error)
    if status == 200 and not page.may(kind, now()):
        return redirect(url_for(".show", token=token), 303)
    return render_template(template, page=page, one=one, form=form, zone=own_zone(), go=_ways(token)), status


def _tell(token: str, kind: WishKind, minutes: int) -> Answer:
    page = _linked(token)
    if not isinstance(page, OwnPage):
        return page
    one = page.one
    return _try(token, lambda: tell_us(one.person_id, one.public_id, kind, minutes=minutes, now=now()), to="told")


def _try(token: str, act: Callable[[], None], said: str = "", *, to: str = "show", anchor: str = "") -> Response:
    """Do it and go on; where it cannot be done any more, the page says why."""
    place = to if is_done(act, said) else "show"
    return redirect(url_for(f".{place}", token=token, _anchor=anchor or None), 303)


def _ways(token: str) -> dict[str, str]:
    """Where each thing is done."""
    return {name: url_for(f".{name}", token=token) for name in _PLACES}
