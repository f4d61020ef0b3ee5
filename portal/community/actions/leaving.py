"""Leaving the community; applications stay as they are."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from portal.audit.actions import record
from portal.community import emails
from portal.community.actions.saying import locked_person
from portal.community.models import JoinRequest, Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.contact.actions import record_consent, stop_surveys
from portal.contact.queries import consent_states
from portal.contact.rules import TEXT_VERSION
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import transaction
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import reader
from portal.outbox.actions import enqueue, look_again
from portal.outbox.states import MailClass
from portal.people.models import Address
from portal.people.queries import recipient

_LEAVE = "/me/leave"
#: The sentence beside the button that leaves; the ledger keeps it for every purpose.
LEAVING_WORDS: Final = _l("I leave the community. Write to me only about my account and my applications.")


def leave_community(person_id: int, now: datetime) -> bool:
    """Let a member go: no consent holds any longer, no survey comes, what they look for is deleted.

    Applications stay as they are. Told by mail. False, and nothing happens, when they are no member.
    """
    mail = emails.left(recipient(person_id))
    with transaction() as session:
        person = locked_person(person_id)
        membership = session.get(Membership, person_id)
        if membership is None or membership.left_at is not None:
            return False
        membership.left_at = now
        for table in (PersonArea, PersonSkill, PersonPlace, Preferences):
            session.execute(delete(table).where(table.person_id == person_id))
        own = select(Address.email).where(Address.person_id == person_id).scalar_subquery()
        # A link to join that is still in the mail must not bring back what was ticked before.
        session.execute(
            delete(JoinRequest).where(JoinRequest.email.in_(own)).execution_options(synchronize_session=False)
        )
        _withdraw_all(person_id, now)
        # The sentence says only account and applications, so the survey about them ends as well.
        stop_surveys(person_id, now)
        look_again(person_id, now)
        record("community.leave", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id)
        to = recipient(person_id)
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=person_id,
            mail_class=MailClass.OWN,
            cause=f"{mail.kind}:{mail.key}",
            dedupe_key=f"{mail.kind}:{mail.key}",
            now=now,
        )
        return True


def _withdraw_all(person_id: int, now: datetime) -> None:
    """Whoever leaves says no to every purpose, also to those that were never asked: only they can say yes again."""
    states = consent_states(person_id)
    for purpose in Purpose:
        state = states.get(purpose)
        if state is not None and state.action is ConsentAction.WITHDRAWN:
            continue
        record_consent(
            person_id,
            purpose,
            ConsentAction.WITHDRAWN,
            words=str(LEAVING_WORDS),
            text_version=TEXT_VERSION,
            locale=reader().locale,
            source=_LEAVE,
            now=now,
        )
