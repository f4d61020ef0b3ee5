"""The list of tasks and the page of one: who sees which, and what can be done there."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.people.actions import change_staff
from portal.people.models import StaffAbsence
from portal.tasks.actions import escalate_task, finish_task
from portal.tasks.states import TaskKind
from tests.factories import (
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    public_id_of,
    signed_in,
    task_id_of,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)
LIST = "/recruiting/tasks"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def page_of(task_id: int) -> str:
    return f"{LIST}/{task_id_of(task_id)}"


def a_letter(owner_id: int, name: str = "Ada Lind", due: date = TODAY) -> int:
    made = make_application(make_opening("Data Analyst"), owner_id, name=name, promised=TODAY + timedelta(days=9))
    return make_task(owner_id, due=due, person_id=made.person_id, title="Data Analyst", about=made.public_id)


def test_without_tasks_the_page_says_what_would_stand_there(desk: Browser) -> None:
    page = desk.get(LIST)
    assert "You owe nothing" in page.text
    assert "/recruiting/" in page.links


def test_each_task_says_what_it_is_when_and_where_it_is_done(desk: Browser, rita: int) -> None:
    one = a_letter(rita, due=TODAY - timedelta(days=2))
    page = desk.get(LIST)
    assert "Our letter to Ada Lind about Data Analyst did not arrive" in page.text
    assert "Monday 2 March 2026 2 days late You" in page.text
    assert page_of(one) in page.links
    assert any(link.startswith("/recruiting/applications/") for link in page.links)


def test_one_task_says_first_what_to_do(desk: Browser, rita: int) -> None:
    page = desk.get(page_of(a_letter(rita)))
    assert page.heading == "Our letter to Ada Lind about Data Analyst did not arrive"
    assert "Your turn Due today. Call them or write to another address" in page.text
    target = next(link for link in page.links if link.startswith("/recruiting/applications/"))
    assert "Ada Lind" in desk.get(target).text


def test_done_and_taken_back_in_one_tap_each(desk: Browser, rita: int) -> None:
    page = desk.get(page_of(a_letter(rita)))
    done = desk.submit(page, action="/done")
    assert "Done: Our letter to Ada Lind" in done.text
    assert "Rita Sander said so." in done.text
    again = desk.submit(done, action="/reopen")
    assert "To do again" in again.text
    assert "Due today." in again.text


def test_it_goes_to_a_colleague_with_a_word(app: Flask, desk: Browser, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    one = a_letter(rita)
    page = desk.get(page_of(one))
    desk.submit(page, action="/hand-over", to=public_id_of(omar), why="You know her from school.")
    desk.get(page_of(one), expect=404)
    there = signed_in(app, omar).get(page_of(one)).text
    assert "Handed over to Omar Haddad." in there
    assert "You know her from school." in there


def test_a_word_why_is_asked_for_and_what_was_chosen_stays(desk: Browser, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    page = desk.get(page_of(a_letter(rita)))
    refused = desk.submit(page, action="/hand-over", expect=422, to=public_id_of(omar), why="")
    assert "Please say in a word why" in refused.text
    assert refused.form(having="to").values["to"] == public_id_of(omar)


def test_only_colleagues_who_can_do_it_are_offered(desk: Browser, rita: int) -> None:
    make_staff("Hugo Meier", Role.HIRING_MANAGER)
    make_staff("Omar Haddad")
    text = desk.get(page_of(a_letter(rita))).text
    assert "Omar Haddad" in text
    assert "Hugo Meier" not in text


def test_a_note_stands_there_for_colleagues(desk: Browser, rita: int) -> None:
    page = desk.get(page_of(a_letter(rita)))
    noted = desk.submit(page, action="/note", words="She has moved; I wait for her call.")
    assert "She has moved; I wait for her call." in noted.text
    assert "Please write what you want to note." in desk.submit(page, action="/note", words=" ", expect=422).text


def test_those_that_were_ticked_are_done_together(desk: Browser, rita: int) -> None:
    ids = [a_letter(rita, f"Person {number}") for number in range(3)]
    page = desk.get(LIST)
    after = desk.submit(page, having="task", button="done", task=[task_id_of(one) for one in ids[:2]])
    assert "2 tasks are done." in after.text
    assert "Person 2" in after.text
    assert "Person 0" not in after.text
    finished = desk.get(f"{LIST}?state=closed").text
    assert "Person 0" in finished
    assert "Wednesday 4 March 2026 Rita Sander" in finished


def test_those_that_were_ticked_go_over_together(app: Flask, desk: Browser, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    ids = [task_id_of(a_letter(rita, f"Person {number}")) for number in range(3)]
    page = desk.get(LIST)
    wrong = desk.submit(page, having="task", button="hand_over", expect=422, task=ids[:2], to="", why="")
    assert "Nothing was handed over yet." in wrong.text
    assert wrong.form(having="task").values["task"] == ids[:2]
    values = {"task": ids[:2], "to": public_id_of(omar), "why": "I am away."}
    after = desk.submit(page, having="task", button="hand_over", **values)
    assert "2 tasks were handed over." in after.text
    assert "Person 1" in signed_in(app, omar).get(LIST).text


def test_nothing_ticked_changes_nothing(desk: Browser, rita: int) -> None:
    a_letter(rita)
    assert "Please choose at least one task first." in desk.submit(desk.get(LIST), having="task", expect=422).text


def test_nobody_does_what_they_cannot_see(app: Flask, desk: Browser, rita: int) -> None:
    others = task_id_of(a_letter(make_staff("Omar Haddad")))
    a_letter(rita)
    page = desk.get(LIST)
    token = page.form(having="task").values["csrf_token"]
    desk.post(LIST, {"csrf_token": token, "task": others, "do": "done"}, expect=422)
    for what in ("done", "reopen", "hand-over", "note"):
        desk.post(f"{LIST}/{others}/{what}", {"csrf_token": token, "words": "x"}, expect=404)
    desk.get(f"{LIST}/{others}", expect=404)


def test_a_lead_sees_what_their_team_owes(app: Flask, rita: int) -> None:
    lena, omar = make_staff("Lena Lead"), make_staff("Omar Haddad")
    with transaction():
        change_staff(rita, role=Role.RECRUITER, lead_id=lena, is_active=True)
    a_letter(rita, "Of Rita")
    a_letter(omar, "Of Omar")
    lead = signed_in(app, lena)
    assert "You owe nothing" in lead.get(LIST).text
    team = lead.get(f"{LIST}?whose=team").text
    assert "Of Rita" in team
    assert "Of Omar" not in team


def test_who_leads_nobody_is_offered_no_team(desk: Browser, rita: int) -> None:
    a_letter(make_staff("Omar Haddad"), "Of Omar")
    page = desk.get(f"{LIST}?whose=team")
    assert "My team's" not in page.text
    assert "Of Omar" not in page.text


def test_an_admin_sees_all(app: Flask, rita: int) -> None:
    a_letter(rita, "Of Rita")
    admin = signed_in(app, make_staff("Mo Admin", Role.ADMIN))
    assert "Of Rita" in admin.get(f"{LIST}?whose=team").text


def test_what_came_up_to_a_lead_is_theirs_too(app: Flask, desk: Browser, rita: int) -> None:
    lena = make_staff("Lena Lead")
    one = a_letter(rita, due=TODAY - timedelta(days=3))
    escalate_task(one, lena, clock.now())
    assert "Too late" in desk.get(LIST).text
    page = signed_in(app, lena).get(page_of(one))
    assert "With Rita Sander" in page.text
    assert "Two working days late: Lena Lead looks after it too." in page.text


def test_the_stand_in_sees_what_is_due_while_somebody_is_away(app: Flask, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    one = a_letter(rita)
    browser = signed_in(app, omar)
    browser.get(page_of(one), expect=404)
    be_away(rita, omar)
    assert "Ada Lind" in browser.get(LIST).text
    browser.get(page_of(one))


def be_away(person_id: int, stand_in_id: int) -> None:
    with transaction() as own:
        own.add(
            StaffAbsence(
                public_id=new_public_id(),
                person_id=person_id,
                stand_in_id=stand_in_id,
                from_on=TODAY,
                until_on=TODAY,
                created_at=clock.now(),
            )
        )


def test_the_list_is_narrowed_in_the_address(desk: Browser, rita: int) -> None:
    a_letter(rita)
    make_task(rita, TaskKind.IMPORT_TO_RELEASE, title="people.csv")
    page = desk.get(f"{LIST}?kind=import_to_release")
    assert "The import of people.csv waits to be released" in page.text
    assert "Ada Lind" not in page.text
    assert "No task fits" in desk.get(f"{LIST}?kind=handed_over").text
    assert "Ada Lind" in desk.get(f"{LIST}?kind=nonsense&whose=nobody&state=7").text


def test_more_than_a_page_holds_goes_on(desk: Browser, rita: int) -> None:
    with transaction():
        for number in range(60):
            make_task(rita, title=f"Opening {number}")
    page = desk.get(LIST)
    assert "60 tasks, page 1 of 2" in page.text
    assert "Opening 59" in desk.get(next(link for link in page.links if "page=2" in link)).text


def test_a_hiring_manager_has_tasks_too(app: Flask) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    make_task(hugo, TaskKind.HANDED_OVER, person_id=make_staff("Gone Colleague"), about=public_id_of(hugo))
    assert "Gone Colleague left: take over their work" in signed_in(app, hugo).get(LIST).text


def test_candidates_do_not_come_in(app: Flask) -> None:
    signed_in(app, make_person()).get(LIST, expect=404)


def test_finishing_twice_says_so(desk: Browser, rita: int) -> None:
    one = a_letter(rita)
    page = desk.get(page_of(one))
    finish_task(one, actor_id=None, now=clock.now())
    after = desk.submit(page, action="/done")
    assert "This was finished already." in after.text
    assert "Its reason has gone, so it is done." in after.text


def test_the_mail_of_the_morning_is_switched_off_and_on(desk: Browser) -> None:
    off = desk.submit(desk.get(LIST), action="/morning-mail", button="no")
    assert "You switched it off." in off.text
    assert "You get it." in desk.submit(off, action="/morning-mail", button="yes").text


def test_a_way_back_never_leads_elsewhere(desk: Browser, rita: int) -> None:
    one = a_letter(rita)
    form = desk.get(page_of(one)).form(action="/done")
    answer = desk.client.post(form.action, data={**form.values, "back": "https://evil.example/"})
    assert answer.location == page_of(one)
