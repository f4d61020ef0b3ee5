"""Writing less by a link from a mail: one press, without signing in, and nothing by looking."""

import base64

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.contact.actions import change_preferences, choose, stop
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states, contact_preferences, verdict_for
from portal.contact.rules import (
    TOPICS_WITH_RHYTHM,
    Less,
    Link,
    Never,
    Preferences,
    Wanted,
    link_subject,
    read_link,
    reduced,
    slower_choices,
)
from portal.contact.states import Budget, ConsentAction, MailClass, Purpose, Rhythm, Timing, WhyNot
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token, signed_token
from portal.privacy.actions import erase_person, merge_people
from tests.accounts.visitors import ADA, NORA, import_person
from tests.conftest import START, Time
from tests.contact import links
from tests.pages import Browser, is_named
from tests.whole_site.routes import fingerprint

pytestmark = pytest.mark.both_in_soak
UPDATES, ALERTS = Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS
SURVEY = Wanted(MailClass.SURVEY, None, Timing.AT_ONCE, Budget.NONE)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to insider updates and job alerts."""
    person_id = import_person()
    for purpose in (UPDATES, ALERTS):
        choose(person_id, purpose, True, source="/join", now=clock.now())
    return person_id


def given_to(person_id: int) -> set[Purpose]:
    end_reading()
    return {purpose for purpose, state in consent_states(person_id).items() if state.is_given}


def entries(person_id: int) -> int:
    end_reading()
    return len(session().scalars(select(ConsentEvent).where(ConsentEvent.person_id == person_id)).all())


def gets_surveys(person_id: int) -> bool:
    end_reading()
    return verdict_for(person_id, ADA, SURVEY, clock.now()) != Never(WhyNot.SURVEYS_OFF)


def test_looking_shows_what_would_stop_and_stops_nothing(app: Flask, ada: int) -> None:
    before = fingerprint()
    page = Browser(app).get(links.unsubscribe(ada, UPDATES))
    assert page.heading == "Shall we stop?"
    assert "Stop insider updates" in page.text
    assert not is_named("Ada", page.text)
    assert fingerprint() == before


def test_one_press_stops_one_topic(app: Flask, ada: int) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(links.unsubscribe(ada, UPDATES)), action=links.unsubscribe(ada, UPDATES))
    assert page.heading == "No more insider updates"
    assert given_to(ada) == {ALERTS}
    event = session().scalars(select(ConsentEvent).order_by(ConsentEvent.id.desc())).first()
    assert event is not None
    assert (event.words, event.source, event.actor_id) == ("Stop insider updates", "/unsubscribe", None)


@pytest.mark.parametrize(
    "sent",
    [
        {"data": ONE_CLICK},
        {"data": b"List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": ONE_CLICK, "content_type": "multipart/form-data"},
        {},
        {"data": b"{]", "content_type": "application/json"},
    ],
    ids=["form", "as RFC 8058 writes it", "multipart", "nothing", "nonsense"],
)
def test_mail_programs_unsubscribe_by_themselves(app: Flask, ada: int, sent: dict[str, object]) -> None:
    """RFC 8058: no cookie, no token of a page, no redirect; and again is the same."""
    answers = []
    for _time in range(2):
        answers.append(app.test_client(use_cookies=False).post(links.unsubscribe(ada, UPDATES), **sent))  # type: ignore[arg-type]
    for answer in answers:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert given_to(ada) == {ALERTS}
    assert entries(ada) == 3


def test_looking_sets_no_cookie_either(app: Flask, ada: int) -> None:
    assert "Set-Cookie" not in app.test_client().get(links.unsubscribe(ada, UPDATES)).headers


def test_the_second_button_stops_everything(app: Flask, ada: int) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(links.unsubscribe(ada, UPDATES)), having="what", button="everything")
    assert page.heading == "Nothing but mail about your applications"
    assert given_to(ada) == set()
    assert not gets_surveys(ada)
    # Nobody else can say yes in their place any more, to nothing at all.
    assert {state.action for state in consent_states(ada).values()} == {ConsentAction.WITHDRAWN}
    assert set(consent_states(ada)) == set(Purpose)


def test_a_survey_is_stopped_by_its_own_link_and_the_topics_stay(app: Flask, ada: int) -> None:
    path = links.unsubscribe(ada, is_survey=True)
    browser = Browser(app)
    assert "Stop surveys about my applications" in browser.get(path).text
    page = Browser(app).submit(browser.get(path), action=path)
    assert page.heading == "No more surveys about your applications"
    assert not gets_surveys(ada)
    assert given_to(ada) == {UPDATES, ALERTS}


def test_opening_the_link_again_says_that_it_is_done(app: Flask, ada: int) -> None:
    path = links.unsubscribe(ada, UPDATES)
    app.test_client().post(path)
    assert Browser(app).get(path).heading == "No more insider updates"


def test_saying_no_to_what_was_never_asked_keeps_others_from_saying_yes(app: Flask, ada: int) -> None:
    stop(ada, [Purpose.EVENTS], source="/unsubscribe", now=clock.now())
    assert consent_states(ada)[Purpose.EVENTS].action is ConsentAction.WITHDRAWN


def flipped(token: str) -> list[str]:
    said, signature = token.split(".")
    other = base64.urlsafe_b64encode(base64.urlsafe_b64decode(said + "==").replace(b":", b":x")).decode().rstrip("=")
    return [f"{other}.{signature}", f"{said}.{signature[:-2]}AA", said, f".{signature}", token + "A", "None", "é.é"]


def test_a_link_that_is_forged_old_or_of_another_kind_is_not_there(app: Flask, ada: int, time: Time) -> None:
    browser, secret = Browser(app), current_settings().secret_key
    unsubscribe, preferences = links.unsubscribe(ada, UPDATES), links.preferences(ada)
    right = unsubscribe.removeprefix("/unsubscribe/")
    wrong = [f"/unsubscribe/{bad}" for bad in flipped(right)]
    wrong += [preferences.replace("preferences", "unsubscribe"), f"/preferences/{right}", f"/stay/{right}"]
    wrong.append(f"/unsubscribe/{mail_token(secret, 'key', TokenKind.UNSUBSCRIBE)}")
    later = clock.now() + links.YEAR
    for about in ("nothing", "", "ALL"):
        said = f"{right.partition(':')[0]}:{about}"
        wrong.append(f"/unsubscribe/{signed_token(secret, TokenKind.UNSUBSCRIBE, said, later)}")
    for path in wrong:
        browser.get(path, expect=404)
        assert app.test_client().post(path).status_code in {400, 404}
    assert given_to(ada) == {UPDATES, ALERTS}
    time.pass_by(days=366)
    for path in (unsubscribe, preferences):
        browser.get(path, expect=404)
    assert app.test_client().post(unsubscribe).status_code == 404


def test_the_link_of_somebody_erased_answers_and_writes_nothing(app: Flask, ada: int) -> None:
    path = links.unsubscribe(ada, UPDATES)
    erase_person(ada, None, clock.now())
    end_reading()
    assert app.test_client().post(path, data=ONE_CLICK).status_code == 200
    assert entries(ada) == 0


def test_the_link_of_a_record_that_was_merged_stops_mail_to_the_other(app: Flask, ada: int) -> None:
    twin = import_person(NORA, "Ada Lind")
    path = links.unsubscribe(twin, UPDATES)
    merge_people(ada, twin, None, clock.now())
    end_reading()
    app.test_client().post(path, data=ONE_CLICK)
    assert given_to(ada) == {ALERTS}


def test_fewer_mails_by_a_link(app: Flask, ada: int) -> None:
    browser = Browser(app)
    page = browser.get(links.preferences(ada))
    assert page.heading == "Fewer mails from us"
    assert "You said yes to insider updates and job alerts." in page.text
    assert not is_named("Ada", page.text)
    values = {"stop": [str(UPDATES)], "rhythm_job_alerts": "weekly", "pause": "3"}
    page = browser.submit(page, having="pause", **values)
    assert "Saved." in page.text
    assert "Paused until Thursday 4 June 2026." in page.text
    assert given_to(ada) == {ALERTS}
    chosen = contact_preferences(ada)
    assert chosen.rhythms == {ALERTS: Rhythm.WEEKLY}
    assert str(chosen.paused_until_on) == "2026-06-04"


def test_everything_by_the_link_for_fewer_mails(app: Flask, ada: int) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(links.preferences(ada)), action="/everything")
    assert "There is nothing left to stop." in page.text
    assert given_to(ada) == set()
    assert not gets_surveys(ada)


def test_the_link_for_fewer_mails_cannot_be_made_to_send_more(app: Flask, ada: int) -> None:
    stop(ada, [UPDATES], source="/x", now=clock.now())
    slow = Preferences(rhythms={ALERTS: Rhythm.MONTHLY}, is_paused=True, is_without_surveys=True)
    change_preferences(ada, slow, clock.now())
    browser = Browser(app)
    csrf = browser.get(links.preferences(ada)).form(having="stop").values["csrf_token"]
    tries = {
        "rhythm_job_alerts": "as_it_happens",
        "pause": "1",
        "surveys": "y",
        "consents": str(UPDATES),
        "stop": str(UPDATES),
        "csrf_token": csrf,
    }
    for name in tries:
        page = browser.client.post(links.preferences(ada), data={name: tries[name], "csrf_token": csrf})
        assert page.status_code in {303, 422}
    assert given_to(ada) == {ALERTS}
    assert contact_preferences(ada) == slow


choices = st.builds(
    Preferences,
    rhythms=st.dictionaries(st.sampled_from(TOPICS_WITH_RHYTHM), st.sampled_from(Rhythm)),
    is_paused=st.booleans(),
    is_without_surveys=st.booleans(),
)
asked = st.builds(
    Less,
    rhythms=st.dictionaries(st.sampled_from(TOPICS_WITH_RHYTHM), st.sampled_from(Rhythm)),
    pause=st.just((False, None)) | st.dates(START.date()).map(lambda day: (True, day)) | st.just((True, None)),
    is_without_surveys=st.booleans(),
)


@given(choices, asked)
def test_what_is_asked_by_a_link_only_ever_reduces(before: Preferences, less: Less) -> None:
    after = reduced(before, less)
    assert after.is_paused >= before.is_paused
    assert not before.is_paused or before.paused_until_on is not None or after.paused_until_on is None
    assert after.is_without_surveys >= before.is_without_surveys
    for purpose in TOPICS_WITH_RHYTHM:
        assert set(slower_choices(purpose, after.rhythms)) <= set(slower_choices(purpose, before.rhythms))
    assert reduced(after, less) == after


@given(st.sampled_from(Purpose) | st.none(), st.sampled_from([MailClass.SURVEY, MailClass.COMMUNITY]))
def test_a_link_says_what_it_is_about(purpose: Purpose | None, mail_class: MailClass) -> None:
    link = read_link(link_subject("abcdefghijkm", mail_class, purpose))
    is_survey = mail_class is MailClass.SURVEY
    assert link == Link("abcdefghijkm", None if is_survey else purpose, is_survey)


@given(st.text())
def test_any_other_text_is_no_link(text: str) -> None:
    link = read_link(text)
    assert link is None or text.startswith(f"{link.public_id}:")
