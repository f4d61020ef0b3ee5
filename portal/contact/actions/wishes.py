"""How often and when a person wants mail, chosen here or by a link that only ever reduces."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.contact.actions.consents import stop
from portal.contact.actions.life import locked_person, note_life
from portal.contact.adapters import SURVEYS, note_said
from portal.contact.models import ContactPreferences
from portal.contact.queries import preferences_in
from portal.contact.rules import STOP_EVERYTHING, Less, Preferences, reduced
from portal.contact.states import Purpose
from portal.core.db import transaction
from portal.people.models import Person


def rest_from_community(person_id: int, until: datetime, now: datetime) -> None:
    """No community mail before `until`: the person was not selected; never shortens a rest. Joins the transaction."""
    with transaction() as session:
        row = preferences_row(session, person_id)
        if row.rests_until is None or row.rests_until < until:
            row.rests_until = until
        session.flush()


def rest_until(person_id: int, until: datetime | None, now: datetime) -> None:
    """Community mail rests until just then, or not at all: the day is known at last. Joins the transaction."""
    with transaction() as session:
        preferences_row(session, person_id).rests_until = until
        session.flush()


def change_preferences(person_id: int, wanted: Preferences, now: datetime) -> None:
    """Keep how often and when the person, signed in, wants mail. Recorded; raises NotFound. Joins the transaction."""
    with transaction() as session:
        row = preferences_row(session, person_id)
        before = _chosen(row)
        _write(row, wanted, now)
        session.flush()
        if _chosen(row) != before:
            _record(person_id, before, _chosen(row), now)


def write_less(person_id: int, less: Less, *, source: str, now: datetime) -> None:
    """Do what was asked by a link from a mail: it only ever reduces. A sign of life; joins the transaction."""
    with transaction() as session:
        row = preferences_row(session, person_id)
        before = _chosen(row)
        _write(row, reduced(preferences_in(row), less), now)
        session.flush()
        if _chosen(row) != before:
            _record(person_id, before, _chosen(row), now)
        stop(person_id, less.stop, source=source, now=now)
        note_life(person_id, now)


def stop_surveys(person_id: int, now: datetime) -> None:
    """The person wants no more surveys about their applications. Joins the transaction."""
    with transaction():
        write_less(person_id, Less(is_without_surveys=True), source="", now=now)


def stop_everything(person_id: int, *, source: str, now: datetime) -> None:
    """Nothing but mail about the person's own account and applications any more. Joins the transaction."""
    with transaction():
        stop(person_id, tuple(Purpose), source=source, now=now, words=str(STOP_EVERYTHING))
        stop_surveys(person_id, now)


def _chosen(row: ContactPreferences) -> tuple[object, ...]:
    quiet = (row.quiet_from, row.quiet_until)
    return (dict(row.rhythms), row.is_paused, row.paused_until_on, quiet, row.surveys_off_at)


def _write(row: ContactPreferences, wanted: Preferences, now: datetime) -> None:
    """All but the rest after a decision, which is not for the person to choose."""
    row.rhythms = {str(purpose): str(rhythm) for purpose, rhythm in wanted.rhythms.items()}
    row.is_paused, row.paused_until_on = wanted.is_paused, wanted.paused_until_on
    row.quiet_from = wanted.quiet.start if wanted.quiet else None
    row.quiet_until = wanted.quiet.end if wanted.quiet else None
    row.surveys_off_at = (row.surveys_off_at or now) if wanted.is_without_surveys else None


def _record(person_id: int, before: tuple[object, ...], chosen: tuple[object, ...], now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        subject = f"person:{person.public_id}"
        record("contact.change_preferences", subject, actor_id=person_id, now=now, person_id=person_id)
        if before[-1] != chosen[-1]:
            note_said(person_id, person.public_id, SURVEYS, is_no=chosen[-1] is not None, now=now)


def preferences_row(session: Session, person_id: int) -> ContactPreferences:
    """The person's row for changing, made when there is none yet. Raises NotFound."""
    locked_person(session, person_id)
    row = session.get(ContactPreferences, person_id)
    if row is None:
        row = ContactPreferences(person_id=person_id, rhythms={}, is_paused=False)
        session.add(row)
    return row
