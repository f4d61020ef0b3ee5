"""Joining an opening that an import made with one of ours, and parting them again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from portal.applications.actions.joining import Moved, hold_still, move_back, move_to_opening
from portal.ats.actions.sources import find_or_add_source, store_openings
from portal.ats.models import OpeningMapping
from portal.ats.queries.joining import JOINED, WENT_ALONG, is_importing, join_of, went_along
from portal.ats.states import WhyParted
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.openings.actions.joining import bring_back, put_away
from portal.openings.models import Opening
from portal.openings.queries.known import OpeningHere, find_opening_here
from portal.openings.states import OpeningState


class CannotJoin(PortalError):
    """These two openings cannot be put together, or not now."""


def join_openings(public_id: str, ours: str, *, actor_id: int, now: datetime) -> int:
    """Put all applications of an opening that an import made into `ours`; returns how many. Recorded for each.

    Dates, owners and all that was said go on, and nobody gets a mail. What later files say of that opening comes to
    ours as well. Raises NotFound, CannotJoin, WorkUnderWay.
    """
    with transaction() as session:
        hold_still(_find(public_id).id)
        _lock(public_id, ours)
        gone, kept = _find(public_id), _find(ours)
        _check(gone, kept)
        moved = move_to_opening(gone.id, kept.id)
        put_away(gone.id, now)
        # What another system calls so came along with it.
        session.execute(update(OpeningMapping).where(OpeningMapping.opening_id == gone.id).values(opening_id=kept.id))
        store_openings(find_or_add_source(gone.source, now).id, {gone.external_key: kept.id})
        _record_each(moved, public_id, ours, actor_id, now)
        record(
            JOINED,
            f"opening:{public_id}",
            actor_id=actor_id,
            now=now,
            to=ours,
            source=gone.source,
            applications=len(moved),
        )
        return len(moved)


def part_openings(public_id: str, why: WhyParted, *, actor_id: int, now: datetime) -> int:
    """Let a joined opening be one of its own again, with the applications that came from it; returns how many.

    Those that later files brought stay where they are; the next ones come to it. Nobody gets a mail. Recorded.
    Raises NotFound where it is not joined, CannotJoin, WorkUnderWay.
    """
    with transaction():
        join = join_of(public_id)
        if join is None:
            raise NotFound
        hold_still(join.opening_id)
        _lock(public_id, join.public_id)
        apart = _find(public_id)
        if not apart.is_joined:
            raise NotFound
        _refuse_while_importing(apart.source)
        moved = move_back(went_along(public_id, join.joined_at), join.opening_id, apart.id)
        bring_back(apart.id)
        store_openings(find_or_add_source(apart.source, now).id, {apart.external_key: None})
        record(
            "ats.part_openings",
            f"opening:{public_id}",
            actor_id=actor_id,
            now=now,
            before=join.public_id,
            applications=len(moved),
            why=str(why),
        )
        return len(moved)


def _find(public_id: str) -> OpeningHere:
    found = find_opening_here(public_id)
    if found is None:
        raise NotFound
    return found


def _lock(*public_ids: str) -> None:
    with transaction() as session:
        found = select(Opening.id).where(Opening.public_id.in_(public_ids)).order_by(Opening.id)
        session.execute(found.with_for_update()).all()


def _check(gone: OpeningHere, kept: OpeningHere) -> None:
    if not gone.may_join:
        raise CannotJoin(_("Only an opening that came with an import and was never published can be joined with ours."))
    if not kept.is_ours or kept.state is OpeningState.FINISHED:
        raise CannotJoin(_("Choose one of ours that is not finished."))
    _refuse_while_importing(gone.source)


def _refuse_while_importing(source: str) -> None:
    if is_importing(source):
        raise CannotJoin(
            _("A file from %(source)s is being imported right now. Try again when it is done.", source=source)
        )


def _record_each(moved: Collection[Moved], before: str, to: str, actor_id: int, now: datetime) -> None:
    for one in moved:
        record(
            WENT_ALONG,
            f"application:{one.public_id}",
            actor_id=actor_id,
            person_id=one.person_id,
            now=now,
            before=before,
            to=to,
        )
