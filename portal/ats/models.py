"""Where imports come from, what was chosen for each source, and every import."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.states import ApplicationStatus
from portal.ats.states import ImportState, IssueLevel, LabelKind
from portal.core.db import Model, Word


class Source(Model):
    """A system that applications come from, and what a recruiter said about it."""

    __tablename__ = "ats_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Lower case, as in `--source`.
    name: Mapped[str] = mapped_column(String(60), unique=True)
    #: Whether that system has already told people of endings; None: not said yet.
    told_of_endings: Mapped[bool | None] = mapped_column(Boolean)
    #: Header (folded) -> field or "ignore", as mapped by hand.
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: "dmy", "mdy" or "".
    date_order: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]


class LabelMapping(Model):
    """A stage or end reason that a source uses, and what a candidate reads for it."""

    __tablename__ = "ats_label_mapping"
    __table_args__ = (UniqueConstraint("source_id", "kind", "label_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("ats_source.id"))
    kind: Mapped[LabelKind] = mapped_column(Word(LabelKind))
    #: See `ats.rules.normalise_label`.
    label_key: Mapped[str] = mapped_column(String(200))
    #: As the source writes it.
    label: Mapped[str] = mapped_column(String(200))
    #: None: found, not mapped yet; reads "In review" and warns.
    status: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))


class OpeningMapping(Model):
    """Which opening here an opening of a source is, as it was chosen or found by its title."""

    __tablename__ = "ats_opening_mapping"
    __table_args__ = (UniqueConstraint("source_id", "opening_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("ats_source.id"))
    #: See `ats.rules.opening_key`.
    opening_key: Mapped[str] = mapped_column(String(210))
    #: None: one of its own, although its title is that of another one here.
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"), index=True)


class Import(Model):
    """One file, checked and perhaps applied."""

    __tablename__ = "ats_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("ats_source.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[ImportState] = mapped_column(Word(ImportState))
    #: {"owner": id, "map": {header: field}, "dates": "", "on_error": "skip"|"stop", "asked_by": id},
    #: and "by_command": True where it was not a page that asked.
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What the last check or run found: headers, mapping, ignored and demographic columns, promised dates, samples.
    findings: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows_total: Mapped[int] = mapped_column(Integer)
    rows_done: Mapped[int] = mapped_column(Integer)
    added: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    same: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    #: A sentence for people when it could not go on.
    problem: Mapped[str] = mapped_column(String(500))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: Until then nothing automatic is sent to the people it added.
    released_at: Mapped[datetime | None]


class ImportIssue(Model):
    """A row that was refused, changed or warned about."""

    __tablename__ = "ats_import_issue"
    __table_args__ = (Index("ix_ats_import_issue_import", "import_id", "level", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("ats_import.id", ondelete="CASCADE"))
    level: Mapped[IssueLevel] = mapped_column(Word(IssueLevel))
    row: Mapped[int] = mapped_column(Integer)
    column: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
