"""A list of people without an opening: which column is what, and each row as somebody to add, or why it is nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from portal.ats.rules.addresses import RefusedAddress, read_address
from portal.ats.rules.columns import map_columns
from portal.ats.rules.dates import UnreadableDate, read_date
from portal.ats.rules.rows import Refusal, Remark, Warned
from portal.ats.rules.text import clean_text, header_key
from portal.ats.states import DateOrder, ImportField
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.prospects.rules import NOTE_LENGTH, NoLink, checked_link

#: People of one list: each is to get a personal invitation, and all of it is done at once.
MOST_PEOPLE: Final = 1000
_NAME_LENGTH: Final = 200
_WORDS_LENGTH: Final = 1000


class PeopleField(StrEnum):
    """What a column of such a list may hold."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    SOURCE_NOTE = "source_note"
    OBTAINED_ON = "obtained_on"
    LINK = "link"
    CONSENT_ON = "consent_on"
    CONSENT_WORDS = "consent_words"
    CONSENT_SOURCE = "consent_source"


_CONSENT: Final = (PeopleField.CONSENT_ON, PeopleField.CONSENT_WORDS, PeopleField.CONSENT_SOURCE)
_DATES: Final = (PeopleField.OBTAINED_ON, PeopleField.CONSENT_ON)
_AS_IN_APPLICATIONS: Final = {
    ImportField.EMAIL: PeopleField.EMAIL,
    ImportField.NAME: PeopleField.NAME,
    ImportField.FIRST_NAME: PeopleField.FIRST_NAME,
    ImportField.LAST_NAME: PeopleField.LAST_NAME,
}
#: Case, spaces, punctuation and accents make no difference.
_NAMES: Final[dict[PeopleField, str]] = {
    PeopleField.SOURCE_NOTE: """
        source, source note, where from, where, found at, met at, event, event name, referred by, referrer, list,
        origin, how we met, quelle, herkunft, veranstaltung, origine, origen, źródło""",
    PeopleField.OBTAINED_ON: """
        met on, found on, date, date met, date found, obtained on, added on, collected on, since, source date,
        date of source, datum, getroffen am, date de rencontre, fecha, data""",
    PeopleField.LINK: """
        link, url, website, web site, profile, profile url, public page, page, linkedin, linkedin url, github, homepage,
        portfolio""",
    PeopleField.CONSENT_ON: """
        consent on, consent date, date of consent, consented on, consented at, consent given on, opt-in date,
        opt in date, opted in on, optin date, subscribed on, subscribed at, einwilligung am, date de consentement""",
    PeopleField.CONSENT_WORDS: """
        consent words, consent text, words of consent, consent wording, consent, opt-in text, opt in text, optin text,
        agreed to, einwilligungstext, texte du consentement""",
    PeopleField.CONSENT_SOURCE: """
        consent source, source of consent, consent given at, consent form, consented where, opt-in source,
        opt in source, optin source, einwilligung quelle, source du consentement""",
}
_BY_KEY: Final = {header_key(name): one for one, names in _NAMES.items() for name in names.split(",")}


class NoAddresses(PortalError):
    """The file has no column of addresses."""


@dataclass(frozen=True)
class PeopleColumns:
    """Which column, counted from 0, holds what; `unread` are headers that are left alone."""

    headers: tuple[str, ...]
    by_field: Mapping[PeopleField, int]
    unread: tuple[str, ...]

    def header(self, one: PeopleField) -> str:
        """What the file calls the column of a field; empty when it has none."""
        return self.headers[self.by_field[one]] if one in self.by_field else ""

    def cell(self, one: PeopleField, cells: Sequence[str]) -> str:
        """What stands in a row for a field, clean; empty when there is no such column."""
        return clean_text(cells[self.by_field[one]]) if one in self.by_field else ""

    @property
    def email_header(self) -> str:
        """What the file calls the column of addresses."""
        return self.header(PeopleField.EMAIL)


@dataclass(frozen=True)
class ConsentRead:
    """A yes that was given elsewhere, with all of its proof."""

    given_on: date
    words: str
    source: str


@dataclass(frozen=True)
class PersonRead:
    """Somebody a row names; what the row does not say is empty and taken from what was said of the whole list."""

    row: int
    email: str
    name: str
    source_note: str = ""
    obtained_on: date | None = None
    link: str = ""
    consent: ConsentRead | None = None


@dataclass
class PeopleRead:
    """A whole list: who stands in it, which rows are nobody, and what to look at."""

    people: list[PersonRead] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)


def map_people(headers: Sequence[str]) -> PeopleColumns:
    """Which column of a list holds what, by its name. Raises NoAddresses; demographic columns are never read."""
    known = map_columns(headers, {}, {})
    by_field = {theirs: known.by_field[ours] for ours, theirs in _AS_IN_APPLICATIONS.items() if ours in known.by_field}
    for index, header in enumerate(headers):
        one = _BY_KEY.get(header_key(header))
        if one is not None and one not in by_field and index not in by_field.values():
            by_field[one] = index
    if PeopleField.EMAIL not in by_field:
        raise NoAddresses(_("This file has no column of e-mail addresses. Call it E-mail, and try again."))
    read = set(by_field.values())
    return PeopleColumns(tuple(headers), by_field, tuple(one for index, one in enumerate(headers) if index not in read))


