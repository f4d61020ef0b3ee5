"""What a candidate does with their feedback: reading it, thanking, saying whether it helped, asking one question."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.audit.actions import record
from portal.conversations.actions import Asked, ask
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.feedback.models import Feedback, FeedbackReading
from portal.feedback.queries.own import OwnFeedback, own_feedback
from portal.feedback.rules.writing import QUESTION_LENGTH, NotNow, checked_words


def read_feedback(person_id: int, public_id: str, now: datetime) -> None:
    """Note that they chose to read it; a second time changes nothing. Raises NotFound when nothing is there."""
    with transaction() as session:
        lock_people(session, person_id)
        feedback = _theirs(session, person_id, public_id)
        if session.get(FeedbackReading, feedback.id, with_for_update=True) is None:
            session.add(FeedbackReading(feedback_id=feedback.id, read_at=now))
            _record("feedback.read", person_id, public_id, now)


def thank(person_id: int, public_id: str, now: datetime) -> None:
    """Say thank you, once. Raises NotFound when they have not read it."""
    with transaction() as session:
        lock_people(session, person_id)
        reading = _reading(session, person_id, public_id)
        if reading.thanked_at is None:
            reading.thanked_at = now
            _record("feedback.thank", person_id, public_id, now)


def say_whether_it_helped(person_id: int, public_id: str, has_helped: bool, now: datetime) -> None:
    """Say whether it helped; it can be changed. Raises NotFound when they have not read it."""
    with transaction() as session:
        lock_people(session, person_id)
        reading = _reading(session, person_id, public_id)
        if reading.has_helped is not has_helped:
            reading.has_helped, reading.said_at = has_helped, now
            _record("feedback.say_helped", person_id, public_id, now)


def ask_about_feedback(person_id: int, public_id: str, text: str, now: datetime) -> Asked:
    """Ask the one question about it: it stands in their conversation about this application, and somebody answers.

    Raises FeedbackRefused, NotNow when it was asked before, TooOften, NotFound, Busy.
    """
    words = checked_words("question", text, _("Please write what you want to ask."), QUESTION_LENGTH)
    notice = _read_by(person_id, public_id)
    if notice.asked_at is not None:
        raise NotNow(_("You have asked your question. For anything else, write in the conversation."))
    # The same key twice is one message: whoever taps again, or comes back after a failure, asks once.
    asked = ask(person_id, text=words, application=public_id, form_key=_key_of(person_id, public_id), now=now)
    with transaction() as session:
        lock_people(session, person_id)
        reading = _reading(session, person_id, public_id)
        if reading.asked_at is None:
            reading.asked_at = now
            _record("feedback.ask", person_id, public_id, now)
    return asked


def _read_by(person_id: int, public_id: str) -> OwnFeedback:
    notice = own_feedback(person_id, public_id)
    if notice is None or not notice.is_out or notice.read_at is None:
        raise NotFound
    return notice


def _key_of(person_id: int, public_id: str) -> str:
    """One question for each version of it: what was taken back and written anew may be asked about again."""
    with transaction() as session:
        feedback = _theirs(session, person_id, public_id)
        return f"fb{feedback.revision}-{feedback.public_id}"


def _theirs(session: Session, person_id: int, public_id: str) -> Feedback:
    notice = own_feedback(person_id, public_id)
    if notice is None or not notice.is_out:
        raise NotFound
    return session.scalars(
        select(Feedback)
        .join(Application, Application.id == Feedback.application_id)
        .where(Application.public_id == public_id)
        .where(Application.person_id == person_id)
    ).one()


def _reading(session: Session, person_id: int, public_id: str) -> FeedbackReading:
    found = session.get(FeedbackReading, _theirs(session, person_id, public_id).id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _record(action: str, person_id: int, public_id: str, now: datetime) -> None:
    record(action, f"application:{public_id}", actor_id=person_id, person_id=person_id, now=now)
