"""What a person reads of their invitations, what goes with them, and what becomes of two records of one person."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.fitting.actions import say_not_now
from portal.fitting.models import Invitation, InvitationRound
from portal.fitting.privacy import export, retention
from portal.fitting.states import InvitationState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.privacy.actions import erase_person, merge_people
from tests.conftest import Time
from tests.factories import make_published, make_staff, opening_id_of, signed_in
from tests.fitting.fits import invitations, invite, member, send_due


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> str:
    return opening_id_of(make_published(recruiter_id=rita))


def test_one_reads_why_one_was_invited_once_it_came(app: Flask, opening: str, rita: int, time: Time) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada)
    assert export(ada)[0].rows == []
    time.pass_by(minutes=15)
    send_due()
    page = signed_in(app, ada).get("/me/privacy")
    assert "You told us about Ada Lind. Sent on Wednesday 4 March 2026." in page.text
    assert "Rita" not in " ".join(words for _label, words in export(ada)[0].rows)


def test_colleagues_read_only_how_many_they_invited(opening: str, rita: int) -> None:
    invite(opening, rita, member("Ada Lind", areas=["data"]))
    end_reading()
    [_own, work] = export(rita)
    assert work.rows == [("Invitations of yours", "1")]


def test_erasing_somebody_takes_their_invitation_and_words_that_were_theirs_alone(opening: str, rita: int) -> None:
    ada, bob, cleo = (member(name, areas=["data"]) for name in ("Ada Lind", "Bob Eriksen", "Cleo Park"))
    invite(opening, rita, ada)
    invite(opening, rita, bob, cleo)
    for person_id in (ada, bob):
        erase_person(person_id, rita, clock.now())
    assert [one.person_id for one in invitations()] == [cleo]
    assert session().scalar(select(func.count(InvitationRound.id))) == 1


def test_words_for_several_are_forgotten_after_a_month_and_who_was_invited_stays(
    opening: str, rita: int, time: Time
) -> None:
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"], says_yes=False)
    invite(opening, rita, ada, bob)
    time.pass_by(days=29)
    retention(clock.now())
    assert len(invitations()) == 2
    time.pass_by(days=2)
    retention(clock.now())
    [left] = invitations()
    assert (left.person_id, left.round_id) == (ada, None)


def test_of_two_records_of_one_person_one_invitation_stays_and_a_not_now_holds(
    opening: str, rita: int, time: Time
) -> None:
    kept, gone = member("Ada Lind", areas=["data"]), member("Ada L.", areas=["data"])
    invite(opening, rita, gone, is_hurried=True)
    send_due()
    end_reading()
    theirs = session().scalars(select(Invitation.public_id).where(Invitation.person_id == gone)).one()
    say_not_now(gone, theirs, now=clock.now())
    invite(opening, rita, kept)
    other = opening_id_of(make_published("Statistician", recruiter_id=rita))
    invite(other, rita, gone)
    merge_people(kept, gone, rita, clock.now())
    time.pass_by(hours=1)
    found = invitations()
    assert [one.person_id for one in found] == [kept, kept]
    assert found[0].not_now_at is not None
    assert {one.state for one in found} == {InvitationState.WRITTEN}


def test_two_invitations_that_wait_become_one_mail(opening: str, rita: int, time: Time) -> None:
    kept, gone = member("Ada Lind", areas=["data"]), member("Ada L.", areas=["data"])
    invite(opening, rita, kept, gone)
    merge_people(kept, gone, rita, clock.now())
    time.pass_by(hours=1)
    send_due()
    sent = select(func.count(Delivery.id)).where(Delivery.kind == "fitting/invitation")
    assert session().scalar(sent.where(Delivery.state == DeliveryState.SENT)) == 1
