"""Admins who applied here: mail about their own application is counted, and neither listed nor shown to them."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.states import WhyHeld
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, Reason
from portal.wording.actions import hold_back
from portal.wording.rules import MissingValue
from tests import factories
from tests.factories import public_id_of
from tests.outbox.letters import delivery, put
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
PAGE = "/recruiting/admin/mail"
LINE = "Mail about your own application is counted here"


@pytest.fixture
def alma(app: Flask) -> int:
    return factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")


@pytest.fixture
def desk(app: Flask, alma: int) -> Browser:
    return factories.signed_in(app, alma)


def own_letter(person_id: int, number: int = 1, kind: str = "applications/message") -> int:
    delivery_id = put(number, to="alma@example.org", person_id=person_id)
    with transaction() as own:
        own.get_one(Delivery, delivery_id).kind = kind
    return delivery_id


@pytest.mark.parametrize("kind", ["applications/message", "applications/holding_note", "conversations/reply_about"])
def test_mail_that_waits_about_the_own_application_is_not_shown(desk: Browser, alma: int, kind: str) -> None:
    key = delivery(own_letter(alma, kind=kind)).key
    page = desk.get(f"{PAGE}?show=waiting")
    assert LINE in page.text
    assert "Waiting to go 1" in page.text
    assert "Nothing else stands here" in page.text
    assert "News 1" not in page.text
    assert key not in page.body
    for path in (key, f"{key}/retry", f"{key}/lift"):
        assert desk.client.get(f"{PAGE}/{path}").status_code in {404, 405}


@pytest.mark.parametrize(("state", "show"), [(DeliveryState.DEAD, "dead"), (DeliveryState.QUEUED, "held")])
def test_nor_is_what_was_lost_or_is_held(app: Flask, desk: Browser, alma: int, state: DeliveryState, show: str) -> None:
    delivery_id = own_letter(alma)
    put(2, to="bob@example.org")
    with transaction() as own:
        for row in own.scalars(select(Delivery)):
            row.state, row.failed_reason = state, Reason.REFUSED if state is DeliveryState.DEAD else None
            if show == "held":
                row.held_reason, row.held_until = WhyHeld.QUIET_HOURS, clock.now()
    text = desk.get(f"{PAGE}?show={show}").text
    assert "News 2" in text
    assert "News 1" not in text
    colleague = factories.signed_in(app, factories.make_staff("Mo Admin", Role.ADMIN)).get(f"{PAGE}?show={show}")
    assert "News 1" in colleague.text
    assert LINE not in colleague.text
    assert delivery(delivery_id).key in colleague.body


def test_a_letter_of_theirs_that_lacks_a_value_does_not_say_which_it_is(app: Flask, desk: Browser, alma: int) -> None:
    hold_back(MissingValue("applications/ending", "name", "Their name"), "ending:1", alma, clock.now())
    page = desk.get(f"{PAGE}?show=missing")
    assert "Nothing else stands here" in page.text
    assert "A value is missing 1" in page.text
    assert public_id_of(alma) not in page.body
    colleague = factories.signed_in(app, factories.make_staff("Mo Admin", Role.ADMIN)).get(f"{PAGE}?show=missing")
    assert "Alma Reyes" in colleague.text


def test_mail_about_their_work_and_their_account_stands_there_as_ever(desk: Browser, alma: int) -> None:
    for number, kind in enumerate(("tasks/morning", "accounts/sign_in", "conversations/question")):
        own_letter(alma, number, kind)
    page = desk.get(f"{PAGE}?show=waiting")
    for number in range(3):
        assert f"News {number}" in page.text
    assert LINE not in page.text
