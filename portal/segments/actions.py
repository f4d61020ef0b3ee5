"""Saving, changing and removing segments."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.segments.models import Segment
from portal.segments.rules import Group, SegmentRefused, checked, to_json

NAME_LENGTH: Final = 80
_KEY_LENGTH: Final = 24


def save_segment(name: str, tree: Group, *, is_shared: bool, actor_id: int, form_key: str, now: datetime) -> str:
    """Save rules under a name; the same `form_key` again makes no second one. Returns its public id.

    Raises SegmentRefused.
    """
    wanted, rules = checked_name(name), to_json(checked(tree))
    key = form_key[:_KEY_LENGTH] or None
    with transaction() as own:
        one_at_a_time(f"segment:{actor_id}")
        sent = select(Segment.public_id).where(Segment.form_key == key).where(Segment.owner_id == actor_id)
        if key is not None and (made := own.scalar(sent)) is not None:
            return made
        segment = Segment(
            public_id=new_public_id(),
            name=wanted,
            tree=rules,
            owner_id=actor_id,
            is_shared=is_shared,
            form_key=key,
            created_at=now,
            changed_at=now,
            changed_by_id=actor_id,
        )
        own.add(segment)
        _record("segments.save", segment, actor_id, now)
        return segment.public_id


def change_segment(
    public_id: str, name: str, tree: Group, *, is_shared: bool, actor_id: int, seen_at: str, now: datetime
) -> None:
    """Change one's own segment, seen as of `seen_at` (by `as_seen`).

    Raises SegmentRefused, also where it was changed meanwhile, and NotFound.
    """
    wanted, rules = checked_name(name), to_json(checked(tree))
    with transaction():
        segment = _own(public_id, actor_id)
        if seen_at != as_seen(segment.changed_at):
            raise SegmentRefused(
                _("This segment was changed in another window while you had it open. Nothing of this page is saved.")
            )
        if (segment.name, segment.tree, segment.is_shared) == (wanted, rules, is_shared):
            return
        segment.name, segment.tree, segment.is_shared = wanted, rules, is_shared
        segment.changed_at, segment.changed_by_id = now, actor_id
        _record("segments.change", segment, actor_id, now)


def remove_segment(public_id: str, *, actor_id: int, now: datetime) -> str:
    """Remove one's own segment; returns its name. What was sent by it stays as it is. Raises NotFound."""
    with transaction():
        segment = _own(public_id, actor_id)
        segment.removed_at, segment.form_key = now, None
        _record("segments.remove", segment, actor_id, now)
        return segment.name


def as_seen(changed_at: datetime) -> str:
    """What a page keeps to know later whether a segment was changed meanwhile."""
    return changed_at.isoformat()


def checked_name(name: str) -> str:
    """The name of a segment, tidied. Raises SegmentRefused."""
    words = " ".join(name.split())
    if not words:
        raise SegmentRefused(_("Please give it a name, so that you find it again."), part="name")
    if len(words) > NAME_LENGTH:
        raise SegmentRefused(_("Please keep this under %(max)s characters.", max=NAME_LENGTH), part="name")
    return words


def _own(public_id: str, actor_id: int) -> Segment:
    """The segment, to be changed by its owner; nobody else's exists for them. Raises NotFound."""
    with transaction() as own:
        wanted = select(Segment).where(Segment.public_id == public_id).where(Segment.removed_at.is_(None))
        segment = own.scalars(wanted.where(Segment.owner_id == actor_id).with_for_update()).one_or_none()
        if segment is None:
            raise NotFound
        return segment


def _record(action: str, segment: Segment, actor_id: int, now: datetime) -> None:
    record(action, f"segment:{segment.public_id}", actor_id=actor_id, now=now)
