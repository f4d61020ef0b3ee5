"""Letters and digests that a server was tried with, and people who go or become one while mail is written."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.states import Rhythm
from portal.core import clock
from portal.core.db import end_reading, fetch, transaction
from portal.core.mail import RenderedMail
from portal.digests.actions import mailing, pause_mailing, resume_mailing, stop_mailing
from portal.digests.models import MailedUpdate
from portal.outbox.actions import claim_next, mark_failed_try
from portal.outbox.actions.coming_in.bouncing import note_bounce
from portal.outbox.actions.retrying import retry_all_dead
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.rules.incoming import Report
from portal.outbox.states import Bounce, Reason
from portal.people.queries import Recipient
from portal.privacy.actions import erase_person, merge_people
from portal.updates.actions import withdraw_update
from portal.updates.rules import UpdateContent
from portal.updates.states import Audience
from tests.conftest import Time
from tests.digests.mails import correct, deliver, mails_to, prepare, reader, subjects_to, update_id, work
from tests.factories import make_staff, primary_email
from tests.openings.early import like
from tests.updates.posting import post

NOT_NOW = TryLater(Reason.NOT_NOW, 450, "4.2.0 greylisted")
DOWN = TryLater(Reason.UNREACHABLE, blame=Blame.SERVER, is_before_message=True)
REFUSED = Refused(Reason.REFUSED, 554, "5.7.1 not this message")


def is_answered(answer: TryLater | Refused) -> None:
    """The mail server answers this to all that is due."""
    end_reading()
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        mark_failed_try(claimed, answer, clock.now())
    end_reading()


def to_thursday(time: Time) -> None:
    """The hour at which weekly digests are due, from Wednesday morning."""
    prepare()
    time.pass_by(days=1, hours=1)
    prepare()


def test_a_withdrawn_update_leaves_a_digest_that_a_server_did_not_take_yet(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    gone = post(rita, "Gone")
    post(rita, "Stays")
    to_thursday(time)
    is_answered(NOT_NOW)
    withdraw_update(update_id(gone), words="", actor_id=rita, now=clock.now())
    for _hour in range(4):
        time.pass_by(hours=1)
        work()
    assert subjects_to(ada) == ["Stays"]
    assert "Gone" not in mails_to(ada)[0].text


def test_a_digest_in_a_worker_s_hand_comes_back_without_what_was_withdrawn(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    gone = post(rita, "Gone")
    post(rita, "Stays")
    to_thursday(time)
    end_reading()
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    withdraw_update(update_id(gone), words="", actor_id=rita, now=clock.now())
    prepare()
    mark_failed_try(claimed, NOT_NOW, clock.now())
    for _hour in range(4):
        work()
        time.pass_by(hours=1)
    assert subjects_to(ada) == ["Stays"]


def test_a_letter_that_comes_back_untried_from_a_worker_s_hand_rests_with_its_mailing(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    end_reading()
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    pause_mailing(update_id(slug), actor_id=rita, now=clock.now())
    prepare()
    mark_failed_try(claimed, DOWN, clock.now())
    for _hour in range(3):
        work()
        time.pass_by(hours=1)
    assert mails_to(ada) == []
    resume_mailing(update_id(slug), actor_id=rita, now=clock.now())
    work()
    assert subjects_to(ada) == ["What we pay"]


def test_a_letter_that_comes_back_untried_from_a_worker_s_hand_goes_in_its_new_words(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    end_reading()
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    correct(slug, rita, "What we pay now")
    prepare()
    mark_failed_try(claimed, DOWN, clock.now())
    work()
    assert subjects_to(ada) == ["What we pay now"]


def test_a_digest_that_may_have_arrived_is_not_written_anew(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=Rhythm.WEEKLY), make_staff()
    gone = post(rita, "Gone")
    post(rita, "Stays")
    to_thursday(time)
    is_answered(TryLater(Reason.CUT_OFF))
    withdraw_update(update_id(gone), words="", actor_id=rita, now=clock.now())
    for _hour in range(4):
        time.pass_by(hours=1)
        work()
    assert subjects_to(ada) == ["2 updates for you"], "the same message again, as its Message-ID says"


def test_letters_that_a_server_puts_off_and_that_come_too_often_wait_for_one_digest(app: Flask, time: Time) -> None:
    ada, rita = reader(rhythm=None), make_staff()
    titles = {"First", "Second", "Third", "Fourth", "Fifth"}
    for title in sorted(titles):
        post(rita, title)
    prepare()
    is_answered(NOT_NOW)
    for _day in range(31):
        time.pass_by(days=1)
        work()
    *letters, digest = subjects_to(ada)
    assert len(letters) == 2, "two a month"
    assert titles.issuperset(letters)
    assert digest == "3 updates for you", "and the rest not one by one"


def test_a_letter_that_a_server_put_off_rests_with_its_mailing_and_goes_in_its_new_words(
    app: Flask, time: Time
) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    is_answered(NOT_NOW)
    pause_mailing(update_id(slug), actor_id=rita, now=clock.now())
    correct(slug, rita, "What we pay now")
    for _hour in range(3):
        time.pass_by(hours=1)
        work()
    assert mails_to(ada) == []
    resume_mailing(update_id(slug), actor_id=rita, now=clock.now())
    work()
    assert subjects_to(ada) == ["What we pay now"]


@pytest.mark.parametrize("answer", [TryLater(Reason.CUT_OFF), None])
def test_a_letter_that_may_have_arrived_goes_again_as_it_is(app: Flask, time: Time, answer: TryLater | None) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    if answer is not None:
        is_answered(answer)
    else:
        # A worker dies with it in its hand.
        assert claim_next("a-worker", clock.now()) is not None
    end_reading()
    correct(slug, rita, "What we pay now")
    for _hour in range(3):
        time.pass_by(hours=1)
        work()
    assert subjects_to(ada) == ["What we pay"]


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_a_letter_that_was_given_up_is_not_tried_again_once_its_mailing_is_over(
    app: Flask, time: Time, is_withdrawn: bool
) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    prepare()
    is_answered(REFUSED)
    if is_withdrawn:
        withdraw_update(update_id(slug), words="", actor_id=rita, now=clock.now())
    else:
        stop_mailing(update_id(slug), actor_id=rita, now=clock.now())
    prepare()
    retry_all_dead(Reason.REFUSED, 554, "5.7.1", may_lift=True, actor_id=rita, now=clock.now())
    for _hour in range(3):
        work()
        time.pass_by(hours=1)
    assert mails_to(ada) == []


@pytest.mark.parametrize("bounce", [Bounce.SOFT, Bounce.REFUSED])
def test_a_letter_that_came_back_is_not_tried_again_once_its_mailing_is_over(
    app: Flask, time: Time, bounce: Bounce
) -> None:
    ada, rita = reader(), make_staff()
    slug = post(rita)
    work()
    withdraw_update(update_id(slug), words="", actor_id=rita, now=clock.now())
    work()
    (letter,) = fetch(select(Delivery.id).where(Delivery.kind == "updates/update")).scalars()
    with transaction():
        note_bounce(letter, Report(bounce, "4.2.2", 452, "mailbox full"), clock.now())
    prepare()
    retry_all_dead(Reason.BOUNCED, 452, "4.2.2", may_lift=True, actor_id=rita, now=clock.now())
    for _hour in range(30):
        time.pass_by(hours=1)
        work()
    assert len(mails_to(ada)) == 1


def test_whoever_has_it_does_not_get_the_letter_of_their_other_record(app: Flask, time: Time) -> None:
    kept, gone, rita = reader(), reader("Ada L."), make_staff()
    addresses = [primary_email(kept), primary_email(gone)]
    post(rita)
    prepare()
    end_reading()
    first = claim_next("a-worker", clock.now())
    assert first is not None
    assert first.person_id == kept
    mark_failed_try(first, NOT_NOW, clock.now())
    deliver()
    merge_people(kept, gone, None, clock.now())
    for _hour in range(4):
        time.pass_by(hours=1)
        work()
    assert _how_many_to(addresses) == 1


def test_what_never_comes_on_one_record_comes_on_the_other(app: Flask, time: Time) -> None:
    kept, gone, rita = reader(), reader("Ada L.", Rhythm.WEEKLY), make_staff()
    addresses = [primary_email(kept), primary_email(gone)]
    post(rita)
    prepare()
    is_answered(REFUSED)
    merge_people(kept, gone, None, clock.now())
    for _half in range(20):
        time.pass_by(hours=12)
        work()
    assert _how_many_to(addresses) == 1


def test_whoever_was_passed_and_becomes_one_with_somebody_it_is_for_gets_it(
    app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "CHUNK", 1)
    kept, between, gone, rita = reader(), reader("Bo Ek"), reader("Ada L."), make_staff()
    for one in (between, gone):
        like(one, "data")
    slug = post(rita, audience=Audience.AREAS, areas=("data",))
    end_reading()
    mailing.begin_mailing(update_id(slug), clock.now())
    mailing.write_some(update_id(slug), clock.now())
    merge_people(kept, gone, None, clock.now())
    work()
    assert subjects_to(kept) == ["What we pay"]
    assert len(mails_to(between)) == 1


def test_whoever_is_erased_while_their_letter_is_written_is_not_written_down(
    app: Flask, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, rita = reader(), make_staff()
    address = primary_email(ada)
    post(rita)
    render = mailing.mail_of_update

    def render_and_erase(to: Recipient, content: UpdateContent, slug: str, author_name: str) -> RenderedMail:
        erase_person(ada, None, clock.now())
        return render(to, content, slug, author_name)

    monkeypatch.setattr(mailing, "mail_of_update", render_and_erase)
    prepare()
    assert fetch(select(Delivery.id).where(Delivery.to_address == address)).all() == []
    assert fetch(select(MailedUpdate.person_id).where(MailedUpdate.person_id == ada)).all() == []


def _how_many_to(addresses: list[str]) -> int:
    end_reading()
    from_us = select(Delivery.id).where(Delivery.to_address.in_(addresses)).where(Delivery.sent_at.is_not(None))
    return len(fetch(from_us).all())