def date_cells(columns: PeopleColumns, cells: Sequence[str]) -> list[str]:
    """The cells of a row that hold days."""
    return [cell for one in _DATES if (cell := columns.cell(one, cells))]


def read_people(
    columns: PeopleColumns,
    rows: Sequence[tuple[int, Sequence[str]]],
    order: DateOrder,
    *,
    today: date,
    oldest_consent: date,
) -> PeopleRead:
    """Every row as somebody to add or a refusal; an address that comes twice counts once.

    A consent counts only with its day, words and source, and not when it is older than `oldest_consent`.
    """
    read, seen = PeopleRead(), set[str]()
    for number, cells in rows:
        try:
            person = _read_row(columns, number, cells, order, today, oldest_consent, read.warned)
        except _Refused as problem:
            read.refused.append(Refusal(number, problem.column, problem.message))
            continue
        if person.email in seen:
            what = _("This address stands further up already.")
            read.refused.append(Refusal(number, columns.header(PeopleField.EMAIL), what))
            continue
        seen.add(person.email)
        read.people.append(person)
    return read


class _Refused(PortalError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _read_row(
    columns: PeopleColumns,
    number: int,
    cells: Sequence[str],
    order: DateOrder,
    today: date,
    oldest_consent: date,
    warned: list[Warned],
) -> PersonRead:
    try:
        email = read_address(cells[columns.by_field[PeopleField.EMAIL]])
    except RefusedAddress as problem:
        raise _Refused(columns.header(PeopleField.EMAIL), problem.message) from problem
    link, consent, remarks = "", None, list[Remark]()
    if text := columns.cell(PeopleField.LINK, cells):
        try:
            link = checked_link(text)
        except NoLink as problem:
            remarks.append(Remark(number, columns.header(PeopleField.LINK), problem.message))
    consent = _consent(columns, number, cells, order, today, oldest_consent, remarks)
    person = PersonRead(
        row=number,
        email=email,
        name=_name(columns, cells),
        source_note=columns.cell(PeopleField.SOURCE_NOTE, cells)[:NOTE_LENGTH],
        obtained_on=_obtained(columns, cells, order, today),
        link=link,
        consent=consent,
    )
    warned += [Warned(one.row, one.column, one.reason) for one in remarks]
    return person


def _name(columns: PeopleColumns, cells: Sequence[str]) -> str:
    whole = columns.cell(PeopleField.NAME, cells)
    parts = (columns.cell(one, cells) for one in (PeopleField.FIRST_NAME, PeopleField.LAST_NAME))
    name = whole or " ".join(part for part in parts if part)
    return name[:_NAME_LENGTH].strip() if any(ch.isalpha() for ch in name) else ""


def _obtained(columns: PeopleColumns, cells: Sequence[str], order: DateOrder, today: date) -> date | None:
    """The day the row says it was got on; refused where it cannot be one."""
    text, column = columns.cell(PeopleField.OBTAINED_ON, cells), columns.header(PeopleField.OBTAINED_ON)
    if not text:
        return None
    try:
        day = read_date(text, order)
    except UnreadableDate as problem:
        raise _Refused(column, problem.message) from problem
    if day > today:
        raise _Refused(column, _("This day has not come yet."))
    return day


def _consent(
    columns: PeopleColumns,
    number: int,
    cells: Sequence[str],
    order: DateOrder,
    today: date,
    oldest: date,
    remarks: list[Remark],
) -> ConsentRead | None:
    """The yes of a row, if all of its proof is there; else a remark says what is missing."""
    given = {one: columns.cell(one, cells) for one in _CONSENT}
    if not any(given.values()):
        return None
    missing = next((one for one in _CONSENT if not given[one]), None)
    if missing is not None:
        what = _("The yes is not taken over: its day, its words and where it was said must all be there.")
        remarks.append(Remark(number, columns.header(missing), what))
        return None
    column = columns.header(PeopleField.CONSENT_ON)
    try:
        day = read_date(given[PeopleField.CONSENT_ON], order)
    except UnreadableDate as problem:
        remarks.append(Remark(number, column, _("The yes is not taken over.") + " " + problem.message))
        return None
    if day > today:
        remarks.append(Remark(number, column, _("The yes is not taken over: its day has not come yet.")))
        return None
    if day < oldest:
        remarks.append(Remark(number, column, _("The yes is not taken over: it is too old to hold.")))
        return None
    words = given[PeopleField.CONSENT_WORDS][:_WORDS_LENGTH]
    return ConsentRead(day, words, given[PeopleField.CONSENT_SOURCE])
