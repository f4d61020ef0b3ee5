"""What candidates read of their applications, and what nobody else does."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.states import ENDINGS, OPEN_STATUSES, STATUS_LABELS, ApplicationStatus
from portal.core.db import transaction
from portal.people.models import Staff
from tests.conftest import Time, counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_person, make_staff, signed_in, visitor
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)
LIST = "/me/applications"
INTERNAL = {
    "source_stage": "Panel 2B",
    "source_status": "active-xyz",
    "source_reason": "Wants too much",
    "imported_tags": ["boomerang"],
    "channel": "Referral by Otto",
}


@pytest.fixture
def rita(app: Flask) -> int:
    person_id = make_staff("Rita Sander", email="rita@example.org")
    with transaction() as own:
        own.get_one(Staff, person_id).introduction = "Recruiter for data"
    return person_id


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind", "ada@example.org")


@pytest.fixture
def reader(app: Flask, ada: int) -> Browser:
    return signed_in(app, ada)


def path(made: Made) -> str:
    return f"{LIST}/{made.public_id}"


def mark(page: Page, name: str) -> str:
    found = page.find(name)
    return found.get(name, "") if found is not None else "-"


def say_first(page: Page) -> str:
    """The words of the first block, whatever follows."""
    assert page.tree is not None
    block = next(e for e in page.tree.iter() if e.get("class") == "say-first-text")
    return " ".join(" ".join(block.itertext()).split())


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_an_open_one_says_first_by_when_they_hear_and_from_whom(
    reader: Browser, rita: int, ada: int, status: ApplicationStatus
) -> None:
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, status=status, promised=FRIDAY)
    page = reader.get(path(made))
    assert "Rita Sander" in say_first(page)
    assert "Friday 6 March 2026" in say_first(page)
    assert mark(page, "data-status") == status.value
    time = page.find("data-next-update-by")
    assert time is not None
    assert time.tag.endswith("time")
    assert time.get("datetime") == "2026-03-06"
    assert page.heading == "Data Analyst"


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_one_that_ended_before_us_says_so_and_promises_nothing(
    reader: Browser, rita: int, ada: int, status: ApplicationStatus
) -> None:
    made = make_application(make_opening(), rita, person_id=ada, status=status)
    page = reader.get(path(made))
    assert "ended before this page existed" in say_first(page)
    assert str(STATUS_LABELS[status]) in say_first(page)
    assert mark(page, "data-status") == status.value
    assert page.find("data-next-update-by") is None


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_one_that_ended_here_says_how_and_keeps_the_letter(
    reader: Browser, rita: int, ada: int, status: ApplicationStatus
) -> None:
    made = make_application(make_opening(), rita, person_id=ada)
    add_event(made.id, status=status, message="Dear Ada, this is the letter.", actor_id=rita)
    page = reader.get(path(made))
    assert ("It has ended" in page.text) == (status is not ApplicationStatus.HIRED)
    assert "Nothing is open" not in page.text
    assert "Dear Ada, this is the letter." in page.text
    assert "before this page existed" not in page.text
    assert ("stay in touch" in page.text) == (status is not ApplicationStatus.HIRED)
    assert page.find("data-next-update-by") is None


def test_a_broken_promise_is_said_before_anything_else(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, promised=TODAY - timedelta(days=2))
    page = reader.get(path(made))
    assert say_first(page).startswith("We promised to write to you by Monday 2 March 2026")
    assert mark(page, "data-status") == "in_review"
    assert page.find("data-next-update-by") is not None


def test_a_promise_is_a_day_of_the_company_not_of_the_server(reader: Browser, time: Time, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, promised=TODAY)
    time.pass_by(hours=14, minutes=59)
    assert "That is today" in reader.get(path(made)).text
    time.pass_by(minutes=2)
    assert "We promised to write to you" in reader.get(path(made)).text


def test_who_to_ask_has_a_name_a_line_and_an_address(reader: Browser, rita: int, ada: int) -> None:
    page = reader.get(path(make_application(make_opening("C++ & Co"), rita, person_id=ada)))
    assert "Recruiter for data" in page.text
    assert "mailto:rita@example.org?subject=C%2B%2B%20%26%20Co" in page.links


def test_everything_so_far_is_there_newest_first_with_who_and_when(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, promised=FRIDAY, applied_on=date(2026, 2, 1))
    add_event(made.id, status=ApplicationStatus.IN_REVIEW, promised=FRIDAY, message="First word.", actor_id=rita)
    add_event(made.id, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY, message="Second word.", actor_id=rita)
    text = reader.get(path(made)).text.partition("What has happened so far")[2]
    marks = ["Interviewing from now on", "Second word.", "First word.", "came to this page", "Sent the application"]
    places = [text.index(one) for one in marks]
    assert places == sorted(places)
    assert "Wednesday 4 March 2026, 09:00" in text
    assert "Sunday 1 February 2026" in text


def test_steps_say_when_only_where_we_know_it(reader: Browser, rita: int, ada: int) -> None:
    status = ApplicationStatus.DECISION_PENDING
    made = make_application(make_opening(), rita, person_id=ada, status=status, applied_on=date(2026, 2, 1))
    way = reader.get(path(made)).text.partition("Where it stands")[2].partition("What has happened")[0]
    assert "Received , done Sunday 1 February 2026" in way
    assert "Decision pending , this is where you are" in way
    assert "Offer made , still to come" in way
    assert "4 March" not in way


def test_nothing_internal_is_on_any_page_of_theirs(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, promised=FRIDAY, **INTERNAL)
    make_application(make_opening(), rita, person_id=ada, status=ApplicationStatus.NOT_SELECTED, **INTERNAL)
    for page in (reader.get(path(made)), reader.get(LIST), reader.get("/me/")):
        for secret in ("Panel 2B", "active-xyz", "Wants too much", "boomerang", "Referral by Otto", "import"):
            assert secret not in page.text


def test_the_list_has_open_ones_first_by_date_and_ended_ones_below(reader: Browser, rita: int, ada: int) -> None:
    make_application(make_opening("Ended role"), rita, person_id=ada, status=ApplicationStatus.HIRED)
    make_application(make_opening("Later role"), rita, person_id=ada, promised=FRIDAY)
    make_application(make_opening("Sooner role"), rita, person_id=ada, promised=TODAY)
    page = reader.get(LIST)
    text = page.text
    assert text.index("Sooner role") < text.index("Later role") < text.index("Ended role")
    assert "2 are open" in text


def test_an_empty_list_says_what_would_fill_it(reader: Browser) -> None:
    page = reader.get(LIST)
    assert "No applications yet" in page.text
    assert "/me/preferences" in page.links


def test_other_applications_are_offered_on_each_page(reader: Browser, rita: int, ada: int) -> None:
    here = make_application(make_opening("This role"), rita, person_id=ada)
    other = make_application(make_opening("Other role"), rita, person_id=ada)
    page = reader.get(path(here))
    assert path(other) in page.links
    assert path(here) not in page.links


def test_nobody_elses_application_exists(app: Flask, reader: Browser, rita: int) -> None:
    other = make_application(make_opening("Secret role"), rita, name="Bo Ek")
    page = reader.get(path(other), expect=404)
    assert "Secret role" not in page.body
    reader.get(f"{LIST}/nothing", expect=404)
    # Not even for those who work on it: they have pages of their own.
    signed_in(app, rita).get(path(other), expect=404)


def test_a_visitor_is_asked_to_sign_in_and_comes_back(app: Flask, rita: int) -> None:
    made = make_application(make_opening("Secret role"), rita)
    for target in (path(made), f"{LIST}/nothing", LIST):
        response = visitor(app).client.get(target)
        assert response.status_code == 303
        assert response.location.startswith("/sign-in?next=")
        assert "Secret" not in response.get_data(as_text=True)


def test_what_people_wrote_is_text_whatever_it_holds(app: Flask, reader: Browser, ada: int) -> None:
    nasty = "<script>alert(1)</script> {{ 7*7 }} '\" \u202e"
    rita = make_staff(f"Rita {nasty[:40]}")
    made = make_application(make_opening(f"Role {nasty}"), rita, person_id=ada, promised=FRIDAY)
    add_event(made.id, promised=FRIDAY, message=nasty, actor_id=rita)
    for target in (path(made), LIST, "/me/"):
        assert "<script>alert" not in reader.get(target).body


def test_a_page_with_much_history_costs_no_more_statements(reader: Browser, rita: int, ada: int) -> None:
    made = make_application(make_opening(), rita, person_id=ada, promised=FRIDAY)
    with counted_statements() as few:
        reader.get(path(made))
    for number in range(20):
        add_event(made.id, promised=FRIDAY, message=f"Word {number}", actor_id=rita)
        make_application(make_opening(), rita, person_id=ada, promised=FRIDAY)
    with counted_statements() as many:
        reader.get(path(made))
    assert len(few) == len(many) <= 9
    with counted_statements() as listed:
        reader.get(LIST)
    # Two of them ask for the interviews that are ahead and the offers that wait.
    assert len(listed) <= 6
