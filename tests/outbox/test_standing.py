"""The pages on which colleagues hear that no mail goes out: admins what to do, recruiters that nothing is lost."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.leases import give_back_job, take_job
from portal.core.permissions import Role
from portal.outbox.actions import note_server_trouble, note_server_works
from portal.outbox.queries import mail_standing
from portal.outbox.rules import Blame, TryLater
from portal.outbox.states import Reason
from tests import factories
from tests.conftest import Time, counted_statements
from tests.outbox.letters import put_many
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
TODAY, SETUP = "/recruiting/", "/recruiting/admin/"
DOWN = TryLater(Reason.UNREACHABLE, 0, "Connection refused", Blame.SERVER)


@pytest.fixture
def alma(app: Flask) -> Browser:
    return factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org"))


@pytest.fixture
def rita(app: Flask) -> Browser:
    return factories.signed_in(app, factories.make_staff("Rita Sander", Role.RECRUITER, "rita@example.org"))


def works(time: Time) -> None:
    """A worker shows that it is there."""
    assert take_job("worker/show_life", "worker", time.at)
    give_back_job("worker/show_life", "worker", time.at, timedelta(seconds=20))


def test_without_a_worker_both_hear_of_it_and_the_admin_reads_what_to_do(
    alma: Browser, rita: Browser, time: Time
) -> None:
    works(time)
    put_many(2)
    for page in (alma.get(TODAY), alma.get(SETUP), rita.get(TODAY)):
        assert "no mail goes out" not in page.text.lower()
    time.pass_by(minutes=3)
    for page in (alma.get(TODAY), alma.get(SETUP)):
        assert "No worker runs, so no mail goes out" in page.text
        assert "since Wednesday 4 March 2026, 09:00. 2 messages wait. Nothing is lost." in page.text
        assert "portal worker" in page.text
    page = rita.get(TODAY)
    assert "Letters wait No mail goes out since Wednesday 4 March 2026, 09:00. 2 messages wait." in page.text
    assert "portal worker" not in page.text


def test_while_the_mail_server_takes_nothing_both_hear_of_it_until_it_does(
    alma: Browser, rita: Browser, time: Time
) -> None:
    works(time)
    put_many(2)
    note_server_trouble(DOWN, clock.now())
    for page in (alma.get(TODAY), alma.get(SETUP)):
        assert "Our mail server takes nothing" in page.text
        assert "2 messages wait. Nothing is lost." in page.text
        assert "/recruiting/admin/mail?show=waiting" in page.links
    page = rita.get(TODAY)
    assert "Our mail server has taken nothing since Wednesday 4 March 2026, 09:00. 2 messages wait." in page.text
    assert not [link for link in page.links if "admin/mail" in link]
    note_server_works(clock.now())
    for page in (alma.get(TODAY), alma.get(SETUP), rita.get(TODAY)):
        assert "Letters wait" not in page.text
        assert "takes nothing" not in page.text


def test_to_look_costs_one_statement_and_what_waits_is_counted_only_in_trouble(app: Flask, time: Time) -> None:
    put_many(3)
    works(time)
    with counted_statements() as seen:
        standing = mail_standing(clock.now())
    assert len(seen) == 1
    assert (standing.is_well, standing.waiting_count) == (True, 0)
    note_server_trouble(DOWN, clock.now())
    assert mail_standing(clock.now()).waiting_count == 3
