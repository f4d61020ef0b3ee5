"""What an import found, in order: for its page and for the command."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.applications.states import STATUS_LABELS
from portal.ats.actions.tally import WARNINGS_KEPT, Issue, Tally, read_tally
from portal.ats.queries import IssueRow, LabelMaps
from portal.ats.rules import own_status, suggest_status
from portal.ats.states import LabelKind
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _

_SHOWN_LABELS = 50
#: On a terminal.
_SHOWN_OPENINGS = 20
#: Of each column, on a terminal.
_SHOWN_WARNINGS = 3


@dataclass(frozen=True)
class UnmappedLabel:
    """A stage or end reason that nobody has mapped, and in how many rows it would have mattered."""

    #: None: a word of the status column, which cannot be mapped.
    kind: LabelKind | None
    label: str
    rows: int
    #: Whether the file has a status column, which then says how it ended.
    has_status: bool
    #: Rows whose people are told that they are still in the running, because nobody has said what it means.
    left_open: int = 0

    @property
    def guess(self) -> str:
        """What it most likely means, in the words candidates read; empty where we have no idea."""
        status = suggest_status(self.label) if self.kind is not None else None
        return str(STATUS_LABELS[status]) if status is not None else ""

    @property
    def text(self) -> str:
        """What that means, in a sentence."""
        if self.kind is None:
            return ngettext(
                'Status "%(label)s" is not known: %(count)s row reads what its stage says.',
                'Status "%(label)s" is not known: %(count)s rows read what their stage says.',
                self.rows,
                label=self.label,
            )
        if self.kind is LabelKind.STAGE:
            return ngettext(
                'Stage "%(label)s" is not mapped: %(count)s row reads In review.',
                'Stage "%(label)s" is not mapped: %(count)s rows read In review.',
                self.rows,
                label=self.label,
            )
        if self.has_status:
            return ngettext(
                'End reason "%(label)s" is not mapped: %(count)s row reads what its status says.',
                'End reason "%(label)s" is not mapped: %(count)s rows read what their status says.',
                self.rows,
                label=self.label,
            )
        return ngettext(
            'End reason "%(label)s" is not mapped: %(count)s row reads In review.',
            'End reason "%(label)s" is not mapped: %(count)s rows read In review.',
            self.rows,
            label=self.label,
        )


@dataclass(frozen=True)
class Summary:
    """What a pass over a file found."""

    tally: Tally
    fields: dict[str, str]
    ignored: list[str]
    demographic: list[str]
    column_warnings: list[str]
    unmapped: list[UnmappedLabel]
    #: Of these and of the words of the status column, those that leave somebody open who may have been told an ending.
    left_open: list[UnmappedLabel]
    #: Day and how many people hear by then, in order.
    promised: list[tuple[date, int]]
    #: Columns with more warnings than are kept: header, count.
    many_warnings: list[tuple[str, int]]
    description: str


def summarise(findings: dict[str, Any], labels: LabelMaps) -> Summary:
    """What stands in the findings of an import, with its source's labels as they are mapped now."""
    tally = read_tally(findings.get("tally") or {})
    days = [date.fromisoformat(day) for day in findings.get("days") or ()]
    unmapped = _unmapped(tally, labels, "status" in (findings.get("fields") or {}))
    return Summary(
        tally=tally,
        fields=findings.get("fields") or {},
        ignored=findings.get("ignored") or [],
        demographic=findings.get("demographic") or [],
        column_warnings=findings.get("column_warnings") or [],
        unmapped=unmapped,
        left_open=[one for one in (*unmapped, *_unknown_words(tally)) if one.left_open],
        promised=spread(tally.open_added, days),
        many_warnings=[(column, count) for column, count in tally.warnings.items() if count > WARNINGS_KEPT],
        description=" · ".join(str(findings[name]) for name in ("kind", "dialect", "encoding") if findings.get(name)),
    )


def spread(count: int, days: list[date]) -> list[tuple[date, int]]:
    """How many of `count` promises, given out in turn, fall on each day; days without one are left out."""
    if not days:
        return []
    whole, rest = divmod(count, len(days))
    shares = [(day, whole + (index < rest)) for index, day in enumerate(days)]
    return [(day, share) for day, share in shares if share]


def people(count: int) -> str:
    """So many candidates, in words."""
    return ngettext("%(count)s candidate", "%(count)s candidates", count)


def _unmapped(tally: Tally, labels: LabelMaps, has_status: bool) -> list[UnmappedLabel]:
    found = []
    for kind, known in ((LabelKind.STAGE, labels.stages), (LabelKind.REASON, labels.reasons)):
        found += [
            UnmappedLabel(kind, one.label, one.unmapped, has_status, one.left_open)
            for key, one in tally.labels(kind).items()
            if one.unmapped and key not in known and own_status(one.label) is None
        ]
    return sorted(found, key=lambda one: -one.rows)


