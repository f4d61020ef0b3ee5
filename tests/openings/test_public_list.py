"""The public list reads what an opening says once, and anew when it says something else."""

from flask import Flask

from portal.core.db import transaction
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import as_json
from tests.factories import make_published, published_content
from tests.pages import Browser


def test_a_list_shows_what_an_opening_says_now(app: Flask) -> None:
    slug = make_published("Crane Driver", summary="You lift things.")
    browser = Browser(app)
    assert "You lift things." in browser.get("/openings").text
    with transaction() as own:
        opening = own.query(Opening).where(Opening.slug == slug).one()
        version = own.query(OpeningVersion).where(OpeningVersion.opening_id == opening.id).one()
        version.content = as_json(published_content("Crane Driver", summary="You lift heavy things."))
    page = browser.get("/openings")
    assert "You lift heavy things." in page.text
    assert "You lift things." not in page.text
    assert "Crane Driver" in page.text
