"""The least that the law of some places says must stay of an application for years."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.applications.models import Application
from portal.applications.queries import applications_of
from portal.applications.queries.applying import received_of
from portal.company.queries import company_zone, retention
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.keeping.queries.lives import place_rules
from portal.keeping.rules import rule_of
from portal.openings.models import OpeningPlace
from portal.people.queries import addresses_of, recipient
from portal.prospects.queries import erased_hash


@dataclass(frozen=True)
class ToSeal:
    """What stays of one application, and for how many years after it ended."""

    place: str
    years: int
    ended_on: date | None
    address_hash: str
    content: dict[str, Any]


def records_to_seal(person_id: int) -> list[ToSeal]:
    """What must be sealed when this person is erased; nothing in most places."""
    rules = [rule for rule in place_rules(retention()) if rule.sealed_years]
    if not rules or not addresses_of(person_id):
        return []
    found, zone, person = [], company_zone(), recipient(person_id)
    for card in applications_of(person_id):
        application_id, opening_id = fetch(
            select(Application.id, Application.opening_id).where(Application.public_id == card.public_id)
        ).one()
        labels = fetch(
            select(OpeningPlace.label).where(OpeningPlace.opening_id == opening_id).order_by(OpeningPlace.place)
        )
        rule = rule_of(list(labels.scalars()), rules)
        if rule is None:
            continue
        ended_on = card.ended_on(zone)
        content = {
            "name": person.name,
            "address": person.email,
            "opening": card.opening_title,
            "applied_on": card.applied_on.isoformat() if card.applied_on else None,
            "answers": _answers(application_id),
            "interviewed_on": _interview_days(application_id, zone),
            "outcome": str(card.status),
            "told_on": ended_on.isoformat() if ended_on else None,
        }
        found.append(ToSeal(rule.place, rule.sealed_years, ended_on, erased_hash(person.email), content))
    return found


def _answers(application_id: int) -> list[list[str]]:
    received = received_of(application_id)
    return [[one.words, one.shown] for one in received.answers] if received else []


def _interview_days(application_id: int, zone: str) -> list[str]:
    rows = fetch(
        select(Interview.starts_at)
        .where(Interview.application_id == application_id)
        .where(Interview.state == InterviewState.DONE)
        .where(Interview.starts_at.is_not(None))
        .order_by(Interview.starts_at)
    )
    return [day_of(at, zone).isoformat() for at in rows.scalars()]
