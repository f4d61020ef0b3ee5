"""Two records become one, or a file says that everybody agreed: nobody is written to more than before."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.contact.actions import choose, decide, rest_from_community, suppress
from portal.contact.actions.wishes import change_preferences, stop_surveys
from portal.contact.queries import consents_of, verdict_for
from portal.contact.rules import WANTED_FOR, Go, Hold, Never, Preferences, Verdict, Wanted
from portal.contact.states import Budget, MailClass, Purpose, Rhythm, Timing, WhyHeld, WhyNot
from portal.core import clock
from portal.core.db import end_reading
from portal.privacy.actions import merge_people
from tests.accounts.visitors import ADA, NORA, hire, import_person
from tests.ats.exports import row, run, write_file
from tests.conftest import Time

pytestmark = pytest.mark.both_in_soak
UPDATE, ALERT = WANTED_FOR[Purpose.INSIDER_UPDATES], WANTED_FOR[Purpose.JOB_ALERTS]
SURVEY = Wanted(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE)


@pytest.fixture
def both(app: Flask) -> list[int]:
    """Two records of one reader, who said yes in each."""
    records = [import_person(), import_person(NORA, "Ada Lind")]
    for person_id in records:
        choose(person_id, Purpose.INSIDER_UPDATES, True, source="/join", now=clock.now())
        choose(person_id, Purpose.JOB_ALERTS, True, source="/join", now=clock.now())
    return records


def join(kept: int, gone: int) -> None:
    merge_people(kept, gone, None, clock.now())
    end_reading()


def may(person_id: int, wanted: Wanted = UPDATE) -> Verdict:
    return verdict_for(person_id, ADA, wanted, clock.now())


@pytest.mark.parametrize("which", [0, 1])
def test_a_no_of_either_record_is_a_no(both: list[int], which: int) -> None:
    choose(both[which], Purpose.INSIDER_UPDATES, False, source="/unsubscribe", now=clock.now())
    join(*both)
    assert may(both[0]) == Never(WhyNot.NO_CONSENT)
    assert may(both[0], ALERT) == Go()


@pytest.mark.parametrize("which", [0, 1])
def test_the_longer_pause_of_the_two_holds(both: list[int], time: Time, which: int) -> None:
    for person_id, days in zip((both[which], both[1 - which]), (20, 3), strict=True):
        until = date(2026, 3, 4) + timedelta(days=days)
        change_preferences(person_id, Preferences(is_paused=True, paused_until_on=until), clock.now())
    join(*both)
    time.pass_by(days=10)
    found = may(both[0])
    assert isinstance(found, Hold)
    assert found.reason is WhyHeld.PAUSED
    time.pass_by(days=10)
    assert may(both[0]) == Go()


@pytest.mark.parametrize("which", [0, 1])
def test_the_rest_after_a_decision_and_a_no_to_surveys_come_along(both: list[int], which: int) -> None:
    rest_from_community(both[which], clock.now() + timedelta(days=7), clock.now())
    stop_surveys(both[which], clock.now())
    join(*both)
    found = may(both[0])
    assert isinstance(found, Hold)
    assert found.reason is WhyHeld.RESTING
    assert may(both[0], SURVEY) == Never(WhyNot.SURVEYS_OFF)


@pytest.mark.parametrize("which", [0, 1])
def test_the_rarer_rhythm_of_the_two_holds(both: list[int], time: Time, which: int) -> None:
    for person_id, rhythm in zip((both[which], both[1 - which]), (Rhythm.MONTHLY, Rhythm.AS_IT_HAPPENS), strict=True):
        change_preferences(person_id, Preferences(rhythms={Purpose.INSIDER_UPDATES: rhythm}), clock.now())
    join(*both)
    assert decide(both[0], ADA, UPDATE, "one", clock.now()) == Go()
    time.pass_by(days=20)
    end_reading()
    found = may(both[0])
    assert isinstance(found, Hold)
    assert found.reason is WhyHeld.RHYTHM


def test_what_each_was_sent_counts_for_both(both: list[int]) -> None:
    for person_id in both:
        assert decide(person_id, ADA, UPDATE, f"to-{person_id}", clock.now()) == Go()
        assert decide(person_id, ADA, ALERT, f"alert-{person_id}", clock.now()) == Go()
    join(*both)
    for wanted in (UPDATE, ALERT):
        found = may(both[0], wanted)
        assert isinstance(found, Hold)
        assert found.reason is WhyHeld.BUDGET


def test_an_address_that_mail_came_back_from_stays_so(both: list[int]) -> None:
    suppress(NORA, code=550, words="gone", now=clock.now())
    join(*both)
    assert verdict_for(both[0], NORA, UPDATE, clock.now()) == Never(WhyNot.SUPPRESSED)
    assert may(both[0]) == Go()


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_no_file_says_yes_for_anybody(app: Flask, tmp_path: Path, is_withdrawn: bool) -> None:
    hire()
    ada = import_person()
    if is_withdrawn:
        choose(ada, Purpose.INSIDER_UPDATES, True, source="/join", now=clock.now())
        choose(ada, Purpose.INSIDER_UPDATES, False, source="/unsubscribe", now=clock.now())
    columns = ("Consent", "Opt-in", "Marketing consent", "GDPR consent", "Insider updates", "insider_updates")
    report = run(write_file(tmp_path, [{**row(email=ADA), **dict.fromkeys(columns, "yes")}]))
    assert report.added == 1
    assert not any(one.is_given for one in consents_of(ada))
    assert may(ada) == Never(WhyNot.NO_CONSENT)
