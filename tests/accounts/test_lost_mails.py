"""Mail about an account that did not arrive: what somebody asked for themselves is nobody's task."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.jobs import look_for_lost_mails
from portal.core import clock
from portal.core.db import fetch, transaction
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from tests import factories
from tests.outbox.letters import person, put

pytestmark = pytest.mark.both_in_soak


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("accounts/sign_in", 0),
        ("accounts/reset", 0),
        ("accounts/second_address", 0),
        ("accounts/invitation", 1),
        ("accounts/password_changed", 1),
    ],
)
def test_invitations_and_notices_are_owed_and_links_that_one_asks_for_again_are_not(
    app: Flask, kind: str, count: int
) -> None:
    factories.make_staff("Mo Admin", Role.ADMIN)
    lost = put(1, person_id=person("Ada", "ada@example.org"))
    with transaction() as own:
        row = own.get_one(Delivery, lost)
        row.kind, row.state, row.last_error = kind, DeliveryState.DEAD, "refused 550 no such user"
    look_for_lost_mails(clock.now())
    assert fetch(select(func.count()).select_from(Task)).scalar_one() == count
