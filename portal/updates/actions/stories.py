"""A member's consent to a story about them: asked for, given to the very words, taken back at any time."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.updates.actions.locking import draft_of, locked, note
from portal.updates.actions.publishing import withdraw_update
from portal.updates.models import InsiderUpdate, UpdateStory
from portal.updates.rules import MoveRefused
from portal.updates.states import UpdateState


class WordsMoved(PortalError):
    """The story reads otherwise than when it was looked at."""


def name_member(update_id: int, person_id: int, *, actor_id: int, now: datetime) -> None:
    """Say whose story it is: they find it on their page of updates and are asked. Only while it is a draft.

    Somebody else's yes does not hold for them. Raises MoveRefused, NotFound.
    """
    with transaction() as session:
        update = locked(session, update_id)
        if update.state is not UpdateState.DRAFT:
            raise MoveRefused(_("Whose story it is can be changed only while it is a draft."))
        story = session.get(UpdateStory, update_id, with_for_update=True)
        if story is not None and story.person_id == person_id:
            return
        if story is not None:
            session.delete(story)
            session.flush()
        session.add(UpdateStory(update_id=update_id, person_id=person_id, asked_by_id=actor_id, asked_at=now))
        _record("updates.name_member", update, actor_id, person_id, now)


def agree_to_story(update_id: int, person_id: int, *, digest: str, now: datetime) -> None:
    """Say yes to the story in the words that `digest` stands for. Raises WordsMoved, NotFound."""
    with transaction() as session:
        update, story = _theirs(session, update_id, person_id)
        _stored, content = draft_of(session, update)
        if content.words_digest != digest:
            raise WordsMoved(_("It was changed while you read it. Please read it once more before you say yes."))
        story.agreed_at, story.agreed_to = now, digest
        _record("updates.agree_to_story", update, person_id, person_id, now)


def take_story_back(update_id: int, person_id: int, now: datetime) -> None:
    """Take one's yes back: a story that is out is withdrawn at once, one that waits is a draft. Raises NotFound."""
    with transaction() as session:
        update, story = _theirs(session, update_id, person_id)
        story.agreed_at, story.agreed_to = None, ""
        stop_story(update, now)
        _record("updates.take_story_back", update, person_id, person_id, now)


def stop_story(update: InsiderUpdate, now: datetime) -> None:
    """Let nobody read a story any more that nobody agrees to; joins the transaction."""
    if update.state is UpdateState.SCHEDULED:
        update.state, update.publish_at, update.publish_zone = UpdateState.DRAFT, None, ""
        note("updates.unschedule", update, None, now)
    elif update.state not in {UpdateState.DRAFT, UpdateState.WITHDRAWN}:
        withdraw_update(update.id, words="", actor_id=None, now=now)


def _theirs(session: Session, update_id: int, person_id: int) -> tuple[InsiderUpdate, UpdateStory]:
    update = locked(session, update_id)
    story = session.get(UpdateStory, update_id, with_for_update=True)
    if story is None or story.person_id != person_id:
        raise NotFound
    return update, story


def _record(action: str, update: InsiderUpdate, actor_id: int, person_id: int, now: datetime) -> None:
    record(action, f"update:{update.public_id}", actor_id=actor_id, person_id=person_id, now=now)
