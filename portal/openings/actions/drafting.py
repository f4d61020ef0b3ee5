"""Writing an opening: beginning one, saving its draft, saying who looks after it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.openings.actions.known import assign_opening
from portal.openings.actions.locking import blank, draft_of, locked
from portal.openings.models import Opening, OpeningDraft
from portal.openings.rules import OpeningContent, StaleDraft, as_json
from portal.people.models import Staff


class NotAtWork(PortalError):
    """Somebody who does not work here any more was to look after an opening."""


def create_opening(title: str, *, copy_of: str, actor_id: int, now: datetime) -> str:
    """Begin an opening, empty or as a copy of the one with the public id `copy_of`; returns its public id.

    A copy has no dates: they are to be said anew. Raises NotFound when there is nothing to copy.
    """
    with transaction() as session:
        content, manager_id = blank(title), None
        if copy_of:
            content, manager_id = _copied(session, copy_of, title)
        public_id = new_public_id()
        opening = Opening(
            public_id=public_id,
            title=content.title,
            source="",
            external_key=public_id,
            recruiter_id=actor_id,
            hiring_manager_id=manager_id,
            created_at=now,
        )
        session.add(opening)
        session.flush()
        session.add(_draft(opening.id, content, actor_id, now))
        record("openings.create_opening", f"opening:{public_id}", actor_id=actor_id, now=now, is_copy=bool(copy_of))
    return public_id


def save_draft(opening_id: int, content: OpeningContent, *, revision: int, actor_id: int, now: datetime) -> int:
    """Keep what was written, which nobody else sees yet; returns the draft's revision.

    `revision` is the one the writer had before them, 0 for none; raises StaleDraft when a colleague saved another.
    Saving the same again changes nothing.
    """
    with transaction() as session:
        opening = locked(session, opening_id)
        draft, before = draft_of(session, opening)
        if (draft.revision if draft else 0) != revision:
            raise StaleDraft(_("A colleague saved this opening while your page was open."))
        if draft is not None and before == content:
            return draft.revision
        if draft is None:
            draft = _draft(opening.id, content, actor_id, now)
            session.add(draft)
        else:
            draft.content, draft.revision = as_json(content), draft.revision + 1
            draft.changed_by_id, draft.changed_at = actor_id, now
        # Lists show the title that was written, until what is published says another; an imported one keeps its own.
        if opening.version_number == 0 and not opening.source:
            opening.title = content.title
        record("openings.save_draft", f"opening:{opening.public_id}", actor_id=actor_id, now=now)
        return draft.revision


def change_people(
    opening_id: int, *, recruiter_id: int | None, manager_id: int | None, actor_id: int, now: datetime
) -> bool:
    """Say who looks after an opening from now on, and whether that is a change; applications keep their owners.

    Raises NotAtWork when one of them has left, NotFound.
    """
    with transaction() as session:
        _require_at_work(session, {one for one in (recruiter_id, manager_id) if one is not None})
        opening = locked(session, opening_id)
        if (opening.recruiter_id, opening.hiring_manager_id) == (recruiter_id, manager_id):
            return False
        assign_opening(opening_id, recruiter_id=recruiter_id, hiring_manager_id=manager_id)
        record("openings.change_people", f"opening:{opening.public_id}", actor_id=actor_id, now=now)
        return True


def _draft(opening_id: int, content: OpeningContent, actor_id: int, now: datetime) -> OpeningDraft:
    return OpeningDraft(
        opening_id=opening_id, content=as_json(content), revision=1, changed_by_id=actor_id, changed_at=now
    )


def _copied(session: Session, public_id: str, title: str) -> tuple[OpeningContent, int | None]:
    original = session.scalar(select(Opening).where(Opening.public_id == public_id))
    if original is None:
        raise NotFound
    _stored, content = draft_of(session, original)
    copied = replace(content, title=title or content.title, decision_by=None, closes_on=None)
    return copied, original.hiring_manager_id


def _require_at_work(session: Session, person_ids: set[int]) -> None:
    """Who is leaving hands their openings over; a row that is locked here is not left in between."""
    statement = select(Staff.person_id).where(Staff.person_id.in_(person_ids)).where(Staff.is_active)
    here = session.scalars(statement.order_by(Staff.person_id).with_for_update(read=True)).all()
    if set(here) != person_ids:
        raise NotAtWork(_("One of them does not work here any more. Please choose somebody else."))
