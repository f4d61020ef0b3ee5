"""Staying in touch after "not yet": three dated tasks with a draft each, until they have moved on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.telling import Telling, found, prepare, tell
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import Going, StaffScope, StaffView, find_followed
from portal.applications.queries.endings import (
    NotYet,
    Owed,
    Stay,
    find_dropped,
    find_not_yet,
    next_stay,
    standing_stay,
    stay_days,
    stays_over,
    why_stay_over,
)
from portal.applications.queries.staying import (
    BY_LINK,
    is_yes_by_link,
    may_say_yes_by_link,
    said_yes_on,
    unanswered_stays,
)
from portal.applications.rules import GoneAlready, Proposal, ProposalRefused
from portal.applications.rules.endings import STAY_DAYS
from portal.applications.rules.keeping_touch import STAY_WANTED, SignInToSayYes
from portal.applications.rules.proposals import LONGEST_PROMISE
from portal.applications.states import EventKind, StayEnd
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import choose, stop
from portal.contact.states import Purpose
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient
from portal.tasks.actions import add_task, cancel_task, cancel_tasks, finish_task
from portal.tasks.states import TaskKind

#: Days that fell away for this reason are not set again: they want none.
FOR_GOOD: Final = {StayEnd.RATHER_NOT, StayEnd.NO_CHECK_INS}


def write_stays(event_id: int, now: datetime) -> None:
    """Write the three tasks of a letter that said "not yet"; safe to run twice.

    Nothing is owed to somebody who has answered, applied again, been hired or withdrawn since they were told.
    """
    not_yet = find_not_yet(event_id)
    if not_yet is None:
        return
    with transaction() as session:
        lock_people(session, not_yet.person_id)
        not_yet = find_not_yet(event_id)
        if not_yet is None:
            return
        event = session.get_one(ApplicationEvent, event_id)
        event.stay_open_since = None
        why = why_stay_over(not_yet.application_id, not_yet.told_at, day_of(now, company_zone()))
        if why is None:
            _add_tasks(not_yet, stay_days(day_of(not_yet.told_at, company_zone())), not_yet.event_public_id, now)
        else:
            event.stay_dropped_at, event.stay_dropped_why = now, why


def _add_tasks(owed: NotYet | Owed, days: Sequence[date], key: str, now: datetime) -> None:
    for after, due_on in zip(STAY_DAYS, days, strict=True):
        add_task(
            owner_id=owed.owner_id,
            kind=TaskKind.STAY_IN_TOUCH,
            cause=_cause(owed.public_id),
            about=owed.public_id,
            due_on=due_on,
            dedupe_key=f"stay:{key}:{after}",
            title=owed.opening_title,
            person_id=owed.person_id,
            now=now,
        )


def _cause(public_id: str) -> str:
    return f"stay:{public_id}"


def drop_stays(now: datetime) -> None:
    """Let go of the tasks to stay in touch with those who have moved on, or whose mark stands no more.

    A task whose day came without a yes goes too, a working day later: nobody could have written.
    """
    today = day_of(now, company_zone())
    for over in stays_over(today):
        end_reading()
        with transaction() as session:
            lock_people(session, over.person_id)
            why = why_stay_over(over.application_id, over.since, today)
            if why is not None and cancel_tasks(over.cause, now):
                _note_dropped(session, over.event_public_id, why, now)
    for unanswered in unanswered_stays(today):
        end_reading()
        with transaction() as session:
            lock_people(session, unanswered.person_id)
            if said_yes_on(unanswered.person_id) is None:
                cancel_task(unanswered.task_id, now)


def _note_dropped(session: Session, event_public_id: str, why: StayEnd, now: datetime) -> None:
    event = session.scalars(
        select(ApplicationEvent).where(ApplicationEvent.public_id == event_public_id).with_for_update()
    ).one_or_none()
    if event is not None:
        event.stay_open_since, event.stay_dropped_at, event.stay_dropped_why = None, now, why


def rather_not(person_id: int, public_id: str, *, now: datetime, by_link: bool = False) -> bool:
    """Somebody who was told “not yet” would rather not hear from us about it: the days go. Recorded.

    A yes that was said with the link from a mail is taken back with them. False when no day was left. Raises NotFound
    where it is not their application.
    """
    with transaction() as session:
        event_id = _standing(session, person_id, public_id)
        if event_id is None:
            return False
        cancel_tasks(_cause(public_id), now)
        _note_dropped(session, event_id, StayEnd.RATHER_NOT, now)
        if is_yes_by_link(person_id):
            stop(person_id, [Purpose.CHECK_INS], source=BY_LINK, now=now)
        record(
            "applications.rather_not",
            f"application:{public_id}",
            actor_id=None if by_link else person_id,
            person_id=person_id,
            now=now,
            by_link=by_link or None,
        )
        return True


def say_yes(person_id: int, public_id: str, *, source: str, now: datetime) -> bool:
    """Somebody who was told “not yet” wants to hear from us; `source` is where they said so. In the ledger.

    False when no day was left to say yes to. Raises NotFound where it is not their application.
    """
    with transaction() as session:
        if _standing(session, person_id, public_id) is None:
            return False
        choose(person_id, Purpose.CHECK_INS, True, source=source, now=now)
        return True


def say_yes_by_link(public_id: str, *, now: datetime) -> bool:
    """As `say_yes`, with the link from a mail alone; their address hears of it at once, and how it is taken back.

    Whoever got the mail passed on could press it, too: so it never undoes what they themselves said. Raises NotFound,
    SignInToSayYes.
    """
    view = find_followed(public_id)
    if view is None:
        raise NotFound
    to = recipient(view.person_id)
    mail = emails.said_yes(to, view.opening_title)
    with transaction() as session:
        if _standing(session, view.person_id, public_id) is None:
            return False
        if not may_say_yes_by_link(view.person_id):
            raise SignInToSayYes(_("Please sign in to say yes: you have said no to such mail before."))
        if said_yes_on(view.person_id) is None:
            choose(view.person_id, Purpose.CHECK_INS, True, source=BY_LINK, now=now)
            enqueue(
                mail,
                to_address=to.email,
                to_name=to.name,
                person_id=to.person_id,
                mail_class=MailClass.OWN,
                cause=f"application:{public_id}",
                dedupe_key=f"said_yes:{mail.key}",
                now=now,
            )
            issue_token(TokenKind.FOLLOW, mail, subject=public_id, person_id=to.person_id, now=now)
        return True


def _standing(session: Session, person_id: int, public_id: str) -> str | None:
    """The letter whose days stand about an application of theirs, which is held from here on; raises NotFound."""
    lock_people(session, person_id)
    application = session.scalars(
        select(Application)
        .where(Application.public_id == public_id)
        .where(Application.person_id == person_id)
        .with_for_update()
    ).one_or_none()
    if application is None:
        raise NotFound
    return standing_stay(application.id)


def set_again(public_id: str, from_on: date | None, *, scope: StaffScope, now: datetime) -> None:
    """Stay in touch after all with somebody whose days fell away: the days count from `from_on`. Recorded.

    Raises ProposalRefused, NotFound, and GoneAlready where they asked for it, or nothing calls for it any more.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    today = day_of(now, company_zone())
    view = found(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id)
        owed = find_dropped(public_id)
        if owed is None or owed.why in FOR_GOOD or why_stay_over(view.id, now, today) is not None:
            raise GoneAlready(_("The days cannot be set again: they asked for it, or nothing calls for it any more."))
        if from_on is None or not today <= from_on <= today + LONGEST_PROMISE:
            raise ProposalRefused("from_on", _("Please choose a day from today on, within the next 90 days."))
        _add_tasks(owed, stay_days(from_on), f"{owed.event_public_id}.{now:%Y%m%d%H%M%S}", now)
        event = session.scalars(
            select(ApplicationEvent).where(ApplicationEvent.public_id == owed.event_public_id).with_for_update()
        ).one()
        event.stay_dropped_at = event.stay_dropped_why = None
        record(
            "applications.stay_again",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
        )


