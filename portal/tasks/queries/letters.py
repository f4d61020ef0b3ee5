"""Letters that did not arrive: which of them lack a task, and which tasks have lost their reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, column, exists, func, literal, or_, select, table
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from portal.tasks.queries.jobs import has_task
from portal.tasks.states import OPEN_STATES, TaskKind

_CAUSE = "delivery:"
_ACCOUNTS = "accounts/"
Later = aliased(Delivery, name="later_letter")

# Applications lie above tasks; whether somebody was told what stood in a lost letter is read by table.
_application = table("application", column("id"), column("public_id"))
_event = table("application_event", column("id"), column("application_id"), column("kind"), column("delivery_id"))
_since = _event.alias("since")
#: Events that no person brings about, and that tell nothing of what a lost letter said.
AUTOMATIC_EVENTS = ("escalated", "holding_note")


@dataclass(frozen=True)
class LostLetter:
    """A message that was given up."""

    key: str
    #: feature/message.
    kind: str
    #: What it was about, for example "application:Ab3...".
    cause: str
    person_id: int | None

    @property
    def task_cause(self) -> str:
        """The cause of the task about it, and the key that keeps it single."""
        return f"{_CAUSE}{self.key}"


def _came_later() -> ColumnElement[bool]:
    """A later message of the same kind arrived: about the same, or, about an account, to the same person."""
    is_about_same = Later.cause == Delivery.cause
    is_about_account = Delivery.kind.startswith(_ACCOUNTS) & (Later.person_id == Delivery.person_id)
    return (
        exists()
        .where(Later.id > Delivery.id)
        .where(Later.kind == Delivery.kind)
        .where(is_about_same | is_about_account)
        .where(Later.state == DeliveryState.SENT)
        .correlate(Delivery)
    )


_LOST = (
    select(Delivery.key, Delivery.kind, Delivery.cause, Delivery.person_id)
    .where(is_dead())
    .where(Delivery.blanked_at.is_(None))
    .where(Delivery.kind.startswith(bindparam("kinds")))
    .where(~has_task(literal(_CAUSE) + Delivery.key))
    .where(~_came_later())
    .order_by(Delivery.id)
)


def _was_lost_later() -> ColumnElement[bool]:
    """A later message about the same was given up too: one task is about the newest of them."""
    return (
        exists()
        .where(Later.id > Delivery.id)
        .where(Later.cause == Delivery.cause)
        .where(Later.state == DeliveryState.DEAD)
        .where(Later.blanked_at.is_(None))
        .correlate(Delivery)
    )


def lost_letters(kinds: str) -> list[LostLetter]:
    """Messages of a kind that begins with `kinds` ("accounts/") that were given up and have no task yet."""
    return [LostLetter(*row) for row in fetch(_LOST, {"kinds": kinds})]


def newest_lost_letters(kinds: str) -> list[LostLetter]:
    """As `lost_letters`, but of several about the same only the newest."""
    return [LostLetter(*row) for row in fetch(_LOST.where(~_was_lost_later()), {"kinds": kinds})]


def doubled_letter_tasks(kind: TaskKind) -> list[int]:
    """Open tasks about lost letters that a newer open task about the same stands for."""
    about_letters = (Task.kind == kind, Task.state.in_(OPEN_STATES), Task.cause.startswith(_CAUSE))
    newest = select(func.max(Task.id)).where(*about_letters).group_by(Task.about)
    doubled = select(Task.id).where(*about_letters).where(Task.id.not_in(newest)).order_by(Task.id)
    return list(fetch(doubled).scalars())


def open_letter_tasks(about: str) -> list[int]:
    """Open tasks about lost letters of the application with this public id."""
    statement = (
        select(Task.id)
        .where(Task.kind == TaskKind.DEAD_LETTER)
        .where(Task.state.in_(OPEN_STATES))
        .where(Task.about == about)
        .order_by(Task.id)
    )
    return list(fetch(statement).scalars())


def _is_untold() -> ColumnElement[bool]:
    """Of a task: what a person wrote last in the application it is about is lost, and nobody was told since."""
    told_since = (
        exists()
        .select_from(_since)
        .where(_since.c.application_id == _event.c.application_id)
        .where(_since.c.id > _event.c.id)
        .where(_since.c.kind.not_in(AUTOMATIC_EVENTS))
        .correlate(_event)
    )
    lost = (
        select(_application.c.public_id)
        .select_from(_application)
        .join(_event, _event.c.application_id == _application.c.id)
        .join(Delivery, Delivery.id == _event.c.delivery_id)
        .where(_application.c.public_id == Task.about)
        .where(_event.c.kind.not_in(AUTOMATIC_EVENTS))
        .where(Delivery.state == DeliveryState.DEAD)
        .where(~told_since)
        .correlate(Task)
    )
    return (Task.kind == TaskKind.DEAD_LETTER) & lost.exists()


def still_untold(task_ids: Iterable[int]) -> set[int]:
    """Which of these tasks are open and about a letter whose reader nobody has told what it said."""
    ids = list(task_ids)
    if not ids:
        return set()
    found = fetch(select(Task.id).where(Task.id.in_(ids)).where(Task.state.in_(OPEN_STATES)).where(_is_untold()))
    return set(found.scalars())


def settled_letter_tasks(kind: TaskKind) -> list[int]:
    """Open tasks whose letter went after all, or was followed by another of its sort that arrived."""
    statement = (
        select(Task.id)
        .join(Delivery, literal(_CAUSE) + Delivery.key == Task.cause)
        .where(Task.kind == kind)
        .where(Task.state.in_(OPEN_STATES))
        .where(or_(Delivery.state != DeliveryState.DEAD, _came_later()))
        .order_by(Task.id)
    )
    return list(fetch(statement).scalars())
