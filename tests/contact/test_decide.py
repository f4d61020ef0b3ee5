"""The decision in the database: it counts what goes, waits for whoever decides at the same time, and gives back."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact import privacy
from portal.contact.actions import (
    choose,
    decide,
    forget_old_contacts,
    give_back,
    lift_suppression,
    note_life,
    rest_from_community,
    suppress,
)
from portal.contact.models import CountedContact, SignOfLife, Suppression
from portal.contact.queries import is_suppressed, verdict_for
from portal.contact.rules import Go, Hold, Never, Wanted
from portal.contact.states import Budget, MailClass, Purpose, Timing, WhyHeld, WhyNot
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.privacy.actions import erase_person, merge_people
from tests.accounts.visitors import ADA, NORA, import_person
from tests.conftest import Time

OWN = Wanted(MailClass.OWN, None, Timing.AT_ONCE, Budget.NONE)
SURVEY = Wanted(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE)
UPDATE = Wanted(MailClass.COMMUNITY, Purpose.INSIDER_UPDATES, Timing.WAKING, Budget.COMMUNITY)
ALERT = Wanted(MailClass.COMMUNITY, Purpose.JOB_ALERTS, Timing.WAKING, Budget.JOB_ALERTS)


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to insider updates and job alerts."""
    person_id = import_person()
    for purpose in (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS):
        choose(person_id, purpose, True, source="/join", now=clock.now())
    return person_id


def ask(person_id: int | None, key: str, wanted: Wanted = UPDATE, address: str = ADA) -> object:
    end_reading()
    return decide(person_id, address, wanted, key, clock.now())


def counted() -> list[str]:
    end_reading()
    return list(session().scalars(select(CountedContact.delivery_key).order_by(CountedContact.id)))


def test_a_message_that_goes_is_counted_once(ada: int, time: Time) -> None:
    assert ask(ada, "one") == Go()
    time.pass_by(hours=2)
    assert ask(ada, "one") == Go()
    assert counted() == ["one"]
    end_reading()
    assert session().scalars(select(CountedContact.counted_at)).one() == clock.now()


def test_mail_about_the_own_application_counts_nothing(ada: int) -> None:
    assert ask(ada, "one", OWN) == Go()
    assert counted() == []


def test_the_third_of_a_month_waits_and_is_not_counted(ada: int, time: Time) -> None:
    assert [ask(ada, key) for key in ("one", "two")] == [Go(), Go()]
    found = ask(ada, "three")
    assert isinstance(found, Hold)
    assert found.reason is WhyHeld.BUDGET
    assert counted() == ["one", "two"]
    # The one that was counted and could not be delivered is asked for again: it does not stand in its own way.
    assert ask(ada, "two") == Go()
    time.at = found.until
    assert ask(ada, "three") == Go()


def test_what_died_is_given_back(ada: int) -> None:
    assert [ask(ada, key) for key in ("one", "two")] == [Go(), Go()]
    give_back("one")
    give_back("one")
    assert counted() == ["two"]
    assert ask(ada, "three") == Go()


def test_a_decision_that_is_undone_counts_nothing(ada: int) -> None:
    class CrashedError(Exception):
        pass

    def ask_and_crash() -> None:
        with transaction():
            assert ask(ada, "one") == Go()
            raise CrashedError

    with pytest.raises(CrashedError):
        ask_and_crash()
    assert counted() == []


def test_looking_counts_nothing(ada: int) -> None:
    assert verdict_for(ada, ADA, UPDATE, clock.now()) == Go()
    assert counted() == []


def test_a_withdrawal_counts_at_once(ada: int) -> None:
    choose(ada, Purpose.INSIDER_UPDATES, False, source="/unsubscribe", now=clock.now())
    assert ask(ada, "one") == Never(WhyNot.NO_CONSENT)
    assert ask(ada, "two", ALERT) == Go()


def test_each_person_has_an_allowance_of_their_own(ada: int) -> None:
    nora = import_person(NORA, "Nora Berg")
    choose(nora, Purpose.INSIDER_UPDATES, True, source="/join", now=clock.now())
    assert [ask(ada, key) for key in ("one", "two")] == [Go(), Go()]
    assert ask(nora, "three", address=NORA) == Go()


def test_eight_workers_do_not_pass_the_allowance_together(app: Flask, ada: int) -> None:
    answers: list[object] = []

    def work(number: int) -> None:
        with app.app_context():
            answers.append(decide(ada, ADA, UPDATE, f"delivery-{number}", now))

    now = clock.now()
    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(answers) == 8
    assert sum(answer == Go() for answer in answers) == 2
    assert len(counted()) == 2


def test_after_not_selected_community_mail_rests_for_a_week(ada: int, time: Time) -> None:
    rest_from_community(ada, clock.now() + timedelta(days=7), clock.now())
    rest_from_community(ada, clock.now() + timedelta(days=2), clock.now())
    assert ask(ada, "one") == Hold(WhyHeld.RESTING, clock.now() + timedelta(days=7))
    assert ask(ada, "two", SURVEY) == Go()
    time.pass_by(days=7)
    assert ask(ada, "one") == Go()


