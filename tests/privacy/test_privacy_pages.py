"""What people read about their data."""

from flask import Flask

from portal.core.permissions import Role
from tests.accounts.visitors import ADA, NORA, RITA, hire, join, sign_in
from tests.pages import Browser, is_named
from tests.privacy.applications import SECRETS, apply_and_hear


def test_the_notice_answers_what_people_ask(app: Flask) -> None:
    text = Browser(app).get("/privacy").text
    for words in (
        "What we hold, and why",
        "How long",
        "Who sees it",
        "Your rights",
        "Whom to ask",
        "uses the ESCO classification of the European Commission",
        "GeoNames",
        "Creative Commons Attribution 4.0",
        "Two, and only for this site",
        "talent@kindred.example",
    ):
        assert words in text


def test_visitors_are_led_to_sign_in_and_people_to_their_data(app: Flask) -> None:
    assert "/sign-in?next=/me/privacy" in Browser(app).get("/privacy").links
    join(ADA)
    browser = Browser(app)
    sign_in(browser, ADA)
    assert "/me/privacy" in browser.get("/privacy").links


def test_a_person_reads_what_is_held_about_them(app: Flask) -> None:
    ada = join(ADA, "Ada Lind")
    apply_and_hear(ada, hire(RITA))
    browser = Browser(app)
    sign_in(browser, ADA)
    text = browser.get("/me/privacy").text
    for words in (
        "Name Ada Lind",
        ADA,
        "Your application: Baker",
        "Where it stands Interviewing",
        "Applied on Monday 2 February 2026",
        "How you found us Careers page",
        "We would like to meet you.",
        "Devices you signed in on",
        "Signed in (you)",
        "Kept: For as long as we know you.",
        "Who sees it: Nobody but you.",
        "You have not agreed to any mail.",
    ):
        assert words in text, words


def test_what_is_internal_is_named_and_not_shown(app: Flask) -> None:
    ada = join(ADA, "Ada Lind")
    apply_and_hear(ada, hire(RITA))
    browser = Browser(app)
    sign_in(browser, ADA)
    text = browser.get("/me/privacy").text
    assert "Only they see the stage, the end reason and the labels" in text
    for secret in SECRETS:
        assert secret not in text


def test_nobody_reads_of_others(app: Flask) -> None:
    ada = join(ADA, "Ada Lind")
    join(NORA, "Nora Berg")
    apply_and_hear(ada, hire(RITA))
    browser = Browser(app)
    sign_in(browser, NORA)
    text = browser.get("/me/privacy").text
    assert "We know of no application of yours." in text
    assert not is_named("Ada", text)


def test_visitors_sign_in_first(app: Flask) -> None:
    response = app.test_client().get("/me/privacy")
    assert response.status_code == 303
    assert "/sign-in" in response.headers["Location"]


def test_staff_read_what_they_look_after(app: Flask) -> None:
    rita = hire(RITA, Role.RECRUITER)
    apply_and_hear(join(ADA, "Ada Lind"), rita)
    browser = Browser(app)
    sign_in(browser, RITA)
    text = browser.get("/me/privacy").text
    assert "Applications you look after 1" in text
    assert not is_named("Ada", text)
