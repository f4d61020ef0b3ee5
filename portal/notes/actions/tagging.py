"""Colleagues put tags on people, and keep the words alike: a tag is renamed, merged and deleted for everybody."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.notes.models import PersonTag, TagChange
from portal.notes.queries import About, applications_to_note, find_person_to_note, tags_of
from portal.notes.rules import (
    TAGS_AT_MOST,
    NoteRefused,
    TagGone,
    TagTaken,
    checked_tags,
    only_tag,
    tag_change,
    tag_key,
)
from portal.people.models import Person

#: What records about tags are about: never which, as the words may name somebody and records outlive an erasure.
_SUBJECT = "tag:"


@dataclass(frozen=True)
class TaggedMany:
    """What came of changing the tags of several people."""

    #: How many got at least one tag that they did not have.
    added_count: int
    #: How many lost at least one.
    removed_count: int
    #: How many got none, because they have as many as there may be.
    full_count: int


def change_tags(public_id: str, *, scope: StaffScope, names: Iterable[str], seen: Iterable[str], now: datetime) -> None:
    """Let a person have the tags `names`, by somebody who saw the tags `seen`.

    What a colleague added or removed meanwhile stays so. Raises NoteRefused, NotFound.
    """
    change = tag_change(checked_tags(names), seen)
    with transaction() as own:
        about = find_person_to_note(public_id, scope)
        if about is None:
            raise NotFound
        own.scalars(select(Person.id).where(Person.id == about.person_id).with_for_update(key_share=True)).one()
        # Two who write one tag at the same time write it alike.
        one_at_a_time("tags")
        theirs = PersonTag.person_id == about.person_id
        has = set(own.scalars(select(PersonTag.key).where(theirs)))
        gone = change.removed & has
        if gone:
            own.execute(delete(PersonTag).where(theirs).where(PersonTag.key.in_(gone)))
        added = {key: name for key, name in change.added.items() if key not in has}
        known = _as_written(added)
        for key, name in added.items():
            own.add(
                PersonTag(
                    person_id=about.person_id,
                    name=known.get(key, name),
                    key=key,
                    added_by_id=scope.person_id,
                    added_at=now,
                )
            )
        own.flush()
        checked_tags(tags_of(about.person_id))
        if gone or added:
            record(
                "notes.change_tags",
                f"person:{about.person_public_id}",
                actor_id=scope.person_id,
                now=now,
                person_id=about.person_id,
                added=len(added),
                removed=len(gone),
            )


def _as_written(added: dict[str, str]) -> dict[str, str]:
    """How tags that are in use already were first written, by key."""
    with transaction() as own:
        found = own.execute(
            select(PersonTag.key, PersonTag.name).where(PersonTag.key.in_(added)).order_by(PersonTag.id.desc())
        )
        return {key: name for key, name in found}


def tag_many(
    opening_id: int,
    public_ids: Collection[str],
    *,
    scope: StaffScope,
    added: Iterable[str],
    removed: Iterable[str],
    now: datetime,
) -> TaggedMany:
    """Give the people of these applications of an opening the tags `added`, and take the tags `removed` from them.

    Those that are in another opening, or that the asker may not see, are passed over; whoever would have too many
    tags gets none. Raises NoteRefused.
    """
    names = checked_tags(added)
    gone = {tag_key(name) for name in removed} - set(names)
    if not names and not gone:
        raise NoteRefused(_("Please write a tag to add, or tick one to remove."))
    with transaction() as own:
        people = _held(applications_to_note(opening_id, public_ids, scope))
        # Who was erased while we waited is not among them any more.
        people &= {about.person_id for about in applications_to_note(opening_id, public_ids, scope)}
        if not people:
            raise NoteRefused(_("Nobody of those you chose is in this pipeline any more."))
        one_at_a_time("tags")
        rows = own.execute(select(PersonTag.person_id, PersonTag.key).where(PersonTag.person_id.in_(people)))
        has = {(person_id, key) for person_id, key in rows}
        lost = {(person_id, key) for person_id, key in has if key in gone}
        left = Counter(person_id for person_id, _key in has - lost)
        wanted = {person_id: [key for key in names if (person_id, key) not in has] for person_id in people}
        full = {person_id for person_id, keys in wanted.items() if keys and left[person_id] + len(keys) > TAGS_AT_MOST}
        new = [(person_id, key) for person_id in sorted(people - full) for key in wanted[person_id]]
        own.execute(delete(PersonTag).where(PersonTag.person_id.in_(people)).where(PersonTag.key.in_(gone)))
        _insert(new, names, scope, now)
        done = TaggedMany(len({who for who, _key in new}), len({who for who, _key in lost}), len(full))
        if new or lost:
            changed = {"added": done.added_count, "removed": done.removed_count}
            record("notes.tag_many", _SUBJECT, actor_id=scope.person_id, now=now, person_id=None, **changed)
        return done


def _held(known: Collection[About]) -> set[int]:
    """The people of these applications; whoever erases or merges one of them waits. Joins the transaction."""
    with transaction() as own:
        people = select(Person.id).where(Person.id.in_([about.person_id for about in known]))
        return set(own.scalars(people.order_by(Person.id).with_for_update(key_share=True)))


def _insert(new: list[tuple[int, str]], names: dict[str, str], scope: StaffScope, now: datetime) -> None:
    """Put tags, by their keys, on people, as they are written already; joins the transaction."""
    if not new:
        return
    written = names | _as_written(names)
    same = {"added_by_id": scope.person_id, "added_at": now}
    with transaction() as own:
        rows = [{"person_id": person_id, "key": key, "name": written[key], **same} for person_id, key in new]
        own.execute(insert(PersonTag), rows)


def rename_tag(key: str, name: str, *, actor_id: int, now: datetime) -> int:
    """Write a tag another way for everybody who has it; how many, without the asker.

    Raises TagGone when nobody has it any more, TagTaken when another tag is called so, NoteRefused. What only the
    asker has is nobody's to them: no answer here says which tags they have.
    """
    new_key, new_name = only_tag(name)
    with transaction() as own:
        one_at_a_time("tags")
        count = _has(key, actor_id)
        if new_key != key:
            if _count(new_key, actor_id):
                raise TagTaken(_("There is a tag “%(tag)s” already. You can merge the two.", tag=new_name), new_key)
            _delete_of_both(key, new_key)
            own.add(TagChange(key=key, became=new_key, changed_at=now))
        own.execute(update(PersonTag).where(PersonTag.key.in_({key, new_key})).values(key=new_key, name=new_name))
        record("notes.rename_tag", _SUBJECT, actor_id=actor_id, now=now, count=count)
        return count


def merge_tags(key: str, into: str, *, actor_id: int, now: datetime) -> int:
    """Let everybody with the tag `key` have the tag `into` instead, once; how many had it, without the asker.

    Raises TagGone when nobody has one of them any more, NoteRefused when they are one.
    """
    if key == into:
        raise NoteRefused(_("Please choose another tag."))
    with transaction() as own:
        one_at_a_time("tags")
        count = _has(key, actor_id)
        _has(into, actor_id)
        name = _as_written({into: into})[into]
        _delete_of_both(key, into)
        own.execute(update(PersonTag).where(PersonTag.key == key).values(key=into, name=name))
        own.add(TagChange(key=key, became=into, changed_at=now))
        record("notes.merge_tags", _SUBJECT, actor_id=actor_id, now=now, count=count)
        return count


def delete_tag(key: str, *, actor_id: int, now: datetime) -> int:
    """Take a tag from everybody; how many had it, without the asker. Raises TagGone."""
    with transaction():
        one_at_a_time("tags")
        count = _has(key, actor_id)
        _delete(PersonTag.key == key)
        record("notes.delete_tag", _SUBJECT, actor_id=actor_id, now=now, count=count)
        return count


def _has(key: str, actor_id: int) -> int:
    """How many others than the asker have a tag; joins the transaction. Raises TagGone."""
    count = _count(key, actor_id)
    if not count:
        raise TagGone(_("Nobody has this tag any more: a colleague has renamed, merged or deleted it."))
    return count


def _count(key: str, actor_id: int) -> int:
    """How many others than the asker have a tag, maybe nobody; joins the transaction."""
    others = select(func.count(PersonTag.id)).where(PersonTag.key == key).where(PersonTag.person_id != actor_id)
    with transaction() as own:
        return own.scalar(others) or 0


def _delete_of_both(key: str, other: str) -> None:
    """Take the tag `key` from whoever has the tag `other` as well: nobody has one twice. Joins the transaction."""
    both = select(PersonTag.person_id).where(PersonTag.key == other).scalar_subquery()
    _delete((PersonTag.key == key) & PersonTag.person_id.in_(both))


def _delete(which: ColumnElement[bool]) -> None:
    with transaction() as own:
        own.execute(delete(PersonTag).where(which).execution_options(synchronize_session=False))
