"""The audit log: who did what, newest first."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from portal.audit import queries
from portal.audit.queries import AuditLine
from portal.audit.rules import action_words, detail_words
from portal.core.i18n import gettext as _
from portal.web.paging import PAGE_SIZE, Page, page_number

blueprint = Blueprint("audit", __name__)
_TEXT_LENGTH = 200


@dataclass(frozen=True)
class _Shown:
    """A record in words."""

    occurred_at: datetime
    who: str
    what: str
    about: str
    subject: str
    details: list[tuple[str, str]]


@blueprint.get("/admin/audit")
def index() -> str:
    """Records by action, and by a person's name or address or a subject."""
    action = request.args.get("action", "")
    text = request.args.get("q", "").strip()[:_TEXT_LENGTH]
    number = page_number()
    lines = queries.audit_page(action, text, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    return render_template(
        "recruiting/audit/index.html",
        page=Page([_shown(line) for line in lines], number, queries.audit_count(action, text)),
        actions=[(known, action_words(known)) for known in queries.known_actions()],
        action=action,
        text=text,
    )


def _shown(line: AuditLine) -> _Shown:
    who = _("The system") if line.actor_name is None else line.actor_name or _("Somebody without a name")
    return _Shown(
        line.occurred_at,
        who,
        action_words(line.action),
        line.person_name or "",
        line.subject,
        detail_words(line.details),
    )
