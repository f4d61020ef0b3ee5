"""What the worker notices about offers: a day that passed, an end, a mail that did not arrive."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.applications.actions import AnotherWay, tell_another_way, untold_letter, write_to_candidate
from portal.applications.queries import find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, Channel, EndReason
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.offers.actions import accept_offer
from portal.offers.jobs import follow_applications, look_for_lost_offers, look_for_overdue_offers
from portal.offers.states import OfferState
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from tests.conftest import Time
from tests.factories import ZONE, Made, settle_mail
from tests.offers.offering import (
    LATER,
    give_time,
    make,
    offer_of,
    open_tasks,
    own,
    own_or_none,
    promised_to,
    scope,
    status_of,
    yes,
)

pytestmark = pytest.mark.both_in_soak


def look() -> int:
    look_for_overdue_offers(clock.now())
    return len(open_tasks())


def test_a_day_that_passed_is_a_task_and_ends_nothing(rita: int, ada: Made, time: Time) -> None:
    make(ada, rita)
    assert look() == 0
    time.pass_by(days=9)
    assert look() == 0, "the day itself is theirs"
    time.pass_by(days=1)
    assert (look(), look()) == (1, 1)
    assert own(ada).is_open


def test_another_day_settles_it(rita: int, ada: Made, time: Time) -> None:
    make(ada, rita)
    time.pass_by(days=10)
    assert look() == 1
    give_time(ada, rita, LATER)
    assert look() == 0
    time.pass_by(days=10)
    assert look() == 1


def test_an_answer_settles_it(rita: int, ada: Made, time: Time) -> None:
    make(ada, rita)
    time.pass_by(days=10)
    assert look() == 1
    accept_offer(ada.person_id, ada.public_id, yes(ada), clock.now())
    assert [task.dedupe_key.split(":")[0] for task in open_tasks()] == ["offer-accepted"]


def test_ended_as_hired_nothing_is_left_to_do(rita: int, ada: Made) -> None:
    make(ada, rita)
    accept_offer(ada.person_id, ada.public_id, yes(ada), clock.now())
    _end(ada, rita, ApplicationStatus.HIRED, EndReason.BEST_FIT)
    assert status_of(ada) is ApplicationStatus.HIRED
    follow_applications(clock.now())
    assert open_tasks() == []
    assert own(ada).state is OfferState.ACCEPTED


def test_an_ending_by_us_closes_an_offer_that_nobody_answered(rita: int, ada: Made) -> None:
    make(ada, rita)
    _end(ada, rita, ApplicationStatus.OPENING_CANCELLED, EndReason.NO_BUDGET)
    assert own(ada).state is OfferState.ENDED, "before any job has run"
    follow_applications(clock.now())
    assert offer_of(ada).state is OfferState.ENDED


def test_a_mail_that_did_not_arrive_is_a_task_and_they_can_be_told_another_way(rita: int, ada: Made) -> None:
    make(ada, rita, is_settled=False)
    settle_mail(DeliveryState.DEAD, "550 no such user")
    for _ in range(2):
        look_for_lost_offers(clock.now())
    end_reading()
    tasks = session().scalars(select(Task).where(Task.kind == TaskKind.DEAD_LETTER)).all()
    assert [(task.about, task.owner_id) for task in tasks] == [(ada.public_id, rita)]
    assert own_or_none(ada) is None
    view = find_for_staff(ada.public_id, scope(rita))
    assert view is not None
    letter = untold_letter(view)
    assert letter is not None
    today = day_of(clock.now(), ZONE)
    way = AnotherWay(Channel.TELEPHONE, today, letter.next_update_by, letter.date_reason)
    tell_another_way(ada.public_id, letter.public_id, way, scope=scope(rita), now=clock.now() + timedelta(minutes=1))
    assert own(ada).is_open
    assert promised_to(ada) == letter.next_update_by


def _end(made: Made, staff_id: int, status: ApplicationStatus, reason: EndReason) -> None:
    end_reading()
    view = find_for_staff(made.public_id, scope(staff_id))
    assert view is not None
    ending = Proposal(status, "A last word about it.", None, "", end_reason=reason)
    write_to_candidate(
        made.public_id, scope=scope(staff_id), proposal=ending, seen_event_id=view.newest_event_id, now=clock.now()
    )
    settle_mail()
    end_reading()
