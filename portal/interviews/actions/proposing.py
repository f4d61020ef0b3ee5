"""A colleague proposes times for an interview: one mail, one word about the application, one interview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.queries import Going, StaffScope, StaffView, planned
from portal.audit.actions import record
from portal.company.queries import undo_minutes
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.interviews.actions.telling import Facts, MailOutdated, ReadyMail, panel_cause, send_all, to_candidate
from portal.interviews.actions.wording import (
    Word,
    checked_word,
    lock_application,
    note,
    refuse_out_of_turn,
    view_to_write,
)
from portal.interviews.emails import inviting
from portal.interviews.emails.inviting import Letter, Written
from portal.interviews.models import Interview, InterviewHistory, InterviewTime, PanelMember
from portal.interviews.queries.arranged import Arranged
from portal.interviews.queries.staff import application_id_of
from portal.interviews.rules.arranging import ArrangementRefused, Details, Said, check_panel, checked_details
from portal.interviews.states import HistoryKind, InterviewState, TimeState
from portal.people.queries import active_staff, recipient

_TRIES: Final = 3


@dataclass(frozen=True)
class Arrangement:
    """An interview as it is to be proposed; `panel` and `contact_id` are ids of colleagues."""

    details: Details
    panel: tuple[int, ...]
    contact_id: int
    #: IANA zone in which the times were meant.
    zone: str
    times: tuple[datetime, ...]
    said: Said


@dataclass(frozen=True)
class Planned:
    """A proposal that only has to be written down."""

    facts: Facts
    kept: Details
    word: Word
    to_candidate: ReadyMail
    going: Going

    @property
    def mail(self) -> RenderedMail:
        """What the candidate will read."""
        return self.to_candidate.mail


def plan_proposal(
    application_public_id: str,
    arrangement: Arrangement,
    *,
    scope: StaffScope,
    public_id: str,
    is_hurried: bool,
    now: datetime,
) -> Planned:
    """The proposal as it would go, for a preview too. Raises ArrangementRefused, NotPossible, LetterWaits, NotFound."""
    view = view_to_write(application_public_id, scope)
    refuse_out_of_turn(view)
    kept = checked_details(arrangement.details)
    here = {one.person_id: one.name for one in active_staff()}
    check_panel(arrangement.panel, view.person_id, here)
    if arrangement.contact_id not in here:
        raise ArrangementRefused("contact", _("Please choose from those who work here now."))
    word = checked_word(view, arrangement.said, max(arrangement.times), now, proposes=True)
    facts = _facts(view, arrangement, kept, scope.person_id, public_id, here, now)
    written = Written(
        facts.answers.name, word.kept.message, word.kept.next_update_by, word.kept.date_reason, arrangement.times
    )
    mail = inviting.letter(Letter.PROPOSAL, facts.to, facts.arranged, written, facts.panel_names)
    start = now if is_hurried else now + timedelta(minutes=undo_minutes())
    going = planned(view.person_id, facts.to.email, word.kept.status, start)
    return Planned(facts, kept, word, to_candidate(mail, facts, facts.arranged, None, now), going)


def propose(
    application_public_id: str,
    arrangement: Arrangement,
    *,
    scope: StaffScope,
    public_id: str,
    seen_event_id: str,
    is_hurried: bool,
    now: datetime,
) -> Going:
    """Propose these times to the candidate, who sees them once the mail is accepted. Recorded. Returns when it goes.

    `public_id` names the interview to be: sending the same form again proposes nothing more. It can be taken back for
    the company's while, unless `is_hurried`. Raises what `plan_proposal` raises, StaleApplication, and Busy.
    """
    for _attempt in range(_TRIES):
        plan = plan_proposal(
            application_public_id, arrangement, scope=scope, public_id=public_id, is_hurried=is_hurried, now=now
        )
        try:
            _write_down(plan, arrangement, scope, seen_event_id, now)
        except MailOutdated:
            continue
        return plan.going
    raise Busy(_("This application is being changed just now. Please try again in a minute. Nothing has been sent."))


def is_proposed(application_public_id: str, public_id: str, scope: StaffScope) -> bool:
    """Whether this very form was sent before. Raises NotFound when the name belongs to another application."""
    view = view_to_write(application_public_id, scope)
    found = application_id_of(public_id)
    if found is not None and found != view.id:
        raise NotFound
    return found is not None


def _facts(
    view: StaffView,
    arrangement: Arrangement,
    kept: Details,
    arranger_id: int,
    public_id: str,
    here: dict[int, str],
    now: datetime,
) -> Facts:
    arranged = Arranged(
        id=0,
        public_id=public_id,
        application_id=view.id,
        application_public_id=view.public_id,
        person_id=view.person_id,
        owner_id=view.owner_id,
        opening_title=view.opening_title,
        state=InterviewState.PROPOSED,
        title=kept.title,
        format=kept.format,
        minutes=kept.minutes,
        place=kept.place,
        about=kept.about,
        prepare=kept.prepare,
        criteria=kept.criteria,
        arranged_by_id=arranger_id,
        contact_id=arrangement.contact_id,
        contact_name=here[arrangement.contact_id],
        contact_phone=kept.contact_phone,
        zone=arrangement.zone,
        starts_at=None,
        sequence=0,
        changed_at=now,
        panel=tuple(sorted(arrangement.panel)),
    )
    panel = tuple(recipient(staff_id) for staff_id in arranged.panel)
    return Facts(arranged, recipient(view.person_id), recipient(arranger_id), panel)


def _write_down(plan: Planned, arrangement: Arrangement, scope: StaffScope, seen_event_id: str, now: datetime) -> None:
    one = plan.facts.arranged
    with transaction() as session:
        lock_people(session, one.person_id, scope.person_id, *one.panel)
        view = view_to_write(one.application_public_id, scope)
        # Before the notes that wait are gone: one of them may be the newest that the writer had before them.
        refuse_out_of_turn(view, seen_event_id)
        application = lock_application(session, view, now)
        view = view_to_write(one.application_public_id, scope)
        here = {row.person_id: row.name for row in active_staff()}
        check_panel(one.panel, view.person_id, here)
        again = _facts(view, arrangement, plan.kept, scope.person_id, one.public_id, here, now)
        word = checked_word(view, arrangement.said, max(arrangement.times), now, proposes=True)
        if again != plan.facts or word != plan.word:
            raise MailOutdated
        interview = _add(session, plan, arrangement.times, now)
        delivery_id = send_all(plan.facts, "proposal", plan.to_candidate, (), now, not_before=plan.going.start)
        note(session, application, plan.word, scope.person_id, delivery_id, now)
        session.add(
            InterviewHistory(
                interview_id=interview.id,
                kind=HistoryKind.PROPOSED,
                actor_id=scope.person_id,
                starts_before=None,
                words=plan.word.kept.message,
                delivery_id=delivery_id,
                created_at=now,
            )
        )
        _record(plan, scope, len(arrangement.times), now)


def _add(session: Session, plan: Planned, times: Sequence[datetime], now: datetime) -> Interview:
    one = plan.facts.arranged
    interview = Interview(
        public_id=one.public_id,
        application_id=one.application_id,
        arranged_by_id=one.arranged_by_id,
        state=InterviewState.PROPOSED,
        title=one.title,
        format=one.format,
        minutes=one.minutes,
        place=one.place,
        about=one.about,
        prepare=one.prepare,
        criteria=one.criteria,
        contact_id=one.contact_id,
        contact_phone=one.contact_phone,
        zone=one.zone,
        starts_at=None,
        sequence=0,
        created_at=now,
        changed_at=now,
        closed_at=None,
    )
    session.add(interview)
    session.flush()
    add_times(session, interview.id, times, TimeState.OFFERED)
    session.add_all(
        PanelMember(interview_id=interview.id, staff_id=staff_id, relationship=None, declared_at=None, added_at=now)
        for staff_id in one.panel
    )
    session.flush()
    return interview


def add_times(session: Session, interview_id: int, times: Sequence[datetime], state: TimeState) -> None:
    """Let these times of an interview be offered or taken; one that was withdrawn before is to be had again."""
    known = {
        row.starts_at: row
        for row in session.scalars(
            select(InterviewTime).where(InterviewTime.interview_id == interview_id).order_by(InterviewTime.id)
        )
    }
    for at in sorted(set(times)):
        if at in known:
            known[at].state = state
        else:
            session.add(InterviewTime(public_id=new_public_id(), interview_id=interview_id, starts_at=at, state=state))


def _record(plan: Planned, scope: StaffScope, time_count: int, now: datetime) -> None:
    day = plan.word.kept.next_update_by
    record(
        "interviews.propose",
        panel_cause(plan.facts.arranged.public_id),
        actor_id=scope.person_id,
        person_id=plan.facts.to.person_id,
        now=now,
        application=plan.facts.arranged.application_public_id,
        times=time_count,
        next_update_by=day.isoformat() if day else None,
    )
