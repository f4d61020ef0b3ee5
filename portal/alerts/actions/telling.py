"""Writing to those whose turn it is: one mail with everything that fits at this moment, or a later turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.alerts import emails
from portal.alerts.actions.looking import ONE_BY_ONE
from portal.alerts.models import AlertMatch, AlertTurn, JobAlert
from portal.alerts.queries import Due, Fit, contents_of, due_people, what_fits
from portal.alerts.rules import MOST_IN_ONE, UNTIL_NEXT_LOOK, expires_at, look_again_at, why_as_json
from portal.alerts.states import WhyWaiting
from portal.company.queries import areas, company_zone
from portal.contact.queries import verdict_for
from portal.contact.rules import WANTED_FOR, Go, Hold, Never, Verdict
from portal.contact.states import Purpose, WhyNot
from portal.core.clock import day_of
from portal.core.db import end_reading, fetch, one_at_a_time, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.outbox.actions import enqueue
from portal.people.models import Address, Person
from portal.people.queries import Recipient
from portal.wording.actions import holding_back

#: People in one transaction: others want to write as well.
_AT_ONCE: Final = 25
#: Until somebody is looked at again whose address nothing reaches, or of whom the words ask what we do not know.
_A_DAY: Final = timedelta(days=1)
_WANTED: Final = WANTED_FOR[Purpose.JOB_ALERTS]
_FOREVER: Final = frozenset({WhyNot.NO_CONSENT, WhyNot.SURVEYS_OFF})
_RECIPIENTS = (
    select(Person.id, Person.public_id, Person.name, Address.email, Person.locale, Person.timezone)
    .join(Address, Address.person_id == Person.id)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.id, Address.is_primary, Address.id.desc())
)
_TELL = (
    update(AlertMatch)
    .where(AlertMatch.person_id == bindparam("whose"))
    .where(AlertMatch.opening_id == bindparam("which"))
    .values(alert_id=bindparam("by"), why=bindparam("reasons", type_=AlertMatch.why.type), is_early=bindparam("early"))
)
_END_TURN = delete(AlertTurn).where(AlertTurn.person_id == bindparam("whose"))
_NEXT_TURN = (
    update(AlertTurn)
    .where(AlertTurn.person_id == bindparam("whose"))
    .values(look_at=bindparam("at", type_=AlertTurn.look_at.type), why=bindparam("reason", type_=AlertTurn.why.type))
)
_FORGET = (
    delete(AlertMatch)
    .where(AlertMatch.person_id == bindparam("whose"))
    .where(AlertMatch.opening_id.in_(bindparam("which", expanding=True)))
    .where(AlertMatch.alert_id.is_(None))
)


@dataclass(frozen=True)
class _Letter:
    """A mail that is ready, and what it was made of."""

    to: Recipient
    due: Due
    fits: tuple[Fit, ...]
    mail: RenderedMail


@dataclass(frozen=True)
class _Later:
    """Somebody is looked at again; None: nothing waits for them any more."""

    look_at: datetime | None
    why: WhyWaiting = WhyWaiting.UNDER_WAY


def write_alerts(now: datetime) -> int:
    """Write to the next of those whose turn it is; returns how many were looked at. Safe to run twice.

    Openings, wishes and applications are read once more, first to word the mail and again as it is written down;
    whoever changed in between has their turn with the next.
    """
    end_reading()
    people = due_people(now, _AT_ONCE)
    if not people:
        return 0
    today = day_of(now, company_zone())
    due = what_fits(people, now, today)
    letters, later = _prepared(due, now)
    with transaction() as session:
        one_at_a_time(ONE_BY_ONE)
        locked = select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True)
        session.execute(locked).all()
        again = what_fits(people, now, today)
        for person_id in people:
            if again[person_id] != due[person_id]:
                continue
            if person_id in letters:
                _tell(session, letters[person_id], now)
            else:
                _put_off(session, due[person_id], later[person_id])
    return len(people)


def _prepared(due: Mapping[int, Due], now: datetime) -> tuple[dict[int, _Letter], dict[int, _Later]]:
    recipients = _recipients(list(due))
    contents = contents_of({fit.opening.id for one in due.values() for fit in one.fits})
    labels = {area.key: area.label for area in areas()}
    letters: dict[int, _Letter] = {}
    later: dict[int, _Later] = {}
    for person_id, one in due.items():
        to = recipients.get(person_id)
        wait = _wait_of(one, to, now)
        if wait is not None or to is None:
            later[person_id] = wait or _Later(now + _A_DAY, WhyWaiting.GONE)
            continue
        later[person_id] = _Later(now + _A_DAY, WhyWaiting.MISSING_VALUE)
        fits = one.fits[:MOST_IN_ONE]
        lines = [
            emails.AlertLine(
                fit.opening.slug, contents[fit.opening.id], fit.why, fit.opening.public_at if fit.is_early else None
            )
            for fit in fits
        ]
        with holding_back(f"alerts:{person_id}", person_id, now):
            letters[person_id] = _Letter(to, one, fits, emails.alert(to, lines, labels))
    return letters, later


def _recipients(ids: Sequence[int]) -> dict[int, Recipient]:
    # The primary address comes last, and stands.
    return {row[0]: Recipient(*row) for row in fetch(_RECIPIENTS, {"ids": list(ids)})}


def _wait_of(one: Due, to: Recipient | None, now: datetime) -> _Later | None:
    """Why nothing is written to somebody now; None when it is."""
    if not one.has_yes:
        return _Later(None)
    if not one.fits:
        return _Later(now + UNTIL_NEXT_LOOK, WhyWaiting.NOT_OPEN) if one.closed else _Later(None)
    if one.is_mail_under_way:
        return _Later(now + UNTIL_NEXT_LOOK, WhyWaiting.UNDER_WAY)
    if to is None:
        return _Later(now + _A_DAY, WhyWaiting.GONE)
    return _of_verdict(verdict_for(to.person_id, to.email, _WANTED, now), now)


def _of_verdict(verdict: Verdict, now: datetime) -> _Later | None:
    if isinstance(verdict, Hold):
        return _Later(look_again_at(verdict.until, now), WhyWaiting(verdict.reason))
    if isinstance(verdict, Never):
        return _Later(None) if verdict.reason in _FOREVER else _Later(now + _A_DAY, WhyWaiting(verdict.reason))
    assert isinstance(verdict, Go)
    return None


def _tell(session: Session, letter: _Letter, now: datetime) -> None:
    public_id, person_id = new_public_id(), letter.to.person_id
    told = [(fit.opening.public_at, fit.is_early, fit.opening.closes_on) for fit in letter.fits]
    delivery_id = enqueue(
        letter.mail,
        to_address=letter.to.email,
        to_name=letter.to.name,
        person_id=person_id,
        mail_class=_WANTED.mail_class,
        cause=f"alert:{public_id}",
        dedupe_key=f"alert:{public_id}",
        purpose=_WANTED.purpose,
        timing=_WANTED.timing,
        budget=_WANTED.budget,
        expires_at=expires_at(told, company_zone()),
        now=now,
    )
    alert = JobAlert(public_id=public_id, person_id=person_id, delivery_id=delivery_id, created_at=now)
    session.add(alert)
    session.flush()
    values = [
        {
            "whose": person_id,
            "which": fit.opening.id,
            "by": alert.id,
            "reasons": why_as_json(fit.why),
            "early": fit.is_early,
        }
        for fit in letter.fits
    ]
    session.connection().execute(_TELL, values)
    _forget(session, letter.due, letter.due.over)
    if len(letter.fits) < len(letter.due.fits) or letter.due.closed:
        _put_off(session, letter.due, _Later(now + UNTIL_NEXT_LOOK))
    else:
        session.connection().execute(_END_TURN, {"whose": person_id})


def _put_off(session: Session, due: Due, later: _Later) -> None:
    """Forget what does not fit any more, and set the next turn; without one, all that waits is forgotten."""
    connection = session.connection()
    if later.look_at is None:
        _forget(session, due, (*due.over, *due.closed, *(fit.opening.id for fit in due.fits)))
        connection.execute(_END_TURN, {"whose": due.person_id})
        return
    _forget(session, due, due.over)
    connection.execute(_NEXT_TURN, {"whose": due.person_id, "at": later.look_at, "reason": later.why})


def _forget(session: Session, due: Due, opening_ids: Sequence[int]) -> None:
    """What waits of these openings; what is in a mail stays."""
    if opening_ids:
        session.connection().execute(_FORGET, {"whose": due.person_id, "which": list(opening_ids)})
