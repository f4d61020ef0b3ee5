"""Saving /me/preferences: all of it or nothing, in two windows at once, and what waits is looked at again."""

from datetime import time as time_of_day
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.audit.models import AuditRecord
from portal.community.actions import join
from portal.community.queries import preferences_of
from portal.community.rules import Choices, ChosenElsewhere, Folded, Wishes, marks_of, parts_of, settled
from portal.community.states import CareerStage, WorkMode
from portal.company.rules import Hours
from portal.contact.actions import change_preferences, record_consent, stop
from portal.contact.queries import consent_states, contact_preferences
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION, TOPICS_WITH_RHYTHM, Preferences
from portal.contact.states import Budget, ConsentAction, MailClass, Purpose, Rhythm
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.mail import RenderedMail
from portal.outbox.actions import claim_next, enqueue, mark_sent
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.accounts import visitors
from tests.accounts.visitors import ADA, sign_in
from tests.conftest import Time
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
PAGE = "/me/preferences"
UPDATES, EVENTS = Purpose.INSIDER_UPDATES, Purpose.EVENTS


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to insider updates and job alerts."""
    person_id = visitors.join(ADA)
    join(person_id, [UPDATES, Purpose.JOB_ALERTS], clock.now())
    return person_id


@pytest.fixture
def hers(app: Flask, ada: int) -> Browser:
    own = Browser(app)
    sign_in(own)
    return own


def save(browser: Browser, page: Page | None = None, expect: int = 200, **values: Any) -> Page:
    return browser.submit(page or browser.get(PAGE), having="skills", expect=expect, **values)


def skills_of(person_id: int) -> list[str]:
    end_reading()
    return [skill.label for skill in preferences_of(person_id).skills]


def mail_of(person_id: int) -> Preferences:
    end_reading()
    return contact_preferences(person_id)


def send_news(person_id: int, number: int = 1) -> None:
    enqueue(
        RenderedMail(f"news-{number}", "updates/news", "News of March", "Hello.", "<p>Hello.</p>", "en"),
        to_address=ADA,
        to_name="Ada Lind",
        person_id=person_id,
        mail_class=MailClass.COMMUNITY,
        purpose=UPDATES,
        budget=Budget.COMMUNITY,
        cause="update:march",
        dedupe_key=f"news-{number}",
        now=clock.now(),
    )


def work() -> None:
    """A worker sends all that may go now."""
    while (claimed := claim_next("worker", clock.now())) is not None:
        mark_sent(claimed, clock.now())
    end_reading()


def states() -> list[DeliveryState]:
    end_reading()
    return list(session().scalars(select(Delivery.state).where(Delivery.kind == "updates/news").order_by(Delivery.id)))


def test_two_windows_that_change_different_things_both_count(hers: Browser, ada: int) -> None:
    first, second = hers.get(PAGE), hers.get(PAGE)
    save(hers, first, pause="open", skills="Python")
    page = save(hers, second, quiet="own", quiet_from="22:00", quiet_until="07:00", areas=["data"])
    assert "Saved." in page.text
    assert mail_of(ada) == Preferences(is_paused=True, quiet=Hours(time_of_day(22), time_of_day(7)))
    assert skills_of(ada) == ["Python"]
    assert preferences_of(ada).areas == ("data",)


def test_the_second_of_two_windows_is_told_and_keeps_what_was_typed(hers: Browser, ada: int) -> None:
    first, second = hers.get(PAGE), hers.get(PAGE)
    save(hers, first, skills="Python", pause="until", pause_until="2026-05-01")
    page = save(hers, second, expect=409, skills="Rust", pause="open", areas=["data"], rhythm_job_alerts="weekly")
    for words in (
        "you changed your preferences elsewhere",
        "Saved now: Python",
        "Saved now: a pause until Friday 1 May 2026",
    ):
        assert words in page.text
    values = page.form(having="skills").values
    assert (values["skills"].split(), values["pause"], values["areas"]) == (["Rust"], "open", ["data"])
    # All or nothing: not even what nobody else had touched.
    assert skills_of(ada) == ["Python"]
    assert preferences_of(ada).areas == ()
    assert mail_of(ada).rhythms == {}


def test_whoever_was_told_and_saves_once_more_has_decided(hers: Browser, ada: int) -> None:
    first, second = hers.get(PAGE), hers.get(PAGE)
    save(hers, first, skills="Python")
    told = save(hers, second, expect=409, skills="Rust")
    assert "Saved." in save(hers, told).text
    assert skills_of(ada) == ["Rust"]


def test_a_pause_by_a_mail_link_outlives_a_page_that_stood_open(hers: Browser, ada: int) -> None:
    old = hers.get(PAGE)
    change_preferences(ada, Preferences(is_paused=True), clock.now())
    save(hers, old, skills="Python")
    assert mail_of(ada).is_paused


def test_a_box_that_a_mail_link_emptied_meanwhile_does_not_stand_in_the_way(app: Flask) -> None:
    person_id = visitors.join(ADA)
    record_consent(
        person_id,
        EVENTS,
        ConsentAction.GIVEN,
        words=str(PURPOSE_WORDS[EVENTS]),
        text_version=TEXT_VERSION,
        locale="en",
        source="/events",
        now=clock.now(),
    )
    browser = Browser(app)
    sign_in(browser)
    old = browser.get(PAGE)
    stop(person_id, [EVENTS], source="/unsubscribe", now=clock.now())
    assert "Saved." in save(browser, old, skills="Python").text
    end_reading()
    assert not consent_states(person_id)[EVENTS].is_given
    assert skills_of(person_id) == ["Python"]


def test_saving_the_same_again_and_again_is_recorded_once(hers: Browser, ada: int) -> None:
    page = hers.get(PAGE)
    for _time in range(5):
        save(hers, page, skills="Python", pause="open")
    end_reading()
    count = select(func.count()).where(
        AuditRecord.action.in_(["community.change_preferences", "contact.change_preferences"])
    )
    assert session().scalar(count) == 2


def test_mail_that_waited_for_a_pause_goes_as_soon_as_it_ends(hers: Browser, ada: int, time: Time) -> None:
    save(hers, pause="open")
    send_news(ada)
    work()
    assert states() == [DeliveryState.QUEUED]
    time.pass_by(minutes=5)
    save(hers, pause="")
    work()
    assert states() == [DeliveryState.SENT]


def test_mail_that_waited_for_a_rhythm_goes_as_soon_as_it_is_widened(hers: Browser, ada: int, time: Time) -> None:
    save(hers, rhythm_insider_updates="monthly")
    for number in (1, 2):
        send_news(ada, number)
    work()
    assert states() == [DeliveryState.SENT, DeliveryState.QUEUED]
    time.pass_by(minutes=5)
    save(hers, rhythm_insider_updates="as_it_happens")
    work()
    assert states() == [DeliveryState.SENT, DeliveryState.SENT]


def test_what_still_may_not_go_goes_on_waiting(hers: Browser, ada: int, time: Time) -> None:
    save(hers, pause="open")
    send_news(ada)
    work()
    save(hers, skills="Python")
    work()
    assert states() == [DeliveryState.QUEUED]
    assert "News of March You asked for a pause." in hers.get(PAGE).text


def test_what_waited_is_stopped_at_once_when_the_yes_is_taken_back(hers: Browser, ada: int) -> None:
    save(hers, pause="open")
    send_news(ada)
    work()
    page = save(hers, consents=[])
    assert "News of March" not in page.text
    work()
    assert states() == [DeliveryState.CANCELLED]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"pause_until": "2026-05-01"}, "Choose “Until a day” as well, or empty this field."),
        ({"quiet_from": "22:00"}, "Choose “At my own hours” as well, or empty both fields."),
    ],
)
def test_half_an_answer_is_asked_about_and_not_forgotten(hers: Browser, values: dict[str, str], message: str) -> None:
    page = save(hers, expect=422, **values)
    assert message in page.text


def test_ending_a_pause_needs_no_tidying_up(hers: Browser, ada: int) -> None:
    page = save(hers, pause="until", pause_until="2026-05-01", quiet="own", quiet_from="22:00", quiet_until="07:00")
    save(hers, page, pause="", quiet="")
    assert mail_of(ada) == Preferences()


def test_a_pause_that_is_over_does_not_stand_in_the_way(hers: Browser, ada: int, time: Time) -> None:
    save(hers, pause="until", pause_until="2026-03-20")
    time.pass_by(days=30)
    page = hers.get(PAGE)
    assert page.form(having="pause").values["pause"] == ""
    assert "Saved." in save(hers, page, skills="Python").text


def test_surveys_stand_with_what_is_heard_also_for_who_said_yes_to_nothing(app: Flask) -> None:
    visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    page = browser.get(PAGE)
    assert "You have said yes to nothing" in page.text
    assert "surveys" in page.form(having="skills").names


def test_the_way_out_is_at_the_end_for_members_only(app: Flask, hers: Browser) -> None:
    assert "/me/leave" in hers.get(PAGE).links
    visitors.join("nora@demo.example", "Nora Berg")
    nora = Browser(app)
    sign_in(nora, "nora@demo.example")
    assert "/me/leave" not in nora.get(PAGE).links


ENTRIES = st.sampled_from([Folded("python", "Python"), Folded("rust", "Rust")])
CHOICES = st.builds(
    Choices,
    st.builds(
        Wishes,
        st.lists(st.sampled_from(["data", "product"]), unique=True).map(tuple),
        st.lists(ENTRIES, unique=True).map(tuple),
        st.just(()),
        st.sampled_from([None, *CareerStage]),
        st.lists(st.sampled_from(list(WorkMode)), unique=True).map(tuple),
    ),
    st.builds(
        Preferences,
        st.dictionaries(st.sampled_from(TOPICS_WITH_RHYTHM), st.sampled_from(list(Rhythm))),
        st.booleans(),
        quiet=st.sampled_from([None, Hours(time_of_day(22), time_of_day(7))]),
        is_without_surveys=st.booleans(),
    ),
)


def meanings(choices: Choices) -> dict[str, str]:
    return dict(pair.split(":") for pair in marks_of(choices).split())


@hypothesis_settings(max_examples=300)
@given(CHOICES, CHOICES, CHOICES)
def test_a_page_changes_what_was_moved_on_it_and_nothing_else(seen: Choices, kept: Choices, said: Choices) -> None:
    before, now, here = meanings(seen), meanings(kept), meanings(said)
    both = {part for part in now if before[part] not in {now[part], here[part]} and now[part] != here[part]}
    if both:
        with pytest.raises(ChosenElsewhere) as told:
            settled(kept, parts_of(said), marks_of(seen))
        assert set(told.value.parts) == both
    else:
        after = meanings(settled(kept, parts_of(said), marks_of(seen)))
        assert after == {part: now[part] if here[part] == before[part] else here[part] for part in now}


@given(CHOICES, CHOICES, st.text(max_size=40))
def test_a_page_with_made_up_marks_overwrites_nothing_in_silence(kept: Choices, said: Choices, seen: str) -> None:
    try:
        after = settled(kept, parts_of(said), seen)
    except ChosenElsewhere:
        return
    assert meanings(after) == meanings(kept)
