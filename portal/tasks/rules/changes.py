"""Which changes of a task are allowed."""

from collections.abc import Iterable

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.permissions import Role, is_allowed
from portal.tasks.rules.kinds import KINDS
from portal.tasks.states import MOVES, PRIVATE, TaskKind, TaskState

WHY_LENGTH = 500
NOTE_LENGTH = 2000


class IllegalMove(PortalError):
    """A task cannot go from where it stands to where it was sent."""


class HandOverRefused(PortalError):
    """A task cannot be handed over so; `field` is what has to change: "to" or "why"."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class TaskClosed(PortalError):
    """Somebody else has finished the task in the meantime."""


class StillUntold(PortalError):
    """A task about a lost letter is not done before somebody has said how its reader was told."""


class NeedsAWord(StillUntold):
    """A task is not done before somebody has said in a word what came of it."""


class EmptyNote(PortalError):
    """A note says nothing."""


def check_move(before: TaskState, after: TaskState) -> None:
    """Raise IllegalMove for a move that no task makes."""
    if after not in MOVES[before]:
        raise IllegalMove(f"A task that is {before} cannot become {after}.")


def check_told(untold_count: int) -> None:
    """Raise StillUntold when of some tasks to be ticked off `untold_count` are letters nobody was told of."""
    if not untold_count:
        return
    raise StillUntold(
        ngettext(
            "A letter did not arrive, and nobody has said yet how its reader was told. "
            "Please say that first; the task is done with it.",
            "%(count)s letters did not arrive, and nobody has said yet how their readers were told. "
            "Please say that first; the tasks are done with it.",
            untold_count,
        )
    )


def check_said(unsaid_count: int) -> None:
    """Raise NeedsAWord when of some tasks to be ticked off `unsaid_count` are done only with a word."""
    if unsaid_count:
        raise NeedsAWord(_("Please say in a word what came of it; the task is done with that."))


def check_may_go_over(kinds: Iterable[TaskKind]) -> None:
    """Raise HandOverRefused when one of these kinds goes to nobody whom its owner chooses."""
    if PRIVATE & set(kinds):
        raise HandOverRefused(_("Somebody trusted us with this. It goes to nobody else here."), "to")


def can_do(kind: TaskKind, role: Role) -> bool:
    """Whether somebody of this role can do such a task."""
    return is_allowed(role, KINDS[kind].needed)


def check_hand_over(kind: TaskKind, why: str, *, to_role: Role | None, is_owner: bool) -> str:
    """The word why, cleaned. Raises HandOverRefused.

    `to_role`: of who is to receive it, None when they do not work here; `is_owner`: it is theirs already.
    """
    if to_role is None:
        raise HandOverRefused(_("Please choose a colleague who works here."), "to")
    if is_owner:
        raise HandOverRefused(_("It is theirs already. Please choose somebody else."), "to")
    if not can_do(kind, to_role):
        raise HandOverRefused(_("They cannot open what this is about. Please choose somebody else."), "to")
    why = why.strip()
    if not why:
        raise HandOverRefused(_("Please say in a word why, so that they need not ask."), "why")
    if len(why) > WHY_LENGTH:
        raise HandOverRefused(_("Please keep this under %(max)s characters.", max=WHY_LENGTH), "why")
    return why


def check_note(words: str) -> str:
    """The note, cleaned. Raises EmptyNote."""
    words = words.strip().replace("\r\n", "\n")
    if not words:
        raise EmptyNote(_("Please write what you want to note."))
    if len(words) > NOTE_LENGTH:
        raise EmptyNote(_("Please keep this under %(max)s characters.", max=NOTE_LENGTH))
    return words
