"""What each row of a file means for what we know: the same for a dry run and for real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from portal.applications.states import ENDINGS
from portal.ats.actions.errors import OwnerNeeded
from portal.ats.actions.survey import Survey, short_hash
from portal.ats.queries import (
    Destination,
    KnownApplication,
    KnownPerson,
    LabelMaps,
    destinations,
    known_applications,
    known_people,
    who_applied,
)
from portal.ats.rules import (
    Change,
    ImportedRow,
    Refusal,
    RowRead,
    SourceFacts,
    StatusRead,
    Warned,
    candidate_status,
    changed_fields,
    compared_fields,
    describe_change,
    facts_of,
    is_due,
    keep_unspoken,
    opening_key,
    read_status_word,
)
from portal.ats.states import ImportField
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.prospects.queries import erased_on_of


class Outcome(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Frame:
    """What does not change while the rows of one file are read."""

    source: str
    survey: Survey
    labels: LabelMaps
    owner_id: int | None
    #: Whom an opening's recruiter is looked for among: a recruiter who left owns nothing new.
    active_staff: frozenset[int]
    promise_days: tuple[date, ...]
    today: date
    #: Whether the source tells people of endings itself.
    has_told_them: bool = False
    #: The openings of the file that are ours by their title: `opening_key` to opening.
    joins: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_status_column(self) -> bool:
        return self.survey.mapping.has(ImportField.STATUS)


@dataclass(frozen=True)
class ReadRow:
    """A row as it was read; `is_superseded` when a later row of the file tells of the same application."""

    read: RowRead
    #: `application_key`; empty for a refused row.
    key: str
    is_superseded: bool


@dataclass(frozen=True)
class PlannedRow:
    """What becomes of one row. All but `row`, `outcome` and `remarks` is None for a refused one."""

    row: int
    outcome: Outcome
    remarks: tuple[Warned, ...] = ()
    read: RowRead | None = None
    application: ImportedRow | None = None
    key: str = ""
    opening_key: str = ""
    owner_id: int | None = None
    #: None for an opening that is new here.
    destination: Destination | None = None
    status: StatusRead | None = None
    known: KnownApplication | None = None
    #: What is stored of the application afterwards.
    facts: SourceFacts | None = None
    change: Change | None = None
    #: Whose name or telephone the row fills in or corrects.
    person: KnownPerson | None = None
    new_name: str = ""
    new_phone: str = ""


@dataclass(frozen=True)
class _Known:
    """What the database says of the rows of one chunk."""

    applications: dict[str, KnownApplication]
    people: dict[str, KnownPerson]
    openings: dict[str, Destination]
    #: Who has an application in the opening that a row of theirs joins: person and opening.
    applied: set[tuple[int, int]]
    #: Addresses whose person was erased, and on which day.
    erased: dict[str, date]
    #: People who have got an application by a row of this chunk that is newer than all we read.
    with_newer: set[int] = field(default_factory=set)


class Planner:
    """Judges chunk after chunk of one file; `is_dry` when nothing is written between two chunks."""

    def __init__(self, frame: Frame, *, is_dry: bool) -> None:
        self.frame = frame
        self.is_dry = is_dry
        self._fields = compared_fields(frame.survey.mapping)
        #: The applications that rows before this one would have added since the database was asked, in a dry run all
        #: of them; and what would be known of each.
        self._would_be: dict[int, int] = {}

    def plan(self, rows: Sequence[ReadRow]) -> list[PlannedRow]:
        """What becomes of each row; reads what is known in a handful of statements. Raises OwnerNeeded.

        Rows of one application that disagree belong into two chunks, else the second has nothing to be compared with.
        """
        if not self.is_dry:
            self._would_be.clear()
        good = [row.read.application for row in rows if row.read.application is not None]
        people = known_people({row.email for row in good})
        openings = destinations(self.frame.source, {opening_key(row) for row in good}, self.frame.joins)
        known = _Known(
            known_applications(self.frame.source, {row.key for row in rows if row.key}),
            people,
            openings,
            who_applied(_joining(good, people, openings)),
            erased_on_of({row.email for row in good} - people.keys()),
        )
        return [self._plan_row(row, known) for row in rows]

    def _plan_row(self, row: ReadRow, known: _Known) -> PlannedRow:
        application = row.read.application
        if application is None:
            return PlannedRow(row.read.row, Outcome.REFUSED, read=row.read)
        if (erased_on := known.erased.get(application.email)) is not None and not _is_later(application, erased_on):
            return PlannedRow(row.read.row, Outcome.REFUSED, read=self._refused(row.read, erased_on))
        status = self.status_of(facts_of(application))
        here = known.applications.get(row.key)
        if here is not None:
            return self._plan_known(row, application, status, here, known)
        if (earlier := self._would_be.get(short_hash(row.key))) is not None:
            is_same = row.is_superseded or earlier == fingerprint(application)
            outcome = Outcome.SAME if is_same else Outcome.CHANGED
            change = None if is_same else Change((), False, _("A row further up tells of the same application."))
            return PlannedRow(row.read.row, outcome, read=row.read, status=status, change=change)
        return self._plan_new(row, application, status, known)

    def _refused(self, read: RowRead, erased_on: date) -> RowRead:
        """Whoever was erased does not come back with an old file."""
        reason = _(
            "Somebody with this address was deleted here on %(day)s and had applied before. "
            "They can join by themselves at any time.",
            day=format_day(erased_on),
        )
        refusal = Refusal(read.row, self.frame.survey.mapping.header(ImportField.EMAIL), reason)
        return replace(read, application=None, refusals=(refusal,), warnings=())

    def _plan_new(self, row: ReadRow, application: ImportedRow, status: StatusRead, known: _Known) -> PlannedRow:
        self._would_be[short_hash(row.key)] = fingerprint(application)
        person = known.people.get(application.email)
        opening = opening_key(application)
        here = known.openings.get(opening)
        may_correct = person is not None and not person.is_claimed
        if person is not None:
            known.with_newer.add(person.person_id)
        return PlannedRow(
            row.read.row,
            Outcome.ADDED,
            remarks=self._remarks_on_new(application, person, here, known),
            read=row.read,
            application=application,
            key=row.key,
            opening_key=opening,
            owner_id=self._owner(application, here),
            destination=here,
            status=status,
            facts=facts_of(application),
            person=person,
            # A new application is its person's newest, so its row may correct what earlier ones said.
            new_name=application.name if may_correct else "",
            new_phone=application.phone if may_correct else "",
        )

    def _remarks_on_new(
        self, application: ImportedRow, person: KnownPerson | None, here: Destination | None, known: _Known
    ) -> tuple[Warned, ...]:
        """That somebody has applied to the opening that they join now with another application."""
        if person is None or here is None or (person.person_id, here.opening_id) not in known.applied:
            return ()
        reason = _("They have an application in this opening here already; from now on they have two.")
        return (Warned(application.row, self.frame.survey.mapping.header(ImportField.OPENING), reason),)

    def _owner(self, application: ImportedRow, opening: Destination | None) -> int:
        recruiter_id = opening.recruiter_id if opening is not None else None
        if recruiter_id is not None and recruiter_id in self.frame.active_staff:
            return recruiter_id
        if self.frame.owner_id is None:
            raise OwnerNeeded(
                _(
                    'The opening "%(opening)s" has no recruiter here. '
                    "Name the owner of applications whose opening has none.",
                    opening=application.opening_title,
                )
            )
        return self.frame.owner_id

    def _plan_known(
        self,
        row: ReadRow,
        application: ImportedRow,
        status: StatusRead,
        here: KnownApplication,
        known: _Known,
    ) -> PlannedRow:
        if row.is_superseded:
            return PlannedRow(row.read.row, Outcome.SAME, read=row.read, status=status)
        facts = keep_unspoken(here.facts, facts_of(application), self._fields)
        fields = changed_fields(here.facts, facts)
        new_name, new_phone = self._corrections(application, here, known)
        change = self._change(here, facts, fields, new_name, new_phone)
        return PlannedRow(
            row.read.row,
            Outcome.CHANGED if change else Outcome.SAME,
            remarks=self._remarks(application, here, known),
            read=row.read,
            application=application,
            key=row.key,
            status=status,
            known=here,
            facts=facts,
            change=change,
            person=here.person,
            new_name=new_name,
            new_phone=new_phone,
        )

    def _corrections(self, application: ImportedRow, here: KnownApplication, known: _Known) -> tuple[str, str]:
        """Name and telephone to take over; nothing from a row that came with somebody else's address."""
        person = known.people.get(application.email)
        if person is None or person.person_id != here.person.person_id:
            return "", ""
        is_newest = person.newest_application_id == here.application_id
        return _corrections(person, application, is_newest=is_newest and person.person_id not in known.with_newer)

    def _change(
        self,
        here: KnownApplication,
        facts: SourceFacts,
        fields: tuple[ImportField, ...],
        new_name: str,
        new_phone: str,
    ) -> Change | None:
        about_person = (ImportField.NAME,) * bool(new_name) + (ImportField.PHONE,) * bool(new_phone)
        if not fields and not about_person:
            return None
        before, after = self.status_of(here.facts).status, self.status_of(facts).status
        text = describe_change((*fields, *about_person), here.facts, facts, before, after)
        differs = here.status not in ENDINGS and after != here.status
        has_news = is_due(fields, before, after, here.status)
        is_told_there = has_news and differs and after in ENDINGS and self.frame.has_told_them
        if is_told_there:
            text += " " + _("%(source)s told them, and their page says so a day later.", source=self.frame.source)
        return Change(
            (*fields, *about_person),
            has_news,
            text,
            ended_as=after if differs and after in ENDINGS else None,
            moves_to=after if differs and after not in ENDINGS else None,
            is_told_there=is_told_there,
        )

    def _remarks(self, application: ImportedRow, here: KnownApplication, known: _Known) -> tuple[Warned, ...]:
        """What a later file says that no import may change: whose it is and what it is for."""
        remarks = []
        mapping = self.frame.survey.mapping
        person = known.people.get(application.email)
        if person is None or person.person_id != here.person.person_id:
            reason = _("This application came with another address; it stays with that person.")
            remarks.append(Warned(application.row, mapping.header(ImportField.EMAIL), reason))
        destination = known.openings.get(opening_key(application))
        if destination is None or destination.opening_id != here.opening_id:
            reason = _("This application came for another opening; it stays there.")
            remarks.append(Warned(application.row, mapping.header(ImportField.OPENING), reason))
        return tuple(remarks)

    def status_of(self, facts: SourceFacts) -> StatusRead:
        """What a candidate reads for what the source says, as its labels are mapped now."""
        return candidate_status(
            facts.stage,
            read_status_word(facts.status),
            facts.reason,
            self.frame.labels.stages,
            self.frame.labels.reasons,
            self.frame.has_status_column,
        )


