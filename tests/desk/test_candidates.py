"""The people we know: finding them, and the card of each."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.community.actions import join
from portal.community.models import Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.states import CareerStage, WorkMode
from portal.contact.actions import record_consent
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.people.models import Address
from tests.factories import (
    make_application,
    make_opening,
    make_person,
    make_prospect,
    make_staff,
    public_id_of,
    signed_in,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)
LIST = "/recruiting/candidates"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def card_of(person_id: int) -> str:
    return f"{LIST}/{public_id_of(person_id)}"


def test_an_empty_list_says_how_people_get_here(desk: Browser) -> None:
    assert "Nobody here yet" in desk.get(LIST).text


def test_people_are_found_by_a_part_of_name_or_address(desk: Browser) -> None:
    make_person("Ada Lind", "ada@example.org")
    make_person("Bo Ek", "bo@other.example")
    page = desk.submit(desk.get(LIST), having="q", q="LIN")
    assert "Ada Lind" in page.text
    assert "Bo Ek" not in page.text
    assert "Bo Ek" in desk.get(f"{LIST}?q=other.exa").text


def test_a_wildcard_is_a_plain_letter(desk: Browser) -> None:
    make_person("Ada Lind", "ada@example.org")
    assert "Nobody by that name or address" in desk.get(f"{LIST}?q=%25").text
    assert "Nobody by that name or address" in desk.get(f"{LIST}?q=a_a").text


def test_people_are_found_by_any_of_their_addresses(desk: Browser) -> None:
    ada = make_person("Ada Lind", "ada@example.org")
    with transaction() as own:
        own.add(Address(person_id=ada, email="second@example.org", is_primary=False, created_at=clock.now()))
    text = desk.get(f"{LIST}?q=second").text
    assert "Ada Lind" in text
    assert "1 person" in text


def test_colleagues_are_no_candidates_unless_they_applied(desk: Browser, rita: int) -> None:
    otto = make_staff("Otto Berg")
    assert "Otto Berg" not in desk.get(LIST).text
    make_application(make_opening(), rita, person_id=otto)
    assert "Otto Berg" in desk.get(LIST).text


def test_whom_a_colleague_added_stands_apart_until_they_come(desk: Browser, rita: int) -> None:
    make_person("Ada Lind", "ada@example.org")
    noel = make_person("Noël Petit", "noel@example.org")
    make_prospect(noel, rita)
    page = desk.get(LIST)
    assert "Noël Petit" not in page.text
    assert "1 person" in page.text
    assert "1 person whom we added has neither joined nor applied yet and stands apart." in page.text
    assert "Noël Petit" in desk.get(next(link for link in page.links if "/recruiting/prospects" in link)).text
    searched = desk.get(f"{LIST}?q=petit")
    assert "1 person you could invite fits this search too." in searched.text
    assert (
        "Noël Petit" in desk.get(next(link for link in searched.links if "/recruiting/prospects?q=petit" in link)).text
    )
    everything = desk.get("/recruiting/search?q=petit").text
    assert "noel@example.org, added by us, neither joined nor applied yet" in everything
    join(noel, [], clock.now())
    page = desk.get(LIST)
    assert "Noël Petit" in page.text
    assert "stands apart" not in page.text
    assert "added by us" not in desk.get("/recruiting/search?q=petit").text


def test_a_long_list_is_paged_and_says_how_many_there_are(desk: Browser) -> None:
    for number in range(55):
        make_person(f"Person {number:02}")
    first = desk.get(f"{LIST}?q=person")
    assert "55 people, page 1 of 2" in first.text
    second = desk.get(next(link for link in first.links if "page=2" in link))
    assert "Person 00" in second.text
    assert "Person 54" not in second.text
    assert desk.get(f"{LIST}?page=9").path == f"{LIST}?page=1"


def test_the_card_says_who_somebody_is_in_words(desk: Browser, rita: int) -> None:
    ada = make_person("Ada Lind", "ada@example.org")
    with transaction() as own:
        own.add(Membership(person_id=ada, joined_at=clock.now()))
        own.add(
            Preferences(
                person_id=ada,
                career_stage=CareerStage.OPEN_TO_IT,
                career_stage_on=TODAY,
                work_modes=[WorkMode.REMOTE, WorkMode.HYBRID],
                changed_at=clock.now(),
            )
        )
        own.add(PersonArea(person_id=ada, area="data"))
        own.add(PersonSkill(person_id=ada, skill="sql", label="SQL"))
        own.add(PersonPlace(person_id=ada, place="lodz-pl", label="Łódź, Poland"))
        record_consent(
            ada,
            Purpose.JOB_ALERTS,
            ConsentAction.GIVEN,
            words="Send me job alerts.",
            text_version="2026-03",
            locale="en",
            source="/join",
            now=clock.now(),
        )
    make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=TODAY - timedelta(days=1))
    text = desk.get(card_of(ada)).text.replace(" ,", ",")
    for words in (
        "ada@example.org Not confirmed yet",
        "Member since Wednesday 4 March 2026",
        "Open to it",
        "Areas Data",
        "Skills SQL",
        "Places Łódź, Poland",
        "Remote, Hybrid",
        "Job alerts Yes, since Wednesday 4 March 2026",
        "Insider updates Not answered, so no",
        "Data Analyst In review Promised word by Tuesday 3 March 2026, 1 day late",
    ):
        assert words in text, words


def test_who_told_us_nothing_has_a_card_too(desk: Browser) -> None:
    nameless = make_person("", "only@example.org")
    page = desk.get(card_of(nameless))
    assert page.heading == "only@example.org"
    assert "Not a member" in page.text
    assert "No application" in page.text


def test_who_left_the_community_is_no_member(desk: Browser) -> None:
    ada = make_person()
    with transaction() as own:
        own.add(Membership(person_id=ada, joined_at=clock.now(), left_at=clock.now()))
    assert "Not a member" in desk.get(card_of(ada)).text


def test_hiring_managers_and_candidates_do_not_see_people(app: Flask) -> None:
    ada = make_person()
    for somebody in (make_staff("Hugo Meier", Role.HIRING_MANAGER), ada):
        browser = signed_in(app, somebody)
        browser.get(LIST, expect=404)
        browser.get(card_of(ada), expect=404)


def test_nobody_has_this_id(desk: Browser) -> None:
    desk.get(f"{LIST}/nothing", expect=404)
