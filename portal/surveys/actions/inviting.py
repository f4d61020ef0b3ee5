"""Asking somebody who came past a touchpoint, passing them over, reminding them once, and stopping what waits.

That somebody was asked stands in their invitation, so it has no audit record.
"""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications.actions.locking import lock_people
from portal.company.queries import company_zone
from portal.contact.queries import verdict_for
from portal.contact.rules import Hold, Never, Wanted
from portal.contact.rules.hours import start_of_day
from portal.contact.states import Budget, MailClass, Purpose, Timing, WhyNot
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue, take_back
from portal.people.queries import Recipient, active_recruiters, recipient
from portal.surveys.actions.reaching import uncount
from portal.surveys.emails import INVITATIONS, REMINDERS, survey_mail
from portal.surveys.models import SurveyInvitation
from portal.surveys.queries.asked import Asked, WaitingMail, on_receipt, publishers_of
from portal.surveys.queries.inviting import Asking, Came, came_again, cases, survey_that_asks
from portal.surveys.queries.surveys import content_of
from portal.surveys.rules.answers import minutes_for
from portal.surveys.rules.inviting import (
    WITHOUT_MAIL,
    Ask,
    PassOver,
    cause_of,
    closes_on,
    decide,
    is_reminder_due,
    is_too_late_to_remind,
    mail_until,
    may_hear,
)
from portal.surveys.states import SurveyState, Touchpoint, WhyNotAsked

_ABOUT_APPLICATION: Final = Wanted(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE)
_PULSE: Final = Wanted(MailClass.COMMUNITY, Purpose.COMMUNITY_PULSE, Timing.WAKING, Budget.NONE)
_REFUSED: Final[dict[WhyNot, WhyNotAsked]] = {
    WhyNot.SURVEYS_OFF: WhyNotAsked.OPTED_OUT,
    WhyNot.NO_CONSENT: WhyNotAsked.NO_CONSENT,
    WhyNot.SUPPRESSED: WhyNotAsked.NO_ADDRESS,
    WhyNot.GONE: WhyNotAsked.NO_ADDRESS,
}


def ask(asking: Asking, came: Came, now: datetime) -> bool:
    """Ask somebody: in the portal, and by mail where none about this application has gone; False when not now.

    No mail is written while it would have to wait for the reader's morning: nothing lies about that an answer, or a
    letter with an outcome, would have to stop. Whoever no mail reaches is passed over. Raises MissingValue.
    """
    if asking.touchpoint in WITHOUT_MAIL or came.has_had_mail:
        return _invite(asking, came, None, None, now)
    if not came.has_address:
        pass_over(asking, [came], now, WhyNotAsked.NO_ADDRESS)
        return False
    to = recipient(came.person_id)
    verdict = verdict_for(came.person_id, to.email, _wanted(asking.touchpoint), now)
    if isinstance(verdict, Never):
        pass_over(asking, [came], now, _REFUSED[verdict.reason])
    if isinstance(verdict, Never | Hold):
        return False
    mail, reply_to = _letter(INVITATIONS[asking.touchpoint], asking, came, to, now)
    return _invite(asking, came, mail, (to, reply_to), now)


def _invite(
    asking: Asking, came: Came, mail: RenderedMail | None, addressed: tuple[Recipient, str] | None, now: datetime
) -> bool:
    today = day_of(now, company_zone())
    with transaction() as session:
        lock_people(session, came.person_id)
        again = _as_it_is(asking, came, now)
        if again is None or not isinstance(decide(asking.touchpoint, again.due_at, again.standing, now, today), Ask):
            return False
        invitation = _new(asking, came, now)
        if mail is not None and addressed is not None:
            until = mail_until(asking.touchpoint, again.due_at, now)
            invitation.delivery_id = _send(mail, addressed, invitation, asking.touchpoint, 0, until, now)
        session.add(invitation)
        return True


