"""The list of openings and an opening's page, as visitors read them."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from flask import Flask

from portal.community.states import WorkMode
from portal.openings.rules import Place
from portal.openings.states import Seniority
from tests.conftest import START, counted_statements
from tests.factories import make_person, make_published, make_staff, signed_in, visitor
from tests.openings.early import make_member
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

_NS = "{http://www.w3.org/1999/xhtml}"
TARTU = Place("geonames:588335", "Tartu, Estonia")


@pytest.fixture
def reader(app: Flask) -> Browser:
    return visitor(app)


@pytest.fixture
def three(app: Flask) -> None:
    """An analyst, a designer and a nurse."""
    make_published("Data Analyst")
    make_published("Designer", area="design", seniority=Seniority.SENIOR, work_modes=(WorkMode.REMOTE,), places=())
    make_published("Night Nurse", area="", seniority=None, work_modes=(WorkMode.ON_SITE,), places=(TARTU,))


def titles(page: Page) -> list[str]:
    """The openings of a list, in order."""
    assert page.tree is not None
    return ["".join(e.itertext()).strip() for e in page.tree.iter(f"{_NS}h2") if e.find(f"{_NS}a") is not None]


def content_of(page: Page, name: str) -> str:
    """What a <meta> of the page says."""
    assert page.tree is not None
    found = [e for e in page.tree.iter(f"{_NS}meta") if name in (e.get("name"), e.get("property"))]
    return found[0].get("content", "") if len(found) == 1 else ""


def link(page: Page, rel: str) -> str:
    assert page.tree is not None
    found = [e.get("href", "") for e in page.tree.iter(f"{_NS}link") if e.get("rel") == rel]
    return found[0] if found else ""


def test_nothing_open_says_so_and_invites(reader: Browser) -> None:
    page = reader.get("/openings")
    assert page.heading == "Openings"
    assert "Nothing is open just now" in page.text
    assert "/join" in page.links


def test_a_member_who_finds_nothing_is_led_to_what_they_look_for(app: Flask) -> None:
    page = signed_in(app, make_member("Ada Lind")).get("/openings")
    assert "/me/preferences" in page.links
    assert "/join" not in page.links


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Night Nurse", "Designer", "Data Analyst"]),
        ("area=design", ["Designer"]),
        ("mode=remote", ["Designer"]),
        ("seniority=senior", ["Designer"]),
        ("place=geonames:588335", ["Night Nurse"]),
        ("area=design&mode=remote&seniority=senior", ["Designer"]),
        ("q=nurse+tartu", ["Night Nurse"]),
        ("q=N%C3%BCrse", ["Night Nurse"]),
        ("q=designer.", ["Designer"]),
        ("q=numbers", ["Night Nurse", "Designer", "Data Analyst"]),
        ("area=data&q=analyst", ["Data Analyst"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(reader: Browser, three: None, query: str, expected: list[str]) -> None:
    assert titles(reader.get(f"/openings?{query}")) == expected


@pytest.mark.parametrize("wildcard", ["%", "_", "a%t", "/", "\\"])
def test_wildcards_are_plain_letters(reader: Browser, three: None, wildcard: str) -> None:
    assert titles(reader.get(f"/openings?q={quote(wildcard)}")) == []


def test_a_wildcard_that_is_written_is_found(reader: Browser) -> None:
    make_published("Half-time clerk", work="50% of the week, in snake_case.")
    make_published("Clerk", work="500 of the week, in snakeycase.")
    assert titles(reader.get("/openings?q=50%25")) == ["Half-time clerk"]
    assert titles(reader.get("/openings?q=snake_case")) == ["Half-time clerk"]


def test_only_choices_that_have_openings_are_offered(reader: Browser, three: None) -> None:
    body = reader.get("/openings").body
    for value in ("data", "design", "geonames:588335", "remote", "hybrid", "on_site", "senior", "mid"):
        assert f'<option value="{value}"' in body
    for value in ("finance", "junior", "executive"):
        assert f'<option value="{value}"' not in body


@pytest.mark.parametrize(
    "query", ["area=nonsense", "mode=teleport", "seniority=99", "place=atlantis", "page=abc", "page=0"]
)
def test_what_makes_no_sense_is_left_out(reader: Browser, three: None, query: str) -> None:
    page = reader.get(f"/openings?{query}")
    assert len(titles(page)) == 3
    assert ("we left it out" in page.text) == ("page" not in query)


def test_when_nothing_fits_the_page_says_what_to_leave_out(reader: Browser, three: None) -> None:
    page = reader.get("/openings?area=design&mode=on_site")
    assert "Nothing fits all of that" in page.text
    assert "Without “Design" in page.text
    assert {"/openings?mode=on_site", "/openings?area=design", "/openings"} <= set(page.links)
    assert titles(reader.get("/openings?mode=on_site")) == ["Night Nurse"]
    only_words = reader.get("/openings?q=zebra&area=design")
    assert "/openings?area=design" in only_words.links
    assert "/openings?q=zebra" not in only_words.links


def test_the_list_pages_by_twenty_and_keeps_its_filters(reader: Browser) -> None:
    for number in range(41):
        make_published(f"Role {number}")
    make_published("Designer", area="design")
    first = reader.get("/openings?area=data")
    assert len(titles(first)) == 20
    assert "41 openings, page 1 of 3" in first.text
    assert "/openings?area=data&page=2" in first.links
    last = reader.get("/openings?area=data&page=3")
    assert titles(last) == ["Role 0"]
    assert link(last, "canonical") == "http://localhost/openings?area=data&page=3"
    assert titles(reader.get("/openings?area=data&page=99")) == ["Role 0"]
    seen = [title for page in (1, 2, 3) for title in titles(reader.get(f"/openings?area=data&page={page}"))]
    assert len(set(seen)) == 41


def test_the_page_says_all_of_it(app: Flask, reader: Browser) -> None:
    rita, hugo = make_staff("Rita Sander", email="rita@example.org"), make_staff("Hugo Meier")
    slug = make_published(closes_on=date(2026, 4, 1), recruiter_id=rita, manager_id=hugo)
    page = reader.get(f"/openings/{slug}")
    assert page.heading == "Data Analyst"
    for words in (
        "Half of the numbers are wrong.",
        "Five people who read each other's work.",
        "75,000",
        "A real vacancy",
        "No machine takes part",
        "45 minutes",
        "Friday 29 May 2026",
        "Wednesday 1 April 2026",
        "Rita Sander",
        "Hugo Meier",
    ):
        assert words in page.text
    assert "mailto:rita@example.org?subject=Data%20Analyst" in page.links


def test_a_shared_link_has_a_good_preview(reader: Browser) -> None:
    slug = make_published()
    page = reader.get(f"/openings/{slug}")
    said = "You find out what our numbers say."
    assert content_of(page, "description") == said
    assert content_of(page, "og:title") == "Data Analyst"
    assert content_of(page, "og:description") == said
    assert content_of(page, "og:url") == link(page, "canonical") == f"http://localhost/openings/{slug}"
    assert content_of(page, "og:type") == "website"
    assert content_of(page, "og:site_name")
    assert content_of(page, "twitter:card") == "summary"
    assert link(page, "alternate") == "/feeds/openings.xml"


@pytest.mark.parametrize("slug", ["never-was", "x" * 3000, "%27%20OR%201=1", "..%5c", "%E2%80%AE"])
def test_an_address_that_never_was_is_not_found(reader: Browser, slug: str) -> None:
    assert reader.client.get(f"/openings/{slug}").status_code == 404


def test_the_front_page_shows_the_newest(reader: Browser, three: None) -> None:
    make_published("Gardener")
    page = reader.get("/")
    assert "See all 4 openings" in page.text
    assert "Gardener" in page.text
    assert "Data Analyst" not in page.text


def test_without_openings_the_front_page_says_nothing_of_them(reader: Browser) -> None:
    assert reader.get("/").text.count("Openings") == 1


def test_openings_stand_in_the_menu(app: Flask, reader: Browser) -> None:
    assert "/openings" in reader.get("/join").links
    assert "/openings" in signed_in(app, make_person()).get("/me/").links


def test_robots_are_told_of_the_map(reader: Browser) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in reader.client.get("/robots.txt").text.splitlines()


def test_the_pages_ask_the_database_little(app: Flask, three: None) -> None:
    slug = make_published("Early", public_at=START + timedelta(days=1), recruiter_id=make_staff())
    member = signed_in(app, make_member("Ada Lind", "data"))
    for path in ("/openings", "/openings?q=analyst&area=data", f"/openings/{slug}", "/"):
        member.get(path)
        with counted_statements() as seen:
            member.get(path)
        assert len(seen) <= 6, (path, seen)
