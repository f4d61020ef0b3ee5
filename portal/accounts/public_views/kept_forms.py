"""What somebody wrote who was signed out meanwhile: they get it back in this browser, once they are signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from portal.accounts.actions import drop_kept_form, keep_form, kept_form
from portal.accounts.public_views.browser import KEPT, blueprint, halfway, way_on
from portal.accounts.queries import person_id_of
from portal.accounts.rules import TooLongToKeep, TooOften, texts_among
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.core.logs import log
from portal.web.identity import Identity, maybe_identity
from portal.web.kept_forms import FILL, NUMBER, Keeper, Written

#: So many wait in one browser at most; their keys stand in its cookie.
_AT_MOST = 3
_LONGEST_PATH = 400


class _Waiting(TypedDict):
    """What the cookie says of one form: whose it is, where it lies, what opens it, where it was sent."""

    who: str
    file: int
    key: str
    path: str
    has_files: bool


@dataclass(frozen=True)
class KeptForm:
    """A form that waits, as its writer sees it."""

    number: int
    written: Written
    until: datetime
    #: What they wrote in words.
    texts: list[str]
    #: The page on which it can be filled in; empty when there is none.
    page: str


def _keep(written: Written) -> str | None:
    """Keep a form for its writer; where they get it back. What cannot be kept is said on the next page."""
    at, person_id, secret = now(), person_id_of(written.writer), new_secret()
    if person_id is None or len(written.path) > _LONGEST_PATH:
        return None
    try:
        file_id = keep_form(person_id, written.fields, secret, at)
    except TooLongToKeep as error:
        flash(error.message, "warning")
        return None
    except (TooOften, OSError) as error:
        log.warning("form_not_kept", reason=type(error).__name__)
        return None
    g.has_kept = True
    entry = _Waiting(who=written.writer, file=file_id, key=secret, path=written.path, has_files=written.has_files)
    waiting: list[_Waiting] = [*session.get(KEPT, []), entry]
    session[KEPT] = waiting[-_AT_MOST:]
    for pushed_out in waiting[:-_AT_MOST]:
        if pushed_out["who"] == written.writer:
            drop_kept_form(pushed_out["file"], person_id)
    if maybe_identity() is None:
        flash(_("You were signed out while you wrote. Sign in, and you get back what you wrote."), "info")
    return url_for("public.accounts.kept_forms")


def _find(number: str) -> Written | None:
    """What waits under `number` for whoever is signed in here."""
    me = maybe_identity()
    if me is None:
        return None
    found = next((_read(entry, me, now()) for entry in _entries(me) if str(entry["file"]) == number), None)
    if found is None:
        return None
    flash(_("Here is what you wrote. Nothing has been sent yet."), "info")
    return found.written


KEEPER = Keeper(_keep, _find)


@blueprint.get("/sign-in/kept")
def kept_forms() -> Response | str:
    me, at = maybe_identity(), now()
    if me is None:
        here = url_for("public.accounts.kept_forms")
        page = "sign_in" if halfway() is None else "second_factor"
        return redirect(url_for(f"public.accounts.{page}", next=here), 303)
    found = [form for form in (_read(entry, me, at) for entry in _entries(me)) if form is not None]
    numbers = {form.number for form in found}
    if KEPT in session:
        session[KEPT] = [one for one in session[KEPT] if one["who"] != me.public_id or one["file"] in numbers]
    return render_template("public/accounts/kept_forms.html", forms=found[::-1])


@blueprint.post("/sign-in/kept/drop")
def drop_form() -> Response:
    me = maybe_identity()
    if me is None:
        return redirect(url_for("public.accounts.kept_forms"), 303)
    _drop(me, request.form.get(NUMBER, ""))
    flash(_("Gone. Nothing was sent."), "success")
    return redirect(way_on(None), 303)


def forget_what_was_sent(response: Response) -> Response:
    """What waited for this request is not kept any longer, now that it has been taken."""
    is_taken = request.method == "POST" and response.status_code == 303 and not g.get("has_kept")
    me = maybe_identity() if is_taken and session.get(KEPT) else None
    if me is None:
        return response
    number = request.form.get(NUMBER, "")
    sent = request.full_path.rstrip("?").partition("?")[0]
    for entry in reversed(_entries(me)):
        if entry["path"].partition("?")[0] == sent and number in {"", str(entry["file"])}:
            try:
                _drop(me, str(entry["file"]))
            except OperationalError as error:
                log.warning("form_not_dropped", exc_info=error)
            break
    return response


def _entries(me: Identity) -> list[_Waiting]:
    return [entry for entry in session.get(KEPT, []) if entry["who"] == me.public_id]


def _read(entry: _Waiting, me: Identity, at: datetime) -> KeptForm | None:
    form = kept_form(entry["file"], me.person_id, entry["key"], at)
    if form is None:
        return None
    written = Written(me.public_id, entry["path"], form.fields, entry["has_files"])
    return KeptForm(entry["file"], written, form.until, texts_among(form.fields), _page_of(entry))


def _page_of(entry: _Waiting) -> str:
    """The page that the form stood on, asked to fill it in; empty when what was sent there is not also a page."""
    path, _mark, query = entry["path"].partition("?")
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(path, "GET"):
        return ""
    return f"{path}?{query}{'&' if query else ''}{FILL}={entry['file']}"


def _drop(me: Identity, number: str) -> None:
    """Delete one form of this person, and forget that it waits here."""
    mine = [entry for entry in _entries(me) if str(entry["file"]) == number]
    for entry in mine:
        drop_kept_form(entry["file"], me.person_id)
    session[KEPT] = [entry for entry in session.get(KEPT, []) if entry not in mine]
