"""What the candidate tells us about an interview: late, cannot come, another time, rather not; colleagues hear it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import note_life
from portal.conversations.rules import reads_for
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.limits import Limit, count_try
from portal.core.mail import RenderedMail
from portal.interviews.actions.telling import Facts, facts_of, panel_cause
from portal.interviews.emails import wishing
from portal.interviews.models import Interview, InterviewWish
from portal.interviews.queries.own import OwnPage, find_own_interview
from portal.interviews.rules.own import LATE_MINUTES, WISH_LENGTH, NotNow, TooOften, checked, late_words, may_tell
from portal.interviews.states import TOLD_TO_ALL, WishKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, active_staff, away_on, recipient
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.models import Task
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import OPEN_STATES, TaskKind

#: What one person tells us about one interview, each with mails to colleagues.
_WISHES: Final = Limit("interviews.wish", 10, timedelta(hours=1))
#: How often the mails are made anew because what they say has changed while they were made.
_TRIES: Final = 3
#: So soon after the first, a second tap is the same one.
_ONE_TAP: Final = timedelta(minutes=5)
#: What a colleague has to answer.
_OWED: Final = frozenset(WishKind) - {WishKind.RUNNING_LATE}


@dataclass(frozen=True)
class _Plan:
    """What is written down, and the mails that tell of it."""

    page: OwnPage
    facts: Facts
    #: None: they take back what they told us.
    kind: WishKind | None
    words: str
    mails: Sequence[tuple[Recipient, RenderedMail]]


def tell_us(
    person_id: int, public_id: str, kind: WishKind, *, now: datetime, words: str = "", minutes: int = 0
) -> None:
    """Let the candidate tell us something about their own interview; whoever must know gets a mail at once. Recorded.

    `words` are needed to ask for another time; `minutes`: by how many they are late, 0 when they do not know. The same
    again changes nothing, but being late is told anew when it is said again later. Raises NotFound, NotNow when it can
    be told no more, NotGood, TooOften, Busy.
    """
    minutes = minutes if minutes in LATE_MINUTES else 0
    kept = _kept(kind, words, minutes)
    is_counted = False
    for _attempt in range(_TRIES):
        page = _may_still(person_id, public_id, kind, now)
        if _stands_already(page, kind, kept) and not _is_late_anew(page, kind, kept, now):
            return
        if not is_counted and not count_try(_WISHES, public_id, now):
            raise TooOften(_("You have told us a lot in the last hour. Please call us, or try again later."))
        is_counted = True
        plan = _plan(page, kind, kept, kind, minutes, now)
        if _write(plan, now):
            return
    raise Busy(_("This interview is being changed just now. Please try again in a minute. Nothing has been sent."))


def take_back_wish(person_id: int, public_id: str, *, now: datetime) -> None:
    """Let the candidate say that the time is fine after all; whoever was told otherwise hears of it. Recorded.

    Nothing happens when nothing is to be taken back. Raises NotFound, NotNow, Busy.
    """
    for _attempt in range(_TRIES):
        page = _page(person_id, public_id, now)
        if page.one.wish is None:
            return
        if not page.one.has_time_ahead:
            raise NotNow(_too_late())
        if _write(_plan(page, None, "", page.one.wish, 0, now), now):
            return
    raise Busy(_("This interview is being changed just now. Please try again in a minute. Nothing has been sent."))


def settle_wishes(interview_id: int, now: datetime) -> None:
    """Nothing that the candidate told us waits any more: it was answered or has become pointless.

    Its tasks finish themselves. Joins the transaction.
    """
    with transaction() as session:
        public_id = session.scalars(select(Interview.public_id).where(Interview.id == interview_id)).one()
        _close(session, interview_id, frozenset(WishKind), now)
        settle_tasks(panel_cause(public_id), TaskKind.INTERVIEW_WISH, now)


def _kept(kind: WishKind, words: str, minutes: int) -> str:
    if kind is WishKind.RUNNING_LATE:
        return late_words(minutes)
    if kind is WishKind.CANNOT_COME or (kind is WishKind.DECLINED and not words.strip()):
        return ""
    return checked(words, WISH_LENGTH, _("Please say in a few words which times would suit you."))


def _page(person_id: int, public_id: str, now: datetime) -> OwnPage:
    page = find_own_interview(person_id, public_id, now)
    if page is None:
        raise NotFound
    return page


def _may_still(person_id: int, public_id: str, kind: WishKind, now: datetime) -> OwnPage:
    page = _page(person_id, public_id, now)
    if not may_tell(kind, page.one.stand, page.one.starts_at, now) and not _stands_already(page, kind, None):
        raise NotNow(_too_late())
    return page


def _too_late() -> str:
    return _("This interview has changed, or its time has come. Please look at where it stands, or call us.")


def _stands_already(page: OwnPage, kind: WishKind, words: str | None) -> bool:
    """Whether they told us just that, and we have not answered; `words` None: whatever they wrote."""
    return any(
        wish.kind is kind and not wish.is_answered and (words is None or wish.words == words) for wish in page.wishes
    )


def _is_late_anew(page: OwnPage, kind: WishKind, words: str, now: datetime) -> bool:
    """Whether they say once more how late they are: not the same tap twice, and nobody must miss it."""
    last = page.last(WishKind.RUNNING_LATE)
    if kind is not WishKind.RUNNING_LATE or last is None:
        return False
    return last.words != words or now - last.told_at >= _ONE_TAP


def _plan(page: OwnPage, kind: WishKind | None, words: str, about: WishKind, minutes: int, now: datetime) -> _Plan:
    """`about`: what decides who hears of it."""
    facts, one = facts_of(page.one.id), page.one
    mails = [
        (
            to,
            wishing.told(
                to,
                kind,
                public_id=one.public_id,
                title=one.title,
                opening_title=one.opening_title,
                starts_at=one.starts_at,
                minutes=minutes,
            ),
        )
        for to in _readers(facts, about, now)
    ]
    return _Plan(page, facts, kind, words, mails)


def _readers(facts: Facts, kind: WishKind, now: datetime) -> list[Recipient]:
    """Whoever answers about it, or stands in; when it is about the day itself, everybody who takes part."""
    away = {one: row.stand_in_id for one, row in away_on(day_of(now, company_zone())).items()}
    here = {row.person_id for row in active_staff()}
    ids = [reads_for(facts.arranged.answers_id, away)]
    if kind in TOLD_TO_ALL:
        ids += [facts.arranged.contact_id or 0, *(member.person_id for member in facts.panel)]
    known = {member.person_id: member for member in facts.panel}
    found = [one for one in dict.fromkeys(ids) if one in here]
    if not found:
        found = [one for one in [who_looks(TaskKind.INTERVIEW_WISH, None)] if one is not None]
    return [known.get(one) or recipient(one) for one in found]


def _write(plan: _Plan, now: datetime) -> bool:
    """Write it all down in one transaction; False when what the mails say no longer holds."""
    one = plan.page.one
    with transaction() as session:
        lock_people(session, one.person_id, *(to.person_id for to, _mail in plan.mails))
        session.get_one(Application, plan.facts.arranged.application_id, with_for_update=True)
        session.get_one(Interview, one.id, with_for_update=True)
        if facts_of(one.id) != plan.facts or _page(one.person_id, one.public_id, now) != plan.page:
            return False
        wish_id = new_public_id()
        _note(session, plan, wish_id, now)
        for to, mail in plan.mails:
            _tell(to, mail, f"{wish_id}:{to.public_id}", one.public_id, now)
        note_life(one.person_id, now)
        record(
            "interviews.tell_us" if plan.kind else "interviews.take_back_wish",
            panel_cause(one.public_id),
            actor_id=one.person_id,
            person_id=one.person_id,
            now=now,
            kind=str(plan.kind) if plan.kind else None,
        )
        return True


def _note(session: Session, plan: _Plan, wish_id: str, now: datetime) -> None:
    one, late = plan.page.one, frozenset({WishKind.RUNNING_LATE})
    if plan.kind is None:
        _close(session, one.id, _OWED, now)
        settle_tasks(panel_cause(one.public_id), TaskKind.INTERVIEW_WISH, now)
        return
    _close(session, one.id, late if plan.kind in late else _OWED, now)
    session.add(InterviewWish(public_id=wish_id, interview_id=one.id, kind=plan.kind, words=plan.words, created_at=now))
    if plan.kind in _OWED:
        _owe(session, plan, wish_id, now)


def _close(session: Session, interview_id: int, kinds: frozenset[WishKind], now: datetime) -> None:
    session.execute(
        update(InterviewWish)
        .where(InterviewWish.interview_id == interview_id)
        .where(InterviewWish.kind.in_(sorted(kinds)))
        .where(InterviewWish.closed_at.is_(None))
        .values(closed_at=now)
    )


def _owe(session: Session, plan: _Plan, wish_id: str, now: datetime) -> None:
    """Let whoever answers about it owe the answer; one task at a time."""
    cause = panel_cause(plan.page.one.public_id)
    owed = select(Task.id).where(Task.cause == cause).where(Task.kind == TaskKind.INTERVIEW_WISH)
    if session.scalars(owed.where(Task.state.in_(OPEN_STATES)).order_by(Task.id)).first() is not None:
        return
    owner_id = who_looks(TaskKind.INTERVIEW_WISH, plan.facts.arranged.answers_id)
    if owner_id is None:
        return
    add_task(
        owner_id=owner_id,
        kind=TaskKind.INTERVIEW_WISH,
        cause=cause,
        about=plan.page.one.public_id,
        due_on=due_from(TaskKind.INTERVIEW_WISH, day_of(now, company_zone())),
        dedupe_key=f"interview-wish:{wish_id}",
        title=plan.page.one.opening_title,
        person_id=plan.page.one.person_id,
        now=now,
    )


def _tell(to: Recipient, mail: RenderedMail, key: str, public_id: str, now: datetime) -> None:
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=panel_cause(public_id),
        dedupe_key=f"interview-wish:{key}",
        now=now,
    )
