"""One's own account: name, language, clock."""

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.accounts.adapters import shipped_zones
from portal.contact.actions import choose
from portal.contact.states import Purpose, Timing
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.i18n import is_zone
from portal.outbox.actions import claim_next
from portal.outbox.models import Delivery
from portal.outbox.states import MailClass
from portal.people.models import Person
from tests.accounts.visitors import ADA, RITA, hire, join, sign_in
from tests.conftest import Time
from tests.outbox.letters import put
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


def _signed_in(app: Flask, email: str = ADA) -> Browser:
    browser = Browser(app)
    sign_in(browser, email)
    return browser


def test_name_and_time_zone_are_changed(app: Flask) -> None:
    person_id = join()
    browser = _signed_in(app)
    page = browser.submit(browser.get("/me/account"), name="  Ada   Łyżwa ", timezone="Asia/Tokyo")
    assert "Saved" in page.text
    person = session().get_one(Person, person_id)
    assert (person.name, person.timezone) == ("Ada Łyżwa", "Asia/Tokyo")
    assert page.form(having="timezone").values["timezone"] == "Asia/Tokyo"


def test_held_mail_is_looked_at_again_in_a_new_time_zone_and_only_then(app: Flask, time: Time) -> None:
    person_id = join()
    choose(person_id, Purpose.INSIDER_UPDATES, True, source="test", now=clock.now())
    time.at = time.at.replace(hour=21)  # ten in the evening in Warsaw, four in the afternoon in New York
    number = put(
        1,
        to=ADA,
        person_id=person_id,
        mail_class=MailClass.COMMUNITY,
        purpose=Purpose.INSIDER_UPDATES,
        timing=Timing.WAKING,
    )
    settle_own_mail()
    assert claim_next("one", clock.now()) is None
    browser = _signed_in(app)
    browser.submit(browser.get("/me/account"), name="Ada L.", timezone="Europe/Warsaw")
    assert claim_next("one", clock.now()) is None
    browser.submit(browser.get("/me/account"), name="Ada L.", timezone="America/New_York")
    claimed = claim_next("one", clock.now())
    assert claimed is not None
    assert claimed.delivery_id == number


def settle_own_mail() -> None:
    """What came of joining is out of the way."""
    with transaction() as own:
        own.execute(delete(Delivery).where(Delivery.mail_class == MailClass.OWN))


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "   "}, {"name": "x" * 201}, {"timezone": "Mars/Olympus"}, {"locale": "xx"}]
)
def test_what_makes_no_sense_is_refused(app: Flask, wrong: dict[str, str]) -> None:
    person_id = join()
    browser = _signed_in(app)
    form = browser.get("/me/account").form(having="name")
    page = browser.post("/me/account", {**form.values, **wrong}, expect=422)
    assert page.find("aria-invalid") is not None
    session().rollback()
    assert session().get_one(Person, person_id).name == "Ada Lind"


@pytest.mark.parametrize(
    "extra", [{"role": "admin"}, {"email": "eve@evil.example"}, {"person_id": "1"}, {"claimed_at": ""}, {"phone": "1"}]
)
def test_extra_fields_change_nothing(app: Flask, extra: dict[str, str]) -> None:
    hire()
    person_id = join()
    browser = _signed_in(app)
    form = browser.get("/me/account").form(having="name")
    page = browser.post("/me/account", {**form.values, "name": "Ada Berg", **extra})
    assert ADA in page.text
    assert "eve@evil.example" not in page.text
    person = session().get_one(Person, person_id)
    assert (person.name, person.phone, person.claimed_at is None) == ("Ada Berg", "", False)
    assert browser.client.get("/recruiting/admin/staff").status_code == 404


def test_staff_have_an_account_of_their_own_too(app: Flask) -> None:
    hire()
    page = _signed_in(app, RITA).get("/me/account")
    assert page.heading == "Your account"
    assert RITA in page.text


def test_visitors_are_asked_to_sign_in(app: Flask) -> None:
    for path in ("/me/account", "/me/account/password"):
        assert Browser(app).get(path).path == f"/sign-in?next={path}"


def test_page_leads_to_what_we_hold(app: Flask) -> None:
    join()
    assert any("privacy" in link for link in _signed_in(app).get("/me/account").links)


def test_every_zone_we_offer_exists() -> None:
    assert all(is_zone(name) for name in shipped_zones())
    assert len(set(shipped_zones())) == len(shipped_zones())
