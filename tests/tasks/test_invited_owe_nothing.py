"""Whoever was invited and has not accepted owns nothing, leads nobody, stands in for nobody and is asked nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.jobs import look_for_lost_mails
from portal.applications.jobs import look_for_lost_letters, look_for_missed_promises
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.outbox.states import DeliveryState
from portal.people.actions import note_absence, note_acceptance, note_invitation
from portal.people.queries import active_recruiters, active_staff
from portal.people.rules import AbsenceRefused
from portal.privacy.actions import NotPossible, hand_over
from portal.tasks.actions import hand_over_task
from portal.tasks.jobs import escalate_late_tasks
from portal.tasks.rules import HandOverRefused
from portal.tasks.states import TaskState
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_staff, make_task, public_id_of, settle_mail, signed_in
from tests.tasks.test_imports_owe import by_command, look
from tests.tasks.test_where_they_come_from import led_by, tasks, write

pytestmark = pytest.mark.both_in_soak
TODAY = date(2026, 3, 4)


def invited(name: str, role: Role = Role.RECRUITER) -> int:
    """Somebody on the staff who has not come yet."""
    person_id = make_staff(name, role)
    with transaction():
        note_invitation(person_id, f"{person_id}@example.org", clock.now())
    return person_id


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


def test_what_is_late_passes_an_invited_lead_and_an_invited_admin_by(app: Flask, rita: int, time: Time) -> None:
    early = invited("Ann Early", Role.ADMIN)
    admin = make_staff("Mo Admin", Role.ADMIN)
    led_by(invited("Lena Lead"), rita)
    make_task(rita, due=TODAY)
    make_application(make_opening(), rita, promised=TODAY - timedelta(days=5))
    look_for_missed_promises(clock.now())
    time.pass_by(days=2)
    escalate_late_tasks(clock.now())
    late, missed = tasks()
    assert (late.state, late.escalated_to_id) == (TaskState.ESCALATED, admin)
    assert missed.owner_id == admin
    assert early < admin


def test_a_lead_who_accepts_is_asked_from_then_on(app: Flask, rita: int) -> None:
    lena = invited("Lena Lead")
    led_by(lena, rita)
    make_application(make_opening(), rita, promised=TODAY - timedelta(days=5))
    look_for_missed_promises(clock.now())
    assert tasks() == []
    with transaction():
        note_acceptance(lena)
    look_for_missed_promises(clock.now())
    assert [task.owner_id for task in tasks()] == [lena]


def test_an_import_by_command_is_no_concern_of_an_invited_admin(app: Flask, rita: int, tmp_path: Path) -> None:
    invited("Ann Early", Role.ADMIN)
    by_command(tmp_path)
    look()
    assert tasks() == []
    admin = make_staff("Mo Admin", Role.ADMIN)
    look()
    assert {task.owner_id for task in tasks()} == {admin}


def test_a_lost_invitation_is_not_owed_by_the_admin_who_was_invited(app: Flask, rita: int) -> None:
    invited("Ann Early", Role.ADMIN)
    desk = signed_in(app, rita)
    write(desk, make_application(make_opening(), rita))
    settle_mail(DeliveryState.DEAD, "550 no such user")
    look_for_lost_mails(clock.now())
    look_for_lost_letters(clock.now())
    assert [task.owner_id for task in tasks()] == [rita]


def test_nobody_hands_anything_to_somebody_who_was_only_invited(app: Flask, rita: int) -> None:
    omar = invited("Omar Haddad")
    task_id = make_task(rita)
    with pytest.raises(HandOverRefused):
        hand_over_task(task_id, to_id=omar, why="They know more.", actor_id=rita, now=clock.now())
    with pytest.raises(NotPossible, match="who works here"):
        hand_over(rita, omar, rita, clock.now())
    with pytest.raises(AbsenceRefused, match="who works here"):
        note_absence(rita, omar, TODAY, TODAY, actor_id=rita, today=TODAY, now=clock.now())
    assert [row.name for row in active_staff()] == [row.name for row in active_recruiters()] == ["Rita Sander"]


@pytest.mark.only("sqlite", because="it is about what can be chosen")
def test_they_are_not_among_the_choices_and_a_lead_who_was_chosen_before_stays(app: Flask, rita: int) -> None:
    omar, admin = invited("Omar Haddad"), signed_in(app, make_staff("Mo Admin", Role.ADMIN))
    staff, of = "/recruiting/admin/staff", public_id_of(rita)
    pages = [f"{staff}/new", f"{staff}/{of}", f"{staff}/{of}/away", f"{staff}/{of}/leave", "/recruiting/imports"]
    for path in pages:
        assert public_id_of(omar) not in admin.get(path).body, path
    led_by(omar, rita)
    page = admin.get(f"{staff}/{of}")
    assert page.form(having="lead").values["lead"] == public_id_of(omar)
