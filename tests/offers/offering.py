"""Making offers and answering them, as the tests of offers do it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.applications.queries import StaffScope, find_application_of
from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.offers.actions import After, Saying, newest_offer, say
from portal.offers.queries import OfferView, OwnOffer, find_own_offer
from portal.offers.rules import Answer, Terms
from portal.offers.states import DeclineReason, WordKind
from portal.outbox.models import Delivery
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.factories import Made, settle_mail

#: The tests begin on Wednesday 4 March 2026.
FRIDAY = date(2026, 3, 6)
TUESDAY_AFTER = date(2026, 3, 10)
DECIDE_BY = date(2026, 3, 13)
LATER = date(2026, 3, 20)
PAY = "60,000 euros a year"


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    return StaffScope(person_id, role)


def terms(contact_id: int, **facts: Any) -> Terms:
    said: dict[str, Any] = {
        "title": "Data Analyst, full time",
        "terms": f"- Pay: {PAY}\n- Start: 1 May",
        "decide_by": DECIDE_BY,
        "short_reason": "",
        "contact_phone": "+48 22 123 45 67",
        "words": "Dear Ada, we would like to work with you.",
        **facts,
    }
    return Terms(contact_id=contact_id, **said)


def offer_of(made: Made) -> OfferView:
    end_reading()
    found = newest_offer(made.public_id)
    assert found is not None
    return found


def own(made: Made) -> OwnOffer:
    found = own_or_none(made)
    assert found is not None
    return found


def own_or_none(made: Made) -> OwnOffer | None:
    end_reading()
    return find_own_offer(made.person_id, made.public_id)


def seen(made: Made) -> str:
    end_reading()
    found = newest_offer(made.public_id)
    newest = found.newest if found else None
    return newest.public_id if newest else ""


def speak(made: Made, staff_id: int, kind: WordKind, *, is_settled: bool = True, **said: Any) -> datetime:
    """A colleague says this; the mail server accepts it at once unless the test lets it wait."""
    values: dict[str, Any] = {"seen_id": seen(made), "form_key": "", **said}
    start = say(Saying(public_id=made.public_id, scope=scope(staff_id), kind=kind, now=clock.now(), **values))
    end_reading()
    if is_settled:
        settle_mail()
    return start


def make(made: Made, staff_id: int, *, is_settled: bool = True, key: str = "", **facts: Any) -> datetime:
    return speak(made, staff_id, WordKind.MADE, is_settled=is_settled, form_key=key, terms=terms(staff_id, **facts))


def change(made: Made, staff_id: int, *, is_settled: bool = True, **facts: Any) -> datetime:
    values = {"terms": "- Pay: 65,000 euros a year\n- Start: 1 May", **facts}
    return speak(made, staff_id, WordKind.CHANGED, is_settled=is_settled, terms=terms(staff_id, **values))


def give_time(made: Made, staff_id: int, until: date = LATER, *, is_settled: bool = True) -> datetime:
    words = "Take your time."
    return speak(made, staff_id, WordKind.MORE_TIME, is_settled=is_settled, words=words, decide_by=until)


def take_away(made: Made, staff_id: int, *, is_settled: bool = True) -> datetime:
    after = After(ApplicationStatus.DECISION_PENDING, FRIDAY, "We have to look at the budget again.")
    return speak(made, staff_id, WordKind.WITHDRAWN, is_settled=is_settled, words="We are sorry.", after=after)


def yes(made: Made, words: str = "") -> Answer:
    return Answer(own(made).version.public_id, words)


def no(made: Made, reason: DeclineReason | None = None, words: str = "") -> Answer:
    return Answer(own(made).version.public_id, words, reason)


def status_of(made: Made) -> ApplicationStatus:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status


def promised_to(made: Made) -> date | None:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.next_update_by


def mails(kind: str) -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == f"offers/{kind}").order_by(Delivery.id)))


def open_tasks() -> list[Task]:
    end_reading()
    found = select(Task).where(Task.kind == TaskKind.OFFER_WAITS).where(Task.state.in_(OPEN_STATES)).order_by(Task.id)
    return list(session().scalars(found))
