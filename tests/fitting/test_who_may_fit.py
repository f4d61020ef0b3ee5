"""Who may fit an opening: in which group, with which why, and who is left out for which reason."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.states import ApplicationStatus, MarkKind
from portal.community.actions import leave_community
from portal.community.adapters import skills
from portal.community.models import PersonArea, PersonPlace, Preferences
from portal.community.states import Seniority, WorkMode
from portal.contact.actions import suppress
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, fetch, transaction
from portal.fitting.queries import (
    PURPOSE,
    Sought,
    count_groups,
    has_said_yes,
    list_fitting,
    look_at_group,
    sought_by,
    standing_of,
)
from portal.fitting.queries.conditions import nothing_speaks_against
from portal.fitting.rules import against_for_staff, why_for_person, why_for_staff, why_not
from portal.fitting.states import LeftOut, Why
from portal.openings.models import Opening
from portal.openings.queries import wants_of
from portal.openings.rules import Offer, Wants, speaks_against
from portal.people.models import Person
from tests.conftest import START, Time, counted_statements
from tests.factories import (
    make_application,
    make_opening,
    make_person,
    make_published,
    make_staff,
    opening_id_of,
    primary_email,
)
from tests.fitting.fits import TODAY, WARSAW, chosen, facts_of, give_mark, invite, member, say_yes

pytestmark = pytest.mark.both_in_soak

LIMA = ("geonames:1", "Lima, Peru")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> str:
    """An opening in the area of data, in Warsaw or remote, that names SQL; its public id."""
    slug = make_published(recruiter_id=rita, work_modes=(WorkMode.HYBRID, WorkMode.REMOTE))
    return opening_id_of(slug)


def found(public_id: str, asker_id: int, why: Why, *, is_narrowed: bool = False) -> dict[str, list[str]]:
    """Name and why of everybody in a group."""
    end_reading()
    sought, _skills = sought_by(facts_of(public_id), skills(), asker_id, clock.now(), TODAY)
    group = look_at_group(sought, why, is_narrowed=is_narrowed)
    people = list_fitting(sought, group.able, "Data")
    assert [one.person_id for one in people] == list(group.able)
    return {one.name: why_for_staff(one.told) for one in people}


def left_out(public_id: str, asker_id: int, why: Why) -> dict[LeftOut, int]:
    end_reading()
    sought, _skills = sought_by(facts_of(public_id), skills(), asker_id, clock.now(), TODAY)
    group = look_at_group(sought, why)
    assert count_groups(sought).get(why, 0) == len(group.able) + sum(group.left_out.values())
    return group.left_out


def close_for(title: str, name: str, rita: int, kind: MarkKind = MarkKind.SILVER_MEDAL, **facts: date) -> int:
    """Somebody who was close for an earlier opening and hears of jobs; the person's id."""
    made = make_application(make_opening(title), rita, name=name, status=ApplicationStatus.NOT_SELECTED)
    give_mark(made.id, rita, kind, **facts)
    say_yes(made.person_id)
    return made.person_id


def test_each_group_has_its_people_by_name_with_every_why(opening: str, rita: int) -> None:
    member("Zora Zed", areas=["data"])
    member("Ada Lind", areas=["data"], knows=["SQL", "Knitting"], place=WARSAW, is_remote=True)
    member("Bob Eriksen", knows=["Patience"])
    member("Cleo Nobody", areas=["design"], knows=["Knitting"], place=WARSAW)
    close_for("Senior Data Analyst (m/f/d)", "Silas Park", rita)
    close_for("Data analyst", "Nia Near", rita, MarkKind.NEAR_FIT)
    assert found(opening, rita, Why.SILVER_MEDAL) == {
        "Silas Park": ["Silver medal for Senior Data Analyst (m/f/d), March 2026"]
    }
    assert found(opening, rita, Why.NEAR_FIT) == {"Nia Near": ["Near-fit for Data analyst, March 2026"]}
    everything = ["Interested in Data", "Knows SQL", "Would work in Warsaw, Poland", "Open to remote work"]
    by_area = found(opening, rita, Why.AREA)
    assert by_area == {"Ada Lind": everything, "Zora Zed": ["Interested in Data"]}
    assert list(by_area) == ["Ada Lind", "Zora Zed"]
    assert found(opening, rita, Why.SKILL) == {"Ada Lind": everything, "Bob Eriksen": ["Knows Patience"]}


