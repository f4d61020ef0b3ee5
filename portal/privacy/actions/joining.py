"""Joining the record of another address to one's own, once every address of that record has been shown to be one's."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.accounts.actions import JoiningNotice, address_notice, joining_notice, settle_address, tell_of_joining
from portal.accounts.queries import AskedAddress, own_addresses, proven_addresses, unproven_addresses
from portal.applications.models import Application
from portal.audit.actions import record
from portal.conversations.models import ConversationMessage
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.notes.models import Note, PersonTag
from portal.people.models import Address, Person
from portal.people.queries import KnownPerson, find_staff, known_person, recipient
from portal.privacy.actions.parting import PARTED_WITHIN
from portal.privacy.actions.people import NotPossible, hold_people, merge_people
from portal.privacy.queries import JOINED, joined_records


class NothingToJoin(PortalError):
    """No confirmed address waits for its record to be joined; perhaps it was done in another tab."""


def join_records(person_id: int, session_id: int, now: datetime) -> str:
    """Join the record of an address that this person has confirmed to theirs, in one transaction; the address.

    What they chose outranks what the other record says, and what either withdrew stays withdrawn. Every confirmed
    address of both is told, with a link that parts them again. A colleague's record never joins another one: its
    rights would come by an address alone. Raises NothingToJoin; NotPossible also where that record has an address that
    they have not confirmed, or can still part from one that joined it.
    """
    asked = proven_addresses(person_id, now)
    if not asked:
        raise _nothing_to_join()
    other = known_person(asked[0].email)
    other_id = other.person_id if other else person_id
    mine = [one for one in asked if _owner_of(one.email, person_id) == other_id]
    # Of records that become one, every address is told; of an address alone, only the one we write to.
    notice = address_notice(mine[0]) if mine[0].is_change or other_id == person_id else None
    notices = _notices(person_id, other, asked)
    with transaction():
        hold_people(person_id, other_id)
        if _owner_of(asked[0].email, person_id) != other_id or proven_addresses(person_id, now) != asked:
            raise _nothing_to_join()
        if other_id != person_id:
            _refuse_unproven(other_id, [one.email for one in asked])
            _refuse_parting(other_id, now)
            if set(notices) != _concerned(person_id, other_id, mine):
                raise _nothing_to_join()
            _take_over(person_id, other_id, now)
        for one in reversed(mine):
            settle_address(one.request_id, session_id, notice if one is mine[0] else None, now)
        if other_id != person_id:
            tell_of_joining(person_id, notices, now)
    return asked[0].email


def _owner_of(email: str, asker_id: int) -> int:
    """Whose address it is; the asker's when it is nobody's any more."""
    person = known_person(email)
    return person.person_id if person else asker_id


def _concerned(person_id: int, other_id: int, mine: Collection[AskedAddress]) -> set[str]:
    """The addresses of both that somebody has confirmed, and those just confirmed."""
    both = [*own_addresses(person_id), *own_addresses(other_id)]
    return {one.email for one in both if one.confirmed_at is not None} | {one.email for one in mine}


def _notices(person_id: int, other: KnownPerson | None, asked: Collection[AskedAddress]) -> dict[str, JoiningNotice]:
    """What each address of both is told, each in the language of its own record."""
    if other is None or other.person_id == person_id:
        return {}
    me = recipient(person_id)
    theirs = {one.email for one in own_addresses(other.person_id)}
    mine = [one for one in asked if one.email in theirs]
    concerned = sorted(_concerned(person_id, other.person_id, mine))
    return {email: joining_notice(other if email in theirs else me) for email in concerned}


def _refuse_unproven(other_id: int, proven: Collection[str]) -> None:
    if find_staff(other_id) is not None:
        raise NotPossible(
            _("This address belongs to a colleague's account. Sign in there, and add your other address to it.")
        )
    if unproven_addresses(other_id, proven):
        raise NotPossible(
            _("That record has another address as well. Confirm it here, too, or sign in there and add yours to it.")
        )


def _refuse_parting(other_id: int, now: datetime) -> None:
    """Of three records that became one, the innermost could not part: its link knows only whom it joined."""
    with transaction() as session:
        own = set(session.scalars(select(Address.id).where(Address.person_id == other_id)))
    if any(own & one.address_ids for one in joined_records(other_id, now - PARTED_WITHIN)):
        raise NotPossible(
            _("That record was joined with another one a short while ago. In two weeks it can join yours.")
        )


def _take_over(person_id: int, other_id: int, now: datetime) -> None:
    """Make both one, and note what came, so that it can go back."""
    with transaction() as session:
        addresses = session.scalars(select(Address.id).where(Address.person_id == other_id).order_by(Address.id)).all()
        applications = session.scalars(
            select(Application.public_id).where(Application.person_id == other_id).order_by(Application.id)
        ).all()
        joined = session.get_one(Person, other_id).public_id
        beside = _beside_applications(person_id, other_id)
        merge_people(person_id, other_id, person_id, now)
        record(
            JOINED,
            f"person:{session.get_one(Person, person_id).public_id}",
            actor_id=person_id,
            now=now,
            person_id=person_id,
            joined=joined,
            address_rows=",".join(str(one) for one in addresses),
            applications=",".join(applications),
            **beside,
        )


def _beside_applications(person_id: int, other_id: int) -> dict[str, str]:
    """What comes with the other record and is about no application: ids only, as the audit log outlives the words."""
    own_keys = select(PersonTag.key).where(PersonTag.person_id == person_id)
    others_keys = select(PersonTag.key).where(PersonTag.person_id == other_id)
    with transaction() as session:
        notes = session.scalars(
            select(Note.public_id)
            .where(Note.person_id == other_id)
            .where(Note.application_id.is_(None))
            .order_by(Note.id)
        ).all()
        messages = session.scalars(
            select(ConversationMessage.public_id)
            .where(ConversationMessage.person_id == other_id)
            .where(ConversationMessage.application_id.is_(None))
            .order_by(ConversationMessage.id)
        ).all()
        tags = session.scalars(
            select(PersonTag.id)
            .where(PersonTag.person_id == other_id)
            .where(PersonTag.key.not_in(own_keys))
            .order_by(PersonTag.id)
        ).all()
        shared = session.scalars(
            select(PersonTag.id)
            .where(PersonTag.person_id == person_id)
            .where(PersonTag.key.in_(others_keys))
            .order_by(PersonTag.id)
        ).all()
    return {
        "notes": ",".join(notes),
        "messages": ",".join(messages),
        "tag_rows": ",".join(str(one) for one in tags),
        "shared_tag_rows": ",".join(str(one) for one in shared),
    }


def _nothing_to_join() -> NothingToJoin:
    return NothingToJoin(_("There is nothing to join any more. Perhaps it was done in another tab."))
