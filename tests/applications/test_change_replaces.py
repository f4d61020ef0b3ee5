"""A change of many that takes the place of a word which still waits: it is noted as done, and can be taken back."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions.moving_many import begin_change, go_on_with_change, take_change_back
from portal.applications.models import ApplicationEvent, ChangeItem
from portal.applications.queries import StaffScope
from portal.applications.queries.changes import find_change
from portal.applications.queries.pipeline import chosen
from portal.applications.rules.pipeline import Change
from portal.applications.states import EventKind, ItemState, ManyKind
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.applications.promise_jobs import run_jobs
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_staff

pytestmark = pytest.mark.both_in_soak
TODAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


def delay(opening: int, public_ids: list[str], rita: int, day: date) -> str:
    scope, now = StaffScope(rita, Role.RECRUITER), clock.now()
    people = chosen(None, public_ids, opening, scope, day_of(now, "Europe/Warsaw"))
    change = Change(ManyKind.DELAY, day=day, date_reason="There is so much to read.")
    change_id = begin_change(change, people, opening_id=opening, scope=scope, now=now)
    begun = find_change(change_id, rita)
    assert begun is not None
    assert go_on_with_change(begun.id, now) == 0
    end_reading()
    return change_id


def states() -> list[ItemState]:
    end_reading()
    return list(session().scalars(select(ChangeItem.state).order_by(ChangeItem.id)))


def waiting() -> list[str]:
    end_reading()
    return list(session().scalars(select(Delivery.kind).where(Delivery.state == DeliveryState.QUEUED)))


def test_a_second_delay_within_the_window_is_done_and_the_first_is_not(rita: int) -> None:
    opening = make_opening("Nurse")
    made = [make_application(opening, rita, name=name, promised=FRIDAY) for name in ("Ada", "Bo")]
    public_ids = [one.public_id for one in made]
    delay(opening, public_ids, rita, date(2026, 3, 10))
    second = delay(opening, public_ids, rita, date(2026, 3, 17))
    assert states() == [ItemState.TAKEN_BACK] * 2 + [ItemState.DONE] * 2
    view = find_change(second, rita)
    assert view is not None
    assert take_change_back(view, scope=StaffScope(rita, Role.RECRUITER), now=clock.now()) == 2
    assert waiting() == []
    assert EventKind.MOVED not in set(session().scalars(select(ApplicationEvent.kind)))


def test_a_delay_instead_of_an_automatic_note_that_waits_can_be_taken_back(rita: int, time: Time) -> None:
    opening = make_opening("Nurse")
    made = make_application(opening, rita, name="Ada", promised=TODAY)
    time.pass_by(hours=23)
    run_jobs()
    assert waiting() == ["applications/holding_note"]
    change = delay(opening, [made.public_id], rita, date(2026, 3, 17))
    assert states() == [ItemState.DONE]
    view = find_change(change, rita)
    assert view is not None
    assert take_change_back(view, scope=StaffScope(rita, Role.RECRUITER), now=clock.now()) == 1
    assert waiting() == []
