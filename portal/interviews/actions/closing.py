"""What became of an interview: it took place, they missed it, we missed it, or it fell away with the application."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.interviews.actions.carrying import Change, MakeChange, carry_out, plan_change
from portal.interviews.actions.telling import (
    MailOutdated,
    ReadyMail,
    facts_of,
    panel_cause,
    send_all,
    to_candidate,
    to_panel,
)
from portal.interviews.actions.untold import take_back_untold
from portal.interviews.actions.wishing import settle_wishes
from portal.interviews.emails import inviting
from portal.interviews.emails.inviting import Letter, PanelNews
from portal.interviews.models import Interview, InterviewHistory
from portal.interviews.queries.arranged import Arranged
from portal.interviews.queries.overdue import ToClose, is_application_over
from portal.interviews.rules.arranging import NotPossible, Said, is_past, refuse_move
from portal.interviews.rules.calendar import Method
from portal.interviews.states import OPEN_INTERVIEWS, HistoryKind, InterviewState
from portal.tasks.actions import add_task
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind

#: What an interview can be said to have become.
OUTCOMES: Final[dict[InterviewState, HistoryKind]] = {
    InterviewState.DONE: HistoryKind.DONE,
    InterviewState.MISSED_BY_THEM: HistoryKind.MISSED_BY_THEM,
    InterviewState.MISSED_BY_US: HistoryKind.MISSED_BY_US,
}


def close_interview(
    public_id: str,
    outcome: InterviewState,
    said: Said,
    *,
    scope: StaffScope,
    seen: datetime | None,
    now: datetime,
) -> None:
    """Say what became of an interview whose time has come; said wrongly, it is put right the same way. Recorded.

    Where we were the ones who did not come, `said` goes to the candidate: an apology that asks for their times.
    Raises as `carry_out` does.
    """
    make = closing(outcome, said)
    carry_out(public_id, make, scope=scope, seen=seen, action=f"interviews.{outcome}", now=now)


def preview_close(
    public_id: str, outcome: InterviewState, said: Said, *, scope: StaffScope, now: datetime
) -> ReadyMail | None:
    """What the candidate would read of that; None when they get no mail. Raises as `carry_out` does."""
    return plan_change(public_id, closing(outcome, said), scope=scope, now=now)


def closing(outcome: InterviewState, said: Said) -> MakeChange:
    """The change that notes what became of it."""

    def make(one: Arranged, now: datetime) -> Change:
        if outcome not in OUTCOMES:
            raise NotPossible(_("Please say what became of it."))
        refuse_move(one.state, outcome)
        if not is_past(one.starts_at, now):
            raise NotPossible(_("Its time has not come yet, so nobody knows what becomes of it."))
        # After an ending no letter of ours stands above it any more.
        is_told = outcome is InterviewState.MISSED_BY_US and not is_application_over(one.application_id)
        return Change(
            after=replace(one, state=outcome),
            history=OUTCOMES[outcome],
            letter=Letter.MISSED_BY_US if is_told else None,
            said=said if is_told else None,
        )

    return make


def call_off_ended_interview(interview_id: int, now: datetime) -> None:
    """Call off what is still to come of an application that has ended: out of every calendar, and the panel knows.

    Who was not told yet that it takes place hears nothing. Nothing happens while somebody else changes it; the job
    looks again.
    """
    with suppress(MailOutdated):
        _call_off_ended(interview_id, now)


def _call_off_ended(interview_id: int, now: datetime) -> None:
    facts = facts_of(interview_id)
    one = facts.arranged
    mail: ReadyMail | None = None
    panel: tuple[ReadyMail, ...] = ()
    if one.starts_at is not None:
        after = replace(one, sequence=one.sequence + 1)
        mail = to_candidate(inviting.ended(facts.to, one), facts, after, Method.CANCEL, now)
        panel = to_panel(facts.colleagues, facts, after, PanelNews.CANCELLED, now)
    with transaction() as session:
        lock_people(session, one.person_id, *(ready.to.person_id for ready in panel))
        # Messages before the application: the order in which a colleague's work is handed over.
        is_over = is_application_over(one.application_id)
        untold = take_back_untold(one.public_id, now) if is_over else set()
        session.get_one(Application, one.application_id, with_for_update=True)
        interview = session.get_one(Interview, interview_id, with_for_update=True)
        if facts_of(interview_id) != facts or interview.state not in OPEN_INTERVIEWS:
            raise MailOutdated
        if is_application_over(one.application_id) is not is_over:
            raise MailOutdated
        if not is_over:
            return
        interview.state, interview.closed_at, interview.changed_at = InterviewState.CANCELLED, now, now
        interview.sequence += 1 if one.starts_at is not None else 0
        told = [ready for ready in panel if ready.to.person_id not in untold]
        delivery_id = send_all(facts, f"ended:{interview.sequence}", mail, told, now)
        session.add(
            InterviewHistory(
                interview_id=interview_id,
                kind=HistoryKind.CANCELLED,
                actor_id=None,
                starts_before=one.starts_at,
                words="",
                delivery_id=delivery_id or None,
                created_at=now,
            )
        )
        settle_wishes(interview_id, now)
        record("interviews.call_off_ended", panel_cause(one.public_id), actor_id=None, person_id=one.person_id, now=now)


def ask_to_close(one: ToClose, now: datetime) -> None:
    """Ask whoever arranged it what became of an interview, once for each of its times."""
    owner_id = who_looks(TaskKind.INTERVIEW_TO_CLOSE, one.answers_id)
    if owner_id is None:
        return
    add_task(
        owner_id=owner_id,
        kind=TaskKind.INTERVIEW_TO_CLOSE,
        cause=panel_cause(one.public_id),
        about=one.public_id,
        due_on=due_from(TaskKind.INTERVIEW_TO_CLOSE, day_of(now, company_zone())),
        dedupe_key=f"interview-to-close:{one.public_id}:{one.starts_at:%Y%m%dT%H%M}",
        title=one.opening_title,
        person_id=one.person_id,
        now=now,
    )
