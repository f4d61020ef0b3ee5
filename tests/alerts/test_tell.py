"""Who is told of which opening, when, and that nobody is told twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.alerts import jobs
from portal.alerts.models import AlertMatch, AlertTurn, JobAlert
from portal.alerts.states import WhyWaiting
from portal.community.models import PersonArea
from portal.contact.actions import change_preferences, choose, record_consent
from portal.contact.rules import Preferences
from portal.contact.states import ConsentAction, Purpose, Rhythm
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.openings.actions import stop_accepting
from portal.openings.models import Opening, OpeningVersion
from portal.openings.states import OpeningState
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.alerts.people import id_of, mails_to, make_reader, work
from tests.conftest import Time
from tests.factories import make_application, make_person, make_published, make_staff
from tests.openings.early import like, make_member

SENT, QUEUED = DeliveryState.SENT, DeliveryState.QUEUED


def gather(time: Time) -> None:
    """Let the worker find what fits, and half an hour later write of it."""
    work()
    time.pass_by(minutes=31)
    work()


def send() -> int:
    """Let the mail server accept what may go now; how many mails it was."""
    count = 0
    while (claimed := claim_next("test", clock.now())) is not None:
        mark_sent(claimed, clock.now())
        count += 1
    end_reading()
    return count


def day_by_day(time: Time, days: int) -> None:
    for _day in range(days):
        gather(time)
        send()
        time.pass_by(days=1)


def reopen(slug: str) -> None:
    with transaction() as own:
        own.execute(update(Opening).where(Opening.slug == slug).values(state=OpeningState.PUBLISHED, stopped_at=None))


def stop(slug: str) -> None:
    stop_accepting(id_of(slug), actor_id=None, now=clock.now())


def test_a_member_hears_of_an_opening_that_fits_and_why(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    bob = make_reader("Bob Eriksen", "design")
    slug = make_published("Data Analyst")
    gather(time)
    (mail,) = mails_to(ada)
    assert mail.subject == "New for you: Data Analyst"
    assert "Why you hear of it: You asked for Data." in mail.text
    assert "Pay: €60,000 to €75,000 a year" in mail.text
    assert "Where: Warsaw, Poland · Hybrid" in mail.text
    assert f"http://localhost/openings/{slug}" in mail.text
    assert "You see it first" not in mail.text
    assert mail.purpose is Purpose.JOB_ALERTS
    assert mails_to(bob) == []


def test_who_never_said_yes_or_took_it_back_or_is_no_member_hears_nothing(app: Flask, time: Time) -> None:
    silent = make_member("Silas Moreau", "data")
    gone = make_reader("Gita Rao", "data")
    choose(gone, Purpose.JOB_ALERTS, False, source="test", now=clock.now())
    stranger = make_person("Nora Novak")
    choose(stranger, Purpose.JOB_ALERTS, True, source="test", now=clock.now())
    make_published("Data Analyst")
    gather(time)
    assert [mails_to(person_id) for person_id in (silent, gone, stranger)] == [[], [], []]


def test_a_yes_taken_back_between_finding_and_writing_counts(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    work()
    choose(ada, Purpose.JOB_ALERTS, False, source="test", now=clock.now())
    time.pass_by(minutes=31)
    work()
    assert mails_to(ada) == []
    assert session().scalars(select(AlertMatch.opening_id).order_by(AlertMatch.opening_id)).all() == []
    assert session().scalars(select(AlertTurn.person_id).order_by(AlertTurn.person_id)).all() == []


def test_what_is_published_within_half_an_hour_comes_in_one_mail_early_ones_first(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data", "design")
    make_published("Data Analyst")
    work()
    time.pass_by(minutes=10)
    early = make_published("Data Engineer", public_at=clock.now() + timedelta(days=5))
    make_published("Designer", area="design")
    work()
    time.pass_by(minutes=21)
    work()
    (mail,) = mails_to(ada)
    assert mail.subject == "3 new openings for you"
    assert "You see 1 of them before everybody does." in mail.text
    order = [mail.text.index(f"\n{title}\n") for title in ("Data Engineer", "Data Analyst", "Designer")]
    assert order == sorted(order)
    assert f"http://localhost/sign-in?next=/openings/{early}" in mail.text
    assert "Only members see it until: Monday 9 March 2026, 09:10" in mail.text


def test_there_is_one_mail_a_day_at_most_and_the_next_brings_all_that_came_since(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    gather(time)
    assert send() == 1
    for title in ("Data Engineer", "Data Steward"):
        make_published(title)
        gather(time)
        assert send() == 0
    assert session().scalars(select(AlertTurn.why)).all() == [WhyWaiting.BUDGET]
    time.pass_by(days=1)
    work()
    assert send() == 1
    assert [mail.subject for mail in mails_to(ada)] == ["New for you: Data Analyst", "2 new openings for you"]


def test_a_weekly_reader_hears_once_a_week(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    change_preferences(ada, Preferences(rhythms={Purpose.JOB_ALERTS: Rhythm.WEEKLY}), clock.now())
    for number in range(8):
        make_published(f"Data role {number}")
        day_by_day(time, 1)
    assert [mail.subject for mail in mails_to(ada)] == ["New for you: Data role 0", "7 new openings for you"]


def test_a_pause_holds_back_and_what_is_still_open_comes_after_it(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    change_preferences(ada, Preferences(is_paused=True, paused_until_on=date(2026, 3, 10)), clock.now())
    closed = make_published("Data Analyst")
    make_published("Data Engineer")
    day_by_day(time, 3)
    assert mails_to(ada) == []
    assert session().scalars(select(AlertTurn.why)).all() == [WhyWaiting.PAUSED]
    stop(closed)
    day_by_day(time, 5)
    assert [mail.subject for mail in mails_to(ada)] == ["New for you: Data Engineer"]


def test_nothing_is_written_at_night_where_they_are(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    time.at = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
    make_published("Data Analyst")
    gather(time)
    assert mails_to(ada) == []
    time.at = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    work()
    assert len(mails_to(ada)) == 1


def test_an_opening_is_told_once_whatever_happens_to_it_afterwards(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    slug = make_published("Data Analyst", public_at=clock.now() + timedelta(days=3))
    day_by_day(time, 1)
    assert len(mails_to(ada, SENT)) == 1
    day_by_day(time, 4)
    stop(slug)
    day_by_day(time, 1)
    reopen(slug)
    day_by_day(time, 1)
    with transaction() as own:
        own.execute(update(Opening).where(Opening.slug == slug).values(area="data", public_at=clock.now()))
    day_by_day(time, 2)
    assert len(mails_to(ada)) == 1


def test_an_opening_published_by_mistake_and_stopped_at_once_is_told_to_nobody(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    slug = make_published("Data Analyst")
    work()
    time.pass_by(minutes=20)
    stop(slug)
    time.pass_by(minutes=11)
    work()
    day_by_day(time, 2)
    assert mails_to(ada) == []
    reopen(slug)
    gather(time)
    assert len(mails_to(ada)) == 1


def test_members_of_another_area_hear_when_everybody_sees_it_and_not_before(app: Flask, time: Time) -> None:
    anything = make_reader("Ada Lind")
    expert = make_reader("Eva Novak", "data")
    make_published("Data Analyst", public_at=clock.now() + timedelta(days=2))
    day_by_day(time, 1)
    assert (len(mails_to(expert)), len(mails_to(anything))) == (1, 0)
    day_by_day(time, 2)
    assert (len(mails_to(expert)), len(mails_to(anything))) == (1, 1)
    assert "before everybody" not in mails_to(anything)[0].text


def test_an_opening_they_applied_to_is_no_news(app: Flask, time: Time) -> None:
    ada, bob = make_reader("Ada Lind", "data"), make_reader("Bob Eriksen", "data")
    rita = make_staff()
    slug = make_published("Data Analyst", recruiter_id=rita)
    make_application(id_of(slug), rita, person_id=ada)
    work()
    make_application(id_of(slug), rita, person_id=bob)
    time.pass_by(minutes=31)
    work()
    assert (mails_to(ada), mails_to(bob)) == ([], [])


def test_what_was_open_when_they_said_yes_is_no_news_and_what_comes_after_is(app: Flask, time: Time) -> None:
    make_published("Data Analyst")
    gather(time)
    ada = make_reader("Ada Lind", "data")
    day_by_day(time, 2)
    assert mails_to(ada) == []
    make_published("Data Engineer")
    gather(time)
    assert [mail.subject for mail in mails_to(ada)] == ["New for you: Data Engineer"]


def test_it_is_no_news_either_when_the_worker_was_away_as_they_said_yes(app: Flask, time: Time) -> None:
    make_published("Data Analyst")
    time.pass_by(days=2)
    ada = make_reader("Ada Lind", "data")
    choose(ada, Purpose.JOB_ALERTS, True, source="test", now=clock.now())
    time.pass_by(days=2)
    day_by_day(time, 2)
    assert mails_to(ada) == []


def test_a_yes_that_was_said_once_more_counts_from_the_first_time(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    time.pass_by(days=2)
    make_published("Data Analyst")
    time.pass_by(days=2)
    record_consent(
        ada,
        Purpose.JOB_ALERTS,
        ConsentAction.GIVEN,
        words="Yes.",
        text_version="2026-03",
        locale="en",
        source="test",
        now=clock.now(),
    )
    day_by_day(time, 2)
    assert len(mails_to(ada)) == 1


def test_an_opening_that_says_something_else_is_told_to_those_it_fits_now(app: Flask, time: Time) -> None:
    ada, dora = make_reader("Ada Lind", "data"), make_reader("Dora Vogel", "design")
    slug = make_published("Data Analyst")
    day_by_day(time, 1)
    with transaction() as own:
        opening = own.scalars(select(Opening).where(Opening.slug == slug)).one()
        opening.area = "design"
    day_by_day(time, 1)
    assert len(mails_to(dora)) == 0
    _publish_anew(slug)
    day_by_day(time, 1)
    assert (len(mails_to(ada)), len(mails_to(dora))) == (1, 1)


def _publish_anew(slug: str) -> None:
    """Another version with the same words."""
    with transaction() as own:
        opening = own.scalars(select(Opening).where(Opening.slug == slug)).one()
        version = own.scalars(select(OpeningVersion).where(OpeningVersion.opening_id == opening.id)).one()
        opening.version_number += 1
        own.add(
            OpeningVersion(
                opening_id=opening.id,
                number=opening.version_number,
                content=version.content,
                override_reason="",
                published_at=clock.now(),
            )
        )


def test_a_worker_that_was_away_for_a_week_sends_one_mail(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    work()
    for number in range(7):
        make_published(f"Data role {number}")
        time.pass_by(days=1)
    gather(time)
    assert send() == 1
    assert [mail.subject for mail in mails_to(ada)] == ["7 new openings for you"]


def test_more_than_a_dozen_come_in_two_mails_on_two_days(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    for number in range(15):
        make_published(f"Data role {number}")
    day_by_day(time, 3)
    assert [mail.subject for mail in mails_to(ada)] == ["12 new openings for you", "3 new openings for you"]


@pytest.mark.parametrize("what", ["closed", "applied", "everybody's", "another area"])
def test_a_mail_that_waits_for_the_mail_server_is_written_anew_when_it_is_not_true_any_more(
    app: Flask, time: Time, what: str
) -> None:
    ada, rita = make_reader("Ada Lind", "data"), make_staff()
    slug = make_published("Data Analyst", public_at=clock.now() + timedelta(hours=2), recruiter_id=rita)
    make_published("Data Engineer")
    gather(time)
    assert [mail.subject for mail in mails_to(ada)] == ["2 new openings for you"]
    if what == "closed":
        stop(slug)
    elif what == "applied":
        make_application(id_of(slug), rita, person_id=ada)
    elif what == "another area":
        with transaction() as own:
            own.execute(delete(PersonArea).where(PersonArea.person_id == ada))
        like(ada, "design")
    time.pass_by(hours=2 if what == "everybody's" else 0, minutes=1)
    work()
    waiting = mails_to(ada, QUEUED)
    if what == "another area":
        assert waiting == []
    elif what == "everybody's":
        assert [mail.subject for mail in waiting] == ["2 new openings for you"]
        assert "Only members" not in waiting[0].text
    else:
        assert [mail.subject for mail in waiting] == ["New for you: Data Engineer"]
    send()
    assert len(mails_to(ada, SENT)) == (0 if what == "another area" else 1)


def test_the_mail_ends_with_the_first_thing_in_it_that_stops_being_true(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst", public_at=clock.now() + timedelta(days=3))
    make_published("Data Engineer", closes_on=date(2026, 3, 5))
    gather(time)
    (mail,) = mails_to(ada)
    assert mail.expires_at == datetime(2026, 3, 5, 23, 0, tzinfo=UTC)
    time.at = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    assert send() == 0
    work()
    assert send() == 1
    (later,) = mails_to(ada, SENT)
    assert later.subject == "New for you: Data Analyst"


def test_a_mail_that_is_given_up_is_not_written_again(app: Flask, time: Time) -> None:
    ada = make_reader("Ada Lind", "data")
    make_published("Data Analyst")
    gather(time)
    with transaction() as own:
        own.execute(update(Delivery).values(state=DeliveryState.DEAD))
    day_by_day(time, 2)
    assert len(mails_to(ada)) == 1


def test_cut_off_anywhere_nothing_is_lost_and_nothing_comes_twice(
    app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [make_reader(f"Reader {number}", "data") for number in range(7)]
    make_published("Data Analyst")
    monkeypatch.setattr("portal.alerts.actions.looking._AT_ONCE", 2)
    monkeypatch.setattr("portal.alerts.actions.telling._AT_ONCE", 2)
    steps = iter(range(1000))

    class Killed(Exception):
        pass

    def die() -> None:
        if next(steps) % 2 == 0:
            raise Killed

    monkeypatch.setattr("portal.alerts.jobs.pause", die)
    for job in (jobs.look_for_matches, jobs.send_alerts):
        for _try in range(12):
            try:
                job(clock.now())
            except Killed:
                continue
        time.pass_by(minutes=31)
    assert [len(mails_to(person_id)) for person_id in readers] == [1] * 7
    assert len(session().scalars(select(JobAlert.id)).all()) == 7
