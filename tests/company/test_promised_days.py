"""What the company's calendar and pace do where dates are promised."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from portal.ats.actions import ask_to_apply, create_import, work_on_import
from portal.ats.queries import find_import, promises_of
from portal.company.actions import change_settings
from portal.company.queries import company_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.core import clock
from portal.core.db import end_reading
from tests import factories
from tests.conftest import Time
from tests.pages import Page
from tests.whole_site.world import DATA

pytestmark = pytest.mark.both_in_soak
BEFORE_CHRISTMAS = datetime(2026, 12, 22, 9, tzinfo=UTC)


def save(actor_id: int, **values: Any) -> None:
    named = {Setting(name): value for name, value in values.items()}
    stored = company_settings()
    version = version_of({name: stored[name] for name in Setting if name in named})
    change_settings(named, version, actor_id=actor_id, now=clock.now())
    end_reading()


@pytest.fixture
def rita(app: Flask, time: Time) -> int:
    time.at = BEFORE_CHRISTMAS
    rita = factories.make_staff("Rita Sander")
    save(rita, holidays={"country": "DE", "region": ""}, own_days=[{"on": "12-24", "name": "Closed"}])
    return rita


def choices_of(page: Page) -> dict[str, str]:
    """What the letter offers as the next date: value and words."""
    assert page.tree is not None
    labels = page.tree.iter("{http://www.w3.org/1999/xhtml}label")
    found = {}
    for label in labels:
        radio = label.find("{http://www.w3.org/1999/xhtml}input[@name='when']")
        if radio is not None:
            found[radio.get("value", "")] = " ".join("".join(label.itertext()).split())
    return found


def test_a_letter_offers_the_companys_pace_first_and_leaves_out_the_holidays(app: Flask, rita: int) -> None:
    save(rita, pace={**company_settings()[Setting.PACE], "in_review": 4})
    application = factories.make_application(factories.make_opening("Nurse", recruiter_id=rita), rita)
    page = factories.signed_in(app, rita).get(f"/recruiting/applications/{application.public_id}")
    offered = choices_of(page)
    assert offered["3"] == "In 3 working days: Tuesday 29 December 2026"
    assert offered["5"] == "In 5 working days: Thursday 31 December 2026"
    assert offered["10"] == "In 10 working days: Friday 8 January 2027"
    assert page.form(having="when").values["when"] == "4"


def test_an_import_promises_nothing_for_a_day_off(app: Flask, rita: int) -> None:
    public_id = create_import(
        DATA / "applications-lever.tsv",
        "applications-lever.tsv",
        source="",
        owner_id=rita,
        told=None,
        created_by_id=rita,
        now=clock.now(),
    )
    import_id = find_import(public_id).id
    work_on_import(import_id, clock.now())
    ask_to_apply(import_id, actor_id=rita, now=clock.now())
    work_on_import(import_id, clock.now())
    end_reading()
    days = [day for day, _count in promises_of(public_id)]
    off = {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}
    assert days
    assert not off & set(days)
    assert date(2026, 12, 23) in days
    assert all(day.weekday() < 5 for day in days)
