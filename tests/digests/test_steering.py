"""Watching a mailing, pausing, resuming and stopping it, and a test to oneself."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.actions import stop
from portal.contact.states import Purpose, Rhythm
from portal.core import clock
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.digests.actions import pause_mailing, resume_mailing, stop_mailing
from portal.digests.rules import MailingRefused
from portal.outbox.models import DevMail
from portal.updates.actions import note_seen, say_helpful, withdraw_update
from tests.conftest import Time
from tests.digests.mails import deliver, mails_to, prepare, reader, results, subjects_to, update_id, work
from tests.factories import make_staff, signed_in
from tests.updates.posting import content, draft, id_of, post


def test_a_recruiter_watches_it_go_out(app: Flask, time: Time) -> None:
    rita = make_staff()
    for number in range(3):
        reader(f"Reader {number}")
    reader("Weekly reader", Rhythm.WEEKLY)
    reader("Never asked", says_yes=False)
    slug = post(rita)
    browser = signed_in(app, rita)
    path = f"/recruiting/updates/{id_of(slug)}/mail"
    assert "Mail about it begins within seconds." in browser.get(path).text
    assert "data-go" not in browser.client.get(f"{path}/progress?new=1").text
    prepare()
    begun = browser.client.get(f"{path}/progress?new=1").text
    assert f'data-go="{path}"' in begun, "the open page shows by itself how it goes"
    page = browser.get(path)
    assert "Letters handed over" in page.text
    assert "0 of 3" in page.text
    deliver()
    page = browser.get(path)
    assert "Everything that could go at once has gone." in page.text
    assert "chose weekly or monthly mail 1" in page.text
    assert "have not said yes to mail about this 1" in page.text
    assert "Accepted by mail servers 3" in page.text
    assert page.find("data-done") is not None


def test_a_paused_mailing_rests_until_it_goes_on(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    browser = signed_in(app, rita)
    path = f"/recruiting/updates/{id_of(slug)}/mail"
    page = browser.submit(browser.get(path), action="/mail/pause")
    assert "The mailing is paused." in page.text
    for _round in range(3):
        work()
        time.pass_by(hours=2)
    assert mails_to(ada) == []
    browser = signed_in(app, rita)
    page = browser.submit(browser.get(path), action="/mail/resume")
    assert "The mailing goes on." in page.text
    work()
    time.pass_by(hours=5)
    work()
    assert subjects_to(ada) == ["What we pay"]


def test_a_pause_before_anything_was_written_holds_everything(app: Flask, time: Time) -> None:
    ada, weekly, rita = reader(), reader("Bo Ek", Rhythm.WEEKLY), make_staff()
    slug = post(rita)
    prepare()
    pause_mailing(update_id(slug), actor_id=rita, now=clock.now())
    for _day in range(10):
        work()
        time.pass_by(days=1)
    assert mails_to(ada) == mails_to(weekly) == []
    resume_mailing(update_id(slug), actor_id=rita, now=clock.now())
    work()
    time.pass_by(hours=4)
    work()
    assert (len(mails_to(ada)), len(mails_to(weekly))) == (1, 1)


def test_a_stopped_mailing_keeps_what_went_and_cancels_the_rest(app: Flask, time: Time) -> None:
    ada, weekly, rita = reader(), reader("Bo Ek", Rhythm.WEEKLY), make_staff()
    slug = post(rita)
    work()
    browser = signed_in(app, rita)
    page = browser.get(f"/recruiting/updates/{id_of(slug)}/mail/stop")
    assert "1 person has it already, and keeps it." in page.text
    page = browser.submit(page, action="/mail/stop")
    assert "The mailing is stopped." in page.text
    for _day in range(9):
        work()
        time.pass_by(days=1)
    assert (len(mails_to(ada)), mails_to(weekly)) == (1, [])
    assert results(slug).left_out == (("waited when the mailing was stopped", 1),)


def test_letters_that_wait_for_the_morning_are_stopped_too(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    time.pass_by(hours=14)
    slug = post(rita)
    work()
    stop_mailing(update_id(slug), actor_id=rita, now=clock.now())
    work()
    time.pass_by(hours=14)
    work()
    assert mails_to(ada) == []
    assert results(slug).left_out_count == 1


def test_what_was_stopped_stays_stopped(app: Flask, time: Time) -> None:
    reader()
    rita = make_staff()
    slug = post(rita)
    prepare()
    stop_mailing(update_id(slug), actor_id=rita, now=clock.now())
    for move in (pause_mailing, resume_mailing, stop_mailing):
        with pytest.raises(MailingRefused):
            move(update_id(slug), actor_id=rita, now=clock.now())
    browser = signed_in(app, rita)
    page = browser.get(f"/recruiting/updates/{id_of(slug)}/mail")
    assert not [form for form in page.forms if form.action.endswith(("/pause", "/resume"))]


def test_a_withdrawn_update_goes_to_nobody_who_waits_for_it(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    time.pass_by(hours=14)
    slug = post(rita)
    work()
    withdraw_update(update_id(slug), words="", actor_id=rita, now=clock.now())
    work()
    time.pass_by(hours=14)
    work()
    assert mails_to(ada) == []


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff("Rita Sander", email="rita@example.org")
    public_id = draft(content(), rita)
    browser = signed_in(app, rita)
    page = browser.submit(browser.get(f"/recruiting/updates/{public_id}/mail"), action="/mail/test")
    assert "on its way to rita@example.org" in page.text
    work()
    tests = fetch(select(DevMail.subject, DevMail.to_address).where(DevMail.kind == "updates/update")).all()
    assert [tuple(row) for row in tests] == [("Test: What we pay", "rita@example.org")]
    assert mails_to(ada) == []


def test_a_test_of_an_empty_draft_says_what_is_missing(app: Flask, time: Time) -> None:
    rita = make_staff()
    public_id = draft(content(summary=""), rita)
    browser = signed_in(app, rita)
    page = browser.submit(browser.get(f"/recruiting/updates/{public_id}/mail"), action="/mail/test")
    assert "Give it a title, a summary and a text first" in page.text


def test_what_came_of_it_is_counted_and_few_are_not_told_apart(app: Flask, time: Time) -> None:
    rita = make_staff()
    people = [reader(f"Reader {number}") for number in range(7)]
    slug = post(rita)
    work()
    for person_id in people[:6]:
        note_seen(slug, person_id, clock.now())
    say_helpful(slug, people[0], is_helpful=True, now=clock.now())
    time.pass_by(days=1)
    stop(people[1], [Purpose.INSIDER_UPDATES], source="/unsubscribe", now=clock.now())
    page = signed_in(app, rita).get(f"/recruiting/updates/{id_of(slug)}/mail")
    assert "Read on its page 6" in page.text
    assert "Found it helpful fewer than 5" in page.text
    assert "Want no more such mail fewer than 5" in page.text


def test_hiring_managers_find_nothing(app: Flask, time: Time) -> None:
    slug = post(make_staff())
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    signed_in(app, hugo).get(f"/recruiting/updates/{id_of(slug)}/mail", expect=404)


def test_an_unknown_update_has_no_mail(app: Flask, time: Time) -> None:
    signed_in(app, make_staff()).get("/recruiting/updates/there-is-none/mail", expect=404)
