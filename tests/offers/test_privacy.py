"""What the export says of an offer, and what erasing, merging and leaving do to it."""

import pytest
from sqlalchemy import func, select

from portal.accounts.actions import deactivate_staff
from portal.core import clock
from portal.core.db import end_reading, session
from portal.offers import privacy
from portal.offers.actions import accept_offer, ask_for_time, decline_offer, take_back_word
from portal.offers.models import Offer, OfferWord, TimeRequest
from portal.offers.states import DeclineReason
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person, hand_over, merge_people
from tests.factories import Made, make_application, make_opening, make_person, make_staff
from tests.offers.offering import (
    LATER,
    PAY,
    change,
    make,
    no,
    offer_of,
    open_tasks,
    own,
    scope,
    seen,
    yes,
)


def words(person_id: int) -> str:
    end_reading()
    return " ".join(f"{section.title} {section.rows} {section.extra}" for section in privacy.export(person_id))


def count(table: type) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_the_export_holds_the_offer_and_what_they_answered(rita: int, ada: Made) -> None:
    make(ada, rita)
    ask_for_time(ada.person_id, ada.public_id, LATER, "I wait.", clock.now())
    decline_offer(ada.person_id, ada.public_id, no(ada, DeclineReason.PAY, "Too little."), clock.now())
    said = words(ada.person_id)
    for known in (PAY, "Friday 13 March 2026", "Rita Sander", "I wait.", "Too little.", "The pay or the benefits"):
        assert known in said
    assert ada.public_id in said


def test_what_has_not_gone_or_was_taken_back_is_not_in_it(rita: int, ada: Made) -> None:
    make(ada, rita)
    change(ada, rita, is_settled=False, terms="- Pay: a secret")
    assert "a secret" not in words(ada.person_id)
    take_back_word(ada.public_id, seen(ada), scope=scope(rita), now=clock.now())
    assert "a secret" not in words(ada.person_id)


def test_a_colleague_reads_that_they_wrote_and_under_which_number_and_not_what(rita: int, ada: Made) -> None:
    make(ada, rita)
    said = words(rita)
    assert "Messages of yours" in said
    assert "+48 22 123 45 67" in said
    assert PAY not in said


def test_erasing_a_candidate_removes_their_offers_tasks_and_what_waits(rita: int, ada: Made) -> None:
    bo = make_application(make_opening("Nurse"), rita, name="Bo Ek")
    make(bo, rita)
    make(ada, rita)
    ask_for_time(ada.person_id, ada.public_id, LATER, "I wait.", clock.now())
    erase_person(ada.person_id, None, clock.now())
    assert (count(Offer), count(OfferWord), count(TimeRequest)) == (1, 1, 0)
    assert open_tasks() == []
    waiting = session().scalars(
        select(Delivery.kind).where(Delivery.state == DeliveryState.QUEUED).where(Delivery.kind.startswith("offers/"))
    )
    assert list(waiting) == []
    assert PAY in own(bo).version.terms


def test_erasing_a_colleague_leaves_the_offer_without_their_name_and_number(rita: int, ada: Made) -> None:
    olga = make_staff("Olga Nowak")
    make(ada, olga)
    decline_offer(ada.person_id, ada.public_id, no(ada), clock.now())
    hand_over(olga, rita, rita, clock.now())
    deactivate_staff(olga, rita, clock.now())
    end_reading()
    erase_person(olga, None, clock.now())
    version = own(ada).version
    assert (version.author_name, version.contact_name, version.contact_phone) == ("", "", "")
    assert PAY in version.terms


def test_who_is_still_to_decide_talks_to_whoever_takes_over(rita: int, ada: Made) -> None:
    olga = make_staff("Olga Nowak")
    make(ada, olga)
    hand_over(olga, rita, rita, clock.now())
    version = own(ada).version
    assert (version.contact_name, version.contact_email) == ("Rita Sander", "rita@example.org")
    assert version.contact_phone == "", "the number was the other's"


def test_the_offers_of_two_records_belong_to_one_person_afterwards(rita: int, ada: Made) -> None:
    other = make_person("Ada L.", "ada.l@example.org")
    make(ada, rita)
    merge_people(other, ada.person_id, None, clock.now())
    end_reading()
    moved = Made(ada.id, ada.public_id, other)
    assert own(moved).is_open
    accept_offer(other, ada.public_id, yes(moved), clock.now())
    assert offer_of(moved).person_id == other
    assert PAY in words(other)


def test_what_a_colleague_owed_goes_over_with_the_rest_of_their_work(rita: int, ada: Made) -> None:
    olga = make_staff("Olga Nowak")
    make(ada, rita)
    ask_for_time(ada.person_id, ada.public_id, LATER, "", clock.now())
    hand_over(rita, olga, olga, clock.now())
    assert [task.owner_id for task in open_tasks()] == [olga]


@pytest.mark.parametrize("table", privacy.TABLES)
def test_every_table_of_offers_is_empty_once_nobody_is_known(rita: int, ada: Made, table: type) -> None:
    make(ada, rita)
    ask_for_time(ada.person_id, ada.public_id, LATER, "", clock.now())
    assert count(table) == 1
    erase_person(ada.person_id, None, clock.now())
    assert count(table) == 0
