"""The conversation on the candidate's page and on the staff's."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import EventKind
from portal.conversations.models import ConversationMessage
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.states import TaskKind
from tests.conftest import Time, counted_statements
from tests.conversations.talking import answer, ask_us, open_tasks
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    public_id_of,
    settle_mail,
    signed_in,
    visitor,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)
OWN = "/me/conversation"
LIST = "/recruiting/conversations"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int, hugo: int) -> Made:
    person = make_person("Ada Lind", "ada@example.org")
    return make_application(
        make_opening("Data Analyst", manager_id=hugo), rita, person_id=person, promised=FRIDAY, source_stage="Panel 2B"
    )


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def home(app: Flask, ada: Made) -> Browser:
    return signed_in(app, ada.person_id)


def thread(made: Made) -> str:
    return f"{LIST}/{public_id_of(made.person_id)}"


def written() -> int:
    end_reading()
    return session().scalar(select(func.count(ConversationMessage.id))) or 0


# The candidate's page


def test_a_candidate_asks_about_an_application_and_reads_who_answers_by_when(home: Browser, ada: Made) -> None:
    page = home.get(f"{OWN}?application={ada.public_id}")
    assert page.form(having="message").values["application"] == ada.public_id
    assert "Rita Sander" in page.text
    page = home.submit(page, message="Is there a lift?")
    assert "Sent. Rita Sander is asked to answer by Thursday 5 March 2026." in page.text
    assert "Is there a lift?" in page.text
    assert "Data Analyst" in page.text


def test_the_page_names_who_can_read_it(home: Browser) -> None:
    make_staff("Omar Haddad")
    assert "Omar Haddad" in home.get(OWN).text


def test_many_colleagues_are_counted(home: Browser) -> None:
    for number in range(9):
        make_staff(f"Colleague {number}")
    assert "3 more colleagues" in home.get(OWN).text


def test_the_newest_stands_last(home: Browser, ada: Made, rita: int, time: Time) -> None:
    ask_us(ada.person_id, "First of all")
    answer(ada.person_id, rita, "In the middle", is_hurried=True)
    settle_mail()
    time.pass_by(minutes=1)
    ask_us(ada.person_id, "At the end")
    text = home.get(OWN).text
    assert text.index("First of all") < text.index("In the middle") < text.index("At the end")


def test_what_has_not_gone_is_not_on_their_page(home: Browser, ada: Made, rita: int) -> None:
    answer(ada.person_id, rita, "Not yet.")
    assert "Not yet." not in home.get(OWN).text


def test_nothing_written_is_a_message_beside_the_field(home: Browser) -> None:
    page = home.submit(home.get(OWN), message=" ", expect=422)
    assert "Please write what you want to say." in page.text
    assert written() == 0


def test_too_many_messages_keep_what_was_typed(home: Browser, ada: Made) -> None:
    for number in range(10):
        ask_us(ada.person_id, f"Message {number}")
    page = home.submit(home.get(OWN), message="What I really wanted to say", expect=429)
    assert page.form(having="message").values["message"] == "What I really wanted to say"
    assert "Your words are still here" in page.text
    assert written() == 10


def test_a_double_click_is_one_message(home: Browser) -> None:
    page = home.get(OWN)
    for _click in range(2):
        home.submit(page, message="Is there a lift?")
    assert written() == 1


def test_anothers_application_does_not_exist(app: Flask, ada: Made) -> None:
    bob = signed_in(app, make_person("Bob"))
    bob.get(f"{OWN}?application={ada.public_id}", expect=404)
    page = bob.get(OWN)
    values = page.form(having="message").values | {"message": "Hello", "application": ada.public_id}
    bob.post(OWN, values, expect=422)
    assert written() == 0


def test_who_is_not_signed_in_is_asked_to_even_when_they_follow_an_application(app: Flask, ada: Made) -> None:
    browser = visitor(app)
    with browser.client.session_transaction() as cookie:
        cookie["following"] = {ada.public_id: 2_000_000_000}
    answered = browser.get(OWN, follow=False, expect=303)
    assert answered.response.location.startswith("/sign-in")


def test_who_read_it_stands_there_only_when_they_said_so(home: Browser, desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id)
    page = desk.get(thread(ada))
    assert "read this on" not in home.get(OWN).text
    desk.submit(page, action="/read")
    assert "Rita Sander read this on Wednesday 4 March 2026" in home.get(OWN).text


def test_their_page_is_cheap(home: Browser, ada: Made, rita: int) -> None:
    for _number in range(5):
        ask_us(ada.person_id)
        answer(ada.person_id, rita)
    settle_mail()
    home.get(OWN)
    with counted_statements() as statements:
        home.get(OWN)
    assert len(statements) <= 7, statements


def test_a_question_bears_its_own_day_until_it_is_answered(
    app: Flask, home: Browser, ada: Made, rita: int, time: Time
) -> None:
    ask_us(ada.person_id, "Is there a lift?", ada.public_id)
    said = home.get(OWN).text
    assert "Is there a lift? We mean to answer by Thursday 5 March 2026." in said
    time.pass_by(days=2)
    home = signed_in(app, ada.person_id)
    said = home.get(OWN).text
    assert "We meant to answer by Thursday 5 March 2026 and have not. Rita Sander is asked to." in said
    # What is asked now has a day of its own.
    assert "We mean to answer by Monday 9 March 2026." in said
    answer(ada.person_id, rita, "Yes, there is.", ada.public_id, day=date(2026, 3, 20), reason="Later", is_hurried=True)
    settle_mail()
    assert "We meant to answer" not in home.get(OWN).text


def test_where_the_owner_was_silent_the_question_goes_to_whoever_was_asked(home: Browser, ada: Made, rita: int) -> None:
    alma = make_staff("Alma Reyes", Role.ADMIN)
    add_event(ada.id, EventKind.ESCALATED, promised=FRIDAY)
    make_task(alma, TaskKind.ESCALATED, about=ada.public_id, cause=f"application:{ada.public_id}")
    page = home.get(f"{OWN}?application={ada.public_id}")
    assert "Alma Reyes reads it first and is asked to answer" in page.text
    page = home.submit(page, message="When do I hear from you?")
    assert "Sent. Alma Reyes is asked to answer by" in page.text
    assert [task.owner_id for task in open_tasks()] == [alma]
    add_event(ada.id, promised=FRIDAY, message="Here I am.", actor_id=rita)
    assert "Rita Sander reads it first" in home.get(f"{OWN}?application={ada.public_id}").text


# The staff's list


def test_who_waits_longest_stands_on_top_with_the_days(desk: Browser, rita: int, ada: Made, time: Time) -> None:
    bob = make_application(make_opening("Nurse"), rita, name="Bob Eriksen", promised=FRIDAY)
    cleo = make_application(make_opening("Baker"), rita, name="Cleo Voss", promised=FRIDAY)
    ask_us(bob.person_id, application=bob.public_id)
    time.pass_by(days=3)
    ask_us(cleo.person_id)
    answer(cleo.person_id, rita)
    ask_us(ada.person_id)
    desk = signed_in(desk.app, rita)
    page = desk.get(LIST)
    assert page.text.index("Bob Eriksen") < page.text.index("Ada Lind") < page.text.index("Cleo Voss")
    assert "3 days" in page.text
    assert "Since today" in page.text
    only_waiting = desk.get(f"{LIST}?show=waiting").text
    assert "Ada Lind" in only_waiting
    assert "Cleo Voss" not in only_waiting


def test_a_recruiter_begins_with_what_is_theirs(desk: Browser, ada: Made) -> None:
    omar = make_staff("Omar Haddad")
    bob = make_application(make_opening("Nurse"), omar, name="Bob Eriksen", promised=FRIDAY)
    ask_us(bob.person_id, application=bob.public_id)
    ask_us(ada.person_id, application=ada.public_id)
    mine, everybodys = desk.get(LIST).text, desk.get(f"{LIST}?whose=all").text
    assert "Ada Lind" in mine
    assert "Bob Eriksen" not in mine
    assert "Bob Eriksen" in everybodys
    assert "Omar Haddad" in everybodys


def test_a_conversation_is_found_by_name_and_by_address(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id)
    for text in ("LIND", "ada@example"):
        assert "Ada Lind" in desk.get(f"{LIST}?q={text}").text
    for text in ("Bob", "%25", "_"):
        assert "No conversation fits" in desk.get(f"{LIST}?q={text}").text


def test_an_empty_list_says_what_would_fill_it(desk: Browser) -> None:
    assert "Nobody you look after has written" in desk.get(LIST).text
    assert "Nothing was said yet" in desk.get(f"{LIST}?whose=all").text


def test_the_list_is_paged(desk: Browser, rita: int) -> None:
    opening = make_opening()
    for number in range(51):
        ask_us(make_application(opening, rita, name=f"Person {number}", promised=FRIDAY).person_id)
    assert "51 conversations, page 1 of 2" in desk.get(LIST).text
    assert "Person 50" in desk.get(f"{LIST}?page=2").text
    desk.get(f"{LIST}?page=9")


def test_the_list_is_cheap(desk: Browser, rita: int) -> None:
    opening = make_opening()
    for number in range(5):
        ask_us(make_application(opening, rita, name=f"Person {number}", promised=FRIDAY).person_id)
    desk.get(LIST)
    with counted_statements() as statements:
        desk.get(LIST)
    assert len(statements) <= 6, statements


# One conversation


def test_a_recruiter_answers_from_the_task(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    (task,) = open_tasks()
    page = desk.get(f"/recruiting/tasks/{task.public_id}")
    assert thread(ada) in page.links
    page = desk.get(thread(ada))
    form = page.form(having="when")
    assert (form.values["application"], form.values["when"]) == (ada.public_id, "keep")
    page = desk.submit(page, having="when", message="Yes, there is.")
    assert "Yes, there is." in page.text
    assert "Nothing waits" in page.text
    assert open_tasks() == []


def test_somebody_without_an_open_application_is_promised_no_day(desk: Browser, rita: int) -> None:
    nora = make_person("Nora Member", "nora@example.org")
    ask_us(nora)
    page = desk.get(f"{LIST}/{public_id_of(nora)}")
    assert "By when they hear from us next" not in page.text
    page = desk.submit(page, having="message", message="Yes, there is.")
    assert "Nothing waits" in page.text


def test_a_day_that_is_missing_is_a_message_beside_the_field(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id, application=ada.public_id)
    page = desk.submit(desk.get(thread(ada)), having="when", message="Yes.", when="other", expect=422)
    assert "Please say by when they hear from us next." in page.text
    assert page.form(having="when").values["message"] == "Yes."


def test_the_second_of_two_reads_what_the_first_wrote_and_keeps_their_words(
    desk: Browser, ada: Made, rita: int
) -> None:
    ask_us(ada.person_id)
    page = desk.get(thread(ada))
    answer(ada.person_id, make_staff("Omar Haddad"), "Omar knows.")
    told = desk.submit(page, having="when", message="Rita knows better.", expect=409)
    assert "Omar knows." in told.text
    assert told.form(having="when").values["message"] == "Rita knows better."
    assert written() == 2
    desk.submit(told, having="when", message="Rita knows better.")
    assert written() == 3


def test_a_double_click_of_a_colleague_is_one_answer(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id)
    page = desk.get(thread(ada))
    for _click in range(2):
        desk.submit(page, having="when", message="Yes.")
    assert written() == 2


def test_an_answer_that_waits_is_taken_back_and_its_words_stand_in_the_form(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id)
    page = desk.submit(desk.get(thread(ada)), having="when", message="Not really.")
    assert "Goes at" in page.text or "Being sent" in page.text
    page = desk.submit(page, action="/take-back")
    assert "Taken back. Nothing was sent." in page.text
    assert page.form(having="when").values["message"] == "Not really."
    page = desk.submit(page, action="/throw-away")
    assert page.form(having="when").values["message"] == ""


def test_one_that_waits_goes_at_once_when_asked(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(thread(ada)), having="when", message="Hello Ada.")
    if any(form.action.endswith("/send-now") for form in page.forms):
        assert "It goes now." in desk.submit(page, action="/send-now").text


def test_taking_back_the_only_message_leads_to_a_page_that_is_there(desk: Browser, ada: Made) -> None:
    page = desk.submit(desk.get(thread(ada)), having="when", message="Hello Ada.")
    assert desk.submit(page, action="/take-back").status == 200


def test_needs_no_answer_asks_why(desk: Browser, home: Browser, ada: Made) -> None:
    ask_us(ada.person_id, "Thank you.")
    page = desk.get(thread(ada))
    page = desk.submit(page, reason="", expect=422)
    assert "so that colleagues need not guess" in page.text
    page = desk.submit(page, reason="Only thanks")
    assert "Rita Sander: it needs no answer. Only thanks" in page.text
    assert "Only thanks" not in home.get(OWN).body


def test_what_was_written_meanwhile_is_read_before_it_is_settled(desk: Browser, ada: Made) -> None:
    ask_us(ada.person_id, "Thank you.")
    page = desk.get(thread(ada))
    ask_us(ada.person_id, "One more thing?")
    told = desk.submit(page, reason="Only thanks", expect=409)
    assert "One more thing?" in told.text
    assert told.form(having="reason").values["reason"] == "Only thanks"
    assert len(open_tasks()) == 1


def test_an_answer_that_did_not_arrive_is_said_loudly(desk: Browser, ada: Made, rita: int) -> None:
    answer(ada.person_id, rita)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    page = desk.get(thread(ada))
    assert "What we wrote last did not arrive" in page.text
    assert "550 no such user" in page.text
    assert "Did not arrive" in desk.get(LIST).text


def test_a_hiring_manager_reads_what_is_about_their_openings_and_no_more(
    app: Flask, ada: Made, rita: int, hugo: int
) -> None:
    other = make_application(make_opening("Nurse"), rita, person_id=ada.person_id, promised=FRIDAY)
    browser = signed_in(app, hugo)
    ask_us(ada.person_id, "About the ward", other.public_id)
    browser.get(thread(ada), expect=404)
    assert "Ada Lind" not in browser.get(LIST).text
    ask_us(ada.person_id, "About the data", ada.public_id)
    ask_us(ada.person_id, "About nothing")
    for page in (browser.get(thread(ada)), browser.get(LIST)):
        assert "About the data" in page.text
        assert "About the ward" not in page.body
        assert "About nothing" not in page.body
        assert "Nurse" not in page.body
    page = browser.get(thread(ada))
    assert not any("message" in form.names for form in page.forms)
    token = next(form.values["csrf_token"] for form in page.forms if "csrf_token" in form.values)
    for end in ("", "/read", "/no-answer", "/throw-away"):
        browser.post(thread(ada) + end, {"csrf_token": token, "message": "x", "reason": "x"}, expect=404)
    assert written() == 3


def test_a_candidate_and_a_strangers_id_find_nothing(desk: Browser, home: Browser, ada: Made) -> None:
    ask_us(ada.person_id)
    home.get(thread(ada), expect=404)
    home.get(LIST, expect=404)
    desk.get(f"{LIST}/nobody", expect=404)
    desk.get(f"{LIST}/{public_id_of(make_person('Nora'))}", expect=404)


def test_a_colleague_begins_about_an_application(desk: Browser, ada: Made) -> None:
    page = desk.get(f"{thread(ada)}?application={ada.public_id}")
    assert page.form(having="when").values["application"] == ada.public_id
    desk.submit(page, having="when", message="Hello Ada.", button="now")
    end_reading()
    assert session().scalars(select(Delivery.kind)).one() == "conversations/reply_about"


def test_one_conversation_is_cheap(desk: Browser, ada: Made, rita: int) -> None:
    for _number in range(5):
        ask_us(ada.person_id, application=ada.public_id)
        answer(ada.person_id, rita)
    desk.get(thread(ada))
    with counted_statements() as statements:
        desk.get(thread(ada))
    assert len(statements) <= 7, statements
