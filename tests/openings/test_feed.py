"""The feed and the map, read back by programs that did not write them."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.dom import minidom

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from tests.conftest import START, Time
from tests.factories import make_person, make_published, signed_in, visitor
from tests.openings.test_structured_data import POLYGLOT

pytestmark = pytest.mark.both_in_soak
ATOM = "http://www.w3.org/2005/Atom"
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def texts(element: minidom.Element | minidom.Document, name: str) -> list[str]:
    """What the elements called `name` say, whichever namespace they stand in."""
    found = element.getElementsByTagName(name)
    return ["".join(node.data for node in one.childNodes if node.nodeType == node.TEXT_NODE) for one in found]


def read(app: Flask, path: str = "/feeds/openings.xml") -> minidom.Document:
    return minidom.parseString(visitor(app).client.get(path).data)


def direct(element: minidom.Element, name: str) -> list[minidom.Element]:
    return [one for one in element.childNodes if one.nodeName == name]


def check_atom(document: minidom.Document) -> None:
    """What RFC 4287 asks of a feed and of each entry (sections 4.1.1 and 4.1.2)."""
    feed = document.documentElement
    assert (feed.namespaceURI, feed.tagName) == (ATOM, "feed")
    for name in ("id", "title", "updated"):
        assert len(direct(feed, name)) == 1, name
    assert [one.getAttribute("rel") for one in direct(feed, "link")] == ["self", "alternate"]
    assert texts(feed, "name")
    entries = direct(feed, "entry")
    for entry in entries:
        for name in ("id", "title", "updated", "published", "summary"):
            assert len(direct(entry, name)) == 1, name
        assert direct(entry, "link")[0].getAttribute("href").startswith("http://localhost/openings/")
    for moment in texts(document, "updated") + texts(document, "published"):
        assert datetime.fromisoformat(moment).tzinfo is not None
    ids = texts(document, "id")
    assert len(ids) == len(set(ids))


def test_the_feed_is_valid_and_stays_the_same_for_everybody(app: Flask) -> None:
    make_published("Data Analyst")
    make_published("Early", public_at=START + timedelta(days=1), area="")
    document = read(app)
    check_atom(document)
    assert texts(document, "title")[1:] == ["Data Analyst"]
    theirs = signed_in(app, make_person()).client.get("/feeds/openings.xml")
    assert theirs.data == visitor(app).client.get("/feeds/openings.xml").data
    assert theirs.mimetype == "application/atom+xml"
    assert "Set-Cookie" not in visitor(app).client.get("/feeds/openings.xml").headers


def test_an_empty_feed_is_a_feed(app: Flask) -> None:
    check_atom(read(app))


@pytest.mark.only("sqlite")
def test_whatever_people_typed_the_feed_can_be_read(app: Flask) -> None:
    slug = make_published(POLYGLOT + "\x00\ufffe"[1:], summary=POLYGLOT)
    document = read(app)
    check_atom(document)
    assert texts(document, "summary") == [POLYGLOT.replace("\x0b", "")]
    assert f"http://localhost/openings/{slug}" in texts(read(app, "/sitemap.xml"), "loc")


def test_an_entry_keeps_its_id_whatever_becomes_of_its_title(app: Flask) -> None:
    slug = make_published("Data Analyst")
    before = texts(read(app), "id")[1]
    with transaction() as own:
        opening = own.query(Opening).filter_by(slug=slug).one()
        opening.title, opening.slug = "Senior Analyst", "another-address"
        public_id = opening.public_id
    assert texts(read(app), "id")[1] == before == f"tag:localhost,2026:opening/{public_id}"


def test_the_feed_has_the_fifty_newest(app: Flask) -> None:
    for number in range(52):
        make_published(f"Role {number}")
    shown = texts(read(app), "title")[1:]
    assert (len(shown), shown[0], shown[-1]) == (50, "Role 51", "Role 2")


def test_who_knows_the_feed_already_gets_nothing_until_it_changes(app: Flask, time: Time) -> None:
    make_published("Data Analyst")
    reader = visitor(app).client
    first = reader.get("/feeds/openings.xml")
    assert parsedate_to_datetime(first.headers["Last-Modified"]) == START
    known = {"If-None-Match": first.headers["ETag"]}
    again = reader.get("/feeds/openings.xml", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    make_published("Early", public_at=START + timedelta(hours=1))
    assert reader.get("/feeds/openings.xml", headers=known).status_code == 304
    time.pass_by(hours=1)
    changed = reader.get("/feeds/openings.xml", headers=known)
    assert changed.status_code == 200
    assert "Early" in changed.text


def test_what_is_stopped_is_gone_for_readers_that_only_compare_dates(app: Flask, time: Time) -> None:
    make_published("Data Analyst")
    time.pass_by(hours=1)
    slug = make_published("Short-lived")
    time.pass_by(hours=1)
    reader = visitor(app).client
    seen = reader.get("/feeds/openings.xml").headers["Last-Modified"]
    with transaction() as own:
        opening = own.query(Opening).filter_by(slug=slug).one()
        opening.state, opening.stopped_at = OpeningState.STOPPED, clock.now()
    answer = reader.get("/feeds/openings.xml", headers={"If-Modified-Since": seen})
    assert answer.status_code == 200
    assert "Short-lived" not in answer.text
    assert texts(minidom.parseString(answer.data), "updated")[0] == "2026-03-04T10:00:00Z"


def test_the_map_names_what_everybody_can_see(app: Flask) -> None:
    slug = make_published("Data Analyst")
    early = make_published("Early", public_at=START + timedelta(days=1), area="")
    document = read(app, "/sitemap.xml")
    root = document.documentElement
    assert (root.namespaceURI, root.tagName) == (MAP, "urlset")
    base = "http://localhost"
    assert texts(document, "loc") == [f"{base}/", f"{base}/openings", f"{base}/promises", f"{base}/openings/{slug}"]
    assert texts(document, "lastmod") == ["2026-03-04T08:00:00Z"]
    assert early not in document.toxml()
