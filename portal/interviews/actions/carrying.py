"""One change of an interview: the row, its mails to candidate and panel, its history, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope, StaffView
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import Busy
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.interviews.actions.proposing import add_times
from portal.interviews.actions.taking_back import find_to_arrange
from portal.interviews.actions.telling import (
    Facts,
    MailOutdated,
    ReadyMail,
    facts_of,
    panel_cause,
    send_all,
    to_candidate,
    to_panel,
)
from portal.interviews.actions.untold import panel_waits_until, take_back_untold
from portal.interviews.actions.wishing import settle_wishes
from portal.interviews.actions.wording import (
    Word,
    checked_word,
    lock_application,
    note,
    refuse_change,
    view_to_write,
)
from portal.interviews.emails import inviting
from portal.interviews.emails.inviting import Letter, PanelNews, Written
from portal.interviews.models import Interview, InterviewHistory, InterviewTime, PanelMember
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.arranging import NotPossible, Said
from portal.interviews.rules.calendar import Method
from portal.interviews.states import OPEN_INTERVIEWS, HistoryKind, TimeState
from portal.people.queries import recipient
from portal.tasks.actions import settle_tasks
from portal.tasks.states import TaskKind

_TRIES: Final = 3


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of an interview, and who hears of it."""

    after: Arranged
    history: HistoryKind
    #: What is written to the candidate; None: they get no mail.
    letter: Letter | None = None
    said: Said | None = None
    #: Times to choose from instead of those before; None: they stay as they are.
    offered: tuple[datetime, ...] | None = None
    #: The last time that counts for the next date.
    last: datetime | None = None
    #: Whether what the candidate asked for is answered with it.
    answers_wishes: bool = True


@dataclass(frozen=True)
class _Ready:
    """A change with its mails."""

    facts: Facts
    change: Change
    word: Word | None
    to_candidate: ReadyMail | None
    to_panel: tuple[ReadyMail, ...]


MakeChange = Callable[[Arranged, datetime], Change]


def carry_out(
    public_id: str, make: MakeChange, *, scope: StaffScope, seen: datetime | None, action: str, now: datetime
) -> None:
    """Change an interview as `make` says of how it stands; what it writes goes at once. Recorded as `action`.

    `seen`: when it was changed last before the writer looked at it; None: they saw no form. Raises what `make` raises,
    NotPossible when it has gone on since, ArrangementRefused, LetterWaits, NotFound, Busy.
    """
    for _attempt in range(_TRIES):
        arranged = find_to_arrange(public_id, scope)
        if seen is not None and arranged.changed_at != seen:
            raise NotPossible(_("A colleague or the candidate has changed this interview since you opened the page."))
        view = view_to_write(arranged.application_public_id, scope)
        ready = _prepare(view, make(arranged, now), scope, now)
        try:
            _write_down(ready, scope, action, now)
        except MailOutdated:
            continue
        return
    raise Busy(_("This interview is being changed just now. Please try again in a minute. Nothing has been sent."))


def plan_change(public_id: str, make: MakeChange, *, scope: StaffScope, now: datetime) -> ReadyMail | None:
    """What the candidate would read, for a preview; None when they get no mail. Raises as `carry_out`."""
    arranged = find_to_arrange(public_id, scope)
    view = view_to_write(arranged.application_public_id, scope)
    return _prepare(view, make(arranged, now), scope, now).to_candidate


def _prepare(view: StaffView, change: Change, scope: StaffScope, now: datetime) -> _Ready:
    facts = facts_of(change.after.id)
    before = facts.arranged
    has_news = change.letter is not None or set(before.panel) != set(change.after.panel)
    is_in_calendars = before.starts_at is not None or change.after.starts_at is not None
    if has_news and is_in_calendars:
        change = replace(change, after=replace(change.after, sequence=before.sequence + 1))
    word = None
    mail = None
    if change.letter is not None and change.said is not None:
        refuse_change(view, now)
        word = checked_word(view, change.said, change.last, now)
        mail = _to_candidate(facts, change, change.letter, word, recipient(scope.person_id).name, now)
    return _Ready(facts, change, word, mail, _to_panel(facts, change, now))


