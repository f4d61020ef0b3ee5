"""What the staff's home shows: what is due, and what waits elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, exists, func, select

from portal.applications.models import ApplicationEvent
from portal.applications.queries import DueCounts, DueLine, StaffScope, due_for
from portal.applications.queries.changes import OwnAction, acted_since, has_acted, own_actions
from portal.applications.queries.noted import is_anyone_noted
from portal.applications.rules.promises import reminded_until
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.queries import is_held, promises_of
from portal.ats.states import ImportState
from portal.company.queries import calendar_from, company_zone
from portal.core.db import fetch
from portal.core.i18n import ngettext
from portal.core.permissions import Role
from portal.desk.rules import days_late, name_alike
from portal.feedback.queries import HAS_OWED, HAS_RETURNED, ReturnedLine, returned_to
from portal.interviews.queries.ahead import HAS_AHEAD, AheadLine, ahead_for
from portal.people.models import StaffAbsence
from portal.people.queries import find_staff, stands_in_for
from portal.tasks.queries import ALIKE_SHOWN, HomeTask, TaskScope, Whose, owed_by, tasks_on_home
from portal.tasks.rules import OwedLine, by_age, heap_words, lines_of, path_of, task_words
from portal.tasks.states import TaskKind, TaskState


class DueRow(NamedTuple):
    """A line of what is due, with the people in it as they are named there."""

    names: str
    line: DueLine


class TaskRow(NamedTuple):
    """A task, or many of a kind, on one line."""

    #: The first of them, if they are many.
    public_id: str
    kind: TaskKind
    words: str
    #: What it is about in words, as its cause named it; empty for many.
    title: str
    #: Whom they are about, if they are many.
    names: str
    many: int
    due_on: date
    #: Where it is done; the list of them, if they are many.
    path: str
    #: Whose it is, if it is not the asker's; whether it has come to their lead, its day is over, or they are away.
    owner_name: str
    is_escalated: bool
    is_late: bool
    is_away: bool


@dataclass(frozen=True)
class DueDay:
    """What was promised for one day, and what was to be done on it; and by how many calendar days that is late.

    The day is None for applications of which nothing is promised.
    """

    promised: date | None
    days_late: int
    rows: list[DueRow]
    tasks: list[TaskRow]


@dataclass(frozen=True)
class DueTasks:
    """Tasks that are due, and how many; and what the asker has done today, to take it back."""

    rows: list[TaskRow]
    total: int
    done: list[TaskRow]


@dataclass(frozen=True)
class StoodInFor:
    """A colleague who is away, and how many people wait for a word from them."""

    public_id: str
    name: str
    waiting_count: int


@dataclass(frozen=True)
class HeldImport:
    """An import whose people get nothing automatic until a recruiter releases it."""

    public_id: str
    file_name: str
    source: str
    added: int
    finished_at: datetime | None
    #: The first day by which somebody in it is promised a word.
    first_promised: date | None


@dataclass(frozen=True)
class UnmappedLabels:
    """Stages or end reasons of a source that nobody has mapped: candidates read "In review"."""

    source: str
    import_public_id: str
    count: int


def what_is_due(
    scope: StaffScope, today: date, owner_id: int | None, first: int, count: int
) -> tuple[list[DueDay], DueCounts]:
    """`count` lines of what is due from number `first`, the oldest promise on top; and how much is due in all."""
    lines, counts = due_for(scope, today, owner_id, first, count)
    days = groupby(lines, lambda line: line.next_update_by)
    return [_due_day(promised, list(on_it), today) for promised, on_it in days], counts


def _due_day(promised: date | None, lines: list[DueLine], today: date) -> DueDay:
    rows = [DueRow(name_alike(line.first_name, line.last_name, line.alike_count), line) for line in lines]
    return DueDay(promised, days_late(promised, today), rows, [])


def due_tasks(scope: TaskScope, whose: Whose, today: date, since: datetime) -> DueTasks:
    """Tasks that are due today, the oldest first, a few of each kind by themselves and more as one line.

    `since`: what the asker has done from then on can be taken back.
    """
    # Promises that come up stand there by themselves, and on their day among those that are due.
    found = [task for task in tasks_on_home(scope, whose, today, since) if task.kind is not TaskKind.UPDATE_DUE]
    rows: list[TaskRow] = []
    done: list[TaskRow] = []
    heaps: dict[TaskKind, int] = {}
    for task in found:
        if task.closed_at is not None:
            done.append(_task_row(task, scope, today))
        elif task.alike_count <= ALIKE_SHOWN:
            rows.append(_task_row(task, scope, today))
        elif task.kind not in heaps:
            rows.append(_heap_row(task, whose))
        if task.closed_at is None:
            heaps[task.kind] = task.alike_count
    return DueTasks(rows, sum(heaps.values()), done[:ALIKE_SHOWN])


def _task_row(task: HomeTask, scope: TaskScope, today: date) -> TaskRow:
    is_own = task.owner_id == scope.person_id
    return TaskRow(
        public_id=task.public_id,
        kind=task.kind,
        words=task_words(task.kind, task.name, task.title),
        title=task.title,
        names="",
        many=1,
        due_on=task.due_on,
        path=path_of(task.kind, task.about),
        owner_name="" if is_own else task.owner_name,
        is_escalated=not is_own and task.state is TaskState.ESCALATED,
        is_late=task.due_on < today,
        is_away=task.owner_id in scope.stands_in_for,
    )


def _heap_row(task: HomeTask, whose: Whose) -> TaskRow:
    count = task.alike_count
    return TaskRow(
        public_id=task.public_id,
        kind=task.kind,
        words=heap_words(task.kind, count),
        title="",
        names=name_alike(task.name, "", count) if task.name else "",
        many=count,
        due_on=task.due_on,
        path=f"/recruiting/tasks?whose={whose}&kind={task.kind}",
        owner_name="",
        is_escalated=False,
        is_late=False,
        is_away=False,
    )


def with_tasks(days: list[DueDay], tasks: list[TaskRow], today: date) -> list[DueDay]:
    """Each task on its day, among what is promised for that day; days without a promise come in between."""
    by_day = {day.promised: day for day in days}
    for task in tasks:
        day = by_day.get(task.due_on)
        if day is None:
            day = by_day[task.due_on] = DueDay(task.due_on, days_late(task.due_on, today), [], [])
        day.tasks.append(task)
    return sorted(by_day.values(), key=lambda day: (day.promised is None, day.promised or date.max))


def stood_in_for(colleagues: Sequence[int], scope: StaffScope, today: date) -> list[StoodInFor]:
    """Who is away, and how many people wait for a word from each."""
    rows = []
    for colleague_id in colleagues:
        colleague = find_staff(colleague_id)
        if colleague is not None:
            total = due_for(scope, today, colleague_id, 0, 1)[1].total
            rows.append(StoodInFor(colleague.public_id, colleague.name or colleague.email, total))
    return rows


def owed_in_the_morning(person_id: int, role: Role, today: date) -> list[OwedLine]:
    """What somebody owes by `today`, a line for what is alike, the oldest first: tasks, and words to candidates."""
    colleagues = stands_in_for(person_id, today)
    found = owed_by([person_id, *colleagues], person_id, today)
    owed = [task for task in found if task.kind is not TaskKind.UPDATE_DUE]
    lines = lines_of(owed, "/recruiting/tasks?kind={kind}")
    scope = StaffScope(person_id, role)
    for owner_id in [person_id, *colleagues]:
        due, counts = due_for(scope, today, owner_id, 0, 1)
        if counts.total:
            lines.append(_waiting_line(owner_id, owner_id == person_id, due[0].next_update_by, counts.total))
    return by_age(lines)


def _waiting_line(owner_id: int, is_own: bool, oldest: date | None, count: int) -> OwedLine:
    if is_own:
        words = ngettext("%(count)s person waits for a word", "%(count)s people wait for a word", count)
        return OwedLine(words, count, oldest, "/recruiting/?whose=mine")
    owner = find_staff(owner_id)
    words = ngettext(
        "%(count)s person waits for a word from %(name)s, who is away",
        "%(count)s people wait for a word from %(name)s, who is away",
        count,
        name=owner.name if owner else "",
    )
    return OwedLine(words, count, oldest, f"/recruiting/applications?owner={owner.public_id if owner else ''}&due=y")


_HELD = (
    select(Import.public_id, Import.file_name, Source.name, Import.added, Import.finished_at)
    .join(Source, Source.id == Import.source_id)
    .where(is_held())
    .order_by(Import.id)
)


def _held(row: Any) -> HeldImport:
    return HeldImport(*[*row, min((day for day, _count in promises_of(row[0])), default=None)])


_NEWEST_IMPORT = (
    select(func.max(Import.id))
    .where(Import.source_id == Source.id)
    .where(Import.state != ImportState.DISCARDED)
    .correlate(Source)
    .scalar_subquery()
)
_UNMAPPED = (
    select(Source.name, Import.public_id, func.count(LabelMapping.id))
    .join(LabelMapping, LabelMapping.source_id == Source.id)
    .join(Import, Import.id == _NEWEST_IMPORT)
    .where(LabelMapping.status.is_(None))
    .group_by(Source.id, Source.name, Import.public_id)
    .order_by(Source.name)
)


_TODAY = bindparam("today", type_=Date)
_IS_WAITING = select(
    _HELD.order_by(None).exists(),
    _UNMAPPED.order_by(None).exists(),
    exists().where(StaffAbsence.from_on <= _TODAY).where(StaffAbsence.until_on >= _TODAY),
    exists()
    .where(ApplicationEvent.next_update_by > _TODAY)
    .where(ApplicationEvent.next_update_by <= bindparam("until", type_=Date)),
    is_anyone_noted(),
    has_acted(),
    HAS_AHEAD,
    HAS_OWED,
    HAS_RETURNED,
)


@dataclass(frozen=True)
class Waiting:
    """What else waits for somebody: imports to release, words to map, the work of colleagues who are away.

    `coming_until`: the last day of which promises may come up; None when there are none before.
    """

    held: list[HeldImport]
    unmapped: list[UnmappedLabels]
    #: Ids of those for whom the asker stands in.
    away: tuple[int, ...]
    coming_until: date | None = None
    #: Whether anybody was ever sent an automatic note.
    has_notes: bool = False
    #: What the asker did to many and is not done, or can still be taken back; the newest first.
    on_its_way: tuple[OwnAction, ...] = ()
    #: The asker's interviews of today and tomorrow, the next first.
    meetings: tuple[AheadLine, ...] = ()
    #: Whether the asker owes feedback to anybody.
    has_feedback: bool = False
    #: What the asker wrote for candidates and a colleague sent back.
    returned: tuple[ReturnedLine, ...] = ()


def what_else_waits(person_id: int, today: date, at: datetime, *, imports: bool) -> Waiting:
    """What waits besides applications, oldest first; on most days nothing, which one question finds out."""
    until = reminded_until(today, calendar_from(today))
    values = {"today": today, "until": until, "actor_id": person_id, "acted_since": acted_since(at)}
    since, before = _two_days_from(today)
    values |= {"asker_id": person_id, "since": since, "until_at": before, "me": person_id}
    row = fetch(_IS_WAITING, values).one()
    has_held, has_unmapped, is_anyone_away, may_come, has_notes, has_done_many, has_meetings, has_feedback, back = row
    return Waiting(
        held=[_held(row) for row in fetch(_HELD)] if imports and has_held else [],
        unmapped=[UnmappedLabels(*row) for row in fetch(_UNMAPPED)] if imports and has_unmapped else [],
        away=tuple(stands_in_for(person_id, today)) if is_anyone_away else (),
        coming_until=until if may_come else None,
        has_notes=bool(has_notes),
        on_its_way=tuple(one for one in own_actions(person_id, at) if one.is_open) if has_done_many else (),
        meetings=tuple(ahead_for(person_id, since, before)) if has_meetings else (),
        has_feedback=bool(has_feedback),
        returned=tuple(returned_to(person_id)) if back else (),
    )


def _two_days_from(today: date) -> tuple[datetime, datetime]:
    """When `today` begins on the company's clock, and when the day after it ends."""
    zone = ZoneInfo(company_zone())
    begins, ends = (datetime.combine(today + timedelta(days=days), time(), zone) for days in (0, 2))
    return begins, ends


def not_among(waiting: Waiting, tasks: list[TaskRow]) -> Waiting:
    """What waits, without what the tasks on the same page tell of already."""
    shown = {(task.kind, task.title if task.kind is TaskKind.LABELS_TO_MAP else task.path) for task in tasks}
    heaps = {task.kind for task in tasks if task.many > 1}
    release, labels = TaskKind.IMPORT_TO_RELEASE, TaskKind.LABELS_TO_MAP
    held = [
        one for one in waiting.held if release not in heaps and (release, path_of(release, one.public_id)) not in shown
    ]
    unmapped = [one for one in waiting.unmapped if labels not in heaps and (labels, one.source) not in shown]
    return replace(waiting, held=held, unmapped=unmapped)
