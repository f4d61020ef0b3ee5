"""A letter that failed for good leaves the page as it was, and its owner says how the candidate was told."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.actions import AnotherWay, tell_another_way, write_to_candidate
from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_application_of, find_for_staff
from portal.applications.rules import GoneAlready, Proposal
from portal.applications.states import ApplicationStatus, Channel, EndReason, EventKind
from portal.audit.models import AuditRecord
from portal.contact.queries import contact_preferences
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.actions import retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from portal.tasks.states import TaskState
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
TODAY, FRIDAY, MONDAY = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
NO = Proposal(
    ApplicationStatus.NOT_SELECTED, "We have chosen somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
)
MEET = Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", MONDAY, "Hugo is away.")
RANG = AnotherWay(Channel.TELEPHONE, TODAY, None, "")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=FRIDAY)


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def view_of(made: Made, rita: int) -> StaffView:
    end_reading()
    found = find_for_staff(made.public_id, scope(rita))
    assert found is not None
    return found


def lose(made: Made, rita: int, proposal: Proposal) -> str:
    """A letter that did not arrive; the public id of its event."""
    seen = view_of(made, rita).newest_event_id
    write_to_candidate(made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=seen, now=clock.now())
    settle_mail(DeliveryState.DEAD, "refused 550 no such user")
    return view_of(made, rita).newest_event_id


def tell(made: Made, rita: int, event_id: str, way: AnotherWay = RANG) -> None:
    tell_another_way(made.public_id, event_id, way, scope=scope(rita), now=clock.now())
    end_reading()


def the_task() -> Task:
    end_reading()
    return session().scalars(select(Task)).one()


def path(made: Made) -> str:
    return f"/recruiting/applications/{made.public_id}"


def ask(desk: Browser, made: Made) -> Page:
    page = desk.get(path(made))
    return desk.get(next(link for link in page.links if link.endswith("/told")))


def test_the_page_asks_how_they_were_told_and_then_says_it(app: Flask, desk: Browser, rita: int, ada: Made) -> None:
    lose(ada, rita, NO)
    candidate = signed_in(app, ada.person_id)
    assert "We have chosen somebody else." not in candidate.get(f"/me/applications/{ada.public_id}").text
    page = ask(desk, ada)
    assert "We have chosen somebody else." in page.text
    page = desk.submit(page, having="how", how="telephone", happened_on="2026-03-04")
    assert "Noted. It stands on their page from now on." in page.text
    assert page.find("data-status").get("data-status") == "not_selected"
    assert "Our last letter did not arrive" not in page.text
    text = candidate.get(f"/me/applications/{ada.public_id}").text
    assert "We have chosen somebody else." in text


def test_their_page_can_tell_them_with_the_day_of_the_letter(desk: Browser, rita: int, ada: Made) -> None:
    lose(ada, rita, MEET)
    desk.submit(ask(desk, ada), having="how", how="here")
    found = find_application_of(ada.person_id, ada.public_id)
    assert found is not None
    assert (found.status, found.next_update_by) == (ApplicationStatus.INTERVIEWING, MONDAY)
    assert (found.events[0].kind, found.events[0].message) == (EventKind.TOLD_HERE, MEET.message)
    assert found.events[0].date_reason == "Hugo is away."


def test_how_and_when_are_kept(rita: int, ada: Made) -> None:
    tell(ada, rita, lose(ada, rita, NO))
    event = session().scalars(select(ApplicationEvent).order_by(ApplicationEvent.id.desc())).first()
    assert event is not None
    assert (event.channel, event.happened_on, event.delivery_id) == (Channel.TELEPHONE, TODAY, None)
    assert event.actor_id == rita


def test_the_task_about_the_letter_is_settled_and_none_comes_after(rita: int, ada: Made) -> None:
    event_id = lose(ada, rita, NO)
    jobs.look_for_lost_letters(clock.now())
    assert the_task().state is TaskState.DUE
    tell(ada, rita, event_id)
    assert (the_task().state, the_task().closed_by_id) == (TaskState.DONE, rita)
    jobs.look_for_lost_letters(clock.now() + timedelta(days=1))
    assert the_task().state is TaskState.DONE


def test_told_before_the_job_made_a_task_none_is_left_open(rita: int, ada: Made) -> None:
    tell(ada, rita, lose(ada, rita, NO))
    jobs.look_for_lost_letters(clock.now())
    assert the_task().state is TaskState.DONE


def test_who_was_told_that_they_were_not_selected_rests_for_a_week_from_then(rita: int, ada: Made, time: Time) -> None:
    event_id = lose(ada, rita, NO)
    time.pass_by(days=2)
    tell(ada, rita, event_id, AnotherWay(None, None, None, ""))
    told = time.at
    for _day in range(3):
        jobs.count_rests(time.at)
        assert contact_preferences(ada.person_id).rests_until == told + timedelta(days=7)
        time.pass_by(days=1)
        end_reading()


def test_a_day_that_has_passed_meanwhile_is_chosen_anew(desk: Browser, rita: int, ada: Made, time: Time) -> None:
    lose(ada, rita, MEET)
    time.at += timedelta(days=7)
    desk = signed_in(desk.app, rita)
    page = desk.submit(ask(desk, ada), having="how", how="here", expect=422)
    assert "Please say by when they hear from us next." in page.text
    desk.submit(page, having="how", how="here", when="3")
    assert find_application_of(ada.person_id, ada.public_id).next_update_by == date(2026, 3, 16)


@pytest.mark.only("sqlite")  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Please say how they were told."),
        ({"how": "telephone"}, "Please say on which day they were told."),
        ({"how": "letter", "happened_on": "2026-03-05"}, "This day is still to come."),
        ({"how": "letter", "happened_on": "2026-03-03"}, "That is before the letter was written."),
        ({"how": "pigeon", "happened_on": "2026-03-04"}, "Not a valid choice"),
    ],
)
def test_what_is_missing_stands_beside_its_field(
    desk: Browser, rita: int, ada: Made, values: dict[str, str], sentence: str
) -> None:
    lose(ada, rita, NO)
    page = desk.submit(ask(desk, ada), having="how", expect=422, **values)
    assert page.text.count(sentence) >= 2
    assert find_application_of(ada.person_id, ada.public_id).status is ApplicationStatus.IN_REVIEW


def test_a_letter_that_is_tried_again_or_followed_by_another_asks_nobody(rita: int, ada: Made) -> None:
    event_id = lose(ada, rita, MEET)
    retry_dead_letter(session().scalars(select(Delivery.key)).one(), may_lift=False, actor_id=rita, now=clock.now())
    with pytest.raises(GoneAlready):
        tell(ada, rita, event_id)
    settle_mail(DeliveryState.DEAD, "refused 550 no such user")
    lose(ada, rita, MEET)
    with pytest.raises(GoneAlready):
        tell(ada, rita, event_id)


def test_telling_twice_tells_once(desk: Browser, rita: int, ada: Made) -> None:
    lose(ada, rita, NO)
    page = ask(desk, ada)
    desk.submit(page, having="how", how="here")
    again = desk.submit(page, having="how", how="telephone", happened_on="2026-03-04")
    assert "Something has happened since." in again.text
    kinds = session().scalars(select(ApplicationEvent.kind).order_by(ApplicationEvent.id)).all()
    assert kinds == [EventKind.IMPORTED, EventKind.MESSAGE, EventKind.TOLD_HERE]


def test_it_is_recorded_without_the_words(rita: int, ada: Made) -> None:
    tell(ada, rita, lose(ada, rita, NO))
    wanted = select(AuditRecord).where(AuditRecord.action == "applications.tell_another_way")
    record = session().scalars(wanted).one()
    assert record.details == {"status_after": "not_selected", "channel": "telephone"}


@pytest.mark.only("sqlite")  # who may do what does not depend on the database
def test_only_who_may_write_and_only_of_this_letter(app: Flask, desk: Browser, rita: int, ada: Made) -> None:
    event_id = lose(ada, rita, NO)
    desk.get(f"{path(ada)}/letters/another/told", expect=404)
    other = make_application(make_opening(), rita)
    desk.get(f"{path(other)}/letters/{event_id}/told", expect=404)
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_application(make_opening(manager_id=hugo), rita)
    lost = lose(own, rita, NO)
    browser = signed_in(app, hugo)
    assert "Say how they were told" not in browser.get(path(own)).text
    browser.get(f"{path(own)}/letters/{lost}/told", expect=404)
