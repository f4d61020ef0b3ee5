"""How often and when a member wants mail, on /me/preferences, and what the pages about them then say."""

from datetime import time as time_of_day
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason
from portal.audit.models import AuditRecord
from portal.community.actions import join
from portal.contact.actions import change_preferences, suppress, write_less
from portal.contact.queries import contact_preferences, verdict_for
from portal.contact.rules import WANTED_FOR, Hold, Less, Preferences
from portal.contact.states import Budget, MailClass, Purpose, Rhythm, Timing, WhyHeld
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, enqueue
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA, sign_in
from tests.conftest import Time
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
PAGE = "/me/preferences"
UPDATES, ALERTS = Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to insider updates and job alerts."""
    person_id = visitors.join(ADA)
    join(person_id, [UPDATES, ALERTS], clock.now())
    return person_id


@pytest.fixture
def hers(app: Flask, ada: int) -> Browser:
    """Her browser, signed in."""
    own = Browser(app)
    sign_in(own)
    return own


def save(browser: Browser, page: Page | None = None, expect: int = 200, **values: Any) -> Page:
    return browser.submit(page or browser.get(PAGE), having="pause", expect=expect, **values)


def chosen(person_id: int) -> Preferences:
    end_reading()
    return contact_preferences(person_id)


def test_rhythm_pause_and_quiet_hours_are_kept_and_shown_again(hers: Browser, ada: int) -> None:
    page = save(
        hers,
        rhythm_insider_updates="weekly",
        rhythm_job_alerts="monthly",
        pause="until",
        pause_until="2026-04-01",
        quiet="own",
        quiet_from="22:30",
        quiet_until="06:45",
        surveys=[],
    )
    assert "Saved." in page.text
    values = page.form(having="pause").values
    assert (values["rhythm_insider_updates"], values["rhythm_job_alerts"]) == ("weekly", "monthly")
    assert (values["pause"], values["pause_until"]) == ("until", "2026-04-01")
    assert (values["quiet"], values["quiet_from"], values["quiet_until"]) == ("own", "22:30", "06:45")
    kept = chosen(ada)
    assert kept.rhythms == {UPDATES: Rhythm.WEEKLY, ALERTS: Rhythm.MONTHLY}
    assert kept.quiet is not None
    assert (kept.quiet.start, kept.quiet.end) == (time_of_day(22, 30), time_of_day(6, 45))
    verdict = verdict_for(ada, ADA, WANTED_FOR[UPDATES], clock.now())
    assert isinstance(verdict, Hold)
    assert verdict.reason is WhyHeld.PAUSED


def test_everything_can_be_taken_back_again(hers: Browser, ada: int) -> None:
    page = save(
        hers, rhythm_insider_updates="weekly", pause="open", quiet="own", quiet_from="22:00", quiet_until="06:00"
    )
    assert chosen(ada).is_paused
    save(hers, page, rhythm_insider_updates="", pause="", quiet="")
    assert chosen(ada) == Preferences()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"pause": "until"}, "Please say on which day mail may come again."),
        ({"pause": "until", "pause_until": "2026-03-04"}, "Please choose a day after today"),
        ({"pause": "until", "pause_until": "2031-03-04"}, "Please choose a day after today"),
        ({"quiet": "own", "quiet_from": "22:00"}, "Please say from when to when"),
        ({"quiet": "own", "quiet_from": "22:00", "quiet_until": "22:00"}, "Please choose two different times."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(hers: Browser, ada: int, values: dict[str, str], message: str) -> None:
    page = save(hers, expect=422, **values)
    assert message in page.text
    kept = page.form(having="pause").values
    assert all(kept[name] == value for name, value in values.items())
    assert chosen(ada) == Preferences()


def test_a_page_that_stood_open_takes_nothing_back(hers: Browser, ada: int) -> None:
    page = hers.get(PAGE)
    write_less(ada, Less(pause=(True, None)), source="/preferences", now=clock.now())
    save(hers, page, skills="Python")
    assert chosen(ada).is_paused


def test_a_change_is_recorded_once_and_without_what_was_chosen(hers: Browser, ada: int) -> None:
    save(hers, save(hers, pause="open"))
    end_reading()
    records = session().scalars(select(AuditRecord).where(AuditRecord.action == "contact.change_preferences")).all()
    assert [(row.actor_id, row.person_id, row.details) for row in records] == [(ada, ada, {})]


def test_only_topics_somebody_gets_have_a_rhythm(hers: Browser) -> None:
    names = hers.get(PAGE).form(having="pause").names
    assert {"rhythm_insider_updates", "rhythm_job_alerts"} <= names
    assert "rhythm_events" not in names


def test_somebody_who_is_no_member_chooses_quiet_hours_and_surveys(app: Flask) -> None:
    person_id = visitors.join(ADA)
    browser = Browser(app)
    sign_in(browser)
    page = browser.get(PAGE)
    assert "pause" not in page.form(having="quiet").names
    browser.submit(page, having="quiet", surveys=[])
    assert chosen(person_id).is_without_surveys


def test_what_we_hold_says_it_in_plain_words(hers: Browser, ada: int) -> None:
    save(hers, rhythm_insider_updates="weekly", pause="until", pause_until="2026-04-01", surveys=[])
    text = hers.get("/me/privacy").text
    for words in (
        "How and when we write to you",
        "Last sign of life from you Wednesday 4 March 2026",
        "At most once a week",
        "until Wednesday 1 April 2026",
        "none, as you said on Wednesday 4 March 2026",
    ):
        assert words in text


def test_staff_read_whether_they_may_write_now(app: Flask, ada: int, time: Time) -> None:
    rita = factories.signed_in(app, factories.make_staff("Rita Sander", Role.RECRUITER))
    path = f"/recruiting/candidates/{factories.public_id_of(ada)}"
    assert "We may write to them now." in rita.get(path).text
    change_preferences(ada, Preferences(is_paused=True), clock.now())
    assert "They asked for a pause, until they say otherwise." in rita.get(path).text
    suppress(ADA, code=550, words="no such user", now=clock.now())
    page = rita.get(path)
    assert f"Our mail to {ADA} comes back. An admin can let us try again." in page.text
    assert "They asked for a pause" not in page.text


def test_what_a_pause_holds_back_is_shown_with_its_reason(hers: Browser, ada: int, time: Time) -> None:
    change_preferences(ada, Preferences(is_paused=True), clock.now())
    for key, purpose, mail_class in (("news", UPDATES, MailClass.COMMUNITY), ("ending", None, MailClass.OWN)):
        mail = RenderedMail(key * 4, "updates/news", f"The {key} of March", "Hello.", "<p>Hello.</p>", "en")
        enqueue(
            mail,
            to_address=ADA,
            to_name="Ada Lind",
            person_id=ada,
            mail_class=mail_class,
            purpose=purpose,
            budget=Budget.COMMUNITY if purpose else Budget.NONE,
            timing=Timing.AT_ONCE if purpose else Timing.OFFICE,
            cause="update:march",
            dedupe_key=key,
            now=clock.now(),
        )
    # In the evening the ending waits for the office to open, and is not told here.
    time.pass_by(hours=10)
    while claim_next("worker", clock.now()) is not None:
        pass
    page = hers.get(PAGE)
    assert "The news of March You asked for a pause. It waits until you end it." in page.text
    assert "The ending of March" not in page.text


def test_after_not_selected_there_is_a_week_of_peace(app: Flask, ada: int) -> None:
    rita = factories.make_staff("Rita Sander", Role.RECRUITER)
    made = factories.make_application(factories.make_opening(recruiter_id=rita), rita, person_id=ada)
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    proposal = Proposal(
        ApplicationStatus.NOT_SELECTED,
        "Thank you for the time you gave us.",
        None,
        "",
        end_reason=EndReason.MISSING_SKILL,
    )
    write_to_candidate(
        made.public_id, scope=scope, proposal=proposal, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()
    verdict = verdict_for(ada, ADA, WANTED_FOR[UPDATES], clock.now())
    assert isinstance(verdict, Hold)
    assert verdict.reason is WhyHeld.RESTING
