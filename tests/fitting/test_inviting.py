"""Inviting people to apply: one mail a person and opening, by their yes, with time to undo; and what they say."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.queries import StaffScope
from portal.audit.models import AuditRecord
from portal.community.actions import leave_community
from portal.contact.actions import suppress
from portal.contact.states import Budget, MailClass, Purpose, Timing
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.fitting.actions import Words, begin_inviting, say_not_now, take_round_back
from portal.fitting.jobs import ask_who_may_fit, drop_outdated, go_on_inviting
from portal.fitting.models import Invitation, InvitationRound
from portal.fitting.queries import came_of, find_round, invitations_of
from portal.fitting.rules import MOST_AT_ONCE, InvitationRefused, Outcome
from portal.fitting.states import InvitationState, LeftOut
from portal.openings.actions import stop_accepting
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.conftest import START, Time
from tests.factories import make_application, make_published, make_staff, opening_id_of, primary_email
from tests.fitting.fits import chosen, facts_of, invitations, invite, member, say_yes, send_due

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> str:
    return opening_id_of(make_published(recruiter_id=rita))


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def states() -> list[InvitationState]:
    return [one.state for one in invitations()]


def reasons() -> list[LeftOut | None]:
    return [one.left_out for one in invitations()]


def test_each_gets_a_mail_of_their_own_after_the_while_to_undo(opening: str, rita: int, time: Time) -> None:
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"])
    invite(opening, rita, ada, bob, message="Hello {name},\n\nhave a look.")
    assert send_due() == []
    time.pass_by(minutes=15)
    sent = send_due()
    assert [kind for kind, _text in sent] == ["fitting/invitation"] * 2
    [first] = [text for _kind, text in sent if "Hello Ada Lind," in text]
    for words in (
        "You told us about Ada Lind.",
        "You find out what our numbers say.",
        "€60,000 to €75,000 a year",
        "Half of the numbers are wrong.",
        "/openings/opening-",
        "/not-now/",
        "/unsubscribe/",
        "You get this mail because you said yes to job alerts",
    ):
        assert words in first
    assert "Bob" not in first


def test_it_goes_by_their_yes_to_job_alerts_and_from_that_allowance(opening: str, rita: int) -> None:
    invite(opening, rita, member("Ada Lind", areas=["data"]))
    mail = session().scalars(select(Delivery).where(Delivery.kind == "fitting/invitation")).one()
    assert (mail.mail_class, mail.purpose) == (MailClass.COMMUNITY, Purpose.JOB_ALERTS)
    assert (mail.timing, mail.budget) == (Timing.WAKING, Budget.JOB_ALERTS)
    assert mail.reply_to == "Rita Sander <rita@example.org>"
    assert mail.expires_at == START + timedelta(days=30)


def test_who_takes_their_yes_back_gets_nothing_that_waits(opening: str, rita: int, time: Time) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada)
    say_yes(ada, False)
    time.pass_by(minutes=15)
    assert send_due() == []


def test_nobody_is_invited_twice_to_one_opening(opening: str, rita: int) -> None:
    ada = member("Ada Lind", areas=["data"])
    before = chosen(opening, rita, ada)
    invite(opening, rita, ada)
    omar = make_staff("Omar Diaz", email="omar@example.org")
    invite(opening, omar, known=before)
    assert states() == [InvitationState.WRITTEN, InvitationState.LEFT_OUT]
    assert reasons() == [None, LeftOut.INVITED]


def test_another_opening_may_invite_them_too(opening: str, rita: int) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada)
    invite(opening_id_of(make_published("Statistician", recruiter_id=rita)), rita, ada)
    assert states() == [InvitationState.WRITTEN] * 2


@pytest.mark.parametrize("what", ["applied", "stopped", "closed", "no yes", "dead address"])
def test_what_changes_before_it_is_written_leaves_them_out(opening: str, rita: int, what: str) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada, steps=False)
    expected = fall_away(what, opening, rita, ada)
    go_on_inviting(clock.now())
    assert (states(), reasons()) == ([InvitationState.LEFT_OUT], [expected])
    assert session().scalar(select(func.count(Delivery.id)).where(Delivery.kind == "fitting/invitation")) == 0


@pytest.mark.parametrize("what", ["applied", "stopped", "no yes"])
def test_what_changes_before_it_goes_takes_it_back(opening: str, rita: int, time: Time, what: str) -> None:
    ada = member("Ada Lind", areas=["data"])
    invite(opening, rita, ada)
    expected = fall_away(what, opening, rita, ada)
    drop_outdated(clock.now())
    time.pass_by(minutes=15)
    assert send_due() == []
    assert (states(), reasons()) == ([InvitationState.LEFT_OUT], [expected])


def fall_away(what: str, opening: str, rita: int, person_id: int) -> LeftOut:
    """Let something happen that speaks against the invitation; the reason that is then said."""
    opening_id = facts_of(opening).id
    if what == "applied":
        make_application(opening_id, rita, person_id=person_id)
        return LeftOut.APPLIED
    if what == "stopped":
        stop_accepting(opening_id, actor_id=rita, now=clock.now())
        return LeftOut.CLOSED
    if what == "closed":
        with transaction() as own:
            own.get_one(Opening, opening_id).closes_on = date(2026, 3, 3)
        return LeftOut.CLOSED
    if what == "dead address":
        suppress(primary_email(person_id), code=550, words="no such user", now=clock.now())
        return LeftOut.UNREACHABLE
    say_yes(person_id, False)
    return LeftOut.NO_YES


def test_an_early_opening_is_told_to_nobody_who_may_not_see_it(rita: int, time: Time) -> None:
    slug = make_published(recruiter_id=rita, public_at=START + timedelta(days=3))
    opening = opening_id_of(slug)
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"])
    invite(opening, rita, ada, bob)
    leave_community(bob, clock.now())
    say_yes(bob)
    drop_outdated(clock.now())
    time.pass_by(minutes=15)
    [text] = [text for kind, text in send_due() if kind == "fitting/invitation"]
    assert "members only, until Saturday 7 March 2026" in text
    assert reasons() == [None, LeftOut.NOT_THEIRS_YET]


def test_a_name_that_is_needed_and_unknown_holds_that_person_back(opening: str, rita: int) -> None:
    nameless = member("Ada Lind", areas=["data"])
    with transaction() as own:
        own.get_one(Person, nameless).name = ""
    invite(opening, rita, nameless, message="Hello {name}, have a look.")
    assert reasons() == [LeftOut.NO_NAME]


def test_many_are_written_a_few_at_a_time_and_a_second_run_adds_nothing(opening: str, rita: int) -> None:
    people = [member(f"Person {number:02}", areas=["data"]) for number in range(12)]
    invite(opening, rita, *people)
    assert states().count(InvitationState.WAITING) == 2
    go_on_inviting(clock.now())
    go_on_inviting(clock.now())
    assert states() == [InvitationState.WRITTEN] * 12
    assert session().scalar(select(func.count(Delivery.id)).where(Delivery.kind == "fitting/invitation")) == 12
    assert MOST_AT_ONCE >= 12


def test_taken_back_in_time_nothing_shows_and_they_can_be_invited_again(opening: str, rita: int, time: Time) -> None:
    people = [member(f"Person {number:02}", areas=["data"]) for number in range(12)]
    round_id = invite(opening, rita, *people)
    view = find_round(round_id, opening, rita)
    assert view is not None
    assert take_round_back(view, opening, scope=scope(rita), now=clock.now()) == 12
    time.pass_by(minutes=15)
    go_on_inviting(clock.now())
    assert send_due() == []
    assert set(states()) == {InvitationState.TAKEN_BACK}
    invite(opening, rita, people[0])
    time.pass_by(minutes=15)
    assert len(send_due()) == 1


def test_what_has_gone_is_not_taken_back(opening: str, rita: int) -> None:
    round_id = invite(opening, rita, member("Ada Lind", areas=["data"]), is_hurried=True)
    assert len(send_due()) == 1
    view = find_round(round_id, opening, rita)
    assert view is not None
    assert take_round_back(view, opening, scope=scope(rita), now=clock.now()) == 0
    assert states() == [InvitationState.WRITTEN]


def test_nobody_sees_or_takes_back_what_a_colleague_invited(opening: str, rita: int) -> None:
    omar = make_staff("Omar Diaz", email="omar@example.org")
    round_id = invite(opening, rita, member("Ada Lind", areas=["data"]))
    assert find_round(round_id, opening, omar) is None


def test_who_may_not_write_invites_nobody(opening: str, rita: int) -> None:
    people = chosen(opening, rita, member("Ada Lind", areas=["data"]))
    words = Words("Have a look.", {people[0].public_id: "You told us."})
    with pytest.raises(NotFound):
        begin_inviting(
            people,
            facts_of(opening),
            words,
            scope=StaffScope(rita, Role.HIRING_MANAGER),
            is_hurried=False,
            now=clock.now(),
        )


def test_nobody_is_written_to_without_a_why(opening: str, rita: int) -> None:
    people = chosen(opening, rita, member("Ada Lind", areas=["data"]))
    words = Words("Have a look.", {people[0].public_id: "  "})
    with pytest.raises(InvitationRefused):
        begin_inviting(people, facts_of(opening), words, scope=scope(rita), is_hurried=False, now=clock.now())
    assert session().scalar(select(func.count(InvitationRound.id))) == 0


def test_what_came_of_it_is_told_with_its_day(opening: str, rita: int, time: Time) -> None:
    ada, bob, cleo = (member(name, areas=["data"]) for name in ("Ada Lind", "Bob Eriksen", "Cleo Park"))
    invite(opening, rita, ada, bob, cleo, is_hurried=True)
    assert len(send_due()) == 3
    time.pass_by(days=1)
    make_application(facts_of(opening).id, rita, person_id=ada)
    assert say_not_now(bob, invitation_of(bob).public_id, now=clock.now())
    assert not say_not_now(bob, invitation_of(bob).public_id, now=clock.now())
    end_reading()
    came = came_of(facts_of(opening).id, rita)
    assert (came.invited, came.applied, came.not_now) == (3, 1, 1)
    outcomes = [invitations_of(one)[0].outcome for one in (ada, bob, cleo)]
    assert outcomes == [Outcome.APPLIED, Outcome.NOT_NOW, Outcome.NOTHING_YET]
    said = session().scalars(select(AuditRecord).where(AuditRecord.action == "fitting.not_now")).one()
    assert said.person_id == bob


def invitation_of(person_id: int) -> Invitation:
    end_reading()
    return session().scalars(select(Invitation).where(Invitation.person_id == person_id)).one()


def test_nobody_says_not_now_for_another_or_before_it_reached_them(opening: str, rita: int) -> None:
    ada, bob = member("Ada Lind", areas=["data"]), member("Bob Eriksen", areas=["data"])
    invite(opening, rita, ada)
    mine = invitation_of(ada).public_id
    for person_id in (ada, bob):
        with pytest.raises(NotFound):
            say_not_now(person_id, mine, now=clock.now())


def open_tasks() -> list[Task]:
    end_reading()
    found = select(Task).where(Task.kind == TaskKind.WHO_MAY_FIT).where(Task.state.in_(OPEN_STATES))
    return list(session().scalars(found.order_by(Task.id)))


def test_the_recruiter_is_asked_once_for_each_opening_that_is_published(opening: str, rita: int, time: Time) -> None:
    for _run in range(2):
        ask_who_may_fit(clock.now())
    [task] = open_tasks()
    assert (task.owner_id, task.about, task.due_on) == (rita, opening, date(2026, 3, 6))
    stop_accepting(facts_of(opening).id, actor_id=rita, now=clock.now())
    ask_who_may_fit(clock.now())
    assert open_tasks() == []


def test_openings_that_were_published_long_ago_are_no_news(app: Flask, rita: int) -> None:
    make_published(recruiter_id=rita, published_at=START - timedelta(days=15))
    ask_who_may_fit(clock.now())
    assert open_tasks() == []
