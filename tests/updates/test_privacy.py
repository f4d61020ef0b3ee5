"""What updates hold about people is shown, forgotten, merged and handed over."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.privacy.queries import held_about
from portal.updates.actions import note_seen, say_helpful
from portal.updates.models import InsiderUpdate, UpdateReader
from tests.conftest import START, Time
from tests.factories import make_staff, signed_in, visitor
from tests.openings.early import make_member
from tests.updates.posting import content, draft, post


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def rows_of(person_id: int) -> list[UpdateReader]:
    end_reading()
    return list(session().scalars(select(UpdateReader).where(UpdateReader.person_id == person_id)))


def test_they_read_what_came_for_them_and_what_they_did(app: Flask, rita: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita)
    say_helpful(slug, ada, is_helpful=True, now=clock.now())
    section = next(one for one in held_about(ada) if one.title == "Insider updates")
    ((title, words),) = section.rows
    assert title == "What we pay"
    assert "came for you on" in words
    assert "you found it helpful" in words
    assert "you replied" not in words
    assert "Insider updates" in signed_in(app, ada).get("/me/privacy").text


def test_an_erased_person_has_read_nothing(rita: int) -> None:
    ada, bob = make_member("Ada"), make_member("Bob")
    post(rita)
    erase_person(ada, rita, clock.now())
    assert rows_of(ada) == []
    assert len(rows_of(bob)) == 1


def test_two_records_of_one_person_have_read_what_either_read(rita: int, time: Time) -> None:
    kept, gone = make_member("Ada"), make_member("Ada too")
    both, one = post(rita, "Both"), post(rita, "One")
    note_seen(both, gone, clock.now())
    time.pass_by(hours=1)
    note_seen(both, kept, clock.now())
    say_helpful(one, gone, is_helpful=True, now=clock.now())
    merge_people(kept, gone, rita, clock.now())
    found = rows_of(kept)
    assert rows_of(gone) == []
    assert sorted(row.seen_at for row in found if row.seen_at) == [START, START + timedelta(hours=1)]
    assert [row.helpful_at is not None for row in found].count(True) == 1


def test_what_a_colleague_had_not_published_is_handed_over_and_what_they_had_keeps_their_name(
    app: Flask, rita: int
) -> None:
    nora = make_staff("Nora Berg")
    slug, waiting = post(rita, "Out there"), draft(content("Being written"), rita)
    hand_over(rita, nora, nora, clock.now())
    end_reading()
    authors = dict(session().execute(select(InsiderUpdate.title, InsiderUpdate.author_id)).all())
    assert authors == {"Out there": rita, "Being written": nora}
    assert waiting
    assert "Rita Sander" in visitor(app).get(f"/updates/{slug}").text
