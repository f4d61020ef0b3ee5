"""Telling one or many that it takes longer: who gets a notice, who is left out and why, and how it is taken back."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import OneTimeToken
from portal.applications.actions import Delay, tell_of_delay, write_to_candidate
from portal.applications.jobs import go_on_with_changes
from portal.applications.models import ApplicationEvent, ChangeItem, ChangeOfMany
from portal.applications.queries import StaffFilter, StaffScope, find_application_of, find_for_staff
from portal.applications.queries.changes import find_change
from portal.applications.queries.delaying import affected_by_delay
from portal.applications.rules import LeftOut, Proposal, Standing, why_left_out
from portal.applications.states import ENDINGS, ApplicationStatus, EndReason, EventKind, ItemState
from portal.audit.models import AuditRecord
from portal.contact.actions import suppress
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.models import Delivery
from tests.conftest import START, Time, counted_statements
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_staff,
    primary_email,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TODAY, FRIDAY, MONDAY = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
REASON = "Hugo is away this week and wants to read every application himself."
LIST = "/recruiting/applications"
DELAY = f"{LIST}/delay"
NOTICE = {"when": "3", "date_reason": REASON}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def send_due() -> list[str]:
    """As a worker does; the kinds of what the mail server accepted."""
    kinds = []
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        assert mark_sent(claimed, clock.now())
        kinds.append(claimed.letter.kind)
    end_reading()
    return kinds


def promised(made: Made) -> date | None:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.next_update_by


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def group(rita: int, size: int) -> list[Made]:
    opening = make_opening("Nurse")
    return [make_application(opening, rita, name=f"Person {number:03}", promised=TODAY) for number in range(size)]


def test_everybody_in_the_list_is_told_and_their_page_says_the_new_day_and_why(
    app: Flask, desk: Browser, rita: int, time: Time
) -> None:
    made = group(rita, 3)
    other = make_application(make_opening("Baker"), rita, promised=FRIDAY)
    page = desk.get(f"{LIST}?promised={TODAY}")
    page = desk.get(next(link for link in page.links if link.startswith(DELAY)))
    assert "3 people get a mail of their own." in page.text
    preview = desk.submit(page, having="date_reason", button="preview", **NOTICE)
    assert "What Person 000 will read" in preview.text
    assert "It takes longer: you hear from us by Monday 9 March 2026." in preview.text
    assert "It goes at 09:15." in preview.text
    assert count(Delivery) == 0
    page = desk.submit(preview, having="date_reason", button="send")
    assert page.heading == "It takes longer: 3 people"
    assert "Notices written 3" in page.text
    assert send_due() == []
    time.at = START + timedelta(minutes=15)
    assert send_due() == ["applications/delayed"] * 3
    assert [promised(one) for one in made] == [MONDAY] * 3
    assert promised(other) == FRIDAY
    assert REASON in signed_in(app, made[0].person_id).get(f"/me/applications/{made[0].public_id}").text


def everything() -> list[tuple[str, int]]:
    """How much there is of all that telling somebody writes."""
    end_reading()
    tables = (ApplicationEvent, Delivery, ChangeOfMany, ChangeItem, AuditRecord, OneTimeToken)
    return [(table.__tablename__, count(table)) for table in tables]


def test_the_worker_goes_on_with_those_who_were_shown_and_looking_tells_nobody(desk: Browser, rita: int) -> None:
    group(rita, 102)
    page = desk.get(f"{DELAY}?promised={TODAY}")
    page = desk.submit(page, having="date_reason", button="send", **NOTICE)
    assert page.heading == "It takes longer: 102 people"
    assert "The rest goes on by itself." in page.text
    newcomer = make_application(make_opening("Baker"), rita, promised=TODAY)
    before = everything()
    for _again in range(3):
        page = desk.get(page.path)
        desk.get(f"{page.path}?promised={TODAY}")
        desk.client.get(page.find("data-poll").get("data-poll"))
    assert everything() == before
    go_on_with_changes(clock.now())
    end_reading()
    told = session().execute(select(ApplicationEvent.application_id).where(ApplicationEvent.kind == EventKind.MOVED))
    assert len(set(told.scalars())) == count(Delivery) == 102
    settle_mail()
    assert promised(newcomer) == TODAY
    assert "Notices written 102" in desk.get(page.path).text


def test_who_came_after_the_page_was_opened_is_not_told(desk: Browser, rita: int) -> None:
    made = group(rita, 2)
    page = desk.get(f"{DELAY}?promised={TODAY}")
    newcomer = make_application(make_opening("Baker"), rita, name="New Comer", promised=TODAY)
    page = desk.submit(page, having="date_reason", button="preview", **NOTICE)
    assert "2 people get a mail of their own." in page.text
    assert "New Comer" not in page.text
    page = desk.submit(page, having="date_reason", button="now")
    assert page.heading == "It takes longer: 2 people"
    settle_mail()
    assert [promised(one) for one in (*made, newcomer)] == [MONDAY, MONDAY, TODAY]


def test_sending_the_same_page_twice_tells_nobody_twice(desk: Browser, rita: int) -> None:
    group(rita, 3)
    page = desk.get(DELAY)
    desk.submit(page, having="date_reason", button="send", **NOTICE)
    again = desk.submit(page, having="date_reason", button="send", expect=422, **NOTICE)
    assert "Nobody here would be told." in again.text
    assert count(Delivery) == 3


def test_all_notices_are_taken_back_and_leave_no_trace(app: Flask, desk: Browser, rita: int) -> None:
    made = group(rita, 52)
    page = desk.submit(desk.get(DELAY), having="date_reason", button="send", **NOTICE)
    claim_next("a-worker", START + timedelta(minutes=15))
    page = desk.submit(desk.get(page.path), action="take-back")
    assert "49 notices were taken back. Nothing of them was sent." in page.text
    assert "2 were not begun." in page.text
    assert "1 had gone already." in page.text
    go_on_with_changes(clock.now())
    end_reading()
    assert count(ApplicationEvent) == 53
    assert [promised(one) for one in made] == [TODAY] * 52


def test_somebody_who_is_left_out_is_named_with_the_reason(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")

    def make(name: str, **facts: object) -> Made:
        return make_application(opening, rita, name=name, **{"promised": TODAY, **facts})  # type: ignore[arg-type]

    make("Told Person")
    make("Held Person", is_held=True)
    make("Later Person", promised=date(2026, 3, 20))
    make("Ended Person", status=ApplicationStatus.NOT_SELECTED)
    bounced, written, ending = make("Bounced Person"), make("Written Person"), make("Ending Person")
    suppress(primary_email(bounced.person_id), code=550, words="no such user", now=clock.now())
    for one, status in ((written, ApplicationStatus.INTERVIEWING), (ending, ApplicationStatus.NOT_SELECTED)):
        view = find_for_staff(one.public_id, scope(rita))
        assert view is not None
        why = EndReason.MISSING_SKILL if status in ENDINGS else None
        letter = Proposal(status, "A word.", FRIDAY, "Hugo is away.", end_reason=why)
        seen = view.newest_event_id
        write_to_candidate(one.public_id, scope=scope(rita), proposal=letter, seen_event_id=seen, now=clock.now())
    end_reading()
    page = desk.submit(desk.get(DELAY), having="date_reason", button="preview", **NOTICE)
    told, _, left_out = page.text.partition("Who is told")[2].partition("Who is left out")
    assert "1 person Told Person" in told
    for words in (
        "Their application has ended. Ended Person",
        "They came with an import that is held. Held Person",
        "An ending waits to go to them. Ending Person",
        "A letter is on its way to them. Written Person",
        "so they have to be told another way. Bounced Person",
        "They were promised word on this day or later. Later Person",
    ):
        assert words in left_out


def test_for_one_application_from_its_page(desk: Browser, rita: int) -> None:
    made = group(rita, 2)[0]
    page = desk.get(f"{LIST}/{made.public_id}")
    page = desk.get(next(link for link in page.links if link.startswith(DELAY)))
    assert "1 person gets a mail of their own." in page.text
    assert [label for name, _value, label in page.form(having="date_reason").buttons if name == "do"] == ["Preview"]
    page = desk.submit(page, having="date_reason", button="preview", **NOTICE)
    page = desk.submit(page, having="date_reason", button="now")
    assert page.heading == "It takes longer: 1 person"
    assert send_due() == ["applications/delayed"]
    assert promised(made) == MONDAY
    assert f"{LIST}/{made.public_id}" in page.links


@pytest.mark.only("sqlite")  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"when": "3", "date_reason": " "}, "Please say why. They will read it."),
        ({"date_reason": REASON}, "Please say by when they hear from us next."),
        ({"next_update_by": "2026-03-07", "date_reason": REASON}, "Nobody works here on Saturday 7 March 2026."),
        ({"next_update_by": "2026-09-07", "date_reason": REASON}, "Please choose a day within the next 90 days."),
    ],
)
def test_what_is_missing_stands_beside_its_field_and_the_words_stay(
    desk: Browser, rita: int, values: dict[str, str], sentence: str
) -> None:
    group(rita, 2)
    page = desk.submit(desk.get(DELAY), having="date_reason", button="send", expect=422, **values)
    assert page.text.count(sentence) >= 2
    assert page.form(having="date_reason").values["date_reason"].strip() == values["date_reason"].strip()
    assert count(Delivery) == 0


@pytest.mark.only("sqlite")  # who may do what does not depend on the database
def test_only_who_may_write_tells_anybody_and_nobody_sees_the_notices_of_another(
    app: Flask, desk: Browser, rita: int
) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    opening = make_opening(manager_id=hugo)
    make_application(opening, rita, promised=TODAY)
    page = desk.submit(desk.get(DELAY), having="date_reason", button="send", **NOTICE)
    manager = signed_in(app, hugo)
    assert "Tell them it takes longer" not in manager.get(LIST).text
    manager.get(DELAY, expect=404)
    manager.get(page.path, expect=404)
    signed_in(app, make_staff("Otto Berg")).get(page.path, expect=404)
    desk.get(f"{DELAY}?only=nobody", expect=404)
    desk.get(f"{LIST}/delayed/nothing", expect=404)


def test_a_colleague_who_wrote_meanwhile_keeps_one_from_being_told_and_not_the_others(rita: int) -> None:
    first, second = group(rita, 2)
    affected = affected_by_delay(StaffFilter(), scope(rita), TODAY, MONDAY)
    add_event(first.id, status=ApplicationStatus.NOT_SELECTED, message="We chose somebody else.", actor_id=rita)
    end_reading()
    change_id = tell_of_delay(affected, scope=scope(rita), delay=Delay(MONDAY, REASON), now=clock.now())
    end_reading()
    view = find_change(change_id, rita)
    assert view is not None
    assert [one.public_id for one in view.having(ItemState.LEFT_OUT)] == [first.public_id]
    assert view.told_count == 1
    settle_mail()
    assert promised(second) == MONDAY


def test_whoever_was_moved_a_minute_ago_gets_one_mail_with_both(desk: Browser, rita: int, time: Time) -> None:
    made = group(rita, 1)[0]
    page = desk.get(f"{LIST}/{made.public_id}/move")
    desk.submit(page, having="status", button="send", status="interviewing", when="3", date_reason="Rita is ill.")
    page = desk.submit(
        desk.get(DELAY), having="date_reason", button="send", next_update_by="2026-03-12", date_reason=REASON
    )
    time.pass_by(hours=2)
    assert send_due() == ["applications/moved"]
    assert promised(made) == date(2026, 3, 12)


def test_four_hundred_cost_no_more_statements_than_four(desk: Browser, rita: int) -> None:
    group(rita, 2)
    group(rita, 2)
    desk.get(DELAY)
    with counted_statements() as few:
        desk.get(DELAY)
    group(rita, 60)
    with counted_statements() as many:
        page: Page = desk.get(DELAY)
    assert "64 people get a mail of their own." in page.text
    assert len(many) == len(few) <= 8


@pytest.mark.parametrize("status", sorted(ApplicationStatus))
def test_nobody_whose_application_has_ended_is_told(status: ApplicationStatus) -> None:
    standing = Standing(status, TODAY, is_held=False, has_address=True, is_suppressed=False, status_on_its_way=None)
    assert (why_left_out(standing, MONDAY) is LeftOut.ENDED) == (status in ENDINGS)
