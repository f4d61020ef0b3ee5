"""The candidate's home: what waits for me, where my applications stand, what is new."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template

from portal.applications.queries import applications_of, letters_to
from portal.applications.rules import Turn, say_first
from portal.applications.states import STATUS_LABELS
from portal.community.queries import preferences_of
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.web.identity import identity

blueprint = Blueprint("journey", __name__)
#: For so long a message counts as new.
_NEW = timedelta(days=14)
_MOST_LETTERS = 3


@blueprint.get("/")
def home() -> str:
    me = identity()
    today = day_of(now(), company_zone())
    rows: list[dict[str, Any]] = [
        {"card": card, "first": say_first(card.status, card.kind, card.next_update_by, card.owner_name, today)}
        for card in applications_of(me.person_id)
    ]
    turns = {turn: [row for row in rows if row["first"].turn is turn] for turn in Turn}
    preferences = preferences_of(me.person_id)
    return render_template(
        "candidate/journey/home.html",
        name=me.name,
        open_rows=turns[Turn.YOU] + turns[Turn.US],
        ended_rows=turns[Turn.DONE],
        letters=letters_to(me.person_id, now() - _NEW, _MOST_LETTERS),
        is_member=preferences.is_member,
        has_preferences=bool(preferences.areas or preferences.skills or preferences.places or preferences.career_stage),
        labels=STATUS_LABELS,
    )
