"""A copy of all that we hold about somebody: asked for, made once at a time, and deleted after a day."""

from datetime import UTC, datetime

from sqlalchemy import delete, or_, select, update

from portal.audit.actions import record
from portal.core.db import fetch, transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.core.logs import log
from portal.keeping.models import PersonalCopy
from portal.keeping.queries import copies_folder, copy_path
from portal.keeping.rules import COPY_LIFE, COPY_TAKES, COPY_TRIES
from portal.keeping.states import UNDER_WAY, CopyState
from portal.people.models import Person


def ask_for_copy(person_id: int, actor_id: int | None, now: datetime, *, reason: str = "") -> str:
    """Let a copy be made for this person; its public id. While one is under way, that one. Recorded.

    `actor_id`: themselves, an admin, or None for a command; `reason` is why somebody else asked. Raises NotFound.
    """
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        under_way = session.scalar(
            select(PersonalCopy.public_id)
            .where(PersonalCopy.person_id == person_id)
            .where(PersonalCopy.state.in_(UNDER_WAY))
        )
        if under_way is not None:
            return under_way
        made = PersonalCopy(
            public_id=new_public_id(),
            person_id=person_id,
            state=CopyState.ASKED,
            asked_at=now,
            tries_count=0,
            size=0,
        )
        session.add(made)
        about = f"person:{person.public_id}"
        facts = {"why": reason} if reason else {}
        record("privacy.ask_for_copy", about, actor_id=actor_id, now=now, person_id=person_id, **facts)
    log.info("copy_asked", copy=made.public_id)
    return made.public_id


def begin_copy(now: datetime) -> PersonalCopy | None:
    """Take up the oldest copy that nobody makes; None when there is none. One that fails three times is given up."""
    with transaction() as session:
        is_left = (PersonalCopy.state == CopyState.MAKING) & (PersonalCopy.begun_at <= now - COPY_TAKES)
        waiting = (
            select(PersonalCopy)
            .where(or_(PersonalCopy.state == CopyState.ASKED, is_left))
            .order_by(PersonalCopy.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        for copy in session.scalars(waiting).all():
            if copy.tries_count < COPY_TRIES:
                copy.state, copy.begun_at, copy.tries_count = CopyState.MAKING, now, copy.tries_count + 1
                return copy
            copy.state = CopyState.FAILED
            log.warning("copy_failed", copy=copy.public_id)
    return None


def finish_copy(public_id: str, size: int, now: datetime) -> bool:
    """The file is there; False when the copy was erased meanwhile, and then its file is deleted. Joins."""
    with transaction() as session:
        person_id = session.scalar(
            update(PersonalCopy)
            .where(PersonalCopy.public_id == public_id)
            .where(PersonalCopy.state == CopyState.MAKING)
            .values(state=CopyState.READY, ready_at=now, good_until=now + COPY_LIFE, size=size)
            .returning(PersonalCopy.person_id)
        )
        if person_id is None:
            copy_path(public_id).unlink(missing_ok=True)
            return False
        # An earlier one says less: only the newest is kept.
        earlier = (
            select(PersonalCopy)
            .where(PersonalCopy.person_id == person_id)
            .where(PersonalCopy.state == CopyState.READY)
            .where(PersonalCopy.public_id != public_id)
            .order_by(PersonalCopy.id)
        )
        for copy in session.scalars(earlier).all():
            copy_path(copy.public_id).unlink(missing_ok=True)
            copy.state = CopyState.EXPIRED
    log.info("copy_ready", copy=public_id)
    return True


def note_fetched(public_id: str, person_id: int, person_public_id: str, now: datetime) -> None:
    """Record that somebody fetched their copy."""
    with transaction():
        about = f"person:{person_public_id}"
        record("privacy.fetch_copy", about, actor_id=person_id, now=now, person_id=person_id)
    log.info("copy_fetched", copy=public_id)


def sweep_copies(now: datetime) -> None:
    """Delete copies whose day is over, and whatever else lies in their folder: a worker may have been killed between
    writing one and seeing that its person had been erased meanwhile.
    """
    with transaction() as session:
        over = (
            select(PersonalCopy)
            .where(PersonalCopy.state == CopyState.READY)
            .where(PersonalCopy.good_until <= now)
            .order_by(PersonalCopy.id)
        )
        for copy in session.scalars(over.with_for_update()).all():
            copy_path(copy.public_id).unlink(missing_ok=True)
            copy.state = CopyState.EXPIRED
    if not copies_folder().is_dir():
        return
    kept = fetch(select(PersonalCopy.public_id).where(PersonalCopy.state.in_((*UNDER_WAY, CopyState.READY)))).scalars()
    names = set(kept)
    for path in copies_folder().iterdir():
        if path.stem not in names or datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - 2 * COPY_LIFE:
            path.unlink(missing_ok=True)


def forget_copies_of(person_id: int) -> None:
    """Delete a person's copies, the files first; joins the transaction."""
    with transaction() as session:
        own = select(PersonalCopy.public_id).where(PersonalCopy.person_id == person_id).order_by(PersonalCopy.id)
        for public_id in session.scalars(own).all():
            copy_path(public_id).unlink(missing_ok=True)
        session.execute(delete(PersonalCopy).where(PersonalCopy.person_id == person_id))
