"""What a person looks for, and what they want to hear, on /me/preferences."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import privacy
from portal.community.actions import Wishes, change_preferences, join
from portal.community.models import PersonPlace, PersonSkill
from portal.community.queries import is_member, preferences_of
from portal.community.rules import Folded
from portal.community.states import CareerStage, WorkMode
from portal.contact.actions import record_consent
from portal.contact.models import ConsentEvent
from portal.contact.queries import consents_of
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import NotFound
from tests.accounts import visitors
from tests.accounts.visitors import ADA, NORA, sign_in
from tests.conftest import counted_statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
PAGE = "/me/preferences"
JOB_ALERTS, UPDATES = str(Purpose.JOB_ALERTS), str(Purpose.INSIDER_UPDATES)
UPDATES_TICKED: dict[str, Any] = {"join-consents": [UPDATES]}
MADE_UP_TICKED: dict[str, Any] = {"join-consents": ["made_up"]}


def member(app: Flask, *purposes: Purpose) -> tuple[int, Browser]:
    """Somebody who joined, and their browser."""
    person_id = visitors.join(ADA)
    join(person_id, purposes, clock.now())
    browser = Browser(app)
    sign_in(browser)
    return person_id, browser


def save(browser: Browser, page: Page | None = None, expect: int = 200, **values: Any) -> Page:
    return browser.submit(page or browser.get(PAGE), having="skills", expect=expect, **values)


def events() -> list[tuple[str, str, str]]:
    end_reading()
    rows = session().scalars(select(ConsentEvent).order_by(ConsentEvent.id))
    return [(str(row.purpose), str(row.action), row.source) for row in rows]


def test_what_is_saved_is_shown_again(app: Flask) -> None:
    person_id, browser = member(app)
    page = save(
        browser,
        areas=["data"],
        skills="python, k8s; Basket weaving",
        places="warszawa\nLittle Snoring",
        work_modes=["remote", "hybrid"],
        career_stage="open_to_it",
    )
    assert "Saved." in page.text
    values = page.form(having="skills").values
    assert values["skills"].splitlines() == ["Basket weaving", "Kubernetes", "Python"]
    assert values["places"].splitlines() == ["Little Snoring", "Warsaw, Poland"]
    assert values["work_modes"] == ["remote", "hybrid"]
    assert values["career_stage"] == "open_to_it"
    end_reading()
    known = preferences_of(person_id)
    assert known.areas == ("data",)
    assert known.work_modes == (WorkMode.REMOTE, WorkMode.HYBRID)
    assert known.career_stage is CareerStage.OPEN_TO_IT
    assert known.career_stage_on is not None
    assert known.career_stage_on.isoformat() == "2026-03-04"


def test_saving_the_same_twice_changes_nothing(app: Flask) -> None:
    person_id, browser = member(app)
    page = save(browser, skills="Python", places="Warsaw", areas=["data"])
    before = preferences_of(person_id)
    save(browser, page)
    end_reading()
    assert preferences_of(person_id) == before


@pytest.mark.parametrize(
    "typed",
    ["Warsaw, Poland", "Warsaw, Poland\n", "warsaw", "Warsaw, Poland, Berlin, Germany", "Warsaw, Poland\nBerlin"],
)
def test_towns_are_understood_with_and_without_their_country(app: Flask, typed: str) -> None:
    person_id, browser = member(app)
    save(browser, save(browser, places=typed))
    end_reading()
    labels = [place.label for place in preferences_of(person_id).places]
    assert labels == (["Berlin, Germany", "Warsaw, Poland"] if "Berlin" in typed else ["Warsaw, Poland"])


def test_one_place_with_a_comma_stays_one_place(app: Flask) -> None:
    person_id, browser = member(app)
    page = save(browser, places="Little Snoring, Norfolk\n")
    save(browser, page, areas=["data"])
    end_reading()
    assert [place.label for place in preferences_of(person_id).places] == ["Little Snoring, Norfolk"]


def test_towns_nobody_knows_stay_as_they_were_typed(app: Flask) -> None:
    person_id, browser = member(app)
    save(browser, save(browser, places="Atlantis (Ocean)\nThe Shire"))
    end_reading()
    assert [place.label for place in preferences_of(person_id).places] == ["Atlantis (Ocean)", "The Shire"]


def test_everything_can_be_emptied_again(app: Flask) -> None:
    person_id, browser = member(app)
    page = save(browser, skills="Python", places="Warsaw", areas=["data"], career_stage="open_to_it")
    assert "I would rather not say" in page.text
    save(browser, page, skills="", places="", areas=[], career_stage="")
    end_reading()
    known = preferences_of(person_id)
    assert (known.areas, known.skills, known.places, known.career_stage) == ((), (), (), None)
    assert known.career_stage_on is None


def test_too_many_skills_are_refused_beside_the_field_and_kept(app: Flask) -> None:
    person_id, browser = member(app)
    typed = "\n".join(f"skill number {number}" for number in range(31))
    page = save(browser, skills=typed, areas=["data"], expect=422)
    assert "There are 31 now." in page.text
    values = page.form(having="skills").values
    assert values["skills"].splitlines() == typed.splitlines()
    assert values["areas"] == ["data"]
    assert page.find("aria-invalid") is not None
    end_reading()
    assert preferences_of(person_id).skills == ()


def test_too_long_place_is_refused(app: Flask) -> None:
    _, browser = member(app)
    assert "is too long" in save(browser, places="x" * 61, expect=422).text


@pytest.mark.parametrize("field", ["areas", "work_modes", "consents"])
def test_made_up_choices_are_refused(app: Flask, field: str) -> None:
    _, browser = member(app)
    made_up: dict[str, Any] = {field: ["made-up"]}
    save(browser, expect=422, **made_up)


def test_made_up_career_stage_is_refused(app: Flask) -> None:
    _, browser = member(app)
    save(browser, expect=422, career_stage="boss")


def test_bar_says_what_is_missing_and_what_for(app: Flask) -> None:
    _, browser = member(app)
    page = browser.get(PAGE)
    assert "0 of 12" in page.text
    assert "so that a recruiter sees at once what you are good at" in page.text
    page = save(browser, skills="Python", areas=["data"])
    assert "2 of 12" in page.text
    assert "so that a recruiter sees at once" not in page.text


def test_sources_of_the_suggestions_are_named(app: Flask) -> None:
    _, browser = member(app)
    text = browser.get(PAGE).text
    assert "ESCO" in text
    assert "GeoNames" in text


def test_skills_and_places_are_suggested(app: Flask) -> None:
    _, browser = member(app)
    skills = json.loads(browser.get(f"{PAGE}/skills.json?q=kuber").body)
    places = json.loads(browser.get(f"{PAGE}/places.json?q=warsz").body)
    assert skills[0] == "Kubernetes"
    assert places[0] == "Warsaw, Poland"
    assert json.loads(browser.get(f"{PAGE}/skills.json").body) == []
    assert json.loads(browser.get(f"{PAGE}/places.json?q={'x' * 5000}").body) == []


def test_visitors_get_no_suggestions(app: Flask) -> None:
    for path in (PAGE, f"{PAGE}/skills.json?q=py", f"{PAGE}/places.json?q=wa"):
        assert Browser(app).get(path).path.startswith("/sign-in")


def test_ticking_and_unticking_is_recorded_with_the_words_seen(app: Flask) -> None:
    _, browser = member(app)
    page = browser.get(PAGE)
    assert "You have not said yes." in page.text
    page = save(browser, page, consents=[JOB_ALERTS])
    assert "You said yes on Wednesday 4 March 2026" in page.text
    page = save(browser, page, consents=[])
    assert "You took this back on Wednesday 4 March 2026" in page.text
    assert events() == [(JOB_ALERTS, "given", PAGE), (JOB_ALERTS, "withdrawn", PAGE)]
    assert {row.words for row in session().scalars(select(ConsentEvent))} == {str(PURPOSE_WORDS[Purpose.JOB_ALERTS])}


def test_saving_something_else_says_nothing_about_consents(app: Flask) -> None:
    _, browser = member(app, Purpose.JOB_ALERTS)
    before = events()
    save(browser, skills="Python")
    assert events() == before


def test_page_that_stood_open_revives_nothing_that_was_withdrawn(app: Flask) -> None:
    person_id, browser = member(app, Purpose.JOB_ALERTS)
    old = browser.get(PAGE)
    save(browser, consents=[])
    save(browser, old, skills="Python")
    end_reading()
    assert not any(row.is_given for row in consents_of(person_id))
    assert preferences_of(person_id).skills == (Folded("python", "Python"),)


def test_who_is_not_a_member_saves_without_becoming_one(app: Flask) -> None:
    person_id = visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    page = save(browser, skills="Python")
    assert "You are not a member yet." in page.text
    end_reading()
    assert preferences_of(person_id).skills
    assert not is_member(person_id)


def test_invitation_makes_a_member_with_what_was_ticked(app: Flask) -> None:
    person_id = visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    page = browser.get(PAGE)
    assert "join-consents" not in page.form(action="/me/join").values
    page = browser.submit(page, action="/me/join", **UPDATES_TICKED)
    assert "Welcome to the community." in page.text
    assert "not a member" not in page.text
    end_reading()
    assert is_member(person_id)
    assert events() == [(UPDATES, "given", "/me/join")]


def test_joining_twice_is_joining_once(app: Flask) -> None:
    person_id = visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    page = browser.get(PAGE)
    for _ in range(2):
        browser.submit(page, action="/me/join", **UPDATES_TICKED)
    assert events() == [(UPDATES, "given", "/me/join")]
    assert is_member(person_id)


def test_invitation_with_a_made_up_purpose_is_refused(app: Flask) -> None:
    person_id = visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    browser.submit(browser.get(PAGE), action="/me/join", expect=422, **MADE_UP_TICKED)
    end_reading()
    assert not is_member(person_id)


def test_page_needs_few_statements(app: Flask) -> None:
    _, browser = member(app, Purpose.JOB_ALERTS)
    browser.get(PAGE)
    with counted_statements() as seen:
        browser.get(PAGE)
    assert len(seen) <= 8, seen
    assert not [statement for statement in seen if not statement.lstrip("(").startswith("SELECT")]


def test_extra_fields_change_nothing(app: Flask) -> None:
    person_id, browser = member(app)
    other = visitors.join(NORA, "Nora Berg")
    page = browser.get(PAGE)
    values = {**page.form(having="skills").values, "skills": "Python", "person_id": other, "role": "admin"}
    browser.post(PAGE, values)
    end_reading()
    assert preferences_of(other).skills == ()
    assert preferences_of(person_id).skills != ()


def test_nobody_knows_the_preferences_of_somebody_who_is_not_there(app: Flask) -> None:
    known = preferences_of(12345)
    assert known.areas == ()
    assert not known.is_member
    with pytest.raises(NotFound):
        join(12345, [], clock.now())


def wishes(skills: list[str], stage: CareerStage | None = None) -> Wishes:
    return Wishes(["data"], [Folded(s.lower(), s) for s in skills], [Folded("here", "Here")], stage, [WorkMode.REMOTE])


def test_two_records_of_one_person_become_one(app: Flask) -> None:
    kept, gone = visitors.import_person(ADA), visitors.import_person(NORA, "Nora Berg")
    change_preferences(kept, wishes(["Python"]), shown=[], ticked=[], now=clock.now())
    change_preferences(gone, wishes(["Python", "SQL"], CareerStage.OPEN_TO_IT), shown=[], ticked=[], now=clock.now())
    join(gone, [], clock.now())
    end_reading()
    privacy.merge(kept, gone, clock.now())
    end_reading()
    known = preferences_of(kept)
    assert [skill.label for skill in known.skills] == ["Python", "SQL"]
    assert known.career_stage is CareerStage.OPEN_TO_IT
    assert known.is_member
    nobody = preferences_of(gone)
    assert (nobody.areas, nobody.skills, nobody.places, nobody.joined_at) == ((), (), (), None)


def test_erasure_leaves_nothing_and_touches_nobody_else(app: Flask) -> None:
    ada, nora = visitors.import_person(ADA), visitors.import_person(NORA, "Nora Berg")
    for person_id in (ada, nora):
        change_preferences(person_id, wishes(["Python"]), shown=[], ticked=[], now=clock.now())
        join(person_id, [], clock.now())
    privacy.erase(ada, clock.now())
    end_reading()
    for owner in (PersonSkill.person_id, PersonPlace.person_id):
        assert session().scalars(select(owner)).all() == [nora]
    assert is_member(nora)
    assert not is_member(ada)
    assert preferences_of(ada).areas == ()


def test_people_read_what_they_told_us(app: Flask) -> None:
    person_id, _ = member(app)
    change_preferences(person_id, wishes(["Python"], CareerStage.NOT_LOOKING_NOW), shown=[], ticked=[], now=clock.now())
    end_reading()
    section, _offers = privacy.export(person_id)
    text = str(section.rows)
    for words in ("Wednesday 4 March 2026", "Data", "Python", "Here", "Remote", "Not looking now"):
        assert words in text


def test_consent_that_somebody_else_asked_for_can_be_taken_back_here(app: Flask) -> None:
    person_id, browser = member(app)
    record_consent(
        person_id,
        Purpose.EVENTS,
        ConsentAction.GIVEN,
        words="Invite me.",
        text_version="1",
        locale="en",
        source="/events",
        now=clock.now(),
    )
    page = browser.get(PAGE)
    assert str(PURPOSE_WORDS[Purpose.EVENTS]) in page.text
    save(browser, page, consents=[])
    assert events()[-1] == ("events", "withdrawn", PAGE)
