"""Telling one or many that it takes longer: each by a notice of their own, and nobody but those who were shown."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.applications.actions.moving import preview_change
from portal.applications.actions.moving_many import begin_change, go_on_with_change
from portal.applications.actions.telling import found
from portal.applications.queries import Going, StaffScope
from portal.applications.queries.changes import find_change
from portal.applications.queries.delaying import Affected
from portal.applications.rules import Proposal
from portal.applications.rules.pipeline import Change
from portal.applications.states import ManyKind
from portal.core.db import end_reading
from portal.core.mail import RenderedMail


@dataclass(frozen=True)
class Delay:
    """It takes until `day`, and why, in words for the candidates."""

    day: date | None
    reason: str
    is_hurried: bool = False


def preview_delay(public_id: str, *, scope: StaffScope, delay: Delay, now: datetime) -> tuple[RenderedMail, Going]:
    """The mail that one of them would get, and when it would go; raises ProposalRefused, NotFound."""
    view = found(public_id, scope)
    proposal = Proposal(view.standing, "", delay.day, delay.reason)
    return preview_change(public_id, scope=scope, proposal=proposal, now=now, is_hurried=delay.is_hurried)


def tell_of_delay(affected: list[Affected], *, scope: StaffScope, delay: Delay, now: datetime) -> str:
    """Tell those who are not left out, and nobody who comes later; returns the public id of the whole. Recorded.

    A colleague has worded the reason and seen the mail, so it is a person's word. The first are told at once, the
    worker goes on with the others; who had another word meanwhile is left out and listed. Raises NotFound for who may
    not write to candidates.
    """
    told = [one for one in affected if one.left_out is None]
    change = Change(ManyKind.DELAY, day=delay.day, date_reason=delay.reason, is_hurried=delay.is_hurried)
    change_id = begin_change(change, told, opening_id=None, scope=scope, now=now)
    end_reading()
    begun = find_change(change_id, scope.person_id)
    if begun is not None:
        go_on_with_change(begun.id, now)
    return change_id
