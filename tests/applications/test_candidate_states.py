"""The page of an application in its special cases: each in words of its own, with its own date and next step."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.states import ENDINGS, ApplicationStatus, Channel, EventKind, StayEnd
from portal.contact.actions import choose, lift_suppression, suppress
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import Stage, as_json
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Staff
from portal.tasks.states import TaskKind
from tests.applications.test_withdraw import letter
from tests.conftest import Time, counted_statements
from tests.conversations.talking import answer, ask_us
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_published,
    make_staff,
    make_task,
    public_id_of,
    published_content,
    settle_mail,
    signed_in,
    visitor,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
NO = ApplicationStatus.NOT_SELECTED
STAGES = (
    Stage("Reading", "Two people read it.", "Rita", "a week", "in_review"),
    Stage("A talk", "We talk about your work.", "Hugo", "45 minutes", "interviewing"),
)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind", "ada@example.org")


@pytest.fixture
def reader(app: Flask, ada: int) -> Browser:
    return signed_in(app, ada)


@pytest.fixture
def made(rita: int, ada: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=FRIDAY)


def path(made: Made) -> str:
    return f"/me/applications/{made.public_id}"


def opening_of(slug: str) -> int:
    return session().scalars(select(Opening.id).where(Opening.slug == slug)).one()


def history(page: Page) -> str:
    return page.text.partition("What has happened so far")[2]


def test_an_escalated_one_admits_it_and_names_who_was_asked(reader: Browser, rita: int, made: Made) -> None:
    alma = make_staff("Alma Reyes", Role.ADMIN, email="alma@example.org")
    with transaction() as own:
        own.get_one(Staff, rita).lead_id = alma
    add_event(made.id, EventKind.HOLDING_NOTE, promised=MONDAY, missed_on=MONDAY)
    add_event(made.id, EventKind.ESCALATED, promised=FRIDAY, missed_on=MONDAY)
    make_task(alma, TaskKind.ESCALATED, about=made.public_id, cause=f"application:{made.public_id}")
    page = reader.get(path(made))
    assert page.find("data-escalated") is not None
    assert page.find("data-next-update-by") is None
    assert "We have not kept our promise to write to you" in page.text
    assert "Alma Reyes, who leads the recruiting team, has been asked to write to you." in page.text
    assert "6 March" not in page.text.replace("next word by Friday 6 March 2026", "")
    assert "Write to Alma Reyes" in page.text
    assert any(link.startswith("mailto:alma@example.org") for link in page.links)
    assert not any(link.startswith("mailto:rita@example.org") for link in page.links)
    listed = reader.get("/me/applications")
    assert "We have not kept our promise to write to you" in listed.text


def test_an_escalated_one_stands_first_in_the_list(reader: Browser, rita: int, ada: int, made: Made) -> None:
    other = make_application(make_opening("Silent role"), rita, person_id=ada, promised=MONDAY)
    add_event(other.id, EventKind.ESCALATED, promised=FRIDAY + timedelta(days=20))
    text = reader.get("/me/applications").text
    assert text.index("Silent role") < text.index("Data Analyst")


def test_a_persons_word_ends_the_escalation(reader: Browser, rita: int, made: Made) -> None:
    add_event(made.id, EventKind.ESCALATED, promised=FRIDAY)
    add_event(made.id, promised=FRIDAY, message="Here I am.", actor_id=rita)
    page = reader.get(path(made))
    assert page.find("data-escalated") is None
    assert page.find("data-next-update-by") is not None


def test_a_note_says_that_it_was_automatic_and_what_had_been_promised(reader: Browser, made: Made) -> None:
    add_event(made.id, EventKind.HOLDING_NOTE, promised=FRIDAY, missed_on=MONDAY)
    page = reader.get(path(made))
    assert "There is no news yet" in page.text
    assert "Automatic note: we had promised word by Monday 2 March 2026, and there was none." in history(page)


def test_a_late_one_of_an_import_that_is_held_promises_no_note(
    app: Flask, reader: Browser, rita: int, ada: int
) -> None:
    held = make_application(make_opening(), rita, person_id=ada, promised=MONDAY, is_held=True)
    late = make_application(make_opening(), rita, person_id=ada, promised=MONDAY)
    assert "on its way" not in reader.get(path(held)).text
    assert "Word is on its way" in reader.get(path(late)).text
    desk = signed_in(app, rita)
    assert "on its way" not in desk.get(f"/recruiting/applications/{held.public_id}").text
    assert "Word is on its way" in desk.get(f"/recruiting/applications/{late.public_id}").text


def test_told_by_telephone_says_who_when_and_by_what_way(reader: Browser, rita: int, made: Made) -> None:
    told = {"channel": Channel.TELEPHONE, "happened_on": MONDAY}
    add_event(made.id, EventKind.TOLD_HERE, status=NO, message="We chose another.", actor_id=rita, **told)
    page = reader.get(path(made))
    assert "Rita Sander told you by telephone on Monday 2 March 2026" in page.text
    assert "We chose another." in history(page)
    assert page.find("data-next-update-by") is None


def test_told_only_here_says_that_the_mail_did_not_arrive(reader: Browser, rita: int, made: Made) -> None:
    add_event(made.id, EventKind.TOLD_HERE, status=NO, message="We chose another.", actor_id=rita)
    page = reader.get(path(made))
    assert "Our mail about it did not reach you, so this page tells you." in page.text
    assert "Wednesday 4 March 2026" in page.text


def test_told_elsewhere_says_when_and_that_there_is_no_second_letter(reader: Browser, made: Made) -> None:
    add_event(made.id, EventKind.TOLD_ELSEWHERE, status=NO, happened_on=MONDAY)
    page = reader.get(path(made))
    assert "told you about it on Monday 2 March 2026, so there is no second letter." in page.text


def test_an_ending_that_was_taken_back_is_said_plainly(reader: Browser, rita: int, made: Made) -> None:
    add_event(made.id, status=NO, message="We chose another.", actor_id=rita)
    add_event(made.id, EventKind.REVERTED, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY, actor_id=rita)
    page = reader.get(path(made))
    assert "Your application is open again" in page.text
    assert "Took back the ending." in history(page)
    assert "We chose another." in history(page)
    assert f"{path(made)}/withdraw" in page.links


def test_a_call_and_an_answer_stand_in_the_history(reader: Browser, rita: int, made: Made) -> None:
    call = {"channel": Channel.VIDEO, "happened_on": MONDAY}
    add_event(made.id, EventKind.CALL, promised=FRIDAY, message="We spoke of May.", actor_id=rita, **call)
    add_event(made.id, EventKind.REPLY, promised=FRIDAY, message="May is fine.", actor_id=rita)
    text = history(reader.get(path(made)))
    assert "Spoke with you by video on Monday 2 March 2026." in text
    assert "We spoke of May." in text
    assert "Answered you in the conversation." in text


def test_the_ending_bears_the_day_on_which_the_mail_was_taken(
    reader: Browser, time: Time, rita: int, made: Made
) -> None:
    delivery_id = letter(made)
    time.pass_by(days=2)
    assert "did not choose you" not in reader.get(path(made)).text
    with transaction() as own:
        row = own.get_one(Delivery, delivery_id)
        row.state, row.sent_at = DeliveryState.SENT, clock.now()
    page = reader.get(path(made))
    assert "this application ended on Friday 6 March 2026" in page.text


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_an_ending_says_who_decided_and_what_is_next(
    reader: Browser, rita: int, made: Made, status: ApplicationStatus
) -> None:
    add_event(made.id, status=status, message="Our answer.", actor_id=rita)
    page = reader.get(path(made))
    assert "Who decided" in page.text
    is_hired = status is ApplicationStatus.HIRED
    assert ("When you may apply again" in page.text) != is_hired
    assert ("/openings" in [link for link in page.links if "See what is open" in page.text]) != is_hired
    assert f"/me/conversation?application={made.public_id}" in page.links


def test_the_steps_and_the_stage_are_those_of_the_opening(reader: Browser, rita: int, ada: int) -> None:
    opening_id = opening_of(make_published("Data Analyst", stages=STAGES))
    made = make_application(opening_id, rita, person_id=ada, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY)
    page = reader.get(path(made))
    way = page.text.partition("Where it stands")[2].partition("What has happened")[0]
    assert "Reading , done" in way
    assert "A talk , this is where you are" in way
    assert "Offer made" not in way
    assert "We talk about your work." in way
    assert "45 minutes" in way


def test_the_opening_can_be_read_as_it_was_when_they_applied(app: Flask, reader: Browser, rita: int, ada: int) -> None:
    opening_id = opening_of(make_published("Data Analyst", work="You count sheep."))
    with transaction() as own:
        content = as_json(published_content("Data Analyst", work="You count clouds."))
        version = {"override_reason": "", "published_at": clock.now()}
        own.add(OpeningVersion(opening_id=opening_id, number=2, content=content, **version))
        own.get_one(Opening, opening_id).version_number = 2
    old = make_application(opening_id, rita, person_id=ada, promised=FRIDAY, opening_version=1)
    imported = make_application(opening_id, rita, person_id=ada, promised=FRIDAY)
    page = reader.get(path(old))
    assert f"{path(old)}/opening" in page.links
    assert "You count sheep." in reader.get(f"{path(old)}/opening").text
    assert "You count clouds." in reader.get(f"{path(imported)}/opening").text
    other = make_application(opening_id, rita, name="Bo Ek")
    reader.get(f"{path(other)}/opening", expect=404)
    assert visitor(app).client.get(f"{path(old)}/opening").status_code == 303


def test_an_opening_that_was_never_published_has_no_page(reader: Browser, made: Made) -> None:
    assert f"{path(made)}/opening" not in reader.get(path(made)).links
    reader.get(f"{path(made)}/opening", expect=404)


def test_an_ending_says_whether_a_machine_took_part(reader: Browser, rita: int, ada: int, made: Made) -> None:
    words = "A program finds dates in your CV."
    opening_id = opening_of(make_published("Data Analyst", is_ai_used=True, ai_words=words))
    with_machine = make_application(opening_id, rita, person_id=ada, promised=FRIDAY)
    for one in (with_machine, made):
        add_event(one.id, status=NO, message="Our answer.", actor_id=rita)
    assert words in reader.get(path(with_machine)).text
    unknown = reader.get(path(made)).text
    assert "no machine in this portal does" in unknown
    assert "Whether one took part before, we do not know. Rita Sander can ask." in unknown


def test_sixty_events_cost_no_more_statements_than_one(reader: Browser, rita: int, made: Made) -> None:
    for number in range(60):
        add_event(made.id, promised=FRIDAY, message=f"Word {number}.", actor_id=rita)
    with counted_statements() as seen:
        page = reader.get(path(made))
    assert "Word 0." in page.text
    assert "Word 59." in page.text
    # Interviews, offers and feedback ask once each whether there is anything to say.
    assert len(seen) <= 9


def test_an_empty_list_leads_to_what_is_open(reader: Browser) -> None:
    page = reader.get("/me/applications")
    assert "/openings" in page.links


@pytest.mark.parametrize("way", ["a letter", "by telephone"])
def test_a_later_letter_does_not_move_the_day_on_which_it_ended(
    app: Flask, time: Time, rita: int, ada: int, made: Made, way: str
) -> None:
    if way == "a letter":
        add_event(made.id, status=NO, message="We chose another.", actor_id=rita)
    else:
        told: dict[str, Any] = {"channel": Channel.TELEPHONE, "happened_on": TODAY}
        add_event(made.id, EventKind.TOLD_HERE, status=NO, message="We chose another.", actor_id=rita, **told)
    time.pass_by(days=49)
    add_event(made.id, status=NO, message="How are you?", actor_id=rita)
    reader = signed_in(app, ada)
    for target in (path(made), "/me/applications", "/me/"):
        text = reader.get(target).text
        assert "this application ended on Wednesday 4 March 2026" in text
        assert "ended on Wednesday 22 April" not in text
    assert ("told you by telephone" in reader.get(path(made)).text) == (way == "by telephone")


def test_one_that_ended_again_bears_the_day_of_the_last_time(
    app: Flask, time: Time, rita: int, ada: int, made: Made
) -> None:
    add_event(made.id, status=NO, message="We chose another.", actor_id=rita)
    add_event(made.id, EventKind.REVERTED, promised=FRIDAY, actor_id=rita)
    time.pass_by(days=2)
    add_event(made.id, status=NO, message="We chose another all the same.", actor_id=rita)
    reader = signed_in(app, ada)
    for target in (path(made), "/me/applications"):
        assert "this application ended on Friday 6 March 2026" in reader.get(target).text


def test_a_letter_about_one_that_ended_before_us_brings_no_ending_of_ours(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, status=NO)
    add_event(made.id, status=NO, message="How are you?", actor_id=rita)
    for target in (path(made), "/me/applications"):
        text = reader.get(target).text
        assert "ended before this page existed" in text
        assert "ended on" not in text
    text = reader.get(path(made)).text
    assert "We do not know: it ended before this page existed. Rita Sander can ask." in text
    assert "We do not know: it was decided outside these pages. Rita Sander can ask." in text


def test_an_open_question_is_said_with_its_day_and_admitted_after_it(
    app: Flask, reader: Browser, time: Time, ada: int, made: Made
) -> None:
    assert "waits for an answer" not in reader.get(path(made)).text
    ask_us(ada, "Is there a lift?", made.public_id)
    for target in (path(made), "/me/"):
        text = reader.get(target).text
        assert "Your question of Wednesday 4 March 2026 about Data Analyst waits for an answer." in text
        assert "We mean to answer by Thursday 5 March 2026." in text
    time.pass_by(days=2)
    reader = signed_in(app, ada)
    for target in (path(made), "/me/"):
        text = reader.get(target).text
        assert "We meant to answer by Thursday 5 March 2026 and have not. Rita Sander is asked to." in text


def test_a_question_waits_until_they_can_read_the_answer(reader: Browser, rita: int, ada: int, made: Made) -> None:
    ask_us(ada, "Is there a lift?", made.public_id)
    answer(ada, rita, "Yes.", made.public_id, is_hurried=True)
    assert "waits for an answer" in reader.get(path(made)).text
    settle_mail()
    assert "waits for an answer" not in reader.get(path(made)).text


def test_a_question_about_another_application_stands_only_there(
    reader: Browser, rita: int, ada: int, made: Made
) -> None:
    other = make_application(make_opening("Nurse"), rita, person_id=ada, promised=FRIDAY)
    ask_us(ada, "Is there a lift?", other.public_id)
    assert "waits for an answer" not in reader.get(path(made)).text
    assert "waits for an answer" in reader.get(path(other)).text


def test_whoever_we_do_not_reach_is_told_so_and_nobody_else(app: Flask, reader: Browser, ada: int, made: Made) -> None:
    with transaction():
        suppress("ada@example.org", code=550, words="No such mailbox", now=clock.now())
    for target in (path(made), "/me/", "/me/account", "/me/conversation"):
        page = reader.get(target)
        assert "Our mail to ada@example.org comes back." in page.text
        assert "/me/account/addresses/change" in page.links
    assert "comes back" not in signed_in(app, make_person("Bo Ek")).get("/me/").text
    with transaction():
        lift_suppression("ada@example.org", actor_id=ada, now=clock.now())
    assert "comes back" not in reader.get("/me/").text


def test_an_address_that_came_back_before_it_was_theirs_is_said_to_them_and_to_colleagues(
    app: Flask, rita: int
) -> None:
    with transaction():
        suppress(" Nora@Example.org", code=550, words="No such mailbox", now=clock.now())
    nora = make_person("Nora Berg", email="nora@example.org")
    words = "Our mail to nora@example.org comes back."
    reader = signed_in(app, nora)
    for target in ("/me/", "/me/account", "/me/conversation"):
        assert words in reader.get(target).text
    desk = signed_in(app, rita)
    card = f"/recruiting/candidates/{public_id_of(nora)}"
    assert words in desk.get(card).text
    with transaction():
        lift_suppression("nora@example.org", actor_id=rita, now=clock.now())
    assert "comes back" not in reader.get("/me/").text
    assert "comes back" not in desk.get(card).text


def test_a_follower_reads_nothing_of_questions_or_addresses(app: Flask, ada: int, made: Made) -> None:
    ask_us(ada, "Is there a lift?", made.public_id)
    with transaction():
        suppress("ada@example.org", code=550, words="No such mailbox", now=clock.now())
    browser = visitor(app)
    with browser.client.session_transaction() as cookie:
        cookie["following"] = {made.public_id: 2_000_000_000}
    text = browser.get(path(made)).text
    assert "waits for an answer" not in text
    assert "comes back" not in text


def test_after_the_second_note_it_says_who_is_asked_next(reader: Browser, made: Made) -> None:
    add_event(made.id, EventKind.HOLDING_NOTE, promised=TODAY, missed_on=MONDAY)
    assert "second in a row" not in reader.get(path(made)).text
    add_event(made.id, EventKind.HOLDING_NOTE, promised=FRIDAY, missed_on=TODAY)
    text = reader.get(path(made)).text
    assert "you hear from us by Friday 6 March 2026" in text
    assert "If nobody writes by Friday 6 March 2026, somebody else is asked." in text


@pytest.mark.parametrize(("is_ai_used", "version"), [(False, 1), (False, None), (True, 1), (None, None)])
def test_that_no_machine_decides_is_said_only_to_who_applied_here(
    reader: Browser, rita: int, ada: int, is_ai_used: bool | None, version: int | None
) -> None:
    opening_id = opening_of(make_published("Data Analyst", is_ai_used=is_ai_used, ai_words="It sorts."))
    one = make_application(opening_id, rita, person_id=ada, promised=FRIDAY, opening_version=version)
    is_known = is_ai_used is False and version is not None
    assert ("no machine decides" in reader.get(path(one)).text) == is_known


def test_who_decided_is_named(reader: Browser, rita: int, ada: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    one = make_application(make_opening(recruiter_id=rita, manager_id=hugo), rita, person_id=ada, promised=FRIDAY)
    add_event(one.id, status=NO, message="Our answer.", actor_id=rita)
    text = reader.get(path(one)).text
    assert "Rita Sander, who recruits for this opening at" in text
    assert "Hugo Berg, its hiring manager" in text


def test_whoever_was_told_not_yet_reads_when_they_hear_and_can_say_rather_not(
    app: Flask, reader: Browser, time: Time, rita: int, ada: int, made: Made
) -> None:
    add_event(made.id, status=NO, message="Not yet.", actor_id=rita)
    for day in (FRIDAY, date(2026, 6, 1)):
        make_task(rita, TaskKind.STAY_IN_TOUCH, due=day, about=made.public_id, person_id=ada)
    choose(ada, Purpose.CHECK_INS, True, source="test", now=clock.now())
    end_reading()
    page = reader.get(path(made))
    assert "Rita Sander writes to you around Friday 6 March 2026" in page.text
    assert [form for form in page.forms if form.action == f"{path(made)}/rather-not"]
    time.pass_by(days=5)
    text = signed_in(app, ada).get(path(made)).text
    assert "around Friday 6 March 2026. That day has passed, and Rita Sander is asked." in text


def test_days_that_fell_away_say_why(reader: Browser, rita: int, made: Made) -> None:
    facts: dict[str, Any] = {"stay_dropped_at": clock.now(), "stay_dropped_why": StayEnd.WROTE}
    add_event(made.id, status=NO, message="Not yet.", actor_id=rita, **facts)
    page = reader.get(path(made))
    assert "You wrote to us, so we talk" in page.text
    assert not [form for form in page.forms if form.action.endswith("/rather-not")]
