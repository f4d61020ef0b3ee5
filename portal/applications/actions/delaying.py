"""Telling many at once that it takes longer, and taking that back: one transaction a person, safe to go on with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from portal.applications.actions.moving import move_application, preview_change
from portal.applications.actions.taking_back import take_back_letter
from portal.applications.actions.telling import found
from portal.applications.queries import Going, StaffScope
from portal.applications.queries.delaying import Affected, Notices
from portal.applications.rules import (
    EndingWaits,
    GoneAlready,
    LeftOut,
    Proposal,
    ProposalRefused,
    StaleApplication,
)
from portal.core.db import end_reading
from portal.core.errors import Busy, NotFound
from portal.core.mail import RenderedMail
from portal.wording.rules import MissingValue

#: People told in one step, so that a page answers soon.
STEP: Final = 50
#: What keeps one person from being told and the others not.
_KEPT_FROM = (EndingWaits, ProposalRefused, StaleApplication, Busy, NotFound, MissingValue)


@dataclass(frozen=True)
class Delay:
    """It takes until `day`, and why, in words for the candidates."""

    day: date | None
    reason: str
    is_hurried: bool = False


@dataclass(frozen=True)
class Told:
    """What one step has done: the newest event of who was told first, how many, who could not be, what is left."""

    first_event_id: str
    count: int
    failed: list[Affected]
    is_finished: bool


def preview_delay(public_id: str, *, scope: StaffScope, delay: Delay, now: datetime) -> tuple[RenderedMail, Going]:
    """The mail that one of them would get, and when it would go; raises ProposalRefused, NotFound."""
    view = found(public_id, scope)
    proposal = Proposal(view.standing, "", delay.day, delay.reason)
    return preview_change(public_id, scope=scope, proposal=proposal, now=now, is_hurried=delay.is_hurried)


def tell_of_delay(affected: list[Affected], *, scope: StaffScope, delay: Delay, now: datetime) -> Told:
    """Tell those who are not left out, at most `STEP` of them, each by a notice of their own.

    A colleague has worded the reason and seen the mail, so it is a person's word. Safe to run again: who was told is
    left out then. Raises ProposalRefused when the day or the reason is right for nobody.
    """
    first_event_id, count = "", 0
    failed: list[Affected] = []
    for one in affected:
        if one.left_out is not None:
            continue
        if count == STEP:
            return Told(first_event_id, count, failed, is_finished=False)
        end_reading()
        try:
            event_id = _tell_one(one.public_id, scope, delay, now)
        except _KEPT_FROM:
            failed.append(Affected(one.public_id, one.person_name, one.email, LeftOut.CHANGED))
            continue
        first_event_id, count = first_event_id or event_id, count + 1
    return Told(first_event_id, count, failed, is_finished=True)


def _tell_one(public_id: str, scope: StaffScope, delay: Delay, now: datetime) -> str:
    view = found(public_id, scope)
    move_application(
        public_id,
        scope=scope,
        proposal=Proposal(view.standing, "", delay.day, delay.reason),
        seen_event_id=view.newest_event_id,
        now=now,
        is_hurried=delay.is_hurried,
    )
    return found(public_id, scope).newest_event_id


def take_notices_back(notices: Notices, *, scope: StaffScope, now: datetime) -> int:
    """Take back what no mail server has been given yet; returns how many notices that were."""
    count = 0
    for one in notices.waiting:
        end_reading()
        try:
            take_back_letter(one.application_id, one.event_id, scope=scope, now=now)
        except (GoneAlready, NotFound):
            continue
        count += 1
    return count
