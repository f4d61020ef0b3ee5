"""The development mailbox: every message as it goes out, and a gallery of all mails; not there in production."""

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from portal.core.errors import NotFound
from portal.core.i18n import reader
from portal.outbox import queries
from portal.outbox.queries import DevMailRow
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.paging import PAGE_SIZE, Page, page_number
from portal.wording.queries import find_mail, mail_lines, render_example
from portal.wording.rules import FRAME_POLICY, Scheme, in_scheme

blueprint = Blueprint("mailbox", __name__)
#: Widths of a telephone and of a mail program's window, in pixels.
_WIDTHS = (600, 390)


@blueprint.get("/mailbox")
def index() -> str:
    """Every message, newest first; `?to=` filters by address."""
    to = request.args.get("to", "").strip()
    number = page_number()
    lines = queries.dev_mail_page(to, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    return render_template(
        "dev/mailbox/index.html",
        page=Page(lines, number, queries.dev_mail_count(to)),
        to=to,
        waiting=queries.waiting_count(),
        dead=queries.dead_letters(),
    )


@blueprint.get("/mailbox/<public_id>")
def show(public_id: str) -> Response:
    """One message: its text, its HTML in a frame, its headers."""
    return _with_frames(render_template("dev/mailbox/show.html", mail=_found(public_id)))


@blueprint.get("/mailbox/<public_id>/html")
def html_part(public_id: str) -> Response:
    """The HTML of one message, for the frame."""
    return _framed(_found(public_id).html)


@blueprint.get("/mailbox/<public_id>/invite.ics")
def calendar_part(public_id: str) -> Response:
    """The calendar entry of one message, as a file."""
    mail = _found(public_id)
    if not mail.calendar:
        raise NotFound
    response = make_response(mail.calendar)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=invite.ics"
    return response


@blueprint.get("/mailbox/gallery")
def gallery() -> Response:
    """Every kind of mail with example values, light beside dark; `?width=` chooses a telephone or a window."""
    asked = request.args.get("width", "")
    width = next((known for known in _WIDTHS if str(known) == asked), _WIDTHS[0])
    mails = [(line.mail, render_example(line.mail.kind)) for line in mail_lines(reader().locale)]
    return _with_frames(render_template("dev/mailbox/gallery.html", mails=mails, width=width, widths=_WIDTHS))


@blueprint.get("/mailbox/gallery/<feature>/<message>")
def example(feature: str, message: str) -> Response:
    """The HTML of one kind of mail in the colours of `?as=`, for a frame of the gallery."""
    kind = f"{feature}/{message}"
    if find_mail(kind) is None:
        raise NotFound
    scheme = Scheme.DARK if request.args.get("as") == "dark" else Scheme.LIGHT
    return _framed(in_scheme(render_example(kind).html, scheme))


@blueprint.get("/mailbox.json")
def index_json() -> Response:
    """Every message, newest last, for scripts; `?to=` filters by address."""
    return jsonify([_as_json(mail) for mail in queries.all_dev_mail(request.args.get("to", ""))])


def _with_frames(page: str) -> Response:
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _framed(html: str) -> Response:
    """A message's HTML, which shows its own styles and nothing else, inside our pages only."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _found(public_id: str) -> DevMailRow:
    mail = queries.find_dev_mail(public_id)
    if mail is None:
        raise NotFound
    return mail


def _as_json(mail: DevMailRow) -> dict[str, object]:
    return {
        "id": mail.public_id,
        "to": mail.to_address,
        "from": mail.from_address,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": mail.headers,
        "kind": mail.kind,
        "sent_at": mail.sent_at.isoformat(),
        "calendar": mail.calendar,
    }
