"""Publishing an opening, and stopping it: a version that never changes, its address, and from when who sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.community.rules import fold
from portal.community.states import WorkMode
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import one_at_a_time, transaction
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.openings.actions.deciding import look_at_decision
from portal.openings.actions.locking import draft_of, locked, newest_content
from portal.openings.actions.reopening import settle_look
from portal.openings.models import Opening, OpeningPlace, OpeningVersion
from portal.openings.rules import (
    Missing,
    NothingChanged,
    OpeningContent,
    PublishingBlocked,
    StaleDraft,
    as_json,
    check_move,
    check_reason,
    has_ended,
    missing,
    moved_public_at,
    public_from,
    search_text_of,
    slug_of,
)
from portal.openings.states import OpeningState

#: Characters after an address that another opening has already.
_SUFFIX: Final = 8


@dataclass(frozen=True)
class Published:
    """What publishing came to."""

    version_number: int
    is_new_version: bool
    #: From when everybody sees it.
    public_at: datetime


def publish_opening(
    opening_id: int, *, early_days: int, reason: str, revision: int, actor_id: int, now: datetime
) -> Published:
    """Let people read what the draft with this revision says, members first for `early_days` days.

    `reason`: why it is published although something is missing; recorded. What is public already stays public.
    Raises PublishingBlocked or ReasonTooShort while something is missing, StaleDraft when a colleague saved another
    draft, NothingChanged when all of it is published already, MoveRefused when the opening is finished, NotFound.
    """
    with transaction() as session:
        opening = locked(session, opening_id)
        before = opening.state
        if before is not OpeningState.PUBLISHED:
            check_move(before, OpeningState.PUBLISHED)
        draft, content = draft_of(session, opening)
        if (draft.revision if draft else 0) != revision:
            raise StaleDraft(_("A colleague saved this opening while your page was open. Nothing was published."))
        is_new = newest_content(session, opening) != content
        public_at = _public_at(opening, early_days, now)
        is_open = before is OpeningState.PUBLISHED
        if is_open and not is_new and public_at == opening.public_at:
            raise NothingChanged(_("Nothing has changed since the last version, so there is none to publish."))
        is_date_only = is_open and not is_new
        override = "" if is_date_only else _require_whole(opening, content, reason, actor_id, now)
        if is_new:
            _add_version(session, opening, content, override, actor_id, now)
        _open(opening, public_at, now)
        look_at_decision(opening.id, now)
        action = "openings.publish_again" if before is OpeningState.STOPPED else "openings.publish"
        _record(action, opening, actor_id, now, version=opening.version_number)
        return Published(opening.version_number, is_new, public_at)


def stop_accepting(opening_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Nobody applies any more, and page, lists and feed lose it at once. Raises MoveRefused, NotFound."""
    with transaction() as session:
        opening = locked(session, opening_id)
        check_move(opening.state, OpeningState.STOPPED)
        opening.state, opening.stopped_at = OpeningState.STOPPED, now
        _record("openings.stop_accepting", opening, actor_id, now)


def stop_if_ended(opening_id: int, now: datetime) -> None:
    """As `stop_accepting`, by itself, if the last day to apply has passed in the company's zone."""
    with transaction() as session:
        opening = locked(session, opening_id)
        is_open = opening.state is OpeningState.PUBLISHED
        if is_open and has_ended(opening.closes_on, day_of(now, company_zone())):
            stop_accepting(opening_id, actor_id=None, now=now)


def mark_finished(opening_id: int, now: datetime) -> None:
    """Everybody who applied has their ending; part of the caller's transaction, which records it.

    Raises MoveRefused, NotFound.
    """
    with transaction() as session:
        opening = locked(session, opening_id)
        check_move(opening.state, OpeningState.FINISHED, is_own_draft=not opening.source)
        opening.state, opening.finished_at = OpeningState.FINISHED, now
        settle_look(opening, now)


def _public_at(opening: Opening, early_days: int, now: datetime) -> datetime:
    if opening.published_at is None or opening.public_at is None:
        return public_from(now, early_days, company_zone())
    return moved_public_at(opening.published_at, opening.public_at, early_days, company_zone(), now)


def _require_whole(opening: Opening, content: OpeningContent, reason: str, actor_id: int, now: datetime) -> str:
    """The reason for publishing with something missing, recorded with what it is; empty when nothing is."""
    has_recruiter, has_manager = opening.recruiter_id is not None, opening.hiring_manager_id is not None
    found = missing(content, has_recruiter, has_manager, day_of(now, company_zone()))
    if Missing.TITLE in found or (found and not reason.strip()):
        raise PublishingBlocked(found)
    if not found:
        return ""
    tidied = check_reason(reason)
    _record("openings.publish_override", opening, actor_id, now, missing=", ".join(found))
    return tidied


def _add_version(
    session: Session, opening: Opening, content: OpeningContent, override: str, actor_id: int, now: datetime
) -> None:
    opening.version_number += 1
    session.add(
        OpeningVersion(
            opening_id=opening.id,
            number=opening.version_number,
            content=as_json(content),
            override_reason=override,
            published_by_id=actor_id,
            published_at=now,
        )
    )
    opening.title, opening.area, opening.seniority = content.title, content.area, content.seniority
    opening.is_remote = WorkMode.REMOTE in content.work_modes
    opening.is_hybrid = WorkMode.HYBRID in content.work_modes
    opening.is_on_site = WorkMode.ON_SITE in content.work_modes
    opening.closes_on = content.closes_on
    opening.search_text = search_text_of(content)
    if opening.slug is None:
        opening.slug = _free_slug(session, content.title)
    session.execute(delete(OpeningPlace).where(OpeningPlace.opening_id == opening.id))
    places = {place.key or fold(place.label): place.label for place in content.places}
    session.add_all(OpeningPlace(opening_id=opening.id, place=key, label=label) for key, label in places.items())


def _open(opening: Opening, public_at: datetime, now: datetime) -> None:
    opening.published_at = opening.published_at or now
    opening.public_at = public_at
    opening.state, opening.stopped_at = OpeningState.PUBLISHED, None


def _free_slug(session: Session, title: str) -> str:
    one_at_a_time("openings.slug")
    base = slug_of(title)
    taken = session.scalars(select(Opening.slug).where(Opening.slug.startswith(base)).order_by(Opening.slug))
    # Among forty bits two do not meet; if they did, the column's UNIQUE would refuse.
    return slug_of(title, {slug for slug in taken if slug is not None}, new_public_id()[:_SUFFIX].lower())


def _record(
    action: str, opening: Opening, actor_id: int | None, now: datetime, **details: str | int | bool | None
) -> None:
    subject = f"opening:{opening.public_id}"
    record(action, subject, actor_id=actor_id, now=now, person_id=None, **details)
