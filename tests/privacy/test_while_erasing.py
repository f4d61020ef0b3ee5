"""Between asking to be erased and being erased, and with old links afterwards: nothing stays, nothing opens."""

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import end_reading
from portal.keeping.actions import ask_for_copy, begin_copy
from portal.keeping.queries import copies_folder, newest_copy
from portal.privacy.actions import erase_person, leave_for_good, merge_people
from portal.privacy.actions.copying import write_copy
from portal.privacy.jobs import make_copies, sweep
from tests import factories
from tests.accounts import visitors
from tests.interviews.meeting import TUESDAY, link_to, link_to_follow, make_candidate, make_interview
from tests.privacy.erasing import is_gone, journal, send_mail, work

__all__ = ["journal"]
pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def ada(app: Flask) -> int:
    return visitors.join()


def test_signing_in_again_meanwhile_saves_nothing(app: Flask, ada: int) -> None:
    rita = factories.make_staff()
    leave_for_good(ada, ada, clock.now())
    again = factories.signed_in(app, ada)
    assert visitors.is_in(again)
    factories.make_application(factories.make_opening("Baker"), rita, person_id=ada)
    ask_for_copy(ada, ada, clock.now())
    others = set(copies_folder().glob("*.zip"))
    make_copies(clock.now())
    work()
    assert is_gone(ada)
    assert not visitors.is_in(again)
    assert set(copies_folder().glob("*.zip")) <= others


def test_no_mail_comes_after_the_last(ada: int) -> None:
    for is_made in (True, False):
        ask_for_copy(ada, ada, clock.now())
        if is_made:
            make_copies(clock.now())
    leave_for_good(ada, ada, clock.now())
    make_copies(clock.now())
    assert send_mail()[-1] == ("privacy/last_mail", visitors.ADA)
    assert "privacy/copy_ready" not in [kind for kind, _to in send_mail()]


def test_a_copy_that_was_begun_before_two_records_became_one_is_nobodys(app: Flask, ada: int) -> None:
    """It would have half of what they hold now."""
    other = factories.make_person("A. Lind", "lind@canary.example")
    ask_for_copy(other, other, clock.now())
    assert begin_copy(clock.now()) is not None
    merge_people(ada, other, None, clock.now())
    end_reading()
    assert newest_copy(ada) is None
    assert newest_copy(other) is None


def test_a_worker_killed_at_the_wrong_moment_leaves_no_copy_of_the_erased(app: Flask, ada: int) -> None:
    public_id = ask_for_copy(ada, ada, clock.now())
    begun = begin_copy(clock.now())
    assert begun is not None
    leave_for_good(ada, ada, clock.now())
    work()
    left = copies_folder() / f"{public_id}.zip"
    write_copy(factories.make_staff(), left, clock.now())
    sweep(clock.now())
    assert not left.exists()


def test_no_link_of_before_opens_anything(app: Flask) -> None:
    rita = factories.make_staff()
    made = make_candidate(rita)
    interview = make_interview(made.id, rita, starts_at=TUESDAY, panel=[(rita, None)])
    links = [link_to_follow(made), link_to(interview, made.person_id)]
    reader = factories.visitor(app)
    reader.submit(reader.get(links[0]), action=links[0])
    erase_person(made.person_id, None, clock.now())
    end_reading()
    for browser in (reader, factories.visitor(app)):
        for link in links:
            assert browser.client.get(link).status_code == 404
        for path in (f"/me/applications/{made.public_id}", f"/me/applications/{made.public_id}/offer"):
            assert browser.client.get(path).status_code in {303, 404}
