"""The one invitation: worded and seen by a colleague, sent to each by a mail of their own, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address

from portal.accounts.actions import issue_token
from portal.audit.actions import record
from portal.company.queries import areas as all_areas
from portal.company.queries import company_zone
from portal.contact.queries import address_hash
from portal.contact.states import Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.models import Person
from portal.people.queries import Recipient, StaffRow, find_staff, recipient
from portal.prospects import emails
from portal.prospects.models import Prospect
from portal.prospects.queries import ProspectRow, facts_of, looked_at, suppressed_among
from portal.prospects.rules import MOST_AT_ONCE, SENT_WITHIN, checked_words, latest_erasure, may_invite
from portal.wording.rules import MissingValue


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is not invited, and why not in a sentence for colleagues."""

    prospect: ProspectRow
    why: str


@dataclass(frozen=True)
class Invited:
    """What became of an invitation to one or many."""

    count: int
    left_out: tuple[LeftOut, ...]


def cause_of(public_id: str) -> str:
    """What an invitation is about, for the outbox."""
    return f"prospect:{public_id}"


def preview_invitation(prospect: ProspectRow, words: str, *, actor_id: int, now: datetime) -> RenderedMail:
    """The mail that one of them would get; nothing is written. Raises WordsRefused, MissingValue, NotFound."""
    return _render(prospect, recipient(prospect.person_id), checked_words(words), _sender(actor_id), now)


def who_is_left_out(people: Sequence[ProspectRow]) -> list[LeftOut]:
    """Those who cannot be invited now, and why; two statements however many they are."""
    returned = suppressed_among({address_hash(one.email): one.email for one in people})
    left_out = []
    for one in people:
        if not one.may_be_invited:
            left_out.append(LeftOut(one, _why_not(one)))
        elif one.email in returned:
            left_out.append(LeftOut(one, _("Mail to this address came back. An admin can let us try again.")))
    return left_out


def _why_not(one: ProspectRow) -> str:
    if one.facts.is_here:
        return _("They are here already: they joined, applied or signed in.")
    if one.facts.is_leaving:
        return _("They are being deleted.")
    if one.facts.has_said_no:
        return _("They said that they want no mail from us.")
    return _("They were invited before, and an invitation is never repeated.")


def invite(people: Sequence[ProspectRow], words: str, *, actor_id: int, now: datetime) -> Invited:
    """Invite each of at most 50 people by a mail of their own, signed by the colleague. Recorded for each.

    Whoever cannot be invited is left out with the reason; twice at the same moment is once. Raises WordsRefused,
    NotFound.
    """
    said, sender = checked_words(words), _sender(actor_id)
    left_out = who_is_left_out(people)
    skipped = {one.prospect.person_id for one in left_out}
    count = 0
    for one in people[:MOST_AT_ONCE]:
        if one.person_id in skipped:
            continue
        to = recipient(one.person_id)
        try:
            mail = _render(one, to, said, sender, now)
        except MissingValue as missing:
            left_out.append(LeftOut(one, missing.message))
            continue
        if _send(one, to, mail, sender, now):
            count += 1
        else:
            left_out.append(LeftOut(one, _("Somebody else has just invited them, or they have just come to us.")))
    return Invited(count, tuple(left_out))


def _render(prospect: ProspectRow, to: Recipient, words: str, sender: StaffRow, now: datetime) -> RenderedMail:
    labels = {area.key: area.label for area in all_areas()}
    return emails.invitation(
        to,
        prospect,
        recruiter=sender.name,
        words=words,
        erased_on=latest_erasure(day_of(now, company_zone())),
        areas=[labels[key] for key in prospect.areas if key in labels],
        has_links=bool(looked_at(prospect.person_id)),
    )


def _sender(actor_id: int) -> StaffRow:
    sender = find_staff(actor_id)
    if sender is None or not sender.is_here:
        raise NotFound
    return sender


def _send(one: ProspectRow, to: Recipient, mail: RenderedMail, sender: StaffRow, now: datetime) -> bool:
    """Write the invitation unless something has changed meanwhile; joins no other transaction."""
    with transaction() as session:
        # The person first: whoever joins, erases or invites them waits.
        session.get(Person, one.person_id, with_for_update=True)
        row = session.get(Prospect, one.person_id, with_for_update=True)
        facts = facts_of(one.person_id)
        if row is None or facts is None or not may_invite(facts):
            return False
        issue_token(TokenKind.NO_THANKS, mail, subject=to.public_id, person_id=to.person_id, now=now)
        row.delivery_id = enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=to.person_id,
            # It tells them what we hold about them (Article 14 of the GDPR), so it needs no yes; it goes once.
            mail_class=MailClass.OWN,
            timing=Timing.WAKING,
            cause=cause_of(to.public_id),
            dedupe_key=f"{mail.kind}:{mail.key}",
            now=now,
            expires_at=now + SENT_WITHIN,
            reply_to=str(Address(sender.name, addr_spec=sender.email)),
        )
        row.invited_at, row.invited_by_id = now, sender.person_id
        subject = f"person:{to.public_id}"
        record("prospects.invite", subject, actor_id=sender.person_id, now=now, person_id=to.person_id)
        session.flush()
        return True
