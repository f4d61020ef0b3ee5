"""The list of a candidate's applications, the page of each, and the opening as they applied to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.applications.candidate_views.finding import blueprint, find_to_read
from portal.applications.candidate_views.history import history_of
from portal.applications.queries import ApplicationView, EventLine
from portal.applications.queries.applying import drafts_of
from portal.applications.queries.endings import stay_of
from portal.applications.queries.own_notices import notices_for
from portal.applications.queries.service import feedback_promises
from portal.applications.queries.standing import first_of, rows_of
from portal.applications.queries.staying import may_say_yes_by_link, said_yes_on
from portal.applications.rules import (
    Decided,
    Happened,
    SayFirst,
    Turn,
    about_the_decision,
    may_withdraw,
    steps,
)
from portal.applications.rules.keeping_touch import about_keeping_touch
from portal.applications.states import (
    ENDINGS,
    STATUS_LABELS,
    STAY_END_LABELS,
    ApplicationStatus,
    EventKind,
)
from portal.company.queries import areas, company_name, company_zone
from portal.company.rules.service import feedback_in_words
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.openings.rules import OpeningContent, Stage, content_in_words
from portal.people.queries import Profile, profile_at
from portal.web.audiences import open_to_followers
from portal.web.identity import identity
from portal.web.panels import Spot, known_of, panels_at


@blueprint.get("/applications")
def index() -> str:
    person_id = identity().person_id
    rows = rows_of(person_id, known_of, now())
    open_rows = [row for row in rows if row.first.turn is not Turn.DONE]
    return render_template(
        "candidate/applications/index.html",
        # The nearest promise first; where none is left, it has waited longest.
        open_rows=sorted(open_rows, key=lambda row: not row.first.is_escalated),
        ended_rows=[row for row in rows if row.first.turn is Turn.DONE],
        drafts=drafts_of(person_id),
        labels=STATUS_LABELS,
    )


@blueprint.get("/applications/<public_id>")
@open_to_followers
def show(public_id: str) -> Response | str:
    found = find_to_read(public_id)
    if isinstance(found, Response):
        return found
    view, is_own = found
    others = (
        [row for row in rows_of(view.person_id, known_of, now()) if row.card.public_id != view.public_id]
        if is_own
        else []
    )
    page = {**_page(view, is_own), **_keeping_touch(view, is_own), **(_of_their_own(view) if is_own else {})}
    return render_template("candidate/applications/show.html", **page, others=others, is_own=is_own)


@blueprint.get("/applications/<public_id>/opening")
@open_to_followers
def opening(public_id: str) -> Response | str:
    """What the opening said when they applied; it stays as long as the application does."""
    found = find_to_read(public_id)
    if isinstance(found, Response):
        return found
    view, is_own = found
    content = view.content_at(now())
    if content is None:
        raise NotFound
    promise = feedback_promises([view.id])[view.id]
    return render_template(
        "candidate/applications/opening.html",
        application=view,
        is_own=is_own,
        shown=content_in_words(content, areas()),
        feedback=feedback_in_words(promise.way, promise.days),
    )


@dataclass(frozen=True)
class _WhoToAsk:
    """Whom a question about an application goes to."""

    name: str
    email: str
    profile: Profile | None


def _who_to_ask(view: ApplicationView, first: SayFirst) -> _WhoToAsk:
    """Whoever looks after it; where they were silent, whoever was asked instead."""
    if first.is_escalated and view.asked_email:
        return _WhoToAsk(view.asked_name, view.asked_email, profile_at(view.asked_email))
    return _WhoToAsk(view.owner_name, view.owner_email, view.owner)


def _of_their_own(view: ApplicationView) -> dict[str, Any]:
    """What only the person reads of it who is signed in: questions that wait, and a mailbox that we do not reach."""
    today = day_of(now(), company_zone())
    notices = notices_for(view.person_id, identity().email)
    return {
        "dead_address": notices.dead_address,
        "questions": [one for one in notices.questions if one.application_public_id in {None, view.public_id}],
        "today": today,
    }


def _keeping_touch(view: ApplicationView, is_own: bool) -> dict[str, Any]:
    """The days to stay in touch after “not yet”, and whether a yes to them is missing."""
    today = day_of(now(), company_zone())
    stay = stay_of(view.public_id) if view.status is ApplicationStatus.NOT_SELECTED else None
    days = stay.days if stay else []
    yes_on = said_yes_on(view.person_id) if days else None
    words = about_keeping_touch(days, today, view.owner_name, yes_on=yes_on, is_own=is_own)
    return {
        "keeping_touch": words,
        # What a yes says, where it is missing; the ledger keeps these very words.
        "yes_words": "" if yes_on else str(PURPOSE_WORDS[Purpose.CHECK_INS]),
        "may_say_yes": is_own or not words or may_say_yes_by_link(view.person_id),
        "touch_ended": str(STAY_END_LABELS[stay.why]) if is_own and stay and stay.why else "",
    }


def _page(view: ApplicationView, is_own: bool) -> dict[str, Any]:
    zone = company_zone()
    content = view.content_at(now())
    first = first_of(view, known_of, now())
    asked = _who_to_ask(view, first)
    mailto = f"mailto:{quote(asked.email, safe='@+')}?subject={quote(view.opening_title)}"
    return {
        "application": view,
        "asked": asked,
        "owner": asked.profile,
        "first": first,
        "way": _way(view, content, zone),
        "stages_here": _stages_at(content, view.status),
        "history": history_of(view),
        "decision": _decision(view, content),
        "about": _about(view),
        "promises_href": _promises(view),
        "mailto": mailto,
        "ask_href": url_for("candidate.conversations.show", application=view.public_id) if is_own else mailto,
        "next_step": _next_step(view, first) if is_own else None,
        "may_withdraw": is_own and may_withdraw(view.status),
        "has_opening": content is not None,
        "labels": STATUS_LABELS,
        "panels_first": panels_at(Spot.OWN_APPLICATION_FIRST, view.public_id, view),
        "panels": panels_at(Spot.OWN_APPLICATION, view.public_id, view),
    }


def _next_step(view: ApplicationView, first: SayFirst) -> tuple[str, str] | None:
    """The one thing they might do next, as a link and its words; nothing where it is ours to do something."""
    if first.turn is Turn.YOU:
        return (
            url_for("candidate.conversations.show", application=view.public_id),
            _("Write to %(name)s", name=view.owner_name),
        )
    if first.turn is Turn.DONE and view.status is not ApplicationStatus.HIRED:
        return url_for("public.openings.index"), _("See what is open now")
    return None


def _way(view: ApplicationView, content: OpeningContent | None, zone: str) -> list[dict[str, str]]:
    """The steps with their days, as far as we know them: an import does not say when it came to where it stands."""
    happened = [Happened(event.status, _reached_on(event, zone)) for event in reversed(view.events)]
    named = [(stage.name, ApplicationStatus(stage.status)) for stage in _stages(content)]
    return [
        {"title": step.title, "state": step.state, "detail": format_day(step.reached_on) if step.reached_on else ""}
        for step in steps(view.status, happened, view.applied_on, named)
    ]


def _reached_on(event: EventLine, zone: str) -> date | None:
    """The day on which they learned of it; None where it had come to that before we knew of it."""
    if event.kind in {EventKind.IMPORTED, EventKind.ENDED_BEFORE_US}:
        return None
    return event.happened_on or day_of(event.since, zone)


def _stages(content: OpeningContent | None) -> Sequence[Stage]:
    return [stage for stage in content.stages if stage.name] if content else []


def _stages_at(content: OpeningContent | None, status: ApplicationStatus) -> list[Stage]:
    """What the opening says about where they are."""
    return [stage for stage in _stages(content) if stage.status == status and status not in ENDINGS]


def _decision(view: ApplicationView, content: OpeningContent | None) -> list[tuple[str, str]]:
    is_ai_used, ai_words = (content.is_ai_used, content.ai_words) if content else (None, "")
    if not view.is_opening_as_applied:
        # What the opening says now denies nothing of what was done before they came to this page.
        is_ai_used = is_ai_used or None
    return about_the_decision(
        Decided(
            view.status,
            view.shown_event.kind,
            company_name(),
            view.owner_name,
            recruiter_name=view.recruiter_name,
            manager_name=view.manager_name,
            is_ai_used=is_ai_used,
            ai_words=ai_words,
        )
    )


def _promises(view: ApplicationView) -> str:
    """Where it stands what we promised when they applied; where nobody kept that, what we promise today."""
    if view.promises_number is None:
        return url_for("public.company.promises")
    return url_for("public.company.promises_then", number=view.promises_number)


def _about(view: ApplicationView) -> list[tuple[str, str]]:
    applied = [(_("Applied on"), format_day(view.applied_on))] if view.applied_on is not None else []
    return [
        *applied,
        (_("Who reads this"), _("You, and the people who recruit for this opening.")),
        (_("How long it stays"), _("For as long as we know you. An ended application keeps its page.")),
    ]
