"""Public pages about people that were looked at, and what a person reads and takes along of all this."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.privacy.actions import erase_person, merge_people
from portal.prospects.models import ErasedAddress, LookedAt, Prospect
from portal.prospects.queries import erased_hash, find_prospect
from tests import factories
from tests.pages import Browser
from tests.prospects.meeting import NOEL, added, invited, work

pytestmark = pytest.mark.both_in_soak
POLYGLOT = """"'><img src=x onerror=alert(1)>{{7*7}}"""


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.com")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return factories.signed_in(app, rita)


def test_a_page_that_was_looked_at_stands_in_what_the_person_reads(app: Flask, desk: Browser) -> None:
    ada = factories.make_person("Ada Lind")
    path = f"/recruiting/candidates/{factories.public_id_of(ada)}/pages"
    page = desk.submit(desk.get(path), link="https://talks.example/ada", found_by="PyData", looked_on="2026-03-03")
    for words in ("Noted. It stands", "https://talks.example/ada", "Rita Sander", "Tuesday 3 March 2026"):
        assert words in page.text
    own = factories.signed_in(app, ada).get("/me/privacy").text
    for words in ("Public pages about you that we looked at", "https://talks.example/ada", "found by: PyData"):
        assert words in own
    assert "Rita Sander" not in own
    gone = desk.submit(page, action="/remove", having="csrf_token")
    assert "None noted" in gone.text


def test_what_is_no_public_page_is_said_beside_the_field(desk: Browser) -> None:
    ada = factories.make_person("Ada Lind")
    page = desk.get(f"/recruiting/candidates/{factories.public_id_of(ada)}/pages")
    answer = desk.submit(page, link="javascript:alert(1)", found_by="", looked_on="2026-03-05", expect=422)
    for words in ("beginning with https", "how you found it", "has not come yet"):
        assert words in answer.text


def test_nobody_notes_pages_about_themselves_or_nobody(desk: Browser, rita: int) -> None:
    for public_id in (factories.public_id_of(rita), "nobody"):
        desk.get(f"/recruiting/candidates/{public_id}/pages", expect=404)


def test_nothing_that_was_typed_is_ever_run(app: Flask, desk: Browser, rita: int) -> None:
    public_id = added(rita, name=POLYGLOT, source_note=POLYGLOT, links=(("https://x.example/%22", POLYGLOT),))
    invited(rita, public_id, words=f"Hello. {POLYGLOT.replace('{', '(').replace('}', ')')}")
    work(app)
    known = find_prospect(public_id)
    assert known is not None
    pages = [
        desk.get(path).body
        for path in (
            "/recruiting/prospects",
            f"/recruiting/prospects/{public_id}",
            f"/recruiting/prospects/invite?p={public_id}",
            f"/recruiting/candidates/{public_id}/pages",
        )
    ]
    pages.append(factories.signed_in(app, known.person_id).get("/me/privacy").body)
    for body in pages:
        assert "<img src=x" not in body


def test_what_is_kept_of_an_erased_address_is_a_code(app: Flask, rita: int) -> None:
    public_id = added(rita)
    invited(rita, public_id)
    known = find_prospect(public_id)
    assert known is not None
    erase_person(known.person_id, rita, clock.now())
    end_reading()
    row = session().scalars(select(ErasedAddress)).one()
    assert row.address_hash == erased_hash(NOEL.email)
    assert NOEL.email not in row.address_hash
    assert (row.invited_on, row.erased_on) == (clock.now().date(), clock.now().date())
    assert session().scalars(select(Prospect.person_id)).all() == []
    assert session().scalars(select(LookedAt.id)).all() == []


def test_two_records_of_one_person_keep_the_first_way_they_came(app: Flask, rita: int) -> None:
    first, second = added(rita), added(rita, email="zoe@example.org", source_note="Meetup")
    invited(rita, second)
    kept, gone = find_prospect(first), find_prospect(second)
    assert kept is not None
    assert gone is not None
    merge_people(kept.person_id, gone.person_id, rita, clock.now())
    end_reading()
    row = session().scalars(select(Prospect)).one()
    assert (row.person_id, row.source_note) == (kept.person_id, "PyData Warsaw")
    assert row.invited_at is not None, "either was invited, so nobody is invited again"


def test_what_was_noted_for_colleagues_is_not_told(app: Flask, rita: int) -> None:
    public_id = added(rita, note="Likes rivers")
    known = find_prospect(public_id)
    assert known is not None
    assert "Likes rivers" not in factories.signed_in(app, known.person_id).get("/me/privacy").text
