"""Keeping what somebody types to apply until they send it, and forgetting it in time."""

from datetime import datetime

from sqlalchemy import delete, or_, select

from portal.applications.actions.documents import belong, throw_away
from portal.applications.actions.locking import lock_people
from portal.applications.models import ApplicationDraft, ApplyRequest
from portal.applications.rules.applying import DRAFTS_KEPT
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.people.models import Address


def save_draft(
    person_id: int, opening_id: int, typed: dict[str, str], now: datetime, *, cv_id: int | None = None
) -> None:
    """Keep what this person has typed for an opening; `cv_id`: a file of theirs that takes the place of the last."""
    with transaction() as session:
        lock_people(session, person_id)
        draft = _draft_of(person_id, opening_id)
        if draft is None:
            draft = ApplicationDraft(person_id=person_id, opening_id=opening_id, cv_id=None)
            session.add(draft)
        before = draft.cv_id if cv_id is not None else None
        draft.typed, draft.saved_at = typed, now
        if cv_id is not None:
            draft.cv_id = belong(cv_id, person_id)
        session.flush()
    throw_away([before])


def remove_draft_cv(person_id: int, opening_id: int) -> None:
    """Leave the CV of a draft out again; the file goes."""
    with transaction() as session:
        lock_people(session, person_id)
        draft = _draft_of(person_id, opening_id)
        before = draft.cv_id if draft else None
        if draft is not None:
            draft.cv_id = None
            session.flush()
    throw_away([before])


def forget_draft(person_id: int, opening_id: int) -> None:
    """Throw away what this person has typed for an opening, and the CV with it."""
    with transaction() as session:
        lock_people(session, person_id)
        before = take_draft(person_id, opening_id)
    throw_away([before])


def take_draft(person_id: int, opening_id: int) -> int | None:
    """Delete a draft; the id of its CV, whose caller keeps or deletes it. Joins the transaction."""
    with transaction() as session:
        draft = _draft_of(person_id, opening_id)
        if draft is None:
            return None
        cv_id = draft.cv_id
        session.delete(draft)
        session.flush()
        return cv_id


def _draft_of(person_id: int, opening_id: int) -> ApplicationDraft | None:
    with transaction() as session:
        return session.scalar(
            select(ApplicationDraft)
            .where(ApplicationDraft.person_id == person_id)
            .where(ApplicationDraft.opening_id == opening_id)
            .with_for_update()
        )


def forget_old_applying(now: datetime) -> None:
    """Delete drafts that are too old or whose opening takes no more applications, and what was never confirmed."""
    today = day_of(now, company_zone())
    is_over = or_(Opening.state != OpeningState.PUBLISHED, Opening.closes_on < today)
    over = select(Opening.id).where(is_over).scalar_subquery()
    with transaction() as session:
        drafts = session.execute(
            delete(ApplicationDraft)
            .where(or_(ApplicationDraft.saved_at < now - DRAFTS_KEPT, ApplicationDraft.opening_id.in_(over)))
            .returning(ApplicationDraft.cv_id)
        ).scalars()
        requests = session.execute(
            delete(ApplyRequest).where(ApplyRequest.expires_at <= now).returning(ApplyRequest.cv_id)
        ).scalars()
        files = [*drafts, *requests]
    throw_away(files)


def forget_typed(person_id: int) -> None:
    """Delete a person's drafts and what waits for one of their addresses to be confirmed; joins the transaction.

    The files of strangers have no owner: they go at the end of their day.
    """
    with transaction() as session:
        emails = select(Address.email).where(Address.person_id == person_id).scalar_subquery()
        session.execute(delete(ApplyRequest).where(ApplyRequest.email.in_(emails)))
        session.execute(delete(ApplicationDraft).where(ApplicationDraft.person_id == person_id))


def join_drafts(kept_id: int, gone_id: int) -> None:
    """Drafts of both belong to `kept_id`; of two for one opening the newer stays. Joins the transaction."""
    with transaction() as session:
        theirs = session.scalars(
            select(ApplicationDraft)
            .where(ApplicationDraft.person_id.in_((kept_id, gone_id)))
            .order_by(ApplicationDraft.saved_at.desc(), ApplicationDraft.id)
        ).all()
        newest: dict[int, ApplicationDraft] = {}
        for draft in theirs:
            if newest.setdefault(draft.opening_id, draft) is not draft:
                session.delete(draft)
        session.flush()
        for draft in newest.values():
            draft.person_id = kept_id
        session.flush()
