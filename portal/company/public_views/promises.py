"""What the company promises to those who apply: today, and under each version that somebody applied to."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, render_template

from portal.company.forms import country_name
from portal.company.queries import company_zone, days_off
from portal.company.queries.service import (
    PromiseVersion,
    find_version,
    promise_contact,
    promise_versions,
    promises_today,
    version_today,
)
from portal.company.rules import blocks_of, regions_of
from portal.company.rules.service import Promised, feedback_in_words, week_in_words
from portal.company.states import FEEDBACK_WAY_LABELS, PACE_LABELS, FeedbackWay
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import reader
from portal.web.panels import Spot, panels_at

blueprint = Blueprint("company", __name__)
_AHEAD: Final = timedelta(days=365)


@blueprint.get("/promises")
def promises() -> str:
    """What holds for whoever applies now."""
    version = version_today()
    promised = version.promised if version else promises_today()
    today = day_of(now(), company_zone())
    return render_template(
        "public/company/promises.html",
        **_page(promised, version),
        ahead=days_off(today, today + _AHEAD, reader().locale),
        elsewhere=panels_at(Spot.PROMISES, ""),
        afterwards=panels_at(Spot.AFTER_PROMISES, ""),
    )


@blueprint.get("/promises/<int:number>")
def promises_then(number: int) -> str:
    """What held for those who applied under this version; they can read it as long as their application is there."""
    known = {line.number: line.since for line in promise_versions()}
    # Numbers beyond are no question to a database, which may not even hold them.
    version = find_version(number) if number in known else None
    if version is None:
        raise NotFound
    return render_template(
        "public/company/promises_then.html", **_page(version.promised, version), until=known.get(number + 1)
    )


def _page(promised: Promised, version: PromiseVersion | None) -> dict[str, Any]:
    """What both pages show of one version."""
    return {
        "promised": promised,
        "version": version,
        "blocks": blocks_of(promised.words),
        "pace": [(str(label), promised.pace[key]) for key, label in PACE_LABELS.items() if key in promised.pace],
        "week": week_in_words(promised.working_week),
        "holidays": _holidays(promised),
        "feedback": feedback_in_words(promised.way, promised.feedback_days),
        "is_feedback_given": set(promised.ways.values()) | {promised.way} != {FeedbackWay.NONE},
        "countries": _countries(promised),
        "contact": promise_contact(),
        "zone": company_zone().replace("_", " "),
    }


def _holidays(promised: Promised) -> str:
    """Whose public holidays are days off; empty where none are known."""
    if not promised.country:
        return ""
    region = regions_of(promised.country).get(promised.region, "")
    return f"{country_name(promised.country)} ({region})" if region else country_name(promised.country)


def _countries(promised: Promised) -> list[tuple[str, str]]:
    """The countries in which feedback is given otherwise, each with the way."""
    found = ((country_name(code), str(FEEDBACK_WAY_LABELS[way])) for code, way in promised.ways.items())
    return sorted(found, key=lambda one: one[0].casefold())
