"""Colleagues note something about people, change or remove their own."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.notes.models import Note, NoteRound
from portal.notes.queries import (
    About,
    applications_to_note,
    find_application_to_note,
    find_note,
    find_person_to_note,
)
from portal.notes.rules import (
    CHANGE_MINUTES,
    TAKE_BACK_HOURS,
    NoteRefused,
    TooLateToChange,
    checked_body,
    may_change,
    may_take_back,
)
from portal.people.models import Person

_KEY_LENGTH = 24


def note_on_person(public_id: str, *, scope: StaffScope, text: str, form_key: str, now: datetime) -> None:
    """Note something about a person; the same `form_key` again writes nothing. Raises NoteRefused, NotFound."""
    body = checked_body(text)
    with transaction():
        _write(find_person_to_note(public_id, scope), body, scope, form_key, now)


def note_on_application(public_id: str, *, scope: StaffScope, text: str, form_key: str, now: datetime) -> None:
    """Note something about an application; the same `form_key` again writes nothing. Raises NoteRefused, NotFound."""
    body = checked_body(text)
    with transaction():
        _write(find_application_to_note(public_id, scope), body, scope, form_key, now)


def _write(about: About | None, body: str, scope: StaffScope, form_key: str, now: datetime) -> None:
    if about is None:
        raise NotFound
    key = form_key[:_KEY_LENGTH] or None
    with transaction() as own:
        # Whoever erases this person waits, or we find them gone.
        own.scalars(select(Person.id).where(Person.id == about.person_id).with_for_update(key_share=True)).one()
        one_at_a_time(f"note:{scope.person_id}")
        sent = select(Note.id).where(Note.author_id == scope.person_id).where(Note.form_key == key)
        if key is not None and own.scalar(sent) is not None:
            return
        note = Note(
            public_id=new_public_id(),
            person_id=about.person_id,
            application_id=about.application_id,
            author_id=scope.person_id,
            body=body,
            form_key=key,
            created_at=now,
        )
        own.add(note)
        _record("notes.add_note", note, scope, now)


def note_on_many(
    opening_id: int, public_ids: Collection[str], *, scope: StaffScope, text: str, form_key: str, now: datetime
) -> tuple[str, int]:
    """Note the same on several applications of an opening; the same `form_key` again writes nothing. Recorded.

    Those that are in another opening, or that the asker may not see, are passed over. Returns the public id of the
    whole and on how many it was noted. Raises NoteRefused.
    """
    body = checked_body(text)
    key = form_key[:_KEY_LENGTH] or None
    with transaction() as own:
        known = _alive(applications_to_note(opening_id, public_ids, scope))
        one_at_a_time(f"note:{scope.person_id}")
        sent = select(NoteRound).where(NoteRound.author_id == scope.person_id).where(NoteRound.form_key == key)
        before = own.scalar(sent) if key is not None else None
        if before is not None:
            return before.public_id, _left_of(before.id)
        if not known:
            raise NoteRefused(_("Nobody of those you chose is in this pipeline any more."))
        together = NoteRound(
            public_id=new_public_id(), opening_id=opening_id, author_id=scope.person_id, form_key=key, created_at=now
        )
        own.add(together)
        own.flush()
        same = {"author_id": scope.person_id, "body": body, "round_id": together.id, "created_at": now}
        own.execute(
            insert(Note),
            [
                {
                    "public_id": new_public_id(),
                    "person_id": about.person_id,
                    "application_id": about.application_id,
                    **same,
                }
                for about in known
            ],
        )
        subject = f"note_round:{together.public_id}"
        record("notes.note_on_many", subject, actor_id=scope.person_id, now=now, count=len(known))
        return together.public_id, len(known)


def _alive(known: list[About]) -> list[About]:
    """Those who are still here; whoever erases one of them waits."""
    with transaction() as own:
        people = select(Person.id).where(Person.id.in_([about.person_id for about in known]))
        here = set(own.scalars(people.order_by(Person.id).with_for_update(key_share=True)))
        return [about for about in known if about.person_id in here]


def _left_of(round_id: int) -> int:
    with transaction() as own:
        return own.scalar(select(func.count(Note.id)).where(Note.round_id == round_id)) or 0


def take_notes_back(public_id: str, *, scope: StaffScope, now: datetime) -> int:
    """Remove one's own note from all whom it was written on at once; how many that were. Recorded.

    Where its words were changed since, it stays: it is a note of its own by now. Raises TooLateToChange, NotFound.
    """
    with transaction() as own:
        theirs = select(NoteRound).where(NoteRound.public_id == public_id)
        together = own.scalars(theirs.where(NoteRound.author_id == scope.person_id).with_for_update()).one_or_none()
        if together is None:
            raise NotFound
        if not may_take_back(together.author_id, scope.person_id, together.created_at, now):
            raise TooLateToChange(
                _(
                    "It can be taken back from all of them for %(hours)s hours. Please remove it one by one.",
                    hours=TAKE_BACK_HOURS,
                )
            )
        unchanged = select(Note.id).where(Note.round_id == together.id).where(Note.changed_at.is_(None))
        ids = own.scalars(unchanged.order_by(Note.id).with_for_update()).all()
        if ids:
            own.execute(delete(Note).where(Note.round_id == together.id).where(Note.changed_at.is_(None)))
            subject = f"note_round:{public_id}"
            record("notes.take_notes_back", subject, actor_id=scope.person_id, now=now, count=len(ids))
        return len(ids)


def change_note(public_id: str, *, scope: StaffScope, text: str, now: datetime) -> None:
    """Change the words of one's own note, for a while. Raises NoteRefused, TooLateToChange, NotFound."""
    body = checked_body(text)
    with transaction():
        note = _own(public_id, scope)
        if not may_change(note.author_id, scope.person_id, note.created_at, now):
            raise TooLateToChange(
                _(
                    "A note can be changed for %(minutes)s minutes. Please write another one, or remove this one.",
                    minutes=CHANGE_MINUTES,
                )
            )
        if note.body != body:
            note.body, note.changed_at = body, now
            _record("notes.change_note", note, scope, now)


def remove_note(public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Remove one's own note, words and all, at any time. Raises NotFound."""
    with transaction() as own:
        note = _own(public_id, scope)
        _record("notes.remove_note", note, scope, now)
        own.delete(note)


def _own(public_id: str, scope: StaffScope) -> Note:
    """The note, to be changed by its author; nobody else's exists for them. Raises NotFound."""
    with transaction() as own:
        note = own.scalars(select(Note).where(Note.public_id == public_id).with_for_update()).one_or_none()
        if note is None or note.author_id != scope.person_id or find_note(public_id, scope) is None:
            raise NotFound
        return note


def _record(action: str, note: Note, scope: StaffScope, now: datetime) -> None:
    record(action, f"note:{note.public_id}", actor_id=scope.person_id, now=now, person_id=note.person_id)
