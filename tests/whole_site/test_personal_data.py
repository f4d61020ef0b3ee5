"""Everything about a person is shown, erased, merged and handed over; a table that is forgotten fails here."""

import importlib
import inspect

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select

from portal.ats.models import Import
from portal.ats.states import ImportState
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import Model, end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.paths import ROOT
from portal.core.permissions import Role
from portal.people.actions import add_person, add_staff
from portal.people.models import Person, Staff
from portal.privacy.actions import NotPossible, StillAtWork, erase_person, hand_over, merge_people
from portal.privacy.queries import held_about
from portal.privacy.registry import AS_SHOWN, FROM_THE_GROUND
from tests.whole_site.personal_data import (
    CANARY,
    EXCEPTIONS,
    add_opening,
    places_of,
    plant,
    references,
    tables_about_people,
    tables_with_people,
    tables_without_privacy,
)

HELD = {table.__tablename__ for holder in FROM_THE_GROUND for table in holder.tables}


def colleague(name: str, lead_id: int | None = None) -> int:
    with transaction():
        person = add_person(name, f"{name}@staff.example", "en", "Europe/Warsaw", clock.now())
        add_staff(person.id, Role.RECRUITER, lead_id, clock.now())
    return person.id


@pytest.fixture
def rita(app: Flask) -> int:
    return colleague("rita")


def test_every_table_with_people_has_its_privacy() -> None:
    assert tables_without_privacy(Model.metadata, HELD, EXCEPTIONS) == set()
    assert set(EXCEPTIONS) <= tables_with_people(Model.metadata), "an exception that is not needed"
    assert not set(EXCEPTIONS) & HELD


def test_a_forgotten_table_is_noticed() -> None:
    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True))
    Table("diary", metadata, Column("id", Integer, primary_key=True), Column("by", ForeignKey("person.id")))
    Table("page", metadata, Column("id", Integer, primary_key=True), Column("diary_id", ForeignKey("diary.id")))
    Table("weather", metadata, Column("id", Integer, primary_key=True))
    assert tables_without_privacy(metadata, {"person"}, {}) == {"diary", "page"}
    assert tables_without_privacy(metadata, {"person", "diary"}, {"page": "no"}) == set()


def test_every_feature_with_people_is_in_the_registry_once() -> None:
    owners = {
        mapper.class_.__module__.split(".")[1]
        for mapper in Model.registry.mappers
        if str(mapper.local_table) in tables_with_people(Model.metadata) - set(EXCEPTIONS)
    }
    assert owners == {holder.name for holder in FROM_THE_GROUND}
    assert {path.parent.name for path in (ROOT / "portal").glob("*/privacy.py")} == owners
    assert sorted(h.name for h in AS_SHOWN) == sorted(h.name for h in FROM_THE_GROUND)


@pytest.mark.parametrize("holder", FROM_THE_GROUND, ids=lambda holder: holder.name)
def test_every_feature_can_do_all_that_privacy_asks(holder: object) -> None:
    module = importlib.import_module(f"portal.{holder.name}.privacy")  # type: ignore[attr-defined]  # a Holder
    wanted = {
        "export": ["person_id"],
        "erase": ["person_id", "now"],
        "retention": ["now"],
        "merge": ["kept_id", "gone_id", "now"],
        "hand_over": ["from_id", "to_id", "now"],
    }
    for name, parameters in wanted.items():
        assert list(inspect.signature(getattr(module, name)).parameters) == parameters


def test_the_planted_person_is_everywhere(rita: int) -> None:
    plant(rita, add_opening(rita))
    found = {place.split(".")[0] for place in places_of(CANARY)}
    without_text = {
        "account",
        "membership",
        "preferences",
        "contact_preferences",
        "sign_of_life",
        "leaving_address",
        "merged_link",
        "update_reader",
        "mailed_update",
        "job_alert",
        "alert_turn",
        "promise",
        "interview_time",
        "panel_member",
        "feedback_reading",
        "personal_copy",
        "erasure_request",
        "stay_question",
    }
    assert {table.name for table in tables_about_people()} - without_text <= found


def test_an_erased_person_is_nowhere(rita: int) -> None:
    canary = plant(rita, add_opening(rita))
    erase_person(canary, rita, clock.now())
    end_reading()
    assert places_of(CANARY) == []
    assert references("person.id", canary) == []
    erased = session().get_one(Person, canary)
    assert (erased.name, erased.phone, erased.claimed_at) == ("", "", None)


