"""The page of an application in recruiting with all that features above add to it."""

import pytest
from flask import Flask

from portal.applications.models import Application
from portal.core.db import transaction
from tests.conftest import Time, counted_statements
from tests.factories import signed_in
from tests.feedback import written
from tests.feedback.debts import note
from tests.interviews.meeting import WEDNESDAY
from tests.interviews.rows import make_interview
from tests.offers import offering

pytestmark = pytest.mark.both_in_soak


def test_a_page_with_every_part_costs_no_more_than_twelve_statements(app: Flask, time: Time) -> None:
    people = written.make_people(has_ended=False)
    with transaction() as own:
        own.get_one(Application, people.ada.id).source = "talentworks"
    make_interview(people.ada.id, people.rita, starts_at=WEDNESDAY)
    offering.make(people.ada, people.rita)
    desk = signed_in(app, people.rita)
    path = f"/recruiting/applications/{people.ada.public_id}"
    with counted_statements() as is_open:
        page = desk.get(path)
    for part in ("Wednesday 11 March 2026, 14:00", "Decide by", "Written feedback"):
        assert part in page.text
    assert len(is_open) <= 12
    written.end(people.ada)
    note()
    written.sent(people, time)
    note()
    with counted_statements() as has_ended:
        page = desk.get(path)
    for part in ("Wednesday 11 March 2026, 14:00", "Open the offer", "Feedback that we owe", "Written feedback"):
        assert part in page.text
    assert len(has_ended) <= 12
