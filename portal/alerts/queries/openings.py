"""The openings that people may apply to, as far as matching goes, and what they say."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, select

from portal.community.states import WorkMode
from portal.core.db import fetch
from portal.openings.models import Opening, OpeningPlace, OpeningVersion
from portal.openings.rules import Offer, OpeningContent, Viewer, from_json, is_public, is_visible
from portal.openings.states import OpeningState


@dataclass(frozen=True)
class LiveOpening:
    """A published opening."""

    id: int
    slug: str
    version_number: int
    published_at: datetime | None
    public_at: datetime | None
    closes_on: date | None
    offer: Offer

    def is_visible_to(self, areas: frozenset[str], now: datetime, today: date) -> bool:
        """Whether a member who is interested in `areas` may know of it; `today` is a day in the company's zone."""
        return is_visible(
            state=OpeningState.PUBLISHED,
            published_at=self.published_at,
            public_at=self.public_at,
            closes_on=self.closes_on,
            area=self.offer.area,
            viewer=Viewer(True, areas),
            now=now,
            today=today,
        )

    def is_out(self, now: datetime, today: date) -> bool:
        """Whether there are members who may know of it."""
        return self.is_visible_to(frozenset({self.offer.area}), now, today)

    def is_public(self, now: datetime) -> bool:
        """Whether everybody may know of it."""
        return is_public(self.public_at, now)


_LIVE = (
    select(
        Opening.id,
        Opening.slug,
        Opening.version_number,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        Opening.area,
        Opening.seniority,
        Opening.is_remote,
        Opening.is_hybrid,
        Opening.is_on_site,
    )
    .where(Opening.state == OpeningState.PUBLISHED)
    .order_by(Opening.public_at, Opening.id)
)
_PLACES = (
    select(OpeningPlace.opening_id, OpeningPlace.place)
    .join(Opening, Opening.id == OpeningPlace.opening_id)
    .where(Opening.state == OpeningState.PUBLISHED)
    .order_by(OpeningPlace.opening_id, OpeningPlace.place)
)
_CONTENTS = (
    select(Opening.id, OpeningVersion.content)
    .join(
        OpeningVersion,
        and_(OpeningVersion.opening_id == Opening.id, OpeningVersion.number == Opening.version_number),
    )
    .where(Opening.id.in_(bindparam("ids", expanding=True)))
    .order_by(Opening.id)
)


def live_openings(now: datetime, today: date) -> dict[int, LiveOpening]:
    """What members may know of at present, by id, what became public first comes first. Two statements."""
    places: dict[int, set[str]] = defaultdict(set)
    for opening_id, place in fetch(_PLACES):
        places[opening_id].add(place)
    found = {}
    for row in fetch(_LIVE):
        flags = ((WorkMode.REMOTE, row.is_remote), (WorkMode.HYBRID, row.is_hybrid), (WorkMode.ON_SITE, row.is_on_site))
        modes = frozenset(mode for mode, is_offered in flags if is_offered)
        offer = Offer(row.area, frozenset(places[row.id]), modes, row.seniority)
        one = LiveOpening(
            row.id, row.slug or "", row.version_number, row.published_at, row.public_at, row.closes_on, offer
        )
        if one.is_out(now, today):
            found[one.id] = one
    return found


def contents_of(ids: Collection[int]) -> dict[int, OpeningContent]:
    """What these openings say now, by id."""
    return {opening_id: from_json(content) for opening_id, content in fetch(_CONTENTS, {"ids": list(ids)})}
