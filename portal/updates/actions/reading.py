"""What readers do: they have read an update, it helped them, they reply."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from portal.conversations.actions import Asked, ask
from portal.core.db import insert_into, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.updates.models import UpdateReader
from portal.updates.queries import UpdatePage, find_update


def note_seen(slug: str, person_id: int, now: datetime) -> None:
    """This person has read the newest version. Raises NotFound when they may not read it."""
    with transaction():
        page = _readable(slug, person_id)
        _change(page, person_id, now)


def say_helpful(slug: str, person_id: int, *, is_helpful: bool, now: datetime) -> None:
    """It helped this person, or after all it did not. Raises NotFound when they may not read it."""
    with transaction():
        page = _readable(slug, person_id)
        _change(page, person_id, now, helpful_at=now if is_helpful else None)


def reply(slug: str, person_id: int, *, text: str, form_key: str, now: datetime) -> Asked:
    """Write into one's own conversation about this update; whoever owes the answer is told, as by `conversations.ask`.

    Raises ProposalRefused, TooOften, Busy, and NotFound when they may not read it.
    """
    page = _readable(slug, person_id)
    about = _("About “%(title)s”:", title=page.content.title)
    asked = ask(person_id, text=_with(about, text), application="", form_key=form_key, now=now)
    with transaction():
        _change(page, person_id, now, replied_at=now)
    return asked


def _with(about: str, text: str) -> str:
    """The words under what they are about; nothing when nothing was written."""
    return f"{about}\n\n{text.strip()}" if text.strip() else ""


def _readable(slug: str, person_id: int) -> UpdatePage:
    page = find_update(slug, person_id)
    if page is None or page.is_withdrawn:
        raise NotFound
    return page


def _change(page: UpdatePage, person_id: int, now: datetime, **values: Any) -> None:
    """Note that they have read it, and what else they did."""
    with transaction() as session:
        connection = session.connection()
        row = {"update_id": page.id, "person_id": person_id, "is_in_audience": False, "seen_version": 0}
        statement = insert_into(UpdateReader, connection.dialect.name).values(row)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["update_id", "person_id"]))
        if page.seen_at is None:
            values["seen_at"] = now
        session.execute(
            update(UpdateReader)
            .where(UpdateReader.update_id == page.id)
            .where(UpdateReader.person_id == person_id)
            .values(seen_version=page.version_number, **values)
        )
