"""The candidate chooses one of the times that were proposed: both sides get it for their calendars."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.audit.actions import record
from portal.contact.actions import note_life
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.interviews.actions.telling import Confirmed, MailOutdated, panel_cause, ready_confirmed, tell_confirmed
from portal.interviews.actions.untold import panel_waits_until
from portal.interviews.actions.wishing import settle_wishes
from portal.interviews.models import Interview, InterviewHistory, InterviewTime
from portal.interviews.queries.own import OwnPage, OwnTime, find_own_interview, is_taken
from portal.interviews.rules.own import NotNow, may_choose
from portal.interviews.states import MOVES, HistoryKind, InterviewState, TimeState

#: How often the mails are made anew because what they say has changed while they were made.
_TRIES: Final = 3


def choose_time(person_id: int, public_id: str, time_id: str, *, now: datetime) -> None:
    """Let the candidate's own interview take place at this one of the proposed times. Recorded.

    The other times are free again, and what they had asked for waits no more. The same time again changes nothing.
    Raises NotFound for an interview that is not theirs, NotNow when the time is not to be had any more, Busy.
    """
    for _attempt in range(_TRIES):
        chosen = _to_choose(person_id, public_id, time_id, now)
        if chosen is None:
            return
        page, time = chosen
        ready = ready_confirmed(page.one.id, time.starts_at, now)
        try:
            _write(page, time, ready, now)
        except MailOutdated:
            continue
        return
    raise Busy(_("This interview is being changed just now. Please try again in a minute. Nothing was chosen."))


def _to_choose(person_id: int, public_id: str, time_id: str, now: datetime) -> tuple[OwnPage, OwnTime] | None:
    """The interview and the time, as they are now; None when just that was chosen already."""
    page = find_own_interview(person_id, public_id, now)
    if page is None:
        raise NotFound
    time = next((one for one in page.times if one.public_id == time_id), None)
    if time is not None and may_choose(page.one.stand, page.one.starts_at):
        return page, time
    if page.one.has_time_ahead and is_taken(page.one.id, time_id):
        return None
    if page.one.has_time_ahead:
        raise NotNow(_("This interview has its time already. If that does not suit you, ask for another one below."))
    if not may_choose(page.one.stand, page.one.starts_at):
        raise NotNow(_("There is nothing to choose here any more. This is where it stands."))
    raise NotNow(_("That time is not to be had any more. Nothing was chosen: please look at those that are left."))


def _write(before: OwnPage, time: OwnTime, ready: Confirmed, now: datetime) -> None:
    """All of it in one transaction; raises MailOutdated when what the mails say no longer holds."""
    one = before.one
    with transaction() as session:
        lock_people(session, one.person_id, *(mail.to.person_id for mail in ready.to_panel))
        session.get_one(Application, ready.facts.arranged.application_id, with_for_update=True)
        interview = session.get_one(Interview, one.id, with_for_update=True)
        if find_own_interview(one.person_id, one.public_id, now) != before:
            # Two taps at once, or a colleague who changes it: look again.
            raise MailOutdated
        _take(session, interview, time, now)
        panel_from = panel_waits_until(one.application_public_id, time.starts_at, now)
        delivery_id = tell_confirmed(ready, now, panel_from=panel_from)
        session.add(
            InterviewHistory(
                interview_id=interview.id,
                kind=HistoryKind.CHOSEN,
                actor_id=one.person_id,
                starts_before=None,
                words="",
                delivery_id=delivery_id or None,
                created_at=now,
            )
        )
        settle_wishes(interview.id, now)
        note_life(one.person_id, now)
        record(
            "interviews.choose_time",
            panel_cause(one.public_id),
            actor_id=one.person_id,
            person_id=one.person_id,
            now=now,
        )


def _take(session: Session, interview: Interview, time: OwnTime, now: datetime) -> None:
    """Fix the time; nobody keeps the others free any more."""
    if InterviewState.CONFIRMED not in MOVES[interview.state]:
        raise MailOutdated
    offered = (
        select(InterviewTime)
        .where(InterviewTime.interview_id == interview.id)
        .where(InterviewTime.state == TimeState.OFFERED)
        .order_by(InterviewTime.id)
        .with_for_update()
    )
    for row in session.scalars(offered):
        row.state = TimeState.TAKEN if row.public_id == time.public_id else TimeState.WITHDRAWN
    interview.state, interview.starts_at, interview.changed_at = InterviewState.CONFIRMED, time.starts_at, now
