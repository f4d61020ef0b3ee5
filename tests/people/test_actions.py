"""People are added, claimed and changed; staff too."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.people.actions import add_person, add_staff, change_profile, change_staff, claim_address
from portal.people.models import Person
from portal.people.queries import addresses_of, find_staff, known_person, staff_name
from tests.conftest import Time

pytestmark = pytest.mark.both_in_soak
ADA = "ada@demo.example"


def _claim(name: str = "Ada") -> int:
    return claim_address(ADA, name=name, locale="en", timezone="Asia/Tokyo", now=clock.now()).person_id


def test_unknown_address_makes_a_person(app: Flask) -> None:
    person = session().get_one(Person, _claim())
    assert (person.name, person.timezone, person.claimed_at) == ("Ada", "Asia/Tokyo", clock.now())
    assert addresses_of(person.id)[0].confirmed_at == clock.now()


def test_known_person_is_claimed_and_keeps_name_and_zone(app: Flask, time: Time) -> None:
    known = add_person("Ada Lind", ADA, "en", "Europe/Warsaw", clock.now()).id
    time.pass_by(days=1)
    assert _claim("Somebody Else") == known
    person = session().get_one(Person, known)
    assert (person.name, person.timezone, person.claimed_at) == ("Ada Lind", "Europe/Warsaw", clock.now())


def test_missing_name_is_filled_in(app: Flask) -> None:
    add_person("", ADA, "en", "Europe/Warsaw", clock.now())
    assert session().get_one(Person, _claim("Ada Lind")).name == "Ada Lind"


def test_claiming_again_changes_nothing_and_is_recorded_once(app: Flask, time: Time) -> None:
    began = clock.now()
    person_id = _claim()
    time.pass_by(days=1)
    _claim("Other")
    session().rollback()
    assert session().get_one(Person, person_id).claimed_at == began
    records = session().scalars(select(AuditRecord.action).where(AuditRecord.person_id == person_id)).all()
    assert records == ["people.claim_address"]


def test_profile_change_is_recorded_only_when_something_changed(app: Flask) -> None:
    person_id = _claim()
    for name in ("Ada Lind", "Ada Lind"):
        change_profile(person_id, name=name, locale="en", timezone="Asia/Tokyo", actor_id=person_id, now=clock.now())
    actions = session().scalars(select(AuditRecord.action).where(AuditRecord.person_id == person_id)).all()
    assert actions.count("people.change_profile") == 1
    known = known_person(ADA)
    assert known is not None
    assert known.name == "Ada Lind"


def test_nobody_cannot_be_changed(app: Flask) -> None:
    with pytest.raises(NotFound):
        change_profile(404, name="X", locale="en", timezone="UTC", actor_id=None, now=clock.now())
    with pytest.raises(NotFound):
        change_staff(404, role=Role.ADMIN, lead_id=None, is_active=True)


def test_staff_change_role_and_leave(app: Flask) -> None:
    person_id = _claim("Rita Sander")
    with transaction():
        add_staff(person_id, Role.RECRUITER, None, clock.now())
        change_staff(person_id, role=Role.ADMIN, lead_id=None, is_active=False)
    row = find_staff(person_id)
    assert row is not None
    assert (row.role, row.is_active) == (Role.ADMIN, False)
    assert staff_name(person_id) == "Rita Sander"
    assert staff_name(404) == ""
