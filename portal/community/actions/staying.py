"""Asking those we have not heard from for long whether they want to stay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from portal.community import emails
from portal.community.queries import mail_of
from portal.company.queries import company_zone
from portal.contact.actions import let_run_out, note_asked, settle
from portal.contact.queries import consent_states
from portal.contact.rules import AskToStay, Life, next_step
from portal.contact.states import Purpose, Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, addresses_of, recipient

#: Whoever reads the last question has so long, also when our mail server was down before.
_TIME_TO_ANSWER: Final = timedelta(days=2)


def renew_consents(person_id: int, life: Life, months: int, now: datetime) -> None:
    """Ask somebody we have not heard from for nearly `months` whether they want to stay, if it is time; without an
    answer what they agreed to runs out, but not before the last question has reached them. Safe to run twice.
    """
    today = day_of(now, company_zone())
    step = next_step(life, months, today)
    purposes = [purpose for purpose, state in consent_states(person_id).items() if state.is_given]
    if step is None:
        return
    if not purposes or not addresses_of(person_id):
        settle(person_id, today)
    elif isinstance(step, AskToStay):
        _ask_to_stay(person_id, step, purposes, now)
    elif _could_answer(recipient(person_id), today):
        let_run_out(person_id, now)


def _could_answer(to: Recipient, today: date) -> bool:
    """Whether the last question has reached them in time; one that came back for good counts as asked."""
    is_on_its_way, sent_at = mail_of(_cause(to))
    if is_on_its_way:
        return False
    return sent_at is None or day_of(sent_at, company_zone()) + _TIME_TO_ANSWER <= today


def _cause(to: Recipient) -> str:
    return f"contact/keep_me:{to.public_id}"


def _ask_to_stay(person_id: int, step: AskToStay, purposes: Sequence[Purpose], now: datetime) -> None:
    to = recipient(person_id)
    mail = emails.keep_me(to, purposes, step.ends_on)
    cause = _cause(to)
    with transaction():
        if not note_asked(person_id, step, day_of(now, company_zone())):
            return
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=person_id,
            mail_class=MailClass.OWN,
            timing=Timing.WAKING,
            cause=cause,
            dedupe_key=f"{cause}:{step.ends_on}:{step.days}",
            now=now,
        )
