"""A colleague on a panel notes what they heard, against each criterion and on the whole."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.interviews.actions.relating import page_of_member
from portal.interviews.actions.telling import panel_cause
from portal.interviews.models import PanelNote
from portal.interviews.rules.panel import ON_THE_WHOLE, changed_notes, criteria_of


def save_panel_notes(public_id: str, given: Mapping[str, str], *, scope: StaffScope, now: datetime) -> int:
    """Keep the asker's notes by criterion; empty words take one away. Returns how many were changed.

    Recorded, without the words. Raises NotFound for somebody who does not take part, NoteTooLong.
    """
    person_id = page_of_member(public_id, scope).person_id
    with transaction() as session:
        lock_people(session, person_id, scope.person_id)
        one_at_a_time(f"panel-note:{scope.person_id}")
        page = page_of_member(public_id, scope)
        rows = session.scalars(
            select(PanelNote)
            .where(PanelNote.interview_id == page.id)
            .where(PanelNote.author_id == scope.person_id)
            .order_by(PanelNote.id)
            .with_for_update()
        ).all()
        kept = {row.criterion: row for row in rows}
        known = {*criteria_of(page.criteria), ON_THE_WHOLE}
        changed = changed_notes({name: row.words for name, row in kept.items()}, given, known)
        for criterion, words in changed.items():
            row = kept.get(criterion)
            if row is None:
                session.add(_note(page.id, scope.person_id, criterion, words, now))
            elif words:
                row.words, row.changed_at = words, now
            else:
                session.delete(row)
        if changed:
            subject = panel_cause(public_id)
            record("interviews.note", subject, actor_id=scope.person_id, person_id=page.person_id, now=now)
        return len(changed)


def _note(interview_id: int, author_id: int, criterion: str, words: str, now: datetime) -> PanelNote:
    return PanelNote(interview_id=interview_id, author_id=author_id, criterion=criterion, words=words, changed_at=now)
