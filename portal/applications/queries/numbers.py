"""How many are in an opening: by stage, how many of them are due, and how many have had an ending."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, Integer, bindparam, func, literal, or_, select, union_all

from portal.applications.models import Application
from portal.applications.queries.due import needs_a_word
from portal.applications.queries.pipeline import stage_now
from portal.applications.queries.shown import Shown, StaffScope, is_in_scope, with_later, with_shown
from portal.applications.states import ENDINGS, EventKind
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening

_TODAY: Final = bindparam("today", type_=Date)


@dataclass(frozen=True)
class StageCount:
    """How many are in a stage, and how many of them are due."""

    name: str
    count: int
    due_count: int


@dataclass(frozen=True)
class OpeningNumbers:
    """How many applied to an opening and where they are."""

    #: Of those whose application is open; who is in no stage has one without a name.
    stages: list[StageCount] = field(default_factory=list)
    ended_count: int = 0

    @property
    def open_count(self) -> int:
        return sum(one.count for one in self.stages)

    @property
    def due_count(self) -> int:
        """How many are owed a word today or since longer, and no message is on its way to them."""
        return sum(one.due_count for one in self.stages)


def numbers_of(opening_id: int, stages: Sequence[str], scope: StaffScope, today: date) -> OpeningNumbers:
    """How many the asker may see of those who applied; one statement.

    Who is in no stage comes first, then the `stages` of the opening in their order, though nobody be in them, then
    what else people are in, by name.
    """
    values = {"opening_id": opening_id, "person_id": scope.person_id, "today": today}
    rows = fetch(_statement(scope.role), values).all()
    ended_count = sum(count for _name, has_ended, count, _due in rows if has_ended)
    found: dict[str, StageCount] = {}
    for name, has_ended, count, due in rows:
        if not has_ended:
            before = found.get(name, StageCount(name, 0, 0))
            found[name] = StageCount(name, before.count + count, before.due_count + due)
    others = sorted(name for name in found if name and name not in stages)
    order = [*([""] if "" in found else []), *stages, *others]
    return OpeningNumbers([found.get(name) or StageCount(name, 0, 0) for name in order], ended_count)


@cache
def _statement(role: Role) -> Any:
    """How many there are, then how many of them are due: what is on its way is looked up for the few that may be."""
    has_ended = Shown.status.in_(ENDINGS)
    found = _in_opening(role, stage_now, has_ended, func.count(), literal(0))
    may_be_due = or_(
        Shown.next_update_by <= _TODAY, Shown.kind == EventKind.ESCALATED, Application.change_reported_at.is_not(None)
    )
    due = with_later(_in_opening(role, stage_now, has_ended, literal(0), func.count()))
    due = due.where(may_be_due).where(needs_a_word(_TODAY))
    by = (stage_now, has_ended)
    return union_all(found.group_by(*by), due.group_by(*by))


def _in_opening(role: Role, *columns: Any) -> Any:
    applied = select(*columns).select_from(Application).join(Opening, Opening.id == Application.opening_id)
    return (
        with_shown(applied)
        .where(Application.opening_id == bindparam("opening_id", type_=Integer))
        .where(is_in_scope(bindparam("person_id", type_=Integer), role))
    )
