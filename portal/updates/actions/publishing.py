"""Publishing an update now or at a time, correcting it, and withdrawing it."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.leases import wake_job
from portal.outbox.actions import cancel
from portal.segments.rules import to_json
from portal.updates.actions.holding import hold_up, no_longer_held_up
from portal.updates.actions.locking import draft_of, locked, newest_content, note, story_cause, surroundings
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateVersion
from portal.updates.queries import segment_tree
from portal.updates.rules import (
    NoSuchTime,
    NothingChanged,
    PublishingBlocked,
    StaleDraft,
    UpdateContent,
    as_json,
    check_move,
    missing,
    search_text_of,
    slug_of,
)
from portal.updates.states import Audience, UpdateKind, UpdateState

#: The job that goes on with what is published here.
JOB: Final = "updates/publish_due"
#: Characters after an address that another update has already.
_SUFFIX: Final = 8


class WordsMissing(PortalError):
    """Readers are to be told what was corrected, and were not."""


def publish_update(update_id: int, *, revision: int, actor_id: int, now: datetime) -> None:
    """Let people read what the draft with this revision says, as soon as its audience has been written down.

    Raises PublishingBlocked while something is missing, StaleDraft when a colleague saved another draft,
    MoveRefused when it is published already or was withdrawn, NotFound.
    """
    with transaction() as session:
        update = locked(session, update_id)
        check_move(update.state, UpdateState.PUBLISHING)
        content = _whole(session, update, revision, now)
        _begin(session, update, content, actor_id, now)
        note("updates.publish", update, actor_id, now)


def schedule_update(
    update_id: int, *, publish_at: datetime, zone: str, revision: int, actor_id: int, now: datetime
) -> None:
    """Let it go out by itself at `publish_at`, which was said on the clocks of the IANA `zone`.

    Raises as `publish_update`, and NoSuchTime when an event that it announces has passed by then.
    """
    with transaction() as session:
        update = locked(session, update_id)
        check_move(update.state, UpdateState.SCHEDULED)
        # What only a later day can decide, such as a segment that is gone by then, is looked at again at its time.
        content = _whole(session, update, revision, now)
        day = day_of(publish_at, company_zone())
        if content.kind is UpdateKind.EVENT and content.event_on is not None and content.event_on < day:
            raise NoSuchTime(_("The event has passed by then. Please choose an earlier time."))
        update.state, update.publish_at, update.publish_zone = UpdateState.SCHEDULED, publish_at, zone
        no_longer_held_up(update, now)
        note("updates.schedule", update, actor_id, now)


def unschedule_update(update_id: int, *, actor_id: int, now: datetime) -> None:
    """Make it a draft again, to be changed or to wait. Raises MoveRefused, NotFound."""
    with transaction() as session:
        update = locked(session, update_id)
        check_move(update.state, UpdateState.DRAFT)
        update.state, update.publish_at, update.publish_zone = UpdateState.DRAFT, None, ""
        note("updates.unschedule", update, actor_id, now)


def publish_scheduled(update_id: int, now: datetime) -> None:
    """Its time has come: publish it, or, when something is missing by now, make it a draft that says so and a task.

    Safe to run twice.
    """
    with transaction() as session:
        update = locked(session, update_id)
        if update.state is not UpdateState.SCHEDULED or update.publish_at is None or update.publish_at > now:
            return
        draft, content = draft_of(session, update)
        found = missing(content, surroundings(session, update.id, content, now))
        if found:
            hold_up(update, found, now)
            return
        _begin(session, update, content, draft.changed_by_id if draft else update.author_id, now)
        note("updates.publish", update, None, now)


def correct_update(update_id: int, *, words: str, revision: int, actor_id: int, now: datetime) -> None:
    """Let readers read what the draft says from now on, and that it was corrected: `words` say what.

    Raises WordsMissing, NothingChanged, PublishingBlocked, StaleDraft, MoveRefused, NotFound.
    """
    with transaction() as session:
        update = locked(session, update_id)
        check_move(update.state, UpdateState.CORRECTED)
        content = _whole(session, update, revision, now, is_out=True)
        if content == newest_content(session, update):
            raise NothingChanged(_("Nothing has changed since the last version, so there is nothing to correct."))
        if not words.strip():
            raise WordsMissing(_("Please say what was corrected: whoever read it before is told."))
        _add_version(session, update, content, " ".join(words.split()), actor_id, now)
        update.state, update.corrected_at = UpdateState.CORRECTED, now
        note("updates.correct", update, actor_id, now, version=update.version_number)


def withdraw_update(update_id: int, *, words: str, actor_id: int | None, now: datetime) -> None:
    """Take it back for good: its page says so to those who could read it, with `words` if there are any.

    Raises MoveRefused unless it was published, NotFound.
    """
    with transaction() as session:
        update = locked(session, update_id)
        check_move(update.state, UpdateState.WITHDRAWN)
        update.state, update.withdrawn_at = UpdateState.WITHDRAWN, now
        update.withdrawn_words = " ".join(words.split())
        cancel(story_cause(update), now)
        note("updates.withdraw", update, actor_id, now)


def _whole(
    session: Session, update: InsiderUpdate, revision: int, now: datetime, *, is_out: bool = False
) -> UpdateContent:
    """What the draft with this revision says, with nothing missing."""
    draft, content = draft_of(session, update)
    if (draft.revision if draft else 0) != revision:
        raise StaleDraft(_("A colleague saved this update while your page was open. Nothing was published."))
    found = missing(content, surroundings(session, update.id, content, now), is_out=is_out)
    if found:
        raise PublishingBlocked(found)
    return content


def _begin(
    session: Session, update: InsiderUpdate, content: UpdateContent, actor_id: int | None, now: datetime
) -> None:
    _add_version(session, update, content, "", actor_id, now)
    tree = segment_tree(content.segment) if content.audience is Audience.SEGMENT else None
    update.audience, update.areas, update.segment_id = content.audience, list(content.areas), content.segment
    update.segment_rules = to_json(tree) if tree is not None else None
    update.state, update.publish_at, update.publish_zone = UpdateState.PUBLISHING, None, ""
    update.frozen_up_to, update.reach_count = 0, 0
    no_longer_held_up(update, now)
    session.flush()
    wake_job(JOB, now)


def _add_version(
    session: Session,
    update: InsiderUpdate,
    content: UpdateContent,
    correction: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    update.version_number += 1
    version = UpdateVersion(
        update_id=update.id,
        number=update.version_number,
        content=as_json(content),
        correction=correction,
        published_by_id=actor_id,
        published_at=now,
    )
    session.add(version)
    session.execute(delete(UpdateDraft).where(UpdateDraft.update_id == update.id))
    update.title, update.kind = content.title, content.kind
    update.search_text = search_text_of(content)
    if update.slug is None:
        update.slug = _free_slug(session, content.title)


def _free_slug(session: Session, title: str) -> str:
    one_at_a_time("updates.slug")
    base = slug_of(title)
    taken = session.scalars(select(InsiderUpdate.slug).where(InsiderUpdate.slug == base)).all()
    # Among forty bits two do not meet; if they did, the column's UNIQUE would refuse.
    return slug_of(title, {slug for slug in taken if slug is not None}, new_public_id()[:_SUFFIX].lower())
