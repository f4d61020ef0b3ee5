"""Mail that came in and that nobody could place, for admins: what it is, why, and what to do with it."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.outbox import actions, queries
from portal.outbox.adapters import mailbox_address
from portal.outbox.forms import GiveForm
from portal.outbox.queries import IncomingMessage, MailboxStanding
from portal.outbox.rules.incoming import SORT_WORDS, WHAT_TO_DO, WHY_WORDS, UnreadableMail, read_mail
from portal.people.rules import InvalidAddress
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("incoming", __name__)
Answer = Response | str | tuple[str, int]

_COUNTED_FOR: Final = timedelta(days=30)
#: Letters of a message that cannot be read otherwise, shown as they came.
_SHOWN_RAW: Final = 4_000


@blueprint.get("/admin/mail/incoming")
def index() -> Response | str:
    """What nobody could place, below whether the mailbox can be read and what came in lately."""
    number = page_number()
    asker_id = identity().person_id
    total = queries.unplaced_count(asker_id)
    rows = queries.unplaced_page(asker_id, (number - 1) * PAGE_SIZE, PAGE_SIZE) if total else []
    if total and not rows:
        return redirect(page_url(1), 303)
    settings = current_settings()
    counts = queries.incoming_counts(now() - _COUNTED_FOR)
    return render_template(
        "recruiting/incoming/index.html",
        page=Page(rows, number, total),
        why_words=WHY_WORDS,
        counts=[(str(SORT_WORDS[sort]), count) for sort, count in counts.items()],
        standing=_standing(),
        has_mailbox=bool(settings.mailbox_url),
        has_hook=bool(settings.hook_secret),
        has_addresses=bool(settings.reply_address and settings.return_address),
    )


@blueprint.get("/admin/mail/incoming/<public_id>")
def show(public_id: str) -> str:
    """One of them, as text."""
    mail = _found(public_id)
    return _page(mail, GiveForm(mail.person_email or ""))


@blueprint.post("/admin/mail/incoming/<public_id>/give")
def give(public_id: str) -> Answer:
    """Say whose it is; whoever looks after them decides what becomes of it."""
    mail = _found(public_id)
    form = GiveForm()
    if not form.validate_on_submit():
        return _page(mail, form), 422
    try:
        actions.give_to_person(public_id, form.address.data or "", actor_id=identity().person_id, now=now())
    except InvalidAddress as error:
        form.put_error("address", error)
        return _page(mail, form), 422
    except actions.NotThere as error:
        flash(error.message, "info")
    else:
        flash(_("Whoever looks after them is asked to read it and decide."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/admin/mail/incoming/<public_id>/dismiss")
def dismiss(public_id: str) -> Response:
    _found(public_id)
    try:
        actions.dismiss_unplaced(public_id, actor_id=identity().person_id, now=now())
    except actions.NotThere as error:
        flash(error.message, "info")
    else:
        flash(_("It is off the list, and forgotten within 30 days."), "success")
    return redirect(url_for(".index"), 303)


def _found(public_id: str) -> IncomingMessage:
    mail = queries.find_unplaced(public_id, identity().person_id)
    if mail is None:
        raise NotFound
    return mail


def _page(mail: IncomingMessage, form: GiveForm) -> str:
    raw = mail.raw or b""
    try:
        said = read_mail(raw).said
        text, files = said.text or said.quoted, ", ".join(said.files)
    except UnreadableMail:
        text, files = "", ""
    shown = raw[:_SHOWN_RAW].decode("utf-8", "replace").replace("\x00", "")
    return render_template(
        "recruiting/incoming/show.html",
        mail=mail,
        form=form,
        sort_words=SORT_WORDS,
        why=WHY_WORDS[mail.why] if mail.why else "",
        what_to_do=WHAT_TO_DO[mail.why] if mail.why else "",
        text=text,
        files=files,
        raw="" if text else shown,
    )


def _standing() -> MailboxStanding | None:
    settings = current_settings()
    if not settings.mailbox_url:
        return None
    return queries.mailbox_standing(mailbox_address(settings.mailbox_url).name(settings.secret_key))
