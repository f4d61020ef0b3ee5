"""The update that an action is about, locked, with its draft and what must hold around it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.errors import NotFound
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateStory, UpdateVersion
from portal.updates.queries import opening_facts, segment_tree
from portal.updates.rules import Surroundings, UpdateContent, from_json


def locked(session: Session, update_id: int) -> InsiderUpdate:
    """The update, which nobody else changes until our transaction ends; raises NotFound."""
    found = session.get(InsiderUpdate, update_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def draft_of(session: Session, update: InsiderUpdate) -> tuple[UpdateDraft | None, UpdateContent]:
    """The draft and what it says; where none was saved, what was published last, else its title alone."""
    draft = session.get(UpdateDraft, update.id, with_for_update=True)
    if draft is not None:
        return draft, from_json(draft.content)
    return None, newest_content(session, update) or UpdateContent(update.title, update.kind)


def newest_content(session: Session, update: InsiderUpdate) -> UpdateContent | None:
    """What the newest version says; None when there is none."""
    statement = (
        select(UpdateVersion.content)
        .where(UpdateVersion.update_id == update.id)
        .where(UpdateVersion.number == update.version_number)
    )
    stored = session.scalar(statement)
    return from_json(stored) if stored is not None else None


def surroundings(session: Session, update_id: int, content: UpdateContent, now: datetime) -> Surroundings:
    """What must hold around `content` for it to be published."""
    story = session.get(UpdateStory, update_id)
    return Surroundings(
        now=now,
        today=day_of(now, company_zone()),
        opening=opening_facts(content.opening),
        agreed_to=story.agreed_to if story is not None else "",
        has_segment=segment_tree(content.segment) is not None,
    )


def story_cause(update: InsiderUpdate) -> str:
    """What mails to the member of a story are caused by: they stop with it."""
    return f"update_story:{update.public_id}"


def note(action: str, update: InsiderUpdate, actor_id: int | None, now: datetime, **details: str | int | bool) -> None:
    """Record `action` on the update."""
    record(action, f"update:{update.public_id}", actor_id=actor_id, now=now, person_id=None, **details)
