"""A mail that waits while its link runs out, or is voided by a newer one, is stopped and not sent."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import ask_for_address, renew_invitation
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_secret
from portal.outbox.actions import claim_next, retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, WhyStopped
from portal.people.queries import known_person
from tests.accounts.visitors import ADA, ADMIN, NORA, RITA, ask, hire, import_person, invite, join
from tests.conftest import Time
from tests.factories import settle_mail
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


def states(email: str = ADA) -> list[tuple[DeliveryState, WhyStopped | None]]:
    """How each mail to an address stands, oldest first."""
    end_reading()
    rows = session().execute(
        select(Delivery.state, Delivery.stopped_reason).where(Delivery.to_address == email).order_by(Delivery.id)
    )
    return [(row.state, row.stopped_reason) for row in rows]


def claimed() -> str:
    """To whom the next mail goes; empty when none goes."""
    taken = claim_next("a worker", clock.now())
    return taken.letter.to_address if taken else ""


@pytest.mark.parametrize("path", ["/sign-in", "/reset"])
@pytest.mark.parametrize("email", [ADA, NORA])
def test_link_that_ran_out_while_the_mail_server_was_down_is_not_sent(
    app: Flask, time: Time, path: str, email: str
) -> None:
    join(password="")
    ask(Browser(app), email, path)
    time.pass_by(minutes=60)
    assert claimed() == ""
    assert states(email) == [(DeliveryState.CANCELLED, WhyStopped.EXPIRED)]


def test_a_minute_before_that_it_goes(app: Flask, time: Time) -> None:
    join(password="")
    ask(Browser(app))
    time.pass_by(minutes=59)
    assert claimed() == ADA


@pytest.mark.parametrize("email", [ADA, NORA])
def test_newer_mail_stops_the_older_while_it_waits(app: Flask, email: str) -> None:
    join(password="")
    for _ in range(2):
        ask(Browser(app), email)
    assert [state for state, _why in states(email)] == [DeliveryState.CANCELLED, DeliveryState.QUEUED]
    assert claimed() == email
    assert claimed() == ""


def test_mail_for_a_password_and_mail_for_a_link_leave_each_other_alone(app: Flask) -> None:
    join(password="")
    ask(Browser(app))
    ask(Browser(app), ADA, "/reset")
    assert [state for state, _why in states()] == [DeliveryState.QUEUED, DeliveryState.QUEUED]


def test_mail_that_has_gone_stays_as_it_was(app: Flask) -> None:
    join(password="")
    ask(Browser(app))
    settle_mail()
    ask(Browser(app))
    assert [state for state, _why in states()] == [DeliveryState.SENT, DeliveryState.QUEUED]


def test_dead_sign_in_letter_that_is_tried_again_too_late_does_not_go(app: Flask, time: Time) -> None:
    admin = hire(ADMIN, name="Vera Admin")
    join(password="")
    ask(Browser(app))
    settle_mail(DeliveryState.DEAD)
    time.pass_by(hours=8)
    key = session().scalars(select(Delivery.key).where(Delivery.to_address == ADA)).one()
    retry_dead_letter(key, may_lift=False, actor_id=admin, now=clock.now())
    assert claimed() != ADA
    assert states() == [(DeliveryState.CANCELLED, WhyStopped.EXPIRED)]


def test_invitation_goes_for_a_week_and_a_new_one_takes_its_place(app: Flask, time: Time) -> None:
    admin = hire(ADMIN, name="Vera Admin")
    settle_mail()
    invite()
    time.pass_by(days=6)
    known = known_person(RITA)
    assert known is not None
    renew_invitation(known.person_id, admin, clock.now())
    assert [state for state, _why in states(RITA)] == [DeliveryState.CANCELLED, DeliveryState.QUEUED]
    time.pass_by(days=7)
    assert claimed() == ""
    assert states(RITA)[1] == (DeliveryState.CANCELLED, WhyStopped.EXPIRED)


def test_asking_for_another_address_stops_the_mail_to_the_first(app: Flask) -> None:
    person_id = join(password="")
    for email in ("one@demo.example", "two@demo.example"):
        ask_for_address(person_id, email, is_change=True, browser_secret=new_secret(), now=clock.now())
    assert [state for state, _why in states("one@demo.example")] == [DeliveryState.CANCELLED]
    assert claimed() == "two@demo.example"


def test_what_a_mail_is_caused_by_names_no_address(app: Flask) -> None:
    import_person()
    ask(Browser(app))
    with transaction() as own:
        causes = own.scalars(select(Delivery.cause)).all()
    assert not [cause for cause in causes if "ada" in cause or "@" in cause]


def test_late_mail_that_confirms_joining_is_stopped_as_expired(app: Flask, time: Time) -> None:
    browser = Browser(app)
    browser.submit(browser.get("/join"), email=NORA, name="Nora Berg")
    time.pass_by(minutes=60)
    assert claimed() == ""
    assert states(NORA) == [(DeliveryState.CANCELLED, WhyStopped.EXPIRED)]


def test_joining_again_stops_the_first_mail_while_it_waits(app: Flask) -> None:
    for _ in range(2):
        browser = Browser(app)
        browser.submit(browser.get("/join"), email=NORA, name="Nora Berg")
    assert [state for state, _why in states(NORA)] == [DeliveryState.CANCELLED, DeliveryState.QUEUED]
