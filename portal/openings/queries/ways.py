"""How feedback after interviews is given for an opening: as it says itself, else as its countries do."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import String, type_coerce

from portal.community.adapters import shipped_places
from portal.community.rules import place_key
from portal.company.rules.service import Promised
from portal.company.states import FeedbackWay
from portal.core.db import fetch
from portal.openings.models import Opening, OpeningVersion
from portal.openings.queries.public import Asker, visible_versions
from portal.openings.rules import OpeningContent, Place

#: Openings that are named on the page of promises; each says so on its own page as well.
MOST_NAMED: Final = 50


@dataclass(frozen=True)
class OwnWay:
    """An opening that says itself how feedback is given for it."""

    slug: str
    title: str
    way: FeedbackWay


_SAID = type_coerce(OpeningVersion.content["feedback"].as_string(), String)
_OWN_WAYS = (
    visible_versions(Opening.slug, Opening.title, _SAID)
    .where(_SAID.in_([str(way) for way in FeedbackWay]))
    .order_by(Opening.title, Opening.id)
    .limit(MOST_NAMED)
)


def feedback_way_of(content: OpeningContent | None, promised: Promised) -> FeedbackWay:
    """How feedback is given for an opening that says this (None: nothing is known of it) under these promises."""
    if content is None:
        return promised.way
    # The list of towns is read only where a country makes a difference.
    return content.feedback or promised.way_in(_countries_of(content.places) if promised.ways else ())


def openings_with_own_way(asker: Asker) -> list[OwnWay]:
    """The openings that the asker may see which say themselves how feedback is given, by title."""
    return [OwnWay(slug, title, FeedbackWay(way)) for slug, title, way in fetch(_OWN_WAYS, asker.values)]


def _countries_of(places: Iterable[Place]) -> frozenset[str]:
    """ISO 3166 codes of two letters; "" for a place that the list of towns does not have."""
    known = _country_by_place()
    return frozenset(known.get(place.key, "") for place in places)


@cache
def _country_by_place() -> dict[str, str]:
    return {place_key(place): place.country_code for place in shipped_places()}
