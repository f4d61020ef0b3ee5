"""Inviting people to apply: written down for all at once, then a mail and a transaction for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from typing import Final

from sqlalchemy import func, select

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.applications.rules.finishing import needs_name, personal
from portal.audit.actions import record
from portal.company.queries import company_zone, undo_minutes
from portal.contact.rules import WANTED_FOR
from portal.core.clock import day_of
from portal.core.db import end_reading, insert_into, session, transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.settings import current_settings
from portal.fitting import emails
from portal.fitting.actions.moves import move
from portal.fitting.models import STANDS, Invitation, InvitationRound
from portal.fitting.queries import PURPOSE, FittingPerson, opening_facts_of, standing_of
from portal.fitting.rules import OpeningFacts, checked_why, checked_words, expires_at, why_not
from portal.fitting.states import InvitationState, LeftOut
from portal.outbox.actions import enqueue
from portal.people.queries import Recipient, StaffRow, addresses_of, find_staff, recipient

#: People written to within a request; the worker goes on with the rest.
STEP: Final = 10
#: How often a mail is made anew because what it says has changed while it was made.
_TRIES: Final = 3


@dataclass(frozen=True)
class Words:
    """What a colleague writes: the same words for all, and why each is written to, by public id."""

    message: str
    whys: Mapping[str, str]

    def checked(self) -> "Words":
        """The words tidied. Raises InvitationRefused."""
        return Words(checked_words(self.message), {one: checked_why(why) for one, why in self.whys.items()})


def refuse_readers(scope: StaffScope) -> None:
    """Raise NotFound for who may not write to candidates."""
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound


def preview_for(
    person: FittingPerson, opening: OpeningFacts, words: Words, *, scope: StaffScope, now: datetime
) -> RenderedMail:
    """The mail that one of them would get. Raises InvitationRefused, MissingValue, NotFound."""
    refuse_readers(scope)
    checked = words.checked()
    author = find_staff(scope.person_id)
    if author is None:
        raise NotFound
    return _rendered(recipient(person.person_id), opening, checked.message, checked.whys[person.public_id], author, now)


def _rendered(
    to: Recipient, opening: OpeningFacts, message: str, why: str, author: StaffRow, now: datetime
) -> RenderedMail:
    said = personal(message, to.name) or message
    return emails.invitation(to, opening, said, why, author.name, current_settings(), now)


def begin_inviting(
    people: Sequence[FittingPerson],
    opening: OpeningFacts,
    words: Words,
    *,
    scope: StaffScope,
    is_hurried: bool,
    now: datetime,
) -> str:
    """Write down who is invited with which words, so that nobody of them is lost; its public id. Recorded.

    Who is left out already, or was invited by a colleague in this moment, is not written to. Nothing is sent yet:
    `go_on_with_round` does that. Raises InvitationRefused, NotFound.
    """
    refuse_readers(scope)
    checked, public_id = words.checked(), new_public_id()
    with transaction() as own:
        row = InvitationRound(
            public_id=public_id,
            opening_id=opening.id,
            actor_id=scope.person_id,
            message=checked.message,
            is_hurried=is_hurried,
            created_at=now,
            taken_back_at=None,
        )
        own.add(row)
        own.flush()
        for person in people:
            if person.person_id != scope.person_id:
                _write_down(person, row, checked, now)
        count = own.scalar(select(func.count(Invitation.id)).where(Invitation.round_id == row.id))
        subject = f"opening:{opening.public_id}"
        record("fitting.invite", subject, actor_id=scope.person_id, now=now, count=count)
    return public_id


def _write_down(person: FittingPerson, row: InvitationRound, words: Words, now: datetime) -> None:
    left_out = person.left_out
    if left_out is None and needs_name(words.message) and not person.name.strip():
        left_out = LeftOut.NO_NAME
    values = {
        "public_id": new_public_id(),
        "round_id": row.id,
        "opening_id": row.opening_id,
        "person_id": person.person_id,
        "actor_id": row.actor_id,
        "why": words.whys.get(person.public_id, ""),
        "created_at": now,
    }
    with transaction() as own:
        insert = insert_into(Invitation, own.get_bind().dialect.name)
        waiting = {"state": InvitationState.WAITING, "left_out": None}
        out = {"state": InvitationState.LEFT_OUT, "left_out": left_out or LeftOut.INVITED}
        done = None
        if left_out is None:
            once = insert.values(**values, **waiting).on_conflict_do_nothing(
                index_elements=["opening_id", "person_id"], index_where=STANDS
            )
            done = own.scalar(once.returning(Invitation.id))
        if done is None:
            own.execute(insert.values(**values, **out))


def go_on_with_round(round_id: int, now: datetime, count: int = STEP) -> int:
    """Write to at most `count` of those who wait in a round; how many are left. Safe to run again and by several."""
    end_reading()
    waiting = (
        session()
        .scalars(
            select(Invitation.id)
            .where(Invitation.round_id == round_id)
            .where(Invitation.state == InvitationState.WAITING)
            .order_by(Invitation.id)
        )
        .all()
    )
    for invitation_id in waiting[:count]:
        _invite(invitation_id, now)
    return max(0, len(waiting) - count)


@dataclass(frozen=True)
class _Facts:
    """What an invitation rests on: when one of these has changed, the mail is made anew."""

    to: Recipient
    author: StaffRow
    opening: OpeningFacts
    message: str
    why: str
    is_hurried: bool


def _invite(invitation_id: int, now: datetime) -> None:
    """Write to one; whom it cannot go to any more is left out. What changes all the time waits for the next turn."""
    for _attempt in range(_TRIES):
        end_reading()
        facts = _facts(invitation_id, now)
        if facts is None:
            return
        if isinstance(facts, LeftOut):
            _leave_out(invitation_id, facts)
            return
        mail = _rendered(facts.to, facts.opening, facts.message, facts.why, facts.author, now)
        if _write(invitation_id, facts, mail, now):
            return


def _facts(invitation_id: int, now: datetime) -> _Facts | LeftOut | None:
    """What the invitation rests on; why it falls away; None: it does not wait any more."""
    invitation = session().get(Invitation, invitation_id)
    if invitation is None or invitation.state is not InvitationState.WAITING or invitation.round_id is None:
        return None
    row = session().get_one(InvitationRound, invitation.round_id)
    opening, author = opening_facts_of(invitation.opening_id), find_staff(invitation.actor_id)
    today = day_of(now, company_zone())
    if opening is None or not opening.is_open(today):
        return LeftOut.CLOSED
    if author is None or not author.is_here or not addresses_of(invitation.person_id):
        return LeftOut.NOBODY
    reason = why_not(standing_of(invitation.person_id, opening, now, today, besides=invitation.id))
    to = recipient(invitation.person_id)
    if reason is None and personal(row.message, to.name) is None:
        reason = LeftOut.NO_NAME
    return reason or _Facts(to, author, opening, row.message, invitation.why, row.is_hurried)


def _write(invitation_id: int, facts: _Facts, mail: RenderedMail, now: datetime) -> bool:
    """Put it into the outbox; False when what it rests on no longer holds."""
    with transaction() as own:
        lock_people(own, facts.to.person_id, facts.author.person_id)
        invitation = own.get(Invitation, invitation_id, with_for_update=True)
        if invitation is None or _facts(invitation_id, now) != facts:
            return False
        wanted = WANTED_FOR[PURPOSE]
        delivery_id = enqueue(
            mail,
            to_address=facts.to.email,
            to_name=facts.to.name,
            person_id=facts.to.person_id,
            mail_class=wanted.mail_class,
            purpose=wanted.purpose,
            timing=wanted.timing,
            budget=wanted.budget,
            cause=cause_of(invitation.public_id),
            dedupe_key=f"invitation:{invitation.public_id}",
            now=now,
            not_before=now if facts.is_hurried else now + timedelta(minutes=undo_minutes()),
            expires_at=expires_at(facts.opening.closes_on, company_zone(), now),
            reply_to=str(Address(facts.author.name, addr_spec=facts.author.email)),
        )
        move(invitation, InvitationState.WRITTEN, delivery_id=delivery_id)
        return True


def cause_of(public_id: str) -> str:
    """What the mail of an invitation was brought about by."""
    return f"invitation:{public_id}"


def _leave_out(invitation_id: int, reason: LeftOut) -> None:
    with transaction() as own:
        invitation = own.get(Invitation, invitation_id, with_for_update=True)
        if invitation is not None and invitation.state is InvitationState.WAITING:
            move(invitation, InvitationState.LEFT_OUT, left_out=reason)
