"""Where pools and tags are reached from: the card of a person, the pipeline, the list of people."""

import pytest
from flask import Flask

from portal.core.db import end_reading, session
from portal.core.tokens import TokenKind
from portal.openings.models import Opening
from portal.people.queries import known_person
from portal.pools.queries import told_pools
from tests.accounts.addresses import add, join_both, keep_link, press, signed_in_browser
from tests.accounts.visitors import ADA, RITA, hire, join
from tests.factories import make_application, make_opening, make_person, make_pool, make_staff, public_id_of, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

BO = "bo@home.example"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def test_a_card_shows_the_pools_with_why_and_leads_into_another(desk: Browser, rita: int) -> None:
    ada = make_person("Ada Lind")
    card = f"/recruiting/candidates/{public_id_of(ada)}"
    empty = desk.get(card)
    assert "In none. A pool keeps people together" in empty.text
    assert f"/recruiting/pools/put?p={public_id_of(ada)}" in empty.links
    pool = make_pool(rita, people=[ada])
    shown = desk.get(card)
    assert f"/recruiting/pools/{pool}" in shown.links
    assert "Was good Put in by Rita Sander on Wednesday 4 March 2026" in shown.text


@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_the_buttons_of_the_pipeline_lead_there_with_those_who_are_chosen(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    make_application(opening, rita)
    path = f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"
    page = desk.get(path)
    buttons = page.form(having="a").buttons
    assert {("what", "pool", "Pool"), ("what", "tags", "Tags")} <= set(buttons)
    for where in ("pool", "tags"):
        assert f'formaction="{path}/{where}"' in page.body


@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_the_list_of_people_leads_to_all_tags(desk: Browser) -> None:
    assert "/recruiting/tags" in desk.get("/recruiting/candidates").links


def test_records_that_part_again_are_each_in_their_own_pools(app: Flask) -> None:
    rita, ada, bo = hire(RITA), join(), join(BO, "Bo Lind")
    make_pool(rita, "Of Bo", people=[bo])
    make_pool(rita, "Of both", people=[ada, bo])
    browser = signed_in_browser(app)
    join_both(browser, add(browser, BO))
    assert pools_at(ADA) == ["Of Bo", "Of both"]
    press(Browser(app), keep_link(BO, TokenKind.KEEP_APART))
    assert pools_at(ADA) == ["Of both"]
    assert pools_at(BO) == ["Of Bo", "Of both"]


def pools_at(email: str) -> list[str]:
    """The pools of whoever has this address, by name."""
    end_reading()
    person = known_person(email)
    assert person is not None
    return [pool.name for pool in told_pools(person.person_id)]
