"""A worker that wakes after its message died and was tried anew by an admin is not believed."""

from flask import Flask

from portal.core import clock
from portal.core.permissions import Role
from portal.outbox.actions import LEASE, claim_next, mark_failed_try, mark_sent, retry_dead_letter
from portal.outbox.rules import Refused
from portal.outbox.states import DeliveryState, Reason
from tests import factories
from tests.conftest import Time
from tests.outbox.letters import delivery, put


def test_the_owner_counts_where_the_number_of_tries_is_the_same(app: Flask, time: Time) -> None:
    admin = factories.make_staff("Nora Berg", Role.ADMIN)
    delivery_id = put()
    frozen = claim_next("frozen", clock.now())
    assert frozen is not None
    time.at += LEASE
    second = claim_next("second", clock.now())
    assert second is not None
    assert mark_failed_try(second, Refused(Reason.REFUSED, 554, "no"), clock.now())
    retry_dead_letter(second.letter.key, may_lift=False, actor_id=admin, now=clock.now())
    third = claim_next("third", clock.now())
    assert third is not None
    assert third.attempts == frozen.attempts
    assert not mark_sent(frozen, clock.now())
    assert delivery(delivery_id).state is DeliveryState.LEASED
    assert mark_sent(third, clock.now())
