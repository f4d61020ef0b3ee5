"""Outgoing mail for admins: what did not arrive, what waits and why, what is slow; and trying again."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import last_restore
from portal.contact.actions import lift_suppression
from portal.contact.queries import contact_preferences, is_suppressed
from portal.contact.rules import Hold, hold_of, why_for_staff
from portal.contact.states import WhyHeld
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import format_number, ngettext
from portal.core.i18n import gettext as _
from portal.outbox import queries
from portal.outbox.actions import StillSuppressed, let_mail_go, retry_all_dead, retry_dead_letter
from portal.outbox.forms import RetryAllForm, RetryForm
from portal.outbox.queries import DeadReason, MailFilter, TroubledMail
from portal.outbox.rules import REASON_WORDS, SERVER_WORDS, STOPPED_WORDS, WAITING_WORDS
from portal.outbox.states import DeliveryState
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number
from portal.wording.queries import HeldBackMail, held_back_count, held_back_page

blueprint = Blueprint("mail", __name__)
Answer = Response | str | tuple[str, int]

#: The lists of the page, each with how it counts and what it shows.
_LISTS = {
    "dead": (queries.count_dead, queries.dead_page),
    "waiting": (queries.count_waiting, queries.waiting_page),
    "held": (queries.count_held, queries.held_page),
    "stopped": (queries.count_stopped, queries.stopped_page),
}
#: The list of mails that were not written because a value is missing; it knows no messages.
_MISSING = "missing"


@dataclass(frozen=True)
class Line:
    """A message in a list, with why it did not go in plain words."""

    mail: TroubledMail
    why: str


@blueprint.get("/admin/mail")
def index() -> str:
    """One of the five lists, found by address and reason, below what waits and what is slow."""
    shown = request.args.get("show", "dead")
    shown = shown if shown in {*_LISTS, _MISSING} else "dead"
    reasons = queries.dead_reasons(now())
    wanted = _wanted(reasons if shown == "dead" else [])
    waiting, oldest = queries.waiting_since()
    again, last_answer = queries.tried_again() if waiting else (0, "")
    everything = MailFilter()
    page: Page[Any] = _unwritten(wanted) if shown == _MISSING else _messages(shown, wanted)
    return render_template(
        "recruiting/mail/index.html",
        shown=shown,
        at=now(),
        wanted=wanted,
        page=page,
        reasons=reasons,
        reason_words=REASON_WORDS,
        server_words=SERVER_WORDS,
        slow=queries.slow_domains(),
        standing=queries.mail_standing(now()),
        past=queries.past_troubles(),
        waiting=waiting,
        again=again,
        last_answer=last_answer,
        oldest=oldest,
        dead_count=queries.count_dead(everything),
        held_count=queries.count_held(everything),
        stopped_count=queries.count_stopped(everything),
        missing_count=held_back_count(),
        restore=last_restore(),
        has_own=queries.has_own(identity().person_id) or (shown == _MISSING and _is_all_own(page)),
    )


def _messages(shown: str, wanted: MailFilter) -> Page[Line]:
    count, lines = _LISTS[shown]
    number = page_number()
    rows = [Line(mail, _why(mail)) for mail in lines(wanted, (number - 1) * PAGE_SIZE, PAGE_SIZE)]
    return Page(rows, number, count(wanted))


def _unwritten(wanted: MailFilter) -> Page[HeldBackMail]:
    number = page_number()
    rows = held_back_page(wanted.text, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    # Nobody looks after their own: which letter waits for a value would say what it is about.
    others = [row for row in rows if row.is_to_staff or row.person_public_id != identity().public_id]
    return Page(others, number, held_back_count(wanted.text))


def _is_all_own(page: Page[HeldBackMail]) -> bool:
    """Whether there is something, and the whole of it is about the asker."""
    return page.total > 0 and page.number == 1 and not page.items


@blueprint.route("/admin/mail/restored", methods=["GET", "POST"])
def restored() -> Answer:
    """What a restore means for everybody, and letting go what waits since."""
    restore = last_restore()
    if request.method == "POST":
        if let_mail_go(actor_id=identity().person_id, now=now()):
            flash(_("Mail goes out again. What waited goes as soon as its hour has come."), "success")
        else:
            flash(_("Mail goes out already."), "info")
        return _list()
    kinds = [(one.title, format_number(one.count)) for one in queries.waiting_by_kind()]
    return render_template("recruiting/mail/restored.html", restore=restore, kinds=kinds)


@blueprint.get("/admin/mail/<key>")
def show(key: str) -> str:
    """One message that did not go."""
    mail = _found(key)
    return _page(mail, RetryForm(is_suppressed=is_suppressed(mail.to_address)))


@blueprint.post("/admin/mail/<key>/retry")
def retry(key: str) -> Answer:
    """Try one dead letter again."""
    mail = _found(key)
    form = RetryForm(is_suppressed=is_suppressed(mail.to_address))
    may_lift = "lift" in form and bool(form.lift.data)
    if form.validate_on_submit() and not queries.is_too_late(key, now()):
        try:
            retry_dead_letter(key, may_lift=may_lift, actor_id=identity().person_id, now=now())
        except StillSuppressed as error:
            form.put_error("lift" if "lift" in form else "", error)
        else:
            flash(_("It will be tried again in a moment."), "success")
            return _list()
    return _page(mail, form), 422


@blueprint.post("/admin/mail/<key>/lift")
def lift(key: str) -> Response:
    """Let mail go to the address of a message again; the message itself stays stopped."""
    mail = _found(key)
    try:
        lift_suppression(mail.to_address, actor_id=identity().person_id, now=now())
    except NotFound:
        flash(_("Mail to this address may go already."), "info")
    else:
        flash(_("Mail may go to %(address)s again.", address=mail.to_address), "success")
    return redirect(url_for(".show", key=key), 303)


@blueprint.route("/admin/mail/reasons/<reason>", methods=["GET", "POST"])
def retry_all(reason: str) -> Answer:
    """Try all dead letters of one reason again, after saying how many they are."""
    chosen = _chosen(queries.dead_reasons(now()), reason)
    if chosen is None:
        raise NotFound
    if not chosen.timely_count:
        return redirect(url_for(".index", reason=reason), 303)
    form = RetryAllForm()
    if form.validate_on_submit():
        done, left = retry_all_dead(
            chosen.reason,
            chosen.code,
            chosen.status,
            may_lift=form.lift.data,
            actor_id=identity().person_id,
            now=now(),
        )
        _say(done, left)
        return _list()
    page = render_template("recruiting/mail/retry_all.html", form=form, chosen=chosen, words=REASON_WORDS)
    return page, 422 if form.is_submitted() else 200


def _say(done: int, left: int) -> None:
    flash(
        ngettext("%(count)s message will be tried again.", "%(count)s messages will be tried again.", done),
        "success" if done else "info",
    )
    if left:
        text = ngettext(
            "%(count)s was left: mail to its address came back.", "%(count)s were left: mail to them came back.", left
        )
        flash(text, "warning")


def _page(mail: TroubledMail, form: RetryForm) -> str:
    return render_template(
        "recruiting/mail/show.html",
        mail=mail,
        at=now(),
        why=_why_exactly(mail),
        form=form,
        is_dead=mail.state is DeliveryState.DEAD,
        is_waiting=_is_waiting(mail),
        is_too_late=mail.state is DeliveryState.DEAD and queries.is_too_late(mail.key, now()),
        is_suppressed=is_suppressed(mail.to_address),
    )


def _why(mail: TroubledMail) -> str:
    if mail.held_reason is WhyHeld.PAUSED:
        return _("They asked for a pause.")
    if mail.held_reason is not None and mail.held_until is not None:
        return why_for_staff(Hold(mail.held_reason, mail.held_until))
    if _is_waiting(mail):
        return _why_it_waits(mail)
    if mail.state is DeliveryState.DEAD and mail.failed_reason is not None:
        return str(REASON_WORDS[mail.failed_reason])
    return str(STOPPED_WORDS[mail.stopped_reason]) if mail.stopped_reason else ""


def _is_waiting(mail: TroubledMail) -> bool:
    """Whether it goes as soon as it can; what is held does not."""
    return mail.state in queries.WAITING and mail.held_reason is None


def _why_it_waits(mail: TroubledMail) -> str:
    if mail.state is DeliveryState.LEASED:
        return _("It is being handed over just now")
    if mail.failed_reason is None:
        return _("Its turn has not come yet")
    return str(WAITING_WORDS[mail.failed_reason])


def _why_exactly(mail: TroubledMail) -> str:
    """For one message: a pause also says whether it has an end."""
    if mail.held_reason is None or mail.held_until is None or mail.person_id is None:
        return _why(mail)
    return why_for_staff(hold_of(mail.held_reason, mail.held_until, contact_preferences(mail.person_id)))


def _wanted(reasons: list[DeadReason]) -> MailFilter:
    chosen = _chosen(reasons, request.args.get("reason", ""))
    text = request.args.get("to", "").strip()[:254]
    asker_id = identity().person_id
    if chosen is None:
        return MailFilter(text, asker_id=asker_id)
    return MailFilter(text, chosen.reason, chosen.code, chosen.status, asker_id)


def _chosen(reasons: list[DeadReason], name: str) -> DeadReason | None:
    """The reason of this name, such as "refused-550-5.7.1"."""
    return next((one for one in reasons if one.name == name), None)


def _found(key: str) -> TroubledMail:
    mail = queries.find_troubled(key, identity().person_id)
    if mail is None:
        raise NotFound
    return mail


def _list() -> Response:
    return redirect(url_for(".index"), 303)
