"""The pages of who may fit: looking, choosing, the preview, sending, taking back, and "not now" from the mail."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.fitting.jobs import ask_who_may_fit
from portal.fitting.models import Invitation
from portal.openings.actions import stop_accepting
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import START, Time
from tests.factories import (
    make_application,
    make_opening,
    make_published,
    make_staff,
    opening_id_of,
    public_id_of,
    signed_in,
    visitor,
)
from tests.fitting.fits import facts_of, give_mark, invite, member, say_yes, send_due
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(rita: int) -> str:
    return opening_id_of(make_published(recruiter_id=rita))


def fitting(opening: str) -> str:
    return f"/recruiting/openings/{opening}/fitting"


def count() -> int:
    end_reading()
    return session().scalar(select(func.count(Invitation.id))) or 0


def choose(desk: Browser, opening: str, *people: int) -> Page:
    """The page on which these people are written to."""
    asked = "&".join(f"who={public_id_of(one)}" for one in people)
    return desk.get(f"{fitting(opening)}/invite?{asked}")


def test_the_first_group_with_somebody_in_it_is_open(desk: Browser, opening: str, rita: int) -> None:
    member("Ada Lind", areas=["data"])
    page = desk.get(fitting(opening))
    assert page.heading == "Who may fit: Data Analyst"
    assert "Interested in Data" in page.text
    assert (
        f"/recruiting/candidates/{public_id_of(member('Bob Eriksen', areas=['data']))}"
        in desk.get(fitting(opening)).links
    )


def test_with_nobody_it_says_who_would_appear(desk: Browser, opening: str) -> None:
    page = desk.get(fitting(opening))
    assert "Nobody to invite here" in page.text
    assert "silver medal" in page.text


def test_who_is_left_out_is_a_count_with_its_reason(desk: Browser, opening: str) -> None:
    member("Ada Lind", areas=["data"])
    member("Secret Person", areas=["data"], says_yes=False)
    page = desk.get(f"{fitting(opening)}?why=area")
    assert "They have not said yes to job alerts, so we may not write to them about an opening. 1 person" in page.text
    assert "Secret Person" not in page.body


def test_nobody_is_scored_or_ranked(desk: Browser, opening: str) -> None:
    for name in ("Zora Zed", "Ada Lind", "Örjan Berg"):
        member(name, areas=["data"], knows=["SQL"] if name == "Zora Zed" else [])
    text = desk.get(f"{fitting(opening)}?why=area").text
    assert text.index("Ada Lind") < text.index("Zora Zed")
    assert "Nobody is scored or ranked" in text


def test_long_lists_page(desk: Browser, opening: str) -> None:
    for number in range(51):
        member(f"Person {number:02}", areas=["data"])
    first = desk.get(f"{fitting(opening)}?why=area")
    assert "51 people, page 1 of 2" in first.text
    assert "Person 50" in desk.get(f"{fitting(opening)}?why=area&page=2").text
    assert "Person 00" in desk.get(f"{fitting(opening)}?why=area&page=9").text


@pytest.mark.parametrize("asked", ["why=nonsense", "page=0", "page=x", "near=maybe"])
def test_what_makes_no_sense_in_the_address_breaks_nothing(desk: Browser, opening: str, asked: str) -> None:
    assert desk.get(f"{fitting(opening)}?{asked}").heading == "Who may fit: Data Analyst"


def test_hiring_managers_and_unknown_openings_find_nothing(app: Flask, desk: Browser, opening: str) -> None:
    hugo = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org"))
    for path in ("", "/invited", "/invite", "/sent/nothing"):
        hugo.get(fitting(opening) + path, expect=404)
        desk.get(fitting("nothing") + path, expect=404)


def test_a_draft_that_was_never_published_fits_nobody(desk: Browser, rita: int) -> None:
    make_opening("Nurse", recruiter_id=rita)
    end_reading()
    for one in desk.get("/recruiting/openings").links:
        if re.fullmatch(r"/recruiting/openings/[A-Za-z0-9]{12}", one):
            desk.get(f"{one}/fitting", expect=404)


def test_the_words_are_seen_before_they_go_and_can_be_changed(
    desk: Browser, opening: str, rita: int, time: Time
) -> None:
    ada = member("Ada Lind", areas=["data"], knows=["SQL"])
    page = choose(desk, opening, ada)
    why = f"why_{public_id_of(ada)}"
    form = page.form(having="message")
    assert form.values["message"].startswith("Hello Ada Lind,")
    assert form.values[why] == "You told us that Data interests you. You told us that you know SQL."
    assert [value for _name, value, _label in form.buttons] == ["preview"]
    seen = desk.submit(page, having="message", button="preview", **{why: "You gave that talk on tables."})
    assert "Rita Sander thought of you: Data Analyst" in seen.text
    assert "Why you: You gave that talk on tables." in seen.text
    assert count() == 0
    sent = desk.submit(seen, having="message", button="send")
    assert sent.heading == "Invited to apply: 1 person"
    time.pass_by(minutes=15)
    [(_kind, text)] = send_due()
    assert "You gave that talk on tables." in text


def test_what_lacks_is_said_beside_its_field_and_what_was_typed_stays(desk: Browser, opening: str) -> None:
    ada = member("Ada Lind", areas=["data"])
    empty = {f"why_{public_id_of(ada)}": "", "message": "Look {here}"}
    page = desk.submit(choose(desk, opening, ada), having="message", button="preview", expect=422, **empty)
    assert "Please say why you write to Ada Lind." in page.text
    assert page.form(having="message").values["message"] == "Look {here}"
    page = choose(desk, opening, ada)
    page = desk.submit(page, having="message", button="preview", expect=422, message="Look {here}")
    assert "Only {name} can stand in curly brackets." in page.text
    assert count() == 0


def test_who_cannot_be_invited_stands_beside_with_the_reason(desk: Browser, opening: str, rita: int) -> None:
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"])
    make_application(facts_of(opening).id, rita, person_id=bob)
    page = choose(desk, opening, ada, bob)
    assert "1 person: They have applied to this opening. Bob Eriksen" in page.text
    assert f"why_{public_id_of(bob)}" not in page.form(having="message").names
    alone = choose(desk, opening, bob)
    assert "Nobody of those you chose can be invited." in alone.text


def test_without_a_choice_one_is_asked_to_choose(desk: Browser, opening: str) -> None:
    page = desk.get(f"{fitting(opening)}/invite")
    assert "Please choose whom to invite first." in page.text
    assert page.heading == "Who may fit: Data Analyst"


def test_to_an_opening_that_is_closed_nobody_is_invited(desk: Browser, opening: str, rita: int) -> None:
    ada = member("Ada Lind", areas=["data"])
    page = choose(desk, opening, ada)
    stop_accepting(facts_of(opening).id, actor_id=rita, now=clock.now())
    desk.submit(page, having="message", button="send", expect=422)
    assert count() == 0
    assert "Nobody can apply to this opening any more" in desk.get(fitting(opening)).text


def test_many_are_told_apart_and_taken_back_together(desk: Browser, opening: str, time: Time) -> None:
    people = [member(f"Person {number:02}", areas=["data"]) for number in range(12)]
    page = choose(desk, opening, *people)
    assert page.form(having="message").values["message"].startswith("Hello {name},")
    page = desk.submit(page, having="message", button="send")
    assert page.heading == "Invited to apply: 12 people"
    assert "The rest goes on by itself." in page.text
    part = desk.client.get(f"{page.path}/progress")
    assert part.status_code == 200
    assert "<html" not in part.get_data(as_text=True)
    back = desk.submit(page, action="/take-back")
    assert "12 invitations were taken back." in back.text
    time.pass_by(minutes=15)
    assert send_due() == []


def test_sending_now_leaves_nothing_to_take_back(desk: Browser, opening: str) -> None:
    page = choose(desk, opening, member("Ada Lind", areas=["data"]))
    page = desk.submit(page, having="message", button="preview")
    desk.submit(page, having="message", button="now")
    assert len(send_due()) == 1


def test_why_a_mail_waits_is_said(app: Flask, opening: str, rita: int, time: Time) -> None:
    time.at = START + timedelta(hours=13)
    desk = signed_in(app, rita)
    round_id = invite(opening, rita, member("Ada Lind", areas=["data"]), is_hurried=True)
    assert send_due() == []
    page = desk.get(f"{fitting(opening)}/sent/{round_id}")
    assert "It is quiet time where they are." in page.text


def test_who_was_invited_stands_with_what_came_of_it(desk: Browser, opening: str, rita: int) -> None:
    ada = member("Ada Lind", areas=["data"])
    assert "Nobody was invited yet" in desk.get(f"{fitting(opening)}/invited").text
    invite(opening, rita, ada, is_hurried=True)
    assert len(send_due()) == 1
    page = desk.get(f"{fitting(opening)}/invited")
    assert "Ada Lind" in page.text
    assert "Nothing yet Sent on Wednesday 4 March 2026" in page.text
    make_application(facts_of(opening).id, rita, person_id=ada)
    assert "Applied Wednesday 4 March 2026" in desk.get(f"{fitting(opening)}/invited").text
    assert "Invited 1 Applied 1 Said “not now” 0" in desk.get(fitting(opening)).text


def not_now_of(text: str) -> str:
    found = re.search(r"http://[^/\s]+(/not-now/\S+)", text)
    assert found is not None
    return found[1]


def test_one_says_not_now_from_the_mail_without_signing_in(app: Flask, desk: Browser, opening: str, rita: int) -> None:
    invite(opening, rita, member("Ada Lind", areas=["data"]), is_hurried=True)
    [(_kind, text)] = send_due()
    link, browser = not_now_of(text), visitor(app)
    page = browser.get(link)
    assert page.heading == "Not just now?"
    assert "Not now" not in desk.get(f"{fitting(opening)}/invited").text, "looking says nothing"
    done = browser.submit(page, having="invitation")
    assert done.heading == "Thank you for telling us"
    assert "You said “not now” on Wednesday 4 March 2026." in done.text
    assert "Not now Wednesday 4 March 2026" in desk.get(f"{fitting(opening)}/invited").text
    assert "Ada Lind" not in desk.get(f"{fitting(opening)}?why=area").text


def test_a_forged_link_or_anothers_invitation_is_not_there(app: Flask, opening: str, rita: int) -> None:
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"])
    invite(opening, rita, ada, bob, is_hurried=True)
    links = [not_now_of(text) for _kind, text in send_due()]
    browser = visitor(app)
    browser.get(links[0][:-3] + "abc", expect=404)
    browser.get("/not-now/" + "A" * 43, expect=404)
    mine, other = (browser.get(link).form(having="invitation") for link in links)
    browser.post(mine.action, {**mine.values, "invitation": other.values["invitation"]}, expect=404)
    assert session().scalar(select(func.count(Invitation.not_now_at))) == 0


def test_the_task_leads_here_and_is_done_by_saying_so(desk: Browser, opening: str) -> None:
    ask_who_may_fit(clock.now())
    assert "See who may fit: Data Analyst" in desk.get("/recruiting/tasks").text
    page = desk.get(fitting(opening))
    assert state_of_task() is TaskState.DUE
    page = desk.submit(page, action="/seen")
    assert "The task is off your list" in page.text
    assert state_of_task() is TaskState.DONE
    ask_who_may_fit(clock.now())
    assert state_of_task() is TaskState.DONE


def test_inviting_somebody_finishes_the_task(desk: Browser, opening: str) -> None:
    ask_who_may_fit(clock.now())
    page = choose(desk, opening, member("Ada Lind", areas=["data"]))
    page = desk.submit(page, having="message", button="preview")
    desk.submit(page, having="message", button="send")
    assert state_of_task() is TaskState.DONE


def state_of_task() -> TaskState:
    end_reading()
    return session().scalars(select(Task.state).where(Task.kind == TaskKind.WHO_MAY_FIT)).one()


def test_no_page_of_a_candidate_tells_why_colleagues_thought_of_them(app: Flask, opening: str, rita: int) -> None:
    made = make_application(make_opening("Data Analyst"), rita, name="Silas", status=ApplicationStatus.NOT_SELECTED)
    give_mark(made.id, rita)
    say_yes(made.person_id)
    desk = signed_in(app, rita)
    page = desk.submit(choose(desk, opening, made.person_id), having="message", button="preview")
    desk.submit(page, having="message", button="now")
    [(_kind, text)] = send_due()
    held = signed_in(app, made.person_id).get("/me/privacy").text
    for words in (text, held, visitor(app).get(not_now_of(text)).text):
        assert "medal" not in words
        assert "A secret reason" not in words
    assert "You applied to us for Data Analyst." in held
