"""The words of mails, for admins: the list, the words of one, its versions, and how it looks."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import best_locale, reader
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number
from portal.wording import actions, queries
from portal.wording.actions import WordsChanged
from portal.wording.forms import FIELD_LABELS, GoBackForm, WordsForm
from portal.wording.queries import Version
from portal.wording.rules import (
    FRAME_POLICY,
    Mail,
    MissingValue,
    Scheme,
    UnfitWords,
    Word,
    Words,
    differences,
    in_scheme,
)

blueprint = Blueprint("wording", __name__)
_MAIL = "/admin/mails/<feature>/<message>"


@blueprint.app_errorhandler(MissingValue)
def cannot_be_written(error: MissingValue) -> tuple[str, int]:
    """For every page that sends a mail and does not say so beside its form: nothing went, and why."""
    page = render_template(
        "errors/error.html", code=422, title=_("This mail cannot be written"), text=error.message, request_id=""
    )
    return page, 422


@blueprint.get("/admin/mails")
def index() -> str:
    """Every mail that we send: when it goes, and whose words it has."""
    return render_template("recruiting/wording/index.html", lines=queries.mail_lines(_locale()))


@blueprint.route(_MAIL, methods=["GET", "POST"])
def edit(feature: str, message: str) -> Response:
    """The words of one mail; what somebody else saved meanwhile is shown beside what was typed here."""
    mail = _found(feature, message)
    form = WordsForm(mail, queries.current_words(mail.kind, _locale()))
    status, compared = 200, list[tuple[str, str, str]]()
    if form.validate_on_submit():
        words = form.words()
        try:
            _say_saved(_save(mail, form))
        except WordsChanged as error:
            form.put_error("", error)
            current = queries.current_words(mail.kind, _locale())
            form.seen.data = str(current.number)
            status, compared = 409, _compared(current.words, words)
        else:
            return redirect(url_for("recruiting.wording.edit", feature=feature, message=message), 303)
    elif form.is_submitted():
        status = 422
    return _edit_page(mail, form, compared, status)


@blueprint.post(f"{_MAIL}/preview")
def preview(feature: str, message: str) -> Response:
    """What was typed, as readers would get it; for the frame beside the form."""
    mail = _found(feature, message)
    form = WordsForm(mail, queries.current_words(mail.kind, _locale()))
    try:
        return _frame(queries.render_example(mail.kind, form.words()))
    except MissingValue as error:
        return _framed(render_template("email/_text.html", title=mail.title, text=error.message))


@blueprint.get(f"{_MAIL}/shown")
def shown(feature: str, message: str) -> Response:
    """The mail as it goes out with the words of `?version=` (default: now); for a frame."""
    mail = _found(feature, message)
    wanted = request.args.get("version", "")
    words = None if not wanted else _version(mail, int(wanted) if wanted.isdecimal() and len(wanted) < 7 else -1).words
    return _frame(queries.render_example(mail.kind, words))


@blueprint.route(f"{_MAIL}/versions/<int:number>", methods=["GET", "POST"])
def version(feature: str, message: str, number: int) -> Response:
    """An earlier version (0: the original) beside what goes out now, and the way back to it."""
    mail = _found(feature, message)
    found = _version(mail, number)
    current = queries.current_words(mail.kind, _locale())
    form, status = GoBackForm(data={"seen": str(current.number)}), 200
    if form.validate_on_submit():
        try:
            _go_back(mail, number, form.seen_number())
        except (WordsChanged, UnfitWords) as error:
            form.put_error("", error)
            form.seen.data = str(current.number)
            status = 409 if isinstance(error, WordsChanged) else 422
        else:
            return redirect(url_for("recruiting.wording.edit", feature=feature, message=message), 303)
    page = render_template(
        "recruiting/wording/version.html",
        mail=mail,
        version=found,
        form=form,
        is_current=number == current.number or (found.is_ours and current.is_ours),
        compared=_compared(current.words, found.words),
        **_names(mail),
    )
    return _with_frames(page, status)


def _found(feature: str, message: str) -> Mail:
    mail = queries.find_mail(f"{feature}/{message}")
    if mail is None:
        raise NotFound
    return mail


def _locale() -> str:
    """Admins change the words in the language in which they read."""
    return best_locale([reader().locale])


def _names(mail: Mail) -> dict[str, str]:
    feature, message = mail.kind.split("/")
    return {"feature": feature, "message": message}


def _version(mail: Mail, number: int) -> Version:
    found = queries.find_version(mail.kind, _locale(), number)
    if found is None:
        raise NotFound
    return found


def _save(mail: Mail, form: WordsForm) -> bool:
    return actions.change_mail(
        mail.kind, _locale(), form.words(), form.seen_number(), actor_id=identity().person_id, now=now()
    )


def _say_saved(is_changed: bool) -> None:
    flash(_("Saved. It goes out like this from now on.") if is_changed else _("Nothing was changed."), "success")


def _go_back(mail: Mail, number: int, seen: int) -> None:
    who, at = identity().person_id, now()
    if number == 0:
        is_changed = actions.use_our_words(mail.kind, _locale(), seen, actor_id=who, now=at)
    else:
        is_changed = actions.use_version(mail.kind, _locale(), number, seen, actor_id=who, now=at)
    flash(_("It goes out like this from now on.") if is_changed else _("Nothing was changed."), "success")


def _compared(before: Words, after: Words) -> list[tuple[str, str, str]]:
    return [(str(FIELD_LABELS[one.field]), one.before, one.after) for one in differences(before, after)]


def _edit_page(mail: Mail, form: WordsForm, compared: list[tuple[str, str, str]], status: int) -> Response:
    number, locale = page_number(), _locale()
    listed = queries.versions(mail.kind, locale, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    places = mail.all_places.values()
    page = render_template(
        "recruiting/wording/edit.html",
        mail=mail,
        form=form,
        compared=compared,
        words_of_mail=[place for place in places if isinstance(place, Word)],
        blocks_of_mail=[place for place in places if not isinstance(place, Word)],
        page=Page(listed, number, queries.version_count(mail.kind, locale)),
        **_names(mail),
    )
    return _with_frames(page, status)


def _with_frames(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _frame(mail: RenderedMail) -> Response:
    """The mail as `as` says: light, dark, or its text."""
    wanted = request.values.get("as", "")
    if wanted == "text":
        return _framed(render_template("email/_text.html", title=mail.subject, text=mail.text))
    return _framed(in_scheme(mail.html, Scheme.DARK if wanted == "dark" else Scheme.LIGHT))


def _framed(html: str) -> Response:
    response = make_response(html)
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
