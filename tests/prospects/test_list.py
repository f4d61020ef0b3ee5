"""The list of people without an opening: every part of it agrees with what is decided about each person."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.contact.actions import record_consent
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.queries import known_person
from portal.prospects.actions import let_go
from portal.prospects.models import Prospect
from portal.prospects.queries import ProspectRow, due_for_erasure, find_prospect, prospect_counts, prospects
from portal.prospects.rules import SOON_DAYS, is_due
from portal.prospects.states import Among, Standing
from tests import factories
from tests.accounts.visitors import join
from tests.conftest import Time, counted_statements
from tests.pages import Browser
from tests.prospects.meeting import added, invited

TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.com")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return factories.signed_in(app, rita)


def _deliver(public_id: str, state: DeliveryState, days_ago: int) -> None:
    """Let the invitation of this person have become that, so long ago."""
    known = find_prospect(public_id)
    assert known is not None
    at = clock.now() - timedelta(days=days_ago)
    values = {"state": state, "sent_at": at if state is DeliveryState.SENT else None}
    with transaction() as own:
        own.execute(update(Delivery).where(Delivery.person_id == known.person_id).values(**values))


def _one_of_each(rita: int) -> None:
    """People in every state there is, added and invited on days around those that decide."""
    number = 0
    for days in (0, 22, 23, 24, 29, 30, 31):
        for state in (None, *DeliveryState):
            for extra in ("", "consent", "here", "leaves"):
                if state is DeliveryState.LEASED or (extra and days not in {0, 30}):
                    continue
                number += 1
                public_id = added(rita, email=f"p{number}@example.org", name=f"Person {number}")
                _make(rita, public_id, state, days, extra, f"p{number}@example.org")


def _make(rita: int, public_id: str, state: DeliveryState | None, days: int, extra: str, email: str) -> None:
    if state is not None:
        invited(rita, public_id)
        _deliver(public_id, state, days)
    person = known_person(email)
    assert person is not None
    with transaction() as own:
        before = clock.now() - timedelta(days=days)
        own.execute(update(Prospect).where(Prospect.person_id == person.person_id).values(added_at=before))
    if extra == "consent":
        record_consent(
            person.person_id,
            Purpose.INSIDER_UPDATES,
            ConsentAction.GIVEN,
            words="Yes",
            text_version="elsewhere",
            locale="en",
            source="stand",
            now=clock.now(),
            actor_id=rita,
        )
    elif extra == "here":
        join(email, "", password="")
    elif extra == "leaves":
        let_go(public_id, actor_id=rita, now=clock.now())
    end_reading()


def _belongs(row: ProspectRow, among: Among) -> bool:
    """What the rules say of it."""
    if among is Among.SOON_ERASED:
        return is_due(row.facts, TODAY + timedelta(days=SOON_DAYS))
    return row.standing in {
        Among.NOT_INVITED: {Standing.NOT_INVITED, Standing.NOT_ARRIVED},
        Among.INVITED: {Standing.INVITED, Standing.ON_ITS_WAY},
        Among.HERE: {Standing.HERE},
    }.get(among, set())


def test_every_part_of_the_list_holds_whom_the_rules_say(rita: int) -> None:
    _one_of_each(rita)
    everybody, total = prospects(None, "", TODAY, 0, 1000)
    assert total == len(everybody) > 50
    counts = prospect_counts(TODAY)
    for among in Among:
        found, count = prospects(among, "", TODAY, 0, 1000)
        expected = {row.public_id for row in everybody if _belongs(row, among)}
        assert {row.public_id for row in found} == expected, among
        assert count == counts[among] == len(expected) > 0
    due = {row.person_id for row in everybody if is_due(row.facts, TODAY)}
    assert set(due_for_erasure(TODAY, clock.now(), 1000)) == due
    assert due


def test_the_page_shows_where_everybody_stands(desk: Browser, rita: int, time: Time) -> None:
    assert "Nobody here yet" in desk.get("/recruiting/prospects").text
    added(rita)
    other = added(rita, email="zoe@example.org", name="Zoë Ås", source_note="Meetup")
    invited(rita, other)
    page = desk.get("/recruiting/prospects")
    for words in ("Noël Petit", "Not invited", "Zoë Ås", "Invitation on its way", "Friday 3 April 2026"):
        assert words in page.text
    narrowed = desk.get("/recruiting/prospects?among=not_invited")
    assert "Noël Petit" in narrowed.text
    assert "Zoë Ås" not in narrowed.text
    assert "Zoë Ås" in desk.get("/recruiting/prospects?q=meet+zo").text
    assert "Nobody here fits" in desk.get("/recruiting/prospects?q=%25").text
    assert "Noël Petit" in desk.get("/recruiting/prospects?among=nonsense&page=99").text


def test_several_are_invited_from_the_list(desk: Browser, rita: int) -> None:
    first, second = added(rita), added(rita, email="zoe@example.org", name="Zoë Ås")
    invited(rita, second)
    page = desk.get(f"/recruiting/prospects/invite?p={first}&p={second}")
    for words in ("Invite Noël Petit", "Who is left out", "Zoë Ås", "an invitation is never repeated"):
        assert words in page.text
    preview = desk.submit(page, having="words", button="preview")
    done = desk.submit(preview, having="words", button="send")
    assert "1 invitation is on its way" in done.text
    assert "Zoë Ås was left out" in done.text


def test_nobody_is_invited_who_did_not_stand_on_the_page(desk: Browser, rita: int) -> None:
    first, second = added(rita), added(rita, email="zoe@example.org", name="Zoë Ås")
    page = desk.get(f"/recruiting/prospects/invite?p={first}")
    values = page.form(having="words").values | {"do": "send"}
    desk.post(f"/recruiting/prospects/invite?p={first}&p={second}", values)
    end_reading()
    row = find_prospect(second)
    assert row is not None
    assert row.standing is Standing.NOT_INVITED


def test_an_invitation_to_nobody_says_so(desk: Browser) -> None:
    assert "Nobody is chosen" in desk.get("/recruiting/prospects/invite").text
    assert "Nobody is chosen" in desk.get("/recruiting/prospects/invite?p=nobody").text


def test_a_long_list_takes_no_more_statements_than_a_short_one(desk: Browser, rita: int) -> None:
    counts = []
    for start in (0, 10):
        for number in range(start, start + 10):
            added(rita, email=f"p{number}@example.org", name=f"Person {number}")
        desk.get("/recruiting/prospects")
        with counted_statements() as seen:
            desk.get("/recruiting/prospects")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_only_those_who_write_to_candidates_see_the_list(app: Flask, rita: int) -> None:
    public_id = added(rita)
    hugo = factories.signed_in(app, factories.make_staff("Hugo", factories.Role.HIRING_MANAGER))
    ada = factories.signed_in(app, factories.make_person("Ada"))
    for path in ("/recruiting/prospects", f"/recruiting/prospects/{public_id}", "/recruiting/prospects/new"):
        for browser in (hugo, ada):
            browser.get(path, expect=404)
