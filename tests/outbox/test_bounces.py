"""Mail that comes back after a server took it: it did not arrive, and perhaps nothing will at that address."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.contact.actions import lift_suppression, record_consent
from portal.contact.queries import consent_states, is_suppressed
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.settings import Settings
from portal.outbox.actions import claim_next, mark_sent
from portal.outbox.jobs import MailSender
from portal.outbox.models import Delivery
from portal.outbox.rules.incoming import TagFor, judge, name_in, tagged
from portal.outbox.states import Bounce, DeliveryState, IncomingState, MailSort, Reason, WhyNotPlaced
from tests.conftest import Time
from tests.factories import make_staff
from tests.outbox.incoming import RETURN, arrive, complaint, kept, reachable, report, return_path, send, written
from tests.outbox.letters import delivery, person, put
from tests.outbox.servers import mail_server

pytestmark = pytest.mark.both_in_soak

ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def ways_back(app: Flask) -> Iterator[Settings]:
    with reachable() as found:
        yield found


def first() -> Delivery:
    """The oldest letter, as the database has it now."""
    end_reading()
    return session().scalars(select(Delivery).order_by(Delivery.id).limit(1)).one()


@pytest.fixture
def ada(app: Flask) -> int:
    return person("Ada Lind", ADA)


def sent(number: int, person_id: int | None = None) -> str:
    """A letter to Ada that a server took; its key."""
    delivery_id = put(number, to=ADA, person_id=person_id, cause=f"application:{number}")
    send()
    row = delivery(delivery_id)
    assert row.state is DeliveryState.SENT
    return row.key


def test_the_envelope_names_a_signed_return_path(ways_back: Settings) -> None:
    delivery_id = put(1, to=ADA)
    with mail_server() as sink:
        MailSender("worker-a", threading.Event(), replace(ways_back, mail_url=sink.url)).send_due_mail()
    assert [one.sender for one in sink.got] == [return_path(delivery(delivery_id).key)]
    assert "bounce+" not in str(sink.got[0].message["From"])


def test_a_hard_bounce_undoes_the_sending_and_stops_mail_to_the_address(ada: int) -> None:
    key = sent(1, ada)
    arrive(report(return_path(key)))
    row = first()
    assert (row.state, row.failed_reason, row.failed_code, row.failed_status) == (
        DeliveryState.DEAD,
        Reason.BOUNCED,
        550,
        "5.1.1",
    )
    assert row.sent_at is None
    assert is_suppressed(ADA)
    assert [(one.sort, one.bounce, one.state) for one in kept()] == [(MailSort.BOUNCE, Bounce.HARD, IncomingState.DONE)]


def test_the_next_letter_is_not_sent_to_where_nothing_arrives(ada: int) -> None:
    arrive(report(return_path(sent(1, ada))))
    later = put(2, to=ADA, person_id=ada)
    send()
    assert delivery(later).state is DeliveryState.DEAD
    assert delivery(later).failed_reason is Reason.SUPPRESSED


@pytest.mark.parametrize("how", ["none", "flipped", "of_another_kind", "with_another_key"])
def test_a_forged_bounce_changes_nothing(ada: int, how: str) -> None:
    key = sent(1, ada)
    good = return_path(key)
    local, domain = good.split("@")
    forged = {
        "none": RETURN,
        "flipped": f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
        "of_another_kind": tagged("a-secret-key-that-is-only-good-for-tests", TagFor.REPLY, key, RETURN),
        "with_another_key": tagged("somebody else's", TagFor.RETURN, key, RETURN),
    }[how]
    arrive(report(forged, about=f"Message-ID: <{key}@kindred.example>"))
    assert first().state is DeliveryState.SENT
    assert not is_suppressed(ADA)
    assert [(one.state, one.why) for one in kept()] == [(IncomingState.UNPLACED, WhyNotPlaced.UNSIGNED)]


def test_a_delay_changes_nothing(ada: int) -> None:
    arrive(report(return_path(sent(1, ada)), action="delayed", status="4.4.1", words="451 4.4.1 no answer"))
    assert first().state is DeliveryState.SENT
    assert [one.bounce for one in kept()] == [Bounce.DELAYED]


def test_a_full_mailbox_is_tried_once_more_later(ada: int, time: Time) -> None:
    arrive(report(return_path(sent(1, ada)), status="5.2.2", words="552 5.2.2 mailbox full"))
    row = first()
    assert (row.state, row.failed_reason) == (DeliveryState.QUEUED, Reason.BOUNCED)
    assert row.next_try_at == clock.now() + timedelta(hours=6)
    assert not is_suppressed(ADA)
    time.pass_by(hours=7)
    send()
    assert first().state is DeliveryState.SENT


def test_an_older_letter_is_not_tried_again_behind_a_newer_one(ada: int) -> None:
    old, new = (
        put(1, to=ADA, person_id=ada, cause="application:x"),
        put(2, to=ADA, person_id=ada, cause="application:x"),
    )
    send()
    arrive(report(return_path(delivery(old).key), status="5.2.2", words="552 5.2.2 mailbox full"))
    assert delivery(old).state is DeliveryState.DEAD
    assert delivery(new).state is DeliveryState.SENT


def test_three_soft_bounces_in_thirty_days_and_the_address_counts_as_dead(ada: int, time: Time) -> None:
    for number in (1, 2, 3):
        assert not is_suppressed(ADA)
        key = sent(number, ada)
        arrive(report(return_path(key), status="4.2.2", words=f"452 4.2.2 full, {number}"))
        time.pass_by(days=2)
    assert is_suppressed(ADA)


def test_soft_bounces_far_apart_do_not_add_up(ada: int, time: Time) -> None:
    for number in (1, 2, 3):
        arrive(report(return_path(sent(number, ada)), status="4.2.2", words=f"452 4.2.2 full, {number}"))
        time.pass_by(days=16)
    assert not is_suppressed(ADA)


def test_what_is_refused_for_what_is_in_it_says_nothing_about_the_address(ada: int) -> None:
    arrive(report(return_path(sent(1, ada)), status="5.7.1", words="550 5.7.1 looks like spam"))
    assert first().state is DeliveryState.DEAD
    assert not is_suppressed(ADA)


def test_a_bounce_while_the_message_is_being_sent_waits_until_that_is_over(ada: int) -> None:
    put(1, to=ADA, person_id=ada)
    claimed = claim_next("worker-a", clock.now())
    assert claimed is not None
    for _time in range(5):
        arrive(report(return_path(claimed.letter.key)))
    assert [one.state for one in kept()] == [IncomingState.NEW]
    mark_sent(claimed, clock.now())
    arrive()
    assert first().state is DeliveryState.DEAD


def test_after_an_undo_mail_goes_again(ada: int) -> None:
    arrive(report(return_path(sent(1, ada))))
    lift_suppression(ADA, actor_id=make_staff(), now=clock.now())
    end_reading()
    later = put(2, to=ADA, person_id=ada)
    send()
    assert delivery(later).state is DeliveryState.SENT


def test_a_report_of_another_make_is_understood_as_well(ada: int) -> None:
    to = return_path(sent(1, ada))
    arrive(
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: {to}\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at mx.example.org.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        f"<{ADA}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n".encode()
    )
    assert first().state is DeliveryState.DEAD
    assert is_suppressed(ADA)


def test_a_complaint_stops_what_needs_a_yes(ada: int) -> None:
    record_consent(
        ada,
        Purpose.INSIDER_UPDATES,
        ConsentAction.GIVEN,
        words="Yes",
        text_version="2026-01",
        locale="en",
        source="/join",
        now=clock.now(),
    )
    arrive(complaint(return_path(sent(1, ada))))
    end_reading()
    assert not consent_states(ada)[Purpose.INSIDER_UPDATES].is_given
    assert first().state is DeliveryState.SENT


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<jobs.example.org>"},
        {"subject": "Out of office: back on Monday"},
        {"subject": "Automatische Antwort: News"},
    ],
)
def test_what_a_machine_answers_is_counted_and_nothing_more(ada: int, headers: dict[str, str]) -> None:
    arrive(written(to=return_path(sent(1, ada)), **headers))
    assert [(one.sort, one.state) for one in kept()] == [(MailSort.AUTO_REPLY, IncomingState.DONE)]


def test_our_own_mail_that_comes_back_is_dropped(ada: int) -> None:
    key = sent(1, ada)
    arrive(written(to=RETURN, Message_ID=f"<{key}@kindred.example>"))
    assert [(one.sort, one.state) for one in kept()] == [(MailSort.LOOP, IncomingState.DONE)]


@pytest.mark.parametrize(
    ("action", "status", "words", "means"),
    [
        ("failed", "5.1.1", "550 5.1.1 no such user", Bounce.HARD),
        ("failed", "5.0.0", "550 5.1.1 no such user", Bounce.HARD),
        ("failed", "", "550 no such user", Bounce.HARD),
        ("failed", "5.2.2", "", Bounce.SOFT),
        ("failed", "4.4.7", "delivery time expired", Bounce.SOFT),
        ("failed", "5.4.4", "unable to route", Bounce.SOFT),
        ("failed", "", "", Bounce.SOFT),
        ("failed", "5.7.1", "550 5.7.1 rejected", Bounce.REFUSED),
        ("failed", "5.6.0", "", Bounce.REFUSED),
        ("failed", "5.3.4", "message too big", Bounce.REFUSED),
        ("error", "5.1.2", "", Bounce.HARD),
        ("delayed", "4.0.0", "", Bounce.DELAYED),
        ("delivered", "2.0.0", "", None),
        ("relayed", "2.1.5", "", None),
    ],
)
def test_what_a_report_means(action: str, status: str, words: str, means: Bounce | None) -> None:
    found = judge(action, status, words)
    assert (found.bounce if found else None) is means


@given(st.text(alphabet="0123456789abcxyzABCXYZ", min_size=1, max_size=24), st.sampled_from(TagFor))
def test_a_tag_names_what_it_was_made_for_whatever_its_letters_case(name: str, purpose: TagFor) -> None:
    address = tagged("a key", purpose, name, RETURN)
    other = next(one for one in TagFor if one is not purpose)
    assert name_in("a key", purpose, address.upper(), RETURN) == name
    assert name_in("a key", other, address, RETURN) is None
    assert name_in("another key", purpose, address, RETURN) is None
    assert len(address.partition("@")[0]) <= 64


@given(st.text(max_size=80))
def test_no_made_up_address_has_a_tag_of_ours(made_up: str) -> None:
    assert name_in("a key", TagFor.RETURN, made_up, RETURN) is None
    assert name_in("a key", TagFor.RETURN, f"bounce+{made_up}@mail.kindred.example", RETURN) is None
