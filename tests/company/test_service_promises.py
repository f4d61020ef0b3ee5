"""What is promised to those who apply: the page, its versions, and which one each application keeps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.applications.actions import add_imported
from portal.applications.actions.imported import ImportedApplication
from portal.applications.models import Application
from portal.applications.queries.service import feedback_promises
from portal.applications.rules import promises as promise_rules
from portal.applications.states import ApplicationStatus, EventKind
from portal.community.states import WorkMode
from portal.company.actions import change_settings, number_of_promises
from portal.company.models import CompanySetting, ServicePromise
from portal.company.queries import company_settings
from portal.company.rules import version_of
from portal.company.rules.service import content_of, feedback_in_words, promised_in
from portal.company.states import DAYS_TO_ANSWER, DEFAULTS, NOTES_IN_A_ROW, FeedbackWay, Setting
from portal.core import clock
from portal.core.db import db, end_reading, session, transaction
from portal.core.permissions import Role
from portal.feedback.jobs import note_what_is_owed
from portal.feedback.models import FeedbackDebt
from portal.interviews.states import InterviewState
from portal.openings.rules import Place
from tests import factories
from tests.applications.applying import fill
from tests.conftest import Time, counted_statements
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

FEEDBACK, PROMISES, PACE = (f"/recruiting/admin/settings/{name}" for name in ("feedback", "promises", "pace"))
BERLIN = Place("geonames:2950159", "Berlin, Germany")
WARSAW = Place("geonames:756135", "Warsaw, Poland")


@pytest.fixture
def admin(app: Flask) -> Browser:
    return factories.signed_in(app, factories.make_staff("Alma Berg", Role.ADMIN, email="alma@example.org"))


def save(**values: Any) -> None:
    """Save settings as an admin does."""
    named = {Setting(name): value for name, value in values.items()}
    stored = company_settings()
    version = version_of({name: stored[name] for name in named})
    change_settings(named, version, actor_id=factories.make_person("Alma Berg"), now=clock.now())
    end_reading()


def save_pace(**days: int) -> None:
    save(pace={**company_settings()[Setting.PACE], **days})


def numbers() -> list[int]:
    end_reading()
    return list(session().scalars(select(ServicePromise.number).order_by(ServicePromise.number)))


@dataclass(frozen=True)
class Made:
    """An application, so far as these tests look at it."""

    id: int
    public_id: str
    service_promise: int | None


def application_of(person_id: int) -> Made:
    end_reading()
    columns = (Application.id, Application.public_id, Application.service_promise)
    return Made(*session().execute(select(*columns).where(Application.person_id == person_id)).one())


def applies(app: Flask, slug: str, name: str = "Ada Lind") -> tuple[Browser, Made]:
    """Somebody who is signed in applies; their browser and the application."""
    person_id = factories.make_person(name)
    browser = factories.signed_in(app, person_id)
    fill(browser, browser.get(f"/openings/{slug}/apply"))
    return browser, application_of(person_id)


def imports(rita: int, status: ApplicationStatus = ApplicationStatus.IN_REVIEW) -> Made:
    one = ImportedApplication(
        person_id=factories.make_person("Bo Ek"),
        opening_id=factories.make_opening(),
        owner_id=rita,
        source="greenhouse",
        external_key=f"key-{status}",
        applied_on=None,
        last_activity_on=None,
        channel="",
        tags=(),
        source_stage="",
        source_status="",
        source_reason="",
        status=status,
        next_update_by=date(2026, 3, 6),
        import_ref="",
    )
    add_imported(one, clock.now())
    return application_of(one.person_id)


def published(**facts: Any) -> str:
    return factories.make_published(recruiter_id=factories.make_staff("Rita Sander"), **facts)


# What the page says.


def test_a_company_that_has_set_nothing_has_a_whole_page(app: Flask) -> None:
    page = Browser(app).get("/promises")
    assert page.heading == "What we promise you"
    for words in (
        "Received 15 working days",
        "Offer made 3 working days",
        "Working days are Monday to Friday, without days off of our own.",
        "you get feedback in writing within 7 days",
        "At most 2 of them come in a row",
        "after 20 working days",
        "between 09:00 and 17:00",
        "heard from a member for 24 months",
        "Whoever applies keeps the promises that hold on that day.",
    ):
        assert words in page.text, words
    assert "If we fail" in page.text
    assert "In some countries" not in page.text
    assert "/privacy" in page.links


def test_everything_on_the_page_follows_the_settings(app: Flask) -> None:
    save(
        pace={"received": 1, "in_review": 4, "interviewing": 2, "decision_pending": 6, "offer_made": 7},
        working_week=[6, 0, 1, 2, 3],
        holidays={"country": "DE", "region": "BE"},
        office_hours={"start": "08:30", "end": "16:00"},
        retention={"community_months": 1, "rejected_months": 6},
        own_days=[{"on": "12-24", "name": "Christmas Eve"}],
        feedback={"way": "telephone", "countries": {"US": "none", "PL": "written"}},
        promise_words="# Our word\n\nWe answer.",
        promise_contact={"name": "Ombudsperson", "email": "promises@kindred.example"},
    )
    page = Browser(app).get("/promises").text
    for words in (
        "Received 1 working day ",
        "Decision pending 6 working days",
        "Sunday, Monday, Tuesday, Wednesday and Thursday, without the public holidays of Germany (Berlin)",
        "between 08:30 and 16:00",
        "for 1 month,",
        "Thursday 24 December 2026 Christmas Eve",
        "we call you within 7 days and give you feedback. In some countries it is otherwise: Poland In writing "
        "United States We give none",
        "Our word We answer.",
        "write to Ombudsperson: promises@kindred.example",
    ):
        assert words in page, words


def test_where_no_feedback_is_given_the_page_and_every_opening_say_so_before_anybody_applies(app: Flask) -> None:
    save(feedback={"way": "none", "countries": {}})
    slug = published()
    browser = Browser(app)
    assert "We give no feedback after interviews." in browser.get(f"/openings/{slug}").text
    page = browser.get("/promises").text
    assert "We give no feedback after interviews." in page
    assert "one thing to try" not in page


def test_what_is_promised_here_is_what_is_kept_elsewhere() -> None:
    assert (NOTES_IN_A_ROW, DAYS_TO_ANSWER) == (promise_rules.NOTES_IN_A_ROW, promise_rules.DAYS_TO_ANSWER)


@pytest.mark.parametrize("path", ["/promises", "/openings", "/sign-in"])
def test_every_page_leads_to_the_promises(app: Flask, path: str) -> None:
    assert "/promises" in Browser(app).get(path).links


def test_the_page_costs_few_statements(app: Flask) -> None:
    browser = Browser(app)
    number_of_promises(clock.now())
    browser.get("/promises")
    with counted_statements() as statements:
        browser.get("/promises")
    assert len(statements) <= 4


# Versions.


def test_there_is_no_version_before_somebody_applies(app: Flask) -> None:
    save_pace(received=9)
    assert numbers() == []
    assert "version" not in Browser(app).get("/promises").text
    Browser(app).get("/promises/1", expect=404)
    _browser, made = applies(app, published())
    assert (numbers(), made.service_promise) == ([1], 1)
    words = "This is version 1 of our promises. It has held since Wednesday 4 March 2026"
    assert words in Browser(app).get("/promises").text


def test_two_changes_within_a_minute_are_two_versions_and_saving_the_same_is_none(app: Flask, time: Time) -> None:
    slug = published()
    applies(app, slug)
    save_pace(received=9)
    time.pass_by(seconds=20)
    save_pace(received=8)
    save_pace(received=8)
    save(own_days=[{"on": "12-24", "name": ""}], introduction="We answer everybody.")
    assert numbers() == [1, 2, 3]
    _browser, made = applies(app, slug, "Bo Ek")
    assert (numbers(), made.service_promise) == ([1, 2, 3], 3)
    save_pace(received=9)
    assert numbers() == [1, 2, 3, 4]


def test_a_setting_that_changed_past_its_page_makes_a_version_when_somebody_applies(app: Flask) -> None:
    slug = published()
    applies(app, slug)
    save_pace(received=9)
    with transaction() as own:
        pace = {**DEFAULTS[Setting.PACE], "received": 4}
        own.execute(update(CompanySetting).where(CompanySetting.name == Setting.PACE).values(value=pace))
    end_reading()
    page = Browser(app).get("/promises").text
    assert "Received 4 working days" in page
    assert "This is version" not in page
    _browser, made = applies(app, slug, "Bo Ek")
    assert made.service_promise == 3


def test_an_application_keeps_the_version_it_was_made_under_and_leads_to_it(app: Flask, time: Time) -> None:
    ada, made = applies(app, published())
    time.pass_by(days=9)
    save_pace(received=5)
    page = ada.get(f"/me/applications/{made.public_id}")
    assert "What we promise for this application" in page.text
    assert "/promises/1" in page.links
    then = ada.get("/promises/1")
    assert then.heading == "What we promised: version 1"
    assert "Received 15 working days" in then.text
    assert "This one held from Wednesday 4 March 2026 to Friday 13 March 2026" in then.text
    assert "/promises" in then.links
    assert 'name="robots" content="noindex"' in then.body
    today = ada.get("/promises")
    assert "Received 5 working days" in today.text
    assert "/promises/1" in today.links
    newest = ada.get("/promises/2")
    assert "it is the newest" in newest.text
    assert "/promises/1" in newest.links
    for number in ("0", "3", "99999999999999999999"):
        ada.get(f"/promises/{number}", expect=404)


def test_an_import_keeps_it_too_and_an_application_from_before_leads_to_what_holds_today(app: Flask) -> None:
    rita = factories.make_staff("Rita Sander")
    assert imports(rita).service_promise == 1
    assert imports(rita, ApplicationStatus.NOT_SELECTED).service_promise == 1
    save_pace(in_review=1)
    assert imports(rita, ApplicationStatus.INTERVIEWING).service_promise == 2
    old = factories.make_application(factories.make_opening(), rita)
    page = factories.signed_in(app, old.person_id).get(f"/me/applications/{old.public_id}")
    assert "What we promise you" in page.text


def test_the_export_names_the_version(app: Flask) -> None:
    ada, made = applies(app, published())
    assert "Made under our promises version 1" in ada.get("/me/privacy").text
    assert made.service_promise == 1


def test_several_who_apply_at_the_same_moment_make_one_version(app: Flask) -> None:
    start = Barrier(4)

    def ask(_number: int) -> int:
        with app.app_context():
            try:
                start.wait()
                return number_of_promises(clock.now())
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {1}
    assert numbers() == [1]


# How feedback is given.


def said_way(application_id: int) -> FeedbackWay:
    return feedback_promises([application_id])[application_id].way


def way_of(app: Flask, name: str = "Ada Lind", **facts: Any) -> FeedbackWay:
    return said_way(applies(app, published(**facts), name)[1].id)


def test_an_opening_decides_before_its_country_and_the_country_before_the_company(app: Flask) -> None:
    assert way_of(app) is FeedbackWay.WRITTEN
    save(feedback={"way": "telephone", "countries": {"DE": "none", "PL": "written"}})
    assert way_of(app, "Bo Ek", places=(BERLIN,)) is FeedbackWay.NONE
    assert way_of(app, "Cem Tan", places=(BERLIN, WARSAW)) is FeedbackWay.WRITTEN
    assert way_of(app, "Dua Hadi", places=(BERLIN, Place("atlantis", "Atlantis"))) is FeedbackWay.TELEPHONE
    assert way_of(app, "Eva Ruiz", places=(), work_modes=(WorkMode.REMOTE,)) is FeedbackWay.TELEPHONE
    assert way_of(app, "Fay Moe", places=(BERLIN,), feedback=FeedbackWay.WRITTEN) is FeedbackWay.WRITTEN


def test_what_is_decided_later_holds_for_those_who_apply_later(app: Flask) -> None:
    slug = published(places=(BERLIN,))
    _ada, first = applies(app, slug)
    save(feedback={"way": "written", "countries": {"DE": "none"}})
    _bo, second = applies(app, slug, "Bo Ek")
    found = feedback_promises([second.id, first.id])
    assert [found[one.id].way for one in (first, second)] == [FeedbackWay.WRITTEN, FeedbackWay.NONE]
    assert found[first.id].days == 7
    assert feedback_promises([]) == {}


def test_an_import_into_an_opening_without_a_page_follows_the_company(app: Flask) -> None:
    save(feedback={"way": "telephone", "countries": {"PL": "none"}})
    assert said_way(imports(factories.make_staff("Rita Sander")).id) is FeedbackWay.TELEPHONE


def test_the_opening_they_applied_to_still_says_what_they_were_promised(app: Flask) -> None:
    ada, made = applies(app, published())
    save(feedback={"way": "none", "countries": {}})
    page = ada.get(f"/me/applications/{made.public_id}/opening").text
    assert "you get feedback in writing within 7 days" in page


def test_the_page_names_openings_that_differ_and_none_that_a_visitor_may_not_see(app: Flask) -> None:
    published(title="Night Nurse", feedback=FeedbackWay.TELEPHONE)
    published(title="Data Analyst")
    early = {"public_at": clock.now() + timedelta(days=2)}
    published(title="Secret Role", feedback=FeedbackWay.NONE, **early)
    page = Browser(app).get("/promises").text
    assert "Openings that differ Night Nurse By telephone" in page
    assert "Data Analyst" not in page
    assert "Secret Role" not in page


def test_a_recruiter_says_so_for_an_opening_and_reads_it_in_the_preview(app: Flask) -> None:
    rita = factories.make_staff("Rita Sander")
    slug = factories.make_published(recruiter_id=rita, manager_id=factories.make_staff("Hugo Weiss"))
    public_id = factories.opening_id_of(slug)
    browser = factories.signed_in(app, rita)
    page = browser.get(f"/recruiting/openings/{public_id}/edit")
    assert "As the company decides" in page.text
    shown = browser.submit(page, having="hard", feedback="none", button="preview")
    assert "We give no feedback after interviews." in shown.text
    assert "Feedback after interviews" in browser.get(f"/recruiting/openings/{public_id}").text
    browser.submit(browser.get(f"/recruiting/openings/{public_id}"), having="early_days")
    assert "We give no feedback after interviews." in Browser(app).get(f"/openings/{slug}").text


# The settings.


def test_an_admin_sets_ways_by_country_and_takes_them_back(app: Flask, admin: Browser) -> None:
    page = admin.submit(admin.get(FEEDBACK), way="telephone", new_country="DE", new_way="none")
    assert "Saved." in page.text
    page = admin.submit(page, new_country="PL", new_way="written")
    assert company_feedback() == {"way": "telephone", "countries": {"DE": "none", "PL": "written"}}
    assert "By telephone, Germany: We give none, Poland: In writing" in admin.get("/recruiting/admin/settings").text
    page = admin.submit(page, way_DE="")
    assert company_feedback() == {"way": "telephone", "countries": {"PL": "written"}}


def company_feedback() -> Any:
    end_reading()
    return company_settings()[Setting.FEEDBACK]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"new_country": "DE"}, "Please say how you give it there."),
        ({"new_way": "none"}, "Please choose the country in which you give it so."),
        ({"new_country": "ZZ", "new_way": "none"}, "Not a valid choice"),
    ],
)
def test_half_a_country_is_refused_and_what_was_chosen_stays(admin: Browser, typed: dict[str, str], words: str) -> None:
    page = admin.submit(admin.get(FEEDBACK), way="none", expect=422, **typed)
    assert words in page.text
    assert page.form(having="way").values["way"] == "none"
    assert company_feedback() == DEFAULTS[Setting.FEEDBACK]


def test_two_admins_at_once_are_shown_both(admin: Browser) -> None:
    mine = admin.get(FEEDBACK)
    admin.submit(admin.get(FEEDBACK), way="none")
    page = admin.submit(mine, way="telephone", expect=409)
    assert "Saved now: We give none" in page.text
    assert "You entered: By telephone" in page.text


def test_an_admin_adds_words_and_whom_to_tell_and_finds_the_versions(app: Flask, admin: Browser) -> None:
    page = admin.get(PROMISES)
    assert "No versions yet" in page.text
    number_of_promises(clock.now())
    page = admin.submit(page, words="We keep our word.", contact_name="Alma", contact_email="alma@kindred.example")
    assert "Version 2 since Wednesday 4 March 2026" in page.text
    assert "/promises/1" in page.links
    shown = Browser(app).get("/promises").text
    assert "We keep our word." in shown
    assert "alma@kindred.example" in shown
    assert "With words of your own · People tell alma@kindred.example" in admin.get("/recruiting/admin/settings").text


def test_a_name_without_an_address_is_refused(admin: Browser) -> None:
    page = admin.submit(admin.get(PROMISES), contact_name="Alma", words="We try.", expect=422)
    assert "Please say below where people can write to Alma." in page.text
    assert "We try." in page.text


# Rules.


@given(
    st.sampled_from(FeedbackWay),
    st.dictionaries(st.sampled_from(["DE", "PL", "US"]), st.sampled_from(FeedbackWay)),
    st.sets(st.sampled_from(["DE", "PL", "US", "FR", ""])),
)
def test_the_way_is_that_of_one_of_the_countries_and_none_of_them_gives_more(
    way: FeedbackWay, ways: dict[str, FeedbackWay], countries: set[str]
) -> None:
    kept = content_of(DEFAULTS | {Setting.FEEDBACK: {"way": way, "countries": ways}})
    promised = promised_in(kept)
    chosen = promised.way_in(countries)
    offered = [ways.get(country, way) for country in countries] or [way]
    best_first = [FeedbackWay.WRITTEN, FeedbackWay.TELEPHONE, FeedbackWay.NONE]
    assert chosen in offered
    assert all(best_first.index(chosen) <= best_first.index(one) for one in offered)


def test_a_version_from_before_something_was_promised_reads_as_a_new_company_begins() -> None:
    assert promised_in({}) == promised_in(content_of(DEFAULTS))
    assert promised_in({"feedback_days": 9}).feedback_days == 9


@pytest.mark.parametrize("way", FeedbackWay)
def test_every_way_is_said_in_a_sentence(way: FeedbackWay) -> None:
    words = feedback_in_words(way, 7)
    assert words.endswith(".")
    assert ("7 days" in words) is (way is not FeedbackWay.NONE)


# What is owed by it.


def test_feedback_is_owed_as_the_version_says_under_which_they_applied(app: Flask, time: Time) -> None:
    rita = factories.make_staff("Rita Sander")
    opening = factories.make_opening("Nurse", recruiter_id=rita)
    early = interviewed(opening, rita, "Ada Lind")
    save(feedback={"way": "none", "countries": {}})
    late = interviewed(opening, rita, "Bo Ek")
    save(feedback={"way": "telephone", "countries": {}})
    last = interviewed(opening, rita, "Cem Tan")
    time.pass_by(minutes=5)
    note_what_is_owed(clock.now())
    end_reading()
    owed = {row.application_id: row.way for row in session().scalars(select(FeedbackDebt))}
    assert owed == {early.id: FeedbackWay.WRITTEN, last.id: FeedbackWay.TELEPHONE}
    page = factories.signed_in(app, late.person_id).get(f"/me/applications/{late.public_id}")
    assert "You get feedback by" not in page.text


def interviewed(opening_id: int, rita: int, name: str) -> factories.Made:
    """Somebody who applied under today's promises, was interviewed yesterday and was not selected."""
    promised = number_of_promises(clock.now())
    made = factories.make_application(opening_id, rita, name=name, service_promise=promised)
    yesterday = clock.now() - timedelta(days=1)
    make_interview(made.id, rita, state=InterviewState.DONE, starts_at=yesterday, panel=[(rita, None)])
    factories.add_event(made.id, EventKind.TOLD_HERE, status=ApplicationStatus.NOT_SELECTED)
    end_reading()
    return made
