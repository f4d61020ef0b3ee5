"""What a colleague did to many: it is found again while it can be taken back, and leads to its page."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.jobs import write_endings
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.identifiers import new_public_id
from portal.openings.models import Opening
from portal.openings.rules import Stage
from portal.people.models import StaffAbsence
from tests.conftest import Time, counted_statements
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_staff,
    make_version,
    public_id_of,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TODAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
HOME = "/recruiting/"
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),
)
WORDS = "Hello {name},\n\nwe have chosen somebody else. It says nothing about you."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask) -> int:
    opening_id = make_opening("Nurse")
    make_version(opening_id, "Nurse", stages=STAGES)
    return opening_id


def here(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}"


def group(opening: int, rita: int, size: int) -> list[Made]:
    return [make_application(opening, rita, name=f"Person {number:03}", promised=FRIDAY) for number in range(size)]


def names(made: list[Made]) -> str:
    return "&".join(f"a={one.public_id}" for one in made)


def move(desk: Browser, opening: int, made: list[Made], stage: str = "Talk") -> Page:
    page = desk.get(f"{here(opening)}/pipeline/change?what=move&{names(made)}")
    return desk.submit(page, having="stage", button="send", stage=stage)


def end(desk: Browser, opening: int, made: list[Made], leave: int = 0) -> Page:
    """Let the first of them read that they were not selected; the last ones are unticked on the page."""
    letters = desk.get(f"{here(opening)}/finish/letters?outcome=not_selected&{names(made)}")
    who = letters.form(having="message").values["who"][: len(made) - leave]
    reason = "stronger_candidate"
    preview = desk.submit(letters, having="message", button="preview", who=who, end_reason=reason, message=WORDS)
    return desk.submit(preview, having="message", button="send", who=who)


def test_what_was_done_to_many_is_found_again_from_the_pipeline_and_the_home_and_taken_back(
    desk: Browser, opening: int, rita: int
) -> None:
    done = move(desk, opening, group(opening, rita, 2))
    for path in (f"{here(opening)}/pipeline", HOME):
        page = desk.get(path)
        assert "On its way" in page.text
        assert "Move to Talk: 2 people" in page.text
        assert "It goes out on Wednesday 4 March 2026" in page.text
        assert "Until then you can take 2 back." in page.text
    found = desk.get(next(link for link in desk.get(HOME).links if "/pipeline/changes/" in link))
    assert found.path.partition("?")[0] == done.path.partition("?")[0]
    desk.submit(found, action="/take-back")
    assert "On its way" not in desk.get(HOME).text
    pipeline = desk.get(f"{here(opening)}/pipeline").text
    assert "1 thing you did to many since yesterday has gone" in pipeline
    assert "Taken back." in pipeline


def test_once_it_has_gone_the_home_is_silent_and_the_pipeline_keeps_it_for_a_day(
    app: Flask, desk: Browser, opening: int, rita: int, time: Time
) -> None:
    move(desk, opening, group(opening, rita, 2))
    settle_mail()
    assert "On its way" not in desk.get(HOME).text
    assert "It has gone." in desk.get(f"{here(opening)}/pipeline").text
    time.pass_by(hours=25)
    assert "Move to Talk" not in signed_in(app, rita).get(f"{here(opening)}/pipeline").text


def test_a_letter_that_waits_over_the_weekend_is_found_until_it_goes(
    app: Flask, desk: Browser, opening: int, rita: int, time: Time
) -> None:
    end(desk, opening, group(opening, rita, 2))
    write_endings(clock.now())
    time.pass_by(days=3)
    assert "Not selected: 2 letters" in signed_in(app, rita).get(HOME).text


def test_nobody_sees_what_a_colleague_did_and_other_pipelines_stay_silent(
    app: Flask, desk: Browser, opening: int, rita: int
) -> None:
    move(desk, opening, group(opening, rita, 1))
    other = signed_in(app, make_staff("Otto Berg"))
    for path in (HOME, f"{here(opening)}/pipeline"):
        assert "Move to Talk" not in other.get(path).text
    elsewhere = make_opening("Baker")
    make_version(elsewhere, "Baker", stages=STAGES)
    assert "Move to Talk" not in desk.get(f"{here(elsewhere)}/pipeline").text


def test_a_delay_told_from_the_list_is_found_from_each_pipeline_it_concerns(
    desk: Browser, opening: int, rita: int
) -> None:
    group(opening, rita, 2)
    elsewhere = make_opening("Baker")
    make_version(elsewhere, "Baker", stages=STAGES)
    make_application(elsewhere, rita, name="Bea Baker", promised=FRIDAY)
    nobody = make_opening("Cook")
    make_version(nobody, "Cook", stages=STAGES)
    page = desk.get("/recruiting/applications/delay")
    desk.submit(page, having="when", button="send", when="10", date_reason="Hugo is away.")
    for place in (opening, elsewhere):
        page = desk.get(f"{here(place)}/pipeline")
        assert "It takes longer: 3 people" in page.text
        assert any("/applications/delayed/" in link for link in page.links)
    assert "It takes longer: 3" not in desk.get(f"{here(nobody)}/pipeline").text
    assert "It takes longer: 3 people In several openings" in desk.get(HOME).text


def test_endings_on_their_way_lead_from_the_finish_page_to_where_they_are_taken_back(
    desk: Browser, opening: int, rita: int
) -> None:
    end(desk, opening, group(opening, rita, 3))
    write_endings(clock.now())
    page = desk.get(f"{here(opening)}/finish")
    assert "3 endings are on their way" in page.text
    assert "Not selected: 3 letters" in page.text
    found = desk.get(next(link for link in page.links if "/finish/rounds/" in link))
    assert "3 letters were taken back." in desk.submit(found, action="/take-back").text
    assert "On its way" not in desk.get(HOME).text


def test_who_was_chosen_and_got_no_letter_is_led_on_to(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 5)
    progress = end(desk, opening, made, leave=2)
    assert "The other 2: word their letter" in progress.text
    rest = desk.get(next(link for link in progress.links if "/finish?" in link and "a=" in link))
    assert rest.heading == "End 2 applications"
    assert "Person 004" in rest.text
    assert "Person 000" not in rest.text


def test_when_all_who_were_chosen_get_the_letter_nobody_else_is_named(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 3)
    assert "word their letter" not in end(desk, opening, made[:2]).text


def test_a_mail_that_has_not_gone_is_said_to_come(desk: Browser, opening: int, rita: int) -> None:
    page = move(desk, opening, group(opening, rita, 2))
    assert "Will be told by mail 2" in page.text
    settle_mail()
    again = desk.get(page.path)
    assert "Told by mail 2" in again.text
    assert "Will be told" not in again.text


def test_giving_work_to_who_is_away_says_until_when_and_who_stands_in(desk: Browser, opening: int, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    with transaction() as own:
        own.add(
            StaffAbsence(
                public_id=new_public_id(),
                person_id=omar,
                stand_in_id=rita,
                from_on=TODAY,
                until_on=FRIDAY,
                created_at=clock.now(),
            )
        )
    chosen = names(group(opening, rita, 2))
    page = desk.get(f"{here(opening)}/pipeline/owner?{chosen}")
    page = desk.submit(page, having="owner", action="owner?" + chosen, owner=public_id_of(omar))
    assert "2 applications changed hands." in page.text
    assert "Omar Haddad is away until Friday 6 March 2026; Rita Sander stands in." in page.text


@pytest.mark.only("sqlite")  # what a page looks like does not depend on the database
@pytest.mark.parametrize(("what", "field"), [("pipeline/change?what=move", "stage"), ("pipeline/note?", "body")])
def test_the_first_field_has_the_focus_where_a_key_leads(
    desk: Browser, opening: int, rita: int, what: str, field: str
) -> None:
    page = desk.get(f"{here(opening)}/{what}&{names(group(opening, rita, 2))}")
    focused = page.find("autofocus")
    assert focused is not None
    assert focused.get("name") == field


def test_much_that_was_done_costs_no_more_statements(desk: Browser, opening: int, rita: int, time: Time) -> None:
    made = group(opening, rita, 12)
    move(desk, opening, made[:2], "Reading")
    desk.get(HOME)
    with counted_statements() as few:
        desk.get(HOME)
    for first in range(2, 12, 2):
        time.pass_by(seconds=timedelta(minutes=1).seconds)
        move(desk, opening, made[first : first + 2], "Reading")
    with counted_statements() as many:
        page = desk.get(HOME)
    assert len(many) == len(few)
    assert "1 more" in page.text
    assert page.text.count("Nothing is sent for it. You can take it back.") == 6
