"""Why an opening fitted a member, as it is kept with the mail that told them."""

from collections.abc import Mapping
from typing import Any

from portal.community.states import Seniority, WorkMode
from portal.openings.rules import Match


def why_as_json(why: Match) -> dict[str, Any]:
    """`why` as it is stored; `why_from_json` reads it back."""
    return {
        "area": why.area,
        "places": list(why.places),
        "modes": [str(mode) for mode in why.modes],
        "seniority": why.seniority and str(why.seniority),
        "is_from_afar": why.is_from_afar,
    }


def why_from_json(stored: Mapping[str, Any]) -> Match:
    """What `why_as_json` made."""
    seniority = stored.get("seniority")
    return Match(
        area=stored.get("area", ""),
        places=tuple(stored.get("places", ())),
        modes=tuple(WorkMode(mode) for mode in stored.get("modes", ())),
        seniority=Seniority(seniority) if seniority else None,
        is_from_afar=bool(stored.get("is_from_afar")),
    )
