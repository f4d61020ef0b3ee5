"""Beginning the mailing of an update, and writing its letters some people at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.company.queries import company_name
from portal.contact.rules import WANTED_FOR
from portal.core.db import insert_into, transaction
from portal.core.mail import RenderedMail
from portal.digests import emails
from portal.digests.actions.locking import locked_mailing, people_there
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.queries import Batch, Reader, next_batch
from portal.digests.rules import Decision, letter_expires_at, way_for
from portal.digests.states import MailingState, Way
from portal.outbox.actions import Message, enqueue_many
from portal.people.queries import Recipient, recipient
from portal.updates.actions import mail_of_update
from portal.updates.models import InsiderUpdate
from portal.updates.queries import content_of, verdicts_for
from portal.updates.rules import UpdateContent
from portal.updates.states import PURPOSES, READABLE

#: People decided about at once, and letters written in one transaction: others want to write as well.
CHUNK: Final = 500
_LETTERS: Final = 100


@dataclass(frozen=True)
class Author:
    """Whose name an update carries, and where answers to it go; both of the company when nobody is left."""

    name: str
    reply_to: str = ""


@dataclass(frozen=True)
class _Ready:
    """Somebody of the audience, how it comes to them, and the letter if it comes by one."""

    reader: Reader
    decision: Decision
    mail: RenderedMail | None


#: What the letters look like, by language and zone of their readers.
_Rendered = dict[tuple[str, str], RenderedMail]


def begin_mailing(update_id: int, now: datetime) -> bool:
    """Let mail about this update go out from now on; False when it has begun before or nobody may read it."""
    with transaction() as session:
        about = session.get(InsiderUpdate, update_id, with_for_update={"read": True})
        if about is None or about.state not in READABLE:
            return False
        values = {
            "update_id": update_id,
            "state": MailingState.SENDING,
            "purpose": PURPOSES[about.kind],
            "begun_at": now,
            "version_number": about.version_number,
        }
        connection = session.connection()
        statement = insert_into(UpdateMailing, connection.dialect.name).values(**values)
        done = connection.execute(statement.on_conflict_do_nothing(index_elements=["update_id"]))
        return done.rowcount == 1


def write_some(update_id: int, now: datetime) -> bool:
    """Decide for the next of the audience how the update comes to them, and write their letters.

    Whether there may be more. Killed anywhere, it goes on where it was; nobody is written to twice.
    """
    batch = next_batch(update_id, CHUNK)
    if batch is None:
        return False
    if not batch.readers:
        return _finish(batch)
    content = content_of(update_id, batch.version_number)
    if content is None:
        return False
    author = author_of(batch.author_id)
    up_to, rendered = batch.up_to, _Rendered()
    for first in range(0, len(batch.readers), _LETTERS):
        # Prepared one part after the other: meanwhile others write.
        part = _prepare(batch, batch.readers[first : first + _LETTERS], content, author, rendered, now)
        if not _write(batch, part, up_to, author, letter_expires_at(content.event_on, now), now):
            break
        up_to = part[-1].reader.person_id
    return True


def author_of(author_id: int | None) -> Author:
    """Whose name the update of this author carries, and where answers go."""
    if author_id is None:
        return Author(company_name())
    found = recipient(author_id)
    return Author(found.name or company_name(), str(Mailbox(found.name, addr_spec=found.email)) if found.email else "")


def _finish(batch: Batch) -> bool:
    """Nobody is left: note that, unless somebody came meanwhile. Always False: there is no more."""
    with transaction() as session:
        mailing = locked_mailing(session, batch.update_id)
        if mailing is not None and mailing.written_up_to == batch.up_to:
            mailing.is_written = True
        return False


def _prepare(
    batch: Batch, part: Sequence[Reader], content: UpdateContent, author: Author, rendered: _Rendered, now: datetime
) -> list[_Ready]:
    verdicts = verdicts_for([one.person_id for one in part], WANTED_FOR[batch.purpose], now)
    found = []
    for one in part:
        verdict = verdicts.get(one.person_id)
        decision = way_for(verdict, one.rhythm, one.zone, is_read=one.is_read, now=now)
        mail = None
        if decision.way is Way.OWN_LETTER:
            key = (one.locale, one.zone)
            if key not in rendered:
                rendered[key] = mail_of_update(_recipient(one), content, batch.slug, author.name)
            mail = emails.copy_of(rendered[key])
        found.append(_Ready(one, decision, mail))
    return found


def _recipient(one: Reader) -> Recipient:
    return Recipient(one.person_id, one.public_id, one.name, one.email, one.locale, one.zone)


def _write(
    batch: Batch, part: Sequence[_Ready], up_to: int, author: Author, expires_at: datetime, now: datetime
) -> bool:
    """Write down what was decided; False when the mailing has moved on meanwhile."""
    with transaction() as session:
        there = people_there(session, {one.reader.person_id: one.reader.email for one in part})
        mailing = locked_mailing(session, batch.update_id)
        if mailing is None or not _goes_on(session, mailing, batch, up_to):
            return False
        expected = Way.TO_WRITE if batch.is_again else None
        ways = _ways(session, batch.update_id, there)
        ready = [one for one in part if one.reader.person_id in there and ways.get(one.reader.person_id) is expected]
        delivery_ids = _put_out(ready, batch, author, expires_at, now)
        fresh = []
        for one in ready:
            person_id = one.reader.person_id
            values = _values(one, batch, delivery_ids.get(person_id))
            if batch.is_again:
                _change(session, batch.update_id, person_id, values)
            else:
                fresh.append({"person_id": person_id, "decided_at": now, **values})
        if fresh:
            _insert(session, batch, fresh)
        if not batch.is_again:
            mailing.written_up_to = part[-1].reader.person_id
        return True


def _goes_on(session: Session, mailing: UpdateMailing, batch: Batch, up_to: int) -> bool:
    about = session.execute(
        select(InsiderUpdate.state, InsiderUpdate.version_number).where(InsiderUpdate.id == batch.update_id)
    ).one()
    is_same = (about.version_number, mailing.is_settled) == (batch.version_number, True)
    is_next = batch.is_again or mailing.written_up_to == up_to
    return mailing.state is MailingState.SENDING and about.state in READABLE and is_same and is_next


def _ways(session: Session, update_id: int, ids: Sequence[int]) -> dict[int, Way]:
    statement = (
        select(MailedUpdate.person_id, MailedUpdate.way)
        .where(MailedUpdate.update_id == update_id)
        .where(MailedUpdate.person_id.in_(ids))
        .order_by(MailedUpdate.person_id)
        .with_for_update()
    )
    return {person_id: way for person_id, way in session.execute(statement)}


def _put_out(
    ready: Sequence[_Ready], batch: Batch, author: Author, expires_at: datetime, now: datetime
) -> dict[int, int]:
    """Give the outbox the letters among `ready`; their deliveries by person."""
    wanted = WANTED_FOR[batch.purpose]
    letters = {
        one.reader.person_id: Message(
            mail=one.mail,
            to_address=one.reader.email,
            to_name=one.reader.name,
            person_id=one.reader.person_id,
            mail_class=wanted.mail_class,
            purpose=wanted.purpose,
            timing=wanted.timing,
            budget=wanted.budget,
            cause=letter_cause(batch.public_id, one.reader.public_id),
            dedupe_key=letter_cause(batch.public_id, one.reader.public_id),
            reply_to=author.reply_to,
            expires_at=expires_at,
        )
        for one in ready
        if one.mail is not None
    }
    return dict(zip(letters, enqueue_many(list(letters.values()), now), strict=True))


def _values(one: _Ready, batch: Batch, delivery_id: int | None) -> dict[str, Any]:
    return {
        "way": one.decision.way,
        "why": one.decision.why,
        "look_at": one.decision.look_at,
        "delivery_id": delivery_id,
        "version_number": batch.version_number,
    }


def letter_cause(update_public_id: str, person_public_id: str) -> str:
    """What a letter is caused by: one update, for one person."""
    return f"update:{update_public_id}:{person_public_id}"


def _insert(session: Session, batch: Batch, rows: list[dict[str, Any]]) -> None:
    connection = session.connection()
    whole = [{"update_id": batch.update_id, "purpose": batch.purpose, **row} for row in rows]
    connection.execute(insert_into(MailedUpdate, connection.dialect.name), whole)


def _change(session: Session, update_id: int, person_id: int, values: dict[str, Any]) -> None:
    session.execute(
        update(MailedUpdate)
        .where(MailedUpdate.update_id == update_id)
        .where(MailedUpdate.person_id == person_id)
        .values(**values)
    )
