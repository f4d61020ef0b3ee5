"""A candidate's applications."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, render_template, session
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView, EventLine, applications_of, find_application_of, find_followed
from portal.applications.rules import FOLLOWING, Happened, is_followed, say_first, steps
from portal.applications.states import ENDINGS, OPEN_STATUSES, STATUS_LABELS, EventKind
from portal.company.queries import company_name, company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.people.queries import profile_at
from portal.web.audiences import ask_to_sign_in, open_to_followers
from portal.web.identity import identity, maybe_identity

blueprint = Blueprint("applications", __name__)


@blueprint.get("/applications")
def index() -> str:
    today = day_of(now(), company_zone())
    rows: list[dict[str, Any]] = [
        {"card": card, "first": say_first(card.status, card.kind, card.next_update_by, card.owner_name, today)}
        for card in applications_of(identity().person_id)
    ]
    return render_template(
        "candidate/applications/index.html",
        open_rows=[row for row in rows if row["card"].status in OPEN_STATUSES],
        ended_rows=[row for row in rows if row["card"].status in ENDINGS],
        labels=STATUS_LABELS,
    )


@blueprint.get("/applications/<public_id>")
@open_to_followers
def show(public_id: str) -> Response | str:
    me = maybe_identity()
    own = find_application_of(me.person_id, public_id) if me else None
    view = own
    if view is None and is_followed(session.get(FOLLOWING), public_id, now()):
        view = find_followed(public_id)
    if view is None:
        if me is None:
            return ask_to_sign_in()
        raise NotFound
    others = [card for card in applications_of(view.person_id) if card.public_id != public_id] if own else []
    return render_template("candidate/applications/show.html", **_page(view), others=others, is_own=own is not None)


def _page(view: ApplicationView) -> dict[str, Any]:
    today = day_of(now(), company_zone())
    return {
        "application": view,
        "owner": profile_at(view.owner_email),
        "first": say_first(view.status, view.kind, view.next_update_by, view.owner_name, today),
        "way": _way(view),
        "history": _history(view),
        "about": _about(view),
        "mailto": f"mailto:{quote(view.owner_email, safe='@+')}?subject={quote(view.opening_title)}",
        "labels": STATUS_LABELS,
    }


def _way(view: ApplicationView) -> list[dict[str, str]]:
    """The steps with their days, as far as we know them: an import does not say when it came to where it stands."""
    zone = company_zone()
    happened = [
        Happened(event.status, day_of(event.created_at, zone) if event.kind is EventKind.MESSAGE else None)
        for event in reversed(view.events)
    ]
    return [
        {"title": step.title, "state": step.state, "detail": format_day(step.reached_on) if step.reached_on else ""}
        for step in steps(view.status, happened, view.applied_on)
    ]


def _history(view: ApplicationView) -> list[dict[str, Any]]:
    """What happened, the newest first; that they applied comes last."""
    before: list[EventLine | None] = [*view.events[1:], None]
    entries = [_entry(event, earlier) for event, earlier in zip(view.events, before, strict=True)]
    if view.applied_on is not None:
        entries.append(
            {"who": _("You"), "when": view.applied_on, "title": _("Sent the application."), "is_person": True}
        )
    return entries


def _entry(event: EventLine, earlier: EventLine | None) -> dict[str, Any]:
    """One entry of the history, in words; `earlier` is what stood before it."""
    return {
        "who": event.actor_name or company_name(),
        "when": event.created_at,
        "title": _what_happened(event, earlier),
        "body": _said(event),
        "is_person": event.kind is EventKind.MESSAGE,
    }


def _what_happened(event: EventLine, earlier: EventLine | None) -> str:
    status = STATUS_LABELS[event.status]
    if event.kind is EventKind.ENDED_BEFORE_US:
        return _("It had ended before this page existed: %(status)s.", status=status)
    is_new = earlier is None or earlier.status != event.status
    if event.next_update_by is None:
        return _("It ended: %(status)s.", status=status) if is_new else ""
    day = format_day(event.next_update_by)
    if event.kind is EventKind.IMPORTED:
        return _("Your application came to this page. %(status)s, next word by %(day)s.", status=status, day=day)
    if is_new:
        return _("%(status)s from now on, next word by %(day)s.", status=status, day=day)
    return _("Next word by %(day)s.", day=day)


def _said(event: EventLine) -> str:
    if not event.date_reason:
        return event.message
    return event.message + "\n\n" + _("Why the date is later: %(reason)s", reason=event.date_reason)


def _about(view: ApplicationView) -> list[tuple[str, str]]:
    applied = [(_("Applied on"), format_day(view.applied_on))] if view.applied_on is not None else []
    return [
        *applied,
        (_("Who reads this"), _("You, and the people who recruit for this opening.")),
        (_("How long it stays"), _("For as long as we know you. An ended application keeps its page.")),
    ]
