"""What we hold about job alerts: shown, erased, and one when two records become one."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import privacy
from portal.alerts.actions import looking
from portal.alerts.models import AlertMatch, AlertTurn, JobAlert
from portal.alerts.queries import Chunk
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.i18n import reading_as
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person
from tests.alerts.people import id_of, mails_to, make_reader, work
from tests.conftest import Time
from tests.factories import ZONE, make_published, settle_mail


def write(time: Time) -> None:
    work()
    time.pass_by(minutes=31)
    work()


def rows(person_id: int) -> list[tuple[str, str]]:
    end_reading()
    with reading_as("en", ZONE):
        (section,) = privacy.export(person_id)
    return section.rows


def test_the_export_says_what_came_and_how_much_waits(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    assert rows(ada) == []
    make_published("Data Analyst")
    write(time)
    settle_mail()
    make_published("Data Engineer")
    work()
    assert rows(ada) == [
        ("Wednesday 4 March 2026, 09:31", "Data Analyst. You asked for Data."),
        ("Openings that wait for the next mail", "1"),
    ]


def test_erasing_stops_what_is_on_its_way_and_forgets_the_rest(app: Flask, time: Time) -> None:
    ada, bob = make_reader("Ada Lind", "data"), make_reader("Bob Eriksen", "data")
    make_published("Data Analyst")
    write(time)
    make_published("Data Engineer")
    work()
    with transaction():
        privacy.erase(ada, clock.now())
    assert [mail.state for mail in mails_to(ada)] == [DeliveryState.CANCELLED]
    assert [mail.state for mail in mails_to(bob)] == [DeliveryState.QUEUED]
    for table in (AlertMatch, AlertTurn, JobAlert):
        assert set(session().scalars(select(table.person_id).order_by(table.person_id))) == {bob}


def test_whoever_was_told_with_one_record_is_not_told_again_with_both(app: Flask, time: Time) -> None:
    kept = make_reader("Ada Lind", "data")
    told = make_published("Data Analyst")
    write(time)
    settle_mail()
    work()
    gone = make_reader("Ada L.", "data")
    both = make_published("Data Engineer")
    work()
    with transaction() as own:
        own.add(AlertMatch(person_id=gone, opening_id=id_of(told), found_at=clock.now(), why={}, is_early=False))
    with transaction():
        privacy.merge(kept, gone, clock.now())
    end_reading()
    found = session().execute(
        select(AlertMatch.person_id, AlertMatch.opening_id, AlertMatch.alert_id.is_(None)).order_by(
            AlertMatch.opening_id
        )
    )
    assert [tuple(row) for row in found] == [(kept, id_of(told), False), (kept, id_of(both), True)]
    assert session().scalars(select(AlertTurn.person_id)).all() == [kept]


def test_nothing_is_noted_of_somebody_who_is_erased_while_members_are_gone_through(
    app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    find = looking.chunk_to_look_at

    def find_and_erase(count: int, now: datetime, today: date) -> Chunk | None:
        found = find(count, now, today)
        monkeypatch.setattr(looking, "chunk_to_look_at", find)
        end_reading()
        erase_person(ada, None, clock.now())
        return found

    monkeypatch.setattr(looking, "chunk_to_look_at", find_and_erase)
    work()
    for table in (AlertMatch, AlertTurn):
        assert session().scalars(select(table.person_id).where(table.person_id == ada)).all() == []
