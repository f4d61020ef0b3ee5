"""What the page of an opening and the card of a person show of invitations."""

import pytest
from flask import Flask, render_template_string

from portal.core import clock
from portal.core.permissions import Role
from portal.fitting.actions import say_not_now
from portal.openings.queries import OpeningScope, find_opening_for_staff
from tests.factories import make_published, make_staff, opening_id_of, signed_in
from tests.fitting.fits import invitations, invite, member, send_due
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> str:
    return opening_id_of(make_published(recruiter_id=rita))


def box_of(app: Flask, browser: Browser, source: str, **values: object) -> str:
    """What a page that asks for a box shows to whoever is signed in there."""
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with app.test_request_context("/recruiting/", headers={"Cookie": f"{cookie.key}={cookie.value}"}):
        app.preprocess_request()
        return " ".join(render_template_string(source, **values).split())


def on_card(app: Flask, browser: Browser, person_id: int) -> str:
    return box_of(app, browser, "{{ fitting_of_person(person_id) }}", person_id=person_id)


def test_the_card_says_to_what_they_were_invited_and_what_came_of_it(app: Flask, opening: str, rita: int) -> None:
    ada, desk = member("Ada Lind", areas=["data"]), signed_in(app, rita)
    assert on_card(app, desk, ada) == ""
    invite(opening, rita, ada, is_hurried=True)
    send_due()
    say_not_now(ada, invitations()[0].public_id, now=clock.now())
    box = on_card(app, desk, ada)
    for words in ("Invited to apply", "Data Analyst", "Not now", "Rita Sander on Wednesday 4 March 2026"):
        assert words in box


def test_nothing_of_it_stands_on_ones_own_card_or_for_a_hiring_manager(app: Flask, opening: str, rita: int) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada)
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")
    assert on_card(app, signed_in(app, hugo), ada) == ""
    assert on_card(app, signed_in(app, ada), ada) == ""


def test_the_page_of_an_opening_leads_to_who_may_fit(app: Flask, opening: str, rita: int) -> None:
    view = find_opening_for_staff(opening, OpeningScope(rita, Role.RECRUITER))
    desk, source = signed_in(app, rita), "{{ fitting_of_opening(view) }}"
    assert "Nobody was invited from there yet." in box_of(app, desk, source, view=view)
    invite(opening, rita, member("Ada Lind", areas=["data"]))
    box = box_of(app, desk, source, view=view)
    assert f"/recruiting/openings/{opening}/fitting" in box
    assert "Said “not now”" in box