def test_the_list_can_be_narrowed_to_those_for_whom_nothing_speaks_against_it(opening: str, rita: int) -> None:
    member("Ada Lind", areas=["data"], place=WARSAW)
    member("Remo Te", areas=["data"], is_remote=True)
    member("Says Nothing", areas=["data"])
    member("Far Away", areas=["data"], place=LIMA, modes=[WorkMode.HYBRID])
    member("On Site", areas=["data"], modes=[WorkMode.ON_SITE])
    assert set(found(opening, rita, Why.AREA, is_narrowed=True)) == {"Ada Lind", "Remo Te", "Says Nothing"}
    assert len(found(opening, rita, Why.AREA)) == 5


def test_what_speaks_against_it_is_told_beside_why(opening: str, rita: int) -> None:
    somebody = member("Cleo Care", areas=["design"], knows=["SQL"], place=LIMA, modes=[WorkMode.HYBRID])
    [one] = chosen(opening, rita, somebody)
    assert why_for_staff(one.told) == ["Knows SQL"]
    assert against_for_staff(one.wants, one.against, {"design": "Design"}) == [
        "Looks for Design",
        "Would work in Lima, Peru",
    ]


@given(
    said=st.builds(
        Wants,
        st.frozensets(st.sampled_from(["data", "design"])),
        st.dictionaries(st.sampled_from(["geonames:756135", "geonames:1"]), st.just("A town")),
        st.frozensets(st.sampled_from(WorkMode)),
        st.none() | st.sampled_from(Seniority),
    ),
    offer=st.builds(
        Offer,
        st.sampled_from(["", "data"]),
        st.frozensets(st.sampled_from(["geonames:756135", "geonames:2"])),
        st.frozensets(st.sampled_from(WorkMode)),
        st.none() | st.sampled_from(Seniority),
    ),
)
def test_the_database_narrows_as_the_rule_does(app: Flask, said: Wants, offer: Offer) -> None:
    person_id = make_person("Some Body")
    with transaction() as own:
        own.add_all(PersonArea(person_id=person_id, area=area) for area in said.areas)
        own.add_all(PersonPlace(person_id=person_id, place=key, label=label) for key, label in said.places.items())
        if said.modes or said.seniority:
            own.add(
                Preferences(
                    person_id=person_id,
                    work_modes=[str(mode) for mode in said.modes],
                    seniority=said.seniority,
                    changed_at=clock.now(),
                )
            )
    end_reading()
    sought = Sought(0, offer, (), (), False, TODAY, 0)
    asked = select(Person.id).where(Person.id == person_id).where(nothing_speaks_against())
    assert bool(fetch(asked, sought.values).all()) == (not speaks_against(said, offer))
    assert wants_of([person_id]).get(person_id, Wants()) == said


def test_a_skill_is_found_by_its_other_names(rita: int) -> None:
    member("Kube Ops", knows=["Kubernetes"])
    member("Writes Docs", knows=["Microsoft Word"])
    slug = make_published(recruiter_id=rita, needed="- You keep our K8s clusters calm\n- You write a word of thanks")
    assert found(opening_id_of(slug), rita, Why.SKILL) == {"Kube Ops": ["Knows Kubernetes"]}


def test_a_mark_counts_while_it_stands_and_for_openings_of_a_kind(opening: str, rita: int) -> None:
    close_for("Data Analyst", "Over Due", rita, until=TODAY)
    close_for("Nurse", "Other Work", rita)
    same_area = opening_id_of(make_published("Number Cruncher", recruiter_id=rita))
    with transaction() as own:
        opening_id = own.scalars(select(Opening.id).where(Opening.public_id == same_area)).one()
    made = make_application(opening_id, rita, name="Same Area", status=ApplicationStatus.NOT_SELECTED)
    give_mark(made.id, rita)
    say_yes(made.person_id)
    assert list(found(opening, rita, Why.SILVER_MEDAL)) == ["Same Area"]


def test_who_is_not_to_be_invited_is_counted_with_the_reason(opening: str, rita: int) -> None:
    opening_row = facts_of(opening).id
    applied = member("Has Applied", areas=["data"])
    make_application(opening_row, rita, person_id=applied)
    hired = member("Was Hired", areas=["data"])
    make_application(make_opening("Baker"), rita, person_id=hired, status=ApplicationStatus.HIRED)
    member("Said Nothing", areas=["data"], says_yes=False)
    stopped = member("Took Back", areas=["data"])
    say_yes(stopped, False)
    dead = member("Comes Back", areas=["data"])
    suppress(primary_email(dead), code=550, words="no such user", now=clock.now())
    invited = member("Was Invited", areas=["data"])
    invite(opening, rita, invited)
    left = member("Has Left", areas=["data"])
    leave_community(left, clock.now())
    member("Rita's Choice", areas=["data"])
    assert list(found(opening, rita, Why.AREA)) == ["Rita's Choice"]
    assert left_out(opening, rita, Why.AREA) == {
        LeftOut.APPLIED: 1,
        LeftOut.HIRED: 1,
        LeftOut.NO_YES: 2,
        LeftOut.UNREACHABLE: 1,
        LeftOut.INVITED: 1,
    }


