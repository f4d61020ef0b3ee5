"""Does an opening fit what somebody said? Only what they said counts; what they left empty leaves nothing out.

Job alerts and the list of who may fit both ask here, so that nobody is invited to what an alert would have left out
without a colleague reading what speaks against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.community.rules import fold
from portal.community.states import Seniority, WorkMode
from portal.openings.rules.content import OpeningContent


class Part(StrEnum):
    """What people say of the work they look for, and an opening says of itself."""

    AREA = "area"
    SENIORITY = "seniority"
    MODE = "mode"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Wants:
    """What somebody said they look for; each part may be empty."""

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
class Match:
    """What of an opening is what they asked for; empty where they asked for nothing."""

    #: The key of the area.
    area: str = ""
    #: Labels, as they read them.
    places: tuple[str, ...] = ()
    modes: tuple[WorkMode, ...] = ()
    seniority: Seniority | None = None
    #: Not in one of their `places`, but remote, and they said nothing about how they would work.
    is_from_afar: bool = False


def offer_of(content: OpeningContent) -> Offer:
    """What an opening that says this offers."""
    return Offer(
        area=content.area,
        places=frozenset(place.key or fold(place.label) for place in content.places),
        modes=frozenset(content.work_modes),
        seniority=content.seniority,
    )


def speaks_against(wants: Wants, offer: Offer) -> tuple[Part, ...]:
    """What of an opening is something else than they asked for; nothing: it fits.

    Experience must be the same; a place elsewhere is no difference where the work is remote and they did not rule
    that out.
    """
    is_elsewhere = bool(wants.places and offer.places) and not offer.places & wants.places.keys()
    found = (
        (Part.AREA, bool(wants.areas and offer.area) and offer.area not in wants.areas),
        (Part.SENIORITY, bool(wants.seniority and offer.seniority) and wants.seniority is not offer.seniority),
        (Part.MODE, bool(wants.modes and offer.modes) and not wants.modes & offer.modes),
        (Part.PLACE, is_elsewhere and not _is_from_anywhere(wants, offer)),
    )
    return tuple(part for part, is_different in found if is_different)


def match(wants: Wants, offer: Offer) -> Match | None:
    """What of an opening is what they asked for, or None when something that it says is not."""
    if speaks_against(wants, offer):
        return None
    places = [label for key, label in wants.places.items() if key in offer.places]
    is_from_afar = bool(wants.places and offer.places and not places) and not wants.modes
    modes = wants.modes & offer.modes
    return Match(
        area=offer.area if wants.areas else "",
        places=tuple(sorted(wants.places.values() if is_from_afar else places)),
        modes=tuple(mode for mode in WorkMode if mode in modes),
        seniority=offer.seniority if wants.seniority else None,
        is_from_afar=is_from_afar,
    )


def _is_from_anywhere(wants: Wants, offer: Offer) -> bool:
    return WorkMode.REMOTE in offer.modes and (not wants.modes or WorkMode.REMOTE in wants.modes)
