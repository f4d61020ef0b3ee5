"""Leaving: what ends, what stays, and that the door is open."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.actions import LEAVING_WORDS, Wishes, change_preferences
from portal.community.actions import join as join_community
from portal.community.models import JoinRequest
from portal.community.queries import is_member, preferences_of
from portal.community.rules import Folded
from portal.community.states import CareerStage, WorkMode
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states, contact_preferences, verdict_for
from portal.contact.rules import Go, Never, Wanted
from portal.contact.states import Budget, ConsentAction, MailClass, Purpose, Timing, WhyNot
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from tests import factories
from tests.accounts.visitors import ADA, join, last_letter, letters, sign_in
from tests.conftest import Time
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
WISHES = Wishes(
    ["data"], [Folded("python", "Python")], [Folded("x", "Lisbon")], CareerStage.OPEN_TO_IT, [WorkMode.REMOTE]
)


def _member(app: Flask) -> tuple[int, Browser]:
    ada = join(ADA, "Ada Lind")
    join_community(ada, [Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS], clock.now())
    change_preferences(ada, WISHES, shown=[], ticked=[], now=clock.now())
    browser = Browser(app)
    sign_in(browser)
    return ada, browser


def _leave(browser: Browser) -> Page:
    return browser.submit(browser.get("/me/leave"), action="/me/leave", having="csrf_token")


def test_the_page_says_what_stays_what_ends_and_whom_to_ask(app: Flask) -> None:
    _ada, browser = _member(app)
    text = browser.get("/me/leave").text
    for words in ("What stays", "Your applications", "What ends", "We delete it", "talent@kindred.example"):
        assert words in text
    assert str(LEAVING_WORDS) in text
    for page in ("/me/account", "/me/privacy"):
        assert "/me/leave" in browser.get(page).links


def test_looking_at_the_page_changes_nothing(app: Flask) -> None:
    ada, browser = _member(app)
    browser.get("/me/leave")
    assert is_member(ada)


def test_whoever_leaves_is_no_member_and_gets_no_mail_but_about_their_own(app: Flask) -> None:
    ada, browser = _member(app)
    assert "You have left the community" in _leave(browser).text
    end_reading()
    assert not is_member(ada)
    states = consent_states(ada)
    assert set(states) == set(Purpose)
    assert {state.action for state in states.values()} == {ConsentAction.WITHDRAWN}
    entries = session().scalars(select(ConsentEvent).where(ConsentEvent.source == "/me/leave")).all()
    assert {entry.words for entry in entries} == {str(LEAVING_WORDS)}


def test_surveys_about_ones_own_process_end_as_well_as_the_sentence_says(app: Flask) -> None:
    ada, browser = _member(app)
    rita = factories.make_staff("Rita Sander", Role.RECRUITER)
    factories.make_application(factories.make_opening("Baker"), rita, person_id=ada)
    assert "The short survey after an application." in browser.get("/me/leave").text
    _leave(browser)
    end_reading()
    survey = Wanted(MailClass.SURVEY, None, Timing.AT_ONCE, Budget.NONE)
    assert verdict_for(ada, ADA, survey, clock.now()) == Never(WhyNot.SURVEYS_OFF)
    own = Wanted(MailClass.OWN, None, Timing.AT_ONCE, Budget.NONE)
    assert verdict_for(ada, ADA, own, clock.now()) == Go()


def test_surveys_stay_off_for_who_joins_again_until_they_say_so(app: Flask, time: Time) -> None:
    ada, browser = _member(app)
    _leave(browser)
    time.pass_by(days=30)
    page = browser.submit(browser.get("/me/preferences"), action="/me/join", having="join-consents")
    end_reading()
    assert contact_preferences(ada).is_without_surveys
    browser.submit(page, having="skills", surveys="y")
    end_reading()
    assert not contact_preferences(ada).is_without_surveys


def test_what_was_looked_for_is_deleted(app: Flask) -> None:
    ada, browser = _member(app)
    _leave(browser)
    end_reading()
    known = preferences_of(ada)
    assert (known.areas, known.skills, known.places, known.career_stage, known.work_modes) == ((), (), (), None, ())


def test_applications_stay_readable(app: Flask) -> None:
    ada, browser = _member(app)
    rita = factories.make_staff("Rita Sander", Role.RECRUITER)
    made = factories.make_application(factories.make_opening("Baker"), rita, person_id=ada)
    _leave(browser)
    assert browser.get(f"/me/applications/{made.public_id}").heading == "Baker"


def test_leaving_is_confirmed_by_one_mail(app: Flask) -> None:
    _ada, browser = _member(app)
    page = browser.get("/me/leave")
    for _ in range(2):
        browser.submit(page, action="/me/leave", having="csrf_token")
    assert [letter.kind for letter in letters(ADA)].count("community/left") == 1
    assert "you are no longer a member" in last_letter(ADA).text


def test_who_is_no_member_reads_so(app: Flask) -> None:
    join(ADA, "Ada Lind")
    browser = Browser(app)
    sign_in(browser)
    page = browser.get("/me/leave")
    assert "You are not a member" in page.text
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    browser.post("/me/leave", {"csrf_token": token})
    assert [letter.kind for letter in letters(ADA)].count("community/left") == 0


def test_joining_again_works_and_starts_anew(app: Flask, time: Time) -> None:
    ada, browser = _member(app)
    _leave(browser)
    time.pass_by(days=30)
    page = browser.get("/me/preferences")
    browser.submit(page, action="/me/join", having="join-consents", **{"join-consents": ["job_alerts"]})
    end_reading()
    known = preferences_of(ada)
    assert known.joined_at == clock.now()
    given = {purpose for purpose, state in consent_states(ada).items() if state.is_given}
    assert given == {Purpose.JOB_ALERTS}


def test_a_link_to_join_from_before_brings_nothing_back(app: Flask) -> None:
    ada, browser = _member(app)
    visitor = Browser(app)
    visitor.submit(visitor.get("/join"), email=ADA, name="Ada", consents=["job_alerts"])
    link = f"/confirm/{last_letter(ADA).token(TokenKind.CONFIRM)}"
    visitor.get(link)
    _leave(browser)
    visitor.get(link, expect=404)
    end_reading()
    assert session().scalars(select(JoinRequest)).all() == []
    assert not is_member(ada)
