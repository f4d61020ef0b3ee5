"""Questions that the candidate sends ahead of an interview; the panel reads them."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.audit.actions import record
from portal.contact.actions import note_life
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.interviews.actions.telling import panel_cause
from portal.interviews.models import Interview, QuestionAhead
from portal.interviews.queries.own import OwnPage, find_own_interview
from portal.interviews.rules.own import MOST_QUESTIONS, QUESTION_LENGTH, NotGood, NotNow, checked, may_prepare

_ASKED: Final = "interviews.ask_ahead"
_CHANGED: Final = "interviews.change_question"


def ask_ahead(person_id: int, public_id: str, words: str, *, now: datetime) -> None:
    """Send one more question ahead; the same words again add nothing. Recorded.

    Raises NotFound, NotNow once the interview is over, and NotGood.
    """
    kept = _checked(words)
    with transaction() as session:
        page = _locked(session, person_id, public_id, now)
        if any(one.words == kept for one in page.questions):
            return
        if len(page.questions) >= MOST_QUESTIONS:
            raise NotGood(
                _("%(max)s questions are as many as fit. Change one below, or ask on the day.", max=MOST_QUESTIONS)
            )
        session.add(QuestionAhead(public_id=new_public_id(), interview_id=page.one.id, words=kept, asked_at=now))
        note_life(person_id, now)
        _record(_ASKED, page, now)


def change_question(person_id: int, public_id: str, question_id: str, words: str, *, now: datetime) -> None:
    """Put a question that was sent ahead in other words. Recorded. Raises NotFound, NotNow, NotGood."""
    kept = _checked(words)
    with transaction() as session:
        page = _locked(session, person_id, public_id, now)
        row = _question(session, page, question_id)
        if row is None:
            raise NotFound
        row.words = kept
        _record(_CHANGED, page, now)


def remove_question(person_id: int, public_id: str, question_id: str, *, now: datetime) -> None:
    """Take a question back; one that is gone already stays gone. Recorded. Raises NotFound, NotNow."""
    with transaction() as session:
        page = _locked(session, person_id, public_id, now)
        row = _question(session, page, question_id)
        if row is None:
            return
        session.delete(row)
        _record(_CHANGED, page, now)


def _checked(words: str) -> str:
    return checked(words, QUESTION_LENGTH, _("Please write what you would like to ask."))


def _locked(session: Session, person_id: int, public_id: str, now: datetime) -> OwnPage:
    lock_people(session, person_id)
    page = find_own_interview(person_id, public_id, now)
    if page is None:
        raise NotFound
    session.get_one(Interview, page.one.id, with_for_update=True)
    page = find_own_interview(person_id, public_id, now)
    if page is None:
        raise NotFound
    if not may_prepare(page.one.stand):
        raise NotNow(_("This interview is over, so nobody reads questions ahead any more. Please write to us."))
    return page


def _question(session: Session, page: OwnPage, question_id: str) -> QuestionAhead | None:
    found = (
        select(QuestionAhead)
        .where(QuestionAhead.interview_id == page.one.id)
        .where(QuestionAhead.public_id == question_id)
        .with_for_update()
    )
    return session.scalars(found).one_or_none()


def _record(action: str, page: OwnPage, now: datetime) -> None:
    person_id = page.one.person_id
    record(action, panel_cause(page.one.public_id), actor_id=person_id, person_id=person_id, now=now)
