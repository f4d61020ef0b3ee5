"""What is sent is as short as it can be, says how it is packed, and tells nothing by its length."""

import gzip
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import session
from portal.core.paths import STATIC
from portal.people.actions import set_picture
from portal.people.adapters import read_picture
from portal.people.models import StaffPicture
from portal.web.templating import asset
from tests import factories
from tests.conftest import START

pytestmark = pytest.mark.only("sqlite")  # no database is asked
ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}
CSS = "/static/css/app.css"


def fetch(app: Flask, path: str, **headers: str) -> TestResponse:
    """What somebody is answered who was never here."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(path, headers=ZIPPED | named)


def test_a_page_is_zipped_for_whoever_takes_it(app: Flask) -> None:
    zipped, plain = fetch(app, "/privacy"), fetch(app, "/privacy", Accept_Encoding="gzip;q=0, br")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(zipped.data)
    assert "Content-Encoding" not in plain.headers
    assert b"<h1" in plain.data
    assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(plain.data) / 2
    for answer in (zipped, plain):
        assert {"Accept-Encoding", "Cookie", "Accept-Language"} <= set(answer.vary)


def test_what_fits_into_a_packet_stays_as_it_is(app: Flask) -> None:
    answer = fetch(app, "/healthz")
    assert "Content-Encoding" not in answer.headers
    assert answer.data == b"ok\n"


@pytest.mark.parametrize(
    ("led_by", "is_zipped"),
    [("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False), ("", False)],
)
def test_who_is_led_here_by_another_site_with_a_cookie_is_answered_at_full_length(
    app: Flask, led_by: str, is_zipped: bool
) -> None:
    """Else a guess in the address, and the length of the answer, would tell what stands on somebody's page."""
    rita = factories.signed_in(app, factories.make_staff())
    said = {"Sec-Fetch-Site": led_by} if led_by else {}
    answer = rita.client.get("/recruiting/candidates?q=guess", headers=ZIPPED | said)
    assert answer.status_code == 200
    assert ("Content-Encoding" in answer.headers) is is_zipped
    # Without a cookie there is nobody about whom a page could tell something.
    assert "Content-Encoding" in fetch(app, "/openings?q=guess", Sec_Fetch_Site=led_by or "cross-site").headers


def test_a_refused_form_and_a_page_that_is_not_there_are_zipped_too(app: Flask) -> None:
    answer = fetch(app, "/nothing-here")
    assert answer.status_code == 404
    assert b"<h1" in gzip.decompress(answer.data)


def test_a_static_file_is_zipped_and_says_for_how_long_it_is_good(app: Flask) -> None:
    answer = fetch(app, asset("css/app.css"))
    assert gzip.decompress(answer.data) == (STATIC / "css/app.css").read_bytes()
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert set(answer.vary) == {"Accept-Encoding"}
    assert "Set-Cookie" not in answer.headers


def test_zipped_and_plain_files_have_tags_of_their_own_by_which_they_are_not_sent_again(app: Flask) -> None:
    zipped, plain = fetch(app, CSS), fetch(app, CSS, Accept_Encoding="identity")
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    for one, accepted in ((zipped, "gzip"), (plain, "identity")):
        again = fetch(app, CSS, Accept_Encoding=accepted, If_None_Match=one.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == one.headers["ETag"]
        assert again.vary == one.vary
    assert fetch(app, CSS, If_None_Match='"of-another-day"').status_code == 200


def test_asking_for_the_head_tells_the_length_and_sends_nothing(app: Flask) -> None:
    for path in (CSS, "/privacy"):
        head = app.test_client().head(path, headers=ZIPPED)
        assert head.data == b""
        assert head.headers["Content-Encoding"] == "gzip"
        assert head.headers["Content-Length"] == fetch(app, path).headers["Content-Length"]


def test_a_part_of_a_file_is_a_part_of_the_plain_one(app: Flask) -> None:
    answer = fetch(app, CSS, Range="bytes=10-29")
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "css/app.css").read_bytes()[10:30]


def test_what_is_small_already_is_sent_as_it_is(app: Flask) -> None:
    answer = fetch(app, asset("fonts/inter-latin.woff2"))
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "fonts/inter-latin.woff2").read_bytes()


@pytest.mark.parametrize("path", ["/static/css", "/static/css/none.css", "/static/%2e%2e/x.css"])
def test_what_is_no_static_file_is_not_there(app: Flask, path: str) -> None:
    assert fetch(app, path).status_code == 404


def test_a_feed_has_one_tag_however_it_is_packed(app: Flask) -> None:
    factories.make_published("Data Analyst")
    zipped, plain = fetch(app, "/feeds/openings.xml"), fetch(app, "/feeds/openings.xml", Accept_Encoding="identity")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] == plain.headers["ETag"]
    # A strong one would say that both are the same bytes.
    assert zipped.headers["ETag"].startswith("W/")
    assert fetch(app, "/feeds/openings.xml", If_None_Match=zipped.headers["ETag"]).status_code == 304


def test_a_file_for_a_spreadsheet_comes_whole(app: Flask) -> None:
    rita = factories.signed_in(app, factories.make_staff())
    path, from_us = "/recruiting/openings/early-access.csv", {"Sec-Fetch-Site": "same-origin"}
    for number in range(12):
        factories.make_published(f"Engineer for bridges {number}", public_at=START + timedelta(days=number))
    plain, zipped = rita.client.get(path), rita.client.get(path, headers=ZIPPED | from_us)
    assert plain.mimetype == "text/csv"
    assert plain.data.count(b"\n") > 12
    assert gzip.decompress(zipped.data) == plain.data


def test_browsers_keep_pictures_of_people_for_a_while_and_nobody_between_does(app: Flask) -> None:
    staff_id = factories.make_staff()
    into = BytesIO()
    Image.new("RGB", (60, 60), "teal").save(into, "PNG")
    picture = read_picture(into.getvalue())
    set_picture(staff_id, picture.content, picture.media_type, staff_id, clock.now())
    picture_id = session().scalars(select(StaffPicture.public_id)).one()
    rita = factories.signed_in(app, staff_id)
    answer = rita.client.get(f"/pictures/{picture_id}", headers=ZIPPED)
    assert answer.headers["Cache-Control"] == "private, max-age=604800, immutable"
    assert "Vary" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_the_stylesheet_asks_for_the_fonts_that_pages_fetch_before() -> None:
    """By the same address, version and all: else each is fetched twice."""
    named = re.findall(r"url\(\.\./([^)]+)\)", (STATIC / "css/app.css").read_text())
    assert len(named) == 5
    assert [f"/static/{name}" for name in named] == [asset(name.split("?")[0]) for name in named]
