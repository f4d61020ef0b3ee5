"""Pools: made for a purpose, looked after, looked at again on their day, and closed so that nobody stays in them."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.pools.jobs import look_for_reviews
from portal.pools.models import Pool, PoolMember
from portal.privacy.actions import hand_over
from portal.tasks.actions import finish_task
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_person, make_pool, make_staff, public_id_of, signed_in
from tests.pages import Browser, Page


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def omar(app: Flask) -> int:
    return make_staff("Omar Haddad", email="omar@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def path(pool: str, page: str = "") -> str:
    return f"/recruiting/pools/{pool}{page}"


def reviews() -> list[tuple[int, TaskState, date]]:
    end_reading()
    found = session().execute(
        select(Task.owner_id, Task.state, Task.due_on).where(Task.kind == TaskKind.POOL_REVIEW).order_by(Task.id)
    )
    return [(owner_id, state, due_on) for owner_id, state, due_on in found]


def recorded() -> list[str]:
    end_reading()
    found = select(AuditRecord.action).where(AuditRecord.action.startswith("pools.")).order_by(AuditRecord.id)
    return list(session().scalars(found))


def test_a_pool_is_made_with_a_purpose_an_owner_and_a_day(desk: Browser) -> None:
    empty = desk.get("/recruiting/pools")
    assert "No pools yet" in empty.text
    form = desk.get("/recruiting/pools/new").form(having="purpose")
    assert form.values["review_on"] == "2026-09-03"
    page = desk.submit(
        desk.get("/recruiting/pools/new"),
        name="  Data   people ",
        purpose="To ask you first when we look for somebody in data.",
        review_on="2026-06-01",
    )
    assert page.heading == "Data people"
    assert "The pool is there. Nobody is in it yet." in page.text
    assert "Looked after by Rita Sander" in page.text
    assert "Monday 1 June 2026" in page.text
    listed = desk.get("/recruiting/pools")
    assert "To ask you first when we look for somebody in data." in listed.text
    assert recorded() == ["pools.create_pool"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "Please give the pool a name."),
        ("purpose", " ", "Please say what the pool is for"),
        ("review_on", "", "Please give the day on which you will look at the pool again."),
        ("review_on", "2026-03-04", "Please choose a day after today."),
        ("review_on", "2027-04-01", "Please look at it again within a year."),
        ("name", "x" * 81, "Please keep this under 80 characters."),
    ],
)
@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_what_is_missing_is_said_beside_the_field_and_the_rest_stays(
    desk: Browser, field: str, typed: str, said: str
) -> None:
    values: dict[str, Any] = {"name": "Data", "purpose": "To ask you first.", "review_on": "2026-06-01"} | {
        field: typed
    }
    page = desk.submit(desk.get("/recruiting/pools/new"), expect=422, **values)
    assert said in page.text
    kept = {name: page.form(having="purpose").values[name] for name in values if name != field}
    assert kept == {name: value for name, value in values.items() if name != field}


def test_the_form_sent_twice_makes_one_pool(desk: Browser) -> None:
    form = desk.get("/recruiting/pools/new")
    first = desk.submit(form, name="Data", purpose="To ask you first.")
    assert desk.submit(form, name="Data", purpose="To ask you first.").path == first.path
    assert recorded() == ["pools.create_pool"]


def test_two_open_pools_do_not_have_one_name_whatever_its_case(desk: Browser, rita: int) -> None:
    pool = make_pool(rita, "Data people")
    page = desk.submit(desk.get("/recruiting/pools/new"), name="data PEOPLE", purpose="To ask.", expect=422)
    assert "There is a pool of this name already." in page.text
    desk.submit(desk.get(path(pool, "/close")), reason="Nobody is sought.")
    again = desk.submit(desk.get("/recruiting/pools/new"), name="data PEOPLE", purpose="To ask.")
    assert again.heading == "data PEOPLE"


def test_a_pool_is_changed_and_given_to_a_colleague(desk: Browser, rita: int, omar: int) -> None:
    pool = make_pool(rita)
    page = desk.submit(desk.get(path(pool, "/edit")), name="Gold", owner=public_id_of(omar))
    assert page.heading == "Gold"
    assert "Looked after by Omar Haddad" in page.text


def test_who_saw_an_older_version_is_shown_both_before_theirs_is_kept(
    app: Flask, desk: Browser, rita: int, omar: int
) -> None:
    pool = make_pool(rita)
    mine = desk.get(path(pool, "/edit"))
    colleague = signed_in(app, omar)
    colleague.submit(colleague.get(path(pool, "/edit")), purpose="Of Omar.")
    both = desk.submit(mine, purpose="Of Rita.", expect=422)
    assert "A colleague has changed this pool since you opened it." in both.text
    assert "Of Omar." in both.text
    assert both.form(having="purpose").values["purpose"] == "Of Rita."
    desk.submit(both, purpose="Of both.")
    assert "Of both." in desk.get(path(pool)).text


def test_on_its_day_the_owner_is_asked_once_and_a_new_day_answers_it(
    app: Flask, rita: int, omar: int, time: Time
) -> None:
    pool = make_pool(rita, review_on=date(2026, 3, 10))
    look_for_reviews(clock.now())
    assert reviews() == []
    time.pass_by(days=6)
    end_reading()
    look_for_reviews(clock.now())
    look_for_reviews(clock.now())
    assert reviews() == [(rita, TaskState.DUE, date(2026, 3, 12))]
    desk = signed_in(app, rita)
    asked = desk.get("/recruiting/tasks")
    assert "Is this pool still right: Silver medals" in asked.text
    assert path(pool, "/review") in asked.links
    assert "Is it still right?" in desk.get("/recruiting/pools").text
    page = desk.submit(desk.get(path(pool, "/review")), review_on="2026-05-04")
    assert "Kept. You will be asked again on Monday 4 May 2026." in page.text
    assert reviews() == [(rita, TaskState.DONE, date(2026, 3, 12))]
    assert "pools.keep_pool" in recorded()


def test_whoever_ticks_it_off_without_a_new_day_is_asked_again_after_a_month(app: Flask, rita: int, time: Time) -> None:
    make_pool(rita, review_on=date(2026, 3, 10))
    time.pass_by(days=6)
    end_reading()
    look_for_reviews(clock.now())
    finish_task(session().scalars(select(Task.id)).one(), actor_id=rita, now=clock.now())
    assert [state for _owner, state, _due in reviews()] == [TaskState.DONE]
    time.pass_by(days=29)
    end_reading()
    look_for_reviews(clock.now())
    assert len(reviews()) == 1
    time.pass_by(days=1)
    end_reading()
    look_for_reviews(clock.now())
    assert [state for _owner, state, _due in reviews()] == [TaskState.DONE, TaskState.DUE]


def test_who_gets_the_pool_owes_the_answer(app: Flask, rita: int, omar: int, time: Time) -> None:
    pool = make_pool(rita, review_on=date(2026, 3, 10))
    time.pass_by(days=6)
    end_reading()
    look_for_reviews(clock.now())
    desk = signed_in(app, rita)
    desk.submit(desk.get(path(pool, "/edit")), owner=public_id_of(omar))
    assert [(owner, state) for owner, state, _due in reviews()] == [(omar, TaskState.DUE)]


def test_who_takes_over_the_work_of_a_colleague_looks_after_their_pools(app: Flask, rita: int, omar: int) -> None:
    pool = make_pool(rita)
    hand_over(rita, omar, None, clock.now())
    end_reading()
    assert "Looked after by Omar Haddad" in signed_in(app, omar).get(path(pool)).text


def test_closing_lets_everybody_go_and_keeps_why(app: Flask, rita: int, time: Time) -> None:
    people = [make_person(f"Person {number}") for number in range(3)]
    pool = make_pool(rita, review_on=date(2026, 3, 10), people=people)
    time.pass_by(days=6)
    end_reading()
    look_for_reviews(clock.now())
    desk = signed_in(app, rita)
    form = desk.get(path(pool, "/close"))
    assert "All 3 people leave it" in form.text
    refused = desk.submit(form, reason=" ", expect=422)
    assert "Please say why it is closed; colleagues will ask." in refused.text
    done = desk.submit(refused, reason="The team is complete.")
    assert "The pool is closed; 3 people have left it." in done.text
    assert "Silver medals" not in done.text
    assert "Silver medals" in desk.get("/recruiting/pools?closed=y").text
    page = desk.get(path(pool))
    assert "The team is complete." in page.text
    assert "3 people were in it, and have left it." in page.text
    assert "Person 1" not in page.text
    assert session().scalars(select(PoolMember.id)).all() == []
    assert [state for _owner, state, _due in reviews()] == [TaskState.CANCELLED]


def test_a_closed_pool_cannot_be_changed_kept_or_closed_again(desk: Browser, rita: int) -> None:
    pool = make_pool(rita)
    edit, review, close = (desk.get(path(pool, page)) for page in ("/edit", "/review", "/close"))
    desk.submit(close, reason="Done.")
    attempts: list[tuple[Page, dict[str, Any]]] = [
        (edit, {"name": "Gold"}),
        (review, {"review_on": "2026-05-04"}),
        (close, {"reason": "Again"}),
    ]
    for page, values in attempts:
        assert "This pool has been closed" in desk.submit(page, **values).text
    end_reading()
    assert session().scalars(select(Pool.name)).all() == ["Silver medals"]


@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_a_hiring_manager_sees_no_pool(app: Flask, rita: int) -> None:
    pool = make_pool(rita)
    hugo = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER))
    for page in ("/recruiting/pools", "/recruiting/pools/new", path(pool), path(pool, "/edit")):
        hugo.get(page, expect=404)
    assert "/recruiting/pools" not in hugo.get("/recruiting/").links
