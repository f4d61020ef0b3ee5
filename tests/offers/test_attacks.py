"""Two who act at once on an offer, and what nobody may read of one."""

from datetime import timedelta

import pytest

from portal.applications.actions import write_to_candidate
from portal.applications.models import LetterDraft
from portal.applications.queries import find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import Busy
from portal.offers.actions import accept_offer
from portal.offers.states import OfferState
from portal.outbox.actions import claim_next
from tests.factories import Made, settle_mail
from tests.offers.offering import make, open_tasks, own, scope, status_of, yes


def end(made: Made, staff_id: int) -> None:
    """An ending that waits for its while."""
    end_reading()
    view = find_for_staff(made.public_id, scope(staff_id))
    assert view is not None
    ending = Proposal(
        ApplicationStatus.NOT_SELECTED, "We chose somebody else.", None, "", end_reason=EndReason.MISSING_SKILL
    )
    write_to_candidate(
        made.public_id, scope=scope(staff_id), proposal=ending, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()


def test_whoever_has_accepted_reads_no_letter_that_we_chose_somebody_else(rita: int, ada: Made) -> None:
    make(ada, rita)
    end(ada, rita)
    accept_offer(ada.person_id, ada.public_id, yes(ada), clock.now())
    settle_mail()
    assert own(ada).state is OfferState.ACCEPTED
    assert status_of(ada) is ApplicationStatus.OFFER_MADE
    assert session().get_one(LetterDraft, ada.id).message == "We chose somebody else."
    assert [task.owner_id for task in open_tasks()] == [rita]


def test_while_an_ending_is_at_the_mail_server_nobody_accepts(rita: int, ada: Made) -> None:
    make(ada, rita)
    end(ada, rita)
    claim_next("w", clock.now() + timedelta(days=1))
    with pytest.raises(Busy):
        accept_offer(ada.person_id, ada.public_id, yes(ada), clock.now())
    assert own(ada).state is OfferState.OPEN
