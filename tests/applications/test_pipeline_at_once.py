"""Two who work at what is done to many, and one who takes it back meanwhile: what the page says is what goes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.actions.moving_many import begin_change, go_on_with_change, take_change_back
from portal.applications.models import ApplicationEvent, ChangeItem, ChangeOfMany
from portal.applications.queries import StaffScope
from portal.applications.queries.changes import ChangeView, find_change
from portal.applications.queries.pipeline import chosen
from portal.applications.rules.pipeline import Change
from portal.applications.states import ItemState, ManyKind
from portal.core import clock
from portal.core.clock import now
from portal.core.db import db, end_reading, session
from portal.core.permissions import Role
from tests.conftest import START
from tests.factories import make_application, make_opening, make_staff, make_version

TODAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
PEOPLE = 12


@pytest.fixture
def rita(app: Flask) -> StaffScope:
    return StaffScope(make_staff("Rita Sander"), Role.RECRUITER)


@pytest.fixture
def change(app: Flask, rita: StaffScope) -> ChangeView:
    opening = make_opening("Nurse")
    make_version(opening, "Nurse")
    made = [
        make_application(opening, rita.person_id, name=f"Person {number:02}", promised=FRIDAY)
        for number in range(PEOPLE)
    ]
    people = chosen(None, [one.public_id for one in made], opening, rita, TODAY)
    written = Change(ManyKind.WRITE, message="Hello {name}.")
    public_id = begin_change(written, people, opening_id=opening, scope=rita, now=START)
    end_reading()
    return again(public_id, rita)


def again(public_id: str, rita: StaffScope) -> ChangeView:
    end_reading()
    view = find_change(public_id, rita.person_id)
    assert view is not None
    return view


def at_once(app: Flask, *deeds: Callable[[], object]) -> None:
    """Each in a thread of its own, all at the same time."""

    def do(deed: Callable[[], object]) -> None:
        with app.app_context(), clock.running_from(lambda: START):
            deed()
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(do, deed) for deed in deeds]:
            done.result()


def states(change_id: int) -> dict[ItemState, int]:
    end_reading()
    rows = session().execute(
        select(ChangeItem.state, func.count()).where(ChangeItem.change_id == change_id).group_by(ChangeItem.state)
    )
    return {state: count for state, count in rows}


def letters() -> int:
    return session().scalar(select(func.count(ApplicationEvent.id)).where(ApplicationEvent.message != "")) or 0


def test_two_who_work_at_it_tell_each_once_and_leave_nobody_out(app: Flask, change: ChangeView) -> None:
    at_once(app, *[lambda: go_on_with_change(change.id, now())] * 3)
    assert states(change.id) == {ItemState.DONE: PEOPLE}
    assert letters() == PEOPLE


def test_what_is_taken_back_while_it_is_done_goes_to_nobody(app: Flask, change: ChangeView, rita: StaffScope) -> None:
    at_once(
        app,
        lambda: go_on_with_change(change.id, now()),
        lambda: take_change_back(change, scope=rita, now=now()),
    )
    # Whoever was told before it began is taken back by pressing once more.
    take_change_back(again(change.public_id, rita), scope=rita, now=START)
    assert states(change.id) == {ItemState.TAKEN_BACK: PEOPLE}
    assert letters() == 0


def test_who_was_told_before_a_worker_died_is_taken_back_too(app: Flask, change: ChangeView, rita: StaffScope) -> None:
    go_on_with_change(change.id, START)
    end_reading()
    with db.engines["write"].begin() as connection:
        connection.execute(ChangeItem.__table__.update().values(state=ItemState.WAITING))
    take_change_back(again(change.public_id, rita), scope=rita, now=START)
    assert letters() == 0
    assert session().get_one(ChangeOfMany, change.id).taken_back_at == START
