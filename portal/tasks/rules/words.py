"""What tasks say: each in a line, many of a kind in one, and where they lead."""

from portal.core.i18n import gettext as _
from portal.tasks.rules.kinds import KINDS
from portal.tasks.states import TaskKind


def path_of(kind: TaskKind, about: str) -> str:
    """Where a task is done."""
    return KINDS[kind].path.format(about=about)


def heap_words(kind: TaskKind, count: int) -> str:
    """So many tasks of a kind in one line."""
    return KINDS[kind].many(count)


def task_words(kind: TaskKind, name: str, title: str) -> str:
    """One task in a line. `name`: whom it is about; `title`: what it is about; either may be empty."""
    if not name and KINDS[kind].names_a_person:
        return _("%(what)s: %(title)s", what=heap_words(kind, 1), title=title) if title else heap_words(kind, 1)
    return KINDS[kind].one(name, title) or heap_words(kind, 1)