def _to_candidate(
    facts: Facts, change: Change, letter: Letter, word: Word, author_name: str, now: datetime
) -> ReadyMail:
    after, before = change.after, facts.arranged
    kept = word.kept
    written = Written(author_name, kept.message, kept.next_update_by, kept.date_reason, change.offered or ())
    names = [recipient(staff_id).name for staff_id in after.panel]
    mail = inviting.letter(letter, facts.to, after, written, names)
    takes_place = after.starts_at is not None and after.state in OPEN_INTERVIEWS
    if takes_place:
        return to_candidate(mail, facts, after, Method.REQUEST, now)
    # Out of the calendar, in which it stands at the time before; one that is over stays there.
    is_gone = before.starts_at is not None and before.starts_at > now
    gone = replace(after, starts_at=before.starts_at)
    return to_candidate(mail, facts, gone if is_gone else after, Method.CANCEL if is_gone else None, now)


def _to_panel(facts: Facts, change: Change, now: datetime) -> tuple[ReadyMail, ...]:
    """Who came to it, who stayed and must know, and who is needed no more; nobody hears of what is over."""
    after, before = change.after, facts.arranged
    takes_place = after.starts_at is not None and after.state in OPEN_INTERVIEWS
    was_to_take_place = before.starts_at is not None and before.starts_at > now
    members = tuple(recipient(staff_id) for staff_id in after.panel)
    whole = replace(facts, arranged=after, panel=members)
    # Whoever arranges it and sits down at it now has heard of it all along, and has no entry yet.
    came = tuple(one for one in members if one.person_id not in before.panel)
    stayed = tuple(one for one in whole.colleagues if one not in came)
    left = tuple(one for one in facts.panel if one.person_id not in after.panel)
    gone = replace(after, starts_at=before.starts_at)
    cancelled = left if takes_place else facts.colleagues
    mails: tuple[ReadyMail, ...] = ()
    if was_to_take_place and cancelled:
        mails += to_panel(cancelled, facts, gone, PanelNews.CANCELLED, now)
    if takes_place and came:
        mails += to_panel(came, whole, after, PanelNews.CONFIRMED, now)
    if takes_place and change.letter is not None:
        news = PanelNews.MOVED if was_to_take_place else PanelNews.CONFIRMED
        mails += to_panel(stayed, whole, after, news, now)
    return mails


def _write_down(ready: _Ready, scope: StaffScope, action: str, now: datetime) -> None:
    one, change = ready.facts.arranged, ready.change
    with transaction() as session:
        lock_people(session, one.person_id, scope.person_id, *(mail.to.person_id for mail in ready.to_panel))
        # An older entry must not follow a newer one. Messages before the application, as when work is handed over.
        untold = take_back_untold(one.public_id, now, {mail.to.person_id for mail in ready.to_panel})
        view = view_to_write(one.application_public_id, scope)
        application = lock_application(session, view, now) if ready.word is not None else None
        interview = session.get_one(Interview, one.id, with_for_update=True)
        if facts_of(one.id) != ready.facts:
            raise MailOutdated
        if ready.word is not None and change.said is not None:
            view = view_to_write(one.application_public_id, scope)
            refuse_change(view, now)
            if checked_word(view, change.said, change.last, now) != ready.word:
                raise MailOutdated
        _apply(session, interview, change, now)
        # By its own name: two changes within a second are two pieces of news.
        what = f"{change.history}:{new_public_id()}"
        delivery_id = send_all(
            ready.facts,
            what,
            ready.to_candidate,
            _for_panel(ready, untold),
            now,
            panel_from=_panel_from(change.after, now),
        )
        if ready.word is not None and application is not None:
            note(session, application, ready.word, scope.person_id, delivery_id, now)
        session.add(_history(ready, scope.person_id, delivery_id, now))
        _settle(interview, change, now)
        record(action, panel_cause(one.public_id), actor_id=scope.person_id, person_id=one.person_id, now=now)


