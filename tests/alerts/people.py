"""Members who said yes to job alerts, and the worker's part."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.alerts.jobs import look_for_matches, send_alerts, settle_alerts
from portal.community.models import PersonPlace, Preferences
from portal.community.states import Seniority, WorkMode
from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.openings.early import make_member

WARSAW = ("geonames:756135", "Warsaw, Poland")


def make_reader(
    name: str,
    *areas: str,
    places: Iterable[tuple[str, str]] = (),
    modes: Iterable[WorkMode] = (),
    seniority: Seniority | None = None,
) -> int:
    """A member who said yes to job alerts and looks for this; returns the person's id."""
    person_id = make_member(name, *areas)
    choose(person_id, Purpose.JOB_ALERTS, True, source="test", now=clock.now())
    with transaction() as own:
        own.add_all(PersonPlace(person_id=person_id, place=key, label=label) for key, label in places)
        there = own.get(Preferences, person_id)
        if there is None:
            there = Preferences(person_id=person_id, work_modes=[], changed_at=clock.now())
            own.add(there)
        there.work_modes, there.seniority = [str(mode) for mode in modes], seniority
    return person_id


def work() -> None:
    """All that the worker does for job alerts now, but for the sending."""
    at = clock.now()
    settle_alerts(at)
    look_for_matches(at)
    send_alerts(at)
    end_reading()


def mails_to(person_id: int, *states: DeliveryState) -> list[Delivery]:
    """The mails about openings to somebody, the oldest first."""
    end_reading()
    found = session().scalars(
        select(Delivery)
        .where(Delivery.person_id == person_id)
        .where(Delivery.kind.startswith("alerts/"))
        .order_by(Delivery.id)
    )
    return [mail for mail in found if not states or mail.state in states]


def id_of(slug: str) -> int:
    """The opening at this address."""
    return session().scalars(select(Opening.id).where(Opening.slug == slug)).one()