def test_erasing_one_leaves_the_others_whole(rita: int) -> None:
    opening = add_opening(rita)
    canary, other = plant(rita, opening), plant(rita, opening, "Marzipan", "marzipan@canary.example")
    before = places_of("Marzipan"), references("person.id", other), references("person.id", rita)
    erase_person(canary, rita, clock.now())
    end_reading()
    assert (places_of("Marzipan"), references("person.id", other)) == before[:2]
    assert set(before[2]) <= set(references("person.id", rita))


def test_an_erasure_is_noted_without_a_name(rita: int) -> None:
    canary = plant(rita, add_opening(rita))
    erase_person(canary, rita, clock.now())
    end_reading()
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "privacy.erase_person")).one()
    assert (record.actor_id, record.person_id, record.details) == (rita, None, {})


def test_somebody_who_does_not_exist_is_not_erased(app: Flask) -> None:
    with pytest.raises(NotFound):
        erase_person(4711, None, clock.now())


def test_a_colleague_is_erased_only_after_handing_over(rita: int) -> None:
    nora = colleague("nora")
    plant(rita, add_opening(rita))
    with pytest.raises(StillAtWork, match="works here"):
        erase_person(rita, nora, clock.now())
    with transaction() as own:
        own.get_one(Staff, rita).is_active = False
    with pytest.raises(StillAtWork, match="Hand over"):
        erase_person(rita, nora, clock.now())
    end_reading()
    assert session().get_one(Person, rita).name == "rita"
    hand_over(rita, nora, nora, clock.now())
    erase_person(rita, nora, clock.now())
    end_reading()
    assert session().get_one(Person, rita).name == ""
    assert places_of("rita@staff.example") == []


def test_merging_leaves_nothing_on_the_gone_side(rita: int) -> None:
    opening = add_opening(rita)
    kept = plant(rita, opening, "Marzipan", "marzipan@canary.example")
    gone = plant(rita, opening)
    before = references("person.id", kept)
    merge_people(kept, gone, rita, clock.now())
    end_reading()
    assert references("person.id", gone) == []
    assert set(before) <= set(references("person.id", kept))
    assert session().get_one(Person, gone).name == ""
    assert "address.email" in places_of(CANARY)
    assert "application_event.message" in places_of(CANARY)


def test_a_person_is_not_merged_with_themselves(rita: int) -> None:
    with pytest.raises(NotPossible):
        merge_people(rita, rita, rita, clock.now())


def test_handing_over_leaves_nothing_owned_by_the_one_who_leaves(rita: int) -> None:
    nora, report = colleague("nora"), colleague("report", rita)
    plant(rita, add_opening(rita))
    waiting = add_import(rita)
    hand_over(rita, nora, nora, clock.now())
    end_reading()
    assert references("staff.person_id", rita) == []
    assert {"application.owner_id", "opening.recruiter_id", "opening.hiring_manager_id", "staff.lead_id"} <= set(
        references("staff.person_id", nora)
    )
    assert session().get_one(Staff, report).lead_id == nora
    assert session().get_one(Import, waiting).options["owner"] == nora


def test_work_is_handed_over_only_to_somebody_who_works_here(rita: int) -> None:
    ada = add_person("Ada", "ada@canary.example", "en", "UTC", clock.now()).id
    for receiver in (ada, rita, 4711):
        with pytest.raises(NotPossible):
            hand_over(rita, receiver, rita, clock.now())


def add_import(owner_id: int) -> int:
    with transaction() as own:
        row = Import(
            public_id="abcdefghijkm",
            file_name="people.csv",
            state=ImportState.CHECKED,
            options={"owner": owner_id},
            findings={},
            rows_total=0,
            rows_done=0,
            added=0,
            changed=0,
            same=0,
            refused=0,
            problem="",
            created_by_id=owner_id,
            created_at=clock.now(),
        )
        own.add(row)
        own.flush()
        return row.id


def test_everything_held_is_shown_with_how_long_and_who_sees_it(rita: int) -> None:
    ada = add_person("Ada Lind", "ada@canary.example", "en", "Europe/Warsaw", clock.now(), phone="+48 1").id
    sections = held_about(ada)
    assert sections[0].rows[0] == ("Name", "Ada Lind")
    assert all(section.title and section.kept and section.seen_by for section in sections)
    assert all(section.rows or section.empty for section in sections)
