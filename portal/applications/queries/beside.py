"""Who stands before and after an application in the pipeline that it was opened from."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Date, Integer, and_, bindparam, case, func, literal, null, or_, select

from portal.applications.models import Application
from portal.applications.queries.pipeline import PipelineFilter, found_in_pipeline
from portal.applications.queries.shown import Shown, StaffScope
from portal.core.db import fetch


@dataclass(frozen=True)
class Neighbours:
    """Who stands before and after somebody in a list; None at its ends."""

    previous: str | None = None
    next: str | None = None
    #: Whether they still stand in it themselves, and how many stand before them.
    is_in_list: bool = True
    before_count: int = 0


#: Statements for so many lists are made once.
_KEPT_STATEMENTS: Final = 64
_DAY: Final = bindparam("day", type_=Date)
_ID: Final = bindparam("application_id", type_=Integer)


def neighbours_in(
    wanted: PipelineFilter, application_id: int, day: date | None, scope: StaffScope, today: date
) -> Neighbours:
    """Who stands beside this application in the pipeline that `wanted` finds, the oldest promise first.

    `day`: the promised day under which it stands or stood there, so that who moved on leaves their place behind.
    """
    # What somebody looked for is not kept.
    make = _statement if wanted.rest.q else _kept_statement
    rows = fetch(make(wanted, scope, today, day is not None), {"application_id": application_id, "day": day})
    found = {side: (public_id, count) for side, public_id, count in rows}
    own, before_count = found["here"]
    sides = {side: found[side][0] for side in ("previous", "next") if side in found}
    return Neighbours(**sides, is_in_list=own is not None, before_count=before_count)


def _statement(wanted: PipelineFilter, scope: StaffScope, today: date, has_day: bool) -> Any:
    columns = (Application.id, Application.public_id, Shown.next_update_by.label("day"))
    found = found_in_pipeline(select(*columns), wanted, scope, today).cte("found")
    before, after = _around(found, has_day)
    another = select(found.c.public_id).where(found.c.id != _ID)
    latest_first = (found.c.day.is_(None).desc(), found.c.day.desc(), found.c.id.desc())
    oldest_first = (found.c.day.is_(None), found.c.day, found.c.id)
    previous = another.where(before).order_by(*latest_first).limit(1).subquery("previous")
    following = another.where(after).order_by(*oldest_first).limit(1).subquery("following")
    own = func.max(case((found.c.id == _ID, found.c.public_id), else_=null()))
    here = select(literal("here"), own, func.count().filter(and_(found.c.id != _ID, before))).select_from(found)
    return here.union_all(
        select(literal("previous"), previous.c.public_id, literal(0)),
        select(literal("next"), following.c.public_id, literal(0)),
    )


_kept_statement = lru_cache(maxsize=_KEPT_STATEMENTS)(_statement)


def _around(found: CTE, has_day: bool) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What stands before the place of an application, and what after it; those who are promised nothing come last."""
    day, number = found.c.day, found.c.id
    if not has_day:
        return or_(day.is_not(None), number < _ID), and_(day.is_(None), number > _ID)
    same = day == _DAY
    before = or_(day < _DAY, and_(same, number < _ID))
    return before, or_(day.is_(None), day > _DAY, and_(same, number > _ID))
