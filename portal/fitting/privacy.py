"""What we hold about whom we invited to apply: why, when, and what they said."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.fitting.actions import cause_of, forget_old_rounds
from portal.fitting.models import Invitation, InvitationRound
from portal.fitting.queries import OwnInvitation, invitations_for
from portal.fitting.states import STANDING
from portal.outbox.actions import cancel

TABLES: tuple[type[Model], ...] = (InvitationRound, Invitation)
#: How long the words are kept that went to several together; what each read stands in their mail.
_ROUNDS_KEPT: Final = timedelta(days=30)


def export(person_id: int) -> list[ExportSection]:
    """The invitations that reached them; one that can still be taken back is no invitation yet."""
    at = now()
    sent = invitations_for(person_id, at, day_of(at, company_zone()))
    invited = ExportSection(
        title=_("Invitations to apply"),
        rows=[(one.opening_title, f"{one.why} {_said(one)}") for one in sent],
        kept=_("For as long as we know you."),
        seen_by=_("The recruiters."),
        empty=_("Nobody has invited you to apply to an opening."),
        extra={
            "invitations": [
                {
                    "opening": one.opening_title,
                    "why": one.why,
                    "sent_at": one.sent_at.isoformat(),
                    "not_now_at": one.not_now_at.isoformat() if one.not_now_at else "",
                }
                for one in sent
            ]
        },
    )
    return [invited, *_work(person_id)]


def _said(one: OwnInvitation) -> str:
    sent = _("Sent on %(day)s.", day=format_day(one.sent_at))
    if one.not_now_at is None:
        return sent
    return f"{sent} {_('You said “not now” on %(day)s.', day=format_day(one.not_now_at))}"


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they invited others; why, concerns those."""
    mine = select(func.count(Invitation.id)).where(Invitation.actor_id == person_id)
    count = session().scalar(mine) or 0
    if not count:
        return []
    return [
        ExportSection(
            title=_("People you invited to apply"),
            rows=[(_("Invitations of yours"), str(count))],
            kept=_("For as long as those you invited are known here."),
            seen_by=_("Your colleagues, and those you invited."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the person's invitations, and words that were for them alone; joins the transaction.

    Whom they invited as staff stays invited, by somebody without a name.
    """
    with transaction() as own:
        theirs = select(Invitation.round_id).where(Invitation.person_id == person_id)
        rounds = own.scalars(theirs.where(Invitation.round_id.is_not(None)).order_by(Invitation.round_id)).all()
        own.execute(delete(Invitation).where(Invitation.person_id == person_id))
        others = select(Invitation.round_id).where(Invitation.round_id.in_(rounds))
        own.execute(
            delete(InvitationRound).where(InvitationRound.id.in_(rounds)).where(InvitationRound.id.not_in(others))
        )


def retention(now: datetime) -> None:
    """Words that went to several are forgotten, and with them who was not invited after all."""
    forget_old_rounds(now - _ROUNDS_KEPT)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Of two invitations to one opening the kept person's stays, and a "not now" to either holds; joins."""
    with transaction() as own:
        kept = {
            one.opening_id: one
            for one in own.scalars(
                select(Invitation)
                .where(Invitation.person_id == kept_id)
                .where(Invitation.state.in_(STANDING))
                .order_by(Invitation.id)
                .with_for_update()
            )
        }
        gone = own.scalars(
            select(Invitation)
            .where(Invitation.person_id == gone_id)
            .where(Invitation.state.in_(STANDING))
            .order_by(Invitation.id)
            .with_for_update()
        ).all()
        for one in gone:
            same = kept.get(one.opening_id)
            if same is not None:
                same.not_now_at = same.not_now_at or one.not_now_at
                cancel(cause_of(one.public_id), now)
                own.delete(one)
        own.flush()
        own.execute(update(Invitation).where(Invitation.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(Invitation).where(Invitation.actor_id == gone_id).values(actor_id=kept_id))
        own.execute(update(InvitationRound).where(InvitationRound.actor_id == gone_id).values(actor_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever invited somebody keeps having invited them."""
