"""An update goes out by mail once it is published: to whom, when, how often."""

import pytest
from flask import Flask

from portal.contact.actions import stop
from portal.contact.states import Purpose, Rhythm
from portal.core import clock
from portal.updates.actions import note_seen
from tests.conftest import Time
from tests.digests.mails import mails_to, pause_mail, prepare, reader, results, subjects_to, work
from tests.factories import make_staff
from tests.updates.posting import content, draft, post, publish

pytestmark = pytest.mark.both_in_soak


def test_whoever_wants_updates_as_they_happen_gets_a_mail_of_its_own(app: Flask, time: Time) -> None:
    ada = reader()
    post(make_staff())
    work()
    mail = mails_to(ada)[0]
    assert mail.subject == "What we pay"
    assert "Four bands, in the open." in mail.text
    assert "said yes to" in mail.text


def test_running_the_jobs_again_sends_nothing_twice(app: Flask, time: Time) -> None:
    ada = reader()
    post(make_staff())
    for _round in range(4):
        work()
        time.pass_by(hours=5)
    assert len(mails_to(ada)) == 1


def test_whoever_never_said_yes_gets_no_mail_and_is_counted(app: Flask, time: Time) -> None:
    bo = reader("Bo Ek", says_yes=False)
    slug = post(make_staff())
    work()
    assert mails_to(bo) == []
    assert results(slug).left_out == (("have not said yes to mail about this", 1),)


def test_a_no_that_comes_while_the_letter_waits_for_the_morning_stops_it(app: Flask, time: Time) -> None:
    ada = reader()
    time.pass_by(hours=14)
    slug = post(make_staff())
    work()
    assert mails_to(ada) == []
    stop(ada, [Purpose.INSIDER_UPDATES], source="/unsubscribe", now=clock.now())
    time.pass_by(hours=12)
    work()
    assert mails_to(ada) == []
    assert results(slug).left_out_count == 1


def test_what_is_read_on_its_page_first_does_not_come_by_mail(app: Flask, time: Time) -> None:
    ada = reader(rhythm=Rhythm.WEEKLY)
    slug = post(make_staff())
    prepare()
    note_seen(slug, ada, clock.now())
    time.pass_by(days=8)
    work()
    assert mails_to(ada) == []
    assert results(slug).left_out == (("read it on its page first", 1),)


def test_a_third_update_in_a_month_waits_for_the_next_mail_of_whoever_chose_nothing(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=None), make_staff()
    for title in ("One", "Two", "Three", "Four"):
        post(rita, title)
        time.pass_by(minutes=1)
        work()
    assert subjects_to(ada) == ["One", "Two"]
    for _day in range(32):
        time.pass_by(days=1)
        work()
    assert subjects_to(ada)[2:] == ["2 updates for you"]
    assert "Three" in mails_to(ada)[2].text
    assert "Four" in mails_to(ada)[2].text


def test_what_comes_during_a_pause_comes_together_after_it(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    pause_mail(ada)
    post(rita, "One")
    time.pass_by(days=2)
    post(rita, "Two")
    work()
    assert mails_to(ada) == []
    pause_mail(ada, False)
    time.pass_by(hours=4)
    work()
    assert subjects_to(ada) == ["2 updates for you"]


def test_an_update_of_long_ago_is_not_mailed(app: Flask, time: Time) -> None:
    ada = reader()
    slug = post(make_staff())
    time.pass_by(days=30)
    work()
    assert mails_to(ada) == []
    assert results(slug).decided == 0


def test_whoever_joins_later_does_not_get_what_was_published_before(app: Flask, time: Time) -> None:
    reader()
    post(make_staff())
    time.pass_by(minutes=1)
    bo = reader("Bo Ek", Rhythm.WEEKLY)
    work()
    time.pass_by(days=8)
    work()
    assert mails_to(bo) == []


def test_a_draft_goes_to_nobody(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    public_id = draft(content(), rita)
    work()
    assert mails_to(ada) == []
    publish(public_id, rita)
    work()
    assert len(mails_to(ada)) == 1
