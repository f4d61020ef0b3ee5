"""What a member reads of their job alerts, and what the page of an opening says of those who were told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.actions import change_preferences, choose
from portal.contact.rules import Preferences
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import session
from portal.openings.actions import stop_accepting
from portal.openings.models import Opening
from tests.alerts.people import id_of, make_reader, work
from tests.conftest import Time
from tests.factories import make_opening, make_person, make_published, make_staff, opening_id_of, settle_mail, signed_in
from tests.openings.early import make_member

pytestmark = pytest.mark.both_in_soak
PAGE = "/me/job-alerts"


def told(time: Time) -> None:
    work()
    time.pass_by(minutes=31)
    work()
    settle_mail()
    work()


def test_a_member_reads_when_they_heard_of_what_and_why(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    slug = make_published("Data Analyst", public_at=clock.now() + timedelta(days=4))
    gone = make_published("Data Steward")
    told(time)
    browser = signed_in(app, ada)
    page = browser.get(PAGE)
    assert "Wednesday 4 March 2026, 09:31" in page.text
    assert "You asked for Data. You heard of it before everybody could see it." in page.text
    assert f"/openings/{slug}" in page.links
    assert f"/openings/{gone}" in page.links
    assert "Job alerts are off" not in page.text


def test_what_is_closed_keeps_its_line_without_a_link(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    slug = make_published("Data Analyst")
    told(time)
    stop_accepting(id_of(slug), actor_id=None, now=clock.now())
    page = signed_in(app, ada).get(PAGE)
    assert "Data Analyst Not open any more" in page.text
    assert f"/openings/{slug}" not in page.links


def test_nothing_is_listed_before_a_mail_server_took_it(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    work()
    time.pass_by(minutes=31)
    work()
    assert "No job alerts yet" in signed_in(app, ada).get(PAGE).text


@pytest.mark.parametrize("kind", ["member", "candidate"])
def test_who_has_not_said_yes_reads_how(app: Flask, kind: str) -> None:
    person_id = make_member("Ada Lind", "data") if kind == "member" else make_person("Nora Novak")
    page = signed_in(app, person_id).get(PAGE)
    assert "You have not said yes to job alerts" in page.text
    assert "/me/preferences#what-you-hear" in page.links


def test_who_took_the_yes_back_still_reads_what_came_and_that_no_more_comes(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    told(time)
    choose(ada, Purpose.JOB_ALERTS, False, source="test", now=clock.now())
    page = signed_in(app, ada).get(PAGE)
    assert "Data Analyst" in page.text
    assert "Job alerts are off, so no new ones come." in page.text


def test_preferences_lead_to_the_list(app: Flask) -> None:
    page = signed_in(app, make_reader("Ada Lind", "data")).get("/me/preferences")
    assert PAGE in page.links


def test_the_page_of_an_opening_says_how_many_were_told_and_why_others_wait(app: Flask, time: Time) -> None:
    rita = make_staff()
    make_reader("Ada Lind", "data")
    make_reader("Bob Eriksen", "data")
    paused = make_reader("Cleo Marin", "data")
    change_preferences(paused, Preferences(is_paused=True), clock.now())
    make_member("Dora Vogel", "data")
    make_reader("Eva Novak", "design")
    slug = make_published("Data Analyst", recruiter_id=rita)
    told(time)
    page = signed_in(app, rita).get(f"/recruiting/openings/{opening_id_of(slug)}")
    assert "Told 2" in page.text
    assert "On its way 0" in page.text
    assert "Held back 1" in page.text
    assert "They asked for a pause 1" in page.text
    assert "It fits them, and they have not said yes to job alerts 1" in page.text
    assert "still looking" not in page.text
    assert "Ada Lind" not in page.text


def test_a_draft_says_nothing_of_job_alerts(app: Flask) -> None:
    rita = make_staff()
    opening_id = make_opening("Data Analyst", recruiter_id=rita)
    public_id = session().scalars(select(Opening.public_id).where(Opening.id == opening_id)).one()
    page = signed_in(app, rita).get(f"/recruiting/openings/{public_id}")
    assert "Job alerts" not in page.text
