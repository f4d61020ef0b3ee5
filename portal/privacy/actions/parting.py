"""Taking back what was done to one's addresses: joined records part again, nobody loses an address by that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from portal.accounts.actions import keep_address as keep_own_address
from portal.accounts.actions import part_addresses, sign_out_for_good, use_token
from portal.accounts.queries import find_token, own_addresses
from portal.accounts.rules import token_refused
from portal.applications.models import Application
from portal.audit.actions import record
from portal.contact.actions import note_life, stop, stop_surveys
from portal.contact.models import MergedLink, Suppression
from portal.contact.queries import consent_states, contact_preferences
from portal.contact.states import ConsentAction
from portal.conversations.actions import give_back as give_back_conversation
from portal.core.db import transaction
from portal.core.tokens import RULES, TokenKind
from portal.notes.models import Note, PersonTag
from portal.outbox.models import Delivery
from portal.people.models import Address, Person
from portal.pools.actions import give_back as give_back_pools
from portal.privacy.actions.people import hold_people
from portal.privacy.queries import JoinedRecord, joined_records
from portal.surveys.actions.parting import give_back as give_back_surveys
from portal.tasks.models import Task

#: Records that were joined within this time can be parted: as long as the link in the notice.
PARTED_WITHIN = RULES[TokenKind.KEEP_APART].lifetime
_SOURCE = "/keep-address"


def keep_apart(token: str, now: datetime) -> str:
    """Somebody says that joining two records was not them: both are as before; the address of this link.

    Whoever reads an address that came parts only its own record. Whoever reads one that was there before parts all
    that came lately, and as somebody may be in their account, every device is signed out and no password is good any
    more. No address is lost. Raises TokenRefused, also when there is nothing to part, or the address is not theirs.
    """
    found = find_token(TokenKind.KEEP_APART, token, now)
    if found is None or found.person_id is None:
        raise token_refused()
    person_id = found.person_id
    with transaction():
        joined = _held_with_joined(person_id, now)
        email = use_token(TokenKind.KEEP_APART, token, now).subject
        if email not in {one.email for one in own_addresses(person_id)}:
            raise token_refused()
        came_by = _joined_by(person_id, email, joined)
        if not _part([came_by] if came_by else joined, person_id, now):
            raise token_refused()
        if came_by is None:
            sign_out_for_good(person_id, now)
            note_life(person_id, now)
    return email


def keep_address(token: str, now: datetime) -> str:
    """Somebody says that a change of their addresses was not them; see `accounts.actions.keep_address`; the address.

    Records that were joined lately part before, so that nobody loses an address that was theirs. An address that
    itself came with such a record only parts it. Raises TokenRefused.
    """
    found = find_token(TokenKind.KEEP_ADDRESS, token, now)
    if found is None or found.person_id is None:
        raise token_refused()
    person_id = found.person_id
    with transaction():
        joined = _held_with_joined(person_id, now)
        came_by = _joined_by(person_id, found.subject, joined)
        if came_by is not None and _part([came_by], person_id, now):
            return use_token(TokenKind.KEEP_ADDRESS, token, now).subject
        _part(joined, person_id, now)
        return keep_own_address(token, now)


def _held_with_joined(person_id: int, now: datetime) -> list[JoinedRecord]:
    """Hold the person and the empty rows of those who joined them, in order; the newest that joined first."""
    with transaction() as session:
        since = now - PARTED_WITHIN
        expected = joined_records(person_id, since)
        rows = select(Person.id).where(Person.public_id.in_([one.public_id for one in expected])).order_by(Person.id)
        hold_people(person_id, *session.scalars(rows))
        return [one for one in joined_records(person_id, since) if one in expected]


def _joined_by(person_id: int, email: str, joined: Sequence[JoinedRecord]) -> JoinedRecord | None:
    """The record with which this address of the person came to them; None when it was there before."""
    with transaction() as session:
        address_id = session.scalar(
            select(Address.id).where(Address.email == email).where(Address.person_id == person_id)
        )
    return next((one for one in joined if address_id in one.address_ids), None)


def _part(joined: Sequence[JoinedRecord], person_id: int, now: datetime) -> bool:
    """Part these from the person, newest first; whether there was anything to part."""
    return any([_part_one(one, person_id, now) for one in joined])


def _part_one(joined: JoinedRecord, person_id: int, now: datetime) -> bool:
    with transaction() as session:
        parted = session.scalar(select(Person).where(Person.public_id == joined.public_id).with_for_update())
        if parted is None or not part_addresses(person_id, parted.id, joined.address_ids, now):
            return False
        parted.claimed_at, parted.name = now, _name_before(parted.id)
        session.execute(delete(MergedLink).where(MergedLink.public_id == parted.public_id))
        _give_back(joined, person_id, parted.id)
        give_back_conversation(person_id, parted.id, joined.applications, joined.messages, now)
        _give_back_notes(joined, person_id, parted.id)
        give_back_pools(person_id, parted.id)
        give_back_surveys(person_id, parted.id, joined.applications)
        _write_no_more_than_before(person_id, parted.id, now)
        note_life(parted.id, now)
        kept = session.get_one(Person, person_id)
        for one, facts in ((kept, {"parted": parted.public_id}), (parted, {"parted": kept.public_id})):
            subject = f"person:{one.public_id}"
            record("privacy.part_records", subject, actor_id=None, now=now, person_id=one.id, **facts)
        return True


def _name_before(parted_id: int) -> str:
    """How the record was called before it joined: nothing but the notice to its own address still says so."""
    with transaction() as session:
        told = (
            select(Delivery.to_name)
            .join(Address, Address.email == Delivery.to_address)
            .where(Address.person_id == parted_id)
            .where(Delivery.kind == "accounts/records_joined")
            .order_by(Delivery.id.desc())
            .limit(1)
        )
        return session.scalar(told) or ""


def _give_back(joined: JoinedRecord, from_id: int, to_id: int) -> None:
    """Applications that came, tasks about them, and what was mailed to the addresses are the other's again."""
    theirs = select(Address.email).where(Address.person_id == to_id).scalar_subquery()
    moved: tuple[tuple[type[Application | Task | Delivery | Suppression], ColumnElement[bool]], ...] = (
        (Application, and_(Application.person_id == from_id, Application.public_id.in_(joined.applications))),
        (Task, and_(Task.person_id == from_id, Task.about.in_(joined.applications))),
        (Delivery, and_(Delivery.person_id == from_id, Delivery.to_address.in_(theirs))),
        (Suppression, and_(Suppression.person_id == from_id, Suppression.address.in_(theirs))),
    )
    with transaction() as session:
        for table, which in moved:
            session.execute(
                update(table).where(which).values(person_id=to_id).execution_options(synchronize_session=False)
            )


