"""A list of people without an opening: looked at as often as one likes, then added as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from portal.applications.queries import StaffScope
from portal.ats.actions.errors import DatesNeeded
from portal.ats.adapters import UnreadableFile, open_table
from portal.ats.rules import DateEvidence
from portal.ats.rules.people_lists import (
    MOST_PEOPLE,
    PeopleColumns,
    PersonRead,
    date_cells,
    map_people,
    read_people,
)
from portal.ats.rules.rows import Refusal, Warned
from portal.ats.states import DateOrder
from portal.company.queries import company_zone, retention
from portal.contact.rules import months_after
from portal.contact.states import Purpose
from portal.core.clock import day_of
from portal.core.i18n import gettext as _
from portal.prospects.actions import Added, Consent, Found, add_prospects
from portal.prospects.queries import address_facts
from portal.prospects.rules import ProspectRefused, check_address
from portal.prospects.states import LegalGround, ProspectSource


@dataclass(frozen=True)
class AboutList:
    """What holds for everybody on a list, unless their row says more; `purpose` is what they said yes to, if anything.

    `dates` says what comes first in days that fit both ways; None: the file shows it.
    """

    source: ProspectSource
    source_note: str
    obtained_on: date
    ground: LegalGround
    purpose: Purpose | None = None
    dates: DateOrder | None = None


@dataclass(frozen=True)
class ListPreview:
    """What would become of a list: who is added, who is known, which rows are nobody, what to look at."""

    columns: PeopleColumns
    new: tuple[PersonRead, ...]
    known: tuple[tuple[PersonRead, str], ...]
    refused: tuple[Refusal, ...]
    warned: tuple[Warned, ...]

    @property
    def consent_count(self) -> int:
        """How many rows bring a yes with its proof; fewer may count, where somebody said no here."""
        return sum(one.consent is not None for one in (*self.new, *(person for person, _card in self.known)))


def check_list(path: Path, about: AboutList, now: datetime) -> ListPreview:
    """Read a list and say what would happen; nothing does. Raises UnreadableFile, NoAddresses, DatesNeeded."""
    today = day_of(now, company_zone())
    with open_table(path) as table:
        columns = map_people(table.headers)
        rows = []
        for row in table.rows():
            rows.append(row)
            if len(rows) > MOST_PEOPLE:
                raise UnreadableFile(_("A list has at most %(limit)s people. Please split it.", limit=MOST_PEOPLE))
    read = read_people(
        columns,
        rows,
        about.dates or _order_in(columns, rows),
        today=today,
        oldest_consent=months_after(today, -retention().community_months),
    )
    warned = list(read.warned)
    if about.purpose is None and any(one.consent for one in read.people):
        first = next(one for one in read.people if one.consent)
        what = _("The list has consents. Say above what people said yes to, else none is taken over.")
        warned.insert(0, Warned(first.row, "", what))
    facts = address_facts([one.email for one in read.people])
    new, known, refused = [], [], list(read.refused)
    for one in read.people:
        try:
            check_address(facts[one.email])
        except ProspectRefused as error:
            refused.append(Refusal(one.row, columns.email_header, error.message))
            continue
        card = facts[one.email].public_id
        if card:
            known.append((one, card))
        else:
            new.append(one)
    return ListPreview(
        columns, tuple(new), tuple(known), tuple(sorted(refused, key=lambda one: one.row)), tuple(warned)
    )


def _order_in(columns: PeopleColumns, rows: Sequence[tuple[int, Sequence[str]]]) -> DateOrder:
    evidence = DateEvidence()
    for _number, cells in rows:
        for cell in date_cells(columns, cells):
            evidence.add(cell)
    order = evidence.conclude()
    if order is DateOrder.AMBIGUOUS:
        order = evidence.usual()
    if order is DateOrder.AMBIGUOUS:
        what = _('Days such as "%(example)s" fit both ways. Say what comes first.', example=evidence.example)
        raise DatesNeeded(what, evidence.example)
    return order


def add_list(path: Path, about: AboutList, *, scope: StaffScope, now: datetime) -> Added:
    """Add everybody who can be added, all at once or nobody; those we know get only a yes they may have.

    Raises what `check_list` raises, and ProspectRefused where somebody said no while this page was open.
    """
    preview = check_list(path, about, now)
    everybody = [*preview.new, *(person for person, _card in preview.known)]
    return add_prospects([_found(one, about) for one in everybody], scope=scope, now=now)


def _found(one: PersonRead, about: AboutList) -> Found:
    consents: tuple[Consent, ...] = ()
    if one.consent is not None and about.purpose is not None:
        consents = (Consent(about.purpose, one.consent.words, one.consent.given_on, one.consent.source),)
    return Found(
        email=one.email,
        name=one.name,
        source=about.source,
        source_note=one.source_note or about.source_note,
        obtained_on=one.obtained_on or about.obtained_on,
        ground=about.ground,
        links=((one.link, one.source_note or about.source_note),) if one.link else (),
        consents=consents,
    )
