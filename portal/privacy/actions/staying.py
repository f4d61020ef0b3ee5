"""Nobody is kept for ever: asking whether they want to stay, and erasing who does not answer."""

from datetime import date, datetime

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import note_life
from portal.contact.states import Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.keeping.actions import note_question
from portal.keeping.queries.lives import Standing, standing_of
from portal.keeping.rules import AskNow, EraseNow, next_question
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient
from portal.privacy import emails
from portal.privacy.actions.people import erase_person, hold_people


def ask_or_let_go(person_id: int, now: datetime) -> bool:
    """Do what is due today about how long this person stays: ask, erase, or nothing. Whether they were erased.

    Nobody is erased whose application, task or interview is open, and nobody without three mails in time before.
    """
    today = day_of(now, company_zone())
    standing = standing_of(person_id, now)
    step = _step(standing, today)
    if isinstance(step, AskNow):
        _ask(standing, step, today, now)
    elif isinstance(step, EraseNow):
        with transaction():
            # Whoever answers just now is before us or after us; what they say counts.
            hold_people(person_id)
            if isinstance(_step(standing_of(person_id, now), today), EraseNow):
                erase_person(person_id, None, now)
                return True
    return False


def _step(standing: Standing, today: date) -> AskNow | EraseNow | None:
    if standing.has_open_matters:
        return None
    return next_question(standing.counted_from, standing.ends_on, standing.asked, today)


def _ask(standing: Standing, step: AskNow, today: date, now: datetime) -> None:
    to = recipient(standing.person_id)
    mail = emails.stay(to, step.ends_on, is_member=standing.is_member)
    cause = f"privacy/stay:{to.public_id}"
    with transaction():
        hold_people(standing.person_id)
        if _step(standing_of(standing.person_id, now), today) != step:
            return
        delivery_id = enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=to.person_id,
            mail_class=MailClass.OWN,
            timing=Timing.WAKING,
            cause=cause,
            dedupe_key=f"{cause}:{standing.counted_from}:{step.count}:{today}",
            now=now,
        )
        note_question(standing.person_id, step, standing.counted_from, today, delivery_id)


def keep_me(person_id: int, now: datetime) -> None:
    """They want to stay: a sign of life, from which their time is counted anew. Recorded."""
    public_id = recipient(person_id).public_id
    with transaction():
        note_life(person_id, now)
        record("privacy.keep_me", f"person:{public_id}", actor_id=person_id, now=now, person_id=person_id)
