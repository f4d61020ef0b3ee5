"""What a candidate tells us about an interview, and who hears of it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.interviews.actions.wishing import take_back_wish, tell_us
from portal.interviews.rules.own import NotGood, NotNow, TooOften
from portal.interviews.states import InterviewState, WishKind
from portal.people.actions import note_absence
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.conftest import Time
from tests.factories import Made, make_person, make_staff, signed_in
from tests.interviews.meeting import TUESDAY, change, mails, make_candidate, proposed, row_of, wishes_of
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def ada(app: Flask, made: Made) -> Browser:
    return signed_in(app, made.person_id)


@pytest.fixture
def agreed(made: Made, rita: int, hugo: int) -> str:
    return make_interview(made.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])


def tell(made: Made, one: str, kind: WishKind, **said: object) -> None:
    tell_us(made.person_id, one, kind, now=clock.now(), **said)  # type: ignore[arg-type]  # words or minutes


def owed() -> list[tuple[int, str, date]]:
    tasks = session().scalars(
        select(Task).where(Task.kind == TaskKind.INTERVIEW_WISH).where(Task.state.in_(OPEN_STATES)).order_by(Task.id)
    )
    return [(task.owner_id, task.about, task.due_on) for task in tasks]


def test_running_late_is_one_tap_and_the_answer_says_whom_to_call(
    ada: Browser, rita: int, hugo: int, agreed: str, time: Time
) -> None:
    time.at = TUESDAY - timedelta(minutes=20)
    page = ada.submit(ada.get(f"/me/interviews/{agreed}"), action="/late", having="minutes")
    assert page.heading == "You are running late"
    assert "tel:+48221234567" in page.links
    assert "They know now" in page.text
    assert wishes_of(agreed) == [("running_late", "", True)]
    assert [(mail.person_id, mail.subject) for mail in mails()] == [
        (rita, "The candidate is running late: Talk with the team"),
        (hugo, "The candidate is running late: Talk with the team"),
    ]
    assert owed() == [], "nothing is left to answer"
    assert "They know since Tuesday 10 March 2026" in ada.get(f"/me/interviews/{agreed}").text


def test_running_late_is_offered_on_the_day_itself_alone(ada: Browser, agreed: str, time: Time) -> None:
    for at, is_offered in ((TUESDAY - timedelta(hours=15), False), (TUESDAY - timedelta(hours=13), True)):
        time.at = at
        page = ada.get(f"/me/interviews/{agreed}").text
        assert ("I am running late" in page) == is_offered
        assert ("Running late? On Tuesday 10 March 2026 itself a button stands here for that." in page) != is_offered
        assert "I cannot come" in page


def test_by_how_much_is_told_when_they_know(ada: Browser, agreed: str, time: Time) -> None:
    time.at = TUESDAY + timedelta(minutes=5)
    page = ada.submit(ada.get(f"/me/interviews/{agreed}"), action="/late", having="minutes", minutes="15")
    assert "By about 15 minutes." in page.text
    assert "late by about 15 minutes" in mails()[0].text


def test_late_said_the_day_before_is_heard_again_on_the_day(
    made: Made, rita: int, hugo: int, agreed: str, time: Time
) -> None:
    for at, mails_so_far in ((TUESDAY - timedelta(days=1), 2), (TUESDAY, 4), (TUESDAY + timedelta(minutes=1), 4)):
        time.at = at
        tell(made, agreed, WishKind.RUNNING_LATE)
        assert len(mails()) == mails_so_far


def test_mails_to_colleagues_name_nobody_and_repeat_nothing(made: Made, agreed: str) -> None:
    tell(made, agreed, WishKind.CANNOT_COME)
    tell(made, agreed, WishKind.ANOTHER_TIME, words="My daughter is ill.")
    for mail in mails():
        assert "Ada" not in mail.text + mail.subject + mail.html
        assert "daughter" not in mail.text + mail.html
        assert f"/recruiting/interviews/{agreed}" in mail.text


def test_cannot_come_is_one_tap_and_somebody_owes_the_answer(ada: Browser, rita: int, hugo: int, agreed: str) -> None:
    page = ada.submit(ada.get(f"/me/interviews/{agreed}"), action="/cannot-come")
    assert page.heading == "You cannot come"
    assert "Rita Sander answers you" in page.text
    assert owed() == [(rita, agreed, date(2026, 3, 4))]
    assert [mail.person_id for mail in mails()] == [rita, hugo]
    assert row_of(agreed).state is InterviewState.CONFIRMED
    assert "You told us that you cannot come on" in ada.get(f"/me/interviews/{agreed}").text


def test_they_can_come_after_all(ada: Browser, agreed: str) -> None:
    page = ada.submit(ada.get(f"/me/interviews/{agreed}"), action="/cannot-come")
    page = ada.submit(page, action="/after-all")
    assert "The time stays as it was" in page.text
    assert "Your interview is on Tuesday 10 March 2026, 14:00" in page.text
    assert owed() == []
    assert [mail.subject.partition(":")[0] for mail in mails()] == [
        *["The candidate cannot come"] * 2,
        *["The candidate can come after all"] * 2,
    ]


def test_the_same_tap_twice_tells_it_once(made: Made, agreed: str) -> None:
    tell(made, agreed, WishKind.CANNOT_COME)
    tell(made, agreed, WishKind.CANNOT_COME)
    assert len(mails()) == 2
    assert len(wishes_of(agreed)) == 1


def test_none_of_the_times_fits_and_they_say_which_would(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}/another-time")
    page = ada.submit(page, having="words", words="Mornings, and never on a Monday.")
    assert "a person answers you" in page.text
    assert "You asked for another time" in page.text
    assert wishes_of(one) == [("another_time", "Mornings, and never on a Monday.", True)]
    assert owed() == [(rita, one, date(2026, 3, 4))]
    assert [mail.person_id for mail in mails()] == [rita], "the panel is not bothered yet"
    assert "Take this time" in page.text, "one of those proposed may fit after all"


def test_another_time_needs_words(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}/another-time")
    page = ada.submit(page, having="words", words="   ", expect=422)
    assert "Please say in a few words which times would suit you." in page.text
    page = ada.submit(page, having="words", words="x" * 2001, expect=422)
    assert page.form(having="words").values["words"] == "x" * 2001
    with pytest.raises(NotGood):
        tell(made, one, WishKind.ANOTHER_TIME, words="\u200b")


def test_they_decline_with_or_without_words(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.submit(ada.get(f"/me/interviews/{one}/decline"), having="words")
    assert "You told us that you would rather not have this interview." in page.text
    assert wishes_of(one) == [("declined", "", True)]
    assert len(owed()) == 1


def test_they_change_their_mind_about_a_time_until_it_begins(ada: Browser, made: Made, agreed: str, time: Time) -> None:
    page = ada.submit(ada.get(f"/me/interviews/{agreed}/another-time"), having="words", words="Any other day.")
    assert "Until there is a new one, the time you have is yours." in page.text
    page = ada.submit(page, action="/after-all")
    assert owed() == []
    time.at = TUESDAY
    assert ada.get(f"/me/interviews/{agreed}/another-time").path == f"/me/interviews/{agreed}"
    with pytest.raises(NotNow):
        tell(made, agreed, WishKind.ANOTHER_TIME, words="Later.")


def test_after_it_nothing_is_told_any_more(ada: Browser, made: Made, agreed: str, time: Time) -> None:
    page = ada.get(f"/me/interviews/{agreed}")
    time.at = TUESDAY + timedelta(minutes=45)
    page = ada.submit(page, action="/cannot-come")
    assert "its time has come" in page.text
    assert "Your interview was on" in page.text
    assert mails() == []
    with pytest.raises(NotNow):
        tell(made, agreed, WishKind.RUNNING_LATE)


def test_one_that_was_called_off_takes_no_taps(ada: Browser, agreed: str, time: Time) -> None:
    time.at = TUESDAY - timedelta(hours=1)
    page = ada.get(f"/me/interviews/{agreed}")
    change(agreed, state=InterviewState.CANCELLED, closed_at=clock.now())
    page = ada.submit(page, action="/late", having="minutes")
    assert "was called off" in page.text
    assert mails() == []


def test_several_wishes_are_one_task(made: Made, rita: int, agreed: str) -> None:
    tell(made, agreed, WishKind.ANOTHER_TIME, words="Any other day.")
    tell(made, agreed, WishKind.CANNOT_COME)
    assert len(owed()) == 1
    assert [waits for _kind, _words, waits in wishes_of(agreed)] == [False, True]


def test_who_stands_in_hears_of_it(made: Made, rita: int, hugo: int, agreed: str) -> None:
    otto = make_staff("Otto Wolf")
    days = (date(2026, 3, 4), date(2026, 3, 9))
    note_absence(rita, otto, *days, actor_id=rita, today=days[0], now=clock.now())
    tell(made, agreed, WishKind.CANNOT_COME)
    assert otto in [mail.person_id for mail in mails()]


def test_it_cannot_be_told_without_end(made: Made, agreed: str) -> None:
    for _ in range(5):
        tell(made, agreed, WishKind.RUNNING_LATE, minutes=5)
        tell(made, agreed, WishKind.RUNNING_LATE, minutes=10)
    with pytest.raises(TooOften):
        tell(made, agreed, WishKind.RUNNING_LATE, minutes=15)


def test_nobody_tells_it_for_somebody_else(app: Flask, made: Made, agreed: str) -> None:
    with pytest.raises(NotFound):
        tell_us(make_person("Bob"), agreed, WishKind.CANNOT_COME, now=clock.now())
    with pytest.raises(NotFound):
        take_back_wish(make_person("Bob"), agreed, now=clock.now())
