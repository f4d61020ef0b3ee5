"""Until the second at which an opening is everybody's, it does not exist for anybody but the members it is for."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal.community.actions import leave_community
from portal.core import clock
from portal.core.db import session, transaction
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from tests.conftest import START, Time
from tests.factories import make_published, signed_in, visitor
from tests.openings.early import MEMBER, OTHERS, Asker, like, make_askers, make_member

pytestmark = pytest.mark.both_in_soak

TITLE = "Quiet Cartographer"
PUBLIC = START + timedelta(days=2)
#: What never shows somebody their early access to others: machines read the same whoever asks.
FOR_MACHINES = {"feed", "sitemap", "structured data"}


@pytest.fixture
def askers(app: Flask) -> dict[str, Asker]:
    return make_askers(app)


@pytest.fixture
def slug(app: Flask) -> str:
    return make_published(TITLE, public_at=PUBLIC, places=(_tartu(),))


def _tartu():
    from portal.openings.rules import Place

    return Place("geonames:588335", "Tartu, Estonia")


def stop(slug: str) -> None:
    with transaction() as own:
        opening = own.query(Opening).filter_by(slug=slug).one()
        opening.state, opening.stopped_at = OpeningState.STOPPED, clock.now()


def test_until_the_last_second_only_members_whose_area_fits_find_it(
    askers: dict[str, Asker], slug: str, time: Time
) -> None:
    for moment in (START, PUBLIC - timedelta(seconds=1)):
        time.at = moment
        for name in OTHERS:
            assert not any(askers[name].finds(slug, TITLE).values()), f"{name} at {moment}"
        theirs = askers[MEMBER].finds(slug, TITLE)
        assert {place for place, is_there in theirs.items() if not is_there} == FOR_MACHINES


def test_from_the_very_second_everybody_finds_it_everywhere(askers: dict[str, Asker], slug: str, time: Time) -> None:
    time.at = PUBLIC
    for name, asker in askers.items():
        assert all(asker.finds(slug, TITLE).values()), name


def test_before_it_is_published_not_even_members_find_it(askers: dict[str, Asker], time: Time) -> None:
    slug = make_published(TITLE, published_at=START + timedelta(hours=1), public_at=PUBLIC, places=(_tartu(),))
    assert not any(askers[MEMBER].finds(slug, TITLE).values())
    time.pass_by(hours=1)
    assert askers[MEMBER].finds(slug, TITLE)["page"]


def test_what_is_not_theirs_to_see_answers_as_what_never_was(app: Flask, slug: str) -> None:
    for browser in (visitor(app), signed_in(app, make_member("Bob Eriksen", "design"))):
        hidden = browser.get(f"/openings/{slug}", expect=404)
        never = browser.get("/openings/no-such-opening", expect=404)
        assert _without_numbers(hidden.body) == _without_numbers(never.body)
        assert _names(hidden.response.headers) == _names(never.response.headers)


def _without_numbers(body: str) -> str:
    """The page without what is drawn anew for every request: its number and its tokens."""
    return re.sub(r'value="[^"]+"|[0-9a-f]{12}', "", body)


def _names(headers: object) -> set[str]:
    return {name for name, _value in headers.items()} - {"Set-Cookie"}  # type: ignore[attr-defined]


def test_an_opening_without_an_area_is_shown_to_every_member_first(app: Flask) -> None:
    slug = make_published(TITLE, public_at=PUBLIC, area="")
    signed_in(app, make_member("Ada Lind")).get(f"/openings/{slug}")
    visitor(app).get(f"/openings/{slug}", expect=404)


def test_who_leaves_the_community_sees_it_with_everybody_else(app: Flask, slug: str) -> None:
    ada = make_member("Ada Lind", "data")
    browser = signed_in(app, ada)
    browser.get(f"/openings/{slug}")
    leave_community(ada, clock.now())
    browser.get(f"/openings/{slug}", expect=404)


def test_a_page_that_depends_on_who_asks_is_kept_by_nobody(askers: dict[str, Asker], slug: str) -> None:
    for path in ("/", "/openings", f"/openings/{slug}", "/feeds/openings.xml", "/sitemap.xml"):
        for asker in askers.values():
            assert asker.browser.client.get(path).headers["Cache-Control"] == "no-store"


def test_the_page_says_until_when_it_is_theirs_and_how_long_that_is(app: Flask, slug: str, time: Time) -> None:
    browser = signed_in(app, make_member("Ada Lind", "data"))
    page = browser.get(f"/openings/{slug}")
    assert "Only members see this until Friday 6 March 2026, 09:00 . 2 days left" in page.text
    assert 'name="robots" content="noindex"' in page.body
    time.pass_by(hours=1)
    assert "47 hours left" in browser.get("/openings").text
    time.at = PUBLIC
    assert "Only members" not in browser.get(f"/openings/{slug}").text


def test_their_own_page_says_what_they_see_first(app: Flask, slug: str, time: Time) -> None:
    ada = make_member("Ada Lind", "data")
    home = signed_in(app, ada).get("/me/")
    assert "You see it first" in home.text
    assert f"/openings/{slug}" in home.links
    bob = signed_in(app, make_member("Bob Eriksen", "design"))
    assert "You see it first" not in bob.get("/me/").text
    time.at = PUBLIC
    assert "You see it first" not in signed_in(app, ada).get("/me/").text


def test_looking_for_more_shows_more_at_once(app: Flask, slug: str) -> None:
    bob = make_member("Bob Eriksen", "design")
    browser = signed_in(app, bob)
    browser.get(f"/openings/{slug}", expect=404)
    like(bob, "data")
    browser.get(f"/openings/{slug}")


def test_stopping_takes_it_away_from_everybody_at_once(askers: dict[str, Asker], slug: str, time: Time) -> None:
    time.at = PUBLIC
    stop(slug)
    for name, asker in askers.items():
        assert not any(asker.finds(slug, TITLE).values()), name


def test_the_last_day_ends_at_midnight_where_the_company_is(app: Flask, time: Time) -> None:
    slug = make_published(TITLE, closes_on=START.date(), places=(_tartu(),))
    asker = Asker(visitor(app))
    time.at = START.replace(hour=22, minute=59, second=59)
    assert all(asker.finds(slug, TITLE).values())
    time.pass_by(seconds=1)
    assert not any(asker.finds(slug, TITLE).values())
    assert session().query(Opening).filter_by(slug=slug).one().state is OpeningState.PUBLISHED
