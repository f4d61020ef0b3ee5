"""Mail that belongs into conversations: what it is about, and which of what is held nobody has been asked about."""

from sqlalchemy import bindparam, select

from portal.applications.models import Application
from portal.conversations.models import ConversationMessage
from portal.conversations.queries.links import applications_to_write_about
from portal.core.db import fetch
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_APPLICATION: str = "application:"
_OF_REPLY = (
    select(Application.public_id)
    .join(ConversationMessage, ConversationMessage.application_id == Application.id)
    .where(ConversationMessage.delivery_id == bindparam("delivery_id"))
)
_ASKED = select(Task.dedupe_key).where(Task.kind == TaskKind.HELD_MAIL).order_by(Task.id)
_OPEN = (
    select(Task.id, Task.cause)
    .where(Task.kind == TaskKind.HELD_MAIL)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id)
)


def application_answered(person_id: int, delivery_id: int | None, cause: str) -> str:
    """The public id of the application that our letter was about, if this person can write about it; else empty.

    `cause`: of the letter.
    """
    public_id: str | None = cause.removeprefix(_APPLICATION) if cause.startswith(_APPLICATION) else None
    if public_id is None and delivery_id is not None:
        public_id = fetch(_OF_REPLY, {"delivery_id": delivery_id}).scalar()
    linked = applications_to_write_about(person_id) if public_id else []
    return public_id if public_id and public_id in {one.public_id for one in linked} else ""


def asked_about() -> set[str]:
    """Keys of the tasks about held mail, whatever became of them."""
    return set(fetch(_ASKED).scalars())


def open_held_tasks() -> list[tuple[int, str]]:
    """Open tasks about held mail: their ids and causes."""
    return [(row[0], row[1]) for row in fetch(_OPEN)]
