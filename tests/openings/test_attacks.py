"""Somebody who tries to find an opening before it is theirs to see, or to break what its pages are made of."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import transaction
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from tests.conftest import Time
from tests.factories import (
    make_application,
    make_opening,
    make_person,
    make_published,
    make_staff,
    make_version,
    opening_id_of,
    primary_email,
    signed_in,
    visitor,
)
from tests.openings.early import make_member
from tests.pages import Browser

EARLY = timedelta(days=3)
NOWHERE = "opening-that-never-was"
#: Headers that differ from answer to answer, or hold the slug or its length.
_OF_EACH_ANSWER = frozenset({"X-Request-ID", "Set-Cookie", "Content-Length", "Location"})
_OF_EACH_PAGE = re.compile(r"\b[0-9a-f]{12}\b|(?<=value=\")[\w.-]{40,}(?=\")")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def early(rita: int) -> str:
    """The slug of an opening in "data" that only members see yet."""
    return make_published("Crane Driver", public_at=clock.now() + EARLY, recruiter_id=rita)


def csrf(browser: Browser) -> str:
    return str(browser.get("/join").form(having="csrf_token").values["csrf_token"])


def test_who_once_applied_by_an_import_does_not_read_what_is_early(app: Flask, rita: int) -> None:
    opening_id = make_opening("Crane Driver", recruiter_id=rita)
    applied = make_application(opening_id, rita)
    browser = signed_in(app, applied.person_id)
    make_version(opening_id, "Crane Driver", hard="It is very high up.")
    with transaction() as own:
        opening = own.get_one(Opening, opening_id)
        opening.state, opening.slug, opening.area = OpeningState.PUBLISHED, "crane-driver", "data"
        opening.published_at, opening.public_at = clock.now(), clock.now() + EARLY
    assert browser.client.get("/openings/crane-driver").status_code == 404
    assert "It is very high up." not in browser.client.get(f"/me/applications/{applied.public_id}/opening").text


def test_a_version_beyond_every_number_is_not_found(app: Flask, rita: int, early: str) -> None:
    desk = signed_in(app, rita)
    path = f"/recruiting/openings/{opening_id_of(early)}/versions"
    assert desk.client.get(f"{path}/1").status_code == 200
    for number in (0, 2, 2**31, 2**63, 10**40):
        assert desk.client.get(f"{path}/{number}").status_code == 404, number


@pytest.mark.only("sqlite")  # what either database finds is asked in test_early_access; here it is the answers
def test_every_door_of_an_early_opening_answers_as_if_there_were_none(app: Flask, rita: int, early: str) -> None:
    browsers = {
        "visitor": visitor(app),
        "candidate": signed_in(app, make_person()),
        "other member": signed_in(app, make_member("Dora Design", "design")),
        "recruiter": signed_in(app, rita),
    }
    for name, browser in browsers.items():
        token = csrf(browser)
        for door in ("", "/", "/apply", "/apply/", "/apply?ref=x", "/apply/forget"):
            for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
                sent = {"csrf_token": token, "do": "send", "name": "A", "email": "a@example.org"}
                data = sent if method == "POST" else None
                there, nowhere = (
                    browser.client.open(f"/openings/{slug}{door}", method=method, data=data)
                    for slug in (early, NOWHERE)
                )
                assert there.status_code == nowhere.status_code, (name, method, door)
                assert _without(early, there.text) == _without(NOWHERE, nowhere.text), (name, method, door)
                assert _headers(there) == _headers(nowhere), (name, method, door)


def _without(slug: str, body: str) -> str:
    """The page without what differs from answer to answer: the slug, tokens and the number to quote."""
    return _OF_EACH_PAGE.sub("", body.replace(slug, ""))


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name not in _OF_EACH_ANSWER)


def test_a_member_who_is_signed_out_applies_to_nothing_early(app: Flask, early: str) -> None:
    member = make_member("Dana Data", "data")
    browser = signed_in(app, member)
    form = browser.get(f"/openings/{early}/apply").form(having="cover_note")
    stranger = visitor(app)
    sent = {**form.values, "csrf_token": csrf(stranger), "do": "send", "email": primary_email(member)}
    assert stranger.client.post(f"/openings/{early}/apply", data=sent).status_code == 404


def test_nothing_that_machines_read_says_that_something_early_came(app: Flask, time: Time, rita: int) -> None:
    make_published("Old Hand", recruiter_id=rita)
    browser = visitor(app)
    paths = ("/feeds/openings.xml", "/sitemap.xml", "/openings?q=crane&area=data", "/robots.txt")
    before = {path: _seen(browser, path) for path in paths}
    time.pass_by(hours=1)
    make_published("Crane Driver", public_at=clock.now() + EARLY, recruiter_id=rita)
    assert {path: _seen(browser, path) for path in paths} == before


def _seen(browser: Browser, path: str) -> tuple[str, str | None, str | None]:
    answer = browser.client.get(path)
    assert answer.headers["Cache-Control"] == "no-store" or path == "/robots.txt"
    page = answer.text if answer.mimetype != "text/html" else browser.get(path).text
    return page, answer.headers.get("ETag"), answer.headers.get("Last-Modified")


def test_what_an_opening_says_cannot_leave_its_structured_data_or_its_feed(app: Flask, rita: int) -> None:
    evil = "</script><script>alert(1)</script>]]><!-- {{7*7}}"
    slug = make_published(evil, recruiter_id=rita, summary=evil, work=f"# {evil}\n- {evil}\n[x](javascript:alert(1))")
    browser = visitor(app)
    for path in (f"/openings/{slug}", "/openings", "/", "/feeds/openings.xml", f"/openings/{slug}/apply"):
        body = browser.get(path).body
        assert "<script>alert" not in body, path
        assert 'href="javascript' not in body, path
        assert "49" not in body.partition("alert(1)")[2][:40], path


def test_a_page_beyond_the_last_and_words_without_end_are_harmless(app: Flask, rita: int) -> None:
    make_published("Old Hand", recruiter_id=rita)
    browser = visitor(app)
    for query in ("page=99999999999999999999", "page=-1", "page=²", "q=" + "a%20" * 900, "q=%25_%25", "area[]=x"):
        assert browser.client.get(f"/openings?{query}").status_code == 200, query
    assert "Old Hand" not in browser.get("/openings?q=%25").text
    assert "Old Hand" not in browser.get("/openings?q=_").text
