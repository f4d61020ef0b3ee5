"""One row of a file as an application, or the reasons why it is none."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.applications.states import OPEN_STATUSES
from portal.ats.rules.addresses import RefusedAddress, read_address
from portal.ats.rules.columns import ColumnMapping
from portal.ats.rules.dates import UnreadableDate, read_date
from portal.ats.rules.statuses import own_status, read_status_word
from portal.ats.rules.text import clean_text
from portal.ats.states import DateOrder, ImportField, StatusWord
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext

#: How many characters of each field are kept.
MAX_LENGTHS: Final[dict[ImportField, int]] = {
    ImportField.NAME: 200,
    ImportField.OPENING: 200,
    ImportField.STAGE: 200,
    ImportField.STATUS: 200,
    ImportField.REJECT_REASON: 200,
    ImportField.CHANNEL: 100,
    ImportField.PHONE: 50,
    ImportField.APPLICATION_ID: 200,
    ImportField.OPENING_ID: 200,
}
MAX_TAG_LENGTH: Final = 60
MAX_TAGS: Final = 50

_NO_VALUE: Final = frozenset({"", "-", "–", "—", "n/a", "#n/a", "na", "none", "null", "nil", "(none)", "(blank)"})
_TAG_SEPARATOR: Final = re.compile(r"[;,|\n\r]")


@dataclass(frozen=True)
class Remark:
    """What is wrong with one cell: the row as a spreadsheet counts it, the column's header, and a sentence."""

    row: int
    column: str
    reason: str


class Refusal(Remark):
    """Why a row is not imported."""


class Warned(Remark):
    """What a person should look at in a row that is imported."""


@dataclass(frozen=True)
class ImportedRow:
    """One application as the file tells it; texts are clean and never longer than `MAX_LENGTHS`."""

    row: int
    #: The normalised address: the key of the person.
    email: str
    email_as_written: str
    #: Empty when the file has none.
    name: str
    opening_title: str
    opening_id: str
    application_id: str
    stage: str
    #: None: the row says nothing about it, or a word we do not know.
    status_word: StatusWord | None
    status_as_written: str
    reject_reason: str
    applied_on: date | None
    last_activity_on: date | None
    phone: str
    tags: tuple[str, ...]
    channel: str


@dataclass(frozen=True)
class RowRead:
    """A row that was read: an application with warnings, or refusals and no application."""

    row: int
    application: ImportedRow | None
    refusals: tuple[Refusal, ...]
    warnings: tuple[Warned, ...]


