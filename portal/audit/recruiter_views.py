"""The audit log: who did what, newest first, narrowed by who, what, about whom and when."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, url_for

from portal.audit import queries
from portal.audit.forms import AuditForm
from portal.audit.queries import MOST_LISTED, MOST_PEOPLE, AuditLine, AuditSearch
from portal.audit.rules import action_words, detail_words, subject_words
from portal.core.i18n import gettext as _
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number

blueprint = Blueprint("audit", __name__)
#: Where somebody goes on to read; the pages lie above the audit log.
_PAGES = {
    "application": "recruiting.applications.show",
    "import": "recruiting.imports.show",
    "person": "recruiting.candidates.show",
}


@dataclass(frozen=True)
class _Shown:
    """A record in words; `href` leads to what it is about, if that has a page."""

    occurred_at: datetime
    who: str
    what: str
    about: str
    subject: str
    href: str
    details: list[tuple[str, str]]


@blueprint.get("/admin/audit")
def index() -> str:
    form = AuditForm(queries.staff_actors(), queries.known_actions())
    about = form.about_text
    people = queries.people_called(about) if about else []
    search = AuditSearch(
        actor_id=form.actor_id,
        is_by_system=form.is_by_system,
        action=form.chosen_action,
        about=about,
        people=tuple(people[:MOST_PEOPLE]),
        since=form.starts_at,
        before=form.ends_at,
    )
    number = min(page_number(), MOST_LISTED // PAGE_SIZE)
    count = queries.audit_count(search)
    lines = queries.audit_page(search, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    return render_template(
        "recruiting/audit/index.html",
        page=Page([_shown(line) for line in lines], number, min(count, MOST_LISTED)),
        form=form,
        is_cut=count > MOST_LISTED,
        most=MOST_LISTED,
        has_too_many_people=len(people) > MOST_PEOPLE,
    )


def _shown(line: AuditLine) -> _Shown:
    who = _("The system") if line.actor_name is None else line.actor_name or _("Somebody without a name")
    kind, _colon, public_id = line.subject.partition(":")
    page = _PAGES.get(kind, "")
    is_named = bool(line.person_name) and public_id == line.person_public_id
    return _Shown(
        line.occurred_at,
        who,
        action_words(line.action),
        "" if is_named else line.person_name or "",
        line.person_name or "" if is_named else subject_words(line.subject),
        url_for(page, public_id=public_id) if page and public_id and _has_a_page(line, kind) else "",
        detail_words(line.details),
    )


def _has_a_page(line: AuditLine, kind: str) -> bool:
    """Whoever was erased has none, and nobody has one of themselves here."""
    return kind == "import" or line.person_public_id not in {None, identity().public_id}
