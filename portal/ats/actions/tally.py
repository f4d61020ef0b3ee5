"""What an import has found so far: counts, labels, warnings; kept with the import after every chunk."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.applications.states import ENDINGS
from portal.ats.actions.plan import Outcome, PlannedRow
from portal.ats.rules import ImportedRow, StatusRead, normalise_label, safe_reason, told_apart
from portal.ats.states import ImportField, IssueLevel, LabelKind

#: Warnings about one column that are kept word for word; the rest is counted.
WARNINGS_KEPT = 20
#: Different stages or end reasons of a source that are kept; more means that another column was taken for them.
MAX_LABELS = 1_000
#: Openings that are new here, or join one that is, and are named.
OPENINGS_NAMED = 100
_MAX_REASON = 500


@dataclass(frozen=True)
class Issue:
    """What is kept about one row: no address and nothing out of an address cell stands in it."""

    level: IssueLevel
    row: int
    column: str
    reason: str


@dataclass
class LabelCount:
    """How often a label occurs in the file, and in how many rows its meaning was missing."""

    label: str
    count: int = 0
    unmapped: int = 0
    #: Of these, the rows that are written and read an open status for want of a meaning.
    left_open: int = 0


@dataclass(frozen=True)
class JoinedOpening:
    """An opening of the file, called `title` there, and the opening here that its applications join."""

    title: str
    opening_id: int
    title_here: str


@dataclass
class Tally:
    """The counts of one pass over a file; `rows_done` are the rows it has read, in the order of the file."""

    rows_done: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    #: Of the added: still open, so that a word is promised; and ended before us.
    open_added: int = 0
    ended_added: int = 0
    #: Of the changed: somebody has to write.
    due: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    stages: dict[str, LabelCount] = field(default_factory=dict)
    reasons: dict[str, LabelCount] = field(default_factory=dict)
    #: Words of a status column that we do not know, where a stage stands beside them.
    words: dict[str, LabelCount] = field(default_factory=dict)
    #: Key to title of openings that are new here.
    openings: dict[str, str] = field(default_factory=dict)
    #: Openings of the file that are others here, by key.
    joined: dict[str, JoinedOpening] = field(default_factory=dict)
    #: How many applications are added to each of both, by key.
    opening_counts: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What the openings of the file that no import made here are called, by key: no two are called the same."""
        return told_apart({**self.openings, **{key: one.title for key, one in self.joined.items()}})

    @property
    def new_openings(self) -> list[str]:
        """What those are called that are new here."""
        names = self.names
        return [names[key] for key in self.openings]

    def labels(self, kind: LabelKind) -> dict[str, LabelCount]:
        """The labels of one kind by `normalise_label`."""
        return self.stages if kind is LabelKind.STAGE else self.reasons

    def as_json(self) -> dict[str, Any]:
        """For the import's findings."""
        return asdict(self)

    def copy(self) -> "Tally":
        """The same counts, apart from these."""
        return read_tally(self.as_json())

    def take(self, rows: Sequence[PlannedRow], address_column: str) -> list[Issue]:
        """Count a chunk of planned rows; returns what is to be kept about single rows."""
        issues: list[Issue] = []
        for row in rows:
            self.rows_done += 1
            self._count(row)
            issues += self._issues(row, address_column)
        return issues

    def _count(self, row: PlannedRow) -> None:
        setattr(self, row.outcome.value, getattr(self, row.outcome.value) + 1)
        if row.change is not None and row.change.asks_owner:
            self.due += 1
        if row.status is None or row.read is None or row.read.application is None:
            return
        self._count_labels(row.read.application, row.status, row.outcome is not Outcome.SAME)
        if row.outcome is not Outcome.ADDED:
            return
        if row.status.status in ENDINGS:
            self.ended_added += 1
        else:
            self.open_added += 1
        self._count_opening(row, row.read.application.opening_title)

    def _count_opening(self, row: PlannedRow, title: str) -> None:
        key, here = row.opening_key, row.destination
        if here is not None and not here.is_joined:
            return
        if key not in self.opening_counts and len(self.opening_counts) >= OPENINGS_NAMED:
            return
        if here is None:
            self.openings.setdefault(key, title)
        else:
            self.joined.setdefault(key, JoinedOpening(title, here.opening_id, here.title))
        self.opening_counts[key] = self.opening_counts.get(key, 0) + 1

    def _count_labels(self, application: ImportedRow, status: StatusRead, is_written: bool) -> None:
        is_open = is_written and status.status not in ENDINGS
        _count_label(self.stages, application.stage, status.is_stage_unknown, is_open)
        _count_label(self.reasons, application.reject_reason, status.is_reason_unknown, is_open)
        if application.status_word is None and application.status_as_written != application.stage:
            _count_label(self.words, application.status_as_written, True, is_open)

    def _issues(self, row: PlannedRow, address_column: str) -> list[Issue]:
        found = []
        if row.read is not None:
            found += [_issue(IssueLevel.REFUSED, one, address_column) for one in row.read.refusals]
        if row.change is not None:
            column = ImportField.STAGE.value if row.change.asks_owner else ""
            found.append(Issue(IssueLevel.CHANGED, row.row, column, row.change.text[:_MAX_REASON]))
        for warned in (*(row.read.warnings if row.read else ()), *row.remarks):
            self.warnings[warned.column] = self.warnings.get(warned.column, 0) + 1
            if self.warnings[warned.column] <= WARNINGS_KEPT:
                found.append(_issue(IssueLevel.WARNING, warned, address_column))
        return found


def _issue(level: IssueLevel, remark: Any, address_column: str) -> Issue:
    reason = safe_reason(remark.column == address_column, remark.reason)
    return Issue(level, remark.row, remark.column[:200], reason[:_MAX_REASON])


def _count_label(labels: dict[str, LabelCount], label: str, is_unknown: bool, is_open: bool) -> None:
    if not label:
        return
    key = normalise_label(label)[:200]
    found = labels.get(key)
    if found is None:
        if len(labels) >= MAX_LABELS:
            return
        found = labels[key] = LabelCount(label)
    found.count += 1
    found.unmapped += is_unknown
    found.left_open += is_unknown and is_open


def read_tally(stored: dict[str, Any]) -> Tally:
    """What `Tally.as_json` stored; an empty mapping is a pass that has not begun."""
    tally = Tally(**stored)
    for labels in (tally.stages, tally.reasons, tally.words):
        for key, found in labels.items():
            if isinstance(found, dict):
                labels[key] = LabelCount(**found)
    for key, joined in tally.joined.items():
        if isinstance(joined, dict):
            tally.joined[key] = JoinedOpening(**joined)
    return tally