def _unknown_words(tally: Tally) -> list[UnmappedLabel]:
    found = [UnmappedLabel(None, one.label, one.unmapped, True, one.left_open) for one in tally.words.values()]
    return sorted(found, key=lambda one: -one.rows)


def _with_guess(label: UnmappedLabel) -> str:
    is_guessed = label.left_open and label.guess
    return label.text + (" " + _("Our guess: %(status)s.", status=label.guess) if is_guessed else "")


@dataclass(frozen=True)
class ImportReport:
    """What `portal import applications` prints."""

    added: int
    changed: int
    same: int
    refused: int
    source: str
    summary: Summary
    #: Sentences that are said first.
    remarks: list[str]
    read_refusals: Callable[[], Iterator[Issue | IssueRow]]
    read_changes: Callable[[], Iterator[Issue | IssueRow]]
    read_warnings: Callable[[], Iterator[Issue | IssueRow]]

    def lines(self) -> Iterator[str]:
        """All but the counts and the refused rows, a line each."""
        summary = self.summary
        yield _("Source: %(source)s (%(description)s)", source=self.source, description=summary.description)
        yield from self.remarks
        if summary.demographic:
            yield _(
                "Never read, because they must not decide about anybody: %(all)s", all=", ".join(summary.demographic)
            )
        if summary.ignored:
            yield _("Columns that are not read: %(all)s", all=", ".join(summary.ignored))
        yield from summary.column_warnings
        yield from self._openings()
        yield from (_with_guess(label) for label in summary.unmapped[:_SHOWN_LABELS])
        yield from self._warnings()
        yield from self._promises()
        if summary.left_open:
            yield _(
                "WARNING: nobody has said what these mean: %(all)s. Their people are told that they are still in the "
                "running, and promised a word, though some may have had their answer long ago. Say what they mean on "
                "the page of the import before you release it.",
                all=", ".join(f'"{one.label}"' for one in summary.left_open[:_SHOWN_LABELS]),
            )

    def _openings(self) -> Iterator[str]:
        """Which openings of the file are others here, and which are new."""
        tally = self.summary.tally
        for one in list(tally.joined.values())[:_SHOWN_OPENINGS]:
            yield _(
                'Opening "%(title)s" joins the one that is here already: "%(here)s".',
                title=one.title,
                here=one.title_here,
            )
        if tally.openings:
            titles = tally.new_openings
            yield _("Openings that are new here: %(all)s", all=" · ".join(titles[:_SHOWN_OPENINGS]))
            if len(titles) > _SHOWN_OPENINGS:
                yield ngettext("And %(count)s more.", "And %(count)s more.", len(titles) - _SHOWN_OPENINGS)

    def _warnings(self) -> Iterator[str]:
        """The first few of each column, and how many there are."""
        shown: Counter[str] = Counter()
        for warning in self.read_warnings():
            shown[warning.column] += 1
            if shown[warning.column] <= _SHOWN_WARNINGS:
                where, what = warning.column, warning.reason
                yield _("row %(row)s, column %(column)s: %(reason)s", row=warning.row, column=where, reason=what)
        for column, count in self.summary.tally.warnings.items():
            if count > _SHOWN_WARNINGS:
                rest = count - _SHOWN_WARNINGS
                yield ngettext(
                    'Column "%(column)s": %(count)s more warning.',
                    'Column "%(column)s": %(count)s more warnings.',
                    rest,
                    column=column,
                )

    def _promises(self) -> Iterator[str]:
        tally = self.summary.tally
        if tally.ended_added:
            yield ngettext(
                "%(count)s of the added ended before us: no letter, no date.",
                "%(count)s of the added ended before us: no letter, no date.",
                tally.ended_added,
            )
        if self.summary.promised:
            yield _("By when people hear from us:")
        for day, count in self.summary.promised:
            yield "  " + ngettext(
                "%(day)s: %(count)s candidate", "%(day)s: %(count)s candidates", count, day=format_day(day)
            )
        if tally.due:
            yield ngettext(
                "%(count)s changed application waits for a word from its owner.",
                "%(count)s changed applications wait for a word from their owners.",
                tally.due,
            )

    def refusals(self) -> Iterator[Issue | IssueRow]:
        """Every refused row with column and reason."""
        return self.read_refusals()

    def changes(self) -> Iterator[Issue | IssueRow]:
        """Every changed application: its row and what is different; with a column where its owner has to write."""
        return self.read_changes()
