"""Writing an update: beginning one, saving its draft, throwing it away."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.outbox.actions import cancel
from portal.updates.actions.holding import no_longer_held_up
from portal.updates.actions.locking import draft_of, locked, note, story_cause
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateStory
from portal.updates.rules import MoveRefused, StaleDraft, UpdateContent, as_json, is_form_key
from portal.updates.states import READABLE, UpdateKind, UpdateState


def create_update(
    title: str, kind: UpdateKind, *, copy_of: str, actor_id: int, now: datetime, form_key: str = ""
) -> str:
    """Begin an update, empty or as a copy of the one with the public id `copy_of`; returns its public id.

    A copy has no days: they are to be said anew. The same `form_key`, title and kind again (a second click) begin
    nothing else as long as nothing was written. Raises NotFound when there is nothing to copy.
    """
    with transaction() as session:
        one_at_a_time(f"updates.create:{actor_id}")
        content = _copied(session, copy_of, title) if copy_of else UpdateContent(title, kind)
        key = form_key if is_form_key(form_key) else new_public_id()
        if (before := session.scalar(select(InsiderUpdate).where(InsiderUpdate.public_id == key))) is not None:
            if before.author_id == actor_id and _is_as_begun(session, before, content):
                return key
            key = new_public_id()
        made = InsiderUpdate(
            public_id=key,
            title=content.title,
            kind=content.kind,
            audience=content.audience,
            areas=list(content.areas),
            author_id=actor_id,
            created_at=now,
        )
        session.add(made)
        session.flush()
        session.add(_draft(made.id, content, actor_id, now))
        note("updates.create_update", made, actor_id, now, is_copy=bool(copy_of))
        return key


def _is_as_begun(session: Session, update: InsiderUpdate, content: UpdateContent) -> bool:
    draft = session.get(UpdateDraft, update.id)
    return draft is not None and draft.revision == 1 and draft.content == as_json(content)


def save_draft(update_id: int, content: UpdateContent, *, revision: int, actor_id: int, now: datetime) -> int:
    """Keep what was written, which no reader sees yet; returns the draft's revision.

    `revision` is the one the writer had before them, 0 for none; raises StaleDraft when a colleague saved another,
    MoveRefused while it is scheduled, being published or withdrawn. Saving the same again changes nothing.
    """
    with transaction() as session:
        update = locked(session, update_id)
        if update.state is not UpdateState.DRAFT and update.state not in READABLE:
            raise MoveRefused(_("This update cannot be changed as it stands. What you wrote is still here."))
        draft, before = draft_of(session, update)
        if (draft.revision if draft else 0) != revision:
            raise StaleDraft(_("A colleague saved this update while your page was open."))
        if update.state in READABLE:
            content = _for_the_same(content, before)
        if draft is not None and before == content:
            return draft.revision
        if draft is None:
            draft = _draft(update.id, content, actor_id, now)
            session.add(draft)
            note("updates.save_draft", update, actor_id, now)
        else:
            # It saves itself while somebody writes: the log says once who wrote, not every second.
            if draft.changed_by_id != actor_id:
                note("updates.save_draft", update, actor_id, now)
            draft.content, draft.revision = as_json(content), draft.revision + 1
            draft.changed_by_id, draft.changed_at = actor_id, now
        if update.version_number == 0:
            update.title, update.kind, update.audience = content.title, content.kind, content.audience
            update.areas = list(content.areas)
        return draft.revision


def discard_draft(update_id: int, *, actor_id: int, now: datetime) -> None:
    """Throw an update away that nobody has ever read, with all that was written. Raises MoveRefused, NotFound."""
    with transaction() as session:
        update = locked(session, update_id)
        if update.state is not UpdateState.DRAFT:
            raise MoveRefused(_("Only a draft can be thrown away. Withdraw what people read."))
        note("updates.discard_draft", update, actor_id, now)
        cancel(story_cause(update), now)
        no_longer_held_up(update, now)
        for table in (UpdateDraft, UpdateStory):
            session.execute(delete(table).where(table.update_id == update_id))
        session.delete(update)


def _for_the_same(content: UpdateContent, before: UpdateContent) -> UpdateContent:
    """A correction is for those who could read what it corrects, and about the same."""
    return replace(
        content,
        kind=before.kind,
        audience=before.audience,
        areas=before.areas,
        segment=before.segment,
        opening=before.opening,
    )


def _draft(update_id: int, content: UpdateContent, actor_id: int, now: datetime) -> UpdateDraft:
    return UpdateDraft(
        update_id=update_id, content=as_json(content), revision=1, changed_by_id=actor_id, changed_at=now
    )


def _copied(session: Session, public_id: str, title: str) -> UpdateContent:
    original = session.scalar(select(InsiderUpdate).where(InsiderUpdate.public_id == public_id))
    if original is None:
        raise NotFound
    _stored, content = draft_of(session, original)
    return replace(content, title=title or content.title, source_on=None, event_on=None)
