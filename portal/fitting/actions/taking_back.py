"""Invitations that have not gone: taken back by a colleague, or by themselves when what they rest on fell away."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.fitting.actions.inviting import refuse_readers
from portal.fitting.actions.moves import move
from portal.fitting.models import Invitation, InvitationRound
from portal.fitting.queries import RoundView, opening_facts_of, standing_of
from portal.fitting.rules import why_not
from portal.fitting.states import InvitationState, LeftOut
from portal.outbox.actions import take_back


def take_round_back(view: RoundView, opening_public_id: str, *, scope: StaffScope, now: datetime) -> int:
    """Take back what no mail server has been given yet, and write to nobody more; how many that were. Recorded.

    Nothing shows them that they were invited, and they can be invited again.
    """
    refuse_readers(scope)
    with transaction() as session:
        row = session.get_one(InvitationRound, view.id, with_for_update=True)
        row.taken_back_at = row.taken_back_at or now
        waiting = session.scalars(
            select(Invitation)
            .where(Invitation.round_id == row.id)
            .where(Invitation.state == InvitationState.WAITING)
            .order_by(Invitation.id)
            .with_for_update()
        ).all()
        for invitation in waiting:
            move(invitation, InvitationState.TAKEN_BACK)
        count = len(waiting)
        written = session.scalars(
            select(Invitation.id)
            .where(Invitation.round_id == row.id)
            .where(Invitation.state == InvitationState.WRITTEN)
            .order_by(Invitation.id)
        ).all()
        subject = f"opening:{opening_public_id}"
        record("fitting.take_back", subject, actor_id=scope.person_id, now=now)
    for invitation_id in written:
        end_reading()
        count += _take_back(invitation_id, InvitationState.TAKEN_BACK, None, now)
    return count


def _take_back(invitation_id: int, after: InvitationState, left_out: LeftOut | None, now: datetime) -> bool:
    """Stop one that waits in the outbox; False when it has gone."""
    with transaction() as session:
        person_id = session.scalar(select(Invitation.person_id).where(Invitation.id == invitation_id))
        if person_id is not None:
            lock_people(session, person_id)
        invitation = session.get(Invitation, invitation_id, with_for_update=True)
        if invitation is None or invitation.state is not InvitationState.WRITTEN or invitation.delivery_id is None:
            return False
        if not take_back(invitation.delivery_id, now):
            return False
        move(invitation, after, left_out=left_out)
        return True


def drop_if_outdated(invitation_id: int, now: datetime) -> None:
    """Take back an invitation that waits, when they applied meanwhile, may not see it any more, or it is closed."""
    today = day_of(now, company_zone())
    with transaction() as session:
        invitation = session.get(Invitation, invitation_id)
        opening = opening_facts_of(invitation.opening_id) if invitation is not None else None
        if invitation is None or opening is None:
            return
        reason = why_not(standing_of(invitation.person_id, opening, now, today, besides=invitation_id))
        reason = LeftOut.CLOSED if not opening.is_open(today) else reason
    if reason is not None:
        _take_back(invitation_id, InvitationState.LEFT_OUT, reason, now)


def forget_old_rounds(before: datetime) -> None:
    """Delete the words of rounds made before then, and those in them who were not invited after all."""
    waits = (
        exists()
        .where(Invitation.round_id == InvitationRound.id)
        .where(Invitation.state == InvitationState.WAITING)
        .correlate(InvitationRound)
    )
    never = (InvitationState.LEFT_OUT, InvitationState.TAKEN_BACK)
    with transaction() as session:
        session.execute(delete(Invitation).where(Invitation.created_at < before).where(Invitation.state.in_(never)))
        session.execute(delete(InvitationRound).where(InvitationRound.created_at < before).where(~waits))
