"""The staff's conversations: the list, those that wait first, and one whole, in which they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.applications.queries.endings import dropped_by_answer
from portal.company.queries import calendar_from, company_zone, work_calendar
from portal.company.rules import working_days_after
from portal.conversations import actions
from portal.conversations.forms import NoAnswerForm, ReplyForm, ThreadFilterForm
from portal.conversations.queries import StaffMessage, Thread, find_thread, kept_reply, list_threads
from portal.conversations.rules import (
    AnswersAtOnce,
    GoneAlready,
    ProposalRefused,
    StaleConversation,
    Wait,
    from_mail,
    wait_of,
)
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission, Role
from portal.outbox.actions import NotThere
from portal.outbox.queries import HeldReply
from portal.outbox.rules.incoming import WHY_WORDS, UnreadableMail, read_mail
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("conversations", __name__)
Answer = Response | tuple[str, int]
#: Working days that are offered for the next word.
_AHEAD = (3, 5, 10)
_NOW = "now"
#: Further than any answer looks for a working day.
_FAR = timedelta(days=31)


@blueprint.get("/conversations")
def index() -> Response | str:
    scope = _scope()
    form = ThreadFilterForm(scope.person_id, scope.role is Role.RECRUITER)
    number = page_number()
    found, total = list_threads(form.wanted, scope, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/conversations/index.html",
        form=form,
        page=Page(found, number, total),
        waits_of=_waits([one.waiting_since for one in found], now()),
        is_narrowed=bool(form.wanted.q or form.wanted.is_waiting_only),
    )


def _waits(since: Sequence[datetime | None], at: datetime) -> list[Wait | None]:
    """How long each has waited; None for those who do not."""
    zone = company_zone()
    today = day_of(at, zone)
    days = [day_of(one, zone) if one else None for one in since]
    first = min((day for day in days if day), default=today)
    calendar = work_calendar(first, today + _FAR)
    return [wait_of(day, today, calendar) if day else None for day in days]


@blueprint.route("/conversations/<public_id>", methods=["GET", "POST"])
def show(public_id: str) -> Answer:
    at, scope = now(), _scope()
    thread = _find(public_id, scope)
    if request.method == "POST" and not identity().may(Permission.WRITE_TO_CANDIDATES):
        abort(404)
    form = _reply_form(thread, at)
    if not form.validate_on_submit():
        return _page(thread, form, at, 422 if form.is_submitted() else 200)
    try:
        if form.lacks_a_day:
            raise ProposalRefused("next_update_by", _("Please say by when they hear from us next."))
        start = actions.send_reply(
            public_id,
            scope=scope,
            reply=form.reply,
            seen_id=form.seen_id.data or "",
            form_key=form.form_key.data or "",
            is_hurried=request.form.get("do") == _NOW,
            now=at,
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _page(thread, form, at, 422)
    except StaleConversation:
        return _both(public_id, scope, form, at)
    flash(_what_happens(thread.person_name or thread.email, start, at), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _what_happens(name: str, start: datetime, at: datetime) -> str:
    if start > at:
        return _(
            "Goes at %(moment)s. Until then you can take it back; after that %(name)s reads it.",
            moment=format_moment(start),
            name=name,
        )
    return _("Sent. %(name)s reads it here once the mail is accepted.", name=name)


@blueprint.post("/conversations/<public_id>/read")
def read(public_id: str) -> Response:
    """An act of its own: nobody is said to have read what they only looked at."""
    seen_id = request.form.get("seen_id", "")
    if actions.note_read(public_id, scope=_scope(), seen_id=seen_id, now=now()):
        flash(_("They see that you have read it."), "success")
    else:
        flash(_("This was said already."), "info")
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/no-answer")
def no_answer(public_id: str) -> Answer:
    at, scope = now(), _scope()
    thread = _find(public_id, scope)
    form = NoAnswerForm(thread.newest_id)
    if not form.validate_on_submit():
        return _page(thread, _reply_form(thread, at, is_sent=False), at, 422, no_answer_form=form)
    try:
        actions.need_no_answer(
            public_id, scope=scope, reason=form.reason.data or "", seen_id=form.seen_id.data or "", now=at
        )
    except ProposalRefused as error:
        form.put_error(error.field, error)
        return _page(thread, _reply_form(thread, at, is_sent=False), at, 422, no_answer_form=form)
    except StaleConversation as error:
        form.put_error("", error)
        form.seen_id.data = thread.newest_id
        return _page(thread, _reply_form(thread, at, is_sent=False), at, 409, no_answer_form=form)
    except AnswersAtOnce as error:
        flash(error.message, "info")
        return _back(public_id)
    flash(_("It no longer waits. Colleagues read why; the candidate does not."), "success")
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/messages/<message_id>/take-back")
def take_back(public_id: str, message_id: str) -> Response:
    try:
        actions.take_back_reply(public_id, message_id, scope=_scope(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
        return _back(public_id)
    flash(_("Taken back. Nothing was sent."), "success")
    if find_thread(public_id, _scope()) is None:
        return redirect(url_for(".index"), 303)
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/messages/<message_id>/send-now")
def send_now(public_id: str, message_id: str) -> Response:
    try:
        is_hurried = actions.send_reply_now(public_id, message_id, scope=_scope(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
        return _back(public_id)
    flash(_("It goes now.") if is_hurried else _("It is on its way already."), "success")
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/throw-away")
def throw_away(public_id: str) -> Response:
    actions.throw_reply_away(public_id, scope=_scope())
    flash(_("The words were thrown away."), "success")
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/mail/<mail_id>/place")
def place_mail(public_id: str, mail_id: str) -> Response:
    """A colleague knows that the person wrote this mail."""
    try:
        actions.place_held(public_id, mail_id, scope=_scope(), now=now())
    except NotThere as error:
        flash(error.message, "info")
    except ProposalRefused as error:
        flash(error.message, "warning")
    else:
        flash(_("It stands in the conversation now, and waits for an answer."), "success")
    return _back(public_id)


@blueprint.post("/conversations/<public_id>/mail/<mail_id>/dismiss")
def dismiss_mail(public_id: str, mail_id: str) -> Response:
    try:
        actions.dismiss_held(public_id, mail_id, scope=_scope(), now=now())
    except NotThere as error:
        flash(error.message, "info")
    else:
        flash(_("It stays out of the conversation, and is forgotten within 30 days."), "success")
    if find_thread(public_id, _scope()) is None:
        return redirect(url_for(".index"), 303)
    return _back(public_id)


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


def _scope() -> StaffScope:
    me = identity()
    return StaffScope(me.person_id, me.role)


def _find(public_id: str, scope: StaffScope) -> Thread:
    thread = find_thread(public_id, scope)
    if thread is None:
        raise NotFound
    return thread


def _reply_form(thread: Thread, at: datetime, *, is_sent: bool = True) -> ReplyForm:
    """`is_sent` False: another form of the page was sent, so this one begins as on a page that is looked at."""
    today = day_of(at, company_zone())
    days = working_days_after(today, max(_AHEAD), calendar_from(today))
    ahead = [(count, days[count - 1]) for count in _AHEAD]
    draft = kept_reply(thread.person_id)
    form = ReplyForm(thread.applications, ahead, _begins_with(thread), draft, today, is_sent=is_sent)
    if not (is_sent and form.is_submitted()):
        form.seen_id.data = thread.newest_id
    return form


def _begins_with(thread: Thread) -> str:
    """What an answer is probably about: what the link says, what was asked last, or the only open application."""
    asked = request.args.get("application", "")
    if thread.about(asked):
        return asked
    if thread.messages:
        said = next((one for one in reversed(thread.messages) if one.author_id is None), thread.messages[-1])
        return said.application_public_id or ""
    is_open = [one.public_id for one in thread.applications if one.is_open]
    return is_open[0] if len(is_open) == 1 else ""


def _both(public_id: str, scope: StaffScope, form: ReplyForm, at: datetime) -> Answer:
    """Something was written in between: that, and what was typed, side by side; nothing was sent."""
    thread = _find(public_id, scope)
    seen = next((one.id for one in thread.messages if one.public_id == form.seen_id.data), 0)
    form.seen_id.data = thread.newest_id
    return _page(thread, form, at, 409, since=[one for one in thread.messages if one.id > seen])


@dataclass(frozen=True)
class HeldLine:
    """Mail that may be the person's, as colleagues read it before they decide."""

    public_id: str
    sender: str
    subject: str
    received_at: datetime
    why: str
    text: str
    files: str


def _held_line(mail: HeldReply) -> HeldLine:
    try:
        read = read_mail(mail.raw or b"")
    except UnreadableMail:
        text, files = "", ""
    else:
        text, files = from_mail(read.said, read.subject)[0], ", ".join(read.said.files)
    return HeldLine(mail.public_id, mail.sender, mail.subject, mail.received_at, str(WHY_WORDS[mail.why]), text, files)


def _page(
    thread: Thread,
    form: ReplyForm,
    at: datetime,
    status: int,
    *,
    since: list[StaffMessage] | None = None,
    no_answer_form: NoAnswerForm | None = None,
) -> Answer:
    waiting = thread.waiting
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    page = render_template(
        "recruiting/conversations/show.html",
        thread=thread,
        form=form,
        no_answer_form=no_answer_form or NoAnswerForm(thread.newest_id, is_sent=False),
        since=since or [],
        draft=form.draft if may_write else None,
        wait=_waits([waiting[0].created_at], at)[0] if waiting else None,
        held=[_held_line(one) for one in thread.held],
        may_write=may_write,
        may_see_person=identity().may(Permission.SEE_CANDIDATES),
        dropped_stays=dropped_by_answer(thread.person_id) if may_write and waiting else [],
        now=at,
    )
    return page, status
