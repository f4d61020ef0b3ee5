"""The candidate's home: what waits for me, where my applications stand, what is new."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template

from portal.applications.queries import applications_of, letters_to
from portal.applications.rules import Turn
from portal.applications.states import STATUS_LABELS
from portal.community.queries import preferences_of
from portal.community.rules import stage_question
from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.openings.queries import Asker, early_openings
from portal.openings.rules import EARLY_OVER, ShownLine, line_in_words
from portal.web.identity import identity

blueprint = Blueprint("journey", __name__)
#: For so long a message counts as new.
_NEW = timedelta(days=14)
_MOST_LETTERS = 3


@blueprint.get("/")
def home() -> str:
    me = identity()
    zone = company_zone()
    today = day_of(now(), zone)
    rows: list[dict[str, Any]] = [
        {"card": card, "first": card.first(today, zone)} for card in applications_of(me.person_id)
    ]
    turns = {turn: [row for row in rows if row["first"].turn is turn] for turn in Turn}
    preferences = preferences_of(me.person_id)
    return render_template(
        "candidate/journey/home.html",
        name=me.name,
        open_rows=turns[Turn.YOU] + turns[Turn.US],
        ended_rows=turns[Turn.DONE],
        letters=letters_to(me.person_id, now() - _NEW, _MOST_LETTERS),
        early=_early(me.person_id) if preferences.is_member else [],
        early_over=EARLY_OVER,
        asked=stage_question(preferences.career_stage, preferences.career_stage_on, day_of(now(), me.timezone)),
        is_member=preferences.is_member,
        has_preferences=bool(preferences.areas or preferences.skills or preferences.places or preferences.career_stage),
        labels=STATUS_LABELS,
    )


def _early(person_id: int) -> list[ShownLine]:
    """The openings that this member sees before everybody does."""
    at = now()
    labels = {area.key: area.label for area in areas()}
    found = early_openings(Asker(person_id, at, day_of(at, company_zone())))
    return [line_in_words(line.slug, line.content, line.public_at, labels, at) for line in found]