def _as_it_is(asking: Asking, came: Came, now: datetime) -> Came | None:
    """The same as it is inside the transaction; None: somebody else was quicker, or it is not the same any more."""
    if survey_that_asks(asking.touchpoint) != asking:
        return None
    found = next(iter(cases(asking, [came.about_id], now)), None)
    is_same = found is not None and (found.cause, found.has_had_mail) == (came.cause, came.has_had_mail)
    return found if is_same else None


def _new(asking: Asking, came: Came, now: datetime, why_not: WhyNotAsked | None = None) -> SurveyInvitation:
    today = day_of(now, company_zone())
    return SurveyInvitation(
        public_id=new_public_id(),
        survey_id=asking.survey_id,
        person_id=came.person_id,
        application_id=came.application_id,
        cause=came.cause,
        asked_on=today,
        closes_on=closes_on(today),
        why_not=why_not,
        is_opened=False,
        is_answered=False,
    )


def pass_over(asking: Asking, some: Sequence[Came], now: datetime, why: WhyNotAsked | None = None) -> int:
    """Note of people who came past that they are not asked, each with why; returns how many were noted.

    `why`: what kept the mail from them, where the rules would have asked.
    """
    today = day_of(now, company_zone())
    with transaction() as session:
        lock_people(session, *(one.person_id for one in some))
        noted = 0
        for one in cases(asking, [one.about_id for one in some], now):
            decision = decide(asking.touchpoint, one.due_at, one.standing, now, today)
            found = decision.why if isinstance(decision, PassOver) else why
            if found is not None:
                session.add(_new(asking, one, now, found))
                noted += 1
        return noted


def ask_applicant(person_id: int, application_public_id: str, now: datetime) -> str:
    """The public id of their invitation to the survey of the receipt, which is made where the job has not been yet.

    Empty where they are not asked. Raises NotFound for what is not their own application made here.
    """
    cause = cause_of(Touchpoint.APPLIED, application_public_id)
    found, asking = on_receipt(person_id, application_public_id, cause), survey_that_asks(Touchpoint.APPLIED)
    if found is None:
        raise NotFound
    if not found.invitation_id and asking is not None:
        for came in cases(asking, [found.application_id], now):
            ask(asking, came, now)
        found = on_receipt(person_id, application_public_id, cause) or found
    return found.invitation_id if found.why_not is None else ""


def remind(asking: Asking, asked: Asked, now: datetime) -> bool:
    """Remind somebody once who has not answered, if everything still allows it; False when not now.

    Raises MissingValue.
    """
    came = _still_there(asking, asked, now)
    if came is None or not came.has_address:
        return False
    to = recipient(asked.person_id)
    if isinstance(verdict_for(asked.person_id, to.email, _wanted(asked.touchpoint), now), Never | Hold):
        return False
    mail, reply_to = _letter(REMINDERS[asked.touchpoint], asking, came, to, now, asked)
    with transaction() as session:
        lock_people(session, asked.person_id)
        row = session.get(SurveyInvitation, asked.invitation_id, with_for_update=True)
        if row is None or row.is_answered or row.reminder_id is not None or _still_there(asking, asked, now) is None:
            return False
        until = mail_until(asked.touchpoint, came.due_at, now, is_reminder=True)
        row.reminder_id = _send(mail, (to, reply_to), row, asked.touchpoint, 1, until, now)
        return True


def _still_there(asking: Asking, asked: Asked, now: datetime) -> Came | None:
    """Where they stand who were asked, if a reminder is due to them and may go."""
    found = next(iter(came_again(asking, [asked.about_id], now)), None)
    if found is None or (found.cause != asked.cause and asked.touchpoint is not Touchpoint.COMMUNITY):
        return None
    today = day_of(now, company_zone())
    is_due = is_reminder_due(asked.sent_at, asked.closes_on, found.timezone, now, today)
    is_over = is_too_late_to_remind(asked.touchpoint, found.due_at, now)
    return found if is_due and not is_over and may_hear(asked.touchpoint, found.standing) else None