def _is_later(application: ImportedRow, erased_on: date) -> bool:
    """Whether somebody who was erased has applied again since; where the file does not say when, they have not."""
    return application.applied_on is not None and application.applied_on > erased_on


def _joining(
    rows: Sequence[ImportedRow], people: Mapping[str, KnownPerson], openings: Mapping[str, Destination]
) -> set[tuple[int, int]]:
    """Person and opening of each row of somebody we know whose opening was not made for its source."""
    pairs = set()
    for row in rows:
        person, opening = people.get(row.email), openings.get(opening_key(row))
        if person is not None and opening is not None and opening.is_joined:
            pairs.add((person.person_id, opening.opening_id))
    return pairs


def _corrections(person: KnownPerson, row: ImportedRow, *, is_newest: bool) -> tuple[str, str]:
    """Name and telephone that the row fills in or corrects; empty where it may not, or says the same.

    Only the row of the newest application corrects: two rows that name one person differently would never rest.
    """
    if person.is_claimed:
        return "", ""
    may_name = is_newest or not person.name
    may_phone = is_newest or not person.phone
    name = row.name if may_name and row.name != person.name else ""
    phone = row.phone if may_phone and row.phone != person.phone else ""
    return name, phone


def fingerprint(row: ImportedRow) -> int:
    """A short hash of all that a row says of its application and its person."""
    return short_hash(repr((facts_of(row), row.name, row.phone)))
