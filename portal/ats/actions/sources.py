"""What is remembered for each system that applications come from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.states import ApplicationStatus
from portal.ats.actions.errors import SourceNeeded
from portal.ats.actions.tally import Tally
from portal.ats.models import LabelMapping, OpeningMapping, Source
from portal.ats.queries import find_source
from portal.ats.rules import (
    InvalidSource,
    header_key,
    is_demographic,
    map_columns,
    normalise_source,
    recognise_source,
)
from portal.ats.states import IGNORE, ImportField, LabelKind
from portal.core.db import transaction
from portal.core.i18n import gettext as _


def name_source(given: str, headers: list[str]) -> str:
    """The source of a file: as given, else as its header tells. Raises SourceNeeded."""
    if given.strip():
        try:
            return normalise_source(given)
        except InvalidSource as problem:
            raise SourceNeeded(problem.message) from problem
    recognised = recognise_source(headers)
    if recognised is None:
        raise SourceNeeded(_("We do not know where this file comes from. Give it a name, for example “spreadsheet”."))
    return recognised


def fields_of(source: str, headers: Sequence[str]) -> dict[str, str]:
    """Which header holds which field, as far as it is remembered of the source or known by its name."""
    known = find_source(source)
    mapping = map_columns(headers, {}, known.columns if known is not None else {})
    return {field.value: mapping.header(field) for field in mapping.by_field}


def find_or_add_source(name: str, now: datetime) -> Source:
    """The source called `name`, locked; part of the caller's transaction."""
    with transaction() as session:
        locked = select(Source).where(Source.name == name).with_for_update()
        source = session.scalar(locked)
        if source is None:
            source = Source(name=name, told_of_endings=None, columns={}, date_order="", created_at=now)
            session.add(source)
            session.flush()
        return source


def remember_columns(source_id: int, columns: Mapping[str, str]) -> None:
    """Remember by hand which header holds which field, or "ignore"; part of the caller's transaction.

    Demographic headers are left out whatever is said of them.
    """
    with transaction() as session:
        source = session.get_one(Source, source_id, with_for_update=True)
        targets = {*ImportField, IGNORE}
        chosen = {
            header_key(header): target
            for header, target in columns.items()
            if target in targets and not is_demographic(header) and header_key(header)
        }
        source.columns = {**source.columns, **chosen}


def store_labels(source_id: int, tally: Tally) -> None:
    """Note the stages and end reasons that a file uses, not mapped yet; part of the caller's transaction."""
    with transaction() as session:
        session.get_one(Source, source_id, with_for_update=True)
        known = {
            (row.kind, row.label_key)
            for row in session.scalars(select(LabelMapping).where(LabelMapping.source_id == source_id))
        }
        for kind in LabelKind:
            session.add_all(
                LabelMapping(source_id=source_id, kind=kind, label_key=key, label=found.label, status=None)
                for key, found in tally.labels(kind).items()
                if (kind, key) not in known
            )


def store_meanings(source_id: int, meanings: Mapping[int, ApplicationStatus | None]) -> int:
    """Map labels of a source by their ids; returns how many changed; part of the caller's transaction."""
    with transaction() as session:
        rows = session.scalars(
            select(LabelMapping)
            .where(LabelMapping.source_id == source_id)
            .where(LabelMapping.id.in_(meanings))
            .order_by(LabelMapping.id)
            .with_for_update()
        )
        changed = [row for row in rows if row.status != meanings[row.id]]
        for row in changed:
            row.status = meanings[row.id]
        return len(changed)


def keep_joins(source: str, joins: Mapping[str, int], now: datetime) -> None:
    """Remember which openings here the openings of a source joined (`opening_key` to opening); nothing is overwritten.

    Part of the caller's transaction.
    """
    if not joins:
        return
    with transaction() as session:
        source_id = find_or_add_source(source, now).id
        kept = _mappings(session, source_id, joins)
        session.add_all(
            OpeningMapping(source_id=source_id, opening_key=key, opening_id=opening_id)
            for key, opening_id in joins.items()
            if key not in kept
        )


def store_openings(source_id: int, chosen: Mapping[str, int | None]) -> int:
    """Remember what was chosen for openings of a source: `opening_key` to the opening here, None for one of its own.

    Returns for how many it is something else than before; part of the caller's transaction.
    """
    with transaction() as session:
        session.get_one(Source, source_id, with_for_update=True)
        kept = _mappings(session, source_id, chosen)
        changed = 0
        for key, opening_id in chosen.items():
            if key not in kept:
                session.add(OpeningMapping(source_id=source_id, opening_key=key, opening_id=opening_id))
                changed += 1
            elif kept[key].opening_id != opening_id:
                kept[key].opening_id = opening_id
                changed += 1
        return changed


def _mappings(session: Session, source_id: int, keys: Mapping[str, object]) -> dict[str, OpeningMapping]:
    rows = session.scalars(
        select(OpeningMapping)
        .where(OpeningMapping.source_id == source_id)
        .where(OpeningMapping.opening_key.in_(keys.keys()))
        .order_by(OpeningMapping.id)
    )
    return {row.opening_key: row for row in rows}
