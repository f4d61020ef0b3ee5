"""The staff's home: who is owed a word today, the oldest promise first, in heaps where many are alike."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.jobs import look_for_lost_letters, remind_of_promises
from portal.applications.states import ApplicationStatus
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.states import ImportState, LabelKind
from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.outbox.states import DeliveryState
from portal.people.models import StaffAbsence
from portal.tasks.actions import escalate_task
from portal.tasks.states import TaskKind
from tests.conftest import Time, counted_statements
from tests.factories import make_application, make_opening, make_person, make_staff, make_task, settle_mail, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)
HOME = "/recruiting/"
_NS = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def lines(page: Page) -> list[str]:
    """What stands on the page: the days, and below each what is due for it, a line each."""
    found = (
        e for e in page.tree.iter() if e.tag == f"{_NS}h2" or (e.tag == f"{_NS}tr" and e.find(f"{_NS}td") is not None)
    )
    words = [" ".join(" ".join(e.itertext()).split()) for e in found]
    return [line for line in words if line != "Coming up"]


def test_when_nobody_waits_the_next_promise_is_named(desk: Browser, rita: int) -> None:
    make_application(make_opening(), rita, name="Ada Lind", promised=TODAY + timedelta(days=2))
    text = desk.get(HOME).text
    assert "Everybody has heard from you" in text
    assert "The next one is for Friday 6 March 2026, to Ada Lind." in text


def test_without_any_application_the_way_to_import_is_offered(desk: Browser) -> None:
    page = desk.get(HOME)
    assert "Nobody waits for a word" in page.text
    assert "/recruiting/imports" in page.links


def test_each_row_says_who_what_when_and_why(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    ada = make_application(opening, rita, name="Ada Lind", promised=TODAY - timedelta(days=2))
    make_application(opening, rita, name="Bo Ek", promised=TODAY + timedelta(days=9), changed_at=clock.now())
    page = desk.get(HOME)
    assert lines(page) == [
        "Promised for Monday 2 March 2026",
        "Ada Lind Data Analyst In review Write : Ada Lind",
        "Promised for Friday 13 March 2026",
        "Bo Ek The import says something changed Data Analyst In review Write : Bo Ek",
    ]
    assert "Promised for Monday 2 March 2026 2 days late" in page.text
    assert f"/recruiting/applications/{ada.public_id}#letter" in page.links


def test_the_oldest_promise_comes_first(desk: Browser, rita: int) -> None:
    opening = make_opening()
    for name, days in (("Third", 0), ("First", 9), ("Second", 4)):
        make_application(opening, rita, name=name, promised=TODAY - timedelta(days=days))
    text = desk.get(HOME).text
    assert text.index("First") < text.index("Second") < text.index("Third")


def test_what_is_promised_for_later_does_not_stand_here(desk: Browser, rita: int, time: Time) -> None:
    make_application(make_opening(), rita, name="Ada Lind", promised=TODAY + timedelta(days=1))
    assert "Waiting for a word" not in desk.get(HOME).text
    time.pass_by(days=1)
    again = signed_in(desk.app, rita)
    assert "Waiting for a word" in again.get(HOME).text


def test_what_comes_up_in_two_working_days_stands_below_with_a_draft(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    ada = make_application(opening, rita, name="Ada Lind", promised=TODAY + timedelta(days=2))
    make_application(opening, rita, name="Too Far", promised=TODAY + timedelta(days=5))
    make_application(opening, rita, name="Today", promised=TODAY)
    for name in ("Bo Ek", "Cy Moe"):
        make_application(opening, rita, name=name, promised=TODAY + timedelta(days=1))
    page = desk.get(HOME)
    below = page.text.partition("Coming up")[2]
    assert below.index("Bo Ek and Cy Moe Data Analyst, In review, promised for Thursday 5 March 2026") < below.index(
        "Ada Lind Data Analyst, In review, promised for Friday 6 March 2026"
    )
    assert "Too Far" not in below
    assert "Today" not in below
    assert f"/recruiting/applications/{ada.public_id}?draft=update#letter" in page.links


def test_what_comes_up_beyond_five_lines_is_counted_and_leads_to_the_list(desk: Browser, rita: int) -> None:
    for number in range(8):
        make_application(
            make_opening(f"Opening {number}"), rita, name=f"P {number}", promised=TODAY + timedelta(days=1)
        )
    page = desk.get(HOME)
    below = page.text.partition("Coming up")[2]
    assert "P 4" in below
    assert "P 5" not in below
    assert "3 more people are promised a word by Friday 6 March 2026." in below
    assert "P 7" in desk.get(next(link for link in page.links if "/applications?owner=" in link)).text


def test_the_largest_heap_of_a_day_comes_first(desk: Browser, rita: int) -> None:
    for title, size in (("Analyst", 1), ("Baker", 2), ("Welder", 4)):
        opening = make_opening(title)
        for number in range(size):
            make_application(opening, rita, name=f"{title} {number}")
    assert [line.partition(" Write")[0] for line in lines(desk.get(HOME))[1:]] == [
        "4 in review Welder 0 and 3 others Welder In review",
        "2 in review Baker 0 and Baker 1 Baker In review",
        "Analyst 0 Analyst In review",
    ]


def test_a_reminder_of_a_promise_is_no_second_line(desk: Browser, rita: int) -> None:
    make_application(make_opening(), rita, name="Ada Lind", promised=TODAY)
    remind_of_promises(clock.now())
    assert lines(desk.get(HOME))[1:] == ["Ada Lind Data Analyst In review Write : Ada Lind"]


def test_a_letter_on_its_way_takes_somebody_off_the_list(desk: Browser, rita: int) -> None:
    late = make_application(make_opening(), rita, promised=TODAY - timedelta(days=1))
    answer = {"status": "in_review", "message": "Still reading.", "when": "5", "date_reason": "We need more time."}
    desk.submit(desk.get(f"/recruiting/applications/{late.public_id}"), button="send", **answer)
    assert "Nobody waits for a word" in desk.get(HOME).text
    settle_mail()
    assert "Everybody has heard from you" in desk.get(HOME).text


def lose_a_letter(desk: Browser, public_id: str) -> None:
    page = desk.get(f"/recruiting/applications/{public_id}")
    desk.submit(page, button="send", message="A word.", when="5", date_reason="We need more time.")
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_letters(clock.now())


def test_a_letter_that_did_not_arrive_is_said_once_as_a_task(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    due = make_application(opening, rita, name="Ada Lind")
    coming = make_application(opening, rita, name="Bo Ek", promised=TODAY + timedelta(days=2))
    make_application(opening, rita, name="Cy Moe")
    for one in (due, coming):
        lose_a_letter(desk, one.public_id)
    page = desk.get(HOME)
    assert [line.partition(" Say how")[0].partition(" Write")[0] for line in lines(page)] == [
        "Due on Wednesday 4 March 2026",
        "Our letter to Ada Lind about Data Analyst did not arrive",
        "Our letter to Bo Ek about Data Analyst did not arrive",
        "Cy Moe Data Analyst In review",
    ]
    assert "Letters that did not arrive" not in page.text
    for one in (due, coming):
        assert "Our last letter did not arrive" in desk.get(f"/recruiting/applications/{one.public_id}").text


def test_an_admin_reads_of_it_once_too_and_a_colleague_reads_of_the_promise(
    app: Flask, desk: Browser, rita: int
) -> None:
    lose_a_letter(desk, make_application(make_opening(), rita, name="Ada Lind").public_id)
    admin = signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(f"{HOME}?whose=team")
    assert len([line for line in lines(admin) if "Ada Lind" in line]) == 1
    assert "Our letter to Ada Lind" in admin.text
    omar = signed_in(app, make_staff("Omar Haddad")).get(f"{HOME}?whose=team")
    assert [line for line in lines(omar) if "Ada Lind" in line] == [
        "Ada Lind Our letter did not arrive Data Analyst In review Rita Sander Write : Ada Lind"
    ]


def test_who_was_told_by_telephone_waits_for_the_day_in_the_letter(desk: Browser, rita: int, time: Time) -> None:
    ada = make_application(make_opening(), rita, name="Ada Lind", promised=TODAY + timedelta(days=1))
    lose_a_letter(desk, ada.public_id)
    asked = desk.submit(desk.get(HOME), action="/done")
    desk.submit(asked, having="how", how="telephone", happened_on=TODAY.isoformat())
    assert not any("Ada Lind" in line for line in lines(desk.get(HOME)))
    time.pass_by(days=1)
    assert not any("Ada Lind" in line for line in lines(signed_in(desk.app, rita).get(HOME)))
    time.pass_by(days=6)
    assert lines(signed_in(desk.app, rita).get(HOME))[1:] == ["Ada Lind Data Analyst In review Write : Ada Lind"]


def test_what_is_due_alike_is_one_line_that_leads_to_its_list(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    for name in ("Dee", "Ada Lind", "Cy", "Bo"):
        make_application(opening, rita, name=name)
    make_application(opening, make_staff("Otto Berg"), name="Of Otto")
    make_application(opening, rita, name="Tomorrow", promised=TODAY + timedelta(days=1))
    make_application(make_opening("Designer"), rita, name="Someone Else")
    page = desk.get(HOME)
    assert lines(page)[1:] == [
        "4 in review Ada Lind and 3 others Data Analyst In review Write : 4 in review, Data Analyst"
        " End : 4 in review, Data Analyst New date : 4 in review, Data Analyst",
        "Someone Else Designer In review Write : Someone Else",
    ]
    heap = desk.get(next(link for link in page.links if "/pipeline?due=y" in link))
    assert all(name in heap.text for name in ("Ada Lind", "Bo", "Cy", "Dee", "4 applications"))
    assert not any(name in heap.text for name in ("Of Otto", "Tomorrow", "Someone Else"))


def test_two_that_are_alike_are_both_named(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    for name in ("Bo Ek", "Ada Lind"):
        make_application(opening, rita, name=name)
    assert "2 in review Ada Lind and Bo Ek Data Analyst" in lines(desk.get(HOME))[1]


def test_another_status_or_day_is_another_line(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    for number in range(3):
        make_application(opening, rita, name=f"A {number}")
        make_application(opening, rita, name=f"B {number}", status=ApplicationStatus.INTERVIEWING)
        make_application(opening, rita, name=f"C {number}", promised=TODAY - timedelta(days=1))
    assert [line.partition(" Write")[0] for line in lines(desk.get(HOME))] == [
        "Promised for Tuesday 3 March 2026",
        "3 in review C 0 and 2 others Data Analyst In review",
        "Promised for Wednesday 4 March 2026",
        "3 in review A 0 and 2 others Data Analyst In review",
        "3 interviewing B 0 and 2 others Data Analyst Interviewing",
    ]


def test_a_line_says_what_went_wrong_for_some_of_its_people(desk: Browser, rita: int) -> None:
    opening = make_opening("Data Analyst")
    ada = make_application(opening, rita, name="Ada Lind")
    make_application(opening, rita, name="Bo Ek", changed_at=clock.now())
    desk.submit(
        desk.get(f"/recruiting/applications/{ada.public_id}"),
        button="send",
        message="A word.",
        when="5",
        date_reason="Busy.",
    )
    settle_mail(DeliveryState.DEAD, "550 no such user")
    (line,) = lines(desk.get(HOME))[1:]
    assert line.startswith("2 in review Ada Lind and Bo Ek 1 letter did not arrive 1 changed by an import Data Analyst")


def test_openings_of_one_name_are_two_lines(desk: Browser, rita: int) -> None:
    one, other = make_opening("Data Analyst"), make_opening("Data Analyst")
    for _ in range(2):
        make_application(one, rita, name="Ada Lind")
        make_application(other, rita, name="Bo Ek")
    assert [line[12:27] for line in lines(desk.get(HOME))[1:]] == ["Ada Lind and Ad", "Bo Ek and Bo Ek"]


def test_more_lines_than_a_page_holds_go_on_on_the_next(desk: Browser, rita: int) -> None:
    for number in range(60):
        make_application(make_opening(f"Opening {number:02}"), rita, name=f"Person {number:02}")
    first = desk.get(HOME)
    assert "60 people wait, page 1 of 2" in first.text
    second = desk.get(next(link for link in first.links if "page=2" in link))
    assert "Waiting for a word 60" in second.text
    names = {f"Person {number:02}" for number in range(60)}
    assert {name for name in names if name in first.text} | {name for name in names if name in second.text} == names
    assert desk.get(f"{HOME}?page=9").path.endswith("page=1")


def test_my_own_or_the_whole_team_stands_in_the_address(desk: Browser, rita: int) -> None:
    otto = make_staff("Otto Berg")
    make_application(make_opening(), rita, name="Mine")
    make_application(make_opening(), otto, name="Of Otto")
    own = desk.get(HOME)
    assert "Of Otto" not in own.text
    team = desk.get(next(link for link in own.links if "whose=team" in link))
    assert "Of Otto" in team.text
    assert "Otto Berg" in team.text


def test_a_hiring_manager_sees_what_is_due_for_their_own_openings(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    make_application(make_opening("Own role", manager_id=hugo), rita, name="Own Candidate")
    make_application(make_opening("Secret role"), rita, name="Other Candidate")
    page = signed_in(app, hugo).get(f"{HOME}?whose=team")
    assert "Own Candidate" in page.text
    assert "Other Candidate" not in page.text
    assert not any("#letter" in link for link in page.links)


def test_an_admin_begins_with_the_whole_team(app: Flask, rita: int) -> None:
    make_application(make_opening(), rita, name="Ada Lind")
    assert "Ada Lind" in signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(HOME).text


def test_an_admin_reads_what_is_left_to_set_up_and_a_recruiter_does_not(app: Flask, desk: Browser) -> None:
    page = signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(HOME)
    assert "9 steps are left to set up" in page.text
    assert "/recruiting/admin/" in page.links
    assert "left to set up" not in desk.get(HOME).text


def test_candidates_and_visitors_do_not_come_in(app: Flask) -> None:
    signed_in(app, make_person()).get(HOME, expect=404)


def an_import(rita: int, *, released: bool = False) -> None:
    with transaction() as own:
        source = Source(name="greenhouse", told_of_endings=None, columns={}, date_order="", created_at=clock.now())
        own.add(source)
        own.flush()
        own.add(
            Import(
                public_id="import000001",
                source_id=source.id,
                file_name="export.csv",
                state=ImportState.APPLIED,
                options={},
                findings={},
                rows_total=12,
                rows_done=12,
                added=12,
                changed=0,
                same=0,
                refused=0,
                problem="",
                created_by_id=rita,
                created_at=clock.now(),
                released_at=clock.now() if released else None,
            )
        )
        own.add(
            LabelMapping(
                source_id=source.id,
                kind=LabelKind.STAGE,
                label_key="panel 2b",
                label="Panel 2B",
                status=ApplicationStatus.INTERVIEWING if released else None,
            )
        )


def test_an_import_that_waits_and_labels_without_a_meaning_are_named(desk: Browser, rita: int) -> None:
    an_import(rita)
    make_application(make_opening(), rita, promised=TODAY + timedelta(days=9), is_held=True, import_ref="import000001")
    page = desk.get(HOME)
    assert "An import of 12 applications is held" in page.text
    assert "The first of them are promised a word by Friday 13 March 2026." in page.text
    assert "1 stage or end reason from greenhouse is not mapped" in page.text
    assert any(link.endswith("/release") for link in page.links)
    assert any(link.endswith("/labels") for link in page.links)


def test_a_released_and_mapped_import_is_no_longer_named(desk: Browser, rita: int) -> None:
    an_import(rita, released=True)
    assert "import" not in desk.get(HOME).text.partition("Today Wednesday")[2].partition("Nobody waits")[0]


def test_an_import_that_holds_nobody_is_not_named(desk: Browser, rita: int) -> None:
    an_import(rita)
    assert "is held" not in desk.get(HOME).text


def test_a_hiring_manager_hears_nothing_of_imports(app: Flask, rita: int) -> None:
    an_import(rita)
    assert "is held" not in signed_in(app, make_staff("Hugo Meier", Role.HIRING_MANAGER)).get(HOME).text


def a_task(owner_id: int, name: str = "Ada Lind", due: date = TODAY, kind: TaskKind = TaskKind.DEAD_LETTER) -> int:
    return make_task(owner_id, kind, due=due, person_id=make_person(name), title="Data Analyst")


def test_a_task_stands_on_its_day_among_what_was_promised(desk: Browser, rita: int) -> None:
    opening = make_opening("Designer")
    make_application(opening, rita, name="Bo Ek")
    make_application(opening, rita, name="Cy", promised=TODAY - timedelta(days=2))
    a_task(rita)
    a_task(rita, "Dee", due=TODAY - timedelta(days=1), kind=TaskKind.DEAD_ACCOUNT_LETTER)
    found = [line.partition(" Say how")[0].partition(" Open")[0] for line in lines(desk.get(HOME))]
    assert [line.partition(" Write")[0] for line in found] == [
        "Promised for Monday 2 March 2026",
        "Cy Designer In review",
        "Due on Tuesday 3 March 2026",
        "Our mail about the account of Dee did not arrive",
        "Due on Wednesday 4 March 2026",
        "Our letter to Ada Lind about Data Analyst did not arrive",
        "Bo Ek Designer In review",
    ]


def test_what_is_due_later_does_not_stand_here_yet(desk: Browser, rita: int) -> None:
    a_task(rita, due=TODAY + timedelta(days=1))
    assert "Ada Lind" not in desk.get(HOME).text


def test_many_tasks_of_a_kind_are_one_line_that_leads_to_their_list(desk: Browser, rita: int) -> None:
    for number in range(12):
        a_task(rita, f"Person {number:02}", due=TODAY - timedelta(days=number % 3))
    page = desk.get(HOME)
    assert [line.partition(" See all")[0] for line in lines(page)] == [
        "Due on Monday 2 March 2026",
        "12 letters did not arrive Person 02 and 11 others Deal with the oldest by Monday 2 March 2026",
    ]
    heap = desk.get(next(link for link in page.links if "kind=dead_letter" in link))
    assert "12 tasks" in heap.text
    assert "Person 11" in heap.text


def test_done_from_where_it_stands_and_taken_back(desk: Browser, rita: int) -> None:
    a_task(rita)
    make_application(make_opening(), rita, name="Bo Ek")
    done = desk.submit(desk.get(HOME), action="/done")
    assert done.path.startswith(HOME)
    assert "Done: Our letter to Ada Lind about Data Analyst did not arrive." in done.text
    assert "You did today" in done.text
    again = desk.submit(done, action="/reopen")
    assert "You did today" not in again.text
    assert any("Ada Lind" in line for line in lines(again))


def test_with_a_task_to_do_nobody_says_that_all_is_done(desk: Browser, rita: int) -> None:
    a_task(rita)
    text = desk.get(HOME).text
    assert "Nobody waits for a word" not in text
    assert "Everybody has heard" not in text


def test_what_is_too_late_stands_with_the_lead_as_well(app: Flask, rita: int) -> None:
    lena = make_staff("Lena Lead")
    escalate_task(a_task(rita, due=TODAY - timedelta(days=3)), lena, clock.now())
    assert "Too late with Rita Sander" in signed_in(app, lena).get(HOME).text


def test_the_tasks_of_others_are_the_teams(app: Flask, desk: Browser, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    a_task(omar, "Of Omar")
    assert "Of Omar" not in desk.get(f"{HOME}?whose=team").text
    page = signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(HOME)
    assert "Our letter to Of Omar about Data Analyst did not arrive Omar Haddad Say how" in page.text


def test_in_the_list_of_all_my_own_tasks_have_my_name(app: Flask) -> None:
    admin = make_staff("Mo Admin", Role.ADMIN)
    a_task(admin)
    text = signed_in(app, admin).get(HOME).text
    assert "Our letter to Ada Lind about Data Analyst did not arrive Mo Admin Say how" in text


def test_who_stands_in_sees_what_is_due_with_a_colleague_who_is_away(app: Flask, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    make_application(make_opening(), rita, name="Bo Ek")
    a_task(rita)
    with transaction() as own:
        own.add(
            StaffAbsence(
                public_id=new_public_id(),
                person_id=rita,
                stand_in_id=omar,
                from_on=TODAY,
                until_on=TODAY,
                created_at=clock.now(),
            )
        )
    browser = signed_in(app, omar)
    page = browser.get(HOME)
    assert "You stand in for Rita Sander" in page.text
    assert "For Rita Sander, who is away" in page.text
    assert "Bo Ek" in browser.get(next(link for link in page.links if "due=y" in link)).text


def test_sixty_tasks_and_four_hundred_due_cost_no_more_statements(desk: Browser, rita: int) -> None:
    with transaction():
        opening = make_opening("Data Analyst")
        for number in range(100):
            make_application(opening, rita, name=f"Person {number}")
        for number in range(60):
            kind = list(TaskKind)[number % len(TaskKind)]
            a_task(rita, f"Person {number}", due=TODAY - timedelta(days=number % 9), kind=kind)
    with counted_statements() as statements:
        page = desk.get(HOME)
    assert len(statements) <= 6
    assert "Tasks" in page.text
    assert len(page.response.data) < 70_000


def test_four_hundred_due_cost_a_handful_of_statements_and_little_weight(desk: Browser, rita: int) -> None:
    with transaction():
        for title in ("Data Analyst", "Designer", "Nurse", "Welder"):
            opening = make_opening(title)
            for number in range(100):
                make_application(opening, rita, name=f"Person {number}")
    with counted_statements() as statements:
        page = desk.get(HOME)
    assert len(statements) <= 6
    assert "400 people wait" in page.text
    assert len(page.response.data) < 70_000
