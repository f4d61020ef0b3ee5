"""Applications that go from one opening to another, because both are the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from portal.applications.actions.folding import hold_promises
from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, ChangeItem, ChangeOfMany, EndingLetter, EndingRound, Promise
from portal.applications.states import ItemState
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: Ids in one statement; databases take so many.
_CHUNK = 500


class WorkUnderWay(PortalError):
    """Letters or moves for many in that opening are not done yet."""


@dataclass(frozen=True)
class Moved:
    """An application that is in another opening now, and whose it is."""

    public_id: str
    person_id: int


def hold_still(opening_id: int) -> None:
    """Nobody who applied to this opening is written to or moved until the transaction ends; the first thing it does."""
    with transaction() as session:
        hold_promises()
        found = session.scalars(
            select(Application.person_id).where(Application.opening_id == opening_id).distinct()
        ).all()
        for some in _chunks(sorted(found)):
            lock_people(session, *some)


def move_to_opening(from_id: int, to_id: int) -> list[Moved]:
    """Put every application of an opening, whole and with its promises, into another one; nobody is told.

    Part of the caller's transaction, behind `hold_still`. Raises WorkUnderWay.
    """
    _refuse_work_under_way(from_id)
    with transaction() as session:
        rows = session.execute(
            select(Application.id, Application.public_id, Application.person_id)
            .where(Application.opening_id == from_id)
            .order_by(Application.id)
            .with_for_update()
        ).all()
        session.execute(update(Application).where(Application.opening_id == from_id).values(opening_id=to_id))
        # Also of those who were erased since: what they were promised was promised for this work.
        session.execute(update(Promise).where(Promise.opening_id == from_id).values(opening_id=to_id))
        return [Moved(public_id, person_id) for _id, public_id, person_id in rows]


def move_back(public_ids: Collection[str], from_id: int, to_id: int) -> list[Moved]:
    """Put those of these applications that are still in the opening `from_id` into `to_id`, as `move_to_opening` does.

    Part of the caller's transaction, behind `hold_still`. Raises WorkUnderWay.
    """
    _refuse_work_under_way(from_id)
    moved: list[Moved] = []
    with transaction() as session:
        for some in _chunks(sorted(public_ids)):
            rows = session.execute(
                select(Application.id, Application.public_id, Application.person_id)
                .where(Application.public_id.in_(some))
                .where(Application.opening_id == from_id)
                .order_by(Application.id)
                .with_for_update()
            ).all()
            ids = [row[0] for row in rows]
            session.execute(update(Application).where(Application.id.in_(ids)).values(opening_id=to_id))
            session.execute(update(Promise).where(Promise.application_id.in_(ids)).values(opening_id=to_id))
            moved += [Moved(public_id, person_id) for _id, public_id, person_id in rows]
    return moved


def _refuse_work_under_way(opening_id: int) -> None:
    letters = (
        select(EndingLetter.id)
        .join(EndingRound, EndingRound.id == EndingLetter.round_id)
        .where(EndingRound.opening_id == opening_id)
        .where(EndingLetter.state == ItemState.WAITING)
    )
    moves = (
        select(ChangeItem.id)
        .join(ChangeOfMany, ChangeOfMany.id == ChangeItem.change_id)
        .where(ChangeOfMany.opening_id == opening_id)
        .where(ChangeItem.state == ItemState.WAITING)
    )
    with transaction() as session:
        if any(session.scalar(one.limit(1)) is not None for one in (letters, moves)):
            raise WorkUnderWay(
                _("Letters or moves for many people in this opening are on their way. Try again when they are done.")
            )


def _chunks(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[first : first + _CHUNK] for first in range(0, len(values), _CHUNK)]
