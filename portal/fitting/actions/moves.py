"""The one place where an invitation goes from one state to another."""

from portal.fitting.models import Invitation
from portal.fitting.rules import check_move
from portal.fitting.states import InvitationState, LeftOut


def move(
    invitation: Invitation,
    after: InvitationState,
    *,
    delivery_id: int | None = None,
    left_out: LeftOut | None = None,
) -> None:
    """Let `invitation` stand in `after`; `delivery_id`: the mail it was written as. Raises IllegalMove."""
    check_move(invitation.state, after)
    invitation.state, invitation.left_out = after, left_out
    if delivery_id is not None:
        invitation.delivery_id = delivery_id
