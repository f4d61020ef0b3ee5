"""What a reader finds on a phone: what is new, when an event is, who else reads it, and a search of their own."""

from datetime import date

import pytest
from flask import Flask

from portal.updates.states import Audience, UpdateKind
from tests.factories import make_staff, signed_in, visitor
from tests.openings.early import make_member
from tests.updates.posting import post

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def test_a_line_says_when_an_event_takes_place_not_only_when_it_was_posted(app: Flask, rita: int) -> None:
    post(rita, "An evening", kind=UpdateKind.EVENT, event_on=date(2026, 4, 2), event_where="18:00, Warsaw")
    assert "Takes place on Thursday 2 April 2026" in visitor(app).get("/updates").text
    assert "Takes place on Thursday 2 April 2026" in signed_in(app, make_member("Ada Lind")).get("/me/updates").text


def test_what_is_new_is_marked_and_says_who_else_reads_it(app: Flask, rita: int) -> None:
    ada = make_member("Ada Lind", "data")
    post(rita, "For all members", audience=Audience.MEMBERS)
    post(rita, "For those in data", audience=Audience.AREAS, areas=("data",))
    text = signed_in(app, ada).get("/me/updates").text
    assert text.count("New for you") == 2
    assert "members only" in text
    assert "for a smaller circle" in text
    assert "New for you" not in signed_in(app, make_member("Late Comer")).get("/me/updates").text


def test_a_member_searches_their_own_updates(app: Flask, rita: int) -> None:
    browser = signed_in(app, make_member("Ada Lind"))
    post(rita, "What we pay")
    post(rita, "Our week", body="We meet on Mondays.", audience=Audience.MEMBERS)
    page = browser.submit(browser.get("/me/updates"), having="q", q="mondays")
    assert "Our week" in page.text
    assert "What we pay" not in page.text
    nothing = browser.get("/me/updates?q=nowhere")
    assert "Nothing fits all of that" in nothing.text
    assert "2 are new for you." in nothing.text, "what is new stays new, whatever is searched for"
    assert "/me/updates" in nothing.links
