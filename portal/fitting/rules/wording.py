"""Why somebody may fit, in words for colleagues and in other words for themselves; what an invitation says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from babel.dates import format_skeleton

from portal.community.states import SENIORITY_LABELS, WORK_MODE_LABELS, WorkMode
from portal.core.i18n import babel_locale, format_day, format_moment, join_words
from portal.core.i18n import gettext as _
from portal.fitting.states import Why
from portal.openings.rules import OpeningContent, Part, Viewer, Wants, has_ended, is_public, is_visible, pay_in_words
from portal.openings.states import OpeningState

#: So much of what is hard about a role stands in a mail; the page says all of it.
_HARD_LENGTH: Final = 400


@dataclass(frozen=True)
class Told:
    """One thing that we know of somebody and that fits.

    `what` is the opening of a mark, or the label of an area, a skill or a place; empty: they would work remotely.
    """

    why: Why | None
    what: str = ""
    #: Of a mark: when it was set.
    on: date | None = None


def why_for_staff(told: list[Told]) -> list[str]:
    """For colleagues, each thing by itself; "Silver medal for Data Analyst, March 2026"."""
    marks = [_mark_for_staff(one) for one in told if one.on is not None]
    areas, skills, places, is_remote = _sorted(told)
    words = [
        _("Interested in %(areas)s", areas=join_words(areas)) if areas else "",
        _("Knows %(skills)s", skills=join_words(skills)) if skills else "",
        _("Would work in %(places)s", places=join_words(places)) if places else "",
        _("Open to remote work") if is_remote else "",
    ]
    return [*marks, *(one for one in words if one)]


def against_for_staff(wants: Wants, parts: Collection[Part], areas: Mapping[str, str]) -> list[str]:
    """What somebody said that is something else than the opening says, for colleagues, each thing by itself.

    `areas` are the company's labels by key.
    """
    labels = sorted(areas.get(key, key) for key in wants.areas)
    modes = [str(WORK_MODE_LABELS[mode]) for mode in WorkMode if mode in wants.modes]
    words = {
        Part.AREA: _("Looks for %(areas)s", areas=join_words(labels)),
        Part.SENIORITY: _("Brings: %(words)s", words=str(SENIORITY_LABELS[wants.seniority]) if wants.seniority else ""),
        Part.MODE: _("Would work: %(modes)s", modes=join_words(modes)),
        Part.PLACE: _("Would work in %(places)s", places=join_words(sorted(wants.places.values()))),
    }
    return [words[part] for part in Part if part in parts]


def _mark_for_staff(told: Told) -> str:
    month = format_skeleton("yMMMM", told.on, locale=babel_locale())
    if told.why is Why.SILVER_MEDAL:
        return _("Silver medal for %(opening)s, %(month)s", opening=told.what, month=month)
    return _("Near-fit for %(opening)s, %(month)s", opening=told.what, month=month)


def why_for_person(told: list[Told]) -> str:
    """For themselves, in sentences; nothing of marks, which are ours alone: only that they applied."""
    applied = list(dict.fromkeys(one.what for one in told if one.on is not None))
    areas, skills, places, is_remote = _sorted(told)
    words = [
        _("You applied to us for %(openings)s.", openings=join_words(applied)) if applied else "",
        _("You told us that %(areas)s interests you.", areas=join_words(areas)) if areas else "",
        _("You told us that you know %(skills)s.", skills=join_words(skills)) if skills else "",
        _("You told us that you would work in %(places)s.", places=join_words(places)) if places else "",
        _("You told us that you would work remotely.") if is_remote else "",
    ]
    return " ".join(one for one in words if one)


def _sorted(told: list[Told]) -> tuple[list[str], list[str], list[str], bool]:
    """Labels of areas, skills and places, and whether they would work remotely."""
    areas = [one.what for one in told if one.why is Why.AREA]
    skills = [one.what for one in told if one.why is Why.SKILL]
    places = [one.what for one in told if one.why is None and one.what]
    return areas, skills, places, any(one.why is None and not one.what for one in told)


@dataclass(frozen=True)
class OpeningFacts:
    """An opening as far as an invitation tells of it, and what decides who may know that it exists."""

    id: int
    public_id: str
    title: str
    slug: str
    version: int
    state: OpeningState
    published_at: datetime
    public_at: datetime
    closes_on: date | None
    area: str
    content: OpeningContent

    def is_visible_to(self, viewer: Viewer, now: datetime, today: date) -> bool:
        """Whether `viewer` may know now that it exists; `today` is the day in the company's zone."""
        return is_visible(
            state=self.state,
            published_at=self.published_at,
            public_at=self.public_at,
            closes_on=self.closes_on,
            area=self.area,
            viewer=viewer,
            now=now,
            today=today,
        )

    def is_open(self, today: date) -> bool:
        """Whether people can apply; `today` is the day in the company's zone."""
        return self.state is OpeningState.PUBLISHED and not has_ended(self.closes_on, today)


def facts_for_person(opening: OpeningFacts, why: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Why them, what the role is, its pay, what is hard, by when, and whether only members see it yet."""
    content = opening.content
    early = "" if is_public(opening.public_at, now) else _("members only, until %(moment)s", moment=_until(opening))
    return (
        (_("Why you"), why),
        (_("The work"), content.summary),
        (_("Where"), "; ".join(place.label for place in content.places)),
        (_("Pay"), pay_in_words(content.pay)),
        (_("What is hard about it"), _shortened(content.hard)),
        (_("Apply by"), format_day(content.closes_on) if content.closes_on else _("There is no last day yet.")),
        (_("Who sees it"), early),
    )


def _until(opening: OpeningFacts) -> str:
    return format_moment(opening.public_at)


def _shortened(text: str) -> str:
    """The beginning of a text with Markdown's bullets, as a line."""
    words = " ".join(line.strip().lstrip("-*# ") for line in text.splitlines() if line.strip())
    return words if len(words) <= _HARD_LENGTH else words[:_HARD_LENGTH].rsplit(" ", 1)[0] + "…"