class _Reader:
    """Reads the fields of one row and collects what is wrong with them."""

    def __init__(self, row: int, cells: Sequence[str], mapping: ColumnMapping) -> None:
        self.row = row
        self.cells = cells
        self.mapping = mapping
        self.refusals: list[Refusal] = []
        self.warnings: list[Warned] = []

    def refuse(self, field: ImportField, reason: str) -> None:
        self.refusals.append(Refusal(self.row, self.mapping.header(field), reason))

    def warn(self, column: str, reason: str) -> None:
        self.warnings.append(Warned(self.row, column, reason))

    def text(self, field: ImportField) -> str:
        """The cleaned text of a field, cut to its length."""
        return self.cut(field, clean_text(self.mapping.cell(self.cells, field)))

    def cut(self, field: ImportField, text: str) -> str:
        limit = MAX_LENGTHS[field]
        if len(text) <= limit:
            return text
        self.warn(
            self.mapping.header(field),
            _("This is too long; the first %(limit)s characters are kept.", limit=limit),
        )
        return text[:limit].rstrip()

    def address(self) -> str:
        try:
            return read_address(self.mapping.cell(self.cells, ImportField.EMAIL))
        except RefusedAddress as problem:
            self.refuse(ImportField.EMAIL, problem.message)
            return ""

    def opening(self) -> str:
        title = self.text(ImportField.OPENING)
        if title.casefold() in _NO_VALUE:
            self.refuse(ImportField.OPENING, _("The opening is missing."))
        return title

    def day(self, field: ImportField, order: DateOrder, today: date) -> date | None:
        cell = self.mapping.cell(self.cells, field)
        if clean_text(cell).casefold() in _NO_VALUE:
            return None
        try:
            value = read_date(cell, order)
        except UnreadableDate as problem:
            self.refuse(field, problem.message)
            return None
        if value > today:
            self.warn(self.mapping.header(field), _("This date is in the future: %(day)s.", day=value.isoformat()))
        return value

    def name(self) -> str:
        parts = [clean_text(self.mapping.cell(self.cells, ImportField.NAME))]
        if parts[0].casefold() in _NO_VALUE:
            both = (ImportField.FIRST_NAME, ImportField.LAST_NAME)
            parts = [clean_text(self.mapping.cell(self.cells, field)) for field in both]
        name = " ".join(part for part in parts if part.casefold() not in _NO_VALUE)
        if not any(ch.isalnum() for ch in name):
            self.warn(self._name_header(), _("The name is missing."))
            return ""
        if len(name) > MAX_LENGTHS[ImportField.NAME]:
            limit = MAX_LENGTHS[ImportField.NAME]
            self.warn(self._name_header(), _("This is too long; the first %(limit)s characters are kept.", limit=limit))
            name = name[:limit].rstrip()
        return name

    def _name_header(self) -> str:
        fields = (ImportField.NAME, ImportField.FIRST_NAME, ImportField.LAST_NAME)
        return self.mapping.header(next((field for field in fields if self.mapping.has(field)), ImportField.NAME))

    def tags(self) -> tuple[str, ...]:
        cell = self.mapping.cell(self.cells, ImportField.TAGS)
        found: dict[str, str] = {}
        is_cut = False
        for part in _TAG_SEPARATOR.split(cell):
            tag = clean_text(part)
            is_cut = is_cut or len(tag) > MAX_TAG_LENGTH
            tag = tag[:MAX_TAG_LENGTH].rstrip()
            if tag:
                found.setdefault(tag.casefold(), tag)
        if is_cut or len(found) > MAX_TAGS:
            self.warn(
                self.mapping.header(ImportField.TAGS),
                _(
                    "Tags are cut to %(length)s characters, and %(count)s are kept.",
                    length=MAX_TAG_LENGTH,
                    count=MAX_TAGS,
                ),
            )
        return tuple(found.values())[:MAX_TAGS]

    def stage_and_status(self) -> tuple[str, StatusWord | None, str]:
        """The stage, the status word and the status as written; one column may do for both."""
        stage, status = self.text(ImportField.STAGE), self.text(ImportField.STATUS)
        word = read_status_word(status)
        if status and not stage and (word is None or own_status(status) in OPEN_STATUSES):
            stage = status
        elif status and word is None:
            self.warn(
                self.mapping.header(ImportField.STATUS),
                _('The status "%(text)s" is not known; the stage decides.', text=status[:80]),
            )
        return stage, word, status

    def check_width(self) -> None:
        """Warn where a row has text beyond the last header: an unquoted delimiter shifts all that follows."""
        width = len(self.mapping.headers)
        if any(cell.strip() for cell in self.cells[width:]):
            reason = ngettext(
                "The row goes on after the last column, which is number %(count)s: check that nothing has slipped.",
                "The row goes on after the last column, which is number %(count)s: check that nothing has slipped.",
                width,
            )
            self.warn(self.mapping.headers[-1] if self.mapping.headers else "", reason)


def read_row(row: int, cells: Sequence[str], mapping: ColumnMapping, dates: DateOrder, today: date) -> RowRead:
    """Read one row; `row` is its number in a spreadsheet, `today` the day after which dates are in the future.

    Refused with every reason: no address or more than one, no opening, a date that cannot be read. The rest warns.
    Demographic columns are never looked at, and formulas are plain text.
    """
    reader = _Reader(row, cells, mapping)
    reader.check_width()
    email = reader.address()
    title = reader.opening()
    applied_on = reader.day(ImportField.APPLIED_ON, dates, today)
    last_activity_on = reader.day(ImportField.LAST_ACTIVITY_ON, dates, today)
    if reader.refusals:
        return RowRead(row, None, tuple(reader.refusals), ())
    stage, word, status = reader.stage_and_status()
    application = ImportedRow(
        row=row,
        email=email,
        email_as_written=clean_text(mapping.cell(cells, ImportField.EMAIL)),
        name=reader.name(),
        opening_title=title,
        opening_id=reader.text(ImportField.OPENING_ID),
        application_id=reader.text(ImportField.APPLICATION_ID),
        stage=stage,
        status_word=word,
        status_as_written=status,
        reject_reason=reader.text(ImportField.REJECT_REASON),
        applied_on=applied_on,
        last_activity_on=last_activity_on,
        phone=reader.text(ImportField.PHONE),
        tags=reader.tags(),
        channel=reader.text(ImportField.CHANNEL),
    )
    return RowRead(row, application, (), tuple(reader.warnings))


def application_key(source: str, application: ImportedRow) -> str:
    """What makes an application the same in two files of one source; at most 270 characters, without an address.

    Its id in that system, else a hash of address and opening (its id, else its title in any case).
    """
    if application.application_id:
        return f"{source}:id:{application.application_id}"
    title, opening_id = application.opening_title.casefold(), application.opening_id
    opening = f"id {opening_id}" if opening_id else f"title {title}"
    digest = hashlib.sha256(f"{application.email} {opening}".encode()).hexdigest()
    return f"{source}:of:{digest}"
