"""What the mails to the staff say: a line for what is alike, the oldest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.tasks.rules.dates import COMES_BEFORE
from portal.tasks.rules.words import heap_words
from portal.tasks.states import TaskKind


@dataclass(frozen=True)
class OwedTask:
    """A task, as far as a mail counts it."""

    public_id: str
    kind: TaskKind
    due_on: date


@dataclass(frozen=True)
class OwedLine:
    """What is owed alike: in words that name nobody, how many, since when, and where it is done (a path of ours)."""

    words: str
    count: int
    oldest: date | None
    path: str
    #: It comes before its day, so a lead has it before it is late.
    is_early: bool = False


def lines_of(tasks: Iterable[OwedTask], path_of_kind: str) -> list[OwedLine]:
    """One line a kind: a single task leads to itself, several to their list, `path_of_kind` with the kind filled in."""
    heaps: dict[TaskKind, list[OwedTask]] = {}
    for task in tasks:
        heaps.setdefault(task.kind, []).append(task)
    return by_age(_line(kind, heap, path_of_kind) for kind, heap in heaps.items())


def _line(kind: TaskKind, heap: Sequence[OwedTask], path_of_kind: str) -> OwedLine:
    path = f"/recruiting/tasks/{heap[0].public_id}" if len(heap) == 1 else path_of_kind.format(kind=kind)
    oldest = min(task.due_on for task in heap)
    return OwedLine(heap_words(kind, len(heap)), len(heap), oldest, path, kind in COMES_BEFORE)


def by_age(lines: Iterable[OwedLine]) -> list[OwedLine]:
    """The oldest first; what has no day comes last."""
    return sorted(lines, key=lambda line: (line.oldest is None, line.oldest or date.max, line.words))


def oldest_of(lines: Sequence[OwedLine]) -> date | None:
    """The day of the oldest of all."""
    return min((line.oldest for line in lines if line.oldest is not None), default=None)


def line_words(line: OwedLine, today: date) -> str:
    """A line of a mail: what, how many, and since when the oldest of them is due."""
    if line.oldest is None:
        return line.words
    if line.oldest > today:
        return _("%(what)s, by %(day)s", what=line.words, day=format_day(line.oldest))
    if line.oldest == today:
        return _("%(what)s, due today", what=line.words)
    return _("%(what)s, since %(day)s", what=line.words, day=format_day(line.oldest))


def morning_subject(lines: Sequence[OwedLine], today: date) -> str:
    """The news of the morning: the one thing itself, else how many, and since when the oldest is due."""
    oldest = oldest_of(lines)
    what = lines[0].words if len(lines) == 1 else _many_due(lines)
    if oldest is None or oldest >= today:
        return what
    return _("%(what)s, the oldest since %(day)s", what=what, day=format_day(oldest))


def _many_due(lines: Sequence[OwedLine]) -> str:
    return ngettext("%(count)s thing is due", "%(count)s things are due", sum(line.count for line in lines))


def escalation_subject(lines: Sequence[OwedLine], today: date) -> str:
    """The news for a lead; what is owed by a candidate's day comes to them before it is late."""
    if len(lines) == 1:
        line = lines[0]
        return line_words(line, today) if line.is_early else _("Two days late: %(what)s", what=line.words)
    count = sum(line.count for line in lines)
    if any(line.is_early for line in lines):
        return ngettext("%(count)s task of your team needs a hand", "%(count)s tasks of your team need a hand", count)
    return ngettext(
        "%(count)s task of your team is two days late", "%(count)s tasks of your team are two days late", count
    )
