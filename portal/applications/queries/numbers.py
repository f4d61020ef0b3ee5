"""How many are in an opening: by stage, how many of them are due, and how many have had an ending."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, Integer, bindparam, func, select

from portal.applications.models import Application
from portal.applications.queries.due import needs_a_word
from portal.applications.queries.pipeline import StageCount
from portal.applications.queries.pipeline import _stage as stage_or_source_stage
from portal.applications.queries.shown import Shown, StaffScope, is_in_scope, with_later, with_shown
from portal.applications.states import ENDINGS
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening

_TODAY: Final = bindparam("today", type_=Date)


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
    found = {name: StageCount(name, count, due) for name, has_ended, count, due in rows if not has_ended}
    if not found:
        return OpeningNumbers(ended_count=ended_count)
    others = sorted(name for name in found if name and name not in stages)
    order = [*([""] if "" in found else []), *stages, *others]
    return OpeningNumbers([found.get(name) or StageCount(name, 0, 0) for name in order], ended_count)


@cache
def _statement(role: Role) -> Any:
    has_ended = Shown.status.in_(ENDINGS)
    counts = (func.count(), func.count().filter(needs_a_word(_TODAY)))
    applied = select(stage_or_source_stage, has_ended, *counts).select_from(Application)
    return (
        with_later(with_shown(applied.join(Opening, Opening.id == Application.opening_id)))
        .where(Application.opening_id == bindparam("opening_id", type_=Integer))
        .where(is_in_scope(bindparam("person_id", type_=Integer), role))
        .group_by(stage_or_source_stage, has_ended)
    )