def test_nobody_finds_themselves(opening: str, rita: int) -> None:
    """Decision 0028: on this side, one's own person does not exist."""
    colleague = make_staff("Omar Diaz", email="omar@example.org")
    with transaction():
        say_yes(colleague)
    made = make_application(make_opening("Data Analyst"), rita, person_id=colleague, status=ApplicationStatus.WITHDRAWN)
    give_mark(made.id, rita)
    assert list(found(opening, rita, Why.SILVER_MEDAL)) == ["Omar Diaz"]
    assert found(opening, colleague, Why.SILVER_MEDAL) == {}
    assert chosen(opening, colleague, colleague) == []


def test_before_it_is_public_only_those_who_may_see_it_can_be_invited(rita: int, time: Time) -> None:
    slug = make_published(recruiter_id=rita, public_at=START + timedelta(days=3))
    opening = opening_id_of(slug)
    close_for("Data Analyst", "Silas Park", rita)
    member("Ada Lind", areas=["data"])
    member("Bob Eriksen", areas=["design"], knows=["SQL"])
    assert list(found(opening, rita, Why.AREA)) == ["Ada Lind"]
    assert found(opening, rita, Why.SKILL) == found(opening, rita, Why.SILVER_MEDAL) == {}
    assert left_out(opening, rita, Why.SKILL) == {LeftOut.NOT_THEIRS_YET: 1}
    time.pass_by(days=3)
    assert list(found(opening, rita, Why.SKILL)) == ["Bob Eriksen"]
    assert list(found(opening, rita, Why.SILVER_MEDAL)) == ["Silas Park"]


def test_what_the_list_says_of_a_person_is_what_is_decided_of_them(opening: str, rita: int) -> None:
    facts = facts_of(opening)
    people = [
        member("Fits Well", areas=["data"]),
        member("Said Nothing", says_yes=False),
        make_person("Is Unknown"),
        make_application(facts.id, rita, name="Has Applied").person_id,
        make_application(make_opening("Baker"), rita, name="Was Hired", status=ApplicationStatus.HIRED).person_id,
    ]
    dead = member("Comes Back")
    suppress(primary_email(dead), code=550, words="no such user", now=clock.now())
    for person_id in [*people, dead]:
        [listed] = chosen(opening, rita, person_id)
        assert why_not(standing_of(person_id, facts, clock.now(), TODAY)) == listed.left_out, listed.name


_EVENTS = st.lists(st.tuples(st.sampled_from(ConsentAction), st.booleans()), max_size=6)


@given(events=_EVENTS)
def test_the_database_reads_the_ledger_as_the_rule_does(app: Flask, events: list[tuple[ConsentAction, bool]]) -> None:
    colleague, person_id = make_person("A Colleague"), make_person("Ledger Reader")
    with transaction() as own:
        for action, is_own in events:
            own.add(
                ConsentEvent(
                    person_id=person_id,
                    purpose=PURPOSE,
                    action=action,
                    words="",
                    text_version="",
                    locale="en",
                    source="test",
                    occurred_at=clock.now(),
                    actor_id=None if is_own else colleague,
                )
            )
            own.flush()
    end_reading()
    said = fetch(select(has_said_yes()).select_from(Person).where(Person.id == person_id)).scalar_one()
    state = consent_states(person_id).get(Purpose.JOB_ALERTS)
    assert bool(said) == (state is not None and state.is_given)


def test_whoever_is_written_to_reads_nothing_of_marks(opening: str, rita: int) -> None:
    silas = close_for("Data Analyst", "Silas Park", rita)
    [one] = chosen(opening, rita, silas)
    assert why_for_person(one.told) == "You applied to us for Data Analyst."


def test_the_page_asks_the_database_as_often_for_many_as_for_few(opening: str, rita: int) -> None:
    def statements() -> int:
        end_reading()
        with counted_statements() as asked:
            sought, _skills = sought_by(facts_of(opening), skills(), rita, clock.now(), TODAY)
            count_groups(sought)
            list_fitting(sought, look_at_group(sought, Why.AREA).able, "Data")
        return len(asked)

    member("Ada Lind", areas=["data"], knows=["SQL"])
    few = statements()
    for number in range(20):
        member(f"Person {number:02}", areas=["data"], knows=["SQL"])
    assert statements() == few <= 8
