"""What an admin sees and does after a restore: mail waits, and one button lets it go."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import doctor
from portal.alerts.states import WAITING_LABELS, WhyWaiting
from portal.company.actions import note_restore
from portal.contact.queries import verdict_for
from portal.contact.rules import WANTED_FOR, Hold, Wanted, why_for_person, why_for_staff
from portal.contact.states import Budget, MailClass, Purpose, Timing, WhyHeld
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.actions import claim_next
from portal.outbox.models import Delivery
from portal.updates.rules.reaching import reason_about_one, reason_words
from tests.backup.letters import agreed, put_community
from tests.conftest import START, Time
from tests.factories import make_staff, signed_in
from tests.outbox.letters import put
from tests.pages import Browser


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, make_staff("Admin", Role.ADMIN))


def restored(count: int = 0) -> None:
    note_restore(START - timedelta(hours=6), count, now=START)


def test_community_mail_and_surveys_wait_and_own_mail_goes(app: Flask) -> None:
    ada = agreed()
    restored()
    update = verdict_for(ada, "ada@demo.example", WANTED_FOR[Purpose.INSIDER_UPDATES], START)
    survey = verdict_for(ada, "ada@demo.example", Wanted(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE), START)
    for verdict in (update, survey):
        assert isinstance(verdict, Hold)
        assert (verdict.reason, verdict.has_end) == (WhyHeld.RESTORED, False)
    put_community(ada)
    put(1)
    claimed = claim_next("one", START)
    assert claimed is not None
    assert claimed.letter.subject == "News 1"
    assert claim_next("one", START) is None


def test_the_admin_reads_of_it_at_home_and_lets_mail_go(app: Flask, admin: Browser, time: Time) -> None:
    put_community(agreed())
    restored(3)
    assert claim_next("one", time.at) is None
    assert "some mail waits for you" in admin.get("/recruiting/").text
    assert "/recruiting/admin/mail/restored" in admin.get("/recruiting/admin/mail").links
    page = admin.get("/recruiting/admin/mail/restored")
    assert "3 waited in the backup" in page.text
    # The list of what is held says why.
    assert "A backup was restored" in admin.get("/recruiting/admin/mail?show=held").text
    page = admin.submit(page, action="/restored")
    assert "Mail goes out again" in page.text
    assert claim_next("one", time.at) is not None
    assert "some mail waits for you" not in admin.get("/recruiting/").text
    assert "Let mail go that waited since a restore" in admin.get("/recruiting/admin/audit").text


def test_recruiters_are_not_bothered(app: Flask) -> None:
    restored()
    browser = signed_in(app, make_staff())
    assert "backup" not in browser.get("/recruiting/").text
    browser.get("/recruiting/admin/mail/restored", expect=404)


def test_doctor_says_that_mail_waits(app: Flask, admin: Browser) -> None:
    assert list(doctor._restore()) == []
    put_community(agreed())
    restored()
    (finding,) = doctor._restore()
    assert not finding.is_fine
    assert "03:00 was restored; 1 message waits until an admin lets mail go" in finding.text


def test_mail_that_a_worker_looked_at_too_early_goes_soon_after(app: Flask, admin: Browser, time: Time) -> None:
    """A worker believes for a second what it has read of the settings."""
    put_community(agreed())
    restored()
    assert claim_next("one", time.at) is None
    end_reading()
    again = session().scalars(select(Delivery.next_try_at).where(Delivery.held_reason == WhyHeld.RESTORED)).one()
    assert again <= time.at + timedelta(minutes=15)


def test_everybody_has_words_for_this_wait() -> None:
    for hold in (Hold(WhyHeld.RESTORED, clock.now()), Hold(WhyHeld.RESTORED, clock.now(), has_end=False)):
        assert why_for_staff(hold)
        assert why_for_person(hold)
    assert reason_words("restored")
    assert reason_about_one("restored")
    assert WAITING_LABELS[WhyWaiting.RESTORED]
    assert {str(reason) for reason in WhyHeld} <= {str(why) for why in WhyWaiting}
