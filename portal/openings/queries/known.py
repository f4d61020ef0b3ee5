"""Reading openings."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import fetch, session
from portal.core.i18n import gettext as _
from portal.openings.models import Opening
from portal.openings.states import STATE_LABELS, OpeningState


def openings_by_key(source: str, keys: Collection[str]) -> dict[str, Opening]:
    """The openings of `source` that have one of these external keys, by key."""
    statement = select(Opening).where(Opening.source == source).where(Opening.external_key.in_(keys))
    return {opening.external_key: opening for opening in session().scalars(statement.order_by(Opening.id))}


def openings_by_id(ids: Collection[int]) -> dict[int, Opening]:
    """The openings with these ids, by id; nothing is asked for none."""
    if not ids:
        return {}
    return {opening.id: opening for opening in session().scalars(select(Opening).where(Opening.id.in_(ids)))}


@dataclass(frozen=True)
class OpeningName:
    """As much of an opening as tells it from others."""

    id: int
    public_id: str
    title: str
    #: Empty for one of our own.
    source: str
    state: OpeningState

    @property
    def label(self) -> str:
        """Its title, where it stands and, unless it is our own, where it comes from: titles are not unique."""
        state = STATE_LABELS[self.state]
        if self.source:
            return _("%(title)s (%(state)s, from %(source)s)", title=self.title, state=state, source=self.source)
        return _("%(title)s (%(state)s)", title=self.title, state=state)


def openings_to_join(and_ids: Collection[int] = ()) -> list[OpeningName]:
    """Every opening that is not finished, by title; of those that are, the ones with an id of `and_ids`."""
    statement = (
        select(Opening.id, Opening.public_id, Opening.title, Opening.source, Opening.state)
        .where((Opening.state != OpeningState.FINISHED) | Opening.id.in_(and_ids))
        .order_by(Opening.title, Opening.source, Opening.id)
    )
    return [OpeningName(*row) for row in fetch(statement)]