def test_nothing_goes_to_an_address_that_mail_came_back_from(ada: int) -> None:
    suppress(" Ada@Demo.example ", code=550, words="5.1.1 no such user <ada@demo.example>", now=clock.now())
    for wanted in (OWN, SURVEY, UPDATE):
        assert ask(ada, "one", wanted) == Never(WhyNot.SUPPRESSED)
        assert ask(None, "one", wanted) == Never(WhyNot.SUPPRESSED)
    assert is_suppressed(ADA)
    assert not is_suppressed(NORA)
    assert session().scalars(select(Suppression.words)).one() == "5.1.1 no such user <[address]>"


def test_an_admin_lets_us_try_again_and_it_may_come_back_again(ada: int, time: Time) -> None:
    admin = import_person(NORA, "Nora Berg")
    suppress(ADA, code=550, words="no such user", now=clock.now())
    suppress(ADA, code=551, words="moved", now=clock.now())
    lift_suppression(ADA, actor_id=admin, now=clock.now())
    assert ask(ada, "one", OWN) == Go()
    with pytest.raises(NotFound):
        lift_suppression(ADA, actor_id=admin, now=clock.now())
    time.pass_by(days=1)
    suppress(ADA, code=551, words="moved", now=clock.now())
    end_reading()
    row = session().scalars(select(Suppression)).one()
    assert (row.code, row.suppressed_at, row.lifted_at) == (551, clock.now(), None)


def test_an_address_that_is_nobodys_is_kept_as_a_hash_only(app: Flask) -> None:
    suppress("stranger@example.org", code=550, words="no such user", now=clock.now())
    row = session().scalars(select(Suppression)).one()
    assert (row.address, row.person_id) == ("", None)
    assert is_suppressed("stranger@example.org")


def test_somebody_erased_is_gone_and_their_dead_address_stays_known_by_its_hash(ada: int) -> None:
    suppress(ADA, code=550, words="no such user Lind", now=clock.now())
    assert ask(ada, "one", ALERT, address=NORA) == Go()
    note_life(ada, clock.now())
    erase_person(ada, None, clock.now())
    end_reading()
    assert ask(ada, "two", OWN, address=NORA) == Never(WhyNot.GONE)
    assert is_suppressed(ADA)
    row = session().scalars(select(Suppression)).one()
    assert (row.address, row.words, row.person_id) == ("", "", None)
    assert counted() == []
    assert session().scalars(select(SignOfLife)).all() == []


def test_somebody_who_never_was_is_gone(app: Flask) -> None:
    assert ask(4711, "one", OWN) == Never(WhyNot.GONE)


def test_merging_adds_up_what_was_counted(ada: int) -> None:
    twin = import_person(NORA, "Ada Lind")
    choose(twin, Purpose.INSIDER_UPDATES, True, source="/join", now=clock.now())
    assert ask(ada, "one") == Go()
    assert ask(twin, "two", address=NORA) == Go()
    rest_from_community(twin, clock.now() + timedelta(days=7), clock.now())
    merge_people(ada, twin, None, clock.now())
    found = ask(ada, "three")
    assert isinstance(found, Hold)
    assert found.reason is WhyHeld.RESTING
    assert counted() == ["one", "two"]


def test_a_sign_of_life_is_a_day_and_never_goes_back(ada: int, time: Time) -> None:
    def last_on() -> object:
        end_reading()
        return session().scalars(select(SignOfLife.last_on)).one()

    # 23:30 UTC is the next day in Warsaw.
    late = datetime.fromisoformat("2026-05-01T23:30:00+00:00")
    note_life(ada, late)
    assert str(last_on()) == "2026-05-02"
    note_life(ada, late - timedelta(days=3))
    assert str(last_on()) == "2026-05-02"


def test_contacts_are_forgotten_when_no_allowance_needs_them(ada: int, time: Time) -> None:
    assert ask(ada, "one") == Go()
    forget_old_contacts(clock.now() + timedelta(days=399))
    assert counted() == ["one"]
    forget_old_contacts(clock.now() + timedelta(days=401))
    assert counted() == []


def test_people_read_what_was_counted_and_what_came_back(ada: int) -> None:
    assert ask(ada, "one") == Go()
    suppress(ADA, code=550, words="no such user", now=clock.now())
    rest_from_community(ada, clock.now() + timedelta(days=7), clock.now())
    text = " ".join(" ".join(row) for section in privacy.export(ada) for row in section.rows)
    for words in (
        "Insider updates, from the allowance",
        "no such user",
        "Wednesday 4 March",
    ):
        assert words in text
    # It may be because of a letter that they have not got yet: `applications` tells of it once they have.
    assert "Wednesday 11 March 2026" not in text
