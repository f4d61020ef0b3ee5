"""Thanking a candidate on the day of an interview, and letting go of what has outlived it."""

from datetime import datetime
from email.headerregistry import Address

from sqlalchemy import delete

from portal.accounts.actions import issue_token
from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.states import Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.interviews.actions.impressions import allow_impression
from portal.interviews.emails import thanking
from portal.interviews.models import ImpressionTicket, Interview, InterviewNeed
from portal.interviews.queries.reminding import (
    ThanksDue,
    thanks_due,
    thanks_standing,
    thanks_to_say,
    waiting_thanks,
)
from portal.interviews.rules.afterwards import is_need_over, thanks_until
from portal.outbox.actions import cancel, enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient


def thank(due: ThanksDue, now: datetime) -> bool:
    """Thank for the interviews of one application on one day, with the date by which they hear; False when not due.

    It waits for the reader's waking hours, and goes once a day. Recorded. Raises MissingValue.
    """
    zone = company_zone()
    said = thanks_to_say(due, now, zone)
    if said is None:
        return False
    to, owner = recipient(due.person_id), recipient(said.last.owner_id)
    mail = thanking.thanks(to, said, current_settings())
    with transaction() as session:
        lock_people(session, due.person_id, said.last.owner_id)
        session.get_one(Application, due.application_id, with_for_update=True)
        if due not in thanks_due(now, zone) or thanks_to_say(due, now, zone) != said:
            return False
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=to.person_id,
            mail_class=MailClass.OWN,
            cause=cause_of(due.application_public_id),
            dedupe_key=due.key,
            now=now,
            reply_to=str(Address(owner.name, addr_spec=owner.email)),
            timing=Timing.WAKING,
            expires_at=thanks_until(due.day, zone),
        )
        for kind, subject in (
            (TokenKind.FOLLOW, due.application_public_id),
            (TokenKind.INTERVIEW, said.last.public_id),
        ):
            issue_token(kind, mail, subject=subject, person_id=to.person_id, now=now)
        allow_impression(said.last.public_id, day_of(now, zone))
        about = f"application:{due.application_public_id}"
        record("interviews.thank", about, actor_id=None, person_id=due.person_id, now=now)
        return True


def drop_outdated_thanks(now: datetime) -> int:
    """Stop thanks that wait for the morning and whose interview did not take place, or whose application has ended."""
    waiting = waiting_thanks()
    standing = thanks_standing(now, company_zone()) if waiting else set()
    return sum(cancel(cause, now) for cause in sorted({cause for key, cause in waiting if key not in standing}))


def forget_need(interview_id: int, now: datetime) -> None:
    """Delete what made an interview accessible, once it is not needed any more."""
    with transaction() as session:
        interview = session.get(Interview, interview_id, with_for_update=True)
        if interview is not None and _is_over(interview, now):
            session.execute(delete(InterviewNeed).where(InterviewNeed.interview_id == interview_id))


def _is_over(interview: Interview, now: datetime) -> bool:
    zone = company_zone()
    return is_need_over(interview.state, interview.starts_at, zone, day_of(now, zone))


def forget_tickets(now: datetime) -> None:
    """Delete the leave to say how an interview began that nobody has used."""
    with transaction() as session:
        today = day_of(now, company_zone())
        session.execute(delete(ImpressionTicket).where(ImpressionTicket.delete_on <= today))


def cause_of(application_public_id: str) -> str:
    """What brings about the thanks to a candidate."""
    return f"interview-thanks:{application_public_id}"
