"""Where the law of a place demands it, the least stays sealed: shown before, read for a reason, deleted on its day."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.company.models import CompanySetting
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.keeping.models import SealedRecord
from portal.openings.models import OpeningPlace
from portal.privacy.actions import erase_again, erase_person
from portal.privacy.jobs import sweep
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA
from tests.conftest import Time
from tests.privacy.erasing import journal
from tests.whole_site.personal_data import places_of

__all__ = ["journal"]
REQUESTS = "/recruiting/admin/privacy-requests"

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def ada(app: Flask) -> int:
    """Ada, not selected in Toronto, where records stay for three years, and in Warsaw, where none does."""
    person_id = visitors.join()
    rita = factories.make_staff()
    for place, title in (("Toronto, Canada", "Baker"), ("Warsaw, Poland", "Cook")):
        opening = factories.make_opening(title)
        with transaction() as own:
            own.add(OpeningPlace(opening_id=opening, place=place.lower(), label=place))
        ended = ApplicationStatus.NOT_SELECTED
        factories.make_application(opening, rita, person_id=person_id, status=ended)
    with transaction() as own:
        places = [{"place": "Toronto", "months": 6, "sealed_years": 3}]
        value = {"community_months": 24, "rejected_months": 6, "places": places}
        own.add(CompanySetting(name="retention", value=value, changed_at=clock.now()))
    end_reading()
    return person_id


def records() -> list[SealedRecord]:
    end_reading()
    return list(session().scalars(select(SealedRecord)))


def test_it_is_shown_before_anybody_is_erased(app: Flask, ada: int) -> None:
    text = factories.signed_in(app, ada).get("/me/privacy/erase").text
    assert "What the law makes us keep of you" in text
    assert "Baker (Toronto, 3 years after it ended): Ada Lind, ada@demo.example" in text
    assert "Cook (" not in text


def test_one_record_stays_and_nobody_can_read_it_in_the_database(ada: int) -> None:
    erase_person(ada, None, clock.now())
    (sealed,) = records()
    assert (sealed.place, sealed.keep_until.isoformat()) == ("Toronto", "2029-03-04")
    assert b"Ada" not in sealed.content
    assert places_of("ada@") == []
    assert places_of("Ada Lind") == []


def test_an_admin_opens_it_with_a_reason_that_is_noted(app: Flask, ada: int) -> None:
    erase_person(ada, None, clock.now())
    (sealed,) = records()
    admin = factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN))
    path = f"{REQUESTS}/sealed/{sealed.public_id}"
    page = admin.get(path)
    assert "Ada Lind" not in page.text
    assert "Please say why." in admin.submit(page, action=path, expect=422).text
    page = admin.submit(page, action=path, reason="Asked by the ministry")
    assert "Ada Lind" in page.text
    assert "Baker" in page.text
    noted = session().scalars(select(AuditRecord).where(AuditRecord.action == "privacy.open_sealed")).one()
    assert noted.details == {"why": "Asked by the ministry"}
    assert "A sealed record" in admin.submit(admin.get(REQUESTS), action=REQUESTS, email=ADA).text


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.HIRING_MANAGER])
def test_nobody_else_even_finds_it(app: Flask, ada: int, role: Role) -> None:
    erase_person(ada, None, clock.now())
    (sealed,) = records()
    browser = factories.signed_in(app, factories.make_staff("Omar Aziz", role))
    for path in (REQUESTS, f"{REQUESTS}/sealed/{sealed.public_id}"):
        assert browser.client.get(path).status_code in {403, 404}


def test_it_is_deleted_on_its_day(ada: int, time: Time) -> None:
    erase_person(ada, None, clock.now())
    time.pass_by(days=3 * 365)
    sweep(clock.now())
    assert len(records()) == 1
    time.pass_by(days=1)
    sweep(clock.now())
    assert records() == []


def test_a_replay_seals_again_only_what_it_erases(ada: int) -> None:
    erase_person(ada, None, clock.now())
    assert erase_again([], clock.now()) == 0
    assert len(records()) == 1
