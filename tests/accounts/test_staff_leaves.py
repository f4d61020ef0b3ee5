"""A colleague leaves: all they look after goes to another in one step, and nothing is left behind."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.rules import LastAdmin
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.people.actions import change_staff, note_absence
from portal.people.queries import find_staff
from portal.privacy.actions import NotPossible, let_go
from portal.privacy.queries import looked_after_by
from tests.factories import make_application, make_opening, make_staff, public_id_of, signed_in
from tests.pages import Browser
from tests.whole_site.personal_data import references

pytestmark = pytest.mark.both_in_soak


def claimed(app: Flask, person_id: int) -> int:
    """Somebody who has signed in."""
    signed_in(app, person_id)
    return person_id


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, make_staff("Vera Admin", Role.ADMIN))


@pytest.fixture
def rita(app: Flask) -> int:
    """Rita has two applications, an opening, somebody who reports to her, and stands in for Omar."""
    rita = claimed(app, make_staff("Rita Sander"))
    omar = claimed(app, make_staff("Omar Haddad"))
    opening = make_opening(recruiter_id=rita)
    make_application(opening, rita)
    make_application(opening, rita, name="Bob Eriksen")
    change_staff(omar, role=Role.RECRUITER, lead_id=rita, is_active=True)
    today = clock.now().date()
    note_absence(omar, rita, today, today + timedelta(days=3), actor_id=omar, today=today, now=clock.now())
    return rita


def page_of(person_id: int) -> str:
    return f"/recruiting/admin/staff/{public_id_of(person_id)}/leave"


def test_page_counts_by_kind_and_hands_all_over_in_one_step(app: Flask, admin: Browser, rita: int) -> None:
    taking = claimed(app, make_staff("Nina Berg"))
    page = admin.get(page_of(rita))
    for words in ("Applications 2", "Openings they recruit for 1", "Colleagues who report to them 1", "stand in for 1"):
        assert words in page.text
    page = admin.submit(page, receiver=public_id_of(taking))
    assert page.path == "/recruiting/admin/staff"
    assert "No longer here" in page.text
    assert looked_after_by(rita) == []
    assert {one.kind: one.count for one in looked_after_by(taking)} == {
        "applications": 2, "openings": 1, "tasks": 1, "team": 1, "absences": 1,
    }  # fmt: skip
    end_reading()
    assert references("staff.person_id", rita) == []
    actions = set(session().scalars(select(AuditRecord.action).where(AuditRecord.person_id == rita)))
    assert {"privacy.hand_over", "accounts.deactivate_staff"} <= actions


def test_nobody_leaves_while_something_is_left(app: Flask, admin: Browser, rita: int) -> None:
    vera = session().scalars(select(AuditRecord.actor_id).where(AuditRecord.action == "accounts.sign_in")).first()
    assert vera is not None
    with pytest.raises(NotPossible, match="still look after"):
        let_go(rita, None, vera, clock.now())
    page = admin.submit(admin.get(page_of(rita)), receiver="", expect=422)
    assert "choose who takes over" in page.text
    row = find_staff(rita)
    assert row is not None
    assert row.is_active


def test_who_looks_after_nothing_leaves_with_one_button(app: Flask, admin: Browser) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    page = admin.get(page_of(hugo))
    assert "nothing to hand over" in page.text
    assert "No longer here" in admin.submit(page, action="/leave").text


def test_only_who_has_come_and_may_do_as_much_takes_over(app: Flask, admin: Browser, rita: int) -> None:
    hugo = claimed(app, make_staff("Hugo Berg", Role.HIRING_MANAGER))
    invited = make_staff("Ines Not Yet")
    form = admin.get(page_of(rita)).form(having="receiver")
    for other in (hugo, invited, rita):
        admin.post(page_of(rita), {**form.values, "receiver": public_id_of(other)}, expect=422)
    lena = make_staff("Lena Walczak", Role.HIRING_MANAGER)
    make_opening(manager_id=lena)
    assert "No longer here" in admin.submit(admin.get(page_of(lena)), receiver=public_id_of(hugo)).text


def test_lead_is_proposed(app: Flask, admin: Browser, rita: int) -> None:
    nina = claimed(app, make_staff("Nina Berg"))
    change_staff(rita, role=Role.RECRUITER, lead_id=nina, is_active=True)
    assert admin.get(page_of(rita)).form(having="receiver").values["receiver"] == public_id_of(nina)


def test_last_admin_stays_and_keeps_everything(app: Flask) -> None:
    vera = claimed(app, make_staff("Vera Admin", Role.ADMIN))
    taking = claimed(app, make_staff("Nina Berg"))
    make_application(make_opening(recruiter_id=vera), vera)
    with pytest.raises(LastAdmin):
        let_go(vera, taking, vera, clock.now())
    assert {one.kind for one in looked_after_by(vera)} == {"applications", "openings"}


def test_without_anybody_to_take_over_the_page_says_what_to_do(app: Flask) -> None:
    vera = make_staff("Vera Admin", Role.ADMIN)
    admin = signed_in(app, vera)
    make_application(make_opening(), vera)
    page = admin.get(page_of(vera))
    assert "Nobody can take over yet" in page.text
    assert "/recruiting/admin/staff/new" in page.links


def test_work_that_comes_while_the_page_is_open_is_handed_over_too(app: Flask, admin: Browser, rita: int) -> None:
    taking = claimed(app, make_staff("Nina Berg"))
    page = admin.get(page_of(rita))
    make_application(make_opening(), rita, name="Cara Late")
    admin.submit(page, receiver=public_id_of(taking))
    assert looked_after_by(rita) == []


def test_page_is_gone_for_who_left(app: Flask, admin: Browser, rita: int) -> None:
    taking = claimed(app, make_staff("Nina Berg"))
    with transaction():
        let_go(rita, taking, taking, clock.now())
    admin.get(page_of(rita), expect=404)
