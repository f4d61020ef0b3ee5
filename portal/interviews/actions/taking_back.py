"""A proposal that has not gone yet: taken back without a trace, or sent at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import OneTimeToken
from portal.applications.actions import undo_word
from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.applications.rules import GoneAlready
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token, token_hash
from portal.interviews.actions.telling import panel_cause
from portal.interviews.actions.wording import view_to_write
from portal.interviews.models import Interview
from portal.interviews.queries.arranged import Arranged, find_arranged
from portal.interviews.queries.staff import find_id, offered_times, proposing_delivery, words_of_proposal
from portal.interviews.states import InterviewState
from portal.outbox.actions import hurry, take_back
from portal.outbox.models import Delivery


@dataclass(frozen=True)
class TakenBack:
    """What a proposal said that was taken back, so that nothing typed is lost."""

    arranged: Arranged
    times: tuple[datetime, ...]
    words: str


def take_back_proposal(public_id: str, *, scope: StaffScope, now: datetime) -> TakenBack:
    """Undo a proposal that no mail server has been given: the interview is gone, the application as before. Recorded.

    Raises GoneAlready when it is on its way, NotFound.
    """
    arranged = find_to_arrange(public_id, scope)
    with transaction() as session:
        lock_people(session, arranged.person_id, scope.person_id)
        delivery_id = proposing_delivery(arranged.id)
        said = TakenBack(arranged, tuple(offered_times(arranged.id)), words_of_proposal(arranged.id))
        # The message before the application, and that before the interview: one order for all.
        if delivery_id is None or not take_back(delivery_id, now):
            raise GoneAlready(_("It has gone already, so it cannot be taken back. You can move it or call it off."))
        _forget_link(session, delivery_id)
        undo_word(delivery_id, now)
        interview = session.get_one(Interview, arranged.id, with_for_update=True)
        if interview.state is not InterviewState.PROPOSED:
            raise GoneAlready(_("It has gone already, so it cannot be taken back. You can move it or call it off."))
        session.delete(interview)
        record(
            "interviews.take_back",
            panel_cause(public_id),
            actor_id=scope.person_id,
            person_id=arranged.person_id,
            now=now,
            application=arranged.application_public_id,
        )
    return said


def send_proposal_now(public_id: str, *, scope: StaffScope, now: datetime) -> bool:
    """Let a proposal go that waits for its while; False when it goes already. Raises NotFound."""
    arranged = find_to_arrange(public_id, scope)
    with transaction() as session:
        lock_people(session, arranged.person_id, scope.person_id)
        delivery_id = proposing_delivery(arranged.id)
        return delivery_id is not None and hurry(delivery_id, now)


def find_to_arrange(public_id: str, scope: StaffScope) -> Arranged:
    """The interview, for somebody who may write about its application. Raises NotFound."""
    interview_id = find_id(public_id)
    arranged = find_arranged(interview_id) if interview_id is not None else None
    if arranged is None:
        raise NotFound
    view_to_write(arranged.application_public_id, scope)
    return arranged


def _forget_link(session: Session, delivery_id: int) -> None:
    key = session.scalars(select(Delivery.key).where(Delivery.id == delivery_id)).one()
    token = mail_token(current_settings().secret_key, key, TokenKind.INTERVIEW)
    session.execute(delete(OneTimeToken).where(OneTimeToken.token_hash == token_hash(token, TokenKind.INTERVIEW)))
