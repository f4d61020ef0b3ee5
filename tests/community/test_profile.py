"""What people say about themselves on /me/preferences, who sees it, and what becomes of it."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.community import privacy
from portal.community.actions import join
from portal.community.models import OtherOffers
from portal.community.queries import member_areas, offers_of, preferences_of, profile_of
from portal.community.rules import PROFILE_PARTS, Availability, Birthday, PayWish, Profile
from portal.community.states import CareerStage, Industry, Notice, PayPeriod, Seniority, WhenFree
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.desk.jobs import look_after_other_offers
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

PAGE = "/me/preferences"
ALL: dict[str, Any] = {
    "seniority": "senior",
    "industries": ["health", "research"],
    "availability": "after_notice",
    "availability_notice": "three_months",
    "pay": "60,000",
    "pay_currency": "EUR",
    "pay_period": "year",
    "three_years": "Leading a small team.\nOr back to school.",
    "proud_of": "The night shift rota.",
    "links": "example.org/rota",
    "education": "Nursing school.",
    "motivates": "Calm mornings.",
    "worries": "A long way to work.",
    "birthday": "y",
    "birthday_day": "29",
    "birthday_month": "2",
}
OFFERS: dict[str, Any] = {"offers": "A bakery in Berlin.", "offers_by": "2026-03-12"}


@pytest.fixture
def ada(app: Flask) -> int:
    person_id = make_person("Ada Lind", "ada@example.org")
    join(person_id, [], clock.now())
    return person_id


@pytest.fixture
def hers(app: Flask, ada: int) -> Browser:
    return signed_in(app, ada)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def save(browser: Browser, page: Page | None = None, expect: int = 200, **values: Any) -> Page:
    return browser.submit(page or browser.get(PAGE), having="skills", expect=expect, **values)


def by_itself(browser: Browser, page: Page, **values: Any) -> tuple[int, dict[str, Any]]:
    """What a page sends while somebody fills it in, and the answer."""
    sent = {**page.form(having="skills").values, **values}
    answer = browser.client.post(PAGE, data=sent, headers={"X-Requested-With": "autosave"})
    end_reading()
    return answer.status_code, answer.get_json()


def card_of(app: Flask, staff_id: int, person_id: int) -> str:
    return signed_in(app, staff_id).get(f"/recruiting/candidates/{public_id_of(person_id)}").text


def known(person_id: int) -> Profile:
    end_reading()
    return profile_of(person_id)


def tasks() -> list[Task]:
    end_reading()
    return list(session().scalars(select(Task).where(Task.kind == TaskKind.OFFER_DEADLINE).order_by(Task.id)))


def test_everything_that_is_said_is_kept_and_shown_again(hers: Browser, ada: int) -> None:
    page = save(hers, **ALL)
    assert "Saved." in page.text
    assert known(ada) == Profile(
        seniority=Seniority.SENIOR,
        industries=(Industry.HEALTH, Industry.RESEARCH),
        availability=Availability(WhenFree.AFTER_NOTICE, None, Notice.THREE_MONTHS),
        pay=PayWish(60000, "EUR", PayPeriod.YEAR),
        three_years="Leading a small team.\nOr back to school.",
        proud_of="The night shift rota.",
        links=("https://example.org/rota",),
        education="Nursing school.",
        motivates="Calm mornings.",
        worries="A long way to work.",
        birthday=Birthday(29, 2),
    )
    for part in PROFILE_PARTS:
        assert part in ALL, f"a new part of what people say: give {part} an answer in ALL"
        assert getattr(known(ada), part), f"{part} was answered and is not kept: actions/preferring.py, queries/told.py"
    values = page.form(having="skills").values
    assert values["industries"] == ["health", "research"]
    assert (values["pay"], values["pay_currency"], values["birthday_day"]) == ("60000", "EUR", "29")
    assert values["three_years"] == ALL["three_years"]


def test_everything_can_be_taken_back(hers: Browser, ada: int) -> None:
    page = save(hers, **ALL, **OFFERS)
    save(hers, page, **{name: [] if isinstance(value, list) else "" for name, value in {**ALL, **OFFERS}.items()})
    assert known(ada) == Profile()
    assert preferences_of(ada).said_on == {}
    assert offers_of(ada) is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"pay": "a lot"}, "Please write a whole number"),
        ({"pay": "60000"}, "Please choose a currency as well."),
        ({"links": "javascript:alert(1)"}, "is not the address of a page"),
        ({"availability": "from_a_day"}, "Please say from which day on."),
        ({"availability_from": "2026-05-01"}, "Choose “From a day on” as well"),
        ({"availability": "from_a_day", "availability_from": "2026-03-01"}, "Please choose a day from today on"),
        ({"availability_notice": "one_month"}, "Choose “After my notice period” as well"),
        ({"birthday": "y"}, "Please choose the day and the month."),
        ({"birthday": "y", "birthday_day": "31", "birthday_month": "4"}, "This month has no such day."),
        ({"birthday_day": "4"}, "Tick that you would like a note as well"),
        ({"offers_by": "2026-03-12"}, "Please say in a word what it is"),
        ({"offers": "A bakery.", "offers_by": "2026-03-01"}, "Please choose a day from today on"),
        ({"worries": "x" * 2000}, "Please keep this under 1500 characters."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_all_is_kept_on_the_page(
    hers: Browser, ada: int, values: dict[str, Any], message: str
) -> None:
    page = save(hers, expect=422, motivates="Calm mornings.", **values)
    assert message in page.text
    shown = page.form(having="skills").values
    assert {name: shown.get(name) for name in values if name != "birthday"} == {
        name: value for name, value in values.items() if name != "birthday"
    }
    assert shown["motivates"] == "Calm mornings."
    assert known(ada) == Profile()


@pytest.mark.parametrize("name", ["seniority", "availability", "pay_currency", "pay_period", "birthday_month"])
def test_an_answer_that_is_not_offered_is_refused(hers: Browser, ada: int, name: str) -> None:
    save(hers, expect=422, **{name: "made_up"})
    assert known(ada) == Profile()


def test_a_day_that_has_come_does_not_stand_in_the_way(hers: Browser, ada: int, time: Time) -> None:
    save(hers, availability="from_a_day", availability_from="2026-03-20", **OFFERS)
    time.pass_by(days=30)
    assert "Saved." in save(signed_in(hers.app, ada), motivates="Tea.").text


def test_recruiters_read_it_with_the_day_it_was_said(
    app: Flask, hers: Browser, ada: int, rita: int, time: Time
) -> None:
    save(hers, **ALL)
    time.pass_by(days=2)
    save(signed_in(app, ada), motivates="Tea.")
    text = card_of(app, rita, ada)
    for words in (
        "Experience Experienced said on Wednesday 4 March 2026",
        "Could begin After my notice period: Three months",
        "Hopes to earn €60,000 a year",
        "What worries them A long way to work. said on Wednesday 4 March 2026",
        "What motivates them Tea. said on Friday 6 March 2026",
        "https://example.org/rota",
        "Birthday 29 February",
        "Health and care, Research",
    ):
        assert words in text, words


def test_other_offers_are_for_who_looks_after_the_open_application_only(
    app: Flask, hers: Browser, ada: int, rita: int
) -> None:
    make_application(make_opening(), rita, person_id=ada)
    save(hers, **OFFERS)
    text = card_of(app, rita, ada)
    assert "A bakery in Berlin." in text
    assert "They must answer by Thursday 12 March 2026" in text
    for other in (make_staff("Otto Berg"), make_staff("Ama Ode", Role.ADMIN)):
        assert "bakery" not in card_of(app, other, ada)


def test_who_looked_after_an_ended_application_does_not_see_them(
    app: Flask, hers: Browser, ada: int, rita: int
) -> None:
    otto = make_staff("Otto Berg")
    make_application(make_opening(), rita, person_id=ada, status=ApplicationStatus.NOT_SELECTED, promised=None)
    make_application(make_opening("Baker"), otto, person_id=ada)
    save(hers, **OFFERS)
    assert "bakery" not in card_of(app, rita, ada)
    assert "bakery" in card_of(app, otto, ada)


def test_a_deadline_is_a_task_two_working_days_before(hers: Browser, ada: int, rita: int) -> None:
    make_application(make_opening("Data Analyst"), rita, person_id=ada)
    save(hers, **OFFERS)
    for _again in range(2):
        look_after_other_offers(clock.now())
    (task,) = tasks()
    assert (task.owner_id, task.due_on.isoformat(), task.title) == (rita, "2026-03-10", "Data Analyst")
    page = signed_in(hers.app, rita).get("/recruiting/tasks")
    assert "Ada Lind named a day by which they hope for word: Data Analyst" in page.text
    assert "bakery" not in page.text


def test_a_deadline_that_is_near_is_due_today(hers: Browser, ada: int, rita: int) -> None:
    make_application(make_opening(), rita, person_id=ada)
    save(hers, offers="A bakery.", offers_by="2026-03-05")
    look_after_other_offers(clock.now())
    assert tasks()[0].due_on.isoformat() == "2026-03-04"


def test_a_deadline_that_moves_there_and_back_moves_the_task(hers: Browser, ada: int, rita: int) -> None:
    make_application(make_opening(), rita, person_id=ada)
    for day in ("2026-03-12", "2026-03-20", "2026-03-12"):
        save(hers, offers="A bakery.", offers_by=day)
        look_after_other_offers(clock.now())
    assert {task.due_on.isoformat(): task.state for task in tasks()} == {
        "2026-03-10": TaskState.DUE,
        "2026-03-18": TaskState.DONE,
    }


def test_a_deadline_that_is_over_leaves_no_task(hers: Browser, ada: int, rita: int, time: Time) -> None:
    make_application(make_opening(), rita, person_id=ada)
    save(hers, **OFFERS)
    look_after_other_offers(clock.now())
    time.pass_by(days=10)
    look_after_other_offers(clock.now())
    assert [task.state for task in tasks()] == [TaskState.DONE]
    end_reading()
    assert offers_of(ada) is not None


def test_other_offers_are_deleted_when_no_application_is_open(hers: Browser, ada: int, rita: int, time: Time) -> None:
    nora = make_person("Nora Berg", "nora@example.org")
    open_one = make_application(make_opening(), rita, person_id=ada)
    make_application(make_opening(), rita, person_id=nora, status=ApplicationStatus.WITHDRAWN, promised=None)
    save(hers, **OFFERS)
    save(signed_in(hers.app, nora), **OFFERS)
    look_after_other_offers(clock.now())
    end_reading()
    assert offers_of(nora) is None
    assert offers_of(ada) is not None
    page = hers.get(f"/me/applications/{open_one.public_id}/withdraw")
    hers.submit(page, action="/withdraw")
    look_after_other_offers(clock.now())
    end_reading()
    assert session().scalar(select(func.count()).select_from(OtherOffers)) == 0
    assert [task.state for task in tasks()] == [TaskState.DONE]
    assert "only while an application of yours is open" in hers.get("/me/privacy").text


def test_the_page_saves_itself_as_somebody_fills_it_in(hers: Browser, ada: int) -> None:
    page = hers.get(PAGE)
    status, answer = by_itself(hers, page, motivates="Tea.")
    assert (status, answer["saved_at"], answer["errors"]) == (200, "09:00", {})
    assert known(ada).motivates == "Tea."
    assert "1 of 12" in re.sub(r"\s+", " ", answer["known"])
    # The page says what it has seen by now, so that the next save is no dispute with the one before.
    status, _answer = by_itself(hers, page, motivates="Coffee.", **answer["hidden"])
    assert (status, known(ada).motivates) == (200, "Coffee.")


def test_half_an_answer_does_not_keep_the_rest_from_being_saved(hers: Browser, ada: int) -> None:
    status, answer = by_itself(hers, hers.get(PAGE), motivates="Tea.", links="javascript:alert(1)", pay="60000")
    assert status == 422
    assert set(answer["errors"]) == {"links", "pay_currency"}
    assert known(ada) == Profile(motivates="Tea.")


def test_a_page_that_saves_itself_overwrites_nothing_that_was_changed_elsewhere(hers: Browser, ada: int) -> None:
    first, second = hers.get(PAGE), hers.get(PAGE)
    _status, answer = by_itself(hers, first, motivates="Tea.")
    save(hers, second, worries="The way.")
    status, after = by_itself(hers, first, motivates="Coffee.", **answer["hidden"])
    assert (status, known(ada).worries, known(ada).motivates) == (200, "The way.", "Coffee.")
    save(hers, hers.get(PAGE), motivates="Water.")
    status, told = by_itself(hers, first, motivates="Juice.", **after["hidden"])
    assert status == 409
    assert list(told["errors"]) == ["motivates"]
    assert known(ada).motivates == "Water."
    page = save(hers, first, expect=409, motivates="Juice.", **after["hidden"])
    assert "Saved now: Water." in page.text
    assert page.form(having="skills").values["motivates"] == "Juice."


def test_a_consent_that_is_saved_by_itself_counts_once(hers: Browser, ada: int) -> None:
    page = hers.get(PAGE)
    _status, answer = by_itself(hers, page, consents=["insider_updates"])
    assert answer["hidden"]["consents_shown"] == "insider_updates"
    assert "You said yes" in answer["states"]["insider_updates"]
    _status, answer = by_itself(hers, page, consents=[], **answer["hidden"])
    assert "You took this back" in answer["states"]["insider_updates"]


def test_what_is_saved_as_one_goes_is_one_entry_in_the_log(hers: Browser, ada: int, time: Time) -> None:
    page = hers.get(PAGE)
    hidden: dict[str, str] = {}
    for number in range(5):
        time.pass_by(minutes=3)
        _status, answer = by_itself(hers, page, motivates=f"Tea {number}.", **hidden)
        hidden = answer["hidden"]
    count = select(func.count()).where(AuditRecord.action == "community.change_preferences")
    assert session().scalar(count) == 1
    time.pass_by(minutes=30)
    by_itself(hers, page, motivates="Coffee.", **hidden)
    assert session().scalar(count) == 2


def test_half_a_year_later_one_tap_says_that_it_is_still_so(app: Flask, hers: Browser, ada: int, time: Time) -> None:
    save(hers, career_stage="open_to_it")
    assert "Is it still so?" not in hers.get("/me/").text
    time.pass_by(days=184)
    browser = signed_in(app, ada)
    for path in ("/me/", PAGE):
        assert "On Wednesday 4 March 2026 you said: Open to it." in browser.get(path).text
    page = browser.submit(browser.get("/me/"), action="/me/preferences/stage", button="Still so")
    assert "We ask again in half a year." in page.text
    assert "Is it still so?" not in page.text
    end_reading()
    assert preferences_of(ada).said_on == {"career_stage": preferences_of(ada).career_stage_on}
    assert str(preferences_of(ada).career_stage_on) == "2026-09-04"


def test_half_a_year_later_one_tap_says_something_else(app: Flask, hers: Browser, ada: int, time: Time) -> None:
    save(hers, career_stage="open_to_it")
    time.pass_by(days=184)
    browser = signed_in(app, ada)
    browser.submit(browser.get(PAGE), action="/me/preferences/stage", button="Now: Not looking now")
    end_reading()
    assert preferences_of(ada).career_stage is CareerStage.NOT_LOOKING_NOW
    token = browser.get(PAGE).form(having="skills").values["csrf_token"]
    browser.post("/me/preferences/stage", {"career_stage": "made_up", "csrf_token": token}, expect=404)


def test_people_take_away_all_that_they_said(hers: Browser, ada: int) -> None:
    save(hers, **ALL, **OFFERS)
    end_reading()
    told, offers = privacy.export(ada)
    for words in ("€60,000 a year (said on Wednesday 4 March 2026)", "What worries you", "A long way to work."):
        assert words in str(told.rows)
    assert told.extra["pay"] == {"amount": 60000, "currency": "EUR", "period": "year"}
    for part in PROFILE_PARTS:
        assert told.extra.get(part), f"{part} is not in what people take away as data: _as_data in privacy.py"
    assert "A bakery in Berlin. (to be answered by Thursday 12 March 2026)" in str(offers.rows)
    assert "No other recruiter, no admin." in offers.seen_by


def test_erasure_takes_all_of_it(hers: Browser, ada: int) -> None:
    save(hers, **ALL, **OFFERS)
    privacy.erase(ada, clock.now())
    end_reading()
    assert profile_of(ada) == Profile()
    assert offers_of(ada) is None


def test_of_two_records_the_answers_of_the_one_that_stays_hold(hers: Browser, ada: int) -> None:
    gone = make_person("Ada L.", "ada.l@example.org")
    save(hers, motivates="Tea.", pay="50000", pay_currency="PLN")
    save(signed_in(hers.app, gone), **{**ALL, **OFFERS, "motivates": "Coffee."})
    privacy.merge(ada, gone, clock.now())
    own = known(ada)
    assert (own.motivates, own.pay) == ("Tea.", PayWish(50000, "PLN", PayPeriod.YEAR))
    assert (own.worries, own.birthday) == ("A long way to work.", Birthday(29, 2))
    assert offers_of(ada) is not None
    assert set(preferences_of(ada).said_on) >= {"motivates", "pay", "worries", "birthday"}
    assert profile_of(gone) == Profile()
    for part in PROFILE_PARTS:
        assert getattr(own, part), f"{part} is lost when two records become one: _COLUMNS_OF in privacy.py"


def test_only_members_have_areas_that_openings_match(app: Flask, hers: Browser, ada: int) -> None:
    nora = make_person("Nora Berg", "nora@example.org")
    assert member_areas(ada) == frozenset()
    save(hers, areas=["data"])
    save(signed_in(app, nora), areas=["data"])
    end_reading()
    assert member_areas(ada) == frozenset({"data"})
    assert member_areas(nora) is None


def test_the_page_says_who_reads_each_answer(hers: Browser) -> None:
    text = hers.get(PAGE).text
    for words in (
        "Only recruiters see this, to tell you early when an opening pays less.",
        "It is never a reason against you.",
        "no other recruiter, no admin",
        "We never ask the year.",
        "We write to you in English",
    ):
        assert words in text, words
