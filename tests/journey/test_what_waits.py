"""What else stands on a candidate's home: feedback they may read, and an offer they have accepted."""

from datetime import timedelta

from flask import Flask

from portal.core import clock
from portal.core.db import end_reading
from portal.feedback.actions.reading import read_feedback
from portal.offers.actions import accept_offer
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_staff, signed_in
from tests.feedback import written
from tests.offers import offering


def test_feedback_stands_on_the_home_from_its_mail_until_it_was_read(app: Flask, time: Time) -> None:
    people = written.make_people()
    written.approved(people)
    ada = signed_in(app, people.ada.person_id)
    assert "Feedback for you" not in ada.get("/me/").text
    time.at = clock.now() + timedelta(minutes=30)
    send_what_is_due()
    page = ada.get("/me/")
    assert "Feedback for you" in page.text
    assert f"/me/applications/{people.ada.public_id}/feedback" in page.links
    assert written.SECRET not in page.text
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    end_reading()
    assert "Feedback for you" not in ada.get("/me/").text


def test_after_a_yes_to_an_offer_it_is_our_turn(app: Flask) -> None:
    rita = make_staff("Rita Sander")
    made = make_application(make_opening("Data Analyst"), rita)
    offering.make(made, rita)
    home = signed_in(app, made.person_id)
    assert "Your turn: Data Analyst" in home.get("/me/").text
    accept_offer(made.person_id, made.public_id, offering.yes(made), clock.now())
    end_reading()
    page = home.get("/me/")
    assert "Our turn: Data Analyst" in page.text
    assert "You accepted our offer, and Rita Sander writes to you by" in page.text
