"""Does an opening fit what a member said? Only what they said counts; what they left empty leaves nothing out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.community.states import Seniority, WorkMode


@dataclass(frozen=True, slots=True)
class Wants:
    """What a member said they look for; each part may be empty."""

    #: Keys of areas of interest.
    areas: frozenset[str] = frozenset()
    #: Labels of the places where they would work, as they read them, by key.
    places: Mapping[str, str] = field(default_factory=dict)
    modes: frozenset[WorkMode] = frozenset()
    seniority: Seniority | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What an opening says of the same; each part may be empty."""

    area: str = ""
    #: Keys of places.
    places: frozenset[str] = frozenset()
    modes: frozenset[WorkMode] = frozenset()
    seniority: Seniority | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What of an opening is what they asked for; empty where they asked for nothing."""

    #: The key of the area.
    area: str = ""
    #: Labels, as they read them.
    places: tuple[str, ...] = ()
    modes: tuple[WorkMode, ...] = ()
    seniority: Seniority | None = None
    #: Not in one of their `places`, but remote, and they said nothing about how they would work.
    is_from_afar: bool = False


def match(wants: Wants, offer: Offer) -> Why | None:
    """Why an opening fits, or None when something that it says is not what they asked for."""
    if wants.areas and offer.area and offer.area not in wants.areas:
        return None
    if wants.seniority and offer.seniority and wants.seniority is not offer.seniority:
        return None
    modes = wants.modes & offer.modes
    if wants.modes and offer.modes and not modes:
        return None
    places = [label for key, label in wants.places.items() if key in offer.places]
    is_elsewhere = bool(wants.places and offer.places and not places)
    if is_elsewhere and not _is_from_anywhere(wants, offer):
        return None
    is_from_afar = is_elsewhere and not wants.modes
    return Why(
        area=offer.area if wants.areas else "",
        places=tuple(sorted(wants.places.values() if is_from_afar else places)),
        modes=tuple(mode for mode in WorkMode if mode in modes),
        seniority=offer.seniority if wants.seniority else None,
        is_from_afar=is_from_afar,
    )


def _is_from_anywhere(wants: Wants, offer: Offer) -> bool:
    return WorkMode.REMOTE in offer.modes and (not wants.modes or WorkMode.REMOTE in wants.modes)


def why_as_json(why: Why) -> dict[str, Any]:
    """`why` as it is stored; `why_from_json` reads it back."""
    return {
        "area": why.area,
        "places": list(why.places),
        "modes": [str(mode) for mode in why.modes],
        "seniority": why.seniority and str(why.seniority),
        "is_from_afar": why.is_from_afar,
    }


def why_from_json(stored: Mapping[str, Any]) -> Why:
    """What `why_as_json` made."""
    seniority = stored.get("seniority")
    return Why(
        area=stored.get("area", ""),
        places=tuple(stored.get("places", ())),
        modes=tuple(WorkMode(mode) for mode in stored.get("modes", ())),
        seniority=Seniority(seniority) if seniority else None,
        is_from_afar=bool(stored.get("is_from_afar")),
    )
