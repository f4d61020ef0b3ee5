"""Segments as they were saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.notes.queries import tag_changes
from portal.people.models import Person
from portal.segments.models import Segment
from portal.segments.rules import Group, SegmentRefused, following, from_json, names_a_tag


@dataclass(frozen=True)
class SegmentView:
    """A segment as those who may use it read it."""

    id: int
    public_id: str
    name: str
    #: None: it was saved by rules that we cannot read any more.
    tree: Group | None
    owner_id: int
    owner_name: str
    is_shared: bool
    created_at: datetime
    changed_at: datetime
    #: None: whoever changed it last was erased.
    changed_by: str | None


_Owner, _Changer = aliased(Person, name="segment_owner"), aliased(Person, name="segment_changer")
_SEGMENTS = (
    select(
        Segment.id,
        Segment.public_id,
        Segment.name,
        Segment.tree,
        Segment.owner_id,
        _Owner.name,
        Segment.is_shared,
        Segment.created_at,
        Segment.changed_at,
        _Changer.name,
    )
    .join(_Owner, _Owner.id == Segment.owner_id)
    .outerjoin(_Changer, _Changer.id == Segment.changed_by_id)
    .where(Segment.removed_at.is_(None))
)


def may_use(asker_id: int) -> ColumnElement[bool]:
    """Of a `Segment`: it is the asker's own, or shared."""
    return or_(Segment.owner_id == asker_id, Segment.is_shared)


def segments_for(asker_id: int) -> list[SegmentView]:
    """The segments that the asker may use, their own and those that are shared, by name."""
    return _views(fetch(_SEGMENTS.where(may_use(asker_id)).order_by(Segment.name, Segment.id)).all())


def find_segment(public_id: str, asker_id: int) -> SegmentView | None:
    """The segment with this public id, if the asker may use it; None also once it was removed."""
    rows = fetch(_SEGMENTS.where(Segment.public_id == public_id).where(may_use(asker_id))).all()
    return next(iter(_views(rows)), None)


def rules_of_segment(public_id: str) -> Group | None:
    """The rules of a segment as they are now; None once it was removed, or when they cannot be read any more."""
    rows = fetch(_SEGMENTS.where(Segment.public_id == public_id)).all()
    return next((view.tree for view in _views(rows)), None)


def _views(rows: Sequence[Any]) -> list[SegmentView]:
    """With the tags that those which they name have become since they were saved: one more statement if any does."""
    views = [_view(row) for row in rows]
    if not any(view.tree and names_a_tag(view.tree) for view in views):
        return views
    changes = tag_changes()
    return [replace(view, tree=_now(view.tree, view.changed_at, changes)) for view in views]


def _now(tree: Group | None, saved_at: datetime, changes: Sequence[tuple[str, str, datetime]]) -> Group | None:
    since = [(key, became) for key, became, changed_at in changes if changed_at > saved_at]
    return following(tree, since) if tree is not None else None


def _view(row: Any) -> SegmentView:
    try:
        tree = from_json(row[3])
    except SegmentRefused:
        tree = None
    return SegmentView(row[0], row[1], row[2], tree, *row[4:])
