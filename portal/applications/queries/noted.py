"""Who has had only an automatic note from us, and since when no person has written to them."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, bindparam, exists, func, select, type_coerce
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import (
    Shown,
    StaffScope,
    as_constant,
    is_in_scope,
    is_on_its_way,
    with_shown,
)
from portal.applications.states import AUTOMATIC, EventKind
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery

_NOTE = as_constant(EventKind.HOLDING_NOTE)
_newer = aliased(ApplicationEvent)
_newer_delivery = aliased(Delivery)
_note = aliased(ApplicationEvent)
_word = aliased(ApplicationEvent)


@dataclass(frozen=True)
class Noted:
    """How many have had only an automatic note, and the oldest day on which they were promised a word and got none."""

    count: int = 0
    since: date | None = None


def is_only_noted() -> ColumnElement[bool]:
    """Of a joined application and what its candidate sees: that is an automatic note, and no word is on its way."""
    is_coming = (
        exists()
        .where(_newer.application_id == Application.id)
        .where(_newer.id > Shown.id)
        .where(_newer_delivery.id == _newer.delivery_id)
        .where(is_on_its_way(_newer_delivery.state))
        .correlate(Application, Shown)
    )
    noted = select(ApplicationEvent.application_id).where(ApplicationEvent.kind == _NOTE)
    return Application.id.in_(noted) & (Shown.kind == _NOTE) & ~is_coming


def without_word_since() -> ScalarSelect[date | None]:
    """Of a joined application: the first day that passed without a promised word, since a person wrote last."""
    last_word = (
        select(func.coalesce(func.max(_word.id), 0))
        .where(_word.application_id == Application.id)
        .where(type_coerce(_word.kind, String).not_in([as_constant(kind) for kind in sorted(AUTOMATIC)]))
        .correlate(Application)
        .scalar_subquery()
    )
    return (
        select(func.min(_note.missed_on))
        .where(_note.application_id == Application.id)
        .where(_note.kind == _NOTE)
        .where(_note.id > last_word)
        .correlate(Application)
        .scalar_subquery()
    )


def is_anyone_noted() -> ColumnElement[bool]:
    """Whether anybody was ever sent an automatic note: found in the index of notes, which is mostly empty."""
    return exists().where(ApplicationEvent.kind == _NOTE)


def noted_for(scope: StaffScope, owner_id: int | None) -> Noted:
    """Who has had only an automatic note: of one owner, or of everybody that the asker may see."""
    values = {"asker_id": scope.person_id, "owner_id": owner_id}
    return Noted(*fetch(_statement(scope.role, owner_id is not None), values).one())


@cache
def _statement(role: Role, is_of_one_owner: bool) -> Any:
    noted = (
        with_shown(
            select(without_word_since().label("since"))
            .select_from(Application)
            .join(Opening, Opening.id == Application.opening_id)
        )
        .where(is_only_noted())
        .where(is_in_scope(bindparam("asker_id", type_=Integer), role))
    )
    if is_of_one_owner:
        noted = noted.where(Application.owner_id == bindparam("owner_id", type_=Integer))
    found = noted.subquery()
    return select(func.count(), func.min(found.c.since)).select_from(found)
