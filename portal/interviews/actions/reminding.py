"""Reminding people of an interview, once of each time, and taking back a reminder of a time that no longer holds."""

from datetime import datetime
from email.headerregistry import Address

from portal.accounts.actions import issue_token
from portal.applications.actions.locking import lock_people
from portal.core.db import transaction
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.interviews.actions.telling import Facts, facts_of
from portal.interviews.emails import reminding
from portal.interviews.models import Interview
from portal.interviews.queries.reminding import Reminder, is_still_due, standing_at, waiting_reminders
from portal.interviews.rules.reminding import makes_sense_until
from portal.outbox.actions import cancel, enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient


def remind_person(one: Reminder, now: datetime) -> bool:
    """Remind somebody of an interview, whatever the hour; False when it is no longer due. Raises MissingValue."""
    facts = facts_of(one.interview_id)
    to = facts.to if one.is_candidate else recipient(one.person_id)
    mail = _render(one, facts, to)
    with transaction() as session:
        lock_people(session, one.person_id)
        session.get_one(Interview, one.interview_id, with_for_update=True)
        # What the mail says was read before the lock: should it have changed, the next run says it anew.
        if not is_still_due(one, now) or facts_of(one.interview_id) != facts:
            return False
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=to.person_id,
            mail_class=MailClass.OWN,
            cause=cause_of(one.public_id),
            dedupe_key=one.key,
            now=now,
            reply_to=str(Address(facts.answers.name, addr_spec=facts.answers.email)) if one.is_candidate else "",
            expires_at=makes_sense_until(one.starts_at, one.ahead),
        )
        if one.is_candidate:
            issue_token(TokenKind.INTERVIEW, mail, subject=one.public_id, person_id=to.person_id, now=now)
        return True


def _render(one: Reminder, facts: Facts, to: Recipient) -> RenderedMail:
    if not one.is_candidate:
        return reminding.to_member(to, facts.arranged)
    panel = [member.name for member in facts.panel]
    return reminding.to_candidate(to, facts.arranged, one.ahead, facts.answers.name, panel)


def drop_outdated_reminders(now: datetime) -> int:
    """Stop reminders that wait in the outbox and whose interview moved or does not take place; how many those are."""
    waiting = [(key.split(":"), cause) for key, cause in waiting_reminders()]
    standing = standing_at(sorted({parts[1] for parts, _cause in waiting})) if waiting else {}
    outdated = set()
    for (_name, public_id, begins, *_rest), cause in waiting:
        at = standing.get(public_id)
        if at is None or int(at.timestamp()) != int(begins):
            outdated.add(cause)
    return sum(cancel(cause, now) for cause in sorted(outdated))


def cause_of(public_id: str) -> str:
    """What brings about the reminders of an interview."""
    return f"interview-reminder:{public_id}"
