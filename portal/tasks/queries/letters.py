"""Letters that did not arrive: which of them lack a task, and which tasks have lost their reason."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, literal, or_, select
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


def lost_letters(kinds: str) -> list[LostLetter]:
    """Messages of a kind that begins with `kinds` ("applications/") that were given up and have no task yet."""
    return [LostLetter(*row) for row in fetch(_LOST, {"kinds": kinds})]


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