def stay_words(view: StaffView, stay: Stay) -> str:
    """The text that a letter to stay in touch begins with, made of what we know; raises MissingValue."""
    return emails.stay_draft(recipient(view.person_id), view.opening_title, stay.days, stay.told_on)


def preview_stay(public_id: str, message: str, *, scope: StaffScope, now: datetime) -> tuple[RenderedMail, Going]:
    """The letter exactly as they would get it, and when it would go; raises ProposalRefused, NotFound."""
    view = found(public_id, scope)
    ready = prepare(view, _check_in(view, message, scope, now))
    return ready.mail, ready.going


def _check_in(view: StaffView, message: str, scope: StaffScope, now: datetime, *, is_hurried: bool = False) -> Telling:
    proposal = Proposal(view.status, message, None, "")
    return Telling(view.public_id, scope, EventKind.MESSAGE, proposal, is_hurried, now, wanted=STAY_WANTED)


def stay_in_touch(
    public_id: str, message: str, *, scope: StaffScope, seen_event_id: str, now: datetime, is_hurried: bool = False
) -> Going:
    """Write to somebody whom we told "not yet" and who said yes; the first of the tasks of that letter is done.

    Raises GoneAlready when nothing is owed any more, ProposalRefused where they have not said yes, and what
    `write_to_candidate` raises.
    """
    view = found(public_id, scope)
    stay = next_stay(public_id)
    if stay is None:
        raise GoneAlready(_("They have moved on, so nothing is left to write."))
    going = tell(_check_in(view, message, scope, now, is_hurried=is_hurried), seen_event_id)
    finish_task(stay.task_id, actor_id=scope.person_id, now=now)
    return going