def _give_back_notes(joined: JoinedRecord, from_id: int, to_id: int) -> None:
    """What colleagues noted about the other, and its tags; a tag of both is on both again. What came since stays."""
    with transaction() as session:
        about_theirs = Note.application_id.in_(
            select(Application.id).where(Application.public_id.in_(joined.applications))
        )
        # The number of a row that was deleted can be another's by now.
        came_along = (PersonTag.person_id == from_id) & (PersonTag.added_at <= joined.joined_at)
        moved: tuple[tuple[type[Note | PersonTag], ColumnElement[bool]], ...] = (
            (Note, and_(Note.person_id == from_id, or_(about_theirs, Note.public_id.in_(joined.notes)))),
            (PersonTag, and_(came_along, PersonTag.id.in_(joined.tag_ids))),
        )
        for table, which in moved:
            session.execute(
                update(table).where(which).values(person_id=to_id).execution_options(synchronize_session=False)
            )
        shared = select(PersonTag).where(came_along).where(PersonTag.id.in_(joined.shared_tag_ids))
        for tag in session.scalars(shared.order_by(PersonTag.id)).all():
            session.add(
                PersonTag(
                    person_id=to_id, name=tag.name, key=tag.key, added_by_id=tag.added_by_id, added_at=tag.added_at
                )
            )


def _write_no_more_than_before(from_id: int, to_id: int, now: datetime) -> None:
    """Parting gives nobody a right to write: what was taken back by then is taken back on both sides."""
    states = consent_states(from_id)
    withdrawn = [purpose for purpose, state in states.items() if state.action is ConsentAction.WITHDRAWN]
    stop(to_id, withdrawn, source=_SOURCE, now=now)
    if contact_preferences(from_id).is_without_surveys:
        stop_surveys(to_id, now)
