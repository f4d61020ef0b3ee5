"""Writing a chunk of planned rows: people, openings, applications; part of the chunk's transaction."""

from collections.abc import Sequence
from datetime import date, datetime

from portal.applications.actions import ImportedApplication, add_imported_many, report_change
from portal.applications.models import Application
from portal.applications.states import ENDINGS
from portal.ats.actions.passes import Writer
from portal.ats.actions.plan import Frame, Outcome, PlannedRow
from portal.ats.actions.sources import keep_joins
from portal.ats.actions.tally import Tally
from portal.ats.rules import promise_for
from portal.company.queries import company_zone
from portal.core.db import session, transaction
from portal.openings.actions import find_or_add_opening
from portal.people.actions import NewPerson, add_people_many, correct_unclaimed

#: The language of people who have not told us theirs.
_LOCALE = "en"


def writer_for(import_ref: str, now: datetime) -> Writer:
    """Writes the chunks of the import with this public id."""

    def write(rows: Sequence[PlannedRow], frame: Frame, tally: Tally) -> None:
        added = [row for row in rows if row.outcome is Outcome.ADDED]
        ids = _add_people(added, now)
        openings = _openings(added, frame.source, now)
        dates = _first_dates(added, frame, tally.open_added)
        add_imported_many(
            [
                _imported(row, ids, openings, next_update_by, frame.source, import_ref)
                for row, next_update_by in zip(added, dates, strict=True)
            ],
            now,
        )
        for row in rows:
            if row.change is not None and row.change.fields:
                _change(row, frame.has_told_them, now)
            if row.person is not None and (row.new_name or row.new_phone):
                correct_unclaimed(row.person.person_id, name=row.new_name, phone=row.new_phone)

    return write


def _add_people(rows: Sequence[PlannedRow], now: datetime) -> dict[str, int]:
    """The ids of the people of all rows by address; who has several rows is called as in the last that names them."""
    newcomers: dict[str, NewPerson] = {}
    ids: dict[str, int] = {}
    for row in rows:
        application = row.application
        if application is None:
            continue
        if row.person is not None:
            ids[application.email] = row.person.person_id
            continue
        before = newcomers.get(application.email, NewPerson(application.email, "", ""))
        newcomers[application.email] = NewPerson(
            application.email, application.name or before.name, application.phone or before.phone
        )
    zone = company_zone()
    return {**ids, **add_people_many(list(newcomers.values()), _LOCALE, zone, now)}


def _openings(rows: Sequence[PlannedRow], source: str, now: datetime) -> dict[str, int]:
    """The ids of the openings of all rows by key; new ones are added, renamed ones take their new title.

    Where an opening is another one here, the next import goes the same way.
    """
    ids: dict[str, int] = {}
    joined: dict[str, int] = {}
    known = {row.opening_key: row.destination for row in rows}
    titles = {row.opening_key: row.application.opening_title for row in rows if row.application is not None}
    for key, title in titles.items():
        here = known[key]
        if here is not None and here.is_joined:
            ids[key] = joined[key] = here.opening_id
        elif here is not None and here.title == title:
            ids[key] = here.opening_id
        else:
            ids[key] = find_or_add_opening(source, key, title, None, now).id
    keep_joins(source, joined, now)
    return ids


def _first_dates(rows: Sequence[PlannedRow], frame: Frame, given: int) -> list[date | None]:
    """By when each is promised a word, in turn behind the `given` ones; None for those that ended before us."""
    dates: list[date | None] = []
    for row in rows:
        if row.status is None or row.status.status in ENDINGS:
            dates.append(None)
        else:
            dates.append(promise_for(given, frame.promise_days))
            given += 1
    return dates


def _imported(
    row: PlannedRow,
    people: dict[str, int],
    openings: dict[str, int],
    next_update_by: date | None,
    source: str,
    import_ref: str,
) -> ImportedApplication:
    application, facts, status = row.application, row.facts, row.status
    if application is None or facts is None or status is None or row.owner_id is None:
        raise ValueError(f"row {row.row} is not one to add")
    return ImportedApplication(
        person_id=people[application.email],
        opening_id=openings[row.opening_key],
        owner_id=row.owner_id,
        source=source,
        external_key=row.key,
        applied_on=facts.applied_on,
        last_activity_on=facts.last_activity_on,
        channel=facts.channel,
        tags=facts.tags,
        source_stage=facts.stage,
        source_status=facts.status,
        source_reason=facts.reason,
        status=status.status,
        next_update_by=next_update_by,
        import_ref=import_ref,
    )


def _change(row: PlannedRow, has_told_them: bool, now: datetime) -> None:
    if row.known is None or row.facts is None or row.change is None:
        raise ValueError(f"row {row.row} is not one to change")
    facts = row.facts
    report_change(
        row.known.application_id,
        source_stage=facts.stage,
        source_status=facts.status,
        source_reason=facts.reason,
        last_activity_on=facts.last_activity_on,
        is_told_differently=row.change.is_due,
        now=now,
        ended_as=row.change.ended_as,
        has_told_them=has_told_them,
        moves_to=row.change.moves_to,
    )
    with transaction():
        application = session().get_one(Application, row.known.application_id)
        application.applied_on = facts.applied_on
        application.channel = facts.channel
        application.imported_tags = list(facts.tags)
