"""Who a person is: shown, removed, merged, handed over."""

from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.permissions import Role
from portal.people import privacy
from portal.people.actions import add_person, add_staff, claim_address
from portal.people.models import Address, Person, Staff
from portal.people.queries import addresses_of, find_staff, known_person
from tests.conftest import Time

ADA = "ada@demo.example"
OTHER = "ada.lind@demo.example"


def _add(name: str, email: str, phone: str = "") -> int:
    return add_person(name, email, "en", "Europe/Warsaw", clock.now(), phone=phone).id


def _hire(name: str, email: str, lead_id: int | None = None) -> int:
    person_id = _add(name, email)
    with transaction():
        add_staff(person_id, Role.RECRUITER, lead_id, clock.now(), introduction="Recruiter, engineering")
    return person_id


def _lead_of(person_id: int) -> int | None:
    row = find_staff(person_id)
    assert row is not None
    return row.lead_id


def test_person_reads_all_we_know_of_who_they_are(app: Flask) -> None:
    person_id = _add("Ada Lind", ADA, phone="+48 22 555 01 01")
    (about,) = privacy.export(person_id)
    text = str(about.rows)
    for held in ("Ada Lind", ADA, "+48 22 555 01 01", "Europe/Warsaw", "not confirmed yet", "4 March 2026"):
        assert held in text


def test_staff_read_what_candidates_see_of_them(app: Flask) -> None:
    titles = [section.title for section in privacy.export(_hire("Rita", "rita@demo.example"))]
    assert titles == ["Who you are", "Your work here"]


def test_nobody_has_nothing(app: Flask) -> None:
    assert privacy.export(404) == []


def test_removed_person_is_an_empty_row(app: Flask) -> None:
    lead = _hire("Ada Lind", ADA)
    below = _hire("Rita", "rita@demo.example", lead)
    for _ in range(2):
        with transaction():
            privacy.erase(lead, clock.now())
    person = session().get_one(Person, lead)
    assert (person.name, person.phone, person.claimed_at) == ("", "", None)
    assert session().scalars(select(Address).where(Address.person_id == lead)).all() == []
    assert session().get(Staff, lead) is None
    assert _lead_of(below) is None
    assert known_person(ADA) is None


def test_removed_person_may_come_again_as_somebody_new(app: Flask) -> None:
    gone = _add("Ada Lind", ADA)
    with transaction():
        privacy.erase(gone, clock.now())
    again = claim_address(ADA, name="Ada", locale="en", timezone="UTC", now=clock.now()).person_id
    assert again != gone


def test_merged_person_has_both_addresses_and_the_earlier_date(app: Flask, time: Time) -> None:
    gone = claim_address(OTHER, name="A. Lind", locale="en", timezone="UTC", now=clock.now()).person_id
    began = clock.now()
    time.pass_by(days=3)
    kept = _add("", ADA, phone="+48 1")
    with transaction():
        privacy.merge(kept, gone, clock.now())
    person = session().get_one(Person, kept)
    assert (person.name, person.phone, person.claimed_at, person.created_at) == ("A. Lind", "+48 1", began, began)
    assert [(row.email, row.is_primary) for row in addresses_of(kept)] == [(ADA, True), (OTHER, False)]
    assert session().get_one(Person, gone).name == ""


def test_merged_member_of_staff_still_works_here(app: Flask) -> None:
    gone, kept = _hire("Rita", "rita@demo.example"), _add("Rita Sander", OTHER)
    below = _hire("Hugo", "hugo@demo.example", gone)
    with transaction():
        privacy.merge(kept, gone, clock.now())
    row = find_staff(kept)
    assert row is not None
    assert (row.role, row.is_active, row.introduction) == (Role.RECRUITER, True, "Recruiter, engineering")
    assert _lead_of(below) == kept
    left = session().get_one(Staff, gone)
    assert (left.is_active, left.introduction) == (False, "")


def test_handing_over_gives_the_team_to_the_other(app: Flask) -> None:
    top = _hire("Vera", "vera@demo.example")
    leaving = _hire("Rita", "rita@demo.example", top)
    taking = _hire("Hugo", "hugo@demo.example", leaving)
    below = _hire("Ines", "ines@demo.example", leaving)
    with transaction():
        privacy.hand_over(leaving, taking, clock.now())
    assert (_lead_of(below), _lead_of(taking)) == (taking, top)


def test_nothing_ages_by_itself(app: Flask) -> None:
    person_id = _add("Ada Lind", ADA)
    privacy.retention(clock.now())
    assert session().get_one(Person, person_id).name == "Ada Lind"
