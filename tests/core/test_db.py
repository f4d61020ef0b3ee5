"""Reading and writing are apart, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.company.models import CompanySetting
from portal.core import migrations
from portal.core.db import RenderedTooLate, db, session, transaction
from portal.wording.queries import render

WHEN = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def test_the_reading_session_cannot_write(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        session().execute(update(CompanySetting).values(value=1))


def test_what_was_written_is_seen_by_the_same_request(app: Flask) -> None:
    assert session().scalars(select(CompanySetting.name)).all() == []
    with transaction() as own:
        own.add(CompanySetting(name="pace", value=3, changed_at=WHEN))
    assert session().scalars(select(CompanySetting.name)).all() == ["pace"]


def test_whoever_looks_again_after_an_error_sees_what_others_wrote(app: Flask) -> None:
    def find_it_changed() -> None:
        with transaction():
            raise ZeroDivisionError

    def write() -> None:
        with app.app_context(), transaction() as own:
            own.add(CompanySetting(name="pace", value=3, changed_at=WHEN))

    assert session().scalars(select(CompanySetting.name)).all() == []
    other = threading.Thread(target=write)
    other.start()
    other.join()
    with pytest.raises(ZeroDivisionError):
        find_it_changed()
    assert session().scalars(select(CompanySetting.name)).all() == ["pace"]


def test_an_error_in_an_inner_block_undoes_the_outer_one(app: Flask) -> None:
    def spoil() -> None:
        with transaction() as own:
            own.add(CompanySetting(name="pace", value=3, changed_at=WHEN))
            with transaction():
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert session().scalars(select(CompanySetting.name)).all() == []


def test_mail_is_not_rendered_while_others_wait_for_the_lock(app: Flask) -> None:
    with pytest.raises(RenderedTooLate), transaction():
        render("accounts/sign_in", "en", "UTC", name="Ada")


def test_concurrent_changes_are_all_kept(app: Flask) -> None:
    with transaction() as own:
        own.add(CompanySetting(name="count", value=0, changed_at=WHEN))

    def add_ten() -> None:
        with app.app_context():
            for _ in range(10):
                with transaction() as mine:
                    row = mine.get(CompanySetting, "count", with_for_update=True)
                    assert row is not None
                    row.value = row.value + 1

    threads = [threading.Thread(target=add_ten) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert session().scalar(select(CompanySetting.value)) == 60


def test_whoever_writes_again_and_again_leaves_others_a_turn(app: Flask) -> None:
    is_waiting, is_done = threading.Event(), threading.Event()

    def write_seldom() -> None:
        with app.app_context():
            for number in range(5):
                is_waiting.set()
                with transaction() as mine:
                    mine.add(CompanySetting(name=f"seldom {number}", value=0, changed_at=WHEN))
        is_done.set()

    other = threading.Thread(target=write_seldom)
    # Several times as often as the other needs where each gives way to each.
    for number in range(25):
        with transaction() as own:
            own.add(CompanySetting(name=f"often {number}", value=0, changed_at=WHEN))
            own.flush()
            if number == 0:
                other.start()
                is_waiting.wait()
            is_done.wait(0.03)
        if is_done.is_set():
            break
    is_too_late = not is_done.is_set()
    other.join()
    assert not is_too_late


def test_a_migrated_database_has_the_shape_of_the_models(app: Flask) -> None:
    assert migrations.differences(db.engines["write"]) == []


def test_a_naive_instant_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="time zone"), transaction() as own:
        own.add(CompanySetting(name="pace", value=3, changed_at=datetime(2026, 3, 4)))  # noqa: DTZ001 - the point


def test_what_people_wrote_does_not_stand_in_an_error_of_the_database(app: Flask) -> None:
    with transaction() as own:
        own.add(CompanySetting(name="pace", value="a secret word", changed_at=WHEN))
    again = insert(CompanySetting).values(name="pace", value="a secret word", changed_at=WHEN)
    with transaction() as own, pytest.raises(IntegrityError) as caught:
        own.execute(again)
    assert "a secret word" not in str(caught.value)