def stop_mail(asking: Asking | None, waiting: WaitingMail, now: datetime) -> bool:
    """Take back a mail that waits and whose reason is gone: answered, closed, an outcome on its way, too late.

    Who was not asked after all, and had not begun, is asked later, or passed over. Of the time only the day is kept:
    whose answer came before it would be known to the minute. False where it may go, or cannot be taken back.
    """
    if not without_reason(asking, [waiting], now):
        return False
    zone = company_zone()
    with transaction() as session:
        lock_people(session, waiting.person_id)
        row = session.get(SurveyInvitation, waiting.invitation_id, with_for_update=True)
        if row is None or not take_back(waiting.delivery_id, start_of_day(day_of(now, zone), zone)):
            return False
        if not row.is_answered:
            _undo(session, row, waiting)
        return True


def without_reason(asking: Asking | None, some: Sequence[WaitingMail], now: datetime) -> list[WaitingMail]:
    """Which of these mails about one survey are to be taken back; `asking` None: nobody new is asked at present."""
    ids = sorted({one.about_id for one in some})
    came = {one.about_id: one for one in came_again(asking, ids, now)} if asking is not None else {}
    return [one for one in some if not _has_reason(asking, one, came.get(one.about_id), now)]


def _has_reason(asking: Asking | None, waiting: WaitingMail, found: Came | None, now: datetime) -> bool:
    is_over = waiting.expires_at is not None and waiting.expires_at <= now
    if waiting.is_answered or is_over or waiting.state is SurveyState.CLOSED:
        return False
    if asking is None:
        return True
    is_same = found is not None and (waiting.touchpoint is Touchpoint.COMMUNITY or found.cause == waiting.cause)
    return found is not None and is_same and may_hear(waiting.touchpoint, found.standing)


def _undo(session: Session, row: SurveyInvitation, waiting: WaitingMail) -> None:
    if waiting.is_reminder:
        row.reminder_id = None
    elif not row.is_opened and waiting.state is not SurveyState.CLOSED:
        uncount(row)
        session.delete(row)


def _wanted(touchpoint: Touchpoint) -> Wanted:
    return _PULSE if touchpoint is Touchpoint.COMMUNITY else _ABOUT_APPLICATION


def _letter(
    kind: str, asking: Asking, came: Came, to: Recipient, now: datetime, asked: Asked | None = None
) -> tuple[RenderedMail, str]:
    """The mail, and who reads what they write back: whoever looks after the application, else who published."""
    content = content_of(asking.survey_id, asking.version_number)
    if content is None:
        raise NotFound
    reader = recipient(came.owner_id) if came.owner_id is not None else _who_reads_the_pulse(asking.survey_id)
    until = asked.closes_on if asked is not None else closes_on(day_of(now, company_zone()))
    mail = survey_mail(
        kind,
        to,
        opening=came.opening_title,
        answers=reader.name or reader.email,
        minutes=minutes_for(content),
        closes_on=until,
    )
    return mail, str(Address(reader.name, addr_spec=reader.email))


def _who_reads_the_pulse(survey_id: int) -> Recipient:
    """Whoever published it last, if they are still here; else the first of those who look after candidates."""
    here = [one.person_id for one in active_recruiters()]
    published = [one for one in publishers_of(survey_id) if one in here]
    if not here:
        raise NotFound
    return recipient(published[0] if published else here[0])


def _send(
    mail: RenderedMail,
    addressed: tuple[Recipient, str],
    invitation: SurveyInvitation,
    touchpoint: Touchpoint,
    number: int,
    until: datetime,
    now: datetime,
) -> int:
    """Put the mail into the outbox with its link, to go by `until`: `number` 0 asks, 1 reminds. Joins."""
    (to, reply_to), wanted = addressed, _wanted(touchpoint)
    delivery_id = enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=wanted.mail_class,
        cause=f"survey:{invitation.public_id}",
        dedupe_key=f"survey:{invitation.public_id}:{number}:{mail.key}",
        now=now,
        reply_to=reply_to,
        purpose=wanted.purpose,
        timing=wanted.timing,
        budget=wanted.budget,
        expires_at=until,
    )
    issue_token(TokenKind.SURVEY, mail, subject=invitation.public_id, person_id=to.person_id, now=now)
    return delivery_id
