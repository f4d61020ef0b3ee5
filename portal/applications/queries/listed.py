"""The staff's list of applications, page by page, and the openings that it can be narrowed to."""

from collections import Counter
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, String, bindparam, func, null, select, type_coerce

from portal.applications.models import Application
from portal.applications.queries.noted import without_word_since
from portal.applications.queries.shown import SHOWN_OF_EVENT, Shown, StaffScope, with_later, with_people
from portal.applications.queries.staff import LINE_COLUMNS, StaffFilter, StaffLine, narrowed
from portal.core.db import fetch
from portal.core.i18n import ngettext
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.queries import OpeningName
from portal.openings.queries.known import is_joined, that_read_alike, told_apart
from portal.openings.states import OpeningState


class Choice(NamedTuple):
    """A value and its label, for a filter."""

    value: str
    label: str


#: Statements for so many pages of the list are made once.
_KEPT_STATEMENTS: Final = 64
#: The oldest promise first, in the order of an index of days: of one day, who was told first.
_WALKED = (Shown.next_update_by.asc().nulls_last(), Shown.id)


def list_applications(
    wanted: StaffFilter, scope: StaffScope, today: date, first: int, count: int
) -> tuple[list[StaffLine], int]:
    """`count` applications from number `first`, the oldest promise on top, and how many there are in all."""
    is_walked = wanted == StaffFilter(opening=wanted.opening)
    # What somebody looked for is not kept.
    make = _lines_statement if wanted.q else _kept_lines_statement
    rows = fetch(make(wanted, scope, today, not is_walked), {"first": first, "count": count}).all()
    if is_walked or (first and not rows):
        # A row would say it, but then no page could stop before the last; and behind the last page there is none.
        total = fetch(_count_statement(wanted, scope, today)).scalar_one()
    else:
        total = rows[0][-1] if rows else 0
    return [StaffLine(*row[:-1]) for row in rows], total


def _lines_statement(wanted: StaffFilter, scope: StaffScope, today: date, is_counted: bool) -> Any:
    """A page of the list: who is on it is found first, so that the rest is looked up for them only.

    Last in each row stands how many there are in all, else nothing.
    """
    order = (without_word_since(), Application.id) if wanted.is_noted_only else _WALKED
    total = func.count().over() if is_counted else null()
    ids = select(Application.id.label("application_id"), Shown.id.label("shown_id"), total.label("total"))
    page = (
        _found(ids, wanted, scope, today)
        .order_by(*order)
        .offset(bindparam("first", type_=Integer))
        .limit(bindparam("count", type_=Integer))
        .subquery("page")
    )
    lines = with_people(select(*LINE_COLUMNS, page.c.total)).join(page, page.c.application_id == Application.id)
    return with_later(lines.join(Shown, Shown.id == page.c.shown_id)).order_by(*order)


_kept_lines_statement = lru_cache(maxsize=_KEPT_STATEMENTS)(_lines_statement)


def _count_statement(wanted: StaffFilter, scope: StaffScope, today: date) -> Any:
    """How many there are; of all of them, without a look at what each candidate sees."""
    if wanted != StaffFilter(opening=wanted.opening):
        return _found(select(func.count()), wanted, scope, today)
    return narrowed(_of_openings(select(func.count()), wanted, scope), wanted, scope, today)


def _found(statement: Any, wanted: StaffFilter, scope: StaffScope, today: date) -> Any:
    """Of a statement without a FROM: who is in the list, with no more joined than what it is narrowed by."""
    joined = with_people(statement) if wanted.q or wanted.owner else _of_openings(statement, wanted, scope)
    shown = _walked(joined)
    return narrowed(with_later(shown) if wanted.is_due_only else shown, wanted, scope, today)


def _of_openings(statement: Any, wanted: StaffFilter, scope: StaffScope) -> Any:
    """From the applications, with their openings only where these decide."""
    applications = statement.select_from(Application)
    if wanted.opening or scope.role is Role.HIRING_MANAGER:
        return applications.join(Opening, Opening.id == Application.opening_id)
    return applications


def openings_for_filter(scope: StaffScope) -> list[Choice]:
    """The openings whose applications the asker may see, by title; what tells them apart where two have the same."""
    found = fetch(_openings(scope.role is Role.HIRING_MANAGER), {"asker_id": scope.person_id}).all()
    so_often = Counter(title for _public_id, title, *_rest in found)
    alike = [_name(row) for row in found if so_often[row[1]] > 1]
    labels = {one.public_id: one.label for one in told_apart(alike, _counted(that_read_alike(alike)))}
    return [Choice(row[0], labels.get(row[0], row[1])) for row in found]


def _counted(opening_ids: list[int]) -> dict[int, str]:
    """How many people are in each of these openings, in words; nothing is asked for none."""
    if not opening_ids:
        return {}
    count = select(Application.opening_id, func.count()).where(Application.opening_id.in_(opening_ids))
    rows = fetch(count.group_by(Application.opening_id).order_by(Application.opening_id))
    of_each = dict.fromkeys(opening_ids, 0) | {opening_id: number for opening_id, number in rows}
    return {key: ngettext("%(count)s person", "%(count)s people", number) for key, number in of_each.items()}


@cache
def _openings(is_manager: bool) -> Any:
    # What only few need stays as the database has it.
    state = type_coerce(Opening.state, String)
    statement = select(Opening.public_id, Opening.title, Opening.id, Opening.source, state)
    statement = statement.where(~is_joined()).order_by(Opening.title, Opening.id)
    return statement.where(Opening.hiring_manager_id == bindparam("asker_id")) if is_manager else statement


def _name(row: Any) -> OpeningName:
    public_id, title, opening_id, source, state = row
    return OpeningName(opening_id, public_id, title, source, OpeningState(state))


def _walked(statement: Any) -> Any:
    """Join what the candidate sees so that the database walks the promised days, and stops when it has enough."""
    return statement.join(Shown, (Shown.application_id == Application.id) & (Shown.id == SHOWN_OF_EVENT))
