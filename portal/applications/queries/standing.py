"""Where a candidate's applications stand, in the same words on the list, on the home and on the page of each."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from portal.applications.queries.candidate import ApplicationCard, ApplicationView, applications_of
from portal.applications.rules import Ahead, SayFirst, in_order
from portal.applications.states import ENDINGS
from portal.company.queries import company_zone
from portal.core.clock import day_of

#: Given the id of a person: what features above know is ahead in each of their applications, by its public id.
Known = Callable[[int], Mapping[str, Iterable[Ahead]]]


class CardRow(NamedTuple):
    """An application in a list, and what is said of it first."""

    card: ApplicationCard
    first: SayFirst


def rows_of(person_id: int, known: Known, now: datetime) -> list[CardRow]:
    """The person's applications: open ones first, the nearest promise on top."""
    cards = applications_of(person_id)
    zone = company_zone()
    today = day_of(now, zone)
    ahead = known(person_id) if any(card.status not in ENDINGS for card in cards) else {}
    return [CardRow(card, card.first(today, zone, in_order(ahead.get(card.public_id, ())))) for card in cards]


def first_of(view: ApplicationView, known: Known, now: datetime) -> SayFirst:
    """What the page of one application says first."""
    zone = company_zone()
    ahead = known(view.person_id) if view.status not in ENDINGS else {}
    return view.first(day_of(now, zone), zone, in_order(ahead.get(view.public_id, ())))