def _for_panel(ready: _Ready, untold: set[int]) -> list[ReadyMail]:
    """Whoever never heard that it takes place does not hear that it does not."""
    return [mail for mail in ready.to_panel if mail.mail.kind != PanelNews.CANCELLED or mail.to.person_id not in untold]


def _panel_from(after: Arranged, now: datetime) -> datetime | None:
    return panel_waits_until(after.application_public_id, after.starts_at, now) if after.starts_at else None


def _apply(session: Session, interview: Interview, change: Change, now: datetime) -> None:
    after = change.after
    was_open = interview.state in OPEN_INTERVIEWS
    is_placed_anew = change.offered is not None or after.starts_at != interview.starts_at
    # Together with its state: the database knows that what is confirmed has a time.
    interview.starts_at = after.starts_at
    for name in ("state", "title", "format", "minutes", "place", "about", "prepare", "criteria"):
        setattr(interview, name, getattr(after, name))
    interview.contact_id, interview.contact_phone = after.contact_id, after.contact_phone
    interview.zone, interview.sequence, interview.changed_at = after.zone, after.sequence, now
    if after.state not in OPEN_INTERVIEWS:
        interview.closed_at = now if was_open else interview.closed_at
    if is_placed_anew:
        _place(session, interview, change)
    _seat(session, interview.id, after.panel, now)


def _place(session: Session, interview: Interview, change: Change) -> None:
    """Nothing that was offered before is to be had any more; what is offered or set now is."""
    rows = session.scalars(
        select(InterviewTime)
        .where(InterviewTime.interview_id == interview.id)
        .order_by(InterviewTime.id)
        .with_for_update()
    )
    for row in rows:
        row.state = TimeState.WITHDRAWN
    starts_at = change.after.starts_at
    if change.offered is not None:
        add_times(session, interview.id, change.offered, TimeState.OFFERED)
    elif starts_at is not None:
        add_times(session, interview.id, [starts_at], TimeState.TAKEN)


def _seat(session: Session, interview_id: int, panel: tuple[int, ...], now: datetime) -> None:
    """Who takes part from now on; whoever stays keeps what they said of how they know the candidate."""
    here = set(
        session.scalars(
            select(PanelMember.staff_id).where(PanelMember.interview_id == interview_id).order_by(PanelMember.staff_id)
        )
    )
    session.execute(
        delete(PanelMember)
        .where(PanelMember.interview_id == interview_id)
        .where(PanelMember.staff_id.in_(here - set(panel)))
    )
    session.add_all(
        PanelMember(interview_id=interview_id, staff_id=staff_id, relationship=None, declared_at=None, added_at=now)
        for staff_id in panel
        if staff_id not in here
    )


def _history(ready: _Ready, actor_id: int | None, delivery_id: int, now: datetime) -> InterviewHistory:
    return InterviewHistory(
        interview_id=ready.facts.arranged.id,
        kind=ready.change.history,
        actor_id=actor_id,
        starts_before=ready.facts.arranged.starts_at,
        words=ready.word.kept.message if ready.word is not None else "",
        delivery_id=delivery_id or None,
        created_at=now,
    )


def _settle(interview: Interview, change: Change, now: datetime) -> None:
    """What waited for us is answered, and it is asked anew what became of it once its new time has passed."""
    if change.answers_wishes:
        settle_wishes(interview.id, now)
    is_to_come = interview.starts_at is None or interview.starts_at > now
    if interview.state not in OPEN_INTERVIEWS or is_to_come:
        settle_tasks(panel_cause(interview.public_id), TaskKind.INTERVIEW_TO_CLOSE, now)
