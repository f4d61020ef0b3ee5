"""The development mailbox: every message as it goes out; these pages are not there in production."""

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from portal.core.errors import NotFound
from portal.outbox import queries
from portal.outbox.queries import DevMailRow
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.paging import PAGE_SIZE, Page, page_number

blueprint = Blueprint("mailbox", __name__)

#: A message's HTML may show its own styles and nothing else, inside our page only.
_FRAMED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


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
    response = make_response(render_template("dev/mailbox/show.html", mail=_found(public_id)))
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@blueprint.get("/mailbox/<public_id>/html")
def html_part(public_id: str) -> Response:
    """The HTML of one message, for the frame."""
    response = make_response(_found(public_id).html)
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/mailbox.json")
def index_json() -> Response:
    """Every message, newest last, for scripts; `?to=` filters by address."""
    return jsonify([_as_json(mail) for mail in queries.all_dev_mail(request.args.get("to", ""))])


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
    }
