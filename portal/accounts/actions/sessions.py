"""Device sessions: one row for each browser that is signed in, and how each ends."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Account, DeviceSession, SecondFactor
from portal.accounts.rules import SEEN_STEP, session_life, to_the_hour
from portal.audit.actions import record
from portal.contact.actions import note_life
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id, new_secret
from portal.core.logs import log
from portal.core.permissions import Role
from portal.core.tokens import session_hash
from portal.people.models import Person, Staff

_DEVICE_LENGTH = 80
#: Ended sessions are kept so long, so that somebody who asks "was that me?" can still be answered.
_KEPT_AFTER_END = timedelta(days=30)


def start_session(account_id: int, device: str, now: datetime, *, is_by_mail: bool = False, secret: str = "") -> str:
    """Sign a browser in; the secret that its signed cookie keeps. Recorded. Joins the transaction.

    `is_by_mail`: who comes in has shown that they read the account's address. `secret`: as in `renew_session`.
    """
    secret = secret or new_secret()
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        person = session.get_one(Person, account.person_id)
        staff = session.get(Staff, account.person_id)
        is_here = staff is not None and staff.is_active and staff.invited_at is None
        role = staff.role if staff is not None and is_here else Role.CANDIDATE
        session.add(
            DeviceSession(
                public_id=new_public_id(),
                secret_hash=session_hash(secret),
                account_id=account_id,
                person_id=account.person_id,
                device=device[:_DEVICE_LENGTH],
                created_at=now,
                last_seen_at=to_the_hour(now),
                expires_at=now + session_life(role),
                is_by_mail=is_by_mail,
            )
        )
        note_life(person.id, now)
        record("accounts.sign_in", f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id)
    return secret


def renew_session(session_id: int, person_id: int, now: datetime, *, secret: str = "") -> str:
    """Give a browser that is signed in another secret: copies of its former cookie are worth nothing any more.

    It stays as old as it is, and as far in. `secret`: the one to have, from `next_secret`, where a double click is to
    find it. Joins the transaction. Raises NotFound when it has ended.
    """
    secret = secret or new_secret()
    with transaction() as session:
        renewed = session.execute(
            update(DeviceSession)
            .where(DeviceSession.id == session_id)
            .where(DeviceSession.person_id == person_id)
            .where(DeviceSession.ended_at.is_(None))
            .where(DeviceSession.expires_at > now)
            .values(secret_hash=session_hash(secret))
            .returning(DeviceSession.id)
        ).one_or_none()
    if renewed is None:
        raise NotFound
    return secret


def end_session(session_id: int, person_id: int, now: datetime) -> None:
    """Sign one of a person's browsers out; harmless when it is out already. Joins the transaction."""
    with transaction() as session:
        session.execute(
            update(DeviceSession)
            .where(DeviceSession.id == session_id)
            .where(DeviceSession.person_id == person_id)
            .where(DeviceSession.ended_at.is_(None))
            .values(ended_at=now)
        )


def end_device(public_id: str, person_id: int, now: datetime) -> int:
    """Sign out the device with this public id; the session's id. Raises NotFound unless it is this person's."""
    with transaction() as session:
        session_id = session.scalar(
            select(DeviceSession.id)
            .where(DeviceSession.public_id == public_id)
            .where(DeviceSession.person_id == person_id)
        )
        if session_id is None:
            raise NotFound
        end_session(session_id, person_id, now)
        _record_end(person_id, "accounts.end_session", person_id, now)
        return session_id


def end_all_sessions(
    person_id: int, now: datetime, *, except_session: int | None = None, actor_id: int | None = None
) -> None:
    """Sign a person out in every browser, except perhaps one, at once. Recorded. Joins the transaction.

    Where none is spared, no device remembers the second factor any more.
    """
    with transaction() as session:
        statement = (
            update(DeviceSession)
            .where(DeviceSession.person_id == person_id)
            .where(DeviceSession.ended_at.is_(None))
            .values(ended_at=now)
        )
        if except_session is not None:
            statement = statement.where(DeviceSession.id != except_session)
        session.execute(statement)
        if except_session is None:
            session.execute(
                update(SecondFactor).where(SecondFactor.person_id == person_id).values(trust_key=new_secret())
            )
        _record_end(person_id, "accounts.end_all_sessions", actor_id, now)


def _record_end(person_id: int, action: str, actor_id: int | None, now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        record(action, f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person_id)


def note_seen(session_id: int, now: datetime) -> None:
    """Note, to the hour and at most hourly, that a browser was here.

    A page that could be read is not spoilt by a database that cannot be written just now.
    """
    try:
        with transaction() as session:
            session.execute(
                update(DeviceSession)
                .where(DeviceSession.id == session_id)
                .where(DeviceSession.last_seen_at <= now - SEEN_STEP)
                .values(last_seen_at=to_the_hour(now))
            )
    except OperationalError as error:
        log.warning("not_seen", exc_info=error)


def forget_old_sessions(now: datetime) -> None:
    """Delete sessions that ended or ran out long enough ago."""
    before = now - _KEPT_AFTER_END
    with transaction() as session:
        session.execute(
            delete(DeviceSession).where(or_(DeviceSession.ended_at < before, DeviceSession.expires_at < before))
        )
